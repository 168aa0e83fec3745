"""What a bystander with pencil and paper would know: the sums of the answers that the tills were given.

Nothing here looks at how Regulars calculates. What is not told in answers, how many points expired, is asked of the
books; from when on points may no longer be used is told with them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

CURRENCY = "PTS"
LAPSED_HOLDS_LIVE = timedelta(days=31)
"""Points that are freed after their date, or come back after it, get 30 days of grace."""


def thousandths(quantity: str) -> int:
    """A decimal string of at most three decimals."""
    whole, _, part = quantity.partition(".")
    return int(whole) * 1000 + int(part.ljust(3, "0"))


def decimal(amount: int) -> str:
    """Thousandths as a decimal string."""
    text = f"{amount // 1000}.{amount % 1000:03}".rstrip("0")
    return text.rstrip(".")


@dataclass
class Bought:
    """A purchase as its till remembers it."""

    request: str
    member: str | None
    body: dict[str, Any]
    answer: dict[str, Any]
    held_until: datetime | None = None
    """Not None: it is held, and nothing more was heard of it."""
    voided: bool = False
    returns: list[dict[str, Any]] = field(default_factory=list)
    back: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """Line → thousandths that came back."""
    pieces_back: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    takings: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """Worked out already."""

    @property
    def id(self) -> str:
        """As Regulars calls it."""
        return self.answer["id"]

    @property
    def earned(self) -> int:
        """Points, by the answer."""
        return sum(one["amount"] for one in self.answer["earned"] if one["currency"] == CURRENCY)

    @property
    def spent(self) -> int:
        """Points, by the answer."""
        return sum(one["amount"] for one in self.answer["spent"] if one["currency"] == CURRENCY)

    def alive(self, now: datetime) -> bool:
        """Whether it takes something of limits: not when it was voided, or its hold has lapsed."""
        return not self.voided and (self.held_until is None or now < self.held_until)

    def left(self) -> dict[int, int]:
        """Line → thousandths that may still come back."""
        bought = {one["line"]: thousandths(one["quantity"]) for one in self.body["lines"]}
        return {line: rest for line, all_ in bought.items() if (rest := all_ - self.back[line]) > 0}

    def note_return(self, answer: dict[str, Any]) -> None:
        """Something came back."""
        self.returns.append(answer)
        for line in answer["lines"]:
            self.back[line["line"]] += thousandths(line["quantity"])
            for piece in line.get("pieces", ()):
                self.pieces_back[line["line"], piece["piece"]] += thousandths(piece["quantity"])
        if not self.left():
            assert sum(one["money_back"] for one in self.returns) == self.answer["payable"], self.request
            assert self.points_back() == self.spent, self.request
            assert self.taken_back() == self.earned, self.request

    def points_back(self) -> int:
        """Points that were spent and came back."""
        return sum(given["amount"] for one in self.returns for given in one["points_back"])

    def taken_back(self) -> int:
        """Points that had been earned and were taken back."""
        return sum(taken["amount"] for one in self.returns for taken in one["taken_back"])

    def took(self, promotion: str, measure: str) -> int:
        """What it took of a limit of a promotion for all together, less what came back of it."""
        key = (promotion, measure, len(self.returns))
        if key not in self.takings:
            self.takings[key] = self._took(promotion, measure)
        return self.takings[key]

    def _took(self, promotion: str, measure: str) -> int:
        lines = self.answer["lines"]
        awards = [award for line in lines for award in line["awards"] if award["promotion"] == promotion]
        amount = sum(award["amount"] for award in awards)
        points = sum(one["amount"] for one in self.answer["earned"] if one["promotion"] == promotion)
        taken = {"amount": amount, "points": points, "uses": int(amount > 0 or points > 0)}[measure]
        return taken - sum(
            back["amount"]
            for one in self.returns
            for back in one["limits_back"]
            if (back.get("promotion"), back["measure"], back["per"]) == (promotion, measure, "total")
        )

    def net(self) -> int:
        """What it left in the member's account."""
        if self.voided or self.held_until is not None:
            return 0
        return self.earned - self.spent + self.points_back() - self.taken_back()


class Memory:
    """Of all tills together."""

    def __init__(self) -> None:
        self.bought: dict[str, Bought] = {}
        self.given_up: set[str] = set()
        """Requests that were void before they arrived."""
        self.moved: dict[str, int] = defaultdict(int)
        """Member → adjustments and transfers."""
        self.told: list[tuple[int, datetime | None]] = []
        """Every amount of points that came into the world, and when it expires."""
        self.freed: list[tuple[int, datetime]] = []
        """Points that came back, and when: they may get a grace."""

    def earn(self, amount: int, expires_at: datetime | None) -> None:
        """Points came into the world."""
        self.told.append((amount, expires_at))

    def record(
        self, request: str, member: str | None, body: dict[str, Any], answer: dict[str, Any]
    ) -> Bought:
        """A purchase was acknowledged."""
        until = answer.get("held_until")
        bought = Bought(request, member, body, answer, datetime.fromisoformat(until) if until else None)
        assert request not in self.bought, f"{request} twice"
        self.bought[request] = bought
        if until is None:
            self._told(answer)
        return bought

    def confirm(self, bought: Bought, answer: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        """A hold became a purchase."""
        bought.answer, bought.held_until = answer, None
        bought.takings.clear()
        bought.body = {**bought.body, "lines": lines}
        self._told(answer)

    def _told(self, answer: dict[str, Any]) -> None:
        for one in answer["earned"]:
            expires_at = one["expires_at"]
            self.earn(one["amount"], datetime.fromisoformat(expires_at) if expires_at else None)

    def points(self) -> dict[str, int]:
        """Member → what she has, but for what expired."""
        found = defaultdict(int, self.moved)
        for bought in self.bought.values():
            if bought.member is not None:
                found[bought.member] += bought.net()
        return found

    def usable_at_most(self, now: datetime) -> int:
        """No more points than these can be usable: those not expired, and those that may have a grace."""
        fresh = sum(amount for amount, expires_at in self.told if expires_at is None or expires_at > now)
        graced = sum(amount for amount, at in self.freed if at > now - LAPSED_HOLDS_LIVE)
        return fresh + graced

    def used(self, promotion: str, measure: str, now: datetime) -> int:
        """What the purchases took of a limit for all together."""
        return sum(one.took(promotion, measure) for one in self.bought.values() if one.alive(now))

    def code_uses(self, promotion: str, now: datetime) -> dict[str, list[str]]:
        """Code → the purchases that stand on it."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in self.bought.values():
            if one.body.get("codes") and one.alive(now) and one.left() and one.took(promotion, "amount"):
                found[one.body["codes"][0]].append(one.request)
        return found

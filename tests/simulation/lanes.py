"""What customers and cashiers do in a part of a day: each member one thing after another, all members side by side."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.simulation.memory import CURRENCY, Bought, Memory, decimal, thousandths
from tests.simulation.tills import Till
from tests.simulation.town import GOODS, POINTS_LIVE_DAYS, STORES, WEIGHED, Town

LATE_DAYS_MAX = 10


@dataclass
class Customer:
    """A member, or those whom nobody knows (no id, no card), and what they bought."""

    name: str
    id: str | None
    card: str | None
    bought: list[Bought] = field(default_factory=list)


class Lane:
    """One customer for one part of a day. What is wished for comes out of the seed alone."""

    def __init__(self, town: Town, memory: Memory, customer: Customer, others: list[Customer], seed: str):
        self._chance = random.Random(f"{seed}/{customer.name}")
        self._town, self._memory = town, memory
        self._customer, self._others = customer, others
        self._till = Till(town, self._chance)
        self._prefix = f"{seed.split('/', 1)[1]}/{customer.name}".replace(" ", "-")
        self._acts: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.buy, 46), (self.hold, 9), (self.take_back, 16), (self.void, 3), (self.give_up, 2),
            (self.send_late, 5), (self.be_surprised, 2), (self.buy_twice, 8),
        ]  # fmt: skip
        if customer.id is not None:
            self._acts += [(self.adjust, 4), (self.transfer, 4)]
        self._number = 0
        self._now = datetime.min

    async def live(self, now: datetime, acts: int) -> None:
        """Resolve some of the holds, then do so many things."""
        self._now = now
        for bought in [one for one in self._customer.bought if one.held_until is not None and not one.voided]:
            if self._chance.random() < 0.6:
                await (self._confirm if self._chance.random() < 0.7 else self._void)(bought)
        doing, weights = zip(*self._acts, strict=True)
        for act in self._chance.choices(doing, weights, k=acts):
            await act()

    async def buy(self) -> None:
        """A purchase, perhaps paid with points, perhaps with a code."""
        await self._record(self._receipt(**self._extras()))

    async def buy_twice(self) -> None:
        """One card at two tills at once, at both of which all the points are wanted."""
        wish = {"spend": [{"currency": CURRENCY, "amount": "max"}]} if self._customer.id is not None else {}
        await asyncio.gather(*(self._record(self._receipt(**wish)) for _ in range(2)))

    async def hold(self) -> None:
        """A purchase that is held for minutes, or for hours."""
        seconds = self._chance.choice((60, 900, 6 * 3600, 86_400))
        await self._record(self._receipt(**self._extras(), hold=True, hold_seconds=seconds))

    async def be_surprised(self) -> None:
        """The customer was shown another sum: nothing is written, and the same request may be sent as it is."""
        body = self._receipt()
        answer = await self._till.post("/v1/purchases", {**body, "expect": {"payable": 10**9}})
        assert (answer.status_code, answer.json()["code"]) == (409, "price_changed"), answer.text
        await self._record(body)

    async def give_up(self) -> None:
        """Send, hang up, and take it back unheard."""
        body = self._receipt()
        await self._till.hang_up("/v1/purchases", body)
        voided = _good(await self._till.post("/v1/purchases/void", {"request": body["id"]}))
        if voided["id"] is None:
            self._memory.given_up.add(body["id"])
            late = await self._till.post("/v1/purchases", body)
            assert (late.status_code, late.json()["code"]) == (409, "request_voided"), late.text
            return
        kept = (await self._till.get(f"/v1/purchases/{voided['id']}"))["answer"]
        bought = self._memory.record(body["id"], self._customer.id, body, kept)
        bought.voided = True

    async def send_late(self) -> None:
        """Receipts of the last days, sold without a connection, all at once."""
        batch = []
        for _ in range(self._chance.randint(1, 4)):
            sold_at = self._now - timedelta(days=self._chance.randrange(LATE_DAYS_MAX), minutes=5)
            body = self._receipt(pricing="as_sold", purchased_at=sold_at.isoformat())
            for line in body["lines"]:
                line["gross"] = 100 + self._chance.randrange(3000)
                line["discount"] = self._chance.randrange(line["gross"]) // 3
                del line["unit_price"]
            batch.append(body)
        answer = _good(await self._till.post("/v1/purchases/batch", {"purchases": batch}))
        for body, item in zip(batch, answer["items"], strict=True):
            assert item["status"] == 201, item
            self._keep(body, item["answer"])

    async def take_back(self) -> None:
        """Some of what was bought before comes back: pieces of a line, or all."""
        whole = [one for one in self._customer.bought if not one.voided and not one.held_until and one.left()]
        if not whole:
            return
        bought = self._chance.choice(whole)
        left = bought.left()
        lines = []
        for number in self._chance.sample(sorted(left), self._chance.randint(1, len(left))):
            lines.append(self._part(bought, number, left[number]))
        body = {"id": self._name("b"), "lines": lines, "returned_at": self._now.isoformat()}
        path = f"/v1/purchases/{bought.id}/returns"
        preview = await self._till.preview(f"{path}/preview", body)
        answer = _good(await self._till.post(path, body))
        assert preview["money_back"] == answer["money_back"], (preview, answer)
        bought.note_return(answer)
        back = sum(given["amount"] for given in answer["points_back"])
        self._memory.freed.append((back, self._now))

    async def void(self) -> None:
        """All of a purchase was a mistake."""
        standing = [one for one in self._customer.bought if not one.voided]
        if standing:
            await self._void(self._chance.choice(standing))

    async def adjust(self) -> None:
        """Somebody gives points, or takes some."""
        amount = self._chance.randint(-80, 150) or 1
        member = self._member
        body = {"currency": CURRENCY, "amount": amount, "reason": "goodwill"}
        answer = await self._till.post(f"/v1/members/{member}/adjustments", body, scope="manage")
        if _refused(answer, "insufficient_points"):
            return
        self._memory.moved[member] += amount
        if amount > 0:
            self._memory.earn(amount, self._now + timedelta(days=POINTS_LIVE_DAYS + 1))

    async def transfer(self) -> None:
        """Points for somebody else."""
        other = self._chance.choice(self._others)
        if other.id is None or other is self._customer:
            return
        member, amount = self._member, self._chance.randint(1, 60)
        body = {"to": other.id, "currency": CURRENCY, "amount": amount}
        answer = await self._till.post(f"/v1/members/{member}/transfers", body, scope="manage")
        if not _refused(answer, "insufficient_points"):
            self._memory.moved[member] -= amount
            self._memory.moved[other.id] += amount

    @property
    def _member(self) -> str:
        assert self._customer.id is not None, "only members have accounts"
        return self._customer.id

    def _name(self, kind: str) -> str:
        self._number += 1
        return f"{kind}/{self._prefix}/{self._number}"

    def _receipt(self, **more: Any) -> dict[str, Any]:
        lines = []
        for number, sku in enumerate(self._chance.sample(sorted(GOODS), self._chance.randint(1, 4)), 1):
            price, category = GOODS[sku]
            weighed = sku in WEIGHED
            quantity = (
                decimal(self._chance.randint(200, 4000)) if weighed else str(self._chance.randint(1, 5))
            )
            lines.append(
                {
                    "line": number, "sku": sku, "quantity": quantity, "unit_price": price,
                    "categories": [category], "tax_rate": self._chance.choice(("0.21", "0.12")),
                }
            )  # fmt: skip
        body = {
            "id": self._name("r"),
            "store": self._chance.choice(sorted(STORES)),
            "till": str(self._chance.randint(1, 3)),
            "purchased_at": (self._now - timedelta(minutes=self._chance.randrange(40))).isoformat(),
            "currency": "EUR",
            "lines": lines,
            **more,
        }
        return body if self._customer.card is None else {**body, "card": self._customer.card}

    def _extras(self) -> dict[str, Any]:
        extras: dict[str, Any] = {}
        if self._customer.id is not None and self._chance.random() < 0.35:
            amount = self._chance.choice(("max", self._chance.randint(1, 250)))
            extras["spend"] = [{"currency": CURRENCY, "amount": amount}]
        if self._chance.random() < 0.2:
            extras["codes"] = [self._chance.choice(self._town.codes)]
        return extras

    async def _record(self, body: dict[str, Any]) -> None:
        answer = await self._till.post("/v1/purchases", body)
        if not _refused(answer, "insufficient_points"):
            self._keep(body, answer.json())

    def _keep(self, body: dict[str, Any], answer: dict[str, Any]) -> None:
        bought = self._memory.record(body["id"], self._customer.id, body, answer)
        self._customer.bought.append(bought)
        if bought.held_until is not None:
            self._memory.freed.append((bought.spent, bought.held_until))

    async def _confirm(self, bought: Bought) -> None:
        lines = bought.body["lines"]
        body: dict[str, Any] = {}
        if self._chance.random() < 0.4:
            fewer = [dict(line) for line in lines[: self._chance.randint(1, len(lines))]]
            less = max(1, thousandths(fewer[0]["quantity"]) // 2000) * 1000
            if fewer[0]["sku"] not in WEIGHED:
                fewer[0]["quantity"] = decimal(less)
            body["lines"] = lines = fewer
        answer = await self._till.post(f"/v1/purchases/{bought.id}/confirm", body)
        if _refused(answer, "hold_lapsed"):
            assert bought.held_until is not None
            assert bought.held_until <= self._now, answer.text
            return
        self._memory.confirm(bought, answer.json(), lines)
        self._memory.freed.append((bought.spent, self._now))

    async def _void(self, bought: Bought) -> None:
        answer = await self._till.post(f"/v1/purchases/{bought.id}/void", {})
        if not bought.left():
            assert _refused(answer, "state_conflict"), answer.text
            return
        _good(answer)
        bought.voided = True
        self._memory.freed.append((bought.spent, self._now))

    def _part(self, bought: Bought, number: int, left: int) -> dict[str, Any]:
        """A part of a line; of pieces that cost differently perhaps the one that the customer points at."""
        weighed = left % 1000 != 0 or next(
            line["sku"] in WEIGHED for line in bought.body["lines"] if line["line"] == number
        )
        amount = self._chance.randint(1, left) if weighed else 1000 * self._chance.randint(1, left // 1000)
        shown = next(line for line in bought.answer["lines"] if line["line"] == number)
        pieces = {
            one["piece"]: rest
            for one in shown.get("pieces", ())
            if (rest := thousandths(one["quantity"]) - bought.pieces_back[number, one["piece"]]) > 0
        }
        part: dict[str, Any] = {"line": number, "quantity": decimal(amount)}
        if pieces and self._chance.random() < 0.5:
            piece = self._chance.choice(sorted(pieces))
            amount = min(amount, pieces[piece])
            part = {
                "line": number,
                "quantity": decimal(amount),
                "pieces": [{"piece": piece, "quantity": decimal(amount)}],
            }
        return part


def _good(answer: httpx.Response) -> Any:
    """The body of an answer that must be a success."""
    assert answer.status_code < 300, answer.text
    return answer.json()


def _refused(answer: httpx.Response, code: str) -> bool:
    """Whether it was refused for this reason, which may be; for any other reason it may not."""
    if answer.status_code < 300:
        return False
    assert (answer.status_code, answer.json()["code"]) == (409, code), answer.text
    return True

"""Decides what a second person may say about a draft, and whether a promotion needs one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from regulars.errors import SecondPersonNeeded, StateConflict
from regulars.promotions.model import Currency, Document, Limit

Act = Literal["ask", "approve", "return", "withdraw"]
State = Literal["draft", "in_review", "approved", "returned"]

KINDS: dict[Act, str] = {"ask": "asked", "approve": "approved", "return": "returned", "withdraw": "withdrawn"}
_STATES: dict[str | None, State] = {
    None: "draft", "asked": "in_review", "approved": "approved", "returned": "returned", "withdrawn": "draft",
}  # fmt: skip
_DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}
"""The fewest days of a period: so many of them, rounded up, lie in a window at the most."""


class Said(Struct, frozen=True):
    """What somebody said about a version of a draft."""

    draft_version: int
    step: int
    kind: str
    comment: str
    by: str
    """A key (`key_…`) or a member of staff (`stf_…`)."""
    at: datetime


class PublishRules(Protocol):
    """The setting of a program that says when a second person is needed."""

    @property
    def publish_budget_limit(self) -> int | None: ...


def state(said: str | None) -> State:
    """The state of a draft by what was said about it last."""
    return _STATES[said]


def require_turn(act: Act, so_far: Sequence[Said], by: str) -> None:
    """Whether this may be said now, after what was said about the same version (the latest first).

    A review is decided by somebody else than who asked for it; only who asked takes it back. Raises StateConflict,
    SecondPersonNeeded.
    """
    now = state(so_far[0].kind if so_far else None)
    if act == "ask":
        if now in ("in_review", "approved"):
            raise StateConflict(
                "This draft is in review already." if now == "in_review" else "It is approved already."
            )
        return
    if now != "in_review":
        raise StateConflict("Nobody has asked for a review of this draft.")
    mine = so_far[0].by == by
    if act == "withdraw" and not mine:
        raise SecondPersonNeeded("Only who asked for a review takes it back.")
    if act != "withdraw" and mine:
        raise SecondPersonNeeded("Who asks for a review does not decide it.")


def require_settled(so_far: Sequence[Said]) -> None:
    """Whether a draft may be published after what was said about this version (the latest first).

    Not while a review is asked for, nor once it was sent back: taking back a further question does not mend that.
    Raises StateConflict.
    """
    if so_far and so_far[0].kind == "asked":
        raise StateConflict(
            "This draft is in review: it is published once it is approved, or the question is taken back."
        )
    verdict = next((one.kind for one in so_far if one.kind in ("approved", "returned")), None)
    if verdict == "returned":
        raise StateConflict("This draft was sent back: it is published once it is changed, or approved.")


def needs_second_person(
    document: Document, settings: PublishRules, currencies: Mapping[str, Currency]
) -> bool:
    """Whether publishing needs a second person: its budget is above the program's limit, or it has none."""
    limit = settings.publish_budget_limit
    if limit is None:
        return False
    whole = budget(document, currencies)
    return whole is None or whole > limit


def budget(document: Document, currencies: Mapping[str, Currency]) -> int | None:
    """The most that a promotion may cost in all, minor units of base money; None: nothing ends it.

    Only budgets of the total count. A budget of each month counts as often as months may begin within its window.
    """
    found = [most for limit in document.limits if (most := _most(document, limit, currencies)) is not None]
    return min(found, default=None)


def _most(document: Document, limit: Limit, currencies: Mapping[str, Currency]) -> int | None:
    if limit.per != "total" or limit.uses is not None:
        return None
    amount = limit.amount
    if limit.points is not None:
        codes = {str(benefit.get("currency", "")) for benefit in document.benefits}
        worths = [currencies[code].worth.up(limit.points) for code in codes if code in currencies]
        amount = max(worths, default=None)
    if amount is None or limit.period == "lifetime":
        return amount
    since, until = document.valid_from, document.valid_until
    if since is None or until is None:
        return None
    return amount * (-(-(until - since).days // _DAYS[limit.period]) + 1)

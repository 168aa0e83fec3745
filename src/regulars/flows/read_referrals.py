"""Lists referrals with what became of them, and sums them up. Writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.pool import Database, Transaction, fetch_all, fetch_one
from regulars.errors import InvalidValue, NotFound
from regulars.flows.referring import SQL
from regulars.members import reading
from regulars.members.referrals import Reason, Withheld

State = Literal["waiting", "rewarded", "capped", "taken_back", "refused", "ended"]
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
_HIGHEST = UUID(int=2**128 - 1)
LIMIT = 50


class Listing(Struct, frozen=True, forbid_unknown_fields=True):
    """`GET /v1/referrals?…`."""

    cursor: Annotated[str, Meta(max_length=100)] | None = None
    refused: bool = False
    """Only those for which nothing is given: to be looked through."""
    limit: Annotated[int, Meta(ge=1, le=200)] = LIMIT


class ReferralView(Struct, frozen=True):
    """A friend who was brought, and what became of it."""

    friend: str
    referrer: str
    state: State
    refused: Reason | None
    referred_at: datetime
    until: datetime
    """What the friend buys until then counts."""
    given: tuple[int, ...]
    """After which of her purchases something was given."""
    withheld: tuple[Withheld, ...]
    """Why somebody got nothing: the referrer's cap, the budget, she has left, they share an account or payment card."""
    cost: int
    """Minor units of base money, without what was taken back."""
    given_at: datetime | None


class ReferralPage(Struct, frozen=True):
    """A part of the list, the latest first; `next` is the cursor of the part after it."""

    items: tuple[ReferralView, ...]
    next: str | None


class ReferralFigures(Struct, frozen=True):
    """All referrals of a program, counted."""

    brought: int
    refused: int
    rewarded: int
    taken_back: int
    cost: int
    """Minor units of base money, without what was taken back."""


async def list_referrals(
    database: Database, program: UUID, listing: Listing, *, referrer: UUID | None = None
) -> ReferralPage:
    """Referrals of a program, or those of one referrer. Raises NotFound, InvalidValue."""
    before, friend = _place(listing.cursor)
    hers: list[UUID] | None = None
    async with database.transaction(program) as tx:
        if referrer is not None:
            found = await reading.member(tx, program, referrer)
            if found is None:
                raise NotFound("There is no such member.")
            # Whom somebody brought who was merged into her is hers too.
            hers = [found.id, *await reading.alias_ids(tx, program, found.id)]
        rows = await _rows(tx, program, before, friend, hers, listing)
    shown = tuple(rows[: listing.limit])
    more = len(rows) > listing.limit
    return ReferralPage(shown, _cursor(shown[-1]) if more else None)


async def referral_figures(database: Database, program: UUID) -> ReferralFigures:
    """How many were brought and what it cost."""
    async with database.transaction(program, analytical=True) as tx:
        row = await fetch_one(tx, SQL.counted, {"program": program})
    assert row is not None
    return ReferralFigures(*row)


async def _rows(
    tx: Transaction,
    program: UUID,
    before: datetime,
    friend: UUID,
    referrers: list[UUID] | None,
    listing: Listing,
) -> list[ReferralView]:
    named = {
        "program": program, "before": before, "friend": friend, "referrers": referrers,
        "refused": listing.refused, "limit": listing.limit + 1,
    }  # fmt: skip
    return [_view(*row) for row in await fetch_all(tx, SQL.listed, named)]


def _view(
    friend: UUID,
    referrer: UUID,
    refused: Reason | None,
    referred_at: datetime,
    until: datetime,
    waiting: bool,
    given: list[int],
    withheld: list[Withheld],
    cost: int,
    back: int,
    given_at: datetime | None,
) -> ReferralView:
    state: State
    if refused is not None:
        # What was paid with the referrer's card stands with a step too, by which nothing was given.
        state, given, withheld, given_at = "refused", [], [], None
    elif back and back >= len(given):
        state = "taken_back"
    elif given:
        state = "capped" if withheld else "rewarded"
    else:
        state = "waiting" if waiting else "ended"
    return ReferralView(
        ids.show("mem", friend), ids.show("mem", referrer), state, refused, referred_at, until, tuple(given),
        tuple(withheld), cost, given_at,
    )  # fmt: skip


def _cursor(last: ReferralView) -> str:
    micros = (last.referred_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{micros}.{last.friend}"


def _place(cursor: str | None) -> tuple[datetime, UUID]:
    if cursor is None:
        return _LAST, _HIGHEST
    micros, _, friend = cursor.partition(".")
    if not micros.isascii() or not micros.isdigit() or len(micros) > 17:
        raise InvalidValue("?cursor", "is no cursor of this list")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros)), ids.read(
        "mem", friend, "?cursor"
    )

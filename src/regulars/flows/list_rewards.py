"""Reads the catalogue as a member sees it: what she may claim, what is missing, and why not; and what she claimed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.audience import Hers
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows import redemption_views
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.marked import hers_of
from regulars.flows.read_member import member_of
from regulars.flows.redemption_views import RedemptionView
from regulars.ledger.page import Page
from regulars.members import reading
from regulars.members.model import Member
from regulars.programs.model import Caller, Program
from regulars.rewards import catalogue, redemptions, terms
from regulars.rewards.catalogue import PAGE_MAX, Stock
from regulars.rewards.model import Price, Revision, State
from regulars.texts import said


class PriceView(Struct, frozen=True):
    """One of the prices that she may pay; `price` is its number in a claim, `missing` the points that she lacks."""

    price: int
    currency: str
    points: int
    money: int
    missing: int
    tier: str | None


class LeftView(Struct, frozen=True):
    """How many there are at a store; store null: at all together."""

    store: str | None
    left: int


class OfferedReward(Struct, frozen=True):
    """A reward as a member sees it."""

    id: str
    kind: str
    name: str
    description: str
    picture: str
    """What a picture of it shows, in words."""
    prices: tuple[PriceView, ...]
    claimable: bool
    reason: str | None
    """Why not: insufficient_points, out_of_stock, limit_reached, not_yet."""
    missing: int
    """Points that are missing for the price that is nearest."""
    currency: str
    """In which."""
    stock: tuple[LeftView, ...]
    """Empty: it is not counted."""
    left_for_her: int | None
    """How many more her limits let her claim; null: there is none."""
    by_store: bool
    """Whether a claim has to say at which store."""
    valid_from: datetime | None
    valid_until: datetime | None
    valid_days: int | None
    returnable: bool
    """Whether she may give it back before it was handed over or used."""


class OfferedRewards(Struct, frozen=True):
    """The catalogue, what she can claim now first, then by what is missing."""

    items: tuple[OfferedReward, ...]
    next: str | None = None


class Redemptions(Struct, frozen=True):
    """Redemptions, the latest first; `next` is the cursor of the page after."""

    items: tuple[RedemptionView, ...]
    next: str | None


async def list_rewards(
    database: Database, known: Known, member: UUID, language: str, at: datetime
) -> OfferedRewards:
    """The rewards that are meant for this member. Raises NotFound."""
    program = known.program
    async with database.transaction(program.id) as tx:
        found = await member_of(tx, program, member)
        hers = await hers_of(tx, known, found.id, at)
        page = (await open_pages(tx, program, [found.pool]))[found.pool]
        listed = await catalogue.page(tx, program.id, None, PAGE_MAX, standing=True)
        meant = [one for one in listed if terms.hindrance(one.document, None, hers, at) in (None, "not_yet")]
        stocks = await catalogue.stocks(tx, program.id, [one.id for one in meant])
        left = await _left(tx, program, meant, found, at)
    seen = _Seen(program, page, hers, language, at)
    items = [seen.offered(one, stocks.get(one.id, []), left.get(one.id)) for one in meant]
    return OfferedRewards(tuple(sorted(items, key=lambda one: (not one.claimable, one.missing, one.id))))


async def read_redemption(
    database: Database, known: Known, redemption: UUID, language: str, at: datetime,
    *, codes: bool, hers: UUID | None = None, caller: Caller | None = None,
) -> RedemptionView:  # fmt: skip
    """One redemption; `hers`: only if it is this member's; `caller`: only of this key's store or partner.

    Raises NotFound.
    """
    async with database.transaction(known.program.id) as tx:
        found = await redemptions.find(tx, known.program.id, redemption)
        if found is not None and hers is not None:
            owner = await reading.member(tx, known.program.id, found.member)
            found = found if owner is not None and owner.id == hers else None
        if found is not None and caller is not None:
            found = found if redemption_views.seen_by(known.program, caller, found) else None
        if found is None:
            raise NotFound("There is no such redemption.")
        return (await redemption_views.views(tx, known, [found], language, at, codes=codes))[0]


async def redemptions_of(
    database: Database, known: Known, member: UUID, language: str, at: datetime,
    *, before: UUID | None = None, limit: int = 50, codes: bool,
) -> Redemptions:  # fmt: skip
    """What a member claimed, and whoever was merged into her. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        found = await member_of(tx, known.program, member)
        whose = [found.id, *await reading.alias_ids(tx, known.program.id, found.id)]
        listed = await redemptions.of_members(tx, known.program.id, whose, before, limit + 1)
        views = await redemption_views.views(tx, known, listed[:limit], language, at, codes=codes)
    return Redemptions(tuple(views), views[-1].id if len(listed) > limit else None)


async def redemptions_in(
    database: Database, known: Known, states: Sequence[State], language: str, at: datetime,
    *, before: UUID | None = None, limit: int = 50, stores: Collection[UUID] | None = None, storeless: bool = False,
) -> Redemptions:  # fmt: skip
    """What is in one of these states; `stores`: only what was claimed at one of them, or with `storeless` at none."""
    async with database.transaction(known.program.id) as tx:
        listed = await redemptions.in_states(
            tx, known.program.id, states, before, limit + 1, stores, storeless=storeless
        )
        views = await redemption_views.views(tx, known, listed[:limit], language, at, codes=False)
    return Redemptions(tuple(views), views[-1].id if len(listed) > limit else None)


async def _left(
    tx: Transaction, program: Program, rewards: Sequence[Revision], member: Member, at: datetime
) -> dict[UUID, tuple[int | None, int | None]]:
    """Of each reward what her own limits and those of all together leave; None: there is no such limit."""
    day = at.astimezone(clock.zone(program.time_zone)).date()
    most = {
        (one.id, holder, period): (per, cap)
        for one in rewards
        for per, holder in (("member", member.id), ("total", one.id))
        for period, cap in terms.periods(one.document.limits, per, day).items()
    }
    used = await catalogue.uses(tx, program.id, most)
    found: dict[UUID, tuple[int | None, int | None]] = {}
    for key, (per, cap) in most.items():
        hers, total = found.get(key[0], (None, None))
        left = max(0, cap - used.get(key, 0))
        if per == "member":
            hers = left if hers is None else min(hers, left)
        else:
            total = left if total is None else min(total, left)
        found[key[0]] = (hers, total)
    return found


class _Seen(Struct, frozen=True):
    """A member before the catalogue."""

    program: Program
    page: Page
    hers: Hers
    language: str
    at: datetime

    def offered(
        self, one: Revision, stocks: Sequence[Stock], left: tuple[int | None, int | None] | None
    ) -> OfferedReward:
        """A reward as she sees it."""
        document = one.document
        prices = tuple(self._price(n, price) for n, price in enumerate(terms.prices(document, self.hers)))
        nearest = min(prices, key=lambda price: (price.missing, price.points))
        own, total = left or (None, None)
        counted = document.stock != "unlimited"
        codes = {store.id: store.code for store in self.program.stores.values()}
        shelves = [s for s in stocks if (s.store in codes) == (document.stock == "by_store")]
        there = sum(stock.remaining for stock in shelves)
        reason = None
        if document.valid_from is not None and self.at < document.valid_from:
            reason = "not_yet"
        elif own == 0 or total == 0:
            reason = "limit_reached"
        elif counted and not there:
            reason = "out_of_stock"
        elif nearest.missing:
            reason = "insufficient_points"
        return OfferedReward(
            id=ids.show("rwd", one.id),
            kind=document.kind,
            name=said(document.names, self.language),
            description=said(document.descriptions, self.language),
            picture=said(document.pictures, self.language),
            prices=prices,
            claimable=reason is None,
            reason=reason,
            missing=nearest.missing,
            currency=nearest.currency,
            stock=tuple(LeftView(codes.get(s.store), s.remaining) for s in shelves) if counted else (),
            left_for_her=own,
            by_store=document.stock == "by_store",
            valid_from=document.valid_from,
            valid_until=document.valid_until,
            valid_days=document.valid_days,
            returnable=document.returns != "never",
        )

    def _price(self, n: int, price: Price) -> PriceView:
        available = self.page.available(price.currency, self.at)
        missing = max(0, price.points - available)
        return PriceView(n, price.currency, price.points, price.money, missing, price.tier)

"""Books what activity earns to the pages of members' pools, takes back what corrections take, and lets tiers follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from psycopg.errors import SerializationFailure

from regulars import clock, ids
from regulars.db.pool import Transaction
from regulars.errors import NotFound, Problem, StateConflict
from regulars.flows import sharing, tiering, tiers_lost
from regulars.flows.activity_kinds import reason_of
from regulars.flows.adjust_points import expiry
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.tiering import Climber
from regulars.ledger import book, succession
from regulars.ledger.page import Page
from regulars.members import reading
from regulars.programs.model import CurrencySpec, Program
from regulars.purchases import activity_log
from regulars.purchases.activity import ActivityKind
from regulars.purchases.activity_log import Earned


class Cause(Struct, frozen=True):
    """For what something is booked."""

    member: UUID
    pool: UUID
    kind: str
    document: ActivityKind
    happened_at: datetime
    """When it happened; of a month its last instant."""
    by: str
    related: UUID | None = None
    """The activity."""
    issuer: UUID | None = None
    own: UUID | None = None
    """The posting by which it was earned what is taken back."""


async def locked_people(
    tx: Transaction, known: Known, members: Sequence[UUID]
) -> dict[UUID, Climber | Problem]:
    """These members, or those whom they were merged into, with their pools locked; of others what is wrong."""
    program, people = known.program.id, dict[UUID, Climber | Problem]()
    found = await tiering.climbers(tx, program, members)
    for member in members:
        if member in found:
            people[member] = found[member]
            continue
        other = await reading.member(tx, program, member)
        if other is None:
            people[member] = NotFound("There is no such member.")
        elif other.erased_at is not None:
            people[member] = StateConflict("This member was erased.")
        else:
            people[member] = Climber(other.id, other.pool, other.enrolled_at)
    here = [one for one in people.values() if isinstance(one, Climber)]
    await sharing.lock_pools(tx, known.program, [one.pool for one in here])
    again = await tiering.climbers(tx, program, [one.member for one in here])
    if any(again.get(one.member) != one for one in here):
        raise SerializationFailure("a member has moved to another account meanwhile")
    return people


class Books:
    """The pages of the pools that a transaction has locked, and what is done to them."""

    def __init__(self, known: Known, at: datetime) -> None:
        self._known = known
        self._program: Program = known.program
        self._at = at
        self._pages: dict[UUID, Page] = {}
        self._brought: dict[UUID, list[UUID]] = {}
        self._climbing: dict[UUID, datetime] = {}
        self._falling: set[UUID] = set()

    async def read(self, tx: Transaction, pools: Iterable[UUID]) -> None:
        """Open the pages of these pools, which are locked."""
        wanted = sorted(set(pools) - self._pages.keys())
        if wanted:
            self._pages |= await open_pages(tx, self._program, wanted)

    async def book(self, tx: Transaction, cause: Cause, earned: Sequence[Earned]) -> UUID | None:
        """Give what was earned, or take it back; the posting, where something moved."""
        moved = [one for one in earned if one.amount]
        if not moved:
            return None
        await self.read(tx, [cause.pool])
        page = self._pages[cause.pool]
        # Before the posting is begun: what is read is taken into the page.
        own = {one.currency: await self._own(tx, page, cause, one) for one in moved if one.amount < 0}
        posting = page.begin(
            "bonus" if moved[0].amount > 0 else "reversal",
            effective_at=min(cause.happened_at, self._at),
            recorded_at=self._at,
            actor=cause.by,
            related=cause.related,
            reason=reason_of(cause.document, cause.kind, self._program),
        )
        for one in moved:
            currency = self._program.currencies[one.currency]
            if one.amount > 0:
                lot = self._earn(page, cause, currency, one.amount)
                self._brought.setdefault(posting, []).append(lot)
            else:
                policy = self._program.settings.return_policy
                page.take_back(one.currency, -one.amount, own[one.currency], policy, self._at)
            if currency.kind == "qualifying":
                self._moves_tiers(cause, one.amount)
        return posting

    async def write(self, tx: Transaction) -> None:
        """Write the pages; members climb, or fall, by what is written."""
        await book.write(tx, self._program.id, self._pages.values())
        for member, happened_at in self._climbing.items():
            await tiering.climb(tx, self._known, [member], happened_at, self._at)
        await tiers_lost.undo(tx, self._known, sorted(self._falling), self._at)

    def _earn(self, page: Page, cause: Cause, currency: CurrencySpec, amount: int) -> UUID:
        program, happened_at = self._program, min(cause.happened_at, self._at)
        active_at = happened_at
        if currency.active_after_days:
            day = happened_at.astimezone(clock.zone(program.time_zone)).date()
            active_at = clock.midnight(day + timedelta(days=currency.active_after_days), program.time_zone)
        expires_at = self._expiry(cause, currency, happened_at)
        funder = program.partners.get(cause.document.funder or "")
        return page.earn(
            currency.code,
            amount,
            earned_at=happened_at,
            active_at=active_at,
            expires_at=None if expires_at is None else max(expires_at, active_at + timedelta(seconds=1)),
            issuer=cause.issuer or program.operator,
            funder=funder.id if funder else program.operator,
            unit_cost=currency.worth,
        )

    def _expiry(self, cause: Cause, currency: CurrencySpec, happened_at: datetime) -> datetime | None:
        zone, rule = self._program.time_zone, cause.document.rule(currency.code)
        if rule is None or rule.expires_after_days is None:
            return expiry(currency, happened_at, zone)
        day = happened_at.astimezone(clock.zone(zone)).date()
        return clock.midnight(day + timedelta(days=rule.expires_after_days + 1), zone)

    async def _own(self, tx: Transaction, page: Page, cause: Cause, taken: Earned) -> list[UUID]:
        """The lots on the page from which it is taken first: those that the activity brought, else the latest."""
        posting = cause.own or await activity_log.last_posting(
            tx, self._program.id, cause.member, cause.kind, taken.currency
        )
        if posting is None:
            return []
        if posting in self._brought:
            return page.of_origin(self._brought[posting])
        found = await book.recorded(tx, self._program.id, ids.home(posting), posting)
        assert found is not None, "a posting stands"
        lots = [lot for _, lot in found.lots]
        await succession.admit(tx, self._program.id, page, lots)
        return page.of_origin(lots)

    def _moves_tiers(self, cause: Cause, amount: int) -> None:
        if amount > 0:
            before = self._climbing.get(cause.member, cause.happened_at)
            self._climbing[cause.member] = max(before, cause.happened_at)
        else:
            self._falling.add(cause.member)

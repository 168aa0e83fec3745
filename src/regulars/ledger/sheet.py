"""Keeps one pool's accounts in memory: what they hold, what falls due by itself, the smallest steps. Pure.

What falls due by itself (a hold that lapses, debt paid by points that become active) is resolved at its own
instant, in order, before anything else is done. So it does not matter when somebody next looks, and reading
computes on a copy exactly what writing would write. One rule for debt: whenever points are available, debt is
paid first; a sheet is never left with debt and available points, nor with debt and points that have expired
but are not posted (which otherwise would seem to have been there to pay it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

from msgspec.structs import replace

from regulars import ids
from regulars.ledger import lots as rules
from regulars.ledger.draft import Brought, Change, Changes, Draft, DraftEntry, Sum
from regulars.ledger.model import AccountName, Balance, Draw, Hold, Lot, Posting, PostingKind, Resolution

SYSTEM = "ledger"
"""The actor of what falls due by itself."""


class Sheet:
    """One pool's accounts, to be read. Amounts are in the currency's unit."""

    def __init__(
        self,
        pool: UUID,
        home: int,
        lots: Iterable[Lot] = (),
        debts: Mapping[str, int] | None = None,
        holds: Iterable[Hold] = (),
        *,
        grace_days: int = 0,
        since: datetime | None = None,
    ):
        """`grace_days`: how long held points live on that are freed after their date (0: not at all).

        `since`: debt was paid up to this instant; for pages of the past, where later postings are not known.
        """
        self.pool = pool
        self.home = home
        self.grace_days = grace_days
        self._since = since
        self._lots: dict[UUID, Lot] = {lot.id: lot for lot in lots}
        self._as_read: dict[UUID, Lot] = dict(self._lots)
        self._debts: dict[str, int] = dict(debts or {})
        self._holds: dict[UUID, Hold] = {hold.id: hold for hold in holds}
        self._expired: dict[UUID, int] = {}
        self._admitted: set[UUID] = set()
        self._draft: Draft | None = None
        self._drafts: list[Draft] = []
        self._brought: dict[UUID, tuple[UUID, int]] = {}
        self._made: list[Hold] = []
        self._resolutions: list[Resolution] = []
        self._touched: set[str] = set()

    def copy(self) -> Self:
        """The page as it stands, to be tried out without consequence for this one."""
        twin = type(self)(self.pool, self.home, grace_days=self.grace_days, since=self._since)
        twin._lots, twin._as_read = dict(self._lots), dict(self._as_read)
        twin._debts, twin._holds = dict(self._debts), dict(self._holds)
        twin._expired, twin._brought = dict(self._expired), dict(self._brought)
        twin._drafts = [draft.copy() for draft in self._drafts]
        if self._draft is not None:
            twin._draft = twin._drafts[self._drafts.index(self._draft)]
        twin._made, twin._resolutions = list(self._made), list(self._resolutions)
        twin._touched, twin._admitted = set(self._touched), set(self._admitted)
        return twin

    def admit(self, lot: Lot, expired: int = 0) -> None:
        """Add a lot that was read apart, open or not, and how much of it had been posted as expired by then."""
        if lot.id not in self._lots:
            self._lots[lot.id] = self._as_read[lot.id] = lot
        if lot.id not in self._admitted:
            self._admitted.add(lot.id)
            self._expired[lot.id] = self._expired.get(lot.id, 0) + expired

    # reading ---------------------------------------------------------------------------------------------

    def currencies(self) -> tuple[str, ...]:
        """Every currency that the pool has an account in, in order."""
        return tuple(sorted(self._debts.keys() | {lot.currency for lot in self._lots.values()}))

    def available(self, currency: str, at: datetime) -> int:
        """What may be spent: free points of active lots, less debt; lapsed holds count as free again."""
        page = self._brought_up_to(at)
        return max(0, rules.available(page._of(currency), at) - page._debt(currency))

    def balance(self, currency: str, at: datetime) -> Balance:
        """The standing in one currency; available and debt are never both above zero."""
        page = self._brought_up_to(at)
        sums = rules.sums(page._of(currency), at)
        debt = page._debt(currency)
        paid = min(sums.available, debt)
        return Balance(
            currency=currency,
            available=sums.available - paid,
            pending=sums.pending,
            held=sums.reserved,
            debt=debt - paid,
            expiring=rules.expiring(page._of(currency), at),
        )

    def is_held(self, hold: UUID, at: datetime) -> bool:
        """Whether this hold may still be captured."""
        found = self._holds.get(hold)
        return found is not None and found.lapses_at > at

    def has_holds(self, at: datetime) -> bool:
        """Whether a purchase still waits for its confirmation."""
        return any(hold.lapses_at > at for hold in self._holds.values())

    def held(self, hold: UUID) -> dict[str, int]:
        """What an open hold reserves, by currency."""
        amounts: dict[str, int] = {}
        for reservation in self._holds[hold].reservations:
            currency = self._lots[reservation.lot].currency
            amounts[currency] = amounts.get(currency, 0) + reservation.amount
        return amounts

    def holds(self, at: datetime) -> tuple[Hold, ...]:
        """The holds that wait at this instant, the oldest first."""
        waiting = [hold for hold in self._holds.values() if hold.lapses_at > at]
        return tuple(sorted(waiting, key=lambda hold: (hold.made_at, hold.id)))

    def lots(self) -> tuple[UUID, ...]:
        """The lots that are on the page."""
        return tuple(self._lots)

    def lot(self, lot: UUID) -> Lot:
        """A lot as it stands now."""
        return self._lots[lot]

    # what is to be written -------------------------------------------------------------------------------

    def changes(self) -> Changes:
        """All that was done to this page, for `book.write`."""
        drafts = [draft for draft in self._drafts if draft.entries]
        written = {draft.posting.id for draft in drafts}
        changed = []
        for lot in self._as_read.values():
            now = self._lots[lot.id]
            if now is not lot and (now.drawn != lot.drawn or now.reserved != lot.reserved):
                changed.append(Change(lot.id, now.drawn - lot.drawn, now.reserved - lot.reserved))
        return Changes(
            drafts=drafts,
            brought=[Brought(self._lots[lot], *place) for lot, place in self._brought.items()],
            changed=changed,
            holds=self._made,
            resolutions=[r if r.posting in written else replace(r, posting=None) for r in self._resolutions],
            sums=[
                Sum(
                    currency,
                    sum(x.amount - x.drawn for x in self._of(currency)),
                    self._debts.get(currency, 0),
                )
                for currency in sorted(self._touched)
            ],
        )

    # what falls due by itself ----------------------------------------------------------------------------

    def _due(self, at: datetime) -> list[datetime]:
        """The instants up to `at` at which a hold lapsed, or points became active while there is debt."""
        if not self._holds and not any(self._debts.values()):
            return []
        instants = {hold.lapses_at for hold in self._holds.values() if hold.lapses_at <= at}
        if any(self._debts.values()):
            for lot in self._lots.values():
                late = self._since is not None and lot.active_at <= self._since
                if lot.free and lot.active_at <= at and not late and self._debts.get(lot.currency):
                    instants.add(lot.active_at)
        return sorted(instants)

    def _brought_up_to(self, at: datetime) -> Sheet:
        if not self._due(at):
            return self
        page = self.copy()
        page._advance(at)
        return page

    def _advance(self, at: datetime) -> None:
        for instant in self._due(at):
            lapsed = [hold for hold in self._holds.values() if hold.lapses_at == instant]
            for hold in sorted(lapsed, key=lambda hold: hold.id):
                self._end(hold, "lapse", instant, at)
            for currency in self.currencies():
                self._pay_debt(currency, instant, at)

    def _settle(self, currency: str, at: datetime, source: Draft | None = None) -> None:
        """Pay debt from what is available now; `source` is the posting that made it so."""
        self._pay_debt(currency, at, at, source)
        if self._debts.get(currency):
            self._expire(currency, at)

    def _settle_all(self, at: datetime) -> None:
        for currency in self.currencies():
            self._settle(currency, at)

    def _pay_debt(self, currency: str, instant: datetime, at: datetime, source: Draft | None = None) -> None:
        debt = self._debt(currency)
        if not debt:
            return
        draws, missing = rules.choose(self._active(currency, instant), debt)
        if draws:
            self._draw(self._inside("debt_payment", instant, at, source), draws, "debt", None)
            self._owe(currency, missing - debt)

    def _expire(self, currency: str, at: datetime) -> int:
        due = [lot for lot in self._of(currency) if lot.free and rules.has_expired(lot, at)]
        for date in sorted({lot.expires_at for lot in due if lot.expires_at}):
            draws = [Draw(lot.id, lot.free) for lot in due if lot.expires_at == date]
            self._draw(self._inside("expiry", date, at), draws, "expired", None)
        return sum(lot.free for lot in due)

    def _end(
        self,
        hold: Hold,
        kind: Literal["capture", "release", "lapse"],
        instant: datetime,
        at: datetime,
        posting: UUID | None = None,
    ) -> None:
        """Free the reservations that are left of a hold; `instant` is when it ended."""
        del self._holds[hold.id]
        self._resolutions.append(Resolution(hold.id, kind, instant, posting))
        late: list[Draw] = []
        for draw in sorted(hold.reservations, key=lambda draw: rules.order(self._lots[draw.lot])):
            self._change(draw.lot, 0, -draw.amount)
            if draw.amount and rules.has_expired(self._lots[draw.lot], instant):
                late.append(draw)
        if late and self.grace_days:
            draft = self._inside("grace", instant, at)
            for draw in late:
                self._grace(draft, draw, instant, self.grace_days)
        elif late:
            self._draw(self._inside("expiry", instant, at), late, "expired", None)

    # the smallest steps ----------------------------------------------------------------------------------

    @property
    def _current(self) -> Draft:
        assert self._draft is not None, "no posting was begun"
        return self._draft

    def _inside(
        self, kind: PostingKind, effective_at: datetime, at: datetime, source: Draft | None = None
    ) -> Draft:
        related = source.posting.id if source is not None else None
        posting = Posting(ids.new(self.home), self.pool, kind, effective_at, at, SYSTEM, related=related)
        self._drafts.append(Draft(posting))
        return self._drafts[-1]

    def _of(self, currency: str) -> list[Lot]:
        return [lot for lot in self._lots.values() if lot.currency == currency]

    def _debt(self, currency: str) -> int:
        return self._debts.get(currency, 0)

    def _active(self, currency: str, at: datetime) -> list[Lot]:
        return [lot for lot in self._of(currency) if rules.is_active(lot, at)]

    def _change(self, lot: UUID, drawn: int, reserved: int) -> None:
        old = self._lots[lot]
        self._lots[lot] = replace(old, drawn=old.drawn + drawn, reserved=old.reserved + reserved)
        assert self._lots[lot].free >= 0, "more than the lot has"

    def _owe(self, currency: str, amount: int) -> None:
        self._debts[currency] = self._debt(currency) + amount
        self._touched.add(currency)

    def _draw(self, draft: Draft, draws: Iterable[Draw], target: AccountName, partner: UUID | None) -> None:
        for draw in draws:
            entry = draft.move(self._lots[draw.lot].currency, "points", target, draw.amount, partner)
            self._record(entry, draw.lot, draw.amount)
            if target == "expired":
                self._expired[draw.lot] = self._expired.get(draw.lot, 0) + draw.amount

    def _undraw(self, draft: Draft, draw: Draw, source: AccountName, partner: UUID | None) -> None:
        entry = draft.move(self._lots[draw.lot].currency, source, "points", draw.amount, partner)
        self._record(entry, draw.lot, -draw.amount)
        if source == "expired":
            self._expired[draw.lot] = self._expired.get(draw.lot, 0) - draw.amount

    def _record(self, entry: DraftEntry, lot: UUID, amount: int) -> None:
        entry.draws[lot] = entry.draws.get(lot, 0) + amount
        self._change(lot, amount, 0)
        self._touched.add(self._lots[lot].currency)

    def _bring(self, draft: Draft, lot: Lot, source: AccountName, partner: UUID | None) -> None:
        entry = draft.move(lot.currency, source, "points", lot.amount, partner)
        self._lots[lot.id] = lot
        self._brought[lot.id] = (draft.posting.id, entry.n)
        self._touched.add(lot.currency)

    def _grace(self, draft: Draft, draw: Draw, instant: datetime, days: int) -> None:
        """Move what passed its date into a new lot on the same terms that lives on for `days`."""
        old = self._lots[draw.lot]
        self._draw(draft, [draw], "transfer", None)
        until = instant + timedelta(days=days)
        lot = replace(old, active_at=instant, expires_at=until)
        self._continued(draft, lot, draw.amount)

    def _continue(self, draft: Draft, lot: Lot, amount: int, at: datetime) -> UUID:
        identifier = self._continued(draft, lot, amount)
        self._settle(lot.currency, at, draft)
        return identifier

    def _continued(self, draft: Draft, lot: Lot, amount: int) -> UUID:
        new = replace(lot, id=ids.new(self.home), amount=amount, drawn=0, reserved=0, origin=lot.id)
        self._bring(draft, new, "transfer", None)
        return new.id

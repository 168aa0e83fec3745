"""Keeps one pool's page of the books in memory: what may be done to it, and by which postings. Pure.

Flows read pages, fold the purchases of a pool over its page in order, and write all pages at once (`book`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec.structs import replace

from regulars import ids
from regulars.ledger import lots as rules
from regulars.ledger.draft import Draft
from regulars.ledger.model import (
    AccountName,
    Draw,
    GivenBack,
    Hold,
    Lot,
    Moved,
    Posting,
    PostingKind,
    Recorded,
    ReturnPolicy,
    TakenBack,
)
from regulars.ledger.sheet import Sheet
from regulars.units import Ratio

FREE = Ratio(0)
"""The unit cost of points that cost their funder nothing."""


class Page(Sheet):
    """One pool's page. Amounts are positive integers in the currency's unit unless a method says otherwise.

    `at` is the program's present instant and never goes back; `effective_at` of a posting may lie before it.
    A method that cannot do what it is asked raises AssertionError: callers look at `available` first.
    """

    # postings --------------------------------------------------------------------------------------------

    def begin(
        self,
        kind: PostingKind,
        *,
        effective_at: datetime,
        recorded_at: datetime,
        actor: str,
        purchase: UUID | None = None,
        related: UUID | None = None,
        reason: str = "",
    ) -> UUID:
        """Open a posting that takes what follows; it is written only if it gets entries. Its id."""
        self._draft = None
        self._advance(recorded_at)
        posting = Posting(
            ids.new(self.home), self.pool, kind, effective_at, recorded_at, actor, reason, purchase, related
        )
        self._draft = Draft(posting)
        self._drafts.append(self._draft)
        return posting.id

    def spend(
        self, currency: str, amount: int, at: datetime, partner: UUID | None = None
    ) -> tuple[Draw, ...]:
        """Points → redeemed at a partner."""
        return self._spend(currency, amount, at, "redeemed", partner)

    def earn(
        self,
        currency: str,
        amount: int,
        *,
        earned_at: datetime,
        active_at: datetime,
        expires_at: datetime | None,
        issuer: UUID | None,
        funder: UUID | None,
        promotion: UUID | None = None,
        revision: int | None = None,
        purchase: UUID | None = None,
        unit_cost: Ratio = FREE,
    ) -> UUID:
        """Issued → points: a new lot, which pays debt first where it is active. Its id."""
        lot = Lot(
            ids.new(self.home), currency, amount, 0, 0, earned_at, active_at, expires_at,
            issuer, funder, promotion, revision, purchase, unit_cost,
        )  # fmt: skip
        self._bring(self._current, lot, "issued", issuer)
        self._settle(currency, self._current.posting.recorded_at, self._current)
        return lot.id

    def adjust(
        self, currency: str, amount: int, at: datetime, *, expires_at: datetime | None = None
    ) -> UUID | tuple[Draw, ...]:
        """Above zero: a new lot, usable at once, at the program's cost. Below zero: drawn like spending."""
        if amount < 0:
            return self._spend(currency, -amount, at, "adjusted", None)
        lot = Lot(ids.new(self.home), currency, amount, 0, 0, at, at, expires_at)
        self._bring(self._current, lot, "adjusted", None)
        self._settle(currency, at, self._current)
        return lot.id

    def take_back(
        self, currency: str, amount: int, own_lots: Sequence[UUID], policy: ReturnPolicy, at: datetime
    ) -> TakenBack:
        """Take earned points back: of those very lots first, and of lots that continue them, then by policy.

        What of them has expired counts as taken. What was spent meanwhile comes with `only_pending` from other
        pending lots, with `within_balance` from other active lots in the draw order, with `debt` from those and
        then as debt; the rest is forgone.
        """
        return self._take_back(currency, amount, own_lots, policy, at, "issued")

    def give_back(
        self,
        currency: str,
        draws: Sequence[Draw],
        amount: int,
        at: datetime,
        *,
        expired: Literal["restore", "expire"],
        grace_days: int,
        partner: UUID | None = None,
    ) -> GivenBack:
        """Give spent points back to their lots, last drawn first; what has expired since by the setting."""
        days = grace_days if expired == "restore" else 0
        return self._give_back(currency, draws, amount, at, days, "redeemed", partner)

    def transfer_out(self, currency: str, amount: int | None, at: datetime) -> tuple[Moved, ...]:
        """Points → transfer, by the draw order; None: all that is free and not expired, pending too."""
        self._advance(at)
        lots = [lot for lot in self._of(currency) if not rules.has_expired(lot, at)]
        if amount is None:
            amount = sum(lot.free for lot in lots)
        else:
            lots = [lot for lot in lots if rules.is_active(lot, at)]
        draws, missing = rules.choose(lots, amount)
        assert not missing, f"{missing} more than there is"
        moved = tuple(Moved(self._lots[draw.lot], draw.amount) for draw in draws)
        self._draw(self._current, draws, "transfer", None)
        return moved

    def transfer_lots_out(self, draws: Sequence[Draw], at: datetime) -> tuple[Moved, ...]:
        """Points → transfer, of these very lots: what is free of each, at the most."""
        self._advance(at)
        moved = tuple(Moved(self._lots[draw.lot], draw.amount) for draw in draws)
        self._draw(self._current, draws, "transfer", None)
        return moved

    def transfer_in(self, moved: Sequence[Moved], at: datetime) -> tuple[UUID, ...]:
        """Transfer → points: lots with the terms, dates and purchase of those they come from."""
        self._advance(at)
        return tuple(self._continue(self._current, part.lot, part.amount, at) for part in moved)

    def transfer_debt_out(self, currency: str, at: datetime, most: int | None = None) -> int:
        """Transfer → debt: what is owed, `most` of it at the most, goes to another pool. How much."""
        self._advance(at)
        debt = self._debt(currency) if most is None else min(most, self._debt(currency))
        if debt:
            self._current.move(currency, "transfer", "debt", debt, None)
            self._owe(currency, -debt)
        return debt

    def transfer_debt_in(self, currency: str, amount: int, at: datetime) -> None:
        """Debt → transfer: what another pool owed is owed here, and paid from what is available."""
        self._advance(at)
        if amount:
            self._current.move(currency, "debt", "transfer", amount, None)
            self._owe(currency, amount)
            self._settle(currency, at, self._current)

    def shortfall(self, currency: str, amount: int, partner: UUID) -> None:
        """Issued → redeemed, both the partner's: points that it took as paid and that were not there (as sold)."""
        self._current.move(currency, "issued", "redeemed", amount, partner)

    def write_off(self, currency: str, amount: int, at: datetime) -> None:
        """Written off → debt: the program bears it."""
        self._advance(at)
        assert 0 < amount <= self._debt(currency), "there is not that much debt"
        self._current.move(currency, "written_off", "debt", amount, None)
        self._owe(currency, -amount)

    def reverse(
        self,
        original: Recorded,
        at: datetime,
        *,
        policy: ReturnPolicy = "debt",
        expired: Literal["restore", "expire"] = "expire",
        grace_days: int = 0,
    ) -> None:
        """Undo a posting by its opposite: what it brought is taken back, what it drew is given back.

        A side of a transfer cannot be undone alone, nor what made or paid debt but for a write-off.
        """
        kind = original.posting.kind
        touched = {name for entry in original.entries for name in (entry.source, entry.target)}
        assert not touched & {"transfer"}, "a side of a transfer is not undone alone"
        assert kind != "debt_payment", "debt is undone by what made it"
        days = grace_days if expired == "restore" else 0
        for n, entry in enumerate(original.entries):
            draws = [draw for number, draw in original.draws if number == n]
            if entry.target == "points":
                own = [lot for number, lot in original.lots if number == n] + [draw.lot for draw in draws]
                self._take_back(entry.currency, entry.amount, own, policy, at, entry.source)
            elif entry.source == "points":
                self._give_back(entry.currency, draws, entry.amount, at, days, entry.target, entry.partner)
            else:
                assert entry.source == "written_off", "debt is undone by what made it"
                self._current.move(entry.currency, "debt", "written_off", entry.amount, None)
                self._owe(entry.currency, entry.amount)
                self._settle(entry.currency, at)

    # holds -----------------------------------------------------------------------------------------------

    def hold(
        self,
        hold: UUID,
        purchase: UUID | None,
        amounts: Mapping[str, int],
        made_at: datetime,
        lapses_at: datetime,
    ) -> None:
        """Reserve lots, by the draw order, until the hold is captured, released, or lapses at `lapses_at`."""
        self._advance(made_at)
        reserved: list[Draw] = []
        for currency, amount in amounts.items():
            draws, missing = rules.choose(self._active(currency, made_at), amount)
            assert not missing, f"{missing} more than is available"
            for draw in draws:
                self._change(draw.lot, 0, draw.amount)
            reserved.extend(draws)
        self._holds[hold] = Hold(hold, purchase, made_at, lapses_at, tuple(reserved))
        self._made.append(self._holds[hold])

    def capture(
        self, hold: UUID, amounts: Mapping[str, int], at: datetime, partner: UUID | None = None
    ) -> tuple[Draw, ...]:
        """Spend what was held, or a part of it, also after its date; the rest is released."""
        self._advance(at)
        found = self._holds[hold]
        taken: list[Draw] = []
        for currency, amount in amounts.items():
            mine = [draw for draw in found.reservations if self._lots[draw.lot].currency == currency]
            taken.extend(rules.divide(mine, self._lots, amount))
        for draw in taken:
            self._change(draw.lot, 0, -draw.amount)
        self._draw(self._current, taken, "redeemed", partner)
        spent = {draw.lot: draw.amount for draw in taken}
        rest = tuple(Draw(r.lot, r.amount - spent.get(r.lot, 0)) for r in found.reservations)
        self._end(replace(found, reservations=rest), "capture", at, at, self._current.posting.id)
        self._settle_all(at)
        return tuple(taken)

    def release(self, hold: UUID, at: datetime) -> None:
        """Free what was held; what passed its date meanwhile expires at once, or gets the grace."""
        self._advance(at)
        self._end(self._holds[hold], "release", at, at)
        self._settle_all(at)

    def lapse(self, at: datetime) -> None:
        """Write what has fallen due by itself: lapsed holds, and debt that points which became active pay."""
        self._advance(at)

    def expire(self, at: datetime) -> int:
        """Points → expired, of every lot whose date is reached. How many."""
        self._advance(at)
        return sum(self._expire(currency, at) for currency in self.currencies())

    # what acts are made of ---------------------------------------------------------------------------------

    def _spend(
        self, currency: str, amount: int, at: datetime, target: AccountName, partner: UUID | None
    ) -> tuple[Draw, ...]:
        self._advance(at)
        draws, missing = rules.choose(self._active(currency, at), amount)
        assert not missing, f"{missing} more than is available"
        self._draw(self._current, draws, target, partner)
        return draws

    def _take_back(
        self,
        currency: str,
        amount: int,
        own_lots: Sequence[UUID],
        policy: ReturnPolicy,
        at: datetime,
        target: AccountName,
    ) -> TakenBack:
        self._advance(at)
        own = [lot for lot in self.and_what_continues(own_lots) if lot.currency == currency]
        live, left = rules.choose([lot for lot in own if not rules.has_expired(lot, at)], amount)
        unposted, rest = rules.choose([lot for lot in own if rules.has_expired(lot, at)], left)
        for draw in (*live, *unposted):
            self._draw(self._current, [draw], target, self._issuer(draw.lot, target))
        rest -= self._take_posted_expiries(own, rest, target)
        partner = self._issuer(own[0].id, target) if own else None
        mine = {lot.id for lot in own}
        others = [
            lot
            for lot in self._of(currency)
            if lot.id not in mine
            and (lot.active_at > at if policy == "only_pending" else rules.is_active(lot, at))
            and not rules.has_expired(lot, at)
        ]
        draws, short = rules.choose(others, rest)
        self._draw(self._current, draws, target, partner)
        owed = short if policy == "debt" else 0
        if owed:
            self._current.move(currency, "debt", target, owed, partner)
            self._owe(currency, owed)
            self._settle(currency, at)
        return TakenBack(amount - left, left - rest, rest - short, owed, short - owed)

    def and_what_continues(self, lots: Sequence[UUID]) -> list[Lot]:
        """These lots and those of the page that continue them: by a grace, or sent away and back."""
        found = {lot: self._lots[lot] for lot in lots}
        grown = True
        while grown:
            more = {lot.id: lot for lot in self._lots.values() if lot.origin in found and lot.id not in found}
            found.update(more)
            grown = bool(more)
        return list(found.values())

    def of_origin(self, lots: Sequence[UUID]) -> list[UUID]:
        """Those lots of the page that are among these, or continue one of them from another pool."""
        return [lot.id for lot in self._lots.values() if lot.id in lots or lot.origin in lots]

    def from_elsewhere(self, lots: Sequence[UUID]) -> list[UUID]:
        """Those of these lots of the page that continue lots of another pool."""
        origins = {lot: self._lots[lot].origin for lot in lots}
        return [lot for lot, origin in origins.items() if origin is not None and origin not in self._lots]

    def _take_posted_expiries(self, own: Sequence[Lot], amount: int, target: AccountName) -> int:
        """What had been posted as expired comes back into its lots and is taken from there. How much."""
        taken = 0
        for lot in own:
            part = min(amount - taken, self._expired.get(lot.id, 0))
            if part > 0:
                self._undraw(self._current, Draw(lot.id, part), "expired", None)
                self._draw(self._current, [Draw(lot.id, part)], target, self._issuer(lot.id, target))
                taken += part
        return taken

    def _issuer(self, lot: UUID, target: AccountName) -> UUID | None:
        return self._lots[lot].issuer if target == "issued" else None

    def _give_back(
        self,
        currency: str,
        draws: Sequence[Draw],
        amount: int,
        at: datetime,
        grace_days: int,
        source: AccountName,
        partner: UUID | None,
    ) -> GivenBack:
        self._advance(at)
        late: list[Draw] = []
        mine = [draw for draw in draws if self._lots[draw.lot].currency == currency]
        for draw in rules.giving_back(mine, self._lots, amount):
            self._undraw(self._current, draw, source, partner)
            if rules.has_expired(self._lots[draw.lot], at):
                late.append(draw)
        if grace_days:
            for draw in late:
                self._grace(self._current, draw, at, grace_days)
        else:
            self._draw(self._current, late, "expired", None)
        self._settle(currency, at, self._current)
        passed = sum(draw.amount for draw in late)
        return GivenBack(amount - passed, passed if grace_days else 0, 0 if grace_days else passed)

"""Follows the receipts of a batch that were made without the line: who pays for what was spent, and what to note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import structs

from regulars.db.burst import Sender
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.flows.pricing import Decision
from regulars.purchases.offline import devices, judging
from regulars.purchases.offline.devices import Asked, Found, Receipt, Wanted
from regulars.purchases.offline.judging import Bounds, Came, Place, Sold


async def ask(tx: Sender, program: UUID, batch: Sequence[Incoming], at: datetime) -> Asked | None:
    """Lock the devices of a batch and ask how they stand; None where none of it was made without the line."""
    wanted = [Wanted(i.offline, i.store.id, i.sent.till) for i in batch if i.offline is not None]
    return await devices.ask(tx, program, wanted, at) if wanted else None


class OfflineTally:
    """How devices stand from receipt to receipt of a batch."""

    def __init__(self, known: Known, found: Found):
        settings, points = known.program.settings.offline, known.program.points
        self._known = known
        self._bounds = Bounds(settings.spend_per_till, settings.snapshot_days)
        self._currency = points.code if points is not None else ""
        self._devices = found.devices
        self._copies, self._used, self._risked = dict(found.copies), dict(found.used), dict(found.risked)
        self.receipts: list[Receipt] = []
        """To be noted."""

    def bounded(self, incoming: Incoming) -> Incoming:
        """The purchase with what the member pays of it at the most."""
        if incoming.offline is None or not incoming.sent.spend:
            return incoming
        most = judging.may_pay(incoming.offline, self._place(incoming, incoming.offline))
        return structs.replace(incoming, spendable_max=most)

    def follow(self, incoming: Incoming, decision: Decision, purchase: UUID) -> None:
        """Note a receipt as it was decided."""
        sold = incoming.offline
        if sold is None:
            return
        place = self._place(incoming, sold)
        came = self._came(incoming, decision)
        conflicts = judging.conflicts(sold, place, came, self._bounds)
        self.receipts.append(
            Receipt(
                sold, place.copies, purchase, incoming.store.id, came.at, came.spent, came.worth, place.here,
                tuple(conflicts),
            )
        )  # fmt: skip
        if place.here:
            self._count(sold, came)

    async def write(self, tx: Sender, at: datetime) -> None:
        """Write what was noted."""
        if self.receipts:
            await devices.note(tx, self._known.program.id, self.receipts, at)

    def _place(self, incoming: Incoming, sold: Sold) -> Place:
        store, registered = self._devices[sold.device]
        return Place(
            here=store == incoming.store.id,
            registered=registered,
            copies=self._copies.get((sold.device, sold.counter), 0),
            used=self._used.get(sold.allowance.seal, 0) if sold.allowance is not None else 0,
            risked=self._risked.get((sold.device, sold.snapshot), 0) if sold.snapshot is not None else 0,
        )

    def _count(self, sold: Sold, came: Came) -> None:
        key = (sold.device, sold.counter)
        self._copies[key] = self._copies.get(key, 0) + 1
        if sold.allowance is not None:
            seal = sold.allowance.seal
            self._used[seal] = self._used.get(seal, 0) + came.spent
        if sold.snapshot is not None:
            under = (sold.device, sold.snapshot)
            self._risked[under] = self._risked.get(under, 0) + came.worth

    def _came(self, incoming: Incoming, decision: Decision) -> Came:
        """What it came to, in base money; points of other currencies than the allowances' bear no allowance."""
        worth = sum(one.worth for one in decision.document.spent if one.gift_card is None)
        short = 0
        for one in decision.document.spent:
            missing = min(one.amount, decision.short.get(one.currency, 0)) if one.gift_card is None else 0
            if missing:
                short += -(-one.worth * missing // one.amount)
        differs = sum(one.would_have_been - one.discount for one in decision.answer.differences)
        return Came(
            at=incoming.sent.purchased_at,
            spent=sum(one.amount for one in decision.document.spent if one.gift_card is None),
            worth=self._in_base(incoming, worth),
            short=self._in_base(incoming, short),
            differs=self._in_base(incoming, differs) if differs >= 0 else -self._in_base(incoming, -differs),
            prices_differ=bool(decision.answer.differences),
        )

    def _in_base(self, incoming: Incoming, amount: int) -> int:
        return incoming.rate.half_up(amount) if incoming.rate is not None else amount

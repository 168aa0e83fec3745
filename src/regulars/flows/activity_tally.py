"""Counts what members' activity earns, in memory, between one reading of the counts and one guarded writing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars.db.pool import Transaction
from regulars.programs.model import Program
from regulars.purchases import accruing, activity_log
from regulars.purchases.accruing import Accrued, Count, Slot
from regulars.purchases.activity import ActivityKind, EarningRule
from regulars.purchases.activity_log import Counted, CountRow, Earned, Key


class Days(Struct, frozen=True):
    """On which days of the program an activity counts."""

    recorded: date
    counts_on: date
    """By what earns at once: its own day; of a correction that of what it corrects, else the day of its recording."""
    monthly: date
    """By what earns monthly: its own day; of a correction the day of its recording."""


class Tally:
    """The counts of some members, as they are read, and as they become."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._counts: dict[Key, Counted] = {}
        self._changed: set[Key] = set()
        self._giving: list[Key] = []

    async def read(self, tx: Transaction, keys: Iterable[Key]) -> None:
        """Take in what is counted under these keys."""
        wanted = set(keys) - self._counts.keys()
        if wanted:
            found = await activity_log.counts(tx, self._program.id, sorted(wanted, key=_order))
            self._counts |= {key: found.get(key, Counted()) for key in wanted}

    def count(
        self, member: UUID, kind: str, document: ActivityKind, days: Days, before: int, after: int
    ) -> list[Earned]:
        """What it earns that an activity goes from `before` to `after` thousandths."""
        earned: list[Earned] = []
        self._giving = []
        for rule in document.rules:
            if rule.currency not in self._program.currencies:
                continue
            if rule.when == "monthly":
                earned.append(self._gather(member, kind, rule, days, after - before))
                continue
            worth = self._program.currencies[rule.currency].worth
            wanted = accruing.slots(rule, days.counts_on)
            accrued = accruing.accrue(
                rule, self._of(member, kind, wanted), days.counts_on, before, after, worth
            )
            self._take(member, kind, accrued)
            if accrued.amount > 0:
                self._giving += [Key(member, kind, slot) for slot in wanted]
            earned.append(Earned(rule.currency, accrued.amount, accrued.limited))
        return earned

    def close(self, member: UUID, kind: str, rule: EarningRule | None, slot: Slot) -> tuple[Accrued, bool]:
        """What a month that is over gives, and whether it was still open."""
        key = Key(member, kind, slot)
        if not self._counts[key].n or self._counts[key].closed:
            return Accrued(0, {}), False
        if rule is None or slot.currency not in self._program.currencies:
            accrued = Accrued(0, {slot: self._counts[key].count})
        else:
            chain = [one for one in accruing.slots(rule, slot.starts) if one.span != "day"]
            worth = self._program.currencies[slot.currency].worth
            accrued = accruing.close(rule, self._of(member, kind, chain), slot.starts, worth)
        self._take(member, kind, accrued)
        self._counts[key] = structs.replace(self._counts[key], closed=True)
        self._giving = [key] if accrued.amount > 0 else []
        return accrued, True

    def paid(self, posting: UUID) -> None:
        """Remember by which posting was given what was counted, or closed, last."""
        for key in self._giving:
            self._counts[key] = structs.replace(self._counts[key], posting=posting)

    async def write(self, tx: Transaction, at: datetime) -> None:
        """Write what changed, if it still stands as it was read. Raises SerializationFailure where it does not."""
        rows = [
            CountRow(key, self._counts[key], at if self._counts[key].closed else None)
            for key in self._changed
        ]
        await activity_log.put_counts(tx, self._program.id, rows)

    def _gather(self, member: UUID, kind: str, rule: EarningRule, days: Days, moved: int) -> Earned:
        month = accruing.month_counted(rule, days.monthly, days.recorded)
        if self._counts[Key(member, kind, Slot(rule.currency, "month", month))].closed:
            month = accruing.first_day("month", days.recorded)
        slot = Slot(rule.currency, "month", month)
        accrued = accruing.gather(rule, self._of(member, kind, [slot]), month, moved)
        due = accruing.closing_day(rule, month)
        self._take(member, kind, accrued, due)
        return Earned(rule.currency, 0, None, due)

    def _of(self, member: UUID, kind: str, slots: Sequence[Slot]) -> dict[Slot, Count]:
        return {slot: self._counts[Key(member, kind, slot)].count for slot in slots}

    def _take(self, member: UUID, kind: str, accrued: Accrued, due: date | None = None) -> None:
        for slot, count in accrued.counts.items():
            key = Key(member, kind, slot)
            was = self._counts[key]
            self._counts[key] = structs.replace(was, count=count, due_on=was.due_on or due)
            self._changed.add(key)


def keys_of(member: UUID, kind: str, document: ActivityKind, days: Days) -> list[Key]:
    """Under which keys an activity of these days may be counted."""
    found = []
    for rule in document.rules:
        if rule.when == "monthly":
            own = accruing.month_counted(rule, days.monthly, days.recorded)
            months = {own, accruing.first_day("month", days.recorded)}
            found += [Key(member, kind, Slot(rule.currency, "month", month)) for month in sorted(months)]
        else:
            found += [Key(member, kind, slot) for slot in accruing.slots(rule, days.counts_on)]
    return found


def _order(key: Key) -> tuple[UUID, str, Slot]:
    return key.member, key.kind, key.slot

"""The books once more, as plainly as can be: every single point is an object of its own, and time passes step by step.

Written without looking at `regulars.ledger`: whatever the two disagree on, one of them has wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(eq=False)
class Point:
    lot: int
    earned: datetime
    active: datetime
    expires: datetime
    purchase: object
    state: str = "free"
    by: object = None

    def order(self) -> tuple:
        return (self.expires, self.earned, self.lot)


@dataclass
class Pool:
    grace: timedelta
    now: datetime
    points: list[Point] = field(default_factory=list)
    debt: int = 0
    holds: dict[object, datetime] = field(default_factory=dict)
    lots: int = 0

    def free(self, at: datetime | None = None) -> list[Point]:
        at = at or self.now
        usable = [p for p in self.points if p.state == "free" and p.active <= at < p.expires]
        return sorted(usable, key=Point.order)

    def pending(self) -> list[Point]:
        later = [p for p in self.points if p.state == "free" and p.active > self.now and p.expires > self.now]
        return sorted(later, key=Point.order)

    def balance(self) -> tuple[int, int, int, int]:
        held = sum(p.state == "held" for p in self.points)
        return len(self.free()), len(self.pending()), held, self.debt

    def pay(self, at: datetime) -> None:
        for point in self.free(at)[: self.debt]:
            point.state = "paid"
            self.debt -= 1

    def advance(self, to: datetime) -> None:
        due = {at for at in [*self.holds.values(), *(p.active for p in self.points)] if self.now < at <= to}
        for at in sorted(due):
            for hold in [hold for hold, lapses in sorted(self.holds.items()) if lapses == at]:
                self.free_hold(hold, at)
            self.pay(at)  # once: what comes free at one instant has no order but that of drawing
        self.now = to

    def end(self, hold: object, at: datetime) -> None:
        self.free_hold(hold, at)
        self.pay(at)

    def free_hold(self, hold: object, at: datetime) -> None:
        del self.holds[hold]
        self.revive([p for p in self.points if p.state == "held" and p.by == hold], at, self.grace)

    def revive(self, points: list[Point], at: datetime, grace: timedelta, last_first: bool = False) -> None:
        names: dict[int, int] = {}
        for point in sorted(points, key=Point.order, reverse=last_first):
            point.state = "free"
            if point.expires <= at and grace:
                point.state = "graced"
                if point.lot not in names:
                    self.lots += 1
                    names[point.lot] = self.lots
                again = replace(point, lot=names[point.lot], active=at, expires=at + grace, state="free")
                self.points.append(again)

    def bring(self, amount: int, earned: datetime, active: datetime, expires: datetime, by: object) -> None:
        self.lots += 1
        self.points += [Point(self.lots, earned, active, expires, by) for _ in range(amount)]
        self.pay(self.now)

    def take(self, amount: int, state: str, by: object = None) -> list[Point]:
        for point in (taken := self.free()[:amount]):
            point.state, point.by = state, by
        return taken

    def take_back(self, amount: int, purchase: object, policy: str) -> None:
        own = sorted((p for p in self.points if (p.purchase, p.state) == (purchase, "free")), key=Point.order)
        others = self.pending() if policy == "only_pending" else self.free()
        live, dead = [p for p in own if p.expires > self.now], [p for p in own if p.expires <= self.now]
        for point in [*live, *dead, *(p for p in others if p not in own)][:amount]:
            point.state = "taken"
            amount -= 1
        self.debt += amount if policy == "debt" else 0

    def spent(self, purchase: object) -> list[Point]:
        return sorted((p for p in self.points if p.state == "spent" and p.by == purchase), key=Point.order)

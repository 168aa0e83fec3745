"""The real books over the real database against a naive second implementation, after every step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from random import Random
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.expire_points import expire_points
from regulars.flows.lapse_holds import lapse_holds
from regulars.ledger import book
from regulars.ledger.model import PostingKind
from regulars.ledger.page import Page
from regulars.ledger.statement import page_of_the_past
from tests.conftest import START, insert_program
from tests.ledger.desk import PTS, Desk
from tests.ledger.naive import NEVER, Pool

AMOUNTS = range(1, 13)
SIDES = (0, 0, 0, 1)
PICKS = (1, 1, 1, 2, 3, 5, 8)
"""The last, or an earlier one."""
MODES: tuple[Literal["restore", "expire"], ...] = ("restore", "expire")
POLICIES = ("only_pending", "within_balance", "debt", "debt", "debt")
DELAYS = (timedelta(0), timedelta(0), timedelta(hours=1), timedelta(days=2))
LIVES = (None, timedelta(days=1), timedelta(days=3), timedelta(days=3), timedelta(days=9))
LATE = (timedelta(0), timedelta(0), timedelta(hours=3), timedelta(days=2))
WAITS = (timedelta(minutes=1), timedelta(hours=2), timedelta(days=1), timedelta(days=4))
HOLDS = (timedelta(minutes=5), timedelta(days=1), timedelta(days=4))

WAYS: dict[str, tuple[int, dict[str, Sequence[Any]]]] = {
    "earn": (5, {"side": SIDES, "amount": AMOUNTS, "delay": DELAYS, "life": LIVES, "late": LATE}),
    "spend": (4, {"side": SIDES, "amount": (*AMOUNTS, *[99] * 12)}),
    "hold": (3, {"side": SIDES, "amount": AMOUNTS, "time": HOLDS}),
    "capture": (2, {"side": SIDES, "pick": PICKS, "part": range(13)}),
    "release": (1, {"side": SIDES, "pick": PICKS}),
    "take_back": (5, {"pick": PICKS, "part": (*AMOUNTS, *[99] * 6), "policy": POLICIES}),
    "give_back": (3, {"pick": PICKS, "part": (*AMOUNTS, 99)}),
    "transfer": (1, {"side": SIDES, "amount": AMOUNTS}),
    "adjust": (1, {"side": SIDES, "amount": (-8, -3, -1, 1, 2, 8), "life": LIVES}),
    "write_off": (1, {"side": SIDES, "amount": AMOUNTS}),
    "wait": (4, {"time": WAITS}),
    "expire": (1, {}),
    "lapse": (1, {}),
}
"""What may be done to the books: how often, and with what."""
DRAWN = [way for way, (weight, _) in WAYS.items() for _ in range(weight)]

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Books(RuleBasedStateMachine):
    """Two accounts of one currency, kept twice."""

    def __init__(self, run: Run, database: Database):
        super().__init__()
        self.run, self.database = run, database
        self.now = START
        self.earned: list[tuple[int, UUID, int]] = []
        self.spent: list[tuple[int, UUID]] = []
        self.played: list[tuple[str, dict[str, Any]]] = []

    @initialize(seed=st.integers(0, 2**64))
    def open(self, seed: int) -> None:
        self.chance = Random(seed)
        grace_days, mode = self.chance.choice([0, 2]), self.chance.choice(MODES)
        program = self.run(insert_program(self.database))
        settings = "{}" if grace_days else '{"expired_points_on_return": "expire"}'
        if grace_days:
            settings = f'{{"grace_days": {grace_days}}}'
        self.run(self.set_settings(program, settings))
        self.desk = Desk(self.database, program, START, grace_days=grace_days)
        self.grace_days, self.mode = grace_days, mode
        self.pools = [self.run(self.desk.open(home)) for home in (3, 900)]
        self.naive = [Pool(timedelta(days=grace_days), START) for _ in range(2)]

    async def set_settings(self, program: UUID, settings: str) -> None:
        async with self.database.transaction(None) as tx:
            await tx.execute("UPDATE program SET settings = %s WHERE id = %s", (settings, program))

    def act(
        self, side: int, work: Callable[[Page], object], kind: PostingKind = "purchase", **given: Any
    ) -> None:
        async def go() -> None:
            async with self.desk.page(self.pools[side]) as page:
                self.desk.begin(page, kind, **given)
                result = work(page)
                if isinstance(result, Coroutine):
                    await result

        self.run(go())

    @rule()
    def step(self) -> None:
        """By chance: hypothesis' own choices are so often the simplest that debt would hardly ever come up."""
        way = self.chance.choice(DRAWN)
        given = {name: self.chance.choice(choices) for name, choices in WAYS[way][1].items()}
        self.played.append((way, given))
        getattr(self, way)(**given)

    def teardown(self) -> None:
        for way, given in self.played:
            note(f"{way}({', '.join(f'{name}={value}' for name, value in given.items())})")

    def earn(self, side: int, amount: int, delay: timedelta, life: timedelta | None, late: timedelta) -> None:
        purchase, earned = ids.new(), self.now - late
        active = earned + delay
        expires = active + life if life else None
        self.naive[side].bring(amount, earned, active, expires or NEVER, purchase)
        self.act(
            side,
            lambda page: self.desk.earn(
                page, amount, active=active, expires=expires, purchase=purchase, earned=earned
            ),
            purchase=purchase,
            effective_at=earned,
        )
        self.earned.append((side, purchase, amount))

    def spend(self, side: int, amount: int) -> None:
        amount = min(amount, len(self.naive[side].free()))
        if amount:
            purchase = ids.new()
            self.naive[side].take(amount, "spent", purchase)
            self.act(side, lambda page: page.spend(PTS, amount, self.now), purchase=purchase)
            self.spent.append((side, purchase))

    def hold(self, side: int, amount: int, time: timedelta) -> None:
        amount = min(amount, len(self.naive[side].free()))
        if amount:
            hold, lapses = ids.new(), self.now + time
            self.naive[side].take(amount, "held", hold)
            self.naive[side].holds[hold] = lapses
            self.act(side, lambda page: page.hold(hold, None, {PTS: amount}, self.now, lapses))

    def capture(self, side: int, pick: int, part: int) -> None:
        pool = self.naive[side]
        if not pool.holds:
            return
        hold = sorted(pool.holds)[pick % len(pool.holds)]
        held = sorted((p for p in pool.points if p.state == "held" and p.by == hold), key=lambda p: p.order())
        purchase = ids.new()
        for point in held[:part]:
            point.state, point.by = "spent", purchase
        pool.end(hold, self.now)
        amount = min(part, len(held))
        self.act(side, lambda page: page.capture(hold, {PTS: amount}, self.now), purchase=purchase)
        self.spent.append((side, purchase))

    def release(self, side: int, pick: int) -> None:
        pool = self.naive[side]
        if pool.holds:
            hold = sorted(pool.holds)[pick % len(pool.holds)]
            pool.end(hold, self.now)
            self.act(side, lambda page: page.release(hold, self.now))

    def take_back(self, pick: int, part: int, policy: Any) -> None:
        if not self.earned:
            return
        place = -min(pick, len(self.earned))
        side, purchase, amount = self.earned[place]
        part = min(part, amount)
        if not part:
            return
        self.earned[place] = (side, purchase, amount - part)
        self.naive[side].take_back(part, purchase, policy)

        async def work(page: Page) -> None:
            done = await book.of_purchase(self.desk.tx, self.desk.program, page, purchase)
            taken = page.take_back(PTS, part, done.earned.get(PTS, ()), policy, self.now)
            parts = [getattr(taken, name) for name in taken.__struct_fields__]
            assert sum(parts) == part
            assert min(parts) >= 0

        self.act(side, work, "return", purchase=purchase)

    def give_back(self, pick: int, part: int) -> None:
        if not self.spent:
            return
        side, purchase = self.spent[-min(pick, len(self.spent))]
        pool = self.naive[side]
        back = pool.spent(purchase)[-part:]
        if not back:
            return
        grace = timedelta(days=2) if self.mode == "restore" else timedelta(0)
        pool.revive(back, self.now, grace, last_first=True)
        pool.pay(self.now)

        async def work(page: Page) -> None:
            done = await book.of_purchase(self.desk.tx, self.desk.program, page, purchase)
            page.give_back(
                PTS,
                done.spent[PTS],
                len(back),
                self.now,
                expired=self.mode,
                grace_days=2,
            )

        self.act(side, work, "return", purchase=purchase)

    def transfer(self, side: int, amount: int) -> None:
        source, target = self.naive[side], self.naive[1 - side]
        moved = source.take(amount, "moved")
        if not moved:
            return
        for lot in dict.fromkeys(p.lot for p in moved):
            same = [p for p in moved if p.lot == lot]
            first = same[0]
            target.bring(len(same), first.earned, first.active, first.expires, first.purchase)

        async def go() -> None:
            async with self.desk.pages(self.pools[side], self.pools[1 - side]) as (out, into):
                self.desk.begin(out, "transfer_out")
                self.desk.begin(into, "transfer_in")
                into.transfer_in(out.transfer_out(PTS, len(moved), self.now), self.now)

        self.run(go())

    def adjust(self, side: int, amount: int, life: timedelta | None) -> None:
        expires = self.now + life if life else None
        if amount > 0:
            self.naive[side].bring(amount, self.now, self.now, expires or NEVER, None)
        else:
            amount = -len(self.naive[side].take(-amount, "adjusted"))
        if amount:
            self.act(side, lambda page: page.adjust(PTS, amount, self.now, expires_at=expires), "adjustment")

    def write_off(self, side: int, amount: int) -> None:
        amount = min(amount, self.naive[side].debt)
        if amount:
            self.naive[side].debt -= amount
            self.act(side, lambda page: page.write_off(PTS, amount, self.now), "write_off")

    def wait(self, time: timedelta) -> None:
        self.now += time
        self.desk.at = self.now
        for pool in self.naive:
            pool.advance(self.now)

    def expire(self) -> None:
        self.run(expire_points(self.database, self.desk.program, self.now))
        assert self.run(expire_points(self.database, self.desk.program, self.now)) == 0

    def lapse(self) -> None:
        self.run(lapse_holds(self.database, self.desk.program, self.now))
        assert self.run(lapse_holds(self.database, self.desk.program, self.now)) == 0

    @invariant()
    def agree(self) -> None:
        async def go() -> None:
            for pool, naive in zip(self.pools, self.naive, strict=True):
                assert await self.desk.figures(pool) == naive.balance()
                async with self.database.transaction(self.desk.program) as tx:
                    past = await page_of_the_past(
                        tx,
                        self.desk.program,
                        ids.home(pool),
                        pool,
                        effective_at=self.now,
                        recorded_at=self.now,
                        grace_days=self.grace_days,
                    )
                assert past.balance(PTS, self.now) == await self.desk.balance(pool)
            assert await self.desk.in_order()

        self.run(go())


def play(database_url: str, examples: int, steps: int) -> None:
    with asyncio.Runner() as runner:
        database = Database(database_url)
        runner.run(database.open())
        try:
            run_state_machine_as_test(
                lambda: Books(runner.run, database),
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink],
                ),
            )
        finally:
            runner.run(database.close())


def test_the_books_agree_with_a_naive_second_implementation_after_every_step(database_url: str) -> None:
    play(database_url, examples=20, steps=45)


@pytest.mark.full
def test_the_books_agree_with_a_naive_second_implementation_in_many_long_games(
    database_url: str,
) -> None:
    play(database_url, examples=300, steps=60)

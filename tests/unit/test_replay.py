"""A replay runs beside everything else of its process, and stops when nobody wants it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from msgspec import Struct
from tests.promotions_kit import AT, RULES, basket, line, live_of, percent, promotion

from regulars.errors import Contradiction
from regulars.programs.model import Program
from regulars.promotions.document import parse
from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Rules, Standing
from regulars.promotions.reads import Needs, Window
from regulars.promotions.wording import English
from regulars.simulation import replay
from regulars.simulation.tally import Tally
from regulars.simulation.variants import Change


class Stage(Struct, frozen=True):
    """A program with one live promotion that asks for turnover."""

    live: Live = live_of(promotion("items", percent("5"), conditions=[{"kind": "turnover", "minimum": 1}]))
    rules: Rules = RULES

    @property
    def program(self) -> Program:
        raise AssertionError("a replay of a document needs no more of the program")


class Bought(Struct, frozen=True):
    """A receipt."""

    basket: Basket = basket(line(1, 1000), line(2, 500))
    standing: Standing = Standing(member=True)
    purchase: UUID = UUID(int=1)
    store: str = "riga-1"
    receipt_number: str = ""
    at: Any = AT
    day: date = AT.date()
    member: UUID | None = None
    late: bool = False
    names: dict[int, str] = {}


class Slices:
    """So many slices of receipts, counted as they are read."""

    def __init__(self, count: int, size: int = 50):
        self.count, self.size, self.read = count, size, 0
        self.needs: Needs | None = None
        self.begun = asyncio.Event()

    async def __call__(self, needs: Needs) -> AsyncIterator[Sequence[Bought]]:
        self.needs = needs
        for _ in range(self.count):
            self.read += 1
            if self.read == 3:
                self.begun.set()
            yield [Bought()] * self.size


DRAFT = Change(parse(promotion("items", percent("10"))))


async def test_a_cancelled_replay_reads_no_further_slice() -> None:
    slices = Slices(10_000)
    running = asyncio.create_task(replay.simulate(Stage(), DRAFT, slices, English()))
    await slices.begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    read = slices.read
    await asyncio.sleep(0.1)
    assert slices.read == read < 10_000


async def test_others_are_served_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop turns while receipts are decided: a slice in the loop itself would stop it for all its length."""
    turned, served, add = threading.Event(), list[bool](), Tally.add

    def waiting(self: Tally, receipts: Any) -> None:
        turned.clear()
        served.append(turned.wait(20))  # only a loop that goes on sets it
        add(self, receipts)

    monkeypatch.setattr(Tally, "add", waiting)
    running = asyncio.create_task(replay.simulate(Stage(), DRAFT, Slices(4, size=300), English()))
    while not running.done():
        turned.set()
        await asyncio.sleep(0.001)
    assert (await running).receipts == 1200
    assert served == [True] * 4


async def test_what_both_sides_need_of_customers_is_asked_for() -> None:
    slices = Slices(1, size=1)
    change = Change(
        parse(promotion("items", percent("10"), conditions=[{"kind": "visits", "days": 7, "minimum": 1}]))
    )
    await replay.simulate(Stage(), change, slices, English())
    assert slices.needs is not None
    assert (slices.needs.turnover, slices.needs.visits) == ((Window(),), (7,))


async def test_a_late_receipt_is_left_out_and_what_does_not_fit_is_refused() -> None:
    class Late(Slices):
        async def __call__(self, needs: Needs) -> AsyncIterator[Sequence[Bought]]:
            yield [Bought(late=True), Bought()]

    answer = await replay.simulate(Stage(), DRAFT, Late(1), English())
    assert (answer.receipts, answer.left_out) == (1, 1)
    with pytest.raises(Contradiction):
        await replay.simulate(Stage(), Change(parse(promotion("gone", percent("1")))), Slices(1), English())

"""What SQL says of a customer's past equals what a naive reader of all receipts says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from tests.conftest import START, insert_program
from tests.promotions_kit import live_of, percent, promotion

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.flows import facts, known_programs
from regulars.flows.facts import Found, Whose
from regulars.members.model import Customer
from regulars.purchases import journal
from regulars.purchases.journal import ReturnRow

ZONE = "Europe/Riga"
NOW = datetime.fromisoformat("2026-11-21T10:00:00+02:00")
WINDOWS: list[dict[str, Any]] = [
    {"period": "lifetime"}, {"period": "calendar_year"}, {"period": "calendar_month"},
    {"period": "days", "days": 1}, {"period": "days", "days": 30}, {"period": "days", "days": 365},
]  # fmt: skip
LIVE = live_of(
    *[
        promotion("items", percent("5"), conditions=[{"kind": "turnover", "minimum": 1, "window": window}])
        for window in WINDOWS
    ],
    *[
        promotion("items", percent("5"), conditions=[{"kind": "visits", "days": days, "minimum": 1}])
        for days in (1, 7, 400)
    ],
    promotion("items", percent("5"), conditions=[{"kind": "last_purchase", "minimum": 1}]),
)
DAYS_AGO = (0, 0, 1, 1, 6, 7, 20, 21, 29, 30, 31, 300, 324, 325, 364, 365, 366, 399, 400, 401, 900)
CLOCKS = ("00:00:00", "00:00:00", "23:59:59.999999", "12:00:00", "10:00:00")


@dataclass
class Receipt:
    """A purchase as the naive reader knows it."""

    at: datetime
    turnover: int
    state: str
    """recorded, voided; held, confirmed, lapsed or released."""
    confirmed_turnover: int = 0
    back: list[int] = field(default_factory=list[int])

    @property
    def counts(self) -> bool:
        return self.state in ("recorded", "held", "confirmed")

    @property
    def left(self) -> int:
        whole = self.confirmed_turnover if self.state == "confirmed" else self.turnover
        return whole - sum(self.back)


def instant(chance: Random) -> datetime:
    """An instant at or near the edges of the windows."""
    local = NOW.astimezone(clock.zone(ZONE)).date() - timedelta(days=chance.choice(DAYS_AGO))
    at = datetime.fromisoformat(f"{local}T{chance.choice(CLOCKS)}").replace(tzinfo=clock.zone(ZONE))
    return min(at, NOW)


def receipt(chance: Random) -> Receipt:
    state = chance.choice(
        ["recorded"] * 5 + ["voided", "held", "confirmed", "confirmed", "lapsed", "released"]
    )
    made = Receipt(instant(chance), chance.randint(0, 5_000), state, chance.randint(0, 4_000))
    if state in ("recorded", "confirmed"):
        made.back = [chance.randint(0, 500) for _ in range(chance.choice([0, 0, 0, 1, 2]))]
    return made


async def write(tx: Transaction, program: UUID, pool: UUID, one: Receipt) -> None:
    """The rows of a receipt."""
    home, purchase, other = ids.home(pool), ids.new(ids.home(pool)), ids.new()
    await tx.execute(
        "INSERT INTO purchase (program, home, id, pool, partner, store, till, cashier, receipt_number, request, held,"
        " purchased_at, recorded_at, currency, gross, discount, paid_with_points, payable, turnover, earned, spent,"
        " document) VALUES (%s, %s, %s, %s, %s, %s, '', '', '', 'r', %s, %s, %s, 'EUR', 0, 0, 0, 0, %s, 0, 0, '')",
        (program, home, purchase, pool, other, other, one.state not in ("recorded", "voided"), one.at, NOW,
         one.turnover),
    )  # fmt: skip
    if one.state == "voided":
        assert await journal.void(tx, program, purchase, "", NOW)
    elif one.state != "recorded":
        lapses = NOW if one.state == "lapsed" else NOW + timedelta(microseconds=1)
        still_open = one.state in ("held", "lapsed")  # what has lapsed need not be written down yet
        await tx.execute(
            "INSERT INTO hold VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            (program, home, ids.new(home), pool, purchase, NOW - timedelta(days=1), lapses, still_open),
        )
    if one.state == "confirmed":
        await tx.execute(
            "INSERT INTO confirmation VALUES (%s, %s, %s, %s, 0, 0, 0, 0, %s, 0, 0, '')",
            (program, home, purchase, NOW, one.confirmed_turnover),
        )
    for back in one.back:
        row = ReturnRow(ids.new(home), purchase, other, "", NOW, 0, 0, 0, back, 0, 0, b"")
        await journal.give_back(tx, program, NOW, row)


def naive(history: list[Receipt], cut: datetime) -> dict[str, Any]:
    """All facts, by looking at every receipt for each."""
    zone = clock.zone(ZONE)
    today = cut.astimezone(zone).date()
    known = [one for one in history if one.counts and one.at <= cut]
    spans = {
        "lifetime": lambda day: True,
        "calendar_year": lambda day: day.year == today.year,
        "calendar_month": lambda day: (day.year, day.month) == (today.year, today.month),
        "days_1": lambda day: (today - day).days < 1,
        "days_30": lambda day: (today - day).days < 30,
        "days_365": lambda day: (today - day).days < 365,
    }
    days = {one.at: one.at.astimezone(zone).date() for one in known}
    return {
        "turnover": {
            key: sum(one.left for one in known if within(days[one.at])) for key, within in spans.items()
        },
        "purchases": {n: sum((today - days[one.at]).days < n for one in known) for n in (1, 7, 400)},
        "days": {
            n: frozenset(days[one.at] for one in known if (today - days[one.at]).days < n)
            for n in (1, 7, 400)
        },
        "last": max((one.at for one in known), default=None),
    }


async def compare(database: Database, seed: int) -> None:
    chance = Random(seed)
    program = await insert_program(database)
    homes = [chance.randrange(1024) for _ in range(3)]
    pools = [ids.new(home) for home in homes]
    histories = [[receipt(chance) for _ in range(chance.randint(0, 12))] for _ in pools]
    async with database.transaction(program) as tx:
        for pool, history in zip(pools, histories, strict=True):
            await tx.execute(
                "INSERT INTO pool VALUES (%s, %s, %s, 'person', %s)", (program, ids.home(pool), pool, START)
            )
            for one in history:
                await write(tx, program, pool, one)
    asked = [(chance.randrange(3), instant(chance)) for _ in range(5)]
    whose = [
        Whose(place, Customer(pools[n], homes[n], None, None, None, "", "", None), cut)
        for place, (n, cut) in enumerate(asked)
    ]
    async with database.transaction(program) as tx:
        known = structs.replace(await known_programs.load(tx, program), live=LIVE)
        found: Found = await facts.answers(await facts.ask(tx, known, whose, NOW))
    for place, (n, cut) in enumerate(asked):
        here = found[place]
        assert {
            "turnover": here.turnover, "purchases": here.purchases, "days": here.days, "last": here.last,
        } == naive(histories[n], cut)  # fmt: skip


def play(database_url: str, examples: int) -> None:
    with asyncio.Runner() as runner:
        database = Database(database_url)
        runner.run(database.open())

        @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.integers(0, 2**64))
        def histories(seed: int) -> None:
            runner.run(compare(database, seed))

        try:
            histories()
        finally:
            runner.run(database.close())


def test_turnover_visits_and_the_last_purchase_are_what_a_naive_reader_finds(database_url: str) -> None:
    play(database_url, examples=60)

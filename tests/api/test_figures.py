"""The figures: summed up as facts come, made anew, and counted by hand they are the same."""

from __future__ import annotations

import asyncio
import io
import itertools
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from rich.console import Console

from regulars.cli.figures import rebuild
from regulars.db.pool import Database, fetch_all
from regulars.db.restored import NUMBERED
from regulars.flows import roll_figures as module
from regulars.flows.roll_figures import Restored, rebuild_figures, roll_figures
from regulars.ids import show
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish, set_clock, settle
from tests.conftest import START
from tests.counted import COUNTED, by_hand

HALF_OFF = {
    "name": "Half off bread",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "50", "goods": {"skus": ["bread"]}}],
}
DOUBLE = {
    "name": "Double points on coffee",
    "group": "points",
    "conditions": [{"kind": "member"}],
    "benefits": [
        {"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 50, "goods": {"skus": ["coffee"]}}
    ],
}
STORES = (("riga-1", "Europe/Riga"), ("riga-2", "Europe/Riga"), ("lisboa", "Europe/Lisbon"))


async def figures(database: Database, api: Api) -> dict[str, Counter[Any]]:
    """All sums as they are kept, without rows of nothing."""
    found = {}
    async with database.transaction(api.program.id) as tx:
        for name, query in COUNTED.items():
            rows = await fetch_all(tx, query.encode())
            found[name] = Counter({tuple(row[:-1]): row[-1] for row in rows if row[-1]})
    return found


class History:
    """What people do in three stores of a program, at random."""

    def __init__(self, api: Api, seed: int):
        self.api, self.chance = api, random.Random(seed)
        self.now = START
        self.cards: list[tuple[str, str]] = []
        self.done: list[tuple[str, int, dict[int, int]]] = []
        self.held: list[str] = []
        self.anonymous: list[str] = []
        self.number = 0

    async def prepare(self) -> None:
        """The stores, promotions, a rate and a first member."""
        await set_clock(self.api, self.now.isoformat())
        for code, zone in STORES:
            await self.api.post("/v1/stores", {"code": code, "name": code, "time_zone": zone, "tills": ["7"]})
        for promotion in (MEMBER_POINTS, HALF_OFF, DOUBLE):
            await publish(self.api, promotion)
        await self.api.post("/v1/exchange-rates", {"currency": "USD", "valid_from": "2026-01-01T00:00:00Z",
                                                   "rate": "0.9"})  # fmt: skip
        await settle(self.api, welcome={"currency": "PTS", "points": 25})
        await self.enrol()

    async def step(self) -> None:
        """One act."""
        acts = (self.purchase,) * 6 + (self.back,) * 3 + (self.void, self.enrol, self.settle_hold, self.claim,
                                                         self.sleep, self.sleep, self.adjust, self.leave)  # fmt: skip
        self.number += 1
        await self.chance.choice(acts)()

    async def enrol(self) -> None:
        """Somebody joins, in a store or not."""
        self.cards.append(await member_with_card(self.api))

    async def purchase(self) -> None:
        """A receipt: perhaps late, held, in another money, as sold, paid with points."""
        chance = self.chance
        card = chance.choice([None, *[c for _, c in self.cards]])
        goods = [
            line(
                n + 1,
                chance.randint(10, 900),
                str(chance.randint(1, 4)),
                sku=chance.choice(["bread", "coffee", "tea"]),
            )
            for n in range(chance.randint(1, 3))
        ]
        late = chance.choice(
            [timedelta()] * 3 + [timedelta(days=chance.randint(0, 6), minutes=chance.randint(0, 1439))]
        )
        more: dict[str, Any] = {}
        if chance.random() < 0.15:
            more["hold"] = True
        elif chance.random() < 0.15:
            more["pricing"] = "as_sold"
        if chance.random() < 0.1:
            more["currency"] = "USD"
        if card and chance.random() < 0.2 and "pricing" not in more:
            more["spend"] = [{"currency": "PTS", "amount": "max"}]
        at = max(self.now - late, START)
        body = buy(f"r-{self.number}", card, goods, purchased_at=at.isoformat(),
                   store=chance.choice(STORES)[0], **more)  # fmt: skip
        answer = await self.api.post("/v1/purchases", body, scope="till")
        assert answer.status_code == 201, answer.text
        identifier = answer.json()["id"]
        if "hold" in more:
            self.held.append(identifier)
            return
        self.done.append((identifier, self.number, {int(g["line"]): int(g["quantity"]) for g in goods}))
        if card is None:
            self.anonymous.append(identifier)

    async def back(self) -> None:
        """Some of a purchase comes back; it may have been voided or returned meanwhile."""
        if self.done:
            purchase, _, quantities = self.chance.choice(self.done)
            number = self.chance.choice(list(quantities))
            body = {"id": f"b-{self.number}", "lines": [{"line": number, "quantity": "1"}],
                    "returned_at": self.now.isoformat(), "till": "7"}  # fmt: skip
            answer = await self.api.post(f"/v1/purchases/{purchase}/returns", body, scope="till")
            assert answer.status_code in (201, 409, 422), answer.text

    async def void(self) -> None:
        """A purchase is undone, if it can be."""
        if self.done:
            answer = await self.api.post(
                f"/v1/purchases/{self.chance.choice(self.done)[0]}/void", {}, scope="till"
            )
            assert answer.status_code in (200, 409), answer.text

    async def settle_hold(self) -> None:
        """A hold is confirmed or voided."""
        if self.held:
            purchase = self.held.pop()
            act = self.chance.choice(["confirm", "confirm", "void"])
            answer = await self.api.post(f"/v1/purchases/{purchase}/{act}", {}, scope="till")
            assert answer.status_code in (200, 409), answer.text

    async def claim(self) -> None:
        """A member claims a receipt of nobody's."""
        if self.anonymous:
            purchase = self.anonymous.pop()
            member = self.chance.choice(self.cards)[0]
            answer = await self.api.post(f"/v1/purchases/{purchase}/claim", {"member": member})
            assert answer.status_code in (201, 409, 422), answer.text

    async def sleep(self, much: timedelta | None = None) -> None:
        """Days or hours go by."""
        self.now += much or timedelta(minutes=self.chance.choice([40, 500, 1440, 4000, 20_000]))
        await set_clock(self.api, self.now.isoformat())

    async def adjust(self) -> None:
        """Points by hand."""
        member = self.chance.choice(self.cards)[0]
        amount = self.chance.choice([50, 100, -5])
        await self.api.post(
            f"/v1/members/{member}/adjustments",
            {"currency": "PTS", "amount": amount, "reason": "to test with"},
        )

    async def leave(self) -> None:
        """Two members turn out to be one, or are two again."""
        if len(self.cards) > 2:
            duplicate, _ = self.cards.pop()
            into = self.cards[0][0]
            answer = await self.api.post(f"/v1/members/{into}/merge", {"member": duplicate})
            assert answer.status_code in (200, 201), answer.text
            if self.chance.random() < 0.5:
                answer = await self.api.post(f"/v1/members/{into}/unmerge", {"member": duplicate})
                assert answer.status_code in (200, 201), answer.text


@pytest.mark.parametrize("seed", range(6))
async def test_summed_up_as_facts_come_made_anew_and_counted_by_hand_they_are_the_same(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(module, "PART_FACTS", (3, 5000)[seed % 2])  # many parts, or one
    history = History(shop, seed)
    await history.prepare()
    rolled = 0
    for _ in range(60):
        await history.step()
        if history.chance.random() < 0.3:
            rolled += await roll_figures(database, shop.program.id, history.now)
    rolled += await roll_figures(database, shop.program.id, history.now)
    assert rolled > 60
    incremental = await figures(database, shop)
    assert incremental == await by_hand(database, shop.program.id)
    assert await rebuild_figures(database, shop.program.id, history.now) == rolled
    assert await figures(database, shop) == incremental


async def test_many_facts_are_summed_up_in_parts_that_divide_no_transaction(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(shop, 41)
    await history.prepare()
    for _ in range(25):
        await history.step()
    whole: list[tuple[int, int]] = []
    facts = await rebuild_figures(database, shop.program.id, history.now, lambda *told: whole.append(told))
    assert whole == [(facts, facts)]
    monkeypatch.setattr(module, "PART_FACTS", 10)
    told: list[tuple[int, int]] = []
    assert (
        await rebuild_figures(database, shop.program.id, history.now, lambda *one: told.append(one)) == facts
    )
    done = [0, *[one for one, _ in told]]
    assert done[-1] == facts
    assert len(told) >= facts // 20
    assert all(
        after - before <= 20 for before, after in itertools.pairwise(done)
    )  # ten, and the transaction's rest


async def test_a_restored_database_is_noticed_and_made_anew(
    shop: Api, database: Database, database_url: str, administrator_url: str
) -> None:
    history = History(shop, 31)
    await history.prepare()
    for _ in range(15):
        await history.step()
    await roll_figures(database, shop.program.id, history.now)
    before = await figures(database, shop)
    with psycopg.connect(administrator_url, autocommit=True) as administrator:
        # As after a restore: the numbers of transactions are those of another server, far ahead.
        for table, column in (*NUMBERED, ("figures_roll", "xid_until")):
            administrator.execute(
                f"UPDATE {table} SET {column} = {column} + 10^12 WHERE program = %s".encode(),
                (shop.program.id,),
            )
    with pytest.raises(Restored):
        await roll_figures(database, shop.program.id, history.now)
    console = Console(file=io.StringIO())
    assert await asyncio.to_thread(rebuild, database_url, show("prg", shop.program.id), console) == 0
    assert await figures(database, shop) == before
    await history.purchase()
    await history.enrol()
    await roll_figures(database, shop.program.id, history.now)
    assert await figures(database, shop) == await by_hand(database, shop.program.id)


async def test_what_an_open_transaction_wrote_counts_when_it_has_ended(shop: Api, database: Database) -> None:
    history = History(shop, 32)
    await history.prepare()
    program = shop.program.id
    async with database.transaction(program) as slow:
        await slow.execute("SELECT pg_current_xact_id()")  # it has a number, lower than the next purchase's
        await history.purchase()
        await roll_figures(database, program, history.now)
        assert (await figures(database, shop))["purchases"] == Counter()
    await roll_figures(database, program, history.now)
    assert sum((await figures(database, shop))["purchases"].values()) == len(history.done)


async def test_two_who_roll_at_once_count_nothing_twice(shop: Api, database: Database) -> None:
    history = History(shop, 33)
    await history.prepare()
    for _ in range(20):
        await history.step()
    rolls = [roll_figures(database, shop.program.id, history.now) for _ in range(4)]
    await asyncio.gather(*rolls)
    await roll_figures(database, shop.program.id, history.now)
    assert await figures(database, shop) == await by_hand(database, shop.program.id)

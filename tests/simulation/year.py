"""A coalition's year, played from a seed: days of purchases, nights of checks."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from regulars import ids
from regulars.db.pool import Database, fetch_all
from regulars.flows.check_ledger import check_ledger
from regulars.flows.seal_ledger import seal_ledger
from regulars.flows.verify_ledger import verify_ledger
from tests.simulation.lanes import Customer, Lane
from tests.simulation.memory import Memory
from tests.simulation.town import PROMOTIONS, START, WITH_CODE, ZONE, Town, done, patient, publish

HOURS = (9, 13, 18)
FIRST_MEMBERS = 12
LANES_AT_ONCE = 8
EXPIRED = """
SELECT m.id, coalesce(sum(CASE WHEN e.target = 'expired' THEN e.amount ELSE -e.amount END), 0)::bigint
FROM member m
JOIN entry e ON (e.program, e.home, e.pool) = (m.program, m.home, m.pool)
WHERE 'expired' IN (e.source, e.target) AND e.currency = 'PTS'
GROUP BY m.id
"""


LEFT_OVER = "SELECT count(*) FROM lot WHERE expires_at <= %s AND drawn + reserved < amount"


class Year:
    """One simulation. `administrator_url`: for whom may cut connections."""

    def __init__(
        self, town: Town, seed: int, administrator_url: str, say: Callable[[str], None] = lambda _: None
    ):
        self._town, self._seed, self._administrator = town, seed, administrator_url
        self._say = say
        self._memory = Memory()
        self._customers = [Customer(f"passer-by-{n}", None, None) for n in range(2)]
        self._waiting = list(PROMOTIONS[1:])
        self._stopped: set[str] = set()
        self._present = START

    async def play(self, days: int) -> Memory:
        """So many days, each checked in the night. Raises AssertionError."""
        started = time.monotonic()
        first = START.date()
        for n in range(FIRST_MEMBERS):
            await self._enrol(n)
        for day in range(days):
            today = first + timedelta(days=day)
            chance = random.Random(f"{self._seed}/{today}")
            for hour in HOURS:
                await self._part_of_day(chance, today, hour)
            await self._set_clock(_local(today + timedelta(days=1), 0, 5))
            await self._night(sealing=day % 7 == 6 or day == days - 1)
            if day % 28 == 27 or day == days - 1:
                count, seconds = len(self._memory.bought), time.monotonic() - started
                self._say(f"{today}: {count} purchases, {len(self._customers) - 2} members, {seconds:.0f} s")
        return self._memory

    async def _part_of_day(self, chance: random.Random, today: date, hour: int) -> None:
        now = _local(today, hour, chance.randrange(60))
        await self._set_clock(now)
        if hour == HOURS[0] and len(self._customers) < 30 and chance.random() < 0.1:
            await self._enrol(len(self._customers))
        out = chance.sample(self._customers, min(len(self._customers), chance.randint(3, 6)))
        side_by_side = asyncio.Semaphore(LANES_AT_ONCE)

        async def live(customer: Customer) -> None:
            async with side_by_side:
                lane = Lane(
                    self._town, self._memory, customer, self._customers, f"{self._seed}/{today}/{hour}"
                )
                await lane.live(now, chance_of[customer.name])

        chance_of = {customer.name: chance.randint(1, 2) for customer in out}
        work = [live(customer) for customer in out]
        if chance.random() < 0.35:
            work.append(self._marketing(chance))
        if chance.random() < 0.05:
            work.append(self._cut(chance))
        await asyncio.gather(*work)

    async def _enrol(self, number: int) -> None:
        api = self._town.apps[0]
        body = {"phone": f"+371{20_000_000 + number}", "name": f"Member {number}"}
        answer = await patient(lambda: api.post("/v1/members", body, key=f"enrol-{number}"))
        assert answer.status_code == 201, answer.text
        made = answer.json()
        self._customers.append(Customer(f"member-{number}", made["id"], made["cards"][0]["number"]))

    async def _marketing(self, chance: random.Random) -> None:
        """A promotion is published, stopped or goes on, while the tills sell."""
        live = sorted(self._town.promotions.keys() - self._stopped - {PROMOTIONS[0]["name"]})
        if self._waiting and chance.random() < 0.6:
            await publish(self._town, self._waiting.pop(chance.randrange(len(self._waiting))))
            return
        turning = sorted(self._stopped) if self._stopped and chance.random() < 0.6 else live
        if not turning:
            return
        name = chance.choice(turning)
        act = "resume" if name in self._stopped else "stop"
        key = f"{act}-{chance.getrandbits(64):x}"
        path = f"/v1/promotions/{self._town.promotions[name]}/{act}"
        answer = await patient(lambda: self._town.apps[1].post(path, key=key))
        assert answer.status_code == 200, answer.text
        self._stopped ^= {name}

    async def _cut(self, chance: random.Random) -> None:
        """Every connection to the database ends, in the middle of what is being written."""
        await asyncio.sleep(chance.random() * 0.1)
        async with await psycopg.AsyncConnection.connect(self._administrator, autocommit=True) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await _revived(self._town.database)

    async def _set_clock(self, now: datetime) -> None:
        """Whatever falls due on the way is done."""
        self._present = now
        body, key = {"now": now.isoformat()}, f"clock-{now.isoformat()}"
        answer = await patient(lambda: self._town.apps[0].post("/v1/sandbox/clock", body, key=key))
        assert answer.status_code == 200, answer.text

    async def _night(self, *, sealing: bool) -> None:
        program, now = self._town.program.id, self._present
        findings = await check_ledger(self._town.database, program)
        assert findings == (), findings
        await self._require_points()
        await self._require_limits()
        await self._require_purchases()
        if sealing:
            await seal_ledger(self._town.database, program, now)
            report = await verify_ledger(self._town.database, program, now)
            assert report.broken == (), report.broken

    async def _require_points(self) -> None:
        """Each member has what the answers sum to, less what has expired; nothing that has expired is usable."""
        async with self._town.database.transaction(self._town.program.id, analytical=True) as tx:
            expired = {row[0]: int(row[1]) for row in await fetch_all(tx, EXPIRED)}
            assert await fetch_all(tx, LEFT_OVER, (self._present,)) == [(0,)], self._present
        api, usable, points = self._town.apps[0], 0, self._memory.points()
        for customer in self._customers:
            if customer.id is None:
                continue
            shown = (await done(patient(lambda who=customer.id: api.get(f"/v1/members/{who}/balance"))))[
                "currencies"
            ]
            found = next(one for one in shown if one["currency"] == "PTS")
            has = found["available"] + found["pending"] + found["held"] - found["debt"]
            expected = points[customer.id] - expired.get(ids.read("mem", customer.id), 0)
            assert has == expected, (self._present, customer.name, found, expected)
            assert all(datetime.fromisoformat(one["at"]) > self._present for one in found["expiring"]), found
            usable += found["available"] + found["pending"]
        assert usable <= self._memory.usable_at_most(self._present), self._present

    async def _require_limits(self) -> None:
        """What was given within limits for all together is what the counters say, and never passes them."""
        api, now = self._town.apps[1], self._present
        for document in PROMOTIONS:
            promotion = self._town.promotions.get(document["name"])
            if promotion is None or "limits" not in document:
                continue
            usage = (await done(patient(lambda p=promotion: api.get(f"/v1/promotions/{p}/usage"))))["limits"]
            for limit, shown in zip(document["limits"], usage, strict=True):
                if limit["per"] != "total":
                    continue
                measure = next(name for name in ("uses", "points", "amount") if name in limit)
                used = self._memory.used(promotion, measure, now)
                assert (shown["used"], used <= limit[measure]) == (used, True), (
                    now,
                    document["name"],
                    shown,
                    used,
                )
        if WITH_CODE in self._town.promotions:
            uses = self._memory.code_uses(self._town.promotions[WITH_CODE], now)
            assert {code: found for code, found in uses.items() if len(found) > 1} == {}

    async def _require_purchases(self) -> None:
        """Every purchase that was acknowledged is there once, and no other."""
        async with self._town.database.transaction(self._town.program.id, analytical=True) as tx:
            rows = await fetch_all(tx, "SELECT request FROM purchase")
        assert Counter(row[0] for row in rows) == Counter(self._memory.bought.keys())


def _local(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))


async def _revived(database: Database) -> None:
    """Use up the connections that were cut, so that the next check gets a good one."""
    for _ in range(50):
        try:
            async with database.transaction(None) as tx:
                await tx.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            await asyncio.sleep(0.01)
    raise AssertionError("the database does not come back")


def command(seed: int, days: int) -> str:
    """What plays the same year again."""
    return f"./test simulate SEED={seed} DAYS={days}"


async def simulate(
    town: Town, seed: int, days: int, administrator_url: str, say: Callable[[str], None] = lambda _: None
) -> Memory:
    """Play a year, or so many days of one. Raises AssertionError, which names the command that plays it again."""
    try:
        return await Year(town, seed, administrator_url, say).play(days)
    except BaseException as error:
        error.add_note(f"To play this year again: {command(seed, days)}")
        raise


def told(memory: Memory, days: int) -> str:
    """What happened, in a line."""
    count: Any = Counter(
        "voided" if one.voided else "held or lapsed" if one.held_until else "recorded"
        for one in memory.bought.values()
    )
    returns = sum(len(one.returns) for one in memory.bought.values())
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(count.items()))
    return f"{days} days: {len(memory.bought)} purchases ({kinds}), {returns} returns, {len(memory.given_up)} given up"

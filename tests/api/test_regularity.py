"""Regular visits: a personal rhythm, who is missed and when, and the visit after so many in a row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from regulars import ids
from regulars.db.pool import Database, fetch_all
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.notice_absences import notice_absences
from regulars.flows.roll_figures import roll_figures
from regulars.members.vault import Keyring
from tests.api.conftest import SECRET, Api, Letters
from tests.api.shop import buy, line, publish, record, refused, set_clock, settle
from tests.conftest import MASTER_KEYS

FIRST = date(2026, 3, 2)
S19 = (21, 24, 19, 23, 22, 25)
FIFTH: dict[str, Any] = {
    "name": "The fifth in good time",
    "group": "items",
    "conditions": [{"kind": "visit_streak", "visits": 4, "within_days": 30}],
    "benefits": [{"kind": "line_percent", "percent": "20"}],
}


def at(day: date, time: str = "11:00:00") -> str:
    """On the program's clock, in Riga."""
    summer = date(2026, 3, 29) <= day < date(2026, 10, 25)
    return f"{day.isoformat()}T{time}+0{3 if summer else 2}:00"


async def regular(api: Api, phone: str, *agreed: str) -> tuple[str, str]:
    """A member who agreed to messages by these channels; id and card number."""
    consents = [{"channel": channel, "purpose": "marketing", "granted": True} for channel in agreed]
    made = await api.post("/v1/members", {"phone": phone, "language": "lv", "consents": consents})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["cards"][0]["number"]


async def come(api: Api, card: str, *days: date) -> list[int]:
    """Buy a massage of 40.00 on each of these days; the discounts."""
    found = []
    for day in days:
        await set_clock(api, at(day))
        bought = await record(api, buy(f"{card}-{day}", card, [line(1, 4_000)], purchased_at=at(day)))
        found.append(bought["discount"])
    return found


async def rhythm_of(api: Api, database: Database, member: str) -> dict[str, Any]:
    """How regularly she comes, by all that was bought."""
    await roll_figures(database, api.program.id, await KnownPrograms(database).now(api.program.id))
    return (await api.get(f"/v1/members/{member}/rhythm")).json()


async def absences(api: Api, database: Database) -> list[tuple[Any, ...]]:
    """Those that were noticed: last visit, overdue on, channel."""
    async with database.transaction(api.program.id) as tx:
        return await fetch_all(tx, "SELECT since, overdue_on, channel FROM absence")


def visits(*gaps: int) -> list[date]:
    """The first visit, and each other so many days after the one before."""
    days = [FIRST]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


@pytest.mark.scenario("S19")
async def test_who_comes_every_22_and_a_half_days_is_missed_on_the_34th_day_and_not_before(
    shop: Api, database: Database, letters: Letters
) -> None:
    await settle(shop, regularity={"on": True})
    await publish(shop, FIFTH)
    member, card = await regular(shop, "+37126000001", "sms")
    days = visits(*S19)

    discounts = await come(shop, card, *days)
    rhythm = await rhythm_of(shop, database, member)
    await set_clock(shop, at(days[-1] + timedelta(days=33), "23:59:59"))
    before = (await shop.get("/v1/overdue")).json()
    noticed_before = await absences(shop, database)
    await set_clock(shop, at(days[-1] + timedelta(days=34), "00:00:00"))
    written = await letters.to("+37126000001")
    after = (await shop.get("/v1/overdue")).json()
    await set_clock(shop, at(days[-1] + timedelta(days=60)))

    overdue_on = (days[-1] + timedelta(days=34)).isoformat()
    assert discounts == [0, 0, 0, 0, 800, 0, 0]  # the fifth, and the count begins anew
    assert rhythm == {
        "visits": 7, "last_visit": days[-1].isoformat(), "median_days": "22.5", "overdue_on": overdue_on,
        "overdue": False,
    }  # fmt: skip
    assert (before, noticed_before) == ({"items": [], "total": 0, "next": None}, [])
    assert after["items"] == [
        {
            "member": member,
            "last_visit": days[-1].isoformat(),
            "median_days": "22.5",
            "overdue_on": overdue_on,
        }
    ]
    assert len(written) == len(letters.all()) == 1


async def test_whoever_comes_again_is_missed_anew_and_an_absence_is_noticed_once(
    shop: Api, database: Database, letters: Letters
) -> None:
    await settle(shop, regularity={"on": True, "intervals_min": 2})
    member, card = await regular(shop, "+37126000002", "sms")
    days = visits(10, 10)
    programs = KnownPrograms(database, Keyring(SECRET, MASTER_KEYS))
    await come(shop, card, *days)
    await set_clock(shop, at(days[-1] + timedelta(days=15)))
    await letters.to("+37126000002")

    later = datetime.combine(days[-1] + timedelta(days=21), datetime.min.time(), UTC)
    again = await notice_absences(database, programs, shop.program.id, later)
    await come(shop, card, days[-1] + timedelta(days=22))
    came = await rhythm_of(shop, database, member)
    await set_clock(shop, at(days[-1] + timedelta(days=22 + 15)))

    assert again == 0
    assert (came["median_days"], came["overdue"]) == ("10.0", False)
    assert len(await letters.to("+37126000002", 2)) == len(letters.all()) == 2


async def test_nobody_is_written_to_without_an_agreement_and_the_absence_is_told_all_the_same(
    shop: Api, database: Database, letters: Letters
) -> None:
    await settle(shop, regularity={"on": True})
    listener = {"address": "https://crm.example.com/hooks", "events": ["member.overdue"]}
    assert (await shop.post("/v1/webhooks", listener)).status_code == 201
    _, card = await regular(shop, "+37126000003")
    days = visits(10, 10, 10)
    await come(shop, card, *days)
    await set_clock(shop, at(days[-1] + timedelta(days=15)))

    async with database.transaction(shop.program.id) as tx:
        told = await fetch_all(tx, "SELECT data FROM outbox WHERE type = 'member.overdue'")

    last, overdue_on = days[-1], days[-1] + timedelta(days=15)
    assert await absences(shop, database) == [(last, overdue_on, None)]
    assert told == [({"last_visit": last.isoformat(), "overdue_on": overdue_on.isoformat()},)]
    assert letters.all() == []


async def test_with_two_intervals_there_is_no_rhythm_and_where_nobody_looks_nobody_is_missed(
    shop: Api, database: Database, letters: Letters
) -> None:
    member, card = await regular(shop, "+37126000004", "sms")
    await come(shop, card, *visits(10, 10))
    few = await rhythm_of(shop, database, member)
    await settle(shop, regularity={"on": False, "intervals_min": 2})
    await set_clock(shop, at(FIRST + timedelta(days=90)))

    off = (await shop.get("/v1/overdue")).json()
    other = await rhythm_of(shop, database, member)

    assert (few["visits"], few["median_days"], few["overdue_on"]) == (3, None, None)
    assert (other["median_days"], other["overdue"]) == ("10.0", True)
    assert (off["total"], letters.all()) == (0, [])


@pytest.mark.scenario("S19")
async def test_a_booked_visit_suppresses_the_message_until_it_is_over(
    shop: Api, database: Database, letters: Letters
) -> None:
    await settle(shop, regularity={"on": True})
    member, card = await regular(shop, "+37126000005", "sms")
    days = visits(*S19)
    await come(shop, card, *days)
    missed_on, booked = days[-1] + timedelta(days=34), days[-1] + timedelta(days=36)
    await book_massage(shop, database, member, at(booked))

    await set_clock(shop, at(missed_on))
    while_booked = await absences(shop, database)
    await set_clock(shop, at(booked, "11:00:01"))
    afterwards = await absences(shop, database)

    assert (while_booked, afterwards) == ([], [(days[-1], missed_on, "sms")])
    assert len(await letters.to("+37126000005")) == 1


async def book_massage(api: Api, database: Database, member: str, when: str) -> None:
    """As if she had booked a visit that her tier lets her have."""
    key = ids.read("mem", member, "")
    store = api.program.operator
    async with database.transaction(api.program.id) as tx:
        await tx.execute(
            "INSERT INTO entitlement (program, code, revision, document, since, author)"
            " VALUES (%s, 'massage', 1, '{}', now(), 'test')",
            (api.program.id,),
        )
        await tx.execute(
            "INSERT INTO entitlement_use (program, home, id, member, code, revision, state, store, partner, at, day,"
            " guests, taken, granted, cost, booked, created_at, created_by) VALUES (%s, %s, %s, %s, 'massage', 1,"
            " 'booked', %s, %s, %s, %s::timestamptz::date, 0, 1, '{}', 0, true, now(), 'test')",
            (api.program.id, ids.home(key), ids.new(ids.home(key)), key, store, store, when, when),
        )


async def test_a_cursor_that_was_never_answered_is_refused(shop: Api) -> None:
    await settle(shop, regularity={"on": True})

    answer = await shop.get("/v1/overdue", cursor="tomorrow")

    assert refused(answer) == (422, "invalid_value", "?cursor")


async def test_who_was_seen_without_buying_is_missed_only_when_that_is_long_ago_too(
    shop: Api, database: Database
) -> None:
    await settle(shop, regularity={"on": True, "activities": ["visit"]})
    visit = {"names": {"en": "Looked in", "lv": "Ienāca"}}
    assert (await shop.call("PUT", "/v1/activity-kinds/visit", visit)).status_code == 200
    member, card = await regular(shop, "+37129000041", "sms")
    days = visits(*S19)
    await come(shop, card, *days)
    missed_on = days[-1] + timedelta(days=34)
    seen = days[-1] + timedelta(days=20)
    await set_clock(shop, at(seen))
    told = await shop.post(
        f"/v1/members/{member}/events", {"id": "v-1", "kind": "visit", "happened_at": at(seen), "data": {}}
    )
    assert told.status_code == 201, told.text

    await set_clock(shop, at(seen + timedelta(days=33)))
    while_around = await absences(shop, database)
    await set_clock(shop, at(seen + timedelta(days=36)))

    assert (while_around, await absences(shop, database)) == ([], [(days[-1], missed_on, "sms")])

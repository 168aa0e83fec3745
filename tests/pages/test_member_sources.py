"""Where members come from: the tag of a web address, the page of sources, and its file."""

from __future__ import annotations

import csv
import io

import pytest

from regulars.db.pool import Database
from regulars.flows.roll_figures import roll_figures
from regulars.programs import registry
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import Api, Letters
from tests.api.shop import buy, line, record
from tests.api.test_keys_of_partners import two_partners
from tests.api.test_purchases import key_for
from tests.conftest import START
from tests.pages.conftest import Visitor
from tests.pages.portal import HTML, words

PAGE = "/backoffice/members/sources"
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def in_english(api: Api) -> None:
    """Pages speak English."""
    api.client.cookies.set(LANGUAGE_COOKIE, "en")


@pytest.fixture
async def shop(api: Api, database: Database) -> Api:
    """The program on the first day of a test's history."""
    async with database.transaction(api.program.id) as tx:
        await registry.move_clock(tx, api.program.id, START)
    return api


async def test_the_tag_of_an_address_is_kept_with_who_joins_by_it(shop: Api, letters: Letters) -> None:
    home = f"/portal/{shop.program.slug}"
    poster = await shop.client.get(f"{home}/join", params={"tag": "shop window & co"}, headers=HTML)
    assert (poster.status_code, poster.headers["location"]) == (
        303,
        f"{home}/sign-in?tag=shop+window+%26+co",
    )
    page = await shop.client.get(poster.headers["location"], headers=HTML)
    assert 'data-tag="shop window &amp; co"' in page.text
    asked = await shop.client.post(f"{home}/api/log-in/code", json={"phone": "+37120000001"}, headers=OWN)
    given = {
        "challenge": asked.json()["challenge"],
        "code": await letters.code("+37120000001"),
        "phone": "+37120000001",
        "agreed": True,
        "tag": "shop window & co",
    }

    entered = await shop.client.post(f"{home}/api/log-in/verify", json=given, headers=OWN)

    member = (await shop.get(f"/v1/members/{entered.json()['member']}")).json()
    assert (member["source"], member["tag"]) == ("web", "shop window & co")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/?tag=fair", "/sign-in?tag=fair"),
        ("/offers?tag=fair", "/sign-in?next={home}/offers%3Ftag%3Dfair&tag=fair"),
        ("/join?tag=" + "x" * 65, "/sign-in"),
        ("/join?tag=a%0Ab", "/sign-in"),
        ("/join", "/sign-in"),
        ("/join?tag=fair&lang=lv", "/sign-in?tag=fair&lang=lv"),
    ],
)
async def test_a_tag_goes_along_to_the_log_in_if_it_can_be_one(shop: Api, path: str, location: str) -> None:
    home = f"/portal/{shop.program.slug}"
    answer = await shop.client.get(home + path, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, home + location.format(home=home))


async def test_a_tag_that_is_too_long_is_refused_where_she_joins(shop: Api, letters: Letters) -> None:
    door = f"/portal/{shop.program.slug}/api/log-in"
    asked = await shop.client.post(f"{door}/code", json={"phone": "+37120000001"}, headers=OWN)
    given = {"challenge": asked.json()["challenge"], "code": await letters.code("+37120000001")}
    given |= {"phone": "+37120000001", "tag": "x" * 65}
    answer = await shop.client.post(f"{door}/verify", json={**given, "agreed": True}, headers=OWN)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/tag")


async def joined(shop: Api, database: Database) -> None:
    """Two from the fair on the web, one of them bought; one by the cafe's key; one at its till, who left."""
    await two_partners(shop)
    web = {"source": "web", "tag": "fair"}
    first = await shop.post("/v1/members", {"phone": "+37120000001", **web})
    await shop.post("/v1/members", {"phone": "+37120000002", **web})
    cafe = await key_for(shop, "partner", partner="cafe")
    await cafe.post("/v1/members", {"phone": "+37120000003"})
    till = await key_for(shop, "till", partner="cafe", store="cafe-1")
    gone = await till.post("/v1/members", {"phone": "+37120000004"})
    await shop.delete(f"/v1/members/{gone.json()['id']}")
    await record(shop, buy("r1", first.json()["cards"][0]["number"], [line(1, 500)]))
    await roll_figures(database, shop.program.id, START)


async def test_the_page_of_sources_counts_who_joined_and_who_has_bought(
    shop: Api, database: Database
) -> None:
    await joined(shop, database)
    visitor, day = Visitor(shop), START.date().isoformat()
    await visitor.as_staff("owner")
    asked = {"from": day, "to": day}

    page = words((await visitor.client.get(PAGE, params=asked)).text)
    by_tag = (await visitor.client.get(PAGE, params=asked | {"by": "tag"})).text
    by_partner = words((await visitor.client.get(PAGE, params=asked | {"by": "partner"})).text)
    answer = await visitor.client.get(f"{PAGE}.csv", params=asked)

    assert "on the website fair – – 2 0 1 50%" in page
    assert "by a partner – Café – 1 0 0 0%" in page
    assert "at a till – Café cafe-1 1 1 0 0%" in page
    assert (
        f'href="/backoffice/members/list?joined_from={day}&amp;joined_to={day}&amp;tag=fair">2</a>' in by_tag
    )
    assert "Café 2 1 0 0%" in by_partner
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sorted(tuple(row.values()) for row in rows) == [
        ("partner", "", "cafe", "", "1", "0", "0"),
        ("till", "", "cafe", "cafe-1", "1", "1", "0"),
        ("web", "fair", "", "", "2", "0", "1"),
    ]
    counted = (
        await shop.get("/v1/members/sources", **{"from": f"{day}T00:00:00Z", "to": f"{day}T23:00:00Z"})
    ).json()
    assert [(one["source"], one["partner"], one["bought"]) for one in counted["items"]] == [
        ("web", None, 1),
        ("partner", "cafe", 0),
        ("till", "cafe", 0),
    ]


async def test_whoever_sees_one_store_sees_who_joined_there(shop: Api, database: Database) -> None:
    await joined(shop, database)
    visitor, day = Visitor(shop), START.date().isoformat()
    async with database.transaction(shop.program.id) as tx:
        store = await (await tx.execute("SELECT id FROM store WHERE code = 'cafe-1'")).fetchone()
    assert store is not None
    await visitor.as_staff("shop_manager", stores=[store[0]])

    answer = await visitor.client.get(f"{PAGE}.csv", params={"from": day, "to": day})

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["source"], row["store"], row["members"]) for row in rows] == [("till", "cafe-1", "1")]


async def test_days_on_which_nobody_joined_say_so(shop: Api) -> None:
    visitor = Visitor(shop)
    await visitor.as_staff("owner")
    page = await visitor.client.get(PAGE, params={"from": "2020-01-01", "to": "2020-01-02"})
    assert "Nobody joined on these days" in page.text

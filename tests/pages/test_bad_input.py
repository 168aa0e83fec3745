"""What is typed, or stands in an address, and is none: told as a refusal, never our mistake; a form keeps it."""

from __future__ import annotations

import re

import pytest

from regulars.app import OFFICE
from regulars.db.pool import Database
from tests.api.conftest import Api, shop
from tests.api.entitled import LOUNGE, entitle
from tests.api.seating import club, occasion
from tests.api.shop import member_with_card
from tests.pages import test_promotion_pages as builder
from tests.pages.conftest import Visitor
from tests.pages.portal import Portal, csrf, furnish, portal_of

__all__ = ["shop"]
FAR_OFF = [
    "/purchases?to=9999-12-31",
    "/purchases?to=0001-01-01",
    "/purchases.csv?to=9999-12-31",
    "/purchases.csv?from=0001-01-01&to=0001-01-01",
    "/engagement/entitlements?from=9999-12-30&until=9999-12-31",
    "/engagement/entitlements?from=0001-01-01&until=0001-01-02",
]
FOR_EVER = "9999-12-31"
NUL_IN_OFFICE = [
    "/purchases?till=a%00b", "/purchases?cashier=%00", "/purchases?receipt=%00", "/purchases.csv?till=%00",
    "/review/watch?cashier=%00", "/promotions/pick?source=products&q=%00", "/setup/stores/edit?code=%00",
]  # fmt: skip
NUL_IN_PORTAL = ["/games/%00", "/draws/%00", "/surveys/%00", "/clubs/a%00b", "/events/%00", "/?said=%00"]
NO_NUMBERS = ["²", "٣", "1e999999", "nan", "inf", "9" * 20]


@pytest.fixture
async def owner(visitor: Visitor) -> Visitor:
    """Somebody who reads English and may do everything."""
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("owner")
    return visitor


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """A member, logged in."""
    await furnish(shop)
    return await portal_of(shop, database)


async def test_a_list_of_days_that_no_calendar_reaches_shows_its_usual_days(owner: Visitor) -> None:
    for path in FAR_OFF:
        assert (await owner.client.get(f"/backoffice{path}")).status_code == 200, path


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/codes/new", {"name": "Flyer of autumn", "pattern": "AUTUMN-####-####", "count": "10"}),
        ("/vouchers/new", {"name": "Flyer of autumn", "amount": "5"}),
        ("/rewards/new", {"names-lv": "Flyer of autumn"}),
        ("/engagement/games/new", {"code": "wheel", "names-lv": "Flyer of autumn"}),
        (
            "/engagement/challenges/new",
            {"code": "run", "names-lv": "Flyer of autumn", "kind": "count", "need": "3"},
        ),
    ],
)
async def test_for_ever_typed_as_a_day_is_refused_beside_it_and_the_form_keeps_what_was_typed(
    owner: Visitor, path: str, fields: dict[str, str]
) -> None:
    for day in (FOR_EVER, "0001-01-01"):
        refused = await owner.act(f"/backoffice{path}", **fields, until=day, valid_until=day)

        assert refused.status_code == 422
        assert "is a day, as 2026-03-01" in refused.text
        assert f'value="{day}"' in refused.text
        assert 'value="Flyer of autumn"' in refused.text


async def test_moments_that_no_clock_reaches_are_refused(owner: Visitor) -> None:
    event = {"code": "tasting", "names-lv": "Degustācija", "seats": "10", "seats_per_booking": "2"}
    for day in ("0001-01-01", FOR_EVER):
        moments = dict.fromkeys(("starts_at", "ends_at", "opens_at", "closes_at"), f"{day}T23:59")
        told = await owner.act("/backoffice/engagement/events/new", **event, **moments)
        assert told.status_code == 422, (day, told.status_code)
        rate = await owner.act("/backoffice/setup/currencies/rates", currency="USD", rate="0.9", day=day)
        assert rate.status_code == 422, (day, rate.status_code)


async def test_an_address_with_a_nul_leads_nowhere(owner: Visitor, portal: Portal) -> None:
    strangers = [
        "/portal/%00/",
        "/portal/a%00b/sign-in",
        "/portal/a%00b/sign-in?next=%00",
        "/sign-in?next=%00",
    ]
    paths = [page.address for page in OFFICE if page.method == "GET" and "{" in page.path]
    told = {path: (await owner.client.get(path)).status_code for path in strangers}
    told |= {path: (await portal.get(path)).status_code for path in NUL_IN_PORTAL}
    for path in (
        *(re.sub(r"\{\w+\}", "%00", path) for path in paths),
        *(f"/backoffice{p}" for p in NUL_IN_OFFICE),
    ):
        told[path] = (await owner.client.get(path)).status_code
    assert {path: status for path, status in told.items() if status != 404} == {}


async def test_a_nul_in_a_form_is_left_out(owner: Visitor, portal: Portal) -> None:
    api = owner.api
    await entitle(api, {**LOUNGE, "quotas": [{"uses": 2}]})
    member, _ = await member_with_card(api, "Anna Kalniņa")
    page = f"/backoffice/members/{member}"
    given = await owner.act(f"{page}/entitlements", code="lou\0nge", uses="1", reason="a late\0 flight")
    assert given.status_code == 303, given.text
    taken = await owner.act(f"{page}/badges", take="a\0b", reason="why")
    assert taken.status_code == 303, taken.text
    for path, fields in (
        ("badges", {"badge": "a\0b", "reason": "why"}),
        ("entitlements", {"code": "a\0b", "uses": "1", "reason": "why"}),
    ):
        assert (await owner.act(f"{page}/{path}", **fields)).status_code in (404, 422), path
    saved = await portal.post("/me/profile", name="Anna\0 Ozola", nonce="1")
    assert saved.status_code == 303
    assert "Anna Ozola" in (await portal.get("/me/profile")).text


@pytest.mark.parametrize("text", NO_NUMBERS)
async def test_what_is_no_number_is_refused_in_the_portal(portal: Portal, text: str) -> None:
    await portal.post("/me/household", act="open", name="Kalniņi", bring="1", nonce="1")
    limit = await portal.post("/me/household", act="invite", role="spender", limit=text, nonce="2")
    consent = await portal.post(
        "/me/consents",
        granted="1",
        nonce="3",
        channel="email",
        purpose="marketing",
        wording="news",
        version=text,
    )
    token = csrf((await portal.get("/wallet/add")).text)
    headers = {"X-CSRF-Token": token, **portal.cookies}
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    sent.append((b"X-Width", text.encode("latin-1", "replace")))
    read = await portal.api.client.post(f"{portal.home}/wallet/read", content=b"\xff" * 100, headers=sent)

    assert limit.status_code == (409 if text != "٣" else 200)  # an Arabic three is a three
    assert (consent.status_code, read.status_code) == (422, 422)


@pytest.mark.parametrize("text", NO_NUMBERS)
async def test_what_is_no_number_is_refused_in_the_back_office(owner: Visitor, text: str) -> None:
    await builder.shop(owner)
    address = await builder.made(owner)
    home = address.removesuffix("/edit")
    ladder = {"code": "status", "names-lv": "Statuss", "t0-code": "base", "t0-names-lv": "Bāze", "t1-code": "gold",
              "t1-names-lv": "Zelts", "t1-w0-r0-measure": "spend", "t1-w0-r0-amount": text, "act": "save"}  # fmt: skip
    basket = {"sku": ["coffee"], "quantity": ["1"], "who": "card"}

    tier = await owner.act("/backoffice/setup/tiers/edit", **ladder)
    visits = await owner.act(f"{home}/try", **basket, visits=text)
    turnover = await owner.act(f"{home}/try", **basket, turnover=text)
    review = await owner.act(f"{home}/review", act="ask", version=text)
    kept = await builder.change(owner, address, version=text, name="Another")
    moved = await builder.change(owner, address, f"up|benefits.{text}")
    added = await builder.change(owner, address, f"add|benefits.{text}.conditions|hours")

    assert (tier.status_code, review.status_code) == (422, 422)
    assert "is a whole number" in visits.text
    assert "is a number, as 120 or -50" in turnover.text
    assert "The form names no version of the draft." in kept.text
    assert "This part is no longer there" in moved.text
    assert "This part is no longer there" in added.text


async def test_a_refused_form_holds_what_was_typed(owner: Visitor) -> None:
    api, engagement = owner.api, "/backoffice/engagement"
    await entitle(api, {**LOUNGE, "quotas": [{"uses": 2}]})
    await club(api, entry="invitation")
    await occasion(api, starts_at="2099-03-20T18:00:00Z", ends_at="2099-03-20T21:00:00Z", seats=9)
    await api.post("/v1/currencies", {"code": "PTS", "names": {"en": {"one": "point", "other": "points"}}})
    mug = {"kind": "good", "names-lv": "Krūze", "points0": "250", "currency0": "PTS", "stock": "total"}
    reward = (await owner.act("/backoffice/rewards/new", **mug)).headers["location"]

    for path, fields in (
        (f"{engagement}/events/evening/bookings", {"text": "+37120000009", "seats": "4"}),
        (f"{engagement}/events/evening/door", {"card": "2990000000099"}),
        (f"{engagement}/clubs/tasters/members", {"text": "+37120000009", "act": "invite"}),
        (f"{engagement}/clubs/tasters/links", {"uses": "4x", "until": "2099-01-31"}),
        (f"{engagement}/entitlements/desk/find", {"text": "+37120000009", "store": "riga-1"}),
        (f"{reward}/stock", {"add": "4x"}),
        (f"{engagement}/badges", {"code": "Not a code", "names-lv": "Skrējējs", "texts-en": "Ran a lot"}),
    ):
        refused = await owner.act(path, **fields)
        assert 400 <= refused.status_code < 500, path
        for name, value in fields.items():
            if name not in ("act", "store"):
                assert re.search(rf'name="{name}" value="{re.escape(value)}"', refused.text), (path, name)

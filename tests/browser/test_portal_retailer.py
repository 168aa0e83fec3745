"""A retailer's program from a template, with the members of the old system: what one of them finds on her phone."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from playwright.sync_api import Browser

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.found_program import fill_program, template_of
from regulars.flows.known_programs import KnownPrograms
from regulars.i18n import REGIONS
from tests.browser.conftest import Shop, axe
from tests.browser.portal import PHONE, Phone
from tests.browser.watching import WAIT_SECONDS

SWITCH = "form.toggle:has([name=channel][value=sms]) .switch"
WORDS = {
    "en": {
        "points": "1 000 points",
        "once": "€10.00 +10 points",
        "twice": "€10.00 +20 points",
        "withdrawn": "Withdrawn: from now on nothing is sent.",
        "agreed": "Thank you. You can change this at any time.",
    },
    "lv": {
        "points": "1 150 punktu",
        "once": "10,00 € +10 punktu",
        "twice": "10,00 € +20 punktu",
        "withdrawn": "Atsaukts: turpmāk nekas netiks sūtīts.",
        "agreed": "Paldies. Jūs to varat mainīt jebkurā laikā.",
    },
}
FIRST = {"en": 0, "lv": 150}
"""From which member on they speak that language; it is one who agreed."""
MEMBERS = 300
AGREED_OF = 3
"""Of so many members one has agreed to news by SMS, one has said no, and one was never asked."""


async def founded(database_url: str) -> tuple[str, str]:
    """A program from the grocer's template: its address and a key that may do everything."""
    at, template = clock.world(), template_of("grocery")
    async with Database(database_url) as database:
        new = NewProgram("Lielveikals", "EUR", "Europe/Riga", ("lv", "en"), template.settings)
        made = await create_program(database, new, at=at)
        await fill_program(database, KnownPrograms(database), made.program, template, at=at)
    return made.program.slug, made.text


@pytest.fixture(scope="module")
def retailer(shop: Shop, database_url: str) -> tuple[str, Shop]:
    """The retailer beside the shop in one installation, with everybody whom it had before."""
    with ThreadPoolExecutor(1) as aside:  # playwright's own loop may be running in this thread
        slug, key = aside.submit(lambda: asyncio.run(founded(database_url))).result()
    made = msgspec.structs.replace(shop, key=key)
    made.call("POST", "/v1/stores", {"code": "riga-1", "name": "Rīga, Čaka iela"})
    made.call("POST", "/v1/members/batch", {"members": [old_member(n) for n in range(MEMBERS)]})
    return slug, made


def phone_of(n: int) -> str:
    """The number of the member of that place."""
    return f"+37122000{n:03}"


def old_member(n: int) -> dict[str, Any]:
    """A member as the old system knew her."""
    consent = {
        "channel": "sms",
        "purpose": "marketing",
        "granted": n % AGREED_OF == 0,
        "wording": "marketing",
    }
    return {
        "external_id": f"crm-{n}",
        "phone": phone_of(n),
        "name": f"Zane Ozola {n}",
        "language": "en" if n < FIRST["lv"] else "lv",
        "balances": [{"points": n + 1_000}],
        "consents": [consent] if n % AGREED_OF < 2 else [],
    }


def handed_over(shop: Shop) -> dict[str, tuple[str, str]]:
    """Who stands on the list for news by SMS, and which wording she agreed to."""
    answer = httpx.get(
        f"{shop.address}/v1/members/handover",
        params={"purpose": "marketing", "channel": "sms"},
        headers={"Authorization": f"Bearer {shop.key}"},
        timeout=WAIT_SECONDS,
    )
    assert answer.is_success, answer.text
    rows = csv.DictReader(io.StringIO(answer.text))
    return {row["contact"].lstrip("'"): (row["wording"], row["wording_version"]) for row in rows}


@pytest.fixture(params=["en", "lv"])
def phones(
    browser: Browser, retailer: tuple[str, Shop], request: pytest.FixtureRequest
) -> Iterator[tuple[Phone, Phone]]:
    """Two phones of one language that have never been here."""
    slug, shop = retailer
    made = [Phone(browser, shop, program=slug, locale=REGIONS[request.param].replace("_", "-")) for _ in "12"]
    for one in made:
        one.language = request.param
    yield made[0], made[1]
    for one in made:
        one.context.close()
    assert [one.said for one in made] == [[], []]


def open_consents(phone: Phone) -> None:
    """What she agreed to, which axe has nothing against and which is no wider than the phone."""
    phone.go("/me/consents")
    axe(phone.page)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.scenario("S17")
def test_a_member_of_the_old_system_finds_her_points_and_only_who_agrees_is_handed_over(
    retailer: tuple[str, Shop], phones: tuple[Phone, Phone]
) -> None:
    _, shop = retailer
    agreed, never_asked = phones
    words = WORDS[agreed.language]
    hers, theirs = FIRST[agreed.language], FIRST[agreed.language] + 2
    before = handed_over(shop)
    assert set(before.values()) == {("marketing", "1")}
    assert len(before) == MEMBERS // AGREED_OF

    agreed.log_in(phone_of(hers))
    agreed.sees(".pass-name", f"Zane Ozola {hers}")
    agreed.sees(".balance .amount", words["points"])
    at = datetime.now(UTC) - timedelta(minutes=1)
    found = shop.call("POST", "/v1/members/find", {"phone": phone_of(hers)})
    (card,) = shop.call("GET", f"/v1/members/{found['id']}/cards")["items"]
    bread = {"line": 1, "sku": "bread", "name": "Rye bread", "quantity": "1", "unit_price": 1_000}
    basket = {"id": f"old/{hers}", "store": "riga-1", "till": "1", "card": card["number"],
              "purchased_at": at.isoformat(), "currency": "EUR", "lines": [bread]}  # fmt: skip
    shop.call("POST", "/v1/purchases", basket)
    weekend = at.astimezone(ZoneInfo("Europe/Riga")).weekday() >= 5
    agreed.go("/receipts")
    agreed.sees(".row", words["twice" if weekend else "once"])

    open_consents(agreed)
    assert agreed.page.get_attribute(SWITCH, "aria-checked") == "true"
    agreed.page.click(SWITCH)
    agreed.sees(".said", words["withdrawn"])
    without = handed_over(shop)
    assert without == {one: said for one, said in before.items() if one != phone_of(hers)}

    never_asked.log_in(phone_of(theirs))
    open_consents(never_asked)
    assert never_asked.page.get_attribute(SWITCH, "aria-checked") == "false"
    never_asked.page.click(SWITCH)
    never_asked.sees(".said", words["agreed"])
    assert handed_over(shop) == {**without, phone_of(theirs): ("marketing", "1")}

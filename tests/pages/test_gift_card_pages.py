"""The back office's pages of gift cards: listed, found by a code, given as a goodwill, blocked, given another code."""

from __future__ import annotations

import re

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.shop import buy, just_now, line, record
from tests.api.test_gift_cards import by_card, on, sell
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE

CODE = re.compile(r'<p class="mono">([A-Z0-9-]{19})</p>')
CARDS = f"{OFFICE}/gift-cards"


@pytest.fixture
async def service(visitor: Visitor) -> Visitor:
    """Somebody in service, who reads English; there is a store."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    await visitor.as_staff("service")
    return visitor


async def spend(visitor: Visitor, code: str, amount: int) -> str:
    """A purchase that a card pays for; its id."""
    body = buy("r-1", None, [line(1, amount)], purchased_at=just_now(), **by_card(code, amount))
    return (await record(visitor.api, body))["id"]


async def test_cards_are_listed_with_what_is_on_them(service: Visitor) -> None:
    first, second = await sell(service.api, 1500), await sell(service.api, 2000)
    await spend(service, first["code"], 400)

    page = (await service.client.get(CARDS)).text

    rows = re.findall(
        r'href="/backoffice/gift-cards/gft_\w+">(…\w{4})</a>.*?<td class="n">(.*?)</td>', page, re.S
    )
    assert rows == [(second["shown"], "€20.00"), (first["shown"], "€11.00")]
    assert first["code"] not in page


async def test_a_card_is_found_by_its_code_and_shows_what_moved_it(service: Visitor) -> None:
    card = await sell(service.api, 1500)
    purchase = await spend(service, card["code"], 400)

    found = await service.act(f"{CARDS}/find", CARDS, text=card["code"].lower())
    page = (await service.client.get(found.headers["location"])).text

    assert found.headers["location"] == f"{CARDS}/{card['id']}"
    assert f'href="/backoffice/purchases/{purchase}"' in page
    moves = re.findall(r'<td class="n">(.*?)</td><td class="n">(.*?)</td>', page)
    assert moves == [("−€4.00", "€11.00"), ("+€15.00", "€15.00")]


async def test_a_goodwill_shows_its_code_once_and_has_a_limit(service: Visitor) -> None:
    given = await service.act(CARDS, CARDS, amount="20,00", reason="cold soup")
    code = CODE.search(given.text)
    assert code is not None, given.text
    assert await on(service.api, code[1]) == ("active", 2000, 0)
    (item,) = (await service.api.get("/v1/gift-cards")).json()["items"]
    assert code[1] not in (await service.client.get(f"{CARDS}/{item['id']}")).text

    refused = await service.act(CARDS, CARDS, amount="100.01", reason="too much")
    assert (refused.status_code, "is more than one person may give" in refused.text) == (422, True)
    assert len((await service.api.get("/v1/gift-cards")).json()["items"]) == 1


async def test_a_lost_card_is_blocked_and_gets_another_code(service: Visitor) -> None:
    card = await sell(service.api, 1500)
    place = f"{CARDS}/{card['id']}"
    await service.act(f"{place}/block", place, reason="lost on the tram")
    assert (await on(service.api, card["code"]))[0] == "blocked"
    renewed = await service.act(f"{place}/renew", place, reason="lost on the tram")
    code = CODE.search(renewed.text)
    assert code is not None, renewed.text
    await service.act(f"{place}/unblock", place, reason="has another code")
    assert await on(service.api, code[1]) == ("active", 1500, 0)
    old = await service.api.post("/v1/gift-cards/find", {"code": card["code"]}, scope="till")
    assert old.status_code == 404


async def test_a_card_is_given_with_its_end_and_its_tax(service: Visitor) -> None:
    given = await service.act(
        CARDS, CARDS, amount="20", reason="cold soup", until="2099-03-05", tax_percent="21"
    )
    code = CODE.search(given.text)
    assert code is not None, given.text
    card = (await service.api.post("/v1/gift-cards/find", {"code": code[1]}, scope="till")).json()
    assert (card["purpose"], card["tax_rate"]) == ("single", "0.21")
    assert card["expiring"] == [{"amount": 2000, "at": "2099-03-05T22:00:00Z"}]

    wrong = await service.act(CARDS, CARDS, amount="20", reason="cold soup", tax_percent="much")
    assert (wrong.status_code, "is no rate of tax" in wrong.text) == (422, True)

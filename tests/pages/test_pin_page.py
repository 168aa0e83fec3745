"""The page of a member's PIN: it says whether there is one, and changes it only with a code that came to her."""

from __future__ import annotations

import re

import httpx
import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api, Letters, api, client, letters, new_api, shop
from tests.api.shop import buy, give, line, set_clock, settle
from tests.pages.portal import Portal, portal_of, words

__all__ = ["api", "client", "letters", "new_api", "shop"]

PHONE = "+37126000077"
NONE, SINCE = "You have no PIN", "You have a PIN Since 1 Mar 2026"


@pytest.fixture
async def portal(shop: Api, database: Database) -> Portal:
    """Somebody with a phone that gets codes, and 500 points."""
    made = await portal_of(shop, database)
    person = {"phone": PHONE, "birthday": "1987-03-14", "language": "en"}
    changed = await shop.patch(f"/v1/members/{made.member}", person)
    assert changed.status_code == 200, changed.text
    await give(shop, made.member, 500)
    await settle(shop, codes_a_quarter_hour=50)
    return made


async def ask(portal: Portal, act: str = "set") -> str:
    """Have a code sent; the challenge in the address that the page then has."""
    sent = await portal.post("/me/pin", act=act)
    assert sent.status_code == 303, words(sent.text)
    found = re.fullmatch(rf"{portal.home}/me/pin\?act={act}&challenge=(chl_\w+)", sent.headers["location"])
    assert found, sent.headers["location"]
    return found[1]


async def save(
    portal: Portal, challenge: str, code: str, pin: str = "2580", again: str = ""
) -> httpx.Response:
    """The form with the code and the new PIN."""
    typed = {"pin": pin, "again": again or pin}
    return await portal.post("/me/pin", act="set", challenge=challenge, code=code, **typed)


async def pays(portal: Portal, request: str, pin: str) -> int:
    """The status of a purchase by phone that is paid for with points and this PIN."""
    spend, proof = [{"currency": "PTS", "amount": 100}], {"kind": "pin", "value": pin}
    body = buy(request, None, [line(1, 900)], phone=PHONE, spend=spend, proof=proof)
    return (await portal.api.post("/v1/purchases", body, scope="till")).status_code


async def stands(portal: Portal) -> str:
    return words((await portal.get("/me/pin?lang=en")).text)


async def test_a_pin_is_set_changed_and_removed_each_with_a_code_of_its_own(
    portal: Portal, letters: Letters
) -> None:
    assert NONE in await stands(portal)
    challenge = await ask(portal)
    text = (await letters.to(PHONE))[0]["text"]
    assert text[6:] == (
        " is your code to set or remove your PIN at Test. Do not tell it to anybody. Valid 5 min."
    )
    for _ in range(2):
        done = await save(portal, challenge, text[:6])
        assert (done.status_code, done.headers["location"]) == (303, f"{portal.home}/me/pin?said=saved")
    assert SINCE in await stands(portal)
    assert await pays(portal, "first", "2580") == 201

    changing = await ask(portal)
    assert (await save(portal, changing, await letters.code(PHONE, 3), "9630")).status_code == 303
    assert [await pays(portal, f"then-{pin}", pin) for pin in ("2580", "9630")] == [403, 201]

    removing = await ask(portal, "remove")
    code = await letters.code(PHONE, 5)
    gone = await portal.post("/me/pin", act="remove", challenge=removing, code=code)
    assert gone.headers["location"] == f"{portal.home}/me/pin?said=removed"
    assert NONE in await stands(portal)
    assert await pays(portal, "last", "9630") == 403

    told = [letter["text"] for letter in await letters.to(PHONE, 6)][1::2]
    assert told == [
        f"Test: your PIN was {done}. If it was not you, tell us at once."
        for done in ("set", "changed", "removed")
    ]
    trail = (await portal.api.get("/v1/audit", subject=portal.member)).json()["items"]
    hers = [
        (one["action"], one["actor"]["kind"], one["actor"]["id"]) for one in trail if ".pin_" in one["action"]
    ]
    assert hers == [
        (f"member.{done}", "member", portal.member) for done in ("pin_removed", "pin_set", "pin_set")
    ]


async def test_loading_the_page_with_the_code_s_form_anew_sends_nothing(
    portal: Portal, letters: Letters
) -> None:
    challenge = await ask(portal)
    code = await letters.code(PHONE)
    for _ in range(2):
        page = await portal.get(f"/me/pin?act=set&challenge={challenge}&lang=en")
        assert "Six digits are on their way to +371 ••• 77." in words(page.text)
    assert len(letters.all()) == 1
    await save(portal, challenge, code)
    used = await portal.get(f"/me/pin?act=set&challenge={challenge}&lang=en")
    assert "This code is not right, or too old. Nothing was changed; look again." in words(used.text)
    assert 'name="code"' not in used.text


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("1111", "1111", "This PIN is easy to guess: "),
        ("1403", "1403", "This PIN is easy to guess: "),
        ("258", "258", "A PIN has four to eight digits. Nothing was changed."),
        ("25x0", "25x0", "A PIN has four to eight digits. Nothing was changed."),
        ("2580", "2581", "The two PINs are not the same. Nothing was changed."),
    ],
)
async def test_what_is_wrong_with_a_pin_is_said_and_the_code_is_not_lost(
    portal: Portal, letters: Letters, pin: str, again: str, said: str
) -> None:
    challenge = await ask(portal)
    code = await letters.code(PHONE)
    page = await save(portal, challenge, code, pin, again)
    assert (page.status_code, said in words(page.text)) == (422, True), words(page.text)
    assert f'value="{code}"' in page.text
    assert f'value="{pin}"' not in page.text
    assert NONE in await stands(portal)
    assert (await save(portal, challenge, code)).status_code == 303


async def test_guesses_of_the_code_are_counted_and_then_kept_waiting(
    portal: Portal, letters: Letters
) -> None:
    challenge = await ask(portal)
    code = await letters.code(PHONE)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    statuses = [(await save(portal, challenge, wrong)).status_code for _ in range(5)]
    assert statuses == [403] * 5
    locked = await save(portal, challenge, code)
    assert (locked.status_code, NONE in await stands(portal)) == (403, True)
    assert "Too many tries. Nothing was changed; wait a quarter of an hour." in words(locked.text)
    assert len(letters.all()) == 1


async def test_a_code_is_of_no_use_when_it_is_too_old_another_s_or_came_to_a_contact_she_has_not_yet(
    portal: Portal, database: Database, letters: Letters
) -> None:
    challenge = await ask(portal)
    code = await letters.code(PHONE)
    other = await portal_of(portal.api, database, "Cits Cilvēks")
    assert (await save(other, challenge, code)).status_code == 403

    taking = await portal.post("/me/contact", kind="email", to="thief@example.com", challenge="")
    found = re.search(r'name="challenge" value="(chl_\w+)"', taking.text)
    assert found
    stolen = await save(portal, found[1], await letters.code("thief@example.com"))
    assert (stolen.status_code, NONE in await stands(portal)) == (403, True)

    await set_clock(portal.api, "2026-03-01T11:05:00+02:00")
    assert (await save(portal, challenge, code)).status_code == 403
    assert NONE in await stands(portal)
    assert (await portal.api.get("/v1/audit", action="member.pin_set")).json()["items"] == []


async def test_who_has_neither_phone_nor_email_is_told_so_and_gets_no_form(
    shop: Api, database: Database
) -> None:
    portal = await portal_of(shop, database)
    assert (await shop.patch(f"/v1/members/{portal.member}", {"phone": None})).status_code == 200
    page = await portal.get("/me/pin?lang=en")
    assert "There is no phone number or email of yours to which a code can be sent." in words(page.text)
    assert 'name="act"' not in page.text
    refused = await portal.post("/me/pin", act="set")
    assert refused.status_code == 409
    assert "Nothing can be sent this way here. Nothing was changed." in words(refused.text)


@pytest.mark.parametrize("act", ["", "show"])
async def test_an_act_that_there_is_not_sends_nothing(portal: Portal, letters: Letters, act: str) -> None:
    assert (await portal.post("/me/pin", act=act)).status_code == 422
    assert letters.all() == []

"""Points passed on in the portal: to a member whose first letter is shown, to a good cause, into other points."""

from __future__ import annotations

import re

from regulars import clock
from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import balance, give, member_with_card, settle
from tests.pages.portal import Portal, portal_of, words

MILES = {"en": {"one": "mile", "other": "miles"}}


async def opened(api: Api, database: Database) -> Portal:
    """A member with 500 points in a program where all three ways are open."""
    await api.post("/v1/partners", {"code": "shelter", "name": "Ulubele"})
    await api.post("/v1/currencies", {"code": "MIL", "kind": "points", "worth": "0.01", "names": MILES})
    await api.call("PUT", "/v1/points-rates/PTS/MIL", {"give": 3, "get": 2})
    await settle(api, passing={"members": True, "charities": ["shelter"], "fee": 5})
    portal = await portal_of(api, database, at=clock.world())
    await give(api, portal.member, 500)
    return portal


async def asked(portal: Portal, **fields: str) -> str:
    """What the page asks before it is done."""
    page = await portal.post("/pass-on", **fields)
    assert page.status_code in (200, 303), words(page.text)
    return words(page.text)


async def test_points_are_sent_after_the_first_letter_was_shown(api: Api, database: Database) -> None:
    portal = await opened(api, database)
    taker, card = await member_with_card(api, "Zane Ozola")
    form = {"act": "send", "to": card, "currency": "PTS", "amount": "100"}

    question = await asked(portal, **form)

    assert "Send 100 points to Z.? The fee is 5 points." in question
    assert "Zane" not in question
    assert (await balance(api, taker))["available"] == 0
    done = await portal.post("/pass-on", **form, sure="1", nonce="n-1")
    assert (done.status_code, done.headers["location"]) == (303, f"{portal.home}/pass-on?said=passed_on")
    again = await portal.post("/pass-on", **form, sure="1", nonce="n-1")
    assert again.status_code == 303
    assert [(await balance(api, one))["available"] for one in (portal.member, taker)] == [395, 100]


async def test_nobodys_number_and_her_own_say_the_same_and_few_may_be_tried(
    api: Api, database: Database
) -> None:
    portal = await opened(api, database)
    for to in ("+37129999999", portal.card, "x", "12"):
        page = await portal.post("/pass-on", act="send", to=to, amount="1")
        assert (page.status_code, "Nobody has this phone or card number here." in words(page.text)) == (
            404,
            True,
        )
    for _ in range(2):
        page = await portal.post("/pass-on", act="send", to="+37129999999", amount="1")
    assert (page.status_code, "Too many tries. Wait a minute." in words(page.text)) == (429, True)


async def test_points_are_donated_and_exchanged_after_a_question(api: Api, database: Database) -> None:
    portal = await opened(api, database)
    give_away = {"act": "donate", "charity": "shelter", "currency": "PTS", "amount": "200"}
    change = {"act": "exchange", "pair": "PTS>MIL", "amount": "30"}
    assert "Give 200 points to Ulubele? They cannot be taken back." in await asked(portal, **give_away)
    assert re.search(r"Exchange 30 points for 20 miles\? They cannot", await asked(portal, **change))
    for form in (give_away, change):
        assert (await portal.post("/pass-on", **form, sure="1", nonce=form["act"])).status_code == 303
    assert (await balance(api, portal.member))["available"] == 270
    shown = words((await portal.get("/pass-on")).text)
    done = shown[shown.index("What you passed on") :]
    assert re.search(
        r"20 miles Today, \d\d:\d\d [−-]30 points Ulubele Today, \d\d:\d\d [−-]200 points", done
    ), done
    too_many = await portal.post("/pass-on", **give_away | {"amount": "999"}, sure="1", nonce="x")
    assert (too_many.status_code, "You do not have that many points." in words(too_many.text)) == (409, True)
    for amount in ("", "-1", "1.5", "0", "9" * 12):
        wrong = await portal.post("/pass-on", **give_away | {"amount": amount})
        assert (wrong.status_code, "Nothing was moved" in words(wrong.text)) == (422, True)


async def test_a_program_without_it_has_no_such_page(api: Api, database: Database) -> None:
    portal = await portal_of(api, database, at=clock.world())
    assert (await portal.get("/pass-on")).status_code == 404
    assert "Give and exchange points" not in words((await portal.get("/offers")).text)
    await settle(api, passing={"members": True})
    assert "Give and exchange points" in words((await portal.get("/offers")).text)


async def test_the_limits_of_sending_are_said_before_anything_is_typed(api: Api, database: Database) -> None:
    portal = await portal_of(api, database, at=clock.world())
    await settle(api, passing={"members": True, "least": 10, "most": 300})
    shown = words((await portal.get("/pass-on?lang=en")).text)
    sending = shown.partition("To another member ")[2].partition(" Phone")[0]
    assert sending == "At least 10 points at once. At most 300 points at once."
    await settle(api, passing={"members": True})
    assert "at once" not in words((await portal.get("/pass-on?lang=en")).text)


async def test_what_was_sent_is_taken_back_after_a_question_while_that_is_allowed(
    api: Api, database: Database
) -> None:
    portal = await opened(api, database)
    await settle(api, passing={"members": True, "take_back_hours": 24})
    taker, card = await member_with_card(api, "Zane Ozola")
    send = {"act": "send", "to": card, "currency": "PTS", "amount": "100"}
    for nonce in ("n-1", "n-2"):
        assert (await portal.post("/pass-on", **send, sure="1", nonce=nonce)).status_code == 303
    sent = await portal.get("/pass-on")
    first = re.findall(r'name="transfer" value="(trf_\w+)"', sent.text)[1]
    back = {"act": "take-back", "transfer": first}

    question = await asked(portal, **back)
    done = [(await portal.post("/pass-on", **back, sure="1", nonce="b-1")).status_code for _ in range(2)]
    shown = await portal.get("/pass-on")

    assert words(sent.text).count("Take back") == 2
    assert "100 points come back to you." in question
    assert done == [303, 303]
    assert [(await balance(api, one))["available"] for one in (portal.member, taker)] == [400, 100]
    assert (words(shown.text).count("Take back"), words(shown.text).count("Taken back: today, ")) == (1, 1)


async def test_what_was_spent_or_is_not_hers_is_not_taken_back_and_that_is_said(
    api: Api, database: Database
) -> None:
    portal = await opened(api, database)
    await settle(api, passing={"members": True, "take_back_hours": 24})
    taker, card = await member_with_card(api, "Zane Ozola")
    send = {"act": "send", "to": card, "currency": "PTS", "amount": "100"}
    assert (await portal.post("/pass-on", **send, sure="1", nonce="n-1")).status_code == 303
    made = re.findall(r'name="transfer" value="(trf_\w+)"', (await portal.get("/pass-on")).text)[0]
    await give(api, taker, -1)

    told = "This cannot be taken back any more: it is too late, or something of it was spent."
    for transfer, status in ((made, 409), ("trf_" + "0" * 26, 409), ("x", 422), ("", 422)):
        page = await portal.post("/pass-on", act="take-back", transfer=transfer, sure="1", nonce="b-1")
        assert (page.status_code, told in words(page.text)) == (status, status == 409), transfer
    await settle(api, passing={"members": True})

    assert "Take back" not in words((await portal.get("/pass-on")).text)
    late = await portal.post("/pass-on", act="take-back", transfer=made)
    assert (late.status_code, told in words(late.text)) == (409, True)
    assert [(await balance(api, one))["available"] for one in (portal.member, taker)] == [400, 99]


async def test_what_may_not_be_passed_on_is_refused_before_the_question(api: Api, database: Database) -> None:
    portal = await opened(api, database)
    limits = {"most": 100, "a_day": 60, "donations": {"a_day": 50}, "exchanges": {"a_day": 40}}
    await settle(api, passing={"members": True, "charities": ["shelter"], **limits})
    _, card = await member_with_card(api, "Zane Ozola")
    send = {"act": "send", "to": card, "currency": "PTS"}
    donate = {"act": "donate", "charity": "shelter", "currency": "PTS"}
    change = {"act": "exchange", "pair": "PTS>MIL"}

    for form, most in ((send, 60), (donate, 50), (change, 40)):
        over = await portal.post("/pass-on", **form, amount=str(most + 1))
        within = await portal.post("/pass-on", **form, amount=str(most))
        assert (over.status_code, "Yes, do it" in over.text) == (409, False), form
        assert "That is more than may be passed on in this time." in words(over.text)
        assert (within.status_code, "Yes, do it" in within.text) == (200, True), form
    at_once = await portal.post("/pass-on", **send, amount="101")
    assert (at_once.status_code, "Yes, do it" in at_once.text) == (422, False)
    assert (await balance(api, portal.member))["available"] == 500


async def test_a_transfer_that_is_done_counts_once(api: Api, database: Database) -> None:
    portal = await opened(api, database)
    _, card = await member_with_card(api, "Zane Ozola")
    send = {"act": "send", "to": card, "currency": "PTS", "amount": "10"}
    for n in range(5):
        assert (await portal.post("/pass-on", **send)).status_code == 200
        assert (await portal.post("/pass-on", **send, sure="1", nonce=f"n-{n}")).status_code == 303
    assert (await portal.post("/pass-on", **send)).status_code == 429


async def test_who_is_a_member_is_not_tried_out_without_the_question(api: Api, database: Database) -> None:
    portal = await opened(api, database)
    _, card = await member_with_card(api, "Zane Ozola")
    too_many = {"act": "send", "to": card, "currency": "PTS", "amount": "999", "sure": "1"}
    answers = [(await portal.post("/pass-on", **too_many, nonce=f"x-{n}")).status_code for n in range(7)]
    assert answers == [409] * 6 + [429]

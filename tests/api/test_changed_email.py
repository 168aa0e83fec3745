"""What members agreed to by email counts for the address that they confirmed, and for no other."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import psycopg
import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.seal_ledger import seal_ledger
from regulars.flows.verify_ledger import verify_ledger
from regulars.members import identity
from regulars.web import member_sessions
from tests.api.conftest import SECRET, Api, Letters
from tests.api.test_consents import reader, say, sent_token, states
from tests.conftest import START
from tests.pages.portal import Portal, portal_of

OLD, NEW = "anna@example.com", "anna@new.example"


async def confirmed_reader(api: Api, email: str = OLD) -> tuple[str, dict[str, Any]]:
    """A member who agreed by email and confirmed it from there; what she said."""
    member = await reader(api, email)
    said = await say(api, member, "email", True, evidence="form 17")
    answer = await api.post("/v1/consents/confirm", {"token": sent_token(api, member, said["id"])})
    assert answer.status_code == 200, answer.text
    assert await states(api, member) == {"email": "granted"}
    return member, said


async def history(api: Api, member: str) -> list[dict[str, Any]]:
    return (await api.get(f"/v1/members/{member}/consents")).json()["history"]


def kept(api: Api, consent: str, email: str) -> str:
    """What proves the address: SHA-256 of its blind index and the consent."""
    index = identity.of(SECRET, api.program.id).digest("email", email)
    return hashlib.sha256(index + ids.read("cns", consent).bytes).hexdigest()


async def test_a_new_email_waits_for_its_own_confirmation(shop: Api, letters: Letters) -> None:
    await shop.patch("/v1/program", {"settings": {"public_address": "https://club.example"}})
    member, first = await confirmed_reader(shop)

    changed = await shop.patch(f"/v1/members/{member}", {"email": NEW})

    assert changed.status_code == 200, changed.text
    assert await states(shop, member) == {"email": "pending"}
    again, withdrawn, before = await history(shop, member)
    assert (withdrawn["granted"], withdrawn["source"]) == (False, "email_changed")
    assert (again["granted"], again["state"], again["source"]) == (True, "pending", first["source"])
    assert (again["evidence"], again["given_at"]) == ("form 17", before["recorded_at"])
    (letter,) = await letters.to(NEW)
    found = re.search(r"/confirm\?token=(\S+)", letter["text"])
    assert found is not None
    answer = await shop.post("/v1/consents/confirm", {"token": found[1]})
    assert (answer.status_code, answer.json()["consent"]) == (200, again["id"])
    assert await states(shop, member) == {"email": "granted"}
    proved = {one["id"]: one["confirmed_address"] for one in await history(shop, member)}
    assert proved == {
        first["id"]: kept(shop, first["id"], OLD),
        withdrawn["id"]: None,
        again["id"]: kept(shop, again["id"], NEW),
    }


async def test_a_token_of_the_old_mailbox_confirms_nothing_of_the_new_one(shop: Api) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True)
    await shop.patch(f"/v1/members/{member}", {"email": NEW})

    late = await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, said["id"])})

    assert (late.status_code, late.json()["code"]) == (409, "state_conflict")
    assert await states(shop, member) == {"email": "pending"}


async def test_an_email_that_is_taken_away_and_one_that_comes_later(shop: Api, letters: Letters) -> None:
    member, _ = await confirmed_reader(shop)
    await shop.patch(f"/v1/members/{member}", {"phone": "+37120000191"})
    before = len(letters.all())

    await shop.patch(f"/v1/members/{member}", {"email": None})
    assert await states(shop, member) == {"email": "pending"}
    assert len(letters.all()) == before

    await shop.patch(f"/v1/members/{member}", {"email": NEW})
    assert await states(shop, member) == {"email": "pending"}
    assert len(await letters.to(NEW)) == 1


@pytest.mark.parametrize("change", [{"email": "ANNA@example.com"}, {"name": "Anna Ozola"}])
async def test_what_leaves_the_mailbox_as_it_was_changes_no_consent(
    shop: Api, change: dict[str, str]
) -> None:
    member, _ = await confirmed_reader(shop)

    await shop.patch(f"/v1/members/{member}", change)

    assert await states(shop, member) == {"email": "granted"}
    assert len(await history(shop, member)) == 1


async def test_other_channels_and_what_was_withdrawn_stay_as_they_are(shop: Api) -> None:
    member, _ = await confirmed_reader(shop)
    await say(shop, member, "sms", True)
    await say(shop, member, "email", True, purpose="partners", confirmed=True)
    await say(shop, member, "email", False, purpose="partners")
    was = len(await history(shop, member))

    await shop.patch(f"/v1/members/{member}", {"email": NEW})

    now = (await shop.get(f"/v1/members/{member}/consents")).json()["now"]
    assert {(one["channel"], one["purpose"]): one["state"] for one in now} == {
        ("email", "marketing"): "pending",
        ("email", "partners"): "withdrawn",
        ("sms", "marketing"): "granted",
    }
    assert len(await history(shop, member)) == was + 2


async def test_a_program_without_confirmations_asks_for_none(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"double_opt_in": False}})
    member = await reader(shop)
    await say(shop, member, "email", True)

    await shop.patch(f"/v1/members/{member}", {"email": NEW})

    assert await states(shop, member) == {"email": "granted"}


async def test_the_list_of_those_who_agree_leaves_her_out_until_she_confirms(shop: Api) -> None:
    member, _ = await confirmed_reader(shop)
    await shop.patch(f"/v1/members/{member}", {"email": NEW})

    waiting = await shop.get("/v1/members/handover", purpose="marketing", channel="email")
    (again, *_) = await history(shop, member)
    await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, again["id"])})
    agreed = await shop.get("/v1/members/handover", purpose="marketing", channel="email")

    assert [member in waiting.text, member in agreed.text] == [False, True]
    assert NEW in agreed.text


async def coded(api: Api, letters: Letters, member: str, to: str, count: int = 1) -> None:
    """A code is sent to her email, and comes back at the till."""
    body = {"purpose": "confirm", "channel": "email", "till": "7"}
    asked = await api.post(f"/v1/members/{member}/challenges", body, scope="till")
    assert asked.status_code == 201, asked.text
    texts = [letter["text"] for letter in await letters.to(to, count)]
    (code,) = [found[0] for text in texts if (found := re.match(r"[0-9]{6}", text))]
    path = f"/v1/challenges/{asked.json()['id']}/verify"
    answer = await api.post(path, {"code": code, "till": "7"}, scope="till")
    assert answer.status_code == 200, answer.text


async def test_a_code_from_the_mailbox_confirms_for_who_is_known_long_since_too(
    shop: Api, letters: Letters
) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True)
    await letters.to(OLD)

    await coded(shop, letters, member, OLD, 2)

    assert await states(shop, member) == {"email": "granted"}
    assert (await history(shop, member))[0]["confirmed_address"] == kept(shop, said["id"], OLD)


async def test_a_code_by_email_leaves_what_waits_on_another_channel(shop: Api, letters: Letters) -> None:
    made = await shop.post(
        "/v1/members",
        {
            "phone": "+37120000193",
            "email": OLD,
            "consents": [
                {"channel": one, "purpose": "marketing", "granted": True} for one in ("sms", "email")
            ],
        },
        scope="till",
    )
    member = made.json()["id"]
    assert await states(shop, member) == {"email": "pending", "sms": "pending"}
    await letters.to(OLD)

    await coded(shop, letters, member, OLD, 2)

    assert await states(shop, member) == {"email": "granted", "sms": "pending"}


@pytest.mark.parametrize(("channel", "to"), [("sms", "+37120000193"), ("email", OLD)])
async def test_a_code_confirms_what_was_agreed_at_a_till_for_letters_and_an_app_too(
    shop: Api, letters: Letters, channel: str, to: str
) -> None:
    said = [{"channel": one, "purpose": "marketing", "granted": True} for one in ("post", "push")]
    made = await shop.post(
        "/v1/members", {"phone": "+37120000193", "email": OLD, "consents": said}, scope="till"
    )
    member = made.json()["id"]
    assert await states(shop, member) == {"post": "pending", "push": "pending"}

    body = {"purpose": "confirm", "channel": channel, "till": "7"}
    asked = (await shop.post(f"/v1/members/{member}/challenges", body, scope="till")).json()["id"]
    answer = {"code": await letters.code(to), "till": "7"}
    verified = await shop.post(f"/v1/challenges/{asked}/verify", answer, scope="till")

    assert verified.status_code == 200, verified.text
    assert await states(shop, member) == {"post": "granted", "push": "granted"}
    assert [one["confirmed_address"] for one in await history(shop, member)] == [None, None]


async def test_the_code_that_she_types_for_a_new_phone_confirms_what_waits_there(
    shop: Api, letters: Letters, database: Database
) -> None:
    said = [{"channel": "sms", "purpose": "marketing", "granted": True}]
    made = await shop.post("/v1/members", {"phone": "+37120000194", "consents": said}, scope="till")
    member = made.json()["id"]
    token = await member_sessions.open_member_session(
        database, shop.program.id, ids.read("mem", member), label="Chrome · Android", at=START
    )
    portal = Portal(shop, member, made.json()["cards"][0]["number"], token)
    assert await states(shop, portal.member) == {"sms": "pending"}
    page = await portal.post("/me/contact", kind="phone", to="+37120000195", challenge="")
    found = re.search(r'name="challenge" value="(chl_\w+)"', page.text)
    assert found is not None, page.text
    code = await letters.code("+37120000195")

    done = await portal.post("/me/contact", kind="phone", to="+37120000195", challenge=found[1], code=code)

    assert done.headers["location"] == f"{portal.home}/me/profile?said=saved"
    assert await states(shop, portal.member) == {"sms": "granted"}


async def test_the_code_that_she_types_for_a_new_email_confirms_there_and_not_before(
    shop: Api, letters: Letters, database: Database
) -> None:
    portal = await portal_of(shop, database)
    member = portal.member
    await shop.patch(f"/v1/members/{member}", {"email": OLD})
    said = await say(shop, member, "email", True)
    await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, said["id"])})
    waiting = await say(shop, member, "email", True, purpose="partners")
    page = await portal.post("/me/contact", kind="email", to=NEW, challenge="")
    found = re.search(r'name="challenge" value="(chl_\w+)"', page.text)
    assert found is not None, page.text
    code = await letters.code(NEW)

    for _ in range(2):
        done = await portal.post("/me/contact", kind="email", to=NEW, challenge=found[1], code=code)
        assert done.headers["location"] == f"{portal.home}/me/profile?said=saved"

    now = (await shop.get(f"/v1/members/{member}/consents")).json()["now"]
    assert {one["purpose"]: (one["state"], one["confirmed_address"]) for one in now} == {
        "marketing": ("granted", kept(shop, now[0]["id"], NEW)),
        "partners": ("granted", kept(shop, now[1]["id"], NEW)),
    }
    assert waiting["id"] not in [one["id"] for one in now]
    late = await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, waiting["id"])})
    assert late.status_code == 409
    assert [letter["to"] for letter in letters.all()].count(NEW) == 1


async def test_an_email_that_comes_with_a_duplicate_waits_too_and_back(shop: Api, letters: Letters) -> None:
    member, _ = await confirmed_reader(shop)
    await shop.patch(f"/v1/members/{member}", {"phone": "+37120000192"})
    await shop.patch(f"/v1/members/{member}", {"email": None})
    other = await reader(shop, NEW)
    merged = await shop.post(f"/v1/members/{member}/merge", {"member": other})

    assert merged.status_code == 200, merged.text
    assert await states(shop, member) == {"email": "pending"}
    (letter,) = await letters.to(NEW)
    assert "confirm" in letter["subject"]
    (again, *_) = await history(shop, member)
    await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, again["id"])})
    assert await states(shop, member) == {"email": "granted"}

    await shop.post(f"/v1/members/{member}/unmerge", {"member": other})
    assert await states(shop, member) == {"email": "pending"}


async def test_a_confirmed_address_that_was_changed_is_found(
    shop: Api, database: Database, administrator_url: str
) -> None:
    _, said = await confirmed_reader(shop)
    await seal_ledger(database, shop.program.id, START)
    assert (await verify_ledger(database, shop.program.id, START)).broken == ()

    with psycopg.connect(administrator_url) as owner:
        owner.execute(
            "UPDATE consent_confirmation SET address = %s WHERE consent = %s",
            (bytes(32), ids.read("cns", said["id"])),
        )

    assert len((await verify_ledger(database, shop.program.id, START)).broken) == 1

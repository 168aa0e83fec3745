"""Consents: what was shown and said, what counts, its confirmation by email, lists of those who agree."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from datetime import datetime
from typing import Any

import psycopg
import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.confirm_consent import token
from regulars.flows.seal_ledger import seal_ledger
from regulars.flows.verify_ledger import verify_ledger
from tests.api.conftest import SECRET, Api, Letters
from tests.api.shop import buy, line, member_with_card, publish, record, set_clock
from tests.conftest import START

NEWS = {
    "code": "news",
    "purpose": "marketing",
    "channels": ["email", "sms"],
    "texts": {"lv": "Jūs piekrītat saņemt jaunumus.", "en": "You agree to get news."},
}
ASKED_BY_MAIL: dict[str, Any] = {
    "name": "A point for who reads mail",
    "group": "points",
    "conditions": [{"kind": "member"}, {"kind": "consent", "channel": "email", "purpose": "marketing"}],
    "benefits": [{"kind": "points_fixed", "currency": "PTS", "points": 7}],
}


async def reader(api: Api, email: str = "anna@example.com") -> str:
    made = await api.post("/v1/members", {"email": email, "name": "Anna", "language": "en"})
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def say(api: Api, member: str, channel: str, granted: bool, **more: Any) -> dict[str, Any]:
    body = {"channel": channel, "purpose": "marketing", "granted": granted, **more}
    answer = await api.post(f"/v1/members/{member}/consents", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def states(api: Api, member: str) -> dict[str, str]:
    answer = await api.get(f"/v1/members/{member}/consents")
    assert answer.status_code == 200, answer.text
    return {one["channel"]: one["state"] for one in answer.json()["now"]}


def sent_token(api: Api, member: str, consent: str, expires: str = "2026-03-08T09:00:00+00:00") -> str:
    at = datetime.fromisoformat(expires)
    return token(SECRET, api.program.id, ids.read("mem", member), ids.read("cns", consent), at)


async def test_a_wording_gets_version_after_version_and_none_is_changed(shop: Api) -> None:
    first = await shop.post("/v1/consent-wordings", NEWS)
    second = await shop.post("/v1/consent-wordings", {**NEWS, "texts": {"lv": "Cits teksts."}})

    assert [first.status_code, second.status_code] == [201, 201]
    assert [first.json()["version"], second.json()["version"]] == [1, 2]
    assert first.json()["hashes"]["en"] == hashlib.sha256(b"You agree to get news.").hexdigest()
    listed = (await shop.get("/v1/consent-wordings", scope="till")).json()
    assert [(w["code"], w["version"], w["texts"]) for w in listed["items"]] == [
        ("news", 2, {"lv": "Cits teksts."}),
        ("news", 1, NEWS["texts"]),
    ]
    assert listed["next"] is None


async def test_a_wording_speaks_the_programs_languages_its_own_at_least(shop: Api) -> None:
    answer = await shop.post("/v1/consent-wordings", {**NEWS, "texts": {"en": "a", "de": "b"}})

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/texts/de", "/texts/lv"]


async def test_the_list_of_wordings_keeps_the_versions_of_a_code_together(shop: Api) -> None:
    for code in ("a", "a", "a", "b"):
        await shop.post("/v1/consent-wordings", {**NEWS, "code": code})

    page = (await shop.get("/v1/consent-wordings", limit="1")).json()

    assert [(w["code"], w["version"]) for w in page["items"]] == [("a", 3), ("a", 2), ("a", 1)]
    rest = (await shop.get("/v1/consent-wordings", cursor=page["next"])).json()
    assert [(w["code"], w["version"]) for w in rest["items"]] == [("b", 1)]


async def test_a_consent_carries_what_was_shown_who_recorded_it_and_where_the_proof_lies(shop: Api) -> None:
    await shop.post("/v1/consent-wordings", NEWS)
    member = await reader(shop)

    said = await say(
        shop, member, "sms", True, wording="news", source="till", evidence="riga-1/7, receipt 123",
        given_at="2026-03-01T10:00:00+02:00",
    )  # fmt: skip

    assert said["state"] == "granted"
    assert (said["wording"], said["wording_version"], said["wording_language"]) == ("news", 1, "en")
    assert said["wording_hash"] == hashlib.sha256(b"You agree to get news.").hexdigest()
    assert said["evidence"] == "riga-1/7, receipt 123"
    assert said["recorded_by"].startswith("key_")
    assert said["given_at"] == "2026-03-01T10:00:00+02:00"
    kept = (await shop.get(f"/v1/members/{member}/consents")).json()
    assert kept["history"] == [{**said, "given_at": "2026-03-01T08:00:00Z"}]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"wording": "nothing"}, "/wording"),
        ({"wording": "news", "wording_version": 2}, "/wording"),
        ({"wording": "news", "wording_language": "hu"}, "/wording_language"),
        ({"wording": "news", "channel": "post"}, "/wording"),
        ({"wording": "news", "purpose": "research"}, "/wording"),
        ({"given_at": "2026-03-02T00:00:00Z"}, "/given_at"),
        ({"given_at": "2026-03-01T08:00:00"}, "/given_at"),
    ],
)
async def test_a_wording_that_is_not_there_or_about_something_else_is_refused(
    shop: Api, more: dict[str, Any], pointer: str
) -> None:
    await shop.post("/v1/consent-wordings", NEWS)
    member = await reader(shop)
    body = {"channel": "sms", "purpose": "marketing", "granted": True, **more}

    answer = await shop.post(f"/v1/members/{member}/consents", body)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert (await shop.get(f"/v1/members/{member}/consents")).json() == {"now": [], "history": []}


@pytest.mark.parametrize(
    "more",
    [
        {"wording": "nothing"},
        {"wording": "news", "wording_version": 2},
        {"wording": "news", "wording_language": "hu"},
        {"wording": "news", "channel": "post"},
    ],
)
async def test_a_withdrawal_counts_whatever_wording_it_names(shop: Api, more: dict[str, Any]) -> None:
    await shop.post("/v1/consent-wordings", NEWS)
    member = await reader(shop)
    channel = more.get("channel", "sms")
    await say(shop, member, channel, True)

    said = await say(shop, member, **{"channel": channel, "granted": False, **more})

    assert (said["state"], said["wording"]) == ("withdrawn", None)
    assert await states(shop, member) == {channel: "withdrawn"}


async def test_an_agreement_by_email_waits_until_its_token_comes_back_once(shop: Api) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True)
    assert said["state"] == "pending"
    assert await states(shop, member) == {"email": "pending"}
    text = sent_token(shop, member, said["id"])

    confirmed = await shop.post("/v1/consents/confirm", {"token": text})
    again = await shop.post("/v1/consents/confirm", {"token": text})

    assert confirmed.status_code == 200, confirmed.text
    assert (confirmed.json()["consent"], confirmed.json()["member"]) == (said["id"], member)
    assert (again.status_code, again.json()["code"]) == (409, "state_conflict")
    assert await states(shop, member) == {"email": "granted"}


async def test_one_message_asks_for_the_confirmation_in_her_language(shop: Api, letters: Letters) -> None:
    await shop.patch("/v1/program", {"settings": {"public_address": "https://club.example"}})
    member = await reader(shop)
    await say(shop, member, "sms", True)
    await say(shop, member, "email", False)
    await say(shop, member, "email", True)

    (letter,) = await letters.to("anna@example.com")
    assert letter["subject"] == "Test: please confirm your email"
    found = re.search(r"https://club\.example/portal/([a-z0-9-]+)/confirm\?token=(\S+)", letter["text"])
    assert found is not None
    confirmed = await shop.post("/v1/consents/confirm", {"token": found[2]})
    assert confirmed.status_code == 200, confirmed.text
    assert await states(shop, member) == {"email": "granted", "sms": "granted"}
    assert len(letters.all()) == 1


async def test_a_token_is_signed_for_one_program_and_lives_seven_days(shop: Api) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True)
    text = sent_token(shop, member, said["id"])
    foreign = token(b"x" * 32, shop.program.id, ids.read("mem", member), ids.read("cns", said["id"]), START)

    broken = await shop.post("/v1/consents/confirm", {"token": text[:-2] + "AA"})
    short = await shop.post("/v1/consents/confirm", {"token": "abc"})
    other = await shop.post("/v1/consents/confirm", {"token": foreign})
    await set_clock(shop, "2026-03-08T11:00:00+02:00")
    late = await shop.post("/v1/consents/confirm", {"token": text})

    assert [a.status_code for a in (broken, short, other, late)] == [422, 422, 422, 422]
    assert "7 days" in late.json()["detail"]
    assert await states(shop, member) == {"email": "pending"}


async def test_what_was_withdrawn_meanwhile_is_not_confirmed(shop: Api) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True)
    await say(shop, member, "email", False)

    answer = await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, said["id"])})

    assert (answer.status_code, answer.json()["code"]) == (409, "state_conflict")
    assert await states(shop, member) == {"email": "withdrawn"}


async def test_asking_again_does_not_take_away_what_was_confirmed(shop: Api) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True)
    await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, said["id"])})

    await say(shop, member, "email", True)

    assert await states(shop, member) == {"email": "granted"}


async def test_only_a_key_that_may_manage_brings_a_confirmation_along(shop: Api) -> None:
    member = await reader(shop)
    body = {"channel": "email", "purpose": "marketing", "granted": True, "confirmed": True}

    till = await shop.post(f"/v1/members/{member}/consents", body, scope="till")
    manager = await shop.post(f"/v1/members/{member}/consents", body)

    assert (till.status_code, till.json()["errors"][0]["pointer"]) == (422, "/confirmed")
    assert (manager.status_code, manager.json()["state"]) == (201, "granted")


async def test_a_program_may_do_without_confirmations(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"double_opt_in": False}})
    member = await reader(shop)

    assert (await say(shop, member, "email", True))["state"] == "granted"


async def test_a_promotion_sees_an_agreement_by_email_once_it_is_confirmed(shop: Api) -> None:
    await publish(shop, ASKED_BY_MAIL)
    made = await shop.post(
        "/v1/members",
        {
            "email": "anna@example.com",
            "consents": [{"channel": "email", "purpose": "marketing", "granted": True}],
        },
    )
    member, card = made.json()["id"], made.json()["cards"][0]["number"]
    (said,) = (await shop.get(f"/v1/members/{member}/consents")).json()["now"]
    assert said["state"] == "pending"

    before = await record(shop, buy("before", card, [line(1, 100)]))
    await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, said["id"])})
    after = await record(shop, buy("after", card, [line(1, 100)]))

    assert before["earned"] == []
    assert [earning["amount"] for earning in after["earned"]] == [7]


async def test_consents_and_confirmations_are_sealed_and_a_change_is_found(
    shop: Api, database: Database, administrator_url: str
) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True, evidence="form 12")
    await shop.post("/v1/consents/confirm", {"token": sent_token(shop, member, said["id"])})
    await seal_ledger(database, shop.program.id, START)
    async with database.transaction(shop.program.id) as tx:
        kinds = await (await tx.execute("SELECT kind FROM block_member ORDER BY kind")).fetchall()
    assert [kind for (kind,) in kinds] == ["consent", "consent_confirmation"]
    assert (await verify_ledger(database, shop.program.id, START)).broken == ()

    with psycopg.connect(administrator_url) as owner:
        owner.execute("UPDATE consent SET evidence = 'form 13' WHERE program = %s", (shop.program.id,))

    assert len((await verify_ledger(database, shop.program.id, START)).broken) == 1


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def test_a_list_has_those_who_agree_and_nobody_else(shop: Api) -> None:
    phones = {}
    for number, (channel, granted) in enumerate(
        [("sms", True), ("sms", False), ("phone", True), ("sms", True)]
    ):
        member, _ = await member_with_card(shop, f"=Member {number}")
        phones[number] = member
        await say(shop, member, channel, granted)
    await say(shop, phones[3], "sms", False)
    nobody, _ = await member_with_card(shop)
    await say(shop, nobody, "sms", True)
    await shop.delete(f"/v1/members/{nobody}")

    answer = await shop.get("/v1/members/handover", purpose="marketing", channel="sms", attributes="city")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert "no-store" in answer.headers["cache-control"]
    rows = cells(answer.text)
    assert [(row["member"], row["name"], row["city"]) for row in rows] == [(phones[0], "'=Member 0", "")]
    assert rows[0]["contact"].startswith("'+371")
    (given,) = (await shop.get("/v1/handovers")).json()["items"]
    assert (given["channel"], given["purpose"], given["members"]) == ("sms", "marketing", 1)
    assert given["digest"] == hashlib.sha256(answer.content).hexdigest()
    assert given["given_to"].startswith("key_")


async def test_a_list_is_cut_into_pages_that_make_it_up(shop: Api) -> None:
    members = set()
    for _ in range(5):
        member, _ = await member_with_card(shop)
        members.add(member)
        await say(shop, member, "sms", True)

    found: list[str] = []
    cursor: str | None = None
    pages = 0
    while cursor is not None or not pages:
        more = {"cursor": cursor} if cursor else {}
        answer = await shop.get("/v1/members/handover", purpose="marketing", channel="sms", limit="2", **more)
        found += [row["member"] for row in cells(answer.text)]
        cursor, pages = answer.headers.get("next-cursor"), pages + 1

    assert (pages, len(found), set(found)) == (3, 5, members)


@pytest.mark.parametrize("scope", ["till", "issuer", "read"])
async def test_only_managers_get_lists(shop: Api, scope: str) -> None:
    answer = await shop.get("/v1/members/handover", purpose="marketing", channel="sms", scope=scope)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


async def test_the_link_of_the_message_leads_to_a_page_whose_button_confirms(shop: Api) -> None:
    member = await reader(shop)
    said = await say(shop, member, "email", True)
    page = f"/portal/{shop.program.slug}/confirm"
    text = sent_token(shop, member, said["id"])

    looked = await shop.client.get(page, params={"token": text})
    assert (looked.status_code, await states(shop, member)) == (200, {"email": "pending"})
    assert f'value="{text}"' in looked.text
    pressed = await shop.client.post(page, data={"token": text})
    again = await shop.client.post(page, data={"token": text})
    odd = await shop.client.post(page, data={"token": "<script>"})

    assert [a.status_code for a in (pressed, again, odd)] == [200, 409, 422]
    assert await states(shop, member) == {"email": "granted"}
    assert "<script>" not in odd.text

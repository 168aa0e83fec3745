"""The pages of retention: proposals decided by staff, alone or by two, and certificates that anybody can check."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import Api, shop
from tests.api.shop import buy, line, member_with_card, record
from tests.api.test_members import enrolled
from tests.api.test_personal_data import keep_for, later, propose
from tests.conftest import START
from tests.pages.conftest import Visitor, token

__all__ = ["shop"]
ERASURES = "/backoffice/review/erasures"
CERTIFICATES = "/backoffice/review/certificates"


@pytest.fixture
async def visitor(shop: Api) -> Visitor:
    """Nobody yet, in a program whose clock stands where the test puts it; the browser speaks English."""
    one = Visitor(shop)
    one.client.cookies.set(LANGUAGE_COOKIE, "en")
    return one


@pytest.fixture
async def anna(visitor: Visitor, database: Database) -> str:
    """A member whom the rule of her country proposes."""
    await keep_for(visitor.api, LV=12, any=24)
    member = (await enrolled(visitor.api, phone="+37120000001", name="Anna Kalniņa"))["id"]
    assert await propose(visitor.api, database, START + timedelta(days=400)) == 1
    return member


def path_of(member: str) -> str:
    return f"{ERASURES}/{member.replace('mem_', 'erp_')}"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


async def alone(visitor: Visitor) -> None:
    changed = await visitor.api.patch("/v1/program", {"settings": {"four_eyes_erasure": False}})
    assert changed.status_code == 200, changed.text


async def trail_of(visitor: Visitor, action: str) -> list[tuple[str, str]]:
    """(who, why) of the entries of an action."""
    items = (await visitor.api.get("/v1/audit", action=action)).json()["items"]
    return [(one["actor"]["kind"], one["why"]) for one in items]


async def test_the_list_says_whom_by_which_rule_and_since_when(visitor: Visitor, anna: str) -> None:
    await visitor.as_staff("service")
    page = (await visitor.client.get(ERASURES)).text
    assert f'<a href="/backoffice/members/{anna}">Anna Kalniņa</a>' in page
    said = words(page)
    assert "Latvia after 12 months Every other country after 24 months" in said
    assert "Latvia · after 12 months" in said
    assert "Change the rules" not in said, "service does not write the set-up"


async def test_without_rules_the_page_says_that_nobody_is_proposed(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    said = words((await visitor.client.get(ERASURES)).text)
    assert "There is no rule yet" in said
    assert "Nobody is proposed" in said
    assert "Change the rules" in said


async def test_who_is_kept_is_kept_with_a_reason_and_leaves_the_list(visitor: Visitor, anna: str) -> None:
    await visitor.as_staff("service")
    without = await visitor.act(f"{path_of(anna)}/decline", page=ERASURES, reason="")
    assert (without.status_code, "say why, in a few words" in without.text) == (422, True)
    kept = await visitor.act(f"{path_of(anna)}/decline", page=ERASURES, reason="she wrote to us in May")
    assert (kept.status_code, kept.headers["location"]) == (303, ERASURES)
    assert "Nobody is proposed" in words((await visitor.client.get(ERASURES)).text)
    assert await trail_of(visitor, "erasure_proposal.declined") == [("staff", "she wrote to us in May")]
    assert (await visitor.api.get(f"/v1/members/{anna}")).json()["name"] == "Anna Kalniņa"


async def test_where_one_person_may_erase_it_is_done_and_certified(visitor: Visitor, anna: str) -> None:
    await alone(visitor)
    await visitor.as_staff("service")
    done = await visitor.act(f"{path_of(anna)}/accept", page=ERASURES, reason="the rule of 12 months")
    assert done.status_code == 303, done.text
    certificate = (await visitor.api.get(f"/v1/members/{anna}/erasure")).json()["certificate"]
    assert certificate["asked_by"].startswith("stf_")
    assert certificate["removed"]["name"] == 1
    assert await trail_of(visitor, "erasure_proposal.accepted") == [("staff", "the rule of 12 months")]
    again = await visitor.act(f"{path_of(anna)}/decline", page=ERASURES, reason="too late")
    assert (again.status_code, "erased already" in again.text) == (409, True)


async def test_an_email_that_staff_takes_away_is_no_sign_of_her(visitor: Visitor, database: Database) -> None:
    await keep_for(visitor.api, LV=12)
    new = await enrolled(visitor.api, phone="+37120000001", email="anna@example.com")
    agreed = {"channel": "email", "purpose": "marketing", "granted": True}
    assert (await visitor.api.post(f"/v1/members/{new['id']}/consents", agreed)).status_code == 201
    assert await propose(visitor.api, database, await later(visitor.api, 400)) == 1
    changed = await visitor.api.patch(f"/v1/members/{new['id']}", {"email": None})
    assert changed.status_code == 200, changed.text
    kept = (await visitor.api.get(f"/v1/members/{new['id']}/consents")).json()["history"]
    assert [one["source"] for one in kept].count("email_changed") == 1

    await alone(visitor)
    accepted = await visitor.api.post(f"/v1/erasure-proposals/{new['id'].replace('mem_', 'erp_')}/accept", {})

    assert accepted.status_code == 200, accepted.text


async def test_with_four_eyes_a_colleague_agrees_before_anybody_is_erased(
    visitor: Visitor, anna: str
) -> None:
    await visitor.as_staff("service", email="sandra@shop.example")
    asked = await visitor.act(f"{path_of(anna)}/accept", page=ERASURES, reason="the rule of 12 months")
    assert asked.status_code == 303, asked.text
    assert "waits for a colleague" in words((await visitor.client.get(ERASURES)).text)
    assert (await visitor.api.get(f"/v1/members/{anna}")).json()["erased_at"] is None
    await visitor.as_staff("finance")
    review = "/backoffice/review"
    approval = re.search(r"/review/(apr_\w+)/approve", (await visitor.client.get(review)).text)
    assert approval
    agreed = await visitor.act(f"{review}/{approval[1]}/approve", page=review)
    assert agreed.status_code == 303, agreed.text
    assert (await visitor.api.get(f"/v1/members/{anna}")).json()["erased_at"] is not None
    assert (await visitor.api.get("/v1/erasure-proposals")).json()["items"] == []
    assert await trail_of(visitor, "erasure_proposal.accepted") == [("staff", "the rule of 12 months")]


async def test_who_was_seen_while_a_colleague_thought_about_it_is_not_erased(
    visitor: Visitor, database: Database
) -> None:
    api = visitor.api
    await keep_for(api, any=12)
    member, card = await member_with_card(api)
    at = await later(api, 400)
    assert await propose(api, database, at) == 1
    await visitor.as_staff("service")
    asked = await visitor.act(f"{path_of(member)}/accept", page=ERASURES, reason="the rule")
    assert asked.status_code == 303, asked.text
    await record(api, buy("r-1", card, [line(1, 500)], purchased_at=at.isoformat()))
    await visitor.as_staff("finance")
    review = "/backoffice/review"
    approval = re.search(r"/review/(apr_\w+)/approve", (await visitor.client.get(review)).text)
    assert approval
    stale = await visitor.act(f"{review}/{approval[1]}/approve", page=review)
    assert (stale.status_code, "seen since this was proposed" in stale.text) == (409, True)
    assert (await api.get(f"/v1/members/{member}")).json()["erased_at"] is None


async def test_whoever_was_merged_since_is_not_erased_with_whom_she_is_now(
    visitor: Visitor, database: Database, anna: str
) -> None:
    """A proposal is of one member: the other one, who bought a moment ago, was never proposed."""
    api = visitor.api
    await alone(visitor)
    await later(api, 400)
    kept = (await enrolled(api, phone="+37120000002", name="Ilze"))["id"]
    await visitor.as_staff("service")
    merged = await api.post(f"/v1/members/{kept}/merge", {"member": anna})
    assert merged.status_code == 200, merged.text
    refused = await visitor.act(f"{path_of(anna)}/accept", page=ERASURES, reason="the rule")
    assert (refused.status_code, "was merged into another" in words(refused.text)) == (409, True)
    from_outside = await api.post(f"/v1/erasure-proposals/{anna.replace('mem_', 'erp_')}/accept")
    assert from_outside.status_code == 409
    assert (await api.get(f"/v1/members/{kept}")).json()["erased_at"] is None
    assert await propose(api, database, START + timedelta(days=401)) == 0
    assert (await api.get("/v1/erasure-proposals")).json()["items"] == [], "the night withdraws it"


async def test_with_four_eyes_a_merge_while_a_colleague_thinks_erases_nobody(
    visitor: Visitor, anna: str
) -> None:
    api = visitor.api
    kept = (await enrolled(api, phone="+37120000002", name="Ilze"))["id"]
    await visitor.as_staff("service")
    asked = await visitor.act(f"{path_of(anna)}/accept", page=ERASURES, reason="the rule")
    assert asked.status_code == 303, asked.text
    merged = await api.post(f"/v1/members/{kept}/merge", {"member": anna})
    assert merged.status_code == 200, merged.text
    await visitor.as_staff("finance")
    review = "/backoffice/review"
    approval = re.search(r"/review/(apr_\w+)/approve", (await visitor.client.get(review)).text)
    assert approval
    stale = await visitor.act(f"{review}/{approval[1]}/approve", page=review)
    assert (stale.status_code, "was merged into another" in stale.text) == (409, True)
    assert (await api.get(f"/v1/members/{kept}")).json()["erased_at"] is None


async def test_a_certificate_is_listed_downloaded_and_found_genuine(visitor: Visitor) -> None:
    member = (await enrolled(visitor.api, phone="+37120000001", name="Anna"))["id"]
    await visitor.as_staff("auditor")
    assert "Nobody was erased yet" in words((await visitor.client.get(CERTIFICATES)).text)
    await visitor.api.delete(f"/v1/members/{member}")
    assert f'href="{CERTIFICATES}/{member}"' in (await visitor.client.get(CERTIFICATES)).text
    assert "signature is good" in words((await visitor.client.get(f"{CERTIFICATES}/{member}")).text)
    file = await visitor.client.get(f"{CERTIFICATES}/{member}/certificate.json")
    assert file.headers["content-disposition"] == f'attachment; filename="erasure-{member}.json"'
    assert file.json() == (await visitor.api.get(f"/v1/members/{member}/erasure")).json()
    assert "It is genuine" in await checked(visitor, file.content)


@pytest.mark.parametrize("change", ["whom", "signature", "nothing of ours", "no file"])
async def test_a_certificate_that_was_tampered_with_is_not_believed(visitor: Visitor, change: str) -> None:
    member = (await enrolled(visitor.api, phone="+37120000001"))["id"]
    await visitor.api.delete(f"/v1/members/{member}")
    shown = (await visitor.api.get(f"/v1/members/{member}/erasure")).json()
    await visitor.as_staff("auditor")
    if change == "whom":
        shown["signed"] = shown["signed"].replace(member, ids.show("mem", ids.new()))
    elif change == "signature":
        shown["signature"] = "A" * 86 + "=="
    elif change == "nothing of ours":
        shown = {"signed": "{}", "signature": "?"}
    said = await checked(visitor, json.dumps(shown).encode() if change != "no file" else None)
    expected = {"nothing of ours": "is not a certificate of an erasure", "no file": "choose a file"}
    assert expected.get(change, "Do not trust it") in said
    assert "It is genuine" not in said


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2027-03-01T12:00:00"])
async def test_a_certificate_of_no_instant_that_there_is_is_none(visitor: Visitor, at: str) -> None:
    member = (await enrolled(visitor.api, phone="+37120000001"))["id"]
    await visitor.api.delete(f"/v1/members/{member}")
    shown = (await visitor.api.get(f"/v1/members/{member}/erasure")).json()
    signed = json.loads(shown["signed"]) | {"erased_at": at}
    await visitor.as_staff("auditor")
    said = await checked(visitor, json.dumps(shown | {"signed": json.dumps(signed)}).encode())
    assert "is not a certificate of an erasure" in said


@pytest.mark.parametrize("deep", ['{"signed":' + "[" * 5_000, '{"x":' * 5_000])
async def test_a_certificate_that_is_nested_without_end_is_none(visitor: Visitor, deep: str) -> None:
    await visitor.as_staff("auditor")
    assert "is not a certificate of an erasure" in await checked(visitor, deep.encode())
    within = json.dumps({"signed": deep, "signature": "AAAA"})
    assert "is not a certificate of an erasure" in await checked(visitor, within.encode())


async def test_a_member_who_was_not_erased_has_no_certificate(visitor: Visitor) -> None:
    member = (await enrolled(visitor.api, phone="+37120000001"))["id"]
    await visitor.as_staff("auditor")
    assert (await visitor.client.get(f"{CERTIFICATES}/{member}")).status_code == 404


async def test_certificates_come_in_parts_the_latest_first(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.backoffice.retention.CERTIFICATES_AT_ONCE", 2)
    erased = [(await enrolled(visitor.api, external_id=f"crm-{n}"))["id"] for n in range(5)]
    for place, member in enumerate(erased):
        await later(visitor.api, place + 1)
        await visitor.api.delete(f"/v1/members/{member}")
    await visitor.as_staff("auditor")
    seen: list[str] = []
    address: str | None = CERTIFICATES
    while address:
        page = (await visitor.client.get(address)).text
        seen += re.findall(rf'class="mono" href="{CERTIFICATES}/(mem_\w+)"', page)
        further = re.search(r'href="([^"]*cursor=[^"]+)" rel="next"', page)
        address = unescape(further[1]) if further else None
    assert seen == erased[::-1]
    wrong = await visitor.client.get(f"{CERTIFICATES}?cursor=soon")
    assert wrong.status_code == 422


async def checked(visitor: Visitor, content: bytes | None) -> str:
    """What the page says of a file."""
    csrf = token((await visitor.client.get(CERTIFICATES)).text)
    files = {"file": ("certificate.json", content, "application/json")} if content is not None else None
    answer = await visitor.client.post(
        f"{CERTIFICATES}/check", data={"csrf": csrf, "request": "check-0001"}, files=files
    )
    return words(answer.text)

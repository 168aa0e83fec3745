"""What becomes of a person's data: the certificate of an erasure, proposals by retention, everything to take along."""

from __future__ import annotations

import asyncio
import base64
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from regulars import ids
from regulars.db.pool import Database
from regulars.flows import export_person, retention, sharing
from regulars.flows.exported_person import PersonExport
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.retention import propose_erasures
from regulars.flows.sharing import Joining
from regulars.members.access import sessions
from regulars.members.vault import Keyring
from tests.api.conftest import SECRET, Api, Letters
from tests.api.shop import MEMBER_POINTS, buy, earning_member, line, member_with_card, publish, record
from tests.api.test_accounts import company, put_in
from tests.api.test_devices import registered
from tests.api.test_members import ANNA, enrolled, problem
from tests.conftest import MASTER_KEYS, START
from tests.pdf_text import text_of
from tests.waiting import until_others_wait

KEYRING = Keyring(SECRET, MASTER_KEYS)

# the certificate -------------------------------------------------------------------------------------------


async def test_an_erasure_is_certified_with_what_was_removed_and_that_the_books_balance(api: Api) -> None:
    member = await enrolled(api, **ANNA, birthday="1990-02-03", attributes={"size": "M", "shoe": 38})
    path = f"/v1/members/{member['id']}"
    await api.post(f"{path}/adjustments", {"currency": "PTS", "amount": 70, "reason": "sorry"})
    await api.call("PUT", f"{path}/marks", {"kind": "club", "code": "wine"})
    erased = (await api.delete(path)).json()
    view = (await api.get(f"{path}/erasure")).json()
    certificate = view["certificate"]
    removed = {
        kind: count for kind, count in certificate["removed"].items() if kind not in ("likenesses", "names")
    }
    assert removed == {
        "attributes": 2,
        "birthday": 1,
        "email": 1,
        "external_id": 1,
        "identity": 1,
        "marks": 1,
        "name": 1,
        "open_cards": 1,
        "phone": 1,
    }
    assert certificate["left"] == {}
    books = certificate["books"]
    assert books["balanced"]
    assert books["before"] == books["after"]
    assert [c["available"] for c in books["after"][0]["currencies"]] == [70]
    assert certificate["member"] == member["id"]
    assert certificate["program"] == ids.show("prg", api.program.id)
    assert certificate["asked_by"].startswith("key_")
    assert datetime.fromisoformat(certificate["erased_at"]) == datetime.fromisoformat(erased["erased_at"])
    assert "Anna" not in str(view)


async def test_a_certificate_is_checked_with_the_program_s_public_key(api: Api) -> None:
    member = await enrolled(api, **ANNA)
    await api.delete(f"/v1/members/{member['id']}")
    view = (await api.get(f"/v1/members/{member['id']}/erasure")).json()
    published = (await api.get("/v1/program/signing-key", scope="read")).json()
    assert (published["algorithm"], published["public_key"]) == ("Ed25519", view["public_key"])
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(published["public_key"]))
    signature = base64.b64decode(view["signature"])
    key.verify(signature, view["signed"].encode())
    with pytest.raises(InvalidSignature):
        key.verify(signature, view["signed"].replace('"marks"', '"narks"').encode() + b" ")


async def test_a_member_who_is_there_has_no_certificate_and_the_first_one_stays(api: Api) -> None:
    member = await enrolled(api, **ANNA)
    path = f"/v1/members/{member['id']}"
    assert problem(await api.get(f"{path}/erasure"))[:2] == (404, "not_found")
    await api.delete(path)
    first = (await api.get(f"{path}/erasure")).json()
    await api.delete(path)
    assert (await api.get(f"{path}/erasure")).json() == first
    assert problem(await api.get(f"{path}/erasure", scope="read"))[0] == 403


async def test_whoever_was_merged_into_an_erased_member_is_erased_with_her(
    api: Api, database: Database
) -> None:
    one, other = (
        await enrolled(api, phone="+37120000001", name="Anna"),
        await enrolled(api, phone="+37120000002", name="Anna B"),
    )
    stays, duplicate = ids.read("mem", one["id"]), ids.read("mem", other["id"])
    async with database.transaction(api.program.id) as tx:
        await tx.execute("UPDATE member SET merged_into = %s WHERE id = %s", (stays, duplicate))
    await api.delete(f"/v1/members/{other['id']}")
    async with database.transaction(api.program.id) as tx:
        left = await (await tx.execute("SELECT count(*) FROM person")).fetchone()
        found = await (await tx.execute("SELECT count(*) FROM identifier")).fetchone()
    assert (left, found) == ((0,), (0,))
    certificate = (await api.get(f"/v1/members/{one['id']}/erasure")).json()["certificate"]
    assert (certificate["removed"]["name"], certificate["removed"]["identity"]) == (2, 2)


async def test_of_erasures_at_the_same_time_one_is_certified(api: Api, database: Database) -> None:
    member = await enrolled(api, **ANNA)
    answers = await asyncio.gather(*[api.delete(f"/v1/members/{member['id']}") for _ in range(6)])
    assert {answer.status_code for answer in answers} == {200}
    async with database.transaction(api.program.id) as tx:
        assert await (await tx.execute("SELECT count(*) FROM erasure")).fetchone() == (1,)
    certificate = (await api.get(f"/v1/members/{member['id']}/erasure")).json()["certificate"]
    assert (certificate["removed"]["name"], certificate["left"]) == (1, {})


async def test_whoever_comes_into_an_account_while_she_waits_to_be_erased_is_let_out_again(
    shop: Api, database: Database
) -> None:
    anna = await enrolled(shop, **ANNA)
    account = await company(shop)
    how = Joining("spender")
    async with database.transaction(shop.program.id) as tx:
        joined, member = ids.read("acc", account), ids.read("mem", anna["id"])
        await sharing.enter(tx, shop.program, joined, member, how, START, "test")
        erasing = asyncio.create_task(shop.delete(f"/v1/members/{anna['id']}"))
        await until_others_wait(tx)
    assert (await erasing).status_code == 200
    assert (await shop.get(f"/v1/accounts/{account}/members")).json()["items"] == []
    certificate = (await shop.get(f"/v1/members/{anna['id']}/erasure")).json()["certificate"]
    assert certificate["books"]["before"][0]["account"] == account


# retention -------------------------------------------------------------------------------------------------


async def later(api: Api, days: int) -> datetime:
    """Set the sandbox's clock so many days after the beginning."""
    at = START + timedelta(days=days)
    moved = await api.post("/v1/sandbox/clock", {"now": at.isoformat()})
    assert moved.status_code == 200, moved.text
    return at


async def propose(shop: Api, database: Database, at: datetime) -> int:
    known = await KnownPrograms(database, KEYRING).of(shop.program.id)
    return await propose_erasures(database, known, at)


async def keep_for(api: Api, **rules: int) -> None:
    """Set the rules of retention: by country ("any" for all others), months."""
    setting = {("*" if name == "any" else name): {"months": months} for name, months in rules.items()}
    changed = await api.patch("/v1/program", {"settings": {"retention": setting}})
    assert changed.status_code == 200, changed.text


async def proposed(api: Api) -> list[tuple[str, str, int]]:
    items = (await api.get("/v1/erasure-proposals")).json()["items"]
    return [(one["member"], one["country"], one["months"]) for one in items]


async def test_without_a_rule_nobody_is_proposed(shop: Api, database: Database) -> None:
    await enrolled(shop, **ANNA)
    assert await propose(shop, database, START + timedelta(days=10_000)) == 0


async def test_whoever_was_not_seen_for_as_long_as_her_country_s_rule_says_is_proposed(
    shop: Api, database: Database
) -> None:
    await keep_for(shop, EE=12, any=24)
    latvian = await enrolled(shop, phone="+37120000001")
    estonian = await enrolled(shop, phone="+37251234567")
    assert await propose(shop, database, START + timedelta(days=364)) == 0
    assert await propose(shop, database, START + timedelta(days=368)) == 1
    assert await proposed(shop) == [(estonian["id"], "EE", 12)]
    assert await propose(shop, database, START + timedelta(days=735)) == 1
    assert sorted(await proposed(shop)) == sorted([(estonian["id"], "EE", 12), (latvian["id"], "*", 24)])


async def test_a_purchase_keeps_a_member_and_withdraws_a_proposal(shop: Api, database: Database) -> None:
    await keep_for(shop, any=12)
    member, card = await member_with_card(shop)
    at = await later(shop, 400)
    assert await propose(shop, database, at) == 1
    await record(shop, buy("r-1", card, [line(1, 500)], purchased_at=at.isoformat()))
    accepted = await shop.post(f"/v1/erasure-proposals/{member.replace('mem_', 'erp_')}/accept")
    assert problem(accepted)[:2] == (409, "state_conflict")
    assert (await shop.get(f"/v1/members/{member}")).json()["erased_at"] is None
    assert await propose(shop, database, at + timedelta(days=1)) == 0
    assert await proposed(shop) == []
    assert await propose(shop, database, at + timedelta(days=368)) == 1


@pytest.mark.parametrize("now", ["in a company", "merged"])
async def test_what_she_bought_before_she_came_elsewhere_keeps_her(
    shop: Api, database: Database, now: str
) -> None:
    await keep_for(shop, any=12)
    anna = (await enrolled(shop, email="anna@example.com"))["id"]
    member, card = await member_with_card(shop)
    at = await later(shop, 400)
    await record(shop, buy("r-1", card, [line(1, 500)], purchased_at=at.isoformat()))
    if now == "merged":
        moved = await shop.post(f"/v1/members/{anna}/merge", {"member": member})
        assert moved.status_code == 200, moved.text
    else:
        await put_in(shop, await company(shop), {"member": member, "role": "spender"})
    await propose(shop, database, at)
    assert [one for one, _, _ in await proposed(shop)] == ([] if now == "merged" else [anna])


async def test_an_accepted_proposal_erases_once_with_a_certificate(shop: Api, database: Database) -> None:
    await keep_for(shop, any=12)
    member = await enrolled(shop, **ANNA)
    await propose(shop, database, START + timedelta(days=400))
    path = f"/v1/erasure-proposals/{member['id'].replace('mem_', 'erp_')}"
    first = (await shop.post(f"{path}/accept")).json()
    assert first["status"] == "accepted"
    assert (await shop.post(f"{path}/accept")).json() == first
    assert (await shop.get(f"/v1/members/{member['id']}")).json()["name"] == ""
    assert (await shop.get(f"/v1/members/{member['id']}/erasure")).json()["certificate"]["removed"][
        "name"
    ] == 1
    assert await proposed(shop) == []
    assert problem(await shop.post(f"{path}/decline"))[:2] == (409, "state_conflict")
    assert await propose(shop, database, START + timedelta(days=4000)) == 0


async def test_a_declined_proposal_comes_again_after_a_year(shop: Api, database: Database) -> None:
    await keep_for(shop, any=12)
    member = await enrolled(shop, **ANNA)
    at = await later(shop, 400)
    await propose(shop, database, at)
    path = f"/v1/erasure-proposals/{member['id'].replace('mem_', 'erp_')}"
    assert (await shop.post(f"{path}/decline")).json()["status"] == "declined"
    assert problem(await shop.post(f"{path}/accept"))[:2] == (409, "state_conflict")
    assert await propose(shop, database, at + timedelta(days=364)) == 0
    assert await propose(shop, database, at + timedelta(days=365)) == 1
    assert [one[0] for one in await proposed(shop)] == [member["id"]]


async def test_all_members_are_walked_in_pages_and_listed_in_parts(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    await keep_for(shop, any=1)
    members = {(await enrolled(shop, external_id=f"crm-{n}"))["id"] for n in range(10)}
    assert await propose(shop, database, START + timedelta(days=60)) == 10
    assert await propose(shop, database, START + timedelta(days=61)) == 0
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    for expected in (4, 4, 2):
        page = (await shop.get("/v1/erasure-proposals", limit=4, **cursor)).json()
        assert len(page["items"]) == expected
        seen += [one["member"] for one in page["items"]]
        cursor = {"cursor": page["next"]}
    assert (set(seen), len(seen), cursor["cursor"]) == (members, 10, None)


@pytest.mark.parametrize(
    "rules",
    [{"LV": {"months": 0}}, {"lv": {"months": 12}}, {"LVA": {"months": 12}}, {"LV": 12}, {"": {"months": 1}}],
)
async def test_a_rule_that_cannot_be_is_refused(api: Api, rules: dict[str, Any]) -> None:
    changed = await api.patch("/v1/program", {"settings": {"retention": rules}})
    assert problem(changed)[0] == 422


async def test_an_unknown_proposal_is_not_found(api: Api) -> None:
    unknown = ids.show("erp", ids.new(1))
    for act in ("accept", "decline"):
        assert problem(await api.post(f"/v1/erasure-proposals/{unknown}/{act}"))[:2] == (404, "not_found")
    assert problem(await api.post(f"/v1/erasure-proposals/{ids.show('mem', ids.new(1))}/accept"))[0] == 422


# to take along ---------------------------------------------------------------------------------------------


async def test_an_export_holds_all_that_is_known_of_a_person(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    member = await enrolled(shop, **ANNA, birthday="1990-02-03", attributes={"size": "M"})
    path, card = f"/v1/members/{member['id']}", member["cards"][0]["number"]
    await shop.call("PUT", f"{path}/marks", {"kind": "club", "code": "wine"})
    await shop.post(f"{path}/consents", {"channel": "sms", "purpose": "offers", "granted": True})
    await shop.post(f"{path}/consents", {"channel": "sms", "purpose": "offers", "granted": False})
    bought = await record(shop, buy("r-1", card, [line(1, 500, "2"), line(2, 99)]))
    await shop.post(f"{path}/adjustments", {"currency": "PTS", "amount": 70, "reason": "sorry"})
    exported = await shop.get(f"{path}/export")
    assert exported.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    everything = exported.json()
    documented = msgspec.json.decode(exported.content, type=PersonExport)
    assert everything == msgspec.json.decode(msgspec.json.encode(documented))
    assert everything["version"] == "regulars.person.1"
    assert everything["profile"] == (await shop.get(path)).json()
    assert [(c["channel"], c["granted"]) for c in everything["consents"]] == [("sms", False), ("sms", True)]
    assert [mark["code"] for mark in everything["marks"]] == ["wine"]
    assert [(m["kind"], m["change"], m["balance"]) for m in everything["statement"]] == [
        ("adjustment", 70, 80),
        ("purchase", 10, 10),
    ]
    (purchase,) = everything["purchases"]
    assert (purchase["id"], purchase["status"]) == (bought["id"], "recorded")
    assert [(one["sku"], one["quantity"], one["net"]) for one in purchase["lines"]] == [
        ("sku-1", "2", 1000),
        ("sku-2", "1", 99),
    ]


async def test_what_a_merged_duplicate_said_and_where_she_is_logged_in_is_in_the_export_until_they_are_parted(
    shop: Api, letters: Letters, database: Database
) -> None:
    _, twin, _, _ = await registered(shop, letters)
    anna = (await enrolled(shop, **ANNA))["id"]
    for member, channel, label in ((anna, "sms", "Firefox"), (twin, "post", "Safari")):
        said = {"channel": channel, "purpose": "offers", "granted": True}
        await shop.post(f"/v1/members/{member}/consents", said)
        async with database.transaction(shop.program.id) as tx:
            await sessions.begin(tx, shop.program.id, ids.read("mem", member), label, "code", START)

    async def exported(member: str) -> tuple[list[tuple[str, str]], list[str], list[str]]:
        everything = (await shop.get(f"/v1/members/{member}/export")).json()
        consents = sorted((one["channel"], one["member"]) for one in everything["consents"])
        return consents, sorted(one["label"] for one in everything["log_ins"]), everything["merged"]

    hers, twins = ("sms", anna), ("post", twin)
    apart = ([hers], ["Firefox"], []), ([twins], ["Anna's phone", "Safari"], [])
    assert (await exported(anna), await exported(twin)) == apart
    assert (await shop.post(f"/v1/members/{anna}/merge", {"member": twin})).status_code == 200
    both = [twins, hers], ["Anna's phone", "Firefox", "Safari"], [twin]
    assert (await exported(anna), await exported(twin)) == (both, both), "the old id leads to her"
    assert (await shop.post(f"/v1/members/{anna}/unmerge", {"member": twin})).status_code == 200
    assert (await exported(anna), await exported(twin)) == apart


async def test_a_long_history_is_exported_whole_in_parts(shop: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_person, "PURCHASES_AT_ONCE", 3)
    monkeypatch.setattr(export_person, "MOVEMENTS_AT_ONCE", 2)
    member, card = await earning_member(shop)
    for n in range(7):
        await record(shop, buy(f"r-{n}", card, [line(1, 500)]))
    everything = (await shop.get(f"/v1/members/{member}/export")).json()
    assert sorted(one["request"] for one in everything["purchases"]) == [f"r-{n}" for n in range(7)]
    assert [m["balance"] for m in everything["statement"]] == [35, 30, 25, 20, 15, 10, 5]


async def test_what_others_bought_on_a_shared_account_is_not_in_an_export(shop: Api) -> None:
    anna, annas = await earning_member(shop)
    berta, bertas = await member_with_card(shop, "Berta Liepa")
    made = await shop.post("/v1/accounts", {"kind": "household", "name": "Liepas", "owner": anna})
    assert made.status_code == 201, made.text
    invited = await shop.post(f"/v1/accounts/{made.json()['id']}/invitations", {"role": "earner"})
    joined = await shop.post("/v1/invitations/accept", {"code": invited.json()["code"], "member": berta})
    assert joined.status_code == 200, joined.text
    await record(shop, buy("r-anna", annas, [line(1, 500)]))
    await record(shop, buy("r-berta", bertas, [line(1, 700)]))
    for member, request, role in ((anna, "r-anna", "owner"), (berta, "r-berta", "earner")):
        everything = (await shop.get(f"/v1/members/{member}/export")).json()
        assert [one["request"] for one in everything["purchases"]] == [request]
        assert everything["account"]["role"] == role


async def test_an_erased_person_s_export_names_nobody(shop: Api) -> None:
    member = await enrolled(shop, **ANNA, attributes={"size": "M"})
    await shop.delete(f"/v1/members/{member['id']}")
    text = (await shop.get(f"/v1/members/{member['id']}/export")).text
    assert [word for word in ("Anna", "20000001", "example.lv", "crm-1", "size") if word in text] == []


async def test_nobody_s_export_is_not_found_and_a_till_may_not_ask(shop: Api) -> None:
    for kind in ("export", "export.pdf"):
        assert problem(await shop.get(f"/v1/members/{ids.show('mem', ids.new(1))}/{kind}"))[:2] == (
            404,
            "not_found",
        )
        assert (
            problem(await shop.get(f"/v1/members/{ids.show('mem', ids.new(1))}/{kind}", scope="till"))[0]
            == 403
        )


@pytest.mark.parametrize("spoken", ["en", "lv", None])
async def test_an_export_is_readable_on_paper(shop: Api, spoken: str | None) -> None:
    await publish(shop, MEMBER_POINTS)
    member = await enrolled(shop, **ANNA, birthday="1990-02-03", attributes={"size": "M"})
    await record(shop, buy("r-1", member["cards"][0]["number"], [line(1, 500, "2", name="Šokolāde")]))
    asked = {"language": spoken} if spoken else {}
    paper = await shop.get(f"/v1/members/{member['id']}/export.pdf", **asked)
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    text = text_of(paper.content)
    for shown in (
        "Anna Ozola",
        "+37120000001",
        "Anna@example.lv",
        "Šokolāde",
        member["cards"][0]["number"][-4:],
    ):
        assert shown in text

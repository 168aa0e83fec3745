"""The audit trail: every change with who, when, from where, before and after; chained, and never edited."""

from __future__ import annotations

import asyncio
import io

import psycopg
import pytest
from psycopg import errors
from rich.console import Console

from regulars import ids
from regulars.app import ENDPOINTS
from regulars.cli import books
from regulars.flows.read_audit import check_audit
from tests.api.audited import ALWAYS, NEVER, WHEN_CHANGED
from tests.api.conftest import PASSWORD, Api
from tests.api.shop import member_with_card


def test_every_call_that_writes_stands_in_the_table() -> None:
    writing = {f"{one.method} {one.path}" for one in ENDPOINTS if one.method != "GET"}
    assert writing == ALWAYS | WHEN_CHANGED | NEVER.keys()
    assert not ALWAYS & WHEN_CHANGED
    assert not (ALWAYS | WHEN_CHANGED) & NEVER.keys()


async def test_a_changed_setting_is_told_with_what_it_was(shop: Api) -> None:
    await shop.patch("/v1/program", {"settings": {"claim_days": 7}})
    answer = await shop.get("/v1/audit", action="program.changed")
    (entry,) = answer.json()["items"]
    assert entry["before"] == {"settings.claim_days": 14}
    assert entry["after"] == {"settings.claim_days": 7}
    assert entry["actor"]["kind"] == "key"
    assert entry["actor"]["name"] == "manage"
    assert entry["actor"]["by"] == "PATCH /v1/program"
    assert entry["at"] == "2026-03-01T09:00:00Z"
    assert entry["subject"] == "test"


async def test_a_call_says_why_in_a_header_and_is_found_by_it(shop: Api) -> None:
    headers = {"Authorization": f"Bearer {shop.keys['manage']}", "Regulars-Reason": "Veikals p%C4%81rvests"}
    partner = await shop.client.post(
        "/v1/partners", json={"code": "a", "name": "A"}, headers={**headers, "Idempotency-Key": "a"}
    )
    assert partner.status_code == 201, partner.text
    (entry,) = (await shop.get("/v1/audit", why="PĀRVESTS")).json()["items"]
    assert (entry["action"], entry["why"]) == ("partner.entered", "Veikals pārvests")
    assert "why" not in entry["actor"]
    assert (await shop.get("/v1/audit/chain")).json()["whole"] is True
    long = await shop.client.post(
        "/v1/partners", json={"code": "b", "name": "B"},
        headers={**headers, "Idempotency-Key": "b", "Regulars-Reason": "x" * 501},
    )  # fmt: skip
    assert (long.status_code, long.json()["code"]) == (400, "bad_request")
    assert (await shop.get("/v1/audit", subject="b")).json()["items"] == []


async def test_a_reason_of_its_own_stands_before_that_of_the_call(shop: Api) -> None:
    member, _ = await member_with_card(shop)
    answer = await shop.client.post(
        f"/v1/members/{member}/adjustments", json={"currency": "PTS", "amount": 5, "reason": "a broken cup"},
        headers={"Authorization": f"Bearer {shop.keys['manage']}", "Idempotency-Key": "k", "Regulars-Reason": "letter"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    (entry,) = (await shop.get("/v1/audit", action="points.adjusted")).json()["items"]
    assert entry["why"] == "a broken cup"


async def test_the_same_settings_again_tell_nothing(shop: Api) -> None:
    before = await shop.entries()
    await shop.patch("/v1/program", {"settings": {"claim_days": 14}})
    assert await shop.entries() == before


async def test_of_a_member_only_the_names_of_the_fields_are_told(shop: Api) -> None:
    member = (await shop.post("/v1/members", {"phone": "+37120000001", "name": "Vilma Zariņa"})).json()["id"]
    await shop.patch(f"/v1/members/{member}", {"name": "Vilma Ozola", "attributes": {"shoe": "38"}})
    answer = await shop.get("/v1/audit", subject=member)
    assert [one["action"] for one in answer.json()["items"]] == ["member.changed", "member.enrolled"]
    assert answer.json()["items"][0]["after"] == {"fields": ["name", "attributes.shoe"]}
    assert "Vilma" not in answer.text
    assert "+371" not in answer.text


async def test_a_refused_change_leaves_no_entry(shop: Api) -> None:
    before = await shop.entries()
    answer = await shop.patch("/v1/program", {"settings": {"claim_days": -1}})
    assert answer.status_code == 422
    assert await shop.entries() == before


async def test_the_trail_is_read_page_by_page_and_filtered(shop: Api) -> None:
    for code in ("a", "b", "c"):
        await shop.post("/v1/partners", {"code": code, "name": code})
    first = (await shop.get("/v1/audit", action="partner", limit=2)).json()
    assert [one["subject"] for one in first["items"]] == ["c", "b"]
    rest = (await shop.get("/v1/audit", action="partner", limit=2, cursor=first["next"])).json()
    assert [one["subject"] for one in rest["items"]] == ["a"]
    assert rest["next"] is None
    nobody = (await shop.get("/v1/audit", actor="staff")).json()
    assert nobody["items"] == []
    assert (await shop.get("/v1/audit", cursor="x")).status_code == 422
    assert (await shop.get("/v1/audit", scope="read")).status_code == 403


async def test_the_application_can_neither_edit_nor_delete_an_entry(shop: Api) -> None:
    assert shop.database is not None
    for statement in ("UPDATE audit SET why = 'x'", "DELETE FROM audit"):
        with pytest.raises(errors.InsufficientPrivilege):
            async with shop.database.transaction(shop.program.id) as tx:
                await tx.execute(statement.encode())


async def test_who_edits_an_entry_as_the_owner_of_the_database_breaks_the_chain(
    shop: Api, database_url: str
) -> None:
    for code in ("a", "b", "c"):
        await shop.post("/v1/partners", {"code": code, "name": code})
    assert shop.database is not None
    whole = await check_audit(shop.database, shop.program.id)
    assert (whole.whole, whole.broken) == (True, ())
    last = whole.entries
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute("SELECT set_config('regulars.program', %s, false)", (str(shop.program.id),))
        owner.execute("UPDATE audit SET subject = 'z' WHERE seq = %s", (last - 1,))
        edited = await check_audit(shop.database, shop.program.id)
        assert edited.broken == (last - 1,)
        owner.execute("UPDATE audit SET subject = 'b' WHERE seq = %s", (last - 1,))
        assert (await check_audit(shop.database, shop.program.id)).whole
        owner.execute("DELETE FROM audit WHERE seq = %s", (last - 1,))
        assert (await check_audit(shop.database, shop.program.id)).broken == (last,)
        owner.execute("DELETE FROM audit WHERE seq = %s", (last,))
        cut = await check_audit(shop.database, shop.program.id)
        assert (cut.whole, cut.digest, cut.entries) == (False, None, last)


async def test_changes_at_once_make_one_chain_without_a_gap(shop: Api) -> None:
    assert shop.database is not None
    before = await shop.entries()
    await asyncio.gather(*[shop.post("/v1/partners", {"code": f"p{n}", "name": "P"}) for n in range(20)])
    chain = await check_audit(shop.database, shop.program.id)
    assert (chain.whole, chain.entries) == (True, before + 20)


async def test_who_signs_in_who_is_refused_and_who_has_to_wait_is_told(shop: Api) -> None:
    vija = await shop.add_staff("auditor", email="vija@shop.example")
    sent = {"email": "vija@shop.example", "password": PASSWORD}
    assert (await shop.client.post("/backoffice/sign-in", data=sent)).status_code == 303
    for _ in range(7):
        await shop.client.post("/backoffice/sign-in", data={**sent, "password": "wrong"})
    told = (await shop.get("/v1/audit", subject=vija, action="staff")).json()["items"]
    actions = [one["action"] for one in told]
    assert actions.count("staff.signed_in") == 1
    assert actions.count("staff.sign_in_refused") == 5
    assert actions.count("staff.kept_waiting") == 1
    assert told[0]["actor"]["id"] == vija
    assert told[-1]["action"] == "staff.added"


async def test_ten_thousand_entries_are_searched_by_indexes(shop: Api) -> None:
    assert shop.database is not None
    async with shop.database.transaction(shop.program.id, analytical=True) as tx:
        await tx.execute(
            "INSERT INTO audit (program, seq, at, actor, action, subject, digest) "
            "SELECT %s, 1000 + n, now(), '{\"kind\": \"job\"}', 'member.changed', 'mem_' || n, sha256('') "
            "FROM generate_series(1, 10000) n",
            (shop.program.id,),
        )
        plan = await tx.execute(
            "EXPLAIN SELECT a.seq FROM audit a WHERE a.program = %s AND a.seq < 11000 AND a.subject = 'mem_77' "
            "ORDER BY a.seq DESC LIMIT 50",
            (shop.program.id,),
        )
        lines = "\n".join(line for (line,) in await plan.fetchall())
    assert "Seq Scan" not in lines, lines


async def test_the_command_says_that_the_trail_is_whole(shop: Api, database_url: str) -> None:
    await shop.post("/v1/partners", {"code": "a", "name": "a"})
    out = io.StringIO()
    program = ids.show("prg", shop.program.id)
    code = await asyncio.to_thread(books.audit, database_url, program, Console(file=out, width=200))
    assert code == 0
    assert "every entry follows from the one before it" in out.getvalue()

"""Lotteries over the API: tickets, a draw that is held once and that anybody computes again, refunds, who is out."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from regulars.flows import lottery_tickets
from regulars.games import tickets as ticket_book
from tests.api.conftest import Api
from tests.api.games import DRAW, NOON, VERIFY
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    take_back,
)


async def put_draw(api: Api, **changes: Any) -> dict[str, Any]:
    answer = await api.call("PUT", "/v1/draws/spring", {**DRAW, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def tickets(api: Api, member: str, count: int, **options: Any) -> Any:
    body = {"draw": "spring", "count": count, **options}
    return await api.post(f"/v1/members/{member}/tickets", body)


async def members_with_points(api: Api, count: int, points: int = 100) -> list[str]:
    made = [(await member_with_card(api))[0] for _ in range(count)]
    for member in made:
        await give(api, member, points)
    return made


def verified(proof: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    """What the script says that anybody can run."""
    file = folder / "proof.json"
    file.write_text(json.dumps(proof))
    return subprocess.run(
        [sys.executable, str(VERIFY), str(file)], capture_output=True, text=True, check=False
    )


async def test_a_draw_is_computed_again_from_its_proof_by_a_script_of_thirty_lines(
    shop: Api, tmp_path: Path
) -> None:
    committed = (await put_draw(shop))["commitment"]
    early = (await shop.get("/v1/draws/spring/proof", scope="read")).json()
    assert (early["commitment"], early["seed"], early["tickets"]) == (committed, None, [])
    members = await members_with_points(shop, 4)
    for member in members:
        assert (await tickets(shop, member, 3)).status_code == 201
    assert refused(await shop.post("/v1/draws/spring/hold")) == (409, "state_conflict", None)
    await set_clock(shop, NOON)
    proof = (await shop.post("/v1/draws/spring/hold")).json()
    assert proof == (await shop.get("/v1/draws/spring/proof", scope="read")).json()
    assert hashlib.sha256(bytes.fromhex(proof["seed"])).hexdigest() == committed
    assert proof["tickets"] == list(range(1, 13))
    assert [(one["place"], one["rank"]) for one in proof["winners"]] == [(1, 0), (2, 1), (3, 1)]
    assert len({one["ticket"] for one in proof["winners"]}) == 3
    said = verified(proof, tmp_path)
    assert said.stdout == "spring: 12 tickets, 3 winners, all as published.\n", said.stderr
    swapped = [{**proof["winners"][0], "ticket": proof["winners"][1]["ticket"]}, *proof["winners"][1:]]
    assert "other tickets would have won" in verified({**proof, "winners": swapped}, tmp_path).stderr
    assert verified({**proof, "tickets": [*proof["tickets"], 13]}, tmp_path).returncode == 1
    assert not any(member in json.dumps(proof) for member in members)


async def test_winners_get_their_prizes_once_however_often_it_is_held(shop: Api) -> None:
    await put_draw(shop)
    members = await members_with_points(shop, 3)
    for member in members:
        await tickets(shop, member, 1)
    await set_clock(shop, NOON)
    first = await shop.post("/v1/draws/spring/hold")
    before = await shop.entries()
    assert (await shop.post("/v1/draws/spring/hold", key="again")).json() == first.json()
    assert await shop.entries() == before
    left = [(await balance(shop, member))["available"] for member in members]
    assert sorted(left) == [190, 190, 1090]


async def test_tickets_cost_points_have_numbers_and_a_most(shop: Api) -> None:
    await put_draw(shop, most=3)
    (member,) = await members_with_points(shop, 1, 35)
    bought = (await tickets(shop, member, 2)).json()["items"]
    assert [(one["number"], one["source"], one["points"]) for one in bought] == [
        (2, "points", 10),
        (1, "points", 10),
    ]
    assert refused(await tickets(shop, member, 2)) == (409, "insufficient_points", None)
    assert refused(await tickets(shop, member, 2, given=True)) == (409, "no_play_left", None)
    assert (await tickets(shop, member, 1, given=True)).json()["items"][0]["points"] == 0
    assert (await balance(shop, member))["available"] == 15
    await set_clock(shop, "2026-03-10T00:00:00+02:00")
    assert refused(await tickets(shop, member, 1)) == (409, "game_closed", None)


async def test_purchases_bring_tickets_once_and_a_voided_one_takes_no_part(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    await put_draw(shop, purchases={"amount": 1000, "most": 3}, price=None)
    member, card = await member_with_card(shop)
    await record(shop, buy("small", card, [line(1, 999)]))
    await record(shop, buy("two", card, [line(1, 2999)]))
    gone = await record(shop, buy("gone", card, [line(1, 9900)]))
    await set_clock(shop, "2026-03-09T12:00:00+02:00")
    mine = (await shop.get(f"/v1/members/{member}/tickets")).json()["items"]
    assert sorted(one["number"] for one in mine) == [1, 2, 3, 4, 5]
    assert {one["source"] for one in mine} == {"purchase"}
    voided = await shop.post(f"/v1/purchases/{gone['id']}/void", scope="till")
    assert voided.status_code == 200, voided.text
    await set_clock(shop, NOON)
    proof = (await shop.post("/v1/draws/spring/hold")).json()
    assert len(proof["tickets"]) == 2


@pytest.mark.parametrize("collected", [True, False])
async def test_goods_that_came_back_take_their_tickets_out_of_the_draw(shop: Api, collected: bool) -> None:
    await put_draw(shop, purchases={"amount": 1000}, price=None)
    member, card = await member_with_card(shop)
    bought = [await record(shop, buy(f"r-{n}", card, [line(1, 1000, "3")])) for n in range(3)]
    if collected:
        await set_clock(shop, MORNING)
        assert await numbers_of(shop, member) == [*range(1, 10)]
    await take_back(shop, bought[0]["id"], "b-1", (1, "3"))
    await take_back(shop, bought[1]["id"], "b-2", (1, "1"))
    await set_clock(shop, NOON)
    drawn = (await shop.post("/v1/draws/spring/hold")).json()["tickets"]
    assert drawn == ([4, 5, 7, 8, 9] if collected else [1, 2, 3, 4, 5])


async def test_a_ticket_that_was_void_is_out_and_its_points_are_back_once(shop: Api) -> None:
    await put_draw(shop)
    members = await members_with_points(shop, 2)
    mine = (await tickets(shop, members[0], 2)).json()["items"]
    await tickets(shop, members[1], 1)
    path = f"/v1/tickets/{mine[0]['id']}/void"
    assert (await shop.post(path, {"reason": "a mistake"})).json()["void"] is True
    assert refused(await shop.post(path, {"reason": "a mistake"})) == (409, "state_conflict", None)
    assert (await balance(shop, members[0]))["available"] == 90
    await set_clock(shop, NOON)
    assert (await shop.post("/v1/draws/spring/hold")).json()["tickets"] == [1, 3]
    late = f"/v1/tickets/{mine[1]['id']}/void"
    assert refused(await shop.post(late, {"reason": "too late"})) == (409, "state_conflict", None)


async def test_the_only_ticket_that_was_void_already_is_refused_and_gives_nothing_back(shop: Api) -> None:
    await put_draw(shop)
    member = (await members_with_points(shop, 1))[0]
    path = f"/v1/tickets/{(await tickets(shop, member, 1)).json()['items'][0]['id']}/void"
    assert (await shop.post(path, {"reason": "a mistake"})).json()["void"] is True
    assert refused(await shop.post(path, {"reason": "a mistake"})) == (409, "state_conflict", None)
    assert (await balance(shop, member))["available"] == 100


MORNING, EVENING = "2026-03-05T08:00:00+02:00", "2026-03-05T20:00:00+02:00"


async def numbers_of(api: Api, member: str) -> list[int]:
    """Of her tickets, in rising order."""
    items = (await api.get(f"/v1/members/{member}/tickets")).json()["items"]
    return sorted(one["number"] for one in items)


@pytest.mark.parametrize(
    ("at_once", "rounds"), [(200, (MORNING, EVENING)), (1, (MORNING, EVENING)), (200, (NOON,))]
)
async def test_texts_that_change_while_tickets_are_brought_lose_none(
    shop: Api, monkeypatch: pytest.MonkeyPatch, at_once: int, rounds: tuple[str, ...]
) -> None:
    rule: dict[str, Any] = {"purchases": {"amount": 1000}, "price": None}
    await put_draw(shop, **rule)
    member, card = await member_with_card(shop)
    for n in range(2):
        await record(shop, buy(f"r-{n}", card, [line(1, 1000)]))
    takes_part, names = lottery_tickets.takes_part, iter(["Izloze"])

    async def changes(*asked: Any) -> bool:
        for name in names:  # once, while the tickets of the first purchase are being given
            await put_draw(shop, **rule, names={"lv": name})
        return await takes_part(*asked)

    monkeypatch.setattr(lottery_tickets, "takes_part", changes)
    monkeypatch.setattr(lottery_tickets, "AT_ONCE", at_once)
    async with asyncio.timeout(60):
        for at in rounds:
            await set_clock(shop, at)
    if NOON in rounds:
        assert (await shop.post("/v1/draws/spring/hold")).json()["tickets"] == [1, 2]
    assert await numbers_of(shop, member) == [1, 2]


async def test_a_member_who_got_others_meanwhile_keeps_nobody_from_her_tickets(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_draw(shop, purchases={"amount": 1000}, most=1)
    (anna, hers), (bella, card) = [await member_with_card(shop) for _ in range(2)]
    await tickets(shop, anna, 1, given=True)
    for n, of in enumerate((hers, card)):
        await record(shop, buy(f"r-{n}", of, [line(1, 1000)]))
    counted, seen = ticket_book.counted, iter([0, 1])

    async def late(*asked: Any) -> int:
        return next(seen, await counted(*asked))

    monkeypatch.setattr(ticket_book, "counted", late)
    await set_clock(shop, MORNING)
    await set_clock(shop, EVENING)
    assert (await numbers_of(shop, anna), await numbers_of(shop, bella)) == ([1], [2])


async def test_a_purchase_that_was_held_brings_its_tickets_once_it_is_confirmed(shop: Api) -> None:
    await put_draw(shop, purchases={"amount": 1000}, price=None)
    member, card = await member_with_card(shop)
    held = await record(shop, buy("r-1", card, [line(1, 1000)], hold=True, hold_seconds=10 * 86400))
    await set_clock(shop, MORNING)
    assert await numbers_of(shop, member) == []
    confirmed = await shop.post(f"/v1/purchases/{held['id']}/confirm", scope="till")
    assert confirmed.status_code == 200, confirmed.text
    await set_clock(shop, EVENING)
    assert await numbers_of(shop, member) == [1]


async def test_a_rule_that_changes_finds_the_purchases_of_before(shop: Api) -> None:
    await put_draw(shop, purchases={"amount": 5000}, price=None)
    member, card = await member_with_card(shop)
    await record(shop, buy("r-1", card, [line(1, 1000)]))
    await set_clock(shop, MORNING)
    await put_draw(shop, purchases={"amount": 1000}, price=None)
    await set_clock(shop, EVENING)
    assert await numbers_of(shop, member) == [1]


async def merged(api: Api, member: str, duplicate: str, *, what: str = "merge") -> None:
    answer = await api.post(f"/v1/members/{member}/{what}", {"member": duplicate})
    assert answer.status_code == 200, answer.text


async def test_a_merged_member_s_ticket_that_is_void_leaves_room_for_another(shop: Api) -> None:
    await put_draw(shop, most=1)
    anna, bella, clara = await members_with_points(shop, 3)
    mine = (await tickets(shop, anna, 1)).json()["items"][0]
    await merged(shop, bella, anna)
    await merged(shop, clara, bella)
    assert refused(await tickets(shop, clara, 1)) == (409, "no_play_left", None)
    assert (await shop.post(f"/v1/tickets/{mine['id']}/void", {"reason": "a mistake"})).status_code == 200
    assert (await tickets(shop, clara, 1)).status_code == 201
    await merged(shop, clara, bella, what="unmerge")
    await merged(shop, bella, anna, what="unmerge")
    for member, status in ((anna, 201), (bella, 201), (clara, 409)):
        assert (await tickets(shop, member, 1, given=True)).status_code == status


async def test_who_was_erased_before_the_draw_is_out_of_it(shop: Api) -> None:
    await put_draw(shop)
    members = await members_with_points(shop, 2)
    for member in members:
        await tickets(shop, member, 2)
    erased = await shop.delete(f"/v1/members/{members[0]}")
    assert erased.status_code == 200, erased.text
    await set_clock(shop, NOON)
    assert (await shop.post("/v1/draws/spring/hold")).json()["tickets"] == [3, 4]


async def test_a_draw_that_is_called_off_gives_all_points_back(shop: Api) -> None:
    await put_draw(shop)
    members = await members_with_points(shop, 2)
    for member in members:
        await tickets(shop, member, 5)
    assert (await shop.post("/v1/draws/spring/stop")).json()["status"] == "stopped"
    assert [(await balance(shop, member))["available"] for member in members] == [100, 100]
    assert refused(await tickets(shop, members[0], 1)) == (409, "game_closed", None)
    await set_clock(shop, NOON)
    assert refused(await shop.post("/v1/draws/spring/hold")) == (409, "state_conflict", None)


async def test_once_there_are_tickets_only_texts_are_changed(shop: Api) -> None:
    await put_draw(shop)
    assert (await put_draw(shop, most=5))["revision"] == 2
    (member,) = await members_with_points(shop, 1)
    await tickets(shop, member, 1)
    assert (await put_draw(shop, most=5, names={"lv": "Izloze"}))["revision"] == 3
    answer = await shop.call("PUT", "/v1/draws/spring", {**DRAW, "most": 9})
    assert refused(answer) == (409, "state_conflict", None)
    assert (await shop.get("/v1/draws/spring")).json()["document"]["most"] == 5


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"draws_at": "2026-03-09T00:00:00+02:00"}, "/draws_at"),
        ({"entries_from": "2026-03-10T00:00:00+02:00"}, "/entries_until"),
        ({"names": {"en": "Draw"}}, "/names"),
        ({"price": {"currency": "XYZ", "amount": 1}}, "/price/currency"),
        ({"ranks": [{"names": {"lv": "-"}, "prize": {"nothing": True}}]}, "/ranks/0/prize"),
    ],
)
async def test_a_draw_that_contradicts_itself_is_refused(
    shop: Api, changes: dict[str, Any], pointer: str
) -> None:
    answer = await shop.call("PUT", "/v1/draws/spring", {**DRAW, **changes})
    assert refused(answer) == (422, "contradictory_configuration", pointer)

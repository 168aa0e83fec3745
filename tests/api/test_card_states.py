"""What may become of a card, cell by cell; copies of one; and its number drawn as a code."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import httpx
import pytest

from regulars.members.card_states import CHANGES, DONE, Act
from tests.api.conftest import Api
from tests.api.shop import member_with_card, refused
from tests.unit.test_drawing import FORMATS, read_back

STATES = ("issued", "active", "blocked", "replaced", "closed")
# What each act makes of a card in each state; a code where it is refused.
TABLE: dict[tuple[str, Act | Literal["copy"]], str] = {
    ("issued", "activate"): "active",
    ("issued", "block"): "blocked",
    ("issued", "unblock"): "issued",
    ("issued", "close"): "closed",
    ("issued", "copy"): "issued",
    ("active", "activate"): "active",
    ("active", "block"): "blocked",
    ("active", "unblock"): "active",
    ("active", "close"): "closed",
    ("active", "replace"): "replaced",
    ("active", "copy"): "active",
    ("blocked", "activate"): "card_blocked",
    ("blocked", "block"): "blocked",
    ("blocked", "unblock"): "active",
    ("blocked", "close"): "closed",
    ("blocked", "replace"): "replaced",
    ("blocked", "copy"): "card_blocked",
    ("replaced", "activate"): "state_conflict",
    ("replaced", "block"): "state_conflict",
    ("replaced", "unblock"): "state_conflict",
    ("replaced", "close"): "state_conflict",
    ("replaced", "replace"): "state_conflict",
    ("replaced", "copy"): "state_conflict",
    ("closed", "activate"): "state_conflict",
    ("closed", "block"): "state_conflict",
    ("closed", "unblock"): "state_conflict",
    ("closed", "close"): "closed",
    ("closed", "replace"): "state_conflict",
    ("closed", "copy"): "state_conflict",
}


async def card_in(api: Api, state: str) -> tuple[dict[str, Any], str]:
    """A card in that state, and its member: an issued one belongs to nobody."""
    member, number = await member_with_card(api)
    card = (await api.get(f"/v1/members/{member}/cards")).json()["items"][0]
    if state == "issued":
        card = (await api.post("/v1/cards/batch", {"count": 1})).json()["cards"][0]
    elif state == "replaced":
        assert (await api.post(f"/v1/members/{member}/cards", {"replaces": number})).status_code == 201
    elif state != "active":
        act = {"blocked": "block", "closed": "close"}[state]
        assert (await api.post(f"/v1/cards/{act}", {"number": number})).status_code == 200
    assert (await api.get(f"/v1/cards/{card['id']}")).json()["status"] == state
    return card, member


async def attempt(api: Api, act: str, card: dict[str, Any], member: str) -> httpx.Response:
    if act == "replace":
        return await api.post(f"/v1/members/{member}/cards", {"replaces": card["number"]})
    return await api.post("/v1/cards/copies" if act == "copy" else f"/v1/cards/{act}", {"id": card["id"]})


@pytest.mark.parametrize(("state", "act"), TABLE)
async def test_an_act_on_a_card_has_just_this_outcome(
    api: Api, state: str, act: Act | Literal["copy"]
) -> None:
    card, member = await card_in(api, state)
    answer = await attempt(api, act, card, member)
    expected = TABLE[state, act]
    after = (await api.get(f"/v1/cards/{card['id']}")).json()
    if expected in STATES:
        assert answer.status_code == (201 if act in ("replace", "copy") else 200), answer.text
        assert after["status"] == expected
    else:
        assert refused(answer)[:2] == (409, expected)
        assert after["status"] == state


def test_the_table_has_every_cell_and_agrees_with_the_rule() -> None:
    acts = ("activate", "block", "unblock", "close", "replace", "copy")
    # An unassigned card is not a member's, so it is not replaced: it is closed, and another is handed over.
    assert set(TABLE) == {(state, act) for state in STATES for act in acts} - {("issued", "replace")}
    for (state, act), outcome in TABLE.items():
        if act != "copy":
            target, before = CHANGES[act]
            changed = outcome == target and state in before
            assert changed or (outcome == state and state in DONE[act]) or outcome not in STATES


async def test_a_closed_card_is_not_recognised_for_earning_and_the_points_stay_with_the_member(
    api: Api,
) -> None:
    card, member = await card_in(api, "active")
    body = {"currency": "PTS", "amount": 70, "reason": "to test with"}
    assert (await api.post(f"/v1/members/{member}/adjustments", body)).status_code == 201
    assert (await api.post("/v1/cards/close", {"id": card["id"]})).json()["status"] == "closed"
    balance = (await api.get(f"/v1/members/{member}/balance")).json()
    assert balance["currencies"][0]["available"] == 70
    another = await api.post(f"/v1/members/{member}/cards", {})
    assert another.status_code == 201
    cards = (await api.get(f"/v1/members/{member}/cards")).json()["items"]
    assert [found["status"] for found in cards] == ["closed", "active"]


async def test_only_an_issuer_closes_and_copies(api: Api) -> None:
    card, _ = await card_in(api, "active")
    for path in ("/v1/cards/close", "/v1/cards/copies"):
        assert refused(await api.post(path, {"id": card["id"]}, scope="till"))[:2] == (403, "scope_missing")


async def test_copies_are_counted_and_a_copy_is_the_same_card(api: Api) -> None:
    card, _ = await card_in(api, "active")
    first = await api.post("/v1/cards/copies", {"number": card["number"]}, scope="issuer", key="again")
    assert first.status_code == 201
    assert (first.json()["copy"], first.json()["card"]) == (1, card)
    replayed = await api.post("/v1/cards/copies", {"number": card["number"]}, scope="issuer", key="again")
    assert (replayed.headers["idempotent-replayed"], replayed.json()) == ("true", first.json())
    answers = await asyncio.gather(*(api.post("/v1/cards/copies", {"id": card["id"]}) for _ in range(4)))
    assert sorted(answer.json()["copy"] for answer in answers) == [2, 3, 4, 5]
    assert refused(await api.post("/v1/cards/copies", {}))[:2] == (422, "invalid_value")


@pytest.mark.scenario("S1")
@pytest.mark.parametrize("kind", ["qr", "code128", "pdf417", "aztec"])
async def test_a_card_is_drawn_as_a_code_that_reads_as_its_number(api: Api, kind: str) -> None:
    card, _ = await card_in(api, "active")
    answer = await api.get(f"/v1/cards/{card['id']}/code.svg", scope="read", kind=kind)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert read_back(answer.text, 3) == [(FORMATS[kind], card["number"])]


async def test_a_number_that_is_no_ean_is_not_drawn_as_one(api: Api) -> None:
    card, _ = await card_in(api, "active")
    path = f"/v1/cards/{card['id']}/code.svg"
    assert refused(await api.get(path, kind="ean13")) == (422, "invalid_value", "?kind")
    assert refused(await api.get(path, kind="upc"))[::2] == (422, "?kind")
    assert refused(await api.get("/v1/cards/crd_" + "0" * 26 + "/code.svg"))[:2] == (404, "not_found")

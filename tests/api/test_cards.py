"""Cards over the API: batches, enrolment with a card, assigning, replacing, blocking, and the races for one card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.ledger import book
from regulars.ledger.check import check
from regulars.members import numbers, reading
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, buy, earning_member, just_now, line, publish
from tests.api.test_members import enrolled, problem
from tests.conftest import START

VALID_UNKNOWN = "9900000000000010"


async def unassigned(api: Api) -> str:
    """The number of a new card that belongs to nobody."""
    batch = await api.post("/v1/cards/batch", {"count": 1}, scope="issuer")
    return batch.json()["cards"][0]["number"]


async def earn(database: Database, api: Api, number: str, amount: int) -> None:
    """Let a card earn points, as a purchase would."""
    program = api.program.id
    async with database.transaction(program) as tx:
        card = await reading.card_by_number(tx, program, number)
        assert card is not None
        pool, home = card.pool, ids.home(card.pool)
        await book.lock(tx, program, [home], [pool])
        page = (await (await book.ask(tx, program, [home], [pool], grace_days=0)).pages())[pool]
        page.begin("purchase", effective_at=START, recorded_at=START, actor="test")
        page.earn(
            "PTS", amount, earned_at=START, active_at=START, expires_at=START + timedelta(days=3650),
            issuer=None, funder=None,
        )  # fmt: skip
        await book.write(tx, program, [page])


async def assert_the_books_are_in_order(api: Api, database: Database) -> None:
    async with database.transaction(api.program.id) as tx:
        assert await check(tx, api.program.id) == ()


async def points(api: Api, member: str) -> int:
    return (await api.get(f"/v1/members/{member}/balance")).json()["currencies"][0]["available"]


def status_of(member: dict[str, Any], number: str) -> str:
    return next(card["status"] for card in member["cards"] if card["number"] == number)


# batches ---------------------------------------------------------------------------------------------------


@pytest.mark.scenario("S1")
async def test_a_thousand_cards_in_one_batch_are_unique_and_a_typo_of_one_digit_is_refused(api: Api) -> None:
    answer = await api.post("/v1/cards/batch", {"count": 1000}, scope="issuer", key="cards")
    assert answer.status_code == 201
    batch = answer.json()
    assert batch["count"] == 1000
    assert len({card["number"] for card in batch["cards"]}) == 1000
    assert len({card["id"] for card in batch["cards"]}) == 1000
    number = batch["cards"][0]["number"]
    assert problem(await api.post("/v1/members/find", {"card": number}))[:2] == (409, "card_unassigned")
    for place, digit in enumerate(number):
        typo = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        refused = await api.post("/v1/members", {"card": typo})
        assert problem(refused) == (422, "invalid_card_number", ["/card"])
    again = await api.post("/v1/cards/batch", {"count": 1000}, scope="issuer", key="cards")
    assert (again.headers["idempotent-replayed"], again.json()) == ("true", batch)


async def test_every_number_of_a_batch_leads_to_a_card_of_its_own(api: Api) -> None:
    batch = (await api.post("/v1/cards/batch", {"count": 30})).json()
    for card in batch["cards"]:
        activated = await api.post("/v1/cards/activate", {"number": card["number"]}, scope="till")
        assert activated.json()["id"] == card["id"]
        assert (activated.json()["status"], activated.json()["member"]) == ("active", None)


@pytest.mark.parametrize("count", [0, -1, 1_000_001, 1.5, "1", None])
async def test_an_absurd_batch_is_refused(api: Api, count: Any) -> None:
    assert problem(await api.post("/v1/cards/batch", {"count": count}))[::2] == (422, ["/count"])


async def test_a_till_may_not_issue_batches(api: Api) -> None:
    assert problem(await api.post("/v1/cards/batch", {"count": 1}, scope="till"))[0] == 403


async def test_a_number_that_is_taken_is_drawn_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = await unassigned(api)
    draw = numbers.generate
    draws = [[taken, VALID_UNKNOWN], []]
    monkeypatch.setattr(numbers, "generate", lambda *given: draws.pop(0) if draws else draw(*given))
    batch = (await api.post("/v1/cards/batch", {"count": 3})).json()
    issued = [card["number"] for card in batch["cards"]]
    assert VALID_UNKNOWN in issued
    assert taken not in issued
    assert len(set(issued)) == 3


async def test_numbers_that_are_used_up_are_refused_and_nothing_is_issued(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await unassigned(api)
    with monkeypatch.context() as patched:
        patched.setattr(numbers, "generate", lambda *_: [taken])
        answer = await api.post("/v1/cards/batch", {"count": 2}, key="again")
    assert problem(answer)[:2] == (409, "conflict")
    assert "used up" in answer.json()["detail"]
    assert (await api.post("/v1/cards/batch", {"count": 2}, key="again")).status_code == 201


# an unassigned card gets a person --------------------------------------------------------------------------


@pytest.mark.scenario("S29")
async def test_who_enrols_with_a_card_takes_it_over_with_its_points(api: Api, database: Database) -> None:
    number = await unassigned(api)
    await earn(database, api, number, 120)
    member = await enrolled(api, card=number, phone="20000001", name="Anna")
    assert [card["number"] for card in member["cards"]] == [number]
    assert await points(api, member["id"]) == 120
    assert (await api.post("/v1/members/find", {"card": number})).json()["id"] == member["id"]


@pytest.mark.scenario("S29")
async def test_a_card_that_goes_to_a_member_brings_its_points_with_their_dates(
    api: Api, database: Database
) -> None:
    member = await enrolled(api, phone="20000001")
    number = await unassigned(api)
    await earn(database, api, number, 120)
    path = f"/v1/members/{member['id']}"
    assigned = await api.post(f"{path}/cards", {"number": number}, scope="till", key="a1")
    assert assigned.status_code == 201
    assert (assigned.json()["number"], assigned.json()["member"]) == (number, member["id"])
    (balance,) = (await api.get(f"{path}/balance")).json()["currencies"]
    assert balance["available"] == 120
    expires = START + timedelta(days=3650)
    assert balance["expiring"] == [{"amount": 120, "at": expires.isoformat().replace("+00:00", "Z")}]
    assert (await api.post("/v1/members/find", {"card": number})).json()["id"] == member["id"]
    cards = (await api.get(f"{path}/cards")).json()["items"]
    assert [card["number"] for card in cards] == [member["cards"][0]["number"], number]
    again = await api.post(f"{path}/cards", {"number": number}, scope="till", key="a1")
    assert again.json() == assigned.json()
    assert await points(api, member["id"]) == 120


@pytest.mark.scenario("S29")
@pytest.mark.parametrize("how", ["enrol", "assign"])
async def test_what_an_unassigned_card_earned_in_purchases_goes_with_it(
    api: Api, database: Database, how: str
) -> None:
    await publish(api, {**MEMBER_POINTS, "conditions": []})
    number = await unassigned(api)
    first = await api.post(
        "/v1/purchases", buy("r-1", number, [line(1, 4000)], purchased_at=just_now()), scope="till"
    )
    assert first.status_code == 201
    if how == "enrol":
        member = (await enrolled(api, card=number, phone="20000001"))["id"]
    else:
        member = (await enrolled(api, phone="20000001"))["id"]
        assert (await api.post(f"/v1/members/{member}/cards", {"number": number})).status_code == 201
    second = (
        await api.post(
            "/v1/purchases", buy("r-2", number, [line(1, 200)], purchased_at=just_now()), scope="till"
        )
    ).json()
    assert (second["member"]["id"], second["member"]["available"]) == (member, 42)
    assert await points(api, member) == 42
    await assert_the_books_are_in_order(api, database)


@pytest.mark.parametrize("state", ["blocked", "replaced"])
async def test_a_card_out_of_use_neither_earns_nor_spends_and_unblocked_it_does(api: Api, state: str) -> None:
    member, number = await earning_member(api)
    if state == "blocked":
        await api.post("/v1/cards/block", {"number": number})
    else:
        await api.post(f"/v1/members/{member}/cards", {"replaces": number})
    for path in ("/v1/purchases/preview", "/v1/purchases"):
        refused = await api.post(path, buy("r-1", number, [line(1, 1000)]), scope="till")
        assert problem(refused) == (409, "card_blocked", ["/card"])
    assert await points(api, member) == 0
    if state == "blocked":
        await api.post("/v1/cards/unblock", {"number": number})
        bought = buy("r-1", number, [line(1, 1000)], purchased_at=just_now())
        assert (await api.post("/v1/purchases", bought)).status_code == 201
        assert await points(api, member) == 10


async def test_a_till_that_knows_a_phone_number_is_not_told_the_numbers_of_the_cards(api: Api) -> None:
    """A card's number spends without the proof that a phone number needs."""
    await enrolled(api, phone="20000001")
    found = await api.post("/v1/members/find", {"phone": "20000001"}, scope="till")
    cards = f"/v1/members/{found.json()['id']}/cards"
    (card,) = (await api.get(cards)).json()["items"]
    for path in (cards, f"/v1/cards/{card['id']}", f"/v1/cards/{card['id']}/code.svg"):
        assert problem(await api.get(path, scope="till"))[:2] == (403, "scope_missing")


async def test_debt_of_a_card_goes_with_it(api: Api, database: Database) -> None:
    member = await enrolled(api, phone="20000001")
    number = await unassigned(api)
    program = api.program.id
    async with database.transaction(program) as tx:
        card = await reading.card_by_number(tx, program, number)
        assert card is not None
        pool, home = card.pool, ids.home(card.pool)
        page = (await (await book.ask(tx, program, [home], [pool], grace_days=0)).pages())[pool]
        page.begin("return", effective_at=START, recorded_at=START, actor="test")
        page.take_back("PTS", 30, (), "debt", START)
        await book.write(tx, program, [page])
    path = f"/v1/members/{member['id']}"
    await api.post(f"{path}/cards", {"number": number})
    (balance,) = (await api.get(f"{path}/balance")).json()["currencies"]
    assert (balance["available"], balance["debt"]) == (0, 30)
    await assert_the_books_are_in_order(api, database)


@pytest.mark.parametrize("how", ["enrol", "assign"])
async def test_a_card_that_is_not_to_be_had_is_refused(api: Api, how: str) -> None:
    taken = await enrolled(api, phone="20000009")
    other = await enrolled(api, phone="20000008")
    blocked = await unassigned(api)
    await api.post("/v1/cards/block", {"number": blocked})

    async def wish(number: str) -> tuple[int, str, list[str]]:
        if how == "enrol":
            return problem(await api.post("/v1/members", {"card": number, "phone": "20000001"}))
        return problem(await api.post(f"/v1/members/{other['id']}/cards", {"number": number}))

    taken_code = "member_exists" if how == "enrol" else "state_conflict"
    assert (await wish(taken["cards"][0]["number"]))[:2] == (409, taken_code)
    assert (await wish(blocked))[:2] == (409, "card_blocked")
    assert (await wish(VALID_UNKNOWN))[:2] == (404, "not_found")
    assert (await wish("9900 0000 0000 0090"))[:2] == (422, "invalid_card_number")
    assert (await api.post("/v1/members/find", {"phone": "20000001"})).status_code == 404


# replacing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["active", "blocked"])
async def test_a_replacement_has_a_new_number_on_the_same_account(api: Api, before: str) -> None:
    member = await enrolled(api, phone="20000001")
    path, old = f"/v1/members/{member['id']}", member["cards"][0]["number"]
    await api.post(f"{path}/adjustments", {"currency": "PTS", "amount": 50, "reason": "x"})
    if before == "blocked":
        await api.post("/v1/cards/block", {"number": old})
    new = (await api.post(f"{path}/cards", {"replaces": old}, scope="till")).json()
    assert new["number"] != old
    now = (await api.get(path)).json()
    assert (status_of(now, old), status_of(now, new["number"])) == ("replaced", "active")
    assert now["cards"][0]["replaced_by"] == new["id"]
    found = await api.post("/v1/members/find", {"card": new["number"]}, scope="till")
    assert found.json()["balance"]["currencies"][0]["available"] == 50
    again = await api.post(f"{path}/cards", {"replaces": old})
    assert problem(again)[:2] == (409, "state_conflict")
    assert len((await api.get(f"{path}/cards")).json()["items"]) == 2
    for act in ("block", "unblock", "activate"):
        assert problem(await api.post(f"/v1/cards/{act}", {"number": old}))[:2] == (409, "state_conflict")


async def test_a_printed_card_may_stand_in_for_a_lost_one(api: Api) -> None:
    member = await enrolled(api, phone="20000001")
    path, old = f"/v1/members/{member['id']}", member["cards"][0]["number"]
    printed = await unassigned(api)
    assert (await api.post(f"{path}/cards", {"number": printed, "replaces": old})).status_code == 201
    now = (await api.get(path)).json()
    assert (status_of(now, old), status_of(now, printed)) == ("replaced", "active")


async def test_only_a_card_of_the_member_can_be_replaced(api: Api) -> None:
    member = await enrolled(api, phone="20000001")
    other = await enrolled(api, phone="20000002")
    path = f"/v1/members/{member['id']}/cards"
    for number in (other["cards"][0]["number"], VALID_UNKNOWN, await unassigned(api)):
        assert problem(await api.post(path, {"replaces": number}))[:2] == (404, "not_found")
    assert problem(await api.post(path, {"replaces": "12"})) == (422, "invalid_card_number", ["/replaces"])
    assert len((await api.get(path)).json()["items"]) == 1


# blocking --------------------------------------------------------------------------------------------------


async def test_blocking_and_unblocking_by_number_or_id_may_be_repeated(api: Api) -> None:
    card = (await enrolled(api, phone="20000001"))["cards"][0]
    for body, act, status in (
        ({"number": card["number"]}, "block", "blocked"),
        ({"id": card["id"]}, "block", "blocked"),
        ({"id": card["id"]}, "unblock", "active"),
        ({"number": card["number"]}, "unblock", "active"),
        ({"number": card["number"]}, "activate", "active"),
    ):
        answer = await api.post(f"/v1/cards/{act}", body)
        assert (answer.status_code, answer.json()) == (200, {**card, "status": status})


async def test_a_blocked_card_is_recognised_and_cannot_be_activated(api: Api) -> None:
    member = await enrolled(api, phone="20000001")
    number = member["cards"][0]["number"]
    await api.post("/v1/cards/block", {"number": number}, scope="till")
    assert (await api.post("/v1/members/find", {"card": number})).json()["id"] == member["id"]
    assert problem(await api.post("/v1/cards/activate", {"number": number}))[:2] == (409, "card_blocked")
    assert problem(await api.post("/v1/cards/unblock", {"number": number}, scope="till"))[0] == 403


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (422, "invalid_value", [""])),
        ({"number": VALID_UNKNOWN, "id": "crd_"}, (422, "invalid_value", [""])),
        ({"number": VALID_UNKNOWN}, (404, "not_found", [])),
        ({"number": "9900000000000011"}, (422, "invalid_card_number", ["/number"])),
        ({"id": ids.show("mem", UUID(int=1))}, (422, "wrong_id_kind", ["/id"])),
        ({"id": ids.show("crd", UUID(int=1))}, (404, "not_found", [])),
        ({"card": VALID_UNKNOWN}, (422, "unknown_field", ["/card"])),
    ],
)
async def test_a_card_that_is_not_named_rightly_is_refused(
    api: Api, body: dict[str, Any], expected: tuple[int, str, list[str]]
) -> None:
    assert problem(await api.post("/v1/cards/block", body)) == expected


async def test_the_list_of_cards_is_paged(api: Api) -> None:
    path = f"/v1/members/{(await enrolled(api, phone='20000001'))['id']}/cards"
    for _ in range(4):
        await api.post(path, {})
    whole = (await api.get(path)).json()
    first = (await api.get(path, limit=3)).json()
    rest = (await api.get(path, limit=3, cursor=first["next"])).json()
    assert first["items"] + rest["items"] == whole["items"]
    assert (len(whole["items"]), whole["next"], rest["next"]) == (5, None, None)
    assert problem(await api.get(path, cursor="mem_1"))[:2] == (422, "wrong_id_kind")

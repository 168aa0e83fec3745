"""Challenges through the API: counted with the purchase that does it, given once, undone by what comes back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.flows import accounts
from tests.api.conftest import Api
from tests.api.quests import (
    TASTE,
    THREE_VISITS,
    challenge,
    guest,
    progress,
    put_badge,
    put_quest,
    reached,
    shopping,
)
from tests.api.shop import balance, buy, line, record, set_clock, take_back
from tests.api.test_cards import assert_the_books_are_in_order


@pytest.mark.scenario("S3")
async def test_three_categories_in_fourteen_days_are_done_on_the_last_day_and_a_return_takes_it_back(
    shop: Api,
) -> None:
    await put_quest(shop, "taste", TASTE)
    member, card = await guest(shop)

    first = await shopping(shop, "p-1", card, "2026-03-01T11:00:00+02:00", "coffee/beans")
    await set_clock(shop, "2026-03-03T12:00:00+02:00")
    again = await shopping(shop, "p-2", card, "2026-03-03T11:00:00+02:00", "coffee/pods")
    await set_clock(shop, "2026-03-09T12:00:00+02:00")
    second = await shopping(shop, "p-3", card, "2026-03-09T11:00:00+02:00", "tea")
    before = await challenge(shop, member, "taste")
    await set_clock(shop, "2026-03-14T12:00:00+02:00")
    third = await shopping(shop, "p-4", card, "2026-03-14T11:00:00+02:00", "cake")
    done = await reached(shop, member, "taste")
    had = await balance(shop, member)
    await take_back(shop, third["id"], "r-third", (1, "1"), returned_at="2026-03-14T12:00:00+02:00")

    assert [one["messages"]["receipt"] for one in (first, again, second, third)] == [
        ["1 of 3 – Three tastes"],
        ["1 of 3 – Three tastes"],
        ["2 of 3 – Three tastes"],
        ["Challenge completed: Three tastes, +150\u00a0points"],
    ]
    assert (before["reached"], before["need"], before["state"], before["of"]) == (
        2,
        3,
        "open",
        ["coffee", "tea"],
    )
    assert before["valid_until"] == "2026-03-14T22:00:00Z"
    assert done == (3, 3, "done")
    assert third["member"]["available"] == 150
    assert had["available"] == 150
    assert await reached(shop, member, "taste") == (2, 3, "open")
    assert (await balance(shop, member))["available"] == 0


async def test_a_day_too_late_begins_anew(shop: Api) -> None:
    await put_quest(shop, "taste", TASTE)
    member, card = await guest(shop)

    await shopping(shop, "p-1", card, "2026-03-01T11:00:00+02:00", "coffee", "tea")
    await set_clock(shop, "2026-03-15T12:00:00+02:00")
    late = await shopping(shop, "p-2", card, "2026-03-15T00:00:00+02:00", "cake")

    assert late["messages"]["receipt"] == ["1 of 3 – Three tastes"]
    assert await reached(shop, member, "taste") == (1, 3, "open")


async def test_what_was_undone_can_be_done_again_and_is_given_again(shop: Api) -> None:
    await put_quest(shop, "taste", TASTE)
    member, card = await guest(shop)
    done = await shopping(shop, "p-1", card, "2026-03-01T11:00:00+02:00", "coffee", "tea", "cake")
    await take_back(shop, done["id"], "r-done", (3, "1"))
    gone = (await balance(shop, member))["available"]

    again = await shopping(shop, "p-2", card, "2026-03-01T11:00:00+02:00", "cake")
    more = await shopping(shop, "p-3", card, "2026-03-01T11:00:00+02:00", "jam")

    assert gone == 0
    assert again["member"]["available"] == 150
    assert more["messages"]["receipt"] == []
    assert (await balance(shop, member))["available"] == 150
    prizes = (await progress(shop, member))["prizes"]
    assert [(one["cause"], one["taken_at"] is None) for one in prizes] == [
        ("challenge", True),
        ("challenge", False),
    ]


@pytest.mark.parametrize("prize", ["before she joins", "after she joined"])
async def test_a_prize_of_one_account_is_not_taken_from_the_lots_of_another_that_has_the_same_home(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch, prize: str
) -> None:
    await put_quest(shop, "taste", TASTE)
    member, card = await guest(shop)
    home = ids.home(ids.read("mem", member))
    monkeypatch.setattr(accounts, "secrets", SimpleNamespace(randbelow=lambda _: home))
    made = await shop.post("/v1/accounts", {"kind": "household", "name": "Kalniņi"})
    account = made.json()["id"]
    assert ids.home(ids.read("acc", account)) == home
    joining, leaving = f"/v1/accounts/{account}/members", f"/v1/accounts/{account}/members/{member}"
    people = {"members": [{"member": member, "role": "spender"}]}
    if prize == "before she joins":
        won = await shopping(shop, "p-1", card, "2026-03-01T11:00:00+02:00", "coffee", "tea", "cake")
        assert (await shop.post(joining, people)).status_code == 200
    else:
        assert (await shop.post(joining, people)).status_code == 200
        won = await shopping(shop, "p-1", card, "2026-03-01T11:00:00+02:00", "coffee", "tea", "cake")
        assert (await shop.delete(leaving)).status_code in (200, 204)
    assert won["messages"]["receipt"] == ["Challenge completed: Three tastes, +150\u00a0points"]

    await take_back(shop, won["id"], "r-1", (3, "1"))

    await assert_the_books_are_in_order(shop, database)
    assert await balance(shop, member) == {"available": 0, "pending": 0, "held": 0, "debt": 150}


async def test_a_voided_purchase_and_a_held_one_do_not_count_a_confirmed_one_does(shop: Api) -> None:
    await put_quest(shop, "visits", THREE_VISITS)
    member, card = await guest(shop)

    voided = await record(shop, buy("v", card, [line(1, 500)]))
    assert (await shop.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")).status_code == 200
    held = await record(shop, buy("h", card, [line(1, 500)], hold=True))
    waiting = await reached(shop, member, "visits")
    confirmed = await shop.post(f"/v1/purchases/{held['id']}/confirm", {}, scope="till")

    assert waiting == (0, 3, "open")
    assert confirmed.json()["messages"]["receipt"] == ["1 of 3 – Three visits"]
    shown = (await shop.get(f"/v1/purchases/{held['id']}")).json()
    assert shown["answer"] == confirmed.json()
    assert await reached(shop, member, "visits") == (1, 3, "open")


async def test_a_batch_counts_one_purchase_after_the_other_and_gives_once(shop: Api) -> None:
    await put_quest(shop, "visits", THREE_VISITS)
    member, card = await guest(shop)

    purchases = [
        buy(f"b-{n}", card, [line(1, 500)], purchased_at=f"2026-03-01T10:0{n}:00+02:00") for n in range(5)
    ]
    answer = await shop.post("/v1/purchases/batch", {"purchases": purchases}, scope="till")

    said = [one["answer"]["messages"]["receipt"] for one in answer.json()["items"]]
    assert said == [
        ["1 of 3 – Three visits"],
        ["2 of 3 – Three visits"],
        ["Challenge completed: Three visits, +150\u00a0points"],
        [],
        [],
    ]
    assert (await balance(shop, member))["available"] == 150


async def test_steps_on_the_way_give_what_they_say_and_the_whole_a_badge(shop: Api) -> None:
    await put_badge(shop)
    await put_quest(
        shop, "spend", THREE_VISITS,
        goal={"kind": "sum", "need": 5000, "goods": {"categories": ["coffee"]}},
        steps=[{"at": 2000, "prizes": [{"points": {"currency": "PTS", "amount": 20}}]}],
        prizes=[{"badge": "explorer"}], window="month",
    )  # fmt: skip
    member, card = await guest(shop)

    other = await shopping(shop, "s-1", card, "2026-03-01T11:00:00+02:00", "tea", price=9000)
    some = await shopping(shop, "s-2", card, "2026-03-01T11:00:00+02:00", "coffee", price=2500)
    rest = await shopping(shop, "s-3", card, "2026-03-01T11:00:00+02:00", "coffee/beans", price=2500)
    seen = await progress(shop, member)

    assert other["messages"]["receipt"] == []
    assert some["messages"]["receipt"] == [
        "Three visits: +20\u00a0points on the way", "€25.00 of €50.00 – Three visits",
    ]  # fmt: skip
    assert rest["messages"]["receipt"] == ["Challenge completed: Three visits, a badge"]
    assert [one["badge"] for one in seen["badges"]] == ["explorer"]
    assert [one["reached"] for one in seen["challenges"][0]["milestones"]] == [True, True]
    assert (await balance(shop, member))["available"] == 20
    await take_back(shop, rest["id"], "r-rest", (1, "1"))
    assert (await progress(shop, member))["badges"] == []
    assert await reached(shop, member, "spend") == (2500, 5000, "open")


async def test_who_joins_counts_from_then_on_and_only_whom_it_is_for(shop: Api) -> None:
    await put_quest(shop, "club", THREE_VISITS, join="opt_in", clubs=["bakers"])
    member, card = await guest(shop)
    stranger, _ = await guest(shop, "Juris Bērziņš")
    marked = await shop.call("PUT", f"/v1/members/{member}/marks", {"kind": "club", "code": "bakers"})
    assert marked.status_code == 200, marked.text

    refused = await shop.post(f"/v1/members/{stranger}/progress/club/join")
    await record(shop, buy("c-1", card, [line(1, 500)]))
    before = await reached(shop, member, "club")
    joined = await shop.post(f"/v1/members/{member}/progress/club/join")
    await set_clock(shop, "2026-03-01T12:30:00+02:00")
    await record(shop, buy("c-2", card, [line(1, 500)], purchased_at="2026-03-01T12:00:00+02:00"))

    assert refused.status_code == 404
    assert before == (0, 3, "joinable")
    assert joined.status_code == 200, joined.text
    assert await reached(shop, member, "club") == (1, 3, "open")
    assert [one["code"] for one in (await progress(shop, stranger))["challenges"]] == []


async def test_of_one_winner_there_is_one_and_a_return_makes_room_for_another(shop: Api) -> None:
    await put_quest(shop, "first", THREE_VISITS, goal={"kind": "count", "need": 1}, winners=1)
    _, card = await guest(shop)
    late, other = await guest(shop, "Juris Bērziņš")

    won = await record(shop, buy("w-1", card, [line(1, 500)]))
    lost = await record(shop, buy("w-2", other, [line(1, 500)]))
    state = await reached(shop, late, "first")
    await take_back(shop, won["id"], "r-won", (1, "1"))
    room = await record(shop, buy("w-3", other, [line(1, 500)]))

    assert lost["messages"]["receipt"] == ["Three visits is done, but all prizes are gone"]
    assert state == (1, 1, "exhausted")
    assert room["messages"]["receipt"] == ["Challenge completed: Three visits, +150\u00a0points"]
    assert (await shop.get("/v1/challenges")).json()["items"][0]["won"] == 1


async def test_a_board_shows_who_chose_a_name_and_shares_places(shop: Api) -> None:
    await put_quest(
        shop, "race", THREE_VISITS, goal={"kind": "sum", "need": 100_000}, prizes=[], leaderboard=True
    )
    members = [await guest(shop) for _ in range(4)]
    for n, ((member, card), price) in enumerate(zip(members, (3000, 5000, 3000, 9000), strict=True)):
        if n < 3:
            named = await shop.call("PUT", f"/v1/members/{member}/nickname", {"nickname": f"Star {n}"})
            assert named.status_code == 200, named.text
        await shopping(shop, f"r-{n}", card, "2026-03-01T11:00:00+02:00", "tea", price=price)

    board = (await shop.get("/v1/challenges/race/leaderboard", member=members[2][0])).json()
    refused = await shop.call("PUT", f"/v1/members/{members[3][0]}/nickname", {"nickname": "+371 2000 0001"})
    assert (await shop.call("DELETE", f"/v1/members/{members[1][0]}")).status_code in (200, 202)
    after = (await shop.get("/v1/challenges/race/leaderboard")).json()

    assert [(one["rank"], one["nickname"], one["reached"]) for one in board["items"]] == [
        (1, "Star 1", 5000), (2, "Star 0", 3000), (2, "Star 2", 3000),
    ]  # fmt: skip
    assert board["mine"] == {"rank": 2, "nickname": "Star 2", "reached": 3000, "me": True}
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/nickname")
    assert [one["nickname"] for one in after["items"]] == ["Star 0", "Star 2"]


async def test_what_contradicts_itself_is_refused_in_a_sentence(shop: Api) -> None:
    wrong = {
        **TASTE, "days": 0, "prizes": [{"badge": "nobody"}, {"points": {"currency": "XXX", "amount": 1}}],
        "steps": [{"at": 3, "prizes": [{"nothing": True}]}],
    }  # fmt: skip
    answer = await shop.call("PUT", "/v1/challenges/wrong", wrong)

    assert answer.status_code == 422
    assert [(one["pointer"], one["detail"]) for one in answer.json()["errors"]] == [
        ("/days", "A window of days needs their number; the others have none."),
        ("/steps/0/at", "Steps rise, and all of them lie below what is asked for."),
        ("/prizes/0/badge", "There is no badge nobody."),
        ("/prizes/1/points/currency", "The program has no currency XXX."),
    ]


async def test_of_two_members_who_become_one_it_counts_together_and_parted_no_more(shop: Api) -> None:
    await put_quest(shop, "visits", THREE_VISITS, goal={"kind": "count", "need": 3})
    anna, card = await guest(shop)
    other, her_card = await guest(shop, "Anna Kalnina")
    await record(shop, buy("m-1", card, [line(1, 500)]))
    await record(shop, buy("m-2", her_card, [line(1, 500)]))

    merged = await shop.post(f"/v1/members/{anna}/merge", {"member": other})
    together = await reached(shop, anna, "visits")
    third = await record(shop, buy("m-3", card, [line(1, 500)]))
    parted = await shop.post(f"/v1/members/{anna}/unmerge", {"member": other})

    assert merged.status_code == 200, merged.text
    assert together == (2, 3, "open")
    assert third["messages"]["receipt"] == ["Challenge completed: Three visits, +150\u00a0points"]
    assert parted.status_code == 200, parted.text
    assert (await reached(shop, other, "visits"))[:2] == (1, 3)


async def test_what_one_who_was_merged_had_won_is_given_back_once_with_her_goods(shop: Api) -> None:
    await put_quest(shop, "once", THREE_VISITS, goal={"kind": "count", "need": 1}, winners=2)
    anna, card = await guest(shop)
    other, her_card = await guest(shop, "Anna Kalnina")
    _, third_card = await guest(shop, "Juris Bērziņš")
    won = await record(shop, buy("m-1", her_card, [line(1, 500)]))
    await record(shop, buy("m-2", third_card, [line(1, 500)]))
    assert (await shop.post(f"/v1/members/{anna}/merge", {"member": other})).status_code == 200

    await take_back(shop, won["id"], "r-1", (1, "1"))

    assert await balance(shop, anna) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert (await shop.get("/v1/challenges")).json()["items"][0]["won"] == 1
    await record(shop, buy("m-3", card, [line(1, 500)]))
    assert (await balance(shop, anna))["available"] == 150
    assert (await shop.get("/v1/challenges")).json()["items"][0]["won"] == 2


async def test_a_voided_purchase_of_one_who_was_merged_leaves_what_was_undone_before(shop: Api) -> None:
    await put_quest(shop, "once", THREE_VISITS, goal={"kind": "count", "need": 1})
    anna, card = await guest(shop)
    other, her_card = await guest(shop, "Anna Kalnina")
    first = await record(shop, buy("m-1", card, [line(1, 500)]))
    await take_back(shop, first["id"], "r-1", (1, "1"))
    won = await record(shop, buy("m-2", her_card, [line(1, 500)]))
    assert (await shop.post(f"/v1/members/{anna}/merge", {"member": other})).status_code == 200

    voided = await shop.post(f"/v1/purchases/{won['id']}/void", scope="till")

    assert voided.status_code == 200, voided.text
    assert await balance(shop, anna) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert (await shop.get("/v1/challenges")).json()["items"][0]["won"] == 0


async def test_who_still_has_enough_with_one_who_was_merged_keeps_the_prize(shop: Api) -> None:
    await put_quest(shop, "twice", THREE_VISITS, goal={"kind": "count", "need": 2}, winners=1)
    anna, card = await guest(shop)
    other, her_card = await guest(shop, "Anna Kalnina")
    bought = [await record(shop, buy(f"m-{n}", her_card, [line(1, 500)])) for n in range(2)]
    await record(shop, buy("m-3", card, [line(1, 500)]))
    assert (await shop.post(f"/v1/members/{anna}/merge", {"member": other})).status_code == 200

    await take_back(shop, bought[0]["id"], "r-1", (1, "1"))

    assert (await balance(shop, anna))["available"] == 150
    assert await reached(shop, anna, "twice") == (2, 2, "done")
    await take_back(shop, bought[1]["id"], "r-2", (1, "1"))
    assert await balance(shop, anna) == {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert (await shop.get("/v1/challenges")).json()["items"][0]["won"] == 0


async def test_badges_are_given_and_taken_by_hand_and_a_voucher_is_won(shop: Api) -> None:
    await put_badge(shop)
    made = await shop.post("/v1/voucher-batches", {
        "name": "five", "pattern": "FIVE-####-####",
        "definition": {"gives": {"kind": "value", "amount": 500}, "personal": True, "valid_days": 60},
    })  # fmt: skip
    assert made.status_code == 201, made.text
    await put_quest(
        shop, "win", THREE_VISITS, goal={"kind": "count", "need": 1}, prizes=[{"voucher": {"batch": "five"}}]
    )
    member, card = await guest(shop)
    given = await shop.post(f"/v1/members/{member}/badges", {"badge": "explorer", "reason": "helped us"})
    again = await shop.post(f"/v1/members/{member}/badges", {"badge": "explorer", "reason": "helped us"})
    unknown = await shop.post(f"/v1/members/{member}/badges", {"badge": "nobody", "reason": "helped us"})

    bought = await record(shop, buy("v-1", card, [line(1, 500)]))
    won = (await progress(shop, member))["prizes"][0]
    found = await shop.post("/v1/vouchers/find", {"code": won["code"]}, scope="till")
    hidden = (await shop.get(f"/v1/members/{member}/progress", scope="read")).json()["prizes"][0]["code"]
    await take_back(shop, bought["id"], "r-v", (1, "1"))
    after = await shop.post("/v1/vouchers/find", {"code": won["code"]}, scope="till")
    taken = await shop.call("DELETE", f"/v1/members/{member}/badges/explorer", reason="a mistake")

    assert bought["messages"]["receipt"] == ["Challenge completed: Three visits, a voucher"]
    assert (found.json()["state"], found.json()["member"]) == ("good", member)
    assert hidden is None
    assert after.json()["state"] == "used"
    assert [given.status_code, again.status_code, unknown.status_code, taken.status_code] == [
        201,
        201,
        422,
        200,
    ]
    assert taken.json()["badges"] == []


async def test_a_claimed_receipt_counts_for_a_challenge_as_of_its_day(shop: Api) -> None:
    await put_quest(shop, "visits", THREE_VISITS)
    member, card = await guest(shop)
    for n in range(2):
        await shopping(shop, f"r-{n}", card, "2026-03-01T11:00:00+02:00", "bread")
    without = await record(shop, buy("r-9", None, [line(1, 1000)], purchased_at="2026-03-01T11:00:00+02:00"))
    assert (await reached(shop, member, "visits"))[:2] == (2, 3)

    body = {"card": card, "claim_code": without["claim_code"]}
    claimed = await shop.post(f"/v1/purchases/{without['id']}/claim", body, scope="till")

    assert claimed.status_code == 201, claimed.text
    assert await reached(shop, member, "visits") == (3, 3, "done")
    assert (await balance(shop, member))["available"] == 150

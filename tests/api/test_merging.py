"""Two members who are one person: merged, found by everything that either had, and parted again."""

from __future__ import annotations

import pytest

from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    earning_member,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)
from tests.api.test_accounts import company, put_in, spending
from tests.api.test_cards import assert_the_books_are_in_order
from tests.api.test_members import enrolled

LATER = "2026-03-05T11:00:00+02:00"


async def merge(api: Api, member: str, duplicate: str) -> dict[str, object]:
    answer = await api.post(f"/v1/members/{member}/merge", {"member": duplicate})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def unmerge(api: Api, member: str, duplicate: str) -> dict[str, object]:
    answer = await api.post(f"/v1/members/{member}/unmerge", {"member": duplicate})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(api: Api, **by: str) -> str:
    answer = await api.post("/v1/members/find", by)
    return answer.json()["id"] if answer.status_code == 200 else answer.json()["code"]


async def test_points_pending_ones_and_dates_go_over_and_every_card_and_phone_leads_to_her(
    shop: Api, database: Database
) -> None:
    await publish(shop, MEMBER_POINTS)
    anna = await enrolled(shop, phone="20000001", name="Anna Kalniņa")
    twin = await enrolled(shop, phone="20000002", email="anna@example.lv", name="A. Kalnina")
    await give(shop, anna["id"], 40)
    await give(shop, twin["id"], 60)
    card = twin["cards"][0]["number"]

    done = await merge(shop, anna["id"], twin["id"])

    assert (done["member"], done["merged"]) == (anna["id"], twin["id"])
    assert done["moved"] == [{"currency": "PTS", "amount": 60, "debt": 0}]
    assert done["undo_until"] == "2026-03-31T09:00:00Z"
    assert await balance(shop, anna["id"]) == {"available": 100, "pending": 0, "held": 0, "debt": 0}
    for by in ({"phone": "20000001"}, {"phone": "20000002"}, {"email": "anna@example.lv"}, {"card": card}):
        assert await found(shop, **by) == anna["id"]
    read = (await shop.get(f"/v1/members/{twin['id']}")).json()
    assert (read["id"], read["phone"], read["email"]) == (anna["id"], "+37120000001", "anna@example.lv")
    assert [one["number"] for one in read["cards"]] == [anna["cards"][0]["number"], card]
    bought = await record(shop, buy("r-1", card, [line(1, 1000)], spend=spending(100)))
    assert (bought["member"]["id"], bought["member"]["available"]) == (anna["id"], 9)
    await assert_the_books_are_in_order(shop, database)


async def test_undone_what_is_left_goes_back_and_what_she_spent_is_owed(
    shop: Api, database: Database
) -> None:
    await settle(shop, proof_above_a_day=None)
    anna, card = await member_with_card(shop)
    twin, _ = await member_with_card(shop)
    await give(shop, twin, 500)
    await merge(shop, anna, twin)
    await set_clock(shop, LATER)
    await record(shop, buy("r-1", card, [line(1, 1000)], spend=spending(200), purchased_at=LATER))

    done = await unmerge(shop, anna, twin)

    assert done["owed"] == [{"currency": "PTS", "amount": 200}]
    assert await balance(shop, twin) == {"available": 500, "pending": 0, "held": 0, "debt": 0}
    assert await balance(shop, anna) == {"available": 0, "pending": 0, "held": 0, "debt": 200}
    await give(shop, anna, 250)
    assert await balance(shop, anna) == {"available": 50, "pending": 0, "held": 0, "debt": 0}
    await assert_the_books_are_in_order(shop, database)


async def test_what_the_duplicate_spent_herself_with_her_old_card_nobody_owes(
    shop: Api, database: Database
) -> None:
    anna, _ = await member_with_card(shop)
    twin, card = await member_with_card(shop)
    await give(shop, twin, 500)
    await merge(shop, anna, twin)
    await record(shop, buy("r-1", card, [line(1, 1000)], spend=spending(200)))

    done = await unmerge(shop, anna, twin)

    assert done["owed"] == []
    assert (await balance(shop, twin), (await balance(shop, anna))["debt"]) == (
        {"available": 300, "pending": 0, "held": 0, "debt": 0},
        0,
    )
    await assert_the_books_are_in_order(shop, database)


async def test_undone_each_is_found_by_her_own_again(shop: Api) -> None:
    anna = await enrolled(shop, phone="20000001")
    twin = await enrolled(shop, phone="20000002", email="anna@example.lv", name="Anna", birthday="1990-02-03")
    await shop.patch(f"/v1/members/{anna['id']}", {"attributes": {"shoes": 38}})
    await shop.patch(f"/v1/members/{twin['id']}", {"attributes": {"shoes": 39, "hat": "blue"}})
    await merge(shop, anna["id"], twin["id"])
    united = (await shop.get(f"/v1/members/{anna['id']}")).json()
    assert (united["name"], united["birthday"], united["email"]) == ("Anna", "1990-02-03", "anna@example.lv")
    assert united["attributes"] == {"shoes": 38, "hat": "blue"}

    await unmerge(shop, anna["id"], twin["id"])

    one, two = [(await shop.get(f"/v1/members/{m['id']}")).json() for m in (anna, twin)]
    assert (one["name"], one["birthday"], one["email"], one["phone"]) == ("", None, None, "+37120000001")
    assert (one["attributes"], two["attributes"]) == ({"shoes": 38}, {"shoes": 39, "hat": "blue"})
    assert (two["name"], two["email"], two["phone"]) == ("Anna", "anna@example.lv", "+37120000002")
    assert await found(shop, email="anna@example.lv") == twin["id"]
    assert await found(shop, card=twin["cards"][0]["number"]) == twin["id"]
    again = await shop.post(f"/v1/members/{anna['id']}/unmerge", {"member": twin["id"]})
    assert refused(again)[:2] == (404, "not_found")


async def test_of_consents_the_stricter_word_holds(shop: Api) -> None:
    anna, twin = [(await member_with_card(shop))[0] for _ in range(2)]

    async def says(member: str, channel: str, granted: bool) -> None:
        body = {"channel": channel, "purpose": "marketing", "granted": granted}
        assert (await shop.post(f"/v1/members/{member}/consents", body)).status_code == 201

    await says(anna, "sms", True)
    await says(twin, "sms", False)
    await says(twin, "post", True)
    await merge(shop, anna, twin)

    agreed = {
        "name": "For those who agree",
        "group": "basket",
        "conditions": [{"kind": "consent", "channel": "sms", "purpose": "marketing"}],
        "benefits": [{"kind": "basket_amount_off", "amount": 100}],
    }
    await publish(shop, agreed)
    assert (await record(shop, buy("r-1", None, [line(1, 1000)], member=anna)))["discount"] == 0


async def test_what_she_was_marked_with_and_what_she_bought_count_for_the_one_who_stays(shop: Api) -> None:
    anna, card = await member_with_card(shop)
    twin, old = await member_with_card(shop)
    await shop.call("PUT", f"/v1/members/{twin}/marks", {"kind": "club", "code": "wine"})
    await record(shop, buy("r-1", old, [line(1, 6000)]))
    await publish(
        shop,
        {
            "name": "Club, above 50.00 a month",
            "group": "basket",
            "conditions": [
                {"kind": "club", "clubs": ["wine"]},
                {"kind": "turnover", "minimum": 5000, "window": {"period": "days", "days": 30}},
            ],
            "benefits": [{"kind": "basket_amount_off", "amount": 100}],
        },
    )
    await merge(shop, anna, twin)
    assert (await record(shop, buy("r-2", card, [line(1, 1000)])))["discount"] == 100
    await unmerge(shop, anna, twin)
    assert (await record(shop, buy("r-3", card, [line(1, 1000)])))["discount"] == 0


async def test_a_return_reaches_the_points_where_they_are(shop: Api, database: Database) -> None:
    anna, _ = await earning_member(shop)
    twin, card = await member_with_card(shop)
    await give(shop, twin, 300)
    bought = await record(shop, buy("r-1", card, [line(1, 5000), line(2, 300)], spend=spending(300)))
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    await merge(shop, anna, twin)
    assert (await balance(shop, anna))["available"] == 50

    back = await take_back(shop, bought["id"], "b-1", (1, "1"), (2, "1"))

    assert [(one["amount"], one["from_own_lots"]) for one in back["taken_back"]] == [(50, 50)]
    assert [one["amount"] for one in back["points_back"]] == [300]
    assert await balance(shop, anna) == {"available": 300, "pending": 0, "held": 0, "debt": 0}
    await assert_the_books_are_in_order(shop, database)


async def test_a_chain_of_merges_leads_to_the_last_and_is_undone_from_its_end(
    shop: Api, database: Database
) -> None:
    people = [await member_with_card(shop) for _ in range(3)]
    (anna, _), (twin, _), (third, card) = people
    await give(shop, third, 70)
    await merge(shop, twin, third)
    await merge(shop, anna, twin)
    assert await found(shop, card=card) == anna
    assert (await balance(shop, anna))["available"] == 70
    early = await shop.post(f"/v1/members/{twin}/unmerge", {"member": third})
    assert refused(early)[:2] == (409, "state_conflict")
    await unmerge(shop, anna, twin)
    assert await found(shop, card=card) == twin
    await unmerge(shop, twin, third)
    assert (await found(shop, card=card), (await balance(shop, third))["available"]) == (third, 70)
    await assert_the_books_are_in_order(shop, database)


@pytest.mark.parametrize("why", ["held", "shared", "herself", "erased", "unknown", "again"])
async def test_what_cannot_be_merged_is_refused_and_nothing_moves(shop: Api, why: str) -> None:
    anna, _ = await member_with_card(shop)
    twin, card = await member_with_card(shop)
    await give(shop, twin, 100)
    expected = (409, "state_conflict")
    if why == "held":
        await record(shop, buy("h-1", card, [line(1, 1000)], hold=True))
    elif why == "shared":
        await put_in(shop, await company(shop), {"member": twin})
    elif why == "herself":
        twin, expected = anna, (422, "invalid_value")
    elif why == "erased":
        await shop.delete(f"/v1/members/{twin}")
    elif why == "unknown":
        twin, expected = "mem_00000000000000000000000000", (404, "not_found")
    else:
        other, _ = await member_with_card(shop)
        await merge(shop, other, twin)

    answer = await shop.post(f"/v1/members/{anna}/merge", {"member": twin})

    assert refused(answer)[:2] == expected
    assert (await balance(shop, anna))["available"] == 0


async def test_a_merge_is_undone_within_thirty_days_only(shop: Api) -> None:
    anna, twin = [(await member_with_card(shop))[0] for _ in range(2)]
    await merge(shop, anna, twin)
    await set_clock(shop, "2026-03-31T12:00:00+03:00")
    late = await shop.post(f"/v1/members/{anna}/unmerge", {"member": twin})
    assert refused(late)[:2] == (409, "state_conflict")


async def test_duplicates_are_found_by_name_however_spelled_and_birthday(shop: Api) -> None:
    anna = await enrolled(shop, phone="20000001", name="Anna Kalniņa", birthday="1990-02-03")
    twin = await enrolled(shop, phone="20000002", name="KALNINA, Anna", birthday="1990-02-03")
    await enrolled(shop, phone="20000003", name="Anna Kalniņa", birthday="1991-02-03")
    other = await enrolled(shop, phone="20000004", name="Zane")
    path = f"/v1/members/{anna['id']}/duplicates"

    assert [one["id"] for one in (await shop.get(path)).json()["items"]] == [twin["id"]]
    await shop.patch(f"/v1/members/{other['id']}", {"name": "Anna Kalnina", "birthday": "1990-02-03"})
    assert [one["id"] for one in (await shop.get(path)).json()["items"]] == [twin["id"], other["id"]]
    await merge(shop, anna["id"], twin["id"])
    await shop.delete(f"/v1/members/{other['id']}")
    assert (await shop.get(path)).json()["items"] == []


async def test_an_erasure_reaches_what_was_merged_in(shop: Api) -> None:
    anna = await enrolled(shop, phone="20000001", name="Anna")
    twin = await enrolled(shop, phone="20000002", name="Annija")
    await merge(shop, anna["id"], twin["id"])

    await shop.delete(f"/v1/members/{anna['id']}")

    assert await found(shop, phone="20000002") == "not_found"
    assert (await enrolled(shop, phone="20000002"))["phone"] == "+37120000002"
    read = (await shop.get(f"/v1/members/{twin['id']}")).json()
    assert (read["name"], read["phone"]) == ("", None)

"""Gift cards over the API: sold once, paid with to the cent, given back to the very card, blocked, renewed."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.ledger.check import check
from tests.api.conftest import Api, new_api
from tests.api.shop import (
    MEMBER_POINTS,
    balance,
    buy,
    earning_member,
    give,
    giving_back,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)


async def sell(api: Api, amount: int, **more: Any) -> dict[str, Any]:
    """A gift card with so much on it."""
    sold = await api.post("/v1/gift-cards", {"amount": amount, **more})
    assert sold.status_code == 201, sold.text
    return sold.json()


def by_card(code: str, amount: int | str, place: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a purchase is paid with."""
    return {"spend": [*([place] if place else []), {"gift_card": code, "amount": amount}]}


async def on(api: Api, code: str) -> tuple[str, int, int]:
    """How a card stands: status, available and held."""
    found = await api.post("/v1/gift-cards/find", {"code": code}, scope="till")
    assert found.status_code == 200, found.text
    card = found.json()
    return card["status"], card["available"], card["held"]


async def require_good_books(api: Api, database: Database) -> None:
    async with database.transaction(api.program.id) as tx:
        assert await check(tx, api.program.id) == ()


@pytest.mark.fast
async def test_a_card_pays_a_part_of_a_purchase_and_then_the_rest_of_another(
    shop: Api, database: Database
) -> None:
    card = await sell(shop, 1500)

    first = await record(shop, buy("r-1", None, [line(1, 1000)], **by_card(card["code"], 400)))
    second = await record(shop, buy("r-2", None, [line(1, 2000)], **by_card(card["code"].lower(), "max")))

    shown = card["shown"]
    assert (first["payable"], first["paid_with_gift_cards"]) == (600, 400)
    assert first["spent"] == [
        {"currency": "EUR", "amount": 400, "worth": 400, "gift_card": shown, "left": 1100}
    ]
    assert (second["payable"], second["spent"][0]["left"]) == (900, 0)
    assert await on(shop, card["code"]) == ("empty", 0, 0)
    await require_good_books(shop, database)


async def test_nothing_of_a_code_is_kept(shop: Api, database: Database) -> None:
    card = await sell(shop, 1500)
    made = await record(shop, buy("r-1", None, [line(1, 1000)], **by_card(card["code"], 400)))
    read = await shop.get(f"/v1/purchases/{made['id']}")
    assert card["code"] not in read.text
    secret = card["code"].replace("-", "").encode()
    async with database.transaction(shop.program.id) as tx:
        rows = await (await tx.execute("SELECT body FROM request_key WHERE body IS NOT NULL")).fetchall()
    assert rows
    assert not [row for (row,) in rows if card["code"].encode() in row or secret in row]


async def test_a_card_is_sold_once_and_a_replay_shows_the_same_code(shop: Api) -> None:
    body = {"amount": 2000}
    first = await shop.post("/v1/gift-cards", body, key="sale-1")
    again = await shop.post("/v1/gift-cards", body, key="sale-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert len(first.json()["code"].replace("-", "")) == 16


async def test_a_till_that_lost_the_answer_gets_it_though_the_end_is_over_and_less_is_allowed(
    shop: Api,
) -> None:
    body = {"amount": 2000, "expires_at": "2026-03-05T00:00:00Z"}
    sold = await shop.post("/v1/gift-cards", body, key="sale")
    more = {"code": sold.json()["code"], "amount": 500, "expires_at": "2026-03-06T00:00:00Z"}
    added = await shop.post("/v1/gift-cards/top-up", more, key="more")
    await set_clock(shop, "2026-03-10T10:00:00+02:00")
    await settle(shop, gift_card_most=100)

    again = await shop.post("/v1/gift-cards", body, key="sale")
    added_again = await shop.post("/v1/gift-cards/top-up", more, key="more")
    fresh = [
        refused(await shop.post("/v1/gift-cards", {"amount": 10, "expires_at": "2026-03-05T00:00:00Z"})),
        refused(await shop.post("/v1/gift-cards/top-up", {**more, "amount": 10})),
        refused(await shop.post("/v1/gift-cards", {"amount": 101})),
    ]

    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == sold.json()
    assert (added_again.status_code, added_again.headers["idempotent-replayed"]) == (200, "true")
    assert added_again.json() == added.json()
    assert fresh == [
        (422, "invalid_value", "/expires_at"),
        (422, "invalid_value", "/expires_at"),
        (422, "invalid_value", "/amount"),
    ]


async def test_less_than_was_asked_for_pays_for_nothing(shop: Api) -> None:
    card = await sell(shop, 300)
    body = buy("r-1", None, [line(1, 1000)], **by_card(card["code"], 400))
    answer = await shop.post("/v1/purchases", body, scope="till")
    assert refused(answer) == (409, "insufficient_points", "/spend/0/amount")
    assert (answer.json()["available"], answer.json()["gift_card"]) == (300, card["shown"])
    assert await on(shop, card["code"]) == ("active", 300, 0)


async def test_never_more_than_is_left_to_pay(shop: Api) -> None:
    card = await sell(shop, 5000)
    made = await record(shop, buy("r-1", None, [line(1, 1000)], delivery=300, **by_card(card["code"], 5000)))
    # As points, it pays for goods and not for the delivery.
    assert (made["payable"], made["paid_with_gift_cards"]) == (300, 1000)
    assert await on(shop, card["code"]) == ("active", 4000, 0)


async def test_a_preview_says_the_same_and_takes_nothing(shop: Api) -> None:
    card = await sell(shop, 1500)
    body = buy("r-1", None, [line(1, 1000)], **by_card(card["code"], 400))
    seen = await shop.post("/v1/purchases/preview", body, scope="till")
    assert seen.status_code == 200, seen.text
    assert (seen.json()["payable"], seen.json()["spent"][0]["left"]) == (600, 1100)
    assert await on(shop, card["code"]) == ("active", 1500, 0)


async def test_what_the_customer_was_shown_counts_the_card(shop: Api) -> None:
    card = await sell(shop, 1500)
    paying = by_card(card["code"], 400)
    body = buy("r-1", None, [line(1, 1000)], expect={"payable": 1000}, **paying)
    surprised = await shop.post("/v1/purchases", body, scope="till")
    assert refused(surprised) == (409, "price_changed", None)
    assert surprised.json()["quote"]["payable"] == 600
    assert await on(shop, card["code"]) == ("active", 1500, 0)
    made = await record(
        shop, buy("r-2", None, [line(1, 1000)], expect={"payable": 600, "spent": 400}, **paying)
    )
    assert made["payable"] == 600


async def test_points_come_first_and_what_the_card_pays_earns(shop: Api, database: Database) -> None:
    member, number = await earning_member(shop)
    await give(shop, member, 300)
    card = await sell(shop, 500)
    points = {"currency": "PTS", "amount": 300}

    made = await record(shop, buy("r-1", number, [line(1, 1000)], **by_card(card["code"], 500, points)))

    assert (made["paid_with_points"], made["paid_with_gift_cards"], made["payable"]) == (300, 500, 200)
    assert sum(one["amount"] for one in made["earned"]) == 7  # of the 7.00 that were not points
    assert made["member"]["available"] == 7

    back = await take_back(shop, made["id"], "b-1", (1, "1"))
    assert (back["money_back"], back["gift_cards_back"]) == (
        200,
        [{"gift_card": card["shown"], "amount": 500}],
    )
    assert [one["amount"] for one in back["points_back"]] == [300]
    assert (await balance(shop, member))["available"] == 300
    assert await on(shop, card["code"]) == ("active", 500, 0)
    await require_good_books(shop, database)


async def test_every_sequence_of_returns_sums_to_the_whole(shop: Api, database: Database) -> None:
    card = await sell(shop, 1000)
    made = await record(
        shop, buy("r-1", None, [line(1, 333, "3"), line(2, 100)], **by_card(card["code"], 500))
    )
    parts = [(1, "1"), (2, "1"), (1, "1"), (1, "1")]
    backs = [await take_back(shop, made["id"], f"b-{n}", part) for n, part in enumerate(parts)]
    assert sum(back["money_back"] for back in backs) == 1099 - 500
    assert sum(one["amount"] for back in backs for one in back["gift_cards_back"]) == 500
    assert all(back["net"] == back["money_back"] + back["gift_cards_back"][0]["amount"] for back in backs)
    again = await shop.post(f"/v1/purchases/{made['id']}/returns", giving_back("b-9", (1, "1")), scope="till")
    assert refused(again)[1] == "already_returned"
    assert await on(shop, card["code"]) == ("active", 1000, 0)
    await require_good_books(shop, database)


async def test_a_void_gives_all_of_it_back(shop: Api, database: Database) -> None:
    card = await sell(shop, 1000)
    made = await record(shop, buy("r-1", None, [line(1, 700)], **by_card(card["code"], "max")))
    voided = await shop.post(f"/v1/purchases/{made['id']}/void", {}, scope="till")
    assert voided.status_code == 200
    assert await on(shop, card["code"]) == ("active", 1000, 0)
    await require_good_books(shop, database)


async def test_a_hold_reserves_and_its_confirmation_spends_what_is_needed(
    shop: Api, database: Database
) -> None:
    card = await sell(shop, 1000)
    held = await record(shop, buy("h-1", None, [line(1, 300, "2")], hold=True, **by_card(card["code"], 600)))
    assert await on(shop, card["code"]) == ("active", 400, 600)
    lines = [line(1, 300, "1")]
    confirmed = await shop.post(f"/v1/purchases/{held['id']}/confirm", {"lines": lines}, scope="till")
    assert confirmed.status_code == 200, confirmed.text
    assert (confirmed.json()["payable"], confirmed.json()["paid_with_gift_cards"]) == (0, 300)
    assert await on(shop, card["code"]) == ("active", 700, 0)

    whole = await record(shop, buy("h-2", None, [line(1, 500)], hold=True, **by_card(card["code"], 500)))
    done = await shop.post(f"/v1/purchases/{whole['id']}/confirm", {}, scope="till")
    assert (done.json()["payable"], await on(shop, card["code"])) == (0, ("active", 200, 0))
    await require_good_books(shop, database)


async def test_a_hold_that_is_voided_or_lapses_frees_the_card(shop: Api, database: Database) -> None:
    card = await sell(shop, 1000)
    voided = await record(shop, buy("h-1", None, [line(1, 600)], hold=True, **by_card(card["code"], 600)))
    await shop.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")
    assert await on(shop, card["code"]) == ("active", 1000, 0)

    lapsed = await record(shop, buy("h-2", None, [line(1, 600)], hold=True, **by_card(card["code"], 600)))
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    assert await on(shop, card["code"]) == ("active", 1000, 0)
    # Confirmed after its time it is paid anew, or, when that is no longer there, not at all.
    late = await shop.post(f"/v1/purchases/{lapsed['id']}/confirm", {}, scope="till")
    assert late.status_code == 200, late.text
    assert await on(shop, card["code"]) == ("active", 400, 0)

    gone = await record(shop, buy("h-3", None, [line(1, 400)], hold=True, **by_card(card["code"], 400)))
    await set_clock(shop, "2026-03-01T13:00:00+02:00")
    await record(shop, buy("r-3", None, [line(1, 400)], **by_card(card["code"], 400)))
    late = await shop.post(f"/v1/purchases/{gone['id']}/confirm", {}, scope="till")
    assert refused(late) == (409, "hold_lapsed", None)
    await require_good_books(shop, database)


async def test_a_blocked_card_pays_nothing_until_it_is_unblocked(shop: Api) -> None:
    card = await sell(shop, 1000)
    body = buy("r-1", None, [line(1, 500)], **by_card(card["code"], 500))
    blocked = await shop.post("/v1/gift-cards/block", {"gift_card": card["id"], "reason": "lost"})
    refusal = await shop.post("/v1/purchases", body, scope="till")
    assert (blocked.json()["status"], refused(refusal)) == (
        "blocked",
        (409, "gift_card_unusable", "/spend/0/gift_card"),
    )
    assert refusal.json()["errors"][0]["code"] == "gift_card_blocked"
    await shop.post("/v1/gift-cards/unblock", {"code": card["code"]})
    assert (await shop.post("/v1/purchases", body, scope="till")).status_code == 201


async def test_a_card_that_was_lost_gets_another_code_and_keeps_its_money(shop: Api) -> None:
    card = await sell(shop, 1000)
    made = await record(shop, buy("r-1", None, [line(1, 500)], **by_card(card["code"], 400)))
    renewed = await shop.post("/v1/gift-cards/renew", {"gift_card": card["id"], "reason": "lost"}, key="n-1")
    again = await shop.post("/v1/gift-cards/renew", {"gift_card": card["id"], "reason": "lost"}, key="n-1")
    code = renewed.json()["code"]
    assert (renewed.status_code, again.json()) == (200, renewed.json())
    assert (code == card["code"], renewed.json()["serial"], renewed.json()["available"]) == (False, 1, 600)
    old = await shop.post("/v1/gift-cards/find", {"code": card["code"]}, scope="till")
    assert refused(old) == (404, "not_found", None)
    answer = await shop.post(
        "/v1/purchases", buy("r-2", None, [line(1, 500)], **by_card(card["code"], 100)), scope="till"
    )
    assert answer.json()["errors"][0]["code"] == "gift_card_unknown"
    # What was paid with the old code comes back to the card.
    await take_back(shop, made["id"], "b-1", (1, "1"))
    assert await on(shop, code) == ("active", 1000, 0)


async def test_money_is_put_on_a_card_up_to_the_programs_limit(shop: Api, database: Database) -> None:
    await settle(shop, gift_card_most=2500)
    card = await sell(shop, 1000)
    more = {"code": card["code"], "amount": 1500, "expires_at": "2026-06-01T00:00:00+03:00"}
    topped = await shop.post("/v1/gift-cards/top-up", more)
    assert (topped.status_code, topped.json()["available"]) == (200, 2500)
    assert topped.json()["expiring"] == [{"amount": 1500, "at": "2026-05-31T21:00:00Z"}]
    full = await shop.post("/v1/gift-cards/top-up", {"code": card["code"], "amount": 1})
    assert refused(full) == (422, "invalid_value", "/amount")
    await set_clock(shop, "2026-06-02T00:00:00+03:00")
    assert await on(shop, card["code"]) == ("active", 1000, 0)
    await require_good_books(shop, database)


async def test_a_single_purpose_card_pays_for_goods_of_its_tax_rate_only(shop: Api) -> None:
    card = await sell(shop, 2000, purpose="single", tax_rate="0.21")
    goods = [line(1, 1210, tax_rate="0.21"), line(2, 500, tax_rate="0.05")]
    made = await record(shop, buy("r-1", None, goods, **by_card(card["code"], "max")))
    assert (made["paid_with_gift_cards"], made["payable"]) == (1210, 500)
    assert made["spent"][0]["tax_within"] == 210  # was due when the card was sold
    lone = await shop.post("/v1/gift-cards", {"amount": 100, "purpose": "single"})
    assert refused(lone) == (422, "invalid_value", "/tax_rate")


async def test_as_sold_money_that_was_not_there_is_the_stores_loss(shop: Api, database: Database) -> None:
    card = await sell(shop, 300)
    sold = buy(
        "r-1", None, [line(1, 1000)], pricing="as_sold",
        spend=[{"gift_card": card["code"], "amount": 500}, {"gift_card": "NONE-OF-OURS", "amount": 100}],
    )  # fmt: skip
    made = await record(shop, sold)
    assert (made["paid_with_gift_cards"], made["payable"]) == (500, 500)
    assert [(one["code"], one["amount"]) for one in made["warnings"]] == [
        ("insufficient_points", 200),
        ("gift_card_unknown", 0),
    ]
    assert await on(shop, card["code"]) == ("empty", 0, 0)
    await take_back(shop, made["id"], "b-1", (1, "1"))
    assert await on(shop, card["code"]) == ("active", 300, 0)
    await require_good_books(shop, database)


async def test_two_purchases_of_one_batch_spend_the_card_once(shop: Api, database: Database) -> None:
    card = await sell(shop, 500)
    batch = [buy(f"r-{n}", None, [line(1, 400)], **by_card(card["code"], 400)) for n in (1, 2)]
    answer = await shop.post("/v1/purchases/batch", {"purchases": batch}, scope="till")
    assert [item["status"] for item in answer.json()["items"]] == [201, 409]
    assert await on(shop, card["code"]) == ("active", 100, 0)
    await require_good_books(shop, database)


async def test_whoever_tries_codes_has_to_wait(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=2)
    for n in (1, 2):
        body = buy(f"r-{n}", None, [line(1, 400)], **by_card(f"TRY-{n}", 400))
        answer = await shop.post("/v1/purchases/preview", body, scope="till")
        assert refused(answer) == (409, "gift_card_unusable", "/spend/0/gift_card")
    body = buy("r-3", None, [line(1, 400)], **by_card("TRY-3", 400))
    assert (await shop.post("/v1/purchases/preview", body, scope="till")).status_code == 429
    assert (
        await shop.post("/v1/purchases", buy("r-4", None, [line(1, 400)]), scope="till")
    ).status_code == 201


async def test_its_statement_says_what_came_and_went(shop: Api) -> None:
    card = await sell(shop, 1000, reason="birthday")
    await record(shop, buy("r-1", None, [line(1, 700)], **by_card(card["code"], 700)))
    items = (await shop.get(f"/v1/gift-cards/{card['id']}/statement")).json()["items"]
    assert [(one["kind"], one["change"], one["balance"]) for one in items] == [
        ("purchase", -700, 300),
        ("top_up", 1000, 1000),
    ]


async def test_another_program_knows_nothing_of_the_card(shop: Api, database: Database) -> None:
    neighbour = await new_api(shop.client, database)
    card = await sell(shop, 1000)
    found = await neighbour.post("/v1/gift-cards/find", {"code": card["code"]}, scope="till")
    assert refused(found) == (404, "not_found", None)
    assert (await neighbour.get(f"/v1/gift-cards/{card['id']}")).status_code == 404


async def test_a_claimed_purchase_keeps_what_the_card_paid(shop: Api) -> None:
    await publish(shop, MEMBER_POINTS)
    card = await sell(shop, 1000)
    made = await record(shop, buy("r-1", None, [line(1, 700)], **by_card(card["code"], 700)))
    _, number = await member_with_card(shop)
    claimed = await shop.post(
        f"/v1/purchases/{made['id']}/claim", {"card": number, "claim_code": made["claim_code"]}, scope="till"
    )
    assert claimed.status_code == 201, claimed.text
    assert (claimed.json()["payable"], claimed.json()["paid_with_gift_cards"]) == (0, 700)
    assert sum(one["amount"] for one in claimed.json()["earned"]) == 7

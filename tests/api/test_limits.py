"""Use limits and budgets over the API: every holder and period, the last cent, holds, returns, late receipts."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.flows import claims
from regulars.flows.check_ledger import check_ledger
from regulars.promotions import counters
from tests.api.conftest import Api
from tests.api.shop import (
    buy,
    line,
    member_with_card,
    publish,
    record,
    set_clock,
    settle,
    take_back,
)

Limits = list[dict[str, Any]]


def off(percent: str, limits: Limits, **fields: Any) -> dict[str, Any]:
    """A discount with limits."""
    return {
        "name": f"{percent} per cent off",
        "group": "items",
        "benefits": [{"kind": "line_percent", "percent": percent}],
        "limits": limits,
        **fields,
    }


def points(amount: int, limits: Limits, **fields: Any) -> dict[str, Any]:
    """So many points for each purchase, with limits."""
    return {
        "name": f"{amount} points",
        "group": "points",
        "benefits": [{"kind": "points_fixed", "currency": "PTS", "points": amount}],
        "limits": limits,
        **fields,
    }


async def discount(api: Api, name: str, card: str | None = None, **more: Any) -> int:
    """What is taken off a purchase of 10.00."""
    return (await record(api, buy(name, card, [line(1, 1_000)], **more)))["discount"]


async def used(api: Api, promotion: str) -> list[tuple[str, str, int, int | None]]:
    """Holder, period, used and left of each limit of a promotion."""
    answer = (await api.get(f"/v1/promotions/{promotion}/usage")).json()
    return [(one["per"], one["period"], one["used"], one["left"]) for one in answer["limits"]]


async def require_order(api: Api, database: Database) -> None:
    """The books are in order, and every counter is the sum of its claims."""
    assert await check_ledger(database, api.program.id) == ()


async def test_a_member_gets_it_so_many_times_and_others_are_not_in_the_way(
    shop: Api, database: Database
) -> None:
    await publish(shop, off("10", [{"per": "member", "uses": 2}]))
    (_, anna), (_, berta) = await member_with_card(shop), await member_with_card(shop, "Berta Liepa")

    assert [await discount(shop, f"a-{n}", anna) for n in range(3)] == [100, 100, 0]
    assert await discount(shop, "b-1", berta) == 100
    await require_order(shop, database)


async def test_a_limit_for_each_member_is_not_for_anonymous_customers_and_the_till_hears_it(
    shop: Api,
) -> None:
    promotion = await publish(shop, off("10", [{"per": "member", "uses": 1}]))

    answer = await record(shop, buy("r-1", None, [line(1, 1_000)]))

    assert answer["discount"] == 0
    assert [(r["promotion"], r["code"]) for r in answer["refusals"]] == [(promotion, "member_required")]


async def test_a_limit_for_each_card_counts_the_members_cards_apart(shop: Api) -> None:
    await publish(shop, off("10", [{"per": "card", "uses": 1}]))
    member, first = await member_with_card(shop)
    second = (await shop.post(f"/v1/members/{member}/cards", {})).json()["number"]

    found = [await discount(shop, f"r-{n}", card) for n, card in enumerate([first, second, first, second])]

    assert found == [100, 100, 0, 0]
    by_phone = buy("m-1", None, [line(1, 1_000)], member=member)
    answer = await record(shop, by_phone)
    assert (answer["discount"], answer["refusals"][0]["code"]) == (0, "card_required")


async def test_a_limit_for_each_store_or_partner_counts_its_tills_together(shop: Api) -> None:
    await publish(shop, off("10", [{"per": "store", "uses": 2}, {"per": "partner", "uses": 3}]))

    stores = ["riga-1", "riga-1", "riga-1", "riga-2", "riga-2"]
    found = [await discount(shop, f"r-{n}", store=store, till=str(n)) for n, store in enumerate(stores)]

    assert found == [100, 100, 0, 100, 0]


async def test_a_limit_for_all_together(shop: Api) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "uses": 2}]))

    assert [await discount(shop, f"r-{n}") for n in range(3)] == [100, 100, 0]
    assert await used(shop, promotion) == [("total", "lifetime", 2, 0)]


@pytest.mark.parametrize(
    ("period", "same", "following", "again"),
    [
        ("day", "2026-03-31T23:59:59+03:00", "2026-04-01T00:00:00+03:00", "2026-04-01"),
        ("week", "2026-04-05T23:59:59+03:00", "2026-04-06T00:00:00+03:00", "2026-04-06"),
        ("month", "2026-03-31T23:59:59+03:00", "2026-04-01T00:00:00+03:00", "2026-04-01"),
        ("quarter", "2026-03-31T23:59:59+03:00", "2026-04-01T00:00:00+03:00", "2026-04-01"),
        ("year", "2026-12-31T23:59:59+02:00", "2027-01-01T00:00:00+02:00", "2027-01-01"),
    ],
)
async def test_a_period_is_one_of_the_programs_calendar(
    shop: Api, period: str, same: str, following: str, again: str
) -> None:
    await publish(shop, off("10", [{"per": "member", "period": period, "uses": 1}]))
    _, card = await member_with_card(shop)
    await set_clock(shop, "2026-03-31T12:00:00+03:00")
    first = await discount(shop, "r-1", card, purchased_at="2026-03-31T12:00:00+03:00")
    await set_clock(shop, same)
    answer = await record(shop, buy("r-2", card, [line(1, 1_000)], purchased_at=same))
    await set_clock(shop, following)

    third = await discount(shop, "r-3", card, purchased_at=following)

    assert (first, answer["discount"], third) == (100, 0, 100)
    assert answer["refusals"][0]["code"] == "limit_reached"
    year, month, day = again.split("-")
    assert all(part in answer["refusals"][0]["text"] for part in (year, str(int(day)))), month


async def test_a_late_receipt_counts_in_the_period_of_its_own_time(shop: Api, database: Database) -> None:
    promotion = await publish(shop, points(10, [{"per": "member", "period": "day", "uses": 1}]))
    _, card = await member_with_card(shop)
    await set_clock(shop, "2026-03-05T12:00:00+02:00")
    days = ["2026-03-05", "2026-03-03", "2026-03-03", "2026-03-04", "2026-03-05"]
    batch = [
        buy(f"r-{n}", card, [line(1, 1_000)], purchased_at=f"{day}T10:0{n}:00+02:00")
        for n, day in enumerate(days)
    ]

    answer = await shop.post("/v1/purchases/batch", {"purchases": batch}, scope="till")

    earned = [sum(e["amount"] for e in item["answer"]["earned"]) for item in answer.json()["items"]]
    assert earned == [10, 10, 0, 10, 0]
    assert await used(shop, promotion) == [("member", "day", 1, None)]
    await require_order(shop, database)


async def test_the_last_cent_of_a_budget_is_given(shop: Api, database: Database) -> None:
    promotion = await publish(shop, off("33", [{"per": "total", "amount": 1_000}]))

    assert [await discount(shop, f"r-{n}") for n in range(5)] == [330, 330, 330, 10, 0]
    assert await used(shop, promotion) == [("total", "lifetime", 1_000, 0)]
    await require_order(shop, database)


async def test_a_promotion_that_refuses_the_last_bit_leaves_it(shop: Api) -> None:
    promotion = await publish(shop, off("33", [{"per": "total", "amount": 1_000}], on_last="refuse"))

    assert [await discount(shop, f"r-{n}") for n in range(4)] == [330, 330, 330, 0]
    assert (await record(shop, buy("small", None, [line(1, 30)])))["discount"] == 10
    assert await used(shop, promotion) == [("total", "lifetime", 1_000, 0)]


async def test_the_programs_setting_says_what_to_do_with_the_last_bit(shop: Api) -> None:
    await settle(shop, on_last="refuse")
    await publish(shop, off("33", [{"per": "total", "amount": 400}]))

    assert [await discount(shop, f"r-{n}") for n in range(2)] == [330, 0]


async def test_a_budget_of_points_ends_with_its_last_point(shop: Api, database: Database) -> None:
    promotion = await publish(shop, points(40, [{"per": "total", "period": "month", "points": 100}]))
    _, card = await member_with_card(shop)

    answers = [await record(shop, buy(f"r-{n}", card, [line(1, 1_000)])) for n in range(4)]

    assert [sum(e["amount"] for e in a["earned"]) for a in answers] == [40, 40, 20, 0]
    assert await used(shop, promotion) == [("total", "month", 100, 0)]
    await require_order(shop, database)


async def test_a_budget_is_in_base_money_whatever_the_purchase_is_paid_in(shop: Api) -> None:
    rate = {"currency": "SEK", "valid_from": "2026-01-01T00:00:00Z", "rate": "0.09"}
    assert (await shop.post("/v1/exchange-rates", rate)).status_code == 201
    promotion = await publish(shop, off("50", [{"per": "total", "amount": 50}]))

    answer = await record(shop, buy("r-1", None, [line(1, 10_000)], currency="SEK"))

    assert answer["discount"] == 555
    assert await used(shop, promotion) == [("total", "lifetime", 50, 0)]


async def test_a_preview_knows_what_is_left_and_takes_nothing(shop: Api) -> None:
    promotion = await publish(shop, off("20", [{"per": "total", "amount": 150}]))
    preview = {**buy("p", None, [line(1, 1_000)])}

    before = [(await shop.post("/v1/purchases/preview", preview, scope="till")).json() for _ in range(2)]
    await record(shop, buy("r-1", None, [line(1, 1_000)]))
    after = (await shop.post("/v1/purchases/preview", preview, scope="till")).json()

    assert [answer["discount"] for answer in before] == [150, 150]
    assert (after["discount"], after["refusals"][0]["code"]) == (0, "budget_exhausted")
    assert await used(shop, promotion) == [("total", "lifetime", 150, 0)]


async def test_one_batch_crosses_a_limit_in_its_own_order(shop: Api, database: Database) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 10_050}]))
    batch = [
        buy(
            f"r-{n}",
            None,
            [line(1, 1_000)],
            purchased_at=f"2026-03-01T10:{59 - n // 60:02}:{59 - n % 60:02}+02:00",
        )
        for n in range(128)
    ]

    answer = await shop.post("/v1/purchases/batch", {"purchases": batch}, scope="till")

    given = [item["answer"]["discount"] for item in answer.json()["items"]]
    assert given == [0] * 27 + [50] + [100] * 100
    assert await used(shop, promotion) == [("total", "lifetime", 10_050, 0)]
    await require_order(shop, database)


async def test_a_purchase_that_is_refused_takes_nothing(shop: Api) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "uses": 1}]))

    surprised = buy("r-1", None, [line(1, 1_000)], expect={"payable": 1_000})
    answer = await shop.post("/v1/purchases", surprised, scope="till")

    assert (answer.status_code, answer.json()["code"]) == (409, "price_changed")
    assert await used(shop, promotion) == [("total", "lifetime", 0, 1)]
    assert await discount(shop, "r-2") == 100


async def test_what_others_take_twice_in_the_last_moment_stays_refused(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = await publish(shop, off("20", [{"per": "total", "uses": 1}]))
    second = await publish(shop, off("10", [{"per": "total", "uses": 1}]))
    third = await publish(shop, off("5", [{"per": "total", "uses": 1}]))
    honest = claims.claim

    async def overtaken(tx: Any, program: Any, wanted: Any, *rest: Any) -> Any:
        async with database.transaction(program) as other:
            await counters.move(other, program, dict.fromkeys(wanted, 1))
        return await honest(tx, program, wanted, *rest)

    monkeypatch.setattr(claims, "claim", overtaken)
    answer = await record(shop, buy("r-1", None, [line(1, 1_000)]))

    assert answer["discount"] == 0
    assert {r["promotion"]: r["code"] for r in answer["refusals"]} == dict.fromkeys(
        (best, second, third), "contended"
    )
    assert [await used(shop, one) for one in (best, second, third)] == [
        [("total", "lifetime", 1, 0)],
        [("total", "lifetime", 1, 0)],
        [("total", "lifetime", 0, 1)],
    ]


async def test_a_batch_that_gets_less_than_it_read_gives_what_it_got_in_its_order(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 1_000}]))
    batch = {"purchases": [buy(f"r-{n}", None, [line(1, 1_000)]) for n in range(8)]}
    honest = claims.claim

    async def overtaken(tx: Any, program: Any, wanted: Any, *rest: Any) -> Any:
        async with database.transaction(program) as other:
            await counters.move(other, program, dict.fromkeys(wanted, 650))
        return await honest(tx, program, wanted, *rest)

    monkeypatch.setattr(claims, "claim", overtaken)
    answer = await shop.post("/v1/purchases/batch", batch, scope="till")

    items = [item["answer"] for item in answer.json()["items"]]
    assert [item["discount"] for item in items] == [100, 100, 100, 50, 0, 0, 0, 0]
    assert items[4]["refusals"][0]["code"] == "budget_exhausted"
    assert await used(shop, promotion) == [("total", "lifetime", 1_000, 0)]


async def test_a_replay_takes_nothing_again(shop: Api) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "uses": 5}]))

    answers = [await record(shop, buy("r-1", None, [line(1, 1_000)])) for _ in range(3)]

    assert answers == [answers[0]] * 3
    assert await used(shop, promotion) == [("total", "lifetime", 1, 4)]


async def test_a_hold_reserves_and_a_void_gives_back_once(shop: Api, database: Database) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "uses": 1}]))
    hold = await record(shop, buy("h-1", None, [line(1, 1_000)], hold=True))
    while_held = await discount(shop, "r-1")

    for _ in range(2):
        await shop.post(f"/v1/purchases/{hold['id']}/void", {}, scope="till")

    assert (hold["discount"], while_held, await discount(shop, "r-2")) == (100, 0, 100)
    assert await used(shop, promotion) == [("total", "lifetime", 1, 0)]
    await require_order(shop, database)


async def test_a_hold_that_lapses_gives_back_once_and_a_later_void_nothing_more(
    shop: Api, database: Database
) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "uses": 1}, {"per": "store", "amount": 500}]))
    _, card = await member_with_card(shop)
    hold = await record(shop, buy("h-1", card, [line(1, 1_000)], hold=True, hold_seconds=60))
    assert await used(shop, promotion) == [("total", "lifetime", 1, 0), ("store", "lifetime", 100, None)]

    await set_clock(shop, "2026-03-01T11:01:00+02:00")

    assert await used(shop, promotion) == [("total", "lifetime", 0, 1), ("store", "lifetime", 0, None)]
    await shop.post(f"/v1/purchases/{hold['id']}/void", {}, scope="till")
    assert await used(shop, promotion) == [("total", "lifetime", 0, 1), ("store", "lifetime", 0, None)]
    assert await discount(shop, "r-1") == 100
    await require_order(shop, database)


async def test_a_lapsed_hold_is_confirmed_if_all_is_there_again(shop: Api, database: Database) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 250}]))
    holds = [
        await record(shop, buy(f"h-{n}", None, [line(1, 1_000)], hold=True, hold_seconds=60))
        for n in range(2)
    ]
    await set_clock(shop, "2026-03-01T11:01:00+02:00")
    await record(shop, buy("r-1", None, [line(1, 1_000)], purchased_at="2026-03-01T11:01:00+02:00"))

    answers = [await shop.post(f"/v1/purchases/{hold['id']}/confirm", {}, scope="till") for hold in holds]

    assert [a.status_code for a in answers] == [200, 409]
    assert answers[0].json()["discount"] == 100
    assert answers[1].json()["code"] == "hold_lapsed"
    assert await used(shop, promotion) == [("total", "lifetime", 200, 50)]
    await require_order(shop, database)


async def test_a_confirmed_hold_keeps_what_it_has_however_little_is_left(
    shop: Api, database: Database
) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 150}]))
    hold = await record(shop, buy("h-1", None, [line(1, 1_000)], hold=True))
    assert await discount(shop, "r-1") == 50

    confirmed = await shop.post(f"/v1/purchases/{hold['id']}/confirm", {}, scope="till")

    assert confirmed.json()["discount"] == 100
    assert await used(shop, promotion) == [("total", "lifetime", 150, 0)]
    await require_order(shop, database)


async def test_a_confirmation_with_fewer_goods_gives_the_rest_back(shop: Api, database: Database) -> None:
    promotion = await publish(
        shop, off("10", [{"per": "total", "amount": 200}, {"per": "member", "uses": 1}])
    )
    _, card = await member_with_card(shop)
    hold = await record(shop, buy("h-1", card, [line(1, 500, "4")], hold=True))

    fewer = {"lines": [line(1, 500, "1")]}
    confirmed = await shop.post(f"/v1/purchases/{hold['id']}/confirm", fewer, scope="till")

    assert (hold["discount"], confirmed.json()["discount"]) == (200, 50)
    assert await used(shop, promotion) == [("total", "lifetime", 50, 150), ("member", "lifetime", 1, None)]
    await require_order(shop, database)


async def test_a_stopped_promotion_is_honoured_in_a_hold(shop: Api) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 500}]))
    hold = await record(shop, buy("h-1", None, [line(1, 500, "4")], hold=True))
    await shop.post(f"/v1/promotions/{promotion}/stop")

    confirmed = await shop.post(
        f"/v1/purchases/{hold['id']}/confirm", {"lines": [line(1, 500, "2")]}, scope="till"
    )

    assert confirmed.json()["discount"] == 100
    assert await used(shop, promotion) == [("total", "lifetime", 100, 400)]


async def test_returns_give_a_budget_back_to_the_cent_and_a_use_with_the_last_piece(
    shop: Api, database: Database
) -> None:
    promotion = await publish(
        shop,
        off(
            "10",
            [{"per": "total", "amount": 1_000}, {"per": "member", "uses": 1}],
            benefits=[{"kind": "line_percent", "percent": "10", "goods": {"skus": ["sku-1"]}}],
        ),
    )
    _, card = await member_with_card(shop)
    bought = await record(shop, buy("r-1", card, [line(1, 333, "3"), line(2, 100)]))
    assert bought["discount"] == 100

    backs = [await take_back(shop, bought["id"], f"b-{n}", (1, "1")) for n in range(3)]

    assert [[(b["measure"], b["amount"]) for b in back["limits_back"]] for back in backs] == [
        [("amount", 33)],
        [("amount", 34)],
        [("uses", 1), ("amount", 33)],
    ]
    assert backs[2]["limits_back"][1]["promotion"] == promotion
    assert await used(shop, promotion) == [("total", "lifetime", 0, 1_000), ("member", "lifetime", 0, None)]
    await require_order(shop, database)


async def test_a_program_may_keep_what_was_used_when_goods_come_back(shop: Api) -> None:
    await settle(shop, limits_on_return="keep")
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 1_000}]))
    bought = await record(shop, buy("r-1", None, [line(1, 1_000)]))

    back = await take_back(shop, bought["id"], "b-1", (1, "1"))

    assert back["limits_back"] == []
    assert await used(shop, promotion) == [("total", "lifetime", 100, 900)]


async def test_a_void_after_a_return_gives_back_the_rest(shop: Api, database: Database) -> None:
    promotion = await publish(shop, points(7, [{"per": "total", "points": 100}]))
    _, card = await member_with_card(shop)
    bought = await record(shop, buy("r-1", card, [line(1, 1_000, "2")]))
    await take_back(shop, bought["id"], "b-1", (1, "1"))
    assert await used(shop, promotion) == [("total", "lifetime", 3, 97)]

    await shop.post(f"/v1/purchases/{bought['id']}/void", {}, scope="till")

    assert await used(shop, promotion) == [("total", "lifetime", 0, 100)]
    await require_order(shop, database)


async def test_a_preview_of_a_return_shows_what_comes_back_and_moves_nothing(shop: Api) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 1_000}]))
    bought = await record(shop, buy("r-1", None, [line(1, 1_000)]))
    body = {"id": "b-1", "lines": [{"line": 1, "quantity": "1"}], "returned_at": "2026-03-01T11:00:00+02:00"}

    shown = await shop.post(f"/v1/purchases/{bought['id']}/returns/preview", body, scope="till")

    assert [(b["per"], b["amount"]) for b in shown.json()["limits_back"]] == [("total", 100)]
    assert await used(shop, promotion) == [("total", "lifetime", 100, 900)]


async def test_as_sold_counts_over_use_by_the_promotion_that_the_till_names_and_warns(
    shop: Api, database: Database
) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 150}]))

    def sold(name: str) -> dict[str, Any]:
        discounts = [{"promotion": promotion, "amount": 100}]
        goods = [line(1, 1_000, discount=100, discounts=discounts)]
        return buy(name, None, goods, pricing="as_sold")

    answers = [await record(shop, sold(f"s-{n}")) for n in range(3)]

    assert [a["discount"] for a in answers] == [100, 100, 100]
    assert [[(w["code"], w["amount"]) for w in a["warnings"]] for a in answers] == [
        [],
        [("limit_exceeded", 50)],
        [("limit_exceeded", 100)],
    ]
    assert await used(shop, promotion) == [("total", "lifetime", 300, 0)]
    assert await discount(shop, "r-1") == 0
    await require_order(shop, database)


async def test_as_sold_gives_no_points_beyond_a_limit_and_is_recorded_all_the_same(
    shop: Api, database: Database
) -> None:
    promotion = await publish(shop, points(40, [{"per": "member", "uses": 1}]))
    _, card = await member_with_card(shop)

    answers = [await record(shop, buy(f"s-{n}", card, [line(1, 1_000)], pricing="as_sold")) for n in range(2)]

    assert [sum(e["amount"] for e in a["earned"]) for a in answers] == [40, 0]
    assert [[w["code"] for w in a["warnings"]] for a in answers] == [[], ["limit_reached"]]
    assert await used(shop, promotion) == [("member", "lifetime", 1, None)]
    await require_order(shop, database)


async def test_a_new_revision_raises_or_lowers_a_limit_and_what_was_used_counts_on(shop: Api) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 250}]))

    async def revise(amount: int) -> None:
        draft = off("10", [{"per": "total", "amount": amount}])
        await shop.call("PUT", f"/v1/promotions/{promotion}/draft", draft)
        published = await shop.post(f"/v1/promotions/{promotion}/publish")
        assert published.status_code == 200, published.text

    first = [await discount(shop, f"a-{n}") for n in range(2)]
    await revise(150)
    lowered = await discount(shop, "b-1")
    await revise(320)
    raised = [await discount(shop, f"c-{n}") for n in range(3)]

    assert (first, lowered, raised) == ([100, 100], 0, [100, 20, 0])
    assert await used(shop, promotion) == [("total", "lifetime", 320, 0)]


async def test_the_explanation_of_a_purchase_says_what_its_limits_left(shop: Api) -> None:
    promotion = await publish(shop, off("20", [{"per": "total", "amount": 150}]))
    answers = [await record(shop, buy(f"r-{n}", None, [line(1, 1_000)])) for n in range(2)]
    await shop.call("PUT", f"/v1/promotions/{promotion}/draft", off("20", [{"per": "total", "amount": 999}]))
    await shop.post(f"/v1/promotions/{promotion}/publish")

    told = [(await shop.get(f"/v1/purchases/{a['id']}/explanation")).json() for a in answers]

    found = [(e["promotions"][0]["discount"], e["promotions"][0]["code"]) for e in told]
    assert found == [(150, None), (0, "budget_exhausted")]


async def test_a_budget_in_slices_is_given_to_the_last_cent_and_never_passed(
    shop: Api, database: Database
) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 1_003, "slices": 7}]))

    given = [await discount(shop, f"r-{n}", till=str(n)) for n in range(13)]

    assert given == [100] * 10 + [3, 0, 0]
    assert await used(shop, promotion) == [("total", "lifetime", 1_003, 0)]
    await require_order(shop, database)


async def test_a_sliced_budget_that_is_lowered_or_raised_is_spread_anew(
    shop: Api, database: Database
) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 1_000, "slices": 4}]))
    first = [await discount(shop, f"a-{n}", till=str(n)) for n in range(4)]

    async def revise(amount: int) -> None:
        draft = off("10", [{"per": "total", "amount": amount, "slices": 4}])
        await shop.call("PUT", f"/v1/promotions/{promotion}/draft", draft)
        assert (await shop.post(f"/v1/promotions/{promotion}/publish")).status_code == 200

    await revise(450)
    lowered = [await discount(shop, f"b-{n}", till=str(n)) for n in range(3)]
    await revise(300)
    below = await discount(shop, "c-1")
    await revise(620)
    raised = [await discount(shop, f"d-{n}", till=str(n)) for n in range(4)]

    assert (first, lowered, below, raised) == ([100] * 4, [50, 0, 0], 0, [100, 70, 0, 0])
    assert await used(shop, promotion) == [("total", "lifetime", 620, 0)]
    await require_order(shop, database)


async def test_the_number_of_slices_stays_as_it_was_first_published(shop: Api) -> None:
    promotion = await publish(shop, off("10", [{"per": "total", "amount": 1_000, "slices": 4}]))
    await shop.call(
        "PUT", f"/v1/promotions/{promotion}/draft", off("10", [{"per": "total", "amount": 1_000}])
    )

    refused = await shop.post(f"/v1/promotions/{promotion}/publish")

    assert (refused.status_code, refused.json()["code"]) == (422, "contradictory_configuration")
    assert refused.json()["problems"] == [
        "Limits, ko skaita 4 daļās, tāds arī paliek: tā skaitītāji jau ir izveidoti."
    ]


async def test_limits_of_other_periods_are_shown_as_they_stand_today(shop: Api) -> None:
    promotion = await publish(
        shop, off("10", [{"per": "total", "period": "day", "amount": 150}, {"per": "member", "uses": 9}])
    )
    _, card = await member_with_card(shop)
    await discount(shop, "r-1", card)
    await set_clock(shop, "2026-03-02T11:00:00+02:00")

    shown = (await shop.get(f"/v1/promotions/{promotion}/usage")).json()

    assert shown["status"] == "live"
    assert shown["limits"] == [
        {
            "per": "total", "period": "day", "measure": "amount", "since": "2026-03-02", "limit": 150,
            "used": 0, "left": 150, "holders": 0,
        },
        {
            "per": "member", "period": "lifetime", "measure": "uses", "since": None, "limit": 9,
            "used": 1, "left": None, "holders": 1,
        },
    ]  # fmt: skip


async def test_the_schema_of_documents_has_limits(shop: Api) -> None:
    schema = (await shop.get("/v1/promotions/schema")).json()

    assert schema["properties"]["limits"]["maxItems"] == 20
    assert schema["$defs"]["Limit"]["oneOf"] == [{"required": [m]} for m in ("uses", "points", "amount")]
    assert schema["$defs"]["Limit"]["additionalProperties"] is False

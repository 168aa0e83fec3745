"""A promotion on receipts of the past: exact figures, whom it pushes out, and nothing written."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database, fetch_one
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    buy,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
)

FIVE = {"name": "Five off all", "group": "items", "benefits": [{"kind": "line_percent", "percent": "5"}]}


def ten_off_bread(**more: Any) -> dict[str, Any]:
    return {
        "name": "Ten off bread",
        "group": "items",
        "conditions": [{"kind": "member"}, {"kind": "basket_amount", "minimum": 1000}],
        "benefits": [{"kind": "line_percent", "percent": "10", "goods": {"categories": ["bread"]}}],
        **more,
    }


def bread(price: int, **more: Any) -> list[dict[str, Any]]:
    return [line(1, price, categories=["bread"], **more), line(2, 400, name="Milk")]


async def draft(api: Api, document: dict[str, Any]) -> str:
    made = await api.post("/v1/promotions", document)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def simulated(api: Api, promotion: str, **body: Any) -> dict[str, Any]:
    answer = await api.post(f"/v1/promotions/{promotion}/simulate", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_who_would_have_got_it_what_it_costs_and_whom_it_pushes_out(shop: Api) -> None:
    five = await publish(shop, FIVE)
    _, anna = await member_with_card(shop)
    _, ben = await member_with_card(shop, "Ben Ozols")
    sold = [
        await record(shop, buy("r-1", anna, bread(1000, cost=600))),
        await record(shop, buy("r-2", anna, bread(2000, cost=600))),
        await record(shop, buy("r-3", ben, bread(500))),
        await record(shop, buy("r-4", None, bread(1000), store="riga-2")),
    ]
    answer = await simulated(shop, await draft(shop, ten_off_bread()))
    assert (answer["receipts"], answer["members"], answer["left_out"]) == (4, 2, 0)
    assert answer["payable_before"] == sum(one["payable"] for one in sold)
    # 10 % of 10.00 and of 20.00 instead of 5 %; milk keeps its 5 %.
    assert answer["payable_after"] == answer["payable_before"] - 50 - 100
    assert answer["payable_changed"] == 2
    nothing = {"discount": 0, "points": {}, "points_worth": 0, "handed": 0, "cost": 0}
    assert answer["got"] == {
        "receipts": 2,
        "members": 1,
        "gross": 1400 + 2400,
        "given": {**nothing, "discount": 300, "cost": 300},
    }
    assert (answer["cost_before"], answer["cost_after"]) == (70 + 120 + 45 + 70, 70 + 120 + 45 + 70 + 150)
    assert answer["displaced"] == [
        {
            "promotion": five,
            "name": "Five off all",
            "receipts_before": 4,
            "receipts_after": 4,
            "lost": 0,
            "gained": 0,
            "before": {**nothing, "discount": 190, "cost": 190},
            "after": {**nothing, "discount": 40, "cost": 40},
        }
    ]
    assert answer["stores"] == [
        {"store": "riga-1", "receipts": 3, "got": 2, "cost": 300},
        {"store": "riga-2", "receipts": 1, "got": 0, "cost": 0},
    ]
    assert answer["days"] == [{"day": "2026-03-01", "receipts": 4, "got": 2, "cost": 300}]
    assert [(one["code"], one["receipts"], one["near"]) for one in answer["refused"]] == [
        ("basket_below_minimum", 1, 1),
        ("member_required", 1, 1),
    ]
    assert answer["refused"][0]["reason"] == "vismaz 10,00\u00a0€ (preces)"
    assert answer["margin"] == {
        "lines": 8, "lines_costed": 2, "cost": 1200, "before": 950 + 1900 - 1200, "after": 900 + 1800 - 1200,
    }  # fmt: skip


async def test_an_example_explains_both_sides(shop: Api) -> None:
    await publish(shop, FIVE)
    _, anna = await member_with_card(shop)
    bought = await record(shop, buy("r-1", anna, bread(1000), receipt_number="17"))
    promotion = await draft(
        shop, ten_off_bread(group="basket", benefits=[{"kind": "basket_percent", "percent": "10"}])
    )
    (example,) = (await simulated(shop, promotion))["examples"]
    assert (example["purchase"], example["receipt_number"], example["member"]) == (bought["id"], "17", True)
    assert (example["gross"], example["payable_before"], example["payable_after"]) == (1400, 1330, 1197)
    assert [(one["discount_before"], one["discount_after"], one["name"]) for one in example["lines"]] == [
        (50, 145, ""), (20, 58, "Milk"),
    ]  # fmt: skip
    (mine,) = example["promotions"]
    assert (mine["promotion"], mine["before"]["status"]) == (promotion, "absent")
    assert mine["after"] == {
        "status": "applied", "discount": 133, "earned": {}, "code": None, "text": "10% atlaide",
    }  # fmt: skip


async def test_a_promotion_that_is_pushed_out_is_counted_with_what_it_gave(shop: Api) -> None:
    three = await publish(
        shop, {**FIVE, "name": "Three off bread", "benefits": [
            {"kind": "line_percent", "percent": "3", "goods": {"categories": ["bread"]}}]}
    )  # fmt: skip
    for number in range(3):
        await record(shop, buy(f"r-{number}", None, bread(1000)))
    answer = await simulated(shop, await draft(shop, ten_off_bread(conditions=[])))
    (other,) = answer["displaced"]
    assert (other["promotion"], other["lost"], other["receipts_before"], other["receipts_after"]) == (
        three,
        3,
        3,
        0,
    )
    assert (other["before"]["discount"], other["after"]["discount"]) == (90, 0)


async def test_a_weaker_draft_is_suppressed_and_says_so(shop: Api) -> None:
    await publish(shop, {**FIVE, "benefits": [{"kind": "line_percent", "percent": "20"}]}, "below_cost")
    await record(shop, buy("r-1", None, bread(1000)))
    answer = await simulated(shop, await draft(shop, ten_off_bread(conditions=[])))
    assert (answer["got"]["receipts"], answer["suppressed"], answer["refused"]) == (0, 1, [])


async def test_points_count_at_their_worth(shop: Api) -> None:
    _, anna = await member_with_card(shop)
    await record(shop, buy("r-1", anna, bread(1000)))
    answer = await simulated(shop, await draft(shop, MEMBER_POINTS))
    assert answer["got"]["given"] == {
        "discount": 0, "points": {"PTS": 14}, "points_worth": 14, "handed": 0, "cost": 14,
    }  # fmt: skip
    assert answer["payable_changed"] == 0


async def test_what_no_receipt_kept_is_read_as_of_its_time(shop: Api) -> None:
    """No live promotion asked for turnover, tiers or visits then; the draft does."""
    member, anna = await member_with_card(shop)
    await record(shop, buy("r-1", anna, bread(1000), purchased_at="2026-03-01T10:00:00+02:00"))
    marked = await shop.call("PUT", f"/v1/members/{member}/marks", {"kind": "tier", "code": "status/gold"})
    assert marked.status_code == 200, marked.text
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    await record(shop, buy("r-2", anna, bread(2000), purchased_at="2026-03-01T12:00:00+02:00"))
    for condition, got in (
        ({"kind": "turnover", "minimum": 1400}, 1),
        ({"kind": "turnover", "minimum": 1401}, 0),
        ({"kind": "turnover", "maximum": 0}, 1),
        ({"kind": "first_purchase"}, 1),
        ({"kind": "nth_purchase", "number": 2}, 1),
        ({"kind": "visits", "days": 30, "minimum": 1, "counting": "purchases"}, 1),
        ({"kind": "last_purchase", "maximum": 0}, 1),
        ({"kind": "tier", "ladder": "status", "tiers": ["gold"]}, 1),
    ):
        answer = await simulated(shop, await draft(shop, ten_off_bread(conditions=[condition])))
        assert (condition, answer["got"]["receipts"]) == (condition, got)


async def test_the_draft_s_own_period_is_left_out_unless_it_is_to_count(shop: Api) -> None:
    await record(shop, buy("r-1", None, bread(1000)))
    window = {"from": "2026-12-01T00:00:00", "until": "2026-12-24T00:00:00"}
    promotion = await draft(shop, ten_off_bread(conditions=[], **window))
    answer = await simulated(shop, promotion)
    assert answer["got"]["receipts"] == 1
    assert [one["code"] for one in answer["not_simulated"]] == ["behaviour", "limits", "window"]
    kept = await simulated(shop, promotion, keep_dates=True)
    assert (kept["got"]["receipts"], [one["code"] for one in kept["refused"]]) == (0, ["outside_period"])


async def test_a_live_promotion_is_compared_with_its_absence_and_its_draft_with_itself(shop: Api) -> None:
    five = await publish(shop, FIVE)
    await record(shop, buy("r-1", None, bread(1000)))
    alone = await simulated(shop, five)
    assert (alone["payable_before"], alone["payable_after"], alone["got"]["given"]["discount"]) == (
        1400,
        1330,
        70,
    )
    draft_of = {**FIVE, "benefits": [{"kind": "line_percent", "percent": "7"}]}
    await shop.call("PUT", f"/v1/promotions/{five}/draft", draft_of)
    changed = await simulated(shop, five)
    assert (changed["payable_before"], changed["payable_after"]) == (1330, 1302)


async def test_others_may_be_stopped_with_it(shop: Api) -> None:
    five = await publish(shop, FIVE)
    await record(shop, buy("r-1", None, bread(1000)))
    body = {"document": ten_off_bread(conditions=[]), "stop": [five]}
    answer = (await shop.post("/v1/promotions/simulate", body)).json()
    assert (answer["payable_before"], answer["payable_after"]) == (1330, 1300)
    (other,) = answer["displaced"]
    assert (other["promotion"], other["lost"], other["receipts_after"]) == (five, 1, 0)


async def test_receipts_are_chosen_by_store_time_and_number_and_voided_ones_never(shop: Api) -> None:
    promotion = await draft(shop, ten_off_bread(conditions=[]))
    for hour, store in ((8, "riga-1"), (9, "riga-2"), (10, "riga-1")):
        at = f"2026-03-01T{hour:02}:00:00+02:00"
        await record(shop, buy(f"r-{hour}", None, bread(1000), store=store, purchased_at=at))
    gone = await record(shop, buy("r-void", None, bread(1000)))
    voided = await shop.post(f"/v1/purchases/{gone['id']}/void", {"reason": "mistake"}, scope="till")
    assert voided.status_code == 200, voided.text
    await record(shop, buy("r-held", None, bread(1000), hold=True))
    assert (await simulated(shop, promotion))["receipts"] == 3
    assert (await simulated(shop, promotion, stores=["riga-2"]))["receipts"] == 1
    assert (await simulated(shop, promotion, **{"from": "2026-03-01T09:00:00+02:00"}))["receipts"] == 2
    assert (await simulated(shop, promotion, to="2026-03-01T09:00:00+02:00"))["receipts"] == 1
    latest = await simulated(shop, promotion, receipts=1)
    assert (latest["receipts"], latest["first_at"]) == (1, "2026-03-01T10:00:00+02:00")


async def test_goods_that_left_the_shop_are_priced_anew(shop: Api) -> None:
    sold = line(1, 1000, categories=["bread"], discount=300)
    await record(shop, buy("r-1", None, [sold], pricing="as_sold"))
    answer = await simulated(shop, await draft(shop, ten_off_bread(conditions=[])))
    assert answer["got"]["given"]["discount"] == 100


async def test_without_receipts_there_is_nothing_and_no_margin(shop: Api) -> None:
    answer = await simulated(shop, await draft(shop, ten_off_bread()))
    assert (answer["receipts"], answer["first_at"], answer["margin"], answer["examples"]) == (
        0,
        None,
        None,
        [],
    )


async def test_what_makes_no_sense_is_refused_with_its_pointer(shop: Api) -> None:
    promotion = await draft(shop, ten_off_bread())
    path = f"/v1/promotions/{promotion}/simulate"
    assert refused(await shop.post(path, {"receipts": 1001})) == (422, "invalid_value", "/receipts")
    assert refused(await shop.post(path, {"stores": ["nowhere"]})) == (422, "invalid_value", "/stores/0")
    unknown = await shop.post("/v1/promotions/prm_00000000000000000000000000/simulate", {})
    assert refused(unknown) == (404, "not_found", None)
    unfit = ten_off_bread(group="points")
    assert (await shop.post("/v1/promotions/simulate", {"document": unfit})).status_code == 422


async def test_nothing_is_written(shop: Api, database: Database) -> None:
    await set_clock(shop, "2026-03-01T11:00:00+02:00")
    _, anna = await member_with_card(shop)
    await record(shop, buy("r-1", anna, bread(1000)))
    promotion = await draft(shop, {**ten_off_bread(), "limits": [{"per": "member", "uses": 1}]})

    async def traces() -> Any:
        async with database.transaction(shop.program.id) as tx:
            tables = ("purchase", "posting", "claim", "limit_use", "promotion_event", "request_key")
            return [await fetch_one(tx, f"SELECT count(*) FROM {table}".encode()) for table in tables]

    before = await traces()
    await simulated(shop, promotion)
    assert await traces() == before


@pytest.mark.parametrize("many", [25])
async def test_ten_examples_are_shown_of_many(shop: Api, many: int) -> None:
    for number in range(many):
        at = f"2026-03-01T08:{number:02}:00+02:00"
        await record(shop, buy(f"r-{number}", None, bread(1000 + number), purchased_at=at))
    answer = await simulated(shop, await draft(shop, ten_off_bread(conditions=[])))
    examples = answer["examples"]
    assert len(examples) == 10
    assert [one["purchased_at"] for one in examples] == sorted(
        (o["purchased_at"] for o in examples), reverse=True
    )
    assert examples[0]["gross"] == 1424

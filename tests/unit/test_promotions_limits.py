"""Use limits and budgets without a database: periods, what is left, how the engine keeps within it, and the claims."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.promotions_kit import (
    ANYBODY,
    CURRENCIES,
    MEMBER,
    RULES,
    basket,
    discounts,
    line,
    live_of,
    percent,
    points,
    price,
    promotion,
)

from regulars.errors import InvalidValue
from regulars.promotions import document, engine, limits
from regulars.promotions.limits import Buyer, BuyerLeftovers, Claim, Counter, Gave, Uses
from regulars.promotions.model import DEFAULT_GROUPS, Left, Limit, Standing
from regulars.units import Ratio

pytestmark = pytest.mark.fast

PROMOTION, STORE, PARTNER, ANNA, POOL, CARD = (UUID(int=n) for n in (1, 10, 11, 12, 13, 14))
TUESDAY = date(2026, 3, 31)
MEMBERS = Buyer(TUESDAY, STORE, PARTNER, ANNA, POOL, CARD)
NOBODY = Buyer(TUESDAY, STORE, PARTNER)


def limit(**fields: Any) -> Limit:
    return msgspec.convert({"per": "total", **fields}, Limit)


def budget(amount: int, **fields: Any) -> dict[str, Any]:
    return {"limits": [{"per": "total", "amount": amount}], **fields}


def left_of(
    limits_: list[dict[str, Any]], used: dict[Counter, int], buyer: Buyer, **fields: Any
) -> Left | None:
    """What a promotion with these limits is left, in a basket worth 10.00."""
    live = live_of(promotion("items", percent("10"), limits=limits_, **fields))
    return BuyerLeftovers(Uses(used), buyer, 1_000, reduce=True).of(live.promotions[0])


def test_what_is_left_is_the_least_of_all_limits_of_a_measure() -> None:
    two = [{"per": "total", "amount": 500}, {"per": "store", "period": "month", "amount": 300}]
    used = {
        Counter(PROMOTION, 0, PROMOTION, "total.lifetime.amount"): 350,
        Counter(STORE, 20260301, PROMOTION, "store.month.amount"): 100,
    }

    assert left_of(two, used, MEMBERS) == Left(
        amount=150, facts={"per": "total", "period": "lifetime", "again": None}
    )
    assert left_of(two, {}, MEMBERS) == Left(
        amount=300, facts={"per": "store", "period": "month", "again": "2026-04-01"}
    )


def test_a_budget_of_more_than_the_basket_costs_does_not_bind() -> None:
    assert left_of([{"per": "total", "amount": 1_000}], {}, MEMBERS) is None
    assert left_of([{"per": "total", "amount": 999}], {}, MEMBERS) is not None


@pytest.mark.parametrize(
    ("raw", "rule", "code"),
    [
        ({"per": "member", "period": "day", "uses": 2}, "member.day.uses", "limit_reached"),
        ({"per": "member", "period": "day", "amount": 2}, "member.day.amount", "budget_exhausted"),
    ],
)
def test_what_is_used_up_says_why_and_from_when_it_is_there_again(
    raw: dict[str, Any], rule: str, code: str
) -> None:
    used = {Counter(ANNA, 20260331, PROMOTION, rule): 2}

    assert left_of([raw], used, MEMBERS) == Left(
        code=code, facts={"per": "member", "period": "day", "again": "2026-04-01"}
    )


@pytest.mark.parametrize(
    ("per", "code"),
    [("member", "member_required"), ("household", "member_required"), ("card", "card_required")],
)
def test_a_limit_for_each_of_somebody_needs_somebody(per: str, code: str) -> None:
    assert left_of([{"per": per, "uses": 1}], {}, NOBODY) == Left(code=code)


def test_a_new_revision_counts_on_from_what_was_used_before() -> None:
    used = {Counter(ANNA, 0, PROMOTION, "member.lifetime.uses"): 3}

    assert left_of([{"per": "member", "uses": 3}], used, MEMBERS) == Left(
        code="limit_reached", facts={"per": "member", "period": "lifetime", "again": None}
    )
    assert left_of([{"per": "member", "uses": 4}], used, MEMBERS) is None


def test_the_purchases_of_a_batch_see_what_the_earlier_ones_took() -> None:
    counter = Counter(ANNA, 0, PROMOTION, "member.lifetime.uses")
    uses = Uses({counter: 1})

    uses.take([Claim(counter, 1, 3)])

    assert (uses.left(counter, 3), uses.left(counter, 2), uses.left(counter, 1)) == (1, 0, -1)


def test_a_batch_decided_again_has_of_a_short_counter_what_it_was_granted_and_later_nothing_else() -> None:
    short, other = Counter(ANNA, 0, PROMOTION, "a"), Counter(ANNA, 0, PROMOTION, "b")
    again = Uses({short: 10, other: 10}, {short: 2})
    last = Uses({short: 10, other: 10}, {short: 2}, closed=True)

    assert (again.left(short, 50), again.left(other, 50)) == (2, 40)
    assert (last.left(short, 50), last.left(other, 50)) == (2, 0)


def test_on_the_last_bit_of_a_budget_a_discount_is_reduced_to_it() -> None:
    live = live_of(promotion("items", percent("20"), **budget(500)))
    standing = Standing(left={PROMOTION: Left(amount=130)})

    outcome, verdicts = price(live, basket(line(1, 1_000), line(2, 500)), standing)

    assert discounts(outcome) == [87, 43]
    assert verdicts[1].discount == 130


def test_a_promotion_that_refuses_the_last_bit_gives_nothing_and_leaves_the_place_to_the_next() -> None:
    live = live_of(
        promotion("items", percent("20"), **budget(500, on_last="refuse")), promotion("items", percent("5"))
    )
    enough = Standing(left={PROMOTION: Left(amount=200, refuse=True)})
    short = Standing(left={PROMOTION: Left(amount=199, refuse=True)})

    assert discounts(price(live, basket(line(1, 1_000)), enough)[0]) == [200]
    outcome, verdicts = price(live, basket(line(1, 1_000)), short)
    assert discounts(outcome) == [50]
    assert verdicts[1].refusal is not None
    assert verdicts[1].refusal.code == "budget_exhausted"


def test_several_benefits_of_a_promotion_share_what_is_left() -> None:
    first, second = (percent("50", goods={"skus": [sku]}) for sku in ("sku-1", "sku-2"))
    live = live_of(promotion("items", first, second, **budget(700)))

    outcome, _ = price(
        live, basket(line(1, 1_000), line(2, 1_000)), Standing(left={PROMOTION: Left(amount=700)})
    )

    assert outcome.discount == 700


def test_best_weighs_a_promotion_by_what_its_budget_leaves() -> None:
    live = live_of(promotion("items", percent("50"), **budget(500)), promotion("items", percent("10")))

    rich, _ = price(live, basket(line(1, 1_000)), Standing(left={PROMOTION: Left(amount=101)}))
    poor, _ = price(live, basket(line(1, 1_000)), Standing(left={PROMOTION: Left(amount=99)}))

    assert [award.promotion.int for award in rich.lines[0].awards] == [1]
    assert [award.promotion.int for award in poor.lines[0].awards] == [2]


def test_in_another_money_what_is_left_is_never_passed_in_base_money() -> None:
    live = live_of(promotion("items", percent("50"), **budget(500)))
    foreign = basket(line(1, 1_000), currency="SEK", to_base=Ratio(9, 100))

    outcome, _ = price(live, foreign, Standing(left={PROMOTION: Left(amount=10)}))

    assert outcome.discount == 111
    assert Ratio(9, 100).half_up(outcome.discount) == 10


def test_the_last_points_of_a_budget_are_given() -> None:
    earning = {"kind": "points_per_spend", "currency": "PTS", "points": 1, "per": 100}
    live = live_of(promotion("points", earning, limits=[{"per": "total", "points": 100}]))

    outcome, _ = price(
        live,
        basket(line(1, 1_000)),
        Standing(member=True, left={PROMOTION: Left(points=7)}),
    )

    assert points(outcome) == 7


def test_a_promotion_that_ran_out_is_told_after_what_the_customer_can_still_do() -> None:
    live = live_of(
        promotion("items", percent("50"), limits=[{"per": "member", "uses": 1}]),
        promotion("items", percent("10"), conditions=[{"kind": "basket_amount", "minimum": 2_000}]),
    )
    used_up = Standing(member=True, left={PROMOTION: Left(code="limit_reached", facts={"again": None})})

    outcome, _ = price(live, basket(line(1, 1_000)), used_up)

    assert [(r.code, r.near) for r in outcome.refusals] == [
        ("basket_below_minimum", True),
        ("limit_reached", False),
    ]


def test_near_misses_do_not_hide_what_ran_out_and_neither_are_without_end() -> None:
    class AllGone:
        def of(self, promotion: Any) -> Left | None:
            return Left(code="limit_reached", facts={}) if promotion.document.limits else None

    far = [
        promotion("items", percent("10"), conditions=[{"kind": "basket_amount", "minimum": 2_000 + n}])
        for n in range(5)
    ]
    gone = [promotion("items", percent("50"), limits=[{"per": "member", "uses": 1}]) for _ in range(12)]

    outcome = engine.evaluate(live_of(*far, *gone), basket(line(1, 1_000)), MEMBER, RULES, AllGone())

    assert [r.code for r in outcome.refusals] == ["basket_below_minimum"] * 3 + ["limit_reached"] * 10


def test_whether_a_limit_is_reached_is_asked_only_of_promotions_whose_conditions_hold() -> None:
    asked: list[int] = []

    class Watching:
        def of(self, promotion: Any) -> None:
            asked.append(promotion.id.int)

    live = live_of(
        promotion("items", percent("10"), conditions=[{"kind": "store", "stores": ["far"]}], **budget(5)),
        promotion("items", percent("10"), **budget(5)),
        promotion("items", percent("10")),
    )

    engine.evaluate(live, basket(line(1, 1_000)), ANYBODY, RULES, Watching())

    assert asked == [2]


def test_a_purchase_claims_a_use_its_discount_in_base_money_and_its_points() -> None:
    live = live_of(
        promotion(
            "items",
            percent("10"),
            limits=[
                {"per": "member", "period": "week", "uses": 5},
                {"per": "total", "amount": 900, "slices": 4},
            ],
        ),
        promotion(
            "points",
            {"kind": "points_fixed", "currency": "PTS", "points": 30},
            limits=[{"per": "store", "period": "year", "points": 700}],
        ),
    )
    outcome, _ = price(live, basket(line(1, 1_000), to_base=Ratio(1, 2)), MEMBER)

    found = limits.claims(limits.given(outcome), live, MEMBERS, Ratio(1, 2))

    other = UUID(int=2)
    assert found == [
        Claim(Counter(ANNA, 20260330, PROMOTION, "member.week.uses"), 1, 5),
        Claim(Counter(PROMOTION, 0, PROMOTION, "total.lifetime.amount"), 50, 900, 4),
        Claim(Counter(STORE, 20260101, other, "store.year.points"), 30, 700),
    ]


def test_a_purchase_claims_nothing_of_a_promotion_that_gave_nothing() -> None:
    live = live_of(promotion("items", percent("10"), **budget(900)))

    assert limits.claims({}, live, MEMBERS, None) == []
    assert limits.claims({PROMOTION: Gave()}, live, MEMBERS, None) == []


def test_rows_are_locked_codes_first_and_totals_last_each_by_home() -> None:
    code = Counter(UUID(int=5), 0, UUID(int=9), limits.CODE)
    near, far = (Counter(UUID(int=home), 0, PROMOTION, "member.day.uses") for home in (3, 1_000))
    total = Counter(PROMOTION, 0, PROMOTION, "total.lifetime.amount")

    assert sorted([total, far, near, code], key=lambda c: c.place) == [code, near, far, total]


@pytest.mark.parametrize(("most", "slices"), [(10, 4), (3, 5), (1, 1), (64, 64), (150_000, 7)])
def test_the_shares_of_slices_sum_to_the_cap(most: int, slices: int) -> None:
    found = limits.shares(most, slices)

    assert (len(found), sum(found)) == (slices, most)
    assert max(found) - min(found) <= 1


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ([{"per": "total"}], "/limits/0"),
        ([{"per": "total", "uses": 1, "amount": 1}], "/limits/0"),
        ([{"per": "total", "uses": 1}, {"per": "total", "uses": 2}], "/limits/1"),
        ([{"per": "member", "uses": 1, "slices": 2}], "/limits/0/slices"),
        ([{"per": "total", "uses": 0}], "/limits/0/uses"),
        ([{"per": "till", "uses": 1}], "/limits/0/per"),
        ([{"per": "total", "period": "hour", "uses": 1}], "/limits/0/period"),
        ([{"per": "total", "amount": 10**12 + 1}], "/limits/0/amount"),
        ([{"per": "total", "period": "day", "uses": n + 1} for n in range(21)], "/limits"),
    ],
)
def test_a_limit_that_cannot_be_counted_is_refused_with_its_pointer(
    raw: list[dict[str, Any]], pointer: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        document.parse(promotion("items", percent("10"), limits=raw))

    assert refused.value.errors[0].pointer == pointer


@pytest.mark.parametrize(
    ("document_", "sentence"),
    [
        (
            promotion("points", {"kind": "cashback", "currency": "BACK", "percent": "1"}, **budget(5)),
            "A limit in money counts discounts, but this promotion gives points: limit its points.",
        ),
        (
            promotion("items", percent("10"), limits=[{"per": "total", "points": 5}]),
            "A limit in points counts what is earned, but this promotion gives discounts.",
        ),
        (
            promotion(
                "points",
                {"kind": "points_fixed", "currency": "PTS", "points": 1},
                {"kind": "points_fixed", "currency": "MILES", "points": 1},
                limits=[{"per": "total", "points": 5}],
            ),
            "A limit in points counts one currency, but this promotion gives MILES, PTS.",
        ),
        (
            promotion("items", percent("10"), limits=[{"per": "total", "uses": 5}], on_last="reduce"),
            "on_last says what to do with the last bit of a budget, but there is no budget.",
        ),
    ],
)
def test_limits_that_contradict_their_promotion_are_said_in_a_sentence(
    document_: dict[str, Any], sentence: str
) -> None:
    assert document.check(document.parse(document_), DEFAULT_GROUPS, CURRENCIES) == [sentence]


def test_the_rule_of_a_limit_names_no_amount() -> None:
    assert limits.rule_of(limit(per="household", period="quarter", points=5)) == "household.quarter.points"
    assert limits.rule_of(limit(per="household", period="quarter", points=6)) == "household.quarter.points"

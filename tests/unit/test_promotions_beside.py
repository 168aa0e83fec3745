"""What stands beside a decision does not change it: joint promotions find what is left, near misses leave no trace."""

from __future__ import annotations

from tests.promotions_kit import basket, discounts, line, live_of, percent, price, promotion


def test_a_joint_promotion_takes_only_what_a_clear_winner_left() -> None:
    """Half of 10.00 is won outright; of the other half a joint 60 % of 10.00 takes all, and not a cent more."""
    live = live_of(
        promotion("items", percent("50", goods={"skus": ["a"]})),
        promotion("items", percent("10", goods={"skus": ["a"]})),
        promotion("items", percent("60"), joint=True),
    )
    outcome, _ = price(live, basket(line(1, 1000, sku="a")))
    assert [award.amount for award in outcome.lines[0].awards] == [500, 500]
    assert outcome.payable == 0


def test_an_almost_won_promotion_does_not_move_a_cent() -> None:
    """0.50 off 0.16 and 4.86 falls as 0.02 and 0.48, also where a promotion of pieces lacks one thing to apply."""
    once = promotion("items", {"kind": "line_amount", "amount": 50, "each": "purchase"}, joint=True)
    missed = promotion(
        "items",
        {"kind": "every_nth", "every": 1},
        conditions=[{"kind": "quantity", "minimum": "8"}],
    )
    one = basket(line(1, 8, 2), line(2, 99, 5, gross=486))
    alone, _ = price(live_of(once), one)
    beside, verdicts = price(live_of(once, missed), one)
    assert discounts(alone) == [2, 48]
    assert discounts(beside) == [2, 48]
    assert verdicts[2].refusal is not None
    assert verdicts[2].refusal.code == "quantity_below_minimum"
    assert verdicts[2].refusal.gain == 502

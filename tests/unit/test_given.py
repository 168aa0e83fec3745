"""What each promotion gave with a purchase, and how a return takes it back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from msgspec import convert, to_builtins

from regulars import ids
from regulars.purchases.given import Given
from regulars.purchases.returning import ReturnAnswer, ReturnedLine, TakenBackView, Withdrawn

HALF, CENTS, BASE = (ids.new() for _ in range(3))
AT = datetime(2026, 3, 1, tzinfo=UTC)


def shown(promotion: UUID) -> str:
    """As answers name it."""
    return ids.show("prm", promotion)


def purchase() -> Given:
    """Two lines of three pieces: 10.00 of 30.00 off the first, 7.00 of it ours; and points on both."""
    return convert(
        {
            "answer": {
                "currency": "EUR",
                "lines": [
                    {
                        "line": 1,
                        "discount": 1000,
                        "awards": [
                            {"promotion": shown(HALF), "amount": 500},
                            {"promotion": shown(CENTS), "amount": 200},
                        ],
                    },
                    {"line": 2, "discount": 0},
                ],
                "gifts": [{"promotion": shown(CENTS)}],
            },
            "lines": [{"line": 1, "quantity": 3000}, {"line": 2, "quantity": 3000}],
            "earned": [
                {
                    "currency": "PTS", "promotion": str(BASE), "revision": 1, "lot": None, "active_at": AT.isoformat(),
                    "expires_at": None, "lines": [1, 2], "amounts": [20, 30],
                },
            ],
        },
        Given,
    )  # fmt: skip


def came_back(*lines: ReturnedLine, taken: int = 0, withdrawn: tuple[Withdrawn, ...] = ()) -> ReturnAnswer:
    """A return of these lines."""
    books = (TakenBackView("PTS", taken, taken, 0, 0, 0, 0),) if taken else ()
    return ReturnAnswer(
        "r", "pur", "recorded", "EUR", 0, 0, 0, 0, (), lines, (), books, None, AT, withdrawn=withdrawn
    )


def back(number: int, quantity: str, discount: int) -> ReturnedLine:
    """So many pieces of a line, from which so much had been taken off."""
    return ReturnedLine(number, quantity, 0, discount, 0, 0, 0)


def test_what_each_promotion_gave_stands_by_its_currency() -> None:
    assert purchase().amounts() == {(HALF, "EUR"): 500, (CENTS, "EUR"): 200, (BASE, "PTS"): 50}
    assert purchase().promotions() == {HALF, CENTS, BASE}
    assert purchase().points("PTS") == 50
    assert purchase().points("MILES") == 0


def test_a_return_divides_the_lines_discount_as_it_was_given() -> None:
    assert purchase().back(came_back(back(1, "1", 333), taken=7)) == {
        (HALF, "EUR"): 166,  # 333 × 5 / 10, the rest of the line's discount being the till's own
        (CENTS, "EUR"): 67,
        (BASE, "PTS"): 7,
    }


def test_all_of_it_back_takes_back_all_that_was_given() -> None:
    assert purchase().back(came_back(back(1, "3", 1000), back(2, "3", 0), taken=50)) == purchase().amounts()


def test_what_was_withdrawn_of_kept_goods_is_its_promotions_own() -> None:
    gone = (
        Withdrawn(shown(HALF), 1, discount=100),
        Withdrawn(shown(BASE), 2, points=30, currency="PTS"),
    )
    assert purchase().back(came_back(back(2, "1", 0), taken=40, withdrawn=gone)) == {
        (HALF, "EUR"): 100,
        (BASE, "PTS"): 40,
    }


def test_points_taken_of_goods_that_earned_none_are_nobodys() -> None:
    nothing = convert({**to_builtins(purchase()), "earned": []}, Given)
    assert nothing.back(came_back(back(1, "1", 0))) == {}

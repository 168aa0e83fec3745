"""Games and callers at once: exactly what there is is given; and without its guard each race goes red."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import sql

from regulars.games import plays, replies, tickets
from tests.races import games
from tests.races.acts import Houses

RACES = [
    pytest.param(games.spin_for_the_last_three, marks=pytest.mark.scenario("S3")),
    games.spin_beyond_the_free_ones,
    games.draw_many_times,
    games.give_a_ticket_back_while_it_is_drawn,
    games.answer_many_times,
]
OVERDRAWN = sql.SQL("""
INSERT INTO game_stock AS s (program, game, field, day, given)
VALUES (%(program)s, %(game)s, %(field)s, %(day)s, 1)
ON CONFLICT (program, game, field, day) DO UPDATE SET given = s.given + 1 WHERE %(most)s > 0
RETURNING given
""")
UNLIMITED = sql.SQL("""
INSERT INTO game_use AS u (program, home, member, game, period, used)
VALUES (%(program)s, %(home)s, %(member)s, %(game)s, %(period)s, 1)
ON CONFLICT (program, home, member, game, period) DO UPDATE SET used = u.used + 1 WHERE %(most)s > 0
RETURNING used
""")
AGAIN = sql.SQL("""
UPDATE lottery SET drawn_at = %s WHERE program = %s AND code = %s AND stopped_at IS NULL RETURNING nonce, commitment
""")
OPEN_OR_NOT = sql.SQL("SELECT 1 FROM lottery WHERE program = %s AND code = %s FOR SHARE")


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
async def test_exactly_what_there_is_is_given(houses: Houses, race: Any) -> None:
    await race(houses)


# Each guard is taken away, and the race that rests on it must go red --------------------------------------


@pytest.mark.full
@pytest.mark.parametrize(
    ("keeper", "name", "without", "race"),
    [
        (plays, "take", OVERDRAWN, games.spin_for_the_last_three),
        (plays, "use", UNLIMITED, games.spin_beyond_the_free_ones),
        (tickets, "close", AGAIN, games.draw_many_times),
        (tickets, "hold_open", OPEN_OR_NOT, games.give_a_ticket_back_while_it_is_drawn),
    ],
    ids=["stock", "free", "draw", "void"],
)
async def test_without_its_guard_the_race_goes_red(
    houses: Houses, monkeypatch: pytest.MonkeyPatch, keeper: Any, name: str, without: sql.SQL, race: Any
) -> None:
    monkeypatch.setattr(keeper.SQL, name, without)
    with pytest.raises(AssertionError):
        await race(houses)


@pytest.mark.full
async def test_without_looking_at_who_took_part_the_key_still_lets_one_answer_through(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: Any) -> list[Any]:
        return []

    monkeypatch.setattr(replies, "parts", nothing)
    await games.answer_many_times(houses)

"""Codes used and guessed at once: what must come of it."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Letters
from tests.api.shop import balance, buy, give, line
from tests.races.acts import Houses, at_once, outcomes

PHONE = "+37126000001"
GUESSES = 50


async def member_with_code(houses: Houses, letters: Letters) -> tuple[str, str]:
    """A member with 5,000 points who was sent a code to spend with; her id and the code."""
    made = await houses.at(0).post("/v1/members", {"phone": PHONE, "name": "Anna"})
    member = made.json()["id"]
    await give(houses.at(0), member, 5000)
    sent = await houses.at(0).post(f"/v1/members/{member}/challenges", {"purpose": "spend"}, scope="till")
    assert sent.status_code == 201, sent.text
    return member, await letters.code(PHONE)


def spending(request: str, code: str, **more: Any) -> dict[str, Any]:
    """A purchase by phone that pays 100 points with a code."""
    wish = [{"currency": "PTS", "amount": 100}]
    proof = {"kind": "otp", "value": code}
    return buy(request, None, [line(1, 900)], spend=wish, proof=proof, phone=PHONE, **more)


async def use_one_code_many_times(houses: Houses, letters: Letters) -> None:
    """20 purchases at 20 tills with one code: one is paid with points, the others are refused and leave no trace."""
    member, code = await member_with_code(houses, letters)

    answers = await at_once(
        [
            houses.at(n).post("/v1/purchases", spending(f"r-{n}", code, till=f"t{n}"), scope="till")
            for n in range(20)
        ]
    )

    seen = outcomes(answers)
    assert seen["201"] == 1
    assert seen.keys() <= {"201", "403 proof_wrong", "403 spending_locked"}
    assert await houses.rows("purchase") == 1
    assert (await balance(houses.at(0), member))["available"] == 4900
    await houses.require_good_books()


async def send_one_request_with_its_code_many_times(houses: Houses, letters: Letters) -> None:
    """The same purchase 20 times with its code: it is recorded once, and every answer is the same."""
    member, code = await member_with_code(houses, letters)
    body = spending("r-1", code)

    answers = await at_once([houses.at(n).post("/v1/purchases", body, scope="till") for n in range(20)])

    assert outcomes(answers) == {"201": 20}
    assert [a.json() for a in answers] == [answers[0].json()] * 20
    assert (await balance(houses.at(0), member))["available"] == 4900
    await houses.require_good_books()


async def guess_many_codes(houses: Houses, letters: Letters, judged: list[str]) -> None:
    """50 wrong codes at one till: five are compared, the rest find it locked; the right one too."""
    member, code = await member_with_code(houses, letters)
    wrong = [f"{(int(code) + 1 + n) % 10**6:06d}" for n in range(GUESSES)]

    answers = await at_once(
        [
            houses.at(n).post("/v1/purchases", spending(f"g-{n}", guess), scope="till")
            for n, guess in enumerate(wrong)
        ]
    )
    right = await houses.at(0).post("/v1/purchases", spending("right", code), scope="till")

    assert outcomes(answers) == {"403 proof_wrong": 4, "403 spending_locked": GUESSES - 4}
    assert await houses.rows("wrong_guess") == len(judged) == 5
    assert outcomes([right]) == {"403 spending_locked": 1}
    assert (await balance(houses.at(0), member))["available"] == 5000

"""A member's PIN over the API: what is refused, that a code sets one PIN and no other, and who is told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.conftest import Api, Letters
from tests.api.shop import buy, give, line, refused, settle

PHONE, EMAIL = "+37126000042", "anna@example.com"
CHANGED = "Test: your PIN was changed. If it was not you, tell us at once."
SET = "Test: your PIN was set. If it was not you, tell us at once."


@pytest.fixture
async def anna(shop: Api) -> str:
    """A member with a phone, an email, a birthday and 500 points."""
    made = await shop.post(
        "/v1/members",
        {"phone": PHONE, "email": EMAIL, "name": "Anna", "birthday": "1987-03-14", "language": "en"},
    )
    assert made.status_code == 201, made.text
    await give(shop, made.json()["id"], 500)
    await settle(shop, codes_a_quarter_hour=50)
    return made.json()["id"]


async def asked(shop: Api, member: str) -> str:
    """The challenge whose code was sent to her phone."""
    sent = await shop.post(
        f"/v1/members/{member}/challenges", {"purpose": "confirm", "till": "7"}, scope="till"
    )
    assert sent.status_code == 201, sent.text
    return sent.json()["id"]


async def put(shop: Api, member: str, pin: str, challenge: str, code: str) -> Any:
    body = {"pin": pin, "challenge": challenge, "code": code, "till": "7"}
    return await shop.call("PUT", f"/v1/members/{member}/pin", body)


async def pays(shop: Api, request: str, pin: str) -> int:
    """The status of a purchase by phone that is paid for with points and this PIN."""
    spend = [{"currency": "PTS", "amount": 100}]
    proof = {"kind": "pin", "value": pin}
    body = buy(request, None, [line(1, 900)], phone=PHONE, spend=spend, proof=proof)
    return (await shop.post("/v1/purchases", body, scope="till")).status_code


async def test_an_easy_pin_is_refused_and_the_code_is_good_for_another(
    shop: Api, letters: Letters, anna: str
) -> None:
    challenge, code = await asked(shop, anna), await letters.code(PHONE)
    for pin, reason in (
        ("1111", "it repeats itself"),
        ("1234", "it is digits in a row"),
        ("140387", "it is the member's birthday"),
        ("0042", "it is the end of the member's phone number"),
    ):
        refusal = await put(shop, anna, pin, challenge, code)
        assert refused(refusal) == (422, "invalid_value", "/pin")
        assert refusal.json()["errors"][0]["detail"] == f"is too easy to guess: {reason}"
        assert await pays(shop, f"with-{pin}", pin) == 403
    assert (await shop.get("/v1/audit", action="member.pin_set")).json()["items"] == []
    assert len(letters.all()) == 1
    assert (await put(shop, anna, "2580", challenge, code)).status_code == 200
    assert await pays(shop, "with-2580", "2580") == 201


async def test_a_birthday_is_not_told_to_whoever_has_no_right_code(
    shop: Api, letters: Letters, anna: str
) -> None:
    challenge, code = await asked(shop, anna), await letters.code(PHONE)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for pin in ("1403", "2580"):
        assert refused(await put(shop, anna, pin, challenge, wrong)) == (403, "code_wrong", None)


async def test_the_same_code_sets_the_same_pin_once_and_no_other(
    shop: Api, letters: Letters, anna: str
) -> None:
    challenge, code = await asked(shop, anna), await letters.code(PHONE)
    answers = await asyncio.gather(*(put(shop, anna, "2580", challenge, code) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer.text for answer in answers} == {answers[0].text}
    assert refused(await put(shop, anna, "9630", challenge, code)) == (403, "code_wrong", None)
    assert await pays(shop, "old", "2580") == 201
    assert await pays(shop, "new", "9630") == 403
    assert len((await shop.get("/v1/audit", action="member.pin_set")).json()["items"]) == 1
    assert [letter["text"] for letter in await letters.to(EMAIL)] == [SET]


async def test_wrong_codes_for_a_pin_count_one_by_one_though_they_come_at_once(
    shop: Api, letters: Letters, anna: str
) -> None:
    challenge, code = await asked(shop, anna), await letters.code(PHONE)
    wrong = [f"{(int(code) + 1 + n) % 10**6:06d}" for n in range(6)]
    answers = await asyncio.gather(*(put(shop, anna, "2580", challenge, one) for one in wrong))
    codes = sorted(answer.json()["code"] for answer in answers)
    assert codes == ["code_wrong"] * 4 + ["spending_locked"] * 2
    assert sorted(answer.json()["left"] for answer in answers if "left" in answer.json()) == [1, 2, 3, 4]
    assert refused(await put(shop, anna, "2580", challenge, code)) == (403, "spending_locked", None)
    assert (await shop.get("/v1/audit", action="member.pin_set")).json()["items"] == []


async def test_guessing_a_pin_is_stopped_at_that_till_and_not_at_another(
    shop: Api, letters: Letters, anna: str
) -> None:
    challenge, code = await asked(shop, anna), await letters.code(PHONE)
    assert (await put(shop, anna, "2580", challenge, code)).status_code == 200

    async def tries(pin: str, till: str) -> Any:
        proof = {"kind": "pin", "value": pin}
        spend = [{"currency": "PTS", "amount": 100}]
        body = buy(f"{pin}/{till}", None, [line(1, 900)], phone=PHONE, spend=spend, proof=proof, till=till)
        return await shop.post("/v1/purchases", body, scope="till")

    guesses = [await tries(f"36{n}5", "8") for n in range(5)]
    assert [refused(one) for one in guesses] == [(403, "proof_wrong", None)] * 4 + [
        (403, "spending_locked", None)
    ]
    assert refused(await tries("2580", "8")) == (403, "spending_locked", None)
    assert (await tries("2580", "9")).status_code == 201


async def test_she_is_told_wherever_she_is_reached(shop: Api, letters: Letters, anna: str) -> None:
    first = await asked(shop, anna)
    assert (await put(shop, anna, "2580", first, await letters.code(PHONE))).status_code == 200
    assert [letter["text"] for letter in await letters.to(PHONE, 2)][1:] == [SET]
    second = await asked(shop, anna)
    assert (await put(shop, anna, "9630", second, await letters.code(PHONE, 3))).status_code == 200
    assert (await letters.to(PHONE, 4))[-1]["text"] == CHANGED
    told = await letters.to(EMAIL, 2)
    assert [(one["text"], one["subject"]) for one in told] == [
        (SET, "Your PIN at Test"),
        (CHANGED, "Your PIN at Test"),
    ]

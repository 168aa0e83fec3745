"""Codes, locks and proofs: who may spend, and that a code counts once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from regulars.flows import proofs
from tests.api.conftest import Api, Letters
from tests.api.shop import balance, buy, give, line, refused, set_clock, settle

PHONE = "+37126000001"


async def at_the_till(api: Api, phone: str = PHONE, **more: Any) -> tuple[str, str]:
    """Enrol somebody by phone at a till; id and card number."""
    made = await api.post("/v1/members", {"phone": phone, "name": "Anna", **more}, scope="till")
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["cards"][0]["number"]


async def challenge(api: Api, member: str, purpose: str = "spend", **more: Any) -> dict[str, Any]:
    """Have a code sent."""
    body = {"purpose": purpose, "till": "7", **more}
    sent = await api.post(f"/v1/members/{member}/challenges", body, scope="till")
    assert sent.status_code == 201, sent.text
    return sent.json()


def spending(request: str, points: int = 100, proof: str | None = None, **more: Any) -> dict[str, Any]:
    """A purchase by phone that pays with points."""
    body = buy(request, None, [line(1, 900)], spend=[{"currency": "PTS", "amount": points}])
    if "card" not in more:
        body["phone"] = PHONE
    if proof is not None:
        body["proof"] = {"kind": "otp", "value": proof}
    return {**body, **more}


async def sold(api: Api, body: dict[str, Any]) -> Any:
    return await api.post("/v1/purchases", body, scope="till")


@pytest.mark.scenario("S21")
@pytest.mark.fast
async def test_a_new_phone_at_the_till_earns_at_once_and_spends_once_its_code_is_confirmed(
    shop: Api, letters: Letters
) -> None:
    consent = {"channel": "sms", "purpose": "marketing", "granted": True}
    member, card = await at_the_till(shop, consents=[consent])
    said = await shop.get(f"/v1/members/{member}/consents")
    assert [(c["channel"], c["state"]) for c in said.json()["now"]] == [("sms", "pending")]

    await give(shop, member, 500)
    earned = await sold(shop, buy("first", None, [line(1, 900)], phone=PHONE))
    assert earned.status_code == 201
    for by in ({}, {"card": card, "phone": None}):
        body = {k: v for k, v in spending("early", **by).items() if v is not None}
        refusal = await sold(shop, body)
        assert refused(refusal) == (403, "proof_required", None)
        assert refusal.json()["kinds"] == ["otp"]
    assert (await balance(shop, member))["available"] == 500

    sent = await challenge(shop, member, "confirm")
    assert (sent["channel"], sent["to"]) == ("sms", "+371 ••• 01")
    code = await letters.code(PHONE)
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3, 2, 1):
        answer = await shop.post(
            f"/v1/challenges/{sent['id']}/verify", {"code": wrong, "till": "7"}, scope="till"
        )
        assert refused(answer) == (403, "code_wrong", None)
        assert answer.json()["left"] == left
    fifth = await shop.post(f"/v1/challenges/{sent['id']}/verify", {"code": wrong, "till": "7"}, scope="till")
    assert refused(fifth) == (403, "spending_locked", None)
    assert fifth.headers["retry-after"] == "900"
    right = await shop.post(f"/v1/challenges/{sent['id']}/verify", {"code": code, "till": "7"}, scope="till")
    assert refused(right) == (403, "spending_locked", None)

    # Locked is spending, not earning; after a quarter of an hour a new code does.
    assert (await sold(shop, buy("second", None, [line(1, 900)], phone=PHONE))).status_code == 201
    await set_clock(shop, "2026-03-01T11:15:00+02:00")
    sent = await challenge(shop, member, "confirm")
    code = await letters.code(PHONE, 2)
    confirmed = await shop.post(
        f"/v1/challenges/{sent['id']}/verify", {"code": code, "till": "7"}, scope="till"
    )
    assert (confirmed.status_code, confirmed.json()["member"]) == (200, member)
    said = await shop.get(f"/v1/members/{member}/consents")
    assert [(c["channel"], c["state"]) for c in said.json()["now"]] == [("sms", "granted")]

    await challenge(shop, member)
    paid = await sold(shop, spending("third", 300, await letters.code(PHONE, 3)))
    assert (paid.status_code, paid.json()["paid_with_points"]) == (201, 300)
    assert (await balance(shop, member))["available"] == 200
    elsewhere = await shop.post("/v1/members/find", {"card": card}, scope="till")
    points = next(c for c in elsewhere.json()["balance"]["currencies"] if c["currency"] == "PTS")
    assert points["available"] == 200


async def test_a_code_serves_the_request_it_was_used_with_again_and_no_other(
    shop: Api, letters: Letters
) -> None:
    member, _ = await known_by_phone(shop)
    await challenge(shop, member)
    code = await letters.code(PHONE)
    preview = await shop.post("/v1/purchases/preview", spending("a", 100, code), scope="till")
    assert (preview.status_code, preview.json()["paid_with_points"]) == (200, 100)
    first = await sold(shop, spending("a", 100, code))
    again = await sold(shop, spending("a", 100, code))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    other = await sold(shop, spending("b", 100, code))
    assert refused(other) == (403, "proof_wrong", None)
    assert (await balance(shop, member))["available"] == 400


async def test_wrong_codes_lock_spending_at_their_till_only_and_previews_count(
    shop: Api, letters: Letters
) -> None:
    member, _ = await known_by_phone(shop)
    await challenge(shop, member)
    code = await letters.code(PHONE)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for number, left in enumerate((4, 3, 2, 1)):
        call = shop.post("/v1/purchases/preview", spending(f"p{number}", 100, wrong), scope="till")
        answer = await call
        assert (refused(answer), answer.json()["left"]) == ((403, "proof_wrong", None), left)
    locked = await sold(shop, spending("r", 100, wrong))
    assert refused(locked) == (403, "spending_locked", None)
    assert locked.headers["retry-after"] == "900"
    assert refused(await sold(shop, spending("r", 100, code))) == (403, "spending_locked", None)
    assert refused(await sold(shop, spending("n", 100))) == (403, "spending_locked", None)
    elsewhere = await sold(shop, spending("e", 100, code, till="8"))
    assert elsewhere.status_code == 201, elsewhere.text
    earning = await sold(shop, buy("earn", None, [line(1, 900)], phone=PHONE))
    assert earning.status_code == 201
    assert (await balance(shop, member))["available"] == 400


async def test_a_locked_member_cannot_spend_by_card_at_that_till_and_can_at_another(
    shop: Api, letters: Letters
) -> None:
    member, card = await known_by_phone(shop)
    for number in range(5):
        await sold(shop, spending(f"w{number}", 100, "123456"))
    by_card = spending("c", 100, card=card)
    assert refused(await sold(shop, by_card)) == (403, "spending_locked", None)
    preview = await shop.post("/v1/purchases/preview", by_card, scope="till")
    assert refused(preview) == (403, "spending_locked", None)
    batch = await shop.post(
        "/v1/purchases/batch", {"purchases": [by_card, {**by_card, "id": "d", "till": "8"}]}
    )
    assert [item["status"] for item in batch.json()["items"]] == [201, 201]  # another key: another source
    other = await sold(shop, {**by_card, "id": "o", "till": "8"})
    assert other.status_code == 201
    await set_clock(shop, "2026-03-01T11:15:00+02:00")
    assert (await sold(shop, by_card | {"id": "later"})).status_code == 201
    assert (await balance(shop, member))["available"] == 100


async def test_wrong_codes_from_many_tills_lock_spending_everywhere(shop: Api, letters: Letters) -> None:
    member, card = await known_by_phone(shop)
    for number in range(20):
        answer = await sold(shop, spending(f"w{number}", 100, "123456", till=f"t{number % 5}"))
    assert refused(answer) == (403, "spending_locked", None)
    fresh = spending("fresh", 100, card=card, till="never seen")
    assert refused(await sold(shop, fresh)) == (403, "spending_locked", None)
    await set_clock(shop, "2026-03-01T11:15:00+02:00")
    assert (await sold(shop, fresh)).status_code == 201
    assert (await balance(shop, member))["available"] == 400


async def test_codes_are_counted_and_the_refused_are_told_when_to_come_again(
    shop: Api, letters: Letters
) -> None:
    await settle(shop, codes_a_quarter_hour=2)
    member, _ = await known_by_phone(shop)
    await challenge(shop, member)
    await challenge(shop, member, till="8")
    body = {"purpose": "spend"}
    refusal = await shop.post(f"/v1/members/{member}/challenges", body, scope="till")
    assert refused(refusal) == (429, "too_many_requests", None)
    assert refusal.headers["retry-after"] == "900"
    assert len(await letters.to(PHONE, 2)) == 2


async def test_a_code_is_not_sent_twice_for_one_request_and_no_answer_keeps_the_phone(
    shop: Api, letters: Letters
) -> None:
    member, _ = await known_by_phone(shop)
    body = {"purpose": "spend"}
    first = await shop.post(f"/v1/members/{member}/challenges", body, key="once")
    again = await shop.post(f"/v1/members/{member}/challenges", body, key="once")
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert len(await letters.to(PHONE)) == 1
    await asyncio.sleep(0.1)
    assert len(letters.all()) == 1


async def test_a_confirmation_that_is_sent_again_gets_its_first_answer_however_late(
    shop: Api, letters: Letters
) -> None:
    member, _ = await at_the_till(shop)
    sent = await challenge(shop, member, "confirm")
    code = await letters.code(PHONE)
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    async def verify(code: str) -> Any:
        path = f"/v1/challenges/{sent['id']}/verify"
        return await shop.post(path, {"code": code, "till": "7"}, scope="till", key="one")

    assert refused(await verify(wrong)) == (403, "code_wrong", None)  # and leaves the key free
    first = await verify(code)
    assert (first.status_code, first.json()["member"]) == (200, member)
    await set_clock(shop, "2026-03-01T13:00:00+02:00")  # the code has ended
    again = await verify(code)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert refused(await verify(wrong)) == (409, "request_key_reused", None)


async def test_a_code_ends_after_five_minutes(shop: Api, letters: Letters) -> None:
    member, _ = await known_by_phone(shop)
    await challenge(shop, member)
    code = await letters.code(PHONE)
    await set_clock(shop, "2026-03-01T11:05:00+02:00")
    assert refused(await sold(shop, spending("late", 100, code))) == (403, "proof_wrong", None)


async def test_a_purchase_that_spends_nothing_asks_nothing_about_proofs(
    shop: Api, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    await known_by_phone(shop)

    async def prove(*_: Any) -> None:
        raise AssertionError("asked for a proof")

    monkeypatch.setattr(proofs, "prove", prove)
    proof = {"kind": "otp", "value": "123456"}
    earned = await sold(shop, buy("e", None, [line(1, 900)], phone=PHONE, proof=proof))
    assert earned.status_code == 201


async def test_a_key_has_ten_times_the_codes_of_a_till_sent(shop: Api, letters: Letters) -> None:
    await settle(shop, codes_of_a_source=1, codes_a_quarter_hour=1000)
    member, _ = await known_by_phone(shop)
    for till in range(10):
        await challenge(shop, member, till=f"t{till}")
    refusal = await shop.post(
        f"/v1/members/{member}/challenges", {"purpose": "spend", "till": "t10"}, scope="till"
    )
    assert refused(refusal) == (429, "too_many_requests", None)


async def test_a_pin_that_was_set_with_a_code_is_a_proof(shop: Api, letters: Letters) -> None:
    member, _ = await known_by_phone(shop)
    sent = await challenge(shop, member, "confirm")
    new = {"pin": "2580", "challenge": sent["id"], "code": await letters.code(PHONE)}
    made = await shop.call("PUT", f"/v1/members/{member}/pin", new)
    assert made.status_code == 200, made.text
    body = {**spending("p"), "proof": {"kind": "pin", "value": "2580"}}
    assert (await sold(shop, body)).status_code == 201
    wrong = await sold(shop, {**body, "id": "q", "proof": {"kind": "pin", "value": "2581"}})
    assert (refused(wrong), wrong.json()["left"]) == ((403, "proof_wrong", None), 4)
    again = await sold(shop, body)
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_member_without_a_phone_gets_the_code_by_email(shop: Api, letters: Letters) -> None:
    made = await shop.post("/v1/members", {"email": "anna@example.com"})
    member = made.json()["id"]
    sent = await challenge(shop, member)
    assert (sent["channel"], sent["to"]) == ("email", "a•••@example.com")
    letter = (await letters.to("anna@example.com"))[0]
    assert letter["subject"].startswith(letter["text"][:6])
    refusal = await shop.post(f"/v1/members/{member}/challenges", {"purpose": "spend", "channel": "sms"})
    assert refused(refusal) == (409, "channel_unavailable", None)


async def known_by_phone(shop: Api) -> tuple[str, str]:
    """A member who has her phone confirmed, and 500 points; id and card."""
    made = await shop.post("/v1/members", {"phone": PHONE, "name": "Anna"})
    assert made.status_code == 201, made.text
    await give(shop, made.json()["id"], 500)
    return made.json()["id"], made.json()["cards"][0]["number"]

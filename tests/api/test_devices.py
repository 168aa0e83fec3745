"""Phones that make dynamic codes: certified, used once, revoked; a code is card and proof at once."""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from regulars.members import dynamic_code
from regulars.members.dynamic_code import Certificate
from tests.api.conftest import Api, Letters
from tests.api.shop import AT, balance, buy, give, line, refused, set_clock, settle
from tests.api.test_access import PHONE, challenge, known_by_phone

NOW = datetime.fromisoformat(AT)


class Phone:
    """A phone with a key of its own."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate: Certificate | None = None

    @property
    def public_key(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    def keep(self, view: dict[str, Any]) -> None:
        last_day = date(1970, 1, 1) + timedelta(days=view["last_day"])
        self.certificate = Certificate(
            view["card"], _bytes(view["public_key"]), last_day, _bytes(view["signature"])
        )

    def code(self, at: datetime = NOW) -> str:
        assert self.certificate is not None
        return dynamic_code.make(self.key, self.certificate, at)


async def registered(api: Api, letters: Letters) -> tuple[Phone, str, str, str]:
    """A phone with a certificate; it, the member, her card, the device's id."""
    member, card = await known_by_phone(api)
    sent = await challenge(api, member, "log_in")
    phone = Phone()
    new = {
        "member": member,
        "challenge": sent["id"],
        "code": await letters.code(PHONE),
        "public_key": phone.public_key,
        "label": "Anna's phone",
    }
    made = await api.post("/v1/devices", new)
    assert made.status_code == 201, made.text
    phone.keep(made.json())
    assert made.json()["card"] == card
    return phone, member, card, made.json()["id"]


def paying(request: str, card: str, **more: Any) -> dict[str, Any]:
    return buy(request, card, [line(1, 900)], spend=[{"currency": "PTS", "amount": 300}], **more)


async def test_a_dynamic_code_in_place_of_the_card_is_card_and_proof_at_once(
    shop: Api, letters: Letters
) -> None:
    await settle(shop, proof_above_a_day=0)
    phone, member, card, device = await registered(shop, letters)
    refusal = await shop.post("/v1/purchases", paying("a", card), scope="till")
    assert refused(refusal) == (403, "proof_required", None)

    code = phone.code()
    preview = await shop.post("/v1/purchases/preview", paying("b", code), scope="till")
    assert (preview.status_code, preview.json()["paid_with_points"]) == (200, 300)
    first = await shop.post("/v1/purchases", paying("b", code), scope="till")
    again = await shop.post("/v1/purchases", paying("b", code), scope="till")
    assert (first.status_code, again.json()) == (201, first.json())
    other = await shop.post("/v1/purchases", paying("c", code), scope="till")
    assert (refused(other), other.json()["reason"]) == ((403, "proof_wrong", None), "used")
    assert (await balance(shop, member))["available"] == 200
    shown = await shop.get(f"/v1/members/{member}/devices")
    assert [(one["id"], one["label"]) for one in shown.json()["items"]] == [(device, "Anna's phone")]


async def test_a_code_that_is_too_old_or_of_a_revoked_phone_does_not_spend(
    shop: Api, letters: Letters
) -> None:
    await settle(shop, proof_above_a_day=0)
    phone, member, card, device = await registered(shop, letters)
    proof = {"kind": "dynamic", "value": phone.code(NOW - timedelta(seconds=61))}
    late = await shop.post("/v1/purchases", paying("late", card, proof=proof), scope="till")
    assert (refused(late), late.json()["reason"]) == ((403, "proof_wrong", None), "too_old")
    edge = {"kind": "dynamic", "value": phone.code(NOW - timedelta(seconds=60))}
    assert (
        await shop.post("/v1/purchases", paying("edge", card, proof=edge), scope="till")
    ).status_code == 201

    gone = await shop.delete(f"/v1/devices/{device}")
    assert gone.status_code == 200
    fresh = {"kind": "dynamic", "value": phone.code()}
    revoked = await shop.post("/v1/purchases", paying("r", card, proof=fresh), scope="till")
    assert (refused(revoked), revoked.json()["reason"]) == ((403, "proof_wrong", None), "revoked")
    assert (await shop.delete(f"/v1/devices/{device}")).status_code == 404
    assert (await balance(shop, member))["available"] == 200


async def test_a_code_of_another_member_is_no_proof(shop: Api, letters: Letters) -> None:
    await settle(shop, proof_above_a_day=0)
    phone, _, _, _ = await registered(shop, letters)
    made = await shop.post("/v1/members", {"phone": "+37126000002"})
    await give(shop, made.json()["id"], 500)
    card = made.json()["cards"][0]["number"]
    proof = {"kind": "dynamic", "value": phone.code()}
    answer = await shop.post("/v1/purchases", paying("x", card, proof=proof), scope="till")
    assert (refused(answer), answer.json()["reason"]) == ((403, "proof_wrong", None), "revoked")
    assert (await balance(shop, made.json()["id"]))["available"] == 500


async def test_a_certificate_lasts_ninety_days_and_the_same_key_may_be_certified_anew(
    shop: Api, letters: Letters
) -> None:
    await settle(shop, proof_above_a_day=0)
    phone, member, card, device = await registered(shop, letters)
    later = datetime.fromisoformat("2026-06-01T12:00:00+03:00")
    await set_clock(shop, later.isoformat())
    proof = {"kind": "dynamic", "value": phone.code(later)}
    old = await shop.post("/v1/purchases", paying("o", card, proof=proof, purchased_at=later.isoformat()))
    assert (refused(old), old.json()["reason"]) == ((403, "proof_wrong", None), "certificate_expired")
    sent = await challenge(shop, member, "confirm")
    new = {
        "member": member,
        "challenge": sent["id"],
        "code": await letters.code(PHONE, 2),
        "public_key": phone.public_key,
    }
    made = await shop.post("/v1/devices", new)
    assert (made.status_code, made.json()["id"]) == (201, device)
    phone.keep(made.json())
    proof = {"kind": "dynamic", "value": phone.code(later)}
    paid = await shop.post("/v1/purchases", paying("n", card, proof=proof, purchased_at=later.isoformat()))
    assert paid.status_code == 201, paid.text


async def test_a_dynamic_code_finds_its_member_at_the_till(shop: Api, letters: Letters) -> None:
    phone, member, _, _ = await registered(shop, letters)
    found = await shop.post("/v1/members/find", {"card": phone.code()}, scope="till")
    assert (found.status_code, found.json()["id"]) == (200, member)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

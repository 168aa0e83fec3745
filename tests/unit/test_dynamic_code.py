"""Dynamic codes: what the phone makes the till can verify, by the same vectors as in JavaScript."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from regulars.members import dynamic_code

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "dynamic_code.json").read_text(encoding="utf-8")
)
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PROGRAM = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PHONE = ec.derive_private_key(7, ec.SECP256R1())


def program_key() -> Ed25519PublicKey:
    return PROGRAM.public_key()


def made(at: datetime = AT, card: str = "9900123456789015") -> str:
    point = PHONE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    certificate = dynamic_code.certify(PROGRAM, card, dynamic_code.compressed(point), date(2026, 5, 30))
    return dynamic_code.make(PHONE, certificate, at)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["what"])
def test_every_vector_is_judged_as_it_says(case: dict[str, Any]) -> None:
    code = dynamic_code.read(case["text"])
    at = datetime.fromtimestamp(case["seconds"], UTC)
    fault = dynamic_code.fault(code, program_key(), at) if code else "unreadable"
    assert (fault, code.card if code else None) == (case["fault"], case["card"])


def test_a_code_fits_into_the_qr_codes_small_alphabet() -> None:
    text = made()
    assert len(text) == dynamic_code.TEXT_LENGTH == 284
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_a_code_made_a_second_later_is_another_one() -> None:
    assert made(AT) != made(AT + timedelta(seconds=1))


@pytest.mark.parametrize("place", range(0, 284, 7))
def test_a_letter_that_was_misread_is_never_accepted(place: int) -> None:
    text = made()
    other = "0" if text[place] != "0" else "1"
    code = dynamic_code.read(text[:place] + other + text[place + 1 :])
    assert code is None or dynamic_code.fault(code, program_key(), AT) is not None


def test_a_number_of_a_card_is_no_dynamic_code_and_stays_as_it_is() -> None:
    assert dynamic_code.card_in("9900 1234 5678 9015") == "9900 1234 5678 9015"
    assert dynamic_code.card_in(made()) == "9900123456789015"


def test_a_key_that_is_no_point_of_the_curve_is_not_certified() -> None:
    with pytest.raises(ValueError, match=r"."):
        dynamic_code.certify(PROGRAM, "9900123456789015", b"\x02" + b"\xff" * 32, date(2026, 5, 30))

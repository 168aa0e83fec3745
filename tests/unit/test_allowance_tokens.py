"""Tokens that let a till take points without the line: the program makes them, nobody changes or borrows them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars import ids
from regulars.purchases.offline import allowance
from regulars.purchases.offline.allowance import Allowance
from regulars.purchases.offline.judging import Bounds, Came, Conflict, Place, Sold, conflicts, may_pay

pytestmark = pytest.mark.fast
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEY = allowance.key_of(b"a secret", UUID(int=7))
DEVICE, SNAPSHOT = UUID(int=1), allowance.snapshot_id(AT, ids.new())
CARD = allowance.card_hash(allowance.salt_of(KEY, SNAPSHOT), "9900123412341234")
TOKEN = allowance.seal(KEY, DEVICE, SNAPSHOT, CARD, 1500, 2000, AT + timedelta(days=3))


def test_a_token_says_what_was_allowed_to_whom_it_was_given() -> None:
    found = allowance.read(KEY, TOKEN, DEVICE, SNAPSHOT, CARD)

    assert found is not None
    assert (found.amount, found.proved, found.until) == (1500, 2000, AT + timedelta(days=3))
    assert len(TOKEN) == 50


@pytest.mark.parametrize("bit", range(37 * 8))
def test_a_token_with_one_bit_changed_is_none(bit: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(TOKEN + "=="))
    raw[bit // 8] ^= 1 << bit % 8
    changed = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")

    assert allowance.read(KEY, changed, DEVICE, SNAPSHOT, CARD) is None


def test_a_token_of_another_device_snapshot_card_or_program_is_none() -> None:
    other = allowance.key_of(b"a secret", UUID(int=8))

    assert allowance.read(KEY, TOKEN, UUID(int=2), SNAPSHOT, CARD) is None
    assert allowance.read(KEY, TOKEN, DEVICE, UUID(int=2), CARD) is None
    assert allowance.read(KEY, TOKEN, DEVICE, SNAPSHOT, b"another card    ") is None
    assert allowance.read(other, TOKEN, DEVICE, SNAPSHOT, CARD) is None


@pytest.mark.parametrize(
    "text",
    ["", "A", "AAAA", "not a token", "ā" * 50, TOKEN[:-2], TOKEN + "AAAA"],
    ids=["empty", "a letter", "four", "words", "other letters", "cut", "longer"],
)
def test_what_is_no_token_is_none(text: str) -> None:
    assert allowance.read(KEY, text, DEVICE, SNAPSHOT, CARD) is None


def test_a_snapshots_id_says_when_it_was_made_and_no_id_is_too_late_to_be_told() -> None:
    assert allowance.made_at(SNAPSHOT) == AT
    assert allowance.made_at(UUID(int=(1 << 128) - 1)).year == 9987


@pytest.mark.parametrize(
    ("used", "proved", "here", "pays"),
    [(0, False, True, 1500), (1400, False, True, 100), (1600, False, True, 0), (1600, True, True, 400),
     (0, True, False, 0)],
)  # fmt: skip
def test_a_member_pays_what_is_left_of_the_allowance(used: int, proved: bool, here: bool, pays: int) -> None:
    sold = Sold(DEVICE, 1, AT, 0, SNAPSHOT, Allowance(1500, 2000, AT, b""), proved)

    assert may_pay(sold, Place(here, True, 0, used, 0)) == pays


@pytest.mark.parametrize(("worth", "risked", "over"), [(400, 600, []), (401, 600, [1]), (400, 5000, [400])])
def test_what_is_above_a_tills_risk_is_told_once_for_each_receipt(
    worth: int, risked: int, over: list[int]
) -> None:
    sold = Sold(DEVICE, 1, AT, 0, SNAPSHOT, Allowance(10_000, 10_000, AT, b""))
    came = Came(AT, worth, worth, 0, 0, prices_differ=False)

    found = conflicts(sold, Place(True, True, 0, 0, risked), came, Bounds(1000, 3))

    assert found == [Conflict("over_till_total", amount) for amount in over]

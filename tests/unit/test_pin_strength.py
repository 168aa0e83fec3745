"""Which PINs are too easy to guess."""

from __future__ import annotations

from datetime import date

import pytest

from regulars.members.access import pin_strength
from regulars.members.access.pin_strength import BIRTHDAY, IN_A_ROW, OVER_AND_OVER, PHONE

BORN = date(1987, 3, 14)


@pytest.mark.fast
@pytest.mark.parametrize("pin", ["1111", "00000000", "1212", "123123", "12341234", "77777"])
def test_digits_over_and_over_are_easy(pin: str) -> None:
    assert pin_strength.plain_weakness(pin) == OVER_AND_OVER


@pytest.mark.fast
@pytest.mark.parametrize("pin", ["1234", "0123", "4321", "8901", "1098", "12345678"])
def test_digits_in_a_row_are_easy_up_and_down_and_over_the_zero(pin: str) -> None:
    assert pin_strength.plain_weakness(pin) == IN_A_ROW


@pytest.mark.fast
@pytest.mark.parametrize("pin", ["2580", "1357", "11112", "1221", "12121", "90210", "71390428"])
def test_other_digits_are_not(pin: str) -> None:
    assert pin_strength.plain_weakness(pin) is None


@pytest.mark.fast
@pytest.mark.parametrize(
    "pin", ["1403", "0314", "1987", "140387", "031487", "870314", "14031987", "03141987", "19870314"]
)
def test_a_birthday_is_easy_however_it_is_written(pin: str) -> None:
    assert pin_strength.known_weakness(pin, BORN, None) == BIRTHDAY
    assert pin_strength.known_weakness(pin, date(1987, 3, 15).replace(year=1990, month=4), None) is None
    assert pin_strength.known_weakness(pin, None, None) is None


@pytest.mark.fast
@pytest.mark.parametrize(
    ("pin", "weakness"), [("4567", PHONE), ("91234567", PHONE), ("1234", None), ("9123", None)]
)
def test_the_end_of_her_phone_number_is_easy(pin: str, weakness: str | None) -> None:
    assert pin_strength.known_weakness(pin, BORN, "+37191234567") == weakness

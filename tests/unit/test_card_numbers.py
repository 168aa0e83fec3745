"""Card numbers: what is issued is valid, and no mistake of one digit or of two neighbours goes unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.errors import InvalidCardNumber
from regulars.members import numbers
from regulars.programs.settings import ProgramSettings

DEFAULT = ProgramSettings()
settings_of_programs = st.builds(
    ProgramSettings,
    card_prefix=st.from_regex(r"[1-9][0-9]{3,7}", fullmatch=True),
    card_digits=st.integers(min_value=12, max_value=19),
)


@given(settings_of_programs)
def test_every_generated_number_is_valid(settings: ProgramSettings) -> None:
    for number in numbers.generate(20, settings):
        assert numbers.valid(number, settings)
        assert len(number) == settings.card_digits
        assert number.startswith(settings.card_prefix)


@given(settings_of_programs)
def test_no_generated_number_has_09_or_90_after_the_prefix(settings: ProgramSettings) -> None:
    for number in numbers.generate(20, settings):
        assert not {"09", "90"} & {
            number[i : i + 2] for i in range(len(settings.card_prefix), len(number) - 1)
        }


@given(settings_of_programs)
def test_every_typo_of_one_digit_is_refused(settings: ProgramSettings) -> None:
    (number,) = numbers.generate(1, settings)
    for place, digit in enumerate(number):
        for other in "0123456789".replace(digit, ""):
            assert not numbers.valid(number[:place] + other + number[place + 1 :], settings)


@given(settings_of_programs)
def test_every_swap_of_two_neighbours_is_refused(settings: ProgramSettings) -> None:
    (number,) = numbers.generate(1, settings)
    for place in range(len(number) - 1):
        first, second = number[place], number[place + 1]
        if first != second:
            assert not numbers.valid(number[:place] + second + first + number[place + 2 :], settings)


@given(settings_of_programs, st.data())
def test_a_digit_left_out_or_typed_twice_is_refused(settings: ProgramSettings, data: st.DataObject) -> None:
    (number,) = numbers.generate(1, settings)
    place = data.draw(st.integers(min_value=0, max_value=len(number) - 1))
    assert not numbers.valid(number[:place] + number[place + 1 :], settings)
    assert not numbers.valid(number[:place] + number[place] + number[place:], settings)


@given(st.text(max_size=30))
def test_any_text_is_either_a_number_or_refused(text: str) -> None:
    if numbers.valid(text, DEFAULT):
        assert len(text) == 16
        assert text.startswith("9900")
    else:
        with pytest.raises(InvalidCardNumber):
            numbers.check(text.replace(" ", "x").replace("-", "x"), DEFAULT)


@pytest.mark.fast
@pytest.mark.scenario("S1")
def test_a_thousand_numbers_of_a_batch_are_a_thousand_different_valid_ones() -> None:
    batch = numbers.generate(1000, DEFAULT)
    assert len(set(batch)) == 1000
    assert all(numbers.valid(number, DEFAULT) for number in batch)


@pytest.mark.fast
def test_spaces_and_hyphens_are_ignored() -> None:
    assert numbers.check(" 9900 0000-0000\u00a00010 ", DEFAULT) == "9900000000000010"


@pytest.mark.fast
@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "9900",
        "9900000000000011",  # the check digit
        "9900 0000 0000 0090",  # 09 or 90 after the prefix, though the check digit is right
        "9901000000000010",  # another program's prefix
        "99000000000000010",  # a digit too many
        "٩900000000000010",  # a digit, but not one of ours
        "99000000000000¹0",
    ],
)
def test_a_wrong_number_is_refused_with_the_field_that_is_at_fault(wrong: str) -> None:
    with pytest.raises(InvalidCardNumber) as refusal:
        numbers.check(wrong, DEFAULT, "/replaces")
    assert [fault.pointer for fault in refusal.value.errors] == ["/replaces"]
    assert refusal.value.code == "invalid_card_number"


@pytest.mark.fast
def test_foreign_numbers_opt_out_by_their_prefix() -> None:
    settings = ProgramSettings(foreign_card_prefixes=("4750",))
    assert numbers.check("4750-9090-1", settings) == "475090901"
    assert numbers.check("9900000000000010", settings) == "9900000000000010"
    for wrong in ("4751909011", "4750909", "4750" + "1" * 16, "4750x9090"):
        with pytest.raises(InvalidCardNumber):
            numbers.check(wrong, settings)


@pytest.mark.fast
def test_a_program_with_few_digits_gets_as_many_numbers_as_there_are_and_no_endless_search() -> None:
    settings = ProgramSettings(card_prefix="12345678", card_digits=12)
    found = numbers.generate(5000, settings)
    assert 800 < len(found) < 1000
    assert len(set(found)) == len(found)

"""Identity: spellings of one phone or email are one, and the blind index tells kinds and programs apart."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.errors import InvalidValue
from regulars.members import identity
from regulars.members.model import Person

SECRET = b"0123456789abcdef0123456789abcdef"
ONE, OTHER = UUID(int=1), UUID(int=2)

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    "spelling",
    ["20000001", "20 000 001", "+371 2000-0001", "00371 20000001", "+371(20)000001", "(+371) 20000001"],
)
def test_every_spelling_of_a_phone_is_one(spelling: str) -> None:
    assert identity.phone(spelling, "LV") == "+37120000001"


def test_a_number_with_a_country_code_needs_no_region() -> None:
    assert identity.phone("+372 5123 4567", None) == "+37251234567"
    assert identity.phone("+372 5123 4567", "LV") == "+37251234567"


@pytest.mark.parametrize(
    "wrong", ["", "abc", "123", "+371", "+3712000000100000", "20000001 ext. 5", "\x00", "+999123456789", "🙂"]
)
def test_what_is_no_phone_is_refused_without_being_quoted(wrong: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        identity.phone(wrong, "LV")
    assert [fault.pointer for fault in refusal.value.errors] == ["/phone"]
    assert len(wrong) < 3 or wrong not in str(refusal.value)


def test_a_number_without_a_country_code_is_refused_where_no_country_is_known() -> None:
    with pytest.raises(InvalidValue):
        identity.phone("20000001", None)


@given(st.text(max_size=40))
def test_any_text_is_a_phone_in_e164_or_refused(text: str) -> None:
    try:
        number = identity.phone(text, "LV")
    except InvalidValue:
        return
    assert number.startswith("+")
    assert number[1:].isdigit()
    assert len(number) <= 18
    assert identity.phone(number, None) == number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Anna.Ozola@Example.LV ", "Anna.Ozola@example.lv"),
        ("a+b@x.example", "a+b@x.example"),
        ("jānis@exämple.lv", "jānis@xn--exmple-cua.lv"),
    ],
)
def test_an_email_is_trimmed_and_its_domain_is_small(typed: str, kept: str) -> None:
    assert identity.email(typed) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "a",
        "a@b",
        "a@@b.lv",
        "a b@c.lv",
        "@c.lv",
        "a@c..lv",
        "a@c.lv\x00",
        "a@[1.2.3.4]",
        "a" * 300 + "@c.lv",
    ],
)
def test_what_is_no_email_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidValue):
        identity.email(wrong)


@given(st.text(max_size=60))
def test_an_email_that_passes_stays_as_it_is(text: str) -> None:
    try:
        address = identity.email(text + "@example.com")
    except InvalidValue:
        return
    assert identity.email(address) == address


def test_capitals_of_an_external_id_count_and_those_of_an_email_do_not() -> None:
    index = identity.of(SECRET, ONE)
    assert index.digest("email", "Anna@example.lv") == index.digest("email", "anna@example.lv")
    assert index.digest("external_id", "A1") != index.digest("external_id", "a1")


def test_the_blind_index_is_32_bytes_and_differs_by_value_kind_program_and_secret() -> None:
    value = "+37120000001"
    digests = [
        identity.of(SECRET, ONE).digest("phone", value),
        identity.of(SECRET, ONE).digest("phone", value + "1"),
        identity.of(SECRET, ONE).digest("external_id", value),
        identity.of(SECRET, OTHER).digest("phone", value),
        identity.of(SECRET[::-1], ONE).digest("phone", value),
    ]
    assert len(set(digests)) == 5
    assert all(len(digest) == 32 for digest in digests)
    assert identity.of(SECRET, ONE).digest("phone", value) == digests[0]


def test_neither_the_key_nor_a_person_can_slip_into_a_log() -> None:
    assert "0" not in repr(identity.of(SECRET, ONE))
    assert "Anna" not in repr(Person("Anna", "+37120000001"))


@pytest.mark.parametrize(
    ("time_zone", "languages", "region"),
    [
        ("Europe/Riga", ("ru", "en"), "LV"),
        ("Europe/Tallinn", ("en",), "EE"),
        ("America/New_York", ("en",), "US"),
        ("UTC", ("et", "ru"), "EE"),
        ("UTC", ("en",), None),
    ],
)
def test_the_region_is_that_of_the_time_zone_else_of_a_language(
    time_zone: str, languages: tuple[str, ...], region: str | None
) -> None:
    assert identity.region(time_zone, languages) == region

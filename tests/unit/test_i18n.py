"""How each language writes money, points, numbers, dates and plurals."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import numbers

from regulars.i18n import COMPLETE, THIN_SPACE, ProgramWords, language, pick
from regulars.portal.showing import moment
from regulars.units import money_scale

pytestmark = pytest.mark.fast

EN, LV = language("en"), language("lv")
NAMES = {
    "en": {"one": "point", "other": "points"},
    "lv": {"zero": "punktu", "one": "punkts", "other": "punkti"},
}


def plain(text: str) -> str:
    """With ordinary spaces, so that a test can be read."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("amount", "currency", "english", "latvian"),
    [
        (1050, "EUR", "€10.50", "10,50 €"),
        (0, "EUR", "€0.00", "0,00 €"),
        (-5, "EUR", "−€0.05", "−0,05 €"),
        (123_456_789, "EUR", "€1 234 567.89", "1 234 567,89 €"),
        (5000, "JPY", "JP¥5 000", "5 000 ¥"),
    ],
)
def test_money_is_written_by_the_locale(amount: int, currency: str, english: str, latvian: str) -> None:
    assert plain(EN.money(amount, currency)) == english
    assert plain(LV.money(amount, currency)) == latvian


def test_a_change_shows_its_sign() -> None:
    assert EN.money(5, "EUR", signed=True) == "+€0.05"
    assert EN.money(0, "EUR", signed=True) == "€0.00"
    assert plain(LV.points(-3, NAMES, signed=True)) == "−3 punkti"


@pytest.mark.parametrize(
    ("amount", "text"),
    [(1, "1 punkts"), (2, "2 punkti"), (10, "10 punktu"), (11, "11 punktu"), (21, "21 punkts")],
)
def test_points_take_the_plural_of_the_language(amount: int, text: str) -> None:
    assert plain(LV.points(amount, NAMES)) == text


def test_points_without_a_name_in_this_language_take_the_english_one() -> None:
    assert plain(LV.points(2, {"en": NAMES["en"]})) == "2 points"
    assert LV.points(2, {}) == "2"


def test_points_with_decimals_show_them() -> None:
    assert plain(LV.points(1050, NAMES, scale=2)) == "10,50 punkti"


def test_thousands_are_set_apart_by_thin_spaces_and_nothing_else_is() -> None:
    assert EN.number(1234567) == "1\u202f234\u202f567"
    assert LV.money(123456, "EUR") == "1\u202f234,56\u00a0€"


def test_quantities_lose_needless_zeros() -> None:
    assert (LV.quantity(325), LV.quantity(2000), EN.quantity(1500)) == ("0,325", "2", "1.5")


def test_dates_and_times_are_the_store_s() -> None:
    at = datetime(2027, 3, 14, 22, 30, tzinfo=UTC)
    riga = ZoneInfo("Europe/Riga")
    assert EN.date(at, riga) == "15 March 2027"
    assert LV.date(date(2027, 3, 14)) == "2027. gada 14. marts"
    assert LV.moment(at, riga) == "15.03.2027 00:30"
    assert EN.short_date(date(2027, 3, 14)) == "14 Mar 2027"


def test_a_day_within_a_sentence_is_written_as_the_language_writes_it() -> None:
    """A Hungarian month and a Latvian weekday begin small, but where a row begins with them; English ones never."""
    day = date(2026, 12, 14)
    hungarian = language("hu")
    assert (hungarian.day(day), hungarian.day(day, begins=False)) == ("Dec. 14., H", "dec. 14., H")
    assert (LV.day(day), LV.day(day, begins=False)) == ("Pirmd., 14. dec.", "pirmd., 14. dec.")
    assert EN.day(day, begins=False) == EN.day(day) == "Mon 14 Dec"


def test_a_moment_within_a_sentence_is_written_as_the_language_writes_it() -> None:
    riga = ZoneInfo("Europe/Riga")
    now = datetime(2026, 12, 14, 10, tzinfo=UTC)
    hungarian = language("hu")
    assert moment(hungarian, now, now, riga) == "Ma, 12:00"
    assert moment(hungarian, now, now, riga, begins=False) == "ma, 12:00"
    before = now - timedelta(days=1)
    assert moment(EN, before, now, riga, begins=False) == "yesterday, 12:00"
    later = datetime(2026, 12, 20, 10, tzinfo=UTC)
    assert moment(hungarian, later, now, riga, begins=False) == "dec. 20., V, 12:00"


def test_percentages_follow_the_language() -> None:
    assert plain(EN.percent(Decimal("0.153"), decimals=1)) == "15.3%"
    assert plain(LV.percent(0.15)) in ("15%", "15 %")


def test_messages_count_as_people_count() -> None:
    forms = LV.plural_forms("{n} line", "{n} lines")
    assert forms == {"zero": "{n} rindu", "one": "{n} rinda", "other": "{n} rindas"}
    assert [LV.ngettext("{n} line", "{n} lines", n) for n in (1, 2, 10, 11, 21)] == [
        "{n} rinda", "{n} rindas", "{n} rindu", "{n} rindu", "{n} rinda"]  # fmt: skip


def test_sorting_puts_marked_letters_beside_plain_ones() -> None:
    assert sorted(["Zebra", "Ābols", "Abra", "Aka"], key=LV.sorting_key) == ["Ābols", "Abra", "Aka", "Zebra"]


@pytest.mark.parametrize(
    ("wishes", "accept", "code"),
    [
        (("lv", "en"), "en", "lv"),
        ((None, "xx"), "lv;q=0.5, en;q=0.9", "en"),
        ((None, None), "de, lv-LV;q=0.8", "lv"),
        ((None, None), "de;q=x, fr", "lv"),
        ((None, None), None, "lv"),
    ],
)
def test_the_first_wish_that_we_have_is_taken(
    wishes: tuple[str | None, ...], accept: str | None, code: str
) -> None:
    assert pick(("lv", "ru"), *wishes, accept=accept).code == code


def test_an_unknown_language_is_english() -> None:
    assert language("xx") == EN
    assert pick(("xx",)).code == "en"
    assert set(COMPLETE) == {"en", "lv", "ru", "et", "hu"}


def test_a_program_speaks_with_its_own_names() -> None:
    words = ProgramWords(LV, {"PTS": (NAMES, 0)}, {"teika": "Teika"}, {("category", "bread"): "maize"})
    assert plain(words.points(12, "PTS")) == "12 punktu"
    assert plain(words.points(12, "MILES")) == "12 MILES"
    assert (words.store("teika"), words.store("x")) == ("Teika", "x")
    assert (words.goods("category", "bread"), words.goods("category", "a/milk")) == ("maize", "milk")
    named = ProgramWords(LV, {}, names={("tier", "status/gold"): "Zelta"})
    assert (named.named("tier", "status/gold"), named.named("tier", "status/top_ten")) == ("Zelta", "top ten")
    assert plain(words.percent("12.5")) in ("12,5%", "12,5 %")
    assert (words.number("1.50"), words.number("")) == ("1,50", "")
    assert words.joined(["a", "b", "c"]) == "a, b un c"
    assert words.joined(["a", "b"], either=True) == "a vai b"
    assert (words.weekday(1), words.time("08:30"), words.language) == ("pirmdiena", "08:30", "lv")


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD", "HUF"])
@pytest.mark.parametrize("code", COMPLETE)
def test_money_is_written_as_babel_writes_it_but_for_thin_spaces(code: str, currency: str) -> None:
    spoken = language(code)
    scale = money_scale(currency)
    for amount in (0, 1, 9, 10, 99, 100, 101, 12_345, 100_000, 123_456_789):
        expected = numbers.format_currency(Decimal(amount).scaleb(-scale), currency, locale=spoken.locale)
        group = numbers.get_group_symbol(spoken.locale)
        assert spoken.money(amount, currency) == re.sub(
            rf"(?<=\d){re.escape(group)}(?=\d)", THIN_SPACE, expected.replace("EUR", "€")
        )


@pytest.mark.parametrize(
    ("code", "money", "forms"),
    [
        (
            "ru",
            "10,50 €",
            {"one": "{n} позиция", "few": "{n} позиции", "many": "{n} позиций", "other": "{n} позиции"},
        ),
        ("et", "10,50 €", {"one": "{n} rida", "other": "{n} rida"}),
        ("hu", "10,50 €", {"one": "{n} tétel", "other": "{n} tétel"}),
    ],
)
def test_russian_estonian_and_hungarian_write_money_and_plurals(
    code: str, money: str, forms: dict[str, str]
) -> None:
    spoken = language(code)
    assert plain(spoken.money(1050, "EUR")) == money
    assert spoken.plural_forms("{n} line", "{n} lines") == forms

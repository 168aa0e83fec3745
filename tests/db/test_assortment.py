"""Products: entered in bulk, found by the beginnings of words, by barcode and by SKU, within their program only."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.conftest import insert_program

from regulars.assortment.model import Product
from regulars.db.pool import Database
from regulars.errors import StateConflict, Unprocessable
from regulars.flows.edit_assortment import upsert_products
from regulars.flows.find_products import find_products

COFFEE = Product(
    "1",
    "Malta kafija Rīts 250 g",
    459,
    names={"en": "Ground coffee Rīts 250 g", "ru": "Молотый кофе Rīts 250 г"},
    barcode="2000000000015",
    categories=("drinks/coffee",),
    tags=("own-brand",),
    brand="Rīts",
    cost=300,
    tax_rate="0.21",
)
APPLES = Product("2", "Āboli", 129, barcode="2000000000022", tax_rate="0.12")
JUICE = Product("3", "Ābolu sula", 199)


async def found(database: Database, program: UUID, query: str) -> list[str]:
    return [p.sku for p in (await find_products(database, program, query=query)).items]


async def test_a_product_is_found_as_it_was_entered(database: Database, program: UUID) -> None:
    await upsert_products(database, program, [COFFEE, APPLES])
    by_barcode = await find_products(database, program, barcode="2000000000015")
    by_sku = await find_products(database, program, sku="1")
    assert by_barcode.items == by_sku.items == (COFFEE,)
    assert (await find_products(database, program, barcode="2000000000039")).items == ()


@pytest.mark.parametrize(
    ("query", "skus"),
    [
        ("kaf", ["1"]),
        ("KAFIJA", ["1"]),
        ("aboli", ["2"]),
        ("ābol", ["2", "3"]),
        ("āb su", ["3"]),
        ("кофе", ["1"]),
        ("ground 250", ["1"]),
        ("rits", ["1"]),
        ("kafija sula", []),
        ("afija", []),
        ("%", []),
        ("", []),
    ],
)
async def test_each_word_of_a_search_begins_a_word_of_the_product(
    database: Database, program: UUID, query: str, skus: list[str]
) -> None:
    await upsert_products(database, program, [COFFEE, APPLES, JUICE])
    assert sorted(await found(database, program, query)) == skus


async def test_a_product_entered_again_replaces_the_one_before_and_its_words(
    database: Database, program: UUID
) -> None:
    await upsert_products(database, program, [APPLES])
    await upsert_products(database, program, [Product("2", "Bumbieri", 149)])
    assert await found(database, program, "āboli") == []
    assert await found(database, program, "bumb") == ["2"]
    assert (await find_products(database, program, barcode="2000000000022")).items == ()


async def test_barcodes_may_change_hands_within_a_request_but_not_be_taken(
    database: Database, program: UUID
) -> None:
    await upsert_products(database, program, [COFFEE, APPLES])
    swapped = [Product("1", "A", 1, barcode="2000000000022"), Product("2", "B", 1, barcode="2000000000015")]
    await upsert_products(database, program, swapped)
    with pytest.raises(StateConflict, match="nothing was changed"):
        await upsert_products(database, program, [Product("9", "C", 1, barcode="2000000000015")])
    assert await found(database, program, "c") == []


async def test_every_fault_of_a_bulk_change_is_told_with_its_place(database: Database, program: UUID) -> None:
    wrong = [
        Product("1", "A", 1, barcode="7"),
        Product("1", "B", 1, barcode="7"),
        Product("2", "C", 1, tax_rate="1.2"),
    ]
    with pytest.raises(Unprocessable) as refused:
        await upsert_products(database, program, wrong)
    assert [fault.pointer for fault in refused.value.errors] == [
        "/products/1/sku",
        "/products/1/barcode",
        "/products/2/tax_rate",
    ]
    assert await found(database, program, "a") == []


async def test_the_list_goes_on_where_it_ended(database: Database, program: UUID) -> None:
    await upsert_products(database, program, [Product(f"{n:03}", "Maize", 100) for n in range(7)])
    seen: list[str] = []
    after = ""
    while True:
        page = await find_products(database, program, after=after, limit=3)
        seen += [product.sku for product in page.items]
        if page.next is None:
            break
        after = page.next
    assert seen == [f"{n:03}" for n in range(7)]


async def test_products_of_another_program_do_not_exist(database: Database, program: UUID) -> None:
    other = await insert_program(database, "Other")
    await upsert_products(database, other, [COFFEE])
    assert await found(database, program, "kafija") == []
    assert (await find_products(database, program, barcode="2000000000015")).items == ()

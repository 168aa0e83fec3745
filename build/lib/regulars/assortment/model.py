"""Products: what a till searches and a promotion's builder picks from."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

PRODUCTS_MAX = 5000
"""Products of one bulk change."""

Sku = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$")]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Language = Annotated[str, Meta(pattern="^[a-z]{2}$")]
Path = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class Product(Struct, frozen=True, forbid_unknown_fields=True):
    """A product as it is sent and answered. Amounts are minor units of the program's base money, with tax."""

    sku: Sku
    name: Name
    price: Annotated[int, Meta(ge=0, le=10**12)]
    names: Annotated[dict[Language, Name], Meta(max_length=20)] = {}
    """By language; `name` where a language is missing."""
    barcode: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")] | None = None
    categories: Annotated[tuple[Path, ...], Meta(max_length=20)] = ()
    """Paths in the category tree, e.g. `drinks/coffee`."""
    tags: Annotated[tuple[Path, ...], Meta(max_length=50)] = ()
    brand: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] = ""
    unit: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")] = "piece"
    cost: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    tax_rate: Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,6})?$")] = "0"
    """Decimal string, at most 1."""

    def name_in(self, language: str) -> str:
        """The name in a language, else the plain one."""
        return self.names.get(language, self.name)

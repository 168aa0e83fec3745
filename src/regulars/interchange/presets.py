"""Knows what the exports of other systems look like: mappings that are ready, by the names that they document.

Where each was looked up stands in docs/importing.md. A column that an installation adds is left out by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from regulars.i18n import N_
from regulars.interchange.fields import Kind, fold
from regulars.interchange.mapping import Mapping, Target


class Preset(Struct, frozen=True):
    """The export of one system."""

    code: str
    title: str
    kind: Kind
    columns: dict[str, Target | str]
    """All that is known of it; those that a file lacks do not matter, but for `marks`."""
    marks: tuple[str, ...]
    """Columns by which such a file is recognised."""
    alone: bool = False
    """Such a file has no other columns than these: they are too common to recognise it by."""

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether a file with these columns seems to be one, however their names are spaced and capitalised."""
        there = {fold(column) for column in columns if column}
        return self._marks <= there and (not self.alone or there <= {fold(name) for name in self.columns})

    def mapping(self, columns: Sequence[str]) -> Mapping:
        """The mapping for a file with these columns; of two that are called the same the first counts."""
        known = {fold(name): target for name, target in self.columns.items()}
        return Mapping({column: known.pop(fold(column), "") for column in columns if column})

    @property
    def _marks(self) -> set[str]:
        return {fold(name) for name in self.marks}


PRESETS = (
    Preset(
        "smile.io",
        N_("Smile.io: points of customers"),
        "balances",
        {"email": "email", "points": Target("points", "points")},
        ("email", "points"),
        alone=True,
    ),
    Preset(
        "wployalty",
        "Loyalty Points and Rewards for WooCommerce (Flycart): points of customers",
        "balances",
        {"user_email": "email", "points": Target("points", "points")},
        ("user_email", "points"),
    ),
    Preset(
        "yotpo",
        "Yotpo Loyalty: customers and their points",
        "balances",
        {"Email": "email", "Points Balance": Target("points", "points")},
        ("Email", "Points Balance", "Points Spent"),
    ),
    Preset(
        "talon.one",
        "Talon.One: balances of customers",
        "balances",
        {"profileIntegrationID": "external_id", "currentBalance": Target("points", "points")},
        ("profileIntegrationID", "currentBalance"),
    ),
    Preset(
        "loylap",
        N_("LoyLap: customers"),
        "members",
        {
            "ID": "external_id",
            "First Name": "name",
            "Last Name": "name",
            "Email": "email",
            "Phone_Number": "phone",
            "Date_Birth": Target("birthday", "date:ymd"),
            "Date_Add": Target("enrolled_at", "instant:ymd"),
            "Account_Number": Target("cards", "list:,"),
            "Stamp_Balance": Target("balances", "points"),
        },
        ("Phone_Number", "Date_Add", "Account_Number"),
    ),
    Preset(
        "woocommerce.products",
        N_("WooCommerce: products"),
        "products",
        {
            "SKU": "sku",
            "Name": "name",
            "Regular price": Target("price", "money"),
            "Categories": Target("categories", "paths"),
            "Tags": Target("tags", "list:,"),
            "GTIN, UPC, EAN, or ISBN": "barcode",
            "Brands": "brand",
        },
        ("Type", "SKU", "Name", "Regular price"),
    ),
    Preset(
        "magento.customers",
        N_("Magento (Adobe Commerce): customers main file"),
        "members",
        {
            "email": "email",
            "firstname": "name",
            "middlename": "name",
            "lastname": "name",
            "dob": Target("birthday", "date:ymd"),
            "created_at": Target("enrolled_at", "instant:ymd"),
        },
        ("email", "_website", "firstname", "lastname"),
    ),
)


def named(code: str) -> Preset | None:
    """The preset of that code."""
    return next((one for one in PRESETS if one.code == code), None)


def fitting(columns: Sequence[str]) -> Preset | None:
    """The preset that a file with these columns seems to be of; of several the one that asks for most."""
    return max((one for one in PRESETS if one.fits(columns)), key=lambda one: len(one.marks), default=None)

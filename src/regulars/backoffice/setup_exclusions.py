"""Goods that the program leaves alone, whatever promotions say, and below which price a line never falls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response
from msgspec import Struct

from regulars.assortment import reading as shelves
from regulars.backoffice.office import Pages
from regulars.backoffice.setup_program import change_settings
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_setup import FLOORS, LISTS, PURPOSES

pages = Pages()
FORM_BYTES_MAX = 4_000_000
"""Ten thousand articles for each purpose."""
SOURCES = {"skus": "products", "categories": "categories", "tags": "tags", "brands": "brands"}
"""A list of goods → where the builder's picker finds what stands in it."""


class Kind(Struct, frozen=True):
    """What is picked: as the builder's picker knows its fields."""

    source: str
    label: str
    required: bool = False


class Picked(Struct, frozen=True):
    """A list as the picker shows it."""

    name: str
    field: Kind
    values: list[str]
    names: Mapping[str, str]
    """What a code is called; one that is not there shows itself."""


@pages.get("/setup/exclusions", needs="setup.read")
async def exclusions(visit: Visit) -> Response[Any]:
    """Which goods get no discount, earn nothing, or are not paid with points."""
    goods = msgspec.to_builtins(visit.program.settings.excluded_goods)
    if visit.problem is not None:
        goods = _sent(visit)
    skus = {sku for purpose, *_ in PURPOSES for sku in goods.get(purpose, {}).get("skus", ())}
    async with visit.database.transaction(visit.program.id) as tx:
        named = await shelves.by_skus(tx, visit.program.id, sorted(skus)) if skus else {}
    names = {
        sku: f"{product.names.get(visit.language.code, product.name)} · {sku}"
        for sku, product in named.items()
    }
    text = visit.language.gettext
    purposes = [
        (
            text(name),
            text(words),
            [
                Picked(
                    f"{purpose}-{facet}",
                    Kind(SOURCES[facet], text(title)),
                    list(goods.get(purpose, {}).get(facet, ())),
                    names if facet == "skus" else {},
                )
                for facet, title in LISTS
            ],
        )
        for purpose, name, words in PURPOSES
    ]
    return visit.page(
        "setup/exclusions",
        purposes=purposes,
        floors=[(code, text(name)) for code, name in FLOORS],
        floor=visit.form("line_floor") or visit.program.settings.line_floor,
    )


@pages.post("/setup/exclusions", needs="setup.write", again=exclusions, bytes_max=FORM_BYTES_MAX)
async def save(visit: Visit) -> Response[Any]:
    """Other goods, another floor."""
    await change_settings(visit, {"excluded_goods": _sent(visit), "line_floor": visit.form("line_floor")})
    return visit.to("/setup/exclusions", done=visit.language.gettext("Saved; it counts from now on."))


def _sent(visit: Visit) -> dict[str, dict[str, list[str]]]:
    """What was picked, each once."""
    return {
        purpose: {
            facet: list(
                dict.fromkeys(one.strip() for one in visit.form_list(f"{purpose}-{facet}") if one.strip())
            )
            for facet, _ in LISTS
        }
        for purpose, *_ in PURPOSES
    }

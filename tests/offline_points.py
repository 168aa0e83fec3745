"""Cases for what points may pay without the line: the program's shares, and goods left out. A file of vectors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from msgspec import structs

from regulars.promotions.model import DEFAULT_GROUPS, Rules
from tests.offline_kit import Case, basket, excluding, goods, not_for_points, percent, promotion
from tests.offline_named import ALIKE, BREAKFAST, COFFEE


def points() -> Iterator[Case]:
    """What points may pay of a basket: the program's shares, and the goods that they do not pay for."""
    whole = promotion("basket", {"kind": "basket_percent", "percent": "10"})
    documents = [promotion("items", percent("12.5", goods=COFFEE)), whole]
    shares = (0, 1, 333_333, 500_000, 999_999, 1_000_000)
    for share, line_share, tax in product(shares, shares, (True, False)):
        rules = Rules(
            "EUR", {}, points_share_max=share, points_share_line_max=line_share, prices_include_tax=tax
        )
        name = f"points pay {share} of all, {line_share} of each line, tax {tax}"
        yield Case(name, documents, BREAKFAST, DEFAULT_GROUPS, rules)
    for what, lists in _not_for_points():
        for tax, share in product((True, False), (500_000, 1_000_000)):
            rules = Rules(
                "EUR", {}, excluded=not_for_points(**lists), points_share_max=share, prices_include_tax=tax
            )
            name = f"points pay {share} of all but {what}, tax {tax}"
            yield Case(name, documents, BREAKFAST, DEFAULT_GROUPS, rules)
    both = structs.replace(excluding(tags=("own",)), spending=not_for_points(skus=("coffee",)).spending)
    yield Case(
        "some goods get no discount, others no points", documents, BREAKFAST, DEFAULT_GROUPS,
        Rules("EUR", {}, excluded=both, points_share_line_max=500_000),
    )  # fmt: skip
    dearest = basket(goods("coffee", 333_333_333, "2"), goods("bread", 111_111_111, "3"))
    yield Case(
        "points pay a third of the dearest basket", documents, dearest, DEFAULT_GROUPS,
        Rules("EUR", {}, points_share_max=333_333, points_share_line_max=333_331),
    )  # fmt: skip
    yield Case("points pay all of what the promotions left", documents, ALIKE)


def _not_for_points() -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    yield "an article", {"skus": ("coffee",)}
    yield "what is in a category", {"categories": ("drinks",)}
    yield "a tag", {"tags": ("fresh",)}
    yield "a brand", {"brands": ("Lido", "Rio")}
    yield "all that is there", {"skus": ("coffee", "bread", "milk", "apples")}
    yield "what nobody buys", {"tags": ("tobacco",)}

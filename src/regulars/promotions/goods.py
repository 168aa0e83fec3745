"""Which lines of a basket are meant: products by SKU, category, tag and brand, less an exception."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct, field

from regulars.promotions.model import Line
from regulars.promotions.words import N_, Words

Code = Annotated[str, Meta(min_length=1, max_length=200)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=20_000)]

FACETS = {"sku": "skus", "category": "categories", "tag": "tags", "brand": "brands"}


class Goods(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """A line is meant when any of the four lists names it, and `except` does not. With no list: every line."""

    skus: Codes = ()
    categories: Codes = ()
    """Paths in the category tree: `drinks` means `drinks/coffee` too."""
    tags: Codes = ()
    brands: Codes = ()
    excluded: Goods | None = field(default=None, name="except")
    label: dict[str, str] = field(default_factory=dict[str, str])
    """What people call these goods, by language: "books". Without it they are named by their lists."""

    labels: ClassVar[dict[str, str]] = {
        "skus": N_("Products"),
        "categories": N_("Categories"),
        "tags": N_("Tags"),
        "brands": N_("Brands"),
        "except": N_("Except"),
        "label": N_("Called"),
    }

    def __post_init__(self) -> None:
        if self.excluded is not None and (self.excluded.excluded is not None or not self.excluded.keys):
            raise ValueError("`except` needs lists of its own and no further `except`")

    @cached_property
    def keys(self) -> frozenset[str]:
        """What a line must have one of, in the form of `keys_of`; empty: anything."""
        return frozenset(
            [f"s:{code}" for code in self.skus]
            + [f"c:{path.strip('/')}" for path in self.categories]
            + [f"t:{tag}" for tag in self.tags]
            + [f"b:{brand}" for brand in self.brands]
        )

    @cached_property
    def without(self) -> frozenset[str]:
        """What a line must have none of."""
        return self.excluded.keys if self.excluded is not None else frozenset()

    @cached_property
    def everything(self) -> bool:
        return not self.keys and not self.without

    def has(self, keys: frozenset[str]) -> bool:
        """Whether a line with these keys is meant."""
        return (not self.keys or not self.keys.isdisjoint(keys)) and self.without.isdisjoint(keys)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What a sentence about these goods needs: the label, else the first few codes of each list."""
        if self.label:
            return {"label": dict(self.label)}
        few = {facet: list(getattr(self, name)[:3]) for facet, name in FACETS.items() if getattr(self, name)}
        return few


EVERYTHING = Goods()


def keys_of(line: Line) -> frozenset[str]:
    """Everything by which goods may name this line; a category counts with all its parents."""
    keys = {f"s:{line.sku}"}
    for path in line.categories:
        stripped = path.strip("/")
        end = stripped.find("/")
        while end >= 0:
            keys.add(f"c:{stripped[:end]}")
            end = stripped.find("/", end + 1)
        keys.add(f"c:{stripped}")
    keys.update(f"t:{tag}" for tag in line.tags)
    if line.brand:
        keys.add(f"b:{line.brand}")
    return frozenset(keys)


def goods_within(value: object) -> Iterator[Goods]:
    """Every `Goods` anywhere inside a condition or a benefit."""
    if isinstance(value, Goods):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from goods_within(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:  # pyright: ignore[reportUnknownVariableType] - any tuple of a kind's fields
            yield from goods_within(item)  # pyright: ignore[reportUnknownArgumentType]


def goods_text(facts: dict[str, Any], words: Words, *, either: bool = True) -> str:
    """The goods of `Goods.facts` as people say them; empty when every line is meant."""
    label: dict[str, str] = facts.get("label") or {}
    if label:
        return label.get(words.language) or label.get("en") or next(iter(label.values()))
    names = [words.goods(facet, code) for facet in FACETS for code in facts.get(facet, ())]
    return words.joined(names, either=either)

"""Which lines of a basket are meant: products by SKU, category, tag, brand and attribute, less an exception."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from sys import intern
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, cast

import msgspec
from msgspec import Meta, Struct, field

from regulars.promotions.model import Line
from regulars.promotions.words import N_, Words
from regulars.texts import said

Code = Annotated[str, Meta(min_length=1, max_length=200)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=20_000)]
Attributes = Annotated[
    dict[Code, Annotated[tuple[Code, ...], Meta(min_length=1, max_length=1000)]], Meta(max_length=50)
]

FACETS = ("sku", "category", "tag", "brand", "attribute")
REDUCED = "r:"
"""The key of a line that is sold below its regular price."""


class Entry(NamedTuple):
    """One thing that a list names: in which facet, as people write it, and the key that a line must have."""

    facet: str
    name: str
    key: str


class Goods(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """A line is meant when any of the lists names it, and `except` does not. With no list: every line."""

    skus: Codes = ()
    categories: Codes = ()
    """Paths in the category tree: `drinks` means `drinks/coffee` too."""
    tags: Codes = ()
    brands: Codes = ()
    attributes: Attributes = {}
    """By name the values of which a line must have one: {"colour": ["red", "blue"]}."""
    excluded: Goods | None = field(default=None, name="except")
    reduced: Literal["only", "not"] | None = None
    """Of these, only the lines that are sold below their regular price, or only those that are not."""
    label: dict[str, str] = field(default_factory=dict[str, str])
    """What people call these goods, by language: "books". Without it they are named by their lists."""

    labels: ClassVar[dict[str, str]] = {
        "skus": N_("Products"),
        "categories": N_("Categories"),
        "tags": N_("Tags"),
        "brands": N_("Brands"),
        "attributes": N_("Attributes"),
        "except": N_("Except"),
        "reduced": N_("Reduced goods"),
        "label": N_("Called"),
    }
    inputs: ClassVar[dict[str, str]] = {
        "skus": "products", "categories": "categories", "tags": "tags", "brands": "brands",
    }  # fmt: skip
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "reduced": {"only": N_("Only reduced goods"), "not": N_("No reduced goods")}
    }

    def __post_init__(self) -> None:
        out = self.excluded
        if out is not None and (out.excluded is not None or out.reduced is not None or not out.keys):
            raise ValueError("`except` needs lists of its own, and no further `except` or `reduced`")

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that the lists name, list after list."""
        return (
            *[Entry("sku", code, f"s:{code}") for code in self.skus],
            *[Entry("category", path, f"c:{path.strip('/')}") for path in self.categories],
            *[Entry("tag", tag, f"t:{tag}") for tag in self.tags],
            *[Entry("brand", brand, f"b:{brand}") for brand in self.brands],
            *[
                Entry("attribute", f"{name}: {value}", f"a:{name}={value}")
                for name, values in self.attributes.items()
                for value in values
            ],
        )

    @cached_property
    def keys(self) -> frozenset[str]:
        """What a line must have one of, in the form of `keys_of`; empty: anything."""
        return frozenset(entry.key for entry in self.entries)

    @cached_property
    def without(self) -> frozenset[str]:
        """What a line must have none of."""
        out = self.excluded.keys if self.excluded is not None else frozenset[str]()
        return out | {REDUCED} if self.reduced == "not" else out

    @cached_property
    def mark(self) -> str:
        """Names them among all goods: the same for goods that mean the same by the same lists."""
        return intern(blake2b(msgspec.json.encode(self), digest_size=16).hexdigest())

    @cached_property
    def everything(self) -> bool:
        return not self.keys and not self.without and self.reduced is None

    @cached_property
    def fine(self) -> bool:
        """Whether two lines of one product may differ: by their attributes, or by being reduced."""
        out = self.excluded
        return bool(self.attributes) or self.reduced is not None or (out is not None and bool(out.attributes))

    def has(self, keys: frozenset[str]) -> bool:
        """Whether a line with these keys is meant."""
        return (
            (not self.keys or not self.keys.isdisjoint(keys))
            and self.without.isdisjoint(keys)
            and (self.reduced != "only" or REDUCED in keys)
        )

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What a sentence about these goods needs: the label, else the first few codes of each list."""
        found: dict[str, Any] = {"label": dict(self.label)} if self.label else few(self.entries)
        return found | {"reduced": self.reduced} if self.reduced is not None else found


EVERYTHING = Goods()


def few(entries: tuple[Entry, ...] | list[Entry]) -> dict[str, list[str]]:
    """The first three names of each facet, as `Goods.facts` has them."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        names = found.setdefault(entry.facet, [])
        if len(names) < 3:
            names.append(entry.name)
    return found


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
    if line.attributes:
        keys.update(attribute_keys(line.attributes))
    if line.regular_price > line.unit_price:
        keys.add(REDUCED)
    return frozenset(keys)


def attribute_keys(attributes: Mapping[str, Any]) -> Iterator[str]:
    """a:colour=red for each; true and false as JSON writes them."""
    for name, value in attributes.items():
        yield f"a:{name}={str(value).lower() if isinstance(value, bool) else value}"


def goods_within(value: object) -> Iterator[Goods]:
    """Every `Goods` anywhere inside a condition or a benefit."""
    if isinstance(value, Goods):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from goods_within(getattr(value, name))
    elif isinstance(value, tuple):
        for item in cast(tuple[object, ...], value):
            yield from goods_within(item)


def goods_text(facts: dict[str, Any], words: Words, *, either: bool = True) -> str:
    """The goods of `Goods.facts` as people say them; empty when every line is meant."""
    text = _named(facts, words, either)
    reduced = facts.get("reduced")
    if reduced is None:
        return text
    if reduced == "only":
        mark = words.gettext("{goods} at a reduced price")
    else:
        mark = words.gettext("{goods} at the regular price")
    return mark.format(goods=text or words.gettext("goods"))


def _named(facts: dict[str, Any], words: Words, either: bool) -> str:
    label: dict[str, str] = facts.get("label") or {}
    if label:
        return said(label, words.language, "en")
    names = [words.goods(facet, code) for facet in FACETS for code in facts.get(facet, ())]
    return words.joined(names, either=either)

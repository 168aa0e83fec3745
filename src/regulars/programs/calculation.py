"""What the calculation of a basket is told by a program: the order of its groups, and the goods that are left alone."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

GoodsCode = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class GroupSetting(Struct, frozen=True, forbid_unknown_fields=True):
    """A named group of promotions; its place in the list is its place in the order of calculation."""

    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]*$")]
    stage: Literal["item", "basket", "earning"]
    rule: Literal["all", "first", "best", "worst"] = "all"
    excludes: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    """Names of earlier groups: what one of them touched is left alone."""


DEFAULT_GROUPS = (
    GroupSetting("items", "item", "best"),
    GroupSetting("basket", "basket", "best"),
    GroupSetting("points", "earning", "all"),
)


class GoodsSetting(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Goods that any of the lists names; without lists: none."""

    skus: Annotated[tuple[GoodsCode, ...], Meta(max_length=10_000)] = ()
    categories: Annotated[tuple[GoodsCode, ...], Meta(max_length=1_000)] = ()
    tags: Annotated[tuple[GoodsCode, ...], Meta(max_length=1_000)] = ()
    brands: Annotated[tuple[GoodsCode, ...], Meta(max_length=1_000)] = ()


class ExcludedGoods(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Goods that a program leaves alone (tobacco, alcohol, gift cards, deposits), for each purpose."""

    discount: GoodsSetting = GoodsSetting()
    earning: GoodsSetting = GoodsSetting()
    spending: GoodsSetting = GoodsSetting()

"""Where in a document something stands that a finding is about: JSON pointers of benefits, goods and fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from msgspec import Struct, structs

from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.goods import Goods


def of_benefits(
    benefits: Sequence[Benefit], meant: Callable[[Benefit], bool], field: str = ""
) -> tuple[str, ...]:
    """The benefits that are meant, or a field of each; all of them where none is."""
    found = [place for place, benefit in enumerate(benefits) if meant(benefit)] or range(len(benefits))
    suffix = f"/{field}" if field else ""
    return tuple(f"/benefits/{place}{suffix}" for place in found)


def goods_at(value: object, pointer: str) -> Iterator[tuple[str, Goods]]:
    """Every `Goods` inside a condition or a benefit, with where it stands."""
    if isinstance(value, Goods):
        yield pointer, value
    if isinstance(value, Struct):
        for field in structs.fields(value):
            yield from goods_at(getattr(value, field.name), f"{pointer}/{field.encode_name}")
    elif isinstance(value, tuple):
        for place, item in enumerate(cast(tuple[object, ...], value)):
            yield from goods_at(item, f"{pointer}/{place}")

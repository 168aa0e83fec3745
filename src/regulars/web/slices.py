"""Cuts a page out of a list that is read whole, because there is never much of it: its query and its cursors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

ITEMS_MAX = 1_000


class Slice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which part of a list."""

    limit: Annotated[int, Meta(ge=1, le=ITEMS_MAX)] = ITEMS_MAX
    cursor: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,8}-[0-9a-f]{16}$(?!\n)")] | None = None


def cut(found: Any, asked: Slice, names: Sequence[str]) -> Any:
    """The answer with those items that come after the cursor; `names`: the fields that tell its items apart.

    A cursor names the last item that was shown and its place, counted from 1. Where that item is gone, what comes
    after it has moved up to its place.
    """
    items: tuple[Any, ...] = found.items
    first = 0
    if asked.cursor is not None:
        place, _, mark = asked.cursor.partition("-")
        first = int(place)
        if _mark(items[first - 1 : first], names) != mark:
            marks = [_mark((one,), names) for one in items]
            first = marks.index(mark) + 1 if mark in marks else first - 1
    last = first + asked.limit
    more = f"{last}-{_mark(items[last - 1 : last], names)}" if last < len(items) else None
    return structs.replace(found, items=items[first:last], next=more)


def _mark(items: Sequence[Any], names: Sequence[str]) -> str:
    told = [getattr(item, name) for item in items for name in names]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]

"""Decides what may be named for members that promotions know by a code only, and how such a name is written."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

NamedKind = Literal["group", "audience", "club", "tier", "channel", "payment"]
NamedCode = Annotated[str, Meta(min_length=1, max_length=127, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
NameByLanguage = Annotated[
    dict[Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")], Name], Meta(min_length=1, max_length=20)
]

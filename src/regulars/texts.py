"""Texts by language as documents have them: within which bounds, and which of them is read where. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")]
"""Two or three small letters, as ISO 639 has them."""
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Text = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*$(?!\n)")]
Names = Annotated[dict[Language, Name], Meta(max_length=20)]
Texts = Annotated[dict[Language, Text], Meta(max_length=20)]


def said(texts: Mapping[str, str], *languages: str) -> str:
    """The text in the first of these languages that has one, else in any; empty: there is none."""
    for language in languages:
        if text := texts.get(language):
            return text
    return next(iter(texts.values()), "")

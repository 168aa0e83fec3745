"""Decides how a cell leaves and comes back, so that a spreadsheet takes none for a formula."""

from __future__ import annotations

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text with a leading ' where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def plain(text: str) -> str:
    """A text as it was before `harmless`."""
    return text[1:] if text.startswith("'") and text[1:2] in DANGEROUS and len(text) > 1 else text

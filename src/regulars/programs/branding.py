"""Decides how a program looks on what members hold: the logo's place, the card's number, receipts, a welcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct

LINES_MAX = 5
LINE_MAX = 48
"""Letters that fit on 80 mm of paper."""
WELCOME_MAX = 200
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")]
Line = Annotated[str, Meta(min_length=1, max_length=LINE_MAX, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Lines = Annotated[tuple[Line, ...], Meta(max_length=LINES_MAX)]
Sentence = Annotated[str, Meta(min_length=1, max_length=WELCOME_MAX, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
LogoPlace = Literal["right", "left", "above"]
NumberStyle = Literal["fours", "whole", "last_four"]
Text = TypeVar("Text")


class Branding(Struct, frozen=True, forbid_unknown_fields=True):
    """What a program's own hand is on cards, receipts and the member's pages. Texts are by language."""

    logo_place: LogoPlace = "right"
    """Beside the name, or above it."""
    number_style: NumberStyle = "fours"
    """A card's number in groups of four, as one, or by its last four digits alone."""
    receipt_header: Annotated[dict[Language, Lines], Meta(max_length=20)] = {}
    """Under the program's name: an address, a registration number."""
    receipt_footer: Annotated[dict[Language, Lines], Meta(max_length=20)] = {}
    """At the end: thanks, how goods come back."""
    welcome: Annotated[dict[Language, Sentence], Meta(max_length=20)] = {}
    """A sentence at the door of the member's pages."""

    def printed(self, number: str) -> str:
        """A card's number as it is shown to people."""
        if self.number_style == "whole":
            return number
        return f"•••• {number[-4:]}" if self.number_style == "last_four" and number else grouped(number)


def grouped(number: str) -> str:
    """A card's number in groups of four."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def said(texts: Mapping[str, Text], language: str, own: str) -> Text | None:
    """What stands there in a language, else in the program's own; None: nothing does."""
    return texts.get(language, texts.get(own))

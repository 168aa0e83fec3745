"""What the linter answers, and what it is told of the program around a promotion."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.promotions.index import Live
from regulars.promotions.model import Line, Rules

Severity = Literal["error", "warning", "note"]


class ExampleLine(Struct, frozen=True, omit_defaults=True):
    """A line of an example, amounts in minor units of base money."""

    sku: str
    quantity: str
    """A decimal string."""
    gross: int
    discount: int
    cost: int | None = None
    """Of the whole line."""


class ExampleAward(Struct, frozen=True, omit_defaults=True):
    """What one promotion gives in an example."""

    promotion: str
    """Its name."""
    discount: int = 0
    earned: dict[str, int] = {}


class Example(Struct, frozen=True, omit_defaults=True):
    """A basket that shows it, and what the engine gave for it. Amounts in minor units of base money."""

    lines: tuple[ExampleLine, ...]
    at: datetime
    """Wall time of the store."""
    member: bool
    gross: int
    discount: int
    payable: int
    awards: tuple[ExampleAward, ...]
    store: str = ""
    text: str = ""
    """The basket in words."""


class Finding(Struct, frozen=True, omit_defaults=True):
    """Something about a promotion that its author should know."""

    severity: Severity
    """An `error` cannot be published, a `warning` only by who accepts it, a `note` is for information."""
    code: str
    sentence: str
    pointer: str = ""
    """The field of the document that it is about; empty: the whole."""
    example: Example | None = None
    also: tuple[str, ...] = ()
    """Other fields that it is about."""


class Place(Struct, frozen=True):
    """A store, as conditions know it."""

    partner: str = ""
    groups: tuple[str, ...] = ()


class Surroundings(Struct, frozen=True):
    """What a promotion would meet once it is published. What is None is not known, and nothing is said about it."""

    live: Live
    """All other live promotions, and the groups."""
    rules: Rules
    now: datetime
    """Wall time of the program, without an offset."""
    promotion: UUID | None = None
    """The id of the promotion, where it has one."""
    languages: tuple[str, ...] = ("en",)
    partners: frozenset[str] = frozenset()
    stores: dict[str, Place] | None = None
    """By code."""
    new_stores: bool = True
    """Whether a store that is not known is entered with its first purchase."""
    late_days: int = 0
    """How late a receipt may come and still get the offers of its time."""
    wares: tuple[Line, ...] = ()
    """Products that the promotion may mean, as lines of one piece; those with the smallest margin come first."""
    goods_known: frozenset[str] | None = None
    """Of the goods that the promotion names those that there are, by their keys (`Entry.key`)."""
    names: dict[str, str] = {}
    """What products are called, by SKU."""
    code_batches: frozenset[str] | None = None
    """Of the batches of codes that it names those that there are."""

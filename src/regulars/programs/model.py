"""Programs: who runs one, its stores and currencies, and who calls."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.programs import branding as branding_texts
from regulars.programs.settings import ProgramSettings
from regulars.units import Ratio

Scope = Literal["till", "issuer", "manage", "read", "partner", "aggregator", "operator"]


class CurrencySpec(Struct, frozen=True):
    """A points currency of a program, or money that is given as points (cashback)."""

    code: str
    kind: Literal["points", "money", "qualifying", "stamps", "visits"]
    """`stamps`: of a stamp card; `visits`: those of prepaid packs. Neither pays."""
    scale: int
    worth: Ratio
    """Minor units of the base money that one (minor) unit is worth when it pays."""
    names: dict[str, dict[str, str]]
    """By language, the plural forms by CLDR category: {"en": {"one": "point", "other": "points"}}."""
    active_after_days: int = 0
    expires_after_days: int | None = None
    expires_after_months: int | None = None


class Spot(Struct, frozen=True):
    """A point of the earth (WGS 84), in millionths of a degree."""

    latitude: int
    longitude: int


class Store(Struct, frozen=True):
    """A place where people buy."""

    id: UUID
    code: str
    name: str
    partner: UUID
    time_zone: str
    groups: tuple[str, ...] = ()


class Partner(Struct, frozen=True):
    """A company that takes part; a program of one company has just `operator`."""

    id: UUID
    code: str
    name: str


class Program(Struct, frozen=True):
    """A program as processes cache it, until its version moves on."""

    id: UUID
    slug: str
    """Its short name in addresses, unique in the installation."""
    name: str
    base_currency: str
    time_zone: str
    languages: tuple[str, ...]
    sandbox: bool
    settings: ProgramSettings
    version: int
    operator: UUID
    """The partner that runs the program."""
    currencies: dict[str, CurrencySpec]
    stores: dict[str, Store]
    """By code."""
    partners: dict[str, Partner]
    """By code."""

    @property
    def points(self) -> CurrencySpec | None:
        """The first points currency, by code: the one a till means when it names none."""
        return next((c for c in self.currencies.values() if c.kind == "points"), None)

    @property
    def points_code(self) -> str:
        """The code of that currency; "" where the program has no points."""
        return self.points.code if self.points else ""

    def receipt_lines(self, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What stands at the head and at the foot of a receipt in a language."""
        branding, own = self.settings.branding, self.languages[0]
        header, footer = (
            branding_texts.said(texts, language, own)
            for texts in (branding.receipt_header, branding.receipt_footer)
        )
        return header or (), footer or ()

    def welcome(self, language: str) -> str:
        """The sentence at the door of the member's pages; empty: there is none."""
        return branding_texts.said(self.settings.branding.welcome, language, self.languages[0]) or ""


class Till(Struct, frozen=True):
    """A till of a store, and the pool in which its anonymous purchases live."""

    store: UUID
    code: str
    pool: UUID


class ExchangeRate(Struct, frozen=True):
    """From when on one minor unit of `currency` is worth `rate` minor units of the base money."""

    currency: str
    valid_from: datetime
    rate: Ratio


class ApiKey(Struct, frozen=True):
    """A key as it is kept: everything but its text, of which only a digest is stored."""

    id: UUID
    program: UUID | None
    name: str
    scopes: tuple[str, ...]
    partner: UUID | None = None
    store: UUID | None = None


class KeyInForce(Struct, frozen=True):
    """A key with when it was made and last used (to the hour), and when it ends, if that is known."""

    key: ApiKey
    created_at: datetime
    used_at: datetime | None
    ends_at: datetime | None


class Brief(Struct, frozen=True):
    """What a job must know of a program to visit it."""

    id: UUID
    name: str
    time_zone: str
    sandbox: bool
    clock_at: datetime | None


OPERATOR = UUID(int=0)
"""In place of a program: the operator of the installation, whose keys make programs and belong to none."""


class Caller(Struct, frozen=True):
    """Who calls, as the key or session says: one program, scopes, perhaps one partner and one store."""

    program: UUID
    key: UUID
    scopes: frozenset[str]
    partner: UUID | None = None
    store: UUID | None = None
    name: str = ""
    author: str = ""
    """How facts name who calls, where that is not the key: `staff stf_…`."""

    @property
    def by(self) -> str:
        """Who calls, as facts name their author."""
        return self.author or ids.show("key", self.key)

    @property
    def request_partner(self) -> UUID:
        """Under whom request keys are unique."""
        return self.partner or self.program

    def serves(self, store: Store) -> bool:
        """Whether this is the one store, and a store of the one partner, that who calls is limited to."""
        return self.store in (None, store.id) and self.partner in (None, store.partner)


class Clock(Struct, frozen=True):
    """A program's clock; that of a sandbox can be set."""

    now: datetime
    follows_the_world: bool
    sandbox: bool

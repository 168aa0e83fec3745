"""The invented chain of the demo: Dzintars in Riga, its shops, and the ids that make loading it repeatable."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from regulars.flows.create_program import named_program
from regulars.programs.roles import Role

NAME = "Dzintars"
SLUG = "dzintars"
"""In the addresses of the member's pages; a program's short name is made from its name."""
CURRENCY = "EUR"
POINTS = "PTS"
TIME_ZONE = "Europe/Riga"
LANGUAGES = ("lv", "ru", "en", "et", "hu")
ACCENT = "#b8660a"
"""Amber."""

NOBODY = UUID(int=0)
PROGRAM = named_program(NOBODY, "demo/dzintars")
TASK = named_program(NOBODY, "demo/dzintars/receipts")


class Shop(NamedTuple):
    """A shop: its code, its neighbourhood, and how many tills it has."""

    code: str
    name: str
    address: str
    groups: tuple[str, ...]
    tills: int


SHOPS = (
    Shop("agenskalns", "Dzintars Āgenskalns", "Izdomātā iela 1, Rīga", ("pardaugava",), 4),
    Shop("teika", "Dzintars Teika", "Izdomātā iela 2, Rīga", ("ziemeli",), 4),
    Shop("purvciems", "Dzintars Purvciems", "Izdomātā iela 3, Rīga", ("austrumi",), 5),
    Shop("mezaparks", "Dzintars Mežaparks", "Izdomātā iela 4, Rīga", ("ziemeli",), 3),
    Shop("imanta", "Dzintars Imanta", "Izdomātā iela 5, Rīga", ("pardaugava",), 4),
    Shop("centrs", "Dzintars Centrs", "Izdomātā iela 6, Rīga", ("centrs",), 6),
)
"""The neighbourhoods are real, the shops and the street are not."""


class Employee(NamedTuple):
    """Somebody who runs the demo's program: invented, as are her address and her shop."""

    email: str
    name: str
    role: Role
    stores: tuple[str, ...] = ()


STAFF = (
    Employee("owner@dzintars.example", "Vija Paraudziņa", "owner"),
    Employee("marketing@dzintars.example", "Māris Izdoma", "marketing"),
    Employee("service@dzintars.example", "Sandra Palīdze", "service"),
    Employee("finance@dzintars.example", "Fricis Rēķins", "finance"),
    Employee("agenskalns@dzintars.example", "Ilze Veikaliņa", "shop_manager", ("agenskalns",)),
    Employee("auditor@dzintars.example", "Aija Pārbaude", "auditor"),
)
"""One for most roles; all have one password, which every installation makes up for itself."""

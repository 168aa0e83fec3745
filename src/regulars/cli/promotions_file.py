"""Reads and writes files of promotions: one document, a list of documents, or an export with its program.

An export holds what prices depend on (settings, groups, currencies, stores), so that it can be checked and tried
without a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.cli.places import Refused
from regulars.errors import Problem
from regulars.flows.known_programs import Known, compiled
from regulars.programs.model import CurrencySpec, Partner, Program, Store
from regulars.programs.settings import ProgramSettings
from regulars.promotions import document
from regulars.promotions.model import Document, Revision
from regulars.units import Ratio

NOBODY = UUID(int=0)


class Entry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A promotion of a file."""

    document: dict[str, Any]
    id: str = ""
    """Its id (prm_…) in the program that it comes from."""
    status: str = ""
    """As it was there: draft, live or stopped."""


class ProgramPart(Struct, frozen=True, forbid_unknown_fields=True):
    """What prices depend on."""

    currency: str = "EUR"
    time_zone: str = "Europe/Riga"
    languages: tuple[str, ...] = ("en",)
    settings: ProgramSettings = ProgramSettings()
    currencies: tuple[CurrencySpec, ...] = ()
    stores: tuple[Store, ...] = ()
    partners: tuple[Partner, ...] = ()
    operator: UUID = NOBODY


class PromotionsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of promotions."""

    promotions: tuple[Entry, ...]
    program: ProgramPart = ProgramPart()


class Read(Struct, frozen=True):
    """A promotion of a file, checked."""

    entry: Entry
    document: Document


def read(path: Path) -> tuple[PromotionsFile, list[Read]]:
    """The file and its documents. Raises Refused with the first that is wrong."""
    try:
        raw: object = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} is not JSON: {error}.") from error
    if isinstance(raw, dict) and "benefits" in raw:
        raw = [raw]
    if isinstance(raw, list):
        raw = {"promotions": [{"document": one} for one in cast(list[object], raw)]}
    try:
        file = msgspec.convert(raw, PromotionsFile)
    except msgspec.ValidationError as error:
        raise Refused(f"{path.name} is no file of promotions: {error}.") from error
    return file, [_checked(entry, place, path) for place, entry in enumerate(file.promotions, 1)]


def _checked(entry: Entry, place: int, path: Path) -> Read:
    try:
        return Read(entry, document.parse(entry.document))
    except Problem as problem:
        faults = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in problem.errors) or problem.detail
        name = entry.document.get("name", "")
        raise Refused(f"Promotion {place} of {path.name} ({name!r}) is wrong: {faults}.") from problem


def written(program: Program, entries: Iterable[Entry]) -> bytes:
    """An export, ready to be written."""
    part = ProgramPart(
        program.base_currency,
        program.time_zone,
        program.languages,
        program.settings,
        tuple(program.currencies.values()),
        tuple(program.stores.values()),
        tuple(program.partners.values()),
        program.operator,
    )
    return msgspec.json.format(msgspec.json.encode(PromotionsFile(tuple(entries), part)), indent=2) + b"\n"


def known(file: PromotionsFile, found: Iterable[Read]) -> Known:
    """The program of a file with its promotions, ready to price with; ids are the places in the file.

    Currencies that the file does not say are points worth one minor unit each. Raises Contradiction.
    """
    part, found = file.program, list(found)
    currencies = {currency.code: currency for currency in part.currencies}
    for code in sorted({code for one in found for code in _currencies(one.document)} - currencies.keys()):
        currencies[code] = CurrencySpec(code, "points", 0, Ratio(1), {})
    program = Program(
        NOBODY, "", "", part.currency, part.time_zone, part.languages, True, part.settings, 0, part.operator,
        currencies, {store.code: store for store in part.stores}, {partner.code: partner for partner in part.partners},
    )  # fmt: skip
    return compiled(program, [Revision(UUID(int=n), 1, one.document) for n, one in enumerate(found, 1)])


def _currencies(one: Document) -> list[str]:
    return [str(benefit["currency"]) for benefit in one.benefits if "currency" in benefit]

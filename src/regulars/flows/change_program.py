"""Changes a program: the fields and settings that are given, the others stay; contradictions are refused."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.errors import Fault, InvalidValue, UnknownField, Unprocessable
from regulars.programs import logos, reading, registry, slugs
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.consistency import require_currencies
from regulars.programs.model import Program
from regulars.programs.settings import ProgramSettings

LANGUAGES = ("en", "lv", "ru", "et", "hu")


class ProgramChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`PATCH /v1/program`. The base money and the kind of the program are for good."""

    slug: (
        Annotated[str, Meta(min_length=1, max_length=slugs.LENGTH_MAX, pattern=slugs.PATTERN)] | UnsetType
    ) = UNSET
    """Short name in the addresses of the member's pages; those of before no longer lead anywhere."""
    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | UnsetType = UNSET
    time_zone: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType = UNSET
    languages: Annotated[tuple[str, ...], Meta(min_length=1, max_length=5)] | UnsetType = UNSET
    settings: dict[str, Any] | UnsetType = UNSET


class ProgramView(Struct, frozen=True):
    """A program as it is answered."""

    id: str
    slug: str
    """Its short name in addresses."""
    name: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    sandbox: bool
    settings: ProgramSettings


def program_view(program: Program) -> ProgramView:
    """The program as it is answered."""
    return ProgramView(
        id=ids.show("prg", program.id),
        slug=program.slug,
        name=program.name,
        currency=program.base_currency,
        time_zone=program.time_zone,
        languages=program.languages,
        sandbox=program.sandbox,
        settings=program.settings,
    )


async def change_program(database: Database, program: UUID, change: ProgramChange) -> ProgramView:
    """The program as changed.

    Raises Unprocessable with a fault per field, Contradiction with its sentences, SlugTaken.
    """

    async def work(tx: Transaction) -> ProgramView:
        slug, name, time_zone, languages, settings = await registry.current(tx, program)
        before = _state(slug, name, time_zone, languages, settings)
        if change.slug is not UNSET:
            slug = change.slug
        if change.name is not UNSET:
            name = change.name
        if change.time_zone is not UNSET:
            time_zone = change.time_zone
        if change.languages is not UNSET:
            languages = change.languages
        if change.settings is not UNSET:
            settings = merged(settings, change.settings)
            await _require_logo(tx, program, settings.logo)
        if faults := place_faults(time_zone, languages):
            raise Unprocessable(" ".join(fault.detail for fault in faults), errors=faults)
        await registry.change(
            tx, program, slug=slug, name=name, time_zone=time_zone, languages=languages, settings=settings
        )
        loaded = await reading.load(tx, program)
        require_currencies(loaded)
        was, became = trail.difference(before, _state(slug, name, time_zone, languages, settings))
        if became:
            await trail.record(tx, program, Change("program.changed", loaded.slug, was, became))
        return program_view(loaded)

    return await database.run(program, work)


async def _require_logo(tx: Transaction, program: UUID, digest: str) -> None:
    if digest and await logos.find(tx, program, digest) is None:
        raise InvalidValue("/settings/logo", "No such picture was ever given: PUT /v1/program/logo.")


async def read_program(database: Database, program: UUID) -> ProgramView:
    """`GET /v1/program`."""
    async with database.transaction(program) as tx:
        return program_view(await reading.load(tx, program))


def _state(
    slug: str, name: str, time_zone: str, languages: tuple[str, ...], settings: ProgramSettings
) -> dict[str, Any]:
    fields = {"slug": slug, "name": name, "time_zone": time_zone, "languages": list(languages)}
    return fields | {f"settings.{name}": value for name, value in msgspec.to_builtins(settings).items()}


def merged(settings: ProgramSettings, changes: dict[str, Any]) -> ProgramSettings:
    """The settings with those that are given replaced whole. Raises UnknownField or InvalidValue."""
    known = ProgramSettings.__struct_fields__
    for field in changes:
        if field not in known:
            raise UnknownField(f"/settings/{field}")
    document = msgspec.to_builtins(settings) | changes
    try:
        return msgspec.convert(document, ProgramSettings)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        pointer = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
        raise InvalidValue(f"/settings{pointer}", sentence) from error


def place_faults(time_zone: str, languages: tuple[str, ...]) -> list[Fault]:
    """What is wrong with a time zone and a list of languages."""
    faults: list[Fault] = []
    try:
        clock.zone(time_zone)
    except ValueError:
        faults.append(Fault("/time_zone", f"There is no time zone {time_zone!r}; one is Europe/Riga."))
    for place, language in enumerate(languages):
        if language not in LANGUAGES:
            faults.append(
                Fault(
                    f"/languages/{place}",
                    f"{language!r} is not spoken here; there are {', '.join(LANGUAGES)}.",
                )
            )
    if len(set(languages)) != len(languages):
        faults.append(Fault("/languages", "A language stands twice."))
    return faults

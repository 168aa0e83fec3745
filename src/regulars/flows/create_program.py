"""Makes a program with its first partner, its points and its first key, in one transaction."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Fault, Unprocessable
from regulars.flows.change_program import ProgramView, merged, place_faults, program_view
from regulars.flows.create_key import KeyView, key_view, record_key, show_key
from regulars.programs import keys, reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.consistency import require_currencies
from regulars.programs.model import ApiKey, Program
from regulars.programs.settings import ProgramSettings

FIRST_KEY_SCOPES = ("manage", "till", "issuer", "read")


class NewProgram(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/programs`."""

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    """The base money, ISO 4217."""
    time_zone: Annotated[str, Meta(min_length=1, max_length=64)]
    languages: Annotated[tuple[str, ...], Meta(min_length=1, max_length=5)]
    """The first is the program's own; en, lv, ru, et and hu are spoken."""
    settings: dict[str, Any] = {}
    sandbox: bool = False


class NewProgramView(Struct, frozen=True):
    """The program and its first key, whose text is shown here and never again."""

    program: ProgramView
    key: KeyView


class Created(Struct, frozen=True):
    """A program that was made (or was there, `new` False), and its first key with the text, where one was made."""

    program: Program
    key: ApiKey | None
    text: str
    new: bool


def named_program(maker: UUID, name: str) -> UUID:
    """The id of the program that `maker` asks for under the request name `name`: the same for every retry."""
    whole = hashlib.sha256(b"regulars program\n" + maker.bytes + name.encode()).digest()
    value = int.from_bytes(whole[:16], "big")
    version_and_variant = 0xF << 76 | 0x3 << 62
    return UUID(int=value & ~version_and_variant | 0x8 << 76 | 0x2 << 62)


async def create_program(
    database: Database,
    new: NewProgram,
    *,
    at: datetime,
    program: UUID | None = None,
    with_key: bool = True,
) -> Created:
    """Make a program for the command line or the wizard; with a `program` that is there already, only read it.

    Raises Unprocessable with a fault per field, Contradiction for settings that contradict one another.
    """
    identifier = program or ids.new()
    settings = _checked(new)

    async def work(tx: Transaction) -> Created:
        made = await _create(tx, identifier, new, settings, at)
        if not made:
            return Created(await reading.load(tx, identifier), None, "", new=False)
        text = keys.make("test" if new.sandbox else "live") if with_key else ""
        key = await _first_key(tx, identifier, text, at) if with_key else None
        loaded = await reading.load(tx, identifier)
        require_currencies(loaded)
        await _record(tx, loaded, key, at)
        return Created(loaded, key, text, new=True)

    return await database.run(identifier, work)


async def create_program_once(
    database: Database, request: Request, new: NewProgram, *, secret: bytes
) -> Answer:
    """`POST /v1/programs`: 201 with the program and its first key; a replay repeats both.

    `request.program` is `named_program(operator's key, Idempotency-Key)`, so that retries meet in one row.
    """
    settings = _checked(new)
    program = request.program

    async def work(tx: Transaction) -> Answer:
        made = await _create(tx, program, new, settings, request.at)
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret, within="key")
        assert made, "a program of a request that was never answered was never committed"
        key_id = ids.new()
        text = keys.derive("test" if new.sandbox else "live", secret, key_id)
        key = await _first_key(tx, program, text, request.at, key_id)
        loaded = await reading.load(tx, program)
        require_currencies(loaded)
        await _record(tx, loaded, key, request.at)
        view = NewProgramView(program_view(loaded), key_view(key, loaded))
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(view))
        return show_key(kept, secret, within="key")

    return await database.run(program, work)


async def _create(
    tx: Transaction, program: UUID, new: NewProgram, settings: ProgramSettings, at: datetime
) -> bool:
    return await registry.create(
        tx,
        program,
        name=new.name,
        base_currency=new.currency,
        time_zone=new.time_zone,
        languages=new.languages,
        sandbox=new.sandbox,
        settings=settings,
        at=at,
    )


async def _record(tx: Transaction, program: Program, key: ApiKey | None, at: datetime) -> None:
    view = program_view(program)
    await trail.record(tx, program.id, Change("program.created", program.slug, after=view), at)
    if key is not None:
        await record_key(tx, key, program, at)


async def _first_key(
    tx: Transaction, program: UUID, text: str, at: datetime, identifier: UUID | None = None
) -> ApiKey:
    key = ApiKey(identifier or ids.new(), program, "the first key", FIRST_KEY_SCOPES)
    await registry.add_key(tx, key, text, at)
    return key


def _checked(new: NewProgram) -> ProgramSettings:
    faults = place_faults(new.time_zone, new.languages)
    if not _is_currency(new.currency):
        faults.append(Fault("/currency", f"{new.currency} is not a currency of ISO 4217."))
    if not new.name.strip():
        faults.append(Fault("/name", "A program needs a name."))
    if faults:
        raise Unprocessable(" ".join(fault.detail for fault in faults), errors=faults)
    return merged(ProgramSettings(), new.settings)


def _is_currency(code: str) -> bool:
    from babel.numbers import list_currencies

    return code in list_currencies()

"""Gives a program its logo, and reads it: a picture that members see on their card and pages."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound
from regulars.flows.change_program import ProgramView, merged, program_view
from regulars.programs import logos, reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.logos import BYTES_MAX, Logo
from regulars.programs.model import Program

NOT_A_PICTURE = "is not a PNG, JPEG or WebP picture of at most 200 kB"


class NewLogo(Struct, frozen=True, forbid_unknown_fields=True):
    """`PUT /v1/program/logo`."""

    image: Annotated[str, Meta(max_length=BYTES_MAX * 4 // 3 + 4, pattern=r"^[A-Za-z0-9+/=]*$(?!\n)")]
    """Base64 of a PNG, JPEG or WebP of at most 200,000 bytes; empty: no logo any more."""


def picture(new: NewLogo) -> bytes:
    """The bytes that were sent. Raises InvalidValue."""
    try:
        return base64.b64decode(new.image, validate=True)
    except binascii.Error:
        raise InvalidValue("/image", "is not Base64") from None


async def put_logo(database: Database, program: UUID, body: bytes, *, at: datetime) -> ProgramView:
    """The program with this logo; no bytes take it away. Raises InvalidValue for what is no picture of ours."""
    logo = logos.recognized(body) if body else None
    if body and logo is None:
        raise InvalidValue("/image", NOT_A_PICTURE)

    async def work(tx: Transaction) -> ProgramView:
        slug, name, time_zone, languages, settings = await registry.current(tx, program)
        digest = await logos.keep(tx, program, logo, at) if logo else ""
        changed = merged(settings, {"logo": digest})
        await registry.change(
            tx, program, slug=slug, name=name, time_zone=time_zone, languages=languages, settings=changed
        )
        if settings.logo != digest:
            before, after = {"settings.logo": settings.logo}, {"settings.logo": digest}
            await trail.record(tx, program, Change("program.changed", slug, before, after))
        return program_view(await reading.load(tx, program))

    return await database.run(program, work)


async def logo_of(database: Database, program: Program) -> Logo | None:
    """The picture in force; None: there is none."""
    digest = program.settings.logo
    return await read_logo(database, program.id, digest) if digest else None


async def read_logo(database: Database, program: UUID, digest: str) -> Logo:
    """The picture with this SHA-256. Raises NotFound."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise NotFound("There is no such picture.")
    async with database.transaction(program) as tx:
        found = await logos.find(tx, program, digest)
    if found is None:
        raise NotFound("There is no such picture.")
    return found

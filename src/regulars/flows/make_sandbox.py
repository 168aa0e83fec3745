"""Makes a sandbox of a program, or makes it anew: settings, partners, stores, currencies, goods, live promotions.

It is a program of its own: row-level security keeps its key from everything of the program that it was made of. Nobody
is in it, and batches of codes are there without a code: the live program's codes open nothing here.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound
from regulars.flows import sandbox_copy
from regulars.flows.change_program import ProgramView, program_view, read_program
from regulars.flows.create_key import key_view, show_key
from regulars.flows.create_program import FIRST_KEY_SCOPES, NewProgramView, named_program
from regulars.programs import keys, reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import ApiKey
from regulars.programs.staff import people


async def make_sandbox(
    database: Database, live: UUID, sandbox: UUID, key: str, digest: bytes, *, secret: bytes, at: datetime
) -> Answer:
    """201 with the sandbox and its first key; a replay repeats both. `at`: the world's time.

    `sandbox` is `named_program(live program, key)`, so that retries meet in one row. Raises StateConflict for a
    sandbox of a sandbox, NotFound.
    """
    source = await sandbox_copy.read_source(database, live)

    async def work(tx: Transaction) -> Answer:
        made = await sandbox_copy.create(tx, source.program, sandbox, at)
        request = Request(sandbox, sandbox, key, digest, at)
        first = await requests.claim(tx, request)
        if first is not None:
            return show_key(first, secret, within="key")
        assert made, "a sandbox of a request that was never answered was never committed"
        await sandbox_copy.fill(tx, source, sandbox, at)
        return show_key(await _opened(tx, request, secret), secret, within="key")

    answer = await database.run(sandbox, work)
    if not answer.replayed:
        await sandbox_copy.copy_goods(database, live, sandbox)
    return answer


async def refresh_sandbox(
    database: Database, live: UUID, request: Request, staff: UUID, *, secret: bytes
) -> Answer:
    """The one sandbox of the back office: 201 with its first key when it is made, 200 when it is as the program is now.

    `request.program` is `office_sandbox(live)`, `request.at` the world's time. Promotions that a person made in the
    sandbox stay, and so do its members. Raises StateConflict for a sandbox of a sandbox, NotFound.
    """
    source, sandbox = await sandbox_copy.read_source(database, live), request.program

    async def work(tx: Transaction) -> Answer:
        made = await sandbox_copy.create(tx, source.program, sandbox, request.at)
        first = await requests.claim(tx, request)
        if first is not None:
            return show_key(first, secret, within="key") if first.status == 201 else first
        if not made:
            await sandbox_copy.resettle(tx, source.program, sandbox)
        await sandbox_copy.fill(tx, source, sandbox, (await reading.program_clock(tx, sandbox)).now)
        await people.give_post(tx, sandbox, staff, ("owner",), request.at)
        if made:
            return show_key(await _opened(tx, request, secret), secret, within="key")
        view = program_view(await reading.load(tx, sandbox))
        await trail.record(
            tx, sandbox, Change("program.refreshed", view.slug, after={"of": source.program.slug})
        )
        return await requests.keep(tx, request, 200, msgspec.json.encode({"program": view}))

    answer = await database.run(sandbox, work)
    if not answer.replayed:
        await sandbox_copy.copy_goods(database, live, sandbox)
    return answer


def office_sandbox(live: UUID) -> UUID:
    """The id of the sandbox that the back office makes of a program: there is one."""
    return named_program(live, "sandbox of the back office")


async def read_office_sandbox(database: Database, live: UUID) -> ProgramView | None:
    """It, if it was made."""
    try:
        return await read_program(database, office_sandbox(live))
    except NotFound:
        return None


async def _opened(tx: Transaction, request: Request, secret: bytes) -> Answer:
    """Give the new sandbox its first key, and keep the answer without its text."""
    sandbox = request.program
    api_key = ApiKey(ids.new(), sandbox, "the first key", FIRST_KEY_SCOPES)
    await registry.add_key(tx, api_key, keys.derive("test", secret, api_key.id), request.at)
    loaded = await reading.load(tx, sandbox)
    view = NewProgramView(program_view(loaded), key_view(api_key, loaded))
    await trail.record(tx, sandbox, Change("program.created", loaded.slug, after=view.program), request.at)
    return await requests.keep(tx, request, 201, msgspec.json.encode(view))

"""Makes programs and keys from the command line, and shows them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from rich.console import Console

from regulars import clock, ids
from regulars.cli.places import Refused
from regulars.db.actors import Actor
from regulars.db.pool import Database
from regulars.db.requests import Answer, digest
from regulars.flows import create_key as keys_flow
from regulars.flows import create_program as programs_flow
from regulars.flows.found_program import fill_program, template_of
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.list_programs import list_programs
from regulars.flows.make_sandbox import make_sandbox
from regulars.programs.model import ApiKey

Result = TypeVar("Result")


def with_database(url: str, work: Callable[[Database], Awaitable[Result]], *, size: int = 2) -> Result:
    """Do one piece of work with an open pool of connections."""

    async def whole() -> Result:
        async with Database(url, size=size) as database:
            return await work(database.acting(Actor("command", _command())))

    return asyncio.run(whole())


def _command() -> str:
    """The command that was typed, without what it is to work on."""
    words = [word for word in sys.argv[1:3] if word.replace("-", "").isalpha() and not word.startswith("-")]
    return " ".join(["regulars", *words])


def program_id(text: str) -> UUID:
    """The id of a program as typed. Raises WrongIdKind."""
    return ids.read("prg", text, "/program")


async def the_program(database: Database, wanted: str | None) -> UUID:
    """The program that was named, or the only one. Raises Refused, WrongIdKind."""
    if wanted is not None:
        return program_id(wanted)
    programs = await list_programs(database)
    if len(programs) == 1:
        return programs[0].id
    names = ", ".join(f"{ids.show('prg', one.id)} {one.name}" for one in programs)
    raise Refused(f"Say --program: there are {names}." if programs else "There is no program yet.")


def create_program(
    url: str,
    name: str,
    currency: str,
    time_zone: str,
    languages: str,
    *,
    sandbox: bool,
    as_json: bool,
    out: Console,
    template: str | None = None,
) -> int:
    """Make a program, filled from a template if one is named, and show it with its first key."""
    ready = template_of(template) if template is not None else None
    document = {
        "name": name,
        "currency": currency,
        "time_zone": time_zone,
        "languages": [language.strip() for language in languages.split(",")],
        "sandbox": sandbox,
        "settings": ready.settings if ready else {},
    }
    try:
        new = msgspec.convert(document, programs_flow.NewProgram)
    except msgspec.ValidationError as error:
        raise Refused(f"The program was not made: {error}.") from error

    async def make(database: Database) -> programs_flow.Created:
        made = await programs_flow.create_program(database, new, at=clock.world())
        if ready is not None:
            await fill_program(database, KnownPrograms(database), made.program, ready, at=clock.world())
        return made

    made = with_database(url, make)
    identifier = ids.show("prg", made.program.id)
    shown = {
        "program": identifier,
        "name": name,
        "currency": currency,
        "time_zone": time_zone,
        "languages": new.languages,
        "sandbox": sandbox,
        **({"template": ready.code, "promotions": len(ready.promotions)} if ready else {}),
        "key": made.text,
    }
    _show(shown, as_json, out)
    return 0


def create_sandbox(url: str, program: str, *, secret: bytes, as_json: bool, out: Console) -> int:
    """Make a sandbox of a program and show it with its first key."""
    live, name = program_id(program), f"cli-{ids.new()}"
    sandbox = programs_flow.named_program(live, name)

    async def make(database: Database) -> Answer:
        return await make_sandbox(
            database, live, sandbox, name, digest(name, None), secret=secret, at=clock.world()
        )

    made = msgspec.json.decode(with_database(url, make).body)
    shown = {"program": made["program"]["id"], "name": made["program"]["name"], "key": made["key"]["key"]}
    _show(shown, as_json, out)
    return 0


def create_key(
    url: str,
    program: str,
    scopes: str,
    *,
    store: str | None,
    partner: str | None,
    name: str,
    as_json: bool,
    out: Console,
) -> int:
    """Make a key of a program and show it."""
    wanted = tuple(scope.strip() for scope in scopes.split(","))
    new = keys_flow.NewKey(scopes=wanted, name=name, partner=partner, store=store)
    identifier = program_id(program)
    key, text = with_database(url, lambda db: keys_flow.create_key(db, identifier, new, at=clock.world()))
    _show_key(key, text, as_json, out)
    return 0


def create_operator_key(url: str, name: str, *, as_json: bool, out: Console) -> int:
    """Make a key that makes programs, and show it."""
    key, text = with_database(url, lambda db: keys_flow.create_operator_key(db, name, at=clock.world()))
    _show_key(key, text, as_json, out)
    return 0


def _show_key(key: ApiKey, text: str, as_json: bool, out: Console) -> None:
    shown = {"id": ids.show("key", key.id), "name": key.name, "scopes": key.scopes, "key": text}
    _show(shown, as_json, out)


def _show(values: dict[str, Any], as_json: bool, out: Console) -> None:
    """Plain lines without wrapping, so that a key can be copied whole; JSON for programs."""
    if as_json:
        print(msgspec.json.encode(values).decode(), file=out.file)
        return
    width = max(len(name) for name in values) + 2
    for name, value in values.items():
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        out.print(f"{name:<{width}}{text}", markup=False, highlight=False, soft_wrap=True)
    out.print("\nThe key is shown only now: it is stored as a digest.", highlight=False)

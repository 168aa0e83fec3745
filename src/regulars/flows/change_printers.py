"""Changes one printer of a program's tills: the others, and the other settings, stay as they are just then."""

from __future__ import annotations

from uuid import UUID

from msgspec import structs

from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.programs import registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.tills import Printer

Place = tuple[str, str]
"""Store and till; an empty till is every one of the store."""


async def put_printer(database: Database, program: UUID, printer: Printer, instead_of: Place | None) -> None:
    """Enter a printer, or put it in the place of one that is there.

    Raises NotFound where there is none in that place (any more), Contradiction for a till that has another printer.
    """
    await database.run(program, lambda tx: _change(tx, program, printer, instead_of))


async def remove_printer(database: Database, program: UUID, place: Place) -> None:
    """Take it out. Raises NotFound."""
    await database.run(program, lambda tx: _change(tx, program, None, place))


async def _change(tx: Transaction, program: UUID, new: Printer | None, old: Place | None) -> None:
    slug, name, time_zone, languages, settings = await registry.current(tx, program)
    printers = settings.tills.printers
    kept = tuple(one for one in printers if (one.store, one.till) != old)
    if old is not None and len(kept) == len(printers):
        raise NotFound("There is no such printer any more.")
    after = tuple(sorted((*kept, new) if new else kept, key=lambda one: (one.store, one.till)))
    changed = structs.replace(settings, tills=structs.replace(settings.tills, printers=after))
    await registry.change(
        tx, program, slug=slug, name=name, time_zone=time_zone, languages=languages, settings=changed
    )
    was, became = set(printers) - set(after), set(after) - set(printers)
    if was or became:
        told = Change(
            "program.changed",
            slug,
            {"printers": sorted(map(_told, was))},
            {"printers": sorted(map(_told, became))},
        )
        await trail.record(tx, program, told)


def _told(one: Printer) -> str:
    return f"{one.store}/{one.till} {one.host}:{one.port}"

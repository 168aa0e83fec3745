"""Notes what was tried in vain at a till and stands on no receipt, so that the watch of tills sees it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars import clock
from regulars.db.pool import Database, Transaction
from regulars.flows.known_programs import KnownPrograms
from regulars.programs import misses
from regulars.programs.misses import What
from regulars.programs.model import Caller, Program, Store


async def note_misses(
    database: Database,
    programs: KnownPrograms,
    caller: Caller,
    store: str | None,
    till: str,
    cashier: str,
    guesses: Sequence[tuple[What, bytes]],
) -> None:
    """Keep them, each once a day, for the till that was named and the store that was named or is the key's."""
    program = (await programs.of(caller.program)).program
    at = await programs.now(program.id)
    place = _store(program, caller, store)
    day = at.astimezone(clock.zone(place.time_zone if place else program.time_zone)).date()

    async def work(tx: Transaction) -> None:
        # Our own till names itself with its store in look-ups.
        named = till.removeprefix(f"{place.code}/") if place else till
        where = (place.id if place else None, named, cashier)
        await misses.note(tx, program.id, day, where, guesses, at)

    await database.run(program.id, work)


async def forget_misses(database: Database, program: UUID, guesses: Sequence[bytes]) -> None:
    """Who was looked for by these is a member now."""
    await database.run(program, lambda tx: misses.forget(tx, program, guesses))


def _store(program: Program, caller: Caller, code: str | None) -> Store | None:
    """The one that was named, as far as the key may name it; else the key's own."""
    named = program.stores.get(code) if code is not None else None
    if named is not None and caller.store in (None, named.id) and caller.serves(named):
        return named
    return next((one for one in program.stores.values() if one.id == caller.store), None)

"""The master keys of the vault: recognised at the start, rotated to a new one, retired when nobody needs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database
from regulars.flows import own_words
from regulars.flows.list_programs import list_programs
from regulars.flows.sign_in_staff import NO_PROGRAM
from regulars.interchange import register
from regulars.members import safe, vault
from regulars.members.vault import Keyring, Vault, VaultLocked
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.staff import factors
from regulars.settings import Settings, read_master_keys

BATCH = 1000


class Generation(Struct, frozen=True):
    """A master key as `regulars vault status` shows it."""

    number: int
    persons: int
    """Sealed under it, in all programs."""
    texts: int
    """Persons, and what else is sealed."""
    key: Literal["at hand", "missing", "wrong"]
    """Whether the keyring has it; wrong: another one under its number."""
    retired_at: datetime | None


def keyring_of(settings: Settings) -> Keyring:
    """The keys that a process's settings name."""
    file = settings.master_key_file
    return Keyring(settings.secret, settings.master_keys, partial(read_master_keys, file) if file else None)


async def check_master_keys(database: Database, keyring: Keyring) -> None:
    """Refuse keys that are not those of this database, before one is used. Raises VaultLocked.

    A wrong key would seal new members so that nobody could open them with the right one. A key that nobody is sealed
    under may be another one, or gone.
    """
    marks = keyring.marks()
    async with database.transaction(None) as tx:
        known = await safe.known(tx)
    wrong = [one for one in known if one.generation in marks and marks[one.generation] != one.mark]
    missing = [one for one in known if one.generation not in marks and one.retired_at is None]
    if wrong or missing:
        sealed = await _sealed(database)
        _refuse(
            [one for one in wrong if one.generation in sealed], [m for m in missing if m.generation in sealed]
        )
    async with database.transaction(None) as tx:
        if await safe.know(tx, keyring, [one.generation for one in wrong]) != marks:
            raise VaultLocked(
                "Another process began with other master keys just now. Give all of them the same."
            )


def _refuse(wrong: Sequence[safe.MasterKey], missing: Sequence[safe.MasterKey]) -> None:
    for one in missing:
        raise VaultLocked(
            f"The master key of generation {one.generation} is missing: members are sealed under it. "
            "Bring back its line in the file of the master keys."
        )
    for one in wrong:
        raise VaultLocked(
            f"The master key of generation {one.generation} is not the one that this database was sealed with. "
            "Bring back the right file of the master keys."
        )


async def vault_status(database: Database, keyring: Keyring) -> list[Generation]:
    """Every generation that the database or the keyring knows, oldest first."""
    sealed = await _sealed(database)
    async with database.transaction(None) as tx:
        known = {one.generation: one for one in await safe.known(tx)}
    marks, found = keyring.marks(), []
    for number in sorted({*known, *sealed, *marks}):
        retired_at = known[number].retired_at if number in known else None
        right = number not in known or known[number].mark == marks.get(number)
        key = "missing" if number not in marks else "at hand" if right else "wrong"
        found.append(Generation(number, *sealed.get(number, (0, 0)), key, retired_at))
    return found


async def rotate_vault(database: Database, keyring: Keyring, advance: Callable[[int], None]) -> int:
    """Wrap every key under the newest master key; how many were changed. Raises VaultLocked.

    Page by page, each in a transaction of its own: it may be stopped and begun again at any time. `advance` hears
    how many rows were looked at.
    """
    changed = await _rewrap_staff(database, keyring, advance)
    for program in await list_programs(database):
        opened = vault.of(keyring, program.id)
        wrapped = 0
        for table in (*safe.TABLES, *own_words.TABLES):
            wrapped += await _rewrap_table(database, opened, table, advance)
        await _record(
            database, program.id, Change("vault.rotated", f"generation {keyring.newest}", after=wrapped)
        )
        changed += wrapped
    return changed


async def _rewrap_staff(database: Database, keyring: Keyring, advance: Callable[[int], None]) -> int:
    """The secrets of second factors, which belong to no program; how many were wrapped anew."""
    opened, changed, place = vault.of(keyring, NO_PROGRAM), 0, UUID(int=0)
    while True:
        async with database.transaction(None) as tx:
            rows = await factors.sealed_secrets(tx, place, BATCH)
            for staff, generation, key in rows:
                if generation != keyring.newest:
                    newest, wrapped = opened.rewrap(staff.bytes, generation, key)
                    await factors.rewrap_secret(tx, staff, newest, wrapped, before=key)
                    changed += 1
        if rows:
            advance(len(rows))
        if len(rows) < BATCH:
            return changed
        place = rows[-1][0]


async def _rewrap_table(
    database: Database, opened: Vault, table: safe.Sealing, advance: Callable[[int], None]
) -> int:
    changed = 0
    place: safe.Place | None = safe.START
    while place is not None:
        async with database.transaction(opened.program) as tx:
            place, seen, rewrapped = await safe.rewrap(tx, opened, table, place, BATCH)
        advance(seen)
        changed += rewrapped
    return changed


async def retire_master_key(database: Database, keyring: Keyring, generation: int, at: datetime) -> None:
    """Say that a generation is not needed any more. Raises VaultLocked while somebody is sealed under it."""
    await check_master_keys(database, keyring)
    if generation == keyring.newest:
        raise VaultLocked(f"Generation {generation} is the newest: what is sealed now is sealed under it.")
    left = {one.number: one.texts for one in await vault_status(database, keyring)}.get(generation)
    if left is None:
        raise VaultLocked(f"There is no generation {generation}.")
    if left:
        raise VaultLocked(
            f"{left} persons or other texts are sealed under generation {generation}; `regulars vault rotate` first."
        )
    async with database.transaction(None) as tx:
        await safe.retire(tx, generation, at)
    for program in await list_programs(database):
        await _record(database, program.id, Change("vault.key_retired", f"generation {generation}"))


async def _record(database: Database, program: UUID, change: Change) -> None:
    await database.run(program, lambda tx: trail.record(tx, program, change))


async def _sealed(database: Database) -> dict[int, tuple[int, int]]:
    """Generation → how many persons are sealed under it in all programs, and how many texts, staff's too."""
    async with database.transaction(None) as tx:
        secrets = await factors.secrets_by_generation(tx)
    sealed: dict[int, tuple[int, int]] = {generation: (0, count) for generation, count in secrets.items()}
    for program in await list_programs(database):
        async with database.transaction(program.id, analytical=True) as tx:
            for generation, (persons, texts) in (await safe.counts(tx, program.id)).items():
                before = sealed.get(generation, (0, 0))
                sealed[generation] = (before[0] + persons, before[1] + texts)
            # Parts of files are gone within their days, and are not wrapped anew.
            parts = await register.parts_by_generation(tx, program.id)
            words = await own_words.by_generation(tx, program.id)
            for generation, texts in (*parts.items(), *words.items()):
                before = sealed.get(generation, (0, 0))
                sealed[generation] = (before[0], before[1] + texts)
    return sealed

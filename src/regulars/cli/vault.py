"""Looks after the master keys of the vault: which there are, a new one, an old one that nobody needs any more."""

from __future__ import annotations

import os

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from regulars import clock, settings
from regulars.cli.places import Place, Refused
from regulars.cli.registering import with_database
from regulars.db.migrate import Seal
from regulars.db.plain_people import PlainPerson
from regulars.db.plain_words import PlainWords
from regulars.db.pool import Database
from regulars.flows import own_words
from regulars.flows.index_names import index_names
from regulars.flows.list_programs import list_programs
from regulars.flows.master_keys import (
    check_master_keys,
    retire_master_key,
    rotate_vault,
    vault_status,
)
from regulars.members.model import Person
from regulars.members.vault import Keyring, seal_plain


def sealer(place: Place, url: str) -> Seal:
    """What seals what an older database kept plain; the keys are looked for only if there is something.

    They are checked against the database before the first row is sealed: both raise VaultLocked for keys that are not
    its own, and what is plain stays.
    """
    found: Keyring | None = None

    def keyring() -> Keyring:
        nonlocal found
        if found is None:
            keys = place.keyring()
            with_database(url, lambda database: check_master_keys(database, keys))
            found = keys
        return found

    def person(plain: PlainPerson) -> tuple[int, bytes, bytes]:
        whole = Person(
            plain.name, plain.phone, plain.email, plain.external_id, plain.birthday, plain.attributes
        )
        return seal_plain(keyring(), plain.program, plain.member, whole)

    def words(plain: PlainWords) -> tuple[int, bytes, bytes]:
        return own_words.seal_plain(keyring(), plain)

    return Seal(person, words)


def require_right_keys(url: str, place: Place) -> None:
    """Refuse master keys that are not this database's. Raises VaultLocked."""
    with_database(url, lambda database: check_master_keys(database, place.keyring()))


def status(url: str, place: Place, out: Console) -> int:
    """`regulars vault status`; 1 where a key is missing or wrong that somebody is sealed under."""
    found = with_database(url, lambda database: vault_status(database, place.keyring()))
    table = Table("generation", "persons", "key", box=None, header_style="bold")
    for one in found:
        state = f"retired {one.retired_at:%Y-%m-%d}" if one.retired_at else one.key
        table.add_row(str(one.number), f"{one.persons:,}", state)
    out.print(table)
    return 1 if any(one.texts and one.key != "at hand" for one in found) else 0


def rotate(url: str, place: Place, out: Console) -> int:
    """`regulars vault rotate`. Raises VaultLocked, SettingsMissing."""
    keyring = place.keyring()
    newest = keyring.newest
    before = with_database(url, lambda database: vault_status(database, keyring))
    unfinished = any(one.texts and one.number != newest for one in before)
    if unfinished:
        out.print(f"Going on with generation {newest}.", highlight=False)
    elif os.environ.get(settings.MASTER_KEY):
        raise Refused(
            f"The master keys stand in {settings.MASTER_KEY}, which this command cannot change. "
            f"Add a line to it, for example {newest + 1} and the output of `openssl rand -base64 32`; "
            "restart the servers and the worker with it, and say `regulars vault rotate` again."
        )
    else:
        newest = settings.add_master_key(place.master_file)
        keyring = place.keyring()
        out.print(f"Generation {newest} was added to {place.master_file}.", highlight=False, soft_wrap=True)
    total = sum(one.texts for one in before)
    columns = (TextColumn("{task.description:<12}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=out) as bar:
        task = bar.add_task("Keys", total=total)

        async def work(database: Database) -> int:
            await check_master_keys(database, keyring)
            return await rotate_vault(database, keyring, lambda seen: bar.advance(task, seen))

        changed = with_database(url, work)
        bar.update(task, total=total or 1, completed=total or 1)
    out.print(f"{changed:,} keys were wrapped anew under generation {newest}.", highlight=False)
    out.print(
        "Copy the file of the master keys to where its copy is kept. Restart the servers and the worker, "
        "then say `regulars vault retire` for the older generation.",
        highlight=False,
        soft_wrap=True,
    )
    return 0


def retire(url: str, place: Place, generation: int, out: Console) -> int:
    """`regulars vault retire`. Raises VaultLocked while somebody is sealed under it."""
    keyring = place.keyring()
    with_database(url, lambda database: retire_master_key(database, keyring, generation, clock.world()))
    out.print(
        f"Generation {generation} is retired: its line may be taken out of the master keys. "
        "Keep it as long as there are backups from before the rotation that you may want to restore.",
        highlight=False,
        soft_wrap=True,
    )
    return 0


def index_names_of_all(url: str, place: Place, out: Console) -> int:
    """`regulars vault index-names`. Raises VaultLocked, SettingsMissing."""
    keyring = place.keyring()

    async def work(database: Database) -> int:
        await check_master_keys(database, keyring)
        with Progress(TextColumn("{task.description}"), TextColumn("{task.completed:,}"), console=out) as bar:
            task = bar.add_task("Names", total=None)
            return sum(
                [
                    await index_names(
                        database,
                        lambda: keyring,
                        program.id,
                        clock.world(),
                        lambda seen: bar.advance(task, seen),
                        again=True,
                    )
                    for program in await list_programs(database)
                ]
            )

    looked_at = with_database(url, work)
    out.print(f"{looked_at:,} members are found by their names.", highlight=False)
    return 0

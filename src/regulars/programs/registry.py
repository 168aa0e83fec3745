"""Keeps programs and their register: settings, partners, stores, tills, currencies, rates, keys.

What a process caches of a program (`reading.load`) moves its version on in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import errors as database_errors

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import Conflict, Fault, InvalidValue, NotFound, SlugTaken, StateConflict
from regulars.programs import keys, slugs
from regulars.programs.consistency import require_consistent
from regulars.programs.model import ApiKey, CurrencySpec, ExchangeRate, Partner, Spot, Till
from regulars.programs.reading import OPERATOR_CODE, SQL, find_tills
from regulars.programs.settings import ProgramSettings
from regulars.units import Ratio

POINTS = CurrencySpec(
    code="PTS",
    kind="points",
    scale=0,
    worth=Ratio(1),
    names={
        "en": {"one": "point", "other": "points"},
        "lv": {"zero": "punktu", "one": "punkts", "other": "punkti"},
        "ru": {"one": "балл", "few": "балла", "many": "баллов", "other": "балла"},
        "et": {"one": "punkt", "other": "punkti"},
        "hu": {"one": "pont", "other": "pont"},
    },
    expires_after_months=12,
)
"""What every new program begins with; plural forms by CLDR category."""


async def create(
    tx: Transaction,
    program: UUID,
    *,
    name: str,
    base_currency: str,
    time_zone: str,
    languages: Sequence[str],
    sandbox: bool,
    settings: ProgramSettings,
    at: datetime,
) -> bool:
    """Enter a new program with its operator as its first partner and PTS as its points; False if it is there.

    The transaction must be that of `program`. Raises Contradiction when the settings contradict one another.
    """
    require_consistent(settings)
    document = _document(settings)
    for slug in slugs.candidates(name):
        row = await fetch_one(
            tx,
            SQL.insert_program,
            (program, slug, name, base_currency, time_zone, list(languages), sandbox, document, at),
        )
        if row is not None:
            break
        if await fetch_one(tx, SQL.program_exists, (program,)) is not None:
            return False
    else:
        raise Conflict("Too many programs have this name.")
    await upsert_partner(tx, program, OPERATOR_CODE, name)
    await upsert_currency(tx, program, POINTS)
    return True


async def current(tx: Transaction, program: UUID) -> tuple[str, str, str, tuple[str, ...], ProgramSettings]:
    """Short name, name, time zone, languages and settings, locked until the transaction ends. Raises NotFound."""
    row = await fetch_one(tx, SQL.lock_program, (program,))
    if row is None:
        raise NotFound("There is no such program.")
    slug, name, time_zone, languages, settings = row
    return slug, name, time_zone, tuple(languages), msgspec.json.decode(settings, type=ProgramSettings)


async def change(
    tx: Transaction,
    program: UUID,
    *,
    slug: str,
    name: str,
    time_zone: str,
    languages: Sequence[str],
    settings: ProgramSettings,
) -> None:
    """Write what `current` gave, changed.

    Raises Contradiction when the settings contradict one another, SlugTaken when another program has the short name.
    """
    require_consistent(settings)
    changed = (slug, name, time_zone, list(languages), _document(settings), program)
    try:
        await tx.execute(SQL.change_program, changed)
    except database_errors.UniqueViolation as error:
        raise SlugTaken(errors=[Fault("/slug", "is another program's", SlugTaken.code)]) from error
    await bump(tx, program)


async def bump(tx: Transaction, program: UUID) -> int:
    """Move the program's version on, so that every process loads it anew; the new version.

    What it calculates by at this version is kept, so that purchases can be explained as they were decided.
    """
    row = await fetch_one(tx, SQL.bump_version, (program,))
    if row is None:
        raise NotFound("There is no such program.")
    return row[0]


async def move_clock(tx: Transaction, program: UUID, now: datetime) -> None:
    """Set a sandbox's clock, forward only. Raises StateConflict when it stands later already."""
    if await fetch_one(tx, SQL.move_clock, {"program": program, "now": now}) is None:
        raise StateConflict("The clock of a sandbox moves forward only, and only a sandbox has one to set.")


async def upsert_partner(tx: Transaction, program: UUID, code: str, name: str) -> Partner:
    """Enter a partner or change its name."""
    row = await fetch_one(tx, SQL.upsert_partner, (program, ids.new(), code, name))
    assert row is not None
    await bump(tx, program)
    return Partner(row[0], code, name)


async def upsert_store(
    tx: Transaction,
    program: UUID,
    *,
    code: str,
    name: str,
    partner: UUID,
    time_zone: str,
    groups: Sequence[str] = (),
    address: str = "",
    spot: Spot | None = None,
) -> UUID:
    """Enter a store or change it; its id."""
    row = await fetch_one(
        tx,
        SQL.upsert_store,
        (program, ids.new(), code, name, partner, time_zone, list(groups), address,
         spot.latitude if spot else None, spot.longitude if spot else None),
    )  # fmt: skip
    assert row is not None
    await bump(tx, program)
    return row[0]


async def remove_store(tx: Transaction, program: UUID, code: str) -> bool:
    """Take a store out that has no tills and that nothing refers to; False, and it stays, where something does."""
    try:
        async with tx.transaction():
            removed = await fetch_one(tx, SQL.remove_store, (program, code)) is not None
    except database_errors.ForeignKeyViolation:
        return False
    if removed:
        await bump(tx, program)
    return removed


async def add_stores(
    tx: Transaction, program: UUID, codes: Sequence[str], *, partner: UUID, time_zone: str
) -> int:
    """Enter stores that purchases named first, by their codes alone; how many were new."""
    new = 0
    for code in sorted(set(codes)):
        row = await fetch_one(tx, SQL.insert_store, (program, ids.new(), code, code, partner, time_zone))
        new += row is not None
    if new:
        await bump(tx, program)
    return new


async def add_tills(
    tx: Transaction, program: UUID, wanted: Sequence[tuple[UUID, str]]
) -> tuple[dict[tuple[UUID, str], Till], list[UUID]]:
    """Enter the tills (store, code) that are new.

    All wanted tills, and the pools that the caller must now open.
    """
    missing = sorted(set(wanted) - (await find_tills(tx, program, wanted)).keys())
    opened: list[UUID] = []
    if missing:
        pools = [ids.new(secrets.randbelow(ids.HOMES)) for _ in missing]
        columns = (
            arrays.uuids([store for store, _ in missing]),
            arrays.texts([code for _, code in missing]),
            arrays.uuids(pools),
        )
        opened = [pool for _, _, pool in await fetch_all(tx, SQL.insert_tills, (program, *columns))]
    return await find_tills(tx, program, wanted), opened


async def upsert_currency(tx: Transaction, program: UUID, currency: CurrencySpec) -> None:
    """Enter a currency or change its names, worth and validity.

    Raises StateConflict for another kind or scale.
    """
    row = await fetch_one(
        tx,
        SQL.upsert_currency,
        (
            program,
            currency.code,
            currency.kind,
            currency.scale,
            msgspec.json.encode(currency.names).decode(),
            currency.worth.numerator,
            currency.worth.denominator,
            currency.active_after_days,
            currency.expires_after_days,
            currency.expires_after_months,
        ),
    )
    if row is None:
        raise StateConflict(
            f"The currency {currency.code} has amounts in its books: its kind and its scale cannot change. "
            "Make another currency."
        )
    await bump(tx, program)


async def upsert_exchange_rate(tx: Transaction, program: UUID, rate: ExchangeRate) -> None:
    """Enter a dated rate.

    Purchases keep the rate they were made at, so a correction touches later ones only.
    """
    await tx.execute(
        SQL.insert_exchange_rate,
        (program, rate.currency, rate.valid_from, rate.rate.numerator, rate.rate.denominator),
    )
    await bump(tx, program)


async def add_key(tx: Transaction, key: ApiKey, text: str, at: datetime) -> None:
    """Keep a key's digest with what it may do.

    Raises InvalidValue for scopes that are unknown or do not fit.
    """
    _require_scopes(key)
    row = (key.id, keys.digest(text), key.program, key.name, list(key.scopes), key.partner, key.store, at)
    try:
        await tx.execute(SQL.insert_key, row)
    except database_errors.UniqueViolation as error:
        raise Conflict("This key exists already.") from error


async def revoke_key(
    tx: Transaction, key: UUID, program: UUID | None, at: datetime, *, ends: datetime | None = None
) -> None:
    """End a key at once, or at an instant that lies ahead. Raises NotFound when it is not in force."""
    values = {"key": key, "program": program, "at": at, "ends": ends or at}
    if await fetch_one(tx, SQL.revoke_key, values) is None:
        raise NotFound("There is no such key in force.")


async def prune_sessions(tx: Transaction, at: datetime) -> int:
    """Forget the sessions that have ended; how many there were."""
    return (await tx.execute(SQL.prune_sessions, (at,))).rowcount


def _require_scopes(key: ApiKey) -> None:
    if key.program is None:
        if key.scopes != ("operator",):
            raise InvalidValue("/scopes", "An operator's key has the one scope operator.")
        return
    for scope in key.scopes:
        if scope not in keys.SCOPES:
            raise InvalidValue("/scopes", f"There is no scope {scope!r}; there are {', '.join(keys.SCOPES)}.")
    if not key.scopes:
        raise InvalidValue("/scopes", "A key needs at least one scope.")


def _document(settings: ProgramSettings) -> str:
    return msgspec.json.encode(settings).decode()

"""Reads programs: a whole one in one round trip, its clock, tills and rates, and whose a key is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import clock
from regulars.db import arrays, queries
from regulars.db.pool import Transaction, fetch_all, fetch_one
from regulars.errors import NotFound
from regulars.programs import keys
from regulars.programs.model import (
    OPERATOR,
    ApiKey,
    Brief,
    Caller,
    Clock,
    CurrencySpec,
    ExchangeRate,
    KeyInForce,
    Partner,
    Program,
    Spot,
    Store,
    Till,
)
from regulars.programs.settings import ProgramSettings
from regulars.units import Ratio

SQL = queries.load("regulars.programs")
OPERATOR_CODE = "operator"

_settings = msgspec.json.Decoder(ProgramSettings)
_partners = msgspec.json.Decoder(list[Partner])
_stores = msgspec.json.Decoder(list[Store])
_currencies = msgspec.json.Decoder(list[CurrencySpec])


class StoreRow(Struct, frozen=True):
    """A store as a list shows it, with the code of its partner and the codes of its tills."""

    id: UUID
    code: str
    name: str
    partner: str
    time_zone: str
    groups: tuple[str, ...]
    address: str
    spot: Spot | None
    tills: tuple[str, ...]


async def load(tx: Transaction, program: UUID) -> Program:
    """The whole program with its settings, stores, currencies and partners, in one round trip.

    Raises NotFound.
    """
    row = await fetch_one(tx, SQL.load_program, (program,))
    if row is None:
        raise NotFound("There is no such program.")
    identifier, slug, name, base_currency, time_zone, languages, sandbox, settings, version, *parts = row
    partners = {partner.code: partner for partner in _partners.decode(parts[0])}
    return Program(
        id=identifier,
        slug=slug,
        name=name,
        base_currency=base_currency,
        time_zone=time_zone,
        languages=tuple(languages),
        sandbox=sandbox,
        settings=_settings.decode(settings),
        version=version,
        operator=partners[OPERATOR_CODE].id,
        currencies={currency.code: currency for currency in _currencies.decode(parts[2])},
        stores={store.code: store for store in _stores.decode(parts[1])},
        partners=partners,
    )


async def of_slug(tx: Transaction, slug: str) -> tuple[UUID, int] | None:
    """The program of that short name, and its version; None: there is none. Needs no program's transaction."""
    row = await fetch_one(tx, SQL.program_of_slug, (slug,))
    return (row[0], row[1]) if row else None


async def at_version(tx: Transaction, program: Program, version: int) -> Program:
    """The program as it calculated at an earlier version: settings and currencies of then, stores of today."""
    row = await fetch_one(tx, SQL.program_at_version, (program.id, version))
    if row is None:
        return program
    currencies = {currency.code: currency for currency in _currencies.decode(row[1])}
    return msgspec.structs.replace(
        program, settings=_settings.decode(row[0]), currencies=currencies, version=version
    )


async def program_clock(tx: Transaction, program: UUID) -> Clock:
    """What time it is for this program, and whether its clock follows the world's. Raises NotFound."""
    row = await fetch_one(tx, SQL.clock_of_program, (program,))
    if row is None:
        raise NotFound("There is no such program.")
    sandbox, clock_at = row
    return Clock(clock.now(clock_at if sandbox else None), clock_at is None, sandbox)


async def programs(tx: Transaction) -> list[Brief]:
    """All programs of the installation, oldest first; for jobs and the command line."""
    return [Brief(*row) for row in await fetch_all(tx, SQL.all_programs)]


async def stores(tx: Transaction, program: UUID, after: str = "", limit: int = 100) -> list[StoreRow]:
    """Stores by code, those after the code `after`."""
    return [_store(row) for row in await fetch_all(tx, SQL.list_stores, (program, after, limit))]


async def stores_by_code(tx: Transaction, program: UUID, codes: Sequence[str]) -> list[StoreRow]:
    """Those of these stores that there are, by code."""
    return [_store(row) for row in await fetch_all(tx, SQL.stores_by_code, (program, arrays.texts(codes)))]


async def located_stores(tx: Transaction, program: UUID, limit: int) -> list[tuple[str, Spot]]:
    """Names of stores of which it is known where they are."""
    rows = await fetch_all(tx, SQL.located_stores, (program, limit))
    return [(name, Spot(latitude, longitude)) for name, latitude, longitude in rows]


async def find_tills(
    tx: Transaction, program: UUID, wanted: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Till]:
    """Those of the wanted tills (store, code) that there are."""
    columns = (arrays.uuids([store for store, _ in wanted]), arrays.texts([code for _, code in wanted]))
    rows = await fetch_all(tx, SQL.find_tills, (*columns, program))
    return {(store, code): Till(store, code, pool) for store, code, pool in rows}


async def exchange_rates(tx: Transaction, program: UUID) -> list[ExchangeRate]:
    """All dated rates, by currency, the newest first."""
    rows = await fetch_all(tx, SQL.exchange_rates, (program,))
    return [ExchangeRate(currency, since, Ratio(over, under)) for currency, since, over, under in rows]


async def rate_at(tx: Transaction, program: UUID, currency: str, at: datetime) -> Ratio | None:
    """Minor units of base money per minor unit of `currency` at an instant; None: no rate is known."""
    row = await fetch_one(tx, SQL.exchange_rate_at, (program, currency, at))
    return Ratio(*row) if row else None


async def caller(tx: Transaction, text: str, at: datetime) -> Caller | None:
    """Whom an API key's text lets in; None when there is no such key, or no longer."""
    row = await fetch_one(tx, SQL.find_key, (keys.digest(text), at))
    if row is None:
        return None
    key, program, name, scopes, partner, store = row
    return Caller(
        program=OPERATOR if program is None else program,
        key=key,
        scopes=frozenset(scopes),
        partner=partner,
        store=store,
        name=name,
    )


async def api_keys(tx: Transaction, program: UUID, at: datetime) -> list[KeyInForce]:
    """The keys of a program that are in force, without their texts."""
    rows = await fetch_all(tx, SQL.list_keys, (program, at))
    return [
        KeyInForce(ApiKey(key, owner, name, tuple(scopes), partner, store), created, used, ends)
        for key, owner, name, scopes, partner, store, created, used, ends in rows
    ]


def _store(row: Sequence[Any]) -> StoreRow:
    store, code, name, partner, zone, groups, address, latitude, longitude, tills = row
    spot = None if latitude is None else Spot(latitude, longitude)
    return StoreRow(store, code, name, partner, zone, tuple(groups), address, spot, tuple(tills))

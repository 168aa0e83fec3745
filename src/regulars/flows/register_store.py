"""Enters stores, tills and partners in a program's register, and reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound
from regulars.flows.registering import Name, once, record
from regulars.ledger import book
from regulars.programs import reading, registry
from regulars.programs.model import Partner, Program, Spot, Till

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$")]
Text = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]


class Location(Struct, frozen=True, forbid_unknown_fields=True):
    """A point of the earth (WGS 84) in degrees, as decimal strings of at most 6 decimals."""

    latitude: Annotated[str, Meta(pattern=r"^-?[0-9]{1,2}(\.[0-9]{1,6})?$(?!\n)")]
    longitude: Annotated[str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,6})?$(?!\n)")]


class NewStore(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/stores`: a store is entered, or changed when its code is known."""

    code: Code
    name: Name
    partner: str = reading.OPERATOR_CODE
    time_zone: str | None = None
    """None: the program's."""
    groups: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    address: Text = ""
    location: Location | None = None
    """Where it is: near it, a card in a phone's wallet comes up by itself."""
    tills: Annotated[tuple[Code, ...], Meta(max_length=500)] = ()
    """Tills are never taken away: those that are given are added."""


class StoreView(Struct, frozen=True):
    """A store as it is answered."""

    id: str
    code: str
    name: str
    partner: str
    time_zone: str
    groups: tuple[str, ...]
    address: str
    location: Location | None
    tills: tuple[str, ...]


class StorePage(Struct, frozen=True):
    """A page of stores, by code."""

    items: tuple[StoreView, ...]
    next: str | None


class NewPartner(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/partners`."""

    code: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
    name: Name


class PartnerView(Struct, frozen=True):
    """A partner as it is answered."""

    id: str
    code: str
    name: str


async def register_store(database: Database, request: Request, new: NewStore) -> Answer:
    """Enter or change a store with its tills: 201.

    Raises InvalidValue for a partner or zone that is unknown.
    """

    async def work(tx: Transaction) -> bytes:
        before = [store_view(row) for row in await reading.stores_by_code(tx, request.program, [new.code])]
        entered = await enter_store(tx, await reading.load(tx, request.program), new, request.at)
        await record(tx, request, "store", new.code, before[0] if before else None, entered)
        return msgspec.json.encode(entered)

    return await once(database, request, work)


async def enter_store(tx: Transaction, program: Program, new: NewStore, at: datetime) -> StoreView:
    """As `register_store`, within a transaction of the program."""
    partner = program.partners.get(new.partner)
    if partner is None:
        raise InvalidValue("/partner", f"The program has no partner {new.partner!r}.")
    zone = new.time_zone or program.time_zone
    try:
        clock.zone(zone)
    except ValueError as error:
        raise InvalidValue("/time_zone", f"There is no time zone {zone!r}.") from error
    store = await registry.upsert_store(
        tx,
        program.id,
        code=new.code,
        name=new.name,
        partner=partner.id,
        time_zone=zone,
        groups=new.groups,
        address=new.address,
        spot=_spot(new.location),
    )
    await _open_tills(tx, program.id, [(store, code) for code in new.tills], at)
    (row,) = await reading.stores_by_code(tx, program.id, [new.code])
    return store_view(row)


async def ensure_tills(
    database: Database, program: Program, wanted: Sequence[tuple[str, str]], at: datetime
) -> dict[tuple[str, str], Till]:
    """The tills (store's code, till's code) that purchases name; what is new is entered, by the settings.

    A new store is the operator's, in the program's time zone, under its code. Raises InvalidValue where
    `unknown_stores` is `refuse`.
    """
    unknown = sorted({store for store, _ in wanted} - program.stores.keys())
    if unknown and program.settings.unknown_stores == "refuse":
        raise InvalidValue(
            "/store", f"The program has no store {unknown[0]!r} and, by its settings, registers none."
        )

    async def work(tx: Transaction) -> dict[tuple[str, str], Till]:
        stores = {code: store.id for code, store in program.stores.items()}
        if unknown:
            await registry.add_stores(
                tx, program.id, unknown, partner=program.operator, time_zone=program.time_zone
            )
            stores |= {row.code: row.id for row in await reading.stores_by_code(tx, program.id, unknown)}
        tills = await _open_tills(tx, program.id, [(stores[store], till) for store, till in wanted], at)
        return {(store, till): tills[stores[store], till] for store, till in wanted}

    return await database.run(program.id, work)


async def register_partner(database: Database, request: Request, new: NewPartner) -> Answer:
    """Enter a partner or change its name: 201."""

    async def work(tx: Transaction) -> bytes:
        before = (await reading.load(tx, request.program)).partners.get(new.code)
        partner = await registry.upsert_partner(tx, request.program, new.code, new.name)
        view = _partner_view(partner)
        await record(tx, request, "partner", new.code, _partner_view(before) if before else None, view)
        return msgspec.json.encode(view)

    return await once(database, request, work)


def store_view(row: reading.StoreRow) -> StoreView:
    """A store as it is answered."""
    return StoreView(
        ids.show("sto", row.id),
        row.code,
        row.name,
        row.partner,
        row.time_zone,
        row.groups,
        row.address,
        Location(_degrees(row.spot.latitude), _degrees(row.spot.longitude)) if row.spot else None,
        row.tills,
    )


def _spot(location: Location | None) -> Spot | None:
    if location is None:
        return None
    spot = Spot(*(int(Decimal(text).scaleb(6)) for text in (location.latitude, location.longitude)))
    for name, value, most in (("latitude", spot.latitude, 90), ("longitude", spot.longitude, 180)):
        if abs(value) > most * 10**6:
            raise InvalidValue(f"/location/{name}", f"is between -{most} and {most} degrees")
    return spot


def _degrees(millionths: int) -> str:
    return f"{Decimal(millionths).scaleb(-6).normalize():f}"


async def _open_tills(
    tx: Transaction, program: UUID, wanted: Sequence[tuple[UUID, str]], at: datetime
) -> dict[tuple[UUID, str], Till]:
    tills, opened = await registry.add_tills(tx, program, wanted)
    if opened:
        await book.open_pools(tx, program, opened, [ids.home(pool) for pool in opened], "till", at)
    return tills


def _partner_view(partner: Partner) -> PartnerView:
    return PartnerView(ids.show("par", partner.id), partner.code, partner.name)


async def list_stores(database: Database, program: UUID, after: str, limit: int) -> StorePage:
    """Stores by code, those after the code `after`."""
    async with database.transaction(program) as tx:
        rows = await reading.stores(tx, program, after, limit + 1)
    items = tuple(store_view(row) for row in rows[:limit])
    return StorePage(items, items[-1].code if len(rows) > limit else None)


async def find_store(database: Database, program: UUID, code: str) -> StoreView:
    """The store with this code. Raises NotFound."""
    async with database.transaction(program) as tx:
        rows = await reading.stores_by_code(tx, program, [code])
    if not rows:
        raise NotFound("There is no such store.")
    return store_view(rows[0])


async def list_partners(database: Database, program: UUID) -> tuple[PartnerView, ...]:
    """Partners by code."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
    return tuple(PartnerView(ids.show("par", p.id), p.code, p.name) for p in loaded.partners.values())

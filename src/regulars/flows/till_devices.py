"""Enters the devices that sell without the line, and tells how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound
from regulars.flows.incoming import store_code
from regulars.flows.known_programs import Known
from regulars.programs.model import Caller, Program, Store
from regulars.purchases.model import Code
from regulars.purchases.offline import devices
from regulars.purchases.offline.devices import Counted, Device

FIRST = UUID(int=0)


class NewTillDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/till/devices`."""

    till: Code
    store: Code | None = None
    """Its code; may be left out with a key of one store."""
    name: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    """By which people tell it from others, such as: left till."""


class TillDeviceView(Struct, frozen=True):
    """A device as it is answered."""

    id: str
    store: str
    till: str
    name: str
    counter: int
    """The highest counter of its receipts that came; 0: none did."""
    seen_at: datetime
    """When it last asked for a snapshot or sent a receipt."""
    synced_at: datetime | None
    """When a receipt of it last came."""
    registered: bool = True
    """False: it was entered with a receipt that named it; nobody registered it."""


class TillDeviceCounted(TillDeviceView, frozen=True):
    """A device with what is missing of its receipts."""

    receipts: int = 0
    """Those that came, each counter once."""
    missing: int = 0
    """Counters below the highest whose receipts did not come yet."""


class TillDevicePage(Struct, frozen=True):
    """Devices, by id."""

    items: tuple[TillDeviceCounted, ...]
    next: str | None


async def register_device(
    database: Database, known: Known, request: Request, caller: Caller, new: NewTillDevice
) -> Answer:
    """201 with the device. Raises Forbidden, InvalidValue or Unprocessable for a store that is not the caller's."""
    program = known.program
    store = program.stores[store_code(caller, known, new.store)]

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        made = await devices.register(
            tx, program.id, ids.new(), store.id, new.till, new.name.strip(), request.at
        )
        return await requests.keep(tx, request, 201, msgspec.json.encode(_view(made, store.code)))

    return await database.run(program.id, work)


async def read_device(database: Database, program: Program, caller: Caller, device: UUID) -> TillDeviceView:
    """A device of a store that the caller may see. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await devices.find(tx, program.id, device)
    store = next((s for s in stores_of(program, caller) if found is not None and s.id == found.store), None)
    if found is None or store is None:
        raise NotFound("There is no such device.")
    return _view(found, store.code)


async def list_devices(
    database: Database, program: Program, stores: Sequence[Store], after: UUID = FIRST, limit: int = 50
) -> TillDevicePage:
    """Devices of these stores with what is missing, those after one."""
    codes = {store.id: store.code for store in stores}
    async with database.transaction(program.id) as tx:
        found = await devices.of_stores(tx, program.id, codes, after, limit + 1)
    page = found[:limit]
    more = ids.show("dev", page[-1].device.id) if len(found) > limit else None
    return TillDevicePage(tuple([_counted(one, codes[one.device.store]) for one in page]), more)


def stores_of(program: Program, caller: Caller, code: str | None = None) -> list[Store]:
    """The stores that a caller may see, or the one of them that is meant."""
    return [
        store
        for store in program.stores.values()
        if caller.store in (None, store.id)
        and caller.partner in (None, store.partner)
        and code in (None, store.code)
    ]


def _view(device: Device, store: str) -> TillDeviceView:
    return TillDeviceView(
        ids.show("dev", device.id), store, device.till, device.name, device.counter, device.seen_at,
        device.synced_at, device.registered,
    )  # fmt: skip


def _counted(one: Counted, store: str) -> TillDeviceCounted:
    view = _view(one.device, store)
    plain = {name: getattr(view, name) for name in TillDeviceView.__struct_fields__}
    return TillDeviceCounted(**plain, receipts=one.receipts, missing=one.missing)

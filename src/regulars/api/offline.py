"""`/v1/till`: what a till needs to sell while the line is down, and what did not agree when it came back."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.errors import InvalidValue
from regulars.flows import till_devices
from regulars.flows.incoming import EARLIEST, store_code
from regulars.flows.make_snapshot import Made, Signed
from regulars.flows.offline_conflicts import Conflicts, ConflictView, Mark, StoreSum, list_conflicts
from regulars.flows.till_devices import NewTillDevice, TillDevicePage, TillDeviceView
from regulars.programs.model import Store
from regulars.purchases.model import Code
from regulars.purchases.offline.judging import Kind
from regulars.web.endpoints import Call, Endpoints, Reply

calls = Endpoints("Tills offline")
READS = "till manage read"
REPORT_DAYS = 31


class SnapshotQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """For which device, and where it stands."""

    device: Code
    store: Code | None = None
    """May be left out with a key of one store."""


class DeviceQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which devices."""

    store: Code | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class ConflictQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which conflicts, by when they were recorded; without a time those of the last 31 days."""

    store: Code | None = None
    kind: Kind | None = None
    from_: Annotated[datetime, Meta(tz=True)] | None = msgspec.field(default=None, name="from")
    to: Annotated[datetime, Meta(tz=True)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=120)] | None = None


class ConflictPage(Struct, frozen=True):
    """Conflicts, the latest first; on the first page also what is missing, and the sums of the whole time."""

    items: tuple[ConflictView, ...]
    gaps: tuple[ConflictView, ...]
    sums: tuple[StoreSum, ...]
    next: str | None


@calls(
    "POST", "/v1/till/devices", scopes="till manage", body=NewTillDevice, answer=TillDeviceView, status=201
)
async def register(call: Call[NewTillDevice, Any]) -> Any:
    """Enter a device that may sell while the line is down: one for each browser or machine, not for each till.

    It numbers its receipts itself: 1, 2, 3 …. A device whose storage was wiped registers anew.
    """
    known = await call.known()
    return await till_devices.register_device(
        call.database, known, await call.request(), call.caller, call.body
    )


@calls("GET", "/v1/till/devices", scopes=READS, query=DeviceQuery, answer=TillDevicePage)
async def listed(call: Call[Any, DeviceQuery]) -> TillDevicePage:
    """The devices that sell without the line, with what is missing of their receipts."""
    program = (await call.known()).program
    after = ids.read("dev", call.query.cursor, "?cursor") if call.query.cursor else till_devices.FIRST
    stores = till_devices.stores_of(program, call.caller, call.query.store)
    return await till_devices.list_devices(call.database, program, stores, after, call.query.limit)


@calls("GET", "/v1/till/devices/{id}", scopes=READS, answer=TillDeviceView)
async def shown(call: Call[Any, Any]) -> TillDeviceView:
    """A device: `counter` is the highest of its receipts that came."""
    device = ids.read("dev", call.path["id"], "/id")
    return await till_devices.read_device(call.database, (await call.known()).program, call.caller, device)


@calls("GET", "/v1/till/snapshot", scopes="till manage", query=SnapshotQuery, answer=Signed)
async def snapshot(call: Call[Any, SnapshotQuery]) -> Reply:
    """What a device works with while the line is down: goods, promotions, and what members may spend, signed.

    With `If-None-Match` and the `ETag` of the one that it has, 304 where that still holds. Fetch one after the receipts
    of the last outage were taken, and then now and then. Check the signature before you use it.
    """
    known = await call.known()
    store = store_code(call.caller, known, call.query.store)
    device = ids.read("dev", call.query.device, "?device")
    made: Made = await call.state.snapshots.make(
        call.caller.program, store, device, call.if_none_match, compressed=call.takes_gzip
    )
    headers = {"ETag": made.etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if made.signed is None:
        return Reply(None, 304, headers)
    return Reply(made.signed, 200, headers | ({"Content-Encoding": "gzip"} if call.takes_gzip else {}))


@calls("GET", "/v1/till/conflicts", scopes=READS, query=ConflictQuery, answer=ConflictPage)
async def conflicts(call: Call[Any, ConflictQuery]) -> ConflictPage:
    """What did not agree with receipts that were made without the line, and which receipts are missing.

    Every one of these receipts was recorded; what the store bears is in the sums of `shortfall`.
    """
    program, query = (await call.known()).program, call.query
    until = query.to or await call.now() + timedelta(seconds=1)
    since = query.from_ or max(until, EARLIEST) - timedelta(days=REPORT_DAYS)
    stores: list[Store] = till_devices.stores_of(program, call.caller, query.store)
    found: Conflicts = await list_conflicts(
        call.database,
        program,
        stores,
        since,
        until,
        kind=query.kind,
        before=_mark(query.cursor) if query.cursor else None,
        limit=query.limit,
    )
    return ConflictPage(found.items, found.gaps, found.sums, _cursor(found.next) if found.next else None)


def _cursor(mark: Mark) -> str:
    text = f"{mark[0].isoformat()} {mark[1].hex}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _mark(cursor: str) -> Mark:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, conflict = text.partition(" ")
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise ValueError("no offset")
        return instant, UUID(conflict)
    except (ValueError, binascii.Error, UnicodeDecodeError) as error:
        raise InvalidValue("?cursor", "is not a cursor of this list") from error

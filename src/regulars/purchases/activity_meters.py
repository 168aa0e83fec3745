"""Keeps what members' meters showed last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import arrays
from regulars.db.pool import Transaction, fetch_all
from regulars.purchases.activity_log import SQL


class Reading(Struct, frozen=True):
    """What a meter showed last."""

    member: UUID
    kind: str
    series: str
    value: int
    read_at: datetime
    activity: UUID


async def readings(
    tx: Transaction, program: UUID, meters: Iterable[tuple[UUID, str, str]]
) -> dict[tuple[UUID, str, str], Reading]:
    """(Member, kind, series) → what the meter showed last."""
    asked = list(meters)
    columns = (
        arrays.int2s([ids.home(member) for member, _, _ in asked]),
        arrays.uuids([member for member, _, _ in asked]),
        arrays.texts([kind for _, kind, _ in asked]),
        arrays.texts([series for _, _, series in asked]),
    )
    rows = await fetch_all(tx, SQL.readings, (program, *columns))
    return {(row[0], row[1], row[2]): Reading(*row) for row in rows}


async def put_readings(tx: Transaction, program: UUID, shown: Sequence[Reading]) -> None:
    """What meters show now. Their members' pools must be locked."""
    if not shown:
        return
    columns = (
        arrays.int2s([ids.home(one.member) for one in shown]),
        arrays.uuids([one.member for one in shown]),
        arrays.texts([one.kind for one in shown]),
        arrays.texts([one.series for one in shown]),
        arrays.int8s([one.value for one in shown]),
        arrays.instants([one.read_at for one in shown]),
        arrays.uuids([one.activity for one in shown]),
    )
    await tx.execute(SQL.put_readings, (program, *columns))


async def drop_readings(tx: Transaction, program: UUID, meters: Sequence[tuple[UUID, str, str]]) -> None:
    """Meters that were never read, it turned out. Their members' pools must be locked."""
    for member, kind, series in meters:
        await tx.execute(SQL.drop_reading, (program, ids.home(member), member, kind, series))

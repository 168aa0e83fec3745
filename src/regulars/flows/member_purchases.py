"""Lists what a member bought: on her own account, on those that she shares, and what she claimed afterwards.

Of an account that she owns she sees everybody's purchases, of another one her own. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Transaction, fetch_all
from regulars.errors import NotFound
from regulars.programs.model import Program
from regulars.purchases import journal
from regulars.purchases.journal import Listed

SQL = queries.load("regulars.flows", "member_purchases.sql")


async def purchases_of(
    tx: Transaction,
    program: Program,
    member: UUID,
    at: datetime,
    filters: Mapping[str, tuple[Any, ...]],
    limit: int,
) -> list[Listed]:
    """`limit` of them, the latest first; `filters`: fragments of `journal.page`. Raises NotFound."""
    named = {"program": program.id, "home": ids.home(member), "member": member}
    rows = await fetch_all(tx, SQL.pools_of_member, named)
    if not rows:
        raise NotFound("There is no such member in this program.")
    claimed = [found for kind, _, found in rows if kind == "claimed"]
    found = await journal.page(tx, program.id, program.points_code, at, {**filters, **_pools(rows)}, limit)
    if claimed:
        homes = int2s([ids.home(one) for one in claimed])
        named_ones = {**filters, "ids": (homes, uuids(claimed))}
        found += await journal.page(tx, program.id, program.points_code, at, named_ones, limit)
        found.sort(key=lambda one: (one.purchased_at, one.id), reverse=True)
    return found[:limit]


def _pools(rows: list[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    own = [(ids.home(pool), pool) for kind, _, pool in rows if kind == "own"]
    shared = {pool for kind, _, pool in rows if kind in ("owned", "shared")}
    if len(own) == 1 and not shared:
        return {"pool": own[0]}
    pools = sorted({pool for _, pool in own} | shared)
    whole = [pool for kind, _, pool in rows if kind in ("own", "owned")]
    members = [of for kind, of, _ in rows if kind == "own"]
    homes = [ids.home(pool) for pool in pools]
    return {"pools": (uuids(pools), int2s(homes), uuids(whole), uuids(members))}

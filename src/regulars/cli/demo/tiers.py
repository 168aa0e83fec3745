"""The tiers that the demo's operator gave by hand: by invitation, and as a match of another grocer's; each ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from regulars.cli.demo.holders import member_of
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.mark_member import NewMark, list_marks, put_mark


class Given(NamedTuple):
    """A tier by hand: to whom, for how many days, why, and what keeps it beyond."""

    place: int
    tier: str
    days: int
    reason: str
    match: tuple[Any, ...] = ()


GIVEN = (
    Given(14, "status/amber", 365, "Opened our shop in Āgenskalns with us; agreed with the owner"),
    Given(
        16, "status/gold", 120, "Gold at another grocer, card seen in Centrs",
        ([{"measure": "spend", "at_least": 50_000}], [{"measure": "visit_days", "at_least": 25}]),
    ),
)  # fmt: skip


async def load(database: Database, known: KnownPrograms, cards: Sequence[str], first: Request) -> None:
    """Give them; who has hers already keeps it as it is. `first`: as requests look."""
    program = (await known.fresh(first.program)).program.id
    for one in GIVEN:
        member = await member_of(database, program, cards[one.place])
        has = (await list_marks(database, program, member, first.at)).items
        if any(mark.code == one.tier for mark in has):
            continue
        content = {"kind": "tier", "code": one.tier, "match": one.match, "reason": one.reason}
        until = first.at + timedelta(days=one.days)
        new = msgspec.convert({**content, "until": until}, NewMark)
        await put_mark(database, program, member, new, first.at)

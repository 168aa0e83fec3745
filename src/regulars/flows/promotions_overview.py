"""Lists a program's promotions as the back office shows them: where each stands, what its budget leaves. Only reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import clock
from regulars.db.pool import Database
from regulars.flows.known_programs import Known
from regulars.periods import first_day
from regulars.promotions import catalogue, counters, reviewing, stores
from regulars.promotions.budgets import Budget, budgets_of
from regulars.promotions.catalogue import Head
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.kinds import KINDS
from regulars.promotions.model import Document

PROMOTIONS_MAX = 20_000
"""The latest so many are listed."""


class Listed(Struct, frozen=True, gc=False):
    """A promotion in the list."""

    id: UUID
    name: str
    document: Document
    """As it counts, or where it never did, the draft; of one that is not live without benefits and messages."""
    revision: int
    """The last that was published; 0: none."""
    state: str
    """Of what was published: live, planned, ended, stopped; before that the state of its draft: draft, in_review,
    approved, returned."""
    draft: str | None
    """The state of a draft beside what was published."""
    made: datetime


async def promotions_overview(
    database: Database, known: Known, at: datetime, language: str, store: str = ""
) -> list[Listed]:
    """Every promotion, the latest made first; with a store (its code) those that could apply there."""
    program = known.program
    documents = {one.id: one.document for one in known.live.promotions}
    async with database.transaction(program.id, analytical=True) as tx:
        heads = await catalogue.heads(tx, program.id, PROMOTIONS_MAX)
        # Published since the program was read.
        new = [(one.id, one.revision) for one in heads if one.document is None and one.id not in documents]
        if new:
            documents |= {one.promotion: one.document for one in await catalogue.frozen(tx, program.id, new)}
    now = at.astimezone(clock.zone(program.time_zone)).replace(tzinfo=None)
    # There may be ten thousand: in a thread, so that tills are served meanwhile.
    return await asyncio.to_thread(_listing, heads, documents, known, now, language, store)


async def budgets_left(
    database: Database, known: Known, shown: Iterable[Listed], at: datetime
) -> dict[UUID, tuple[Budget, ...]]:
    """By promotion that was published, its limits for all together in the period of the instant `at`."""
    day = at.astimezone(clock.zone(known.program.time_zone)).date()
    published = [one for one in shown if one.revision]
    asked = {
        (one.id, first_day(limit.period, day))
        for one in published
        for limit in one.document.limits
        if limit.per == "total"
    }
    if not asked:
        return {}
    async with database.transaction(known.program.id) as tx:
        used = await counters.used_in_all(tx, known.program.id, asked)
    return {one.id: budgets_of(one.id, one.document, day, used) for one in published}


def state(status: str, document: Document | None, said: str | None, now: datetime) -> str:
    """Where a promotion stands; `now`: wall time. See `Listed.state`."""
    if status == "draft" or document is None:
        return said or "draft"
    if status == "stopped":
        return "stopped"
    if document.valid_until is not None and now >= document.valid_until:
        return "ended"
    return "planned" if document.valid_from is not None and now < document.valid_from else "live"


def _listing(
    heads: Iterable[Head],
    documents: Mapping[UUID, Document],
    known: Known,
    now: datetime,
    language: str,
    store: str,
) -> list[Listed]:
    there = _runs_in(known, store) if store else None
    found: list[Listed] = []
    for one in heads:
        if one.document is None:
            document = documents[one.id]
        else:
            document = msgspec.convert({**one.document, "benefits": ()}, Document)
        if there is not None and not there(one.id, document):
            continue
        said = reviewing.state(one.said) if one.drafted else None
        name = document.names.get(language) or document.name
        now_is = state(one.status, document, said, now)
        beside = said if one.revision else None
        found.append(Listed(one.id, name, document, one.revision, now_is, beside, one.created_at))
    return found


def _runs_in(known: Known, code: str) -> Callable[[UUID, Document], bool]:
    """Whether a promotion could apply in a store."""
    store = known.program.stores[code]
    partner = next(one.code for one in known.program.partners.values() if one.id == store.partner)
    keys = stores.keys_of(store.code, store.groups, partner)

    def there(promotion: UUID, document: Document) -> bool:
        live = known.live.by_id.get(promotion)
        return stores.could_run(live.conditions if live else _conditions(document), keys)

    return there


def _conditions(document: Document) -> list[Condition]:
    return [KINDS.condition(raw, f"/conditions/{n}") for n, raw in enumerate(document.conditions)]

"""Shows what looked unusual at the tills, keeps what was decided about it, and lays a cashier beside her colleagues."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import queries, requests
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.programs import findings
from regulars.programs.approvals import Person
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.findings import LAST, Finding, Kind, Status
from regulars.programs.model import Program

SQL = queries.load("regulars.flows", "watch_tills.sql")


class Verdict(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/findings/{id}/decide`."""

    status: Literal["harmless", "case"]
    word: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    """Why."""


class FindingView(Struct, frozen=True):
    """Something unusual at a till. It accuses nobody: it says what was seen, and where to look."""

    id: str
    kind: Kind
    store: str | None
    till: str
    cashier: str
    member: str | None
    first: datetime
    last: datetime
    count: int
    """How often; of `returns_share` returns in a thousand receipts, of `adjusted_and_spent` the points given; of
    `code_guessing` and `member_guessing` how many different ones."""
    usual: int | None
    """What is usual, in the same measure."""
    amount: int | None
    """Minor units of base money, where it is about money."""
    evidence: tuple[str, ...]
    """Receipts (`pur_…`), claims of rewards (`rdm_…`) and postings (`pst_…`), at most fifty."""
    found_at: datetime
    status: Status
    decided_by: Person | None
    decided_at: datetime | None
    word: str


class FindingPage(Struct, frozen=True):
    """A part of the list, the newest first; `next` is the cursor of the part after it."""

    items: tuple[FindingView, ...]
    next: str | None


class Cashier(Struct, frozen=True):
    """What went through a cashier's hands in a time."""

    cashier: str
    receipts: int
    of_members: int
    turnover: int
    """Minor units of base money."""
    returns: int
    money_back: int


async def list_findings(
    database: Database,
    program: Program,
    *,
    status: Status | None = None,
    kind: Kind | None = None,
    cashier: str | None = None,
    stores: Collection[UUID] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> FindingPage:
    """The newest first; `stores`: of these alone, None: of all; what happened from `since` to before `until`."""
    async with database.transaction(program.id, analytical=True) as tx:
        found = await findings.page(
            tx,
            program.id,
            before or LAST,
            limit + 1,
            status=status,
            kind=kind,
            cashier=cashier,
            stores=stores,
            since=since,
            until=until,
        )
    codes = {store.id: code for code, store in program.stores.items()}
    shown = tuple(_view(one, codes) for one in found[:limit])
    return FindingPage(shown, shown[-1].id if len(found) > limit else None)


async def read_finding(
    database: Database, program: Program, finding: UUID, stores: Collection[UUID] | None = None
) -> FindingView:
    """One of them. Raises NotFound, also for one of a store that is not among `stores`."""
    async with database.transaction(program.id) as tx:
        found = await _found(tx, program.id, finding, stores)
    return _view(found, {store.id: code for code, store in program.stores.items()})


async def decide_finding(
    database: Database,
    program: Program,
    request: Request,
    finding: UUID,
    verdict: Verdict,
    stores: Collection[UUID] | None = None,
) -> Answer:
    """200. Raises NotFound, and StateConflict once it was decided."""

    async def act(tx: Transaction) -> bool:
        return await findings.decide(tx, program.id, finding, verdict.status, verdict.word, request.at)

    change = Change("finding.decided", ids.show("fnd", finding), after=verdict.status, why=verdict.word)
    return await _turn(database, program, request, finding, act, change, stores)


async def reopen_finding(
    database: Database,
    program: Program,
    request: Request,
    finding: UUID,
    stores: Collection[UUID] | None = None,
) -> Answer:
    """200: to be decided anew. Raises NotFound, and StateConflict while it is open."""

    async def act(tx: Transaction) -> bool:
        return await findings.reopen(tx, program.id, finding)

    change = Change("finding.reopened", ids.show("fnd", finding))
    return await _turn(database, program, request, finding, act, change, stores)


async def cashiers_of(
    database: Database, program: UUID, store: UUID, since: datetime, until: datetime
) -> list[Cashier]:
    """Every cashier of a store, by code; the empty code is receipts without one."""
    asked = {"program": program, "store": store, "since": since, "until": until}
    async with database.transaction(program, analytical=True) as tx:
        return [Cashier(*row) for row in await fetch_all(tx, SQL.of_cashiers, asked)]


async def _turn(
    database: Database,
    program: Program,
    request: Request,
    finding: UUID,
    act: Callable[[Transaction], Awaitable[bool]],
    change: Change,
    stores: Collection[UUID] | None,
) -> Answer:
    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        await _found(tx, program.id, finding, stores)
        if not await act(tx):
            raise StateConflict("Somebody decided this just now, or it is open already.")
        await trail.record(tx, program.id, change, request.at)
        codes = {store.id: code for code, store in program.stores.items()}
        view = _view(await _found(tx, program.id, finding, stores), codes)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _found(tx: Transaction, program: UUID, finding: UUID, stores: Collection[UUID] | None) -> Finding:
    found = await findings.find(tx, program, finding)
    if found is None or (stores is not None and found.store not in stores):
        raise NotFound("There is no such finding.")
    return found


def _view(one: Finding, codes: Mapping[UUID, str]) -> FindingView:
    return FindingView(
        ids.show("fnd", one.id), one.kind, codes.get(one.store) if one.store else None, one.till, one.cashier,
        ids.show("mem", one.member) if one.member else None, one.first, one.last, one.count, one.usual, one.amount,
        tuple(one.evidence), one.found_at, one.status, one.decided_by, one.decided_at, one.word,
    )  # fmt: skip

"""`/v1/findings`: what looks unusual at the tills, and what was decided about it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows import review_findings
from regulars.flows.named_store import limited_to
from regulars.flows.review_findings import FindingPage, FindingView, Verdict
from regulars.programs.findings import Kind, Status
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Review")


class FindingQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which ones."""

    status: Status | None = None
    kind: Kind | None = None
    cashier: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("GET", "/v1/findings", scopes="manage", query=FindingQuery, answer=FindingPage)
async def listed(call: Call[Any, FindingQuery]) -> FindingPage:
    """What looks unusual at the tills, the newest first; the worker looks every hour at what is new.

    A card often at one till, goods that come back soon after they were sold, a cashier with far more returns than her
    colleagues, points given by hand that leave the account within the hour, codes tried, phones and cards tried,
    receipts claimed by the same member, a cashier's own card. From when on is the program's setting `watch`. A finding
    accuses nobody. A key of one store or partner sees what was found there.
    """
    asked = call.query
    before = ids.read("fnd", asked.cursor, "?cursor") if asked.cursor else None
    program = (await call.known()).program
    return await review_findings.list_findings(
        call.database,
        program,
        status=asked.status,
        kind=asked.kind,
        cashier=asked.cashier,
        stores=limited_to(program, call.caller),
        before=before,
        limit=asked.limit,
    )


@calls("POST", "/v1/findings/{id}/decide", scopes="manage", body=Verdict, answer=FindingView, idempotent=True)
async def decide(call: Call[Verdict, Any]) -> Answer:
    """Say what it was: harmless, or a case, with a word why."""
    program = (await call.known()).program
    return await review_findings.decide_finding(
        call.database,
        program,
        await call.request(),
        _finding(call),
        call.body,
        limited_to(program, call.caller),
    )


@calls("POST", "/v1/findings/{id}/reopen", scopes="manage", answer=FindingView, idempotent=True)
async def reopen(call: Call[Any, Any]) -> Answer:
    """Let it be decided anew."""
    program = (await call.known()).program
    return await review_findings.reopen_finding(
        call.database, program, await call.request(), _finding(call), limited_to(program, call.caller)
    )


def _finding(call: Call[Any, Any]) -> UUID:
    return ids.read("fnd", call.path["id"], "/id")

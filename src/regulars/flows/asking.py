"""Lets an act wait for a second person: what is to be done is kept, and nothing else happens yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Transaction
from regulars.db.requests import Answer, Request
from regulars.programs import approvals
from regulars.programs.approvals import Act, Approval, Person
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

Standing = Literal["open", "approved", "refused", "withdrawn", "stale", "expired"]


class ApprovalView(Struct, frozen=True):
    """An act that waits for a second person, or what became of it."""

    id: str
    act: Act
    subject: str
    """Whom or what it is about: `mem_…`, `prm_…`, or what the key is called."""
    document: dict[str, Any]
    """What is done once somebody agrees."""
    why: str
    asked_by: Person
    asked_at: datetime
    expires_at: datetime
    """From then on nobody can agree any more."""
    status: Standing
    """`stale`: somebody agreed, but it could not be done any more; `word` says why."""
    decided_by: Person | None
    decided_at: datetime | None
    word: str
    result: dict[str, Any] | None
    """What it brought, once it was approved."""


async def ask(
    tx: Transaction, program: Program, request: Request, act: Act, subject: str, document: Any, why: str
) -> Answer:
    """202 with the approval that waits, in the name of the transaction's actor; kept for the request."""
    waits = await _enter(tx, program, act, subject, document, why, request.at)
    return await requests.keep(tx, request, 202, msgspec.json.encode(waits))


async def ask_once(
    tx: Transaction, program: Program, act: Act, subject: str, document: Any, why: str, at: datetime
) -> Answer:
    """The same for a call that names no request: while the same act waits already, 202 with that approval.

    The caller holds a lock on the subject, so that two at once do not both ask.
    """
    for one in await approvals.about(tx, program.id, act, subject, at):
        if one.document.get("proposed", False) == document.get("proposed", False):
            return Answer(202, msgspec.json.encode(approval_view(one, at)))
    waits = await _enter(tx, program, act, subject, document, why, at)
    return Answer(202, msgspec.json.encode(waits))


async def _enter(
    tx: Transaction, program: Program, act: Act, subject: str, document: Any, why: str, at: datetime
) -> ApprovalView:
    identifier = ids.new()
    until = at + timedelta(days=program.settings.approval_days)
    await approvals.ask(tx, program.id, identifier, act, subject, document, why, at=at, expires_at=until)
    shown = ids.show("apr", identifier)
    await trail.record(
        tx, program.id, Change("approval.asked", shown, after={"act": act, "subject": subject}, why=why), at
    )
    found = await approvals.find(tx, program.id, identifier)
    assert found is not None, "it was just entered"
    return approval_view(found, at)


def approval_view(one: Approval, at: datetime) -> ApprovalView:
    """As it is answered."""
    expired = one.status == "open" and one.expires_at <= at
    return ApprovalView(
        ids.show("apr", one.id), one.act, one.subject, one.document, one.why, one.asked_by, one.asked_at,
        one.expires_at, "expired" if expired else one.status, one.decided_by, one.decided_at, one.word, one.result,
    )  # fmt: skip

"""Enters one thing in a program's register: the request counts once, and the audit trail tells what changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


async def once(
    database: Database, request: Request, work: Callable[[Transaction], Awaitable[bytes]]
) -> Answer:
    """Claim the request, do the work, keep its answer with 201; a replay gets the kept one."""

    async def whole(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        return answer or await requests.keep(tx, request, 201, await work(tx))

    return await database.run(request.program, whole)


async def record(tx: Transaction, request: Request, kind: str, code: str, before: Any, after: Struct) -> None:
    """That something was entered in the register, or what is different of it now."""
    if before is None:
        change = Change(f"{kind}.entered", code, after=after)
    else:
        was, became = trail.difference(msgspec.to_builtins(before), msgspec.to_builtins(after))
        change = Change(f"{kind}.changed", code, was, became)
    await trail.record(tx, request.program, change, request.at)

"""`/v1/audit`: who changed what, when, from where, before and after, why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from regulars.flows.read_audit import AuditPage, Chain, check_audit, read_audit
from regulars.programs.audit.search import Wanted
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Review", whole=True)
Instant = Annotated[datetime, Meta(tz=True)]


class AuditQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries."""

    since: Instant | None = field(default=None, name="from")
    until: Instant | None = field(default=None, name="to")
    """Half-open."""
    actor: Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9_]+$(?!\n)")] | None = None
    """`stf_…`, `key_…`, `mem_…`, or a kind: staff, key, member, command, job."""
    action: Annotated[str, Meta(max_length=64, pattern=r"^[a-z_]+(\.[a-z_]+)?$(?!\n)")] | None = None
    """As `promotion.published`, or a family as `promotion`."""
    subject: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None = None
    """What was changed, by its id or code."""
    why: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | None = None
    """Words of the reason, in any case."""
    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    cursor: Annotated[str, Meta(max_length=20)] | None = None


@calls("GET", "/v1/audit", scopes="manage", query=AuditQuery, answer=AuditPage)
async def entries(call: Call[Any, AuditQuery]) -> AuditPage:
    """The audit trail, the newest entry first.

    Every change of the program stands in it with its actor; purchases, returns and the postings they bring are facts
    with an author of their own, and stand in the journal instead. Of a member's personal data only the names of the
    fields are told. Entries are chained by their digests and are never changed or deleted.
    """
    asked = call.query
    wanted = Wanted(asked.since, asked.until, asked.actor, asked.action, asked.subject, asked.why)
    return await read_audit(call.database, call.caller.program, wanted, asked.cursor, asked.limit)


@calls("GET", "/v1/audit/chain", scopes="manage", answer=Chain)
async def chain(call: Call[Any, Any]) -> Chain:
    """Check the trail: every digest is computed again, and the end is compared with where it was last.

    Write down `entries` and `digest` outside the installation: whoever had all rights on the database could write the
    whole chain anew, and only another digest for the same number would show it.
    """
    return await check_audit(call.database, call.caller.program)

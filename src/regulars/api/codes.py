"""`/v1/code-batches`: unique codes, many at once; and `/v1/jobs`: work that takes long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows.issue_codes import (
    SERIAL_MAX,
    CodeBatchPage,
    CodeBatchView,
    CodePage,
    NewCodes,
    create_codes,
    list_batches,
    read_batch,
    read_codes,
    stop_batch,
)
from regulars.flows.track_task import JobView, read_job
from regulars.web import tables
from regulars.web.endpoints import Call, Endpoints, Reply, attachment

calls = Endpoints("codes")
ROWS_AT_ONCE = 10_000


class BatchQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class CodeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the codes."""

    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1_000
    cursor: Annotated[str, Meta(max_length=10, pattern="^[0-9]+$")] | None = None


@calls(
    "POST",
    "/v1/code-batches",
    scopes="manage",
    body=NewCodes,
    answer=CodeBatchView,
    status=201,
    accepts_later=True,
)
async def create(call: Call[NewCodes, Any]) -> Answer:
    """Make unique codes by a pattern.

    Up to 10,000 come with the answer. More are made by a job: `202`, and `Location` says where to follow it; then
    they are read from `/v1/code-batches/{id}/codes` or saved from `…/codes.csv`. Codes are stored nowhere: they are
    made anew for whoever may read them.
    """
    return await create_codes(
        call.database,
        call.state.settings.secret,
        await call.request(),
        call.body,
        ids.show("key", call.caller.key),
    )


@calls("GET", "/v1/code-batches", scopes="manage read", query=BatchQuery, answer=CodeBatchPage)
async def search(call: Call[Any, BatchQuery]) -> CodeBatchPage:
    """Batches of codes in the order they were made."""
    after = ids.read("cbt", call.query.cursor, "?cursor") if call.query.cursor else None
    return await list_batches(call.database, call.caller.program, after, call.query.limit)


@calls("GET", "/v1/code-batches/{id}", scopes="manage read", answer=CodeBatchView)
async def show(call: Call[Any, Any]) -> CodeBatchView:
    """A batch: how many codes it has, and how often they were used."""
    return await read_batch(call.database, call.caller.program, _batch(call))


@calls("GET", "/v1/code-batches/{id}/codes", scopes="manage", query=CodeQuery, answer=CodePage)
async def codes(call: Call[Any, CodeQuery]) -> CodePage:
    """The codes of a batch, to be printed or sent."""
    after = int(call.query.cursor) if call.query.cursor else -1
    if after > SERIAL_MAX:
        raise InvalidValue("?cursor", "is not a cursor of this list")
    secret = call.state.settings.secret
    return await read_codes(call.database, secret, call.caller.program, _batch(call), after, call.query.limit)


@calls("GET", "/v1/code-batches/{id}/codes.csv", scopes="manage", answer=None, media_type="text/csv")
async def as_csv(call: Call[Any, Any]) -> Reply:
    """A whole batch as CSV for a printer or a mailing: `code`, one in a line, in the order of the list."""
    batch, secret, program = _batch(call), call.state.settings.secret, call.caller.program
    first = await read_codes(call.database, secret, program, batch, -1, ROWS_AT_ONCE)

    async def lines() -> AsyncIterator[bytes]:
        yield tables.rows_as_csv([("code",)])
        page = first
        while True:
            yield tables.rows_as_csv((code,) for code in page.items)
            if page.next is None:
                return
            page = await read_codes(call.database, secret, program, batch, int(page.next), ROWS_AT_ONCE)

    return attachment(f"codes-{ids.show('cbt', batch)}.csv", lines(), tables.MEDIA_TYPE)


@calls("POST", "/v1/code-batches/{id}/stop", scopes="manage", answer=CodeBatchView)
async def stop(call: Call[Any, Any]) -> CodeBatchView:
    """Stop a batch: none of its codes counts from now on; what holds have of them stands."""
    return await stop_batch(call.database, call.caller.program, _batch(call), await call.now())


@calls("GET", "/v1/jobs/{id}", scopes="manage read", answer=JobView)
async def job(call: Call[Any, Any]) -> JobView:
    """Work that takes long: how far it has come, and what there is to fetch."""
    return await read_job(call.database, call.caller.program, ids.read("job", call.path["id"], "/id"))


def _batch(call: Call[Any, Any]) -> UUID:
    return ids.read("cbt", call.path["id"], "/id")

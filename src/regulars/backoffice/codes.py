"""The pages of unique codes: batches and what became of them, a new batch, one code, all as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_desk import CODE_STATES
from regulars.flows.desk.codes import BatchShown, CodeShown, find_code, list_batches, read_batch, void_code
from regulars.flows.issue_codes import CodeBatchView, NewCodes, create_codes, read_codes, stop_batch
from regulars.web import tables
from regulars.web.limits import Counter

pages = Pages()
finds = Counter()
AT_ONCE = 20
ROWS_AT_ONCE = 10_000
LISTED = 100


@pages.get("/codes", needs="codes.read")
async def codes(visit: Visit) -> Response[Any]:
    """Batches of codes, the latest first, and the search for one code."""
    return await _batches(visit)


async def _batches(visit: Visit, found: CodeShown | None = None, text: str = "") -> Response[Any]:
    cursor = visit.query.get("cursor")
    before = ids.read("cbt", cursor, "?cursor") if cursor else None
    page = await list_batches(visit.database, visit.program.id, before, AT_ONCE)
    at = await visit.now()
    return visit.page(
        "codes",
        items=page.items,
        next=page.next,
        first=cursor is None,
        states=CODE_STATES,
        state_of=lambda one: batch_state(one.view, at),
        code=found,
        text=text,
        code_state=code_state(found, at) if found else None,
        show=ids.show,
    )


@pages.post("/codes/find", needs="codes.read", again=codes)
async def find(visit: Visit) -> Response[Any]:
    """What one code is, and where it was used. A code is as good as money: it never stands in an address."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    text = visit.form("text")
    return await _batches(visit, await find_code(visit.database, visit.known, text), text)


@pages.post("/codes/void", needs="codes.write", again=codes)
async def void(visit: Visit) -> Response[Any]:
    """One code counts no more."""
    done = await void_code(
        visit.database, visit.known, visit.form("text"), desk.reason(visit), await visit.now()
    )
    return visit.to(f"/codes/{done.batch.id}", done=visit.language.gettext("The code counts no more."))


@pages.get("/codes/new", needs="codes.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new batch."""
    return visit.page("codes_new", sent=visit.form_fields(), promotions=_naming(visit))


@pages.post("/codes/new", needs="codes.write", again=new, why=True)
async def make(visit: Visit) -> Response[Any]:
    """Make a batch; above 10,000 codes the work goes on after the answer."""
    whole: dict[str, Any] = {
        name: desk.whole(visit.form(name), f"/{name}")
        for name in ("count", "uses", "member_uses")
        if visit.form(name)
    }
    sent: dict[str, Any] = {"name": visit.form("name"), "pattern": visit.form("pattern").upper(), **whole}
    since, until = (
        desk.moment(visit, visit.form("from"), "/from"),
        desk.moment(visit, visit.form("until"), "/until", end=True),
    )
    sent |= {name: at.isoformat() for name, at in (("from", since), ("until", until)) if at is not None}
    answer = await create_codes(
        visit.database, visit.state.settings.secret, await visit.once(), visit.read(NewCodes, sent), visit.by
    )
    made = msgspec.json.decode(answer.body, type=CodeBatchView)
    return visit.to(f"/codes/{made.id}", done=visit.language.gettext("The batch is made."))


@pages.get("/codes/{id}", needs="codes.read")
async def batch(visit: Visit) -> Response[Any]:
    """One batch: how many codes it has, what became of them, which promotions take them."""
    return await _batch_page(visit)


async def _batch_page(visit: Visit) -> Response[Any]:
    found = await read_batch(visit.database, visit.program.id, _id(visit))
    listed = await _first_codes(visit, found) if visit.may("codes.write") else ()
    taking = _naming(visit).get(found.view.name, [])
    return visit.page(
        "codes_batch",
        one=found,
        listed=listed,
        taking=taking,
        states=CODE_STATES,
        state=batch_state(found.view, await visit.now()),
        making=found.job is not None and found.job.status not in ("done", "failed"),
    )


@pages.get("/codes/{id}/progress", needs="codes.read")
async def progress(visit: Visit) -> Response[Any]:
    """How far the work has come that makes the codes; the part of the page that asks again by itself."""
    found = await read_batch(visit.database, visit.program.id, _id(visit))
    making = found.job is not None and found.job.status not in ("done", "failed")
    return visit.part("codes_progress_part", one=found, making=making)


@pages.post("/codes/{id}/stop", needs="codes.write", again=batch, why=True)
async def stop(visit: Visit) -> Response[Any]:
    """Void all that are left: none of the batch counts from now on."""
    await stop_batch(visit.database, visit.program.id, _id(visit), await visit.now())
    done = visit.language.gettext("No code of this batch counts any more; what was used stays used.")
    return visit.to(f"/codes/{visit.path['id']}", done=done)


@pages.get("/codes/{id}/codes.csv", needs="codes.write")
async def as_csv(visit: Visit) -> Response[Any]:
    """All codes of a batch for a printer or a mailing, one in a line."""
    program, batch_id, secret = visit.program.id, _id(visit), visit.state.settings.secret
    first = await read_codes(visit.database, secret, program, batch_id, -1, ROWS_AT_ONCE)

    async def lines() -> AsyncIterator[bytes]:
        yield tables.rows_as_csv([("code",)])
        page = first
        while True:
            yield tables.rows_as_csv((code,) for code in page.items)
            if page.next is None:
                return
            page = await read_codes(visit.database, secret, program, batch_id, int(page.next), ROWS_AT_ONCE)

    return visit.stream(f"codes-{ids.show('cbt', batch_id)}.csv", lines(), tables.MEDIA_TYPE)


def batch_state(view: CodeBatchView, at: datetime) -> str:
    """What its codes are good for now."""
    if view.stopped_at is not None:
        return "stopped"
    if view.valid_from is not None and at < view.valid_from:
        return "early"
    return "late" if view.valid_until is not None and at >= view.valid_until else "good"


def code_state(found: CodeShown, at: datetime) -> str:
    """What one code is good for now."""
    if found.kept.voided_at is not None:
        return "voided"
    state = batch_state(found.batch, at)
    spent = sum(use.uses for use in found.uses) >= found.batch.uses
    return "used" if spent and state == "good" else state


async def _first_codes(visit: Visit, found: BatchShown) -> tuple[str, ...]:
    """A few, to see what they look like; all of a small batch."""
    secret = visit.state.settings.secret
    return (
        (await read_codes(visit.database, secret, visit.program.id, _id(visit), -1, LISTED)).items
        if found.counts.made
        else ()
    )


def _naming(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """Name of a batch → the live promotions (id, name) that take its codes."""
    found: dict[str, list[tuple[str, str]]] = {}
    live = visit.known.live
    for promotion, batches in live.code_batches.items():
        shown = (ids.show("prm", promotion), live.by_id[promotion].name(desk.spoken(visit)))
        for name in batches:
            found.setdefault(name, []).append(shown)
    return found


def _id(visit: Visit) -> UUID:
    return desk.read_id(visit, "cbt")

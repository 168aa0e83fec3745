"""The till's printer and its drawer: what the page composed goes to the printer that the settings name."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, post
from msgspec import Struct

from regulars import ids
from regulars.db.actors import Actor
from regulars.errors import StateConflict, Unauthenticated
from regulars.flows.open_drawer import Opening, note_opening
from regulars.i18n import Language
from regulars.programs.tills import Printer
from regulars.till.training import banner, require_csrf
from regulars.web import bodies, pages
from regulars.web.addresses import address_of
from regulars.web.endpoints import AGENT_MAX
from regulars.web.printing import escpos
from regulars.web.printing.document import Job
from regulars.web.printing.problems import PrinterMissing

HttpRequest = Request[Any, Any, Any]
_JOB = msgspec.json.Decoder(Job)
_OPENING = msgspec.json.Decoder(Opening)


class Printed(Struct, frozen=True):
    """What the printer did."""

    printed: bool
    opened: bool
    """Whether the drawer was told to open."""


@post("/till/print", status_code=200, include_in_schema=False)
async def print_it(request: HttpRequest) -> Printed:
    """Print a document, and open the drawer where one is wanted and there is one.

    A till in training prints that it is. Raises Unauthenticated, Forbidden, Unprocessable, PrinterMissing and what
    `Printers.send` does.
    """
    visitor, printer = await _at_printer(request)
    job = bodies.decode(await bodies.read_bytes(request), _JOB)
    opens = job.drawer and printer.drawer
    if not job.blocks and not opens:
        return Printed(False, False)
    data = escpos.render(
        job.blocks, printer.columns, banner=banner(visitor, _language(request, visitor)), drawer=opens
    )
    await request.app.state.printers.send(printer, data)
    return Printed(bool(job.blocks), opens)


@post("/till/drawer", status_code=200, include_in_schema=False)
async def open_drawer(request: HttpRequest) -> Printed:
    """Open the drawer without a sale: who, where and why stand in the audit trail before it opens.

    In training nothing is noted. Raises as `print_it`, and StateConflict where no drawer hangs on the printer.
    """
    visitor, printer = await _at_printer(request)
    opening = bodies.decode(await bodies.read_bytes(request), _OPENING)
    if not printer.drawer:
        raise StateConflict("No drawer hangs on this till's printer.")
    state, place = request.app.state, visitor.session.state
    if not place.get("training"):
        await note_opening(
            state.database.acting(_actor(request, visitor)), visitor.program.id, place["store"], place["till"],
            place.get("cashier", ""), opening, await state.known.now(visitor.program.id),
        )  # fmt: skip
    await state.printers.send(printer, escpos.render((), printer.columns, drawer=True))
    return Printed(False, True)


async def _at_printer(request: HttpRequest) -> tuple[pages.Visitor, Printer]:
    """Who asks, and the printer of her till. Raises Unauthenticated, Forbidden, PrinterMissing."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        raise Unauthenticated("The session has ended; sign in again.")
    require_csrf(request, visitor, request.headers.get("x-csrf-token", ""))
    place = visitor.session.state
    printer = visitor.program.settings.tills.printer_of(place.get("store", ""), place.get("till", ""))
    if printer is None:
        raise PrinterMissing
    return visitor, printer


def _language(request: HttpRequest, visitor: pages.Visitor) -> Language:
    return pages.language_of(request, visitor.program)


def _actor(request: HttpRequest, visitor: pages.Visitor) -> Actor:
    """The key that the till signed in with."""
    agent = request.headers.get("user-agent", "")[:AGENT_MAX]
    key = ids.show("key", visitor.session.api_key)
    return Actor("key", key, visitor.caller.name, address_of(request), agent, "POST /till/drawer")


routes: list[Any] = [print_it, open_drawer]

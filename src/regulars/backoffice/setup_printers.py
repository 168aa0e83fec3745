"""The receipt printers of the tills: where each is, whose it is, and a page that tries it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue, NotFound
from regulars.flows.change_printers import Place, put_printer, remove_printer
from regulars.i18n import OWN_NAMES
from regulars.programs.tills import Printer
from regulars.web.printing import escpos
from regulars.web.printing.document import Block, Code, Pair, Rule, Text
from regulars.web.printing.problems import PrinterMissing

pages = Pages()
LIST = "/setup/printers"
COLUMNS = (48, 42, 32)
SAMPLES = (
    "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ",
    "Съешь же ещё этих мягких булок",
    "õäöüšž ÕÄÖÜŠŽ",
    "árvíztűrő tükörfúrógép",
    "1 234,56 €",
)
"""What has to come out right."""


@pages.get("/setup/printers", needs="setup.read")
async def printers(visit: Visit) -> Response[Any]:
    """The printers, by store and till."""
    found = visit.program.settings.tills.printers
    return visit.page("setup/printers", printers=found, stores=visit.program.stores)


@pages.get("/setup/printers/edit", needs="setup.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a printer, new or not."""
    place = _place(visit)
    one = _found(visit, place)
    shown = {
        "store": one.store if one else "",
        "till": one.till if one else "",
        "host": one.host if one else "",
        "port": str(one.port if one else 9100),
        "columns": str(one.columns if one else COLUMNS[0]),
        "drawer": "yes" if one and one.drawer else "no",
        "answers": "no" if one and not one.answers else "yes",
    }
    if visit.problem is not None:
        shown |= {name: value for name, value in visit.form_fields().items() if name in shown}
    return visit.page(
        "setup/printer",
        one=one,
        place=place or ("", ""),
        shown=shown,
        stores=[(store.code, store.name) for store in visit.stores],
        columns=COLUMNS,
    )


@pages.post("/setup/printers/edit", needs="setup.write", again=edit)
async def save(visit: Visit) -> Response[Any]:
    """Enter a printer, or change one."""
    content = {
        "store": visit.form("store"),
        "till": visit.form("till"),
        "host": visit.form("host"),
        "port": _whole(visit, "port"),
        "columns": _whole(visit, "columns"),
        "drawer": visit.form("drawer") == "yes",
        "answers": visit.form("answers") == "yes",
    }
    if content["store"] not in visit.program.stores:
        raise InvalidValue("/store", "is not one of your stores")
    await put_printer(visit.database, visit.program.id, visit.read(Printer, content), _place(visit))
    return visit.to(LIST, done=visit.language.gettext("Saved. Print a test page to see whether it works."))


@pages.post("/setup/printers/remove", needs="setup.write", again=printers)
async def remove(visit: Visit) -> Response[Any]:
    """Take a printer out; its till prints in the browser again."""
    place = _place(visit)
    if place is None:
        raise NotFound("There is no such printer.")
    await remove_printer(visit.database, visit.program.id, place)
    return visit.to(LIST, done=visit.language.gettext("The printer is taken out."))


@pages.post("/setup/printers/test", needs="setup.write", again=printers)
async def test(visit: Visit) -> Response[Any]:
    """Print a page that shows letters, a code and where the paper is cut."""
    one = _found(visit, _place(visit))
    if one is None:
        raise PrinterMissing
    await visit.state.printers.send(one, escpos.render(_test_page(visit, one), one.columns))
    return visit.to(LIST, done=visit.language.gettext("The test page is printed."))


def _test_page(visit: Visit, one: Printer) -> list[Block]:
    store = visit.program.stores.get(one.store)
    return [
        Text(visit.program.name, "center", True, True),
        Text(visit.language.gettext("Test page"), "center", True),
        Text(f"{store.name if store else one.store} · {one.till or '*'}", "center"),
        Rule(),
        *(Text(words) for words in (*SAMPLES, ", ".join(OWN_NAMES.values()))),
        Rule(),
        Pair("0123456789", f"{one.columns}", bold=True),
        Code("12345678"),
        Code("12345678", "qr"),
    ]


def _found(visit: Visit, place: Place | None) -> Printer | None:
    here = (one for one in visit.program.settings.tills.printers if (one.store, one.till) == place)
    return next(here, None)


def _place(visit: Visit) -> Place | None:
    """The printer that is meant, as the address or the form names it; None: a new one."""
    store = visit.form("of_store") or visit.query.get("store", "")
    till = visit.form("of_till") or visit.query.get("till", "")
    return (store[:64], till[:64]) if store else None


def _whole(visit: Visit, name: str) -> int:
    text = visit.form(name)
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise InvalidValue(f"/{name}", "is not a whole number")
    return int(text)

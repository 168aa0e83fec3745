"""The customer's display: a page beside the till that shows what the till tells it, in the customer's language."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect

from regulars import i18n, ids
from regulars.errors import Unauthenticated
from regulars.flows.known_programs import Known
from regulars.flows.spoken_language import spoken_language
from regulars.programs.model import Program, Store
from regulars.till.display_texts import texts
from regulars.units import MONEY_SCALES
from regulars.web import pages

HttpRequest = Request[Any, Any, Any]


@get("/till/display", include_in_schema=False)
async def display(request: HttpRequest) -> Response[Any]:
    """What the customer looks at; of the till that this browser's session is."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        return pages.to_sign_in(request)
    program, place = visitor.program, visitor.session.state
    store = program.stores.get(place.get("store", ""))
    if store is None or not place.get("till"):
        return Redirect("/till", status_code=303, headers=dict(pages.SECURITY_HEADERS))
    known = await request.app.state.known.fresh(program.id)
    spoken = spoken_in(program)
    return pages.page(
        request,
        "till/display.html",
        visitor=visitor,
        store=store,
        spoken=[(code, i18n.OWN_NAMES[code]) for code in spoken],
        config=pages.script_data(_config(known, store, place["till"], spoken)),
    )


@get("/till/display/promotions", include_in_schema=False)
async def promotions(request: HttpRequest) -> dict[str, dict[str, str]]:
    """What the live promotions are called, by language: asked again when one is given that the page does not know."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        raise Unauthenticated("The session has ended; sign in again.")
    return _named(await request.app.state.known.fresh(visitor.program.id))


@get("/till/display/language", include_in_schema=False)
async def language(request: HttpRequest) -> dict[str, str]:
    """In which language this customer is spoken to: the API tells a till nothing but name, tier and points."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        raise Unauthenticated("The session has ended; sign in again.")
    asked = ids.read("mem", request.query_params.get("member", ""))
    return {"language": await spoken_language(request.app.state.database, visitor.program.id, asked)}


def spoken_in(program: Program) -> tuple[str, ...]:
    """The languages of the program in which there are texts; the first is the display's own."""
    return tuple(code for code in program.languages if code in i18n.COMPLETE) or (i18n.SOURCE,)


def _config(known: Known, store: Store, till: str, spoken: tuple[str, ...]) -> dict[str, Any]:
    program = known.program
    points = {code: spec for code, spec in program.currencies.items() if spec.kind in ("points", "money")}
    return {
        "program": str(program.id),
        "program_name": program.name,
        "store": {"code": store.code},
        "till": till,
        "currency": program.base_currency,
        "money_scales": MONEY_SCALES,
        "points_first": program.points.code if program.points else None,
        "points": {code: {"scale": spec.scale, "names": spec.names} for code, spec in points.items()},
        "locale": _locale(spoken[0]),
        "languages": {
            code: {"locale": _locale(code), "texts": texts(i18n.language(code))} for code in spoken
        },
        "promotions": _named(known),
        "scanner": {
            "prefix": program.settings.tills.scanner_prefix,
            "suffix": program.settings.tills.scanner_suffix,
        },
    }


def _named(known: Known) -> dict[str, dict[str, str]]:
    return {
        ids.show("prm", promotion.id): {**promotion.document.names, "": promotion.document.name}
        for promotion in known.live.promotions
    }


def _locale(code: str) -> str:
    return i18n.REGIONS[code].replace("_", "-")


routes: list[Any] = [display, language, promotions]

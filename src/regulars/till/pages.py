"""The till's page: who sells where, and what its scripts need to know; everything else is our own public API."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Redirect
from msgspec import Meta, Struct

from regulars import i18n
from regulars.errors import InvalidValue, Unauthenticated
from regulars.flows import claimable
from regulars.flows.put_entitlement import has_entitlements
from regulars.programs import signing
from regulars.programs.model import Program, Store
from regulars.till import display, installing, prepaid, printing, training
from regulars.till.consent_texts import agreeing
from regulars.till.texts import texts
from regulars.units import MONEY_SCALES
from regulars.web import bodies, forms, pages, sessions
from regulars.web.addresses import origin_of

HttpRequest = Request[Any, Any, Any]
NAME_MAX = 64


class NewCashier(Struct, frozen=True, forbid_unknown_fields=True):
    """Who sells from now on; empty: nobody in particular."""

    cashier: Annotated[str, Meta(max_length=NAME_MAX)] = ""


_CASHIER = msgspec.json.Decoder(NewCashier)


@get("/till", include_in_schema=False)
async def till(request: HttpRequest) -> Response[Any]:
    """The till; first the question which one it is."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        return pages.to_sign_in(request)
    place = visitor.session.state
    store = visitor.program.stores.get(place.get("store", ""))
    if store is None or not place.get("till"):
        return _ask_place(request, visitor)
    language = pages.language_of(request, visitor.program)
    claim = f"{origin_of(request, visitor.program)}/portal/{visitor.program.slug}/claim"
    key = signing.public_text(request.app.state.settings.secret, visitor.program.id)
    banner = training.banner(visitor, language)
    entitled = await has_entitlements(request.app.state.database, visitor.program.id)
    ahead = await prepaid.config(request.app.state.database, visitor.program, language)
    return pages.page(
        request,
        "till/till.html",
        visitor=visitor,
        place={"till": place["till"], "cashier": place.get("cashier", "")},
        training=banner,
        store=store,
        member_languages=[(code, i18n.OWN_NAMES.get(code, code)) for code in visitor.program.languages],
        config=pages.script_data(
            _config(visitor.program, store, place, language)
            | {"program_key": key, "entitlements": entitled, "training_banner": banner, **ahead}
            | {"claim": claim if claimable.offered(visitor.program.settings) else ""}
        ),
    )


@get("/till/place", include_in_schema=False)
async def place(request: HttpRequest) -> Response[Any]:
    """Which till this is, asked again."""
    visitor = await pages.visitor(request, "till")
    return _ask_place(request, visitor) if visitor else pages.to_sign_in(request)


@post("/till/place", status_code=200, include_in_schema=False)
async def choose_place(request: HttpRequest) -> Response[Any]:
    """Remember store, till and cashier with the session."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        return pages.to_sign_in(request)
    form = await forms.read(request)
    training.require_csrf(request, visitor, str(form.get("csrf", "")))
    store, name, cashier = (str(form.get(field, "")).strip() for field in ("store", "till", "cashier"))
    in_training = form.get("training") == "on"
    known = store in {one.code for one in _stores(visitor)}
    if not known or not _is_name(name, least=1) or not _is_name(cashier):
        return _ask_place(request, visitor, fault=True)
    state = {"store": store, "till": name, "cashier": cashier, "training": in_training}
    await sessions.change_state(request.app.state.database, visitor.session.digest, state)
    return Redirect("/till", status_code=303, headers=dict(pages.SECURITY_HEADERS))


@post("/till/cashier", status_code=200, include_in_schema=False)
async def change_cashier(request: HttpRequest) -> dict[str, str]:
    """Another cashier at the same till; the receipt that is being made stays. Raises Unprocessable for no name."""
    visitor = await pages.visitor(request, "till")
    if visitor is None:
        raise Unauthenticated("The session has ended; sign in again.")
    training.require_csrf(request, visitor, request.headers.get("x-csrf-token", ""))
    cashier = bodies.decode(await bodies.read_bytes(request), _CASHIER).cashier.strip()
    if not _is_name(cashier):
        raise InvalidValue("/cashier", "is a name of printable characters")
    await sessions.change_state(request.app.state.database, visitor.session.digest, {"cashier": cashier})
    return {"cashier": cashier}


def _ask_place(request: HttpRequest, visitor: pages.Visitor, *, fault: bool = False) -> Response[str]:
    chosen = {"store": "", "till": "1", "cashier": "", "training": False, **visitor.session.state}
    return pages.page(
        request,
        "till/place.html",
        visitor=visitor,
        status=422 if fault else 200,
        stores=_stores(visitor),
        chosen=chosen,
        fault=fault,
    )


def _stores(visitor: pages.Visitor) -> list[Store]:
    """Where this key may sell, by name."""
    caller = visitor.caller
    stores = [
        store
        for store in visitor.program.stores.values()
        if caller.store in (None, store.id) and caller.partner in (None, store.partner)
    ]
    return sorted(stores, key=lambda store: store.name.casefold())


def _config(program: Program, store: Store, place: dict[str, Any], language: i18n.Language) -> dict[str, Any]:
    settings = program.settings
    header, footer = program.receipt_lines(language.code)
    printer = settings.tills.printer_of(store.code, place["till"])
    spendable = {code: spec for code, spec in program.currencies.items() if spec.kind in ("points", "money")}
    return {
        "language": language.code,
        "languages": program.languages,
        "locale": str(language.locale).replace("_", "-"),
        "program": str(program.id),
        "program_name": program.name,
        "receipt": {"header": header, "footer": footer},
        "sandbox": program.sandbox,
        "currency": program.base_currency,
        "money_scales": MONEY_SCALES,
        "points_first": program.points.code if program.points else None,
        "points": {
            code: {
                "scale": spec.scale,
                "worth": [spec.worth.numerator, spec.worth.denominator],
                "names": spec.names.get(language.code) or spec.names.get(i18n.SOURCE, {}),
            }
            for code, spec in spendable.items()
        },
        "store": {"code": store.code, "name": store.name, "time_zone": store.time_zone},
        "till": place["till"],
        "cashier": place.get("cashier", ""),
        "training": bool(place.get("training")),
        "printer": {"drawer": printer.drawer} if printer else None,
        "card": {
            "prefix": settings.card_prefix,
            "digits": settings.card_digits,
            "foreign": settings.foreign_card_prefixes,
            "unassigned": settings.unassigned_cards == "earn",
        },
        "confirms": settings.confirm_before_spending,
        "agreeing": agreeing(program),
        "gift_cards": settings.gift_card_skus,
        "gift_card_days": settings.gift_cards.valid_days,
        "gift_card_tax": settings.gift_cards.tax_percent,
        "reader": installing.reader_address(),
        "scanner": {"prefix": settings.tills.scanner_prefix, "suffix": settings.tills.scanner_suffix},
        "texts": texts(language),
    }


def _is_name(text: str, *, least: int = 0) -> bool:
    return least <= len(text) <= NAME_MAX and text.isprintable()


routes: list[Any] = [till, place, choose_place, change_cashier]
routes += [*printing.routes, *training.routes, *installing.routes, *display.routes]

"""Stores with their tills, and the partners that they belong to."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import msgspec
from litestar import Response

from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import NotFound, StateConflict
from regulars.flows.register_store import (
    NewPartner,
    NewStore,
    StoreView,
    find_store,
    list_stores,
    register_partner,
    register_store,
)

pages = Pages()
LIST = "/setup/stores"
AT_ONCE = 50


@pages.get("/setup/stores", needs="setup.read")
async def stores(visit: Visit) -> Response[Any]:
    """The stores with their tills, and the partners."""
    cursor = visit.query.get("cursor", "")[:64]
    found = await list_stores(visit.database, visit.program.id, cursor, AT_ONCE)
    return visit.page("setup/stores", found=found, first=not cursor, partners=visit.program.partners)


@pages.get("/setup/stores/new", needs="setup.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new store."""
    return _form(visit, None)


@pages.post("/setup/stores", needs="setup.write", again=new)
async def enter(visit: Visit) -> Response[Any]:
    """Enter a store that is new."""
    wanted = visit.read(NewStore, _sent(visit, visit.form("code")))
    if wanted.code in visit.program.stores:
        raise StateConflict("A store has this code already.")
    await register_store(visit.database, await visit.once(), wanted)
    said = visit.language.gettext("%(name)s is entered.") % {"name": wanted.name}
    return visit.to(LIST, done=said)


@pages.get("/setup/stores/edit", needs="setup.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a store that is there."""
    found = await find_store(visit.database, visit.program.id, _code(visit))
    return _form(visit, found)


@pages.post("/setup/stores/edit", needs="setup.write", again=edit)
async def change(visit: Visit) -> Response[Any]:
    """Change a store; tills that are named are added."""
    code = _code(visit)
    if code not in visit.program.stores:
        raise NotFound("There is no such store.")
    wanted = visit.read(NewStore, _sent(visit, code))
    await register_store(visit.database, await visit.once(), wanted)
    return visit.to(LIST, done=visit.language.gettext("%(name)s is changed.") % {"name": wanted.name})


@pages.get("/setup/partners/edit", needs="setup.write")
async def partner(visit: Visit) -> Response[Any]:
    """The form of a partner, new or not."""
    found = visit.program.partners.get(visit.query.get("code", ""))
    return visit.page("setup/partner", one=found)


@pages.post("/setup/partners/edit", needs="setup.write", again=partner)
async def save_partner(visit: Visit) -> Response[Any]:
    """Enter a partner, or change the name of the one with this code."""
    wanted = visit.read(NewPartner, {"code": visit.form("code"), "name": visit.form("name")})
    await register_partner(visit.database, await visit.once(), wanted)
    return visit.to(LIST, done=visit.language.gettext("%(name)s is saved.") % {"name": wanted.name})


def _form(visit: Visit, found: StoreView | None) -> Response[Any]:
    shown: dict[str, Any] = {
        "code": "",
        "name": "",
        "partner": "operator",
        "time_zone": visit.program.time_zone,
    }
    shown |= {"groups": "", "address": "", "latitude": "", "longitude": "", "tills": ""}
    if found is not None:
        shown |= {name: getattr(found, name) for name in ("code", "name", "partner", "time_zone", "address")}
        shown["groups"] = ", ".join(found.groups)
        if found.location is not None:
            shown |= msgspec.structs.asdict(found.location)
    if visit.problem is not None:
        shown |= {name: value for name, value in visit.form_fields().items() if name in shown}
    return visit.page(
        "setup/store",
        one=found,
        shown=shown,
        partners=[(one.code, one.name) for one in visit.program.partners.values()],
        zones=sorted(available_timezones()),
    )


def _sent(visit: Visit, code: str) -> dict[str, Any]:
    place = {"latitude": _decimal(visit, "latitude"), "longitude": _decimal(visit, "longitude")}
    return {
        "code": code,
        "name": visit.form("name"),
        "partner": visit.form("partner") or "operator",
        "time_zone": visit.form("time_zone") or None,
        "groups": _words(visit.form("groups")),
        "address": visit.form("address"),
        "location": place if any(place.values()) else None,
        "tills": _words(visit.form("tills")),
    }


def _code(visit: Visit) -> str:
    return (visit.form("code") or visit.query.get("code", ""))[:64]


def _decimal(visit: Visit, name: str) -> str:
    return visit.form(name).replace(",", ".")


def _words(text: str) -> list[str]:
    """What stands between commas or on lines of its own, each once."""
    return list(dict.fromkeys(word.strip() for word in text.replace("\n", ",").split(",") if word.strip()))

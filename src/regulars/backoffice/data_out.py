"""The page of exports: what can be taken out, who took out what, and the files as long as they are there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response

from regulars import clock, ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_data import FORMATS, STATES
from regulars.errors import Forbidden, InvalidValue
from regulars.flows.exports.exports import (
    EXPORTS,
    NewExport,
    export_of,
    file_name,
    list_exports,
    open_export,
    read_export,
    start_export,
)
from regulars.flows.exports.pages import Export
from regulars.i18n import N_
from regulars.interchange.writing import MEDIA_TYPES

pages = Pages()
AT_ONCE = 25
WHOLE_ONLY = N_("Exports are of the whole program; your role shows your stores only.")
PERSONAL = N_("Somebody can be recognised by this export; your role does not allow it.")
NOT_HERS = N_("Your role does not open this page.")


@pages.get("/data/exports", needs="data.export")
async def exports(visit: Visit) -> Response[Any]:
    """What can be taken out, and what was."""
    _require_whole(visit)
    return visit.page("data_exports", **await _listed(visit))


@pages.get("/data/exports/list", needs="data.export")
async def listed(visit: Visit) -> Response[Any]:
    """The list alone, for the page to look after it by itself."""
    _require_whole(visit)
    return visit.part("data_exports_part", **await _listed(visit))


@pages.post("/data/exports", needs="data.export", again=exports)
async def begin(visit: Visit) -> Response[Any]:
    """Ask for an export."""
    _require_whole(visit)
    kind = visit.form("kind")
    _require_may(visit, export_of(kind))
    wanted: dict[str, Any] = {}
    for name, days in (("from", 0), ("to", 1)):
        if visit.form(name) and name in export_of(kind).filters:
            wanted[name] = _midnight(visit, name, days).isoformat()
    if visit.form("agree") and "channel" in export_of(kind).filters:
        wanted["channel"], _, wanted["purpose"] = visit.form("agree").partition("/")
    new = visit.read(NewExport, {"kind": kind, "format": visit.form("format") or "xlsx", "filter": wanted})
    await start_export(visit.database, await visit.once(), new, visit.by)
    done = visit.language.gettext("The export is being written. You may leave this page; it will be here.")
    return visit.to("/data/exports", done=done)


@pages.get("/data/exports/{id}/file", needs="data.export")
async def file(visit: Visit) -> Response[Any]:
    """The file of an export, streamed."""
    _require_whole(visit)
    _require_may(visit, export_of((await read_export(visit.database, visit.program.id, _export(visit))).kind))
    one, pieces = await open_export(visit.database, visit.known.vault, _export(visit))
    return visit.stream(file_name(one), pieces, MEDIA_TYPES[one.format])


async def _listed(visit: Visit) -> dict[str, Any]:
    cursor = visit.query.get("cursor")
    before = ids.read("exp", cursor, "?cursor") if cursor else None
    page = await list_exports(visit.database, visit.program.id, before, AT_ONCE)
    kinds = [one for one in EXPORTS if visit.may(one.needs)]
    return {
        "items": page.items,
        "who": await desk.naming(visit, [one.created_by for one in page.items]),
        "next": page.next,
        "first": cursor is None,
        "running": any(one.status in ("waiting", "running") for one in page.items),
        "kinds": kinds,
        "readable": {one.kind for one in kinds},
        "titles": {one.kind: one.title for one in EXPORTS},
        "states": STATES,
        "formats": FORMATS,
        "hours": visit.program.settings.export_files_hours,
    }


def _require_whole(visit: Visit) -> None:
    if visit.staff.stores is not None:
        raise Forbidden(WHOLE_ONLY)


def _require_may(visit: Visit, export: Export) -> None:
    if not visit.may(export.needs):
        raise Forbidden(PERSONAL if export.personal else NOT_HERS)


def _midnight(visit: Visit, name: str, days: int) -> datetime:
    """The beginning of a day that was typed, `days` later. Raises InvalidValue."""
    try:
        day = date.fromisoformat(visit.form(name))
    except ValueError:
        raise InvalidValue(f"/{name}", "is not a date") from None
    if not 1970 <= day.year <= 2200:
        raise InvalidValue(f"/{name}", "is not a date")
    return clock.midnight(day + timedelta(days=days), visit.program.time_zone)


def _export(visit: Visit) -> UUID:
    return ids.read("exp", visit.path["id"])

"""The pages of entitlements: the list with what it costs whom, and a form that builds one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response

from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue, NotFound
from regulars.flows.entitlement_costs import costs_of
from regulars.flows.put_entitlement import EntitlementDocumentView, list_entitlements, put_entitlement
from regulars.i18n import N_, OWN_NAMES
from regulars.rewards.entitlements import PERIODS, Booking, Entitlement
from regulars.units import money_scale
from regulars.web import entitlement_words

pages = Pages()
LIST = "/engagement/entitlements"
QUOTAS_MAX = 50
SPARE_ROWS = 2
HOLDERS = (
    ("", N_("everybody")),
    ("tier", N_("a tier")),
    ("club", N_("a club")),
    ("audience", N_("an audience")),
)
NO_SHOWS = (("takes", N_("the use is gone")), ("gives_back", N_("it comes back")))
_WORDS = ("opens", "closes", "no_show")
_NUMBERS = ("slot_minutes", "capacity", "days_ahead", "cancel_hours")


@pages.get(LIST, needs="engagement.read")
async def entitlements(visit: Visit) -> Response[Any]:
    """Every entitlement, and what was used in some days, by partner."""
    found = await list_entitlements(visit.database, visit.program.id)
    today = (await visit.now()).astimezone(visit.zone).date()
    first = desk.day(visit.query.get("from")) or today.replace(day=1)
    last = desk.day(visit.query.get("until")) or today
    if not first <= last <= first + timedelta(days=366):
        first, last = today.replace(day=1), today
    costs = await costs_of(visit.database, visit.program, desk.caller(visit), None, first, last)
    partners = {one.code: one.name for one in visit.program.partners.values()}
    stores = {one.code: one.name for one in visit.program.stores.values()}
    seen = {one.code for one in visit.stores}
    names = {one.code: visit.said(one.document.names) for one in found.items}
    return visit.page(
        "entitlements",
        items=[_line(visit, one) for one in found.items],
        costs=[
            (partners[one.partner], stores[one.store], names.get(one.entitlement, ""), one)
            for one in costs.items
            if one.store in seen
        ],
        money=lambda amount: visit.language.money(amount, visit.program.base_currency),
        first_day=first.isoformat(),
        last_day=last.isoformat(),
    )


@pages.get(f"{LIST}/new", needs="engagement.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new entitlement."""
    return _form(visit, None)


@pages.post(f"{LIST}/new", needs="engagement.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Make it."""
    code = visit.form("code")
    listed = (await list_entitlements(visit.database, visit.program.id)).items
    if any(one.code == code for one in listed):
        raise InvalidValue("/code", N_("There is one of this code already."))
    return await _save(visit, code)


@pages.get(f"{LIST}/{{code}}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of an entitlement that is there."""
    return _form(visit, await _found(visit))


@pages.post(f"{LIST}/{{code}}/edit", needs="engagement.write", again=edit)
async def revise(visit: Visit) -> Response[Any]:
    """Change it by a new revision."""
    return await _save(visit, (await _found(visit)).code)


async def _save(visit: Visit, code: str) -> Response[Any]:
    document = visit.read(Entitlement, _sent(visit))
    await put_entitlement(visit.database, visit.known, code, document, visit.by, await visit.now())
    return visit.to(LIST, done=visit.language.gettext("Saved. It counts from now on."))


async def _found(visit: Visit) -> EntitlementDocumentView:
    listed = (await list_entitlements(visit.database, visit.program.id)).items
    found = next((one for one in listed if one.code == visit.path["code"]), None)
    if found is None:
        raise NotFound("There is no such entitlement.")
    return found


def _line(visit: Visit, one: EntitlementDocumentView) -> dict[str, Any]:
    document, language = one.document, visit.language
    return {
        "code": one.code,
        "name": visit.said(document.names),
        "quotas": [
            f"{language.number(quota.uses)} · {quota.holders[0][1] if quota.holders else language.gettext('everybody')}"
            for quota in document.quotas
        ],
        "period": language.gettext(entitlement_words.PERIODS[document.period]),
        "guests": document.guests.most,
        "booked": document.booking is not None,
        "cost": language.money(document.cost, visit.program.base_currency),
        "live": not document.stopped,
    }


def _form(visit: Visit, found: EntitlementDocumentView | None) -> Response[Any]:
    document = found.document if found is not None else None
    say = visit.language.gettext
    return visit.page(
        "entitlement_form",
        one=found,
        shown=_shown(visit, document) | (visit.form_fields() if visit.problem else {}),
        rows=min(QUOTAS_MAX, len(document.quotas if document else ()) + SPARE_ROWS),
        languages=[(code, OWN_NAMES.get(code, code)) for code in visit.program.languages],
        holders=[(code, say(name)) for code, name in HOLDERS],
        periods=[(code, say(entitlement_words.PERIODS[code])) for code in PERIODS],
        no_shows=[(code, say(name)) for code, name in NO_SHOWS],
    )


def _shown(visit: Visit, document: Entitlement | None) -> dict[str, str]:
    """The fields of the form, filled with what the entitlement says."""
    shown: dict[str, str] = {"period": "month"}
    shown |= {name: str(value) for name, value in _booking(Booking()).items()}
    if document is None:
        return shown
    for field in ("names", "descriptions"):
        shown |= {f"{field}-{code}": text for code, text in getattr(document, field).items()}
    for n, quota in enumerate(document.quotas):
        kind, code = quota.holders[0] if quota.holders else ("", "")
        shown |= {f"uses{n}": str(quota.uses), f"holder{n}": kind, f"of{n}": code}
    shown["period"] = document.period
    shown["period_days"] = str(document.period_days or "")
    shown |= {"stores": ", ".join(document.stores), "partners": ", ".join(document.partners)}
    shown |= {"free": str(document.guests.free), "from_quota": str(document.guests.from_quota)}
    scale = money_scale(visit.program.base_currency)
    whole, rest = divmod(document.cost, 10**scale)
    shown["cost"] = f"{whole}.{rest:0{scale}d}" if scale else str(whole)
    if document.booking is not None:
        shown |= {"booking": "1"} | {name: str(value) for name, value in _booking(document.booking).items()}
    shown |= {name: "1" for name in ("adds", "stopped") if getattr(document, name)}
    return shown


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        name: "" if value is None else value
        for name, value in msgspec.structs.asdict(booking).items()
        if name in (*_WORDS, *_NUMBERS)
    }


def _sent(visit: Visit) -> dict[str, Any]:
    """What the form says, as a document."""
    scale = money_scale(visit.program.base_currency)
    sent: dict[str, Any] = {"period": visit.form("period"), "quotas": _quotas(visit)}
    for field in ("names", "descriptions"):
        texts = {code: visit.form(f"{field}-{code}") for code in visit.program.languages}
        sent[field] = {code: text for code, text in texts.items() if text}
    for field in ("stores", "partners"):
        sent[field] = [part.strip() for part in visit.form(field).split(",") if part.strip()]
    if visit.form("period_days"):
        sent["period_days"] = desk.whole(visit.form("period_days"), "/period_days")
    sent["guests"] = {
        name: desk.whole(visit.form(name) or "0", f"/guests/{name}") for name in ("free", "from_quota")
    }
    if visit.form("cost"):
        sent["cost"] = desk.amount(visit.form("cost"), scale, "/cost")
    sent |= {name: True for name in ("adds", "stopped") if visit.form(name)}
    if visit.form("booking"):
        booking: dict[str, Any] = {name: visit.form(name) for name in _WORDS if visit.form(name)}
        booking |= {
            name: desk.whole(visit.form(name), f"/booking/{name}") for name in _NUMBERS if visit.form(name)
        }
        sent["booking"] = booking
    return sent


def _quotas(visit: Visit) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for n in range(QUOTAS_MAX):
        if not visit.form(f"uses{n}"):
            continue
        quota: dict[str, Any] = {"uses": desk.whole(visit.form(f"uses{n}"), f"/quotas/{n}/uses")}
        holder = visit.form(f"holder{n}")
        if holder in ("tier", "club", "audience"):
            quota[holder] = visit.form(f"of{n}")
        found.append(quota)
    return found

"""What the forms of games, draws and surveys share: texts, prizes, audiences, instants – read and filled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from regulars.backoffice import desk
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.draws import list_draws
from regulars.flows.ladders import CODE
from regulars.i18n import N_, OWN_NAMES
from regulars.prizes import Prize

KINDS = (
    ("nothing", N_("nothing")),
    ("voucher", N_("a voucher of the batch")),
    ("badge", N_("a badge")),
    ("entitlement", N_("an entitlement")),
)
_MARKS = ("tiers", "audiences", "clubs")


def languages(visit: Visit) -> list[tuple[str, str]]:
    """The languages of the program, with their own names."""
    return [(code, OWN_NAMES.get(code, code)) for code in visit.program.languages]


async def kinds(visit: Visit, shown: Mapping[str, str], but: str = "") -> list[tuple[str, str]]:
    """What a prize may be: points of each currency that can be spent, tickets of each draw, and the rest.

    `shown`: the form, whose choices are offered though the draw is over; `but`: the draw that is not offered.
    """
    points = [
        (f"points:{code}", code) for code, one in visit.program.currencies.items() if one.kind != "qualifying"
    ]
    found = await list_draws(visit.database, visit.program.id, await visit.now())
    chosen = set(shown.values())
    tickets = [
        (
            f"tickets:{one.code}",
            visit.language.gettext("tickets: {draw}").format(draw=visit.said(one.document["names"])),
        )
        for one in found.items
        if one.code != but and (one.status in ("planned", "open") or f"tickets:{one.code}" in chosen)
    ]
    return points + [(code, visit.language.gettext(name)) for code, name in KINDS] + tickets


def texts(visit: Visit, field: str) -> dict[str, str]:
    """What was typed, by language."""
    found = {code: visit.form(f"{field}-{code}") for code in visit.program.languages}
    return {code: text for code, text in found.items() if text}


def prize(visit: Visit, field: str, before: Prize | None = None) -> dict[str, Any]:
    """A prize as the form says it; one that it leaves as it was keeps what the form has no room for.

    Raises InvalidValue.
    """
    if before is not None and _unchanged(visit, shown_prize(field, before)):
        return msgspec.to_builtins(before)
    kind, what = visit.form(f"{field}-kind") or "nothing", visit.form(f"{field}-what")
    if kind == "nothing":
        return {"nothing": True}
    if kind.startswith("points:"):
        amount = desk.whole(what, f"/{field}-what")
        return {"points": {"currency": kind.partition(":")[2], "amount": amount}}
    if kind.startswith("tickets:"):
        count = desk.whole(what or "1", f"/{field}-what")
        return {"tickets": {"draw": kind.partition(":")[2], "count": count}}
    if not what:
        raise InvalidValue(f"/{field}-what", N_("is missing"))
    if kind == "voucher":
        return {"voucher": {"batch": what}}
    return {"entitlement": {"code": what}} if kind == "entitlement" else {"badge": what}


def shown_prize(field: str, one: Prize) -> dict[str, str]:
    """The fields of a prize, filled."""
    kind, what = one.kind, ""
    if one.points is not None:
        kind, what = f"points:{one.points.currency}", str(one.points.amount)
    elif one.voucher is not None:
        what = one.voucher.batch
    elif one.entitlement is not None:
        what = one.entitlement.code
    elif one.badge is not None:
        what = one.badge
    elif one.tickets is not None:
        kind, what = f"tickets:{one.tickets.draw}", str(one.tickets.count)
    return {f"{field}-kind": kind, f"{field}-what": what}


def shown_moment(visit: Visit, day: str, hour: str, at: datetime) -> dict[str, str]:
    """A day and an hour, filled."""
    return {day: day_of(visit, at), hour: at.astimezone(visit.zone).strftime("%H:%M")}


def shown_texts(field: str, by_language: dict[str, str]) -> dict[str, str]:
    """The fields of a text, filled."""
    return {f"{field}-{code}": text for code, text in by_language.items()}


def audience(visit: Visit) -> dict[str, Any]:
    """Who takes part. Raises InvalidValue."""
    found: dict[str, Any] = {}
    for field in _MARKS:
        codes = [part.strip() for part in visit.form(field).split(",") if part.strip()]
        found |= {field: codes} if codes else {}
    if visit.form("age_from"):
        found["age_from"] = desk.whole(visit.form("age_from"), "/age_from")
    return found


def shown_audience(document: dict[str, Any]) -> dict[str, str]:
    """Its fields, filled."""
    said = document.get("audience", {})
    shown = {field: ", ".join(said.get(field, ())) for field in _MARKS}
    return shown | ({"age_from": str(said["age_from"])} if "age_from" in said else {})


def days(
    visit: Visit, first: str, last: str, begins: datetime | None = None, ends: datetime | None = None
) -> dict[str, str]:
    """Two days of a form as instants, the second included; a day that was left keeps its instant of before.

    Raises InvalidValue.
    """
    since, until = begins, ends
    if visit.form(first) != day_of(visit, begins):
        since = desk.moment(visit, visit.form(first), f"/{first}")
    if visit.form(last) != day_of(visit, ends, last=True):
        until = desk.moment(visit, visit.form(last), f"/{last}", end=True)
    return {name: at.isoformat() for name, at in ((first, since), (last, until)) if at is not None}


def day_of(visit: Visit, at: datetime | None, *, last: bool = False) -> str:
    """An instant as a day of a form; `last`: the day before it ends."""
    if at is None:
        return ""
    return (at - timedelta(microseconds=1) if last else at).astimezone(visit.zone).date().isoformat()


def decimal(amount: int, scale: int) -> str:
    """Money as a field of a form has it."""
    whole, rest = divmod(amount, 10**scale)
    return f"{whole}.{rest:0{scale}d}" if scale else str(whole)


def require_code(code: str) -> None:
    """Raises InvalidValue."""
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", N_("a code has small letters, digits, dots, hyphens and underscores"))


def moment(visit: Visit, day: str, hour: str, before: datetime | None = None) -> datetime:
    """A day and an hour of a form as an instant, that of before where both were left. Raises InvalidValue."""
    if before is not None and _unchanged(visit, shown_moment(visit, day, hour, before)):
        return before
    found = desk.day(visit.form(day), f"/{day}")
    if found is None:
        raise InvalidValue(f"/{day}", N_("is missing"))
    try:
        return datetime.combine(found, time.fromisoformat(visit.form(hour)), visit.zone)
    except ValueError:
        raise InvalidValue(f"/{hour}", N_("is an hour, as 18:00")) from None


def _unchanged(visit: Visit, shown: Mapping[str, str]) -> bool:
    return all(visit.form(name) == text for name, text in shown.items())

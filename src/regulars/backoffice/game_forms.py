"""What the forms of games, draws and surveys share: texts, prizes, audiences, instants – read and filled."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from regulars.backoffice import desk
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
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


def kinds(visit: Visit) -> list[tuple[str, str]]:
    """What a prize may be: points of each currency that can be spent, and the rest."""
    points = [
        (f"points:{code}", code) for code, one in visit.program.currencies.items() if one.kind != "qualifying"
    ]
    return points + [(code, visit.language.gettext(name)) for code, name in KINDS]


def texts(visit: Visit, field: str) -> dict[str, str]:
    """What was typed, by language."""
    found = {code: visit.form(f"{field}-{code}") for code in visit.program.languages}
    return {code: text for code, text in found.items() if text}


def prize(visit: Visit, field: str) -> dict[str, Any]:
    """A prize as the form says it. Raises InvalidValue."""
    kind, what = visit.form(f"{field}-kind") or "nothing", visit.form(f"{field}-what")
    if kind == "nothing":
        return {"nothing": True}
    if kind.startswith("points:"):
        amount = desk.whole(what, f"/{field}-what")
        return {"points": {"currency": kind.partition(":")[2], "amount": amount}}
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
    return {f"{field}-kind": kind, f"{field}-what": what}


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


def days(visit: Visit, first: str, last: str) -> dict[str, str]:
    """Two days of a form as instants, the second included. Raises InvalidValue."""
    since = desk.moment(visit, visit.form(first), f"/{first}")
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


def moment(visit: Visit, day: str, hour: str) -> datetime:
    """A day and an hour of a form as an instant. Raises InvalidValue."""
    found = desk.day(visit.form(day), f"/{day}")
    if found is None:
        raise InvalidValue(f"/{day}", N_("is missing"))
    try:
        return datetime.combine(found, time.fromisoformat(visit.form(hour)), visit.zone)
    except ValueError:
        raise InvalidValue(f"/{hour}", N_("is an hour, as 18:00")) from None

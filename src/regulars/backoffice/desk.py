"""What the pages of members, purchases and codes share: who acts, amounts in words, authors, reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from regulars import clock, ids
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.desk.authors import author_names
from regulars.flows.words import chosen
from regulars.i18n import N_
from regulars.programs.model import Caller
from regulars.units import whole_of

REASON_MAX = 500
SAY_WHY = N_("say why, in a few words")
YEAR_FIRST, YEAR_LAST = 1900, 2200
"""Days are typed within these: of birth, and of what is good until then."""
THE_PROGRAM = "program"
"""How facts name their author where nobody in particular was."""


def caller(visit: Visit) -> Caller:
    """Who acts, as the flows ask: she may what her role let her come here for; facts name her as their author."""
    staff = visit.staff
    return Caller(
        visit.program.id, staff.id, frozenset({"manage"}), staff.partner, None, staff.name, visit.by
    )


def spoken(visit: Visit) -> str:
    """The language of the program in which promotions are explained to the reader."""
    return chosen(visit.program.languages, visit.language.code, visit.program.languages[0])


def pointing(visit: Visit) -> Callable[..., str]:
    """Says an amount of a currency: its code, the amount, `signed`."""
    currencies, language = visit.program.currencies, visit.language

    def say(code: str, amount: int, *, signed: bool = False) -> str:
        spec = currencies.get(code)
        if spec is None:
            return f"{language.number(amount, signed=signed)} {code}"
        return language.points(amount, spec.names, scale=spec.scale, signed=signed)

    return say


async def naming(visit: Visit, authors: Iterable[str]) -> Callable[[str], str]:
    """Says who an author is: a colleague and a key by name, and the cashier behind it; a job as the fact names it."""
    names = await author_names(visit.database, visit.program.id, authors, await visit.now())

    def say(author: str) -> str:
        if author.startswith("staff "):
            return names.get(author) or visit.language.gettext("a former colleague")
        key, _, cashier = author.partition("/")
        if key.startswith("key_"):
            name = names.get(key) or visit.language.gettext("a key that is gone")
            return f"{name} · {cashier}" if cashier else name
        return visit.language.gettext("The program itself") if author == THE_PROGRAM else author

    return say


def reason(visit: Visit, name: str = "reason") -> str:
    """Why something is done. Raises InvalidValue without a word, or with too many."""
    text = visit.form(name)
    if not text or len(text) > REASON_MAX or "\0" in text:
        raise InvalidValue(f"/{name}", SAY_WHY)
    return text


def amount(text: str, scale: int, pointer: str) -> int:
    """A decimal as people write it, in the smallest unit. Raises InvalidValue."""
    plain = text.replace("\u2212", "-").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    plain = plain.replace(",", ".")
    sign = -1 if plain.startswith("-") else 1
    whole, _, rest = plain.lstrip("+-").partition(".")
    if not whole.isascii() or not whole.isdigit() or len(whole) > 12 or len(rest) > scale:
        raise InvalidValue(pointer, N_("is a number, as 120 or -50"))
    if rest and not (rest.isascii() and rest.isdigit()):
        raise InvalidValue(pointer, N_("is a number, as 120 or -50"))
    return sign * int(whole + rest.ljust(scale, "0"))


def whole(text: str, pointer: str) -> int:
    """A whole number without sign. Raises InvalidValue."""
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    number = whole_of(plain, 12)
    if number is None:
        raise InvalidValue(pointer, N_("is a whole number"))
    return number


def day(text: str | None, pointer: str = "") -> date | None:
    """A day as 2026-03-01; None for nothing, and for what is none, or so far off that no calendar reaches it.

    With a pointer InvalidValue is raised for that.
    """
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is not None and YEAR_FIRST <= found.year <= YEAR_LAST:
        return found
    if pointer:
        raise InvalidValue(pointer, N_("is a day, as 2026-03-01"))
    return None


def days(visit: Visit, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants at which these days begin and end, in the program's time zone."""
    zone = visit.program.time_zone
    return clock.midnight(first, zone), clock.midnight(last + timedelta(days=1), zone)


def moment(visit: Visit, text: str, pointer: str, *, end: bool = False) -> datetime | None:
    """A day of a form as an instant: its beginning, or (`end`) its end. Raises InvalidValue."""
    found = day(text, pointer)
    if found is None:
        return None
    return clock.midnight(found + timedelta(days=1) if end else found, visit.program.time_zone)


def read_id(visit: Visit, kind: str, name: str = "id") -> UUID:
    """The id in the address. Raises WrongIdKind."""
    return ids.read(kind, visit.path[name], f"/{name}")


def show(kind: str, one: Any) -> str:
    """An id as people see it; empty for none."""
    return ids.show(kind, one) if one is not None else ""

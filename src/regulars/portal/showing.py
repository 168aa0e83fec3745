"""Words for a member's balance, receipts and statement: what the portal's pages print."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec import Struct

from regulars import clock, ids
from regulars.flows.member_receipt import STATUSES
from regulars.flows.read_member import CurrencyBalance
from regulars.i18n import Language, sentence
from regulars.portal.visiting import Guest
from regulars.programs.model import Program, Store
from regulars.purchases.journal import Listed
from regulars.web import drawing
from regulars.web.drawing import Kind

SOON = timedelta(days=30)
"""Points that expire within it are pointed out."""


class Expiring(Struct, frozen=True):
    """Points and the last day on which they can be spent."""

    points: str
    day: str
    soon: bool


class BalanceLine(Struct, frozen=True):
    """What a member has in one currency, in words; what there is none of is empty."""

    currency: str
    available: int
    scale: int
    number: str
    unit: str
    points: str
    worth: str
    pending: str
    held: str
    debt: str
    expiring: tuple[Expiring, ...]


class ReceiptRow(Struct, frozen=True):
    """A receipt in a list."""

    id: str
    store: str
    day: str
    paid: str
    points: str
    minus: bool
    status: str


def balance_lines(found: Guest, balances: tuple[CurrencyBalance, ...]) -> tuple[BalanceLine, ...]:
    """The currencies of a balance, points first, those that cannot be spent last; empty ones only if alone."""
    currencies = found.program.currencies
    order = {"points": 0, "money": 1, "stamps": 2, "visits": 3, "qualifying": 4}
    kept = sorted(balances, key=lambda b: (order[currencies[b.currency].kind], b.currency))
    shown = [b for place, b in enumerate(kept) if place == 0 or b.available or b.pending or b.held or b.debt]
    return tuple(_balance_line(found, balance) for balance in shown)


def _balance_line(found: Guest, balance: CurrencyBalance) -> BalanceLine:
    spec = found.program.currencies[balance.currency]

    def points(amount: int) -> str:
        return points_text(found, balance.currency, amount) if amount else ""

    number, _, unit = points_text(found, balance.currency, balance.available).partition("\u00a0")
    worth = balance.worth
    return BalanceLine(
        currency=balance.currency,
        available=balance.available,
        scale=spec.scale,
        number=number,
        unit=unit,
        points=points_text(found, balance.currency, balance.available),
        worth=found.language.money(worth.amount, worth.currency) if worth.amount else "",
        pending=points(balance.pending),
        held=points(balance.held),
        debt=points(balance.debt),
        expiring=tuple(
            Expiring(points(part.amount), last_day(found, part.at), part.at - found.now < SOON)
            for part in balance.expiring
        ),
    )


def points_text(found: Guest, currency: str, amount: int, *, signed: bool = False) -> str:
    """An amount of a currency with its name."""
    spec = found.program.currencies.get(currency)
    if spec is None:
        return f"{found.language.number(amount, signed=signed)}\u00a0{currency}"
    return found.language.points(amount, spec.names, scale=spec.scale, signed=signed)


def last_day(found: Guest, expires_at: datetime) -> str:
    """The day on which points that expire at an instant go: the last one, when they go at midnight."""
    return found.language.short_date(expires_at - timedelta(microseconds=1), found.zone)


def receipt_row(found: Guest, row: Listed) -> ReceiptRow:
    """A receipt as a row."""
    store = store_of(found.program, row.store)
    zone = clock.zone(store.time_zone)
    main = found.program.points
    change = row.earned - row.spent
    return ReceiptRow(
        id=ids.show("pur", row.id),
        store=store.name,
        day=moment(found.language, row.purchased_at, found.now, zone),
        paid=found.language.money(row.payable, row.currency),
        points=points_text(found, main.code, change, signed=True) if main and change else "",
        minus=change < 0,
        status=status_text(found.language, row.status),
    )


def store_of(program: Program, store: UUID) -> Store:
    """The store of that id."""
    return next(one for one in program.stores.values() if one.id == store)


def status_text(language: Language, status: str) -> str:
    """What became of a receipt; nothing where it is as it was."""
    known = STATUSES.get(status)
    return language.gettext(known) if known else ""


def moment(language: Language, at: datetime, now: datetime, zone: ZoneInfo, *, begins: bool = True) -> str:
    """A time as a person would say it: today, yesterday, else the day; a year ago with the year.

    It `begins` a sentence or a row, or stands within one.
    """
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    time = language.time(at, zone)
    if day == today:
        said = language.gettext("today, {time}").format(time=time)
        return sentence(said) if begins else said
    if day == today - timedelta(days=1):
        said = language.gettext("yesterday, {time}").format(time=time)
        return sentence(said) if begins else said
    if today - day < timedelta(days=300):
        return f"{language.day(day, begins=begins)}, {time}"
    return f"{language.short_date(day)} {time}"


def code(kind: Kind, text: str) -> Markup:
    """The code as SVG; what it says stands beside it in letters. Raises InvalidValue for a text it cannot carry."""
    picture = drawing.svg(kind, text, label="").replace(' role="img" aria-label=""', ' aria-hidden="true"')
    return Markup(picture)  # noqa: S704 - made of whole numbers only

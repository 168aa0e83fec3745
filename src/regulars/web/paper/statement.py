"""Lays out a member's statement: what there is and what expires first on top, what happened under it."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from regulars import clock
from regulars.flows.read_member import CurrencyBalance
from regulars.flows.read_paper_statement import PaperStatement
from regulars.i18n import Language
from regulars.programs.logos import Logo
from regulars.programs.model import CurrencySpec, Program
from regulars.web.colours import palette
from regulars.web.movements import movement_words
from regulars.web.paper.plastic import picture

TEMPLATE = "statement"
EXPIRING_MAX = 3


def data_of(
    program: Program, found: PaperStatement, spoken: Language, logo: Logo | None = None
) -> dict[str, Any]:
    """What the template sets, in words of the language."""
    _ = spoken.gettext
    zone = clock.zone(program.time_zone)
    moment = _("As of {moment}").format(moment=spoken.moment(found.at, zone))
    return {
        "created_at": found.at.isoformat(),
        "author": program.name,
        "title": _("Statement of points"),
        "language": spoken.code,
        "accent": palette(program.settings.accent).text_light,
        "program": program.name,
        "logo": picture(logo),
        "logo_place": program.settings.branding.logo_place,
        "name": found.name,
        "period": _period(found, spoken, zone),
        "moment": moment,
        "more": _("Older movements are left out: ask for a shorter time.") if found.more else "",
        "heads": [_("Date"), _("What happened"), _("Movement"), _("Balance")],
        "none": _("Nothing happened in this time."),
        "currencies": [
            _currency(program, found, balance, spoken, zone) for balance in found.balance.currencies
        ],
    }


def _period(found: PaperStatement, spoken: Language, zone: tzinfo) -> str:
    """Dates alone: in words, they would have to be inflected."""
    if found.since is None and found.until is None:
        return ""
    first = spoken.short_date(found.since, zone) if found.since else ""
    # The end is not part of the time: of days, the day before it is the last one.
    last = spoken.short_date(found.until - timedelta(microseconds=1), zone) if found.until else ""
    return f"{first} – {last}".strip()


def _currency(
    program: Program, found: PaperStatement, balance: CurrencyBalance, spoken: Language, zone: tzinfo
) -> dict[str, Any]:
    """One currency: its figures, and its movements."""
    _, currency = spoken.gettext, program.currencies[balance.currency]

    def points(amount: int, *, signed: bool = False) -> str:
        return spoken.points(amount, currency.names, scale=currency.scale, signed=signed)

    others = [
        (_("Pending"), balance.pending),
        (_("Held for purchases"), balance.held),
        (_("Owed"), balance.debt),
    ]
    return {
        "label": _("Available"),
        "available": points(balance.available),
        "worth": _worth(balance, currency, spoken),
        "others": [{"label": label, "amount": points(amount)} for label, amount in others if amount],
        "expiring_label": _("Expires next"),
        "expiring": [
            {"amount": points(part.amount), "day": _last_day(part.at, spoken, zone)}
            for part in balance.expiring[:EXPIRING_MAX]
        ],
        "rows": [
            {
                "day": spoken.short_date(one.effective_at, zone),
                "words": movement_words(spoken, one.kind, one.reason, found.named),
                "change": _amount(one.change, currency, spoken, signed=True),
                "balance": _amount(one.balance, currency, spoken),
            }
            for one in found.movements
            if one.currency == balance.currency
        ],
    }


def _worth(balance: CurrencyBalance, currency: CurrencySpec, spoken: Language) -> str:
    if currency.kind == "qualifying" or balance.worth.amount <= 0:
        return ""
    return spoken.gettext("worth {money}").format(
        money=spoken.money(balance.worth.amount, balance.worth.currency)
    )


def _last_day(at: datetime, spoken: Language, zone: tzinfo) -> str:
    """Points expire at a midnight: the day before it is the last one they can be used."""
    return spoken.gettext("use by {day}").format(day=spoken.short_date(at - timedelta(microseconds=1), zone))


def _amount(amount: int, currency: CurrencySpec, spoken: Language, *, signed: bool = False) -> str:
    value = Decimal(amount).scaleb(-currency.scale)
    return spoken.number(value, decimals=currency.scale, signed=signed)

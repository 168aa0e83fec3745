"""What the pages of activity say of a kind: how it is measured, what it earns, within which limits, how it stands."""

from __future__ import annotations

from decimal import Decimal

from regulars.backoffice import desk
from regulars.backoffice.visit import Visit
from regulars.i18n import N_
from regulars.purchases.activity import SPANS, ActivityKind, EarningRule, Limits, Span, thousandths

MEASURES: dict[str, str] = {
    "count": N_("Each counts one"),
    "sum": N_("The sum of “%(field)s”"),
    "reading": N_("What “%(field)s” has moved on"),
}
GIVES: dict[str, str] = {
    "fixed": N_("each time"),
    "per": N_("for every so many units"),
    "percent": N_("a share of money"),
}
WHEN: dict[str, str] = {"at_once": N_("at once"), "monthly": N_("once a month")}
REVIEWS: dict[str, str] = {
    "never": N_("Nobody: a flood earns nothing"),
    "flagged": N_("What the flood control flags"),
    "always": N_("Each before it earns"),
}
STATUSES: dict[str, str] = {
    "counted": N_("It counts"),
    "waiting": N_("Waits"),
    "set_aside": N_("Set aside"),
    "accepted": N_("Accepted"),
    "refused": N_("Refused"),
}
TONES: dict[str, str] = {
    "waiting": "warning",
    "set_aside": "warning",
    "accepted": "good",
    "refused": "warning",
}
FLAGS: dict[str, str] = {
    "flood": N_("More at once than the flood control allows"),
    "review": N_("Each of this kind is looked at"),
}
_LIMITS: dict[Span, str] = {
    "day": N_("at most %(points)s a day"),
    "month": N_("at most %(points)s a month"),
    "year": N_("at most %(points)s a year"),
}


def name(visit: Visit, code: str, document: ActivityKind | None) -> str:
    """What a kind is called, or its code."""
    return visit.said(document.names) or code if document is not None else code


def field_name(visit: Visit, document: ActivityKind, field: str | None) -> str:
    """What a field is called, or its name in the data."""
    found = document.field(field)
    return visit.said(found.names) or found.name if found is not None else ""


def measured(visit: Visit, document: ActivityKind) -> str:
    """How much of it there is."""
    said = visit.language.gettext(MEASURES[document.measure])
    return said % {"field": field_name(visit, document, document.quantity)}


def earns(visit: Visit, document: ActivityKind) -> list[str]:
    """A sentence for each rule."""
    return [_rule(visit, document, rule) for rule in document.rules]


def quantity(visit: Visit, document: ActivityKind | None, text: str) -> str:
    """How much it was, with its unit; money as people write it."""
    measured_by = document.field(document.quantity) if document is not None else None
    if measured_by is not None and measured_by.unit == visit.program.base_currency:
        return visit.language.money(thousandths(text) // 1000, measured_by.unit)
    said = visit.language.quantity(thousandths(text))
    return f"{said}\u00a0{measured_by.unit}" if measured_by is not None and measured_by.unit else said


def _rule(visit: Visit, document: ActivityKind, rule: EarningRule) -> str:
    language, say = visit.language, desk.pointing(visit)
    if rule.gives == "percent":
        share = language.percent(Decimal(rule.ppm) / 10**6, decimals=0 if rule.ppm % 10_000 == 0 else 2)
        said = language.gettext("%(share)s of “%(field)s” as %(currency)s") % {
            "share": share,
            "field": field_name(visit, document, document.quantity),
            "currency": _currency(visit, rule),
        }
    elif rule.gives == "per":
        said = language.gettext("%(points)s for every %(units)s") % {
            "points": say(rule.currency, rule.points or 0),
            "units": quantity(visit, document, rule.per or "1"),
        }
    else:
        said = language.gettext("%(points)s each time") % {"points": say(rule.currency, rule.points or 0)}
    parts = [said, *_limits(visit, rule.currency, rule.limits)]
    if rule.when == "monthly":
        parts.append(language.gettext("given at the month's close"))
    return ", ".join(parts)


def _limits(visit: Visit, currency: str, limits: Limits) -> list[str]:
    say = desk.pointing(visit)
    return [
        visit.language.gettext(_LIMITS[span]) % {"points": say(currency, most)}
        for span in SPANS
        if (most := limits.of(span)) is not None
    ]


def _currency(visit: Visit, rule: EarningRule) -> str:
    spec = visit.program.currencies.get(rule.currency)
    return visit.language.points_name(2, spec.names) or rule.currency if spec is not None else rule.currency

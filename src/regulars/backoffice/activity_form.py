"""A kind of activity as the fields of its form, and back: what the form has no room for stays as it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from regulars import clock
from regulars.backoffice import desk
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_activity import GIVES, REVIEWS, WHEN
from regulars.errors import InvalidValue
from regulars.flows.create_key import list_keys
from regulars.i18n import N_
from regulars.purchases.activity import ANY, SPANS, ActivityKind, EarningRule

RULES = 2
"""Room for so many rules; a kind that has more is shown with all of its own."""
DECIMAL = N_("is a number, as 0.5 or 200")


def rows(document: ActivityKind) -> range:
    """The places of the rules."""
    return range(min(5, max(RULES, len(document.rules) + 1)))


async def choices(visit: Visit, document: ActivityKind) -> dict[str, Any]:
    """What there is to choose from."""
    _ = visit.language.gettext
    currencies = [
        (one.code, visit.language.points_name(2, one.names) or one.code)
        for one in visit.program.currencies.values()
    ]
    keys = await list_keys(visit.database, visit.program.id, clock.world())
    sources = [(ANY, _("Any key of the program")), *[(one.id, one.name or one.id) for one in keys]]
    known = {code for code, _name in sources}
    sources += [(one, one) for one in document.sources if one not in known]
    return {
        "rules": rows(document),
        "currencies": [("", "–"), *currencies],
        "gives": [(code, _(text)) for code, text in GIVES.items()],
        "when": [(code, _(text)) for code, text in WHEN.items()],
        "reviews": [(code, _(text)) for code, text in REVIEWS.items()],
        "sources": sources,
        "spans": SPANS,
    }


def fields_of(visit: Visit, document: ActivityKind, *, new: bool) -> dict[str, str]:
    """The document as the form's fields; a new one is proposed a rule."""
    fields = {f"name-{language}": name for language, name in document.names.items()}
    fields |= {"late_days": str(document.late_days), "review": document.review, "source": document.sources[0]}
    if document.flood is not None:
        fields |= {"most": str(document.flood.most), "seconds": str(document.flood.seconds)}
    if document.stopped:
        fields["stopped"] = "yes"
    for n, rule in enumerate(document.rules):
        fields |= _rule_fields(visit, n, rule)
    if new and not document.rules and visit.program.points is not None:
        fields |= {"r0-currency": visit.program.points.code, "r0-gives": "fixed", "r0-points": "1"}
    return fields


async def sent(visit: Visit, document: ActivityKind) -> dict[str, Any]:
    """The document that the form says. Raises InvalidValue."""
    became: dict[str, Any] = msgspec.to_builtins(document)
    became["names"] = {
        **document.names,
        **{one: visit.form(f"name-{one}") for one in visit.program.languages if visit.form(f"name-{one}")},
    }
    became["late_days"] = desk.whole(visit.form("late_days"), "/late_days")
    became["review"] = visit.form("review")
    became["stopped"] = visit.form("stopped") == "yes"
    source = visit.form("source")
    if source != document.sources[0]:
        became["sources"] = [source]
    became.pop("flood", None)
    if visit.form("most") or visit.form("seconds"):
        became["flood"] = {
            "most": desk.whole(visit.form("most"), "/flood/most"),
            "seconds": desk.whole(visit.form("seconds"), "/flood/seconds"),
        }
    became["rules"] = [
        _rule(visit, n, document, f"/rules/{n}") for n in rows(document) if visit.form(f"r{n}-currency")
    ]
    return became


def _rule_fields(visit: Visit, n: int, rule: EarningRule) -> dict[str, str]:
    scale = _scale(visit, rule.currency)
    fields = {f"r{n}-currency": rule.currency, f"r{n}-gives": rule.gives, f"r{n}-when": rule.when}
    if rule.points is not None:
        fields[f"r{n}-points"] = f"{Decimal(rule.points).scaleb(-scale):f}"
    if rule.per is not None:
        fields[f"r{n}-per"] = rule.per
    if rule.rate is not None:
        fields[f"r{n}-rate"] = f"{(Decimal(rule.ppm) / 10_000).normalize():f}"
    for span in SPANS:
        most = rule.limits.of(span)
        if most is not None:
            fields[f"r{n}-{span}"] = f"{Decimal(most).scaleb(-scale):f}"
    return fields


def _rule(visit: Visit, n: int, document: ActivityKind, pointer: str) -> dict[str, Any]:
    currency, gives, when = (visit.form(f"r{n}-{name}") for name in ("currency", "gives", "when"))
    old = document.rule(currency)
    rule: dict[str, Any] = msgspec.to_builtins(old) if old is not None else {}
    rule |= {"currency": currency, "gives": gives, "when": when or "at_once"}
    for name in ("points", "per", "rate", "limits"):
        rule.pop(name, None)
    scale = _scale(visit, currency)
    if gives != "percent":
        rule["points"] = desk.amount(visit.form(f"r{n}-points"), scale, f"{pointer}/points")
    if gives == "per":
        rule["per"] = _decimal(visit.form(f"r{n}-per"), f"{pointer}/per")
    if gives == "percent":
        rule["rate"] = _share(visit.form(f"r{n}-rate"), f"{pointer}/rate")
    limits = {
        span: desk.amount(visit.form(f"r{n}-{span}"), scale, f"{pointer}/limits/{span}")
        for span in SPANS
        if visit.form(f"r{n}-{span}")
    }
    return {**rule, "limits": limits}


def _decimal(text: str, pointer: str) -> str:
    thousandths = desk.amount(text, 3, pointer)
    if thousandths <= 0:
        raise InvalidValue(pointer, DECIMAL)
    return f"{(Decimal(thousandths) / 1000).normalize():f}"


def _share(text: str, pointer: str) -> str:
    """Per cent as people write them, as a decimal of one."""
    return f"{(Decimal(desk.amount(text, 4, pointer)) / 10**6).normalize():f}"


def _scale(visit: Visit, currency: str) -> int:
    spec = visit.program.currencies.get(currency)
    return spec.scale if spec is not None else 0

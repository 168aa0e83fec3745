"""What pages show of points that members pass on: the rates of exchange in words, and what each charity was given."""

from __future__ import annotations

from typing import Any

from regulars.backoffice.visit import Visit
from regulars.flows.donate_points import list_donations
from regulars.flows.exchange_points import RateView, list_rates


async def rates(visit: Visit) -> list[dict[str, Any]]:
    """At what points of one currency are exchanged for another."""
    return [_rate(visit, one) for one in (await list_rates(visit.database, visit.program.id)).items]


async def donations(visit: Visit) -> list[tuple[str, str, str, int]]:
    """What each charity was given: its name, the points, what they are worth, how often."""
    found = (await list_donations(visit.database, visit.program.id)).items
    partners, money = visit.program.partners, visit.program.base_currency
    return [
        (
            partners[one.charity].name if one.charity in partners else one.charity,
            _points(visit, one.currency, one.amount),
            visit.language.money(one.worth, money),
            one.donations,
        )
        for one in found
    ]


def exchanged(visit: Visit) -> list[tuple[str, str]]:
    """The currencies that may be exchanged, for a list to choose from."""
    found = sorted(visit.program.currencies.values(), key=lambda one: one.code)
    return [
        (one.code, f"{one.code} ({_points(visit, one.code, 5 * 10**one.scale)})")
        for one in found
        if one.kind != "qualifying"
    ]


def _rate(visit: Visit, one: RateView) -> dict[str, Any]:
    rate = one.rate
    return {
        "from": one.currency,
        "into": one.target,
        "gives": _points(visit, one.currency, rate.give),
        "brings": _points(visit, one.target, rate.get),
        "least": _points(visit, one.currency, rate.least),
        "a_day": _points(visit, one.currency, rate.a_day) if rate.a_day is not None else "",
        "since": visit.language.moment(one.since, visit.zone),
        "stopped": rate.stopped,
    }


def _points(visit: Visit, currency: str, amount: int) -> str:
    spec = visit.program.currencies.get(currency)
    if spec is None:
        return f"{visit.language.number(amount)} {currency}"
    return visit.language.points(amount, spec.names, scale=spec.scale)

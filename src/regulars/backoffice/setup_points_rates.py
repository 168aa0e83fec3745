"""Enters at what rate members exchange points of one currency for another, and stops it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars.backoffice import desk, setup_currencies
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.exchange_points import list_rates, put_rate
from regulars.ledger.passing import Rate

pages = Pages()


@pages.post("/setup/currencies/points-rates", needs="setup.write", again=setup_currencies.currencies)
async def enter_points_rate(visit: Visit) -> Response[Any]:
    """Set at what one currency is changed into another from now on."""
    give, get = visit.form("from"), visit.form("into")
    content = {
        "give": _units(visit, "give", give),
        "get": _units(visit, "get", get),
        "least": _units(visit, "least", give) if visit.form("least") else 1,
        "a_day": _units(visit, "a_day", give) if visit.form("a_day") else None,
    }
    rate = visit.read(Rate, content)
    await put_rate(visit.database, visit.program, give, get, rate, visit.by, await visit.now())
    return visit.to(
        setup_currencies.LIST, done=visit.language.gettext("From now on points are exchanged so.")
    )


@pages.post("/setup/currencies/points-rates/stop", needs="setup.write", again=setup_currencies.currencies)
async def stop_points_rate(visit: Visit) -> Response[Any]:
    """Exchange no more at this rate, or exchange again."""
    pair = (visit.form("from"), visit.form("into"))
    rates = (await list_rates(visit.database, visit.program.id)).items
    found = next((one for one in rates if (one.currency, one.target) == pair), None)
    if found is not None:
        rate = Rate(
            found.rate.give, found.rate.get, found.rate.least, found.rate.a_day, visit.form("stop") == "yes"
        )
        await put_rate(visit.database, visit.program, *pair, rate, visit.by, await visit.now())
    return visit.to(setup_currencies.LIST)


def _units(visit: Visit, name: str, currency: str) -> int:
    """A whole number of points, in the currency's unit. Raises InvalidValue."""
    spec = visit.program.currencies.get(currency)
    return desk.whole(visit.form(name), f"/{name}") * 10 ** (spec.scale if spec else 0)

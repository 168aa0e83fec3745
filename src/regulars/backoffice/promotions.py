"""The pages of one promotion: what it says, its results and its history; stop, resume."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from litestar import Response
from msgspec import Struct

from regulars.analytics import promotion_results
from regulars.analytics.promotion_results import PromotionResults
from regulars.backoffice.days import PERIODS, Filter, read_filter, seen
from regulars.backoffice.office import Pages
from regulars.backoffice.promotions_builder import by, promotion, words
from regulars.backoffice.promotions_waiting import waiting
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_promotions import HAPPENED, MEASURES, STATES, WHOM, who
from regulars.flows.known_programs import group_rules
from regulars.flows.promotion_history import promotion_history
from regulars.flows.promotion_limits import LimitUse, read_limits
from regulars.flows.promotions_overview import state
from regulars.flows.publish_promotion import read_promotion, resume_promotion, stop_promotion
from regulars.promotions import document, offline
from regulars.promotions.differing import limit_text
from regulars.promotions.model import Document
from regulars.promotions.wording import benefits_text, conditions_text
from regulars.units import money_scale
from regulars.web.pages import script_data
from regulars.web.tables import decimal, rows_as_csv

pages = Pages()
CSV = "text/csv"


@pages.get("/promotions/{id}", needs="promotions.read")
async def one(visit: Visit) -> Response[Any]:
    """One promotion: what it says, what it does while it runs, and what happened to it."""
    view = await read_promotion(visit.database, visit.program.id, promotion(visit))
    parsed = document.parse(view.document or view.draft or {})
    at = await visit.now()
    today = at.astimezone(visit.zone).date()
    chosen = read_filter(visit.query, today, visit.stores)
    results = await _results(visit, chosen) if view.revision else None
    used: tuple[LimitUse, ...] = ()
    if view.revision and visit.staff.stores is None:
        used = await read_limits(visit.database, visit.program, promotion(visit), parsed, at)
    history = await promotion_history(visit.database, visit.program.id, promotion(visit))
    wall = at.astimezone(visit.zone).replace(tzinfo=None)
    return visit.page(
        "promotions/one",
        view=view,
        title=parsed.names.get(visit.language.code) or parsed.name,
        now=state(view.status, parsed if view.document else None, view.review, wall),
        states=STATES,
        sentences=sentences(visit, parsed),
        chosen=chosen,
        today=today,
        periods=[(n, today - timedelta(days=n - 1)) for n in PERIODS],
        results=results,
        store_names={store.code: store.name for store in visit.program.stores.values()},
        budgets=_used(used, visit),
        history=history,
        waits=await waiting(visit, view, history, at),
        names=history.names,
        happened=HAPPENED,
        who=who,
        charts=script_data(_charts(results, visit)) if results else None,
    )


@pages.get("/promotions/{id}/results.csv", needs="promotions.read")
async def results_csv(visit: Visit) -> Response[Any]:
    """What it did on each day, for a spreadsheet."""
    await read_promotion(visit.database, visit.program.id, promotion(visit))
    today = (await visit.now()).astimezone(visit.zone).date()
    found = await _results(visit, read_filter(visit.query, today, visit.stores))
    money, scale = found.currency, money_scale(found.currency)
    points = visit.program.points.code if visit.program.points else ""
    head = [
        "day",
        "times",
        "by_members",
        "purchases",
        f"sales_{money}",
        f"discount_{money}",
        "points",
        f"cost_{money}",
    ]
    rows = [
        [str(day.day), r.times, r.by_members, r.purchases, decimal(r.net, scale),
         decimal(r.discount - r.discount_back, scale),
         r.points.get(points, 0) - r.points_back.get(points, 0), decimal(r.cost, scale)]
        for day in found.days
        for r in (day.result,)
    ]  # fmt: skip
    return visit.file(f"promotion-{found.first}-{found.last}.csv", rows_as_csv([head, *rows]), CSV)


@pages.post("/promotions/{id}/stop", needs="promotions.stop", again=one, why=True)
async def stop(visit: Visit) -> Response[Any]:
    """Stop it everywhere, from the next preview or purchase on."""
    await stop_promotion(visit.database, await visit.once(), promotion(visit), by(visit))
    done = visit.language.gettext("The promotion is stopped: no till gives it any more.")
    return visit.to(f"/promotions/{visit.path['id']}", done=done)


@pages.post("/promotions/{id}/resume", needs="promotions.stop", again=one, why=True)
async def resume(visit: Visit) -> Response[Any]:
    """Let a stopped one go on."""
    await resume_promotion(visit.database, await visit.once(), promotion(visit), by(visit))
    return visit.to(
        f"/promotions/{visit.path['id']}", done=visit.language.gettext("The promotion runs again.")
    )


# what the pages show -----------------------------------------------------------------------------------------


def sentences(visit: Visit, parsed: Document) -> list[tuple[str, str]]:
    """A promotion in sentences: when, what, at most, from and until."""
    _, said, money = visit.language.gettext, words(visit), visit.program.base_currency
    terms = document.build(parsed)
    when = conditions_text(terms.conditions, said, money) or _("for everybody, always")
    found = [(_("When"), when), (_("Then"), benefits_text(terms.benefits, said, money))]
    found += [(_("At most"), limit_text(limit, said, money)) for limit in parsed.limits]
    if parsed.valid_from is not None:
        found.append((_("From"), said.moment(parsed.valid_from)))
    if parsed.valid_until is not None:
        found.append((_("Until"), said.moment(parsed.valid_until)))
    if parsed.funder:
        found.append((_("Paid by"), said.named("partner", parsed.funder)))
    if visit.program.settings.offline.on:
        works = offline.said(parsed, group_rules(visit.program.settings), said)
        found.append((_("Without the line"), works))
    return [(label, text[:1].upper() + text[1:]) for label, text in found]


async def _results(visit: Visit, chosen: Filter) -> PromotionResults:
    stores = seen(visit, chosen.store)
    first = max(chosen.first, chosen.last - timedelta(days=promotion_results.DAYS_MAX - 1))
    async with visit.database.transaction(visit.program.id, analytical=True) as tx:
        return await promotion_results.read(tx, visit.program, promotion(visit), first, chosen.last, stores)


class Used(Struct, frozen=True):
    """A limit as the page shows it."""

    said: str
    used: str
    left: str | None
    share: float | None
    since: date | None
    holders: int


def _used(limits: Sequence[LimitUse], visit: Visit) -> list[Used]:
    """Budgets and use limits with what was used."""
    spoken, money = words(visit), visit.program.base_currency
    found: list[Used] = []
    for one in limits:

        def amount(value: int, measure: str = one.measure) -> str:
            return spoken.money(value, money) if measure == "amount" else visit.language.number(value)

        whole = one.limit if one.per == "total" else None
        found.append(
            Used(
                visit.language.gettext(MEASURES[one.measure])
                % {"whom": visit.language.gettext(WHOM[one.per])},
                amount(one.used),
                amount(one.left) if one.left is not None else None,
                min(1.0, one.used / whole) if whole else None,
                one.since,
                one.holders,
            )
        )
    return found


def _charts(found: PromotionResults, visit: Visit) -> dict[str, Any]:
    """Times and cost of each day; the same figures stand in the file."""
    _, language = visit.language.gettext, visit.language
    labels = [language.day(day.day) for day in found.days]
    return {
        "locale": str(language.locale).replace("_", "-"),
        "charts": [
            {"id": "chart-times", "labels": labels, "scale": 0, "unit": _("Purchases"), "series": [
                {"name": _("Purchases with it"), "type": "bar", "colour": "--chart-net",
                 "values": [day.result.times for day in found.days]}]},
            {"id": "chart-cost", "labels": labels, "currency": found.currency, "scale": money_scale(found.currency),
             "series": [{"name": _("Costs"), "type": "bar", "colour": "--chart-discount",
                         "values": [day.result.cost for day in found.days]}]},
        ],
    }  # fmt: skip

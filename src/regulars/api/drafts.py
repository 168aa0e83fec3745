"""`/v1/promotions/{id}/review`, `/diff`, `/results` and the calendar: what stands around a promotion's draft."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct, field

from regulars import clock
from regulars.analytics import promotion_results
from regulars.analytics.promotion_results import PromotionResults
from regulars.api.promotions import by, promotion
from regulars.errors import InvalidValue
from regulars.flows.compare_revisions import Compared, compare_revisions
from regulars.flows.known_programs import Known
from regulars.flows.promotion_calendar import Calendar, promotion_calendar
from regulars.flows.publish_promotion import read_promotion
from regulars.flows.review_promotion import Reviews, ReviewStep, read_reviews, review_promotion
from regulars.web.endpoints import Call, Endpoints
from regulars.web.slices import Slice

calls = Endpoints("Promotions")
Side = Annotated[str, Meta(max_length=10)]


class DiffQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which two: a revision's number, `live` or `draft`."""

    before: Side = field(default="", name="from")
    """Left out: the revision before the other."""
    after: Side = field(default="", name="to")
    """Left out: the draft; without one, the last revision."""


class CalendarQuery(Slice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which month."""

    month: Annotated[str, Meta(max_length=7)] = ""
    """As 2026-12; left out: the present one."""
    drafts: bool = False
    """Whether drafts are shown too."""


@calls(
    "GET",
    "/v1/promotions/calendar",
    scopes="manage read",
    query=CalendarQuery,
    answer=Calendar,
    items_by="promotion",
)
async def calendar(call: Call[Any, CalendarQuery]) -> Calendar:
    """Which live promotions run on which days of a month, and at which hours, by their windows and recurrences.

    Days and hours are those of the stores' wall clocks. Other conditions are taken to hold.
    """
    known = await call.known()
    asked, at = call.query, await call.now()
    shown = await promotion_calendar(
        call.database, known, asked.month, at, call.language, drafts=asked.drafts
    )
    return shown.calendar


@calls("GET", "/v1/promotions/{id}/diff", scopes="manage read", query=DiffQuery, answer=Compared)
async def diff(call: Call[Any, DiffQuery]) -> Compared:
    """What differs between two revisions, or a revision and the draft, in sentences of the caller's language."""
    known = await call.known()
    asked = call.query
    return await compare_revisions(
        call.database, known, promotion(call), asked.before, asked.after, call.language
    )


@calls(
    "POST", "/v1/promotions/{id}/review", scopes="manage", body=ReviewStep, answer=Reviews, idempotent=True
)
async def review(call: Call[ReviewStep, Any]) -> Any:
    """Ask for a review of the draft, take that back, approve the draft, or send it back with a word.

    Who asks does not decide (403 `second_person_needed`); a key counts as a person. A draft that is edited afterwards
    has to be reviewed anew.
    """
    return await review_promotion(call.database, await call.request(), promotion(call), by(call), call.body)


@calls("GET", "/v1/promotions/{id}/review", scopes="manage read", answer=Reviews, items_by="at kind")
async def reviews(call: Call[Any, Any]) -> Reviews:
    """What was said about its drafts, the latest first, and where the present draft stands."""
    return await read_reviews(call.database, call.caller.program, promotion(call))


class ResultsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which days, both counted, and of which stores."""

    first: date | None = field(default=None, name="from")
    """Left out: 29 days before the last one."""
    last: date | None = field(default=None, name="to")
    """Left out: today."""
    store: Annotated[str, Meta(max_length=64)] = ""
    """Of this store alone."""


@calls(
    "GET", "/v1/promotions/{id}/results", scopes="manage read", query=ResultsQuery, answer=PromotionResults
)
async def results(call: Call[Any, ResultsQuery]) -> PromotionResults:
    """What it did, day by day and store by store: times, discount, points, cost, and what came back with returns.

    The figures are a few minutes old at the most; days are those of the stores. What is used of its budgets stands in
    `GET /v1/promotions/{id}/usage`.
    """
    known = await call.known()
    today = (await call.now()).astimezone(clock.zone(known.program.time_zone)).date()
    last = call.query.last or today
    first = call.query.first or last - timedelta(days=min(29, last.toordinal() - 1))
    if not 0 <= (last - first).days < promotion_results.DAYS_MAX:
        raise InvalidValue("?from", f"A period of 1 to {promotion_results.DAYS_MAX} days is needed")
    stores = _stores(call, known)
    await read_promotion(call.database, known.program.id, promotion(call))  # raises NotFound
    async with call.database.transaction(known.program.id, analytical=True) as tx:
        return await promotion_results.read(tx, known.program, promotion(call), first, last, stores)


def _stores(call: Call[Any, ResultsQuery], known: Known) -> list[UUID] | None:
    """The stores that are asked for, of those that the key may see; None: all. Raises InvalidValue."""
    caller, wanted = call.caller, call.query.store
    if wanted and wanted not in known.program.stores:
        raise InvalidValue("?store", f"the program has no store {wanted!r}")
    if not wanted and caller.store is None and caller.partner is None:
        return None
    return [
        store.id
        for store in known.program.stores.values()
        if wanted in ("", store.code)
        and caller.store in (None, store.id)
        and caller.partner in (None, store.partner)
    ]

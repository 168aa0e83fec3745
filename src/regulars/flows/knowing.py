"""Decides what the engine is told of a customer: what was read, and what the batch did since. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars import clock
from regulars.flows.facts import Facts, since
from regulars.members.model import Customer
from regulars.promotions.conditions.person import near_birthday, years_completed
from regulars.promotions.conditions.streak import visits_in_a_row
from regulars.promotions.reads import DAYS_MAX, Needs, Window


class Done(NamedTuple):
    """A purchase that was decided in this batch, before the one that is being decided now."""

    at: datetime
    turnover: int
    """Minor units of base money."""
    offers: frozenset[UUID]
    """Activated with it."""


NOTHING = Facts()


def told(
    needs: Needs,
    customer: Customer,
    facts: Facts | None,
    done: Sequence[Done],
    purchased_at: datetime,
    zone: str,
    bases: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Fields of the Standing. `bases`: ladder → the tier that every member has.

    `zone`: the program's; `done`: the same customer's, none of them later than this one."""
    facts = facts or NOTHING
    fields: dict[str, Any] = {}
    day = purchased_at.astimezone(clock.zone(zone)).date()
    if needs.turnover:
        fields["turnover"] = {
            window.key: facts.turnover.get(window.key, 0)
            + sum([one.turnover for one in _within(done, window, purchased_at, zone)])
            for window in needs.turnover
        }
    if needs.visits or needs.streaks:
        fields["visits"] = _visits(needs, facts, done, purchased_at, zone)
    if needs.last_purchase:
        last = max([one.at for one in done] + ([] if facts.last is None else [facts.last]), default=None)
        if last is not None:
            fields["days_since"] = max(0, (day - last.astimezone(clock.zone(zone)).date()).days)
    if "language" in needs.profile:
        fields["language"] = customer.language
    if "account" in needs.profile:
        fields["account"] = facts.account
    if "enrolled" in needs.profile and customer.enrolled_at is not None:
        fields["enrolled"] = customer.enrolled_at.astimezone(clock.zone(zone)).date()
    if customer.birthday is not None and (needs.birthdays or needs.ages):
        fields |= _birthday(needs, customer.birthday, day)
    if needs.consents:
        fields["consents"] = facts.consents
    if needs.marks:
        tiers = {**bases, **facts.tiers} if bases and customer.member is not None else facts.tiers
        fields |= {"audiences": facts.audiences, "clubs": facts.clubs, "tiers": tiers}
    if needs.activations:
        fields["offers"] = facts.offers.union(*[one.offers for one in done])
    return fields


def _within(done: Sequence[Done], window: Window, purchased_at: datetime, zone: str) -> list[Done]:
    if not done:
        return []
    start = since(window, purchased_at, zone)
    return [one for one in done if one.at >= start]


def _visits(
    needs: Needs, facts: Facts, done: Sequence[Done], purchased_at: datetime, zone: str
) -> dict[str, int]:
    visits: dict[str, int] = {}
    for days in needs.visits:
        here = _within(done, Window("days", days), purchased_at, zone)
        dates = {one.at.astimezone(clock.zone(zone)).date() for one in here}
        visits[f"days_{days}"] = facts.purchases.get(days, 0) + len(here)
        visits[f"days_{days}_distinct"] = len(dates | facts.days.get(days, frozenset()))
    if needs.streaks:
        day = purchased_at.astimezone(clock.zone(zone)).date()
        dates = {one.at.astimezone(clock.zone(zone)).date() for one in done}
        dates |= facts.days.get(DAYS_MAX, frozenset())
        visits |= {streak.key: visits_in_a_row(streak, dates, day) for streak in needs.streaks}
    return visits


def _birthday(needs: Needs, birthday: date, day: date) -> dict[str, dict[str, bool]]:
    """What the birthday answers; the birthday itself is not passed on, for purchases are kept for ever."""
    completed = years_completed(birthday, day)
    return {
        "birthday": {
            f"{b.before}/{b.after}": near_birthday(birthday, day, b.before, b.after) for b in needs.birthdays
        },
        "of_age": {str(years): completed >= years for years in needs.ages},
    }

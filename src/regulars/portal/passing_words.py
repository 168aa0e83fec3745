"""Says in a member's words how much of her points she may pass on, and when again where she may not now."""

from __future__ import annotations

from datetime import datetime

from regulars.errors import Problem
from regulars.portal import showing
from regulars.portal.visiting import Member
from regulars.programs.passing import Rules


def of(found: Member, rules: Rules, least: int = 1) -> str:
    """The limits of one way, a sentence for each; empty: there are none. `least`: of what is passed on at once."""
    language, spec = found.language, found.program.points
    code = spec.code if spec is not None else ""

    def points(amount: int) -> str:
        return showing.points_text(found, code, amount)

    said: list[str] = []
    if least > 1:
        said.append(language.gettext("At least {points} at once.").format(points=points(least)))
    if rules.most is not None:
        said.append(language.gettext("At most {points} at once.").format(points=points(rules.most)))
    if rules.a_day is not None:
        said.append(language.gettext("At most {points} a day.").format(points=points(rules.a_day)))
    if rules.a_month is not None:
        said.append(language.gettext("At most {points} a month.").format(points=points(rules.a_month)))
    if rules.cooling_hours:
        text = language.ngettext(
            "What you got in the last {n} hour has to wait.",
            "What you got in the last {n} hours has to wait.",
            rules.cooling_hours,
        )
        said.append(text.format(n=language.number(rules.cooling_hours)))
    if rules.member_days:
        text = language.ngettext("New members wait {n} day.", "New members wait {n} days.", rules.member_days)
        said.append(text.format(n=language.number(rules.member_days)))
    return " ".join(said)


def with_time(found: Member, fault: str, problem: Problem) -> str:
    """What stands in the way, and since when it will not, where that is known."""
    again = problem.extra.get("possible_at")
    if not isinstance(again, datetime):
        return fault
    when = showing.moment(found.language, again, found.now, found.zone, begins=False)
    return fault + " " + found.language.gettext("It is possible again: {when}.").format(when=when)

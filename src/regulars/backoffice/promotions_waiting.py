"""What a promotion waits for, and for whom: a review of its draft, a second person who lets it be published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from regulars.backoffice.promotions_builder import by
from regulars.backoffice.visit import ROOT, Visit
from regulars.backoffice.words_of_promotions import who
from regulars.flows import approvals
from regulars.flows.promotion_history import History
from regulars.flows.publish_promotion import PromotionView
from regulars.programs.roles import Permission

NAMED_MAX = 4


class Waiting(Struct, frozen=True):
    """Something that somebody else decides."""

    review: bool
    """A review of the draft; else its publication."""
    asked_by: str
    asked_at: datetime
    expires_at: datetime | None
    whom: str
    """Who may decide it, by name; empty: nobody else may."""
    href: str | None
    """Where it is decided; None: not by her, nor is it hers to see."""
    outdated: bool
    """The draft was changed since: nobody can agree to it any more."""


async def waiting(visit: Visit, view: PromotionView, history: History, at: datetime) -> list[Waiting]:
    """What waits for somebody else, the oldest question first."""
    if view.draft is None:
        return []
    found: list[Waiting] = []
    if view.review == "in_review":
        asked = next(one for one in history.items if one.kind == "asked")
        mine, may = asked.by == by(visit), visit.may("promotions.write")
        href = f"{ROOT}/promotions/{view.id}/publish#s-review" if may or mine else None
        whom = _who_may(visit, history, "promotions.write", asked.by)
        name = who(history.names.get(asked.by, asked.by), visit.language)
        found.append(Waiting(True, name, asked.at, None, whom, href, False))
    if (
        visit.program.settings.publish_budget_limit is None
    ):  # one person publishes, whatever was asked for before
        return found
    for one in await approvals.waiting_about(
        visit.database, visit.program.id, "promotion.publish", view.id, at
    ):
        seen = one.asked_by.id == visit.actor.id or visit.may("approvals.decide") or visit.may("audit.read")
        found.append(
            Waiting(
                False,
                one.asked_by.name or who(one.asked_by.id, visit.language),
                one.asked_at,
                one.expires_at,
                _who_may(visit, history, "approvals.decide", one.asked_by.id),
                f"{ROOT}/review/{one.id}" if seen else None,
                one.document["draft_version"] != view.draft_version,
            )
        )
    return sorted(found, key=lambda one: one.asked_at)


def _who_may(visit: Visit, history: History, permission: Permission, but: str) -> str:
    """The colleagues who may do it, as a list of alternatives, without the one who asked."""
    names = [one.name for one in history.colleagues if permission in one.may and one.id != but]
    return visit.language.joined(_few(visit, names), either=True) if names else ""


def _few(visit: Visit, names: Sequence[str]) -> list[str]:
    if len(names) <= NAMED_MAX:
        return list(names)
    more = len(names) - NAMED_MAX + 1
    rest = visit.language.ngettext("%(num)s more", "%(num)s more", more) % {"num": more}
    return [*names[: NAMED_MAX - 1], rest]

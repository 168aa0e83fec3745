"""Decides what becomes of a member's tier when a paid membership gives her one for a time. Pure."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs

from regulars.members import tiers
from regulars.members.ladders import Ladder
from regulars.members.tiers import Before, Detail, Present, Step


def granted(ladder: Ladder, present: Present, tier: str, until: datetime, cause: str, at: datetime) -> Step:
    """The step by which `cause` gives a tier until an instant, or gives it longer.

    What she has and is no lower for that time stays; beneath it is remembered what she falls back to.
    """
    holds, detail = present.holds(at), present.detail
    if holds and present.since is not None:
        step = Step(present.tier, present.tier, present.since, present.until, present.gained, "kept", detail)
        own, rank, wanted = detail.cause == cause, ladder.rank(present.tier), ladder.rank(tier)
        if own and rank == wanted:
            return structs.replace(step, until=until)
        longer = present.until is None or present.until >= until
        if not own and (rank > wanted or (rank == wanted and longer)):
            if not _beneath(ladder, detail, wanted, cause, at):
                return step
            return structs.replace(
                step, detail=structs.replace(detail, before=Before(tier, until, cause=cause))
            )
    own_before = holds and detail.cause == cause
    before = detail.before if own_before else tiers.before(present, at)
    held = present.tier if holds else None
    return Step(held or ladder.base, tier, at, until, None, "membership", Detail(before=before, cause=cause))


def forgotten(present: Present, cause: str, at: datetime) -> Step | None:
    """What stays where a `cause` that is over had given a tier beneath the one that she has; None: it had not."""
    detail = present.detail
    if (
        not present.holds(at)
        or present.since is None
        or detail.before is None
        or detail.before.cause != cause
    ):
        return None
    return Step(
        present.tier, present.tier, present.since, present.until, present.gained, "kept",
        structs.replace(detail, before=None),
    )  # fmt: skip


def _beneath(ladder: Ladder, detail: Detail, wanted: int, cause: str, at: datetime) -> bool:
    """Whether what is given is more than what she would fall back to now."""
    before = detail.before
    if before is None or before.cause == cause or (before.until is not None and before.until <= at):
        return True
    return ladder.rank(before.tier) < wanted

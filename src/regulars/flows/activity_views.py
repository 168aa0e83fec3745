"""Shows activities as they are answered: what was recorded, and all that is known of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from regulars import ids
from regulars.flows import own_words
from regulars.members.vault import Vault
from regulars.purchases import activity
from regulars.purchases.activity import Value
from regulars.purchases.activity_log import Activity, Earned, Flag, Outcome, Status


class ActivityView(Struct, frozen=True):
    """An activity, and what came of it."""

    id: str
    request: str
    """Its id at the source."""
    member: str
    kind: str
    happened_at: datetime
    recorded_at: datetime
    quantity: str
    """In the kind's unit, as a decimal; below zero: a correction."""
    status: Status
    """`counted`; `waiting` for a decision; `set_aside`: it earns nothing and nobody is asked; `accepted`; `refused`."""
    flag: Flag | None
    corrects: str | None
    earned: tuple[Earned, ...]


class ActivityRecord(ActivityView, frozen=True):
    """All that is known of an activity."""

    source: str
    data: dict[str, Value]
    """What was sent with it; without texts that were forgotten with their member."""
    reason: str
    """Why it was accepted or refused."""


def shown(one: Activity, outcome: Outcome | None = None) -> ActivityView:
    """What is answered; `outcome`: as it was then, otherwise as it is by now."""
    return ActivityView(*_fields(one, outcome or one.present))


def record(vault: Vault, one: Activity) -> ActivityRecord:
    """All of it. Raises VaultLocked."""
    data = {**one.data, **own_words.open_activity(vault, one)}
    fields: tuple[Any, ...] = (*_fields(one, one.present), one.source, data, one.reason)
    return ActivityRecord(*fields)


def _fields(one: Activity, outcome: Outcome) -> tuple[Any, ...]:
    return (
        ids.show("act", one.id),
        one.request,
        ids.show("mem", one.member),
        one.kind,
        one.happened_at,
        one.recorded_at,
        activity.shown(one.quantity),
        outcome.status,
        one.flag,
        ids.show("act", one.corrects) if one.corrects else None,
        outcome.earned,
    )

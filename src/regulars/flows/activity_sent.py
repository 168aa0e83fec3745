"""What is sent of an activity, by whom, and what is answered; whether it may be recorded, as far as it tells."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import clock
from regulars.errors import Forbidden, InvalidValue, StateConflict, Unprocessable
from regulars.flows.activity_views import ActivityView
from regulars.flows.incoming import EARLY_MINUTES_MAX
from regulars.purchases import activity_data
from regulars.purchases.activity import ANY, CODE_PATTERN, Value
from regulars.purchases.activity_data import Measured
from regulars.purchases.activity_log import Kind

AHEAD_DAYS_MAX = 731
"""How far ahead something may lie that may lie in the future, as a booking."""
RequestId = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$(?!\n)")]


class NewActivity(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/events`."""

    id: RequestId
    """The source's own id: the same again is the same activity."""
    kind: Annotated[str, Meta(pattern=CODE_PATTERN)]
    happened_at: Annotated[datetime, Meta(tz=True)]
    data: Annotated[dict[Annotated[str, Meta(max_length=63)], Value], Meta(max_length=20)] = {}
    corrects: RequestId | None = None
    """The id, at the same source, of an activity that this one takes back, in whole or in part."""


class Source(Struct, frozen=True):
    """Who sends."""

    name: str
    """The id of an API key, or `import`."""
    by: str
    """As facts name their author."""
    issuer: UUID | None = None
    """The partner whose key it is."""
    everything: bool = False
    """It may send every kind: the program's own files."""


class Sent(Struct, frozen=True):
    """One activity as it was sent."""

    member: UUID
    new: NewActivity
    digest: bytes


class Recorded(Struct, frozen=True):
    """What became of one: what is answered, and whether it had been recorded before."""

    view: ActivityView
    replayed: bool = False


def read(new: NewActivity, kind: Kind | None, source: Source, zone: str, at: datetime) -> Measured:
    """What was sent, read by its kind. Raises InvalidValue, StateConflict, Forbidden, Unprocessable."""
    if kind is None:
        raise InvalidValue("/kind", "is not declared in this program")
    document = kind.document
    if document.stopped:
        raise StateConflict("This kind of activity was stopped.")
    if not source.everything and ANY not in document.sources and source.name not in document.sources:
        raise Forbidden("This kind of activity does not come from this source.")
    today = at.astimezone(clock.zone(zone)).date()
    earliest = clock.midnight(today - timedelta(days=document.late_days), zone)
    ahead = timedelta(days=AHEAD_DAYS_MAX)
    if document.not_in_future:
        ahead = timedelta(minutes=EARLY_MINUTES_MAX)
    faults = activity_data.faults_of_time(document, new.happened_at, earliest, at + ahead)
    measured = activity_data.measure(document, new.data, correcting=new.corrects is not None)
    if isinstance(measured, list):
        faults += measured
    if isinstance(measured, list) or faults:
        raise Unprocessable(errors=faults)
    return measured

"""What corrections take back, and what meters show, while the activities of a chunk follow one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import InvalidValue, StateConflict
from regulars.flows.activity_sent import Sent
from regulars.members import reading
from regulars.purchases import activity, activity_log, activity_meters
from regulars.purchases.activity import ActivityKind
from regulars.purchases.activity_log import Activity, Before, Corrected
from regulars.purchases.activity_meters import Reading

Meter = tuple[UUID, str, str]
"""Member, kind, and which of her meters."""


class Original(Struct):
    """An activity that is corrected, and what is left of it."""

    activity: Activity
    document: ActivityKind
    left: int
    posting: UUID | None


class Sources:
    """What one source sent before, as far as a chunk names it."""

    def __init__(self, program: UUID, source: str) -> None:
        self._program, self._source = program, source
        self._before: dict[str, Before] = {}
        self._corrected: dict[UUID, Corrected] = {}
        self._documents: dict[tuple[str, int], ActivityKind] = {}
        self._originals: dict[str, Original] = {}

    async def read(self, tx: Transaction, sent: Sequence[Sent]) -> None:
        """Take in what was sent under these ids, and what became of those that are corrected."""
        corrected = [one.new.corrects for one in sent if one.new.corrects is not None]
        named = list(dict.fromkeys([*(one.new.id for one in sent), *corrected]))
        self._before = await activity_log.sent_before(tx, self._program, self._source, named)
        originals = [self._before[name].activity for name in corrected if name in self._before]
        if originals:
            keys = sorted({(ids.home(one.id), one.id) for one in originals})
            self._corrected = await activity_log.corrected(tx, self._program, keys)
        for one in originals:
            if (one.kind, one.revision) not in self._documents:
                document = await activity_log.kind_at(tx, self._program, one.kind, one.revision)
                self._documents[one.kind, one.revision] = document

    def before(self, request: str) -> Before | None:
        """What was sent under an id."""
        return self._before.get(request)

    def document(self, one: Activity) -> ActivityKind:
        """By which an activity was recorded that is corrected."""
        return self._documents[one.kind, one.revision]

    def remember(self, kept: Activity, document: ActivityKind) -> None:
        """Add one of this chunk."""
        if kept.flag is None:
            self._originals[kept.request] = Original(kept, document, kept.quantity, kept.posting)

    async def original(self, tx: Transaction, sent: Sent, member: UUID) -> Original:
        """What is corrected. Raises InvalidValue, StateConflict."""
        named = sent.new.corrects or ""
        if named not in self._originals:
            before = self._before.get(named)
            if before is None:
                raise InvalidValue("/corrects", "is no activity of this source")
            one, since = before.activity, self._corrected[before.activity.id]
            if one.flag is not None and not since.accepted:
                text = "This activity does not count: it was flagged, and nobody has accepted it."
                raise StateConflict(text)
            left, posting = one.quantity + since.quantity, one.posting or since.posting
            self._originals[named] = Original(one, self.document(one), left, posting)
        original = self._originals[named]
        if original.activity.corrects is not None or original.activity.quantity < 0:
            raise StateConflict("A correction is not corrected: send the activity anew.")
        if original.activity.kind != sent.new.kind:
            raise InvalidValue("/kind", "is not the kind of what is corrected")
        if original.activity.member != member:
            now = await reading.member(tx, self._program, original.activity.member)
            if now is None or now.id != member:
                raise InvalidValue("/corrects", "is no activity of this member")
        return original


def taken_back(original: Original, difference: int) -> int:
    """How much is taken back, below zero; all that is left where no difference is told. Raises StateConflict."""
    if original.left <= 0 and original.document.measure != "reading":
        raise StateConflict("All of this activity was taken back before.")
    if original.left + difference < 0:
        left = activity.shown(original.left)
        raise StateConflict(f"More would be taken back than is left of it: {left}.")
    return difference or -original.left


class Meters:
    """What the meters of a chunk's members show."""

    def __init__(self) -> None:
        self._shown: dict[Meter, Reading] = {}
        self._moved: set[Meter] = set()
        self._dropped: set[Meter] = set()

    async def read(self, tx: Transaction, program: UUID, meters: Iterable[Meter]) -> None:
        """Take in what these show."""
        wanted = sorted(set(meters))
        if wanted:
            self._shown = await activity_meters.readings(tx, program, wanted)

    def moved_on(self, meter: Meter, value: int, at: datetime, pointer: str) -> int:
        """What a meter has moved on since it was read last; nothing the first time. Raises InvalidValue."""
        last = self._shown.get(meter)
        if last is None:
            return 0
        if at < last.read_at:
            raise InvalidValue("/happened_at", "is before the last reading of this meter")
        if value < last.value:
            raise InvalidValue(pointer, f"a meter does not fall: it showed {activity.shown(last.value)}")
        return value - last.value

    def show(self, meter: Meter, value: int, at: datetime, one: UUID) -> None:
        """It was read."""
        self._shown[meter] = Reading(*meter, value, at, one)
        self._moved.add(meter)
        self._dropped.discard(meter)

    def turn_back(self, meter: Meter, original: Original) -> None:
        """Its last reading is taken back: it shows what it showed before. Raises StateConflict for an older one."""
        last = self._shown.get(meter)
        if last is None or last.activity != original.activity.id:
            raise StateConflict("Only the last reading of a meter is taken back, and once.")
        if original.left:
            shown = structs.replace(last, value=last.value - original.left, activity=UUID(int=0))
            self._shown[meter] = shown
            self._moved.add(meter)
        else:
            del self._shown[meter]
            self._moved.discard(meter)
            self._dropped.add(meter)

    async def write(self, tx: Transaction, program: UUID) -> None:
        """Write what has changed."""
        await activity_meters.put_readings(tx, program, [self._shown[meter] for meter in sorted(self._moved)])
        await activity_meters.drop_readings(tx, program, sorted(self._dropped))

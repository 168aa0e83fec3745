"""Makes the list of members who agree to be spoken to, for whoever speaks to them, and keeps that it was given.

A list is cut into pages, so that memory does not grow with the program; each page is a hand-over of its own. Whoever
withdraws afterwards is still on the list: what is sent later asks again.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue
from regulars.members import arrivals, consents
from regulars.members.consents import LAST, Agreeing, Handover
from regulars.members.model import Channel, Person
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

ROWS_AT_ONCE = 1000
ATTRIBUTES_MAX = 10
_CONTACT_OF = {"email": "email", "sms": "phone", "phone": "phone"}
_COLUMNS = ("member", "name", "language", "contact", "said_at", "wording", "wording_version")


class HandoverView(Struct, frozen=True):
    """That a list was given to somebody."""

    id: str
    channel: str
    purpose: str
    members: int
    digest: str
    """SHA-256 of the list, in hexadecimal digits."""
    given_at: datetime
    given_to: str


class HandoverPage(Struct, frozen=True):
    """The lists that were given, the newest first."""

    items: tuple[HandoverView, ...]
    next: str | None


class HandedOver(Struct, frozen=True):
    """A page of a list, as CSV; `next` is the cursor of the one after it."""

    content: bytes
    members: int
    next: str | None


async def hand_over(
    database: Database,
    program: Program,
    vault: Vault,
    *,
    channel: Channel,
    purpose: str,
    attributes: Sequence[str],
    after: UUID | None,
    limit: int,
    by: str,
    at: datetime,
) -> HandedOver:
    """At most `limit` members who agree and can be reached that way, in the order of their keys behind `after`.

    Raises InvalidValue for more than ten attributes. Cells that a spreadsheet would take for a formula begin with `'`.
    """
    if len(attributes) > ATTRIBUTES_MAX:
        raise InvalidValue("?attributes", f"are at most {ATTRIBUTES_MAX}")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*_COLUMNS, *attributes])
    count, last, more = 0, after, True
    while more and count < limit:
        asked = min(ROWS_AT_ONCE, limit - count)
        async with database.transaction(program.id) as tx:
            found = await consents.agreeing(tx, program.id, channel, purpose, last, asked)
            people = await arrivals.people(tx, program.id, vault, [one.member for one in found])
        for one in found:
            row = _row(one, people.get(one.member, Person()), channel, attributes)
            if row is not None:
                writer.writerow([_harmless(cell) for cell in row])
                count += 1
            last = one.member
        more = len(found) == asked
    content = text.getvalue().encode()
    digest = hashlib.sha256(content).digest()
    given = Handover(ids.new(), channel, purpose, count, digest, at, by)

    async def note(tx: Transaction) -> None:
        await consents.note_handover(tx, program.id, given)
        what = {"channel": channel, "purpose": purpose, "members": count, "attributes": list(attributes)}
        change = Change("data.handed_over", ids.show("hnd", given.id), after=what)
        await trail.record(tx, program.id, change, at)

    await database.run(program.id, note)
    return HandedOver(content, count, ids.show("mem", last) if more and last is not None else None)


async def list_handovers(database: Database, program: UUID, before: UUID | None, limit: int) -> HandoverPage:
    """The lists that were given, the newest first."""
    async with database.transaction(program) as tx:
        found = await consents.handovers(tx, program, before or LAST, limit + 1)
    shown = tuple(
        HandoverView(
            ids.show("hnd", one.id),
            one.channel,
            one.purpose,
            one.members,
            one.digest.hex(),
            one.given_at,
            one.given_to,
        )
        for one in found[:limit]
    )
    return HandoverPage(shown, shown[-1].id if len(found) > limit else None)


def _row(one: Agreeing, person: Person, channel: Channel, attributes: Sequence[str]) -> list[str] | None:
    """The member's row; None where she cannot be reached that way."""
    field = _CONTACT_OF.get(channel)
    contact = getattr(person, field) if field else ""
    if contact is None:
        return None
    more = [person.attributes.get(name) for name in attributes]
    return [
        ids.show("mem", one.member),
        person.name,
        one.language,
        contact,
        one.said_at.isoformat(),
        one.wording or "",
        str(one.wording_version or ""),
        *("" if value is None else str(value) for value in more),
    ]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

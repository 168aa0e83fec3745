"""What happens to whoever arrives: the questionnaire is checked, and a gift is given, once per person.

The gift is a posting of its own kind, in the transaction that made the member.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import Unprocessable
from regulars.flows.adjust_points import expiry
from regulars.flows.grace import open_pages
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import arrivals, questionnaire
from regulars.members.arrivals import Arrival
from regulars.members.model import Member, Person
from regulars.members.vault import Vault
from regulars.programs.model import Program

REASON = "welcome"


async def require_answers(
    tx: Transaction,
    program: Program,
    attributes: Mapping[str, Any],
    place: str | None,
    *,
    changed: bool = False,
) -> None:
    """Raises Unprocessable with a fault per field where the attributes do not fit the program's questionnaire.

    `place`: where she enrols; `changed`: these are changes of what a member answered before.
    """
    asked = await arrivals.questionnaire(tx, program.id)
    if asked is None:
        return
    faults = questionnaire.faults_of_answers(asked.questionnaire, attributes, place, changed=changed)
    if faults:
        raise Unprocessable("Some answers cannot be as they are.", errors=faults)


async def welcome(
    tx: Transaction, program: Program, vault: Vault, member: Member, person: Person, at: datetime, actor: str
) -> bool:
    """Give the gift to one whose pool this transaction has opened or locked. Whether she got it."""
    arrival = Arrival(member.id, person.identifiers)
    welcomed = await new_arrivals(tx, program, vault, [arrival], at)
    if not welcomed:
        return False
    page = (await open_pages(tx, program, [member.pool]))[member.pool]
    give(program, [page], at, actor)
    await book.write(tx, program.id, [page])
    return True


async def welcome_later(
    tx: Transaction,
    program: Program,
    vault: Vault,
    member: Member,
    before: Person,
    person: Person,
    at: datetime,
    actor: str,
) -> bool:
    """As `welcome`, for a member who was there and gave a phone or email now. Whether she got it: only her first.

    Her pool is locked behind her own row, against the order of all others: should it come to that, the database ends
    one of the two, and that one begins again.
    """
    if _currency(program) is None:
        return False
    if any(kind in arrivals.WELCOMED_BY for kind, _ in before.identifiers):
        await new_arrivals(tx, program, vault, [Arrival(member.id, person.identifiers)], at)
        return False
    await book.lock(tx, program.id, [ids.home(member.pool)], [member.pool])
    return await welcome(tx, program, vault, member, person, at, actor)


async def new_arrivals(
    tx: Transaction, program: Program, vault: Vault, arriving: Sequence[Arrival], at: datetime
) -> Collection[UUID]:
    """Whom of these members the gift is due to, now and never again; nobody where the program gives none."""
    if _currency(program) is None:
        return ()
    return await arrivals.welcome(tx, program.id, vault, arriving, at)


def give(program: Program, pages: Sequence[Page], at: datetime, actor: str) -> None:
    """Book the gift to each of these pages; nothing is written yet."""
    gift, code = program.settings.welcome, _currency(program)
    if gift is None or code is None:
        return
    expires_at = expiry(program.currencies[code], at, program.time_zone)
    for page in pages:
        page.begin("welcome", effective_at=at, recorded_at=at, actor=actor, reason=REASON)
        page.earn(
            code,
            gift.points,
            earned_at=at,
            active_at=at,
            expires_at=expires_at,
            issuer=program.operator,
            funder=program.operator,
            unit_cost=program.currencies[code].worth,
        )


def _currency(program: Program) -> str | None:
    """The gift's currency; None where there is no gift."""
    gift = program.settings.welcome
    return gift.currency if gift is not None and gift.currency in program.currencies else None

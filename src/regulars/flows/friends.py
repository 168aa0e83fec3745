"""Whom a member brought, as she herself may see it: the first letter of a name, and what became of it."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.read_referrals import Listing, ReferralView, list_referrals
from regulars.members import reading
from regulars.members.referrals import REFUSED_LATER
from regulars.members.vault import Vault
from regulars.programs.model import Program


class Friend(Struct, frozen=True):
    """A friend; `letter` is empty where she gave no name, or has left."""

    letter: str
    view: ReferralView


async def friends_of(database: Database, program: Program, vault: Vault, member: UUID) -> list[Friend]:
    """The last fifty whom a member brought; those who were refused at once are not told to her."""
    page = await list_referrals(database, program.id, Listing(), referrer=member)
    # Whoever is refused only when she has bought stood in the list before: to be gone from it would explain nothing.
    shown = [one for one in page.items if one.refused in (None, REFUSED_LATER)]
    async with database.transaction(program.id) as tx:
        wanted = [ids.read("mem", one.friend) for one in shown]
        people = await reading.persons(tx, program.id, vault, wanted) if wanted else {}
    return [
        Friend(people[friend].name[:1].upper() if friend in people else "", view)
        for friend, view in zip(wanted, shown, strict=True)
    ]

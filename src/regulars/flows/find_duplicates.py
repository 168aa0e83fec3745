"""Finds who may be the same person as a member: the same name and birthday, by their keyed hash. Writes nothing."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database
from regulars.errors import NotFound
from regulars.flows.enrol import codes_of
from regulars.members import reading, twins, views
from regulars.members.vault import Vault
from regulars.members.views import MemberView
from regulars.programs.model import Program


class Duplicates(Struct, frozen=True):
    """Members who may be the same person, by id; at most 100."""

    items: tuple[MemberView, ...]
    next: str | None = None


async def find_duplicates(database: Database, program: Program, vault: Vault, member: UUID) -> Duplicates:
    """Who may be this member too. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await reading.member(tx, program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        items: list[MemberView] = []
        for one in await twins.of(tx, program.id, found.id):
            profile = await reading.profile(tx, program.id, vault, one)
            assert profile is not None, "a member is never deleted"
            cards = await reading.cards_of(tx, program.id, profile.id)
            items.append(views.member_view(profile, cards, codes_of(program)))
    return Duplicates(tuple(items))

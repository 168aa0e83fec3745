"""Erases a member: who she is and what finds her are gone, her cards closed, the books stay as they are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows.enrol import store_codes
from regulars.ledger import book
from regulars.members import directory, identity, marks, reading, views
from regulars.members.views import MemberView
from regulars.programs.model import Program


async def erase_member(
    database: Database, program: Program, secret: bytes, member: UUID, *, at: datetime
) -> MemberView:
    """What is left of the member; erased again, the same. Raises NotFound."""
    index = identity.of(secret, program.id)

    async def work(tx: Transaction) -> MemberView:
        profile = await reading.member(tx, program.id, member)
        if profile is None:
            raise NotFound("There is no such member.")
        # Whoever is buying as this member just now is waited for; whoever comes later finds nobody.
        await book.lock(tx, program.id, [ids.home(profile.pool)], [profile.pool])
        profile = await reading.member(tx, program.id, profile.id, lock=True)
        assert profile is not None, "a member is never deleted"
        await directory.erase(tx, program.id, index, profile.id, profile.person, at)
        await marks.forget(tx, program.id, profile.id)
        erased = await reading.member(tx, program.id, profile.id)
        assert erased is not None
        cards = await reading.cards_of(tx, program.id, profile.id)
        return views.member_view(erased, cards, store_codes(program))

    return await database.run(program.id, work)

"""Members of before there was an index of names are found by theirs after the round, which is made once."""

from __future__ import annotations

from uuid import UUID

from tests.api import shop
from tests.api.conftest import SECRET, Api, api, client, letters
from tests.conftest import MASTER_KEYS

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.flows.index_names import index_names
from regulars.members import names
from regulars.members.vault import Keyring, of

__all__ = ["api", "client", "letters"]
KEYRING = Keyring(SECRET, MASTER_KEYS)


async def found(database: Database, program: UUID, word: str) -> list[UUID]:
    async with database.transaction(program) as tx:
        return await names.find(tx, program, [names.word(of(KEYRING, program).index, word)])


async def test_the_members_of_before_are_found_by_their_names(api: Api, database: Database) -> None:
    program = api.program.id
    member, _ = await shop.member_with_card(api, "Zelma Zariņa")
    async with database.transaction(program) as tx:
        await names.forget(tx, program, ids.read("mem", member))
    assert await found(database, program, "zarina") == []
    pages: list[int] = []
    at = clock.world()
    assert await index_names(database, lambda: KEYRING, program, at, pages.append) == 1
    assert pages == [1]
    assert await found(database, program, "zarina") == [ids.read("mem", member)]
    assert await index_names(database, lambda: KEYRING, program, at) == 0
    assert await index_names(database, lambda: KEYRING, program, at, again=True) == 1

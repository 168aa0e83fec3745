"""Finds shared accounts by a name or a registration number, and reads what staff see of one. Only reads.

What an account is called is sealed, so the accounts are opened one after the other, and a search ends after so many:
its cursor goes on behind them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.accounts import SharerPage, list_sharers
from regulars.flows.known_programs import Known
from regulars.flows.list_accounts import AccountPage, ListedAccount, list_accounts
from regulars.members import accounts, names
from regulars.members.accounts import Invited

PAGE = 200
LOOKED_AT_MAX = 5_000
"""Accounts that are opened for one page of a search."""
AT_ONCE = 50


async def find_accounts(database: Database, known: Known, text: str, after: UUID | None) -> AccountPage:
    """The accounts whose names have words that begin as typed, or whose number begins so. Raises VaultLocked."""
    wanted = names.words_of(text)
    number = "".join(text.split()).casefold()
    found: list[ListedAccount] = []
    for _ in range(LOOKED_AT_MAX // PAGE):
        page = await list_accounts(database, known.vault, kind=None, closed=None, after=after, limit=PAGE)
        for one in page.items:
            if len(found) == AT_ONCE:
                return AccountPage(tuple(found), found[-1].id)
            if _meant(one, wanted, number):
                found.append(one)
        if page.next is None:
            return AccountPage(tuple(found), None)
        after = ids.read("acc", page.next)
    return AccountPage(tuple(found), ids.show("acc", after) if after is not None else None)


class Sharing(Struct, frozen=True):
    """Who is in an account, and who was invited and has not come yet."""

    sharers: SharerPage
    invited: tuple[Invited, ...]


async def read_sharing(
    database: Database, known: Known, account: UUID, *, after: UUID | None, limit: int, at: datetime
) -> Sharing:
    """`limit` of those who are in an account, and all open invitations. Raises NotFound, VaultLocked."""
    sharers = await list_sharers(database, known.program, known.vault, account, after=after, limit=limit)
    async with database.transaction(known.program.id) as tx:
        invited = await accounts.invitations(tx, known.program.id, account, at)
    return Sharing(sharers, tuple(invited))


def _meant(one: ListedAccount, wanted: list[str], number: str) -> bool:
    if number and one.registration_number.replace(" ", "").casefold().startswith(number):
        return True
    there = names.words_of(one.name)
    return bool(wanted) and all(any(word.startswith(start) for word in there) for start in wanted)

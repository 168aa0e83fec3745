"""Lets members into a shared account and out of it: locks the pools, switches hers, moves points if she wishes.

Her pool and the account's are locked before she changes pools, so that a purchase which is under way was either written
before, or sees her pool changed under its own lock and is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import Forbidden, InvalidValue, NotFound, StateConflict
from regulars.flows import passing_limits
from regulars.flows.grace import open_pages
from regulars.ledger import book, moving, passing, succession
from regulars.ledger.page import Page
from regulars.ledger.passing import Passed
from regulars.members import accounts, reading
from regulars.members.accounts import Account
from regulars.members.model import AccountRole, Member
from regulars.programs.model import Program
from regulars.units import AMOUNT_MAX

DailyLimit = Annotated[int, Meta(ge=0, le=AMOUNT_MAX)]
"""Minor units of the program's base money."""


class Joining(Struct, frozen=True):
    """How somebody comes into an account."""

    role: AccountRole
    spend_limit: int | None = None
    bring_points: bool = False


async def account_of(
    tx: Transaction, program: Program, account: UUID, *, still_open: bool = False
) -> Account:
    """The account of that id. Raises NotFound, and StateConflict once it was closed where it has to be `still_open`."""
    found = await accounts.read(tx, program.id, account)
    if found is None:
        raise NotFound("There is no such account.")
    if still_open and found.closed_at is not None:
        raise StateConflict("This account was closed.")
    return found


async def lock_pools(tx: Transaction, program: Program, pools: Iterable[UUID]) -> None:
    """Lock pools in the order that everybody keeps."""
    wanted = sorted(set(pools))
    await book.lock(tx, program.id, [ids.home(pool) for pool in wanted], wanted)


async def locked_member(
    tx: Transaction, program: Program, member: UUID, *more: UUID, erased: bool = False
) -> Member:
    """A member whose pool is locked, with those of `more`, and stays hers.

    Raises NotFound, and StateConflict once she was erased, unless she may be (`erased`).
    """
    found = await reading.member(tx, program.id, member)
    while True:
        if found is None:
            raise NotFound("There is no such member.")
        await lock_pools(tx, program, [found.pool, *more])
        again = await reading.member(tx, program.id, member, lock=True)
        assert again is not None, "a member is never deleted"
        if again.pool == found.pool:
            break
        found = again  # she changed accounts while we waited; a deadlock by this begins the flow anew
    if again.erased_at is not None and not erased:
        raise StateConflict("This member was erased.")
    return again


async def enter(
    tx: Transaction, program: Program, account: UUID, member: UUID, how: Joining, at: datetime, actor: str
) -> None:
    """Let a member in.

    Raises NotFound; StateConflict where she was erased or is in an account already, and for one that was closed. For
    the points that she brings PassingLimit and CoolingOff, by the program's setting `passing`.
    """
    require_limit(how.role, how.spend_limit, "/daily_limit")
    found = await locked_member(tx, program, member, account)
    # Judged before anything is written: of a list of members one is refused and the others go in.
    amounts = await _may_bring(tx, program, found, at) if how.bring_points and found.role is None else {}
    own = await accounts.join(tx, program.id, account, found.id, how.role, how.spend_limit, [found.pool], at)
    if own is None:
        await account_of(tx, program, account, still_open=True)
        raise StateConflict("This member is in an account already: she has to leave it first.")
    if how.bring_points:
        pages = await open_pages(tx, program, [own, account])
        moving.move_all(pages[own], pages[account], at, actor, "brought into a shared account")
        await _note_brought(tx, program, found, pages[own], account, amounts, at)
        await book.write(tx, program.id, pages.values())
        await succession.note(tx, program.id, own, account, ids.new(ids.home(own)), at)


async def _may_bring(tx: Transaction, program: Program, giver: Member, at: datetime) -> dict[str, int]:
    """What she brings, by currency. Raises PassingLimit, CoolingOff. Her pool is locked."""
    page = (await open_pages(tx, program, [giver.pool]))[giver.pool]
    page.lapse(at)  # what has become active pays debt before it goes anywhere
    amounts = passing_limits.brought(program, page, at)
    for currency, amount in amounts.items():
        await passing_limits.require_sharing(tx, program, giver, page, currency, amount, at)
    return amounts


async def _note_brought(
    tx: Transaction,
    program: Program,
    giver: Member,
    own: Page,
    account: UUID,
    amounts: dict[str, int],
    at: datetime,
) -> None:
    """Points that she brings are passed on: the next ones count with them, and in the account they cool off."""
    postings = {
        currency: draft.posting.id
        for draft in own.changes().drafts
        if draft.posting.kind == "transfer_out"
        for currency, *_ in draft.entries
    }
    for currency, amount in amounts.items():
        passed = Passed(
            id=ids.new(ids.home(giver.id)), giver=giver.id, kind="sharing", pool=own.pool, currency=currency,
            amount=amount, posting=postings[currency], passed_at=at, into_pool=account,
        )  # fmt: skip
        await passing.note(tx, program.id, passed)


async def part(
    tx: Transaction, program: Program, account: UUID, member: UUID, at: datetime, *, last_owner: bool = False
) -> None:
    """Let a member out: her points of before are hers, what was earned together stays. Raises NotFound, StateConflict.

    `last_owner`: even if nobody is left to own the account.
    """
    await lock_pools(tx, program, [account])
    if not last_owner:
        await _require_other_owner(tx, program, account, member)
    if await accounts.leave(tx, program.id, account, member, at) is None:
        raise NotFound("This member is not in this account.")


async def change_role(
    tx: Transaction, program: Program, account: UUID, member: UUID, role: AccountRole, spend_limit: int | None
) -> None:
    """Let a member be something else in her account. Raises NotFound, StateConflict, InvalidValue."""
    require_limit(role, spend_limit, "/daily_limit")
    await lock_pools(tx, program, [account])
    if role != "owner":
        await _require_other_owner(tx, program, account, member)
    if not await accounts.change_role(tx, program.id, account, member, role, spend_limit):
        raise NotFound("This member is not in this account.")


async def require_owner(tx: Transaction, program: Program, account: UUID, by: UUID | None) -> None:
    """Whoever acts for herself owns the account; None: the program acts. Raises Forbidden."""
    if by is None:
        return
    member = await reading.member(tx, program.id, by)
    if member is None or member.pool != account or member.role != "owner":
        raise Forbidden("Only an owner of the account may do that.")


def require_limit(role: AccountRole, spend_limit: int | None, pointer: str) -> None:
    """A daily limit is for those who may spend. Raises InvalidValue."""
    if role == "earner" and spend_limit is not None:
        raise InvalidValue(pointer, "an earner does not spend; a limit is for spenders and owners")


async def _require_other_owner(tx: Transaction, program: Program, account: UUID, member: UUID) -> None:
    """The account's pool is locked, so this stays true: everybody who changes a role locks it. Raises StateConflict."""
    found = await reading.member(tx, program.id, member)
    if found is None or found.pool != account or found.role != "owner":
        return
    if not await accounts.has_other_owner(tx, program.id, account, found.id):
        raise StateConflict("She is the last owner of this account: make somebody else an owner first.")

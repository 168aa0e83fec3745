"""Who is in an account that is shared: invitations, lists of employees, roles, leaving. One transaction per call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CoolingOff, InvalidValue, NotFound, PassingLimit, Problem, StateConflict
from regulars.flows import sharing
from regulars.flows.accounts import SharerView, sharer_view
from regulars.flows.occasions import lose_access
from regulars.flows.sharing import DailyLimit, Joining
from regulars.members import accounts, reading
from regulars.members.accounts import Invitation
from regulars.members.model import AccountRole
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

INVITED_DAYS = 14
LIST_MAX = 1000
MemberId = Annotated[str, Meta(max_length=64)]


class NewInvitation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/accounts/{id}/invitations`."""

    role: AccountRole = "earner"
    daily_limit: DailyLimit | None = None
    """What the invited one may spend a day, in minor units of base money; left out: as much as there is."""


class InvitationView(Struct, frozen=True):
    """A code that lets somebody in, once."""

    code: str
    """Shown this once; for a link append it to the address of the program's member pages."""
    account: str
    role: AccountRole
    daily_limit: int | None
    expires_at: datetime


class Acceptance(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/invitations/accept`."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    member: MemberId
    bring_points: bool = False
    """Move her own points into the account; otherwise they wait until she leaves."""


class Listed(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is put into an account."""

    member: MemberId
    role: AccountRole = "earner"
    daily_limit: DailyLimit | None = None
    bring_points: bool = False


class NewSharers(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/accounts/{id}/members`: an employer's list."""

    members: Annotated[tuple[Listed, ...], Meta(min_length=1, max_length=LIST_MAX)]


class SharerChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`PATCH /v1/accounts/{id}/members/{member}`: what is left out stays; `daily_limit` null takes the limit away."""

    role: AccountRole | UnsetType = UNSET
    daily_limit: DailyLimit | UnsetType | None = UNSET


class Entered(Struct, frozen=True, omit_defaults=True):
    """What became of one of a list: she is in, or why not."""

    member: str
    status: int
    code: str = ""
    detail: str = ""


class EnteredList(Struct, frozen=True):
    """One item for each of the list, in its order."""

    items: tuple[Entered, ...]


class Joined(Struct, frozen=True):
    """Into which account, and as what."""

    account: str
    member: str
    role: AccountRole
    daily_limit: int | None


async def invite(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    account: UUID,
    new: NewInvitation,
    by: UUID | None = None,
) -> Answer:
    """201 with a code. `by`: a member who owns the account. Raises NotFound, Forbidden, InvalidValue, StateConflict.

    The code is a secret: a replay of the request answers without it.
    """
    sharing.require_limit(new.role, new.daily_limit, "/daily_limit")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        await sharing.account_of(tx, program, account, still_open=True)
        await sharing.require_owner(tx, program, account, by)
        until = request.at + timedelta(days=INVITED_DAYS)
        invitation = Invitation(account, new.role, new.daily_limit)
        code = await accounts.invite(tx, program.id, vault.index, invitation, request.at, until)
        view = InvitationView(code, ids.show("acc", account), new.role, new.daily_limit, until)
        change = Change(
            "account.invited", view.account, after={"role": new.role, "daily_limit": new.daily_limit}
        )
        await trail.record(tx, program.id, change, request.at)
        kept = msgspec.structs.replace(view, code="")
        await requests.keep(tx, request, 201, msgspec.json.encode(kept))
        return Answer(201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def accept(
    database: Database, program: Program, vault: Vault, request: Request, actor: str, sent: Acceptance
) -> Answer:
    """200: she is in the account. Raises NotFound for a code that is no good, StateConflict, WrongIdKind."""
    member = ids.read("mem", sent.member, "/member")

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        account = await accounts.invited_to(tx, program.id, vault.index, sent.code, request.at)
        if account is None:
            raise _no_good()
        found = await sharing.locked_member(tx, program, member, account)
        invitation = await accounts.accept(tx, program.id, vault.index, sent.code, found.id, request.at)
        if invitation is None:
            raise _no_good()
        how = Joining(invitation.role, invitation.spend_limit, sent.bring_points)
        await sharing.enter(tx, program, account, found.id, how, request.at, actor)
        joined = Joined(
            ids.show("acc", account), ids.show("mem", found.id), invitation.role, invitation.spend_limit
        )
        await trail.record(tx, program.id, Change("account.joined", joined.account, after=joined), request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(joined))

    return await database.run(program.id, work)


async def enter_list(
    database: Database, program: Program, request: Request, actor: str, account: UUID, new: NewSharers
) -> Answer:
    """200 with an item for each: what is wrong with one does not touch the others. Raises NotFound, StateConflict."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        await sharing.account_of(tx, program, account, still_open=True)
        items: list[Entered] = []
        ready = await _found(tx, program, new, items)
        # All pools at once, in their order: one after the other they would wait for others' crosswise.
        await sharing.lock_pools(tx, program, [account, *(pool for _, _, pool in ready)])
        for place, listed, _ in ready:
            items[place] = await _entered(tx, program, account, listed, request.at, actor)
        entered = [listed for listed, item in zip(new.members, items, strict=True) if item.status == 200]
        change = Change("account.members_entered", ids.show("acc", account), after=entered)
        await trail.record(tx, program.id, change, request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(EnteredList(tuple(items))))

    return await database.run(program.id, work)


async def change_sharer(
    database: Database,
    program: Program,
    vault: Vault,
    account: UUID,
    member: UUID,
    change: SharerChange,
    by: UUID | None = None,
) -> SharerView:
    """Somebody as changed. `by`: a member who owns the account. Raises NotFound, Forbidden, StateConflict."""

    async def work(tx: Transaction) -> SharerView:
        await sharing.lock_pools(tx, program, [account])
        await sharing.account_of(tx, program, account)
        await sharing.require_owner(tx, program, account, by)
        found = await reading.member(tx, program.id, member)
        if found is None or found.pool != account or found.role is None:
            raise NotFound("This member is not in this account.")
        role = found.role if change.role is UNSET else change.role
        limit = found.spend_limit if change.daily_limit is UNSET else change.daily_limit
        if role == "earner" and change.daily_limit is UNSET:
            limit = None
        await sharing.change_role(tx, program, account, found.id, role, limit)
        names = {"member": ids.show("mem", found.id)}
        before = names | {"role": found.role, "daily_limit": found.spend_limit}
        done = Change(
            "account.member_changed",
            ids.show("acc", account),
            before,
            names | {"role": role, "daily_limit": limit},
        )
        await trail.record(tx, program.id, done)
        return await _shown(tx, program, vault, account, found.id)

    return await database.run(program.id, work)


async def leave(
    database: Database, program: Program, account: UUID, member: UUID, at: datetime, by: UUID | None = None
) -> None:
    """Somebody leaves, or is taken out by an owner (`by`; None: by the program). What was earned together stays.

    Raises NotFound, Forbidden, and StateConflict for the last owner.
    """

    async def work(tx: Transaction) -> None:
        await sharing.lock_pools(tx, program, [account])
        await sharing.account_of(tx, program, account)
        if by != member:
            await sharing.require_owner(tx, program, account, by)
        await sharing.part(tx, program, account, member, at)
        await lose_access(tx, program.id, member, at)
        left = Change("account.member_left", ids.show("acc", account), before=ids.show("mem", member))
        await trail.record(tx, program.id, left, at)

    await database.run(program.id, work)


async def _found(
    tx: Transaction, program: Program, new: NewSharers, items: list[Entered]
) -> list[tuple[int, Listed, UUID]]:
    """Place, entry and pool of those of the list who are there; of the others the item says why not."""
    ready: list[tuple[int, Listed, UUID]] = []
    for place, listed in enumerate(new.members):
        try:
            member = ids.read("mem", listed.member, f"/members/{place}/member")
            found = await reading.member(tx, program.id, member)
            if found is None:
                raise NotFound("There is no such member.")
            ready.append((place, listed, found.pool))
            items.append(Entered(listed.member, 200))
        except Problem as problem:
            items.append(Entered(listed.member, problem.status, problem.code, problem.detail))
    return ready


async def _entered(
    tx: Transaction, program: Program, account: UUID, listed: Listed, at: datetime, actor: str
) -> Entered:
    how = Joining(listed.role, listed.daily_limit, listed.bring_points)
    try:
        await sharing.enter(tx, program, account, ids.read("mem", listed.member), how, at, actor)
    except (StateConflict, InvalidValue, PassingLimit, CoolingOff) as problem:
        return Entered(listed.member, problem.status, problem.code, problem.detail)
    return Entered(listed.member, 200)


async def _shown(tx: Transaction, program: Program, vault: Vault, account: UUID, member: UUID) -> SharerView:
    before = UUID(int=member.int - 1)
    (one,) = await accounts.sharers(tx, program.id, vault, account, after=before, limit=1)
    return sharer_view(one)


def _no_good() -> NotFound:
    return NotFound("This code lets nobody in: it is mistyped, used up, or too old.")

"""The calls about accounts that several members share: households and companies."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.account_members import (
    Acceptance,
    EnteredList,
    InvitationView,
    Joined,
    NewInvitation,
    NewSharers,
    SharerChange,
    accept,
    change_sharer,
    enter_list,
    invite,
    leave,
)
from regulars.flows.accounts import (
    AccountChange,
    AccountView,
    NewAccount,
    OwnAccount,
    SharerPage,
    SharerView,
    change_account,
    list_sharers,
    open_account,
    read_account,
    read_own_account,
)
from regulars.flows.close_account import AccountClosing, ClosedAccount, close_account
from regulars.flows.list_accounts import AccountPage, list_accounts
from regulars.flows.occasions import end_all_due
from regulars.flows.read_statement import Asked, StatementView, read_account_statement
from regulars.members.accounts import AccountKind
from regulars.web.endpoints import Call, Endpoints
from regulars.web.limits import Counter

calls = Endpoints("accounts")
tries = Counter()
TRIES_A_MINUTE = 60
"""Of codes of invitations, for one key."""


class AccountsAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which accounts, and which part of the list."""

    kind: AccountKind | None = None
    closed: bool | None = None
    """Only those that were closed, or only those that were not; left out: all."""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class SharersAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the list."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("POST", "/v1/accounts", scopes="issuer manage", body=NewAccount, answer=AccountView, status=201)
async def create(call: Call[NewAccount, Any]) -> Answer:
    """Open an account that several members share: a `household` or a `company`.

    What its members buy earns for the account, and owners and spenders pay from it. `owner` is the member who owns it
    first; without one, the program puts somebody in later.
    """
    known = await call.known()
    request = await call.request()
    return await open_account(call.database, known.program, known.vault, request, _actor(call), call.body)


@calls("GET", "/v1/accounts", scopes="manage read", query=AccountsAsked, answer=AccountPage)
async def every(call: Call[Any, AccountsAsked]) -> AccountPage:
    """The households and companies of the program, in an order that stays, each with how many are in it."""
    query = call.query
    after = ids.read("acc", query.cursor, "?cursor") if query.cursor is not None else None
    return await list_accounts(
        call.database,
        (await call.known()).vault,
        kind=query.kind,
        closed=query.closed,
        after=after,
        limit=query.limit,
    )


@calls("GET", "/v1/accounts/{id}", scopes="issuer manage read", answer=AccountView)
async def read(call: Call[Any, Any]) -> AccountView:
    """A shared account, and what it has in every currency of the program."""
    known = await call.known()
    return await read_account(call.database, known.program, known.vault, _account(call), await call.now())


@calls("PATCH", "/v1/accounts/{id}", scopes="issuer manage", body=AccountChange, answer=AccountView)
async def change(call: Call[AccountChange, Any]) -> AccountView:
    """Change what an account is called: what is left out stays; only the named `attributes` change."""
    known = await call.known()
    return await change_account(
        call.database, known.program, known.vault, _account(call), call.body, await call.now()
    )


@calls(
    "POST",
    "/v1/accounts/{id}/close",
    scopes="manage",
    body=AccountClosing,
    answer=ClosedAccount,
    idempotent=True,
)
async def close(call: Call[AccountClosing, Any]) -> Answer:
    """Close an account: everybody in it leaves, and nobody can join it any more. It is not opened again.

    Its points, with their dates, and its debt become the own ones of the member named in `points_to`; without one there
    must be none. While a purchase on it is held it is `409 state_conflict`. What comes back to it afterwards, with a
    return, is sent on by closing it once more.
    """
    program = (await call.known()).program
    return await close_account(
        call.database, program, await call.request(), _actor(call), _account(call), call.body
    )


@calls("GET", "/v1/accounts/{id}/statement", scopes="issuer manage read", query=Asked, answer=StatementView)
async def statement(call: Call[Any, Asked]) -> StatementView:
    """The account's postings with running balance, newest first, whoever made them."""
    program = (await call.known()).program
    return await read_account_statement(call.database, program, _account(call), call.query)


@calls(
    "GET",
    "/v1/accounts/{id}/members",
    scopes="issuer manage read",
    query=SharersAsked,
    answer=SharerPage,
)
async def sharers(call: Call[Any, SharersAsked]) -> SharerPage:
    """Who is in an account, and as what: `owner`, `spender` (perhaps with a limit a day) or `earner`."""
    known, query = await call.known(), call.query
    after = ids.read("mem", query.cursor, "?cursor") if query.cursor is not None else None
    return await list_sharers(
        call.database, known.program, known.vault, _account(call), after=after, limit=query.limit
    )


@calls(
    "POST",
    "/v1/accounts/{id}/members",
    scopes="issuer manage",
    body=NewSharers,
    answer=EnteredList,
    idempotent=True,
)
async def put_in(call: Call[NewSharers, Any]) -> Answer:
    """Put up to 1,000 members into an account, as an employer's list does; each is answered by herself.

    A member can be in one account at a time. Her own points wait for her unless `bring_points` moves them.
    """
    program = (await call.known()).program
    return await enter_list(
        call.database, program, await call.request(), _actor(call), _account(call), call.body
    )


@calls(
    "PATCH",
    "/v1/accounts/{id}/members/{member}",
    scopes="issuer manage",
    body=SharerChange,
    answer=SharerView,
)
async def change_member(call: Call[SharerChange, Any]) -> SharerView:
    """Let somebody be something else in the account, or spend more or less a day.

    The last owner cannot become anything else: `409 state_conflict`.
    """
    known = await call.known()
    return await change_sharer(
        call.database, known.program, known.vault, _account(call), _member(call), call.body
    )


@calls("DELETE", "/v1/accounts/{id}/members/{member}", scopes="issuer manage", answer=OwnAccount)
async def take_out(call: Call[Any, Any]) -> OwnAccount:
    """Take somebody out of the account: she buys on her own account again; what was earned together stays.

    The last owner cannot leave: `409 state_conflict`.
    """
    known, at = await call.known(), await call.now()
    program = known.program
    await leave(call.database, program, _account(call), _member(call), at)
    await end_all_due(call.database, known, at)
    return await read_own_account(call.database, program, known.vault, _member(call), at)


@calls(
    "POST",
    "/v1/accounts/{id}/invitations",
    scopes="issuer manage",
    body=NewInvitation,
    answer=InvitationView,
    status=201,
)
async def invitation(call: Call[NewInvitation, Any]) -> Answer:
    """Make a code with which one member may join within 14 days. It is shown this once: a replay answers without it."""
    known = await call.known()
    return await invite(
        call.database, known.program, known.vault, await call.request(), _account(call), call.body
    )


@calls(
    "POST",
    "/v1/invitations/accept",
    scopes="till issuer manage",
    body=Acceptance,
    answer=Joined,
    idempotent=True,
)
async def join(call: Call[Acceptance, Any]) -> Answer:
    """Let a member join with the code that she was given. A code that is no good is `404`."""
    tries.take(call.caller.key, TRIES_A_MINUTE)
    known = await call.known()
    return await accept(
        call.database, known.program, known.vault, await call.request(), _actor(call), call.body
    )


@calls("GET", "/v1/members/{id}/account", scopes="issuer manage read", answer=OwnAccount)
async def own(call: Call[Any, Any]) -> OwnAccount:
    """The shared account that the member buys on, and as what; `account` is null while hers is hers alone."""
    known = await call.known()
    member = ids.read("mem", call.path["id"])
    return await read_own_account(call.database, known.program, known.vault, member, await call.now())


def _account(call: Call[Any, Any]) -> UUID:
    """The account that the path names. Raises WrongIdKind."""
    return ids.read("acc", call.path["id"])


def _member(call: Call[Any, Any]) -> UUID:
    """The member whom the path names. Raises WrongIdKind."""
    return ids.read("mem", call.path["member"])


def _actor(call: Call[Any, Any]) -> str:
    """Who did it, for the books."""
    return ids.show("key", call.caller.key)

"""Opens accounts that several members share, and reads and changes them. One transaction per call."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound
from regulars.flows import sharing
from regulars.flows.read_member import CurrencyBalance, balance_of
from regulars.flows.sharing import Joining
from regulars.ledger import book
from regulars.members import accounts, description, reading
from regulars.members.accounts import Account, AccountKind, Called, Sharer
from regulars.members.description import Attributes
from regulars.members.model import AccountRole
from regulars.members.vault import Vault
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
RegistrationNumber = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]


class NewAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/accounts`."""

    kind: AccountKind
    name: Name
    registration_number: RegistrationNumber = ""
    """Of a company."""
    attributes: Attributes = {}
    """What else is known of it: billing address, tax number …"""
    owner: Annotated[str, Meta(max_length=64)] | None = None
    """The member who becomes its first owner."""
    bring_points: bool = False
    """Whether the owner's points come along."""


class AccountChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`PATCH /v1/accounts/{id}`: what is left out stays."""

    name: Name | UnsetType = UNSET
    registration_number: RegistrationNumber | UnsetType = UNSET
    attributes: Attributes | UnsetType = UNSET
    """Only the named ones change; null takes one away."""


class AccountView(Struct, frozen=True):
    """An account that several members share, and what it has."""

    id: str
    kind: AccountKind
    name: str
    registration_number: str
    attributes: dict[str, Any]
    opened_at: datetime
    currencies: tuple[CurrencyBalance, ...]
    closed_at: datetime | None = None
    """Since when nobody is in it and nobody joins it."""


class SharerView(Struct, frozen=True):
    """Somebody who is in an account."""

    member: str
    name: str
    role: AccountRole
    daily_limit: int | None
    """Minor units of base money; null: as much as there is."""
    joined_at: datetime


class SharerPage(Struct, frozen=True):
    """A part of the list of those who are in an account; `next` is the cursor of the part after it."""

    items: tuple[SharerView, ...]
    next: str | None


class OwnAccount(Struct, frozen=True):
    """The account that a member buys on. `account` is null while it is hers alone."""

    account: AccountView | None
    role: AccountRole | None
    daily_limit: int | None
    kept: tuple[CurrencyBalance, ...]
    """Points of her own, which wait until she leaves."""


async def open_account(
    database: Database, program: Program, vault: Vault, request: Request, actor: str, new: NewAccount
) -> Answer:
    """201 with the account. Raises WrongIdKind, NotFound; StateConflict where the owner is in an account already."""
    owner = ids.read("mem", new.owner, "/owner") if new.owner is not None else None

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return await _again(tx, program, vault, answer)
        home = secrets.randbelow(ids.HOMES)
        attributes = description.changed({}, new.attributes)
        called = Called(new.name, new.registration_number, attributes)
        identifier = ids.new(home)
        await book.open_pools(tx, program.id, [identifier], [home], new.kind, request.at)
        account = await accounts.open_account(tx, vault, identifier, new.kind, called, request.at)
        if owner is not None:
            how = Joining("owner", bring_points=new.bring_points)
            await sharing.enter(tx, program, account.id, owner, how, request.at, actor)
        view = await _view(tx, program, account, called, request.at)
        opened = {"kind": new.kind, "owner": new.owner, "bring_points": new.bring_points}
        await trail.record(tx, program.id, Change("account.opened", view.id, after=opened), request.at)
        # A family's name is nothing that may lie beside a request key: it is filled in at reading.
        await requests.keep(tx, request, 201, msgspec.json.encode(_filled(view, Called())))
        return Answer(201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def change_account(
    database: Database,
    program: Program,
    vault: Vault,
    account: UUID,
    change: AccountChange,
    at: datetime,
    by: UUID | None = None,
) -> AccountView:
    """The account as changed; `by` a member who owns it. Raises NotFound, Forbidden, Unprocessable."""

    async def work(tx: Transaction) -> AccountView:
        await sharing.lock_pools(tx, program, [account])
        await sharing.require_owner(tx, program, account, by)
        found = await sharing.account_of(tx, program, account)
        before = accounts.called(vault, found)
        attributes = {} if change.attributes is UNSET else change.attributes
        changed = Called(
            before.name if change.name is UNSET else change.name,
            before.registration_number if change.registration_number is UNSET else change.registration_number,
            description.changed(before.attributes, attributes),
        )
        await accounts.change(tx, vault, account, changed)
        _, became = trail.difference(msgspec.to_builtins(before), msgspec.to_builtins(changed))
        done = Change("account.changed", ids.show("acc", account), after={"fields": list(became)})
        await trail.record(tx, program.id, done, at)
        return await _view(tx, program, found, changed, at)

    return await database.run(program.id, work)


async def read_account(
    database: Database, program: Program, vault: Vault, account: UUID, at: datetime
) -> AccountView:
    """The account of that id. Raises NotFound, VaultLocked."""
    async with database.transaction(program.id) as tx:
        found = await sharing.account_of(tx, program, account)
        return await _view(tx, program, found, accounts.called(vault, found), at)


async def list_sharers(
    database: Database, program: Program, vault: Vault, account: UUID, *, after: UUID | None, limit: int
) -> SharerPage:
    """`limit` of those who are in an account. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        await sharing.account_of(tx, program, account)
        found = await accounts.sharers(
            tx, program.id, vault, account, after=after or accounts.FIRST, limit=limit + 1
        )
    shown = tuple(sharer_view(one) for one in found[:limit])
    return SharerPage(shown, shown[-1].member if len(found) > limit else None)


async def read_own_account(
    database: Database, program: Program, vault: Vault, member: UUID, at: datetime
) -> OwnAccount:
    """The account that a member buys on, and as what. Raises NotFound, VaultLocked."""
    async with database.transaction(program.id) as tx:
        found = await reading.member(tx, program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        if found.own_pool is None:
            return OwnAccount(None, None, None, ())
        account = await sharing.account_of(tx, program, found.pool)
        kept = await balance_of(tx, program, found.own_pool, at)
        view = await _view(tx, program, account, accounts.called(vault, account), at)
        return OwnAccount(view, found.role, found.spend_limit, kept.currencies)


def sharer_view(one: Sharer) -> SharerView:
    """Somebody who is in an account, as she is answered."""
    return SharerView(ids.show("mem", one.member), one.name, one.role, one.spend_limit, one.joined_at)


async def _view(
    tx: Transaction, program: Program, account: Account, called: Called, at: datetime
) -> AccountView:
    balance = await balance_of(tx, program, account.id, at)
    return AccountView(
        ids.show("acc", account.id),
        account.kind,
        called.name,
        called.registration_number,
        called.attributes,
        account.opened_at,
        balance.currencies,
        account.closed_at,
    )


def _filled(view: AccountView, called: Called) -> AccountView:
    return replace(
        view,
        name=called.name,
        registration_number=called.registration_number,
        attributes=called.attributes,
    )


async def _again(tx: Transaction, program: Program, vault: Vault, answer: Answer) -> Answer:
    kept = msgspec.json.decode(answer.body, type=AccountView)
    account = await sharing.account_of(tx, program, ids.read("acc", kept.id))
    filled = _filled(kept, accounts.called(vault, account))
    return Answer(answer.status, msgspec.json.encode(filled), replayed=True)

"""What a member allows a wallet of another maker: it reads her card and balance by a token, until she takes it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import GrantRefused, NotFound
from regulars.flows.read_member import BalanceView, balance_of
from regulars.flows.register_by_wallet import card_of
from regulars.members import merging, reading
from regulars.members.model import Member
from regulars.partners import aggregators
from regulars.partners.aggregators import Aggregator
from regulars.programs.model import Program


class CardShown(Struct, frozen=True):
    """A duplicate: the same number, to be drawn again."""

    member: str
    card: str


class WalletBalance(Struct, frozen=True):
    """What a wallet shows: the card and what is on the account."""

    member: str
    card: str
    balance: BalanceView


class GrantView(Struct, frozen=True):
    """What a member allowed a wallet."""

    id: str
    aggregator: str
    name: str
    """The wallet's."""
    granted_at: datetime
    revoked_at: datetime | None


class Grants(Struct, frozen=True):
    """What a member allowed, the newest first."""

    items: tuple[GrantView, ...]
    next: str | None = None


class Revoked(Struct, frozen=True):
    """A grant that was taken back."""

    id: str


async def duplicate(
    database: Database, program: Program, request: Request, wallet: Aggregator, text: str | None
) -> Answer:
    """201 with the card that the member has. Raises GrantRefused, CardBlocked."""

    async def work(tx: Transaction) -> Answer:
        member = await _allowed(tx, program.id, wallet, text)
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        card = await card_of(tx, program, member.id, request.at)
        view = CardShown(ids.show("mem", member.id), card.number)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def wallet_balance(
    database: Database, program: Program, wallet: Aggregator, text: str | None, *, at: datetime
) -> WalletBalance:
    """The member's card and standing. Raises GrantRefused."""
    async with database.transaction(program.id) as tx:
        member = await _allowed(tx, program.id, wallet, text)
        cards = await reading.cards_of(tx, program.id, member.id)
        balance = await balance_of(tx, program, member.pool, at)
    active = [card.number for card in cards if card.status == "active"]
    return WalletBalance(ids.show("mem", member.id), active[0] if active else "", balance)


async def list_grants(database: Database, program: UUID, member: UUID) -> Grants:
    """What a member allowed. Raises NotFound."""
    async with database.transaction(program) as tx:
        grants = await aggregators.grants_of(tx, program, await _everybody(tx, program, member))
    return Grants(
        tuple(
            GrantView(
                ids.show("grt", one.id),
                ids.show("agg", one.aggregator),
                one.name,
                one.granted_at,
                one.revoked_at,
            )
            for one in grants
        )
    )


async def revoke_grant(database: Database, program: UUID, member: UUID, grant: UUID, at: datetime) -> Revoked:
    """Take it back; the wallet is refused from now on, the card stays. Raises NotFound."""

    async def work(tx: Transaction) -> Revoked:
        everybody = await _everybody(tx, program, member)
        if not await aggregators.revoke_grant(tx, program, everybody, grant, at):
            raise NotFound("There is no such grant in force.")
        return Revoked(ids.show("grt", grant))

    return await database.run(program, work)


async def _everybody(tx: Transaction, program: UUID, member: UUID) -> list[UUID]:
    """The member and who was merged into her: what those allowed shows her card now. Raises NotFound."""
    found = await reading.member(tx, program, member)
    if found is None:
        raise NotFound("There is no such member.")
    return [found.id, *await merging.aliases_of(tx, program, found.id)]


async def _allowed(tx: Transaction, program: UUID, wallet: Aggregator, text: str | None) -> Member:
    """The member whose token it is, or the one she was merged into. Raises GrantRefused."""
    found = await aggregators.find_grant(tx, program, text or "")
    if found is None or found.aggregator != wallet.id or found.revoked_at is not None:
        raise GrantRefused
    member = await reading.member(tx, program, found.member)
    if member is None or member.erased_at is not None:
        raise GrantRefused
    return member

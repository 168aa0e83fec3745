"""Reads a member, her cards and her balance, or finds her by what she is recognised by. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CardUnassigned, InvalidValue, NotFound
from regulars.flows.enrol import store_codes
from regulars.flows.grace import held_grace_days
from regulars.ledger import book
from regulars.members import identity, reading, views
from regulars.members.description import CardText, Contact
from regulars.members.model import Identifier
from regulars.members.reading import Profile
from regulars.members.views import CardView, MemberView
from regulars.programs.model import Caller, Program

SEES_WHO = frozenset({"manage", "issuer", "read"})
"""Scopes that may see who a member is; a till sees a first name and what may be spent."""


class Worth(Struct, frozen=True):
    """What the available points would pay, in minor units of the program's base money."""

    amount: int
    currency: str


class ExpiringView(Struct, frozen=True):
    """Points that expire at an instant unless they are spent before."""

    amount: int
    at: datetime


class CurrencyBalance(Struct, frozen=True):
    """The standing in one currency, in its unit."""

    currency: str
    available: int
    pending: int
    """Earned, and not to be spent yet."""
    held: int
    """Reserved by purchases that are not confirmed yet."""
    debt: int
    """Owed after returns of what had been spent; the next points earned pay it first."""
    worth: Worth
    expiring: tuple[ExpiringView, ...]


class BalanceView(Struct, frozen=True):
    """A member's standing in every currency of the program."""

    currencies: tuple[CurrencyBalance, ...]
    tiers: tuple[dict[str, Any], ...] = ()


class CardPage(Struct, frozen=True):
    """A part of the list of a member's cards; `next` is the cursor of the part after it."""

    items: tuple[CardView, ...]
    next: str | None


class Sought(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/find`: exactly one of phone, email, card and external_id."""

    phone: Contact | None = None
    email: Contact | None = None
    card: CardText | None = None
    external_id: Contact | None = None
    till: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """Which till asks; look-ups are counted per key and till."""


class Found(Struct, frozen=True, omit_defaults=True):
    """Who was found. A till gets the first name; `member` is for keys that may see who a member is."""

    id: str
    name: str
    balance: BalanceView
    tier: str | UnsetType | None = UNSET
    member: MemberView | UnsetType = UNSET


async def find_member(
    database: Database, program: Program, secret: bytes, caller: Caller, sought: Sought, *, at: datetime
) -> Found:
    """The member. Raises InvalidValue or InvalidCardNumber (422), NotFound, CardUnassigned."""
    given = [kind for kind in ("phone", "email", "card", "external_id") if getattr(sought, kind) is not None]
    if len(given) != 1:
        raise InvalidValue("", "Give exactly one of phone, email, card and external_id.")
    region = identity.region(program.time_zone, program.languages)
    identifier = reading.identifier(
        given[0], getattr(sought, given[0]), program.settings, region, f"/{given[0]}"
    )
    async with database.transaction(program.id) as tx:
        profile = await _found(tx, program, secret, identifier)
        balance = await balance_of(tx, program, profile.pool, at)
        if not caller.scopes & SEES_WHO:
            first_name = profile.person.name.partition(" ")[0]
            return Found(ids.show("mem", profile.id), first_name, balance, None)
        cards = await reading.cards_of(tx, program.id, profile.id)
    view = views.member_view(profile, cards, store_codes(program))
    return Found(view.id, view.name, balance, None, view)


async def read_member(database: Database, program: Program, member: UUID) -> MemberView:
    """The member of that id, or the one she was merged into. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        profile = await _member(tx, program, member)
        cards = await reading.cards_of(tx, program.id, profile.id)
    return views.member_view(profile, cards, store_codes(program))


async def read_cards(
    database: Database, program: Program, member: UUID, *, after: UUID | None, limit: int
) -> CardPage:
    """`limit` of the member's cards, in the order they were issued. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        profile = await _member(tx, program, member)
        cards = await reading.cards_of(
            tx, program.id, profile.id, after=after or reading.FIRST, limit=limit + 1
        )
    shown = tuple(views.card_view(card) for card in cards[:limit])
    return CardPage(shown, shown[-1].id if len(cards) > limit else None)


async def read_balance(database: Database, program: Program, member: UUID, *, at: datetime) -> BalanceView:
    """The member's standing. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        profile = await _member(tx, program, member)
        return await balance_of(tx, program, profile.pool, at)


async def balance_of(tx: Transaction, program: Program, pool: UUID, at: datetime) -> BalanceView:
    """A pool's standing at an instant, in every currency of the program by its code."""
    grace = held_grace_days(program.settings)
    asked = await book.ask(tx, program.id, [ids.home(pool)], [pool], grace_days=grace)
    page = (await asked.pages())[pool]
    return BalanceView(
        tuple(
            CurrencyBalance(
                currency=code,
                available=balance.available,
                pending=balance.pending,
                held=balance.held,
                debt=balance.debt,
                worth=Worth(currency.worth.down(balance.available), program.base_currency),
                expiring=tuple(ExpiringView(part.amount, part.at) for part in balance.expiring),
            )
            for code, currency in sorted(program.currencies.items())
            for balance in (page.balance(code, at),)
        )
    )


async def _found(tx: Transaction, program: Program, secret: bytes, identifier: Identifier) -> Profile:
    found = await reading.find(tx, program.id, identity.of(secret, program.id), [identifier])
    customer = found.get(0)
    if customer is None or customer.erased or customer.card_status == "closed":
        raise NotFound("Nobody was found.")
    if customer.member is None:
        raise CardUnassigned
    return await _member(tx, program, customer.member)


async def _member(tx: Transaction, program: Program, member: UUID) -> Profile:
    profile = await reading.member(tx, program.id, member)
    if profile is None:
        raise NotFound("There is no such member.")
    return profile

"""Finds a member by what she is recognised by, and decides how much of her the caller sees. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import CardUnassigned, InvalidValue, NotFound
from regulars.flows import words
from regulars.flows.enrol import codes_of
from regulars.flows.read_member import BalanceView, balance_of, profile_of
from regulars.flows.tiering import ladders_of
from regulars.members import identity, reading, tier_marks, views
from regulars.members.description import CardText, Contact
from regulars.members.model import Identifier
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.members.views import MemberView
from regulars.programs.model import Caller, Program

SEES_WHO = frozenset({"manage", "issuer", "read"})
"""Scopes that may see who a member is; a till sees a first name and what may be spent."""


class Sought(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/find`: exactly one of phone, email, card and external_id."""

    phone: Contact | None = None
    email: Contact | None = None
    card: CardText | None = None
    external_id: Contact | None = None
    till: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """Which till asks; look-ups are counted per key and till."""
    store: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    cashier: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    """Where and for whom: many look-ups that lead to nobody are looked at."""


class Found(Struct, frozen=True, omit_defaults=True):
    """Who was found. A till gets the first name; `member` is for keys that may see who a member is."""

    id: str
    name: str
    balance: BalanceView
    tier: str | UnsetType | None = UNSET
    """The code of her tier, of several ladders on the first by its code."""
    tier_name: str | UnsetType = UNSET
    member: MemberView | UnsetType = UNSET


async def find_member(
    database: Database,
    program: Program,
    vault: Vault,
    caller: Caller,
    sought: Sought,
    *,
    at: datetime,
    language: str | None = None,
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
        profile = await _found(tx, program, vault, identifier)
        balance = await balance_of(tx, program, profile.pool, at)
        tier, name = await _tier(tx, program, profile, at, language)
        if not caller.scopes & SEES_WHO:
            first_name = profile.person.name.partition(" ")[0]
            return Found(ids.show("mem", profile.id), first_name, balance, tier, name)
        cards = await reading.cards_of(tx, program.id, profile.id)
    view = views.member_view(profile, cards, codes_of(program))
    return Found(view.id, view.name, balance, tier, name, view)


async def _tier(
    tx: Transaction, program: Program, profile: Profile, at: datetime, language: str | None
) -> tuple[str | None, str | UnsetType]:
    of = await ladders_of(tx, program)
    first = next(iter(of.ladders), None)
    if first is None:
        return None, UNSET
    present = (await tier_marks.now(tx, program.id, profile.id, at)).get(first)
    tier = of.ladders[first].base if present is None else present.tier
    if tier is None:
        return None, UNSET
    spoken = words.chosen(program.languages, language, "")
    return tier, words.speakers(program)[spoken].named("tier", f"{first}/{tier}")


async def _found(tx: Transaction, program: Program, vault: Vault, identifier: Identifier) -> Profile:
    found = await reading.find(tx, program.id, vault, [identifier])
    customer = found.get(0)
    if customer is None or customer.erased or customer.card_status == "closed":
        raise NotFound("Nobody was found.")
    if customer.member is None:
        raise CardUnassigned
    return await profile_of(tx, program, vault, customer.member)

"""A member gives points to a good cause: they leave as spent at that partner, who is owed their worth."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CurrencyUnknown, InsufficientPoints, InvalidValue
from regulars.flows import passing_limits, sharing
from regulars.flows.grace import open_pages
from regulars.ledger import book, passing
from regulars.ledger.page import Page
from regulars.ledger.passing import Donated, Passed
from regulars.members.model import Member
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import CurrencySpec, Partner, Program
from regulars.units import AMOUNT_MAX


class NewDonation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/donations`."""

    charity: Annotated[str, Meta(min_length=1, max_length=63)]
    """Code of a partner that the setting `passing.charities` names."""
    currency: Annotated[str, Meta(max_length=16)]
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]


class DonationView(Struct, frozen=True):
    """What a certificate says."""

    id: str
    posting: str
    charity: str
    charity_name: str
    currency: str
    amount: int
    worth: int
    """What the charity gets for it, minor units of base money, rounded down."""
    donated_at: datetime
    available: int


class Donations(Struct, frozen=True):
    """What each charity was given, by currency."""

    items: tuple[Donated, ...]
    next: str | None = None


async def donate_points(
    database: Database, program: Program, request: Request, actor: str, member: UUID, new: NewDonation
) -> Answer:
    """201 with the certificate.

    Raises NotFound, InvalidValue, CurrencyUnknown, InsufficientPoints, SpendingNotAllowed, SpenderLimit; by the
    program's setting `passing.donations`: PassingLimit, CoolingOff.
    """
    currency, partner = _named(program, new)

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        at = request.at
        giver, page = await _judged(tx, program, member, new, at)
        posting = page.begin("donation", effective_at=at, recorded_at=at, actor=actor, reason=partner.name)
        page.spend(currency.code, new.amount, at, partner.id)
        await book.write(tx, program.id, [page])
        worth = currency.worth.down(new.amount)
        passed = Passed(
            id=ids.new(ids.home(giver.id)), giver=giver.id, kind="donation", pool=giver.pool,
            currency=currency.code, amount=new.amount, posting=posting, passed_at=at, charity=new.charity,
            worth=worth,
        )  # fmt: skip
        await passing.note(tx, program.id, passed)
        done = DonationView(
            ids.show("don", passed.id), ids.show("pst", posting), new.charity, partner.name, currency.code,
            new.amount, worth, at, page.available(currency.code, at),
        )  # fmt: skip
        await trail.record(
            tx, program.id, Change("points.donated", ids.show("mem", giver.id), after=done), at
        )
        return await requests.keep(tx, request, 201, msgspec.json.encode(done))

    return await database.run(program.id, work)


async def preview_donation(
    database: Database, program: Program, member: UUID, new: NewDonation, at: datetime
) -> None:
    """Judge a donation as it would be now; nothing is written. Raises as `donate_points`."""
    _named(program, new)

    async def work(tx: Transaction) -> None:
        await _judged(tx, program, member, new, at)

    await database.run(program.id, work)


def _named(program: Program, new: NewDonation) -> tuple[CurrencySpec, Partner]:
    """What is given, and to whom. Raises CurrencyUnknown, InvalidValue."""
    currency, partner = program.currencies.get(new.currency), program.partners.get(new.charity)
    if currency is None or currency.kind == "qualifying":
        raise CurrencyUnknown("/currency", new.currency)
    if partner is None or new.charity not in program.settings.passing.charities:
        raise InvalidValue("/charity", "is no charity of this program")
    return currency, partner


async def _judged(
    tx: Transaction, program: Program, member: UUID, new: NewDonation, at: datetime
) -> tuple[Member, Page]:
    """Who gives, and her page, locked, from which so much may be given. Raises as `donate_points`."""
    giver = await sharing.locked_member(tx, program, member)
    passing_limits.require_owner(giver)
    page = (await open_pages(tx, program, [giver.pool]))[giver.pool]
    await passing_limits.require_daily_limit(tx, program, giver, new.currency, new.amount, at)
    if new.amount > page.available(new.currency, at):
        raise InsufficientPoints
    await passing_limits.require(tx, "donation", program, giver, page, new.currency, new.amount, at)
    return giver, page


async def list_donations(database: Database, program: UUID) -> Donations:
    """`GET /v1/donations`."""
    async with database.transaction(program, analytical=True) as tx:
        return Donations(tuple(await passing.donated(tx, program)))

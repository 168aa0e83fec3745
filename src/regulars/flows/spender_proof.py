"""Decides whether it is the member who spends where no goods are bought: by the rules and proofs of a purchase."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Request
from regulars.errors import (
    Fault,
    InvalidValue,
    ProofRequired,
    SpenderLimit,
    SpendingInDoubt,
    SpendingNotAllowed,
)
from regulars.flows import proofs, spending, standing
from regulars.flows.incoming import Incoming, Key
from regulars.flows.known_programs import Known
from regulars.members import dynamic_code, numbers
from regulars.members.access import locks
from regulars.members.model import Customer
from regulars.programs.model import Caller, Store
from regulars.purchases.model import Proof, PurchaseRequest, SpendRequest

TRUSTED = frozenset({"manage", "issuer"})
"""Scopes whose keys answer themselves for who spends."""


class Spender(Struct, frozen=True):
    """Who asks to spend a member's points, and what shows that it is she."""

    caller: Caller
    by: str
    """How facts name who asks."""
    vouched: bool = False
    """She is logged in, or staff answers for her."""
    till: str = ""
    card: str | None = None
    """The card that was shown, as it was read: a number, or a dynamic code."""
    proof: Proof | None = None


class Proved(Struct, frozen=True):
    """What is known of the spender before anything is locked."""

    key: Key
    proved: bool
    locked_until: datetime | None


async def prove(
    database: Database, known: Known, request: Request, spender: Spender, member: UUID, store: Store | None
) -> Proved:
    """Check the proof that came along, and use it up. Raises ProofWrong, SpendingLocked, InvalidCardNumber."""
    key = Key("member", member=member)
    if spender.card is not None:
        number = dynamic_code.card_in(spender.card)
        key = Key("card", number=numbers.check(number, known.program.settings))
    if spender.vouched:
        return Proved(key, True, None)
    sent = PurchaseRequest(
        id=request.key,
        purchased_at=request.at,
        currency=known.program.base_currency,
        lines=(),
        till=spender.till,
        card=spender.card,
        proof=spender.proof,
        spend=(SpendRequest("max"),),
    )
    place = store or Store(known.program.id, "", "", known.program.operator, known.program.time_zone)
    incoming = Incoming(
        sent=sent, request=request, caller=spender.caller, language=None, key=key, store=place, lines=(),
        rate=None, late=False,
    )  # fmt: skip
    incoming = await proofs.prove(database, known, incoming, request.at)
    until = None if incoming.proved else await proofs.locked_here(database, known, incoming, request.at)
    return Proved(key, incoming.proved, until)


async def require(
    tx: Transaction,
    known: Known,
    spender: Spender,
    proved: Proved,
    member: UUID,
    currency: str,
    points: int,
    at: datetime,
) -> None:
    """She may spend so many points now. Her pool is locked.

    Raises SpendingNotAllowed, SpenderLimit, ProofRequired, SpendingLocked; InvalidValue where the card is another's.
    """
    customer = await standing.customer_of(tx, known.program.id, proved.key)
    if customer is None or customer.member != member:
        raise InvalidValue("/card", "is not a card of this member")
    if customer.role == "earner":
        raise SpendingNotAllowed(
            errors=[Fault("/reward", "only owners and spenders may", SpendingNotAllowed.code)]
        )
    await _require_limit(tx, known, customer, currency, points, at)
    if spender.vouched or proved.proved:
        return
    if proved.locked_until is not None:
        raise locks.locked(at, proved.locked_until)
    if customer.spending_locked_until is not None and customer.spending_locked_until > at:
        raise SpendingInDoubt(int((customer.spending_locked_until - at).total_seconds()) + 1)
    settings = known.program.settings
    if customer.unproved and settings.confirm_before_spending:
        raise ProofRequired(
            "This member's phone or email was not confirmed yet; a code that is sent to it does.",
            extra={"kinds": ["otp"], "unconfirmed": True},
        )
    if spender.caller.scopes & TRUSTED:
        return
    kinds = {"kinds": ["otp", "dynamic", "pin"]}
    if proved.key.kind != "card":
        if settings.proof_for_phone:
            raise ProofRequired("An id recognises a member but does not prove who spends.", extra=kinds)
        return
    limit = settings.proof_above_a_day
    if limit is not None and await _worth_today(tx, known, customer, at) + _worth(
        known, currency, points
    ) > Fraction(limit):
        raise ProofRequired("More than the program allows a day with a card alone.", extra=kinds)


async def _require_limit(
    tx: Transaction, known: Known, customer: Customer, currency: str, points: int, at: datetime
) -> None:
    """What she may spend of a shared account on one day; purchases and rewards count alike."""
    if customer.spend_limit is None or customer.member is None:
        return
    today = (await spending.today_of(tx, known, customer, at)).get(customer.member, {})
    before = sum((_worth(known, code, amount) for code, amount in today.items()), Fraction(0))
    if before + _worth(known, currency, points) > customer.spend_limit:
        left = max(0, int(customer.spend_limit - before))
        raise SpenderLimit(
            errors=[Fault("/reward", f"only {left} more may be spent today", SpenderLimit.code)],
            extra={
                "daily_limit": customer.spend_limit,
                "left": left,
                "currency": known.program.base_currency,
            },
        )


async def _worth_today(tx: Transaction, known: Known, customer: Customer, at: datetime) -> Fraction:
    """What points paid for on the present day, from purchases and rewards of the account."""
    day = standing.day_of(at, known.program.time_zone)
    home = ids.home(customer.pool)
    rows = await (await standing.spent_on(tx, known.program.id, [(home, customer.pool)], day)).fetchall()
    spent = Fraction(sum(int(row[1]) for row in rows))
    for currency, points in await spending.rewards_today(tx, known.program.id, customer.pool, day):
        spent += _worth(known, currency, points)
    return spent


def _worth(known: Known, currency: str, points: int) -> Fraction:
    """In minor units of base money, exactly."""
    worth = known.program.currencies[currency].worth
    return Fraction(points * worth.numerator, worth.denominator)

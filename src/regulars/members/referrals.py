"""Decides what a program gives for bringing a friend: to whom, after which purchases, how often. Pure.

A referral program is a document. What contradicts itself is refused in a sentence before it counts.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from regulars.contradictions import Contradicting
from regulars.i18n import N_
from regulars.prizes import Prize

CODE = "default"
"""A program has one referral program."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, no 1, I and L, no U beside V."""
CODE_LETTERS = 8
NO_END = 2**62
CHAIN_MAX = 20
"""So many referrers of referrers are looked at for a circle."""
REFUSED_LATER = "same_instrument"
"""What shows only when a friend has bought refuses her all the same, though it is kept with the step."""
Reason = Literal[
    "self", "same_contact", "same_device", "same_account", "same_instrument", "member_before", "circle"
]
Withheld = Literal["cap", "budget", "gone", "same_account", "same_instrument"]
TraceKind = Literal["phone", "email", "device"]
Count = Annotated[int, Meta(ge=1, le=10_000)]
Days = Annotated[int, Meta(ge=0, le=3660)]
_Refuse = Callable[..., None]


class Step(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a friend's n-th purchase brings to the two."""

    purchases: Annotated[int, Meta(ge=1, le=100)] = 1
    """After which of her purchases; only those count that are large enough and were not returned."""
    referrer: Prize | None = None
    friend: Prize | None = None


class Milestone(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the n-th friend brings to the referrer beside."""

    friends: Annotated[int, Meta(ge=2, le=1000)]
    prize: Prize


class ReferralDocument(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`PUT /v1/referral-programs/default`: the whole referral program. Money is minor units of base money."""

    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=10)]
    milestones: Annotated[tuple[Milestone, ...], Meta(max_length=10)] = ()
    least_amount: Annotated[int, Meta(ge=0, le=10**12)] = 0
    """What must be left of a purchase, after returns, for it to count."""
    return_days: Annotated[int, Meta(ge=0, le=366)] = 14
    """How long after a purchase its goods may come back: it counts when they are over."""
    within_days: Annotated[int, Meta(ge=1, le=3660)] = 90
    """The friend's purchases count for so many days after she was brought."""
    enter_days: Annotated[int, Meta(ge=0, le=366)] = 0
    """So many days after she joined a friend may still name the code; 0: only when she joins."""
    take_back_days: Days = 90
    """So long after it was given a refund takes it back."""
    a_month: Count | None = None
    """How often a referrer is rewarded in a calendar month, a year, and ever; null: as often as she brings friends."""
    a_year: Count | None = None
    ever: Count | None = None
    budget: Annotated[int, Meta(ge=1, le=10**12)] | None = None
    """What all of it may cost; null: no end."""
    stopped: bool = False
    """Nobody is brought any more; who was brought before still gets what was promised."""


class Bought(Struct, frozen=True):
    """A purchase of a friend as it stands: what is left of it, minor units of base money."""

    home: int
    id: UUID
    purchased_at: datetime
    left: int


class Due(Struct, frozen=True):
    """A step whose purchase has passed its return window."""

    step: Step
    bought: Bought


class Met(Struct, frozen=True):
    """What is known of a friend and of whoever is said to have brought her."""

    friend: UUID
    referrer: UUID
    joined_at: datetime
    at: datetime
    shared_account: bool
    """They are, or were, in one household or company."""
    traces: Collection[tuple[UUID, str]]
    """With whom the friend's phone, email and device were seen before (member, kind)."""
    others: Collection[UUID]
    """Friends whom the referrer has brought already."""
    above: Sequence[UUID]
    """Who brought the referrer, who brought that one, and so on."""
    bought_before: bool
    """The card that the friend took over was bought on before."""


def refusal(document: ReferralDocument, met: Met) -> Reason | None:
    """Why nothing is given for this friend; None: she counts. The first that applies, in this order."""
    if met.friend == met.referrer:
        return "self"
    seen_with = {kind for member, kind in met.traces if member == met.referrer}
    if seen_with & {"phone", "email"}:
        return "same_contact"
    brought = {*met.others, met.referrer}
    if any(kind == "device" and member in brought for member, kind in met.traces):
        return "same_device"
    if met.shared_account:
        return "same_account"
    if met.friend in met.above:
        return "circle"
    # A phone or an email that was seen with anybody else is that of somebody who was here before.
    if met.bought_before or any(kind != "device" and member != met.friend for member, kind in met.traces):
        return "member_before"
    if met.at > met.joined_at + timedelta(days=document.enter_days):
        return "member_before"
    return None


def due(
    document: ReferralDocument, bought: Sequence[Bought], given: Collection[int], at: datetime
) -> list[Due]:
    """The steps to give now. `given`: after which purchases it was given before, whatever became of it."""
    standing = [
        one for one in sorted(bought, key=lambda one: (one.purchased_at, one.id)) if counts(document, one, at)
    ]
    return [
        Due(step, standing[step.purchases - 1])
        for step in document.steps
        if step.purchases <= len(standing) and step.purchases not in given
    ]


def counts(document: ReferralDocument, one: Bought, at: datetime) -> bool:
    """Whether a purchase is large enough, as it stands, and its return window is over."""
    over = one.purchased_at + timedelta(days=document.return_days)
    return one.left >= max(1, document.least_amount) and over <= at


def leading_to(document: ReferralDocument, bought: Sequence[Bought], step: Due, at: datetime) -> list[Bought]:
    """The purchases by which a step is due: the one after which it is given, and those that counted before it."""
    last = (step.bought.purchased_at, step.bought.id)
    return [one for one in bought if (one.purchased_at, one.id) <= last and counts(document, one, at)]


def finished(document: ReferralDocument, given: Collection[int], until: datetime, at: datetime) -> bool:
    """Whether a referral can come to nothing more."""
    over = at >= until + timedelta(days=document.return_days)
    return over or all(step.purchases in given for step in document.steps)


def periods(at: datetime, zone: ZoneInfo) -> list[str]:
    """The month, the year and the whole time in which a reward of an instant is counted."""
    day = at.astimezone(zone)
    return [f"{day:%Y-%m}", f"{day:%Y}", "ever"]


def caps(document: ReferralDocument, at: datetime, zone: ZoneInfo) -> list[tuple[str, int]]:
    """The periods in which a referrer's rewards are counted, each with the most that there may be.

    They are counted without a cap too: one may be set later.
    """
    wanted = (document.a_month, document.a_year, document.ever)
    return [
        (period, NO_END if most is None else most)
        for period, most in zip(periods(at, zone), wanted, strict=True)
    ]


def codes(key: bytes, member: UUID) -> Iterator[str]:
    """The codes that a member may have, the first that nobody else has; without the key nothing tells whose one is."""
    for n in range(100):
        text = b"referral\0" + member.bytes + bytes([n])
        number = int.from_bytes(hmac.digest(key, text, hashlib.sha256)[:12], "big")
        letters: list[str] = []
        for _ in range(CODE_LETTERS):
            number, digit = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[digit])
        yield "".join(letters)


def normal(code: str) -> str:
    """A code without capitals' difference, spaces and hyphens."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def contradictions(document: ReferralDocument) -> list[Contradicting]:
    """Every contradiction; empty when there is none."""
    found: list[Contradicting] = []

    def refuse(pointer: str, message: str, **values: str) -> None:
        found.append(Contradicting(pointer, message, values))

    if not any(step.referrer or step.friend for step in document.steps):
        refuse("/steps", N_("Neither the referrer nor the friend would get anything."))
    _rising([step.purchases for step in document.steps], "/steps", refuse)
    _rising([one.friends for one in document.milestones], "/milestones", refuse)
    if document.milestones and not any(step.purchases == 1 for step in document.steps):
        text = N_("Friends are counted by their first purchase: let there be a step for it.")
        refuse("/milestones", text)
    if document.a_month and document.a_year and document.a_month > document.a_year:
        refuse("/a_month", N_("A month would allow more than its year."))
    if document.a_year and document.ever and document.a_year > document.ever:
        refuse("/a_year", N_("A year would allow more than there may ever be."))
    if document.a_month and document.ever and document.a_month > document.ever:
        refuse("/a_month", N_("A month would allow more than there may ever be."))
    return found


def _rising(numbers: Sequence[int], pointer: str, refuse: _Refuse) -> None:
    for place, (before, after) in enumerate(pairwise(numbers)):
        if after <= before:
            refuse(f"{pointer}/{place + 1}", N_("Write them in their order, each of them once."))

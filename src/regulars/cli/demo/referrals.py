"""The demo's referrals: what a member and a friend get, a few who brought friends, one who tried it with one phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from regulars import clock
from regulars.cli.demo.holders import member_of
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.referral_programs import put_referral_program
from regulars.flows.referring import NamedReferrer, name_referrer, own_code
from regulars.flows.reward_referrals import reward_referrals
from regulars.members.referrals import CODE, Milestone, ReferralDocument, Step
from regulars.prizes import PointsPrize, Prize


def _points(amount: int) -> Prize:
    return Prize(points=PointsPrize("PTS", amount))


DOCUMENT = ReferralDocument(
    steps=(Step(1, referrer=_points(300), friend=_points(200)), Step(5, referrer=_points(100))),
    milestones=(Milestone(3, _points(500)),),
    least_amount=1000,
    return_days=14,
    within_days=180,
    enter_days=7,
    a_month=5,
    budget=2_000_00,
)
BROUGHT = ((0, 40), (0, 41), (0, 42), (1, 43), (2, 44), (2, 45), (5, 46), (5, 47))
"""Who brought whom, by their places; the last two show the same phone."""
ONE_PHONE = frozenset({46, 47})


async def load(
    database: Database,
    known: KnownPrograms,
    cards: Sequence[str],
    enrolled_at: Sequence[datetime],
    request: Callable[[str, Any, datetime], Request],
) -> None:
    """Enter the program and who brought whom as of the day on which she joined; repeated, it changes nothing."""
    since = min(enrolled_at)
    first = request("referrals", "demo", since)
    await put_referral_program(database, first.program, CODE, DOCUMENT, "demo", since)
    ready = await known.fresh(first.program)
    program, vault = ready.program, ready.vault

    for referrer, friend in BROUGHT:
        joined = enrolled_at[friend].astimezone(UTC) + timedelta(minutes=5)
        brought_by, brought = [
            await member_of(database, program.id, cards[one]) for one in (referrer, friend)
        ]
        own = await own_code(database, program, vault, brought_by, joined)
        named = NamedReferrer(own.code, device="the-demo's-one-phone" if friend in ONE_PHONE else None)
        step = request(f"brought/{friend}", own.code, joined)
        await name_referrer(database, program, vault, step, brought, named)
    await reward_referrals(database, known, program.id, clock.world())

"""Ends a visit so that what it took is free again, also where a membership gave that anew after a pause meanwhile.

A pause ends what a paid period gave; when the period goes on only what was left of it is given anew. What a visit took
before stands with a grant that has ended: once the visit counts no more, that much is given anew too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars import ids
from regulars.db.pool import Transaction
from regulars.flows import entitlements, sharing
from regulars.flows.memberships import At, cause
from regulars.programs.model import Program
from regulars.rewards import entitlement_book, membership_book, plans
from regulars.rewards.entitlement_book import CameWith, State, Use
from regulars.rewards.membership_book import Membership


async def end(
    tx: Transaction, program: Program, use: Use, to: State, at: datetime, by: str, *, counts: bool
) -> bool:
    """End a visit that is in the state in which it was read; False where it is not any more.

    Unless it still counts, what it took is free again. Of rights of a membership the member is locked for that: a pause
    that begins or ends at the same time counts the visit either before or after.
    """
    hers = [] if counts else await _locked(tx, program, use)
    if not await entitlement_book.end(tx, program.id, use, to, at, by, counts=counts):
        return False
    ended = [one for one in await _origins(tx, program, use) if one.ended] if hers else ()
    for one in hers:
        await _give_anew(tx, At(program, at, by), one, use, ended)
    return True


async def _locked(tx: Transaction, program: Program, use: Use) -> list[Membership]:
    """The memberships, active ones, of whose rights a visit took; their members are locked, and not erased."""
    found: list[Membership] = []
    for whole in sorted({one.cause.split("/")[0] for one in await _origins(tx, program, use)}):
        identifier = ids.read("mbs", whole)
        before = await membership_book.find(tx, program.id, identifier)
        assert before is not None, "a membership is never taken away"
        member = await sharing.locked_member(tx, program, before.member, erased=True)
        one = await membership_book.find(tx, program.id, identifier)
        assert one is not None
        if one.state == "active" and member.erased_at is None:
            found.append(one)
    return found


async def _origins(tx: Transaction, program: Program, use: Use) -> list[CameWith]:
    return await entitlement_book.of_memberships(tx, program.id, list(use.granted)) if use.granted else []


async def _give_anew(tx: Transaction, at: At, one: Membership, use: Use, ended: Sequence[CameWith]) -> None:
    """Give what a visit took of a membership's ended grants, to the end of the period if that is paid and lasts."""
    paid = await membership_book.paid_periods(tx, at.program.id, one)
    for was, period in zip(paid, plans.moved(paid, one.until_day), strict=True):
        earlier = cause(one, was.from_day)  # what was given before causes had the act
        with_it = f"{earlier}/{was.n}"
        uses = sum(
            use.granted[grant.id]
            for grant in ended
            if grant.cause in (earlier, with_it) or grant.cause.startswith(f"{with_it}/")
        )
        if uses and period.until_day > at.today:
            await entitlements.grant(
                tx, at.program, one.member, use.code, uses=uses, days=(period.until_day - at.today).days,
                cause=f"{with_it}/{ids.show('etu', use.id)}", origin="membership", by=at.by, at=at.instant,
            )  # fmt: skip

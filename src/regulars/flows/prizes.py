"""Gives prizes and takes them back: points to the member's page, a voucher made for her, a badge, an entitlement,
tickets of a lottery.

What gives says for what (`Cause`): the same cause gives once, whoever tries at the same time. The pool of the member
must be locked, and whoever calls writes the page afterwards (`book.write`), in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock, ids
from regulars.contradictions import Contradicting, refuse
from regulars.db import outbox
from regulars.db.outbox import Note
from regulars.db.pool import Transaction
from regulars.errors import StateConflict
from regulars.flows import entitlements, prize_tickets
from regulars.flows.adjust_points import expiry
from regulars.flows.known_programs import Known
from regulars.games import badges, tickets
from regulars.ledger import succession
from regulars.ledger.page import Page
from regulars.prizes import PointsPrize, Prize, PrizeSurroundings, contradictions
from regulars.programs.model import Program
from regulars.promotions import code_text, codes, vouchers
from regulars.promotions.vouchers import Act
from regulars.rewards import definitions, entitlement_book, prize_book, terms
from regulars.rewards.prize_book import GivenPrize, Taken


class Cause(Struct, frozen=True):
    """For what a prize is given."""

    kind: str
    """`challenge`, `game`, `survey`, `referral`, `draw`… At most 32 characters."""
    about: UUID
    """The completion, the play, the answers…: the same one gives once."""
    n: int = 0
    """Which of its prizes."""
    title: str = ""
    """What it was, in the program's first language: stands with the posting."""
    by: str = "program"
    """Who did it, for the books."""
    funder: UUID | None = None
    """The partner that pays for it; None: the operator."""
    issuer: UUID | None = None
    """The partner where it came about; None: the operator."""


class TakenPrize(Struct, frozen=True):
    """What was taken back, and how."""

    given: GivenPrize
    taken: Taken


async def give(
    tx: Transaction, known: Known, page: Page, member: UUID, prize: Prize, cause: Cause, at: datetime
) -> GivenPrize | None:
    """Give it to a member whose page this is; None where its cause has given before.

    A voucher whose batch was stopped meanwhile is not made: there is nothing to give then (`prize.nothing`).
    Of a lottery that has no tickets now, that is not for her or of which she has her most there is nothing either.
    """
    if await prize_book.find(tx, known.program.id, member, cause.kind, cause.about, cause.n) is not None:
        return None
    return await enter(tx, known, planned(known, page, member, prize, cause, at), cause)


def planned(known: Known, page: Page, member: UUID, prize: Prize, cause: Cause, at: datetime) -> GivenPrize:
    """What is to be given, its points done to the page; `enter` writes the rest.

    For whoever knows under the lock that its cause has not given yet; everybody else takes `give`.
    """
    given = GivenPrize(
        id=ids.new(ids.home(member)), home=ids.home(member), cause=cause.kind, about=cause.about, n=cause.n,
        member=member, prize=prize, lot=None, valid_until=None, cost=cost(known.program, prize),
        funder=cause.funder or known.program.operator, given_at=at,
    )  # fmt: skip
    points = prize.points
    if points is None or points.currency not in known.program.currencies:
        return given
    posting = page.begin(
        "bonus", effective_at=at, recorded_at=at, actor=cause.by, related=given.id, reason=cause.title
    )
    until = _expiry(known.program, points, at)
    lot = page.earn(
        points.currency, points.amount, earned_at=at, active_at=at, expires_at=until,
        issuer=cause.issuer or known.program.operator, funder=given.funder,
        unit_cost=known.program.currencies[points.currency].worth,
    )  # fmt: skip
    return structs.replace(given, lot=lot, valid_until=until, posting=posting)


async def enter(tx: Transaction, known: Known, given: GivenPrize, cause: Cause) -> GivenPrize:
    """Write what was planned: the row that gives once, the code, the badge, the entitlement.

    Raises StateConflict where its cause has given before: then nothing of the transaction may stay.
    """
    program, prize, at = known.program.id, given.prize, given.given_at
    if prize.voucher is not None:
        given = await _with_validity(tx, known, given)
    elif prize.tickets is not None:
        given = await prize_tickets.as_far_as_she_may(tx, known, given)
    prize = given.prize
    if not await prize_book.give(tx, program, given):
        raise StateConflict("This was given before.")
    if prize.voucher is not None:
        await _issue(tx, known, given)
    elif prize.badge is not None:
        await badges.give(tx, program, given.member, prize.badge, given.id, at, cause.by)
    elif prize.entitlement is not None:
        right = prize.entitlement
        await entitlements.grant(
            tx, known.program, given.member, right.code, uses=right.uses, days=right.days,
            cause=ids.show("prz", given.id), origin="prize", by=cause.by, at=at,
        )  # fmt: skip
    elif prize.tickets is not None:
        await prize_tickets.enter(tx, program, given, cause.by)
    if not prize.nothing:
        told = {
            "prize": ids.show("prz", given.id),
            "cause": given.cause,
            "kind": prize.kind,
            "currency": prize.points.currency if prize.points else None,
            "amount": prize.points.amount if prize.points else None,
        }
        await outbox.note(tx, program, [Note("prize.given", given.member, given.member, at, told)])
    return given


async def take_back(
    tx: Transaction, known: Known, page: Page, given: GivenPrize, at: datetime, by: str, reason: str
) -> TakenPrize | None:
    """Take it back for its ground is gone, as a return takes earned points back; None where it was before.

    A voucher that was used stays used (`used`), and so do tickets that were drawn from; a badge
    that came with something else stays.
    """
    if given.taken_at is not None:
        return None
    program, prize = known.program, given.prize
    taken: Taken = "kept"
    posting = None
    if prize.points is not None and given.lot is not None:
        taken, posting = "whole", await _take_points(tx, program, page, given, prize.points, at, by, reason)
    elif prize.voucher is not None:
        taken = "whole" if await _void(tx, known, given, at, by) else "used"
    elif prize.badge is not None and await badges.take(
        tx, program.id, given.member, prize.badge, at, given.id
    ):
        taken = "whole"
    elif prize.entitlement is not None:
        cause, code = ids.show("prz", given.id), prize.entitlement.code
        whole = await entitlements.take_back(tx, program, given.member, code, cause=cause, at=at)
        taken = "whole" if whole else "used"
    elif prize.tickets is not None:
        taken = await prize_tickets.take_back(tx, program.id, given, at, by, reason)
    if not await prize_book.take(tx, program.id, given, taken, posting, at, reason):
        raise StateConflict("This was taken back just now.")
    told = {"prize": ids.show("prz", given.id), "cause": given.cause, "kind": prize.kind, "taken": taken}
    await outbox.note(tx, program.id, [Note("prize.taken_back", given.member, given.member, at, told)])
    return TakenPrize(given, taken)


def cost(program: Program, prize: Prize) -> int:
    """What a prize costs whoever pays for it, minor units of base money."""
    if prize.cost is not None:
        return prize.cost
    points = prize.points
    if points is None or points.currency not in program.currencies:
        return 0
    return program.currencies[points.currency].worth.half_up(points.amount)


async def surroundings(tx: Transaction, program: Program) -> PrizeSurroundings:
    """What a prize meets in a program, to judge a document with prizes (`regulars.prizes.contradictions`)."""
    found = await codes.named(tx, program.id)
    defined = await definitions.of(tx, program.id, [batch.id for batch in found.values()])
    return PrizeSurroundings(
        {code: currency.kind for code, currency in program.currencies.items()},
        frozenset(name for name, batch in found.items() if batch.stopped_at is None and batch.id in defined),
        frozenset(await badges.newest(tx, program.id)),
        frozenset(one.code for one in await entitlement_book.newest(tx, program.id)),
        frozenset(
            one.code
            for one in await tickets.every(tx, program.id)
            if one.drawn_at is None and one.stopped_at is None
        ),
    )


async def require_sense(
    tx: Transaction, program: Program, against: Iterable[Contradicting], prizes: Mapping[str, Prize]
) -> None:
    """Raises Contradiction with what stands against a document, and against its prizes (pointer → prize)."""
    around = await surroundings(tx, program)
    refuse(
        [*against, *(wrong for at, prize in prizes.items() for wrong in contradictions(prize, around, at))]
    )


async def voucher_texts(tx: Transaction, known: Known, given: Sequence[GivenPrize]) -> dict[UUID, str]:
    """Prize → the text of the code that came with it, for whoever may read it."""
    names = sorted({one.prize.voucher.batch for one in given if one.prize.voucher is not None})
    if not names:
        return {}
    found = await codes.by_name(await codes.ask_named(tx, known.program.id, names))
    return {
        one.id: _text(known, one.id, found[one.prize.voucher.batch].pattern)
        for one in given
        if one.prize.voucher is not None and one.prize.voucher.batch in found
    }


def _expiry(program: Program, points: PointsPrize, at: datetime) -> datetime | None:
    """When the points expire: at the end of the last day, in the program's time zone."""
    currency = program.currencies[points.currency]
    if points.expires_after_days is None:
        return expiry(currency, at, program.time_zone)
    last = at.astimezone(clock.zone(program.time_zone)).date() + timedelta(days=points.expires_after_days)
    return clock.midnight(last + timedelta(days=1), program.time_zone)


async def _with_validity(tx: Transaction, known: Known, given: GivenPrize) -> GivenPrize:
    """With the end of its voucher; of a batch that was stopped nothing is given."""
    wanted = given.prize.voucher
    assert wanted is not None, "it is a voucher"
    program = known.program
    batch = (await codes.by_name(await codes.ask_named(tx, program.id, [wanted.batch]))).get(wanted.batch)
    defined = await definitions.of(tx, program.id, [batch.id]) if batch is not None else {}
    if batch is None or batch.stopped_at is not None or batch.id not in defined:
        return structs.replace(given, prize=Prize(nothing=True), cost=0)
    days = wanted.valid_days or defined[batch.id].document.valid_days
    until = terms.ends(days, given.given_at, clock.zone(program.time_zone))
    return structs.replace(given, valid_until=until)


async def _issue(tx: Transaction, known: Known, given: GivenPrize) -> None:
    assert given.prize.voucher is not None, "it is a voucher"
    program, name = known.program.id, given.prize.voucher.batch
    batch = (await codes.by_name(await codes.ask_named(tx, program, [name])))[name]
    definition = (await definitions.of(tx, program, [batch.id]))[batch.id].document
    key = code_text.key_of(known.vault.keyring.secret, program)
    made = code_text.id_of(key, _text(known, given.id, batch.pattern))
    owner = given.member if definition.personal else None
    await vouchers.issue(tx, program, batch.id, given.id, owner, given.valid_until, [made])


def _text(known: Known, prize: UUID, pattern: str) -> str:
    key = code_text.key_of(known.vault.keyring.secret, known.program.id)
    return code_text.claimed(key, prize, pattern, 0)


async def _void(tx: Transaction, known: Known, given: GivenPrize, at: datetime, by: str) -> bool:
    """Take every use of its code; False where one is gone."""
    program = known.program.id
    for code in (await vouchers.of_redemptions(tx, program, [given.id])).get(given.id, []):
        batch = await codes.find(tx, program, code.batch)
        assert batch is not None, "batches are never taken away"
        if not await vouchers.take(tx, program, code.id, batch.id, batch.uses, batch.uses):
            return False
        await vouchers.note(tx, program, code.id, batch.id, batch.uses, Act(given.id, "cancelled", at, by))
    return True


async def _take_points(
    tx: Transaction, program: Program, page: Page, given: GivenPrize, points: PointsPrize, at: datetime,
    by: str, reason: str,
) -> UUID:  # fmt: skip
    assert given.lot is not None, "points came in a lot"
    await succession.admit(tx, program.id, page, [given.lot])
    posting = page.begin(
        "reversal", effective_at=at, recorded_at=at, actor=by, related=given.id, reason=reason
    )
    own = page.of_origin([given.lot])
    page.take_back(points.currency, points.amount, own, program.settings.return_policy, at)
    return posting

"""What becomes of a claimed reward: confirmed, fulfilled, given back, lapsed. Each in one transaction, each once.

The pool of the redemption is locked before its steps are read, so whatever is decided on them holds; that a state has
one successor only, its table's key sees to as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import HoldLapsed, NotFound, StateConflict, VoucherUsed
from regulars.flows import redemption_views, sharing, taken_back, voucher_money
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.redeem_reward import issue_codes, limits_of, partner_of, tell
from regulars.ledger import book, succession
from regulars.ledger.page import Page
from regulars.members import reading
from regulars.programs.model import Caller, Program
from regulars.promotions import codes, vouchers
from regulars.promotions.vouchers import Act
from regulars.rewards import catalogue, redemptions, terms
from regulars.rewards.model import Redemption, Revision, State, Step

Reason = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
LAPSED = "was not fetched in time"


class Cancellation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/redemptions/{id}/cancel`."""

    reason: Reason = ""


class Fulfilment(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/redemptions/{id}/fulfil`."""

    state: Literal["ready", "shipped", "handed_over"]
    note: Reason = ""


class Actor(Struct, frozen=True):
    """Who does something with a redemption."""

    by: str
    caller: Caller | None = None
    """A key of one store or partner deals with what is handed over there only."""
    member: UUID | None = None
    """She herself: only with her own, and by what the reward lets members do."""


class Opened(Struct):
    """A redemption whose pool is locked, with its page."""

    redemption: Redemption
    revision: Revision
    last: Step
    page: Page
    now: Page
    """Where its points belong by now: another page after a merge or when she brought her points along."""

    @property
    def pages(self) -> list[Page]:
        """Each once."""
        return [self.page] if self.page is self.now else [self.page, self.now]


Work = Callable[[Transaction, Opened], Awaitable[None]]


async def cancel_redemption(
    database: Database,
    known: Known,
    request: Request,
    actor: Actor,
    redemption: UUID,
    reason: str,
    language: str,
) -> Answer:
    """200: the very lots, the stock and the limits are back, and codes that came with it are void.

    Raises NotFound; VoucherUsed, and StateConflict where it was handed over or may not be given back.
    """

    async def work(tx: Transaction, opened: Opened) -> None:
        if opened.last.state != "held" and actor.member and opened.revision.document.returns == "never":
            raise StateConflict("This reward cannot be given back.")
        await _end(tx, known, opened, "cancelled", actor.by, reason, request.at)

    return await _act(database, known, request, actor, redemption, language, work)


async def confirm_redemption(
    database: Database, known: Known, request: Request, actor: Actor, redemption: UUID, language: str
) -> Answer:
    """200: what was reserved is claimed. Raises NotFound, StateConflict, HoldLapsed."""

    async def work(tx: Transaction, opened: Opened) -> None:
        found, page, at = opened.redemption, opened.page, request.at
        _require(opened, "claimed")
        if not page.is_held(found.id, at):
            raise HoldLapsed
        posting = page.begin("redemption", effective_at=at, recorded_at=at, actor=actor.by, related=found.id)
        partner = partner_of(known.program, opened.revision, found)
        page.capture(found.id, {found.currency: found.points}, at, partner)
        whose = await _member(tx, known.program, found)
        await issue_codes(tx, known, found, opened.revision, whose, actor.by, at)
        await book.write(tx, known.program.id, [page])
        due_at = terms.due(opened.revision.document, found.valid_until)
        await _step(tx, known, opened, "claimed", posting, actor.by, "", at, due_at)
        await tell(tx, known.program.id, found, "reward.claimed", "claimed", at)

    return await _act(database, known, request, actor, redemption, language, work)


async def fulfil_redemption(
    database: Database,
    known: Known,
    request: Request,
    actor: Actor,
    redemption: UUID,
    fulfilment: Fulfilment,
    language: str,
) -> Answer:
    """200: it is ready, was shipped, or was handed over. Raises NotFound, StateConflict."""

    async def work(tx: Transaction, opened: Opened) -> None:
        document, state = opened.revision.document, fulfilment.state
        if document.gives_codes:
            raise StateConflict("A code is not handed over: it is used.")
        _require(opened, state)
        due_at = terms.due(document, opened.redemption.valid_until) if state == "ready" else None
        await _step(tx, known, opened, state, None, actor.by, fulfilment.note, request.at, due_at)
        await tell(tx, known.program.id, opened.redemption, "reward.fulfilled", state, request.at)

    return await _act(database, known, request, actor, redemption, language, work)


async def lapse_redemption(database: Database, known: Known, redemption: UUID, at: datetime) -> bool:
    """End one whose time is over; False where something else was done with it meanwhile."""

    async def work(tx: Transaction) -> bool:
        opened = await _open(tx, known.program, redemption)
        assert opened is not None, "a redemption is never taken away"
        due_at = (await redemptions.standings(tx, known.program.id, [redemption]))[redemption].due_at
        if due_at is None or due_at > at:
            return False
        await _end(tx, known, opened, "lapsed", "program", LAPSED if opened.last.state != "held" else "", at)
        return True

    return await database.run(known.program.id, work)


async def _act(
    database: Database,
    known: Known,
    request: Request,
    actor: Actor,
    redemption: UUID,
    language: str,
    do: Work,
) -> Answer:
    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        opened = await _open(tx, known.program, redemption)
        if opened is None or not await _may(tx, known.program, actor, opened.redemption):
            raise NotFound("There is no such redemption.")
        await do(tx, opened)
        views = await redemption_views.views(
            tx, known, [opened.redemption], language, request.at, codes=False
        )
        return await requests.keep(tx, request, 200, msgspec.json.encode(views[0]))

    return await database.run(known.program.id, work)


async def _open(tx: Transaction, program: Program, identifier: UUID) -> Opened | None:
    found = await redemptions.find(tx, program.id, identifier)
    if found is None:
        return None
    target = await _target(tx, program, found)
    while True:
        await sharing.lock_pools(tx, program, [found.pool, target])
        again = await _target(tx, program, found)
        if again == target:
            break
        target = again  # the account moved on while we waited; a deadlock by this begins the flow anew
    pages = await open_pages(tx, program, sorted({found.pool, target}))
    revision = await catalogue.find(tx, program.id, found.reward, found.revision)
    assert revision is not None, "a revision that was claimed by is never taken away"
    steps = await redemptions.steps(tx, program.id, identifier)
    return Opened(found, revision, steps[-1], pages[found.pool], pages[target])


async def _target(tx: Transaction, program: Program, found: Redemption) -> UUID:
    """Where points that come back go: where she took hers since, if she still is there."""
    target = await succession.follow(tx, program.id, found.pool, found.redeemed_at)
    if target == found.pool:
        return target
    member = await reading.member(tx, program.id, found.member)
    return target if member is not None and target in (member.pool, member.own) else found.pool


async def _may(tx: Transaction, program: Program, actor: Actor, found: Redemption) -> bool:
    """Whether it is this member's own, and of this key's store or partner."""
    if actor.member is not None:
        return await _member(tx, program, found) == actor.member
    return actor.caller is None or redemption_views.seen_by(program, actor.caller, found)


async def _member(tx: Transaction, program: Program, found: Redemption) -> UUID:
    """Whose it is by now: of a merged member the one she was merged into."""
    member = await reading.member(tx, program.id, found.member)
    assert member is not None, "a member is never deleted"
    return member.id


def _require(opened: Opened, after: State) -> None:
    if not terms.may_follow(opened.last.state, after):
        raise StateConflict(f"What is {opened.last.state} cannot become {after}.")


async def _step(
    tx: Transaction, known: Known, opened: Opened, state: State, posting: UUID | None, by: str, reason: str,
    at: datetime, due_at: datetime | None = None,
) -> None:  # fmt: skip
    step = Step(opened.last.n + 1, state, posting, at, by, reason)
    if not await redemptions.step(tx, known.program.id, opened.redemption.id, step, due_at):
        raise StateConflict("Something else was done with this redemption just now.")


async def _end(
    tx: Transaction, known: Known, opened: Opened, state: Literal["cancelled", "lapsed"], by: str, reason: str,
    at: datetime,
) -> None:  # fmt: skip
    """Give everything back: codes, stock, limits, points, in the order in which everybody locks."""
    _require(opened, state)
    program, found, document = known.program, opened.redemption, opened.revision.document
    keeps = state == "lapsed" and opened.last.state != "held" and document.unclaimed == "keep"
    await _void_codes(tx, known, opened, by, reason, at)
    if found.stock is not None:
        await catalogue.put_back(tx, program.id, found.reward, found.stock, found.quantity)
    if not keeps:
        counters = [(use.holder, use.period) for use in limits_of(program, opened.revision, found)]
        await catalogue.give_back(tx, program.id, found.reward, found.quantity, counters)
    posting = None
    if opened.last.state == "held":
        if opened.page.is_held(found.id, at):
            opened.page.release(found.id, at)
        elif state == "cancelled":
            raise HoldLapsed("This was reserved only, and the time for it is over.")
        opened.page.lapse(at)
    elif not keeps:
        posting = await _give_points_back(tx, program, opened, by, reason, at)
    await book.write(tx, program.id, opened.pages)
    await _step(tx, known, opened, state, posting, by, reason, at)
    await tell(tx, program.id, found, f"reward.{state}", state, at)


async def _void_codes(
    tx: Transaction, known: Known, opened: Opened, by: str, reason: str, at: datetime
) -> None:
    """Take every use of the codes that came with it; nothing of them is owed any more.

    Raises VoucherUsed where one is gone, or is somebody else's.
    """
    program, found = known.program.id, opened.redemption
    given = (await vouchers.of_redemptions(tx, program, [found.id])).get(found.id, [])
    if not given:
        return
    batch = await codes.find(tx, program, given[0].batch)
    assert batch is not None, "batches are never taken away"
    whose = await _member(tx, known.program, found)
    for code in sorted(given, key=lambda one: (ids.home(one.id), one.id)):
        if code.owner not in (None, whose):
            raise VoucherUsed("This voucher was given to another member.")
        if not await vouchers.take(tx, program, code.id, batch.id, batch.uses, batch.uses):
            raise VoucherUsed
        await vouchers.note(tx, program, code.id, batch.id, batch.uses, Act(found.id, "cancelled", at, by))
    await voucher_money.cancel(tx, known.program, found.id, [code.id for code in given], at, by, reason)


async def _give_points_back(
    tx: Transaction, program: Program, opened: Opened, by: str, reason: str, at: datetime
) -> UUID:
    """Undo the posting: to the very lots, and on to where the account's points are by now. The posting's id."""
    found, page = opened.redemption, opened.page
    steps = await redemptions.steps(tx, program.id, found.id)
    drawn = next(step.posting for step in steps if step.posting is not None)
    posting = page.begin(
        "cancellation", effective_at=at, recorded_at=at, actor=by, related=found.id, reason=reason
    )
    await taken_back.undo(tx, program, drawn, page, opened.now, at, by, "came back with a reward")
    return posting

"""A member claims a reward: her points, the stock, the limits and the codes in one transaction, or nothing at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import outbox, requests
from regulars.db.outbox import Note
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InsufficientPoints, InvalidValue, NotForMember, NotFound
from regulars.flows import redemption_views, sharing, spender_proof, voucher_money
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.marked import hers_of
from regulars.flows.named_store import named_store
from regulars.flows.redemption_views import RedemptionView
from regulars.flows.spender_proof import Spender
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members.model import Member
from regulars.programs.model import Program, Store
from regulars.promotions import codes, vouchers
from regulars.purchases.model import Proof
from regulars.rewards import catalogue, definitions, redemptions, terms
from regulars.rewards.catalogue import Use
from regulars.rewards.model import Price, Redemption, Revision, Step
from regulars.rewards.problems import LimitReached, OutOfStock, RewardEnded

QUANTITY_MAX = 1000
Quantity = Annotated[int, Meta(ge=1, le=QUANTITY_MAX)]


class NewRedemption(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/redemptions`."""

    reward: Annotated[str, Meta(max_length=64)]
    quantity: Quantity = 1
    price: Annotated[int, Meta(ge=0, le=19)] = 0
    """Which of the prices that she may pay, from 0."""
    store: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """Where it is handed over; needed where each store has a stock of its own."""
    hold: bool = False
    """Reserve it and the points, to be confirmed or cancelled; otherwise it lapses."""
    hold_seconds: Annotated[int, Meta(ge=1, le=30 * 86400)] | None = None
    hand_over: bool = False
    """It is given to her at once."""
    till: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    card: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    """The card that she showed at a till; above the program's limit a day it needs a proof too."""
    proof: Proof | None = None


class Claim(Struct, frozen=True):
    """What is claimed, once it is clear that she may."""

    revision: Revision
    price: Price
    quantity: int
    store: Store | None
    hold_until: datetime | None
    hand_over: bool

    @property
    def points(self) -> int:
        """In all."""
        return self.price.points * self.quantity


async def redeem_reward(
    database: Database,
    known: Known,
    request: Request,
    spender: Spender,
    member: UUID,
    new: NewRedemption,
    language: str,
) -> Answer:
    """201 with the redemption.

    Raises NotFound, InvalidValue, NotForMember, RewardEnded, InsufficientPoints, OutOfStock, LimitReached, and what
    says that it is not she who spends (`spender_proof`); then nothing was written.
    """
    program = known.program
    reward = ids.read("rwd", new.reward, "/reward")
    store = named_store(program, spender.caller, new.store)
    proved = await spender_proof.prove(database, known, request, spender, member, store)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return await _with_codes(tx, known, first, language, request.at)
        found = await sharing.locked_member(tx, program, member)
        claim = await _claim(tx, known, found, reward, store, new, request.at)
        currency, points = claim.price.currency, claim.points
        await spender_proof.require(tx, known, spender, proved, found.id, currency, points, request.at)
        page = (await open_pages(tx, program, [found.pool]))[found.pool]
        redemption = await _write(tx, known, found, page, claim, spender.by, request.at)
        view = (await redemption_views.views(tx, known, [redemption], language, request.at, codes=True))[0]
        await requests.keep(tx, request, 201, msgspec.json.encode(_without_codes(view)))
        return Answer(201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def _claim(
    tx: Transaction,
    known: Known,
    member: Member,
    reward: UUID,
    store: Store | None,
    new: NewRedemption,
    at: datetime,
) -> Claim:
    """Whether she may claim it, by the newest revision. Raises as `redeem_reward`."""
    revision = await catalogue.find(tx, known.program.id, reward)
    if revision is None:
        raise NotFound("There is no such reward in this program.")
    document = revision.document
    hers = await hers_of(tx, known, member.id, at)
    hindered = terms.hindrance(document, revision.stopped_at, hers, at)
    if hindered == "not_for_member":
        raise NotForMember
    if hindered is not None:
        raise RewardEnded
    prices = terms.prices(document, hers)
    if new.price >= len(prices):
        raise InvalidValue("/price", f"there are {len(prices)} prices, counted from 0")
    if document.stock == "by_store" and store is None:
        raise InvalidValue("/store", "is needed: each store has a stock of its own")
    if new.hold and new.hand_over:
        raise InvalidValue("/hand_over", "what is only reserved is not handed over yet")
    if new.hand_over and document.gives_codes:
        raise InvalidValue("/hand_over", "a code is not handed over: it is used")
    settings = known.program.settings
    seconds = new.hold_seconds or settings.hold_seconds
    if seconds > settings.hold_seconds_max:
        raise InvalidValue("/hold_seconds", "is longer than this program allows")
    until = at + timedelta(seconds=seconds) if new.hold else None
    return Claim(revision, prices[new.price], new.quantity, store, until, new.hand_over)


async def _write(
    tx: Transaction, known: Known, member: Member, page: Page, claim: Claim, by: str, at: datetime
) -> Redemption:
    program, price = known.program, claim.price
    available = page.available(price.currency, at)
    if available < claim.points:
        raise InsufficientPoints(
            extra={"available": available, "currency": price.currency, "missing": claim.points - available}
        )
    zone = clock.zone(program.time_zone)
    document = claim.revision.document
    redemption = Redemption(
        id=ids.new(page.home),
        reward=claim.revision.id,
        revision=claim.revision.number,
        member=member.id,
        pool=page.pool,
        store=claim.store.id if claim.store else None,
        stock=stock_of(program, claim.revision, claim.store),
        quantity=claim.quantity,
        currency=price.currency,
        points=claim.points,
        money=price.money * claim.quantity,
        valid_until=await _valid_until(tx, program.id, claim.revision, at, zone.key),
        redeemed_at=at,
        redeemed_by=by,
    )
    posting: UUID | None = None
    if claim.hold_until is None:
        posting = page.begin("redemption", effective_at=at, recorded_at=at, actor=by, related=redemption.id)
        page.spend(price.currency, claim.points, at, partner_of(program, claim.revision, redemption))
        await issue_codes(tx, known, redemption, claim.revision, member.id, by, at)
    else:
        page.hold(redemption.id, None, {price.currency: claim.points}, at, claim.hold_until)
    if redemption.stock is not None and not await catalogue.take(
        tx, program.id, redemption.reward, redemption.stock, redemption.quantity
    ):
        raise OutOfStock
    uses = limits_of(program, claim.revision, redemption)
    if not await catalogue.use(tx, program.id, redemption.reward, redemption.quantity, uses):
        raise LimitReached
    await book.write(tx, program.id, [page])
    due_at = claim.hold_until or terms.due(document, redemption.valid_until)
    state = "claimed" if claim.hold_until is None else "held"
    await redemptions.enter(tx, program.id, redemption, Step(0, state, posting, at, by), due_at)
    await tell(tx, program.id, redemption, f"reward.{state}", state, at)
    if claim.hand_over:
        await redemptions.step(tx, program.id, redemption.id, Step(1, "handed_over", None, at, by))
        await tell(tx, program.id, redemption, "reward.fulfilled", "handed_over", at)
    return redemption


async def issue_codes(
    tx: Transaction,
    known: Known,
    redemption: Redemption,
    revision: Revision,
    owner: UUID,
    by: str,
    at: datetime,
) -> None:
    """Make the codes good that come with a redemption, where it gives codes; those that points paid for are owed.

    Raises RewardEnded where the batch was stopped.
    """
    if not revision.document.gives_codes:
        return
    program = known.program.id
    batch = (await codes.by_name(await codes.ask_named(tx, program, [revision.document.batch or ""]))).get(
        revision.document.batch or ""
    )
    assert batch is not None, "batches are never taken away"
    if batch.stopped_at is not None:
        raise RewardEnded("The vouchers of this reward were stopped.")
    definition = (await definitions.of(tx, program, [batch.id]))[batch.id].document
    made = list(redemption_views.texts_of(known, redemption, batch.pattern))
    whose = owner if definition.personal else None
    await vouchers.issue(tx, program, batch.id, redemption.id, whose, redemption.valid_until, made)
    if redemption.points:
        await voucher_money.owe(
            tx, known.program, redemption.id, batch, definition, redemption.quantity, redemption.valid_until,
            partner_of(known.program, revision, redemption), at, by,
        )  # fmt: skip


async def tell(
    tx: Transaction, program: UUID, redemption: Redemption, event: str, state: str, at: datetime
) -> None:
    """Note what happened to a redemption for whoever listens."""
    data = {
        "redemption": ids.show("rdm", redemption.id),
        "reward": ids.show("rwd", redemption.reward),
        "revision": redemption.revision,
        "quantity": redemption.quantity,
        "currency": redemption.currency,
        "points": redemption.points,
        "money": redemption.money,
        "state": state,
    }
    await outbox.note(tx, program, [Note(event, redemption.member, redemption.member, at, data)])


def stock_of(program: Program, revision: Revision, store: Store | None) -> UUID | None:
    """Which row of stock it is taken from; None: it is not counted."""
    if revision.document.stock == "unlimited":
        return None
    return store.id if revision.document.stock == "by_store" and store else program.id


def limits_of(program: Program, revision: Revision, redemption: Redemption) -> list[Use]:
    """The counters in which a redemption counts, by the day on which it was claimed."""
    day = redemption.redeemed_at.astimezone(clock.zone(program.time_zone)).date()
    limits = revision.document.limits
    return [
        Use(holder, period, most)
        for per, holder in (("member", redemption.member), ("total", redemption.reward))
        for period, most in terms.periods(limits, per, day).items()
    ]


def partner_of(program: Program, revision: Revision, redemption: Redemption) -> UUID:
    """Where the points are redeemed: at the store's partner, else at whoever pays for the reward."""
    store = next((one for one in program.stores.values() if one.id == redemption.store), None)
    if store is not None:
        return store.partner
    funder = program.partners.get(revision.document.funder or "")
    return funder.id if funder else program.operator


async def _valid_until(
    tx: Transaction, program: UUID, revision: Revision, at: datetime, zone: str
) -> datetime | None:
    """To the end of which day it can be used: as the reward says, else as its vouchers do."""
    days = revision.document.valid_days
    if days is None and revision.document.gives_codes:
        name = revision.document.batch or ""
        batch = (await codes.by_name(await codes.ask_named(tx, program, [name])))[name]
        days = (await definitions.of(tx, program, [batch.id]))[batch.id].document.valid_days
    return terms.ends(days, at, clock.zone(zone))


def _without_codes(view: RedemptionView) -> RedemptionView:
    return msgspec.structs.replace(
        view, vouchers=tuple(msgspec.structs.replace(one, code=None) for one in view.vouchers)
    )


async def _with_codes(tx: Transaction, known: Known, first: Answer, language: str, at: datetime) -> Answer:
    """The kept answer with the texts of its codes, which are not kept; the rest is as it was."""
    view = msgspec.json.decode(first.body, type=RedemptionView)
    if not view.vouchers:
        return first
    found = await redemptions.find(tx, known.program.id, ids.read("rdm", view.id))
    assert found is not None, "a redemption is never taken away"
    now = (await redemption_views.views(tx, known, [found], language, at, codes=True))[0]
    texts = {one.id: one.code for one in now.vouchers}
    told = tuple(msgspec.structs.replace(one, code=texts.get(one.id)) for one in view.vouchers)
    return msgspec.structs.replace(
        first, body=msgspec.json.encode(msgspec.structs.replace(view, vouchers=told))
    )

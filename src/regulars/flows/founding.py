"""Makes a program step by step: what its owner chose is kept, and founded once, each thing in it once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.assortment.model import Product
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Request, digest, secret_digest
from regulars.errors import Forbidden, Problem
from regulars.flows.create_key import NewKey, create_key_once, kind_of_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.edit_assortment import upsert_products_once
from regulars.flows.enrol import enrol
from regulars.flows.found_program import SPENDING, fill_program, template_of
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.register_currency import NewCurrency, register_currency
from regulars.flows.register_store import NewStore, register_store
from regulars.members.description import Enrolment
from regulars.members.reading import cards_of
from regulars.programs import keys, slugs
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.founding import plans
from regulars.programs.founding.plans import Kept, Made, Plan
from regulars.programs.model import Caller
from regulars.programs.registry import POINTS
from regulars.programs.staff import people, sessions
from regulars.programs.staff.model import StaffSession

BY = "founding"


class Founder(Struct, frozen=True):
    """Who makes the program: how she is called, and where she is reached."""

    staff: UUID
    name: str
    email: str


class FirstPurchase(Struct, frozen=True):
    """What a new program has for its first purchase."""

    till_key: str
    """Its text."""
    card: str
    """Of the founder, as a member; empty once she was erased."""
    shop: str
    slug: str


async def may_found(database: Database, staff: UUID) -> bool:
    """Whether this person may make programs: the first owner, and whoever owns one."""
    async with database.transaction(None) as tx:
        return await plans.may_found(tx, staff)


async def plan_of(database: Database, staff: UUID) -> Kept | None:
    """What she has chosen so far. Raises Forbidden for somebody who may not make programs."""
    async with database.transaction(None) as tx:
        if not await plans.may_found(tx, staff):
            raise Forbidden("Only an owner makes programs.")
        return await plans.plan_of(tx, staff)


async def keep_plan(database: Database, staff: UUID, plan: Plan, at: datetime) -> Kept:
    """Keep what she has chosen. Raises Forbidden, InvalidValue for a trade there is not."""
    if plan.trade:
        template_of(plan.trade)

    async def work(tx: Transaction) -> Kept:
        if not await plans.may_found(tx, staff):
            raise Forbidden("Only an owner makes programs.")
        return await plans.save(tx, staff, plan, at)

    return await database.run(None, work)


async def found(
    database: Database, programs: KnownPrograms, secret: bytes, founder: Founder, at: datetime
) -> None:
    """Make the program of her plan, once. Each step is a request of its own name: what was cut short is taken up again.

    Raises Problems where the plan does not hold together, and can be changed; StateConflict where it is being made.
    """

    async def frozen(tx: Transaction) -> Kept | None:
        return await plans.freeze(tx, founder.staff, at)

    kept = await database.run(None, frozen)
    if kept is None:
        return
    try:
        made = await _make(database, programs, secret, founder, kept, at)
    except Problem:
        await database.run(None, lambda tx: plans.thaw(tx, founder.staff, kept))
        raise
    await _hand_over(database, founder, kept, made, at)


async def first_purchase(
    database: Database, programs: KnownPrograms, secret: bytes, kept: Kept
) -> FirstPurchase:
    """What the founder needs for it. Reads only."""
    assert kept.made is not None, "asked of a plan that is founded"
    program = (await programs.fresh(kept.program)).program
    async with database.transaction(program.id) as tx:
        cards = await cards_of(tx, program.id, kept.made.member, limit=1)
    text = keys.derive(kind_of_key(program), secret, kept.made.key)
    number = cards[0].number if cards else ""
    return FirstPurchase(text, number, program.stores[kept.made.store].name, program.slug)


async def finish(database: Database, session: StaffSession, kept: Kept) -> None:
    """The first purchase was made, or can wait: the plan is done with, and the new program is looked at."""

    async def work(tx: Transaction) -> None:
        await sessions.choose_program(tx, session.digest, kept.program)
        await plans.drop(tx, session.staff)

    await database.run(None, work)


def _fits(code: str, plan: Plan) -> bool:
    return plan.points > 0 or code != SPENDING


async def _make(
    database: Database, programs: KnownPrograms, secret: bytes, founder: Founder, kept: Kept, at: datetime
) -> Made:
    plan, identifier = kept.plan, kept.program
    template = template_of(plan.trade)
    settings = dict(template.settings)
    if plan.points == 0:
        settings.pop("welcome", None)
    new = NewProgram(plan.name, plan.currency, plan.time_zone, plan.languages, settings, plan.sandbox)
    await create_program(database, new, at=at, program=identifier, with_key=False)
    store = await _shops(database, identifier, plan, at)
    await _currency(database, identifier, plan, at)
    known = await programs.fresh(identifier)
    chosen = template.promotions if plan.promotions is None else plan.promotions
    ready = msgspec.structs.replace(template, promotions=tuple(code for code in chosen if _fits(code, plan)))
    await fill_program(database, programs, known.program, ready, at=at, points=plan.points)
    if plan.goods:
        goods = msgspec.convert(template.goods, tuple[Product, ...])
        await upsert_products_once(database, _request(identifier, "goods", template.goods, at), goods)
    key, member = await _till_and_card(database, programs, secret, founder, identifier, at)
    return Made(key, member, store)


async def _hand_over(database: Database, founder: Founder, kept: Kept, made: Made, at: datetime) -> None:
    """The program is hers once it is whole."""

    async def work(tx: Transaction) -> None:
        if not await plans.founded(tx, founder.staff, kept, made):
            return
        await people.give_post(tx, kept.program, founder.staff, ("owner",), at)
        change = Change("staff.added", ids.show("stf", founder.staff), after={"roles": ["owner"]})
        await trail.record(tx, kept.program, change, at)

    await database.run(kept.program, work)


async def _shops(database: Database, program: UUID, plan: Plan, at: datetime) -> str:
    """Enter the shops with their tills; the code of the first."""
    taken: list[str] = []
    for shop in plan.shops:
        code = next(one for one in slugs.candidates(shop.name) if one not in taken)
        taken.append(code)
        tills = tuple(str(n) for n in range(1, shop.tills + 1))
        new = NewStore(code, shop.name, tills=tills)
        await register_store(database, _request(program, f"store/{code}", msgspec.to_builtins(new), at), new)
    return taken[0]


async def _currency(database: Database, program: UUID, plan: Plan, at: datetime) -> None:
    months = POINTS.expires_after_months
    content = {
        "code": POINTS.code,
        "worth": plan.worth,
        "names": POINTS.names,
        "expires_after_months": months,
    }
    new = msgspec.convert(content, NewCurrency)
    await register_currency(database, _request(program, "points", content, at), new)


async def _till_and_card(
    database: Database, programs: KnownPrograms, secret: bytes, founder: Founder, program: UUID, at: datetime
) -> tuple[UUID, UUID]:
    """A key for the till, and the founder as a member with a card; asked again, the same."""
    key = NewKey(("till",), name="till")
    request = _request(program, "key", msgspec.to_builtins(key), at)
    made = await create_key_once(database, request, key, secret=secret)
    known = await programs.fresh(program)
    caller = Caller(program, program, frozenset({"manage", "till", "issuer"}), name=BY)
    new = Enrolment(email=founder.email, name=founder.name, source="web")
    sent = secret_digest(secret, "card", {"email": founder.email})
    request = Request(program, program, f"{BY}/card", sent, at)
    enrolled = await enrol(database, known.program, known.vault, request, caller, new)
    ends = msgspec.json.decode(made.body)["id"], msgspec.json.decode(enrolled.body)["id"]
    return ids.read("key", ends[0]), ids.read("mem", ends[1])


def _request(program: UUID, step: str, content: Any, at: datetime) -> Request:
    return Request(program, program, f"{BY}/{step}", digest(step, content), at)

"""Publishes rewards and revises them, stops and resumes them, and supplies their stock; contradictions are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.contradictions import refuse
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.programs import reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.promotions import codes
from regulars.rewards import catalogue, contradictions, definitions
from regulars.rewards.contradictions import Batch, Surroundings
from regulars.rewards.model import Revision, Reward
from regulars.units import AMOUNT_MAX


class StockChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/rewards/{id}/stock`: so many more, or (below zero) so many fewer."""

    add: Annotated[int, Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
    store: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """Where each store has a stock of its own."""


class StockView(Struct, frozen=True):
    """What there is at a store, or (store null) for all stores together."""

    store: str | None
    supplied: int
    remaining: int


class RewardView(Struct, frozen=True):
    """A reward as the operator sees it."""

    id: str
    status: str
    """live or stopped."""
    revision: int
    document: dict[str, Any]
    stock: tuple[StockView, ...]
    created_at: datetime
    published_at: datetime
    published_by: str


class RewardPage(Struct, frozen=True):
    """A page of rewards, in the order they were made."""

    items: tuple[RewardView, ...]
    next: str | None


async def create_reward(database: Database, request: Request, new: Reward, by: str) -> Answer:
    """201 with the reward, which may be claimed from now on. Raises Contradiction."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        program = await _checked(tx, request.program, new)
        reward = ids.new()
        await catalogue.create(tx, program.id, reward, new, request.at, by)
        view = await _view_of(tx, program, reward)
        change = Change("reward.published", view.id, after=view.document)
        await trail.record(tx, program.id, change, request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(request.program, work)


async def revise_reward(
    database: Database, program: UUID, reward: UUID, new: Reward, by: str, at: datetime
) -> RewardView:
    """Publish the next revision: claims from now on are by it; the same again makes none.

    Raises NotFound, Contradiction.
    """

    async def work(tx: Transaction) -> RewardView:
        loaded = await _checked(tx, program, new)
        before = await catalogue.find(tx, program, reward)
        if before is None:
            raise NotFound("There is no such reward in this program.")
        if before.document == new:
            return await _view_of(tx, loaded, reward)
        await catalogue.revise(tx, program, reward, new, at, by)
        was, became = trail.difference(msgspec.to_builtins(before.document), msgspec.to_builtins(new))
        change = Change("reward.revised", ids.show("rwd", reward), was, became)
        view = await _view_of(tx, loaded, reward)
        await trail.record(tx, program, change, at)
        return view

    return await database.run(program, work)


async def stop_reward(database: Database, program: UUID, reward: UUID, at: datetime) -> RewardView:
    """Nobody claims it from now on; what was claimed stands. Raises NotFound."""
    return await _turn(database, program, reward, at, stops=True)


async def resume_reward(database: Database, program: UUID, reward: UUID, at: datetime) -> RewardView:
    """It may be claimed again. Raises NotFound."""
    return await _turn(database, program, reward, at, stops=False)


async def supply_reward(database: Database, request: Request, reward: UUID, change: StockChange) -> Answer:
    """200 with the reward. Raises NotFound, InvalidValue; StateConflict where there are fewer than are taken out."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        program = await reading.load(tx, request.program)
        found = await catalogue.find(tx, program.id, reward)
        if found is None:
            raise NotFound("There is no such reward in this program.")
        stock = await catalogue.supply(
            tx, program.id, reward, _place(program, found, change.store), change.add
        )
        if stock is None:
            raise StateConflict("There are not so many left that could be taken out.")
        told = {"store": change.store, "add": change.add, "remaining": stock.remaining}
        view = await _view_of(tx, program, reward)
        await trail.record(tx, program.id, Change("reward.supplied", view.id, after=told), request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(request.program, work)


async def read_reward(database: Database, program: UUID, reward: UUID) -> RewardView:
    """One reward. Raises NotFound."""
    async with database.transaction(program) as tx:
        return await _view_of(tx, await reading.load(tx, program), reward)


async def page_of_rewards(database: Database, program: UUID, after: UUID | None, limit: int) -> RewardPage:
    """Rewards in the order they were made, stopped ones among them."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
        found = await catalogue.page(tx, program, after, limit + 1)
        stocks = await catalogue.stocks(tx, program, [one.id for one in found])
    items = tuple(_view(loaded, one, stocks.get(one.id, [])) for one in found[:limit])
    return RewardPage(items, items[-1].id if len(found) > limit else None)


async def _turn(database: Database, program: UUID, reward: UUID, at: datetime, *, stops: bool) -> RewardView:
    async def work(tx: Transaction) -> RewardView:
        turned = (
            await catalogue.stop(tx, program, reward, at)
            if stops
            else await catalogue.resume(tx, program, reward)
        )
        if not turned:
            raise NotFound("There is no such reward in this program.")
        view = await _view_of(tx, await reading.load(tx, program), reward)
        await trail.record(tx, program, Change("reward.stopped" if stops else "reward.resumed", view.id), at)
        return view

    return await database.run(program, work)


async def _checked(tx: Transaction, program: UUID, reward: Reward) -> Program:
    """The program, in which the reward makes sense. Raises Contradiction."""
    loaded = await reading.load(tx, program)
    named = await codes.by_name(await codes.ask_named(tx, program, [reward.batch])) if reward.batch else {}
    defined = await definitions.of(tx, program, [batch.id for batch in named.values()])
    around = Surroundings(
        {code: currency.kind for code, currency in loaded.currencies.items()},
        frozenset(loaded.partners),
        loaded.languages,
        {
            name: Batch(
                batch.valid_until,
                batch.stopped_at is not None,
                defined[batch.id].document if batch.id in defined else None,
            )
            for name, batch in named.items()
        },
    )
    refuse(contradictions.of_reward(reward, around))
    return loaded


def _place(program: Program, found: Revision, code: str | None) -> UUID:
    """Which row of stock is meant. Raises InvalidValue."""
    if found.document.stock == "unlimited":
        raise InvalidValue("/add", "the stock of this reward is not counted")
    if found.document.stock == "total":
        if code is not None:
            raise InvalidValue("/store", "this reward has one stock for all stores")
        return program.id
    store = program.stores.get(code or "")
    if store is None:
        raise InvalidValue("/store", "the code of a store is needed: each has a stock of its own")
    return store.id


async def _view_of(tx: Transaction, program: Program, reward: UUID) -> RewardView:
    found = await catalogue.find(tx, program.id, reward)
    if found is None:
        raise NotFound("There is no such reward in this program.")
    return _view(program, found, (await catalogue.stocks(tx, program.id, [reward])).get(reward, []))


def _view(program: Program, found: Revision, stocks: list[catalogue.Stock]) -> RewardView:
    codes_of = {store.id: store.code for store in program.stores.values()}
    return RewardView(
        id=ids.show("rwd", found.id),
        status="stopped" if found.stopped_at else "live",
        revision=found.number,
        document=msgspec.to_builtins(found.document),
        stock=tuple(StockView(codes_of.get(one.store), one.supplied, one.remaining) for one in stocks),
        created_at=found.created_at,
        published_at=found.published_at,
        published_by=found.published_by,
    )

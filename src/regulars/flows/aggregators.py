"""Lets wallets of other makers in, each with a key and a daily quota of its own, and ends them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Forbidden, NotFound, TooManyRequests
from regulars.flows.create_key import KeyView, key_view, kind_of_key, show_key
from regulars.partners import aggregators
from regulars.partners.aggregators import Aggregator
from regulars.programs import keys, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import ApiKey, Caller, Program

SCOPE = "aggregator"
Quota = Annotated[int, Meta(ge=1, le=100_000_000)]


class NewAggregator(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/aggregators`."""

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
    """As members know it: they are asked in its name."""
    calls_a_day: Quota = 100_000


class AggregatorChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`PATCH /v1/aggregators/{id}`."""

    calls_a_day: Quota


class AggregatorView(Struct, frozen=True):
    """A wallet of another maker."""

    id: str
    name: str
    calls_a_day: int
    key: str
    """The id of its key."""
    created_at: datetime
    revoked_at: datetime | None


class NewAggregatorView(Struct, frozen=True):
    """The aggregator and its key, whose text is shown here and never again."""

    aggregator: AggregatorView
    key: KeyView


class Aggregators(Struct, frozen=True):
    """All wallets of a program, also those that were ended."""

    items: tuple[AggregatorView, ...]
    next: str | None = None


async def let_in(
    database: Database, program: Program, secret: bytes, request: Request, new: NewAggregator
) -> Answer:
    """201 with the aggregator and its key; a replay repeats both, text and all."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret, within="key")
        key = ApiKey(ids.new(), program.id, new.name, (SCOPE,))
        await registry.add_key(tx, key, keys.derive(kind_of_key(program), secret, key.id), request.at)
        one = Aggregator(ids.new(), new.name, key.id, new.calls_a_day, request.at)
        await aggregators.enter(tx, program.id, one)
        view = NewAggregatorView(_view(one), key_view(key, program))
        change = Change("aggregator.let_in", view.aggregator.id, after=view.aggregator)
        await trail.record(tx, program.id, change, request.at)
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(view))
        return show_key(kept, secret, within="key")

    return await database.run(program.id, work)


async def list_aggregators(database: Database, program: UUID) -> Aggregators:
    """All of them, in the order in which they came."""
    async with database.transaction(program) as tx:
        return Aggregators(tuple(_view(one) for one in await aggregators.every(tx, program)))


async def change_aggregator(
    database: Database, program: UUID, aggregator: UUID, change: AggregatorChange
) -> AggregatorView:
    """With another quota, from the next call on. Raises NotFound."""

    async def work(tx: Transaction) -> AggregatorView:
        changed = await aggregators.change_quota(tx, program, aggregator, change.calls_a_day)
        if changed is None:
            raise NotFound("There is no such aggregator in force.")
        view = _view(changed)
        done = Change("aggregator.changed", view.id, after={"calls_a_day": view.calls_a_day})
        await trail.record(tx, program, done)
        return view

    return await database.run(program, work)


async def revoke_aggregator(database: Database, program: UUID, aggregator: UUID, at: datetime) -> None:
    """End its key and every token that members gave it; their cards stay. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        key = await aggregators.revoke(tx, program, aggregator, at)
        if key is None:
            raise NotFound("There is no such aggregator in force.")
        await registry.revoke_key(tx, key, program, at)
        await trail.record(tx, program, Change("aggregator.revoked", ids.show("agg", aggregator)), at)

    await database.run(program, work)


async def admit(database: Database, program: Program, caller: Caller, at: datetime) -> Aggregator:
    """Who calls; the call is counted, whatever becomes of it. Raises Forbidden, TooManyRequests until midnight."""
    day = at.astimezone(clock.zone(program.time_zone)).date()

    async def work(tx: Transaction) -> tuple[Aggregator | None, bool]:
        one = await aggregators.of_key(tx, program.id, caller.key)
        return one, one is not None and await aggregators.count_call(tx, program.id, one, day)

    one, counted = await database.run(program.id, work)
    if one is None:
        raise Forbidden("This key is no aggregator's.")
    if not counted:
        midnight = clock.midnight(day + timedelta(days=1), program.time_zone)
        raise TooManyRequests(
            max(1, int((midnight - at).total_seconds())),
            f"{one.calls_a_day} calls a day are agreed with you.",
        )
    return one


async def forget_registrations(database: Database, program: UUID, at: datetime) -> int:
    """Forget whose phones were brought and not confirmed in time; how many. Safe to repeat and to kill."""
    return await database.run(program, lambda tx: aggregators.forget_registrations(tx, program, at))


def _view(one: Aggregator) -> AggregatorView:
    return AggregatorView(
        ids.show("agg", one.id),
        one.name,
        one.calls_a_day,
        ids.show("key", one.api_key),
        one.created_at,
        one.revoked_at,
    )

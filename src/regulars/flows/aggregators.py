"""Lets wallets of other makers in, each with a key and a daily quota of its own, and ends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Forbidden, NotFound, TooManyRequests
from regulars.flows import asking
from regulars.flows.create_key import (
    WALLET_SCOPE,
    KeyView,
    NewKey,
    end_keys,
    key_view,
    kind_of_key,
    make_key,
    require_two,
    show_key,
    turn_key,
)
from regulars.partners import aggregators
from regulars.partners.aggregators import Aggregator, Use
from regulars.programs import keys, reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import ApiKey, Caller, Program

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


class WalletUse(Struct, frozen=True):
    """A wallet, and how it is used."""

    wallet: AggregatorView
    grants: int
    """How many members allow it to show their cards."""
    calls_today: int
    used_at: datetime | None
    """When it last called, to the hour."""
    key_works: bool
    """Whether its key is in force; somebody may have ended the key alone."""


class NewAggregatorView(Struct, frozen=True):
    """The aggregator and its key, whose text is shown here and never again."""

    aggregator: AggregatorView
    key: KeyView


class Aggregators(Struct, frozen=True):
    """All wallets of a program, also those that were ended."""

    items: tuple[AggregatorView, ...]
    next: str | None = None


async def let_in(
    database: Database,
    program: Program,
    secret: bytes,
    request: Request,
    new: NewAggregator,
    *,
    by_key: UUID | None = None,
) -> Answer:
    """201 with the aggregator and its key; a replay repeats both, text and all.

    `by_key`: the key that lets it in, where one does. Raises SecondPersonNeeded.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret, within="key")
        if by_key is not None:
            await require_two(tx, await reading.load(tx, program.id))
        view = await _entered(tx, program, secret, request, new)
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(view))
        return show_key(kept, secret, within="key")

    return await database.run(program.id, work)


async def let_in_by_staff(
    database: Database, secret: bytes, request: Request, new: NewAggregator, by: str, why: str
) -> Answer:
    """201 as `let_in`, or, where the program wants four eyes for keys, 202 with the approval that waits."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret, within="key") if answer.status == 201 else answer
        program = await reading.load(tx, request.program)
        if program.settings.four_eyes_keys:
            document = {"key": NewKey((WALLET_SCOPE,), new.name), "wallet": new, "by": by}
            return await asking.ask(tx, program, request, "key.create", new.name, document, why)
        view = await _entered(tx, program, secret, request, new)
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(view))
        return show_key(kept, secret, within="key")

    return await database.run(request.program, work)


async def enter(
    tx: Transaction, program: Program, key: UUID, new: NewAggregator, at: datetime
) -> AggregatorView:
    """Let a wallet in that has this key, within a transaction."""
    one = Aggregator(ids.new(), new.name, key, new.calls_a_day, at)
    await aggregators.enter(tx, program.id, one)
    view = _view(one)
    await trail.record(tx, program.id, Change("aggregator.let_in", view.id, after=view), at)
    return view


async def turn_wallet_key(
    database: Database,
    secret: bytes,
    request: Request,
    aggregator: UUID,
    hours: int,
    at: datetime,
    *,
    by: str,
    why: str = "",
) -> Answer:
    """201 with another key, beside which the one of now works `hours` longer, or 202 with the approval that waits.

    `at` is the world's time. Raises NotFound when the wallet, or its key, was ended.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret) if answer.status == 201 else answer
        program = await reading.load(tx, request.program)
        one = await _in_force(tx, program.id, aggregator)
        if program.settings.four_eyes_keys:
            turned = {"wallet": ids.show("agg", one.id), "hours": hours}
            document = {"key": NewKey((WALLET_SCOPE,), one.name), "turned": turned, "by": by}
            return await asking.ask(tx, program, request, "key.create", one.name, document, why)
        made = await turn_key(tx, request, one.api_key, hours, at, secret)
        return show_key(await requests.keep(tx, request, 201, msgspec.json.encode(made)), secret)

    return await database.run(request.program, work)


async def make_agreed_key(
    tx: Transaction, program: Program, request: Request, document: Mapping[str, Any], secret: bytes
) -> KeyView:
    """The key of a wallet that a second person agreed to. Raises NotFound when the wallet was ended meanwhile."""
    if "turned" in document:
        turned = document["turned"]
        one = await _in_force(tx, program.id, ids.read("agg", turned["wallet"]))
        return await turn_key(tx, request, one.api_key, turned["hours"], clock.world(), secret)
    new = msgspec.convert(document["wallet"], NewAggregator)
    made = await make_key(tx, request, msgspec.convert(document["key"], NewKey), secret, of_wallet=True)
    await enter(tx, program, ids.read("key", made.id), new, request.at)
    return made


async def wallets_in_use(database: Database, program: Program, at: datetime) -> list[WalletUse]:
    """All of them as they are used, in the order in which they came."""
    day = at.astimezone(clock.zone(program.time_zone)).date()
    async with database.transaction(program.id) as tx:
        found = await aggregators.in_use(tx, program.id, day)
        used = {one.key.id: one.used_at for one in await reading.api_keys(tx, program.id, clock.world())}
    return [
        WalletUse(
            _view(one.aggregator), one.grants, one.calls, _used(one, used), one.aggregator.api_key in used
        )
        for one in found
    ]


def _used(one: Use, used: Mapping[UUID, datetime | None]) -> datetime | None:
    """When it last called with a key that is in force."""
    keys_of = [key for key in (one.aggregator.api_key, one.key_before) if key is not None]
    instants = [at for at in map(used.get, keys_of) if at is not None]
    return max(instants, default=None)


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
        ended = await aggregators.revoke(tx, program, aggregator, at)
        if ended is None:
            raise NotFound("There is no such aggregator in force.")
        await end_keys(tx, program, ended, at)
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


async def _entered(
    tx: Transaction, program: Program, secret: bytes, request: Request, new: NewAggregator
) -> NewAggregatorView:
    key = ApiKey(ids.new(), program.id, new.name, (WALLET_SCOPE,))
    await registry.add_key(tx, key, keys.derive(kind_of_key(program), secret, key.id), request.at)
    return NewAggregatorView(await enter(tx, program, key.id, new, request.at), key_view(key, program))


async def _in_force(tx: Transaction, program: UUID, aggregator: UUID) -> Aggregator:
    found = await aggregators.lock(tx, program, aggregator)
    if found is None:
        raise NotFound("There is no such aggregator in force.")
    return found


def _view(one: Aggregator) -> AggregatorView:
    return AggregatorView(
        ids.show("agg", one.id),
        one.name,
        one.calls_a_day,
        ids.show("key", one.api_key),
        one.created_at,
        one.revoked_at,
    )

"""Makes, changes, rotates and ends webhook subscriptions. One transaction each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.programs import events, reading, webhooks
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.programs.webhooks import Subscription, Why

SUBSCRIPTIONS_MAX = 100
Address = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^https?://[\x21-\x7e]+$(?!\n)")]
Pattern = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z.*]+$(?!\n)")]
Patterns = Annotated[tuple[Pattern, ...], Meta(min_length=1, max_length=50)]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Codes = Annotated[tuple[Code, ...], Meta(max_length=200)]
Description = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class NewWebhook(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/webhooks`."""

    address: Address
    """Where events are posted: https, and not within a private network."""
    events: Patterns = (events.EVERYTHING,)
    """Types as `purchase.recorded`, families as `purchase.*`, or `*`."""
    description: Description = ""
    stores: Codes = ()
    """Only what happened at these stores, by code; none: everywhere, and what happened at none."""
    partners: Codes = ()
    """Only what happened at these partners' stores, by code."""


class WebhookChange(Struct, frozen=True, forbid_unknown_fields=True):
    """`PATCH /v1/webhooks/{id}`: what is left out stays."""

    address: Address | UnsetType = UNSET
    events: Patterns | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    stores: Codes | UnsetType = UNSET
    partners: Codes | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    """While it is not, its events wait, for `webhook_keep_days` at most."""


class WebhookView(Struct, frozen=True):
    """A subscription. `secret` is shown in the answers that made it, and nowhere else."""

    id: str
    address: str
    events: tuple[str, ...]
    description: str
    stores: tuple[str, ...]
    partners: tuple[str, ...]
    enabled: bool
    disabled_why: Why | None
    """`by_hand`, `failing` (for `webhook_silent_days`), or `gone` (it answered 410)."""
    failing_since: datetime | None
    """Since when it has accepted nothing."""
    last_failure: str
    both_secrets_until: datetime | None
    """Until when the secret before the last rotation signs too."""
    created_at: datetime
    secret: str | None = None
    generation: int = 1
    """Of the secret: how often it was rotated, and one."""


class Webhooks(Struct, frozen=True):
    """Every subscription, in the order they were made."""

    items: tuple[WebhookView, ...]
    next: str | None = None


async def create_webhook(
    database: Database, request: Request, new: NewWebhook, by: str, *, secret: bytes, at: datetime
) -> Answer:
    """201 with the subscription and its secret; a replay repeats it, though it is not stored. Raises Unprocessable."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return with_secret(first, request.program, secret)
        program = await reading.load(tx, request.program)
        if len(await webhooks.every(tx, request.program)) >= SUBSCRIPTIONS_MAX:
            raise StateConflict(f"A program has at most {SUBSCRIPTIONS_MAX} webhooks.")
        identifier = ids.new()
        await webhooks.add(
            tx,
            request.program,
            identifier,
            new.address,
            _known(new.events),
            description=new.description,
            stores=_stores(program, new.stores),
            partners=_partners(program, new.partners),
            by=by,
            at=at,
        )
        view = webhook_view(await _found(tx, request.program, identifier), program, at)
        await trail.record(tx, request.program, Change("webhook.created", view.id, after=view), request.at)
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(view))
        return with_secret(kept, request.program, secret)

    return await database.run(request.program, work)


async def change_webhook(
    database: Database, program: UUID, identifier: UUID, change: WebhookChange, *, at: datetime
) -> WebhookView:
    """The subscription as changed. Raises NotFound, Unprocessable."""

    async def work(tx: Transaction) -> WebhookView:
        loaded = await reading.load(tx, program)
        before = webhook_view(await _found(tx, program, identifier), loaded, at)
        changed = await webhooks.change(
            tx,
            program,
            identifier,
            address=change.address or None,
            description=None if change.description is UNSET else change.description,
            patterns=None if change.events is UNSET else _known(change.events),
            stores=None if change.stores is UNSET else _stores(loaded, change.stores),
            partners=None if change.partners is UNSET else _partners(loaded, change.partners),
            enabled=None if change.enabled is UNSET else change.enabled,
        )
        if not changed:
            raise missing()
        view = webhook_view(await _found(tx, program, identifier), loaded, at)
        was, became = trail.difference(msgspec.to_builtins(before), msgspec.to_builtins(view))
        await trail.record(tx, program, Change("webhook.changed", view.id, was, became))
        return view

    return await database.run(program, work)


async def rotate_webhook(
    database: Database, request: Request, identifier: UUID, *, secret: bytes, at: datetime
) -> Answer:
    """200 with the new secret; the one before signs too for 24 hours. Raises NotFound."""

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return with_secret(first, request.program, secret)
        if not await webhooks.rotate(tx, request.program, identifier, at):
            raise missing()
        program = await reading.load(tx, request.program)
        found = await _found(tx, request.program, identifier)
        rotated = Change(
            "webhook.rotated", ids.show("whs", identifier), after={"generation": found.generation}
        )
        await trail.record(tx, request.program, rotated, request.at)
        kept = await requests.keep(tx, request, 200, msgspec.json.encode(webhook_view(found, program, at)))
        return with_secret(kept, request.program, secret)

    return await database.run(request.program, work)


async def remove_webhook(database: Database, program: UUID, identifier: UUID, *, at: datetime) -> None:
    """End a subscription; what waits for it is not sent any more. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        if not await webhooks.remove(tx, program, identifier, at):
            raise missing()
        await trail.record(tx, program, Change("webhook.removed", ids.show("whs", identifier)))

    await database.run(program, work)


async def list_webhooks(database: Database, program: UUID, *, at: datetime) -> Webhooks:
    """Every subscription."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
        found = await webhooks.every(tx, program)
    return Webhooks(tuple(webhook_view(one, loaded, at) for one in found))


async def read_webhook(database: Database, program: UUID, identifier: UUID, *, at: datetime) -> WebhookView:
    """One subscription. Raises NotFound."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
        return webhook_view(await _found(tx, program, identifier), loaded, at)


def webhook_view(found: Subscription, program: Program, at: datetime) -> WebhookView:
    """A subscription as it is answered, without its secret."""
    until = found.previous_until if found.previous_until is not None and at < found.previous_until else None
    return WebhookView(
        id=ids.show("whs", found.id),
        address=found.address,
        events=found.events,
        description=found.description,
        stores=_codes(found.stores, {store.id: code for code, store in program.stores.items()}),
        partners=_codes(found.partners, {partner.id: code for code, partner in program.partners.items()}),
        enabled=found.enabled,
        disabled_why=found.disabled_why,
        failing_since=found.failing_since,
        last_failure=found.last_failure,
        both_secrets_until=until,
        created_at=found.created_at,
        generation=found.generation,
    )


def with_secret(answer: Answer, program: UUID, secret: bytes) -> Answer:
    """A stored answer with the secret of its generation filled in."""
    body = msgspec.json.decode(answer.body)
    identifier = ids.read("whs", body["id"])
    body["secret"] = webhooks.secret_of(secret, program, identifier, body["generation"])
    return Answer(answer.status, msgspec.json.encode(body), answer.replayed)


def missing() -> NotFound:
    """There is no such subscription."""
    return NotFound("There is no such webhook in this program.")


async def _found(tx: Transaction, program: UUID, identifier: UUID) -> Subscription:
    found = await webhooks.find(tx, program, identifier)
    if found is None:
        raise missing()
    return found


def _known(patterns: Sequence[str]) -> tuple[str, ...]:
    for place, pattern in enumerate(patterns):
        if not events.known(pattern):
            raise InvalidValue(f"/events/{place}", f"No type of event is called {pattern!r}.")
    return tuple(dict.fromkeys(patterns))


def _stores(program: Program, codes: Sequence[str]) -> list[UUID]:
    for place, code in enumerate(codes):
        if code not in program.stores:
            raise InvalidValue(f"/stores/{place}", f"The program has no store {code!r}.")
    return [program.stores[code].id for code in codes]


def _partners(program: Program, codes: Sequence[str]) -> list[UUID]:
    for place, code in enumerate(codes):
        if code not in program.partners:
            raise InvalidValue(f"/partners/{place}", f"The program has no partner {code!r}.")
    return [program.partners[code].id for code in codes]


def _codes(wanted: Sequence[UUID], names: Mapping[UUID, str]) -> tuple[str, ...]:
    return tuple(names[one] for one in wanted if one in names)

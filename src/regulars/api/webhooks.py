"""The calls about webhooks: who is told of what, with which secret, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows.webhook_deliveries import (
    Between,
    DeliveriesAsked,
    DeliveryPage,
    DeliveryView,
    Replayed,
    list_deliveries,
    read_delivery,
    replay_between,
    replay_delivery,
    send_test,
)
from regulars.flows.webhooks import (
    NewWebhook,
    WebhookChange,
    Webhooks,
    WebhookView,
    change_webhook,
    create_webhook,
    list_webhooks,
    read_webhook,
    remove_webhook,
    rotate_webhook,
)
from regulars.messaging.outgoing import NotSent, checked
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Webhooks", whole=True)


class Removed(Struct, frozen=True):
    """A webhook that was ended."""

    id: str


@calls("POST", "/v1/webhooks", scopes="manage", body=NewWebhook, answer=WebhookView, status=201)
async def create(call: Call[NewWebhook, Any]) -> Answer:
    """Be told of what happens from now on: each event is posted to the address, signed with the answer's `secret`.

    The scheme is that of Standard Webhooks: headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. Events
    come at least once, and for each member in order (`sequence`). The address must be https and public.
    """
    _check(call, call.body.address)
    request = await call.request()
    return await create_webhook(
        call.database, request, call.body, _actor(call), secret=_secret(call), at=clock.world()
    )


@calls("GET", "/v1/webhooks", scopes="manage", answer=Webhooks, items_by="id")
async def listed(call: Call[Any, Any]) -> Webhooks:
    """Every webhook of the program; secrets are not shown."""
    return await list_webhooks(call.database, call.caller.program, at=clock.world())


@calls("GET", "/v1/webhooks/{id}", scopes="manage", answer=WebhookView)
async def read(call: Call[Any, Any]) -> WebhookView:
    """One webhook: whether it is enabled, since when it fails, and why."""
    return await read_webhook(call.database, call.caller.program, _webhook(call), at=clock.world())


@calls("PATCH", "/v1/webhooks/{id}", scopes="manage", body=WebhookChange, answer=WebhookView)
async def change(call: Call[WebhookChange, Any]) -> WebhookView:
    """Change a webhook: what is left out stays. What it missed while it was disabled comes when it is enabled."""
    if call.body.address:
        _check(call, call.body.address)
    return await change_webhook(
        call.database, call.caller.program, _webhook(call), call.body, at=clock.world()
    )


@calls("DELETE", "/v1/webhooks/{id}", scopes="manage", answer=Removed)
async def remove(call: Call[Any, Any]) -> Removed:
    """End a webhook; what was still to be sent to it is not."""
    await remove_webhook(call.database, call.caller.program, _webhook(call), at=clock.world())
    return Removed(call.path["id"])


@calls("POST", "/v1/webhooks/{id}/rotate", scopes="manage", answer=WebhookView, idempotent=True)
async def rotate(call: Call[Any, Any]) -> Answer:
    """Give it a new secret. For 24 hours every event carries a signature of each, the old one and the new."""
    request = await call.request()
    return await rotate_webhook(
        call.database, request, _webhook(call), secret=_secret(call), at=clock.world()
    )


@calls("POST", "/v1/webhooks/{id}/test", scopes="manage", answer=DeliveryView, idempotent=True)
async def send(call: Call[Any, Any]) -> Answer:
    """Send it a `webhook.test`; ask for the answer's delivery to see whether it arrived."""
    return await send_test(call.database, await call.request(), _webhook(call), at=clock.world())


@calls("GET", "/v1/webhooks/{id}/deliveries", scopes="manage", query=DeliveriesAsked, answer=DeliveryPage)
async def sent(call: Call[Any, DeliveriesAsked]) -> DeliveryPage:
    """What was sent to it, or is to be, the newest first: with bodies, and what it answered."""
    return await list_deliveries(call.database, call.caller.program, _webhook(call), call.query)


@calls("GET", "/v1/webhooks/deliveries/{id}", scopes="manage", answer=DeliveryView)
async def delivery(call: Call[Any, Any]) -> DeliveryView:
    """One delivery: its body, how often it was tried, and what the subscriber answered last."""
    return await read_delivery(call.database, call.caller.program, _delivery(call))


@calls("POST", "/v1/webhooks/deliveries/{id}/replay", scopes="manage", answer=DeliveryView, idempotent=True)
async def replay(call: Call[Any, Any]) -> Answer:
    """Send an event once more, or now rather than later: with the same id, sequence and body."""
    return await replay_delivery(call.database, await call.request(), _delivery(call), at=clock.world())


@calls("POST", "/v1/webhooks/{id}/replay", scopes="manage", body=Between, answer=Replayed, idempotent=True)
async def replay_range(call: Call[Between, Any]) -> Answer:
    """Send once more what was first to be sent between two instants, in the same order; at most 10,000 events."""
    return await replay_between(
        call.database, await call.request(), _webhook(call), call.body, at=clock.world()
    )


def _check(call: Call[Any, Any], address: str) -> None:
    try:
        checked(address, allow_local=call.state.settings.messaging.to_localhost)
    except NotSent as refusal:
        raise InvalidValue("/address", f"Events cannot be sent there: {refusal}.") from None


def _webhook(call: Call[Any, Any]) -> UUID:
    """The webhook whom the path names. Raises WrongIdKind."""
    return ids.read("whs", call.path["id"])


def _delivery(call: Call[Any, Any]) -> UUID:
    """The delivery that the path names. Raises WrongIdKind."""
    return ids.read("whd", call.path["id"])


def _actor(call: Call[Any, Any]) -> str:
    return ids.show("key", call.caller.key)


def _secret(call: Call[Any, Any]) -> bytes:
    return call.state.settings.secret

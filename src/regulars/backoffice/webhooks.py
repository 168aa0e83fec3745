"""The pages of webhooks: who is told of what, how it goes, and what was sent; replay, rotate, test."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from regulars import clock, ids
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.webhook_deliveries import (
    Between,
    DeliveriesAsked,
    list_deliveries,
    read_delivery,
    replay_between,
    replay_delivery,
    send_test,
    traffic,
)
from regulars.flows.webhooks import (
    NewWebhook,
    WebhookChange,
    WebhookView,
    change_webhook,
    create_webhook,
    list_webhooks,
    read_webhook,
    remove_webhook,
    rotate_webhook,
)
from regulars.i18n import N_
from regulars.messaging.outgoing import NotSent, checked
from regulars.programs import events

pages = Pages()
AT_ONCE = 50
LIST = "/data/webhooks"
FAMILIES = {
    "member": N_("Members"),
    "membership": N_("Memberships"),
    "card": N_("Cards"),
    "consent": N_("Consents"),
    "purchase": N_("Purchases"),
    "return": N_("Returns"),
    "points": N_("Points"),
    "tier": N_("Tiers"),
    "voucher": N_("Vouchers"),
    "reward": N_("Rewards for points"),
    "prize": N_("Prizes"),
    "entitlement": N_("Entitlements"),
    "activity": N_("Activities"),
    "referral": N_("Referrals"),
    "promotion": N_("Promotions"),
    "club": N_("Clubs"),
    "booking": N_("Events with seats"),
}
"""Families of events → what they are about."""
STATES = {
    "waiting": (N_("waiting"), "information"),
    "delivered": (N_("delivered"), "good"),
    "dead": (N_("given up"), "bad"),
}
"""State of a delivery → its word and tone."""
WHY = {
    "by_hand": N_("Somebody switched it off."),
    "failing": N_("It accepted nothing for days, so nothing is sent to it any more."),
    "gone": N_("It answered that it is gone for good (410)."),
}

FAILURES = {
    "no answer in time": N_("there was no answer in time"),
    "gaierror": N_("there is no machine of this name"),
    "ConnectionRefusedError": N_("the machine does not accept connections"),
    "ConnectionResetError": N_("the machine broke the connection off"),
    "IncompleteReadError": N_("the machine broke the connection off"),
    "BrokenPipeError": N_("the machine broke the connection off"),
    "SSLCertVerificationError": N_("the certificate of the machine is not good"),
    "SSLError": N_("no safe connection could be made"),
    "the answer is not HTTP": N_("the answer was none that a web server gives"),
    "the address leads into an inner network": N_("the address leads into a private network"),
}
"""Why an event did not arrive, as the courier notes it → how it is said; anything else stands as it was noted."""

UNREACHABLE = {
    "only https is spoken": N_("The address must begin with https://."),
    "the address has no host, or a password in it": N_("The address must name a machine, and no password."),
    "the address leads into an inner network": N_("Events are not sent into a private network."),
}
"""Why events cannot be sent to an address → how it is said beside the field."""


@pages.get("/data/webhooks", needs="webhooks.write")
async def webhooks(visit: Visit) -> Response[Any]:
    """All webhooks, and how each of them goes."""
    found = await list_webhooks(visit.database, visit.program.id, at=clock.world())
    return visit.page("webhooks", items=found.items, about=_about(visit))


@pages.get("/data/webhooks/new", needs="webhooks.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new webhook."""
    blank = NewWebhook(address=visit.form("address") or "https://", events=tuple(visit.form_list("events")))
    shown = {
        "address": blank.address,
        "description": visit.form("description"),
        "events": blank.events if visit.form("request") else ("*",),
        "stores": visit.form_list("stores"),
        "partners": visit.form_list("partners"),
    }
    return _form(visit, shown, None)


@pages.post("/data/webhooks", needs="webhooks.write", again=new)
async def create(visit: Visit) -> Response[Any]:
    """Make a webhook, and show its secret this once."""
    wanted = visit.read(NewWebhook, _sent(visit))
    _check(visit, wanted.address)
    answer = await create_webhook(
        visit.database,
        await visit.once(_sent(visit)),
        wanted,
        visit.by,
        secret=_secret(visit),
        at=clock.world(),
    )
    return await _shown(visit, msgspec.json.decode(answer.body, type=WebhookView))


@pages.get("/data/webhooks/{id}", needs="webhooks.write")
async def webhook(visit: Visit) -> Response[Any]:
    """One webhook, and the log of what was sent to it."""
    return await _shown(visit, await _read(visit))


@pages.get("/data/webhooks/{id}/edit", needs="webhooks.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a webhook that is there."""
    found = await _read(visit)
    shown = {
        name: getattr(found, name) for name in ("address", "description", "events", "stores", "partners")
    }
    if visit.form("request"):
        shown |= _sent(visit)
    return _form(visit, shown, found)


@pages.post("/data/webhooks/{id}/edit", needs="webhooks.write", again=edit)
async def change(visit: Visit) -> Response[Any]:
    """Change a webhook."""
    wanted = visit.read(WebhookChange, _sent(visit))
    if wanted.address:
        _check(visit, wanted.address)
    await change_webhook(visit.database, visit.program.id, _id(visit), wanted, at=clock.world())
    return visit.to(f"{LIST}/{visit.path['id']}", done=visit.language.gettext("The webhook was changed."))


@pages.post("/data/webhooks/{id}/switch", needs="webhooks.write", again=webhook)
async def switch(visit: Visit) -> Response[Any]:
    """Switch a webhook on or off."""
    enabled = visit.form("enabled") == "yes"
    wanted = WebhookChange(enabled=enabled)
    await change_webhook(visit.database, visit.program.id, _id(visit), wanted, at=clock.world())
    said = (
        N_("It is sent events again, beginning with those that wait.")
        if enabled
        else N_("It is sent nothing any more; its events wait.")
    )
    return visit.to(f"{LIST}/{visit.path['id']}", done=visit.language.gettext(said))


@pages.post("/data/webhooks/{id}/rotate", needs="webhooks.write", again=webhook)
async def rotate(visit: Visit) -> Response[Any]:
    """Give a webhook a new secret, and show it this once."""
    answer = await rotate_webhook(
        visit.database, await visit.once(), _id(visit), secret=_secret(visit), at=clock.world()
    )
    return await _shown(visit, msgspec.json.decode(answer.body, type=WebhookView))


@pages.post("/data/webhooks/{id}/remove", needs="webhooks.write", again=webhook)
async def remove(visit: Visit) -> Response[Any]:
    """End a webhook."""
    await remove_webhook(visit.database, visit.program.id, _id(visit), at=clock.world())
    return visit.to(LIST, done=visit.language.gettext("The webhook was removed."))


@pages.post("/data/webhooks/{id}/test", needs="webhooks.write", again=webhook)
async def test(visit: Visit) -> Response[Any]:
    """Send a test event."""
    answer = await send_test(visit.database, await visit.once(), _id(visit), at=clock.world())
    said = visit.language.gettext(
        "A test event is on its way; open this page again in a few seconds to see what came of it."
    )
    return visit.to(f"{LIST}/deliveries/{msgspec.json.decode(answer.body)['id']}", done=said)


@pages.post("/data/webhooks/{id}/replay", needs="webhooks.write", again=webhook)
async def replay_range(visit: Visit) -> Response[Any]:
    """Send everything of a time once more."""
    between = Between(_instant(visit, "from"), _instant(visit, "to"))
    answer = await replay_between(visit.database, await visit.once(), _id(visit), between, at=clock.world())
    count = msgspec.json.decode(answer.body)["replayed"]
    said = visit.language.ngettext("%(num)s event is sent again.", "%(num)s events are sent again.", count)
    return visit.to(f"{LIST}/{visit.path['id']}", done=said % {"num": visit.language.number(count)})


@pages.get("/data/webhooks/deliveries/{id}", needs="webhooks.write")
async def delivery(visit: Visit) -> Response[Any]:
    """One event on its way to one subscriber: what is sent, and what was answered."""
    found = await read_delivery(visit.database, visit.program.id, ids.read("whd", visit.path["id"]))
    body = json.dumps(found.body, indent=2, ensure_ascii=False)
    return visit.page("webhook_delivery", one=found, body=body, states=STATES, failed=_failed(visit))


@pages.post("/data/webhooks/deliveries/{id}/replay", needs="webhooks.write", again=delivery)
async def replay(visit: Visit) -> Response[Any]:
    """Send one event now, again or rather than later."""
    identifier = ids.read("whd", visit.path["id"])
    await replay_delivery(visit.database, await visit.once(), identifier, at=clock.world())
    said = visit.language.gettext("It is sent now, before what waits behind it.")
    return visit.to(f"{LIST}/deliveries/{visit.path['id']}", done=said)


async def _shown(visit: Visit, found: WebhookView) -> Response[Any]:
    named = {
        name: visit.query[name] for name in ("state", "event", "member", "cursor") if visit.query.get(name)
    }
    asked = visit.read(DeliveriesAsked, {**named, "limit": AT_ONCE})
    identifier = ids.read("whs", found.id)
    log = await list_deliveries(visit.database, visit.program.id, identifier, asked)
    text = visit.language.gettext
    every = text(N_("all"))
    told = [kind for kind in events.TYPES if events.wanted((*found.events, events.TEST), kind)]
    waiting, given_up = await traffic(visit.database, visit.program.id, identifier)
    return visit.page(
        "webhook",
        one=found,
        about=_about(visit),
        failed=_failed(visit),
        log=log,
        waiting=waiting,
        given_up=given_up,
        first="cursor" not in named,
        filtered=any(name in named for name in ("state", "event", "member")),
        states=STATES,
        why=WHY,
        state_choices=[("", every), *[(state, text(word)) for state, (word, _) in STATES.items()]],
        type_choices=[("", every), *[(kind, kind) for kind in told]],
    )


def _about(visit: Visit) -> Callable[[Sequence[str]], str]:
    """Says what events a webhook is told of; a type of event stands as it is called everywhere."""
    text = visit.language.gettext

    def say(events: Sequence[str]) -> str:
        if "*" in events:
            return text("Everything that happens, also what is added later")
        said = [
            text(FAMILIES[one[:-2]]) if one.endswith(".*") and one[:-2] in FAMILIES else one for one in events
        ]
        return ", ".join(said)

    return say


def _failed(visit: Visit) -> Callable[[str], str]:
    """Says why an event did not arrive."""
    return lambda noted: visit.language.gettext(FAILURES[noted]) if noted in FAILURES else noted


def _form(visit: Visit, shown: dict[str, Any], found: WebhookView | None) -> Response[Any]:
    families: dict[str, list[str]] = {}
    for kind in events.TYPES:
        if kind != events.TEST:
            families.setdefault(kind.partition(".")[0], []).append(kind)
    groups = [(family, FAMILIES.get(family, family), types) for family, types in families.items()]
    offered = {events.EVERYTHING, *(f"{family}.*" for family in families), *events.TYPES} - {events.TEST}
    others = [one for one in shown["events"] if one not in offered]
    partners = sorted(visit.program.partners.values(), key=lambda one: one.name)
    return visit.page(
        "webhook_form",
        shown=shown,
        one=found,
        groups=groups,
        others=others,
        stores=visit.stores,
        partners=partners,
    )


def _sent(visit: Visit) -> dict[str, Any]:
    """The form's fields as the API takes them; a family that is chosen whole stands for its types."""
    chosen = visit.form_list("events")
    families = [one.removesuffix("*") for one in chosen if one.endswith(".*")]
    kept = [one for one in chosen if one.endswith("*") or not one.startswith(tuple(families) or ("\0",))]
    return {
        "address": visit.form("address"),
        "description": visit.form("description"),
        "events": ["*"] if visit.form("everything") == "yes" else kept,
        "stores": visit.form_list("stores"),
        "partners": visit.form_list("partners"),
    }


def _instant(visit: Visit, name: str) -> datetime:
    """What a field of date and time says, in the program's time zone. Raises InvalidValue."""
    try:
        return datetime.fromisoformat(visit.form(name)).replace(tzinfo=visit.zone)
    except ValueError:
        raise InvalidValue(f"/{name}", "is not a date and time") from None


def _check(visit: Visit, address: str) -> None:
    try:
        checked(address, allow_local=visit.state.settings.messaging.to_localhost)
    except NotSent as refusal:
        said = UNREACHABLE.get(str(refusal), N_("Events cannot be sent to this address."))
        raise InvalidValue("/address", visit.language.gettext(said)) from None


async def _read(visit: Visit) -> WebhookView:
    return await read_webhook(visit.database, visit.program.id, _id(visit), at=clock.world())


def _id(visit: Visit) -> UUID:
    return ids.read("whs", visit.path["id"])


def _secret(visit: Visit) -> bytes:
    return visit.state.settings.secret

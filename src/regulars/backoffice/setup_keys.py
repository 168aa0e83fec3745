"""The keys with which tills and other programs call: made, turned and ended; a text is shown this once."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars import clock, ids
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.db.requests import Request
from regulars.errors import NotFound, StateConflict
from regulars.flows.create_key import (
    KeyView,
    NewKey,
    Rotation,
    create_key_by_staff,
    list_keys,
    revoke_key,
    rotate_key_once,
)
from regulars.i18n import N_

pages = Pages()
LIST = "/setup/keys"
WALLET = "aggregator"
"""Such a key belongs to a wallet: it is made and turned where wallets are let in."""
SCOPES: dict[str, tuple[str, str]] = {
    "till": (N_("Till"), N_("Prices baskets, records purchases and returns, finds members at the till.")),
    "issuer": (N_("Enrolment"), N_("Enrols members and gives out cards: a website, an app, an agency.")),
    "read": (N_("Reading"), N_("Reads what there is and changes nothing: a warehouse of data, a screen.")),
    "manage": (N_("Everything"), N_("Changes the program itself and makes keys. Keep it in few hands.")),
    "partner": (
        N_("Partner"),
        N_("What a partner's system may do: its own purchases, and enrolling members."),
    ),
    WALLET: (
        N_("Wallet app"),
        N_("An app with cards of many programs: asks members, shows their cards."),
    ),
}
"""What a key may do → its name and a sentence."""


@pages.get("/setup/keys", needs="keys.write")
async def keys(visit: Visit) -> Response[Any]:
    """The keys that work, each with what it may do and when it was last used."""
    found = await list_keys(visit.database, visit.program.id, clock.world())
    return visit.page(
        "setup/keys", keys=found, names=_names(visit), stores=visit.program.stores, wallet=WALLET
    )


@pages.get("/setup/keys/new", needs="keys.write")
async def new(visit: Visit) -> Response[Any]:
    """What the key is for."""
    language = visit.language
    return visit.page(
        "setup/key_new",
        scopes=[
            (scope, language.gettext(name), language.gettext(words))
            for scope, (name, words) in SCOPES.items()
            if scope != WALLET
        ],
        chosen=visit.form_list("scopes"),
        partners=[(one.code, one.name) for one in visit.program.partners.values()],
        stores=[(one.code, one.name) for one in visit.stores],
        four_eyes=visit.program.settings.four_eyes_keys,
    )


@pages.post("/setup/keys", needs="keys.write", again=new, why=True)
async def make(visit: Visit) -> Response[Any]:
    """Make a key and show it, or ask a second person first."""
    content = {
        "name": visit.form("name"),
        "scopes": visit.form_list("scopes"),
        "partner": visit.form("partner") or None,
        "store": visit.form("store") or None,
    }
    return await _asked_for(visit, await visit.once(content), visit.read(NewKey, content))


@pages.post("/setup/keys/{id}/rotate", needs="keys.write", again=keys, why=True)
async def rotate(visit: Visit) -> Response[Any]:
    """Another text for what calls with this key; the old one works for some hours more.

    Where keys need a second person, this is asking for a key like it: a text is a text. A wallet's is refused: a key
    like it would be no wallet's.
    """
    key = ids.read("key", visit.path["id"], "/id")
    found = await list_keys(visit.database, visit.program.id, clock.world())
    one = next((one for one in found if one.id == visit.path["id"]), None)
    if one is not None and WALLET in one.scopes:
        raise StateConflict("The key of a wallet app is turned on the page Wallet apps.")
    if visit.program.settings.four_eyes_keys:
        if one is None:
            raise NotFound("There is no such key in force.")
        like_it = NewKey(one.scopes, one.name, one.partner, one.store)
        return await _asked_for(visit, await visit.once(), like_it)
    hours = visit.read(Rotation, {"hours": int(visit.form("hours") or 0) if _is_number(visit) else -1}).hours
    answer = await rotate_key_once(
        visit.database,
        await visit.once(),
        key,
        hours,
        clock.world(),
        secret=visit.state.settings.secret,
    )
    return _shown(visit, msgspec.json.decode(answer.body, type=KeyView), hours)


@pages.post("/setup/keys/{id}/revoke", needs="keys.write", again=keys, why=True)
async def revoke(visit: Visit) -> Response[Any]:
    """End a key at once."""
    key = ids.read("key", visit.path["id"], "/id")
    await revoke_key(visit.database, visit.program.id, key, clock.world())
    return visit.to(LIST, done=visit.language.gettext("The key has ended; whoever calls with it is refused."))


async def _asked_for(visit: Visit, request: Request, wanted: NewKey) -> Response[Any]:
    """The key that was made, or on to what waits for a second person."""
    secret = visit.state.settings.secret
    answer = await create_key_by_staff(
        visit.database, request, wanted, visit.by, visit.form("why"), secret=secret
    )
    if answer.status == 202:
        said = visit.language.gettext(
            "A second person has to agree; then the key is shown to you here, once."
        )
        return visit.to("/review/asked", done=said)
    return _shown(visit, msgspec.json.decode(answer.body, type=KeyView), 0)


def _shown(visit: Visit, key: KeyView, hours: int) -> Response[Any]:
    return visit.page("setup/key_made", key=key, names=_names(visit), hours=hours)


def _names(visit: Visit) -> dict[str, str]:
    return {scope: visit.language.gettext(name) for scope, (name, _) in SCOPES.items()}


def _is_number(visit: Visit) -> bool:
    text = visit.form("hours") or "0"
    return text.isascii() and text.isdigit() and len(text) < 6

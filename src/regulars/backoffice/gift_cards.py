"""The pages of gift cards: what was sold, one card with its movements, a new one, block, another code."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows import gift_terms
from regulars.flows.gift_cards import (
    GiftCardNamed,
    GiftCardView,
    NewGiftCard,
    block_gift_card,
    find_gift_card,
    issue_gift_card,
    read_gift_card,
    renew_gift_card,
)
from regulars.flows.gift_sales import Seller
from regulars.flows.list_gift_cards import list_gift_cards
from regulars.flows.read_statement import Asked, read_gift_card_statement
from regulars.i18n import N_
from regulars.units import format_rate, money_scale, parse_rate
from regulars.web.limits import Counter
from regulars.web.movements import kind_words

pages = Pages()
finds = Counter()
AT_ONCE = 50
STATES = {
    "active": (N_("good"), "good"),
    "empty": (N_("empty"), ""),
    "blocked": (N_("blocked"), "warning"),
}


def last_moment(ends: datetime | None) -> datetime | None:
    """The last moment before an end, whose day is the last one that counts."""
    return None if ends is None else ends - timedelta(microseconds=1)


@pages.get("/gift-cards", needs="codes.read")
async def every(visit: Visit) -> Response[Any]:
    """The cards that were sold, the latest first, and the search by a code."""
    cursor = visit.query.get("cursor")
    before = ids.read("gft", cursor, "?cursor") if cursor else None
    page = await list_gift_cards(visit.database, visit.known, before, AT_ONCE)
    return visit.page(
        "gift_cards",
        items=page.items,
        next=page.next,
        first=cursor is None,
        states=STATES,
        sent=visit.form_fields(),
        most=_most(visit),
        last=last_moment(gift_terms.until(visit.program, None, await visit.now())),
    )


@pages.post("/gift-cards/find", needs="codes.read", again=every)
async def find(visit: Visit) -> Response[Any]:
    """The page of the card with this code. A code is money: it never stands in an address."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    found = await find_gift_card(visit.database, visit.known, visit.form("text"), await visit.now())
    return visit.to(f"/gift-cards/{found.id}")


@pages.post("/gift-cards", needs="members.adjust", again=every)
async def issue(visit: Visit) -> Response[Any]:
    """Give a card without a sale, as a goodwill; its code is shown once, here."""
    amount = desk.amount(visit.form("amount"), money_scale(visit.program.base_currency), "/amount")
    if not 0 < amount <= _most(visit):
        raise InvalidValue("/amount", N_("is more than one person may give, or nothing"))
    percent = visit.form("tax_percent").replace(",", ".").strip()
    sent: dict[str, Any] = {
        "amount": amount,
        "reason": desk.reason(visit),
        "purpose": "single" if percent else "multi",
        "tax_rate": _rate(percent) if percent else None,
        "expires_at": desk.moment(visit, visit.form("until"), "/expires_at", end=True),
    }
    new = visit.read(NewGiftCard, {name: one for name, one in sent.items() if one is not None})
    seller = Seller(visit.state.known, desk.caller(visit))
    answer = await issue_gift_card(visit.database, visit.known, await visit.once(), seller, new)
    return await _page(visit, msgspec.json.decode(answer.body, type=GiftCardView))


@pages.get("/gift-cards/{id}", needs="codes.read")
async def one(visit: Visit) -> Response[Any]:
    """One card: what is on it, until when, and what moved it."""
    return await _page(
        visit, await read_gift_card(visit.database, visit.known, _id(visit), await visit.now())
    )


@pages.post("/gift-cards/{id}/block", needs="members.change", again=one)
async def block(visit: Visit) -> Response[Any]:
    """Nobody can pay with it from now on."""
    await block_gift_card(visit.database, visit.known, await visit.once(), _named(visit), blocked=True)
    return visit.to(
        f"/gift-cards/{visit.path['id']}", done=visit.language.gettext("Nobody can pay with this card now.")
    )


@pages.post("/gift-cards/{id}/unblock", needs="members.change", again=one)
async def unblock(visit: Visit) -> Response[Any]:
    """It can be paid with again."""
    await block_gift_card(visit.database, visit.known, await visit.once(), _named(visit), blocked=False)
    return visit.to(
        f"/gift-cards/{visit.path['id']}", done=visit.language.gettext("The card can be paid with again.")
    )


@pages.post("/gift-cards/{id}/renew", needs="members.adjust", again=one)
async def renew(visit: Visit) -> Response[Any]:
    """Another code for a card that was lost; it is shown once, here."""
    answer = await renew_gift_card(visit.database, visit.known, await visit.once(), _named(visit))
    return await _page(visit, msgspec.json.decode(answer.body, type=GiftCardView))


async def _page(visit: Visit, card: GiftCardView) -> Response[Any]:
    identifier = ids.read("gft", card.id)
    cursor = visit.query.get("cursor")
    asked = Asked(limit=AT_ONCE, cursor=cursor)
    part = await read_gift_card_statement(visit.database, visit.program, identifier, asked)
    return visit.page(
        "gift_card",
        card=card,
        states=STATES,
        items=part.items,
        next=part.next,
        first=cursor is None,
        kind=lambda kind: kind_words(visit.language, kind),
        who=await desk.naming(visit, [movement.by for movement in part.items]),
    )


def _rate(percent: str) -> str:
    """Per cent as a rate: `21` → `0.21`. Raises InvalidValue."""
    try:
        return format_rate(parse_rate(percent) // 100)
    except ValueError as error:
        raise InvalidValue("/tax_rate", N_("is no rate of tax")) from error


def _most(visit: Visit) -> int:
    """What one person may give alone, in minor units."""
    settings = visit.program.settings
    return min(settings.gift_card_most, settings.adjustment_limit)


def _named(visit: Visit) -> GiftCardNamed:
    return GiftCardNamed(gift_card=visit.path["id"], reason=desk.reason(visit))


def _id(visit: Visit) -> UUID:
    return ids.read("gft", visit.path["id"], "/id")

"""The calls about cards: issue, assign, replace, list, block, unblock, activate, close, copy, and draw."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows.cards import Act, CardNamed, CopyView, change_card, copy_card, read_card
from regulars.flows.issue_card import NewCard, issue_card
from regulars.flows.read_member import CardPage, read_cards
from regulars.members.views import CardView, card_view
from regulars.web import drawing
from regulars.web.drawing import Kind
from regulars.web.endpoints import Call, Endpoints, Reply

calls = Endpoints("cards")


class Paging(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a list."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class Drawn(Struct, frozen=True, forbid_unknown_fields=True):
    """How a card's number is drawn."""

    kind: Kind = "qr"


@calls(
    "POST",
    "/v1/members/{id}/cards",
    scopes="till issuer manage",
    body=NewCard,
    answer=CardView,
    status=201,
)
async def create(call: Call[NewCard, Any]) -> Answer:
    """Issue a card to a member.

    With nothing given a card with a new number; with `number` that unassigned card, and all its points with
    it; with `replaces` the card stands in for another one of the member, which is then `replaced`.
    """
    actor = ids.show("key", call.caller.key)
    return await issue_card(
        call.database, (await call.known()).program, await call.request(), actor, _member(call), call.body
    )


@calls("GET", "/v1/members/{id}/cards", scopes="issuer manage read", query=Paging, answer=CardPage)
async def of_member(call: Call[Any, Paging]) -> CardPage:
    """A member's cards in the order they were issued, those out of use too.

    Not for tills: a card's number spends without the proof that a phone number needs.
    """
    after: UUID | None = None
    if call.query.cursor is not None:
        after = ids.read("crd", call.query.cursor, "?cursor")
    return await read_cards(
        call.database, (await call.known()).program, _member(call), after=after, limit=call.query.limit
    )


@calls("POST", "/v1/cards/block", scopes="till issuer manage", body=CardNamed, answer=CardView)
async def block(call: Call[CardNamed, Any]) -> CardView:
    """Block a card by its number or id: it is still recognised, but neither earns nor spends."""
    return await _act(call, "block")


@calls("POST", "/v1/cards/unblock", scopes="issuer manage", body=CardNamed, answer=CardView)
async def unblock(call: Call[CardNamed, Any]) -> CardView:
    """Let a blocked card be used again."""
    return await _act(call, "unblock")


@calls("POST", "/v1/cards/activate", scopes="till issuer manage", body=CardNamed, answer=CardView)
async def activate(call: Call[CardNamed, Any]) -> CardView:
    """Activate an issued card, as it is handed over."""
    return await _act(call, "activate")


@calls("POST", "/v1/cards/close", scopes="issuer manage", body=CardNamed, answer=CardView)
async def close(call: Call[CardNamed, Any]) -> CardView:
    """Close a card for good: lost, returned, never to be used. The account that it led to stays, with its points."""
    return await _act(call, "close")


@calls("POST", "/v1/cards/copies", scopes="issuer manage", body=CardNamed, answer=CopyView, status=201)
async def copy(call: Call[CardNamed, Any]) -> Answer:
    """Note that a card is made again with the same number: one card, two plastics, both of which work.

    Whoever lost a card gets a replacement instead, with another number: `POST /v1/members/{id}/cards`.
    """
    actor = ids.show("key", call.caller.key)
    return await copy_card(
        call.database, (await call.known()).program, await call.request(), actor, call.body
    )


@calls("GET", "/v1/cards/{id}", scopes="issuer manage read", answer=CardView)
async def show(call: Call[Any, Any]) -> CardView:
    """A card as it is now."""
    return card_view(await read_card(call.database, (await call.known()).program, _card(call)))


@calls(
    "GET",
    "/v1/cards/{id}/code.svg",
    scopes="issuer manage read",
    query=Drawn,
    answer=None,
    media_type="image/svg+xml",
)
async def code(call: Call[Any, Drawn]) -> Reply:
    """A card's number as a code to scan, drawn as SVG: one unit a module, black on white, with its quiet zone.

    EAN-13 carries only foreign numbers of 13 digits whose last one is right by its rule: for others `422`.
    """
    card = await read_card(call.database, (await call.known()).program, _card(call))
    try:
        picture = drawing.svg(call.query.kind, card.number)
    except InvalidValue as error:
        raise InvalidValue("?kind", f"the number of this card {error.detail}") from error
    return Reply(picture.encode(), 200, {"Cache-Control": "private, max-age=86400"}, "image/svg+xml")


async def _act(call: Call[CardNamed, Any], act: Act) -> CardView:
    return await change_card(call.database, (await call.known()).program, call.body, act, at=await call.now())


def _card(call: Call[Any, Any]) -> UUID:
    return ids.read("crd", call.path["id"])


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"])

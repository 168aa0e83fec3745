"""The calls about cards: issue, assign, replace, list, block, unblock, activate, and whole batches."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.cards import Act, CardNamed, NewBatch, change_card, issue_batch
from regulars.flows.issue_card import NewCard, issue_card
from regulars.flows.read_member import CardPage, read_cards
from regulars.members.views import CardBatch, CardView
from regulars.programs.model import Program
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("cards")


class Paging(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a list."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


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
        call.database, await _program(call), await call.request(), actor, _member(call), call.body
    )


@calls("GET", "/v1/members/{id}/cards", scopes="till issuer manage read", query=Paging, answer=CardPage)
async def of_member(call: Call[Any, Paging]) -> CardPage:
    """A member's cards in the order they were issued, those out of use too."""
    after: UUID | None = None
    if call.query.cursor is not None:
        after = ids.read("crd", call.query.cursor, "?cursor")
    return await read_cards(
        call.database, await _program(call), _member(call), after=after, limit=call.query.limit
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


@calls("POST", "/v1/cards/batch", scopes="issuer manage", body=NewBatch, answer=CardBatch, status=201)
async def batch(call: Call[NewBatch, Any]) -> Answer:
    """Issue up to 10,000 unassigned cards: different random numbers, each with its check digit."""
    return await issue_batch(call.database, await _program(call), await call.request(), call.body)


async def _act(call: Call[CardNamed, Any], act: Act) -> CardView:
    return await change_card(call.database, await _program(call), call.body, act)


async def _program(call: Call[Any, Any]) -> Program:
    return (await call.state.known.of(call.caller.program)).program


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"])

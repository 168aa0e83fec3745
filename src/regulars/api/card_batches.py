"""`/v1/cards/batch` and `/v1/card-batches`: cards by the thousand, listed, exported and set for a printer."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows.issue_cards import NewBatch, issue_batch
from regulars.flows.program_logo import logo_of
from regulars.flows.read_card_batches import (
    BatchCardPage,
    CardBatchPage,
    CardBatchView,
    card_of_batch,
    list_batches,
    read_batch,
    read_cards,
)
from regulars.web import card_file, tables
from regulars.web.drawing import Kind
from regulars.web.endpoints import Call, Endpoints, Reply, attachment
from regulars.web.paper import pdf, plastic
from regulars.web.paper.plastic import SHEET_CARDS_MAX, Layout

calls = Endpoints("cards")
SERIAL_MAX = 1_000_000


class Paging(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a list of batches."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class CardPaging(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a batch's cards."""

    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1_000
    cursor: Annotated[str, Meta(max_length=7, pattern="^[0-9]+$")] | None = None


class SheetAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which cards of a batch are set for a printer, and how."""

    first: Annotated[int, Meta(ge=1, le=SERIAL_MAX)] = 1
    """The serial of the first card."""
    count: Annotated[int, Meta(ge=1, le=SHEET_CARDS_MAX)] = SHEET_CARDS_MAX
    layout: Layout = "a4"
    """`a4`: ten on a sheet with crop marks; `single`: a page for each side with 3 mm of bleed, for card printers."""
    code: Kind = "code128"
    back: bool = True
    """Whether there is a back; on `a4` it is mirrored for printing on both sides along the long edge."""


@calls(
    "POST",
    "/v1/cards/batch",
    scopes="issuer manage",
    body=NewBatch,
    answer=CardBatchView,
    status=201,
    accepts_later=True,
)
async def create(call: Call[NewBatch, Any]) -> Answer:
    """Issue unassigned cards: different random numbers, each with its check digit.

    Up to 10,000 come with the answer. More, up to a million, are made by a job: `202`, and `Location` says where to
    follow it; then they are read from `/v1/card-batches/{id}/cards` or saved from `…/cards.csv`.
    """
    program = (await call.known()).program
    return await issue_batch(
        call.database, program.settings, await call.request(), call.body, ids.show("key", call.caller.key)
    )


@calls("GET", "/v1/card-batches", scopes="issuer manage read", query=Paging, answer=CardBatchPage)
async def search(call: Call[Any, Paging]) -> CardBatchPage:
    """Batches of cards in the order they were made."""
    after = ids.read("crb", call.query.cursor, "?cursor") if call.query.cursor else None
    return await list_batches(call.database, call.caller.program, after, call.query.limit)


@calls("GET", "/v1/card-batches/{id}", scopes="issuer manage read", answer=CardBatchView)
async def show(call: Call[Any, Any]) -> CardBatchView:
    """A batch: how many cards were ordered, and how many there are."""
    return await read_batch(call.database, call.caller.program, _batch(call))


@calls("GET", "/v1/card-batches/{id}/cards", scopes="issuer manage", query=CardPaging, answer=BatchCardPage)
async def cards(call: Call[Any, CardPaging]) -> BatchCardPage:
    """A batch's cards in the order of their serials, with the state of each as it is now."""
    after = int(call.query.cursor) if call.query.cursor else 0
    if after > SERIAL_MAX:
        raise InvalidValue("?cursor", "is not a cursor of this list")
    found, following = await read_cards(
        call.database, call.caller.program, _batch(call), after, call.query.limit
    )
    items = tuple(card_of_batch(card) for card in found)
    return BatchCardPage(items, str(following) if following is not None else None)


@calls("GET", "/v1/card-batches/{id}/cards.csv", scopes="issuer manage", answer=None, media_type="text/csv")
async def as_csv(call: Call[Any, Any]) -> Reply:
    """A whole batch as CSV for a card maker: `serial,number,printed,status`.

    `printed` is the number in groups of four, as it stands on a card; a spreadsheet that rounds long numbers leaves
    it whole.
    """
    batch = _batch(call)
    await read_batch(call.database, call.caller.program, batch)
    body = card_file.as_csv(call.database, call.caller.program, batch)
    return attachment(f"cards-{ids.show('crb', batch)}.csv", body, tables.MEDIA_TYPE)


@calls(
    "POST",
    "/v1/card-batches/{id}/sheet",
    scopes="issuer manage",
    body=SheetAsked,
    answer=None,
    media_type="application/pdf",
)
async def sheet(call: Call[SheetAsked, Any]) -> Reply:
    """Up to 1,000 cards of a batch as a PDF for a printer: plastic of 85.6 × 54 mm (ISO/IEC 7810 ID-1), front and back.

    Nothing is written. A larger batch is several files: `first` says where each begins. Needs the extra `paper`.
    """
    batch, asked = _batch(call), call.body
    program = (await call.known()).program
    made = await read_batch(call.database, program.id, batch)
    found, _ = await read_cards(call.database, program.id, batch, asked.first - 1, asked.count)
    if not found:
        raise InvalidValue("/first", f"is beyond the last card: the batch has {made.made or 0}")
    numbers = [(card.serial, card.number) for card in found]
    logo = await logo_of(call.database, program)
    data = plastic.sheet(
        program, numbers, made.created_at, asked.layout, asked.code, back=asked.back, logo=logo
    )
    name = f"cards-{ids.show('crb', batch)}-{found[0].serial}-{found[-1].serial}.pdf"
    return attachment(name, await pdf.render_later(plastic.TEMPLATE, data), "application/pdf")


def _batch(call: Call[Any, Any]) -> UUID:
    return ids.read("crb", call.path["id"], "/id")

"""The calls about what is known of a person: all of it to take along, its erasure, and who should be erased."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.asking import ApprovalView
from regulars.flows.erase_member import (
    ErasureView,
    SigningKeyView,
    read_erasure,
    signing_key_view,
)
from regulars.flows.export_person import begin
from regulars.flows.exported_person import PersonExport
from regulars.flows.retention import (
    ProposalPage,
    ProposalView,
    accept_proposal,
    decline_proposal,
    list_proposals,
)
from regulars.members.description import Language
from regulars.web.endpoints import Call, Endpoints, Reply, attachment
from regulars.web.paper import pdf, person

calls = Endpoints("personal data")
FILE_NAME = "my-data"


class Paging(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a list."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class PaperAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """How the paper is set."""

    language: Language | None = None
    """One of ours; the member's own when left out."""


@calls("GET", "/v1/members/{id}/export", scopes="manage", answer=PersonExport)
async def export(call: Call[Any, Any]) -> Reply:
    """All that the program holds of this member, as one JSON file that she may take along.

    Her profile and cards, everything she said about being spoken to, balance, marks, offers, ways to log in, cards of
    others, every movement of her accounts and every purchase with its lines. New fields may be added; what is there
    keeps its meaning (`version`).
    """
    begun = await begin(call.database, call.state.known, call.caller.program, _member(call), await call.now())
    return attachment(FILE_NAME + ".json", begun.json(), "application/json")


@calls(
    "GET",
    "/v1/members/{id}/export.pdf",
    scopes="manage",
    query=PaperAsked,
    answer=bytes,
    media_type="application/pdf",
)
async def export_pdf(call: Call[Any, PaperAsked]) -> Reply:
    """The same to be read on paper: of a long history the latest, and the paper says how much it leaves out.

    `503 not_installed` where the extra `paper` is not installed.
    """
    begun = await begin(call.database, call.state.known, call.caller.program, _member(call), await call.now())
    data = await person.sheet(begun, call.query.language)
    return attachment(FILE_NAME + ".pdf", await pdf.render_later(person.TEMPLATE, data), "application/pdf")


@calls("GET", "/v1/members/{id}/erasure", scopes="manage", answer=ErasureView)
async def erasure(call: Call[Any, Any]) -> ErasureView:
    """The certificate of a member's erasure: who asked, when, what was removed, and that the books balance.

    `signature` is Ed25519 over the bytes of `signed`, by the program's signing key.
    """
    known = await call.known()
    return await read_erasure(call.database, known.program, known.vault, _member(call))


@calls("GET", "/v1/program/signing-key", scopes="till manage read issuer partner", answer=SigningKeyView)
async def signing_key(call: Call[Any, Any]) -> SigningKeyView:
    """The public key with which the program's certificates and proofs are checked."""
    return signing_key_view((await call.known()).vault)


@calls("GET", "/v1/erasure-proposals", scopes="manage", query=Paging, answer=ProposalPage)
async def proposals(call: Call[Any, Paging]) -> ProposalPage:
    """Members who were not seen for as long as the setting `retention` says for their country.

    A nightly job proposes them, and withdraws the proposal when a member is seen again. Nobody is erased before
    somebody accepts.
    """
    after = ids.read("erp", call.query.cursor, "?cursor") if call.query.cursor is not None else None
    return await list_proposals(call.database, call.caller.program, after, call.query.limit)


@calls("POST", "/v1/erasure-proposals/{id}/accept", scopes="manage", answer=ProposalView, waits=ApprovalView)
async def accept(call: Call[Any, Any]) -> ProposalView | Answer:
    """Erase this member, as `DELETE /v1/members/{id}` does; refused when she was seen since. Done again: the same.

    Where two people are needed it is 202 as there; whoever is seen before somebody agrees is not erased.
    """
    known, at = await call.known(), await call.now()
    return await accept_proposal(call.database, known, call.caller, _proposal(call), call.why, at)


@calls("POST", "/v1/erasure-proposals/{id}/decline", scopes="manage", answer=ProposalView)
async def decline(call: Call[Any, Any]) -> ProposalView:
    """Keep this member; she is not proposed again for a year."""
    known, at = await call.known(), await call.now()
    return await decline_proposal(call.database, known.program, call.caller, _proposal(call), at)


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"])


def _proposal(call: Call[Any, Any]) -> UUID:
    return ids.read("erp", call.path["id"])

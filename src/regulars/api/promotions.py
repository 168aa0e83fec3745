"""`/v1/promotions`: drafts, revisions, publish, stop, resume, lint, templates, and the documents' schema."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.flows.asking import ApprovalView
from regulars.flows.lint_promotion import Consent, Lint, lint_document, lint_promotion
from regulars.flows.list_templates import Templates, list_templates
from regulars.flows.promotion_limits import PromotionUsage, read_usage
from regulars.flows.publish_promotion import (
    PromotionPage,
    PromotionView,
    Revisions,
    create_promotion,
    edit_draft,
    list_promotions,
    publish_promotion,
    read_promotion,
    read_revisions,
    resume_promotion,
    stop_promotion,
)
from regulars.promotions import schema
from regulars.promotions.model import Document
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Promotions")


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: str | None = None


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """A call that needs no body."""


@calls("GET", "/v1/promotions", scopes="manage read", query=PageQuery, answer=PromotionPage)
async def search(call: Call[Any, PageQuery]) -> PromotionPage:
    """Promotions in the order they were made."""
    after = ids.read("prm", call.query.cursor, "?cursor") if call.query.cursor else None
    return await list_promotions(call.database, call.caller.program, after, call.query.limit)


@calls("POST", "/v1/promotions", scopes="manage", body=Document, answer=PromotionView, status=201)
async def create(call: Call[Document, Any]) -> Any:
    """A new promotion: its document as a draft. Publish it to make it count."""
    return await create_promotion(call.database, await call.request(), call.body, by(call))


@calls("GET", "/v1/promotions/schema", scopes="manage read", answer=dict[str, Any])
async def documents_schema(call: Call[Any, Any]) -> Any:
    """The JSON Schema of promotion documents, with every kind of condition and benefit."""
    return SCHEMA


@calls("GET", "/v1/promotions/templates", scopes="manage read", answer=Templates, items_by="code")
async def ready_made(call: Call[Any, Any]) -> Templates:
    """Ready promotions to begin from, with the fields that one would change first."""
    return list_templates(await call.known(), call.language)


@calls("POST", "/v1/promotions/lint", scopes="manage read", body=Document, answer=Lint)
async def lint_new(call: Call[Document, Any]) -> Lint:
    """What the linter says of a document that is no promotion yet; nothing is kept."""
    return await lint_document(
        call.database, call.state.known, call.caller.program, call.body, await call.now(), call.language
    )


@calls("GET", "/v1/promotions/{id}", scopes="manage read", answer=PromotionView)
async def show(call: Call[Any, Any]) -> PromotionView:
    """A promotion: what is live, and the draft of what may come."""
    return await read_promotion(call.database, call.caller.program, promotion(call))


@calls("GET", "/v1/promotions/{id}/draft", scopes="manage read", answer=PromotionView)
async def show_draft(call: Call[Any, Any]) -> PromotionView:
    """A promotion with its draft."""
    return await read_promotion(call.database, call.caller.program, promotion(call))


class DraftQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which draft was edited."""

    version: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    """Its `draft_version`; where another one stands meanwhile, the answer is 409 `draft_changed`."""


@calls(
    "PUT", "/v1/promotions/{id}/draft", scopes="manage", query=DraftQuery, body=Document, answer=PromotionView
)
async def edit(call: Call[Document, DraftQuery]) -> PromotionView:
    """Replace the draft; what is published stays as it is. A review of the draft before does not count for it."""
    return await edit_draft(
        call.database,
        call.caller.program,
        promotion(call),
        call.body,
        by(call),
        await call.now(),
        call.query.version,
    )


@calls(
    "POST",
    "/v1/promotions/{id}/publish",
    scopes="manage",
    body=Consent,
    answer=PromotionView,
    idempotent=True,
    waits=ApprovalView,
)
async def publish(call: Call[Consent, Any]) -> Any:
    """Freeze the draft as the next revision; it counts from the next purchase on, in every process.

    A draft that is in review, or was sent back, is not published until it is approved, or edited, or the question is
    taken back.
    Where it may cost more than the program's `publish_budget_limit`, a second person has to agree: 202 with what waits
    in `/v1/approvals`; the header `Regulars-Reason` tells that person why it is asked for.

    What the linter calls an error is refused (422). Its warnings must be accepted by their codes, which is recorded
    with the revision; without that the answer is 409 `warnings_not_accepted` with the `warnings`.
    """
    return await publish_promotion(
        call.database,
        call.state.known,
        await call.request(),
        promotion(call),
        by(call),
        call.body.accept_warnings,
        call.language,
        why=call.why,
    )


@calls(
    "POST", "/v1/promotions/{id}/stop", scopes="manage", body=Nothing, answer=PromotionView, idempotent=True
)
async def stop(call: Call[Nothing, Any]) -> Any:
    """Stop it: the next preview or purchase anywhere no longer has it; holds made before are honoured."""
    return await stop_promotion(call.database, await call.request(), promotion(call), by(call))


@calls(
    "POST", "/v1/promotions/{id}/resume", scopes="manage", body=Nothing, answer=PromotionView, idempotent=True
)
async def resume(call: Call[Nothing, Any]) -> Any:
    """Let a stopped promotion go on with its last revision."""
    return await resume_promotion(call.database, await call.request(), promotion(call), by(call))


@calls("GET", "/v1/promotions/{id}/revisions", scopes="manage read", answer=Revisions, items_by="revision")
async def revisions(call: Call[Any, Any]) -> Revisions:
    """Every revision, the newest first, with what it changed."""
    return await read_revisions(call.database, call.caller.program, promotion(call))


@calls("GET", "/v1/promotions/{id}/usage", scopes="manage read", answer=PromotionUsage)
async def usage(call: Call[Any, Any]) -> PromotionUsage:
    """What was used of its limits and budgets to date; holds count until they end, returns give back."""
    return await read_usage(call.database, call.caller.program, promotion(call), await call.now())


@calls("POST", "/v1/promotions/{id}/lint", scopes="manage read", body=Nothing, answer=Lint)
async def lint(call: Call[Nothing, Any]) -> Lint:
    """What the linter says of the draft: errors, warnings and notes, with baskets that show them."""
    return await lint_promotion(
        call.database, call.state.known, call.caller.program, promotion(call), await call.now(), call.language
    )


def promotion(call: Call[Any, Any]) -> UUID:
    """The promotion that the address names. Raises WrongIdKind."""
    return ids.read("prm", call.path["id"], "/id")


def by(call: Call[Any, Any]) -> str:
    """Who does it: the key."""
    return ids.show("key", call.caller.key)


SCHEMA = schema.schema()

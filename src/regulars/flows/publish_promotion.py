"""Drafts, publishes, stops and resumes promotions; what contradicts itself is refused in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import DraftChanged, NotFound, StateConflict
from regulars.flows import asking, promotion_limits
from regulars.flows.known_programs import KnownPrograms, rules_of
from regulars.flows.lint_promotion import findings, require_consent
from regulars.programs import approvals, reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.promotions import catalogue, document, reviewing
from regulars.promotions.catalogue import Promotion
from regulars.promotions.model import Document


class PromotionView(Struct, frozen=True):
    """A promotion: what is live, and the draft of what may come."""

    id: str
    status: str
    revision: int
    """The live (or last) revision; 0 before the first is published."""
    draft: dict[str, Any] | None
    document: dict[str, Any] | None
    """The published document."""
    created_at: datetime
    draft_version: int = 0
    """Counts up with each edit of the draft."""
    drafted_at: datetime | None = None
    drafted_by: str | None = None
    review: str | None = None
    """Of the draft: draft, in_review, approved or returned."""


class PromotionPage(Struct, frozen=True):
    """A page of promotions, in the order they were made."""

    items: tuple[PromotionView, ...]
    next: str | None


class RevisionView(Struct, frozen=True):
    """A revision: frozen when it was published."""

    revision: int
    document: dict[str, Any]
    changes: list[Any]
    published_at: datetime
    published_by: str
    accepted_warnings: tuple[str, ...]
    """Codes of the linter's warnings that were accepted with it."""


class Revisions(Struct, frozen=True):
    """Every revision of a promotion, the newest first."""

    items: tuple[RevisionView, ...]
    next: str | None = None


async def create_promotion(database: Database, request: Request, draft: Document, by: str) -> Answer:
    """A new promotion with a draft. Raises Unprocessable."""
    plain = _checked(draft)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        promotion = ids.new()
        await catalogue.create(tx, request.program, promotion, plain, by, request.at)
        view = await _view(tx, request.program, promotion)
        await trail.record(tx, request.program, Change("promotion.created", view.id, after=plain), request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(view))

    return await database.run(request.program, work)


async def edit_draft(
    database: Database,
    program: UUID,
    promotion: UUID,
    draft: Document,
    by: str,
    at: datetime,
    expected: int | None = None,
) -> PromotionView:
    """Replace a promotion's draft; `expected`: the version that was edited.

    Raises NotFound, DraftChanged, Unprocessable. What was said about the draft before does not count for the new one.
    """
    plain = _checked(draft)

    async def work(tx: Transaction) -> PromotionView:
        before = await catalogue.find(tx, program, promotion, lock=True)
        if await catalogue.edit(tx, program, promotion, plain, by, at, expected) is None:
            if expected is not None and await catalogue.find(tx, program, promotion) is not None:
                raise DraftChanged
            raise NotFound("There is no such promotion in this program.")
        was, became = trail.difference((before and before.draft) or {}, plain)
        change = Change("promotion.drafted", ids.show("prm", promotion), was, became)
        await trail.record(tx, program, change, at)
        return await _view(tx, program, promotion)

    return await database.run(program, work)


async def publish_promotion(
    database: Database,
    programs: KnownPrograms,
    request: Request,
    promotion: UUID,
    by: str,
    accepted: Sequence[str] = (),
    language: str | None = None,
    *,
    version: int | None = None,
    why: str = "",
) -> Answer:
    """Freeze the draft as the next revision; it counts from the next purchase on: 200.

    `accepted`: codes of the linter's warnings, which are recorded; all that it has must be among them. `version`: the
    draft that was read; any where it is None. `why` is told to who decides. 202 with the approval that waits where its
    budget is above what the program lets one person publish. Raises NotFound, StateConflict, DraftChanged,
    Contradiction, WarningsNotAccepted.
    """

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await _locked(tx, request.program, promotion)
        parsed = document.parse(await _publishable(tx, request.program, found, version))
        program = await reading.load(tx, request.program)
        dear = reviewing.needs_second_person(parsed, program.settings, rules_of(program).currencies)
        if dear and await approvals.publishing_waits(tx, program):
            said = await findings(tx, programs, request.program, promotion, parsed, request.at, language)
            asked = {
                "draft_version": found.draft_version,
                "accepted": require_consent(said, accepted),
                "name": parsed.name,
                "budget": reviewing.budget(parsed, rules_of(program).currencies),
                "by": by,
            }
            return await asking.ask(
                tx, program, request, "promotion.publish", ids.show("prm", promotion), asked, why
            )
        await publish_draft(tx, programs, request, promotion, by, accepted, version, language)
        return await _answer(tx, request, promotion)

    return await database.run(request.program, work)


async def publish_draft(
    tx: Transaction,
    programs: KnownPrograms,
    request: Request,
    promotion: UUID,
    by: str,
    accepted: Sequence[str],
    version: int | None,
    language: str | None = None,
    why: str = "",
) -> dict[str, Any]:
    """Publish within a transaction, whatever it may cost; `version`: the draft that was agreed to.

    `why` stands in the audit trail; empty: what the actor says. Raises NotFound, StateConflict, DraftChanged,
    Contradiction, WarningsNotAccepted.
    """
    found = await _locked(tx, request.program, promotion)
    draft = await _publishable(tx, request.program, found, version)
    parsed = document.parse(draft)
    said = await findings(tx, programs, request.program, promotion, parsed, request.at, language)
    warnings = require_consent(said, accepted)
    before = await _live_document(tx, request.program, found)
    changes = [change._asdict() for change in document.diff(before, parsed)]
    revision = await catalogue.publish(tx, request.program, promotion, draft, changes, by, request.at)
    await promotion_limits.spread(tx, request.program, promotion, parsed)
    await _note(tx, request, promotion, "published", revision, by, warnings)
    done = {"revision": revision, "changes": changes}
    await _record(tx, request, promotion, "published", done, why)
    return {"promotion": ids.show("prm", promotion), "revision": revision}


async def stop_promotion(database: Database, request: Request, promotion: UUID, by: str) -> Answer:
    """Stop a live promotion: the next preview or purchase anywhere no longer has it; holds stand."""
    return await _turn(database, request, promotion, by, "live", "stopped")


async def resume_promotion(database: Database, request: Request, promotion: UUID, by: str) -> Answer:
    """Let a stopped promotion go on with its last revision."""
    return await _turn(database, request, promotion, by, "stopped", "live")


async def list_promotions(database: Database, program: UUID, after: UUID | None, limit: int) -> PromotionPage:
    """Promotions in the order they were made."""
    async with database.transaction(program) as tx:
        found = await catalogue.page(tx, program, after, limit + 1)
        published = [(one.id, one.revision) for one in found[:limit] if one.revision]
        live = {one.promotion: one.document for one in await catalogue.frozen(tx, program, published)}
        items = [_shown(one, live.get(one.id)) for one in found[:limit]]
    return PromotionPage(tuple(items), items[-1].id if len(found) > limit else None)


async def read_promotion(database: Database, program: UUID, promotion: UUID) -> PromotionView:
    """One promotion. Raises NotFound."""
    async with database.transaction(program) as tx:
        return await _view(tx, program, promotion)


async def read_revisions(database: Database, program: UUID, promotion: UUID) -> Revisions:
    """Every revision. Raises NotFound."""
    async with database.transaction(program) as tx:
        if await catalogue.find(tx, program, promotion) is None:
            raise NotFound("There is no such promotion in this program.")
        found = await catalogue.revisions(tx, program, promotion)
    return Revisions(
        tuple(
            RevisionView(r.revision, r.document, r.changes, r.published_at, r.published_by, tuple(r.accepted))
            for r in found
        )
    )


async def _turn(
    database: Database, request: Request, promotion: UUID, by: str, expected: str, status: str
) -> Answer:
    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        await _locked(tx, request.program, promotion)
        revision = await catalogue.set_status(tx, request.program, promotion, expected, status)
        if revision is None:
            raise StateConflict(f"This promotion is not {expected}.")
        kind = "stopped" if status == "stopped" else "resumed"
        await _note(tx, request, promotion, kind, revision, by)
        await _record(tx, request, promotion, kind, {"revision": revision})
        return await _answer(tx, request, promotion)

    return await database.run(request.program, work)


async def _note(
    tx: Transaction,
    request: Request,
    promotion: UUID,
    kind: str,
    revision: int,
    by: str,
    accepted: Sequence[str] = (),
) -> None:
    program, at = request.program, request.at
    version = await registry.bump(tx, program)
    await catalogue.note(tx, program, promotion, ids.new(), kind, revision, version, at, by, accepted)


async def _record(
    tx: Transaction, request: Request, promotion: UUID, kind: str, after: Any, why: str = ""
) -> None:
    change = Change(f"promotion.{kind}", ids.show("prm", promotion), after=after, why=why)
    await trail.record(tx, request.program, change, request.at)


async def _answer(tx: Transaction, request: Request, promotion: UUID) -> Answer:
    view = await _view(tx, request.program, promotion)
    return await requests.keep(tx, request, 200, msgspec.json.encode(view))


async def _locked(tx: Transaction, program: UUID, promotion: UUID) -> Promotion:
    found = await catalogue.find(tx, program, promotion, lock=True)
    if found is None:
        raise NotFound("There is no such promotion in this program.")
    return found


async def _publishable(
    tx: Transaction, program: UUID, found: Promotion, version: int | None
) -> dict[str, Any]:
    if found.draft is None:
        raise StateConflict("There is no draft to publish.")
    if version not in (None, found.draft_version):
        raise DraftChanged
    if found.said is not None:
        said = await catalogue.reviews(tx, program, found.id)
        reviewing.require_settled([one for one in said if one.draft_version == found.draft_version])
    return found.draft


async def _view(tx: Transaction, program: UUID, promotion: UUID) -> PromotionView:
    found = await catalogue.find(tx, program, promotion)
    if found is None:
        raise NotFound("There is no such promotion in this program.")
    return _shown(found, await _live_document(tx, program, found))


def _shown(found: Promotion, live: Document | None) -> PromotionView:
    return PromotionView(
        ids.show("prm", found.id),
        found.status,
        found.revision,
        found.draft,
        msgspec.to_builtins(live) if live else None,
        found.created_at,
        found.draft_version,
        found.drafted_at if found.draft is not None else None,
        found.drafted_by if found.draft is not None else None,
        reviewing.state(found.said) if found.draft is not None else None,
    )


async def _live_document(tx: Transaction, program: UUID, found: Promotion) -> Document | None:
    if not found.revision:
        return None
    (revision,) = await catalogue.frozen(tx, program, [(found.id, found.revision)])
    return revision.document


def _checked(draft: Document) -> dict[str, Any]:
    plain = msgspec.to_builtins(draft)
    document.parse(plain)
    return plain

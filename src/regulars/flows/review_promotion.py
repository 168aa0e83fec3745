"""Lets a second person look at a draft: asked for, then approved or sent back. What is edited then is new again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import DraftChanged, NotFound, StateConflict
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.promotions import catalogue, reviewing
from regulars.promotions.catalogue import Promotion
from regulars.promotions.reviewing import Act, Said, State


class ReviewStep(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says about a draft."""

    act: Act
    comment: Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    """A draft that is sent back needs a word why."""
    draft_version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    """The draft that was read; where another one stands meanwhile, nothing is said (`draft_changed`)."""


class SaidView(Struct, frozen=True):
    """What was said, by whom and when."""

    draft_version: int
    kind: str
    comment: str
    by: str
    at: datetime


class Reviews(Struct, frozen=True):
    """What was said about a promotion's drafts, the latest first, and where the present draft stands."""

    promotion: str
    draft_version: int
    state: State | None
    """None: there is no draft."""
    items: tuple[SaidView, ...]
    next: str | None = None


async def review_promotion(
    database: Database, request: Request, promotion: UUID, by: str, step: ReviewStep
) -> Answer:
    """Ask for a review of the draft, take that back, approve the draft or send it back.

    Raises NotFound, StateConflict, DraftChanged, SecondPersonNeeded.
    """

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await _found(tx, request.program, promotion, lock=True)
        if found.draft is None:
            raise StateConflict("There is no draft to review.")
        if step.draft_version not in (None, found.draft_version):
            raise DraftChanged
        if step.act == "return" and not step.comment.strip():
            raise StateConflict("A draft that is sent back needs a word why.")
        said = await catalogue.reviews(tx, request.program, promotion)
        so_far = [one for one in said if one.draft_version == found.draft_version]
        reviewing.require_turn(step.act, so_far, by)
        place = so_far[0].step + 1 if so_far else 1
        kind = reviewing.KINDS[step.act]
        new = Said(found.draft_version, place, kind, step.comment.strip(), by, request.at)
        if not await catalogue.review(tx, request.program, promotion, new):
            raise StateConflict("Somebody else has said something about this draft just now.")
        view = await _reviews(tx, request.program, promotion)
        change = Change(
            "promotion.reviewed",
            view.promotion,
            after={"said": kind, "draft_version": found.draft_version},
            why=step.comment.strip(),
        )
        await trail.record(tx, request.program, change, request.at)
        return await requests.keep(tx, request, 200, msgspec.json.encode(view))

    return await database.run(request.program, work)


async def read_reviews(database: Database, program: UUID, promotion: UUID) -> Reviews:
    """What was said about its drafts. Raises NotFound."""
    async with database.transaction(program) as tx:
        return await _reviews(tx, program, promotion)


async def _reviews(tx: Transaction, program: UUID, promotion: UUID) -> Reviews:
    found = await _found(tx, program, promotion)
    said = await catalogue.reviews(tx, program, promotion)
    return Reviews(
        ids.show("prm", promotion),
        found.draft_version,
        reviewing.state(found.said) if found.draft is not None else None,
        tuple(SaidView(one.draft_version, one.kind, one.comment, one.by, one.at) for one in said),
    )


async def _found(tx: Transaction, program: UUID, promotion: UUID, *, lock: bool = False) -> Promotion:
    found = await catalogue.find(tx, program, promotion, lock=lock)
    if found is None:
        raise NotFound("There is no such promotion in this program.")
    return found

"""Keeps a program's quizzes and surveys, takes answers once, rewards them once, and sums them up."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.audience import belongs
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotForMember, NotFound
from regulars.flows import own_words, prizes, sharing
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import Known
from regulars.flows.marked import hers_of, takes_part
from regulars.flows.play_game import day_at, everybody
from regulars.flows.prizes import Cause
from regulars.flows.read_member import profile_of
from regulars.games import replies, surveys
from regulars.games.problems import AlreadyAnswered, GameClosed
from regulars.games.replies import Kept, Part, Reply
from regulars.games.surveys import Given, Survey
from regulars.ledger import book
from regulars.members.model import Member
from regulars.members.vault import Vault
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.texts import said

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""With which a cell must not begin: a spreadsheet would take it for a formula."""


class SurveyView(Struct, frozen=True):
    """A quiz or a survey as the operator sees it."""

    code: str
    status: str
    """live, stopped, planned or over."""
    revision: int
    document: dict[str, Any]
    answers: int
    created_at: datetime


class Surveys(Struct, frozen=True):
    """The quizzes and surveys of a program, the latest first."""

    items: tuple[SurveyView, ...]
    next: str | None = None


class WrittenText(Struct, frozen=True):
    """A text that somebody wrote."""

    question: str
    text: str
    day: date


class Results(Struct, frozen=True):
    """What was answered, summed up."""

    survey: SurveyView
    counts: dict[str, dict[str, int]]
    """Question → answer → how many gave it."""
    texts: tuple[WrittenText, ...]
    """Of the latest 500 answers."""


class NewAnswers(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/answers`."""

    survey: Annotated[str, Meta(min_length=1, max_length=63)]
    answers: Annotated[
        dict[Annotated[str, Meta(max_length=63)], Given], Meta(max_length=surveys.QUESTIONS_MAX)
    ]
    """Question → the code of an option, several of them, a number from 0 to 10, or a text."""


class AnsweredView(Struct, frozen=True):
    """What came of answering."""

    survey: str
    score: int | None
    """Right answers of a quiz."""
    of: int | None
    """How many could be right."""
    prize: dict[str, Any]
    """As the survey says it; `nothing` where there is none, or too few were right."""
    voucher: str | None
    valid_until: datetime | None


class OpenSurvey(Struct, frozen=True):
    """A quiz or a survey that a member can answer, or has answered."""

    code: str
    kind: str
    name: str
    text: str
    anonymous: bool
    questions: int
    prize: dict[str, Any] | None
    answered_at: datetime | None
    score: int | None


class OpenSurveys(Struct, frozen=True):
    """Those that are open for a member."""

    items: tuple[OpenSurvey, ...]
    next: str | None = None


async def list_surveys(database: Database, program: UUID, at: datetime) -> Surveys:
    """`GET /v1/surveys`."""
    async with database.transaction(program) as tx:
        return Surveys(await _views(tx, program, await replies.every(tx, program), at))


async def read_survey(database: Database, program: UUID, code: str, at: datetime) -> SurveyView:
    """One survey. Raises NotFound."""
    async with database.transaction(program) as tx:
        return await _view(tx, program, await found(tx, program, code), at)


async def put_survey(
    database: Database, program: UUID, code: str, document: Survey, by: str, at: datetime
) -> SurveyView:
    """Make a survey or change it by a new revision; the same again changes nothing. Raises Contradiction."""

    async def work(tx: Transaction) -> SurveyView:
        await registry.current(tx, program)  # locks it: two changes at once are two revisions
        await require_sense(tx, await reading.load(tx, program), document)
        before = await replies.find(tx, program, code)
        if before is not None and before.document == document:
            return await _view(tx, program, before, at)
        if before is None:
            await replies.create(tx, program, code, document, at, by)
        else:
            await replies.revise(tx, program, code, document, at, by)
        was = {} if before is None else msgspec.to_builtins(before.document)
        change = Change("survey.changed", code, *trail.difference(was, msgspec.to_builtins(document)))
        await trail.record(tx, program, change, at)
        return await _view(tx, program, await found(tx, program, code), at)

    return await database.run(program, work)


async def stop_survey(
    database: Database, program: UUID, code: str, at: datetime, *, stops: bool = True
) -> SurveyView:
    """Nobody answers it from now on, or (`stops` false) they do again. Raises NotFound."""

    async def work(tx: Transaction) -> SurveyView:
        if not await replies.stop(tx, program, code, at if stops else None):
            raise NotFound("There is no such survey in this program.")
        await trail.record(tx, program, Change("survey.stopped" if stops else "survey.resumed", code), at)
        return await _view(tx, program, await found(tx, program, code), at)

    return await database.run(program, work)


async def answer_survey(
    database: Database, known: Known, request: Request, member: UUID, new: NewAnswers, by: str
) -> Answer:
    """201 with the score and the prize.

    Raises NotFound, GameClosed, NotForMember, AlreadyAnswered; Unprocessable with each answer at fault.
    """
    program = known.program

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        her = await sharing.locked_member(tx, program, member)
        if first is not None:
            return await _with_code(tx, known, her, first)
        kept = await found(tx, program.id, new.survey)
        await _require_open(tx, known, kept, her, request.at)
        view = await _take_part(tx, known, kept, her, new, by, request.at)
        await requests.keep(
            tx, request, 201, msgspec.json.encode(msgspec.structs.replace(view, voucher=None))
        )
        return Answer(201, msgspec.json.encode(view))

    return await database.run(program.id, work)


async def open_surveys(
    database: Database, known: Known, member: UUID, language: str, at: datetime
) -> OpenSurveys:
    """Those that are open for a member, and whether she has answered. Raises NotFound."""
    program = known.program
    async with database.transaction(program.id) as tx:
        her = await profile_of(tx, program, known.vault, member)
        every = [one for one in await replies.every(tx, program.id) if _is_open(one, at)]
        if not every:
            return OpenSurveys(())
        hers, day = await hers_of(tx, known, her.id, at, her.person.birthday), day_at(program, at)
        parts = await replies.parts(tx, program.id, await everybody(tx, program.id, member))
    done = {part.survey: part for part in parts}
    return OpenSurveys(
        tuple(
            OpenSurvey(
                one.code, one.document.kind, said(one.document.names, language, program.languages[0]),
                said(one.document.texts, language, program.languages[0]), one.document.anonymous,
                len(one.document.questions),
                msgspec.to_builtins(one.document.prize) if one.document.prize else None,
                done[one.code].at if one.code in done else None,
                done[one.code].score if one.code in done else None,
            )
            for one in every
            if belongs(one.document.audience, hers, day)
        )
    )  # fmt: skip


async def read_results(database: Database, vault: Vault, code: str, at: datetime) -> Results:
    """What was answered, summed up. Raises NotFound, VaultLocked."""
    program = vault.program
    async with database.transaction(program, analytical=True) as tx:
        one = await found(tx, program, code)
        counts = await replies.counts(tx, program, code)
        written = await replies.written(tx, program, code)
        view = await _view(tx, program, one, at)
    texts = [
        WrittenText(question, text, reply.day)
        for reply in written
        for question, text in sorted(own_words.open_reply(vault, reply).items())
    ]
    return Results(view, counts, tuple(texts))


async def results_csv(database: Database, vault: Vault, code: str) -> str:
    """Every answer as a line, without whose it is. Raises NotFound, VaultLocked."""
    program = vault.program
    async with database.transaction(program, analytical=True) as tx:
        one = await found(tx, program, code)
        every = await replies.every_reply(tx, program, code)
    questions = [question.code for question in one.document.questions]
    return await asyncio.to_thread(_csv, vault, questions, every)


def _csv(vault: Vault, questions: Sequence[str], every: Sequence[Reply]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["day", *questions])
    for reply in every:
        texts = own_words.open_reply(vault, reply)
        cells = [texts.get(code) or " ".join(reply.choices.get(code, ())) for code in questions]
        writer.writerow(
            [reply.day.isoformat(), *["'" + cell if cell.startswith(DANGEROUS) else cell for cell in cells]]
        )
    return out.getvalue()


async def require_sense(tx: Transaction, program: Program, document: Survey) -> None:
    """Raises Contradiction with all its sentences."""
    against = surveys.contradictions(document, program.languages, program.partners)
    await prizes.require_sense(tx, program, against, {"/prize": document.prize} if document.prize else {})


async def found(tx: Transaction, program: UUID, code: str) -> Kept:
    """The survey of that code. Raises NotFound."""
    one = await replies.find(tx, program, code)
    if one is None:
        raise NotFound("There is no such survey in this program.")
    return one


async def _take_part(
    tx: Transaction, known: Known, kept: Kept, her: Member, new: NewAnswers, by: str, at: datetime
) -> AnsweredView:
    program, survey = known.program, kept.document
    answered = surveys.judged(survey, new.answers)
    part = Part(kept.code, "", kept.revision, answered.score, ids.new(her.home), at)
    everyone = await replies.parts(tx, program.id, await everybody(tx, program.id, her.id))
    if any(one.survey == kept.code for one in everyone):  # also as somebody who was merged into her
        raise AlreadyAnswered
    if not await replies.take_part(tx, program.id, her.id, part):
        raise AlreadyAnswered
    whose = None if survey.anonymous else her.id
    identifier = replies.new_id(whose)
    words = own_words.seal_reply(known.vault, identifier, answered.texts)
    reply = Reply(identifier, day_at(program, at), answered.choices, words)
    await replies.enter(tx, program.id, kept, whose, reply)
    given = None
    if survey.prize is not None and not survey.prize.nothing and survey.earns(answered.score):
        page = (await open_pages(tx, program, [her.pool]))[her.pool]
        partner = program.partners.get(survey.funder or "")
        title = said(survey.names, program.languages[0])
        cause = Cause(
            "survey", part.id, title=title, by=by, funder=partner.id if partner else program.operator
        )
        given = await prizes.give(tx, known, page, her.id, survey.prize, cause, at)
        await book.write(tx, program.id, [page])
    texts = await prizes.voucher_texts(tx, known, [given] if given else [])
    return AnsweredView(
        kept.code,
        answered.score,
        survey.asked if survey.kind == "quiz" else None,
        msgspec.to_builtins(given.prize) if given else {"nothing": True},
        texts.get(given.id) if given else None,
        given.valid_until if given else None,
    )


async def _with_code(tx: Transaction, known: Known, her: Member, first: Answer) -> Answer:
    """The kept answer with the text of its code, which is not kept: as it is for whoever was parted from her since."""
    view = msgspec.json.decode(first.body, type=AnsweredView)
    whose = await everybody(tx, known.program.id, her.id)
    parts = await replies.parts(tx, known.program.id, whose)
    part = next((one for one in parts if one.survey == view.survey), None)
    if part is None:
        return first
    for member in whose:
        given = await prizes.prize_book.find(tx, known.program.id, member, "survey", part.id)
        if given is not None:
            texts = await prizes.voucher_texts(tx, known, [given])
            view = msgspec.structs.replace(view, voucher=texts.get(given.id))
    return msgspec.structs.replace(first, body=msgspec.json.encode(view))


async def _require_open(tx: Transaction, known: Known, kept: Kept, her: Member, at: datetime) -> None:
    """Raises GameClosed, NotForMember."""
    if not _is_open(kept, at):
        raise GameClosed
    if not await takes_part(tx, known, kept.document.audience, her.id, at):
        raise NotForMember("This survey is not for this member.")


async def _view(tx: Transaction, program: UUID, one: Kept, at: datetime) -> SurveyView:
    return (await _views(tx, program, [one], at))[0]


async def _views(
    tx: Transaction, program: UUID, listed: Sequence[Kept], at: datetime
) -> tuple[SurveyView, ...]:
    answered = await replies.replies(tx, program, [one.code for one in listed])
    return tuple(
        SurveyView(
            one.code,
            _status(one, at),
            one.revision,
            msgspec.to_builtins(one.document),
            answered[one.code],
            one.created_at,
        )
        for one in listed
    )


def _status(one: Kept, at: datetime) -> str:
    if one.stopped_at is not None:
        return "stopped"
    if one.document.ends_at is not None and at >= one.document.ends_at:
        return "over"
    return "live" if one.document.open_at(at) else "planned"


def _is_open(one: Kept, at: datetime) -> bool:
    return one.stopped_at is None and one.document.open_at(at)

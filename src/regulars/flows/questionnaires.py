"""Keeps what a program asks its members: a version after another, of which the newest is in force."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.db.pool import Database, Transaction
from regulars.errors import Unprocessable
from regulars.members import arrivals, questionnaire
from regulars.members.questionnaire import Place, Question, Questionnaire
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program


class QuestionnaireView(Struct, frozen=True):
    """What is asked. Version 0: nothing was ever asked."""

    version: int
    questions: tuple[Question, ...]
    others: str
    created_at: datetime | None


async def put_questionnaire(
    database: Database, program: Program, asked: Questionnaire, by: str, *, at: datetime
) -> QuestionnaireView:
    """The new version; the same again is the same version. Raises Unprocessable with a fault per contradiction."""
    faults = questionnaire.faults_of_design(asked, program.languages)
    if faults:
        raise Unprocessable("The questionnaire contradicts itself.", errors=faults)

    async def work(tx: Transaction) -> QuestionnaireView:
        known = await arrivals.questionnaire(tx, program.id)
        if known is not None and known.questionnaire == asked:
            return _view(known.version, known.questionnaire, known.created_at)
        version = await arrivals.enter_questionnaire(tx, program.id, asked, at, by)
        before = known.questionnaire if known is not None else None
        change = Change("questionnaire.entered", f"version {version}", before, asked)
        await trail.record(tx, program.id, change, at)
        return _view(version, asked, at)

    return await database.run(program.id, work)


async def read_questionnaire(
    database: Database, program: UUID, place: Place | None = None
) -> QuestionnaireView:
    """The questionnaire in force; of a place, only what is asked there."""
    async with database.transaction(program) as tx:
        known = await arrivals.questionnaire(tx, program)
    if known is None:
        return QuestionnaireView(0, (), "allowed", None)
    return _view(known.version, questionnaire.at_place(known.questionnaire, place), known.created_at)


def _view(version: int, asked: Questionnaire, at: datetime) -> QuestionnaireView:
    return QuestionnaireView(version, asked.questions, asked.others, at)

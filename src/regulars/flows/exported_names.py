"""Says by what names a person's export calls what it holds by codes: games, challenges, plans, questions …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from regulars.db.pool import Transaction
from regulars.flows.known_programs import Known
from regulars.games import badges, plays, quest_book, replies, tickets
from regulars.games.surveys import Survey
from regulars.i18n import ProgramWords
from regulars.members import clubs
from regulars.occasions import register
from regulars.purchases import activity_log
from regulars.purchases.activity import ActivityKind
from regulars.rewards import entitlement_book, membership_book, pack_book

Texts = dict[str, str]
Named = tuple[tuple[str, str], Texts]
"""Kind and code, and how that is called by language; what belongs to another code stands behind a slash."""


async def named(tx: Transaction, program: UUID) -> dict[tuple[str, str], Texts]:
    """The names of everything that an export names by a code of the program, by their newest revisions."""
    found: dict[tuple[str, str], Texts] = {}
    for one in await plays.every(tx, program):
        found["game", one.code] = one.document.names
        found |= {("play", f"{one.code}/{field.code}"): field.names for field in one.document.fields}
    for one in await replies.every(tx, program):
        found |= dict(_of_survey(one.code, one.document))
    for code, one in (await activity_log.newest(tx, program)).items():
        found |= dict(_of_activity(code, one.document))
    found |= {("draw", one.code): one.document.names for one in await tickets.every(tx, program)}
    begun = await quest_book.newest(tx, program)
    found |= {("challenge", one.quest.code): one.quest.document.names for one in begun}
    found |= {("badge", code): one.document.names for code, one in (await badges.newest(tx, program)).items()}
    found |= {("club", one.code): one.document.names for one in await clubs.every(tx, program)}
    found |= {("occasion", one.code): one.document.names for one in await register.every(tx, program)}
    given = await entitlement_book.newest(tx, program)
    found |= {("entitlement", one.code): one.document.names for one in given}
    found |= {("plan", one.code): one.document.names for one in await membership_book.plans(tx, program)}
    found |= {("pack", one.code): one.document.names for one in await pack_book.kinds(tx, program)}
    return found


def spoken(known: Known, language: str, names: dict[tuple[str, str], Texts]) -> ProgramWords:
    """How the program speaks in a language, with these names."""
    words = known.words[language]
    told = {key: words.spoken.text_of(texts) for key, texts in names.items() if texts}
    return replace(words, names={**words.names, **told})


def _of_survey(code: str, document: Survey) -> Iterator[Named]:
    yield ("survey", code), document.names
    for question in document.questions:
        yield ("question", f"{code}/{question.code}"), question.texts
        for option in question.options:
            yield ("option", f"{code}/{question.code}/{option.code}"), option.names


def _of_activity(code: str, document: ActivityKind) -> Iterator[Named]:
    yield ("activity", code), document.names
    for field in document.fields:
        yield ("field", f"{code}/{field.name}"), field.names

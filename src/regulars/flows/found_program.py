"""Fills a new program from a template: its questionnaire, what members are shown, promotions that run at once.

Each step is a request of its own name, so that none is done twice.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from regulars import ids
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import InvalidValue
from regulars.flows.consent_wordings import NewWording, enter_wording
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.publish_promotion import create_promotion, publish_promotion
from regulars.flows.questionnaires import put_questionnaire
from regulars.members.questionnaire import Questionnaire
from regulars.programs.model import Program
from regulars.programs.template import ProgramTemplate, program_templates
from regulars.promotions import document
from regulars.promotions.template import templates
from regulars.units import money_scale

BY = "template"
SPENDING = "points-for-spending"
SPENDING_NAMES = {
    "name": "Points for spending",
    "names": {
        "en": "Points for spending",
        "lv": "Punkti par pirkumiem",
        "ru": "Баллы за покупки",
        "et": "Punktid ostude eest",
        "hu": "Pontok a vásárlásért",
    },
}
"""What it is called when it is not one point for each euro."""


def template_of(code: str) -> ProgramTemplate:
    """The template of that code. Raises InvalidValue."""
    found = program_templates().get(code)
    if found is None:
        raise InvalidValue(
            "/template", f"There is no template {code!r}; there are {', '.join(program_templates())}."
        )
    return found


async def fill_program(
    database: Database,
    programs: KnownPrograms,
    program: Program,
    template: ProgramTemplate,
    *,
    at: datetime,
    points: int = 1,
) -> tuple[str, ...]:
    """Enter what the template has; the ids of the promotions, which are live. Settings were given with the program.

    `points`: what a whole unit of money earns, where the template gives points for spending.

    Raises Problems where the template does not fit the program: there is a test that none of ours does not.
    """
    spoken = template.spoken(program.languages)
    asked = msgspec.convert(spoken.questionnaire, Questionnaire)
    await put_questionnaire(database, program, asked, BY, at=at)
    for wording in spoken.wordings:
        new = msgspec.convert(wording, NewWording)
        request = _request(program.id, f"wording/{new.code}", wording, at)
        await enter_wording(database, program, request, BY, new)
    ready = {one.code: one for one in templates()}
    currency = program.points
    live: list[str] = []
    for code in spoken.promotions:
        plain = ready[code].in_currency(currency.code if currency else None)
        if points != 1 and code == SPENDING:
            each = {"points": points, "per": 10 ** money_scale(program.base_currency)}
            plain = {**plain, **SPENDING_NAMES, "benefits": [{**plain["benefits"][0], **each}]}
        request = _request(program.id, f"promotion/{code}", plain, at)
        made = await create_promotion(database, request, document.parse(plain), BY)
        promotion = str(msgspec.json.decode(made.body)["id"])
        request = _request(program.id, f"publish/{code}", plain, at)
        await publish_promotion(database, programs, request, ids.read("prm", promotion), BY)
        live.append(promotion)
    return tuple(live)


def _request(program: UUID, step: str, content: object, at: datetime) -> Request:
    return Request(program, program, f"{BY}/{step}", digest(step, content), at)

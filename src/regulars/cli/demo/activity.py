"""The demo's activity: bottles brought back, once miscounted, the app opened, reviews, of which a few wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from regulars import i18n, ids
from regulars.cli.demo import bottles
from regulars.cli.demo.holders import members_of, said, then
from regulars.db import requests
from regulars.db.pool import Database
from regulars.errors import Problem
from regulars.flows.activity_kinds import put_kind
from regulars.flows.activity_sent import NewActivity, Sent, Source
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.list_activity import waiting_activities
from regulars.flows.record_activity import record_activities
from regulars.flows.review_activity import Decision, review_activity
from regulars.programs.model import Program
from regulars.purchases.activity import ActivityKind, DataField, EarningRule, Flood, Limits
from regulars.purchases.ready_kinds import READY, made

POINTS = "PTS"
APP = Source("app", "demo")
BOTTLES = ActivityKind(
    names={
        "en": "Bottles brought back",
        "lv": "Nodotas pudeles",
        "ru": "Сданные бутылки",
        "et": "Tagastatud pudelid",
        "hu": "Visszavitt palackok",
    },
    fields=(
        DataField(
            "bottles",
            "integer",
            said("Bottles", "Pudeles", "Бутылки", "Pudelid", "Palackok"),
            required=True,
            least="1",
            most="300",
        ),
    ),
    measure="sum",
    quantity="bottles",
    late_days=30,
    flood=Flood(4, 600),
    rules=(
        EarningRule(POINTS, "per", 1, "10", limits=Limits(day=20)),
        EarningRule(bottles.BOTTLES, "per", 1, "1"),
    ),
)
BROUGHT = ((0, 2, 64), (0, 9, 31), (1, 1, 120), (2, 5, 45), (3, 3, 18), (4, 12, 77), (6, 6, 52), (8, 4, 26))
"""Place of a member, days ago, bottles."""
MISCOUNTED = (1, 1, -12)
"""Of those a member brought, which, and how many were somebody else's: the machine's count was put right."""
AT = {"bottles": (17, 12), "app-open": (12, 25), "review": (20, 3)}
"""About what time of a day: hour and minute."""
OPENED = ((0, 1), (0, 3), (1, 2), (2, 1), (2, 4), (5, 2), (7, 1), (9, 6))
WRITTEN = (
    (0, 6, 5, "Rudzu maize vēl silta, un pārdevēja ieteica labu medu."),
    (3, 5, 4, "Хороший выбор сыра, но вечером мало кассиров."),
    (1, 4, 5, "Friendly people, and the tomatoes taste of something."),
    (2, 2, 2, "Kasē bija jāgaida gandrīz desmit minūtes."),
    (6, 1, 5, "Parim kohv selles tänavas."),
)
"""Place of a member, days ago, stars, text; the last two wait."""
WAITING = 2


async def load(
    database: Database, known: KnownPrograms, cards: Sequence[str], request: requests.Request
) -> None:
    """Declare the kinds and record what members did; repeated, it changes nothing."""
    fresh, at = await known.fresh(request.program), request.at
    program, vault = fresh.program, fresh.vault
    for code, kind in kinds(program).items():
        await put_kind(database, program.id, code, kind, "demo", at)
    members = await members_of(database, program.id, cards[:10])
    sent = [
        _sent(members[place], f"bottles-{place}-{days}", "bottles", at, days, {"bottles": count})
        for place, days, count in BROUGHT
    ]
    place, days, count = MISCOUNTED
    miscounted = NewActivity(
        f"bottles-{place}-{days}-counted", "bottles", at, {"bottles": count}, f"bottles-{place}-{days}"
    )
    sent.append(Sent(members[place], miscounted, requests.digest(miscounted.id, "bottles")))
    sent += [
        _sent(members[place], f"open-{place}-{days}", "app-open", at, days, {}) for place, days in OPENED
    ]
    sent += [
        _sent(members[place], f"review-{place}", "review", at, days, {"stars": stars, "text": text})
        for place, days, stars, text in WRITTEN
    ]
    done = await record_activities(database, known, program.id, APP, sent, at)
    assert not any(isinstance(one, Problem) for one in done), "the demo's activity fits its kinds"
    read = {f"review-{place}" for place, *_ in WRITTEN[:-WAITING]}
    waiting = (await waiting_activities(database, vault, None, 100)).items
    for one in waiting:
        if one.request in read:
            step = requests.Request(program.id, program.id, f"demo/{one.request}", b"demo", at)
            await review_activity(
                database, known, step, ids.read("act", one.id), Decision(True, "read, and true"), "demo"
            )


def kinds(program: Program) -> dict[str, ActivityKind]:
    """What is counted besides purchases, by code."""
    ready = {one.code: one for one in READY}

    def say(language: str, message: str) -> str:
        return i18n.language(language).gettext(message)

    def rule(points: int, day: int) -> tuple[EarningRule, ...]:
        return (EarningRule(POINTS, "fixed", points, limits=Limits(day=day)),)

    found = {"bottles": BOTTLES}
    for code, points, day in (("app-open", 1, 1), ("review", 15, 15)):
        document = made(ready[code], program.languages, program.base_currency, say)
        found[code] = replace(document, rules=rule(points, day), late_days=30)
    return found


def _sent(member: UUID, request: str, kind: str, at: datetime, days: int, data: dict[str, Any]) -> Sent:
    hour, minute = AT[kind]
    happened_at = then(at, days, hour, minute + 7 * days % 30)
    return Sent(member, NewActivity(request, kind, happened_at, data), requests.digest(request, kind))

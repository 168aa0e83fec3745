"""The pages of challenges: the list with what came of each, a form that builds one, badges, and a member's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response

from regulars.backoffice import challenge_form, desk
from regulars.backoffice.members import frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_challenges import (
    BEGINS,
    EACH,
    GOALS,
    ICONS,
    JOIN,
    MEASURES,
    OF,
    PRIZES,
    RETURNS,
    WINDOWS,
)
from regulars.errors import NotFound
from regulars.flows.quest_preview import QuestPreview, QuestRehearsal, preview_quest
from regulars.flows.quest_progress import read_progress
from regulars.flows.quests import (
    GivingBadge,
    QuestView,
    give_badge,
    list_badges,
    list_quests,
    put_badge,
    put_quest,
    stop_quest,
    take_badge,
)
from regulars.flows.read_member import read_profile
from regulars.games.badges import BadgeDocument
from regulars.games.quests import Quest, QuestDocument
from regulars.i18n import N_, OWN_NAMES
from regulars.web import quest_words

pages = Pages()
LIST = "/engagement/challenges"
SPARE_ROWS = 2


@pages.get("/engagement/challenges", needs="engagement.read")
async def challenges(visit: Visit) -> Response[Any]:
    """Every challenge with what came of it, and the badges."""
    found = await list_quests(visit.database, visit.program.id)
    badges = await list_badges(visit.database, visit.program.id)
    return visit.page(
        "challenges",
        items=[_line(visit, one) for one in found.items],
        badges=[
            (one, visit.said(one.document.names), visit.said(one.document.texts)) for one in badges.items
        ],
        pictures=_said(visit, ICONS),
        now=await visit.now(),
        languages=[(code, OWN_NAMES.get(code, code)) for code in visit.program.languages],
    )


@pages.get("/engagement/challenges/new", needs="engagement.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new challenge."""
    return await _form(visit, None)


@pages.post("/engagement/challenges/new", needs="engagement.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Make it: it counts from the next purchase on."""
    return await _save(visit, visit.form("code"), None)


@pages.get("/engagement/challenges/{code}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a challenge that is there. Raises NotFound."""
    return await _form(visit, await _one(visit))


@pages.post("/engagement/challenges/{code}/edit", needs="engagement.write", again=edit)
async def revise(visit: Visit) -> Response[Any]:
    """Change it; what was counted stays."""
    one = await _one(visit)
    return await _save(visit, one.code, one)


@pages.post("/engagement/challenges/preview", needs="engagement.write", again=new)
async def preview_new(visit: Visit) -> Response[Any]:
    """What a new challenge would have come to; nothing is kept."""
    return await _preview(visit, None)


@pages.post("/engagement/challenges/{code}/preview", needs="engagement.write", again=edit)
async def preview_changed(visit: Visit) -> Response[Any]:
    """What a challenge as it is typed would have come to; nothing is kept. Raises NotFound."""
    return await _preview(visit, await _one(visit))


@pages.post("/engagement/challenges/{code}/stop", needs="engagement.write", again=edit)
async def stop(visit: Visit) -> Response[Any]:
    """Nothing counts for it any more, or again. Raises NotFound."""
    stopped = not visit.form("resume")
    at, why = await visit.now(), desk.reason(visit)
    await stop_quest(visit.database, visit.program.id, visit.path["code"], visit.by, at, why, stopped=stopped)
    said = N_("It is stopped; what was won stays.") if stopped else N_("It counts again.")
    return visit.to(LIST, done=visit.language.gettext(said))


@pages.post("/engagement/badges", needs="engagement.write", again=challenges)
async def badge(visit: Visit) -> Response[Any]:
    """Make a badge, or change what it shows and says."""
    sent: dict[str, Any] = {"icon": visit.form("icon")}
    for field in ("names", "texts"):
        texts = {code: visit.form(f"{field}-{code}") for code in visit.program.languages}
        sent[field] = {code: text for code, text in texts.items() if text}
    document = visit.read(BadgeDocument, sent)
    await put_badge(
        visit.database, visit.program.id, visit.form("code"), document, visit.by, await visit.now()
    )
    return visit.to(LIST, done=visit.language.gettext("The badge is saved."))


@pages.get("/members/{id}/challenges", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """How far a member is, and her badges. Raises NotFound."""
    known, member = visit.known, desk.read_id(visit, "mem")
    profile = await read_profile(visit.database, visit.program, known.vault, member)
    seen = await read_progress(
        visit.database, known, member, visit.language.code, await visit.now(), codes=False
    )
    words = known.words[visit.language.code]
    badges = await list_badges(visit.database, visit.program.id)
    held = {one.badge for one in seen.badges}
    return visit.page(
        "member_challenges",
        **frame(visit, profile, "challenges"),
        seen=seen,
        last=lambda end: visit.language.short_date(end - timedelta(microseconds=1), visit.zone),
        so_far={
            one.code: quest_words.so_far(words, known, known.quests[one.code], one.reached)
            for one in seen.challenges
        },
        states={one.code: quest_words.state(visit.language, one.state) for one in seen.challenges},
        free=[(one.code, visit.said(one.document.names)) for one in badges.items if one.code not in held],
    )


@pages.post("/members/{id}/badges", needs=("engagement.serve", "members.read"), again=of_member)
async def hand(visit: Visit) -> Response[Any]:
    """Give her a badge, or take one from her."""
    member, path = desk.read_id(visit, "mem"), f"/members/{visit.path['id']}/challenges"
    if visit.form("take"):
        why = desk.reason(visit)
        await take_badge(visit.database, visit.program, member, visit.form("take"), await visit.now(), why)
        return visit.to(path, done=visit.language.gettext("The badge is taken."))
    sent = visit.read(GivingBadge, {"badge": visit.form("badge"), "reason": desk.reason(visit)})
    await give_badge(visit.database, visit.program, await visit.once(), member, sent, visit.by)
    return visit.to(path, done=visit.language.gettext("The badge is given."))


async def _save(visit: Visit, code: str, one: QuestView | None) -> Response[Any]:
    document = _typed(visit, one)
    await put_quest(visit.database, visit.program.id, code, document, visit.by, await visit.now())
    return visit.to(LIST, done=visit.language.gettext("Saved; it counts from the next purchase on."))


async def _preview(visit: Visit, one: QuestView | None) -> Response[Any]:
    days = desk.whole(visit.form("preview_days") or "30", "/days")
    asked = visit.read(QuestRehearsal, {"document": msgspec.to_builtins(_typed(visit, one)), "days": days})
    found = await preview_quest(visit.database, visit.known, asked, await visit.now())
    return await _form(visit, one, found)


def _typed(visit: Visit, one: QuestView | None) -> QuestDocument:
    """The challenge as it stands in the form. Raises InvalidValue."""
    program = visit.program
    scales = {currency.code: currency.scale for currency in program.currencies.values()}
    before = one.document if one else None
    sent = challenge_form.document_of(
        visit.form_fields(), program.base_currency, scales, visit, program.languages, before
    )
    return visit.read(QuestDocument, sent)


async def _form(visit: Visit, one: QuestView | None, tried: QuestPreview | None = None) -> Response[Any]:
    program = visit.program
    scales = {currency.code: currency.scale for currency in program.currencies.values()}
    document = one.document if one else None
    shown = challenge_form.fields_of(document, program.base_currency, scales, visit.zone)
    rows = len([name for name in shown if name.startswith("prize")])
    if visit.problem or tried is not None:
        shown |= visit.form_fields()
    badges = await list_badges(visit.database, program.id)
    return visit.page(
        "challenge_form",
        one=one,
        shown=shown,
        rows=min(challenge_form.PRIZES_MAX, rows + SPARE_ROWS),
        languages=[(code, OWN_NAMES.get(code, code)) for code in program.languages],
        goals=_said(visit, GOALS),
        of=_said(visit, OF),
        measures=_said(visit, MEASURES),
        currencies=[("", "–")] + [(code, code) for code in program.currencies],
        each=_said(visit, EACH),
        windows=_said(visit, WINDOWS),
        begins=_said(visit, BEGINS),
        joins=_said(visit, JOIN),
        returns=_said(visit, RETURNS),
        prizes=_said(visit, PRIZES),
        pictures=_said(visit, ICONS),
        partners=[("", visit.language.gettext("the program itself"))]
        + [
            (partner.code, partner.name)
            for partner in program.partners.values()
            if partner.code != "operator"
        ],
        tried=tried,
        money=lambda amount: visit.language.money(amount, program.base_currency),
        hint=", ".join([*program.currencies, *[badge.code for badge in badges.items]][:6]),
    )


async def _one(visit: Visit) -> QuestView:
    found = await list_quests(visit.database, visit.program.id)
    one = next((one for one in found.items if one.code == visit.path["code"]), None)
    if one is None:
        raise NotFound("There is no such challenge.")
    return one


def _line(visit: Visit, one: QuestView) -> dict[str, Any]:
    words = visit.known.words[visit.language.code]
    quest = Quest(one.code, one.revision, one.document)
    return {
        "code": one.code,
        "name": visit.said(one.document.names),
        "icon": one.document.icon,
        "goal": quest_words.goal(words, visit.known, one.document),
        "gives": quest_words.gives(words, quest.milestones[-1][1]),
        "members": one.members,
        "won": one.won,
        "winners": one.document.winners,
        "cost": visit.language.money(one.cost, visit.program.base_currency),
        "stopped": one.document.stopped,
        "until": one.document.valid_until,
    }


def _said(visit: Visit, options: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(code, visit.language.gettext(name)) for code, name in options]

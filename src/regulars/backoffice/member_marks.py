"""A member's tiers and marks: given by hand with an end and a reason, matched, taken away; also for a whole list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.members import A_MOMENT, frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_desk import NOT_KNOWN_THEN, UNNAMED
from regulars.backoffice.words_of_setup import MEASURES
from regulars.errors import InvalidValue, NotFound, StateConflict
from regulars.flows.desk.marking import LIST_MAX, MarkedList, MarkShown, Taking, mark_by_staff, marks_shown
from regulars.flows.desk.name_members import name_members
from regulars.flows.ladders import list_ladders
from regulars.flows.mark_member import NewMark
from regulars.flows.occasions import end_all_due
from regulars.flows.read_member import read_profile
from regulars.i18n import N_
from regulars.units import money_scale

pages = Pages()
KINDS = {"audience": N_("Audience"), "club": N_("Club"), "tier": N_("Tier")}
ACTS = ("tier", "audience", "club")
EVIDENCE_MAX = 200
Report = list[tuple[str, str, str, str]]


@pages.get("/members/{id}/marks", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """What she is marked with: tiers, audiences and clubs, until when, and why."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    hers = await marks_shown(visit.database, visit.program.id, profile.id, await visit.now())
    return visit.page(
        "member_marks",
        **frame(visit, profile, "marks"),
        marks=[(one, *_words(visit, one)) for one in hers],
        kinds=KINDS,
        last_day=lambda at: visit.language.short_date(at - A_MOMENT, visit.zone),
        **await _choices(visit),
    )


@pages.post("/members/{id}/tier", needs="members.adjust", again=of_member)
async def give_tier(visit: Visit) -> Response[Any]:
    """Give her a tier by hand, to an end or for good."""
    why = _why(visit)
    await _do(visit, _tier(visit, why), why)
    return _back(visit, N_("The member has the tier now."))


@pages.post("/members/{id}/tier/match", needs="members.adjust", again=of_member)
async def match_tier(visit: Visit) -> Response[Any]:
    """Give her the tier that she has in another program, for a while, on evidence."""
    other, seen = visit.form("other"), visit.form("evidence")
    if not other:
        raise InvalidValue("/other", N_("say which program it is, and which tier there"))
    if not seen:
        raise InvalidValue("/evidence", N_("say what you saw"))
    if not visit.form("until"):
        raise InvalidValue("/until", N_("a matched tier needs an end"))
    why = f"{other}: {seen}"
    if len(why) > EVIDENCE_MAX:
        raise InvalidValue("/evidence", N_("is too long: at most 200 characters with the program"))
    await _do(visit, _tier(visit, why, match=_kept_by(visit)), why)
    return _back(visit, N_("The member has the tier now."))


@pages.post("/members/{id}/tier/take", needs="members.adjust", again=of_member)
async def take_tier(visit: Visit) -> Response[Any]:
    """Take a tier away: she is back where the ladder begins."""
    await _do(visit, Taking("tier", visit.form("name")), _why(visit))
    return _back(visit, N_("The tier is taken away."))


@pages.post("/members/{id}/marks", needs="members.change", again=of_member)
async def give_mark(visit: Visit) -> Response[Any]:
    """Mark her with an audience or a club."""
    why = _why(visit)
    await _do(visit, _mark(visit, visit.form("kind")), why)
    return _back(visit, N_("The member is marked."))


@pages.post("/members/{id}/marks/take", needs="members.change", again=of_member)
async def take_mark(visit: Visit) -> Response[Any]:
    """Take an audience or a club away from her."""
    await _do(visit, _taking(visit, visit.form("kind")), _why(visit))
    return _back(visit, N_("The mark is taken away."))


@pages.get("/members/marks", needs=("members.change", "members.adjust"))
async def of_many(visit: Visit) -> Response[Any]:
    """The form that marks a list of members."""
    return await _many(visit, None)


@pages.post("/members/marks", needs=("members.change", "members.adjust"), again=of_many)
async def mark_many(visit: Visit) -> Response[Any]:
    """Mark those who are named line by line, or take it from them; what became of each line is said."""
    lines = [line.strip() for line in visit.form("members").splitlines() if line.strip()]
    if not 1 <= len(lines) <= LIST_MAX:
        raise InvalidValue("/members", N_("names one member a line, at least one and at most 1000"))
    why, what = _why(visit), visit.form("what")
    if what not in ACTS:
        raise InvalidValue("/what", N_("is not possible here"))
    if visit.form("act") == "take":
        ladder = visit.form("tier").partition("/")[0]
        act: NewMark | Taking = Taking("tier", ladder) if what == "tier" else _taking(visit, what)
    else:
        act = _tier(visit, why) if what == "tier" else _mark(visit, what)
    named = await name_members(visit.database, visit.known, lines)
    members = list(dict.fromkeys(one.member for one in named if one.member is not None))
    became = {item.member: item for item in (await _done(visit, members, act, why)).items}
    report: Report = []
    for one in named:
        if one.member is None:
            report.append((one.text, "", visit.language.gettext(UNNAMED[one.why]), "bad"))
            continue
        item = became.get(ids.show("mem", one.member))
        if item is None:
            report.append((one.text, one.name, visit.language.gettext(NOT_KNOWN_THEN), "bad"))
            continue
        told = visit.language.gettext(item.detail or N_("done"))
        report.append((one.text, one.name, told, "good" if item.status == 200 else "bad"))
    return await _many(visit, report)


async def _many(visit: Visit, report: Report | None) -> Response[Any]:
    return visit.page(
        "members_marks", report=report, kinds=KINDS, sent=visit.form_fields(), **await _choices(visit)
    )


async def _do(visit: Visit, act: NewMark | Taking, why: str) -> None:
    """To the one member of the page. Raises StateConflict, NotFound, and as the flow does."""
    (item,) = (await _done(visit, [desk.read_id(visit, "mem")], act, why)).items
    if item.status == NotFound.status:
        raise NotFound(item.detail)
    if item.status != 200:
        raise StateConflict(item.detail)


async def _done(visit: Visit, members: Sequence[UUID], act: NewMark | Taking, why: str) -> MarkedList:
    answer = await mark_by_staff(visit.database, await visit.once(), members, act, why)
    if isinstance(act, Taking) and act.kind == "club":
        await end_all_due(visit.database, visit.known, await visit.now())
    return msgspec.json.decode(answer.body, type=MarkedList)


def _tier(visit: Visit, why: str, match: Sequence[Any] = ()) -> NewMark:
    return _read(visit, "tier", visit.form("tier"), {"reason": why, "match": list(match)})


def _mark(visit: Visit, kind: str) -> NewMark:
    if kind not in ("audience", "club"):
        raise InvalidValue("/kind", N_("is not possible here"))
    return _read(visit, kind, visit.form("code"), {})


def _read(visit: Visit, kind: str, code: str, more: dict[str, Any]) -> NewMark:
    until = desk.moment(visit, visit.form("until"), "/until", end=True)
    return visit.read(NewMark, {"kind": kind, "code": code, "until": until, **more})


def _taking(visit: Visit, kind: str) -> Taking:
    name = visit.form("code") or visit.form("name")
    if kind == "audience" and name:
        return Taking("audience", name)
    if kind == "club" and name:
        return Taking("club", name)
    raise InvalidValue("/code", N_("is not possible here"))


def _kept_by(visit: Visit) -> list[list[dict[str, Any]]]:
    """What has to be reached by the end for the tier to stay; nothing: it ends."""
    measure = visit.form("measure")
    if not measure:
        return []
    scale = money_scale(visit.program.base_currency) if measure == "spend" else 0
    at_least = desk.amount(visit.form("at_least"), scale, "/at_least")
    return [[{"measure": measure, "at_least": at_least}]]


def _why(visit: Visit) -> str:
    why = desk.reason(visit)
    if len(why) > EVIDENCE_MAX:
        raise InvalidValue("/reason", N_("is too long: at most 200 characters"))
    return why


async def _choices(visit: Visit) -> dict[str, Any]:
    """The tiers of all ladders by their names, and the audiences and clubs that have one."""
    ladders = (await list_ladders(visit.database, visit.program.id)).items
    words = visit.known.words[visit.language.code]
    tiers: list[tuple[str, str]] = []
    for ladder in ladders:
        for tier in ladder.document.tiers:
            if tier.code != ladder.base:
                code = f"{ladder.code}/{tier.code}"
                by = visit.language.gettext(N_("by invitation only")) if tier.invitation_only else ""
                tiers.append(
                    (code, f"{words.named('tier', code)} · {by}" if by else words.named("tier", code))
                )
    names = visit.program.settings.names
    return {
        "tiers": tiers,
        "known": sorted({*names.get("audience", {}), *names.get("club", {})}),
        "measures": [(code, visit.language.gettext(name)) for code, name in MEASURES],
    }


def _words(visit: Visit, one: MarkShown) -> tuple[str, str]:
    """(what it is called, what keeps it) of a mark."""
    words = visit.known.words[visit.language.code]
    measures = dict(MEASURES)
    asked = [
        visit.language.gettext(measures.get(part.measure, part.measure))
        + " "
        + (
            visit.language.money(part.at_least, visit.program.base_currency)
            if part.measure == "spend"
            else visit.language.number(part.at_least)
        )
        for way in one.match
        for part in way
    ]
    return words.named(one.mark.kind, one.mark.code), ", ".join(asked)


def _back(visit: Visit, done: str) -> Response[Any]:
    shown = ids.show("mem", desk.read_id(visit, "mem"))
    return visit.to(f"/members/{shown}/marks", done=visit.language.gettext(done))

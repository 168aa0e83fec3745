"""The pages on which two members become one, and two again: both side by side first."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.members import finds, frame, overview
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.desk.compare_members import compare_members
from regulars.flows.desk.find_people import find_people
from regulars.flows.merge_members import Merged, NewMerge, merge_members
from regulars.flows.unmerge_members import Unmerged, unmerge_members
from regulars.i18n import N_

pages = Pages()


@pages.get("/members/{id}/merge", needs="members.merge")
async def compare(visit: Visit) -> Response[Any]:
    """The member and the one who may be she too, side by side; nothing is written."""
    return await _page(visit, visit.query.get("with") or visit.form("member"))


async def _page(visit: Visit, other: str) -> Response[Any]:
    duplicate = ids.read("mem", other, "?with") if other else None
    compared = await compare_members(
        visit.database, visit.known, desk.read_id(visit, "mem"), duplicate, await visit.now()
    )
    return visit.page(
        "member_merge",
        **frame(visit, compared.survivor.profile, "merge"),
        compared=compared,
        days=visit.program.settings.unmerge_days,
    )


@pages.post("/members/{id}/merge/find", needs="members.merge", again=compare)
async def find(visit: Visit) -> Response[Any]:
    """Look for the duplicate by whatever she is found by; it must be one member."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    found = await find_people(visit.database, visit.known, visit.form("text"), at=await visit.now())
    others = [one.member for one in found.people if ids.show("mem", one.member) != visit.path["id"]]
    if len(others) != 1:
        raise InvalidValue("/text", N_("finds nobody else, or several: type a card, phone or email"))
    return visit.to(f"/members/{visit.path['id']}/merge?with={ids.show('mem', others[0])}")


@pages.post("/members/{id}/merge", needs="members.merge", again=compare, why=True)
async def merge(visit: Visit) -> Response[Any]:
    """Merge a duplicate into this member."""
    answer = await merge_members(
        visit.database, visit.program, visit.known.vault, await visit.once(), visit.by,
        desk.read_id(visit, "mem"), NewMerge(visit.form("member")),
    )  # fmt: skip
    visit.state.post_office.send(visit.program.id)
    done = msgspec.json.decode(answer.body, type=Merged)
    text = visit.language.gettext("They are one member now. Until %s you can take them apart again.")
    day = visit.language.date(done.undo_until, visit.zone)
    return visit.to(f"/members/{done.member}", done=text % day)


@pages.post("/members/{id}/unmerge/{other}", needs="members.merge", again=overview, why=True)
async def unmerge(visit: Visit) -> Response[Any]:
    """Make them two members again."""
    answer = await unmerge_members(
        visit.database, visit.program, visit.known.vault, await visit.once(), visit.by,
        desk.read_id(visit, "mem"), NewMerge(visit.path["other"]),
    )  # fmt: skip
    visit.state.post_office.send(visit.program.id)
    done = msgspec.json.decode(answer.body, type=Unmerged)
    say = desk.pointing(visit)
    text = visit.language.gettext("They are two members again.")
    if done.owed:
        owed = visit.language.joined([say(one.currency, one.amount) for one in done.owed])
        text += " " + visit.language.gettext("What was spent meanwhile is owed: %s.") % owed
    return visit.to(f"/members/{visit.path['id']}", done=text)

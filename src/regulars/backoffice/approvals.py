"""What waits for a second person: each act in plain words, agreed to or refused with a word; what became of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars import ids
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.backoffice.words_of_review import STANDINGS, act_text
from regulars.errors import Forbidden
from regulars.flows import approvals as flow
from regulars.flows.asking import ApprovalView
from regulars.flows.desk.names_of import names_of
from regulars.i18n import N_
from regulars.programs.approvals import Act
from regulars.programs.roles import Permission

pages = Pages()
WAITING_MAX = 100
AT_ONCE = 25
LEADS_TO: dict[Act, tuple[str, Permission]] = {
    "points.adjust": ("/members/{}", "members.read"),
    "member.erase": ("/members/{}", "members.read"),
    "promotion.publish": ("/promotions/{}", "promotions.read"),
    "key.create": ("/setup/keys", "keys.write"),
}
"""Where the page of what it is about is, and what that needs."""
NOT_HERS = N_(
    "Who decides, who asked, and who reads the audit trail sees an approval; your role does neither."
)


class Shown(Struct, frozen=True):
    """An approval as it is read."""

    one: ApprovalView
    text: str
    """What happens once somebody agrees."""
    href: str | None
    about: str
    """The name of the member whom it is about; empty: nobody, or not to be seen."""
    mine: bool
    """She asked for it herself: somebody else decides."""
    key_waits: bool
    """A key was made for her whose text she has not seen."""
    status: str
    tone: str


@pages.get("/review", needs="approvals.decide")
async def waiting(visit: Visit) -> Response[Any]:
    """What waits for a second person."""
    now, database, program = await visit.now(), visit.database, visit.program.id
    cursor = visit.query.get("cursor")
    before = ids.read("apr", cursor, "?cursor") if cursor else None
    open_ones = await flow.list_approvals(
        database, now, program, waiting=True, before=None, limit=WAITING_MAX
    )
    every = await flow.list_approvals(database, now, program, waiting=False, before=before, limit=AT_ONCE)
    others = await flow.deciders_beside(database, program, visit.staff.id)
    decided = [one for one in every.items if one.status != "open"]
    names = await _names(visit, [*open_ones.items, *decided])
    return visit.page(
        "approvals",
        waiting=[_shown(visit, one, names) for one in open_ones.items],
        decided=[_shown(visit, one, names) for one in decided],
        next=every.next,
        first=cursor is None,
        alone=others == 0,
        settings=visit.program.settings,
    )


@pages.get("/review/asked", needs=None)
async def asked(visit: Visit) -> Response[Any]:
    """What she has asked for herself."""
    now = await visit.now()
    hers = await flow.asked_for_by(visit.database, now, visit.program.id, visit.actor.id, WAITING_MAX)
    names = await _names(visit, hers)
    mine = [_shown(visit, one, names) for one in hers]
    return visit.page("approvals_asked", mine=mine, key="")


@pages.get("/review/{id}", needs=None)
async def approval(visit: Visit) -> Response[Any]:
    """One of them: for who decides, who asked, and who reads the audit trail."""
    found = await flow.read_approval(visit.database, visit.program.id, _id(visit), await visit.now())
    shown = _shown(visit, found, await _names(visit, [found]))
    if not (shown.mine or visit.may("approvals.decide") or visit.may("audit.read")):
        raise Forbidden(NOT_HERS)
    return visit.page("approval", shown=shown)


@pages.post("/review/{id}/approve", needs="approvals.decide", again=waiting)
async def approve(visit: Visit) -> Response[Any]:
    """Agree, and it is done."""
    secret = visit.state.settings.secret
    await flow.approve(
        visit.database, visit.state.known, secret, await visit.once(), _id(visit), visit.form("word")
    )
    return visit.to("/review", done=visit.language.gettext("Agreed, and done."))


@pages.post("/review/{id}/refuse", needs="approvals.decide", again=waiting)
async def refuse(visit: Visit) -> Response[Any]:
    """Say no, and why."""
    await flow.refuse(visit.database, await visit.once(), _id(visit), visit.form("word"))
    return visit.to("/review", done=visit.language.gettext("Refused; who asked can read why."))


@pages.post("/review/{id}/withdraw", needs=None, again=asked)
async def withdraw(visit: Visit) -> Response[Any]:
    """Take back what she has asked for."""
    await flow.withdraw(visit.database, await visit.once(), _id(visit), visit.form("word"))
    back = "/review" if visit.may("approvals.decide") else "/review/asked"
    return visit.to(back, done=visit.language.gettext("Taken back."))


@pages.post("/review/{id}/key", needs="keys.write", again=asked)
async def show_key(visit: Visit) -> Response[Any]:
    """Show the key that was agreed to, once."""
    text = await flow.take_key(visit.database, await visit.once(), _id(visit), visit.state.settings.secret)
    answer = visit.page("approvals_asked", mine=[], key=text)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _names(visit: Visit, found: Sequence[ApprovalView]) -> dict[str, str]:
    """Names of the members whom these are about, for somebody who may read them."""
    if not visit.may("members.read"):
        return {}
    members = [one.subject for one in found if one.act in ("points.adjust", "member.erase")]
    return await names_of(visit.database, visit.known, members)


def _shown(visit: Visit, one: ApprovalView, names: Mapping[str, str]) -> Shown:
    place, needs = LEADS_TO[one.act]
    mine = one.asked_by.id == visit.actor.id
    key_waits = mine and one.act == "key.create" and one.status == "approved"
    status, tone = STANDINGS[one.status]
    language = visit.language
    return Shown(
        one,
        act_text(one, visit.program, language),
        ROOT + place.format(one.subject) if visit.may(needs) else None,
        names.get(one.subject, ""),
        mine,
        key_waits,
        language.gettext(status),
        tone,
    )


def _id(visit: Visit) -> UUID:
    return ids.read("apr", visit.path["id"], "/id")

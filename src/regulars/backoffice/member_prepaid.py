"""A member's memberships, packs and rhythm of visits, and what service does with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.members import frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue, NotFound
from regulars.flows import memberships
from regulars.flows.begin_membership import NewMembership, begin_membership
from regulars.flows.member_prepaid import member_prepaid
from regulars.flows.membership_plans import list_plans, memberships_of
from regulars.flows.memberships import (
    Cancellation,
    MembershipView,
    Pause,
    PlanChange,
    Renewal,
    Work,
)
from regulars.flows.packs import (
    NewPack,
    NewVisit,
    PackRefund,
    PackView,
    list_kinds,
    packs_of,
    refund_pack,
    sell_pack,
    use_visit,
)
from regulars.flows.read_member import read_profile
from regulars.flows.read_rhythm import read_rhythm
from regulars.i18n import N_
from regulars.web import prepaid_words

pages = Pages()
TONES = {"active": "good", "due": "warning", "paused": "information", "ended": ""}


@pages.get("/members/{id}/memberships", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """How regularly she comes, her stamps, what she has paid for, and what can be done."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    at, spoken = await visit.now(), visit.language.code
    plans = (await list_plans(visit.database, visit.program.id)).items
    kinds = (await list_kinds(visit.database, visit.program.id, at)).items
    hers = (await memberships_of(visit.database, visit.program.id, profile.id)).items
    packs = (await packs_of(visit.database, visit.program.id, profile.id, at)).items
    collected = await member_prepaid(visit.database, visit.known, profile.id, spoken, at)
    rhythm = await read_rhythm(visit.database, visit.program, profile.id, at)
    called = {one.code: visit.said(one.document.names) for one in plans}
    sold = {one.code: visit.said(one.document.names) for one in kinds}
    return visit.page(
        "member_memberships",
        **frame(visit, profile, "memberships"),
        rhythm=rhythm,
        last_visit=prepaid_words.day(visit.language, rhythm.last_visit, visit.zone)
        if rhythm.last_visit
        else "",
        overdue_on=prepaid_words.day(visit.language, rhythm.overdue_on, visit.zone)
        if rhythm.overdue_on
        else "",
        median=visit.language.number(Decimal(rhythm.median_days), decimals=1) if rhythm.median_days else "",
        stamps=collected.stamps,
        memberships=[_line(visit, one, called) for one in hers],
        packs=[_pack(visit, one, sold) for one in packs],
        plans=[(one.code, called[one.code]) for one in plans if not one.document.stopped],
        kinds=[(one.code, sold[one.code]) for one in kinds if not one.document.stopped],
        visits=sorted({one.currency for one in packs if one.left}),
    )


@pages.post("/members/{id}/memberships", needs=("engagement.serve", "members.read"), again=of_member)
async def begin(visit: Visit) -> Response[Any]:
    """Begin one: paid, or with days on trial."""
    reference = visit.form("reference")
    new = visit.read(
        NewMembership, {"plan": visit.form("plan")} | ({"reference": reference} if reference else {})
    )
    await begin_membership(
        visit.database, visit.program, await visit.once(), visit.by, desk.read_id(visit, "mem"), new
    )
    return _back(visit, N_("Begun."))


@pages.post(
    "/members/{id}/memberships/{membership}", needs=("engagement.serve", "members.read"), again=of_member
)
async def act(visit: Visit) -> Response[Any]:
    """Renew it, pause it, go on, change its plan or end it. Raises NotFound for somebody else's."""
    member, one = desk.read_id(visit, "mem"), ids.read("mbs", visit.path["membership"], "/membership")
    hers = (await memberships_of(visit.database, visit.program.id, member)).items
    if all(each.id != visit.path["membership"] for each in hers):
        raise NotFound("There is no such membership.")
    kind, work, done = _work(visit)
    answer = await memberships.act(
        visit.database, visit.program, await visit.once(), visit.by, one, kind, work
    )
    refund = msgspec.json.decode(answer.body, type=MembershipView).refund
    if refund:
        money = visit.language.money(refund, visit.program.base_currency)
        return visit.to(
            _page(visit), done=visit.language.gettext("Ended. Pay back %(money)s.") % {"money": money}
        )
    return _back(visit, done)


def _work(visit: Visit) -> tuple[str, Work, str]:
    what, why = visit.form("act"), visit.form("reason")
    paid = {"reference": visit.form("reference")}
    if what == "renew":
        return "membership.prolonged", memberships.renewing(visit.read(Renewal, paid)), N_("Renewed.")
    if what == "change":
        change = visit.read(PlanChange, paid | {"plan": visit.form("plan")})
        return "membership.plan_changed", memberships.changing(change), N_("Changed.")
    if what in ("period_end", "now"):
        end = visit.read(Cancellation, {"when": what, "reason": why})
        return "membership.cancelled", memberships.cancelling(end), N_("It ends.")
    if what == "pause":
        return "membership.paused", memberships.pausing(visit.read(Pause, {"reason": why})), N_("Paused.")
    if what == "resume":
        return "membership.resumed", memberships.resuming(visit.read(Pause, {})), N_("It goes on.")
    raise InvalidValue("/act", "is none that can be done")


@pages.post("/members/{id}/packs", needs=("engagement.serve", "members.read"), again=of_member)
async def packs(visit: Visit) -> Response[Any]:
    """Sell a pack, use a visit, or pay back what is left."""
    member, what, request = desk.read_id(visit, "mem"), visit.form("act"), await visit.once()
    program = visit.program
    if what == "sell":
        new = visit.read(NewPack, {"pack": visit.form("pack"), "reference": visit.form("reference")})
        await sell_pack(visit.database, program, request, visit.by, member, new)
        return _back(visit, N_("Sold."))
    if what == "use":
        used = visit.read(NewVisit, {"currency": visit.form("currency")})
        await use_visit(visit.database, program, request, visit.by, member, used)
        return _back(visit, N_("A visit is taken off."))
    pack = visit.form("pack")
    hers = (await packs_of(visit.database, program.id, member, await visit.now())).items
    if all(one.id != pack for one in hers):
        raise NotFound("There is no such pack.")
    refund = visit.read(PackRefund, {"reason": desk.reason(visit)})
    await refund_pack(visit.database, program, request, visit.by, ids.read("pck", pack, "/pack"), refund)
    return _back(visit, N_("Noted. Pay back what stands beside it."))


def _page(visit: Visit) -> str:
    return f"/members/{visit.path['id']}/memberships"


def _back(visit: Visit, done: str) -> Response[Any]:
    return visit.to(_page(visit), done=visit.language.gettext(done))


def _line(visit: Visit, one: MembershipView, called: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id, "plan": called.get(one.plan, one.plan), "code": one.plan, "state": one.state,
        "name": visit.language.gettext(prepaid_words.STATES[one.state]), "tone": TONES[one.state],
        "standing": prepaid_words.standing(visit.language, one, visit.zone), "to_end": one.to_end,
    }  # fmt: skip


def _pack(visit: Visit, one: PackView, sold: dict[str, str]) -> dict[str, Any]:
    money = visit.program.base_currency
    return {
        "id": one.id, "name": sold.get(one.code, one.code), "left": one.left, "visits": one.visits,
        "price": visit.language.money(one.price, money),
        "until": visit.language.short_date(one.expires_at, visit.zone) if one.expires_at else "",
        "refunded": None if one.refunded is None else visit.language.money(one.refunded, money),
    }  # fmt: skip

"""The pages of memberships and packs: plans and packs on sale, who has one and who is to pay, and who is overdue."""

from __future__ import annotations

import csv
import io
from typing import Any

from litestar import Response

from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue, NotFound
from regulars.flows.desk.names_of import names_of
from regulars.flows.membership_plans import list_plans, memberships_in, put_plan, tiers_of
from regulars.flows.memberships import MembershipView
from regulars.flows.packs import list_kinds, put_kind
from regulars.flows.read_rhythm import list_overdue
from regulars.i18n import N_, OWN_NAMES
from regulars.rewards.packs import PackDocument
from regulars.rewards.plans import CODE, PlanDocument
from regulars.units import money_scale
from regulars.web import prepaid_words

pages = Pages()
LIST = "/engagement/memberships"
AT_ONCE = 30
CSV_MAX = 200
CSV_ROWS_MAX = 20_000
STATES = (
    ("due", N_("To be paid")), ("active", N_("Active")), ("paused", N_("Paused")), ("ended", N_("Ended")),
)  # fmt: skip
TONES = {"active": "good", "due": "warning", "paused": "information", "ended": ""}
PERIODS = (("month", N_("a month")), ("quarter", N_("a quarter")), ("year", N_("a year")))
REFUNDS = (
    ("in_proportion", N_("the days that are left")), ("none", N_("nothing")),
)  # fmt: skip


@pages.get(LIST, needs="engagement.read")
async def memberships(visit: Visit) -> Response[Any]:
    """Plans, packs with what is owed on them, memberships by state, and how many members are overdue."""
    at, state = await visit.now(), visit.query.get("show", "due")
    state = state if state in TONES else "due"
    plans = (await list_plans(visit.database, visit.program.id)).items
    packs = (await list_kinds(visit.database, visit.program.id, at)).items
    found = await memberships_in(visit.database, visit.program.id, state, visit.query.get("cursor"), AT_ONCE)
    overdue = await list_overdue(visit.database, visit.program, at, None, 1)
    names = await _names(visit, [one.member for one in found.items])
    called = {one.code: visit.said(one.document.names) for one in plans}
    return visit.page(
        "memberships",
        plans=[_plan_line(visit, one.code, called[one.code], one.document) for one in plans],
        packs=[(one, visit.said(one.document.names), _money(visit, one.liability)) for one in packs],
        items=[_line(visit, one, called, names) for one in found.items],
        next=found.next,
        first=not visit.query.get("cursor"),
        state=state,
        states=[(code, visit.language.gettext(name)) for code, name in STATES],
        money=lambda amount: _money(visit, amount),
        overdue=overdue.total,
        watched=visit.program.settings.regularity.on,
    )


@pages.get("/engagement/overdue", needs="engagement.read")
async def overdue(visit: Visit) -> Response[Any]:
    """Members who used to come regularly and are overdue, those who just became so first."""
    found = await list_overdue(
        visit.database, visit.program, await visit.now(), visit.query.get("cursor"), AT_ONCE
    )
    names = await _names(visit, [one.member for one in found.items])
    return visit.page(
        "overdue",
        items=[
            (one, names.get(one.member, ""), *[_day(visit, day) for day in (one.last_visit, one.overdue_on)])
            for one in found.items
        ],
        total=found.total,
        next=found.next,
        first=not visit.query.get("cursor"),
        watched=visit.program.settings.regularity.on,
    )


@pages.get("/engagement/overdue.csv", needs="engagement.read")
async def overdue_csv(visit: Visit) -> Response[Any]:
    """The same as a table, at most 20,000 lines: by id, without names."""
    text, at = io.StringIO(), await visit.now()
    lines, cursor = csv.writer(text), None
    lines.writerow(["member", "last_visit", "median_days", "overdue_on"])
    for _ in range(CSV_ROWS_MAX // CSV_MAX):
        found = await list_overdue(visit.database, visit.program, at, cursor, CSV_MAX)
        for one in found.items:
            lines.writerow([one.member, one.last_visit, one.median_days, one.overdue_on])
        cursor = found.next
        if cursor is None:
            break
    return visit.file("overdue.csv", "\ufeff" + text.getvalue(), "text/csv")


@pages.get(f"{LIST}/plans/new", needs="engagement.write")
async def new_plan(visit: Visit) -> Response[Any]:
    """The form of a new plan."""
    return await _plan_form(visit, "", None)


@pages.post(f"{LIST}/plans/new", needs="engagement.write", again=new_plan)
async def make_plan(visit: Visit) -> Response[Any]:
    """Make it."""
    plans = (await list_plans(visit.database, visit.program.id)).items
    return await _save_plan(visit, _new_code(visit, {one.code for one in plans}))


@pages.get(f"{LIST}/plans/{{code}}/edit", needs="engagement.write")
async def edit_plan(visit: Visit) -> Response[Any]:
    """The form of a plan that is there. Raises NotFound."""
    return await _plan_form(visit, visit.path["code"], await _plan(visit))


@pages.post(f"{LIST}/plans/{{code}}/edit", needs="engagement.write", again=edit_plan)
async def change_plan(visit: Visit) -> Response[Any]:
    """Change it by a new revision."""
    await _plan(visit)
    return await _save_plan(visit, visit.path["code"])


@pages.get(f"{LIST}/packs/new", needs="engagement.write")
async def new_pack(visit: Visit) -> Response[Any]:
    """The form of a new pack."""
    return _pack_form(visit, "", None)


@pages.post(f"{LIST}/packs/new", needs="engagement.write", again=new_pack)
async def make_pack(visit: Visit) -> Response[Any]:
    """Make it."""
    packs = (await list_kinds(visit.database, visit.program.id, await visit.now())).items
    return await _save_pack(visit, _new_code(visit, {one.code for one in packs}))


@pages.get(f"{LIST}/packs/{{code}}/edit", needs="engagement.write")
async def edit_pack(visit: Visit) -> Response[Any]:
    """The form of a pack that is there. Raises NotFound."""
    return _pack_form(visit, visit.path["code"], await _pack(visit))


@pages.post(f"{LIST}/packs/{{code}}/edit", needs="engagement.write", again=edit_pack)
async def change_pack(visit: Visit) -> Response[Any]:
    """Change it by a new revision."""
    await _pack(visit)
    return await _save_pack(visit, visit.path["code"])


async def _plan(visit: Visit) -> PlanDocument:
    plans = (await list_plans(visit.database, visit.program.id)).items
    found = next((one.document for one in plans if one.code == visit.path["code"]), None)
    if found is None:
        raise NotFound("There is no such plan.")
    return found


async def _pack(visit: Visit) -> PackDocument:
    packs = (await list_kinds(visit.database, visit.program.id, await visit.now())).items
    found = next((one.document for one in packs if one.code == visit.path["code"]), None)
    if found is None:
        raise NotFound("There is no such pack.")
    return found


def _new_code(visit: Visit, taken: set[str]) -> str:
    code = visit.form("code")
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", N_("Small letters, digits, dots, hyphens and underscores."))
    if code in taken:
        raise InvalidValue("/code", N_("There is one of this code already."))
    return code


async def _save_plan(visit: Visit, code: str) -> Response[Any]:
    sent = _texts(visit) | _numbers(visit, ("trial_days", "grace_days"))
    sent |= {"price": _amount(visit, "price"), "period": visit.form("period"), "refund": visit.form("refund")}
    if visit.form("club"):
        sent["club"] = visit.form("club")
    sent |= {"tier": visit.form("tier") or None, "sku": visit.form("sku") or None}
    if visit.form("right"):
        sent["rights"] = [
            {"code": visit.form("right"), "uses": desk.whole(visit.form("uses") or "1", "/rights")}
        ]
    if visit.form("kept_per_use"):
        sent["kept_per_use"] = _amount(visit, "kept_per_use")
    document = visit.read(PlanDocument, sent)
    await put_plan(visit.database, visit.program.id, code, document, visit.by, await visit.now())
    return visit.to(LIST, done=visit.language.gettext("Saved. It counts from now on."))


async def _save_pack(visit: Visit, code: str) -> Response[Any]:
    sent = _texts(visit) | _numbers(visit, ("visits", "valid_days"))
    sent |= {"price": _amount(visit, "price"), "currency": visit.form("currency")}
    sent["sku"] = visit.form("sku") or None
    document = visit.read(PackDocument, sent)
    await put_kind(visit.database, visit.program.id, code, document, visit.by, await visit.now())
    return visit.to(LIST, done=visit.language.gettext("Saved. It counts from now on."))


def _texts(visit: Visit) -> dict[str, Any]:
    sent: dict[str, Any] = {"stopped": bool(visit.form("stopped"))}
    for field in ("names", "texts"):
        texts = {code: visit.form(f"{field}-{code}") for code in visit.program.languages}
        sent[field] = {code: text for code, text in texts.items() if text}
    return sent


def _numbers(visit: Visit, names: tuple[str, ...]) -> dict[str, int]:
    return {name: desk.whole(visit.form(name), f"/{name}") for name in names if visit.form(name)}


def _amount(visit: Visit, name: str) -> int:
    return desk.amount(visit.form(name), money_scale(visit.program.base_currency), f"/{name}")


async def _plan_form(visit: Visit, code: str, document: PlanDocument | None) -> Response[Any]:
    shown = {"period": "month", "grace_days": "7", "trial_days": "0", "refund": "in_proportion"}
    if document is not None:
        right = document.rights[0] if document.rights else None
        shown |= _said(document) | {
            "price": _typed(visit, document.price), "period": document.period, "club": document.club or "",
            "grace_days": str(document.grace_days), "trial_days": str(document.trial_days),
            "refund": document.refund, "right": right.code if right else "", "uses": str(right.uses) if right else "",
            "kept_per_use": _typed(visit, document.kept_per_use) if document.kept_per_use else "",
            "tier": document.tier or "", "sku": document.sku or "",
        }  # fmt: skip
    say = visit.language.gettext
    tiers = await tiers_of(visit.database, visit.program.id)
    return visit.page(
        "membership_form",
        code=code,
        shown=shown | (visit.form_fields() if visit.problem else {}),
        languages=[(one, OWN_NAMES.get(one, one)) for one in visit.program.languages],
        periods=[(one, say(name)) for one, name in PERIODS],
        refunds=[(one, say(name)) for one, name in REFUNDS],
        tiers=[("", say("none")), *[(tier, _tier(visit, tier)) for tier in tiers]],
    )


def _pack_form(visit: Visit, code: str, document: PackDocument | None) -> Response[Any]:
    shown = {"visits": "10", "valid_days": "365"}
    if document is not None:
        shown |= _said(document) | {
            "price": _typed(visit, document.price), "visits": str(document.visits),
            "valid_days": str(document.valid_days), "currency": document.currency,
            "sku": document.sku or "",
        }  # fmt: skip
    return visit.page(
        "pack_form",
        code=code,
        shown=shown | (visit.form_fields() if visit.problem else {}),
        languages=[(one, OWN_NAMES.get(one, one)) for one in visit.program.languages],
        currencies=[
            (one.code, one.code) for one in visit.program.currencies.values() if one.kind == "visits"
        ],
    )


def _said(document: PlanDocument | PackDocument) -> dict[str, str]:
    shown = {f"names-{code}": text for code, text in document.names.items()}
    shown |= {f"texts-{code}": text for code, text in document.texts.items()}
    return shown | ({"stopped": "1"} if document.stopped else {})


def _typed(visit: Visit, amount: int) -> str:
    scale = money_scale(visit.program.base_currency)
    whole, rest = divmod(amount, 10**scale)
    return f"{whole}.{rest:0{scale}d}" if scale else str(whole)


def _plan_line(visit: Visit, code: str, name: str, document: PlanDocument) -> dict[str, Any]:
    price = prepaid_words.price(visit.language, document.price, visit.program.base_currency, document.period)
    gives = [document.club] if document.club else []
    gives += [_tier(visit, document.tier)] if document.tier else []
    gives += [f"{right.uses} × {right.code}" for right in document.rights]
    return {"code": code, "name": name, "price": price, "gives": gives, "live": not document.stopped}


def _tier(visit: Visit, tier: str) -> str:
    return visit.known.words[visit.language.code].named("tier", tier)


def _line(visit: Visit, one: MembershipView, called: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id, "member": one.member, "name": names.get(one.member, ""), "plan": called.get(one.plan, one.plan),
        "until": prepaid_words.last_day(visit.language, one.until_day, visit.zone),
        "state": visit.language.gettext(prepaid_words.STATES[one.state]), "tone": TONES[one.state],
        "to_end": one.to_end,
    }  # fmt: skip


async def _names(visit: Visit, members: list[str]) -> dict[str, str]:
    if not visit.may("members.read"):
        return {}
    return await names_of(visit.database, visit.known, members)


def _money(visit: Visit, amount: int) -> str:
    return visit.language.money(amount, visit.program.base_currency)


def _day(visit: Visit, day: Any) -> str:
    return prepaid_words.day(visit.language, day, visit.zone)

"""Referrals: what is given for bringing friends, who brought whom, who was refused and why, and what it cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from litestar import Response

from regulars.backoffice import desk
from regulars.backoffice.members import frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.read_member import read_profile
from regulars.flows.read_referrals import Listing, ReferralView, list_referrals, referral_figures
from regulars.flows.referral_programs import list_referral_programs, prize_batches, put_referral_program
from regulars.members.referrals import CODE, ReferralDocument
from regulars.prizes import Prize
from regulars.units import money_scale
from regulars.web import referral_words
from regulars.web.referral_words import REASONS, STATES, WITHHELD

pages = Pages()
LIST = "/engagement/referrals"
ROWS = 3
NUMBERS = ("return_days", "within_days", "enter_days", "take_back_days", "a_month", "a_year", "ever")
MONEY = ("least_amount", "budget")
SAME = "same"
TONES = {"rewarded": "good", "capped": "good", "refused": "warning", "taken_back": "warning"}


@pages.get(LIST, needs="engagement.read")
async def every(visit: Visit) -> Response[Any]:
    """What is promised, what came of it, and who was refused."""
    found = await list_referral_programs(visit.database, visit.program.id)
    refused = visit.query.get("refused") == "1"
    listing = Listing(cursor=visit.query.get("cursor"), refused=refused)
    page = await list_referrals(visit.database, visit.program.id, listing)
    document = found.items[0].document if found.items else None
    words = visit.known.words[visit.language.code]
    return visit.page(
        "referrals",
        document=document,
        mine=referral_words.for_referrer(words, document) if document else "",
        gift=referral_words.for_friend(words, document) if document else "",
        figures=await referral_figures(visit.database, visit.program.id),
        items=[_row(visit, one) for one in page.items],
        next=page.next,
        first=listing.cursor is None,
        refused=refused,
    )


@pages.get(f"{LIST}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of what is promised."""
    document = await _document(visit)
    fields = visit.form_fields() or _fields(visit, document)
    batches = await prize_batches(visit.database, visit.program)
    words = visit.known.words[visit.language.code]
    kinds = [("", "–")]
    kinds += [
        (f"points:{one.code}", visit.language.points_name(5, one.names) or one.code)
        for one in visit.program.currencies.values()
        if one.kind != "qualifying"
    ]
    kinds += [(f"voucher:{name}", f"{words.gettext('a voucher')}: {name}") for name in sorted(batches)]
    return visit.page(
        "referrals_form", fields=fields, kinds=kinds, same=SAME, rows=range(ROWS), new=document is None
    )


@pages.post(f"{LIST}/edit", needs="engagement.write", again=edit)
async def save(visit: Visit) -> Response[Any]:
    """Keep it as a new revision."""
    document = visit.read(ReferralDocument, _sent(visit, await _document(visit)))
    at = await visit.now()
    await put_referral_program(visit.database, visit.program.id, CODE, document, visit.by, at)
    return visit.to(LIST, done=visit.language.gettext("Saved; it counts from now on."))


@pages.get("/members/{id}/referrals", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """Whom a member brought, the latest first."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    listing = Listing(cursor=visit.query.get("cursor"))
    page = await list_referrals(visit.database, visit.program.id, listing, referrer=profile.id)
    return visit.page(
        "member_referrals",
        **frame(visit, profile, "referrals"),
        items=[_row(visit, one) for one in page.items],
        next=page.next,
        first=listing.cursor is None,
    )


async def _document(visit: Visit) -> ReferralDocument | None:
    found = await list_referral_programs(visit.database, visit.program.id)
    return found.items[0].document if found.items else None


def _row(visit: Visit, one: ReferralView) -> dict[str, Any]:
    language = visit.language
    why = [language.gettext(REASONS[one.refused])] if one.refused else []
    why += [language.gettext(WITHHELD[reason]) for reason in one.withheld]
    return {
        "friend": one.friend,
        "referrer": one.referrer,
        "state": language.gettext(STATES[one.state]),
        "tone": TONES.get(one.state, ""),
        "why": language.joined(why),
        "at": language.moment(one.referred_at, visit.zone),
        "cost": language.money(one.cost, visit.program.base_currency) if one.cost else "",
    }


def _fields(visit: Visit, document: ReferralDocument | None) -> dict[str, str]:
    """A document as the fields of the form."""
    shown = document or ReferralDocument(())
    scale = money_scale(visit.program.base_currency)
    fields = {name: str(number) for name in NUMBERS if (number := getattr(shown, name)) is not None}
    fields |= {
        name: f"{Decimal(number).scaleb(-scale):f}" for name in MONEY if (number := getattr(shown, name))
    }
    if shown.stopped:
        fields["stopped"] = "yes"
    for n, step in enumerate(shown.steps[:ROWS]):
        fields[f"s{n}-purchases"] = str(step.purchases)
        fields |= _prize_fields(f"s{n}-referrer", step.referrer) | _prize_fields(f"s{n}-friend", step.friend)
    for n, one in enumerate(shown.milestones[:ROWS]):
        fields[f"m{n}-friends"] = str(one.friends)
        fields |= _prize_fields(f"m{n}-prize", one.prize)
    if document is None:
        fields["s0-purchases"] = "1"
    return fields


def _prize_fields(name: str, prize: Prize | None) -> dict[str, str]:
    if prize is None:
        return {}
    if prize.points is not None and prize.points.expires_after_days is None and prize.cost is None:
        return {name: f"points:{prize.points.currency}", f"{name}-amount": str(prize.points.amount)}
    if prize.voucher is not None and prize.voucher.valid_days is None and prize.cost is None:
        return {name: f"voucher:{prize.voucher.batch}"}
    return {name: SAME}


def _sent(visit: Visit, before: ReferralDocument | None) -> dict[str, Any]:
    """The document that the form says; what it has no room for stays as it was. Raises InvalidValue."""
    scale = money_scale(visit.program.base_currency)
    document: dict[str, Any] = {"stopped": visit.form("stopped") == "yes"}
    for name in NUMBERS:
        if visit.form(name):
            document[name] = _whole(visit, name, f"/{name}")
    for name in MONEY:
        if visit.form(name):
            document[name] = desk.amount(visit.form(name), scale, f"/{name}")
    steps, milestones = [], []
    old_steps = before.steps if before else ()
    old_milestones = before.milestones if before else ()
    for n in range(ROWS):
        if visit.form(f"s{n}-purchases"):
            old = old_steps[n] if n < len(old_steps) else None
            step: dict[str, Any] = {"purchases": _whole(visit, f"s{n}-purchases", f"/steps/{n}")}
            step |= _prize(visit, f"s{n}-referrer", "referrer", old and old.referrer, f"/steps/{n}")
            step |= _prize(visit, f"s{n}-friend", "friend", old and old.friend, f"/steps/{n}")
            steps.append(step)
        if visit.form(f"m{n}-friends"):
            kept = old_milestones[n].prize if n < len(old_milestones) else None
            one: dict[str, Any] = {"friends": _whole(visit, f"m{n}-friends", f"/milestones/{n}")}
            milestones.append(one | _prize(visit, f"m{n}-prize", "prize", kept, f"/milestones/{n}"))
    document["steps"] = [*steps, *msgspec.to_builtins(old_steps[ROWS:])]
    document["milestones"] = [*milestones, *msgspec.to_builtins(old_milestones[ROWS:])]
    return document


def _prize(visit: Visit, name: str, side: str, old: Prize | None, pointer: str) -> dict[str, Any]:
    chosen = visit.form(name)
    kind, _, what = chosen.partition(":")
    if chosen == SAME and old is not None:
        return {side: msgspec.to_builtins(old)}
    if kind == "points":
        return {side: {"points": {"currency": what, "amount": _whole(visit, f"{name}-amount", pointer)}}}
    return {side: {"voucher": {"batch": what}}} if kind == "voucher" else {}


def _whole(visit: Visit, name: str, pointer: str) -> int:
    return desk.whole(visit.form(name), pointer)

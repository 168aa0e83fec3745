"""The pages that find a member and show her: her points lot by lot, cards, account, notes, history, receipts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Response

from regulars import ids
from regulars.backoffice import desk, member_answers
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.backoffice.words_of_desk import (
    CARD_STATES,
    CHANNELS,
    CONSENT_SOURCES,
    CONSENT_STATES,
    FOUND_BY,
    PURCHASE_STATES,
    ROLES,
    SOURCES,
)
from regulars.flows.desk.find_people import PeopleFound, find_people
from regulars.flows.desk.log_ins import list_log_ins
from regulars.flows.desk.member_sheet import MemberSheet, member_sheet
from regulars.flows.devices import list_devices
from regulars.flows.member_receipts import member_receipts
from regulars.flows.read_member import read_profile
from regulars.flows.read_statement import Asked, read_statement
from regulars.flows.record_consent import read_consents
from regulars.i18n import OWN_NAMES
from regulars.members.reading import Profile
from regulars.web import tier_words
from regulars.web.limits import Counter
from regulars.web.movements import kind_words

pages = Pages()
finds = Counter()
HISTORY_AT_ONCE = 50
RECEIPTS_AT_ONCE = 25
LOTS_MAX = 200
"""Who has more of them is told how many are not shown."""
A_MOMENT = timedelta(microseconds=1)


@pages.get("/members", needs="members.read")
async def members(visit: Visit) -> Response[Any]:
    """Find a member by whatever she gives: phone, card, email, receipt number or name."""
    return visit.page("members", text=visit.form("text"), found=None)


@pages.post("/members/find", needs="members.read", again=members)
async def find(visit: Visit) -> Response[Any]:
    """Who was found. What is typed is personal: it is sent, and never stands in an address."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    text, cursor = visit.form("text"), visit.form("cursor") or None
    found = await find_people(visit.database, visit.known, text, at=await visit.now(), cursor=cursor)
    context = _found(visit, text, found)
    if visit.htmx:
        return visit.part("members_found_part", **context)
    return visit.page("members", **context)


def _found(visit: Visit, text: str, found: PeopleFound) -> dict[str, Any]:
    return {
        "text": text,
        "found": found,
        "by": FOUND_BY,
        "tried": [visit.language.gettext(FOUND_BY[one]) for one in found.tried],
        "states": PURCHASE_STATES,
        "card_states": CARD_STATES,
        "stores": {store.id: store for store in visit.program.stores.values()},
        "show": ids.show,
    }


@pages.get("/members/{id}", needs="members.read")
async def overview(visit: Visit) -> Response[Any]:
    """A member: who she is, what she has, her cards, and what was noted about her."""
    sheet = await member_sheet(visit.database, visit.known, desk.read_id(visit, "mem"), await visit.now())
    who = await desk.naming(visit, [one.written_by for one in sheet.notes])
    return visit.page(
        "member",
        **frame(visit, sheet.profile, "overview"),
        sheet=sheet,
        **await member_answers.told(visit, sheet.profile),
        card_states=CARD_STATES,
        lots=_lots(visit, sheet),
        tiers=tier_words.shown(visit.known, visit.language, visit.zone, sheet.tiers.tiers),
        tier_history=tier_words.history(visit.known, visit.language, visit.zone, sheet.tiers.history),
        more_lots=max(0, len(sheet.lots) - LOTS_MAX),
        spend_roles=ROLES,
        who=who,
        stores={store.id: store for store in visit.program.stores.values()},
        sources=SOURCES,
        adjustable=sorted(
            visit.program.currencies.values(), key=lambda one: (one.kind != "points", one.code)
        ),
        last_day=lambda at: visit.language.short_date(at - A_MOMENT, visit.zone),
        spoken_languages=[(code, OWN_NAMES[code]) for code in visit.program.languages if code in OWN_NAMES],
    )


def frame(visit: Visit, profile: Profile, tab: str) -> dict[str, Any]:
    """What every page of a member shows at its head."""
    return {
        "profile": profile,
        "person": profile.person,
        "id": ids.show("mem", profile.id),
        "tab": tab,
        "here": f"{ROOT}/members/{ids.show('mem', profile.id)}",
        "points": desk.pointing(visit),
        "show": ids.show,
    }


def _lots(visit: Visit, sheet: MemberSheet) -> list[dict[str, Any]]:
    """Her lots, each with the promotion that gave it."""
    partners = {one.id: one.name for one in visit.program.partners.values()}
    shown: list[dict[str, Any]] = []
    for lot in sheet.lots[:LOTS_MAX]:
        live = visit.known.promotion(lot.promotion) if lot.promotion is not None else None
        shown.append(
            {
                "lot": lot,
                "left": lot.amount - lot.drawn,
                "pending": lot.active_at > sheet.at,
                "promotion": live.name(desk.spoken(visit)) if live else "",
                "issuer": partners.get(lot.issuer, "") if lot.issuer else "",
                "purchase": ids.show("pur", lot.purchase) if lot.purchase else None,
            }
        )
    return shown


@pages.get("/members/{id}/history", needs="members.read")
async def history(visit: Visit) -> Response[Any]:
    """Every movement of her points, with what stood in the account after it."""
    profile = await _profile(visit)
    cursor = visit.query.get("cursor")
    asked = Asked(currency=visit.query.get("currency") or None, limit=HISTORY_AT_ONCE, cursor=cursor)
    part = await read_statement(visit.database, visit.program, profile.id, asked)
    return visit.page(
        "member_history",
        **frame(visit, profile, "history"),
        items=part.items,
        next=part.next,
        first=cursor is None,
        kind=lambda kind: kind_words(visit.language, kind),
        who=await desk.naming(visit, [one.by for one in part.items]),
        chosen=asked.currency,
    )


@pages.get("/members/{id}/receipts", needs="members.read")
async def receipts(visit: Visit) -> Response[Any]:
    """What she bought, the latest first."""
    profile = await _profile(visit)
    cursor = visit.query.get("cursor")
    after = ids.read("pur", cursor, "?cursor") if cursor else None
    part = await member_receipts(
        visit.database, visit.program, profile.id, await visit.now(), after=after, limit=RECEIPTS_AT_ONCE
    )
    return visit.page(
        "member_receipts",
        **frame(visit, profile, "receipts"),
        items=part.items,
        next=ids.show("pur", part.next) if part.next else None,
        first=cursor is None,
        states=PURCHASE_STATES,
        stores={store.id: store for store in visit.program.stores.values()},
    )


@pages.get("/members/{id}/consents", needs="members.read")
async def consents(visit: Visit) -> Response[Any]:
    """What she agreed to, what proves it, and what she took back."""
    profile = await _profile(visit)
    said = await read_consents(visit.database, visit.program, profile.id)
    return visit.page(
        "member_consents",
        **frame(visit, profile, "consents"),
        spoken=said,
        states=CONSENT_STATES,
        channels=CHANNELS,
        sources=CONSENT_SOURCES,
        who=await desk.naming(visit, [one.recorded_by for one in said.history]),
        purposes=sorted({one.purpose for one in said.history}) or ["marketing"],
    )


@pages.get("/members/{id}/access", needs="members.read")
async def access(visit: Visit) -> Response[Any]:
    """Where she is logged in, and which phones show her card."""
    profile, at = await _profile(visit), await visit.now()
    phones = await list_devices(visit.database, visit.program, visit.known.vault, profile.id, at=at)
    log_ins = await list_log_ins(visit.database, visit.program.id, profile.id, at)
    return visit.page(
        "member_access", **frame(visit, profile, "access"), devices=phones.items, log_ins=log_ins
    )


async def _profile(visit: Visit) -> Profile:
    return await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))

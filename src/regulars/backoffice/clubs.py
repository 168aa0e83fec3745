"""The pages of clubs: what there are, a form that makes one, who is in, invitations, and codes that let in."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.members import finds, frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.clubs import (
    ClubView,
    NewClubLink,
    invite,
    list_clubs,
    list_links,
    make_link,
    put_club,
    read_club,
)
from regulars.flows.find_member import Sought, find_member
from regulars.flows.guest_list import people_of
from regulars.flows.join_club import ClubJoining, clubs_of, join_club, leave_club
from regulars.flows.measure_clubs import preview_club
from regulars.flows.occasions import bookings_of
from regulars.flows.read_member import read_profile
from regulars.i18n import N_, OWN_NAMES
from regulars.members.club_rules import ClubDocument
from regulars.units import money_scale
from regulars.web import seat_words

pages = Pages()
AT_ONCE = 50
PHONE_DIGITS_MAX = 13
HERE = "/engagement/clubs"


@pages.get(HERE, needs="engagement.read")
async def clubs(visit: Visit) -> Response[Any]:
    """The clubs of the program."""
    found = await list_clubs(visit.database, visit.program.id, await visit.now())
    return visit.page("clubs", items=[_line(visit, one) for one in found.items])


@pages.get(f"{HERE}/new", needs="engagement.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new club."""
    return _form(visit, None)


@pages.post(f"{HERE}/new", needs="engagement.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Make it."""
    return await _put(visit, visit.form("code"), N_("The club is open."))


@pages.get(f"{HERE}/{{code}}", needs="engagement.read")
async def club(visit: Visit) -> Response[Any]:
    """One club: what it is, who is in, and its codes."""
    code, at = visit.path["code"], await visit.now()
    found = await read_club(visit.database, visit.program.id, code, at)
    cursor = visit.query.get("cursor")
    people = await people_of(
        visit.database,
        visit.known,
        code,
        at,
        ids.read("mem", cursor, "?cursor") if cursor else None,
        AT_ONCE,
        named=visit.may("members.read"),
    )
    would = None
    if visit.query.get("measure") and found.document.rule is not None:
        would = await preview_club(
            visit.database, visit.state.known, visit.program.id, code, found.document, at
        )
    return visit.page(
        "club",
        one=found,
        line=_line(visit, found),
        text=visit.said(found.document.texts),
        rule=seat_words.rule_lines(visit.language, visit.program, found.document),
        people=people,
        ways={way: visit.language.gettext(said) for way, said in seat_words.WAYS.items()},
        next=people[-1].member.member if len(people) == AT_ONCE else None,
        first=cursor is None,
        links=await list_links(visit.database, visit.program.id, code),
        address=f"/portal/{visit.program.slug}/clubs/{code}?link=",
        would=would,
    )


@pages.get(f"{HERE}/{{code}}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a club that is there."""
    return _form(
        visit, await read_club(visit.database, visit.program.id, visit.path["code"], await visit.now())
    )


@pages.post(f"{HERE}/{{code}}/edit", needs="engagement.write", again=edit)
async def revise(visit: Visit) -> Response[Any]:
    """Change it."""
    return await _put(visit, visit.path["code"], N_("The club is changed."))


@pages.post(f"{HERE}/{{code}}/links", needs="engagement.write", again=club)
async def new_link(visit: Visit) -> Response[Any]:
    """Make a code that lets so many in."""
    until = desk.moment(visit, visit.form("until"), "/until", end=True)
    sent = {"uses": desk.whole(visit.form("uses"), "/uses"), "until": until.isoformat() if until else None}
    link, code = visit.read(NewClubLink, sent), visit.path["code"]
    await make_link(visit.database, visit.program.id, await visit.once(), code, link, visit.by)
    return visit.to(f"{HERE}/{code}", done=visit.language.gettext("The code is ready."))


@pages.post(f"{HERE}/{{code}}/members", needs="engagement.serve", again=club)
async def serve(visit: Visit) -> Response[Any]:
    """Invite a member, put her in, or take her out."""
    code, what, request = visit.path["code"], visit.form("act"), await visit.once()
    if what == "leave":
        member = ids.read("mem", visit.form("member"), "/member")
        await leave_club(visit.database, visit.known, member, code, await visit.now())
        return visit.to(
            f"{HERE}/{code}", done=visit.language.gettext("The member is not in this club any more.")
        )
    found = await find_typed(visit)
    member = ids.read("mem", found)
    if what == "invite":
        await invite(visit.database, visit.known, request, member, code, visit.by)
        return visit.to(
            f"{HERE}/{code}", done=visit.language.gettext("The invitation waits on the member's pages.")
        )
    joining = ClubJoining(by_hand=True)
    spoken = visit.language.code
    await join_club(visit.database, visit.known, request, member, code, joining, spoken, visit.by)
    return visit.to(f"{HERE}/{code}", done=visit.language.gettext("The member is in this club now."))


@pages.get("/members/{id}/clubs", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """What a member is in, and which seats she has booked."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    spoken = visit.language.code
    hers = await clubs_of(visit.database, visit.known, profile.id, spoken, await visit.now())
    booked = await bookings_of(visit.database, visit.known, profile.id, spoken, limit=AT_ONCE)
    return visit.page(
        "member_clubs",
        **frame(visit, profile, "clubs"),
        clubs=[one for one in hers.items if one.standing in ("in", "invited")],
        bookings=booked.items,
        state=lambda code: visit.language.gettext(seat_words.STATES[code]),
        tones=seat_words.TONES,
    )


async def find_typed(visit: Visit) -> str:
    """The member whose card or phone was typed. What is typed is personal: it stands in no address."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    text = visit.form("text").replace(" ", "")
    if not text or len(text) > 64:
        raise InvalidValue("/text", N_("Type the card or the phone number."))
    sought = Sought(phone=text) if text.startswith("+") or len(text) < PHONE_DIGITS_MAX else Sought(card=text)
    found = await find_member(
        visit.database, visit.program, visit.known.vault, desk.caller(visit), sought, at=await visit.now()
    )
    return found.id


def _line(visit: Visit, one: ClubView) -> dict[str, Any]:
    document = one.document
    return {
        "code": one.code,
        "name": visit.said(document.names),
        "entry": visit.language.gettext(seat_words.ENTRIES[document.entry]),
        "members": one.members,
        "places": document.places,
        "closed": document.closed,
    }


def _form(visit: Visit, found: ClubView | None) -> Response[Any]:
    document = found.document if found is not None else None
    return visit.page(
        "club_form",
        one=found,
        shown=visit.form_fields() if visit.problem else _shown(visit, document),
        languages=[(code, OWN_NAMES.get(code, code)) for code in visit.program.languages],
        entries=[(code, visit.language.gettext(said)) for code, said in seat_words.ENTRIES.items()],
    )


def _shown(visit: Visit, document: ClubDocument | None) -> dict[str, str]:
    shown: dict[str, str] = {"entry": "open"}
    if document is None:
        return shown
    plain = msgspec.to_builtins(document)
    shown["entry"] = document.entry
    shown |= {f"names-{code}": text for code, text in document.names.items()}
    shown |= {f"texts-{code}": text for code, text in document.texts.items()}
    shown["places"] = str(document.places or "")
    shown["closed"] = "1" if document.closed else ""
    shown |= {name: str(value) for name, value in plain.get("rule", {}).items()}
    if document.rule is not None and document.rule.turnover_at_least is not None:
        scale = money_scale(visit.program.base_currency)
        whole, rest = divmod(document.rule.turnover_at_least, 10**scale)
        shown["turnover_at_least"] = f"{whole}.{rest:0{scale}d}" if scale else str(whole)
    return shown


async def _put(visit: Visit, code: str, said: str) -> Response[Any]:
    sent: dict[str, Any] = {"entry": visit.form("entry", "open"), "closed": bool(visit.form("closed"))}
    for field in ("names", "texts"):
        written = {one: visit.form(f"{field}-{one}") for one in visit.program.languages}
        sent[field] = {one: text for one, text in written.items() if text}
    if visit.form("places"):
        sent["places"] = desk.whole(visit.form("places"), "/places")
    if sent["entry"] == "rule":
        sent["rule"] = _rule(visit)
    document = visit.read(ClubDocument, sent)
    made = await put_club(visit.database, visit.program.id, code, document, visit.by, await visit.now())
    return visit.to(f"{HERE}/{made.code}", done=visit.language.gettext(said))


def _rule(visit: Visit) -> dict[str, Any]:
    rule: dict[str, Any] = {
        name: visit.form(name) for name in ("tier", "attribute", "value", "audience") if visit.form(name)
    }
    for name in ("turnover_days", "age_from", "age_to"):
        if visit.form(name):
            rule[name] = desk.whole(visit.form(name), f"/rule/{name}")
    if visit.form("turnover_at_least"):
        scale = money_scale(visit.program.base_currency)
        rule["turnover_at_least"] = desk.amount(
            visit.form("turnover_at_least"), scale, "/rule/turnover_at_least"
        )
    return rule

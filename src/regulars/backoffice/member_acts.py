"""What staff do for a member: cards, points, what is known of her, notes, consents, log-ins, her data, erasure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk, member_answers
from regulars.backoffice.members import access, consents, frame, overview
from regulars.backoffice.office import Pages, require_why
from regulars.backoffice.visit import Visit
from regulars.errors import CurrencyUnknown, InvalidValue
from regulars.flows.adjust_points import Adjusted, NewAdjustment, adjust_points
from regulars.flows.cards import CardNamed, change_card
from regulars.flows.change_member import MemberChange, change_member
from regulars.flows.desk.log_ins import drop_passkey, end_log_ins
from regulars.flows.desk.notes import NewNote, remove_note, write_note
from regulars.flows.devices import revoke_device
from regulars.flows.erase_member import erase_by_staff
from regulars.flows.export_person import begin
from regulars.flows.issue_card import NewCard, issue_card
from regulars.flows.read_member import read_profile
from regulars.flows.record_consent import NewConsent, record_consent
from regulars.i18n import N_
from regulars.members.views import CardView
from regulars.web.paper import pdf, person

pages = Pages()


def _member(visit: Visit) -> UUID:
    return desk.read_id(visit, "mem")


def _back(visit: Visit, done: str, tab: str = "") -> Response[Any]:
    return visit.to(f"/members/{visit.path['id']}{tab}", done=done)


def _waits(visit: Visit) -> Response[Any]:
    waits = visit.language.gettext("A colleague has to agree first: it waits under Review.")
    return visit.to(f"/members/{visit.path['id']}", done=waits, tone="warning")


# cards


@pages.post("/members/{id}/cards", needs="members.change", again=overview)
async def give_card(visit: Visit) -> Response[Any]:
    """Give her a card: a new number, one that belongs to nobody, or one in place of another."""
    new = NewCard(number=visit.form("number") or None, replaces=visit.form("replaces") or None)
    require_why(visit, new.replaces is not None)
    answer = await issue_card(
        visit.database, visit.program, await visit.once(), visit.by, _member(visit), new
    )
    card = msgspec.json.decode(answer.body, type=CardView)
    return _back(visit, visit.language.gettext("The member has the card %s now.") % card.number)


async def _card(visit: Visit, act: Any, done: str) -> Response[Any]:
    named = CardNamed(id=visit.path["card"])
    await change_card(visit.database, visit.program, named, act, at=await visit.now())
    return _back(visit, visit.language.gettext(done))


@pages.post("/members/{id}/cards/{card}/block", needs="members.change", again=overview, why=True)
async def block(visit: Visit) -> Response[Any]:
    """Block a card of hers."""
    return await _card(visit, "block", N_("The card is blocked: it neither collects nor spends."))


@pages.post("/members/{id}/cards/{card}/unblock", needs="members.change", again=overview, why=True)
async def unblock(visit: Visit) -> Response[Any]:
    """Let a blocked card be used again."""
    return await _card(visit, "unblock", N_("The card is in use again."))


@pages.post("/members/{id}/cards/{card}/close", needs="members.change", again=overview, why=True)
async def close(visit: Visit) -> Response[Any]:
    """Close a card for good."""
    return await _card(visit, "close", N_("The card is closed for good."))


# who she is, and what she has


@pages.post("/members/{id}/person", needs="members.change", again=overview, why=True)
async def change(visit: Visit) -> Response[Any]:
    """Change what is known of her; only what differs is changed."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, _member(visit))
    before: dict[str, Any] = {
        name: getattr(profile.person, name) for name in ("name", "phone", "email", "external_id")
    }
    before |= {"birthday": profile.person.birthday, "language": profile.language}
    sent: dict[str, Any] = {name: visit.form(name) or None for name in before if name in visit.form_fields()}
    if "birthday" in sent:
        sent["birthday"] = desk.day(visit.form("birthday"), "/birthday")
    changed = {name: value for name, value in sent.items() if value != (before[name] or None)}
    questions = await member_answers.questions_of(visit)
    if answers := member_answers.changed_answers(visit, questions, profile):
        changed["attributes"] = answers
    if changed:
        shape = visit.read(MemberChange, changed)
        await change_member(
            visit.database, visit.program, visit.known.vault, desk.caller(visit), profile.id, shape,
            at=await visit.now(),
        )  # fmt: skip
        visit.state.post_office.send(visit.program.id)
    return _back(visit, visit.language.gettext("It is written down."))


@pages.post("/members/{id}/points", needs="members.adjust", again=overview)
async def correct(visit: Visit) -> Response[Any]:
    """Give or take points, with a reason; above the program's limit a second person decides."""
    code = visit.form("currency")
    currency = visit.program.currencies.get(code)
    if currency is None:
        raise CurrencyUnknown("/currency", code)
    amount = desk.amount(visit.form("amount"), currency.scale, "/amount")
    new = visit.read(NewAdjustment, {"currency": code, "amount": amount, "reason": desk.reason(visit)})
    answer = await adjust_points(
        visit.database, visit.program, await visit.once(), visit.by, _member(visit), new
    )
    if answer.status == 202:
        return _waits(visit)
    booked = msgspec.json.decode(answer.body, type=Adjusted)
    say = desk.pointing(visit)
    text = visit.language.gettext("Booked: {change}. The balance is {available} now.")
    return _back(
        visit,
        text.format(change=say(code, booked.amount, signed=True), available=say(code, booked.available)),
    )


# notes


@pages.post("/members/{id}/notes", needs="members.change", again=overview)
async def note(visit: Visit) -> Response[Any]:
    """Write something down for colleagues."""
    new = visit.read(NewNote, {"text": visit.form("text")})
    request = await visit.once()
    await write_note(visit.database, visit.known, request, _member(visit), new, visit.by)
    return _back(visit, visit.language.gettext("It is written down."))


@pages.post("/members/{id}/notes/{note}/remove", needs="members.change", again=overview)
async def unnote(visit: Visit) -> Response[Any]:
    """Take a note away."""
    whose = ids.read("mem", visit.form("of") or visit.path["id"], "/of")
    await remove_note(
        visit.database, visit.program.id, whose, desk.read_id(visit, "nte", "note"), await visit.now()
    )
    return _back(visit, visit.language.gettext("The note is gone."))


# consents, log-ins


@pages.post("/members/{id}/consents", needs="members.change", again=consents)
async def consent(visit: Visit) -> Response[Any]:
    """Record what she agrees to, or takes back."""
    sent = {
        "channel": visit.form("channel"),
        "purpose": visit.form("purpose"),
        "granted": visit.form("granted") == "1",
        "evidence": visit.form("evidence"),
        "source": "service",
    }
    new = visit.read(NewConsent, sent)
    await record_consent(
        visit.database, visit.program, visit.known.vault, await visit.once(), _member(visit), new, by=visit.by
    )
    visit.state.post_office.send(visit.program.id)
    return _back(visit, visit.language.gettext("It is written down."), "/consents")


@pages.post("/members/{id}/sessions/end", needs="members.change", again=access)
async def log_out(visit: Visit) -> Response[Any]:
    """Log her out of one phone or browser, or of all."""
    session = ids.read("ses", visit.form("session"), "/session") if visit.form("session") else None
    ended = await end_log_ins(visit.database, visit.program.id, _member(visit), session, await visit.now())
    text = visit.language.ngettext("Logged out of %(num)s place.", "Logged out of %(num)s places.", ended)
    return _back(visit, text % {"num": ended}, "/access")


@pages.post("/members/{id}/devices/{device}/revoke", needs="members.change", again=access)
async def revoke(visit: Visit) -> Response[Any]:
    """Let a phone's codes no longer count."""
    await revoke_device(
        visit.database, visit.program.id, desk.read_id(visit, "dev", "device"), at=await visit.now(),
        member=_member(visit),
    )  # fmt: skip
    return _back(visit, visit.language.gettext("The phone is taken out: its codes count no more."), "/access")


@pages.post("/members/{id}/passkeys/{passkey}/remove", needs="members.change", again=access)
async def remove_passkey(visit: Visit) -> Response[Any]:
    """Let a passkey of hers open nothing any more."""
    passkey = desk.read_id(visit, "pky", "passkey")
    await drop_passkey(visit.database, visit.program.id, _member(visit), passkey, await visit.now())
    return _back(visit, visit.language.gettext("The passkey opens nothing any more."), "/access")


# her data


@pages.get("/members/{id}/export", needs="members.export")
async def export(visit: Visit) -> Response[Any]:
    """All that is held of her, to hand over: to be read, or for other programs."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, _member(visit))
    return visit.page("member_export", **frame(visit, profile, "export"))


@pages.get("/members/{id}/export.json", needs="members.export")
async def export_json(visit: Visit) -> Response[Any]:
    """All that is held of her, for other programs."""
    begun = await begin(
        visit.database, visit.state.known, visit.program.id, _member(visit), await visit.now()
    )
    return visit.stream(f"{visit.path['id']}.json", begun.json(), "application/json")


@pages.get("/members/{id}/export.pdf", needs="members.export")
async def export_pdf(visit: Visit) -> Response[Any]:
    """All that is held of her, to be read, in her language."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, _member(visit))
    begun = await begin(visit.database, visit.state.known, visit.program.id, profile.id, await visit.now())
    body = await pdf.render_later(person.TEMPLATE, await person.sheet(begun, profile.language))
    return visit.file(f"{visit.path['id']}.pdf", body, "application/pdf")


@pages.post("/members/{id}/erase", needs="members.erase", again=overview)
async def erase(visit: Visit) -> Response[Any]:
    """Erase who she is, for good."""
    why = desk.reason(visit)
    if visit.form("sure") != "1":
        raise InvalidValue("/sure", N_("make sure first that it is the member who asks"))
    answer = await erase_by_staff(
        visit.database,
        visit.program,
        visit.known.vault,
        await visit.once(),
        _member(visit),
        ids.show("stf", visit.staff.id),
        why,
    )
    if answer.status == 202:
        return _waits(visit)
    return _back(visit, visit.language.gettext("The member is erased: nobody can undo that."))

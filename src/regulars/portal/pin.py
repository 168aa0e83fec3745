"""The member's PIN: whether she has one, and setting, changing and removing it with a code that is sent to her."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import (
    ChannelUnavailable,
    CodeWrong,
    InvalidValue,
    Problem,
    SpendingLocked,
    TooManyRequests,
    Unprocessable,
)
from regulars.flows.challenges import CodeText
from regulars.flows.own_pin import ask_pin_code, change_own_pin, read_own_pin
from regulars.flows.set_pin import PinTooEasy
from regulars.i18n import N_
from regulars.members.access.pins import PinText
from regulars.portal import visiting
from regulars.portal.visiting import Member

HttpRequest = Request[Any, Any, Any]
PATH = "/me/pin"
ACTS = ("set", "remove")
FAULTS: dict[str, str] = {
    CodeWrong.code: N_("This code is not right, or too old. Nothing was changed; look again."),
    ChannelUnavailable.code: N_("Nothing can be sent this way here. Nothing was changed."),
    SpendingLocked.code: N_("Too many tries. Nothing was changed; wait a quarter of an hour."),
    TooManyRequests.code: N_("Too many tries. Nothing was changed; wait a quarter of an hour."),
}
EASY = N_(
    "This PIN is easy to guess: digits in a row or over and over, your birthday, the end of your phone number. Choose "
    "another; your code is still good."
)
MALFORMED = N_("A PIN has four to eight digits. Nothing was changed.")
UNLIKE = N_("The two PINs are not the same. Nothing was changed.")


class TypedPin(Struct, frozen=True, forbid_unknown_fields=True):
    """The digits of the form."""

    pin: PinText


class TypedCode(Struct, frozen=True, forbid_unknown_fields=True):
    """The code of the form."""

    code: CodeText


@get("/portal/{slug:str}/me/pin", include_in_schema=False)
async def pin(request: HttpRequest) -> Response[Any]:
    """How it stands; where a code was asked for, the form that takes it. To load it anew sends nothing."""
    found = await visiting.member(request)
    return await _page(request, found, dict(request.query_params))


@post("/portal/{slug:str}/me/pin", status_code=303, include_in_schema=False)
async def change(request: HttpRequest) -> Response[Any]:
    """First sends a code; with the code, does it."""
    found, form = await visiting.writing(request)
    act = form.get("act", "")
    try:
        if act not in ACTS:
            raise InvalidValue("/act", "is none")
        if not form.get("challenge"):
            sent = await _ask(request, found)
            return visiting.back(found, f"{PATH}?act={act}&challenge={sent}")
        await _do(request, found, act, form)
    except (Unprocessable, CodeWrong, ChannelUnavailable, SpendingLocked, TooManyRequests) as problem:
        return await _page(request, found, form, problem)
    return visiting.back(found, PATH, said="saved" if act == "set" else "removed")


async def _ask(request: HttpRequest, found: Member) -> str:
    """The id of the challenge whose code is on its way."""
    state = request.app.state
    sent = await ask_pin_code(
        visiting.database(request, found), found.program, found.known.vault, found.id,
        channels=state.post_office.channels, at=found.now,
    )  # fmt: skip
    state.post_office.send(found.program.id)
    return sent.id


async def _do(request: HttpRequest, found: Member, act: str, form: dict[str, str]) -> None:
    new = None
    if act == "set":
        new = visiting.read(TypedPin, pin=form.get("pin", "").strip()).pin
        if form.get("again", "").strip() != new:
            raise InvalidValue("/again", "is not the same")
    code = visiting.read(TypedCode, code=form.get("code", "").strip()).code
    post_office = request.app.state.post_office
    await change_own_pin(
        visiting.database(request, found), found.program, found.known.vault, found.id, new, form["challenge"], code,
        channels=post_office.channels, at=found.now,
    )  # fmt: skip
    post_office.send(found.program.id)


def _fault(found: Member, problem: Problem) -> str:
    """What went wrong, in her words; nothing was changed."""
    if isinstance(problem, PinTooEasy):
        said = EASY
    elif problem.code in FAULTS:
        said = FAULTS[problem.code]
    else:
        places = visiting.fields_at_fault(problem)
        said = MALFORMED if "pin" in places else UNLIKE if "again" in places else FAULTS[CodeWrong.code]
    return found.language.gettext(said)


async def _page(
    request: HttpRequest, found: Member, form: dict[str, str], problem: Problem | None = None
) -> Response[Any]:
    act = form.get("act", "")
    stands = await read_own_pin(
        request.app.state.database, found.program, found.known.vault, found.id, _challenge(form),
        channels=request.app.state.post_office.channels, at=found.now,
    )  # fmt: skip
    return visiting.show(
        request,
        found,
        "pin",
        tab="me",
        status=200 if problem is None else problem.status,
        fault=_fault(found, problem) if problem is not None else "",
        act=act,
        stands=stands,
        asked=bool(stands.sent_to) and act in ACTS,
        over=bool(form.get("challenge")) and not stands.sent_to and problem is None,
        challenge=form.get("challenge", ""),
        code=form.get("code", "")[:6] if isinstance(problem, Unprocessable) else "",
        since=found.language.short_date(stands.set_at, found.zone) if stands.set_at else "",
    )


def _challenge(form: dict[str, str]) -> Any:
    """The challenge of the form or address; None: none, or nonsense."""
    try:
        return ids.read("chl", form.get("challenge", "")[:64])
    except Unprocessable:
        return None


routes: list[Any] = [pin, change]

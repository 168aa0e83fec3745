"""A new phone number or email: typed, confirmed by the code that came there, and only then changed."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post

from regulars import ids
from regulars.errors import (
    ChannelUnavailable,
    CodeWrong,
    InvalidValue,
    MemberExists,
    Problem,
    SpendingLocked,
    TooManyRequests,
)
from regulars.flows.change_contact import ContactKind, ask_new_contact, confirm_new_contact
from regulars.portal import me, visiting
from regulars.portal.visiting import Member

HttpRequest = Request[Any, Any, Any]
KINDS: dict[str, ContactKind] = {"phone": "phone", "email": "email"}
TEXT_MAX = 200


@get("/portal/{slug:str}/me/contact", include_in_schema=False)
async def contact(request: HttpRequest) -> Response[Any]:
    """The form of one of them."""
    found = await visiting.member(request)
    return _page(request, found, _kind(request.query_params.get("kind")), {})


@post("/portal/{slug:str}/me/contact", status_code=303, include_in_schema=False)
async def change(request: HttpRequest) -> Response[Any]:
    """First sends a code to the new one; with the code, changes it."""
    found, form = await visiting.writing(request)
    kind, to = _kind(form.get("kind")), form.get("to", "").strip()[:TEXT_MAX]
    state = request.app.state
    try:
        if not form.get("challenge"):
            sent = await ask_new_contact(
                state.database, found.program, found.known.vault, found.id, kind, to,
                channels=state.post_office.channels, at=found.now,
            )  # fmt: skip
            state.post_office.send(found.program.id)
            return _page(request, found, kind, {"to": to, "challenge": sent.id})
        await confirm_new_contact(
            visiting.database(request, found), found.program, found.known.vault, me.caller(found), found.id, kind, to,
            ids.read("chl", form["challenge"]), form.get("code", "").strip()[:6], at=found.now,
        )  # fmt: skip
    except (
        InvalidValue,
        CodeWrong,
        ChannelUnavailable,
        MemberExists,
        SpendingLocked,
        TooManyRequests,
    ) as problem:
        return _page(request, found, kind, form, fault=_fault(found, problem))
    return visiting.back(found, "/me/profile", said="saved")


def _page(
    request: HttpRequest, found: Member, kind: ContactKind, form: dict[str, str], *, fault: str = ""
) -> Response[Any]:
    return visiting.show(
        request,
        found,
        "contact",
        tab="me",
        status=422 if fault else 200,
        kind=kind,
        to=form.get("to", ""),
        challenge=form.get("challenge", ""),
        fault=fault,
    )


def _fault(found: Member, problem: Problem) -> str:
    _ = found.language.gettext
    if isinstance(problem, CodeWrong):
        return _("This code is not right, or too old. Nothing was changed; look again.")
    if isinstance(problem, MemberExists):
        return _("Somebody else is a member with it already. Nothing was changed.")
    if isinstance(problem, ChannelUnavailable):
        return _("Nothing can be sent this way here. Nothing was changed.")
    if isinstance(problem, SpendingLocked | TooManyRequests):
        return _("Too many tries. Nothing was changed; wait a quarter of an hour.")
    return _("This does not look right. Nothing was sent; check what you typed.")


def _kind(text: str | None) -> ContactKind:
    return KINDS.get(text or "", "email")


routes: list[Any] = [contact, change]

"""The account that a member shares: opening one, inviting, joining by a code, roles, leaving."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from regulars import ids
from regulars.errors import (
    CoolingOff,
    Forbidden,
    InvalidValue,
    NotFound,
    PassingLimit,
    Problem,
    StateConflict,
)
from regulars.flows.account_members import (
    Acceptance,
    InvitationView,
    NewInvitation,
    SharerChange,
    accept,
    change_sharer,
    invite,
    leave,
)
from regulars.flows.accounts import NewAccount, OwnAccount, list_sharers, open_account, read_own_account
from regulars.flows.occasions import end_all_due
from regulars.portal import passing_words, showing, visiting
from regulars.portal.visiting import Member
from regulars.units import money_scale, units_of

HttpRequest = Request[Any, Any, Any]
SHOWN_MAX = 100
LIMIT_MAX = 10**10
PATH = "/me/household"


@get("/portal/{slug:str}/me/household", include_in_schema=False)
async def household(request: HttpRequest) -> Response[Any]:
    """Who shares her points, or how to begin."""
    return await _page(request, await visiting.member(request))


@post("/portal/{slug:str}/me/household", status_code=303, include_in_schema=False)
async def act(request: HttpRequest) -> Response[Any]:
    """What the form's `act` says; what cannot be done is said on the page."""
    found, form = await visiting.writing(request)
    acts = {
        "open": _open,
        "join": _join,
        "invite": _invite,
        "change": _change,
        "remove": _remove,
        "leave": _leave,
    }
    doing = acts.get(form.get("act", ""))
    if doing is None:
        raise InvalidValue("/act", "is not among what this page does")
    try:
        return await doing(request, found, form)
    except (NotFound, StateConflict, Forbidden, InvalidValue, PassingLimit, CoolingOff) as problem:
        return await _page(request, found, fault=_fault(found, form["act"], problem))


async def _open(request: HttpRequest, found: Member, form: dict[str, str]) -> Response[Any]:
    new = NewAccount(
        kind="household",
        name=form.get("name", "").strip(),
        owner=ids.show("mem", found.id),
        bring_points=form.get("bring") == "1",
    )
    new = visiting.checked(new)
    await open_account(
        visiting.database(request, found),
        found.program,
        found.known.vault,
        _write(found, form, new),
        _actor(found),
        new,
    )
    return visiting.back(found, PATH, said="joined")


async def _join(request: HttpRequest, found: Member, form: dict[str, str]) -> Response[Any]:
    sent = Acceptance(form.get("code", "").strip(), ids.show("mem", found.id), form.get("bring") == "1")
    sent = visiting.checked(sent)
    write = _write(found, form, sent)
    vault = found.known.vault
    await accept(visiting.database(request, found), found.program, vault, write, _actor(found), sent)
    return visiting.back(found, PATH, said="joined")


async def _invite(request: HttpRequest, found: Member, form: dict[str, str]) -> Response[Any]:
    role = form.get("role", "earner")
    limit = _limit(found, form) if role == "spender" else None
    new = visiting.read(NewInvitation, role=role, daily_limit=limit)
    account = await _account(request, found)
    vault = found.known.vault
    write = _write(found, form, new)
    answer = await invite(
        visiting.database(request, found), found.program, vault, write, account, new, by=found.id
    )
    invitation = msgspec.json.decode(answer.body, type=InvitationView)
    return await _page(request, found, invitation=invitation)


async def _change(request: HttpRequest, found: Member, form: dict[str, str]) -> Response[Any]:
    role = form.get("role", "earner")
    limit = _limit(found, form) if role == "spender" else None
    change = visiting.read(SharerChange, role=role, daily_limit=limit)
    account, vault = await _account(request, found), found.known.vault
    database = visiting.database(request, found)
    await change_sharer(database, found.program, vault, account, _whom(form), change, by=found.id)
    return visiting.back(found, PATH, said="saved")


async def _remove(request: HttpRequest, found: Member, form: dict[str, str]) -> Response[Any]:
    account, database = await _account(request, found), visiting.database(request, found)
    await leave(database, found.program, account, _whom(form), found.now, by=found.id)
    await end_all_due(database, found.known, found.now)
    return visiting.back(found, PATH, said="removed")


async def _leave(request: HttpRequest, found: Member, form: dict[str, str]) -> Response[Any]:
    del form
    account, database = await _account(request, found), visiting.database(request, found)
    await leave(database, found.program, account, found.id, found.now, by=found.id)
    await end_all_due(database, found.known, found.now)
    return visiting.back(found, PATH, said="left")


async def _page(
    request: HttpRequest, found: Member, *, fault: str = "", invitation: InvitationView | None = None
) -> Response[Any]:
    state = request.app.state
    own = await read_own_account(state.database, found.program, found.known.vault, found.id, found.now)
    sharers = ()
    if own.account is not None:
        account = ids.read("acc", own.account.id)
        page = await list_sharers(
            state.database, found.program, found.known.vault, account, after=None, limit=SHOWN_MAX
        )
        sharers = page.items
    return visiting.show(
        request,
        found,
        "household",
        tab="me",
        status=409 if fault else 200,
        own=own,
        me=ids.show("mem", found.id),
        sharers=sharers,
        roles=_roles(found),
        balances=showing.balance_lines(found, own.account.currencies) if own.account else (),
        kept=[line.points for line in showing.balance_lines(found, own.kept) if line.available],
        money=lambda amount: found.language.money(amount, found.program.base_currency),
        typed=lambda amount: _typed(found, amount),
        fault=fault,
        bring_rules=passing_words.of(found, found.program.settings.passing.brought),
        invitation=invitation,
        until=found.language.short_date(invitation.expires_at, found.zone) if invitation else "",
        nonce=ids.show("inv", ids.new()),
    )


def _roles(found: Member) -> dict[str, str]:
    _ = found.language.gettext
    return {"owner": _("Owner"), "spender": _("Earns and spends"), "earner": _("Earns only")}


def _fault(found: Member, act: str, problem: Problem) -> str:
    _ = found.language.gettext
    if isinstance(problem, PassingLimit | CoolingOff):
        text = _(
            "You have not joined: so many points cannot be brought along now. You can join without them."
        )
        return passing_words.with_time(found, text, problem)
    if act == "join" and isinstance(problem, (NotFound, InvalidValue)):
        return _("This code is not good (any more). You have not joined; ask for a new one.")
    if act == "leave":
        return _("You are the only owner. Nothing was changed: make somebody else an owner first.")
    if isinstance(problem, StateConflict):
        return _(
            "This is not possible just now: somebody is in another household, or the last owner would go."
        )
    return _("This could not be done. Nothing was changed; check what you typed.")


async def _account(request: HttpRequest, found: Member) -> UUID:
    """The account that she is in. Raises NotFound."""
    own: OwnAccount = await read_own_account(
        request.app.state.database, found.program, found.known.vault, found.id, found.now
    )
    if own.account is None:
        raise NotFound("You share no account.")
    return ids.read("acc", own.account.id)


def _whom(form: dict[str, str]) -> UUID:
    return ids.read("mem", form.get("member", ""), "/member")


def _write(found: Member, form: dict[str, str], content: Any) -> Any:
    return visiting.form_key(found, "household", form, msgspec.to_builtins(content))


def _actor(found: Member) -> str:
    return ids.show("mem", found.id)


def _typed(found: Member, limit: int | None) -> str:
    """A limit in minor units as she would type it; empty for none."""
    if limit is None:
        return ""
    scale = money_scale(found.program.base_currency)
    return found.language.number(Decimal(limit).scaleb(-scale), decimals=scale)


def _limit(found: Member, form: dict[str, str]) -> int | None:
    """What somebody may spend a day, as typed, in minor units. Raises InvalidValue."""
    text = "".join(form.get("limit", "").split()).replace(",", ".")
    if not text:
        return None
    try:
        return units_of(text, money_scale(found.program.base_currency), LIMIT_MAX)
    except ValueError:
        raise InvalidValue("/limit", "is not an amount of money") from None


routes: list[Any] = [household, act]

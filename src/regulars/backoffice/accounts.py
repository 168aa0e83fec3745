"""The pages of accounts that several members share: found, opened, who is in them and as what, closed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_desk import ACCOUNT_KINDS, NOT_KNOWN_THEN, ROLES, UNNAMED
from regulars.errors import InvalidValue
from regulars.flows.account_members import (
    LIST_MAX,
    Entered,
    EnteredList,
    InvitationView,
    NewInvitation,
    NewSharers,
    SharerChange,
    change_sharer,
    enter_list,
    invite,
    leave,
)
from regulars.flows.accounts import (
    AccountChange,
    AccountView,
    NewAccount,
    change_account,
    open_account,
    read_account,
)
from regulars.flows.close_account import AccountClosing, close_account
from regulars.flows.desk.find_accounts import find_accounts, read_sharing
from regulars.flows.desk.name_members import Named, name_members
from regulars.flows.list_accounts import AccountPage, list_accounts
from regulars.flows.occasions import end_all_due
from regulars.flows.read_statement import Asked, read_account_statement
from regulars.i18n import N_
from regulars.members.accounts import AccountKind
from regulars.units import money_scale
from regulars.web.limits import Counter
from regulars.web.movements import kind_words

pages = Pages()
finds = Counter()
LIST = "/accounts"
AT_ONCE = 50
TEXT_MAX = 300
IN_IT, NOT_IN_IT = (N_("is in the account now"), "good"), "bad"


@pages.get("/accounts", needs="members.read")
async def every(visit: Visit) -> Response[Any]:
    """The households and companies, those of a kind, or those that were closed."""
    kind, closed = visit.query.get("kind", ""), visit.query.get("state", "")
    cursor = visit.query.get("cursor")
    found = await list_accounts(
        visit.database,
        visit.known.vault,
        kind=msgspec.convert(kind, AccountKind) if kind in get_args(AccountKind) else None,
        closed={"open": False, "closed": True}.get(closed),
        after=ids.read("acc", cursor, "?cursor") if cursor else None,
        limit=AT_ONCE,
    )
    return _listed(visit, found, kind=kind, state=closed, first=cursor is None)


@pages.post("/accounts/find", needs="members.read", again=every)
async def find(visit: Visit) -> Response[Any]:
    """The accounts that are called so. A family's name is personal: it never stands in an address."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    text = visit.form("text")
    if not text or len(text) > TEXT_MAX:
        raise InvalidValue("/text", N_("is a name, or the beginning of a registration number"))
    cursor = visit.form("cursor")
    after = ids.read("acc", cursor, "/cursor") if cursor else None
    return _listed(visit, await find_accounts(visit.database, visit.known, text, after), text=text)


@pages.get("/accounts/new", needs="members.change")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new account."""
    return visit.page("account_form", kinds=_kinds(visit), sent=visit.form_fields())


@pages.post("/accounts", needs="members.change", again=new, why=True)
async def create(visit: Visit) -> Response[Any]:
    """Open an account, with its first owner if somebody is named."""
    owner = await _one(visit, "owner") if visit.form("owner") else None
    wanted = visit.read(
        NewAccount,
        {
            "kind": visit.form("kind"),
            "name": visit.form("name"),
            "registration_number": visit.form("registration_number"),
            "owner": owner,
            "bring_points": visit.form("bring_points") == "1",
        },
    )
    answer = await open_account(
        visit.database, visit.program, visit.known.vault, await visit.once(), visit.by, wanted
    )
    made = msgspec.json.decode(answer.body, type=AccountView)
    return visit.to(f"{LIST}/{made.id}", done=visit.language.gettext("The account is open."))


@pages.get("/accounts/{id}", needs="members.read")
async def account(visit: Visit) -> Response[Any]:
    """One account: what is on it, who is in it and as what, who was invited, and what moved its points."""
    return await _shown(visit)


@pages.post("/accounts/{id}/name", needs="members.change", again=account)
async def rename(visit: Visit) -> Response[Any]:
    """Change what the account is called."""
    sent = {"name": visit.form("name"), "registration_number": visit.form("registration_number")}
    change = visit.read(AccountChange, sent)
    vault = visit.known.vault
    await change_account(visit.database, visit.program, vault, _id(visit), change, await visit.now())
    return _back(visit, N_("It is written down."))


@pages.post("/accounts/{id}/invitations", needs="members.change", again=account, why=True)
async def invite_one(visit: Visit) -> Response[Any]:
    """A code with which somebody comes in herself; it is shown once, here."""
    sent = visit.read(NewInvitation, {"role": visit.form("role"), "daily_limit": _limit(visit)})
    answer = await invite(
        visit.database, visit.program, visit.known.vault, await visit.once(), _id(visit), sent
    )
    return await _shown(visit, invitation=msgspec.json.decode(answer.body, type=InvitationView))


@pages.post("/accounts/{id}/members", needs="members.change", again=account, why=True)
async def put_in(visit: Visit) -> Response[Any]:
    """Put members in who are named line by line; what became of each is said."""
    lines = [line.strip() for line in visit.form("members").splitlines() if line.strip()]
    if not 1 <= len(lines) <= LIST_MAX:
        raise InvalidValue("/members", N_("names one member a line, at least one and at most 1000"))
    named = await name_members(visit.database, visit.known, lines)
    how = {
        "role": visit.form("role"),
        "daily_limit": _limit(visit),
        "bring_points": visit.form("bring_points") == "1",
    }
    found = list(dict.fromkeys(one.member for one in named if one.member is not None))
    entered: dict[str, Entered] = {}
    if found:
        sent = visit.read(NewSharers, {"members": [{"member": ids.show("mem", one), **how} for one in found]})
        answer = await enter_list(
            visit.database, visit.program, await visit.once(), visit.by, _id(visit), sent
        )
        items = msgspec.json.decode(answer.body, type=EnteredList).items
        entered = {item.member: item for item in items}
    return await _shown(visit, report=_report(visit, named, entered))


@pages.post("/accounts/{id}/members/{member}/role", needs="members.change", again=account, why=True)
async def change_role(visit: Visit) -> Response[Any]:
    """Let somebody be something else, or spend another amount a day."""
    change = visit.read(SharerChange, {"role": visit.form("role"), "daily_limit": _limit(visit)})
    member, vault = desk.read_id(visit, "mem", "member"), visit.known.vault
    await change_sharer(visit.database, visit.program, vault, _id(visit), member, change)
    return _back(visit, N_("It is written down."))


@pages.post("/accounts/{id}/members/{member}/remove", needs="members.change", again=account, why=True)
async def remove(visit: Visit) -> Response[Any]:
    """Take somebody out; what was earned together stays."""
    member, at = desk.read_id(visit, "mem", "member"), await visit.now()
    await leave(visit.database, visit.program, _id(visit), member, at)
    await end_all_due(visit.database, visit.known, at)
    return _back(visit, N_("The member collects alone again."))


@pages.post("/accounts/{id}/close", needs="members.adjust", again=account, why=True)
async def close(visit: Visit) -> Response[Any]:
    """Close the account for good; its points become those of the member who is named."""
    taker = await _one(visit, "points_to") if visit.form("points_to") else None
    closing = AccountClosing(points_to=taker)
    await close_account(visit.database, visit.program, await visit.once(), visit.by, _id(visit), closing)
    await end_all_due(visit.database, visit.known, await visit.now())
    return _back(visit, N_("The account is closed: nobody is in it, and nobody comes in."))


def _listed(
    visit: Visit,
    found: AccountPage,
    *,
    text: str = "",
    kind: str = "",
    state: str = "",
    first: bool = True,
) -> Response[Any]:
    return visit.page(
        "accounts",
        items=found.items,
        next=found.next,
        first=first,
        text=text,
        kind=kind,
        state=state,
        filtered=bool(text or kind or state),
        kinds=_kinds(visit),
        kind_names=ACCOUNT_KINDS,
    )


async def _shown(
    visit: Visit,
    *,
    invitation: InvitationView | None = None,
    report: list[tuple[str, str, str, str]] | None = None,
) -> Response[Any]:
    identifier, at = _id(visit), await visit.now()
    view = await read_account(visit.database, visit.program, visit.known.vault, identifier, at)
    cursor, people = visit.query.get("cursor"), visit.query.get("people")
    sharing = await read_sharing(
        visit.database,
        visit.known,
        identifier,
        after=ids.read("mem", people, "?people") if people else None,
        limit=AT_ONCE,
        at=at,
    )
    asked = Asked(limit=AT_ONCE, cursor=cursor)
    part = await read_account_statement(visit.database, visit.program, identifier, asked)
    scale = money_scale(visit.program.base_currency)
    return visit.page(
        "account",
        one=view,
        kind_name=ACCOUNT_KINDS[view.kind],
        people=sharing.sharers.items,
        next_people=sharing.sharers.next,
        first_people=people is None,
        invited=sharing.invited,
        invitation=invitation,
        report=report,
        items=part.items,
        next=part.next,
        first=cursor is None,
        roles=ROLES,
        role_choices=[(code, visit.language.gettext(name)) for code, name in ROLES.items()],
        typed=lambda amount: "" if amount is None else f"{Decimal(amount).scaleb(-scale):.{scale}f}",
        points=desk.pointing(visit),
        kind=lambda kind: kind_words(visit.language, kind),
        who=await desk.naming(visit, [one.by for one in part.items]),
        sent=visit.form_fields(),
    )


def _report(
    visit: Visit, named: list[Named], entered: Mapping[str, Entered]
) -> list[tuple[str, str, str, str]]:
    """(as it was typed, name, what became of it, its tone) for each line; `entered`: by the member (`mem_…`)."""
    text = visit.language.gettext
    rows: list[tuple[str, str, str, str]] = []
    for one in named:
        if one.member is None:
            rows.append((one.text, "", text(UNNAMED[one.why]), NOT_IN_IT))
            continue
        became = entered.get(ids.show("mem", one.member))
        if became is None:
            rows.append((one.text, one.name, text(NOT_KNOWN_THEN), NOT_IN_IT))
        elif became.status == 200:
            rows.append((one.text, one.name, text(IN_IT[0]), IN_IT[1]))
        else:
            rows.append((one.text, one.name, text(became.detail), NOT_IN_IT))
    return rows


async def _one(visit: Visit, field: str) -> str:
    """The member whom a field names. Raises InvalidValue with why nobody is."""
    (found,) = await name_members(visit.database, visit.known, [visit.form(field)])
    if found.member is None:
        raise InvalidValue(f"/{field}", UNNAMED[found.why])
    return ids.show("mem", found.member)


def _limit(visit: Visit) -> int | None:
    text = visit.form("daily_limit")
    return desk.amount(text, money_scale(visit.program.base_currency), "/daily_limit") if text else None


def _kinds(visit: Visit) -> list[tuple[str, str]]:
    return [(code, visit.language.gettext(name)) for code, name in ACCOUNT_KINDS.items()]


def _back(visit: Visit, done: str) -> Response[Any]:
    return visit.to(f"{LIST}/{visit.path['id']}", done=visit.language.gettext(done))


def _id(visit: Visit) -> UUID:
    return desk.read_id(visit, "acc")

"""The member's rewards: what she may claim, what is missing, a claim that asks once more, what she has, giving back."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import (
    Conflict,
    InsufficientPoints,
    InvalidValue,
    NotFound,
    Problem,
    SpenderLimit,
    SpendingNotAllowed,
)
from regulars.flows.end_redemption import Actor, cancel_redemption
from regulars.flows.list_rewards import (
    OfferedReward,
    list_rewards,
    read_redemption,
    redemptions_of,
)
from regulars.flows.owned_vouchers import owned_vouchers
from regulars.flows.redeem_reward import NewRedemption, redeem_reward
from regulars.flows.redemption_views import RedemptionView, VoucherView
from regulars.flows.spender_proof import Spender
from regulars.i18n import N_
from regulars.portal import showing, visiting, vouchers
from regulars.portal.visiting import Member
from regulars.programs.model import Caller
from regulars.rewards.problems import OutOfStock
from regulars.web import faults, reward_words

HttpRequest = Request[Any, Any, Any]
MINE_AT_ONCE = 20
FAULTS: dict[str, str] = {
    InsufficientPoints.code: N_("You do not have that many points yet."),
    OutOfStock.code: N_("There is none left."),
    "limit_reached": N_("You have had as many as there are for each."),
    "not_for_member": N_("This reward is not meant for you."),
    "reward_ended": N_("This reward cannot be claimed now."),
    "voucher_used": N_("This voucher was used already."),
    SpendingNotAllowed.code: N_("You collect points for the account, but only others spend them."),
    SpenderLimit.code: N_("That is more than you may spend of the account today."),
    "hold_lapsed": N_("The time for this is over."),
    "state_conflict": N_("This cannot be given back any more."),
}


class PriceLine(Struct, frozen=True):
    """A price in words."""

    number: int
    words: str
    missing: str


class RewardLine(Struct, frozen=True):
    """A reward in words."""

    id: str
    name: str
    kind: str
    description: str
    picture: str
    prices: tuple[PriceLine, ...]
    claimable: bool
    reason: str
    missing: str
    share: int
    """Of the points that it costs, how many hundredths she has."""
    left: str
    until: str
    returnable: bool
    shops: tuple[tuple[str, str], ...]
    """Code and name of the stores where there are some, if a claim has to say at which."""


class CodeLine(Struct, frozen=True):
    """A voucher's code, drawn."""

    text: str
    qr: Any
    state: str
    good: bool
    until: str
    page: str
    """Of the voucher itself, where it can be handed on; empty: it is hers alone, or somebody else's by now."""


class Mine(Struct, frozen=True):
    """What she claimed, in words."""

    id: str
    name: str
    kind: str
    state: str
    waits: bool
    fetched: bool
    """Whether it is still to be handed to her at a till: not a code, a donation, or what is on its way."""
    points: str
    money: str
    day: str
    until: str
    store: str
    codes: tuple[CodeLine, ...]
    returnable: bool
    handed_on: bool
    """Whether one of its vouchers is somebody else's by now."""


@get("/portal/{slug:str}/rewards", include_in_schema=False)
async def rewards(request: HttpRequest) -> Response[Any]:
    """The catalogue, what she can claim first; and what she has claimed."""
    found = await visiting.member(request)
    database, language = request.app.state.database, found.language.code
    listed = await list_rewards(database, found.known, found.id, language, found.now)
    mine = await redemptions_of(
        database, found.known, found.id, language, found.now, limit=MINE_AT_ONCE, codes=True
    )
    owned = await owned_vouchers(database, found.known, found.id, language, found.now)
    shown = [_mine(found, one) for one in mine.items]
    lines = [_line(found, one) for one in listed.items]
    return visiting.show(
        request,
        found,
        "rewards",
        tab="rewards",
        ready=[one for one in lines if one.claimable],
        later=[one for one in lines if not one.claimable],
        waiting=[one for one in shown if one.waits],
        got=[vouchers.line(found, one) for one in owned if not one.claimed and _usable(one.view)],
        earlier=[one for one in shown if not one.waits],
    )


@get("/portal/{slug:str}/rewards/{reward:str}", include_in_schema=False)
async def ask(request: HttpRequest) -> Response[Any]:
    """One reward, and the question whether she wants it. Raises NotFound."""
    found = await visiting.member(request)
    return await _question(request, found, request.path_params["reward"])


@post("/portal/{slug:str}/rewards/{reward:str}", status_code=303, include_in_schema=False)
async def claim(request: HttpRequest) -> Response[Any]:
    """Claim it; what stands in the way is said on the page that asked."""
    found, form = await visiting.writing(request)
    reward = request.path_params["reward"][:64]
    try:
        price = int(form.get("price", "0")[:2])
    except ValueError:
        price = 0
    new = visiting.checked(NewRedemption(reward, price=price, store=form.get("store") or None))
    write = visiting.form_key(found, "claim", form, msgspec.to_builtins(new))
    database = visiting.database(request, found)
    language = found.language.code
    try:
        answer = await redeem_reward(database, found.known, write, _spender(found), found.id, new, language)
    except (Conflict, SpendingNotAllowed, SpenderLimit, InvalidValue) as problem:
        return await _question(request, found, reward, problem)
    made = msgspec.json.decode(answer.body, type=RedemptionView)
    return visiting.back(found, f"/rewards/mine/{made.id}", said="claimed")


@get("/portal/{slug:str}/rewards/mine/{redemption:str}", include_in_schema=False)
async def mine(request: HttpRequest) -> Response[Any]:
    """What she claimed: its code to be shown, where it is fetched, and how it is given back. Raises NotFound."""
    found = await visiting.member(request)
    return await _one(request, found)


@post("/portal/{slug:str}/rewards/mine/{redemption:str}", status_code=303, include_in_schema=False)
async def give_back(request: HttpRequest) -> Response[Any]:
    """Give it back: her points are hers again."""
    found, form = await visiting.writing(request)
    identifier = _redemption(request)
    write = visiting.form_key(found, "give-back", form, request.path_params["redemption"])
    actor = Actor(f"member {ids.show('mem', found.id)}", member=found.id)
    database = visiting.database(request, found)
    try:
        await cancel_redemption(database, found.known, write, actor, identifier, "", found.language.code)
    except Conflict as problem:
        return await _one(request, found, problem)
    return visiting.back(found, "/rewards", said="given_back")


async def _question(
    request: HttpRequest, found: Member, reward: str, problem: Problem | None = None
) -> Response[Any]:
    database = request.app.state.database
    listed = await list_rewards(database, found.known, found.id, found.language.code, found.now)
    one = next((each for each in listed.items if each.id == reward), None)
    if one is None:
        raise NotFound("There is no such reward.")
    return visiting.show(
        request,
        found,
        "reward",
        tab="rewards",
        status=200 if problem is None else problem.status,
        reward=_line(found, one),
        fault=_said(found, problem),
        nonce=secrets.token_hex(8),
    )


async def _one(request: HttpRequest, found: Member, problem: Problem | None = None) -> Response[Any]:
    database, identifier = request.app.state.database, _redemption(request)
    view = await read_redemption(
        database, found.known, identifier, found.language.code, found.now, codes=True, hers=found.id
    )
    return visiting.show(
        request,
        found,
        "reward_mine",
        tab="rewards",
        status=200 if problem is None else problem.status,
        one=_mine(found, view),
        fault=_said(found, problem),
        nonce=secrets.token_hex(8),
    )


def _said(found: Member, problem: Problem | None) -> str:
    return "" if problem is None else faults.of_code(problem, FAULTS, found.language)


def _spender(found: Member) -> Spender:
    """She herself: she is logged in."""
    caller = Caller(found.program.id, found.id, frozenset())
    return Spender(caller, f"member {ids.show('mem', found.id)}", vouched=True)


def _redemption(request: HttpRequest) -> UUID:
    try:
        return ids.read("rdm", request.path_params["redemption"])
    except ids.WrongIdKind as error:
        raise NotFound("There is no such reward of yours.") from error


def _line(found: Member, one: OfferedReward) -> RewardLine:
    language, stores = found.language, found.program.stores
    nearest = min(one.prices, key=lambda price: price.missing)
    share = 100 * (nearest.points - nearest.missing) // max(1, nearest.points)
    total = sum(shelf.left for shelf in one.stock)
    return RewardLine(
        id=one.id,
        name=one.name,
        kind=reward_words.kind(language, one.kind),
        description=one.description,
        picture=one.picture,
        prices=tuple(
            PriceLine(
                price.price,
                price_words(found, price.currency, price.points, price.money),
                showing.points_text(found, price.currency, price.missing) if price.missing else "",
            )
            for price in one.prices
        ),
        claimable=one.claimable,
        reason=reward_words.reason(language, one.reason),
        missing=showing.points_text(found, one.currency, one.missing) if one.missing else "",
        share=share,
        left=language.ngettext("{n} left", "{n} left", total).format(n=language.number(total))
        if one.stock
        else "",
        until=showing.last_day(found, one.valid_until) if one.valid_until else "",
        returnable=one.returnable,
        shops=tuple(
            (shelf.store, stores[shelf.store].name)
            for shelf in one.stock
            if shelf.store is not None and shelf.left
        ),
    )


def price_words(found: Member, currency: str, points: int, money: int) -> str:
    """300 points, or 100 points and 1.50 €."""
    words = showing.points_text(found, currency, points)
    if not money:
        return words
    beside = found.language.money(money, found.program.base_currency)
    return found.language.gettext("{points} and {money}").format(points=words, money=beside)


def _mine(found: Member, one: RedemptionView) -> Mine:
    language = found.language
    store = found.program.stores.get(one.store or "")
    return Mine(
        id=one.id,
        name=one.name,
        kind=reward_words.kind(language, one.kind),
        state=reward_words.state(language, one.state),
        waits=_waits(found, one),
        fetched=not one.vouchers and one.kind != "charity" and one.state in ("held", "claimed", "ready"),
        points=showing.points_text(found, one.currency, one.points),
        money=language.money(one.money, found.program.base_currency) if one.money else "",
        day=showing.moment(language, one.redeemed_at, found.now, found.zone),
        until=showing.last_day(found, one.valid_until) if one.valid_until else "",
        store=store.name if store else "",
        codes=tuple(
            CodeLine(
                code.code,
                showing.code("qr", code.code),
                reward_words.voucher(language, code.state),
                code.state == "good",
                showing.last_day(found, code.valid_until) if code.valid_until else "",
                f"{found.home}/vouchers/{code.id}" if code.transferable and _usable(code) else "",
            )
            for code in one.vouchers
            if code.code is not None and not _handed_on(found, code)
        ),
        handed_on=any(_handed_on(found, code) for code in one.vouchers),
        returnable=one.returnable and not any(_handed_on(found, code) for code in one.vouchers),
    )


def _usable(code: VoucherView) -> bool:
    return code.state in ("good", "not_yet")


def _handed_on(found: Member, code: VoucherView) -> bool:
    return code.member is not None and code.member != ids.show("mem", found.id)


def _waits(found: Member, one: RedemptionView) -> bool:
    """Whether there is something that she still has of it."""
    if one.vouchers:
        return any(_usable(code) and not _handed_on(found, code) for code in one.vouchers)
    return one.state in ("held", "claimed", "ready", "shipped")


routes: list[Any] = [rewards, ask, claim, mine, give_back]

"""The calls about rewards: the catalogue, claiming, and what becomes of what was claimed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows import words
from regulars.flows.end_redemption import (
    Actor,
    Cancellation,
    Fulfilment,
    cancel_redemption,
    confirm_redemption,
    fulfil_redemption,
)
from regulars.flows.known_programs import Known
from regulars.flows.list_rewards import (
    OfferedRewards,
    Redemptions,
    list_rewards,
    read_redemption,
    redemptions_in,
    redemptions_of,
)
from regulars.flows.named_store import limited_to
from regulars.flows.publish_reward import (
    RewardPage,
    RewardView,
    StockChange,
    create_reward,
    page_of_rewards,
    read_reward,
    resume_reward,
    revise_reward,
    stop_reward,
    supply_reward,
)
from regulars.flows.redeem_reward import NewRedemption, redeem_reward
from regulars.flows.redemption_views import RedemptionView
from regulars.flows.spender_proof import Spender
from regulars.rewards.model import Reward, State
from regulars.web.endpoints import Call, Endpoints
from regulars.web.slices import Slice

calls = Endpoints("rewards")
WITH_CODES = frozenset({"till", "issuer", "manage"})
"""Scopes whose keys read the texts of codes that came with a redemption."""


class RewardQuery(Slice, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose catalogue."""

    member: Annotated[str, Meta(max_length=64)]


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


class StateQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of what is in a state."""

    state: State = "claimed"
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls(
    "GET",
    "/v1/rewards",
    scopes="till issuer manage read",
    query=RewardQuery,
    answer=OfferedRewards,
    items_by="id",
)
async def offered(call: Call[Any, RewardQuery]) -> OfferedRewards:
    """The rewards that are meant for a member, what she can claim now first.

    Of the others `reason` says why not, and `missing` how many points are. `price` of one of the `prices` is its
    number in a claim.
    """
    known = await call.known()
    member = ids.read("mem", call.query.member, "?member")
    return await list_rewards(call.database, known, member, _language(call, known), await call.now())


@calls("GET", "/v1/reward-catalogue", scopes="manage read", query=PageQuery, answer=RewardPage)
async def catalogue(call: Call[Any, PageQuery]) -> RewardPage:
    """Every reward with its document, the revision that counts and its stock, in the order they were made."""
    query = call.query
    after = ids.read("rwd", query.cursor, "?cursor") if query.cursor else None
    return await page_of_rewards(call.database, call.caller.program, after, query.limit)


@calls("POST", "/v1/rewards", scopes="manage", body=Reward, answer=RewardView, status=201)
async def create(call: Call[Reward, Any]) -> Answer:
    """Publish a reward: it may be claimed from now on, or from its `from`.

    What contradicts itself is `422 contradictory_configuration`, each contradiction in a sentence: a currency that
    cannot be spent, a voucher without its batch, a price that nobody would pay, an end before the beginning.
    """
    return await create_reward(call.database, await call.request(), call.body, call.caller.by)


@calls("GET", "/v1/rewards/{id}", scopes="manage read", answer=RewardView)
async def show(call: Call[Any, Any]) -> RewardView:
    """A reward: its document by the revision that counts, and its stock."""
    return await read_reward(call.database, call.caller.program, _reward(call))


@calls("PUT", "/v1/rewards/{id}", scopes="manage", body=Reward, answer=RewardView)
async def revise(call: Call[Reward, Any]) -> RewardView:
    """Publish the next revision of a reward. What was claimed stays as it was claimed; the same again makes none."""
    return await revise_reward(
        call.database, call.caller.program, _reward(call), call.body, call.caller.by, await call.now()
    )


@calls("POST", "/v1/rewards/{id}/stop", scopes="manage", answer=RewardView)
async def stop(call: Call[Any, Any]) -> RewardView:
    """Nobody claims it from now on; what was claimed or is reserved stands."""
    return await stop_reward(call.database, call.caller.program, _reward(call), await call.now())


@calls("POST", "/v1/rewards/{id}/resume", scopes="manage", answer=RewardView)
async def resume(call: Call[Any, Any]) -> RewardView:
    """A stopped reward may be claimed again."""
    return await resume_reward(call.database, call.caller.program, _reward(call), await call.now())


@calls(
    "POST",
    "/v1/rewards/{id}/stock",
    scopes="manage",
    body=StockChange,
    answer=RewardView,
    idempotent=True,
)
async def stock(call: Call[StockChange, Any]) -> Answer:
    """Add so many to the stock, or (below zero) take so many out; never more than are there: `409 state_conflict`."""
    return await supply_reward(call.database, await call.request(), _reward(call), call.body)


@calls(
    "POST",
    "/v1/members/{id}/redemptions",
    scopes="till issuer manage",
    body=NewRedemption,
    answer=RedemptionView,
    status=201,
)
async def redeem(call: Call[NewRedemption, Any]) -> Answer:
    """Claim a reward for the member: points, stock, limits and codes in one transaction, or nothing.

    `409`: `insufficient_points` (with `available` and `missing`), `out_of_stock`, `limit_reached`, `not_for_member`,
    `reward_ended`; nothing was written then, and nobody charged. With `hold` the points and the stock are reserved
    until it is confirmed or cancelled. With `hand_over` it is given to her at once. The texts of the codes that come
    with it are in `vouchers`; they are stored nowhere.

    A `till` proves that it is she as for a purchase: with her `card` up to the program's limit a day, otherwise with a
    `proof` (`403 proof_required`).
    """
    known = await call.known()
    new = call.body
    spender = Spender(call.caller, call.caller.by, till=new.till, card=new.card, proof=new.proof)
    return await redeem_reward(
        call.database, known, await call.request(), spender, _member(call), new, _language(call, known)
    )


@calls(
    "GET",
    "/v1/members/{id}/redemptions",
    scopes="till issuer manage read",
    query=PageQuery,
    answer=Redemptions,
)
async def of_member(call: Call[Any, PageQuery]) -> Redemptions:
    """What the member claimed, and whoever was merged into her, the latest first. Only `till`, `issuer` and `manage`
    read the texts of codes."""
    known = await call.known()
    query = call.query
    return await redemptions_of(
        call.database,
        known,
        _member(call),
        _language(call, known),
        await call.now(),
        before=ids.read("rdm", query.cursor, "?cursor") if query.cursor else None,
        limit=query.limit,
        codes=bool(call.caller.scopes & WITH_CODES),
    )


@calls("GET", "/v1/redemptions", scopes="manage read", query=StateQuery, answer=Redemptions)
async def in_state(call: Call[Any, StateQuery]) -> Redemptions:
    """What is in a state, the latest first: by default what was claimed and waits to be made ready.

    A key of one store or partner sees what was claimed there; one of a partner also what was claimed at no store.
    """
    known = await call.known()
    query = call.query
    return await redemptions_in(
        call.database,
        known,
        (query.state,),
        _language(call, known),
        await call.now(),
        before=ids.read("rdm", query.cursor, "?cursor") if query.cursor else None,
        limit=query.limit,
        stores=limited_to(known.program, call.caller),
        storeless=call.caller.store is None,
    )


@calls("GET", "/v1/redemptions/{id}", scopes="till issuer manage read", answer=RedemptionView)
async def show_redemption(call: Call[Any, Any]) -> RedemptionView:
    """A redemption: what was claimed, at what price, and each step since. Claimed at a store that is not this key's, or
    not its partner's, it is `404 not_found`."""
    known = await call.known()
    return await read_redemption(
        call.database,
        known,
        _redemption(call),
        _language(call, known),
        await call.now(),
        codes=bool(call.caller.scopes & WITH_CODES),
        caller=call.caller,
    )


@calls(
    "POST",
    "/v1/redemptions/{id}/cancel",
    scopes="till issuer manage",
    body=Cancellation,
    answer=RedemptionView,
    idempotent=True,
)
async def cancel(call: Call[Cancellation, Any]) -> Answer:
    """Give a reward back: the very lots with their old dates, the stock, the limits; codes that came with it are void.

    Points whose date has passed meanwhile come back by the program's setting `expired_points_on_return`. Refused with
    `409`: `voucher_used`, and `state_conflict` once it was shipped or handed over.
    """
    known = await call.known()
    return await cancel_redemption(
        call.database,
        known,
        await call.request(),
        _actor(call),
        _redemption(call),
        call.body.reason,
        _language(call, known),
    )


@calls(
    "POST",
    "/v1/redemptions/{id}/confirm",
    scopes="till issuer manage",
    answer=RedemptionView,
    idempotent=True,
)
async def confirm(call: Call[Any, Any]) -> Answer:
    """Confirm what was reserved: its points are spent, and its codes given out. `409 hold_lapsed` after its time."""
    known = await call.known()
    return await confirm_redemption(
        call.database, known, await call.request(), _actor(call), _redemption(call), _language(call, known)
    )


@calls(
    "POST",
    "/v1/redemptions/{id}/fulfil",
    scopes="till issuer manage",
    body=Fulfilment,
    answer=RedemptionView,
    idempotent=True,
)
async def fulfil(call: Call[Fulfilment, Any]) -> Answer:
    """Say that a claimed reward is ready, was shipped, or was handed over. `409 state_conflict` where it cannot be."""
    known = await call.known()
    return await fulfil_redemption(
        call.database,
        known,
        await call.request(),
        _actor(call),
        _redemption(call),
        call.body,
        _language(call, known),
    )


def _actor(call: Call[Any, Any]) -> Actor:
    return Actor(call.caller.by, call.caller)


def _language(call: Call[Any, Any], known: Known) -> str:
    return words.chosen(known.program.languages, call.language, "")


def _reward(call: Call[Any, Any]) -> UUID:
    return ids.read("rwd", call.path["id"], "/id")


def _redemption(call: Call[Any, Any]) -> UUID:
    return ids.read("rdm", call.path["id"], "/id")


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")

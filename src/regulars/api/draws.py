"""The calls about lotteries: what there is, tickets, the draw, and the proof with which anybody draws again."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows import draws, hold_draw, lottery_tickets
from regulars.flows.draws import DrawProof, Lotteries, LotteryView
from regulars.flows.hold_draw import NewBeacon
from regulars.flows.ladders import CODE
from regulars.flows.lottery_tickets import NewTicket, Tickets, TicketView
from regulars.flows.spender_proof import Spender
from regulars.games.draws import Lottery
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Games")


class Voiding(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a ticket counts no more."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


@calls("GET", "/v1/draws", scopes="issuer manage read", answer=Lotteries, items_by="code")
async def every(call: Call[Any, Any]) -> Lotteries:
    """The lotteries of the program, the latest first."""
    return await draws.list_draws(call.database, call.caller.program, await call.now())


@calls("GET", "/v1/draws/{code}", scopes="issuer manage read", answer=LotteryView)
async def show(call: Call[Any, Any]) -> LotteryView:
    """A lottery by the revision that counts."""
    return await draws.read_draw(call.database, call.caller.program, call.path["code"], await call.now())


@calls("PUT", "/v1/draws/{code}", scopes="manage", body=Lottery, answer=LotteryView)
async def put(call: Call[Lottery, Any]) -> LotteryView:
    """Make a lottery, or change it; the same document again changes nothing.

    With it the hash of the seed is published that will decide. Once there is a ticket only texts can be changed
    (`409 state_conflict`). What contradicts itself is `422 contradictory_configuration`.
    """
    code = call.path["code"]
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")
    return await draws.put_draw(
        call.database, await call.known(), code, call.body, call.caller.by, await call.now()
    )


@calls("POST", "/v1/draws/{code}/stop", scopes="manage", answer=LotteryView)
async def stop(call: Call[Any, Any]) -> LotteryView:
    """Call it off: every ticket is void, and points that it cost are back. `409 state_conflict` once it was drawn."""
    known, code, at = await call.known(), call.path["code"], await call.now()
    await lottery_tickets.call_off(call.database, known, code, call.caller.by, at)
    return await draws.read_draw(call.database, call.caller.program, code, at)


@calls("POST", "/v1/draws/{code}/beacon", scopes="manage", body=NewBeacon, answer=LotteryView)
async def beacon(call: Call[NewBeacon, Any]) -> LotteryView:
    """Say what the public number is that the draw waits for. It counts once a second key says the same."""
    known, code, at = await call.known(), call.path["code"], await call.now()
    by = ids.show("key", call.caller.key)
    await hold_draw.say_beacon(call.database, known, code, call.body, by, at)
    return await draws.read_draw(call.database, call.caller.program, code, at)


@calls("POST", "/v1/draws/{code}/hold", scopes="manage", answer=DrawProof)
async def hold(call: Call[Any, Any]) -> DrawProof:
    """Hold the draw now that its time has come, as the worker does a little later. Held again it is the same."""
    return await hold_draw.hold_draw(
        call.database, await call.known(), call.path["code"], call.caller.by, await call.now()
    )


@calls("GET", "/v1/draws/{code}/proof", scopes="till issuer manage read", answer=DrawProof)
async def proof(call: Call[Any, Any]) -> DrawProof:
    """The hash of the seed from the beginning; after the draw the seed, all numbers that took part, and the winners.

    `examples/verify_draw.py` computes the draw again. Nobody is named. The portal shows the same to everybody, without
    a key, at `/portal/{program}/draws/{code}/proof.json`.
    """
    return await draws.read_proof(call.database, call.caller.program, call.path["code"])


@calls("POST", "/v1/members/{id}/tickets", scopes="issuer manage", body=NewTicket, answer=Tickets, status=201)
async def buy(call: Call[NewTicket, Any]) -> Answer:
    """Tickets for points, or (`given`) as a present; each has a number of its own.

    `409`: `game_closed`, `not_for_member`, `no_play_left` beyond what a member may have, `insufficient_points`.
    """
    spender = Spender(call.caller, call.caller.by)
    return await lottery_tickets.buy_tickets(
        call.database, await call.known(), await call.request(), spender, _member(call), call.body
    )


@calls("GET", "/v1/members/{id}/tickets", scopes="till issuer manage read", answer=Tickets, items_by="id")
async def of_member(call: Call[Any, Any]) -> Tickets:
    """The member's tickets, void ones among them, the latest first; at most 500."""
    return await lottery_tickets.tickets_of(call.database, await call.known(), _member(call))


@calls(
    "POST", "/v1/tickets/{id}/void", scopes="issuer manage", body=Voiding, answer=TicketView, idempotent=True
)
async def void(call: Call[Voiding, Any]) -> Answer:
    """Take a ticket out of a draw that was not held yet; the points that it cost are back, with their old dates."""
    ticket = ids.read("tkt", call.path["id"], "/id")
    return await lottery_tickets.void_ticket(
        call.database, await call.known(), await call.request(), ticket, call.caller.by, call.body.reason
    )


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")

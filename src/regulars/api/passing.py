"""The calls about points that members pass on: taken back, donated, exchanged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.donate_points import (
    Donations,
    DonationView,
    NewDonation,
    donate_points,
    list_donations,
)
from regulars.flows.exchange_points import (
    ExchangeView,
    NewExchange,
    Rates,
    RateView,
    exchange_points,
    list_rates,
    preview_exchange,
    put_rate,
)
from regulars.flows.take_transfer_back import TakenBack, take_transfer_back
from regulars.ledger.passing import Rate
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("members")


@calls(
    "POST",
    "/v1/members/{id}/transfers/{transfer}/take-back",
    scopes="manage",
    answer=TakenBack,
    idempotent=True,
)
async def take_back(call: Call[Any, Any]) -> Answer:
    """Take a transfer back: within the hours that the setting `passing` allows, while nothing of it was spent."""
    transfer = ids.read("trf", call.path["transfer"], "/transfer")
    return await take_transfer_back(
        call.database,
        (await call.known()).program,
        await call.request(),
        _actor(call),
        _member(call),
        transfer,
    )


@calls(
    "POST",
    "/v1/members/{id}/donations",
    scopes="issuer manage",
    body=NewDonation,
    answer=DonationView,
    status=201,
)
async def donate(call: Call[NewDonation, Any]) -> Answer:
    """Give points of a member to a good cause; the answer is what her certificate says.

    They leave her account for good, as spent at the partner who is the charity: it is owed their worth.
    """
    request = await call.request()
    return await donate_points(
        call.database, (await call.known()).program, request, _actor(call), _member(call), call.body
    )


@calls("GET", "/v1/donations", scopes="manage read", answer=Donations, items_by="charity currency")
async def donations(call: Call[Any, Any]) -> Donations:
    """What each charity was given in all, by currency."""
    return await list_donations(call.database, call.caller.program)


@calls("GET", "/v1/points-rates", scopes="till issuer manage read", answer=Rates, items_by="currency target")
async def rates(call: Call[Any, Any]) -> Rates:
    """At what the program's own currencies are changed into one another."""
    return await list_rates(call.database, call.caller.program)


@calls("PUT", "/v1/points-rates/{currency}/{target}", scopes="manage", body=Rate, answer=RateView)
async def put(call: Call[Rate, Any]) -> RateView:
    """Set a rate by a new revision; the same again changes nothing.

    Where there and back again would make more points of fewer, it is `422 contradictory_configuration`.
    """
    program, at = (await call.known()).program, await call.now()
    currency, target = call.path["currency"], call.path["target"]
    return await put_rate(call.database, program, currency, target, call.body, call.caller.by, at)


@calls(
    "POST",
    "/v1/members/{id}/exchanges",
    scopes="issuer manage",
    body=NewExchange,
    answer=ExchangeView,
    status=201,
)
async def exchange(call: Call[NewExchange, Any]) -> Answer:
    """Change points of a member into another currency of the program, rounded down once.

    Issuer, funder and cost go along; points expire as their new currency says, or when they would have, whichever is
    earlier.
    """
    request = await call.request()
    return await exchange_points(
        call.database, (await call.known()).program, request, _actor(call), _member(call), call.body
    )


@calls(
    "POST",
    "/v1/members/{id}/exchanges/preview",
    scopes="issuer manage",
    body=NewExchange,
    answer=ExchangeView,
)
async def preview(call: Call[NewExchange, Any]) -> ExchangeView:
    """What an exchange would bring; nothing is written."""
    at = await call.now()
    return await preview_exchange(call.database, (await call.known()).program, _member(call), call.body, at)


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"])


def _actor(call: Call[Any, Any]) -> str:
    return ids.show("key", call.caller.key)

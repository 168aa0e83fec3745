"""The calls about wallets of other makers: letting them in, what they may ask, what members allow them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db.requests import Answer
from regulars.flows.aggregators import (
    AggregatorChange,
    Aggregators,
    AggregatorView,
    NewAggregator,
    NewAggregatorView,
    admit,
    change_aggregator,
    let_in,
    list_aggregators,
    revoke_aggregator,
)
from regulars.flows.register_by_wallet import (
    NewRegistration,
    Registered,
    RegistrationCode,
    RegistrationView,
    confirm_registration,
    register,
)
from regulars.flows.wallet_grants import (
    CardShown,
    Grants,
    Revoked,
    WalletBalance,
    duplicate,
    list_grants,
    revoke_grant,
    wallet_balance,
)
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("aggregators")
WALLET = "aggregator"


class Ended(Struct, frozen=True):
    """An aggregator that was ended."""

    id: str


@calls(
    "POST",
    "/v1/aggregators",
    scopes="manage",
    body=NewAggregator,
    answer=NewAggregatorView,
    status=201,
    whole=True,
)
async def enter(call: Call[NewAggregator, Any]) -> Answer:
    """Let a wallet of another maker in: it gets a key that opens `/v1/issuer/…` and nothing else.

    The key's text is in the answer, and is shown nowhere else. `calls_a_day` is all that it may ask in a day of the
    program's time zone; then `429`.

    Where keys need two people (`four_eyes_keys`) and staff may decide, wallets are let in in the back office: here it
    is 403 `second_person_needed`.
    """
    known = await call.known()
    secret = call.state.settings.secret
    return await let_in(
        call.database, known.program, secret, await call.request(), call.body, by_key=call.caller.key
    )


@calls("GET", "/v1/aggregators", scopes="manage read", answer=Aggregators, items_by="id", whole=True)
async def every(call: Call[Any, Any]) -> Aggregators:
    """The wallets that were let in, also those that were ended."""
    return await list_aggregators(call.database, call.caller.program)


@calls(
    "PATCH", "/v1/aggregators/{id}", scopes="manage", body=AggregatorChange, answer=AggregatorView, whole=True
)
async def change(call: Call[AggregatorChange, Any]) -> AggregatorView:
    """Let it ask more or less a day, from its next call on."""
    return await change_aggregator(
        call.database, call.caller.program, ids.read("agg", call.path["id"], "/id"), call.body
    )


@calls("DELETE", "/v1/aggregators/{id}", scopes="manage", answer=Ended, whole=True)
async def end(call: Call[Any, Any]) -> Ended:
    """End a wallet: its key, and every token that members gave it. The members and their cards stay."""
    aggregator = ids.read("agg", call.path["id"], "/id")
    await revoke_aggregator(call.database, call.caller.program, aggregator, clock.world())
    return Ended(call.path["id"])


@calls(
    "POST",
    "/v1/issuer/registrations",
    scopes=WALLET,
    body=NewRegistration,
    answer=RegistrationView,
    status=201,
)
async def ask(call: Call[NewRegistration, Any]) -> Answer:
    """Send a code to a phone, so that its owner can let this wallet show her card.

    The answer is the same whether the phone is a member's or not.
    """
    known = await call.known()
    request = await call.request()
    wallet = await admit(call.database, known.program, call.caller, request.at)
    office = call.state.post_office
    answer = await register(
        call.database, known.program, known.vault, request, call.caller, wallet, call.body, office.channels
    )
    office.send(known.program.id)
    return answer


@calls(
    "POST",
    "/v1/issuer/registrations/{id}/confirm",
    scopes=WALLET,
    body=RegistrationCode,
    answer=Registered,
    status=201,
)
async def confirm(call: Call[RegistrationCode, Any]) -> Answer:
    """The code that the phone got: the member's card, and a token to show it and her balance with.

    A phone that nobody had becomes a member with a new card; for a member's phone it is a duplicate of the card that
    she has. A wrong code is `403 code_wrong`; after five a new one is needed.
    """
    known = await call.known()
    request = await call.request()
    wallet = await admit(call.database, known.program, call.caller, request.at)
    registration = ids.read("reg", call.path["id"], "/id")
    return await confirm_registration(
        call.database, known.program, known.vault, request, wallet, registration, call.body
    )


@calls("POST", "/v1/issuer/cards", scopes=WALLET, answer=CardShown, status=201, grant=True)
async def card(call: Call[Any, Any]) -> Answer:
    """A duplicate of the card of the member whose token stands in the header `Regulars-Grant`."""
    known = await call.known()
    request = await call.request()
    wallet = await admit(call.database, known.program, call.caller, request.at)
    return await duplicate(call.database, known.program, request, wallet, call.grant)


@calls("GET", "/v1/issuer/balance", scopes=WALLET, answer=WalletBalance, grant=True)
async def balance(call: Call[Any, Any]) -> WalletBalance:
    """The card and balance of the member whose token stands in the header `Regulars-Grant`."""
    known, at = await call.known(), await call.now()
    wallet = await admit(call.database, known.program, call.caller, at)
    return await wallet_balance(call.database, known.program, wallet, call.grant, at=at)


@calls("GET", "/v1/members/{id}/grants", scopes="issuer manage read", answer=Grants, items_by="id")
async def grants(call: Call[Any, Any]) -> Grants:
    """Which wallets the member lets show her card and balance, and which she no longer does."""
    return await list_grants(call.database, call.caller.program, _member(call))


@calls("DELETE", "/v1/members/{id}/grants/{grant}", scopes="issuer manage", answer=Revoked)
async def take_back(call: Call[Any, Any]) -> Revoked:
    """Take a grant back: the wallet's token is refused from now on, the card stays."""
    grant = ids.read("grt", call.path["grant"], "/grant")
    return await revoke_grant(call.database, call.caller.program, _member(call), grant, await call.now())


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")

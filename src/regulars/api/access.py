"""The calls by which a member shows who she is: codes, PIN, and the phones that make dynamic codes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.challenges import (
    ChallengeAnswer,
    ChallengeView,
    NewChallenge,
    Verified,
    send_code,
    verify_code,
)
from regulars.flows.devices import (
    DeviceList,
    DeviceRevoked,
    DeviceView,
    NewDevice,
    list_devices,
    register_device,
    revoke_device,
)
from regulars.flows.set_pin import NewPin, PinSet, set_pin
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("log-in and proof")


@calls(
    "POST",
    "/v1/members/{id}/challenges",
    scopes="till issuer manage",
    body=NewChallenge,
    answer=ChallengeView,
    status=201,
)
async def challenge(call: Call[NewChallenge, Any]) -> Answer:
    """Send the member a code of six digits by SMS or email; it can be used for 5 minutes (`code_seconds`).

    `spend`: the value of a purchase's `proof` of the kind `otp`. `confirm`: for `verify`, a PIN or a device; it shows
    that the phone or email is hers, which whoever was enrolled at a till needs before she may spend. `log_in`: for a
    device of an app of your own. Counted per member and per key and till: then `429` with `Retry-After`.
    """
    known = await call.known()
    answer = await send_code(
        call.database,
        known.program,
        known.vault,
        await call.request(),
        call.caller,
        _member(call),
        call.body,
        call.state.post_office.channels,
    )
    call.state.post_office.send(known.program.id)
    return answer


@calls(
    "POST",
    "/v1/challenges/{id}/verify",
    scopes="till issuer manage",
    body=ChallengeAnswer,
    answer=Verified,
    idempotent=True,
)
async def verify(call: Call[ChallengeAnswer, Any]) -> Answer:
    """Answer a challenge of the purpose `confirm`: from then on the member may spend, and her consents count.

    A wrong code is `403 code_wrong` with how many more may follow (`left`); five lock her spending at this till for
    15 minutes (`403 spending_locked`, `Retry-After`), never her earning.
    """
    known = await call.known()
    asked = ids.read("chl", call.path["id"])
    return await verify_code(
        call.database, known.program, known.vault, await call.request(), call.caller, asked, call.body
    )


@calls("PUT", "/v1/members/{id}/pin", scopes="till issuer manage", body=NewPin, answer=PinSet)
async def pin(call: Call[NewPin, Any]) -> PinSet:
    """Set or change the member's PIN (4 to 8 digits), with a code of the purpose `confirm` that came to her.

    It is then a `proof` of the kind `pin`. One that is easy to guess (1111, 1234, her birthday, the end of her phone
    number) is `422` at `/pin`, and the code stays good for another. She is told by a message.
    """
    known = await call.known()
    post_office = call.state.post_office
    done = await set_pin(
        call.database, known.program, known.vault, call.caller, _member(call), call.body,
        channels=post_office.channels, at=await call.now(),
    )  # fmt: skip
    post_office.send(known.program.id)
    return done


@calls("POST", "/v1/devices", scopes="issuer manage", body=NewDevice, answer=DeviceView, status=201)
async def add_device(call: Call[NewDevice, Any]) -> Answer:
    """Register a phone's public key (P-256), with a code that was sent to the member; the answer certifies it.

    With the certificate the phone makes dynamic codes by itself, also without a network. It lasts 90 days; register
    the same key again before.
    """
    known = await call.known()
    return await register_device(
        call.database, known.program, known.vault, await call.request(), call.caller, call.body
    )


@calls("GET", "/v1/members/{id}/devices", scopes="issuer manage read", answer=DeviceList, items_by="id")
async def devices(call: Call[Any, Any]) -> DeviceList:
    """The phones of a member that may make dynamic codes, the newest first."""
    known = await call.known()
    return await list_devices(call.database, known.program, known.vault, _member(call), at=await call.now())


@calls("DELETE", "/v1/devices/{id}", scopes="issuer manage", answer=DeviceRevoked)
async def remove_device(call: Call[Any, Any]) -> DeviceRevoked:
    """Let a phone's codes no longer count. Tills that are offline find out when they are online again."""
    device = ids.read("dev", call.path["id"])
    return await revoke_device(call.database, call.caller.program, device, at=await call.now())


def _member(call: Call[Any, Any]) -> UUID:
    """The member whom the path names. Raises WrongIdKind."""
    return ids.read("mem", call.path["id"])

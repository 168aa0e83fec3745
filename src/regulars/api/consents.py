"""The calls about consents: what is shown, what was said, its confirmation, and lists of those who agree."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.flows.confirm_consent import Confirmation, Confirmed, confirm_consent
from regulars.flows.consent_wordings import (
    NewWording,
    WordingPage,
    WordingView,
    enter_wording,
    list_wordings,
)
from regulars.flows.hand_over import HandoverPage, hand_over, list_handovers
from regulars.flows.record_consent import Consents, NewConsent, SaidView, read_consents, record_consent
from regulars.members.description import Purpose
from regulars.members.model import Channel
from regulars.web.endpoints import Call, Endpoints, Reply, attachment

calls = Endpoints("consents")
CSV = "text/csv"


class WordingQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the list of wordings: those whose code comes after `cursor`."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=63, pattern=r"^[a-z0-9._-]*$(?!\n)")] = ""


class HandoverQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a list is of."""

    purpose: Purpose
    channel: Channel
    attributes: Annotated[str, Meta(max_length=640, pattern=r"^[A-Za-z0-9_.,-]*$(?!\n)")] = ""
    """Attributes that become columns too, with commas between, such as an address."""
    limit: Annotated[int, Meta(ge=1, le=50_000)] = 50_000
    cursor: Annotated[str, Meta(max_length=40)] | None = None
    """What the header `Next-Cursor` of the page before said."""


class HandoversQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the list of hand-overs."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=40)] | None = None


@calls("POST", "/v1/consent-wordings", scopes="manage", body=NewWording, answer=WordingView, status=201)
async def word(call: Call[NewWording, Any]) -> Answer:
    """Enter what is shown to members when they are asked: the first version of a code, or its next.

    A version is never changed: consents carry its number and the hash of the text that was shown.
    """
    known = await call.known()
    request, by = await call.request(), ids.show("key", call.caller.key)
    return await enter_wording(call.database, known.program, request, by, call.body)


@calls(
    "GET",
    "/v1/consent-wordings",
    scopes="till issuer manage read",
    query=WordingQuery,
    answer=WordingPage,
)
async def wordings(call: Call[Any, WordingQuery]) -> WordingPage:
    """Every wording by code with all its versions, the newest first."""
    known = await call.known()
    return await list_wordings(call.database, known.program, call.query.cursor, call.query.limit)


@calls(
    "POST",
    "/v1/members/{id}/consents",
    scopes="till issuer manage",
    body=NewConsent,
    answer=SaidView,
    status=201,
)
async def consent(call: Call[NewConsent, Any]) -> Answer:
    """Record that the member agrees to be spoken to on a channel for a purpose, or no longer does.

    A withdrawal counts at once. An agreement by email is `pending`, and does not count, until she confirms it by the
    link that she is sent (setting `double_opt_in`).
    """
    known = await call.known()
    answer = await record_consent(
        call.database,
        known.program,
        known.vault,
        await call.request(),
        ids.read("mem", call.path["id"]),
        call.body,
        by=ids.show("key", call.caller.key),
        trusted="manage" in call.caller.scopes,
    )
    call.state.post_office.send(known.program.id)
    return answer


@calls("GET", "/v1/members/{id}/consents", scopes="issuer manage read", answer=Consents)
async def of_member(call: Call[Any, Any]) -> Consents:
    """What the member agrees to now, and all that she ever said, with what proves it."""
    known = await call.known()
    return await read_consents(call.database, known.program, ids.read("mem", call.path["id"]))


@calls(
    "POST",
    "/v1/consents/confirm",
    scopes="till issuer manage",
    body=Confirmation,
    answer=Confirmed,
    idempotent=False,
)
async def confirm(call: Call[Confirmation, Any]) -> Confirmed:
    """Confirm an agreement by the token of the message: once, within seven days."""
    known = await call.known()
    return await confirm_consent(
        call.database, known.program, known.vault, call.body.token, at=await call.now()
    )


@calls(
    "GET",
    "/v1/members/handover",
    scopes="manage",
    query=HandoverQuery,
    answer=None,
    media_type=CSV,
    whole=True,
)
async def handover(call: Call[Any, HandoverQuery]) -> Reply:
    """A list, as CSV, of the members who agree to be spoken to on that channel for that purpose, and of nobody else.

    At most 50,000 members; where there are more, the header `Next-Cursor` says how to go on. Each page is kept as a
    hand-over with its hash and who asked for it. Who has no email or phone, where the channel needs it, is left out.
    """
    known, query = await call.known(), call.query
    given = await hand_over(
        call.database,
        known.program,
        known.vault,
        channel=query.channel,
        purpose=query.purpose,
        attributes=[name for name in query.attributes.split(",") if name],
        after=ids.read("mem", query.cursor, "?cursor") if query.cursor else None,
        limit=query.limit,
        by=ids.show("key", call.caller.key),
        at=await call.now(),
    )
    reply = attachment(f"members-{query.channel}.csv", given.content, CSV)
    if given.next is not None:
        reply.headers["Next-Cursor"] = given.next
    return reply


@calls("GET", "/v1/handovers", scopes="manage", query=HandoversQuery, answer=HandoverPage, whole=True)
async def handovers(call: Call[Any, HandoversQuery]) -> HandoverPage:
    """The lists of members that were handed over: when, to whom, how many, and the hash of the list."""
    before = ids.read("hnd", call.query.cursor, "?cursor") if call.query.cursor else None
    return await list_handovers(call.database, call.caller.program, before, call.query.limit)

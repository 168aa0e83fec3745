"""Records what a member said about being spoken to, and reads it: facts; the latest that counts holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows import confirm_consent, consent_wordings
from regulars.members import consents, directory, reading, views
from regulars.members.consents import Said, State
from regulars.members.description import ConsentGiven
from regulars.members.model import Consent
from regulars.members.vault import Vault
from regulars.members.views import ConsentView
from regulars.programs.model import Program


class NewConsent(ConsentGiven, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/consents`."""

    source: Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[a-z0-9_.-]+$")] = "api"
    """Where she said it: `till`, `web`, `app`, `letter` …"""


class SaidView(ConsentView, frozen=True):
    """A consent of a member's history, with what proves it."""

    state: State
    """`granted`, `pending` (it waits for its confirmation and does not count) or `withdrawn`."""
    given_at: datetime | None
    wording: str | None
    wording_version: int | None
    wording_language: str | None
    wording_hash: str | None
    """SHA-256, in hexadecimal digits, of the text that was shown."""
    recorded_by: str
    evidence: str
    confirmed_at: datetime | None
    confirmed_address: str | None
    """Of an agreement by email: SHA-256, in hexadecimal digits, of the mailbox's blind index and this consent's id."""


class Consents(Struct, frozen=True):
    """What a member agrees to, and all that she said."""

    now: tuple[SaidView, ...]
    """What holds of each channel and purpose."""
    history: tuple[SaidView, ...]
    """The newest first; at most 1,000."""


async def record_consent(
    database: Database,
    program: Program,
    vault: Vault,
    request: Request,
    member: UUID,
    new: NewConsent,
    *,
    by: str,
    trusted: bool = False,
) -> Answer:
    """201 with the record. Raises NotFound, Unprocessable, and StateConflict after an erasure.

    `by`: the key or session; `trusted`: who may say that she confirmed it elsewhere. A withdrawal counts at once; an
    agreement by email is pending until it is confirmed, for which a message goes out.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        profile = await reading.profile(tx, program.id, vault, member, lock=True)
        if profile is None:
            raise NotFound("There is no such member.")
        if profile.erased_at is not None:
            raise StateConflict("This member was erased.")
        (consent,) = await consent_wordings.said(
            tx,
            program,
            [new],
            source=new.source,
            by=by,
            language=profile.language,
            at=request.at,
            trusted=trusted,
            pointer="",
        )
        (record,) = await directory.record_consents(tx, program.id, profile.id, [consent], request.at)
        await confirm_consent.ask(tx, program, vault, profile, [(record, consent)], request.at)
        view = consent_view(record, consent, request.at)
        return await requests.keep(tx, request, 201, views.encode(view))

    return await database.run(program.id, work)


async def read_consents(database: Database, program: Program, member: UUID) -> Consents:
    """What holds now, and the history. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await reading.member(tx, program.id, member)
        if found is None:
            raise NotFound("There is no such member.")
        said = await consents.history(tx, program.id, found.id)
    now = tuple(msgspec.structs.replace(said_view(one), state=state) for one, state in consents.latest(said))
    return Consents(now, tuple(said_view(one) for one in said))


def consent_view(record: UUID, consent: Consent, at: datetime) -> SaidView:
    """A consent just recorded, as it is answered."""
    shown = consent.shown
    return said_view(
        Said(
            record,
            consent.channel,
            consent.purpose,
            consent.granted,
            consent.source,
            at,
            consent.given_at,
            shown.code if shown else None,
            shown.version if shown else None,
            shown.language if shown else None,
            shown.hash if shown else None,
            consent.recorded_by,
            consent.evidence,
            consent.to_confirm,
            None,
        )
    )


def said_view(said: Said) -> SaidView:
    """A consent as it is answered."""
    return SaidView(
        id=ids.show("cns", said.id),
        channel=said.channel,
        purpose=said.purpose,
        granted=said.granted,
        source=said.source,
        recorded_at=said.recorded_at,
        state=said.state,
        given_at=said.given_at,
        wording=said.wording,
        wording_version=said.wording_version,
        wording_language=said.wording_language,
        wording_hash=said.wording_hash.hex() if said.wording_hash else None,
        recorded_by=said.recorded_by,
        evidence=said.evidence,
        confirmed_at=said.confirmed_at,
        confirmed_address=said.address.hex() if said.address else None,
    )

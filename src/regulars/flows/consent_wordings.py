"""Keeps the words that members are shown when they are asked to agree: versions, which never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import Fault, Unprocessable
from regulars.members import consents
from regulars.members.consents import Wording
from regulars.members.description import ConsentGiven, Purpose, WordingCode
from regulars.members.model import Channel, Consent, Shown
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program

WORDINGS_SHOWN_MAX = 200
Wordings = Mapping[tuple[str, int | None], Wording]
"""(code, version or None for the newest) → the wording."""


class NewWording(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/consent-wordings`: the first version of a code, or the next."""

    code: WordingCode
    purpose: Purpose
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1, max_length=5)]
    texts: Annotated[
        dict[str, Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]],
        Meta(min_length=1, max_length=5),
    ]
    """Language → what is shown; the program's own language is needed."""


class WordingView(Struct, frozen=True):
    """A version of a wording; it is never changed."""

    code: str
    version: int
    purpose: str
    channels: tuple[str, ...]
    texts: dict[str, str]
    hashes: dict[str, str]
    """Language → SHA-256 of the text in hexadecimal digits, as consents carry it."""
    created_at: datetime


class WordingPage(Struct, frozen=True):
    """Wordings by code, each with its versions, the newest first."""

    items: tuple[WordingView, ...]
    next: str | None


async def enter_wording(
    database: Database, program: Program, request: Request, by: str, new: NewWording
) -> Answer:
    """201 with the version. Raises Unprocessable for a language that is not the program's or is missing."""
    spoken = program.languages
    faults = [
        Fault(f"/texts/{language}", f"this program speaks {', '.join(spoken)}")
        for language in new.texts
        if language not in spoken
    ]
    if spoken[0] not in new.texts:
        faults.append(Fault(f"/texts/{spoken[0]}", "the program's own language is missing"))
    if faults:
        raise Unprocessable("Some fields cannot be as they are.", errors=faults)
    channels = tuple(dict.fromkeys(new.channels))

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        version = await consents.enter_wording(
            tx,
            program.id,
            code=new.code,
            purpose=new.purpose,
            channels=channels,
            texts=new.texts,
            at=request.at,
            by=by,
        )
        wording = Wording(new.code, version, new.purpose, channels, new.texts, request.at)
        change = Change("consent_wording.entered", new.code, after=wording_view(wording))
        await trail.record(tx, program.id, change, request.at)
        return await requests.keep(tx, request, 201, msgspec.json.encode(wording_view(wording)))

    return await database.run(program.id, work)


async def list_wordings(database: Database, program: Program, after: str, limit: int) -> WordingPage:
    """Every version of the wordings whose code comes after `after`; whole codes, about `limit` versions."""
    async with database.transaction(program.id) as tx:
        found = await consents.wordings(tx, program.id, after, WORDINGS_SHOWN_MAX + limit)
    shown = found[:limit]
    if len(found) > limit:
        shown += [wording for wording in found[limit:] if wording.code == shown[-1].code]
    return WordingPage(
        tuple(wording_view(wording) for wording in shown), shown[-1].code if len(found) > len(shown) else None
    )


async def said(
    tx: Transaction,
    program: Program,
    given: Sequence[ConsentGiven],
    *,
    source: str,
    by: str,
    language: str,
    at: datetime,
    trusted: bool = False,
    pointer: str = "/consents",
) -> tuple[Consent, ...]:
    """What was said as it is kept: with the wording that was shown, by default in the member's language.

    An agreement by email waits for its confirmation where the program asks for one and none was brought along, which
    only a `trusted` caller may say. A withdrawal counts whatever wording it names: one that was not shown for it is
    left out. Raises Unprocessable for an agreement to a wording that there is not, or that is about something else, and
    for what was said in the future.
    """
    wordings = await wordings_of(tx, program, given)
    return kept(
        program, given, wordings,
        source=source, by=by, language=language, at=at, trusted=trusted, pointer=pointer,
    )  # fmt: skip


async def wordings_of(tx: Transaction, program: Program, given: Sequence[ConsentGiven]) -> Wordings:
    """The wordings that are named in what was said, by one or by many."""
    named = [(one.wording, one.wording_version) for one in given if one.wording is not None]
    return await consents.wordings_named(tx, program.id, named)


def kept(
    program: Program,
    given: Sequence[ConsentGiven],
    wordings: Wordings,
    *,
    source: str,
    by: str,
    language: str,
    at: datetime,
    trusted: bool,
    pointer: str = "/consents",
) -> tuple[Consent, ...]:
    """As `said`, with the wordings that were read before."""
    faults: list[Fault] = []
    found: list[Consent] = []
    for place, one in enumerate(given):
        where = f"{pointer}/{place}" if pointer else ""
        if one.given_at is not None and one.given_at > at:
            faults.append(Fault(f"{where}/given_at", "lies in the future"))
        if one.confirmed and not trusted:
            faults.append(Fault(f"{where}/confirmed", "only a key that may manage says so"))
        shown: Shown | None = None
        if one.wording is not None:
            wording = wordings.get((one.wording, one.wording_version))
            usual = language if wording is None or language in wording.texts else program.languages[0]
            spoken = one.wording_language or usual
            wrong = _wrong(wording, one, spoken)
            if wording is not None and wrong is None:
                shown = Shown(
                    wording.code, wording.version, spoken, consents.text_hash(wording.texts[spoken])
                )
            elif wrong is not None and one.granted:
                faults.append(Fault(f"{where}/{wrong[0]}", wrong[1]))
                continue
        waits = one.granted and one.channel == "email" and program.settings.double_opt_in
        found.append(
            Consent(
                one.channel,
                one.purpose,
                one.granted,
                source,
                shown=shown,
                given_at=one.given_at,
                recorded_by=by,
                evidence=one.evidence,
                to_confirm=waits and not one.confirmed,
            )
        )
    if faults:
        raise Unprocessable("Some fields cannot be as they are.", errors=faults)
    return tuple(found)


def wording_view(wording: Wording) -> WordingView:
    """A version as it is answered."""
    return WordingView(
        code=wording.code,
        version=wording.version,
        purpose=wording.purpose,
        channels=wording.channels,
        texts=wording.texts,
        hashes={language: consents.text_hash(text).hex() for language, text in wording.texts.items()},
        created_at=wording.created_at,
    )


def _wrong(wording: Wording | None, one: ConsentGiven, spoken: str) -> tuple[str, str] | None:
    """The field at fault, and why; None: this wording was shown for what was said, in that language."""
    if wording is None:
        return "wording", "there is no such wording, or no such version"
    if wording.purpose != one.purpose:
        return "wording", f"is about {wording.purpose}, not {one.purpose}"
    if one.channel not in wording.channels:
        return "wording", f"is for {', '.join(wording.channels)}"
    if spoken not in wording.texts:
        return "wording_language", "this wording is not there in that language"
    return None

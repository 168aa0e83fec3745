"""Erases a member: who she is and what finds her are gone, her cards closed, the books stay as they are.

Her row of the vault is deleted with the key that it was sealed under, so that no old copy of it can be opened. What
was removed is counted before and after, and stands in a certificate that the program signs.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

from regulars import ids
from regulars.db import queries, requests
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound
from regulars.flows import asking, sharing
from regulars.flows.end_booking import give_up_seats
from regulars.flows.enrol import codes_of
from regulars.flows.read_member import CurrencyBalance, balance_of
from regulars.games import quest_book, replies, rhythms
from regulars.members import (
    accounts,
    clubs,
    directory,
    erasures,
    instruments,
    marks,
    names,
    notes,
    passes,
    reading,
    referral_book,
    twins,
    views,
    wallet,
)
from regulars.members.access import proving
from regulars.members.reading import Profile
from regulars.members.vault import Vault
from regulars.members.views import MemberView
from regulars.partners import aggregators
from regulars.programs import approvals, signing
from regulars.programs import reading as program_reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.purchases import activity_reads
from regulars.rewards import entitlement_book, keeping

SQL = queries.load("regulars.flows", "erasure.sql")
FORGETTERS: tuple[Callable[[Transaction, UUID, UUID], Awaitable[Any]], ...] = (
    marks.forget,
    clubs.forget,
    twins.forget,
    names.forget,
    notes.forget,
    wallet.forget,
    passes.forget,
    proving.forget,
    referral_book.forget,
    instruments.forget,
    aggregators.forget,
    quest_book.forget,
    replies.forget,
    keeping.forget,
    entitlement_book.forget,
    rhythms.forget,
    activity_reads.forget,
)
"""Each removes what its table keeps of a member (transaction, program, member). Its rows are counted in erasure.sql."""
VERSION = "regulars.erasure.1"


class AccountBooks(Struct, frozen=True):
    """What an account holds in every currency."""

    account: str
    currencies: tuple[CurrencyBalance, ...]


class Books(Struct, frozen=True):
    """The member's accounts before and after the erasure, by their lots."""

    before: tuple[AccountBooks, ...]
    after: tuple[AccountBooks, ...]
    balanced: bool
    """Whether both are the same."""


class Certificate(Struct, frozen=True):
    """What an erasure did."""

    version: str
    program: str
    member: str
    asked_by: str
    """The key (`key_…`) or member of staff (`stf_…`) that asked, or `member`: she did it herself."""
    erased_at: datetime
    removed: dict[str, int]
    """What was removed or closed, by kind, and how many."""
    left: dict[str, int]
    """What is left of these kinds: nothing."""
    books: Books


class ErasureView(Struct, frozen=True):
    """A certificate with its signature: Ed25519 over the bytes of `signed`, which say what `certificate` says."""

    certificate: Certificate
    signed: str
    """JSON as it was signed."""
    algorithm: str
    signature: str
    """Base64."""
    public_key: str
    """Base64 of 32 bytes: `GET /v1/program/signing-key` answers the same."""


class SigningKeyView(Struct, frozen=True):
    """With what the program's signatures are checked."""

    algorithm: str
    public_key: str
    """Base64 of 32 bytes."""
    pem: str


async def erase_member(
    database: Database, program: Program, vault: Vault, member: UUID, by: str, *, at: datetime
) -> MemberView:
    """What is left of the member who does it herself; erased again, the same. `by`: `member`. Raises NotFound."""

    async def work(tx: Transaction) -> MemberView:
        return await erase(tx, program, vault, member, by, at)

    return await database.run(program.id, work)


async def erase_by_key(
    database: Database, program: Program, vault: Vault, member: UUID, by: str, why: str, *, at: datetime
) -> MemberView | Answer:
    """What is left of the member, or, where erasures need two people, 202 with the approval that waits.

    Erased or asked for again: the same. `by`: the key's id. Raises NotFound.
    """

    async def work(tx: Transaction) -> MemberView | Answer:
        found = await sharing.locked_member(tx, program, member, erased=True)
        if found.erased_at is None and await keys_need_two(tx, program):
            shown = ids.show("mem", found.id)
            return await asking.ask_once(tx, program, "member.erase", shown, {"by": by}, why, at)
        return await erase(tx, program, vault, member, by, at)

    return await database.run(program.id, work)


async def keys_need_two(tx: Transaction, program: Program) -> bool:
    """Whether an erasure that a key asks for waits: the setting is on, and somebody of the staff may decide.

    A program that only systems run has no second person, and a member's wish to be erased must not wait for ever.
    """
    settings = (await program_reading.load(tx, program.id)).settings
    return settings.four_eyes_erasure and await approvals.deciders(tx, program.id) > 0


async def erase_by_staff(
    database: Database, program: Program, vault: Vault, request: Request, member: UUID, by: str, why: str
) -> Answer:
    """200 when she is erased, or, where the program wants four eyes for that, 202 with the approval that waits."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return answer
        if (await program_reading.load(tx, program.id)).settings.four_eyes_erasure:
            found = await sharing.locked_member(tx, program, member)
            shown = ids.show("mem", found.id)
            return await asking.ask(tx, program, request, "member.erase", shown, {"by": by}, why)
        erased = await erase(tx, program, vault, member, by, request.at, why)
        return await requests.keep(tx, request, 200, views.without_person(erased))

    return await database.run(program.id, work)


async def erase(
    tx: Transaction, program: Program, vault: Vault, member: UUID, by: str, at: datetime, why: str = ""
) -> MemberView:
    """Erase within a transaction; `why` stands in the audit trail. Raises NotFound."""
    # Whoever is buying as this member just now is waited for; whoever comes later finds nobody.
    found = await sharing.locked_member(tx, program, member, erased=True)
    pools = [found.pool]
    if found.own_pool is not None:
        pools.append(found.own_pool)
        await sharing.lock_pools(tx, program, pools)
        if found.erased_at is None:
            await sharing.part(tx, program, found.pool, found.id, at, last_owner=True)
    profile = await reading.profile(tx, program.id, vault, found.id)
    assert profile is not None, "a member is never deleted"
    if profile.erased_at is None:
        await _erase(tx, program, vault, profile, pools, by, at)
        await trail.record(tx, program.id, Change("member.erased", ids.show("mem", profile.id), why=why), at)
    erased = await reading.profile(tx, program.id, vault, profile.id)
    assert erased is not None
    cards = await reading.cards_of(tx, program.id, profile.id)
    return views.member_view(erased, cards, codes_of(program))


async def _erase(
    tx: Transaction,
    program: Program,
    vault: Vault,
    profile: Profile,
    pools: list[UUID],
    by: str,
    at: datetime,
) -> None:
    aliases = await reading.aliases(tx, program.id, vault, profile.id)
    everyone = [profile.id, *aliases]
    before, books = await _held(tx, program.id, everyone), await _books(tx, program, pools, at)
    await give_up_seats(tx, program, vault, everyone, by, at)
    fields = _fields([profile.person, *aliases.values()])
    await directory.erase(tx, program.id, vault, profile.id, profile.person, at)
    for alias, person in aliases.items():
        await directory.erase(tx, program.id, vault, alias, person, at)
    for one in everyone:
        for forget in FORGETTERS:
            await forget(tx, program.id, one)
        await erasures.withdraw(tx, program.id, [one])
    await _forget_households(tx, program, everyone)
    left, books_after = await _held(tx, program.id, everyone), await _books(tx, program, pools, at)
    removed = {kind: count - left.get(kind, 0) for kind, count in before.items()}
    certificate = Certificate(
        version=VERSION,
        program=ids.show("prg", program.id),
        member=ids.show("mem", profile.id),
        asked_by=by,
        erased_at=at.astimezone(UTC),
        removed={kind: count for kind, count in sorted((fields | removed).items()) if count},
        left=left,
        books=Books(books, books_after, books == books_after),
    )
    signed = msgspec.json.encode(certificate)
    signature = signing.signing_key(vault.keyring.secret, program.id).sign(signed)
    await erasures.certify(tx, program.id, profile.id, at, signed, signature)


async def _forget_households(tx: Transaction, program: Program, members: list[UUID]) -> None:
    """A household that nobody is in any more is forgotten by name; of one that others are in it is theirs."""
    emptied = await accounts.left_empty(tx, program.id, members)
    if emptied:
        await sharing.lock_pools(tx, program, emptied)  # somebody may be joining just now
        await accounts.forget(tx, program.id, emptied)


async def read_erasure(database: Database, program: Program, vault: Vault, member: UUID) -> ErasureView:
    """The certificate of a member's erasure. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        found = await reading.member(tx, program.id, member)
        kept = await erasures.certificate_of(tx, program.id, found.id) if found else None
    if kept is None:
        raise NotFound("This member was not erased, or by a version that made no certificates.")
    signed, signature = kept
    return ErasureView(
        certificate=msgspec.json.decode(signed, type=Certificate),
        signed=signed.decode(),
        algorithm="Ed25519",
        signature=base64.b64encode(signature).decode(),
        public_key=signing_key_view(vault).public_key,
    )


def signing_key_view(vault: Vault) -> SigningKeyView:
    """The program's public key."""
    key = signing.public_key(vault.keyring.secret, vault.program)
    return SigningKeyView(
        algorithm="Ed25519",
        public_key=base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode(),
        pem=key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    )


def _fields(persons: list[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for person in persons:
        for field in ("name", "phone", "email", "external_id", "birthday"):
            counts[field] = counts.get(field, 0) + bool(getattr(person, field))
        counts["attributes"] = counts.get("attributes", 0) + len(person.attributes)
    return counts


async def _held(tx: Transaction, program: UUID, members: list[UUID]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for member in members:
        key = {"program": program, "home": ids.home(member), "member": member}
        for kind, count in await fetch_all(tx, SQL.held_of_member, key):
            counts[kind] = counts.get(kind, 0) + count
    return counts


async def _books(
    tx: Transaction, program: Program, pools: list[UUID], at: datetime
) -> tuple[AccountBooks, ...]:
    return tuple(
        [
            AccountBooks(ids.show("acc", pool), (await balance_of(tx, program, pool, at)).currencies)
            for pool in pools
        ]
    )

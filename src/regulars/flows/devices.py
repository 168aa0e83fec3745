"""Certifies the phones that make dynamic codes, lists them, and takes their certificates back."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import CodeWrong, InvalidValue, NotFound, Problem, StateConflict
from regulars.flows.challenges import CodeText, judge, used_by
from regulars.members import dynamic_code, reading, views
from regulars.members.access import challenges, counts, devices
from regulars.members.access.devices import Device
from regulars.members.vault import Vault
from regulars.programs import signing
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Caller, Program

Label = Annotated[str, Meta(max_length=80, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
KeyText = Annotated[str, Meta(min_length=40, max_length=100, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]


class OwnDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /portal/{slug}/api/devices`, in a member's session."""

    public_key: KeyText
    """A point of P-256, uncompressed (65 bytes) or compressed (33), in base64url."""
    label: Label = ""
    card: Annotated[str, Meta(max_length=64)] | None = None
    """One of the member's cards; her first that is in use, where it is left out."""


class NewDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/devices`: for an app of the operator's own."""

    member: Annotated[str, Meta(max_length=64)]
    challenge: Annotated[str, Meta(max_length=64)]
    """One with the purpose `log_in` or `confirm`, of this member."""
    code: CodeText
    public_key: KeyText
    label: Label = ""
    card: Annotated[str, Meta(max_length=64)] | None = None


class DeviceView(Struct, frozen=True):
    """A phone and what the program signed for it: all that it needs to make codes."""

    id: str
    member: str
    card: str
    label: str
    certified_at: datetime
    expires_at: datetime
    public_key: str
    """33 bytes, base64url."""
    last_day: int
    """Days since 1970."""
    signature: str
    """The program's, 64 bytes, base64url."""


class DeviceList(Struct, frozen=True):
    """The phones of a member that may make codes."""

    items: tuple[DeviceView, ...]
    next: str | None = None


class DeviceRevoked(Struct, frozen=True):
    """That a phone's codes no longer count."""

    id: str
    revoked_at: datetime


async def register_device(
    database: Database, program: Program, vault: Vault, request: Request, caller: Caller, new: NewDevice
) -> Answer:
    """201 with the certificate, for a code that was sent to the member.

    Raises InvalidValue, NotFound, CodeWrong, SpendingLocked, StateConflict.
    """
    member = ids.read("mem", new.member, "/member")
    challenge = ids.read("chl", new.challenge, "/challenge")
    public_key = _point(new.public_key)

    async def work(tx: Transaction) -> Answer | Problem:
        replay = await requests.claim(tx, request)
        if replay is not None:
            return replay
        asked = await challenges.find(tx, program.id, challenge)
        if asked is None or asked.member != member or asked.purpose not in ("log_in", "confirm"):
            raise CodeWrong
        source = counts.till(caller.key, "")
        problem = await judge(tx, program, vault, asked, new.code, source, used_by(request), request.at)
        if problem is not None:
            await requests.free(tx, request)
            return problem
        view = await _certified(tx, program, vault, member, public_key, new.label, new.card, request.at)
        return await requests.keep(tx, request, 201, views.encode(view))

    answer = await database.run(program.id, work)
    if isinstance(answer, Problem):  # what was counted stays counted
        raise answer
    return answer


async def register_own_device(
    database: Database,
    program: Program,
    vault: Vault,
    member: UUID,
    new: OwnDevice,
    *,
    session: UUID,
    at: datetime,
) -> DeviceView:
    """The certificate for a phone on which the member is logged in; the same key again is certified anew.

    It ends with the `session` in which it is asked for.
    """
    public_key = _point(new.public_key)

    async def work(tx: Transaction) -> DeviceView:
        return await _certified(tx, program, vault, member, public_key, new.label, new.card, at, session)

    return await database.run(program.id, work)


async def list_devices(
    database: Database, program: Program, vault: Vault, member: UUID, *, at: datetime
) -> DeviceList:
    """The member's phones, the newest first. Raises NotFound."""
    async with database.transaction(program.id) as tx:
        if await reading.member(tx, program.id, member) is None:
            raise NotFound("There is no such member.")
        found = await devices.of_member(tx, program.id, member, at)
    key = signing.signing_key(vault.keyring.secret, program.id)
    return DeviceList(tuple(_view(device, key) for device in found))


async def revoke_device(
    database: Database, program: UUID, device: UUID, *, at: datetime, member: UUID | None = None
) -> DeviceRevoked:
    """Its codes no longer count, online at once. Raises NotFound where there is no such device (of this member)."""

    async def work(tx: Transaction) -> DeviceRevoked:
        if not await devices.revoke(tx, program, device, at, member):
            raise NotFound("There is no such device, or no longer.")
        await trail.record(tx, program, Change("device.revoked", ids.show("dev", device)), at)
        return DeviceRevoked(ids.show("dev", device), at)

    return await database.run(program, work)


async def note_revoked(tx: Transaction, program: UUID, revoked: Iterable[UUID], at: datetime) -> None:
    """The trail of phones whose codes count no more, because the log-in that they were certified in ended."""
    for device in revoked:
        await trail.record(tx, program, Change("device.revoked", ids.show("dev", device)), at)


async def _certified(
    tx: Transaction,
    program: Program,
    vault: Vault,
    member: UUID,
    public_key: bytes,
    label: str,
    card: str | None,
    at: datetime,
    session: UUID | None = None,
) -> DeviceView:
    cards = await reading.cards_of(tx, program.id, member)
    usable = [one.number for one in cards if one.status == "active"]
    number = next((one for one in usable if card in (None, one)), None)
    if number is None:
        raise StateConflict("The member has no such card in use.")
    last_day = (at.astimezone(UTC) + timedelta(days=dynamic_code.CERTIFIED_DAYS)).date()
    device = Device(
        devices.device_id(ids.home(member), public_key), member, number, public_key, label, at,
        datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + timedelta(days=1), None, session,
    )  # fmt: skip
    if not await devices.add(tx, program.id, device):
        raise StateConflict("This key was revoked, or is another member's: make a new one.")
    return _view(device, signing.signing_key(vault.keyring.secret, program.id))


def _view(device: Device, key: Ed25519PrivateKey) -> DeviceView:
    last_day = (device.expires_at - timedelta(days=1)).astimezone(UTC).date()
    certificate = dynamic_code.certify(key, device.card, device.public_key, last_day)
    return DeviceView(
        id=ids.show("dev", device.id),
        member=ids.show("mem", device.member),
        card=device.card,
        label=device.label,
        certified_at=device.certified_at,
        expires_at=device.expires_at,
        public_key=encoded(device.public_key),
        last_day=dynamic_code.day_number(last_day),
        signature=encoded(certificate.signature),
    )


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _point(text: str) -> bytes:
    try:
        return dynamic_code.compressed(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error) as error:
        raise InvalidValue("/public_key", "is no point of P-256 in base64url") from error

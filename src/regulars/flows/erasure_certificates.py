"""Lists the certificates of erasures, and says of one that is shown whether it is genuine. Only reads."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.errors import InvalidValue
from regulars.flows.erase_member import Certificate
from regulars.i18n import N_
from regulars.members import erasures
from regulars.members.vault import Vault
from regulars.programs import signing

NO_CERTIFICATE = N_("is not a certificate of an erasure as it is downloaded here")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class ListedErasure(Struct, frozen=True):
    """An erasure that was certified."""

    member: str
    erased_at: datetime


class ErasureList(Struct, frozen=True):
    """A part of the list, the latest first; `next` is the cursor of the part after it."""

    items: tuple[ListedErasure, ...]
    next: str | None


class Checked(Struct, frozen=True):
    """What a certificate that was shown to us says, and whether it may be believed."""

    certificate: Certificate
    genuine: bool
    """Signed by this program, and unchanged since."""


class _Shown(Struct, frozen=True):
    signed: str
    signature: str


async def list_erasures(database: Database, program: UUID, cursor: str | None, limit: int) -> ErasureList:
    """`limit` of the erasures of a program, the latest first. Raises InvalidValue for a cursor that is none."""
    before = _place(cursor) if cursor else None
    async with database.transaction(program) as tx:
        found = await erasures.latest(tx, program, before, limit + 1)
    shown = tuple(ListedErasure(ids.show("mem", member), at) for member, at in found[:limit])
    return ErasureList(shown, _cursor(shown[-1]) if len(found) > limit else None)


def check(vault: Vault, shown: bytes) -> Checked:
    """Of a certificate as it was downloaded: what is signed, and by whom. Raises InvalidValue for anything else.

    Only what the signature is over is read: what stands beside it proves nothing.
    """
    try:
        kept = msgspec.json.decode(shown, type=_Shown)
        certificate = msgspec.json.decode(kept.signed, type=Certificate)
        signature = base64.b64decode(kept.signature, validate=True)
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError):
        raise InvalidValue("/file", NO_CERTIFICATE) from None
    if certificate.erased_at.tzinfo is None or not clock.reaches(certificate.erased_at):
        raise InvalidValue("/file", NO_CERTIFICATE)
    key = signing.public_key(vault.keyring.secret, vault.program)
    try:
        key.verify(signature, kept.signed.encode())
    except InvalidSignature:
        return Checked(certificate, False)
    return Checked(certificate, True)


def _cursor(one: ListedErasure) -> str:
    return f"{(one.erased_at - _BEGINNING) // timedelta(microseconds=1)}.{one.member}"


def _place(cursor: str) -> tuple[datetime, UUID]:
    micros, _, member = cursor.partition(".")
    if not micros.isascii() or not micros.isdigit() or len(micros) > 17:
        raise InvalidValue("?cursor", "is no cursor of this list")
    return _BEGINNING + timedelta(microseconds=int(micros)), ids.read("mem", member, "?cursor")

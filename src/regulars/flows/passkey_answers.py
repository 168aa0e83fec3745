"""What a browser is asked to sign with a passkey, and whether its answer is right: the same for members and staff."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

_UNREADABLE = (WebAuthnException, ValueError, LookupError)
"""What the library raises for a wrong answer; the last two for what no browser sends (no ASCII, half a key)."""


class Offer(Struct, frozen=True):
    """What a browser is asked to sign: `options` goes to `navigator.credentials`, `challenge` comes back with it."""

    challenge: str
    options: dict[str, Any]


class Signed(Struct, frozen=True, forbid_unknown_fields=True):
    """What the browser answered: `PublicKeyCredential.toJSON()`."""

    challenge: Annotated[str, Meta(max_length=64)]
    credential: dict[str, Any]
    label: Annotated[str, Meta(max_length=80, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""


class NewKey(Struct, frozen=True):
    """A passkey that was just made."""

    credential: bytes
    public_key: bytes
    sign_count: int


def asked_to_sign(challenge: str, nonce: bytes, origin: str, *, verified: bool = False) -> Offer:
    """Options for a sign-in with any passkey of this address. `verified`: by PIN or finger, not by touch alone."""
    options = generate_authentication_options(
        rp_id=host(origin), challenge=nonce, user_verification=_verification(verified)
    )
    return Offer(challenge, msgspec.json.decode(options_to_json(options)))


def asked_to_make(
    challenge: str,
    nonce: bytes,
    origin: str,
    *,
    owner: bytes,
    name: str,
    at: str,
    known: Sequence[bytes],
    verified: bool = False,
) -> Offer:
    """Options for a new passkey of `owner`, called `name`, at the place called `at`; `known` ones are not made anew."""
    options = generate_registration_options(
        rp_id=host(origin),
        rp_name=at,
        user_id=owner,
        user_name=name,
        user_display_name=name,
        challenge=nonce,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=_verification(verified),
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return Offer(challenge, msgspec.json.decode(options_to_json(options)))


async def signature_count(
    signed: Signed, nonce: bytes, origin: str, public_key: bytes, sign_count: int, *, verified: bool = False
) -> int | None:
    """The passkey's new counter; None: the signature is not right."""
    try:
        answer = await asyncio.to_thread(
            verify_authentication_response,
            credential=signed.credential,
            expected_challenge=nonce,
            expected_rp_id=host(origin),
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=verified,
        )
    except _UNREADABLE:
        return None
    return answer.new_sign_count


async def key_made(signed: Signed, nonce: bytes, origin: str, *, verified: bool = False) -> NewKey | None:
    """The passkey that was made; None: the answer is not right."""
    try:
        answer = await asyncio.to_thread(
            verify_registration_response,
            credential=signed.credential,
            expected_challenge=nonce,
            expected_rp_id=host(origin),
            expected_origin=origin,
            require_user_verification=verified,
        )
    except _UNREADABLE:
        return None
    return NewKey(answer.credential_id, answer.credential_public_key, answer.sign_count)


def credential_of(signed: Signed) -> bytes | None:
    """The id of the passkey that signed."""
    return read_base64(signed.credential.get("rawId"))


def owner_of(signed: Signed) -> bytes | None:
    """Whose passkey it says it is: what `owner` was when it was made."""
    response = signed.credential.get("response")
    return read_base64(response.get("userHandle")) if isinstance(response, dict) else None


def read_base64(text: Any) -> bytes | None:
    """Bytes as a browser writes them; None where it wrote something else."""
    if not isinstance(text, str) or len(text) > 2000:
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None


def host(origin: str) -> str:
    """What passkeys are bound to."""
    return urlsplit(origin).hostname or "localhost"


def _verification(verified: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.PREFERRED

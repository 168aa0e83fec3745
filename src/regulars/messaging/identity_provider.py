"""Speaks OpenID Connect with the company's own sign-in: discovery, the code's exchange, and who the id token means.

OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636). Calls go out by the rules of `outgoing`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from regulars.messaging import outgoing
from regulars.messaging.outgoing import NotSent
from regulars.settings import Company

KNOWN_SECONDS = 600.0
"""How long what the provider says of itself is believed."""
KEYS_AGAIN_SECONDS = 30.0
"""A token with a key that is not known makes us ask for the keys again, but not more often than this."""
LEEWAY_SECONDS = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of signatures; never none, and never one by a shared secret."""
CALLBACK = "/backoffice/company/back"


class Refused(Exception):
    """The provider did not say who it is, or what it said cannot be believed; the sentence is for the log."""


class Metadata(Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Identity(Struct, frozen=True):
    """Whom the provider means."""

    issuer: str
    subject: str
    email: str
    """Empty unless the provider says that it verified the address."""
    name: str

    def __repr__(self) -> str:
        return "Identity(…)"


class _Tokens(Struct, frozen=True):
    id_token: str


class IdentityProvider:
    """The company's own sign-in as one process knows it."""

    def __init__(self, company: Company):
        self._company = company
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None
        self._known_until = 0.0
        self._keys_at = 0.0
        self._asking = asyncio.Lock()

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent to sign in. Raises Refused."""
        metadata, _ = await self._known()
        challenge = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._company.client_id,
            "redirect_uri": self._company.address + CALLBACK,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in metadata.authorization_endpoint else "?"
        return f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"

    async def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code. Raises Refused."""
        metadata, keys = await self._known()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._company.address + CALLBACK,
            "client_id": self._company.client_id,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self._company.client_secret:
            pair = f"{quote(self._company.client_id, safe='')}:{quote(self._company.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        tokens = await self._fetch(metadata.token_endpoint, _Tokens, urlencode(form).encode(), headers)
        try:
            claims = _verified(tokens.id_token, keys)
        except (JoseError, ValueError, TypeError):  # perhaps by a key that is newer than those we know
            claims = _verified_or_refused(tokens.id_token, await self._keys_again())
        return self._identity(claims, nonce)

    def _identity(self, claims: Mapping[str, Any], nonce: str) -> Identity:
        now, client = time.time(), self._company.client_id
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        subject, expires, issued = claims.get("sub"), _number(claims.get("exp")), _number(claims.get("iat"))
        wrong = {
            "issuer": claims.get("iss") != self._company.issuer,
            "audience": client not in audiences,
            "authorized party": (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client,
            "expiry": expires is None or expires <= now - LEEWAY_SECONDS,
            "time of issue": issued is None or issued > now + LEEWAY_SECONDS,
            "nonce": claims.get("nonce") != nonce,
            "subject": not isinstance(subject, str) or not 1 <= len(subject) <= 255,
        }
        for what, is_wrong in wrong.items():
            if is_wrong:
                raise Refused(f"the id token's {what} is not what it has to be")
        email, name = claims.get("email"), claims.get("name")
        verified = claims.get("email_verified") is True and isinstance(email, str)
        return Identity(
            self._company.issuer,
            str(subject),
            str(email) if verified else "",
            name if isinstance(name, str) else "",
        )

    async def _known(self) -> tuple[Metadata, KeySet]:
        async with self._asking:
            if self._metadata is None or self._keys is None or time.monotonic() >= self._known_until:
                address = self._company.issuer.rstrip("/") + "/.well-known/openid-configuration"
                metadata: Metadata = await self._fetch(address, Metadata)
                if metadata.issuer != self._company.issuer:
                    raise Refused("the discovery document names another issuer")
                self._keys = await self._read_keys(metadata)
                self._metadata, self._known_until = metadata, time.monotonic() + KNOWN_SECONDS
            assert self._metadata is not None, "it was read just now"
            return self._metadata, self._keys

    async def _keys_again(self) -> KeySet:
        async with self._asking:
            assert self._metadata is not None, "a token was fetched from it"
            assert self._keys is not None, "they were read with it"
            if time.monotonic() - self._keys_at >= KEYS_AGAIN_SECONDS:
                self._keys = await self._read_keys(self._metadata)
            return self._keys

    async def _read_keys(self, metadata: Metadata) -> KeySet:
        self._keys_at = time.monotonic()
        try:
            return KeySet.import_key_set(await self._fetch(metadata.jwks_uri, dict[str, Any]))
        except (JoseError, ValueError, LookupError, TypeError) as error:
            raise Refused(f"its keys cannot be read: {type(error).__name__}") from error

    async def _fetch(
        self, url: str, shape: Any, form: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        headers = headers or {"Accept": "application/json"}
        try:
            reply = await outgoing.fetch(url, form, headers, allow_local=self._company.to_localhost)
        except NotSent as error:
            raise Refused(f"it gave no answer: {error}") from error
        if reply.status != 200:
            raise Refused(f"it answered {reply.status}")
        try:
            return msgspec.json.decode(reply.body, type=shape)
        except msgspec.MsgspecError as error:
            raise Refused("its answer cannot be read") from error


def _verified(token: str, keys: KeySet) -> Mapping[str, Any]:
    return jwt.decode(token, keys, algorithms=ALGORITHMS).claims


def _verified_or_refused(token: str, keys: KeySet) -> Mapping[str, Any]:
    try:
        return _verified(token, keys)
    except (JoseError, ValueError, TypeError) as error:
        raise Refused(f"the id token is not signed as it has to be: {type(error).__name__}") from error


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

"""What one page says at the head of the next, once: signed, so that nobody can put words into our mouth."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any, Literal

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie
from msgspec import Struct

from regulars.settings import Settings

COOKIE = "regulars_said"
LASTS_SECONDS = 30
_PURPOSE = b"regulars said"
Tone = Literal["good", "warning", "bad"]


class Said(Struct, frozen=True):
    """A sentence and how it is meant."""

    text: str
    tone: str


def say(answer: Response[Any], text: str, tone: str, settings: Settings) -> None:
    """Let the next page say this. The page itself forgets it (static/backoffice/office.js), or half a minute does."""
    data = msgspec.json.encode(Said(text[:500], tone))
    value = base64.urlsafe_b64encode(_mac(settings.secret, data) + data).decode()
    secure = not settings.insecure_cookies
    # Not HttpOnly: the page's script ends it once it was shown; it is no secret.
    cookie = Cookie(
        COOKIE, value=value, path="/backoffice", max_age=LASTS_SECONDS, samesite="lax", secure=secure
    )
    answer.set_cookie(cookie)


def read(request: Request[Any, Any, Any], secret: bytes) -> Said | None:
    """What is to be said on this page."""
    value = request.cookies.get(COOKIE, "")
    try:
        data = base64.urlsafe_b64decode(value)
    except (binascii.Error, ValueError):
        return None
    mac, data = data[:16], data[16:]
    if not hmac.compare_digest(mac, _mac(secret, data)):
        return None
    return msgspec.json.decode(data, type=Said)


def _mac(secret: bytes, data: bytes) -> bytes:
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    return hmac.digest(key, data, hashlib.sha256)[:16]

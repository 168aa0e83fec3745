"""Decides when two spellings are one phone, email or external id, and makes the blind index that finds it.

A look-up compares keyed hashes: HMAC-SHA256 with a key per program, derived from the installation's secret,
over the kind and the normalised value. Without the secret a stolen table cannot be tried against all phones.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache
from importlib import resources
from uuid import UUID

import phonenumbers
from msgspec import Struct

from regulars.errors import InvalidValue
from regulars.members.model import IdentifierKind

EMAIL_LENGTH_MAX = 254  # RFC 5321, 4.5.3.1.3
EXTERNAL_ID_LENGTH_MAX = 128
_EMAIL = re.compile(r"^[^\s@\x00-\x1f\x7f\"(),:;<>\[\\\]]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$")
_REGION_OF_LANGUAGE = {"lv": "LV", "lt": "LT", "et": "EE", "hu": "HU", "ru": "RU", "pl": "PL", "fi": "FI"}


class BlindIndex(Struct, frozen=True):
    """The keyed hash of one program; `of(secret, program)` makes it."""

    key: bytes

    def __repr__(self) -> str:
        return "BlindIndex(…)"

    def digest(self, kind: IdentifierKind, value: str) -> bytes:
        """32 bytes for a normalised value, others per kind and program; an email's capitals do not count."""
        folded = value.casefold() if kind == "email" else value
        return hmac.digest(self.key, kind.encode() + b"\0" + folded.encode(), hashlib.sha256)


def of(secret: bytes, program: UUID) -> BlindIndex:
    """The blind index of a program."""
    return BlindIndex(hmac.digest(secret, b"regulars.identity\0" + program.bytes, hashlib.sha256))


def phone(text: str, region: str | None, pointer: str = "/phone") -> str:
    """E.164, e.g. `+37120000001`. A number without a country code is one of `region`.

    Raises InvalidValue (422). Asked is only whether there can be a number of this length: the lists of ranges
    that are in use age, and a customer with a new number must not be sent away.
    """
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        parsed = None
    if (
        parsed is None
        or parsed.extension
        or phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE
    ):
        raise InvalidValue(pointer, "is not a phone number; write it with its country code, as +44 …")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def email(text: str, pointer: str = "/email") -> str:
    """The address, trimmed, its domain in small ASCII letters. Raises InvalidValue (422)."""
    address = unicodedata.normalize("NFC", text.strip())
    mailbox, _, domain = address.rpartition("@")
    try:
        address = f"{mailbox}@{domain.lower().encode('idna').decode()}"
    except UnicodeError:
        address = ""
    if len(address) > EMAIL_LENGTH_MAX or not _EMAIL.match(address):
        raise InvalidValue(pointer, "is not an email address")
    return address


def external_id(text: str, pointer: str = "/external_id") -> str:
    """The id that another system gave, trimmed; capitals count. Raises InvalidValue (422)."""
    value = text.strip()
    if not 0 < len(value) <= EXTERNAL_ID_LENGTH_MAX or not value.isprintable():
        raise InvalidValue(pointer, f"is 1 to {EXTERNAL_ID_LENGTH_MAX} printable characters")
    return value


@lru_cache(maxsize=512)
def region(time_zone: str, languages: tuple[str, ...]) -> str | None:
    """The country whose phone numbers are written without a country code there (ISO 3166), or None.

    The country of the program's time zone (the time zone database says which), else of its first language
    that is at home in one country.
    """
    return _countries().get(time_zone) or next(
        (_REGION_OF_LANGUAGE[language] for language in languages if language in _REGION_OF_LANGUAGE), None
    )


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}

"""Decides how a person's data is sealed: AES-256-GCM under a key of her own, that key wrapped under a master key.

Associated data binds what is sealed to its program and member, so that a row copied elsewhere does not open. Every
sealing draws a new key; master keys have generations, and the newest one wraps. Pure: who keeps the rows, and where
the keys come from, others know.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from regulars.members import identity
from regulars.members.identity import BlindIndex
from regulars.members.model import IdentifierKind, Person

KEY_BYTES = 32
NONCE_BYTES = 12
_PERSON, _KEY = b"regulars.person", b"regulars.key"
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Person)


class VaultLocked(Exception):
    """A person cannot be opened with the keys that there are; the message says which generation is meant."""


Masters = tuple[tuple[int, bytes], ...]


class Keyring(Struct, eq=False):
    """An installation's keys: the secret of its blind indexes, and the master keys (generation, 32 bytes)."""

    secret: bytes
    masters: Masters
    """Oldest first; the last one wraps what is sealed."""
    reread: Callable[[], Masters] | None = None
    """Asked once more for the master keys when a generation is not known: it was added by a rotation since."""

    def __repr__(self) -> str:
        return "Keyring(…)"

    @property
    def newest(self) -> int:
        """The generation that wraps what is sealed now. Raises VaultLocked without a master key."""
        return self._last()[0]

    def master(self, generation: int) -> AESGCM:
        """The master key of a generation. Raises VaultLocked."""
        key = self._key(generation)
        if key is None and self.reread is not None:
            self.masters = self.reread()
            key = self._key(generation)
        if key is None:
            raise VaultLocked(f"There is no master key of generation {generation}.")
        return _cipher(key)

    def marks(self) -> dict[int, bytes]:
        """Generation → by what its key is recognised; nothing can be learned of the key from it."""
        return {
            number: hmac.digest(key, b"regulars.master-key", hashlib.sha256) for number, key in self.masters
        }

    def _key(self, generation: int) -> bytes | None:
        for number, key in self.masters:
            if number == generation:
                return key
        return None

    def _last(self) -> tuple[int, bytes]:
        if not self.masters:
            raise VaultLocked("There is no master key.")
        return self.masters[-1]


NO_KEYS = Keyring(b"", ())
"""For those who never look at a person."""


class Sealed(Struct, frozen=True):
    """A person as she is kept."""

    generation: int
    wrapped_key: bytes
    """Nonce, the person's key under the master key, tag: 60 bytes."""
    sealed: bytes
    """Nonce, the person as JSON under her key, tag."""

    def __repr__(self) -> str:
        return "Sealed(…)"


class Vault(Struct, frozen=True):
    """What opens and seals the persons of one program, and finds them; `of(keyring, program)` makes it."""

    program: UUID
    index: BlindIndex
    keyring: Keyring

    def __repr__(self) -> str:
        return "Vault(…)"

    def digest(self, kind: IdentifierKind, value: str) -> bytes:
        """The blind index's 32 bytes for a normalised value."""
        return self.index.digest(kind, value)

    def seal(self, member: UUID, person: Person) -> Sealed:
        """A person as she may be kept. Raises VaultLocked without a master key."""
        return self.seal_text(_PERSON, member.bytes, _ENCODER.encode(person))

    def open(self, member: UUID, generation: int, wrapped_key: bytes, sealed: bytes) -> Person:
        """The person. Raises VaultLocked where the key is missing, or the row is not this member's."""
        kept = Sealed(generation, wrapped_key, sealed)
        return _DECODER.decode(self.open_text(_PERSON, member.bytes, kept))

    def seal_text(self, kind: bytes, owner: bytes, text: bytes) -> Sealed:
        """Any text under a key of its own, bound to the program, to what it is and to whose (the row's ids)."""
        key = os.urandom(KEY_BYTES)
        return Sealed(*self._wrapped(owner, key), _encrypted(AESGCM(key), text, self._bound(kind, owner)))

    def open_text(self, kind: bytes, owner: bytes, kept: Sealed) -> bytes:
        """What was sealed as `kind` for `owner`. Raises VaultLocked."""
        key = self._unwrapped(owner, kept.generation, kept.wrapped_key)
        return _decrypted(AESGCM(key), kept.sealed, self._bound(kind, owner), kept.generation)

    def rewrap(self, owner: bytes, generation: int, wrapped_key: bytes) -> tuple[int, bytes]:
        """A key under the newest master key: (generation, wrapped key). Raises VaultLocked."""
        return self._wrapped(owner, self._unwrapped(owner, generation, wrapped_key))

    def _wrapped(self, owner: bytes, key: bytes) -> tuple[int, bytes]:
        newest = self.keyring.newest
        return newest, _encrypted(self.keyring.master(newest), key, self._bound(_KEY, owner))

    def _unwrapped(self, owner: bytes, generation: int, wrapped_key: bytes) -> bytes:
        return _decrypted(self.keyring.master(generation), wrapped_key, self._bound(_KEY, owner), generation)

    def _bound(self, kind: bytes, owner: bytes) -> bytes:
        """The associated data of whatever is sealed."""
        return kind + b"\0" + self.program.bytes + owner


def seal_plain(keyring: Keyring, program: UUID, member: UUID, person: Person) -> tuple[int, bytes, bytes]:
    """Generation, wrapped key and sealed text of a person whom an older version kept in plain text."""
    sealed = of(keyring, program).seal(member, person)
    return sealed.generation, sealed.wrapped_key, sealed.sealed


def of(keyring: Keyring, program: UUID) -> Vault:
    """The vault of a program."""
    return Vault(program, identity.of(keyring.secret, program), keyring)


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _encrypted(cipher: AESGCM, text: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, text, bound)


def _decrypted(cipher: AESGCM, text: bytes, bound: bytes, generation: int) -> bytes:
    try:
        return cipher.decrypt(text[:NONCE_BYTES], text[NONCE_BYTES:], bound)
    except InvalidTag:
        raise VaultLocked(
            f"The master key of generation {generation} does not open what was sealed under it."
        ) from None

"""People who run a program: who they are, what they may do in it, where they are signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.programs.roles import Permission, Role, permissions

Stage = Literal["second_factor", "in"]
Method = Literal["password", "second_factor", "passkey", "single_sign_on", "invitation"]
InvitationKind = Literal["invitation", "password", "forgotten"]
QuestionPurpose = Literal["passkey_sign_in", "passkey_add", "single_sign_on"]


class SealedSecret(Struct, frozen=True):
    """The secret of a second factor as it is kept: under which master key, its wrapped key, the sealed text."""

    generation: int
    wrapped_key: bytes
    sealed: bytes

    def __repr__(self) -> str:
        return "SealedSecret(…)"


class Person(Struct, frozen=True):
    """A person who runs programs, as known in the whole installation."""

    id: UUID
    email: str
    name: str
    language: str
    password: str
    """Argon2id; empty: she signs in by another way."""
    totp: SealedSecret | None
    """The secret of her second factor, where she has one."""
    totp_step: int
    passkeys: int
    """How many she has."""
    subject: str | None
    """Who she is at the company's own sign-in."""
    proven_at: datetime | None
    """Since when it is known that the address is hers: somebody answered from its mailbox, or its company says so."""

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone does not let her in."""
        return self.totp is not None or self.passkeys > 0

    def __repr__(self) -> str:
        return f"Person({self.id})"


class Post(Struct, frozen=True):
    """What a person does in one program."""

    program: UUID
    roles: tuple[Role, ...]
    stores: frozenset[UUID]
    """Of a shop manager: the stores she sees; empty: none."""
    partner: UUID | None
    """Of a partner's user: the partner whose stores she sees."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that any of the roles may."""
        return permissions(self.roles)


class Colleague(Struct, frozen=True):
    """A person with her post, as a list of a program's staff shows her."""

    id: UUID
    email: str
    name: str
    post: Post
    since: datetime
    has_second_factor: bool
    seen_at: datetime | None
    """When she was last seen in any program; None: not since her last session was forgotten."""
    elsewhere: bool
    """Whether she has a post in another program too."""


class StaffSession(Struct, frozen=True):
    """A browser in which a person is signed in, perhaps but for the second factor."""

    id: UUID
    digest: bytes
    """SHA-256 of the cookie's value, which is kept nowhere."""
    staff: UUID
    program: UUID | None
    """The program that is looked at; None: none was chosen yet."""
    stage: Stage
    method: Method
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    """To the minute."""
    expires_at: datetime


class Invitation(Struct, frozen=True):
    """A link that was given out: to join a program's staff, or to set a new password."""

    id: UUID
    kind: InvitationKind
    program: UUID
    email: str
    roles: tuple[Role, ...]
    stores: tuple[UUID, ...]
    partner: UUID | None
    by: UUID | None
    created_at: datetime
    expires_at: datetime

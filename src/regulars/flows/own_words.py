"""Seals what members wrote in their own words, with an activity or in a survey: each text under a key of its own."""

from __future__ import annotations

from uuid import UUID

import msgspec

from regulars.db.plain_words import PlainWords
from regulars.db.pool import Transaction
from regulars.games import replies
from regulars.games.replies import Reply
from regulars.members import accounts, vault
from regulars.members.accounts import Called
from regulars.members.safe import Sealing
from regulars.members.vault import Keyring, Sealed, Vault
from regulars.purchases import activity_log, activity_reads
from regulars.purchases.activity_log import Activity

ACTIVITY, REPLY = b"regulars.activity", b"regulars.reply"
Kept = tuple[int, bytes, bytes]
"""Generation of the master key, wrapped key, sealed text."""
_TEXTS = msgspec.json.Decoder(dict[str, str])

TABLES = (
    Sealing(
        activity_log.SQL.sealed_texts, activity_log.SQL.rewrap_texts, lambda member, one: member.bytes + one.bytes
    ),
    Sealing(replies.SQL.sealed_replies, replies.SQL.rewrap_replies, lambda reply, _: reply.bytes),
)  # fmt: skip
"""What a rotation of the master keys wraps anew, beside the tables of `members.safe`."""


def seal_activity(vault: Vault, member: UUID, activity: UUID, texts: dict[str, str]) -> Kept | None:
    """What was written with an activity, as it may be kept; None for nothing. Raises VaultLocked."""
    return _sealed(vault, ACTIVITY, member.bytes + activity.bytes, texts)


def open_activity(vault: Vault, one: Activity) -> dict[str, str]:
    """What was written with an activity; nothing once its member was erased. Raises VaultLocked."""
    return _opened(vault, ACTIVITY, one.member.bytes + one.id.bytes, one.words)


def seal_reply(vault: Vault, reply: UUID, texts: dict[str, str]) -> Kept | None:
    """What was written in a survey, as it may be kept; None for nothing. Raises VaultLocked."""
    return _sealed(vault, REPLY, reply.bytes, texts)


def open_reply(vault: Vault, one: Reply) -> dict[str, str]:
    """What was written in a survey; nothing once its author was erased. Raises VaultLocked."""
    return _opened(vault, REPLY, one.id.bytes, one.words)


async def by_generation(tx: Transaction, program: UUID) -> dict[int, int]:
    """Generation of the master key → how many of these texts are sealed under it."""
    counted = [
        await activity_reads.texts_by_generation(tx, program),
        await replies.texts_by_generation(tx, program),
    ]
    return {number: sum(one.get(number, 0) for one in counted) for one in counted for number in one}


def seal_plain(keyring: Keyring, plain: PlainWords) -> Kept:
    """Words that an older version kept in plain text, as they may be kept. Raises VaultLocked."""
    opened = vault.of(keyring, plain.program)
    if plain.kind == "account":
        sealed = accounts.seal(opened, plain.id, msgspec.convert(plain.words, Called))
        return sealed.generation, sealed.wrapped_key, sealed.sealed
    if plain.kind == "activity":
        assert plain.member is not None, "an activity is a member's"
        kept = seal_activity(opened, plain.member, plain.id, plain.words)
    else:
        kept = seal_reply(opened, plain.id, plain.words)
    assert kept is not None, "only what was written was put aside"
    return kept


def _sealed(vault: Vault, kind: bytes, owner: bytes, texts: dict[str, str]) -> Kept | None:
    if not texts:
        return None
    sealed = vault.seal_text(kind, owner, msgspec.json.encode(texts))
    return sealed.generation, sealed.wrapped_key, sealed.sealed


def _opened(vault: Vault, kind: bytes, owner: bytes, kept: Kept | None) -> dict[str, str]:
    return _TEXTS.decode(vault.open_text(kind, owner, Sealed(*kept))) if kept is not None else {}

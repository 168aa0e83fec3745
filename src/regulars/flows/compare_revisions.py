"""Says what differs between two states of a promotion: revisions, what is live, the draft. Writes nothing."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, NotFound
from regulars.flows import words as program_words
from regulars.flows.known_programs import Known
from regulars.promotions import catalogue, document
from regulars.promotions.catalogue import Promotion
from regulars.promotions.differing import Difference, differences
from regulars.promotions.model import Document

REVISION_MAX = 2**31 - 1


class Compared(Struct, frozen=True):
    """What differs, in sentences."""

    promotion: str
    before: str
    """A revision's number, or `nothing`."""
    after: str
    """A revision's number, or `draft`."""
    differences: tuple[Difference, ...]


async def compare_revisions(
    database: Database, known: Known, promotion: UUID, before: str, after: str, language: str | None
) -> Compared:
    """`before` and `after`: a revision's number, `live` (the last revision), or `draft`. Empty: the draft (or the last
    revision) against the revision before it. Raises NotFound, InvalidValue.
    """
    program = known.program
    async with database.transaction(program.id) as tx:
        found = await catalogue.find(tx, program.id, promotion)
        if found is None:
            raise NotFound("There is no such promotion in this program.")
        newer = _number(after or ("draft" if found.draft is not None else "live"), found, "?to")
        older = _number(before, found, "?from") if before else (newer or found.revision + 1) - 1
        new = await _document(tx, program.id, found, newer)
        old = await _document(tx, program.id, found, older) if older != 0 else None
    words = known.words[program_words.chosen(program.languages, language, "")]
    assert new is not None, "a draft or a revision was asked for"
    return Compared(
        ids.show("prm", promotion),
        "draft" if older is None else str(older) if older else "nothing",
        "draft" if newer is None else str(newer),
        tuple(differences(old, new, words, program.base_currency)),
    )


def _number(text: str, found: Promotion, pointer: str) -> int | None:
    """A revision's number; None: the draft. Raises InvalidValue."""
    if text == "draft" and found.draft is not None:
        return None
    number = found.revision if text == "live" else int(text) if text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= found.revision:
        raise InvalidValue(pointer, "A revision's number, `live` or `draft` is needed, and it must be there")
    return number


async def _document(tx: Transaction, program: UUID, found: Promotion, number: int | None) -> Document | None:
    if number is None:
        return document.parse(found.draft) if found.draft is not None else None
    (revision,) = await catalogue.frozen(tx, program, [(found.id, number)])
    return revision.document

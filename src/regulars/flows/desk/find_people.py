"""Finds members by whatever is typed: a phone, a card, an email, an id, a receipt's number, or a name. Writes nothing.

What is typed is tried as everything that it could be. A name is found by its whole words first, else by words that
begin so; a beginning longer than three letters is compared after the names were opened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Database, Transaction
from regulars.errors import InvalidValue, Problem
from regulars.flows.known_programs import Known
from regulars.members import identity, names, reading
from regulars.members.model import Identifier, Person
from regulars.purchases import journal
from regulars.purchases.journal import Listed

By = Literal["member", "card", "phone", "email", "external_id", "receipt", "name"]
TEXT_MAX = 300
AT_ONCE = 25
RECEIPTS_MAX = 20
LOOKED_AT_MAX = 500
"""Names that begin with the same three letters and are opened for one page."""


class PersonFound(Struct, frozen=True):
    """A member who was found, and by what."""

    member: UUID
    person: Person
    by: By
    erased: bool = False


class CardFound(Struct, frozen=True):
    """A card that belongs to nobody yet."""

    card: UUID
    status: str


class PeopleFound(Struct, frozen=True):
    """What was found. `tried`: as what the text was understood."""

    tried: tuple[By, ...] = ()
    people: tuple[PersonFound, ...] = ()
    receipts: tuple[Listed, ...] = ()
    cards: tuple[CardFound, ...] = ()
    next: str | None = None
    """The cursor of the names that follow."""


class _Names(Struct, frozen=True):
    found: list[tuple[UUID, Person]]
    next: str | None


async def find_people(
    database: Database, known: Known, text: str, *, at: datetime, cursor: str | None = None
) -> PeopleFound:
    """Whoever the text could mean; with a cursor the names that follow. Raises InvalidValue, VaultLocked."""
    text = text.strip()
    if not text or len(text) > TEXT_MAX or not text.isprintable():
        raise InvalidValue("/text", "is a phone, card, email, receipt number, id or name")
    program = known.program.id
    if cursor is not None:
        async with database.transaction(program) as tx:
            more = await _named(tx, known, text, cursor)
        return PeopleFound(("name",), _people(more), next=more.next)
    identifiers = identifiers_of(known, text)
    async with database.transaction(program) as tx:
        found = await reading.find(tx, program, known.vault, identifiers) if identifiers else {}
        receipts = await journal.page(
            tx, program, known.program.points_code, at, _receipt(text), RECEIPTS_MAX
        )
        by_name = await _named(tx, known, text, None)
        members = list(dict.fromkeys(one.member for one in found.values() if one.member is not None))
        persons = await reading.persons(tx, program, known.vault, members) if members else {}
    people: dict[UUID, PersonFound] = {}
    cards: list[CardFound] = []
    for place, one in found.items():
        kind = identifiers[place].kind
        if one.member is not None:
            person = persons.get(one.member, Person())
            people.setdefault(one.member, PersonFound(one.member, person, kind, one.erased))
        elif one.card is not None and one.card_status is not None:
            cards.append(CardFound(one.card, one.card_status))
    for one in _people(by_name):
        people.setdefault(one.member, one)
    tried: list[By] = []
    tried.extend(identifier.kind for identifier in identifiers)
    if not text.startswith("mem_"):
        tried.append("receipt")
    if _may_be_a_name(text):
        tried.append("name")
    return PeopleFound(
        tuple(dict.fromkeys(tried)), tuple(people.values()), tuple(receipts), tuple(cards), by_name.next
    )


def identifiers_of(known: Known, text: str) -> list[Identifier]:
    """All that the text could be the identifier of. Raises WrongIdKind for `mem_…` that is no id."""
    program = known.program
    region = identity.region(program.time_zone, program.languages)
    if text.startswith("mem_"):
        return [reading.identifier("member", text, program.settings, region, "/text")]
    kinds = ["external_id"]
    if "@" in text:
        kinds = ["email", "external_id"]
    elif any(letter.isdigit() for letter in text):
        kinds = ["card", "phone", "external_id"]
    found: list[Identifier] = []
    for kind in kinds:
        try:
            found.append(reading.identifier(kind, text, program.settings, region, "/text"))
        except Problem:  # then it is none of this kind
            continue
    return found


def _receipt(text: str) -> dict[str, tuple[object, ...]]:
    """The receipts that the text names: by their number, or by the id that we gave."""
    if text.startswith("pur_"):
        purchase = ids.read("pur", text, "/text")
        return {"ids": (int2s([ids.home(purchase)]), uuids([purchase]))}
    return {"receipt_number": (text,)}


def _people(found: _Names) -> tuple[PersonFound, ...]:
    return tuple(PersonFound(member, person, "name") for member, person in found.found)


async def _named(tx: Transaction, known: Known, text: str, cursor: str | None) -> _Names:
    """Members of that name; the cursor says whether by whole words or by beginnings, and after whom."""
    wanted = sorted(names.words_of(text), key=len, reverse=True)
    if not _may_be_a_name(text):
        return _Names([], None)
    kind, after = _place(cursor)
    if kind in ("", "word"):
        found = await _whole(tx, known, wanted, after)
        if found.found or kind == "word":
            return found
    if kind in ("", "some"):
        found = await _some_whole(tx, known, wanted, after)
        if found.found or kind == "some":
            return found
    return await _beginning(
        tx, known, wanted, [names.start(known.vault.index, one) for one in wanted], after, "start"
    )


async def _some_whole(tx: Transaction, known: Known, wanted: list[str], after: UUID) -> _Names:
    """By the whole words that there are, and by the beginnings that the others are."""
    index = known.vault.index
    whole = {one: names.word(index, one) for one in wanted}
    there = await names.known(tx, known.program.id, list(whole.values()))
    if not there:
        return _Names([], None)
    digests = [whole[one] for one in wanted if whole[one] in there]
    digests += [names.start(index, one) for one in wanted if whole[one] not in there]
    return await _beginning(tx, known, wanted, digests, after, "some")


def _may_be_a_name(text: str) -> bool:
    return bool(names.words_of(text)) and "@" not in text and not text.startswith(("mem_", "pur_"))


def _place(cursor: str | None) -> tuple[str, UUID]:
    if cursor is None:
        return "", names.FIRST
    kind, _, after = cursor.partition(".")
    if kind not in ("word", "some", "start"):
        raise InvalidValue("/cursor", "is not a cursor of this list")
    return kind, ids.read("mem", after, "/cursor")


async def _whole(tx: Transaction, known: Known, wanted: list[str], after: UUID) -> _Names:
    program, vault = known.program.id, known.vault
    digests = [names.word(vault.index, one) for one in wanted]
    members = await names.find(tx, program, digests, after, AT_ONCE + 1)
    persons = await reading.persons(tx, program, vault, members[:AT_ONCE]) if members else {}
    found = [(one, persons[one]) for one in members[:AT_ONCE] if one in persons]
    return _Names(found, _cursor("word", members[AT_ONCE - 1]) if len(members) > AT_ONCE else None)


async def _beginning(
    tx: Transaction, known: Known, wanted: list[str], digests: list[bytes], after: UUID, kind: str
) -> _Names:
    """Who has these digests, and words that begin with what was typed."""
    program, vault = known.program.id, known.vault
    members = await names.find(tx, program, list(dict.fromkeys(digests)), after, LOOKED_AT_MAX + 1)
    looked_at = members[:LOOKED_AT_MAX]
    persons = await reading.persons(tx, program, vault, looked_at) if looked_at else {}
    found: list[tuple[UUID, Person]] = []
    for place, one in enumerate(looked_at):
        if one in persons and _begins(persons[one].name, wanted):
            found.append((one, persons[one]))
            if len(found) == AT_ONCE and place + 1 < len(members):
                return _Names(found, _cursor(kind, one))
    return _Names(found, _cursor(kind, looked_at[-1]) if len(members) > LOOKED_AT_MAX else None)


def _begins(name: str, wanted: list[str]) -> bool:
    """Whether each of the words is the beginning of a word of the name."""
    there = names.words_of(name)
    return all(any(one.startswith(beginning) for one in there) for beginning in wanted)


def _cursor(kind: str, member: UUID) -> str:
    return f"{kind}.{ids.show('mem', member)}"

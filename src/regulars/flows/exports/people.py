"""Exports of members, cards and consents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Transaction, fetch_all
from regulars.flows.exports.pages import FIRST, ROWS_AT_ONCE, Asked, Export, Rows, behind, fixed, place_of
from regulars.flows.questionnaires import read_questionnaire
from regulars.i18n import N_
from regulars.interchange.writing import Column
from regulars.members import arrivals, consents
from regulars.members.model import Person

SQL = queries.load("regulars.flows.exports", "exports.sql")
_MEMBER = (
    "member",
    "external_id",
    "phone",
    "email",
    "name",
    "birthday",
    "language",
    "tag",
    "store",
    "source",
)


async def _member_columns(asked: Asked) -> tuple[Column, ...]:
    questionnaire = await read_questionnaire(asked.database, asked.program)
    attributes = [Column(f"attribute.{question.code}") for question in questionnaire.questions]
    return (
        *map(Column, _MEMBER),
        Column("enrolled_at", "instant"),
        Column("account"),
        Column("partner"),
        *attributes,
    )


async def _members(asked: Asked, after: Any) -> tuple[Rows, Any]:
    columns = await _member_columns(asked)
    attributes = [
        column.name.removeprefix("attribute.") for column in columns if column.name.startswith("attribute.")
    ]
    named = {"program": asked.program, **place_of(after)}
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.members, named)
        agreeing = await _agreeing(tx, asked, after, rows)
        wanted = [row for row in rows if agreeing is None or row[1] in agreeing]
        people = await arrivals.people(tx, asked.program, asked.known.vault, [row[1] for row in wanted])
    found: Rows = []
    for _, member, language, source, store, tag, enrolled_at, pool, partner in wanted:
        person = people.get(member, Person())
        answers = [person.attributes.get(name) for name in attributes]
        found.append(
            (
                ids.show("mem", member), person.external_id, person.phone, person.email, person.name,
                person.birthday.isoformat() if person.birthday else None, language, tag, store, source, enrolled_at,
                ids.show("acc", pool), partner, *(_answer(answer) for answer in answers),
            )
        )  # fmt: skip
    return found, behind(rows)


def _answer(answer: Any) -> str | None:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return None if answer is None else str(answer)


async def _agreeing(tx: Transaction, asked: Asked, after: Any, rows: list[Any]) -> set[UUID] | None:
    """Of a page those who agree; None where nobody asks for it."""
    channel, purpose = asked.filter.channel, asked.filter.purpose
    if channel is None or purpose is None:
        return None
    found: set[UUID] = set()
    last: UUID | None = after[1] if after else None
    until = (rows[-1][0], rows[-1][1]) if rows else None
    while until is not None:
        page = await consents.agreeing(tx, asked.program, channel, purpose, last, ROWS_AT_ONCE)
        found |= {one.member for one in page}
        if len(page) < ROWS_AT_ONCE or (ids.home(page[-1].member), page[-1].member) >= until:
            break
        last = page[-1].member
    return found


async def _cards(asked: Asked, after: Any) -> tuple[Rows, Any]:
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.cards, {"program": asked.program, **place_of(after)})
    found: Rows = [
        (
            number, ids.show("crd", card), ids.show("mem", member) if member else None, ids.show("acc", pool), status,
            issued_at, ids.show("crd", replaced_by) if replaced_by else None,
            ids.show("crb", batch) if batch else None, serial,
        )
        for _, card, number, member, pool, status, issued_at, replaced_by, batch, serial in rows
    ]  # fmt: skip
    return found, behind(rows)


async def _consents(asked: Asked, after: Any) -> tuple[Rows, Any]:
    home, member, identifier = after or (-1, FIRST, FIRST)
    named = {
        "program": asked.program,
        "home": home,
        "member": member,
        "id": identifier,
        "limit": ROWS_AT_ONCE,
    }
    async with asked.database.transaction(asked.program) as tx:
        rows = await fetch_all(tx, SQL.consents, named | asked.window())
    found: Rows = [(ids.show("mem", row[1]), ids.show("con", row[2]), *row[3:]) for row in rows]
    return found, (rows[-1][0], rows[-1][1], rows[-1][2]) if len(rows) == ROWS_AT_ONCE else None


PEOPLE = (
    Export(
        "members",
        N_("Members"),
        _member_columns,
        _members,
        personal=True,
        needs="members.export",
        filters=("channel", "purpose"),
    ),
    Export(
        "cards",
        N_("Cards"),
        fixed(
            Column("card"), Column("id"), Column("member"), Column("account"), Column("status"),
            Column("issued_at", "instant"), Column("replaced_by"), Column("batch"), Column("serial", "number"),
        ),
        _cards,
        personal=True,
        needs="members.export",
    ),
    Export(
        "consents",
        N_("Consents"),
        fixed(
            Column("member"), Column("consent"), Column("channel"), Column("purpose"), Column("granted", "yes_no"),
            Column("source"), Column("recorded_at", "instant"), Column("given_at", "instant"), Column("wording"),
            Column("wording_version", "number"), Column("wording_language"), Column("recorded_by"), Column("evidence"),
            Column("to_confirm", "yes_no"), Column("confirmed_at", "instant"),
            Column("confirmed_address"),
        ),
        _consents,
        personal=True,
        needs="members.export",
        filters=("from", "to"),
    ),
)  # fmt: skip

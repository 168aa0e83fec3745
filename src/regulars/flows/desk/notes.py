"""Writes notes about a member, and takes them away again: each with its author, sealed, erased with her."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import NotFound, StateConflict
from regulars.flows.known_programs import Known
from regulars.members import notes, reading
from regulars.members.notes import Note
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change

NoteText = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class NewNote(Struct, frozen=True, forbid_unknown_fields=True):
    """A note to be written."""

    text: NoteText


class NoteShown(Struct, frozen=True):
    """A note as it is read."""

    id: str
    member: str
    text: str
    written_by: str
    """`staff stf_…`"""
    written_at: datetime

    def __repr__(self) -> str:
        return "NoteShown(…)"


def shown(one: Note) -> NoteShown:
    """A note as it is read."""
    return NoteShown(
        ids.show("nte", one.id), ids.show("mem", one.member), one.text, one.written_by, one.written_at
    )


async def write_note(
    database: Database, known: Known, request: Request, member: UUID, new: NewNote, by: str
) -> Answer:
    """201 with the note's id. Raises NotFound, and StateConflict after an erasure."""
    program = known.program.id

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return first
        found = await reading.member(tx, program, member, lock=True)
        if found is None:
            raise NotFound("There is no such member.")
        if found.erased_at is not None:
            raise StateConflict("This member was erased.")
        text = new.text.replace("\r\n", "\n").strip()
        note = await notes.write(tx, program, known.vault, found.id, text, by, request.at)
        answer = await requests.keep(tx, request, 201, msgspec.json.encode({"id": ids.show("nte", note)}))
        await trail.record(tx, program, Change("member.noted", ids.show("mem", found.id)), request.at)
        return answer

    return await database.run(program, work)


async def remove_note(database: Database, program: UUID, member: UUID, note: UUID, at: datetime) -> None:
    """Take a note away. Raises NotFound where there is none, or no longer."""

    async def work(tx: Transaction) -> None:
        if not await notes.remove(tx, program, member, note):
            raise NotFound("There is no such note, or no longer.")
        await trail.record(tx, program, Change("member.note_removed", ids.show("mem", member)), at)

    await database.run(program, work)

"""Tells what happened to a promotion: made, reviewed, published, stopped; when, and by whom. Reads only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.programs.roles import Permission, permissions
from regulars.programs.staff import people
from regulars.promotions import catalogue


class Happened(Struct, frozen=True):
    """One thing that happened."""

    kind: str
    """published, stopped, resumed; asked, approved, returned, withdrawn."""
    at: datetime
    by: str
    """A member of staff (`stf_…`), a key (`key_…`), or a program of ours."""
    revision: int = 0
    """Of what was published, stopped or resumed; 0: it is about a draft."""
    comment: str = ""
    accepted: tuple[str, ...] = ()
    """Codes of the linter's warnings that were accepted."""


class Colleague(Struct, frozen=True):
    """Somebody of the program's staff."""

    id: str
    """`stf_…`."""
    name: str
    may: frozenset[Permission]


class History(Struct, frozen=True):
    """The latest first, and the program's staff by name."""

    items: tuple[Happened, ...]
    colleagues: tuple[Colleague, ...]

    @property
    def names(self) -> dict[str, str]:
        """What members of staff are called, by `stf_…`."""
        return {one.id: one.name for one in self.colleagues}


async def promotion_history(
    database: Database, program: UUID, promotion: UUID, *, drafts_only: bool = False
) -> History:
    """What happened to it; with `drafts_only` only what was said about its drafts."""
    async with database.transaction(program) as tx:
        events = [] if drafts_only else await catalogue.events(tx, program, promotion)
        said = await catalogue.reviews(tx, program, promotion)
        staff = await people.colleagues(tx, program)
    colleagues = [Colleague(ids.show("stf", one.id), one.name, permissions(one.post.roles)) for one in staff]
    found = [Happened(one.kind, one.at, one.by, one.revision, "", tuple(one.accepted)) for one in events]
    found += [Happened(one.kind, one.at, one.by, 0, one.comment) for one in said]
    found.sort(key=lambda one: one.at, reverse=True)
    return History(tuple(found), tuple(colleagues))

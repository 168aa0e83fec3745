"""Gives back what a posting took: points that were paid for something that is not wanted any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from regulars.db.pool import Transaction
from regulars.ledger import book, moving, succession
from regulars.ledger.page import Page
from regulars.programs.model import Program


async def undo(
    tx: Transaction, program: Program, taken: UUID, page: Page, now: Page, at: datetime, by: str, came: str
) -> None:
    """Undo the posting `taken` in the one begun on its `page`, to the very lots; nothing is written yet.

    `now`: where the account's points are by now, the page itself or another, to which they go on; `came`: the reason of
    that, as a person says it.
    """
    original = await book.recorded(tx, program.id, page.home, taken)
    assert original is not None, "postings are never taken away"
    await succession.admit(tx, program.id, page, [draw.lot for _, draw in original.draws])
    before = moving.free(page)
    settings = program.settings
    page.reverse(original, at, expired=settings.expired_points_on_return, grace_days=settings.grace_days)
    if now is not page:
        moving.move_freed(page, now, before, at, by, came)

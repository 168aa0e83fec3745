"""Opens pages of the books, and decides how long points live on that are freed after their date."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars import ids
from regulars.db.pool import Transaction
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.programs.model import Program
from regulars.programs.settings import ProgramSettings


def held_grace_days(settings: ProgramSettings) -> int:
    """Days; 0 where the program lets such points expire at once."""
    return settings.grace_days if settings.expired_points_on_return == "restore" else 0


async def open_pages(tx: Transaction, program: Program, pools: Sequence[UUID]) -> dict[UUID, Page]:
    """The pages of pools. To write them, lock first; unlocked, they are one state that was."""
    homes, grace_days = [ids.home(pool) for pool in pools], held_grace_days(program.settings)
    return await (await book.ask(tx, program.id, homes, pools, grace_days=grace_days)).pages()

"""Reads one purchase as staff see it: lines with what was given and why, every promotion, the books. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database
from regulars.flows import decided
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.open_purchase import open_purchase, require_place
from regulars.flows.show_purchase import Explained, PurchaseShown, explained, purchase_shown
from regulars.ledger.statement import Movement, movements_of_purchase
from regulars.programs.model import Caller
from regulars.promotions import engine
from regulars.purchases.kept import Document
from regulars.purchases.model import Payment, PurchaseLine


class Given(Struct, frozen=True):
    """What one promotion gave on one line."""

    promotion: str
    name: str
    discount: int
    points: dict[str, int]


class LineGiven(Struct, frozen=True):
    """A line as it was sent, and what it was given."""

    sent: PurchaseLine
    given: tuple[Given, ...]


class PurchaseSheet(Struct, frozen=True):
    """A purchase as staff see it."""

    shown: PurchaseShown
    lines: tuple[LineGiven, ...]
    payments: tuple[Payment, ...]
    member: UUID | None
    """Whose it is by now."""
    anonymous: bool
    """Nobody's: it may be given to a member."""
    promotions: tuple[Explained, ...]
    exact: bool
    movements: tuple[Movement, ...]
    """What it did to the books, in the order of recording."""


async def purchase_sheet(
    database: Database, programs: KnownPrograms, caller: Caller, purchase: UUID, language: str, at: datetime
) -> PurchaseSheet:
    """The purchase, explained in a language of the program. Raises NotFound."""
    async with database.transaction(caller.program) as tx:
        opened = await open_purchase(tx, programs, caller.program, purchase, lock=False)
        require_place(caller, opened.purchase)
        then = await decided.then(tx, opened)
        pool = opened.page.pool
        movements = await movements_of_purchase(tx, caller.program, ids.home(pool), pool, purchase)
    document, known = opened.purchase.document, then.known
    outcome, verdicts = engine.explain(then.live, then.basket(caller), then.standing, known.rules)
    promotions = tuple(explained(verdict, then.live, known, language) for verdict in verdicts)
    names = {one.promotion: one.name for one in promotions}
    member = opened.customer.member if opened.customer else None
    return PurchaseSheet(
        purchase_shown(opened, at),
        _lines(document, names),
        document.request.payments,
        member,
        opened.purchase.member is None and opened.purchase.card is None and opened.purchase.claimed is None,
        promotions,
        outcome.bounded,
        tuple(movements),
    )


def _lines(document: Document, names: dict[str, str]) -> tuple[LineGiven, ...]:
    awards = {line.line: line.awards for line in document.answer.lines}
    earned: dict[tuple[int, str], dict[str, int]] = {}
    for one in document.answer.earned:
        sums = earned.setdefault((one.line, one.promotion), {})
        sums[one.currency] = sums.get(one.currency, 0) + one.amount

    def given(number: int) -> tuple[Given, ...]:
        discounts: dict[str, int] = {}
        for award in awards.get(number, ()):
            discounts[award.promotion] = discounts.get(award.promotion, 0) + award.amount
        promotions = dict.fromkeys([*discounts, *(p for line, p in earned if line == number)])
        return tuple(
            Given(p, names.get(p, p), discounts.get(p, 0), earned.get((number, p), {})) for p in promotions
        )

    return tuple(LineGiven(line, given(line.line)) for line in document.request.lines)

"""Replays receipts of the past through a change of the promotions, on the engine of purchases. Writes nothing.

    slices = partial(past_receipts.slices, database, known, Which(1000))
    answer = await replay.simulate(known, change, slices, words)

The deciding runs in a thread, a slice of receipts at a time: the tills of this process are served meanwhile, and
whoever cancels the call stops it after the slice that is being worked on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol
from uuid import UUID

from msgspec import structs

from regulars.db.pool import Database
from regulars.errors import NotFound
from regulars.programs.model import Program
from regulars.promotions import catalogue, document
from regulars.promotions.index import Live
from regulars.promotions.model import Document, Rules
from regulars.promotions.reads import Needs, needs_of
from regulars.promotions.words import N_, Words
from regulars.simulation.examples import chosen, example
from regulars.simulation.model import Caveat, Simulation
from regulars.simulation.outcomes import Receipt
from regulars.simulation.tally import Tally
from regulars.simulation.variants import Change, Variants, dateless, kinds_within, variants

Slices = Callable[[Needs], AsyncIterator[Sequence[Receipt]]]
"""Receipts of the past, with what these promotions must know of their customers."""


class Stage(Protocol):
    """A program, ready to price with."""

    @property
    def program(self) -> Program: ...
    @property
    def live(self) -> Live: ...
    @property
    def rules(self) -> Rules: ...


async def change_of(
    database: Database, stage: Stage, promotion: UUID, stop: frozenset[UUID] = frozenset()
) -> Change:
    """What publishing the draft of a promotion would change; of one without a draft, what it does by being live.

    Raises NotFound.
    """
    async with database.transaction(stage.program.id) as tx:
        found = await catalogue.find(tx, stage.program.id, promotion)
        if found is None:
            raise NotFound("There is no such promotion in this program.")
        if found.draft is not None:
            return Change(document.parse(found.draft), promotion, stop)
        (revision,) = await catalogue.frozen(tx, stage.program.id, [(promotion, found.revision)])
    return Change(revision.document, promotion, stop, instead=promotion not in stage.live.by_id)


async def simulate(
    stage: Stage, change: Change, slices: Slices, words: Words, *, keep_dates: bool = False
) -> Simulation:
    """What a change would have done to past receipts.

    `keep_dates`: the promotion's own window and dates count, which past receipts seldom meet; else they are left out,
    and the answer says so. Raises Contradiction, Unprocessable.
    """
    document.build(change.document)
    caveats: list[Caveat] = _caveats(change, words)
    if not keep_dates:
        plain, gone = dateless(change.document)
        change = structs.replace(change, document=plain)
        caveats += [Caveat(code, words.gettext(_GONE[code])) for code in gone]
    sides = await asyncio.to_thread(variants, stage.live, change)
    tally = Tally(sides, stage.rules)
    async for receipts in slices(needs(sides)):
        await asyncio.to_thread(tally.add, receipts)
    return await asyncio.to_thread(_answer, tally, sides, caveats, words)


def needs(sides: Variants) -> Needs:
    """What the promotions of both sides must know of customers."""
    promotions = (*sides.before.promotions, *sides.after.promotions)
    return needs_of(
        read for one in promotions for part in (*one.conditions, *one.benefits) for read in part.reads()
    )


def _answer(tally: Tally, sides: Variants, caveats: Sequence[Caveat], words: Words) -> Simulation:
    return Simulation(
        currency=tally.rules.base_currency,
        receipts=tally.receipts,
        left_out=tally.left_out,
        members=len(tally.members),
        first_at=tally.first_at,
        last_at=tally.last_at,
        got=tally.got(),
        suppressed=tally.suppressed,
        payable_changed=tally.payable_changed,
        payable_before=tally.payable_before,
        payable_after=tally.payable_after,
        cost_before=tally.cost_before,
        cost_after=tally.cost_after,
        margin=tally.margin(),
        stores=tally.by_store(),
        days=tally.by_day(),
        displaced=tally.displaced(words.language),
        refused=tally.refused(words),
        examples=tuple(
            example(one, sides, tally.rules, words) for one in chosen(tally.compared, sides.subject)
        ),
        not_simulated=tuple(caveats),
    )


_ALWAYS = {
    "behaviour": N_(
        "People are taken to buy what they bought: that an offer changes what is bought is not counted."
    ),
    "limits": N_(
        "Use limits and budgets are not counted: each receipt is decided as if nothing had been used yet."
    ),
}
_ASKED = {
    "offer": N_("Nobody has activated an offer that does not run yet, so it is refused for that reason."),
    "code": N_("Codes are counted only where they were presented then."),
    "consent": N_("Agreements are those of today where the receipt did not keep them."),
}
_GONE = {
    "window": N_("Its period is left out: receipts of the past would lie before it."),
    "dates": N_("Its dates are left out: receipts of the past would lie before them."),
}


def _caveats(change: Change, words: Words) -> list[Caveat]:
    """What the figures of this change do not hold."""
    kinds = kinds_within(change.document.conditions)
    found = [Caveat(code, words.gettext(text)) for code, text in _ALWAYS.items()]
    return found + [Caveat(code, words.gettext(text)) for code, text in _ASKED.items() if code in kinds]


async def simulate_document(
    stage: Stage, draft: Document, slices: Slices, words: Words, *, keep_dates: bool = False
) -> Simulation:
    """The same for a document that is no promotion yet. Raises Contradiction, Unprocessable."""
    return await simulate(stage, Change(draft), slices, words, keep_dates=keep_dates)

"""Gives limits, budgets and codes back: when holds end, when a confirmation needs less, when goods come back.

What a purchase has of them are its claims; each act gives back once (`counters.give_back`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.flows.claims import NONE, Scarcity, Taken
from regulars.promotions import codes, counters, limits
from regulars.promotions.counters import Back, Held, Kind, Noted
from regulars.promotions.index import Live
from regulars.promotions.limits import CODE, CODE_MEMBER, Claim, Counter, Uses
from regulars.purchases.kept import Document
from regulars.purchases.returning import LimitBack
from regulars.units import given_back


async def release(
    tx: Transaction, program: UUID, kind: Kind, purchases: Sequence[UUID], at: datetime
) -> None:
    """Give back all that these purchases still have, once."""
    held = await counters.claims_of(tx, program, purchases)
    backs = [
        Back(purchase, one.counter, purchase, one.amount)
        for purchase, claims in held.items()
        for one in claims
        if one.amount > 0
    ]
    await counters.give_back(tx, program, kind, at, backs)


async def release_lapsed(database: Database, program: UUID, at: datetime) -> int:
    """Give back what holds reserved whose time is over. How many there were."""

    async def work(tx: Transaction) -> int:
        lapsed = await counters.end_lapsed(tx, program, at)
        await release(tx, program, "release", lapsed, at)
        return len(lapsed)

    total = 0
    while True:
        done = await database.run(program, work)
        total += done
        if done < counters.HOLDS_AT_ONCE:
            return total


async def take_again(tx: Transaction, program: UUID, purchase: UUID, live: Live, at: datetime) -> bool:
    """Claim anew what a lapsed hold had, all of it; False when something is no longer there."""
    held = (await counters.claims_of(tx, program, [purchase])).get(purchase, [])
    missing = [one for one in held if one.amount < one.first]
    caps = await _caps(tx, program, live, missing)
    wanted = {
        one.counter: Claim(one.counter, one.first - one.amount, *caps.get(one.counter, (0, 1)))
        for one in missing
    }
    if not wanted:
        return True
    read = await counters.read(
        await counters.ask(tx, program, [(counter.holder, counter.period) for counter in wanted])
    )
    granted = await (await counters.claim(tx, program, wanted, read, ids.home(purchase))).granted()
    if any(granted.get(counter, 0) < claim.amount for counter, claim in wanted.items()):
        return False
    noted = [Noted(purchase, counter, claim.amount) for counter, claim in wanted.items()]
    await counters.note(tx, program, "renewal", at, noted)
    return True


async def reserved(
    tx: Transaction, program: UUID, purchase: UUID, live: Live, at: datetime
) -> list[Held] | None:
    """What a hold has of limits and codes, now that it is confirmed; None: it lapsed, and not all is there any more."""
    held = (await counters.claims_of(tx, program, [purchase])).get(purchase, [])
    if not held or await counters.end_hold(tx, program, purchase):
        return held
    if not await take_again(tx, program, purchase, live, at):
        return None
    return (await counters.claims_of(tx, program, [purchase]))[purchase]


async def give_back_surplus(
    tx: Transaction,
    program: UUID,
    purchase: UUID,
    held: Sequence[Held],
    taken: Taken,
    batches: frozenset[str],
    at: datetime,
) -> None:
    """Give back what a confirmation with fewer goods needs no more. `batches`: whose codes it still rests on."""
    used = {counter: claim.amount for counter, claim in limits.sums((*taken.claims, *taken.forced)).items()}
    backs: list[Back] = []
    for one in held:
        over = one.amount - used.get(one.counter, 0)
        if one.counter.rule in (CODE, CODE_MEMBER):
            batch = await codes.find(tx, program, one.counter.promotion)
            over = 0 if batch is not None and batch.name in batches else one.amount
        if over > 0:
            backs.append(Back(purchase, one.counter, purchase, over))
    await counters.give_back(tx, program, "confirmation", at, backs)


async def _caps(
    tx: Transaction, program: UUID, live: Live, held: Sequence[Held]
) -> dict[Counter, tuple[int, int]]:
    """Cap and slices of each counter, by the promotions in `live` and the batches of codes."""
    found: dict[Counter, tuple[int, int]] = {}
    presented = [one.counter.holder for one in held if one.counter.rule == CODE]
    good = await codes.found(await codes.look_up(tx, program, presented)) if presented else {}
    # A code that was voided, or blocked because it was lost.
    ended = {code for code, one in good.items() if one.stopped_at is not None}
    for one in held:
        counter = one.counter
        promotion = live.by_id.get(counter.promotion)
        for limit in promotion.limits if promotion is not None else ():
            if limits.rule_of(limit) == counter.rule:
                found[counter] = (limits.cap(limit), limit.slices)
        if counter.rule in (CODE, CODE_MEMBER):
            batch = await codes.find(tx, program, counter.promotion)
            if batch is not None and batch.stopped_at is None and counter.holder not in ended:
                most = batch.uses if counter.rule == CODE else batch.member_uses
                found[counter] = (most or 0, 1)
    return found


def of_hold(held: Sequence[Held]) -> Scarcity:
    """Exactly what a hold has: within this its confirmation is decided."""
    return Scarcity(NONE, Uses({}, {one.counter: one.amount for one in held}, closed=True))


async def of_return(
    tx: Transaction, program: UUID, purchase: UUID, document: Document, back: Mapping[int, int], act: UUID
) -> list[Back]:
    """What a return (its id: `act`) gives back of limits and codes. `back`: line → thousandths that came by now.

    Points and money come back in proportion, cumulatively: round(claimed × returned / given), half up. A use comes
    back with the last piece of the lines that it was for, a code with the last piece of the purchase.
    """
    held = (await counters.claims_of(tx, program, [purchase])).get(purchase, [])
    quantities = {line.line: line.quantity for line in document.lines}
    gone = {number for number, quantity in quantities.items() if back.get(number, 0) >= quantity}
    found: list[Back] = []
    for one in held:
        shares = _shares(document, one.counter)
        if gone == quantities.keys() or (shares and gone >= shares.keys()):
            due = one.claimed
        elif one.counter.rule.endswith(".uses") or not sum(shares.values()):
            due = 0
        else:
            came = [given_back(part, back.get(line, 0), quantities[line]) for line, part in shares.items()]
            due = given_back(one.claimed, sum(came), sum(shares.values()))
        amount = due - (one.claimed - one.amount)
        if amount > 0:
            found.append(Back(purchase, one.counter, act, amount))
    return found


def _shares(document: Document, counter: Counter) -> dict[int, int]:
    """What the promotion of a limit gave on each line; of a code nothing: it was for the whole purchase."""
    shares: dict[int, int] = {}
    if counter.rule in (CODE, CODE_MEMBER):
        return shares
    if not counter.rule.endswith(".points"):
        promotion = ids.show("prm", counter.promotion)
        for line in document.answer.lines:
            given = sum(award.amount for award in line.awards if award.promotion == promotion)
            if given:
                shares[line.line] = given
    if not counter.rule.endswith(".amount"):
        for earning in document.earned:
            if earning.promotion == counter.promotion:
                for line, amount in zip(earning.lines, earning.amounts, strict=True):
                    shares[line] = shares.get(line, 0) + amount
    return shares


def back_view(back: Back) -> LimitBack:
    """What came back, as it is told."""
    counter = back.counter
    if counter.rule in (CODE, CODE_MEMBER):
        per = "code" if counter.rule == CODE else "member"
        return LimitBack(per, "lifetime", "uses", back.amount, code_batch=ids.show("cbt", counter.promotion))
    per, period, counted = counter.rule.split(".")
    return LimitBack(per, period, counted, back.amount, promotion=ids.show("prm", counter.promotion))

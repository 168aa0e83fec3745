"""Limits, budgets and unique codes in the purchases' flows: what a batch reads of them, claims, and gives back.

Counters are read with the standing, each purchase takes from them in memory, and the sums are claimed in one
statement before anything is written. Where less is granted than wanted, the batch is decided again with what it got;
claims that become wanted by that are tried once more, and what is refused then stays refused (`contended`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock, ids
from regulars.db.burst import Burst, Rows, Sender
from regulars.db.pool import Transaction
from regulars.errors import WrongIdKind
from regulars.flows import voucher_tax
from regulars.flows.incoming import Incoming, basket
from regulars.flows.known_programs import Known
from regulars.members.model import Customer
from regulars.periods import EVER, first_day
from regulars.promotions import codes, counters, limits
from regulars.promotions.code_text import normalise
from regulars.promotions.codes import Batch, Presented
from regulars.promotions.counters import Noted, Read
from regulars.promotions.index import Live
from regulars.promotions.limits import (
    CODE,
    CODE_MEMBER,
    Buyer,
    BuyerLeftovers,
    Claim,
    Counter,
    Gave,
    Uses,
)
from regulars.promotions.model import Standing
from regulars.promotions.outcome import Outcome
from regulars.purchases.model import PurchaseAnswer, Warned

TOTALS_MAX = 64
"""Totals of so many promotions are read without asking which of them the goods could win."""


class Scarce(Struct, frozen=True):
    """What was read for a batch of purchases."""

    counters: Read = counters.NOTHING_READ
    presented: dict[UUID, Presented] = {}
    """The unique codes that were presented, by their id."""
    batches: dict[str, Batch] = {}
    """Of which codes may be issued, by name."""


NONE = Scarce()


class Scarcity(Struct, frozen=True):
    """What was read, and what the purchases decided so far have taken of it."""

    scarce: Scarce
    uses: Uses

    @classmethod
    def of(cls, scarce: Scarce) -> Scarcity:
        """Nothing is taken yet."""
        return cls(scarce, Uses(scarce.counters.used))


class Asked(Struct, frozen=True):
    """Counters and codes that are on their way."""

    counters: Rows | None
    codes: Rows | None
    batches: Rows | None

    async def read(self) -> Scarce:
        """What was asked for."""
        return Scarce(
            await counters.read(self.counters) if self.counters is not None else NONE.counters,
            await codes.found(self.codes) if self.codes is not None else {},
            await codes.by_name(self.batches) if self.batches is not None else {},
        )


class Taken(Struct, frozen=True):
    """What one purchase takes: by claims, and what as-sold receipts take whatever is left (`forced`)."""

    claims: tuple[Claim, ...] = ()
    forced: tuple[Claim, ...] = ()


NOTHING_TAKEN = Taken()


class RefusedCode(Struct, frozen=True, gc=False):
    """A code that gives nothing, and why."""

    code: str
    reason: str


def buyer_of(incoming: Incoming, customer: Customer | None, known: Known) -> Buyer:
    """Whose counters a purchase takes from: the receipt's own day counts, however late it comes."""
    store = incoming.store
    day = incoming.sent.purchased_at.astimezone(clock.zone(known.program.time_zone)).date()
    if customer is None:
        return Buyer(day, store.id, store.partner)
    who = customer.member if customer.member is not None else customer.pool
    return Buyer(day, store.id, store.partner, who, customer.pool, customer.card)


async def ask(
    tx: Sender, known: Known, batch: Sequence[Incoming], customers: Mapping[int, Customer]
) -> Asked | None:
    """Ask for the counters and codes that a batch may need; None where no live promotion has any."""
    presented = [code for incoming in batch for code in incoming.codes]
    live, program = known.live, known.program.id
    if not live.limited and not presented and not live.vouchers:
        return None
    wanted: set[tuple[UUID, int]] = {(code.id, EVER) for code in presented}
    for place, incoming in enumerate(batch):
        wanted |= _wanted(incoming, buyer_of(incoming, customers.get(place), known), known)
    return Asked(
        await counters.ask(tx, program, wanted) if wanted else None,
        await codes.look_up(tx, program, [code.id for code in presented]) if presented else None,
        await codes.ask_named(tx, program, sorted(live.vouchers)) if live.vouchers else None,
    )


def _wanted(incoming: Incoming, buyer: Buyer, known: Known) -> set[tuple[UUID, int]]:
    """Holders and periods whose counters may count for a purchase."""
    live = known.live
    wanted: set[tuple[UUID, int]] = set()
    for per, periods in live.limit_periods.items():
        holder = None if per == "total" else getattr(buyer, per)
        if holder is not None:
            wanted |= {(holder, first_day(period, buyer.day)) for period in periods}
    if incoming.codes and buyer.member is not None:
        wanted.add((buyer.member, EVER))
    totals = live.totals
    if len(totals) > TOTALS_MAX:
        totals = live.totals_for(basket(incoming, known).lines)
    for promotion in totals:
        wanted |= {
            (promotion.id, first_day(limit.period, buyer.day))
            for limit in promotion.limits
            if limit.per == "total"
        }
    return wanted


class Allowance:
    """What limits leave to one purchase, which of its codes are good, and what it takes of both."""

    def __init__(
        self, incoming: Incoming, customer: Customer | None, known: Known, live: Live, scarcity: Scarcity
    ):
        scarce, uses = scarcity.scarce, scarcity.uses
        self._incoming = incoming
        self._live = live
        self._uses = uses
        self._as_sold = incoming.sent.pricing == "as_sold"
        self.buyer = buyer_of(incoming, customer, known)
        gross = sum(line.gross for line in incoming.lines) + incoming.sent.delivery
        self.leftovers = BuyerLeftovers(
            uses,
            self.buyer,
            incoming.rate.up(gross) if incoming.rate else gross,
            reduce=known.program.settings.on_last == "reduce",
        )
        self._free: dict[str, Presented] = {}
        self.refused: list[RefusedCode] = []
        for code in incoming.codes:
            found = scarce.presented.get(code.id)
            if found is None and normalise(code.text) in live.shared_codes:
                continue
            reason = self._why_not(found)
            if reason is not None:
                self.refused.append(RefusedCode(code.text, reason))
            if found is not None and (reason is None or self._as_sold):
                self._free.setdefault(found.name, found)

    def before(self, standing: Standing) -> Standing:
        """With the batches of which a good code was presented. As sold every code counts: what it gave was given."""
        return structs.replace(standing, codes=frozenset(self._free)) if self._free else standing

    def after(self, standing: Standing) -> Standing:
        """With what limits left to it, as far as they bound, so that it can be decided again."""
        found = self.leftovers.found
        return structs.replace(standing, left=dict(found)) if found else standing

    def taken(self, outcome: Outcome) -> Taken:
        """What the purchase takes, now that it is decided."""
        gave = limits.given(outcome)
        sold: dict[UUID, Gave] = self._sold() if self._as_sold else {}
        if not self._live.limited and not self._free:
            return NOTHING_TAKEN
        rate = self._incoming.rate
        used = self._used({*gave, *sold})
        found = Taken(
            tuple(limits.claims(gave, self._live, self.buyer, rate, () if self._as_sold else used)),
            tuple(limits.claims(sold, self._live, self.buyer, rate, used)) if self._as_sold else (),
        )
        return found

    def told(self, answer: PurchaseAnswer, outcome: Outcome) -> PurchaseAnswer:
        """With the tax within what single-purpose vouchers took off."""
        taxed = voucher_tax.within(self._free, self._live, outcome) if self._free else ()
        return structs.replace(answer, vouchers=taxed) if taxed else answer

    def count(self, taken: Taken) -> None:
        """The purchase stands: the next one finds so much less."""
        self._uses.take((*taken.claims, *taken.forced))

    def warnings(self, taken: Taken) -> list[Warned]:
        """Of an as-sold receipt: over-use, codes that were not good, points that limits kept back."""
        if not self._as_sold:
            return []
        found = [
            Warned(one.reason, f"The code {one.code} was not good any more, or never.")
            for one in self.refused
        ]
        for claim in taken.forced:
            over = min(claim.amount, claim.amount - self._uses.left(claim.counter, claim.cap))
            if over > 0 and claim.counter.rule not in (CODE, CODE_MEMBER):
                name = self._live.by_id[claim.counter.promotion].document.name
                found.append(Warned("limit_exceeded", f"{name} was used beyond its limit.", over))
        for promotion, left in self.leftovers.found.items():
            compiled = self._live.by_id[promotion]
            if left.code and compiled.earns:
                found.append(
                    Warned(left.code, f"{compiled.document.name} gave no points: its limit is reached.")
                )
        return found

    def _why_not(self, found: Presented | None) -> str | None:
        if found is None:
            return "code_unknown"
        at = self._incoming.sent.purchased_at
        if found.valid_from is not None and at < found.valid_from:
            return "code_not_yet_valid"
        if found.stopped_at is not None or (found.valid_until is not None and at >= found.valid_until):
            return "code_expired"
        if found.owner is not None and found.owner != self.buyer.member:
            return "code_of_another"
        if self._uses.left(Counter(found.id, EVER, found.batch, CODE), found.uses) <= 0:
            return "contended" if self._uses.closed else "code_used"
        if found.member_uses is not None:
            if self.buyer.member is None:
                return "member_required"
            counter = Counter(self.buyer.member, EVER, found.batch, CODE_MEMBER)
            if self._uses.left(counter, found.member_uses) <= 0:
                return "contended" if self._uses.closed else "limit_reached"
        if found.name not in self._live.batches_wanted:
            return "code_without_offer"
        return None

    def _used(self, applied: Iterable[UUID]) -> list[Claim]:
        """One use of each code on which a promotion that applied rests."""
        names = {name for promotion in applied for name in self._live.code_batches.get(promotion, ())}
        found: list[Claim] = []
        for name in sorted(names & self._free.keys()):
            code = self._free[name]
            found.append(Claim(Counter(code.id, EVER, code.batch, CODE), 1, code.uses))
            if code.member_uses is not None and self.buyer.member is not None:
                counter = Counter(self.buyer.member, EVER, code.batch, CODE_MEMBER)
                found.append(Claim(counter, 1, code.member_uses))
        return found

    def _sold(self) -> dict[UUID, Gave]:
        """Which of our promotions the till says it gave discounts by, and how much."""
        found: dict[UUID, Gave] = {}
        for line in self._incoming.sent.lines:
            for discount in line.discounts:
                try:
                    promotion = ids.read("prm", discount.promotion or "")
                except WrongIdKind:
                    continue
                found.setdefault(promotion, Gave()).amount += discount.amount
        return found


async def claim(
    tx: Transaction, program: UUID, wanted: Mapping[Counter, Claim], scarce: Scarce, own: int
) -> dict[Counter, int]:
    """Claim the sums of a batch; what it got of each counter. `own` says which slices it takes from first."""
    if not wanted:
        return {}
    async with Burst(tx) as burst:
        claiming = await counters.claim(burst, program, wanted, scarce.counters, own)
    granted = await claiming.granted()
    return {counter: granted.get(counter, 0) for counter in wanted}


Decided = TypeVar("Decided")


async def claim_and_decide(
    tx: Transaction,
    program: UUID,
    scarce: Scarce,
    own: int,
    first: Decided,
    taken: Callable[[Decided], Iterable[Taken]],
    decide: Callable[[Uses], Decided],
) -> tuple[Decided, dict[Counter, int]]:
    """The decision on a batch that stands, and (at most 0) by how much less than it claimed it needs of each counter.

    Where less is granted than the `first` decision takes, `decide` makes another one with what was granted; what that
    takes beside is claimed too, and where that fails, the third one takes nothing but what the batch has by then.
    """

    def wanted(decision: Decided) -> dict[Counter, Claim]:
        return limits.sums(one for what in taken(decision) for one in what.claims)

    decided, used = first, scarce.counters.used
    asked = wanted(decided)
    ours = await claim(tx, program, asked, scarce, own)
    short = {counter: ours[counter] for counter, one in asked.items() if ours[counter] < one.amount}
    if short:
        decided = decide(Uses(used, short))
        more = _beyond(wanted(decided), ours)
        granted = await claim(tx, program, more, scarce, own)
        for counter, amount in granted.items():
            ours[counter] = ours.get(counter, 0) + amount
        if any(granted[counter] < one.amount for counter, one in more.items()):
            decided = decide(Uses(used, ours, closed=True))
    kept = wanted(decided)
    return decided, {c: (kept[c].amount if c in kept else 0) - amount for c, amount in ours.items()}


def _beyond(wanted: Mapping[Counter, Claim], ours: Mapping[Counter, int]) -> dict[Counter, Claim]:
    """What a batch that was decided again wants beside what it has."""
    return {
        counter: structs.replace(one, amount=more)
        for counter, one in wanted.items()
        if (more := one.amount - ours.get(counter, 0)) > 0
    }


async def settle(
    tx: Sender, program: UUID, taken: Mapping[UUID, Taken], surplus: Mapping[Counter, int]
) -> None:
    """Count the over-use of as-sold receipts, and give back what was claimed and is not wanted any more."""
    amounts = dict(surplus)
    for what in taken.values():
        for claim in what.forced:
            amounts[claim.counter] = amounts.get(claim.counter, 0) + claim.amount
    await counters.move(tx, program, amounts)


async def note(
    tx: Sender, program: UUID, at: datetime, taken: Mapping[UUID, Taken], holds: Mapping[UUID, datetime]
) -> None:
    """Write down what each purchase took, and which of them are held."""
    noted: list[Noted] = []
    for purchase, what in taken.items():
        sums = limits.sums((*what.claims, *what.forced))
        noted += [Noted(purchase, counter, claim.amount) for counter, claim in sums.items()]
    await counters.note(tx, program, "claim", at, noted)
    claimed = {one.purchase for one in noted}
    await counters.note_holds(tx, program, {held: until for held, until in holds.items() if held in claimed})

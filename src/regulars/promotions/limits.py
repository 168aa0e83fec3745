"""Decides what use limits and budgets leave to a purchase, and what a purchase claims of them. Pure.

A *counter* holds how much of one limit one holder has used in one period. Counters are read before a batch is
decided, and every purchase takes from them in memory (`Uses`), so that the next one of the batch sees what is left;
the database grants the sums afterwards (`counters.claim`), and where it grants less the batch is decided once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import UUID

from msgspec import Struct

from regulars.errors import InvalidValue
from regulars.periods import first_day, following
from regulars.promotions.model import Left, Limit
from regulars.promotions.outcome import Outcome
from regulars.promotions.words import N_, Sentence
from regulars.units import Ratio

if TYPE_CHECKING:
    from regulars.promotions.index import Live, Promotion

LIMITS_MAX = 20

PERIODS = ("day", "week", "month", "quarter", "year", "lifetime")
ENDED = {"uses": "limit_reached", "points": "budget_exhausted", "amount": "budget_exhausted"}
RAN_OUT = frozenset({"limit_reached", "budget_exhausted", "contended"})
"""Reasons that are told though no change of the basket would help."""
NEEDED = {"member": "member_required", "household": "member_required", "card": "card_required"}


SOMEBODY = frozenset(NEEDED.values())
"""Reasons that a card at the till would change."""


class Counter(NamedTuple):
    """What is counted: a rule of a promotion, for one holder in one period (its first day as yyyymmdd)."""

    holder: UUID
    period: int
    promotion: UUID
    rule: str

    @property
    def place(self) -> tuple[bool, bool, int, Counter]:
        """In which order rows are locked: codes, use limits, and last what every till wants; each by its home."""
        return (self.holder == self.promotion, self.rule != CODE, self.holder.int & 1023, self)


CODE = "code"
"""The rule of a unique code: `promotion` is its batch, the holder the code itself."""
CODE_MEMBER = "code.member"
"""The rule of a batch that lets each member use so many of its codes."""


class Claim(Struct, frozen=True, gc=False):
    """What one purchase wants of a counter, and how much the counter may come to."""

    counter: Counter
    amount: int
    cap: int
    slices: int = 1


class Buyer(Struct, frozen=True, gc=False):
    """Whose counters a purchase takes from, and on which day of the program."""

    day: date
    store: UUID
    partner: UUID
    member: UUID | None = None
    """The member, or the account of a card that belongs to nobody yet."""
    household: UUID | None = None
    """The account that she shares."""
    card: UUID | None = None

    def counter(self, promotion: UUID, limit: Limit) -> Counter | None:
        """The counter of a limit; None: nobody is there to count for."""
        holder = promotion if limit.per == "total" else getattr(self, limit.per)
        if holder is None:
            return None
        return Counter(holder, first_day(limit.period, self.day), promotion, rule_of(limit))

    def holders(self) -> list[UUID]:
        """Everybody whose counters may be needed, but for the totals of promotions."""
        found = (self.member, self.household, self.card, self.store, self.partner)
        return list(dict.fromkeys(holder for holder in found if holder is not None))


def measure(limit: Limit) -> str:
    """What a limit counts: uses, points or amount."""
    return "uses" if limit.uses is not None else "points" if limit.points is not None else "amount"


def cap(limit: Limit) -> int:
    """How much of it there is in a period, by its measure."""
    return limit.uses or limit.points or limit.amount or 0


def rule_of(limit: Limit) -> str:
    """The name of a limit's counters. It holds no amounts, so that a new revision counts on."""
    return f"{limit.per}.{limit.period}.{measure(limit)}"


class Uses:
    """How much of each counter is used: as it was read, and by the purchases of the batch so far.

    `ours`: of these counters the batch holds so much, and may take no more. `closed`: of no other counter may it
    take anything; that is so after the second claim.
    """

    __slots__ = ("_ours", "_read", "_taken", "closed")

    def __init__(
        self, read: Mapping[Counter, int], ours: Mapping[Counter, int] | None = None, *, closed: bool = False
    ):
        self._read = read
        self._ours = ours or {}
        self._taken: dict[Counter, int] = {}
        self.closed = closed

    def left(self, counter: Counter, most: int) -> int:
        """How much may still be taken of a counter whose cap is `most`; below zero after over-use."""
        taken = self._taken.get(counter, 0)
        ours = self._ours.get(counter)
        if ours is not None:
            return ours - taken
        return -taken if self.closed else most - self._read.get(counter, 0) - taken

    def take(self, claims: Iterable[Claim]) -> None:
        """Count what a purchase takes."""
        for claim in claims:
            self._taken[claim.counter] = self._taken.get(claim.counter, 0) + claim.amount


class Leftovers(Protocol):
    """Answers what limits leave to the purchase that is being decided."""

    def of(self, promotion: Promotion) -> Left | None:
        """For a promotion with limits; None: they do not bind."""
        ...


class KeptLeftovers:
    """What was left when a purchase was decided, as its standing says."""

    def __init__(self, left: Mapping[UUID, Left]):
        self._left = left

    def of(self, promotion: Promotion) -> Left | None:
        """As it was then."""
        return self._left.get(promotion.id)


class BuyerLeftovers:
    """What the counters leave to one buyer now. Remembers what it answered, to be kept with the purchase."""

    def __init__(self, uses: Uses, buyer: Buyer, worth: int, *, reduce: bool):
        """`worth`: what the basket costs, in base money: a budget of at least that does not bind. `reduce`: whether
        the last bit of a budget is given, where a promotion does not say."""
        self._uses = uses
        self._buyer = buyer
        self._worth = worth
        self._reduce = reduce
        self.found: dict[UUID, Left] = {}

    def of(self, promotion: Promotion) -> Left | None:
        """By the counters, as the batch stands."""
        left = self._of(promotion)
        if left is not None:
            self.found[promotion.id] = left
        return left

    def _of(self, promotion: Promotion) -> Left | None:
        least: dict[str, int] = {}
        facts: dict[str, Any] = {}
        for limit in promotion.limits:
            counter = self._buyer.counter(promotion.id, limit)
            if counter is None:
                return Left(code=NEEDED[limit.per])
            left = self._uses.left(counter, cap(limit))
            counted = measure(limit)
            if left <= 0:
                code = "contended" if self._uses.closed else ENDED[counted]
                return Left(code=code, facts=self._facts(limit))
            binds = counted == "points" or (counted == "amount" and left < self._worth)
            if binds and left < least.get(counted, left + 1):
                least[counted] = left
                facts = self._facts(limit)
        if not least:
            return None
        on_last = promotion.document.on_last
        refuse = on_last == "refuse" if on_last is not None else not self._reduce
        return Left(least.get("amount"), least.get("points"), facts=facts, refuse=refuse)

    def _facts(self, limit: Limit) -> dict[str, Any]:
        again = following(limit.period, self._buyer.day)
        return {"per": limit.per, "period": limit.period, "again": again.isoformat() if again else None}


class Limits:
    """The limits of one calculation: what they leave to each promotion, what is left of that, who must do without."""

    def __init__(self, leftovers: Leftovers):
        self._leftovers = leftovers
        self._barred: dict[UUID, Left] = {}
        self._found: dict[UUID, Left] = {}
        self._rooms: dict[UUID, int] = {}

    def begin(self) -> None:
        """A calculation begins anew; who was barred before stays so."""
        self._found = {}
        self._rooms = {}

    def why_not(self, promotion: Promotion, to_base: Ratio | None) -> Left | None:
        """Why a promotion may not apply; None: it may, within its `room`."""
        left = self._barred.get(promotion.id) or self._leftovers.of(promotion)
        if left is None or left.code:
            return left
        self._found[promotion.id] = left
        if not left.refuse:
            room = left.points if promotion.earns else left.amount
            if room is not None and not promotion.earns and to_base is not None:
                # Rounded down: what it comes to in base money, half up, never passes what is left.
                room = room * to_base.denominator // to_base.numerator
            if room is not None:
                self._rooms[promotion.id] = room
        return None

    def room(self, promotion: Promotion) -> int | None:
        """What it may still give: minor units of the basket's currency, or points; None: nothing binds."""
        return self._rooms.get(promotion.id)

    def take(self, promotion: Promotion, amount: int) -> None:
        """Something of its room was given."""
        if promotion.id in self._rooms:
            self._rooms[promotion.id] -= amount

    def bar(self, outcome: Outcome, to_base: Ratio | None) -> bool:
        """Bar the promotions that gave more than was left and would rather give nothing; whether there were any."""
        refusing = {promotion: left for promotion, left in self._found.items() if left.refuse}
        if not refusing:
            return False
        gave = given(outcome)
        over: dict[UUID, Left] = {}
        for promotion, left in refusing.items():
            what = gave.get(promotion, Gave())
            amount = what.amount if to_base is None else to_base.half_up(what.amount)
            if (left.amount is not None and amount > left.amount) or (
                left.points is not None and what.points > left.points
            ):
                over[promotion] = Left(code="budget_exhausted", facts=left.facts)
        self._barred |= over
        return bool(over)


class Gave(Struct):
    """What a promotion gave to a purchase: minor units of the basket's currency, and points."""

    amount: int = 0
    points: int = 0


def given(outcome: Outcome) -> dict[UUID, Gave]:
    """Every promotion that applied, and what it gave."""
    found: dict[UUID, Gave] = {}
    for line in outcome.lines:
        for award in line.awards:
            found.setdefault(award.promotion, Gave()).amount += award.amount
    for award in outcome.delivery_awards:
        found.setdefault(award.promotion, Gave()).amount += award.amount
    for earning in outcome.earned:
        found.setdefault(earning.promotion, Gave()).points += earning.amount
    for grant in outcome.grants:
        found.setdefault(grant.promotion, Gave())
    return found


def claims(
    gave: Mapping[UUID, Gave], live: Live, buyer: Buyer, to_base: Ratio | None, codes: Sequence[Claim] = ()
) -> list[Claim]:
    """What a purchase takes of the limits of the promotions that applied, beside the codes that it uses."""
    found = list(codes)
    for promotion, what in gave.items():
        compiled = live.by_id.get(promotion)
        if compiled is None:
            continue
        for limit in compiled.limits:
            counter = buyer.counter(promotion, limit)
            amount = taken(limit, what, to_base)
            if counter is not None and amount:
                found.append(Claim(counter, amount, cap(limit), limit.slices))
    return found


def taken(limit: Limit, what: Gave, to_base: Ratio | None) -> int:
    """How much of a limit this counts: 1 use, so many points, or money (to base money: half up at the rate)."""
    if limit.uses is not None:
        return 1
    if limit.points is not None:
        return what.points
    return what.amount if to_base is None else to_base.half_up(what.amount)


def sums(wanted: Iterable[Claim]) -> dict[Counter, Claim]:
    """What a batch wants of each counter, all together; the latest cap counts."""
    found: dict[Counter, Claim] = {}
    for claim in wanted:
        before = found.get(claim.counter)
        amount = claim.amount + (before.amount if before is not None else 0)
        found[claim.counter] = Claim(claim.counter, amount, claim.cap, claim.slices)
    return found


def shares(most: int, slices: int) -> list[int]:
    """How much of a cap each slice of its counter may hold; they sum to it."""
    return [most * (n + 1) // slices - most * n // slices for n in range(slices)]


def require_sense(limits: Sequence[Limit]) -> None:
    """Limits that can be counted: one measure each, none twice. Raises InvalidValue with the limit's pointer."""
    if len(limits) > LIMITS_MAX:
        raise InvalidValue("/limits", f"At most {LIMITS_MAX} limits may be given")
    seen: set[str] = set()
    for place, limit in enumerate(limits):
        pointer = f"/limits/{place}"
        if sum(given is not None for given in (limit.uses, limit.points, limit.amount)) != 1:
            raise InvalidValue(pointer, "Exactly one of uses, points and amount is needed")
        if limit.slices > 1 and limit.per != "total":
            raise InvalidValue(f"{pointer}/slices", "Only a limit of the total can be kept in slices")
        if rule_of(limit) in seen:
            raise InvalidValue(pointer, "There is a limit of this measure, holder and period already")
        seen.add(rule_of(limit))


def contradictions(
    limits: Sequence[Limit], stage: str, currencies: set[str], on_last: str | None
) -> list[str]:
    """Sentences that say why these limits do not fit their promotion. `currencies`: in which it gives points."""
    found: list[str] = []
    measures = {measure(limit) for limit in limits}
    if "amount" in measures and stage == "earning":
        text = N_("A limit in money counts discounts, but this promotion gives points: limit its points.")
        found.append(Sentence(text))
    if "points" in measures and stage != "earning":
        found.append(
            Sentence(N_("A limit in points counts what is earned, but this promotion gives discounts."))
        )
    elif "points" in measures and len(currencies) > 1:
        names = ", ".join(sorted(currencies))
        text = N_("A limit in points counts one currency, but this promotion gives {names}.")
        found.append(Sentence(text, names=names))
    if on_last is not None and not measures & {"amount", "points"}:
        text = N_("on_last says what to do with the last bit of a budget, but there is no budget.")
        found.append(Sentence(text))
    return found

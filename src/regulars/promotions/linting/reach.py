"""Can anybody win it: conditions that contradict, moments that never come, windows that are over, stronger rivals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from regulars.promotions.benefits.discounts import BasketPercent, LinePercent
from regulars.promotions.benefits.earning import Cashback
from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.conditions.customer import Member
from regulars.promotions.document import faults
from regulars.promotions.goods import Goods
from regulars.promotions.index import Promotion
from regulars.promotions.linting import moments
from regulars.promotions.linting.branches import Leaf
from regulars.promotions.linting.cases import Case, Cases, Subject, basket_text, example
from regulars.promotions.linting.choices import PERSONAL
from regulars.promotions.linting.finding import Finding
from regulars.promotions.linting.ranges import meant
from regulars.promotions.linting.where import of_benefits
from regulars.promotions.words import Words

SIZES = (1, 2, 10, 100)
"""So many times an example is repeated to see who wins."""
RIVALS_MAX = 200
_OUTBID = ("/priority", "/joint", "/benefits")
"""Beside the group, what decides who wins in it."""


def contradictions(cases: Cases, words: Words) -> Iterator[Finding]:
    """What contradicts itself, as the kinds say, and conditions that leave nothing between them."""
    around, mine = cases.around, cases.mine
    groups, known = around.live.groups, around.rules.currencies
    found = faults(mine.document, groups, known, around.partners, around.live.kinds)
    for fault in found:
        yield Finding("error", "contradiction", fault.sentence.said(words), fault.pointer)
    clashes = [cases.clashes(way) for way in mine.ways]
    if clashes and all(clashes) and not any(f.pointer.startswith("/conditions") for f in found):
        one, other = clashes[0][0]
        said = _clash(one, other, cases, words)
        yield Finding("error", "contradiction", said, other.pointer, also=(one.pointer,))


def _clash(one: Leaf, other: Leaf, cases: Cases, words: Words) -> str:
    currency = cases.around.rules.base_currency
    said = [leaf.condition.describe(words, currency) for leaf in (one, other)]
    barred = [leaf for way in cases.mine.ways for leaf in way.must_not]
    if other in barred:
        text = words.gettext("“{one}” is asked for, and “{other}” is ruled out: nobody can meet both.")
    else:
        text = words.gettext("“{one}” and “{other}” cannot hold together.")
    return text.format(one=said[0], other=said[1])


def moments_that_never_come(cases: Cases, words: Words) -> Iterator[Finding]:
    """Its days and hours, and its window, have no moment in common."""
    mine = cases.mine
    if mine.since is not None and mine.until is not None and mine.since >= mine.until:
        return
    found = [moments.first(way, mine.since, mine.until, cases.around.now) for way in mine.ways]
    if any(moment.at is not None for moment in found):
        return
    text = words.gettext("There is no moment at which its days and hours, and its window, all fit.")
    exact = all(moment.every for moment in found)
    timed = {
        leaf.pointer
        for way in mine.ways
        for leaf in (*way.must, *way.must_not)
        if moments.timed(leaf.condition)
    }
    ends = [("/from", mine.since), ("/until", mine.until)]
    where = (*sorted(timed), *[pointer for pointer, end in ends if end is not None])
    severity = "error" if exact else "warning"
    yield Finding(severity, "no_such_time", text, where[0] if timed else "/conditions", also=where[1:])


def window_over(cases: Cases, words: Words) -> Iterator[Finding]:
    """It ended before it begins to count; receipts that come late may still get it."""
    until, around = cases.mine.until, cases.around
    if until is None or until > around.now:
        return
    when = words.moment(until)
    if until + timedelta(days=around.late_days) > around.now:
        text = words.gettext("It ended on {date}; only receipts that come late still get it.")
        yield Finding("note", "window_over", text.format(date=when), "/until")
    else:
        text = words.gettext("It ended on {date}; no receipt of today can get it.")
        yield Finding("warning", "window_over", text.format(date=when), "/until")


def without_example(cases: Cases, words: Words) -> Iterator[Finding]:
    """Nothing contradicts, and yet no basket was found that wins it."""
    if cases.case() is not None:
        return
    if all(benefit.last for benefit in cases.mine.benefits):
        text = words.gettext("No live promotion gives points that it could multiply.")
        first, *others = of_benefits(cases.mine.benefits, lambda benefit: benefit.last)
        yield Finding("warning", "nothing_to_multiply", text, first, also=tuple(others))
    else:
        text = words.gettext(
            "No basket was found that would win it: look at its conditions and benefits together."
        )
        where = ("/conditions", "/benefits") if cases.mine.conditions else ("/benefits",)
        yield Finding("note", "no_example", text, where[0], also=where[1:])


def shadows(cases: Cases, words: Words) -> Iterator[Finding]:
    """A promotion of its group that wins wherever it could apply, or over which it does."""
    case = cases.case()
    mine = next((p for p in case.live.promotions if p.id == cases.mine.id), None) if case else None
    if case is None or mine is None or mine.joint or mine.group.rule == "all":
        return
    for rival in _rivals(cases, mine.group.name):
        other = cases.subject_of(rival)
        if _covers(other, cases.mine):
            lost = _loses(cases, case, rival)
            if lost is not None:
                text = words.gettext(
                    "“{rival}” wins wherever this could apply, so nobody would ever get it: {basket}."
                )
                said = text.format(rival=rival.name(words.language), basket=basket_text(lost, words))
                yield Finding("warning", "shadowed", said, "/group", example(lost, words), _OUTBID)
                return
        elif _covers(cases.mine, other):
            met = cases.together((other,))
            beside = met and cases.priced(met.sketch, beside=True)
            if beside and beside.gave(mine.id) and not beside.gave(rival.id):
                text = words.gettext(
                    "It wins wherever “{rival}” could apply; nobody would get that one any more."
                )
                said = text.format(rival=rival.name(words.language))
                yield Finding("note", "shadows", said, "/group", example(beside, words), _OUTBID)


def _rivals(cases: Cases, group: str) -> list[Promotion]:
    live = cases.around.live.promotions
    same = [p for p in live if p.group.name == group and p.id != cases.mine.id and not p.joint]
    return same[:RIVALS_MAX]


def _loses(cases: Cases, case: Case, rival: Promotion) -> Case | None:
    """The first of several baskets, small and large, where it loses all of them and the rival never does."""
    found: Case | None = None
    for times in SIZES:
        beside = cases.priced(case.sketch, beside=True, times=times)
        if beside.gave(cases.mine.id) or not beside.gave(rival.id):
            return None
        found = found or beside
    return found


def _covers(wide: Subject, narrow: Subject) -> bool:
    """Whether the one applies wherever the other does, and gives at least as much per piece."""
    if wide.document.limits or len(wide.benefits) != 1 or len(narrow.benefits) != 1:
        return False
    starts = wide.since is None or (narrow.since is not None and wide.since <= narrow.since)
    ends = wide.until is None or (narrow.until is not None and wide.until >= narrow.until)
    personal = any(isinstance(condition, PERSONAL) for condition in narrow.conditions)
    implied = all(
        condition in narrow.conditions or (isinstance(condition, Member) and personal)
        for condition in wide.conditions
    )
    return starts and ends and implied and _gives_as_much(wide.benefits[0], narrow.benefits[0])


def _gives_as_much(wide: Benefit, narrow: Benefit) -> bool:
    if type(wide) is not type(narrow) or not _holds(wide.goods, narrow.goods):
        return False
    if isinstance(wide, LinePercent | BasketPercent | Cashback):
        assert isinstance(narrow, LinePercent | BasketPercent | Cashback)
        return wide.cap is None and wide.ppm >= narrow.ppm
    amount = getattr(wide, "amount", None)
    return isinstance(amount, int) and amount >= (getattr(narrow, "amount", None) or 0)


def _holds(wide: Goods, narrow: Goods) -> bool:
    """Whether goods surely hold all of the others; a category with its own branches."""
    if wide.everything or meant(wide) == meant(narrow):
        return True
    if wide.without or wide.reduced is not None or not narrow.keys:
        return False
    return all(any(key == w or _below(key, w) for w in wide.keys) for key in narrow.keys)


def _below(key: str, category: str) -> bool:
    return key.startswith("c:") and category.startswith("c:") and key.startswith(f"{category}/")


def alike(cases: Cases, words: Words) -> Iterator[Finding]:
    """Others of its group that give the same kind of thing on the same goods at the same time."""
    mine = cases.mine
    compiled = [p for p in _rivals(cases, mine.document.group) if _alike(p.benefits, mine.benefits)]
    for rival in compiled[:5]:
        if rival.document.valid_until is not None and rival.document.valid_until <= cases.around.now:
            continue
        case = cases.together((cases.subject_of(rival),))
        beside = case and cases.priced(case.sketch, beside=True)
        if not beside:
            continue
        if beside.gave(mine.id) and beside.gave(rival.id):
            text = words.gettext("“{rival}” is alike and runs at the same time: a customer gets both.")
        else:
            text = words.gettext("“{rival}” is alike and runs at the same time: a customer gets one of them.")
        said = text.format(rival=rival.name(words.language))
        alike_ones = [n for n, benefit in enumerate(mine.benefits) if _alike(rival.benefits, (benefit,))]
        where = [f"/benefits/{place}/goods" for place in alike_ones]
        yield Finding("note", "overlaps", said, where[0], example(beside, words), (*where[1:], "/group"))


def _alike(one: tuple[Benefit, ...], other: tuple[Benefit, ...]) -> bool:
    return any(type(a) is type(b) and meant(a.goods) == meant(b.goods) for a in one for b in other)

"""What a promotion gave on goods that are kept, when a return leaves its conditions unmet: it is taken back. Pure.

The kept goods then cost that much more, so it comes back with them: each withdrawal is a *layer* on the units that
were left of the line, given back in proportion to them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

from msgspec import Struct, structs

from regulars import ids
from regulars.purchases.kept import Document
from regulars.purchases.plan import Back, EarningBack, LineBack, ReturnPlan, back_of, parts_of, returned_of
from regulars.purchases.returning import ReturnAnswer, Withdrawn
from regulars.units import PPM, divide_half_up, given_back, parse_rate


class Layer(Struct, frozen=True, gc=False):
    """What was withdrawn of a line when `since` thousandths of it had come back: the rest cost that much more."""

    since: int
    withdrawn: Withdrawn

    def back(self, total: int, old: int, new: int, quantity: int) -> int:
        """How much of it comes back with the units from `old` to `new` of the line's quantity."""
        kept = quantity - self.since
        return given_back(total, new - self.since, kept) - given_back(total, old - self.since, kept)


def layers_of(answers: Iterable[ReturnAnswer]) -> list[Layer]:
    """What earlier returns withdrew, in their order."""
    back: Back = {}
    layers: list[Layer] = []
    for answer in answers:
        for key, quantity in back_of(answer.lines).items():
            back[key] = back.get(key, 0) + quantity
        layers += [Layer(returned_of(back, one.line), one) for one in answer.withdrawn]
    return layers


def with_layers(document: Document, line: LineBack, before: Back, layers: Sequence[Layer]) -> LineBack:
    """What was withdrawn of a line was paid, so it comes back with the units that it was withdrawn of."""
    old = returned_of(before, line.line)
    new = old + line.quantity
    quantity = next(kept.quantity for kept in document.lines if kept.line == line.line)
    money, tax = line.money, line.tax
    for layer in layers:
        one = layer.withdrawn
        if one.line == line.line and one.discount:
            part = layer.back(one.tax, old, new, quantity)
            tax += part
            money += layer.back(one.discount, old, new, quantity) + (part if document.tax_on_top else 0)
    return structs.replace(line, money=money, tax=tax)


def withdrawing(
    document: Document, found: ReturnPlan, before: Back, layers: Sequence[Layer], failing: Collection[UUID]
) -> ReturnPlan:
    """The plan of a return after which the conditions of these promotions hold no more.

    What they gave on goods that are kept is kept back from the money, as far as it reaches, and taken from points.
    """
    after = dict(before)
    for line in found.lines:
        for piece, quantity in line.pieces or ((0, line.quantity),):
            after[line.line, piece] = after.get((line.line, piece), 0) + quantity
    gone = {(layer.withdrawn.promotion, layer.withdrawn.line, layer.withdrawn.currency) for layer in layers}
    left = found.money
    withdrawn: list[Withdrawn] = []
    for line, view, sent in zip(document.lines, document.answer.lines, document.request.lines, strict=True):
        back, rate = returned_of(after, line.line), parse_rate(sent.tax_rate)
        for award in view.awards:
            if ids.read("prm", award.promotion) in failing and (award.promotion, line.line, "") not in gone:
                kept = award.amount - given_back(award.amount, back, line.quantity)
                one = _kept_back(document, award.promotion, line.line, kept, rate, left)
                if one is not None:
                    withdrawn.append(one)
                    left -= one.discount + (one.tax if document.tax_on_top else 0)
    earnings = list(found.earnings)
    for one, lot in _points_on_kept(document, after, gone, failing):
        withdrawn.append(one)
        earnings.append(EarningBack(one.currency, lot, one.points))
    return structs.replace(found, earnings=tuple(earnings), withdrawn=tuple(withdrawn))


def _kept_back(
    document: Document, promotion: str, line: int, kept: int, rate: int, most: int
) -> Withdrawn | None:
    """A discount on kept goods is kept back with its tax, of at most this much money; None: nothing."""
    if document.tax_on_top:
        kept = min(kept, most * PPM // (PPM + rate))
        return Withdrawn(promotion, line, kept, divide_half_up(kept * rate, PPM)) if kept > 0 else None
    kept = min(kept, most)
    return Withdrawn(promotion, line, kept, divide_half_up(kept * rate, PPM + rate)) if kept > 0 else None


def _points_on_kept(
    document: Document, after: Back, gone: Collection[tuple[str, int, str]], failing: Collection[UUID]
) -> Iterator[tuple[Withdrawn, UUID]]:
    """What these promotions earned on goods that are kept, and from which lot it is taken."""
    parts = {line.line: parts_of(document, place, line) for place, line in enumerate(document.lines)}
    for earning in document.earned:
        if earning.promotion not in failing or earning.lot is None:
            continue
        promotion = ids.show("prm", earning.promotion)
        for line, amount in zip(earning.lines, earning.amounts, strict=True):
            kept = amount
            for part in parts[line]:
                kept -= given_back(part.share(amount), after.get((line, part.piece), 0), part.quantity)
            if kept and (promotion, line, earning.currency) not in gone:
                yield Withdrawn(promotion, line, points=kept, currency=earning.currency), earning.lot

"""What a promotion gave on goods that are kept, when a return leaves its conditions unmet: it is taken back. Pure.

The kept goods then cost that much more, so it comes back with them: each withdrawal is a *layer* on the units that
were left of the line, given back in proportion to them. Which promotion reduced which piece of a line is not kept, so
what one gave is divided over the pieces, and what was withdrawn over the kept ones, by all that was taken off each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from msgspec import Struct, structs

from regulars import ids
from regulars.purchases.kept import Document
from regulars.purchases.plan import Back, EarningBack, LineBack, Part, ReturnPlan, back_of, parts_of
from regulars.purchases.returning import ReturnAnswer, Withdrawn
from regulars.units import PPM, allocate, divide_half_up, given_back, parse_rate


class Layer(Struct, frozen=True):
    """What was withdrawn of a line when so much (`since`) had come back: the rest of it cost that much more."""

    since: Back
    withdrawn: Withdrawn

    def back(self, total: int, parts: Sequence[Part], before: Back, came: Mapping[int, int]) -> int:
        """How much of it comes back with so much of each part (`came`, by piece) of its line, after `before`."""
        line = self.withdrawn.line
        gone = [self.since.get((line, part.piece), 0) for part in parts]
        kept = [part.quantity - of_part for part, of_part in zip(parts, gone, strict=True)]
        weights = [_off_kept(part, of_part) for part, of_part in zip(parts, gone, strict=True)]
        shares = allocate(total, weights if any(weights) else kept)
        found = 0
        for part, share, of_part, rest in zip(parts, shares, gone, kept, strict=True):
            if part.piece in came and rest:
                old = before.get((line, part.piece), 0) - of_part
                found += given_back(share, old + came[part.piece], rest) - given_back(share, old, rest)
        return found


def layers_of(answers: Iterable[ReturnAnswer]) -> list[Layer]:
    """What earlier returns withdrew, in their order."""
    back: Back = {}
    layers: list[Layer] = []
    for answer in answers:
        for key, quantity in back_of(answer.lines).items():
            back[key] = back.get(key, 0) + quantity
        layers += [Layer(dict(back), one) for one in answer.withdrawn]
    return layers


def with_layers(document: Document, line: LineBack, before: Back, layers: Sequence[Layer]) -> LineBack:
    """What was withdrawn of a line was paid, so it comes back with the units that it was withdrawn of."""
    place, kept = next((place, kept) for place, kept in enumerate(document.lines) if kept.line == line.line)
    parts = parts_of(document, place, kept)
    came = dict(line.pieces) or {0: line.quantity}
    money, tax = line.money, line.tax
    for layer in layers:
        one = layer.withdrawn
        if one.line == line.line and one.discount:
            part = layer.back(one.tax, parts, before, came)
            tax += part
            money += layer.back(one.discount, parts, before, came) + (part if document.tax_on_top else 0)
    return structs.replace(line, money=money, tax=tax)


def _off(part: Part) -> int:
    """What was taken off a part, whoever took it off."""
    return part.gross - (part.nets[part.piece - 1] if part.piece else part.line.net)


def _off_kept(part: Part, back: int) -> int:
    """What was taken off the units of a part that are left when `back` thousandths of it came back."""
    off = _off(part)
    return off - given_back(off, back, part.quantity)


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
    parts = {line.line: parts_of(document, place, line) for place, line in enumerate(document.lines)}
    left = found.money
    withdrawn: list[Withdrawn] = []
    for line, view, sent in zip(document.lines, document.answer.lines, document.request.lines, strict=True):
        rate = parse_rate(sent.tax_rate)
        for award in view.awards:
            if ids.read("prm", award.promotion) in failing and (award.promotion, line.line, "") not in gone:
                kept = _given_on_kept(award.amount, parts[line.line], after)
                one = _kept_back(document, award.promotion, line.line, kept, rate, left)
                if one is not None:
                    withdrawn.append(one)
                    left -= one.discount + (one.tax if document.tax_on_top else 0)
    earnings = list(found.earnings)
    for one, lot in _points_on_kept(document, parts, after, gone, failing):
        withdrawn.append(one)
        earnings.append(EarningBack(one.currency, lot, one.points))
    return structs.replace(found, earnings=tuple(earnings), withdrawn=tuple(withdrawn))


def _given_on_kept(amount: int, parts: Sequence[Part], back: Back) -> int:
    """What of a discount on a line falls on its units that did not come back."""
    kept = 0
    for part, share in zip(parts, allocate(amount, [_off(part) for part in parts]), strict=True):
        kept += share - given_back(share, back.get((part.line.line, part.piece), 0), part.quantity)
    return kept


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
    document: Document,
    parts: Mapping[int, Sequence[Part]],
    after: Back,
    gone: Collection[tuple[str, int, str]],
    failing: Collection[UUID],
) -> Iterator[tuple[Withdrawn, UUID]]:
    """What these promotions earned on goods that are kept, and from which lot it is taken."""
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

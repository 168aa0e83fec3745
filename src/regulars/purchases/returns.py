"""What a return gives back: cumulative, per line and unit, so that every sequence sums to the whole. Pure.

What a line has given back once r of q came back is round(total × r / q); each return gives the difference to what
was given back before (DESIGN §4.3), for money, tax, points paid and points earned alike. A line whose pieces were sold
at different prices is as many *parts*, each with its share of the line: the dearest comes back first, unless the return
names its pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from regulars import ids
from regulars.errors import AlreadyReturned, Fault, Unprocessable
from regulars.purchases.kept import Document, KeptLine
from regulars.purchases.plan import (
    Back,
    EarningBack,
    LineBack,
    Part,
    ReturnPlan,
    Span,
    SpendBack,
    parts_of,
    returned_of,
)
from regulars.purchases.returning import ReturnLine
from regulars.purchases.withdrawals import Layer, with_layers
from regulars.units import format_quantity, parse_quantity, sent_quantity

Wanted = dict[int, ReturnLine]
"""Line → how much of it comes back."""


def wanted(lines: Sequence[ReturnLine]) -> Wanted:
    """Line → what comes back of it. Raises Unprocessable where a quantity, or the sum of named pieces, is wrong."""
    found: Wanted = {}
    faults: list[Fault] = []
    for place, line in enumerate(lines):
        try:
            quantity = sent_quantity(line.quantity)
            named = sum([sent_quantity(piece.quantity) for piece in line.pieces])
        except ValueError as error:
            faults.append(Fault(f"/lines/{place}/quantity", str(error)))
            continue
        if line.line in found:
            faults.append(Fault(f"/lines/{place}/line", "this line stands twice"))
        if line.pieces and named != quantity:
            faults.append(Fault(f"/lines/{place}/pieces", "the pieces are not as many as the quantity says"))
        if len({piece.piece for piece in line.pieces}) < len(line.pieces):
            faults.append(Fault(f"/lines/{place}/pieces", "a piece stands twice"))
        found[line.line] = line
    if faults:
        raise Unprocessable(faults[0].pointer + ": " + faults[0].detail, errors=faults)
    return found


def plan(document: Document, before: Back, now: Wanted, layers: Sequence[Layer] = ()) -> ReturnPlan:
    """What comes back when `now` is returned after `before`. `layers`: what earlier returns withdrew.

    Raises AlreadyReturned when more would come back than was bought, Unprocessable for a line or piece that was not.
    """
    kept = {line.line: (place, line) for place, line in enumerate(document.lines)}
    _refuse_strangers(document, kept, now)
    spans: list[Span] = []
    too_much: list[Fault] = []
    for asked_at, (number, asked) in enumerate(now.items()):
        parts = parts_of(document, *kept[number])
        done = {part.piece: before.get((number, part.piece), 0) for part in parts}
        chosen = list(_chosen(parts, done, asked))
        if any(done[part.piece] + quantity > part.quantity for part, quantity in chosen):
            left = sum(part.quantity - done[part.piece] for part in parts)
            text = format_quantity(left) if left > 0 else "0"
            too_much.append(
                Fault(
                    f"/lines/{asked_at}/quantity",
                    f"Of line {number} only {text} can still come back.",
                    "already_returned",
                )
            )
        spans += [Span(part, done[part.piece], done[part.piece] + quantity) for part, quantity in chosen]
    if too_much:
        raise AlreadyReturned(too_much[0].detail, errors=too_much)
    spans.sort(key=lambda span: (span.part.place, span.part.piece))
    lines = _lines_back(document, spans)
    if layers:
        lines = (with_layers(document, line, before, layers) for line in lines)
    return ReturnPlan(
        tuple(lines),
        tuple(_spends_back(document, spans)),
        tuple(_earnings_back(document, spans, layers)),
        tax_on_top=document.tax_on_top,
    )


def _refuse_strangers(document: Document, kept: Mapping[int, tuple[int, KeptLine]], now: Wanted) -> None:
    """Raises Unprocessable with every line and piece that is not on the receipt."""
    faults: list[Fault] = []
    for asked_at, (number, asked) in enumerate(now.items()):
        if number not in kept:
            faults.append(Fault(f"/lines/{asked_at}/line", f"line {number} is not on this receipt"))
            continue
        known = {part.piece for part in parts_of(document, *kept[number])}
        faults += [
            Fault(f"/lines/{asked_at}/pieces/{place}/piece", f"line {number} has no piece {piece.piece}")
            for place, piece in enumerate(asked.pieces)
            if piece.piece not in known
        ]
    if faults:
        raise Unprocessable(faults[0].pointer + ": " + faults[0].detail, errors=faults)


def whole(document: Document, before: Back, layers: Sequence[Layer] = ()) -> ReturnPlan:
    """Everything that has not come back yet."""
    left = {line.line: line.quantity - returned_of(before, line.line) for line in document.lines}
    rest = {
        number: ReturnLine(number, format_quantity(quantity))
        for number, quantity in left.items()
        if quantity > 0
    }
    return plan(document, before, rest, layers)


def _chosen(parts: list[Part], done: dict[int, int], asked: ReturnLine) -> Iterator[tuple[Part, int]]:
    """How much of each part comes back: as named, else the dearest first; too much falls on the last."""
    quantity = parse_quantity(asked.quantity)
    if asked.pieces:
        by_number = {part.piece: part for part in parts}
        for piece in asked.pieces:
            yield by_number[piece.piece], parse_quantity(piece.quantity)
        return
    dearest = sorted(
        parts,
        key=lambda part: (
            -part.unit_net,
            part.piece,
        ),
    )
    for part in dearest:
        take = min(quantity, part.quantity - done[part.piece])
        if part is dearest[-1]:
            take = quantity
        if take:
            yield part, take
            quantity -= take


def _lines_back(document: Document, spans: Sequence[Span]) -> Iterator[LineBack]:
    for _, of_line in groupby(spans, key=lambda span: span.part.place):
        yield _line_back(document, list(of_line))


def _line_back(document: Document, spans: Sequence[Span]) -> LineBack:
    # Money and points are each rounded as a total of their own, so neither is ever below zero in a single return;
    # rounding gross and discount instead and taking the difference could ask the customer for a cent.
    place, line = spans[0].part.place, spans[0].part.line
    cost = line.net + (line.tax if document.tax_on_top else 0)
    worth = [spend.line_worth[place] for spend in document.spent]
    by_card = [spend.line_worth[place] for spend in document.spent if spend.gift_card is not None]
    gross = money = tax = paid = card_worth = 0
    for span in spans:
        part = span.part
        mine = part.costs[part.piece - 1] if part.piece else cost
        gross += span.back(part.gross)
        money += span.back(mine - part.paid_share(sum(worth)))
        tax += span.back(part.share(line.tax))
        paid += sum([span.back(part.paid_share(one)) for one in worth])
        card_worth += sum([span.back(part.paid_share(one)) for one in by_card])
    quantity = sum([span.new - span.old for span in spans])
    pieces = tuple([(span.part.piece, span.new - span.old) for span in spans if span.part.piece])
    return LineBack(
        line.line, quantity, gross, money, tax, paid - card_worth, card_worth, document.tax_on_top, pieces
    )


def _spends_back(document: Document, spans: Sequence[Span]) -> list[SpendBack]:
    back: list[SpendBack] = []
    for spend in document.spent:
        amount = sum([s.back(s.part.paid_share(spend.line_amount[s.part.place])) for s in spans])
        worth = sum([s.back(s.part.paid_share(spend.line_worth[s.part.place])) for s in spans])
        if amount or worth:
            back.append(SpendBack(spend.currency, amount, worth, spend.gift_card, spend.shown))
    return back


def _earnings_back(document: Document, spans: Sequence[Span], layers: Sequence[Layer]) -> list[EarningBack]:
    gone = {
        (ids.read("prm", one.promotion), one.line, one.currency)
        for one in (layer.withdrawn for layer in layers)
        if one.points
    }
    by_line: dict[int, list[Span]] = {}
    for span in spans:
        by_line.setdefault(span.part.line.line, []).append(span)
    back: list[EarningBack] = []
    for earning in document.earned:
        if earning.lot is None:
            continue
        amount = 0
        for number, earned in zip(earning.lines, earning.amounts, strict=True):
            if (earning.promotion, number, earning.currency) in gone:
                continue
            amount += sum([span.back(span.part.share(earned)) for span in by_line.get(number, ())])
        if amount:
            back.append(EarningBack(earning.currency, earning.lot, amount))
    return back

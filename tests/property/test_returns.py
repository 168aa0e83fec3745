"""Every sequence of returns sums to the whole, and no step asks the customer for money (DESIGN §4.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from regulars import ids
from regulars.errors import AlreadyReturned
from regulars.purchases import returns
from regulars.purchases.kept import Document, KeptEarning, KeptLine, KeptPiece, KeptSpend
from regulars.purchases.model import (
    AwardView,
    LineView,
    Messages,
    PurchaseAnswer,
    PurchaseLine,
    PurchaseRequest,
)
from regulars.purchases.plan import Back, ReturnPlan, returned_of
from regulars.purchases.returning import ReturnLine, ReturnPiece
from regulars.purchases.withdrawals import Layer, withdrawing
from regulars.units import allocate, format_quantity

AT = datetime(2026, 3, 1, tzinfo=UTC)
LOT = UUID(int=7)


class Sums(Struct):
    """What a sequence of returns gave back."""

    gross: int = 0
    discount: int = 0
    money: int = 0
    tax: int = 0
    points: int = 0
    worth: int = 0
    earned: int = 0

    def add(self, plan: ReturnPlan) -> None:
        """Add one return."""
        self.gross += plan.gross
        self.discount += plan.discount
        self.money += plan.money
        self.tax += sum(line.tax for line in plan.lines)
        self.points += sum(spend.amount for spend in plan.spends)
        self.worth += sum(spend.worth for spend in plan.spends)
        self.earned += sum(earning.amount for earning in plan.earnings)


@st.composite
def divisions(draw: st.DrawFn, quantity: int, gross: int, net: int) -> tuple[KeptPiece, ...]:
    """A line's pieces at different prices; often it is one part."""
    count = draw(st.integers(0, 4))
    if count < 2 or quantity < 1000 * count or quantity % 1000:
        return ()
    weights = [draw(st.integers(1, 9)) for _ in range(count)]
    units = allocate(quantity // 1000 - count, weights)
    quantities = [1000 * (unit + 1) for unit in units]
    shares = allocate(gross, quantities)
    discounts = allocate(gross - net, [draw(st.integers(0, 3)) * share for share in shares])
    if any(discount > share for discount, share in zip(discounts, shares, strict=True)):
        discounts = allocate(gross - net, shares)
    parts = zip(quantities, shares, discounts, strict=True)
    return tuple([KeptPiece(quantity, share, share - discount) for quantity, share, discount in parts])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A kept purchase whose parts agree with one another."""
    count = draw(st.integers(1, 5))
    on_top = draw(st.booleans())
    quantities = [draw(st.one_of(st.integers(1, 9).map(lambda n: n * 1000), st.integers(1, 20_000)))
                  for _ in range(count)]  # fmt: skip
    gross = [draw(st.integers(0, 20_000)) for _ in range(count)]
    discount = [draw(st.integers(0, amount)) for amount in gross]
    net = [g - d for g, d in zip(gross, discount, strict=True)]
    tax = [draw(st.integers(0, amount // 5)) for amount in net]
    pieces = [draw(divisions(*line)) for line in zip(quantities, gross, net, strict=True)]
    costs = [n + (t if on_top else 0) for n, t in zip(net, tax, strict=True)]
    worth = draw(st.integers(0, sum(costs)))
    points = draw(st.integers(worth, worth * 3)) if worth else 0
    on_lines = allocate(worth, costs)
    earned = draw(st.integers(0, 5_000))
    amounts = allocate(earned, costs)
    lines = tuple(range(1, count + 1))
    return Document(
        request=PurchaseRequest(
            "r", AT, "EUR", tuple(PurchaseLine(n, "sku", "1", unit_price=1) for n in lines)
        ),
        language="en",
        version=1,
        answer=PurchaseAnswer(
            "recorded", "r", "EUR", sum(gross), sum(discount), worth, sum(costs) - worth, (), (), (), (), (),
            (), Messages(), None,
        ),
        lines=tuple(map(KeptLine, lines, quantities, gross, discount, net, tax, pieces)),
        earned=(KeptEarning("PTS", uuid4(), 1, LOT, AT, None, lines, tuple(amounts)),),
        spent=(KeptSpend("PTS", points, worth, tuple(on_lines), tuple(allocate(points, on_lines))),),
        tax_on_top=on_top,
    )  # fmt: skip


def asked(
    document: Document, before: Back, now: dict[int, int], data: st.DataObject
) -> dict[int, ReturnLine]:
    """What a till asks for: quantities, and sometimes which pieces."""
    found: dict[int, ReturnLine] = {}
    for line in document.lines:
        if line.line in now:
            rest = now[line.line]
            pieces: list[ReturnPiece] = []
            if line.pieces and data.draw(st.booleans()):
                for number in data.draw(st.permutations(range(1, len(line.pieces) + 1))):
                    left = line.pieces[number - 1].quantity - before.get((line.line, number), 0)
                    if take := min(rest, left):
                        pieces.append(ReturnPiece(number, format_quantity(take)))
                        rest -= take
            found[line.line] = ReturnLine(line.line, format_quantity(now[line.line]), tuple(pieces))
    return found


@settings(max_examples=300)
@given(documents(), st.data())
def test_every_sequence_of_returns_sums_to_the_whole(document: Document, data: st.DataObject) -> None:
    before: Back = {}
    sums = Sums()
    for _ in range(data.draw(st.integers(0, 6))):
        left = {k.line: k.quantity - returned_of(before, k.line) for k in document.lines}
        left = {number: quantity for number, quantity in left.items() if quantity}
        if not left:
            break
        chosen = data.draw(st.lists(st.sampled_from(sorted(left)), min_size=1, unique=True))
        now = {number: data.draw(st.integers(1, left[number])) for number in chosen}
        plan = returns.plan(document, before, asked(document, before, now, data))
        assert all(line.money >= 0 and line.tax >= 0 and line.points_worth >= 0 for line in plan.lines)
        assert all(spend.amount >= 0 for spend in plan.spends)
        assert all(earning.amount > 0 for earning in plan.earnings)
        sums.add(plan)
        assert {line.line: line.quantity for line in plan.lines} == now
        for line in plan.lines:
            for piece, quantity in line.pieces or ((0, line.quantity),):
                before[line.line, piece] = before.get((line.line, piece), 0) + quantity
    sums.add(returns.whole(document, before))

    (spend,), (earning,) = document.spent, document.earned
    assert sums == Sums(
        gross=document.answer.gross,
        discount=document.answer.discount,
        money=document.answer.payable,
        tax=sum(line.tax for line in document.lines),
        points=spend.amount,
        worth=spend.worth,
        earned=earning.amount,
    )


@given(documents(), st.data())
def test_more_than_is_left_is_never_given_back(document: Document, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(document.lines))
    before = data.draw(st.integers(0, line.quantity))
    too_much = line.quantity - before + data.draw(st.integers(1, 1000))
    try:
        asked = {line.line: ReturnLine(line.line, format_quantity(before))} if before else {}
        first = returns.plan(document, {}, asked)
        back = {
            (line.line, piece): quantity
            for taken in first.lines
            for piece, quantity in taken.pieces or ((0, taken.quantity),)
        }
        returns.plan(document, back, {line.line: ReturnLine(line.line, format_quantity(too_much))})
    except AlreadyReturned:
        return
    raise AssertionError("more came back than was bought")


def test_the_dearest_piece_comes_back_first_unless_the_return_names_another() -> None:
    """Three at 10.00: one of them at half price; what it earned and its tax go with it."""
    pieces = (KeptPiece(1000, 1000, 500), KeptPiece(2000, 2000, 2000))
    document = Document(
        request=PurchaseRequest("r", AT, "EUR", (PurchaseLine(1, "sku", "3", unit_price=1000),)),
        language="en",
        version=1,
        answer=PurchaseAnswer(
            "recorded", "r", "EUR", 3000, 500, 0, 2500, (), (), (), (), (), (), Messages(), None
        ),
        lines=(KeptLine(1, 3000, 3000, 500, 2500, 434, pieces),),
        earned=(KeptEarning("PTS", uuid4(), 1, LOT, AT, None, (1,), (25,)),),
        spent=(),
    )
    dearest = returns.plan(document, {}, {1: ReturnLine(1, "1")})
    named = returns.plan(document, {}, {1: ReturnLine(1, "1", (ReturnPiece(1, "1"),))})
    assert (dearest.money, dearest.lines[0].pieces, dearest.earnings[0].amount) == (1000, ((2, 1000),), 10)
    assert (named.money, named.lines[0].pieces, named.earnings[0].amount) == (500, ((1, 1000),), 5)
    rest = returns.whole(document, {(1, 2): 1000})
    assert (rest.money, rest.lines[0].pieces, rest.earnings[0].amount) == (1500, ((1, 1000), (2, 1000)), 15)


def free_or_less() -> Document:
    """Three at 10.00, one of them free by promotion 1, the others a hundredth off, and something for 15.00."""
    pieces = (KeptPiece(1000, 1000, 0), KeptPiece(2000, 2000, 1980))
    awards = (
        AwardView(ids.show("prm", UUID(int=1)), 1, "discount", 1000),
        AwardView(ids.show("prm", UUID(int=2)), 1, "discount", 20),
    )
    views = (LineView(1, 3000, 1020, 1980, awards), LineView(2, 1500, 0, 1500))
    return Document(
        request=PurchaseRequest(
            "r", AT, "EUR", tuple(PurchaseLine(n, "sku", "1", unit_price=1) for n in (1, 2))
        ),
        language="en",
        version=1,
        answer=PurchaseAnswer(
            "recorded", "r", "EUR", 4500, 1020, 0, 3480, (), views, (), (), (), (), Messages(), None
        ),
        lines=(KeptLine(1, 3000, 3000, 1020, 1980, 0, pieces), KeptLine(2, 1000, 1500, 0, 1500, 0)),
        earned=(),
        spent=(),
    )


def withdrawn_of(document: Document, *sent: ReturnLine) -> ReturnPlan:
    """A first return, after which the conditions of promotion 1 hold no more."""
    plan = returns.plan(document, {}, {line.line: line for line in sent})
    return withdrawing(document, plan, {}, [], {UUID(int=1)})


def test_what_is_withdrawn_is_what_the_kept_pieces_had() -> None:
    document = free_or_less()
    free_back = withdrawn_of(document, ReturnLine(1, "1", (ReturnPiece(1, "1"),)), ReturnLine(2, "1"))
    free_kept = withdrawn_of(document, ReturnLine(1, "2"), ReturnLine(2, "1"))
    # of 10.00 on the line, the free piece had 9.80 and the others together 0.20, as all that was taken off them
    assert ([one.discount for one in free_back.withdrawn], free_back.money) == ([20], 1480)
    assert ([one.discount for one in free_kept.withdrawn], free_kept.money) == ([980], 2500)


def test_what_was_withdrawn_of_a_piece_comes_back_with_that_piece() -> None:
    document = free_or_less()
    first = withdrawn_of(document, ReturnLine(2, "1"))
    assert ([one.discount for one in first.withdrawn], first.money) == ([1000], 500)
    layers = [Layer({(2, 0): 1000}, one) for one in first.withdrawn]
    dear = returns.plan(document, {(2, 0): 1000}, {1: ReturnLine(1, "2")}, layers)
    free = returns.plan(document, {(2, 0): 1000, (1, 2): 2000}, {1: ReturnLine(1, "1")}, layers)
    assert (dear.money, dear.discount) == (2000, 0)
    assert (free.money, free.discount) == (980, 20)


@settings(max_examples=300)
@given(documents(), st.data())
def test_what_was_withdrawn_comes_back_with_the_goods(document: Document, data: st.DataObject) -> None:
    """Returns with withdrawals among them still sum to what was paid and earned, to the unit."""
    promotion = document.earned[0].promotion
    views = [
        LineView(line.line, line.gross, line.discount, line.net,
                 (AwardView(ids.show("prm", promotion), 1, "discount", line.discount),) if line.discount else ())
        for line in document.lines
    ]  # fmt: skip
    document = structs.replace(document, answer=structs.replace(document.answer, lines=tuple(views)))
    back: Back = {}
    layers: list[Layer] = []
    sums = Sums()
    for _ in range(data.draw(st.integers(0, 6))):
        left = {k.line: k.quantity - returned_of(back, k.line) for k in document.lines}
        left = {number: quantity for number, quantity in left.items() if quantity}
        if not left:
            break
        chosen = data.draw(st.lists(st.sampled_from(sorted(left)), min_size=1, unique=True))
        now = {number: data.draw(st.integers(1, left[number])) for number in chosen}
        found = returns.plan(document, back, asked(document, back, now, data), layers)
        if data.draw(st.booleans()):
            found = withdrawing(document, found, back, layers, {promotion})
        assert found.money >= 0
        sums.add(found)
        for line in found.lines:
            for piece, quantity in line.pieces or ((0, line.quantity),):
                back[line.line, piece] = back.get((line.line, piece), 0) + quantity
        layers += [Layer(dict(back), one) for one in found.withdrawn]
    sums.add(returns.whole(document, back, layers))
    (earning,) = document.earned
    assert (sums.gross, sums.money, sums.discount, sums.earned) == (
        document.answer.gross, document.answer.payable, document.answer.discount, earning.amount,
    )  # fmt: skip

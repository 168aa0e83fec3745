"""Every sequence of returns sums to the whole, and no step asks the customer for money (DESIGN §4.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from regulars.errors import AlreadyReturned
from regulars.purchases import returns
from regulars.purchases.model import (
    Document,
    KeptEarning,
    KeptLine,
    KeptSpend,
    Messages,
    PurchaseAnswer,
    PurchaseLine,
    PurchaseRequest,
)
from regulars.units import allocate

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

    def add(self, plan: returns.ReturnPlan) -> None:
        """Add one return."""
        self.gross += plan.gross
        self.discount += plan.discount
        self.money += plan.money
        self.tax += sum(line.tax for line in plan.lines)
        self.points += sum(spend.amount for spend in plan.spends)
        self.worth += sum(spend.worth for spend in plan.spends)
        self.earned += sum(earning.amount for earning in plan.earnings)


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
        lines=tuple(map(KeptLine, lines, quantities, gross, discount, net, tax)),
        earned=(KeptEarning("PTS", uuid4(), 1, LOT, AT, None, lines, tuple(amounts)),),
        spent=(KeptSpend("PTS", points, worth, tuple(on_lines), tuple(allocate(points, on_lines))),),
        tax_on_top=on_top,
    )  # fmt: skip


@settings(max_examples=300)
@given(documents(), st.data())
def test_every_sequence_of_returns_sums_to_the_whole(document: Document, data: st.DataObject) -> None:
    before: dict[int, int] = {}
    sums = Sums()
    for _ in range(data.draw(st.integers(0, 6))):
        left = {k.line: k.quantity - before.get(k.line, 0) for k in document.lines}
        left = {number: quantity for number, quantity in left.items() if quantity}
        if not left:
            break
        chosen = data.draw(st.lists(st.sampled_from(sorted(left)), min_size=1, unique=True))
        now = {number: data.draw(st.integers(1, left[number])) for number in chosen}
        plan = returns.plan(document, before, now)
        assert all(line.money >= 0 and line.tax >= 0 and line.points_worth >= 0 for line in plan.lines)
        assert all(spend.amount >= 0 for spend in plan.spends)
        assert all(earning.amount > 0 for earning in plan.earnings)
        sums.add(plan)
        before = {number: before.get(number, 0) + now.get(number, 0) for number in before.keys() | now.keys()}
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
        returns.plan(document, {line.line: before}, {line.line: too_much})
    except AlreadyReturned:
        return
    raise AssertionError("more came back than was bought")

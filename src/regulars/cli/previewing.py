"""Prices the receipts of a file with the promotions of another, by the engine alone, and sums what each would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct, field, structs
from rich.console import Console
from rich.table import Table

from regulars import clock
from regulars.cli import promotions_file
from regulars.cli.receipts_file import ReceiptsFile
from regulars.errors import Problem
from regulars.flows import incoming
from regulars.flows.imports.receipt_rows import Read
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.i18n import pick
from regulars.programs.model import Caller
from regulars.promotions import engine
from regulars.promotions.limits import given
from regulars.promotions.model import Standing
from regulars.promotions.outcome import Outcome
from regulars.promotions.reads import Needs
from regulars.purchases.model import PurchaseRequest

FAULTS_SHOWN = 10


class Gave(Struct):
    """What a promotion gave to all receipts together."""

    receipts: int = 0
    discount: int = 0
    points: Counter[str] = field(default_factory=Counter[str])


class Totals(Struct):
    """What all receipts came to, minor units of base money."""

    receipts: int = 0
    faulty: int = 0
    gross: int = 0
    discount: int = 0
    points: Counter[str] = field(default_factory=Counter[str])
    gave: dict[UUID, Gave] = field(default_factory=dict[UUID, Gave])
    faults: list[str] = field(default_factory=list[str])


class Bought(NamedTuple):
    """A purchase that a customer made before."""

    day: date
    paid: int


class Past:
    """What the file itself says of its customers: purchases, turnover and visits before each receipt."""

    def __init__(self, needs: Needs):
        self._needs = needs
        self._bought: dict[str, list[Bought]] = {}

    def standing(self, customer: str, day: date) -> Standing:
        """Of this customer before a purchase; nobody's without one."""
        if not customer:
            return Standing()
        before = self._bought.get(customer, [])
        turnover = {w.key: _since(before, w.first_day(day)) for w in self._needs.turnover}
        visits: dict[str, int] = {}
        for days in self._needs.visits:
            near = [one.day for one in before if (day - one.day).days < days]
            visits |= {f"days_{days}": len(near), f"days_{days}_distinct": len(set(near))}
        last = (day - before[-1].day).days if before else None
        return Standing(member=True, purchases=len(before), turnover=turnover, visits=visits, days_since=last)

    def add(self, customer: str, day: date, paid: int) -> None:
        """A purchase was made."""
        if customer:
            self._bought.setdefault(customer, []).append(Bought(day, paid))


def _since(before: list[Bought], first: date | None) -> int:
    return sum(one.paid for one in before if first is None or one.day >= first)


def preview(file: Path, receipts: Path, out: Console) -> int:
    """`regulars promotions preview`: 0, or 1 when some receipts are faulty. Raises Refused, Contradiction."""
    content, found = promotions_file.read(file)
    known = promotions_file.known(content, found)
    totals = _Pricing(known).whole(ReceiptsFile(receipts))
    _show(totals, known, out)
    return 1 if totals.faulty else 0


class _Pricing:
    def __init__(self, known: Known):
        self._known = known
        self._past = Past(known.live.needs)
        self._totals = Totals()
        program = known.program
        self._caller = Caller(program.id, program.id, frozenset({"manage"}), name="preview")

    def whole(self, file: ReceiptsFile) -> Totals:
        """Every receipt in the order of the file."""
        program, totals = self._known.program, self._totals
        for one in file.receipts(program.base_currency, program.time_zone, "quote"):
            read = self._read(one)
            if read is None:
                totals.faulty += 1
            else:
                self._price(read, one)
        return totals

    def _read(self, one: Read) -> Incoming | None:
        """A receipt without its customer, whom a file's program does not know; None, and why, when it is faulty."""
        sent = one.request
        if sent is None:
            self._totals.faults += [f"row {fault.row}: {fault.detail}" for fault in one.faults]
            return None
        plain = structs.replace(sent, card=None, phone=None, email=None, member=None, spend=())
        if plain.store is not None and plain.store not in self._known.program.stores:
            self._known = incoming.with_store(self._known, plain.store)
        try:
            return incoming.read(self._known, b"", self._caller, plain, sent.purchased_at)
        except Problem as problem:
            self._totals.faults.append(f"row {one.rows[0].number}: {problem.detail}")
            return None

    def _price(self, read: Incoming, one: Read) -> None:
        assert one.request is not None, "it was read"
        customer = _customer(one.request)
        day = _day(read.sent.purchased_at, self._known)
        standing = self._past.standing(customer, day)
        basket = incoming.basket(read, self._known)
        outcome = engine.evaluate(self._known.live, basket, standing, self._known.rules)
        self._past.add(customer, day, outcome.payable)
        self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        totals = self._totals
        totals.receipts += 1
        totals.gross += outcome.gross
        totals.discount += outcome.discount
        for promotion, gave in given(outcome).items():
            kept = totals.gave.setdefault(promotion, Gave())
            kept.receipts += 1
            kept.discount += gave.amount
        for earning in outcome.earned:
            totals.points[earning.currency] += earning.amount
            totals.gave[earning.promotion].points[earning.currency] += earning.amount


def _customer(sent: PurchaseRequest) -> str:
    return next((text for text in (sent.card, sent.phone, sent.email, sent.member) if text), "")


def _day(at: datetime, known: Known) -> date:
    return at.astimezone(clock.zone(known.program.time_zone)).date()


def _show(totals: Totals, known: Known, out: Console) -> None:
    words = known.words[pick(known.program.languages).code]
    money = known.program.base_currency

    def row(name: str, receipts: int, discount: int, points: Counter[str]) -> tuple[Any, ...]:
        earned = ", ".join(words.points(amount, code) for code, amount in sorted(points.items()))
        return name, str(receipts), words.money(discount, money), earned or "–"

    table = Table("Promotion", "Receipts", "Discount", "Points", box=None)
    for promotion in known.live.promotions:
        gave = totals.gave.get(promotion.id, Gave())
        table.add_row(*row(promotion.name(words.language), gave.receipts, gave.discount, gave.points))
    table.add_section()
    table.add_row(*row("All together", totals.receipts, totals.discount, totals.points))
    out.print(table, highlight=False)
    share = f" ({totals.discount * 100 / totals.gross:.2f} %)" if totals.gross else ""
    out.print(
        f"{totals.receipts} receipts of {words.money(totals.gross, money)}: "
        f"{words.money(totals.discount, money)} off{share}.",
        highlight=False,
    )
    if totals.faulty:
        out.print(f"{totals.faulty} receipts are faulty and were left out:", highlight=False)
    for fault in _few(totals.faults):
        out.print(f"  {fault}", markup=False, highlight=False, soft_wrap=True)


def _few(faults: list[str]) -> Iterator[str]:
    yield from faults[:FAULTS_SHOWN]
    if len(faults) > FAULTS_SHOWN:
        yield f"and {len(faults) - FAULTS_SHOWN} more"

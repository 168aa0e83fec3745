"""Imports balances of members who are there: each row a lot with its own dates, issuer, payer and cost.

A balance is entered once: known by its `reference`, else by all that its row says and by which of equal rows it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars import clock, ids
from regulars.db.pool import Transaction
from regulars.errors import CurrencyUnknown, InvalidValue, Problem
from regulars.flows.adjust_points import expiry
from regulars.flows.grace import held_grace_days
from regulars.flows.imports import who
from regulars.flows.imports.step import ReadRow, Step, faults_of
from regulars.flows.known_programs import Known
from regulars.interchange import register
from regulars.interchange.model import RowOutcome
from regulars.interchange.table import Row
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members.model import Customer, Identifier
from regulars.programs.model import Program
from regulars.units import AMOUNT_MAX, PPM, Ratio, parse_rate

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
NEVER = "never"
FIELDS = ("points", "currency", "earned_at", "active_at", "expires", "issuer", "funder", "unit_cost")


class Balance(Struct, frozen=True):
    """A row, read."""

    line: int
    who: Identifier
    digest: bytes
    currency: str
    points: int
    earned_at: datetime
    active_at: datetime
    expires_at: datetime | None
    issuer: UUID
    funder: UUID
    unit_cost: Ratio


class Balances:
    """The importer of balances."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._equal: Counter[str] = Counter()
        self._rehearsed: set[bytes] = set()

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """Count the equal rows that were done before."""
        for one in rows:
            if not one.faults:
                self._name(one.row)

    async def take(self, step: Step) -> None:
        """Book some balances. Raises DoneBefore."""
        balances: list[Balance] = []
        bad: list[RowOutcome] = []
        for one in step.rows:
            if one.faults:
                bad.append(step.unread(one))
                continue
            try:
                balances.append(read(one.row, self._known, self._name(one.row), step.at))
            except Problem as problem:
                bad.append(step.faulty(one.row.number, faults_of(problem)))

        async def work(tx: Transaction) -> list[RowOutcome]:
            return [*bad, *await self._book(tx, step, balances)]

        await step.write(work)
        if step.one.dry_run:
            self._rehearsed.update(one.digest for one in balances)

    def _name(self, row: Row) -> str:
        """What names a balance: its reference, else all that the row says, and which of equal rows it is."""
        said = "\0".join(f"{kind}\0{row.cells.get(kind, '')}" for kind in who.ORDER)
        reference = row.cells.get("reference")
        if reference:
            return f"{said}\0reference\0{reference}"
        said += "\0" + "\0".join(row.cells.get(name, "") for name in FIELDS)
        self._equal[said] += 1
        return f"{said}\0{self._equal[said]}"

    async def _book(self, tx: Transaction, step: Step, balances: list[Balance]) -> list[RowOutcome]:
        program = self._known.program
        outcomes: list[RowOutcome] = []
        wanted: list[tuple[Balance, Customer]] = []
        owners = await who.found(tx, self._known, [one.who for one in balances]) if balances else []
        for one, owner in zip(balances, owners, strict=True):
            if isinstance(owner, InvalidValue):
                outcomes.append(step.faulty(one.line, faults_of(owner)))
            else:
                wanted.append((one, owner))
        claims = {one.digest: one.line for one, _ in wanted if one.digest not in self._rehearsed}
        twice = {one.line for one, _ in wanted if claims.get(one.digest) != one.line}
        there = (
            await register.claim_balances(tx, program.id, step.one.id, list(claims.items()))
            if claims
            else set()
        )
        fresh: list[tuple[Balance, Customer]] = []
        for one, owner in wanted:
            if one.digest in there or one.line in twice:
                outcomes.append(RowOutcome(one.line, "repeated"))
            else:
                fresh.append((one, owner))
        postings = await _write(tx, step, program, fresh)
        return [*outcomes, *(RowOutcome(line, "made", what=posting) for line, posting in postings)]


def read(row: Row, known: Known, name: str, at: datetime) -> Balance:
    """A row as it is booked. Raises Unprocessable with the field at fault."""
    program, cells = known.program, row.cells
    currency = program.currencies.get(
        cells.get("currency") or (program.points.code if program.points else "")
    )
    if currency is None:
        raise CurrencyUnknown("/currency", cells.get("currency", ""))
    points = _whole(cells.get("points", ""))
    earned_at = _instant("earned_at", cells.get("earned_at"), program, at)
    if earned_at > at or earned_at.year < EARLIEST_YEAR:
        raise InvalidValue("/earned_at", "lies in the future, or too long ago")
    active_at = _instant("active_at", cells.get("active_at"), program, earned_at)
    expires_at = _end(cells.get("expires"), program, expiry(currency, earned_at, program.time_zone))
    if expires_at is not None and expires_at <= at:
        raise InvalidValue("/expires", "has passed: these points are not there any more")
    if expires_at is not None and expires_at <= active_at:
        raise InvalidValue("/expires", "is not after the day from which they can be used")
    return Balance(
        line=row.number,
        who=who.identifier(row, known),
        digest=known.vault.digest("external_id", f"opening balance\0{name}"),
        currency=currency.code,
        points=points,
        earned_at=earned_at,
        active_at=active_at,
        expires_at=expires_at,
        issuer=_partner("issuer", cells.get("issuer"), program),
        funder=_partner("funder", cells.get("funder"), program),
        unit_cost=_cost(cells.get("unit_cost"), currency.worth),
    )


async def _write(
    tx: Transaction, step: Step, program: Program, fresh: list[tuple[Balance, Customer]]
) -> list[tuple[int, UUID]]:
    """A posting for each, so that each can be taken back by itself: (line, posting)."""
    if not fresh:
        return []
    pools = sorted({(owner.home, owner.pool) for _, owner in fresh})
    homes, names = [home for home, _ in pools], [pool for _, pool in pools]
    await book.lock(tx, program.id, homes, names)
    asked = await book.ask(tx, program.id, homes, names, grace_days=held_grace_days(program.settings))
    pages = await asked.pages()
    postings = [(one.line, _earn(pages[owner.pool], step, one)) for one, owner in fresh]
    await book.write(tx, program.id, pages.values())
    return postings


def _earn(page: Page, step: Step, one: Balance) -> UUID:
    posting = page.begin(
        "opening",
        effective_at=one.earned_at,
        recorded_at=step.at,
        actor=step.actor,
        reason=ids.show("imp", step.one.id),
    )
    page.earn(
        one.currency,
        one.points,
        earned_at=one.earned_at,
        active_at=one.active_at,
        expires_at=one.expires_at,
        issuer=one.issuer,
        funder=one.funder,
        unit_cost=one.unit_cost,
    )
    return posting


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= AMOUNT_MAX:
        raise InvalidValue("/points", "is not a whole number above 0")
    return int(text)


def _instant(field: str, text: str | None, program: Program, otherwise: datetime) -> datetime:
    if not text:
        return otherwise
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(f"/{field}", "is not a date or an instant, as 2024-05-01") from None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise InvalidValue(f"/{field}", f"lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}")
    return found if found.tzinfo else found.replace(tzinfo=clock.zone(program.time_zone))


def _end(text: str | None, program: Program, otherwise: datetime | None) -> datetime | None:
    if not text:
        return otherwise
    if text == NEVER:
        return None
    try:
        last = date.fromisoformat(text)
    except ValueError:
        raise InvalidValue("/expires", "is not a date, as 2027-01-31, nor never") from None
    if not EARLIEST_YEAR <= last.year <= LATEST_YEAR:
        raise InvalidValue("/expires", "is too far away; never says that they do not expire")
    return clock.midnight(last + timedelta(days=1), program.time_zone)


def _partner(field: str, code: str | None, program: Program) -> UUID:
    if not code:
        return program.operator
    partner: Any = program.partners.get(code)
    if partner is None:
        raise InvalidValue(f"/{field}", f"the program has no partner {code!r}")
    return partner.id


def _cost(text: str | None, otherwise: Ratio) -> Ratio:
    if not text:
        return otherwise
    try:
        return Ratio(parse_rate(text), PPM)
    except ValueError as error:
        raise InvalidValue("/unit_cost", str(error)) from None

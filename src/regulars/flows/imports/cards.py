"""Imports further cards of members who are there, with the numbers that they have."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.errors import InvalidValue, MemberExists, Problem
from regulars.flows.imports import who
from regulars.flows.imports.step import ReadRow, Step, faults_of
from regulars.interchange.model import RowFault, RowOutcome
from regulars.members import arrivals, directory, numbers, reading
from regulars.members.model import Card, Customer, Identifier

WHO = ("external_id", "member", "phone", "email")
STATES = ("active", "blocked")


class NewCard(Struct, frozen=True):
    """A row, read."""

    line: int
    who: Identifier
    number: str
    blocked: bool


class Cards:
    """The importer of cards."""

    def __init__(self) -> None:
        self._rehearsed: set[str] = set()

    def recall(self, rows: Sequence[ReadRow]) -> None:
        """What was entered is known by its claims."""

    async def take(self, step: Step) -> None:
        """Enter some cards. Raises DoneBefore."""
        cards: list[NewCard] = []
        bad: list[RowOutcome] = []
        for one in step.rows:
            if one.faults:
                bad.append(step.unread(one))
                continue
            try:
                cards.append(_read(one, step))
            except Problem as problem:
                bad.append(step.faulty(one.row.number, faults_of(problem)))

        async def work(tx: Transaction) -> list[RowOutcome]:
            return [*bad, *await self._enter(tx, step, cards)]

        outcomes = await step.write(work)
        if step.one.dry_run:
            made = {one.line for one in outcomes if one.outcome == "made"}
            self._rehearsed.update(card.number for card in cards if card.line in made)

    async def _enter(self, tx: Transaction, step: Step, wanted: list[NewCard]) -> list[RowOutcome]:
        program = step.known.program.id
        owners = await who.found(tx, step.known, [one.who for one in wanted]) if wanted else []
        outcomes: list[RowOutcome] = []
        cards: dict[str, tuple[NewCard, Card]] = {}
        for one, owner in zip(wanted, owners, strict=True):
            if isinstance(owner, InvalidValue) or owner.member is None:
                problem = owner if isinstance(owner, InvalidValue) else InvalidValue("", "leads to no member")
                outcomes.append(step.faulty(one.line, faults_of(problem)))
            elif one.number in cards or one.number in self._rehearsed:
                outcomes.append(_taken(step, one))
            else:
                cards[one.number] = (one, _card(step, one, owner))
        claims = [(number, card.id) for number, (_, card) in cards.items()]
        for number in await arrivals.claim_numbers(tx, program, claims):
            one, card = cards.pop(number)
            there = await reading.card_by_number(tx, program, number)
            hers = there is not None and there.member == card.member
            outcomes.append(RowOutcome(one.line, "repeated") if hers else _taken(step, one))
        await directory.enter_cards(tx, program, [card for _, card in cards.values()], step.at)
        for one, card in cards.values():
            if one.blocked:
                await directory.change_status(tx, program, card.id, "blocked", ("active",), at=step.at)
        return [*outcomes, *(RowOutcome(one.line, "made", what=card.id) for one, card in cards.values())]


def _read(one: ReadRow, step: Step) -> NewCard:
    cells = one.row.cells
    state = cells.get("status", "active").casefold()
    if state not in STATES:
        raise InvalidValue("/status", f"is one of {', '.join(STATES)}")
    number = numbers.check(cells.get("card", ""), step.known.program.settings, "/card")
    return NewCard(one.row.number, who.identifier(one.row, step.known, WHO), number, state == "blocked")


def _card(step: Step, one: NewCard, owner: Customer) -> Card:
    member = owner.member
    assert member is not None, "cards are entered for members"
    return Card(ids.new(ids.home(member)), one.number, owner.pool, member, "active", step.at)


def _taken(step: Step, one: NewCard) -> RowOutcome:
    return step.faulty(one.line, [RowFault("card", MemberExists.code, "is another card's number")])

"""Enters many members of another system in one transaction: accounts, cards, opening balances, consents.

Each is entered once: what names her is claimed first. One who cannot be entered (her phone is another member's) is
answered so, and the others are entered without her, from the beginning.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import Fault, MemberExists, Problem, Unprocessable
from regulars.flows import consent_wordings, imported_members, welcoming
from regulars.flows.imported_members import ImportedMember, Ready
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import arrivals, consents, directory, questionnaire
from regulars.members.arrivals import Arrival
from regulars.members.model import Card, Consent, IdentifierKind, Member, Newcomer
from regulars.members.vault import Vault
from regulars.programs.model import Program

SOURCE = "import"


class Outcome(Struct, frozen=True):
    """What became of one of them."""

    member: UUID | None = None
    """Entered now, or by an earlier import."""
    repeated: bool = False
    problem: Problem | None = None
    key: bytes | None = None
    """By what she is known when she comes again, where she was entered now."""


Note = Callable[[Transaction, "list[Outcome]"], Awaitable[None]]
"""Told what became of each, in the transaction in which it becomes so."""


class Rehearsed:
    """Who would have been entered by the earlier steps of a dry run: for what comes later she is there."""

    def __init__(self) -> None:
        self._keys: set[bytes] = set()
        self._named: set[tuple[str, str]] = set()

    def outcome(self, one: Ready) -> Outcome | None:
        """What would become of a row because of an earlier one; None for nothing."""
        if one.key in self._keys:
            return Outcome(repeated=True)
        named = [kind for kind, value in one.person.identifiers if (kind, value) in self._named]
        if named:
            faults = [Fault(f"/{kind}", "is another member's", MemberExists.code) for kind in named]
            return Outcome(problem=MemberExists(errors=faults))
        if any(("card", number) in self._named for number in one.numbers):
            return _card_taken()
        return None

    def enter(self, one: Ready) -> None:
        """Let a row count as entered."""
        self._keys.add(one.key)
        self._named.update(one.person.identifiers)
        self._named.update(("card", number) for number in one.numbers)


class _Refused(Exception):
    """Some cannot be entered: nothing is committed, and the others are entered without them."""

    def __init__(self, refused: Mapping[int, Outcome]):
        super().__init__()
        self.refused = refused


async def import_members(
    database: Database,
    program: Program,
    vault: Vault,
    sent: Sequence[ImportedMember],
    actor: str,
    *,
    at: datetime,
    dry_run: bool = False,
    note: Note | None = None,
    rehearsed: Rehearsed | None = None,
) -> list[Outcome]:
    """What became of each, in the order in which they were sent. Their points become lots in postings `opening`.

    `dry_run`: nothing is written; what would be refused says so, also because of what was `rehearsed` before. `note`
    is called in the transaction that enters them, or in one of its own when nobody is entered.
    """
    outcomes: dict[int, Outcome] = {}
    ready: list[Ready] = []
    async with database.transaction(program.id) as tx:
        asked = await arrivals.questionnaire(tx, program.id)
    for row, one in enumerate(sent):
        try:
            read = imported_members.read(program, vault, row, one, at)
            faults = asked and questionnaire.faults_of_answers(asked.questionnaire, one.attributes, None)
            if faults:
                raise Unprocessable("Some answers cannot be as they are.", errors=faults)
            before = rehearsed.outcome(read) if rehearsed else None
            if before is not None:
                outcomes[row] = before
                continue
            ready.append(read)
        except Problem as problem:
            outcomes[row] = Outcome(problem=problem)
    rehearsing = {one.row: one for one in ready}

    async def enter(tx: Transaction) -> list[Outcome]:
        entered = await _Batch(program, vault, ready, actor, at, dry_run=dry_run).write(tx) if ready else {}
        became = [(outcomes | entered)[row] for row in range(len(sent))]
        if note is not None:
            await note(tx, became)
        return became

    while True:
        try:
            became = await database.run(program.id, enter)
            break
        except _Refused as stop:
            outcomes |= stop.refused
            ready = [one for one in ready if one.row not in stop.refused]
    if rehearsed is not None:
        for row, one in rehearsing.items():
            if became[row].problem is None and not became[row].repeated:
                rehearsed.enter(one)
    return became


class _Batch:
    """One attempt: all of these, or none."""

    def __init__(
        self,
        program: Program,
        vault: Vault,
        ready: Sequence[Ready],
        actor: str,
        at: datetime,
        *,
        dry_run: bool,
    ):
        self.program, self.vault, self.actor, self.at, self.dry_run = program, vault, actor, at, dry_run
        self.ready = ready
        self.members = [self._member(one) for one in ready]

    async def write(self, tx: Transaction) -> dict[int, Outcome]:
        """Enter them. Raises _Refused where some cannot be, or were entered before."""
        await self._claim_rows(tx)
        cards = await self._claim_cards(tx)
        said = await self._said(tx)
        newcomers = [Newcomer(m, one.person) for m, one in zip(self.members, self.ready, strict=True)]
        taken = await directory.enrol(tx, self.program.id, self.vault, newcomers)
        self._refuse({m.id: _exists(taken[m.id]) for m in self.members if m.id in taken})
        pools, homes = [m.pool for m in self.members], [m.home for m in self.members]
        await book.open_pools(tx, self.program.id, pools, homes, "person", self.at)
        await directory.enter_cards(tx, self.program.id, cards, self.at)
        owners = [(m.pool, m.id) for m, one in zip(self.members, self.ready, strict=True) if not one.numbers]
        if owners:
            settings = self.program.settings
            await directory.issue(tx, self.program.id, settings, owners, "active", self.at)
        await consents.record(tx, self.program.id, said, self.at)
        # Who comes along is no newcomer: she gets no gift, now or when she joins again.
        arriving = [
            Arrival(m.id, one.person.identifiers) for m, one in zip(self.members, self.ready, strict=True)
        ]
        await welcoming.new_arrivals(tx, self.program, self.vault, arriving, self.at)
        await book.write(tx, self.program.id, self._pages())
        if self.dry_run:
            raise _Refused({one.row: Outcome() for one in self.ready})
        return {
            one.row: Outcome(member=m.id, key=one.key)
            for m, one in zip(self.members, self.ready, strict=True)
        }

    async def _claim_rows(self, tx: Transaction) -> None:
        first: dict[bytes, int] = {}
        twice: dict[int, Outcome] = {}
        for one in self.ready:
            if first.setdefault(one.key, one.row) != one.row:
                fault = Fault("", "names the same member as another row", MemberExists.code)
                twice[one.row] = Outcome(problem=MemberExists(errors=[fault]))
        if twice:
            raise _Refused(twice)
        keys = [(one.key, m.id) for m, one in zip(self.members, self.ready, strict=True)]
        there = await arrivals.claim_rows(tx, self.program.id, keys, self.at)
        if there:
            known = await arrivals.imported(tx, self.program.id, list(there))
            raise _Refused(
                {
                    one.row: Outcome(member=known[one.key], repeated=True)
                    for one in self.ready
                    if one.key in there
                }
            )

    async def _claim_cards(self, tx: Transaction) -> list[Card]:
        cards: dict[str, Card] = {}
        owners: dict[str, UUID] = {}
        refused: dict[UUID, Outcome] = {}
        for member, one in zip(self.members, self.ready, strict=True):
            for number in one.numbers:
                card = Card(ids.new(member.home), number, member.pool, member.id, "active", self.at)
                if cards.setdefault(number, card) is not card:
                    refused[member.id] = _card_taken()
                owners.setdefault(number, member.id)
        self._refuse(refused)
        wanted = [(number, card.id) for number, card in cards.items()]
        taken = await arrivals.claim_numbers(tx, self.program.id, wanted)
        self._refuse({owners[number]: _card_taken() for number in taken})
        return list(cards.values())

    async def _said(self, tx: Transaction) -> list[tuple[UUID, Consent]]:
        said: list[tuple[UUID, Consent]] = []
        refused: dict[UUID, Outcome] = {}
        everything = [consent for one in self.ready for consent in one.consents]
        wordings = await consent_wordings.wordings_of(tx, self.program, everything)
        for member, one in zip(self.members, self.ready, strict=True):
            if not one.consents:
                continue
            try:
                kept = consent_wordings.kept(
                    self.program,
                    one.consents,
                    wordings,
                    source=SOURCE,
                    by=self.actor,
                    language=one.language,
                    at=self.at,
                    trusted=True,
                )
                said += [(member.id, consent) for consent in kept]
            except Unprocessable as problem:
                refused[member.id] = Outcome(problem=problem)
        self._refuse(refused)
        return said

    def _pages(self) -> list[Page]:
        pages: list[Page] = []
        for member, one in zip(self.members, self.ready, strict=True):
            if not one.lots:
                continue
            page = Page(member.pool, member.home)
            page.begin("opening", effective_at=self.at, recorded_at=self.at, actor=self.actor)
            for lot in one.lots:
                page.earn(
                    lot.currency,
                    lot.points,
                    earned_at=self.at,
                    active_at=self.at,
                    expires_at=lot.expires_at,
                    issuer=self.program.operator,
                    funder=self.program.operator,
                    unit_cost=self.program.currencies[lot.currency].worth,
                )
            pages.append(page)
        return pages

    def _member(self, one: Ready) -> Member:
        home = secrets.randbelow(ids.HOMES)
        return Member(
            id=ids.new(home),
            home=home,
            pool=ids.new(home),
            language=one.language,
            source=SOURCE,
            store=one.store,
            tag=one.tag,
            enrolled_at=one.enrolled_at,
        )

    def _refuse(self, refused: Mapping[UUID, Outcome]) -> None:
        if refused:
            rows = {m.id: one.row for m, one in zip(self.members, self.ready, strict=True)}
            raise _Refused({rows[member]: outcome for member, outcome in refused.items()})


def _exists(taken: Sequence[tuple[IdentifierKind, UUID]]) -> Outcome:
    faults = [Fault(f"/{kind}", "is another member's", MemberExists.code) for kind, _ in taken]
    return Outcome(problem=MemberExists(errors=faults, extra={"member": ids.show("mem", taken[0][1])}))


def _card_taken() -> Outcome:
    fault = Fault("/cards", "is another card's number", MemberExists.code)
    return Outcome(problem=MemberExists(errors=[fault]))

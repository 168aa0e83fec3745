"""Shows purchases as they stand: one with its returns, a list, and the whole reasoning behind one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, structs

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows import answering, decided
from regulars.flows import words as program_words
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.member_purchases import purchases_of
from regulars.flows.open_purchase import Opened, open_purchase, require_place
from regulars.flows.tiering import with_tier
from regulars.members import reading, tier_marks
from regulars.programs.model import Caller, Program, Store
from regulars.promotions import engine, wording
from regulars.promotions.index import Live
from regulars.promotions.outcome import Verdict
from regulars.purchases import journal
from regulars.purchases.journal import Listed
from regulars.purchases.kept import Document
from regulars.purchases.model import PurchaseAnswer, PurchaseLine
from regulars.purchases.plan import Back, returned_of
from regulars.purchases.returning import ReturnAnswer
from regulars.units import format_quantity

SELLS = frozenset({"till", "manage", "issuer", "partner"})
"""The scopes of keys that may record a purchase."""


class BoughtLine(Struct, frozen=True):
    """A line as it was bought, and how much of it can still come back."""

    line: int
    sku: str
    name: str
    quantity: str
    returnable: str
    gross: int
    discount: int
    net: int


class PurchaseShown(Struct, frozen=True):
    """A purchase: the answer as recorded, and what became of it."""

    id: str
    request: str
    status: str
    store: str
    till: str
    cashier: str
    receipt_number: str
    purchased_at: datetime
    recorded_at: datetime
    answer: PurchaseAnswer
    lines: tuple[BoughtLine, ...]
    returns: tuple[ReturnAnswer, ...]
    void_reason: str | None = None
    held_until: datetime | UnsetType = UNSET


class PurchaseListed(Struct, frozen=True):
    """A purchase in a list."""

    id: str
    request: str
    status: str
    member: str | None
    store: str
    till: str
    receipt_number: str
    purchased_at: datetime
    currency: str
    gross: int
    discount: int
    paid_with_points: int
    payable: int
    earned: int
    """Points of the program's first points currency that it brought."""
    spent: int
    """Points of that currency that were spent on it."""
    held_until: datetime | UnsetType = UNSET


class PurchasePage(Struct, frozen=True):
    """A page of purchases, the latest first."""

    items: tuple[PurchaseListed, ...]
    next: str | None


class Explained(Struct, frozen=True):
    """One promotion that was live: whether it applied, what it gave, or what it lacked."""

    promotion: str
    revision: int
    name: str
    group: str
    status: str
    text: str
    gives: str
    when: str
    discount: int
    earned: dict[str, int]
    base: int
    lines: tuple[int, ...]
    code: str | None = None
    missing: dict[str, Any] = {}
    suppressed_by: str | None = None


class Explanation(Struct, frozen=True):
    """Why a purchase came to what it came to: every promotion that was live then."""

    purchase: str
    version: int
    exact: bool
    """False when a group's best combination was cut off at its bound."""
    promotions: tuple[Explained, ...]


async def show_purchase(
    database: Database, programs: KnownPrograms, caller: Caller, purchase: UUID, at: datetime
) -> PurchaseShown:
    """One purchase, to those who may record one with the code by which it is claimed. Raises NotFound."""
    async with database.transaction(caller.program) as tx:
        opened = await open_purchase(tx, programs, caller.program, purchase, lock=False)
        brought = await _brought(tx, opened)
    require_place(caller, opened.purchase)
    shown = purchase_shown(opened, at)
    if caller.scopes & SELLS:
        coded = answering.with_claim_code(shown.answer, purchase, opened.known.vault)
        shown = structs.replace(shown, answer=coded)
    if not brought or shown.answer.member is None:
        return shown
    member = with_tier(shown.answer.member, opened.known, brought, opened.purchase.document.language)
    return structs.replace(shown, answer=structs.replace(shown.answer, member=member))


async def _brought(tx: Transaction, opened: Opened) -> dict[str, str]:
    """The tiers that a confirmation or a claim brought: its document was written before they were reckoned."""
    row, customer = opened.purchase, opened.customer
    if not opened.known.ladders or customer is None or customer.member is None:
        return {}
    if not row.confirmed and row.claimed is None:
        return {}
    return await tier_marks.brought_by(tx, opened.known.program.id, customer.member, row.id)


def purchase_shown(opened: Opened, at: datetime) -> PurchaseShown:
    """A purchase as it is answered at the instant `at`."""
    row, document = opened.purchase, opened.purchase.document
    back = opened.returned
    held = opened.state(at) == "held"
    return PurchaseShown(
        id=ids.show("pur", row.id),
        request=row.request,
        status=opened.state(at),
        store=_store(opened.known.program, row.store).code,
        till=row.till,
        cashier=row.cashier,
        receipt_number=row.receipt_number,
        purchased_at=row.purchased_at,
        recorded_at=row.recorded_at,
        answer=answering.with_name(document.answer, opened.customer),
        lines=_bought(document, back),
        returns=tuple(answering.with_name(one.answer, opened.customer) for one in opened.returns),
        void_reason=row.void_reason,
        held_until=row.lapses_at if held and row.lapses_at else UNSET,
    )


async def list_purchases(
    database: Database,
    programs: KnownPrograms,
    caller: Caller,
    at: datetime,
    filters: dict[str, tuple[Any, ...]],
    member: UUID | None,
    limit: int,
) -> PurchasePage:
    """Purchases by the fragments of `journal.page`, and by member: hers, and of an account that she owns everybody's.

    Raises NotFound.
    """
    known = await programs.fresh(caller.program)
    async with database.transaction(caller.program) as tx:
        if member is not None:
            whose = await reading.member(tx, caller.program, member)
            if whose is None:
                raise NotFound("There is no such member in this program.")
            found = await purchases_of(tx, known.program, whose.id, at, filters, limit + 1)
        else:
            found = await journal.page(tx, caller.program, known.program.points_code, at, filters, limit + 1)
    if any(_store_or_none(known.program, one.store) is None for one in found):
        known = await programs.fresh(caller.program)
    items = tuple(_listed(one, known.program) for one in found[:limit])
    return PurchasePage(items, ids.show("pur", found[limit - 1].id) if len(found) > limit else None)


async def explain_purchase(
    database: Database, programs: KnownPrograms, caller: Caller, purchase: UUID, language: str | None
) -> Explanation:
    """The whole reasoning, computed again by the same engine from what was kept. Raises NotFound."""
    async with database.transaction(caller.program) as tx:
        opened = await open_purchase(tx, programs, caller.program, purchase, lock=False)
        require_place(caller, opened.purchase)
        document = opened.purchase.document
        then = await decided.then(tx, opened)
    known, live = then.known, then.live
    outcome, verdicts = engine.explain(live, then.basket(caller), then.standing, known.rules)
    spoken = program_words.chosen(known.program.languages, language, document.language)
    return Explanation(
        purchase=ids.show("pur", purchase),
        version=document.version,
        exact=outcome.bounded,
        promotions=tuple(explained(verdict, live, known, spoken) for verdict in verdicts),
    )


def explained(verdict: Verdict, live: Live, known: Known, spoken: str) -> Explained:
    """What one promotion decided, in a language of the program."""
    words, money = known.words[spoken], known.program.base_currency
    promotion = live.by_id[verdict.promotion]
    name = promotion.name(spoken)
    refusal = verdict.refusal
    gives = wording.benefits_text(promotion.benefits, words, money)
    return Explained(
        promotion=answering.show_promotion(verdict.promotion),
        revision=verdict.revision,
        name=name,
        group=verdict.group,
        status=verdict.status,
        text=wording.refusal_text(refusal, name, promotion.benefits, words, money) if refusal else gives,
        gives=gives,
        when=wording.conditions_text(promotion.conditions, words, money),
        discount=verdict.discount,
        earned=verdict.earned,
        base=verdict.base,
        lines=verdict.lines,
        code=refusal.code if refusal else None,
        missing=refusal.missing if refusal else {},
        suppressed_by=answering.show_promotion(verdict.suppressed_by) if verdict.suppressed_by else None,
    )


def _bought(document: Document, back: Back) -> tuple[BoughtLine, ...]:
    sent: dict[int, PurchaseLine] = {line.line: line for line in document.request.lines}
    return tuple(
        BoughtLine(
            line.line,
            sent[line.line].sku,
            sent[line.line].name,
            format_quantity(line.quantity),
            format_quantity(line.quantity - returned_of(back, line.line)),
            line.gross,
            line.discount,
            line.net,
        )
        for line in document.lines
    )


def _listed(one: Listed, program: Program) -> PurchaseListed:
    return PurchaseListed(
        id=ids.show("pur", one.id),
        request=one.request,
        status=one.status,
        member=ids.show("mem", one.member) if one.member else None,
        store=_store(program, one.store).code,
        till=one.till,
        receipt_number=one.receipt_number,
        purchased_at=one.purchased_at,
        currency=one.currency,
        gross=one.gross,
        discount=one.discount,
        paid_with_points=one.paid_with_points,
        payable=one.payable,
        earned=one.earned,
        spent=one.spent,
        held_until=one.held_until if one.status == "held" and one.held_until else UNSET,
    )


def _store_or_none(program: Program, store: UUID) -> Store | None:
    return next((s for s in program.stores.values() if s.id == store), None)


def _store(program: Program, store: UUID) -> Store:
    found = _store_or_none(program, store)
    assert found is not None, "stores are never taken away"
    return found

"""Reads one receipt as its member sees it: what was bought, what it gave and why, what came back. Writes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import UNSET, Struct

from regulars import ids
from regulars.assortment import reading as shelf
from regulars.assortment.model import Product
from regulars.db.arrays import int2s, uuids
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound
from regulars.flows import decided
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.member_purchases import purchases_of
from regulars.flows.open_purchase import Opened, open_purchase
from regulars.flows.read_member import member_of
from regulars.i18n import N_
from regulars.programs.model import OPERATOR, Caller
from regulars.promotions import engine, wording
from regulars.promotions.index import Live
from regulars.promotions.outcome import Verdict
from regulars.purchases.model import EarnedView, PurchaseAnswer, PurchaseLine, SpentView
from regulars.purchases.plan import returned_of
from regulars.purchases.returning import ReturnAnswer

NEAR_MAX = 3
STATUSES = {
    "held": N_("reserved"),
    "voided": N_("cancelled"),
    "partly_returned": N_("partly returned"),
    "returned": N_("returned"),
}
"""What became of a receipt that is not as it was; `This receipt is {status}.` says it."""


class Benefit(Struct, frozen=True):
    """What one promotion gave on this receipt, and why."""

    name: str
    gives: str
    when: str
    """Under which conditions, in words; empty: always."""
    discount: int
    points: dict[str, int]


class Line(Struct, frozen=True):
    """A line of the receipt. Money in minor units, quantities in thousandths."""

    name: str
    quantity: int
    gross: int
    discount: int
    net: int
    returned: int
    because: tuple[str, ...]
    """The names of the promotions that made it cheaper."""


class Sum(Struct, frozen=True):
    """What stands between the lines and what was paid: a word, the gift card's code, and minor units."""

    name: str
    amount: int
    gift_card: str = ""


class MemberReceipt(Struct, frozen=True):
    """A receipt."""

    id: str
    status: str
    store: str
    """Its name."""
    time_zone: str
    till: str
    receipt_number: str
    purchased_at: datetime
    answer: PurchaseAnswer
    lines: tuple[Line, ...]
    benefits: tuple[Benefit, ...]
    near: tuple[str, ...]
    """What would have given more, a sentence each."""
    returns: tuple[ReturnAnswer, ...]

    @property
    def earned(self) -> tuple[EarnedView, ...]:
        """Points that came with it, one for each currency and day."""
        sums: dict[tuple[str, datetime, datetime | None], EarnedView] = {}
        for view in self.answer.earned:
            key = (view.currency, view.active_at, view.expires_at)
            before = sums[key].amount if key in sums else 0
            sums[key] = EarnedView(view.currency, before + view.amount, "", 0, *key[1:])
        return tuple(sums.values())

    @property
    def sums(self) -> tuple[Sum, ...]:
        """How the goods came to what was paid: nothing where they are what was paid."""
        answer = self.answer
        charge = 0 if answer.delivery is UNSET else answer.delivery.charge
        rows = [
            Sum(N_("Delivery"), charge),
            Sum(N_("Discounts"), -answer.discount),
            Sum(N_("Price reduced by points"), -answer.points_reduction),
            Sum(N_("Paid with points"), -answer.paid_with_points),
            *[Sum(N_("Gift card"), -card.amount, card.gift_card or "") for card in answer.by_gift_card],
        ]
        # What is left is the tax of prices that are without it.
        rows.append(Sum(N_("Tax"), answer.payable - answer.gross + charge - sum(one.amount for one in rows)))
        rows = [one for one in rows if one.amount]
        return (Sum(N_("Goods"), answer.gross - charge), *rows) if rows else ()

    @property
    def spent(self) -> tuple[SpentView, ...]:
        """Points that paid."""
        return self.answer.by_points


async def member_receipt(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    member: UUID,
    purchase: UUID,
    language: str,
    at: datetime,
) -> MemberReceipt:
    """The receipt, in a language. Raises NotFound, also where it is somebody else's."""
    async with database.transaction(program) as tx:
        opened = await open_purchase(tx, programs, program, purchase, lock=False)
        reader = await member_of(tx, opened.known.program, member)
        asked = {"ids": (int2s([ids.home(purchase)]), uuids([purchase]))}
        if not await purchases_of(tx, opened.known.program, reader.id, at, asked, 1):
            raise NotFound("This is not one of your receipts.")
        return await read_receipt(tx, opened, language, at)


async def receipt_of(
    database: Database, programs: KnownPrograms, program: UUID, purchase: UUID, language: str, at: datetime
) -> MemberReceipt:
    """As its customer gets it, for whoever may see every receipt. Raises NotFound."""
    async with database.transaction(program) as tx:
        opened = await open_purchase(tx, programs, program, purchase, lock=False)
        return await read_receipt(tx, opened, language, at)


async def read_receipt(tx: Transaction, opened: Opened, language: str, at: datetime) -> MemberReceipt:
    """A purchase that was opened, as a receipt in a language."""
    then = await decided.then(tx, opened)
    program = opened.known.program.id
    skus = {line.sku for line in opened.purchase.document.request.lines}
    goods = await shelf.by_skus(tx, program, sorted(skus))
    caller = Caller(program, OPERATOR, frozenset())
    _, verdicts = engine.explain(then.live, then.basket(caller), then.standing, then.known.rules)
    return _shown(opened, then.known, then.live, list(verdicts), goods, language, at)


def _shown(
    opened: Opened,
    known: Known,
    live: Live,
    verdicts: list[Verdict],
    goods: dict[str, Product],
    language: str,
    at: datetime,
) -> MemberReceipt:
    row, document = opened.purchase, opened.purchase.document
    store = next(s for s in opened.known.program.stores.values() if s.id == row.store)
    refused = {v.promotion: v for v in verdicts if v.status == "refused" and v.refusal is not None}
    missed = [ids.read("prm", r.promotion) for r in document.answer.refusals if r.promotion]
    near = [_sentence(refused[p], live, known, language) for p in missed if p in refused]
    return MemberReceipt(
        id=ids.show("pur", row.id),
        status=opened.state(at),
        store=store.name,
        time_zone=store.time_zone,
        till=row.till,
        receipt_number=row.receipt_number,
        purchased_at=row.purchased_at,
        answer=document.answer,
        lines=_lines(opened, live, goods, language),
        benefits=tuple(
            _benefit(v, live, known, language)
            for v in verdicts
            if v.status == "applied" and (v.discount or any(v.earned.values()))
        ),
        near=tuple(near[:NEAR_MAX]),
        returns=tuple(one.answer for one in opened.returns),
    )


def _benefit(verdict: Verdict, live: Live, known: Known, language: str) -> Benefit:
    promotion, words = live.by_id[verdict.promotion], known.words[language]
    money = known.program.base_currency
    return Benefit(
        name=promotion.name(language),
        gives=wording.benefits_text(promotion.benefits, words, money),
        when=wording.conditions_text(promotion.conditions, words, money),
        discount=verdict.discount,
        points={code: amount for code, amount in verdict.earned.items() if amount},
    )


def _sentence(verdict: Verdict, live: Live, known: Known, language: str) -> str:
    promotion, words = live.by_id[verdict.promotion], known.words[language]
    assert verdict.refusal is not None
    return wording.refusal_text(
        verdict.refusal, promotion.name(language), promotion.benefits, words, known.program.base_currency
    )


def _lines(opened: Opened, live: Live, goods: dict[str, Product], language: str) -> tuple[Line, ...]:
    document = opened.purchase.document
    sent = {line.line: line for line in document.request.lines}
    awards = {line.line: line.awards for line in document.answer.lines}
    back = opened.returned

    def because(number: int) -> tuple[str, ...]:
        given = [ids.read("prm", award.promotion) for award in awards.get(number, ()) if award.amount]
        return tuple(live.by_id[one].name(language) for one in dict.fromkeys(given) if one in live.by_id)

    def called(line: PurchaseLine) -> str:
        product = goods.get(line.sku)
        return (product.names.get(language) if product else None) or line.name or line.sku

    return tuple(
        Line(
            name=called(sent[line.line]),
            quantity=line.quantity,
            gross=line.gross,
            discount=line.discount,
            net=line.net,
            returned=returned_of(back, line.line),
            because=because(line.line),
        )
        for line in document.lines
    )

"""What rested on goods that came back: tiers give way, challenges count less, and what they gave is taken back."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs

from regulars import ids
from regulars.db.pool import Transaction
from regulars.flows import answering, tiering, tiers_lost
from regulars.flows.grace import open_pages
from regulars.flows.open_purchase import Opened
from regulars.flows.quest_acts import taken_off
from regulars.members import tier_marks
from regulars.purchases.returning import ReturnAnswer
from regulars.units import parse_quantity


async def undone(tx: Transaction, opened: Opened, answer: ReturnAnswer, at: datetime) -> ReturnAnswer:
    """The answer of a return after that; all else of the return is written already."""
    customer, known = opened.customer, opened.known
    if customer is None or customer.member is None or answer.member is None:
        return answer
    if known.quests:
        answer = await _from_challenges(tx, opened, answer, at)
    if not known.ladders or answer.member is None:
        return answer
    await tiers_lost.undo(tx, known, [customer.member], at, opened.purchase.id)
    present = await tier_marks.now(tx, known.program.id, customer.member, at)
    tiers = {code: one.tier for code, one in present.items() if one.tier is not None}
    member = tiering.with_tier(answer.member, known, tiers, opened.purchase.document.language)
    return structs.replace(answer, member=member)


async def voided(tx: Transaction, opened: Opened, at: datetime) -> None:
    """After a voiding of all that was left; all else of it is written already."""
    if opened.customer is None or opened.customer.member is None:
        return
    purchase, known = opened.purchase, opened.known
    back = {line.line: line.quantity for line in purchase.document.lines}
    await taken_off(
        tx, known, purchase.document, purchase.store, purchase.purchased_at, purchase.id, back,
        ids.new(purchase.home), at,
    )  # fmt: skip
    await tiers_lost.undo(tx, known, [opened.customer.member], at, purchase.id)


async def _from_challenges(
    tx: Transaction, opened: Opened, answer: ReturnAnswer, at: datetime
) -> ReturnAnswer:
    purchase, known, customer = opened.purchase, opened.known, opened.customer
    back: dict[int, int] = {line.line: parse_quantity(line.quantity) for line in answer.lines}
    for (line, _), quantity in opened.returned.items():
        back[line] = back.get(line, 0) + quantity
    act = ids.read("ret", answer.id or "")
    less = await taken_off(
        tx, known, purchase.document, purchase.store, purchase.purchased_at, purchase.id, back, act, at
    )
    if not less or customer is None:
        return answer
    page = (await open_pages(tx, known.program, [customer.pool]))[customer.pool]
    return structs.replace(answer, member=answering.member_view(known, customer, page, at))

"""What a return pays or keeps back beside the goods: delivery, and vouchers, visits and days that were used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.flows import entitled_by_purchase, vouchers
from regulars.flows.gift_sales import Posted
from regulars.flows.memberships_back import memberships_back
from regulars.flows.open_purchase import Opened
from regulars.flows.packs_back import packs_back
from regulars.flows.vouchers import Used
from regulars.purchases.delivery import delivery_back
from regulars.purchases.kept import Document
from regulars.purchases.plan import ReturnPlan
from regulars.purchases.returning import DeliveryBack, ReturnedMembership, ReturnedPack, UsedVoucher
from regulars.units import divide_half_up


class Beside(Struct, frozen=True):
    """Beside the goods of a return; minor units of the purchase's currency."""

    delivery: DeliveryBack
    used_vouchers: tuple[UsedVoucher, ...] = ()
    packs: tuple[ReturnedPack, ...] = ()
    memberships: tuple[ReturnedMembership, ...] = ()

    @property
    def money(self) -> int:
        """What the money of the goods is more by; below zero: less."""
        beside = (*self.used_vouchers, *self.packs, *self.memberships)
        return self.delivery.net - sum(one.kept_back for one in beside)


async def beside_goods(
    tx: Transaction,
    opened: Opened,
    plan: ReturnPlan,
    back: Mapping[int, int],
    posted: Posted,
    *,
    record: bool,
) -> Beside:
    """What there is beside the goods of a return. `back`: line → thousandths that came by now, with this return.

    When no goods are kept, vouchers and unused entitlements that came with the purchase are void from now on, unless
    this is a preview (`record` is false). For used vouchers their cost is kept back by setting, as far as the money
    reaches; then for used visits of packs, and for used days of memberships. What is left of those is taken away.
    """
    at = posted.at
    document, settings = opened.purchase.document, opened.known.program.settings
    whole = all(back.get(line.line, 0) >= line.quantity for line in document.lines)
    delivery = delivery_back(
        document,
        [one.answer for one in opened.returns],
        plan,
        whole=whole,
        partly=settings.delivery_on_partial_return,
    )
    if whole and record:
        await entitled_by_purchase.take_back(
            tx, opened.known.program, opened.customer, document.answer, opened.purchase.id, at
        )
    money, kept = plan.money + delivery.net, ()
    if whole and document.vouchers:
        program = opened.known.program.id
        if record:
            used = await vouchers.cancel(tx, program, opened.purchase.id, document.vouchers, at)
        else:
            used = await vouchers.used_now(tx, program, document.vouchers)
        kept = _kept_back(document, used, money if settings.used_vouchers_on_return == "keep_cost" else 0)
        if record:
            both = zip(used, kept, strict=True)
            unpaid = [one.voucher for one, of_it in both if not 0 < of_it.cost == of_it.kept_back]
            await vouchers.spoil(tx, program, unpaid, at)
        money -= sum(one.kept_back for one in kept)
    packs = await packs_back(tx, opened, plan, posted, max(0, money), record=record)
    money -= sum(one.kept_back for one in packs)
    paid = await memberships_back(tx, opened, plan, posted, max(0, money), record=record)
    return Beside(delivery, kept, packs, paid)


def _kept_back(document: Document, used: Sequence[Used], most: int) -> tuple[UsedVoucher, ...]:
    """Used vouchers, with what is kept back for each: its cost, of `most` together."""
    found: list[UsedVoucher] = []
    for one in used:
        cost = one.cost
        if document.rate is not None:
            numerator, denominator = document.rate
            cost = divide_half_up(cost * denominator, numerator)
        kept = min(cost, most)
        most -= kept
        found.append(UsedVoucher(ids.show("vch", one.voucher), ids.show("prm", one.promotion), cost, kept))
    return tuple(found)

"""Vouchers that come with a purchase: unique codes of a batch, drawn when it is decided, good when it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import structs

from regulars import ids
from regulars.db.burst import Sender
from regulars.db.pool import Transaction
from regulars.flows.claims import Scarce
from regulars.flows.incoming import Incoming
from regulars.promotions import code_text, codes, counters
from regulars.promotions.counters import Noted
from regulars.promotions.limits import CODE, EVER, Claim, Counter
from regulars.promotions.model import Grant, Outcome
from regulars.purchases.model import IssuedView, KeptVoucher, VoucherCode


def drawn(
    incoming: Incoming, outcome: Outcome, scarce: Scarce, held: Sequence[KeptVoucher]
) -> tuple[KeptVoucher, ...]:
    """The codes that a purchase brings, none of a stopped batch; for a confirmation those that its hold drew."""
    before = {(voucher.promotion, voucher.name): voucher for voucher in held}
    found: list[KeptVoucher] = []
    for grant in outcome.grants:
        if grant.kind == "voucher":
            kept = before.get((grant.promotion, grant.code)) or _drawn(incoming, grant, scarce)
            if kept is not None:
                found.append(structs.replace(kept, codes=kept.codes[: grant.count]))
    return tuple(found)


def _drawn(incoming: Incoming, grant: Grant, scarce: Scarce) -> KeptVoucher | None:
    batch = scarce.batches.get(grant.code)
    if batch is None or batch.stopped_at is not None or incoming.mint is None:
        return None
    texts = [code_text.drawn(batch.pattern) for _ in range(grant.count)]
    made = tuple([VoucherCode(incoming.mint.id_of(text), text) for text in texts])
    return KeptVoucher(grant.promotion, batch.id, batch.name, made)


def views(vouchers: Sequence[KeptVoucher]) -> tuple[IssuedView, ...]:
    """What the till prints."""
    return tuple(
        [IssuedView(ids.show("vch", code.id), code.text) for voucher in vouchers for code in voucher.codes]
    )


async def issue(tx: Sender, program: UUID, vouchers: Mapping[UUID, Sequence[KeptVoucher]]) -> None:
    """Make the codes good that came with these purchases."""
    rows = [
        (code.id, voucher.batch, purchase)
        for purchase, issued in vouchers.items()
        for voucher in issued
        for code in voucher.codes
    ]
    if rows:
        await codes.issue(tx, program, sorted(rows))


async def cancel(
    tx: Transaction, program: UUID, purchase: UUID, vouchers: Sequence[KeptVoucher], at: datetime
) -> tuple[UUID, ...]:
    """Take what is left of the codes that a purchase brought; those that were free till now."""
    counted = {
        Counter(code.id, EVER, voucher.batch, CODE): voucher.batch
        for voucher in vouchers
        for code in voucher.codes
    }
    if not counted:
        return ()
    batches = {batch: await codes.find(tx, program, batch) for batch in set(counted.values())}
    wanted: dict[Counter, Claim] = {}
    for counter, batch in counted.items():
        found = batches[batch]
        assert found is not None, "batches are never taken away"
        wanted[counter] = Claim(counter, found.uses, found.uses)
    claiming = await counters.claim(tx, program, wanted, counters.NOTHING_READ, 0)
    granted = {counter: amount for counter, amount in (await claiming.granted()).items() if amount}
    noted = [Noted(purchase, counter, amount, counter.holder) for counter, amount in granted.items()]
    await counters.note(tx, program, "cancellation", at, noted)
    return tuple(counter.holder for counter, amount in granted.items() if amount == wanted[counter].amount)

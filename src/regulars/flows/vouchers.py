"""Vouchers that come with a purchase: unique codes of a batch, drawn when it is decided, good when it is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars import ids
from regulars.db.burst import Sender
from regulars.db.pool import Transaction
from regulars.flows.claims import Scarce
from regulars.flows.incoming import Incoming
from regulars.periods import EVER
from regulars.promotions import code_counts, code_text, codes, counters
from regulars.promotions.counters import Noted
from regulars.promotions.limits import CODE, Claim, Counter
from regulars.promotions.outcome import Grant, Outcome
from regulars.purchases.kept import KeptVoucher, VoucherCode
from regulars.purchases.model import IssuedView
from regulars.units import divide_half_up

CAME_BACK = "the purchase that it came with came back"
"""Why a code is void, as the office shows it."""


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
    return KeptVoucher(grant.promotion, batch.id, batch.name, made, grant.cost)


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


class Used(Struct, frozen=True, gc=False):
    """A voucher of which something was used."""

    voucher: UUID
    promotion: UUID
    cost: int
    """Of what was used, in minor units of base money."""


async def cancel(
    tx: Transaction, program: UUID, purchase: UUID, vouchers: Sequence[KeptVoucher], at: datetime
) -> tuple[Used, ...]:
    """Take what is left of the codes that a purchase brought; those that had been used, whole or in part."""
    wanted = await _all_uses(tx, program, vouchers)
    if not wanted:
        return ()
    claiming = await counters.claim(tx, program, wanted, counters.NOTHING_READ, 0)
    granted = {counter: amount for counter, amount in (await claiming.granted()).items() if amount}
    noted = [Noted(purchase, counter, amount, counter.holder) for counter, amount in granted.items()]
    await counters.note(tx, program, "cancellation", at, noted)
    used = {counter: claim.amount - granted.get(counter, 0) for counter, claim in wanted.items()}
    return _used(vouchers, wanted, used)


async def spoil(tx: Transaction, program: UUID, used: Iterable[UUID], at: datetime) -> None:
    """These codes count no more, though a purchase that used one comes back later or its hold ends.

    Their own purchase has come back and nobody paid for them.
    """
    for code in sorted(used):
        await code_counts.void(tx, program, code, CAME_BACK, at)


async def used_now(tx: Transaction, program: UUID, vouchers: Sequence[KeptVoucher]) -> tuple[Used, ...]:
    """What `cancel` would answer; nothing is taken."""
    wanted = await _all_uses(tx, program, vouchers)
    if not wanted:
        return ()
    read = await counters.read(
        await counters.ask(tx, program, [(counter.holder, counter.period) for counter in wanted])
    )
    return _used(vouchers, wanted, read.used)


async def _all_uses(tx: Transaction, program: UUID, vouchers: Sequence[KeptVoucher]) -> dict[Counter, Claim]:
    """A claim of every use that a code ever had, for each code."""
    wanted: dict[Counter, Claim] = {}
    for voucher in vouchers:
        batch = await codes.find(tx, program, voucher.batch)
        assert batch is not None, "batches are never taken away"
        for code in voucher.codes:
            counter = _counter(voucher, code)
            wanted[counter] = Claim(counter, batch.uses, batch.uses)
    return wanted


def _used(
    vouchers: Sequence[KeptVoucher], wanted: Mapping[Counter, Claim], used: Mapping[Counter, int]
) -> tuple[Used, ...]:
    """Those of which something was used; one that may be used several times costs in proportion, half up."""
    found: list[Used] = []
    for voucher in vouchers:
        for code in voucher.codes:
            counter = _counter(voucher, code)
            uses = wanted[counter].amount
            gone = min(used.get(counter, 0), uses)
            if gone > 0:
                cost = divide_half_up(voucher.cost * gone, uses)
                found.append(Used(code.id, voucher.promotion, cost))
    return tuple(found)


def _counter(voucher: KeptVoucher, code: VoucherCode) -> Counter:
    return Counter(code.id, EVER, voucher.batch, CODE)

"""Books vouchers that were paid for as money that is owed: from the day they are given out until used, ended or void.

A voucher that was claimed for points, or is sold, is a debt of whoever gave it out; one that came for nothing is a
discount when it is used, and nothing before. What is owed is a pool of its own in the ledger. It is opened with the
codes and closed with a cancellation in the same transaction; uses are booked by a round, so that no purchase waits for
it: whatever changes the use of a code notes that in its own transaction (`code_touched`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Database, Transaction, fetch_one
from regulars.flows.grace import open_pages
from regulars.flows.known_programs import KnownPrograms
from regulars.ledger import book, succession
from regulars.ledger.model import Draw
from regulars.ledger.page import Page
from regulars.programs.model import Program
from regulars.promotions import vouchers
from regulars.promotions.codes import Batch
from regulars.promotions.vouchers import Voucher
from regulars.rewards import voucher_book
from regulars.rewards.model import Definition
from regulars.rewards.voucher_book import Booked, VoucherMoney
from regulars.units import Ratio, format_rate, parse_rate

SQL = queries.load("regulars.flows", "voucher_money.sql")
AT_ONCE = 256
BY = "program"
LATE_DAYS = 7
"""How long after its end a voucher stays owed: so long receipts of tills that were offline may still come with it."""


class Uses(Struct, frozen=True):
    """How a code stands by its facts."""

    used: int
    used_at: datetime | None
    """When and (`partner`) at whose store by that one of its uses that counts: the first that did not come back."""
    partner: UUID | None
    last_at: datetime | None
    """The last of all, what came back too."""
    held: bool
    """By a purchase that is not confirmed yet."""


def currency_of(base: str) -> str:
    """The unit of the books of vouchers in a base money; no points currency may be called so."""
    return f"VOUCHER_{base}"


async def owe(
    tx: Transaction,
    program: Program,
    identifier: UUID,
    batch: Batch,
    definition: Definition,
    codes: int,
    valid_until: datetime | None,
    partner: UUID,
    at: datetime,
    actor: str,
) -> None:
    """Enter codes that were paid for as owed, where they are worth an amount; `identifier`: the redemption's or the
    batch's, where it is sold."""
    worth = definition.gives.amount
    if worth is None or not codes:
        return
    ends = min((one for one in (valid_until, batch.valid_until) if one is not None), default=None)
    await book.open_pools(tx, program.id, [identifier], [ids.home(identifier)], "voucher", at)
    page = Page(identifier, ids.home(identifier))
    page.begin("top_up", effective_at=at, recorded_at=at, actor=actor, related=identifier)
    lot = page.earn(
        currency_of(program.base_currency), worth * codes, earned_at=at, active_at=at,
        expires_at=None if ends is None else max(ends, at) + timedelta(days=LATE_DAYS),
        issuer=partner, funder=partner, unit_cost=Ratio(1),
    )  # fmt: skip
    await book.write(tx, program.id, [page])
    percent = definition.tax_rate
    rate = "" if percent is None else format_rate(parse_rate(percent) // 100)
    money = VoucherMoney(identifier, batch.id, lot, worth, codes, definition.purpose, rate, partner, at)
    await voucher_book.enter(tx, program.id, money)
    await vouchers.owe(tx, program.id, batch.id)


async def cancel(
    tx: Transaction,
    program: Program,
    identifier: UUID,
    codes: list[UUID],
    at: datetime,
    actor: str,
    reason: str,
) -> None:
    """The codes of a redemption are void, unused: nothing of them is owed any more. A free one was never owed."""
    money = await voucher_book.find(tx, program.id, identifier)
    if money is None:
        return
    page = await _locked(tx, program, money)
    for code in sorted(codes):
        # A use that came back just now may not be booked yet: what it drew has to be in its lot again.
        await _settle(tx, program, money, page, code, voided=False, at=at)
    page.begin(
        "cancellation", effective_at=at, recorded_at=at, actor=actor, related=identifier, reason=reason
    )
    owed = money.worth * money.codes
    page.take_back(currency_of(program.base_currency), owed, [money.lot], "within_balance", at)
    await book.write(tx, program.id, [page])


async def book_vouchers(database: Database, programs: KnownPrograms, program: UUID, at: datetime) -> int:
    """Book the uses that have changed since the last time, at the program's instant `at`; of how many codes."""
    known = (await programs.fresh(program)).program
    total, place = 0, (-1, UUID(int=0))
    while True:
        async with database.transaction(program) as tx:
            touched = await vouchers.touched(tx, program, place, AT_ONCE)
        for _, code, notes in touched:
            total += await _book_one(database, known, code, notes, at)
        if len(touched) < AT_ONCE:
            return total
        place = touched[-1][:2]


async def _book_one(
    database: Database, program: Program, code: UUID, notes: list[UUID], at: datetime
) -> bool:
    async def work(tx: Transaction) -> bool:
        voucher = await vouchers.find(tx, program.id, code)
        assert voucher is not None, "codes are never taken away"
        owed_by = _owed_by(voucher)
        money = None if owed_by is None else await voucher_book.find(tx, program.id, owed_by)
        booked = True
        if money is not None:
            page = await _locked(tx, program, money)
            voided = voucher.voided_at is not None
            booked = await _settle(tx, program, money, page, code, voided=voided, at=at)
            await book.write(tx, program.id, [page])
        if booked:
            await vouchers.forget_touched(tx, program.id, code, notes)
        return booked

    return await database.run(program.id, work)


def _owed_by(voucher: Voucher) -> UUID | None:
    """Where it may be owed: with the claim it came with, or with its batch. One that a purchase gave is a present."""
    return None if voucher.purchase is not None else voucher.redemption or voucher.batch


async def _locked(tx: Transaction, program: Program, money: VoucherMoney) -> Page:
    await book.lock(tx, program.id, [ids.home(money.id)], [money.id])
    page = (await open_pages(tx, program, [money.id]))[money.id]
    await succession.admit(tx, program.id, page, [money.lot])
    return page


async def _settle(
    tx: Transaction,
    program: Program,
    money: VoucherMoney,
    page: Page,
    code: UUID,
    *,
    voided: bool,
    at: datetime,
) -> bool:
    """Let the books of one code say what its facts do. False while a held purchase has it: it is looked at again."""
    row = await fetch_one(tx, SQL.uses, {"program": program.id, "home": ids.home(code), "code": code})
    assert row is not None
    uses = Uses(*row)
    if uses.held:
        return False
    now = max(at, money.issued_at, uses.last_at or at)
    # What was used in time is settled from what is owed, however late the books look.
    used_at = max(uses.used_at or now, money.issued_at)
    before = await voucher_book.booked(tx, program.id, code)
    currency, used, drawn = currency_of(program.base_currency), uses.used > 0, before.drawn
    partner = (uses.partner or money.partner) if used else None
    if before.used and partner != before.partner:
        # It came back, and may be used at another's store since.
        if drawn:
            back_at = used_at if used else now
            page.begin("return", effective_at=back_at, recorded_at=now, actor=BY, related=code)
            page.give_back(
                currency, [Draw(money.lot, drawn)], drawn, back_at, expired="expire", grace_days=0,
                partner=before.partner,
            )  # fmt: skip
        drawn = 0
    if partner is not None and partner != before.partner:
        owed = 0 if before.voided else money.worth
        page.begin("redemption", effective_at=used_at, recorded_at=now, actor=BY, related=code)
        drawn = _use(page, currency, owed, money.worth, partner, used_at)
    void = voided and not used
    if void and not before.voided:
        page.begin("cancellation", effective_at=now, recorded_at=now, actor=BY, related=code)
        page.take_back(currency, money.worth, [money.lot], "within_balance", now)
    after = Booked(used, partner, drawn, before.voided or void)
    if after != before:
        await voucher_book.book(tx, program.id, money.id, code, after)
    return True


def _use(page: Page, currency: str, owed: int, worth: int, partner: UUID, at: datetime) -> int:
    """Settle one code, used at an instant at a partner's store; `owed`: what of its worth is owed until its end.

    How much was drawn of what was still owed: the rest is the store's.
    """
    still = min(owed, page.available(currency, at))
    if still:
        page.spend(currency, still, at, partner)
    if still < worth:
        page.shortfall(currency, worth - still, partner)
    return still

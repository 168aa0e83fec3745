"""Does a decided purchase to the member's page of the books: what it spends, holds and earns, and for how long. Pure
but for ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from msgspec import structs

from regulars import clock, ids
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.ledger.page import Page
from regulars.periods import add_months
from regulars.programs.model import CurrencySpec
from regulars.promotions.index import Live
from regulars.promotions.outcome import Earning, Outcome, Validity
from regulars.purchases.kept import KeptEarning


def earnings_of(incoming: Incoming, known: Known, outcome: Outcome, at: datetime) -> list[KeptEarning]:
    """One for each promotion, currency and validity, with its share on each line."""
    found: dict[tuple[str, UUID, Validity | None], tuple[Earning, list[int], list[int]]] = {}
    last: Earning | None = None
    entry: tuple[Earning, list[int], list[int]] | None = None
    for earning in outcome.earned:
        if not earning.amount:
            continue
        if entry is None or last is None or not _alike(earning, last):
            last = earning
            entry = found.setdefault(
                (earning.currency, earning.promotion, earning.validity), (earning, [], [])
            )
        entry[1].append(earning.line)
        entry[2].append(earning.amount)
    earned = []
    for (code, promotion, _), (first, lines, amounts) in found.items():
        active_at, expires_at = validity(known.program.currencies[code], first.validity, incoming, known, at)
        earned.append(
            KeptEarning(
                code, promotion, first.revision, None, active_at, expires_at, tuple(lines), tuple(amounts)
            )
        )
    return earned


def _alike(one: Earning, other: Earning) -> bool:
    """Whether they go into one lot; the lines of one award follow one another and share their objects."""
    return (
        one.promotion is other.promotion and one.currency is other.currency and one.validity is other.validity
    )


def validity(
    currency: CurrencySpec, own: Validity | None, incoming: Incoming, known: Known, at: datetime
) -> tuple[datetime, datetime | None]:
    """From when and until when points may be used: days of the program's time zone, the last day included."""
    zone = known.program.time_zone
    earned_on = incoming.sent.purchased_at.astimezone(clock.zone(zone)).date()
    days = currency.active_after_days
    after_days, after_months = currency.expires_after_days, currency.expires_after_months
    if own is not None:
        days = days if own.active_after_days is None else own.active_after_days
        if own.expires_after_days is not None or own.expires_after_months is not None:
            after_days, after_months = own.expires_after_days, own.expires_after_months
    later, ends = _term(earned_on, zone, days, after_days, after_months)
    active_at = later or min(incoming.sent.purchased_at, at).astimezone(UTC)
    return active_at, None if ends is None else max(ends, active_at + timedelta(seconds=1))


@lru_cache(maxsize=1024)
def _term(
    earned_on: date, zone: str, days: int, after_days: int | None, after_months: int | None
) -> tuple[datetime | None, datetime | None]:
    """The midnight from which points may be used (None: at once), and the one from which on no more (None: never)."""
    active_at = clock.midnight(earned_on + timedelta(days=days), zone) if days else None
    if after_days is not None:
        return active_at, clock.midnight(earned_on + timedelta(days=after_days + 1), zone)
    if after_months is not None:
        return active_at, clock.midnight(add_months(earned_on, after_months) + timedelta(days=1), zone)
    return active_at, None


def book(
    incoming: Incoming,
    known: Known,
    live: Live,
    page: Page,
    outcome: Outcome,
    earned: list[KeptEarning],
    at: datetime,
    purchase: UUID | None,
    hold: UUID | None,
    captured: UUID | None,
) -> list[KeptEarning]:
    """Do the purchase to the page. The earnings with the lots that they went into."""
    short = outcome.short if incoming.sent.pricing == "as_sold" else {}
    amounts: dict[str, int] = {}
    for spent in outcome.spent:
        amounts[spent.currency] = amounts.get(spent.currency, 0) + spent.amount
    if short:
        amounts = {currency: amount - short.get(currency, 0) for currency, amount in amounts.items()}
        amounts = {currency: amount for currency, amount in amounts.items() if amount > 0}
    if hold is not None:
        page.hold(hold, purchase, amounts, at, at + hold_time(incoming, known))
        return earned
    begin(page, incoming, at, purchase)
    partner = incoming.store.partner
    if captured is not None:
        page.capture(captured, amounts, at, partner)
    else:
        for currency, amount in amounts.items():
            page.spend(currency, amount, at, partner)
        for currency, amount in short.items():
            page.shortfall(currency, amount, partner)
    return book_earnings(incoming, known, live, page, earned, at, purchase)


def begin(page: Page, incoming: Incoming, at: datetime, purchase: UUID | None) -> None:
    """Open the posting of a purchase: effective when it was made, though never later than now."""
    page.begin(
        "purchase",
        effective_at=min(incoming.sent.purchased_at, at),
        recorded_at=at,
        actor=actor(incoming),
        purchase=purchase,
    )


def book_earnings(
    incoming: Incoming,
    known: Known,
    live: Live,
    page: Page,
    earned: Iterable[KeptEarning],
    at: datetime,
    purchase: UUID | None,
) -> list[KeptEarning]:
    """One lot for each promotion and currency, in the posting that the page has open. The earnings with their lots."""
    return [
        structs.replace(
            earning,
            lot=page.earn(
                earning.currency,
                earning.amount,
                earned_at=min(incoming.sent.purchased_at, at),
                active_at=earning.active_at,
                expires_at=earning.expires_at,
                issuer=incoming.store.partner,
                funder=known.funder(live.by_id.get(earning.promotion)),
                promotion=earning.promotion,
                revision=earning.revision,
                purchase=purchase,
                unit_cost=known.program.currencies[earning.currency].worth,
            ),
        )
        for earning in earned
    ]


def hold_time(incoming: Incoming, known: Known) -> timedelta:
    """How long a hold of this purchase lasts."""
    return timedelta(seconds=incoming.sent.hold_seconds or known.program.settings.hold_seconds)


def actor(incoming: Incoming) -> str:
    """Who did it, for the books: the key, and the cashier where the till names one."""
    cashier = incoming.sent.cashier
    key = ids.show("key", incoming.caller.key)
    return f"{key}/{cashier}" if cashier else key

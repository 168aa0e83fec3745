"""The page of what is owed for what was paid in advance: gift cards and vouchers, by tax and age, and row by row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

from litestar import Response

from regulars.backoffice.gift_cards import last_moment
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue
from regulars.flows.prepaid_owed import (
    AGES,
    Kind,
    OwedPart,
    OwedRow,
    Purpose,
    Wanted,
    owed_parts,
    owed_rows,
    prepaid_owed,
)
from regulars.i18n import N_, Language
from regulars.units import PPM, money_scale, parse_rate
from regulars.web.tables import decimal, rows_as_csv

pages = Pages()
AT_ONCE = 100
FILE_AT_ONCE = 5000
HEADINGS = ("kind", "id", "name", "currency", "purpose", "tax_rate", "issued_at", "ends_at", "owed")
KINDS = {"gift_card": N_("Gift cards"), "voucher": N_("Vouchers")}
PURPOSES = {"multi": N_("due when it is used"), "single": N_("was due when it was given out")}
BOUNDS = (0, *AGES)
YEAR_DAYS = 365


@pages.get("/prepaid", needs="books.read")
async def prepaid(visit: Visit) -> Response[Any]:
    """What is owed together, its parts, and the rows behind them."""
    at, wanted = await visit.now(), _wanted(visit)
    owed = await prepaid_owed(visit.database, visit.known, at)
    rows = await owed_rows(visit.database, visit.known, wanted, at, _after(visit), AT_ONCE + 1)
    language = visit.language
    return visit.page(
        "prepaid",
        owed=owed,
        older=sum(part.amount for part in owed.parts if part.from_days >= YEAR_DAYS),
        kinds=KINDS,
        purposes=PURPOSES,
        age=lambda part: age_words(language, part),
        rate=lambda rate: rate_words(language, rate),
        place=lambda part: (
            f"/backoffice/prepaid?kind={part.kind}&purpose={part.purpose}&age={part.from_days}#rows"
        ),
        rows=rows[:AT_ONCE],
        link=_link,
        last=last_moment,
        next=_cursor(rows[AT_ONCE - 1]) if len(rows) > AT_ONCE else None,
        first="cursor" not in visit.query,
        filtered=wanted != Wanted(),
    )


@pages.get("/prepaid.csv", needs="books.read")
async def prepaid_csv(visit: Visit) -> Response[Any]:
    """All the rows for a spreadsheet."""
    # What is wrong with the filter is answered before anything is sent.
    at, wanted = await visit.now(), _wanted(visit)

    def line(one: OwedRow) -> list[str | Decimal]:
        ends = "" if one.ends_at is None else one.ends_at.astimezone(visit.zone).isoformat()
        return [
            one.kind, one.id, one.named, one.currency, one.purpose, one.tax_rate or "",
            one.issued_at.astimezone(visit.zone).isoformat(), ends,
            decimal(one.amount, money_scale(one.currency)),
        ]  # fmt: skip

    async def pieces() -> AsyncIterator[bytes]:
        yield rows_as_csv([HEADINGS])
        async for rows in owed_parts(visit.database, visit.known, wanted, at, FILE_AT_ONCE):
            yield rows_as_csv([line(one) for one in rows])

    return visit.stream("owed.csv", pieces(), "text/csv")


def age_words(language: Language, part: OwedPart) -> str:
    """Since when: less than 90 days, 90 days to a year, one or two years, longer."""
    words = {
        0: language.gettext("less than 90 days"),
        90: language.gettext("90 days to a year"),
        365: language.gettext("one to two years"),
        730: language.gettext("more than two years"),
    }
    return words[part.from_days]


def rate_words(language: Language, rate: str) -> str:
    """A rate of tax (`0.21`) per cent, with as many of two decimals as it has."""
    ppm = parse_rate(rate)
    decimals = next(n for n, part in enumerate((10_000, 1000, 1)) if ppm % part == 0)
    return language.percent(Decimal(ppm) / PPM, decimals=decimals)


def _wanted(visit: Visit) -> Wanted:
    """Raises InvalidValue for what is no kind, purpose or age."""
    kind, purpose, age = (visit.query.get(name) or None for name in ("kind", "purpose", "age"))
    found: dict[str, Any] = {}
    for name, sent, known in (("kind", kind, get_args(Kind)), ("purpose", purpose, get_args(Purpose))):
        if sent is not None and sent not in known:
            raise InvalidValue(f"?{name}", "is none of " + ", ".join(known))
        found[name] = sent
    if age is not None:
        if age not in [str(bound) for bound in BOUNDS]:
            raise InvalidValue("?age", "is none of " + ", ".join(map(str, BOUNDS)))
        found |= {"from_days": int(age), "to_days": (*AGES, None)[BOUNDS.index(int(age))]}
    return Wanted(**found)


def _link(one: OwedRow) -> str:
    """Its page: of a card its own, of a voucher that of its batch or of the claims."""
    if one.kind == "gift_card":
        return f"/backoffice/gift-cards/{one.id}"
    return f"/backoffice/codes/{one.id}" if one.id.startswith("cbt_") else "/backoffice/redemptions"


def _cursor(row: OwedRow) -> str:
    at, lot = row.place
    return f"{at.isoformat()}~{lot}"


def _after(visit: Visit) -> tuple[datetime, UUID] | None:
    """Raises InvalidValue for a cursor that is none."""
    sent = visit.query.get("cursor")
    if not sent:
        return None
    at, _, lot = sent.replace(" ", "+").partition("~")
    try:
        instant, found = datetime.fromisoformat(at), UUID(lot)
    except ValueError as error:
        raise InvalidValue("?cursor", "is none of this list") from error
    if instant.tzinfo is None:
        raise InvalidValue("?cursor", "is none of this list")
    return instant, found

"""Enters currencies and dated rates of exchange in a program's register, and reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue
from regulars.flows.registering import Name, once, record
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import CurrencySpec, ExchangeRate
from regulars.units import PPM, Ratio, format_rate, parse_rate

YEARS = (1970, 2200)
"""Between which instants make sense, with room for what is computed from them."""
Language = Annotated[str, Meta(pattern="^[a-z]{2}$")]
Plural = Literal["zero", "one", "two", "few", "many", "other"]


class NewCurrency(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/currencies`. `worth` is in minor units of the base money per unit, a decimal string."""

    code: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{1,15}$")]
    kind: Literal["points", "money", "qualifying", "stamps", "visits"] = "points"
    scale: Annotated[int, Meta(ge=0, le=4)] = 0
    worth: Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,6})?$")] = "1"
    names: Annotated[dict[Language, dict[Plural, Name]], Meta(max_length=20)] = {}
    """By language, the plural forms by CLDR category."""
    active_after_days: Annotated[int, Meta(ge=0, le=3660)] = 0
    expires_after_days: Annotated[int, Meta(ge=1, le=36600)] | None = None
    expires_after_months: Annotated[int, Meta(ge=1, le=1200)] | None = None


class CurrencyView(Struct, frozen=True):
    """A currency as it is answered; `worth` in minor units of the base money per unit, a decimal string."""

    code: str
    kind: str
    scale: int
    worth: str
    names: dict[str, dict[str, str]]
    active_after_days: int
    expires_after_days: int | None
    expires_after_months: int | None


class NewExchangeRate(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/exchange-rates`: what one minor unit of a money is in minor units of the base money."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    valid_from: Annotated[datetime, Meta(tz=True)]
    rate: Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,6})?$")]


class ExchangeRateView(Struct, frozen=True):
    """A dated rate as it is answered."""

    currency: str
    valid_from: datetime
    rate: str


async def register_currency(database: Database, request: Request, new: NewCurrency) -> Answer:
    """Enter a currency or change its names, worth and validity: 201.

    Raises StateConflict for kind and scale.
    """
    if new.expires_after_days is not None and new.expires_after_months is not None:
        raise InvalidValue(
            "/expires_after_months", "Points expire after days or after months, not after both."
        )
    if new.kind == "money" and new.scale == 0 and not new.names:
        raise InvalidValue("/names", "Money that is given as points needs its scale or its names.")
    worth = _ratio("/worth", new.worth, least=0)
    if new.kind in ("stamps", "visits") and (worth.numerator or new.scale):
        raise InvalidValue(
            "/worth", "Stamps and visits are whole and pay nothing: a worth and scale of 0 are needed."
        )
    currency = CurrencySpec(
        code=new.code,
        kind=new.kind,
        scale=new.scale,
        worth=worth,
        names={
            language: {str(form): name for form, name in forms.items()}
            for language, forms in new.names.items()
        },
        active_after_days=new.active_after_days,
        expires_after_days=new.expires_after_days,
        expires_after_months=new.expires_after_months,
    )

    async def work(tx: Transaction) -> bytes:
        before = (await reading.load(tx, request.program)).currencies.get(new.code)
        await registry.upsert_currency(tx, request.program, currency)
        await record(tx, request, "currency", new.code, before, currency)
        return msgspec.json.encode(new)

    return await once(database, request, work)


async def register_exchange_rate(database: Database, request: Request, new: NewExchangeRate) -> Answer:
    """Enter a dated rate: 201. Purchases keep the rate they were made at."""
    if not YEARS[0] <= new.valid_from.year < YEARS[1]:
        raise InvalidValue("/valid_from", f"An instant from {YEARS[0]} to {YEARS[1]} is needed.")
    rate = ExchangeRate(new.currency, new.valid_from, _ratio("/rate", new.rate, least=1))

    async def work(tx: Transaction) -> bytes:
        program = await reading.load(tx, request.program)
        if program.base_currency == new.currency:
            raise InvalidValue("/currency", f"{new.currency} is the program's base money; its rate is 1.")
        await registry.upsert_exchange_rate(tx, request.program, rate)
        await trail.record(
            tx, request.program, Change("exchange_rate.entered", new.currency, after=new), request.at
        )
        return msgspec.json.encode(new)

    return await once(database, request, work)


async def list_currencies(database: Database, program: UUID) -> tuple[CurrencyView, ...]:
    """Currencies by code."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
    return tuple(
        CurrencyView(
            currency.code,
            currency.kind,
            currency.scale,
            _decimal(currency.worth),
            currency.names,
            currency.active_after_days,
            currency.expires_after_days,
            currency.expires_after_months,
        )
        for currency in loaded.currencies.values()
    )


async def list_exchange_rates(database: Database, program: UUID) -> tuple[ExchangeRateView, ...]:
    """Dated rates by currency, the newest first."""
    async with database.transaction(program) as tx:
        rates = await reading.exchange_rates(tx, program)
    return tuple(ExchangeRateView(rate.currency, rate.valid_from, _decimal(rate.rate)) for rate in rates)


def _ratio(pointer: str, text: str, *, least: int) -> Ratio:
    try:
        ppm = parse_rate(text)
    except ValueError as error:
        raise InvalidValue(
            pointer, "A plain number from 0 to 1000 with at most 6 decimals is needed."
        ) from error
    if ppm < least:
        raise InvalidValue(pointer, "A rate is above 0.")
    return Ratio(ppm, PPM) if ppm % PPM else Ratio(ppm // PPM)


def _decimal(ratio: Ratio) -> str:
    """A rate as it was given: every rate of the register is a whole number of millionths."""
    return format_rate(ratio.half_up(PPM))

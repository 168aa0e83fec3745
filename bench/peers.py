"""The same rules in the promotion code of two installable peers, in one run: what it takes, and what each can say.

    python bench/peers.py            makes a virtual environment of its own for the peers, and runs itself in it

- django-oscar (its offer applicator): shop software; offers live in tables, here SQLite in memory. They are read
  beforehand; what the applicator asks the database of ranges while it runs is its own way of working, and counts.
- bg4h-discount-api: a pure pricing engine with tables of discounts by family; rules in memory.

They are nothing that Regulars needs, so they are installed here only. Every figure is processor time for one basket of
10 lines, the fastest round; the totals are compared to the cent before anything is measured.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import venv
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

PEERS = ("django-oscar==4.2.1", "bg4h-discount-api==0.1.1", "msgspec")
ROOT = Path(__file__).parents[1]
AT = datetime(2026, 11, 21, 10, 3, tzinfo=UTC)
LINES, CATEGORIES = 10, 100
PRICES = [199 + 140 * n for n in range(LINES)]
"""Minor units of one piece; the line n is of the category c{n}."""
PIECES = [2, 1, 1, 2, 1, 1, 3, 1, 1, 2]
REST = range(1, 5)
"""The lines of the basket discount: in django-oscar no piece takes part twice, so the three rules share none."""
GROSS = sum(price * count for price, count in zip(PRICES, PIECES, strict=True))

CAN = """
| | Regulars | django-oscar | bg4h-discount-api |
|---|---|---|---|
| a percentage, an amount or a price on goods | yes | yes | percentage, price |
| a percentage or an amount off the basket | yes | yes | no |
| n for m, the cheapest free | any n, m, percentage; cheapest or dearest | one free piece of a count | no |
| buy X, get Y of other goods | yes | no (the pieces are not tied) | no |
| bundles for a price | yes | a fixed price for the pieces of a condition | no |
| ladders by quantity, amount, turnover | yes | no | by quantity of one article |
| points, stamps, cashback, vouchers, gifts | yes | no | no |
| free delivery | yes | yes | no |
| conditions | over 30 kinds with and / or / not | count, value, coverage | least units or amount of one article |
| which promotion wins | groups: best (proved), first, all … | by priority, one after the other | by fixed precedence |
| budgets and use limits | per member, store, period …, exact | global and per user, at checkout | no |
| why not, and what is lacking | yes, every promotion | messages for one condition | minimum met or not |
| money | integers, allocated to the cent | decimals, allocated | decimals per unit |
"""


def per_basket_us(work: Callable[[], object], seconds: float) -> float:
    """The fastest of the rounds that fit into `seconds`, in µs of processor time."""
    work()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.process_time_ns()
        work()
        best = min(best, (time.process_time_ns() - start) / 1000)
    return best


# --- Regulars ----------------------------------------------------------------------------------------------------


def ours(documents: list[dict[str, Any]]) -> Callable[[], int]:
    """The payable of the basket under these promotions."""
    from regulars.promotions import engine
    from regulars.promotions.document import parse
    from regulars.promotions.index import Live
    from regulars.promotions.model import Basket, GroupRule, Line, Revision, Rules, Standing

    groups = (GroupRule("items", "item", "best"), GroupRule("basket", "basket", "all"))
    revisions = [Revision(UUID(int=n + 1), 1, parse(raw)) for n, raw in enumerate(documents)]
    live = Live.build(revisions, groups)
    lines = tuple(
        Line(n + 1, f"p{n}", count * 1000, price * count, price, (f"c{n}", "rest" if n in REST else "other"))
        for n, (price, count) in enumerate(zip(PRICES, PIECES, strict=True))
    )
    basket, standing, rules = Basket("EUR", lines, AT, AT), Standing(), Rules("EUR", {})
    return lambda: engine.evaluate(live, basket, standing, rules).payable


def twenty_percent(category: int) -> dict[str, Any]:
    benefit = {"kind": "line_percent", "percent": "20", "goods": {"categories": [f"c{category}"]}}
    return {"name": f"c{category}", "group": "items", "benefits": [benefit]}


REST_GOODS = {"categories": ["rest"]}
MIX: list[dict[str, Any]] = [
    twenty_percent(0),
    {"name": "3 for 2", "group": "items",
     "benefits": [{"kind": "n_for_m", "pieces": 3, "pay": 2, "goods": {"categories": ["c6"]}}]},
    {"name": "3.00 off from 20.00", "group": "basket",
     "conditions": [{"kind": "basket_amount", "minimum": 2000, "goods": REST_GOODS}],
     "benefits": [{"kind": "basket_amount_off", "amount": 300, "goods": REST_GOODS}]},
]  # fmt: skip


# --- django-oscar ------------------------------------------------------------------------------------------------


def set_up_oscar() -> None:
    """Django with oscar's apps on an empty SQLite in memory."""
    import django  # pyright: ignore[reportMissingImports]
    from django.conf import settings  # pyright: ignore[reportMissingImports]
    from oscar import defaults  # pyright: ignore[reportMissingImports]

    own = "analytics checkout address shipping catalogue communication partner basket payment offer order customer"
    panel = (
        "reports users orders catalogue offers partners pages ranges reviews vouchers communications shipping"
    )
    apps = [
        *[
            f"django.contrib.{name}"
            for name in ("contenttypes", "auth", "sites", "flatpages", "sessions", "messages")
        ],
        "django.contrib.admin",
        "oscar.config.Shop",
        *[
            f"oscar.apps.{name}.apps.{name.title()}Config"
            for name in (*own.split(), "search", "voucher", "wishlists")
        ],
        "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
        "oscar.apps.dashboard.apps.DashboardConfig",
        *[f"oscar.apps.dashboard.{name}.apps.{name.title()}DashboardConfig" for name in panel.split()],
        *["widget_tweaks", "haystack", "treebeard", "django_tables2"],
    ]
    settings.configure(
        **{name: value for name, value in vars(defaults).items() if name.isupper()},
        INSTALLED_APPS=apps,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        SITE_ID=1,
        SECRET_KEY="bench",
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        LOGGING_CONFIG=None,
    )
    django.setup()
    from django.core.management import call_command  # pyright: ignore[reportMissingImports]

    warnings.simplefilter("ignore")
    call_command("migrate", verbosity=0, run_syncdb=True)


def oscars(mix: bool) -> Callable[[], int]:
    """The total of a saved basket after its applicator ran over offers that were read beforehand."""
    from oscar.apps.offer.applicator import Applicator  # pyright: ignore[reportMissingImports]
    from oscar.core.loading import get_model  # pyright: ignore[reportMissingImports]
    from oscar.test.factories import create_product  # pyright: ignore[reportMissingImports]
    from oscar.test.factories.basket import BasketFactory  # pyright: ignore[reportMissingImports]

    category, kind = get_model("catalogue", "Category"), get_model("offer", "Range")
    basket = BasketFactory()
    found: dict[str, Any] = {}

    def goods(name: str) -> Any:
        if name not in found:
            found[name] = kind.objects.create(name=f"{name}-{mix}")
            found[name].included_categories.add(category.add_root(name=f"{name}-{mix}"))
        return found[name]

    for n in range(CATEGORIES):
        goods(f"c{n}")
    goods("rest")
    for n, (price, count) in enumerate(zip(PRICES, PIECES, strict=True)):
        product = create_product(price=Decimal(price) / 100, num_in_stock=100)
        product.categories.add(category.objects.get(name=f"c{n}-{mix}"))
        if n in REST:
            product.categories.add(category.objects.get(name=f"rest-{mix}"))
        basket.add_product(product, count)
    offers = [
        _offer(f"{mix}-{n}", goods(f"c{n}"), 1, "Percentage", 20) for n in range(1 if mix else CATEGORIES)
    ]
    if mix:
        offers.append(_offer("three", goods("c6"), 3, "Multibuy", None))
        offers.append(_offer("off", goods("rest"), Decimal(20), "Absolute", 3))
    applicator = Applicator()

    def total() -> int:
        basket.reset_offer_applications()
        applicator.apply_offers(basket, offers)
        return int(basket.total_incl_tax * 100)

    return total


def _offer(name: str, goods: Any, least: int | Decimal, benefit: str, value: int | None) -> Any:
    from oscar.core.loading import get_model  # pyright: ignore[reportMissingImports]

    kinds = (
        get_model("offer", "Condition"),
        get_model("offer", "Benefit"),
        get_model("offer", "ConditionalOffer"),
    )
    count = kinds[0].VALUE if isinstance(least, Decimal) else kinds[0].COUNT
    types = {"Percentage": kinds[1].PERCENTAGE, "Multibuy": kinds[1].MULTIBUY, "Absolute": kinds[1].FIXED}
    condition = kinds[0].objects.create(range=goods, type=count, value=least)
    given = kinds[1].objects.create(range=goods, type=types[benefit], value=value)
    return kinds[2].objects.create(name=name, condition=condition, benefit=given)


# --- bg4h-discount-api -------------------------------------------------------------------------------------------


class Families:
    """Its rules in memory: a promotion of 20 % on each family, and nothing else."""

    def __init__(self, module: Any):
        self.module = module
        self.lines = {
            f"f{n}": [module.PromotionLine(discount=Decimal(20), price=None, family=f"c{n}")]
            for n in range(CATEGORIES)
        }
        self.promotions = [module.Promotion(code, code, None, None) for code in self.lines]

    def get_product(self, reference: str) -> Any:
        n = int(reference[1:])
        return self.module.ProductData(reference, reference, Decimal(PRICES[n]) / 100, family=f"c{n}")

    def get_client(self, client_code: str) -> Any:
        return self.module.ClientData(client_code)

    def get_active_promotions(self, price_date: date) -> list[Any]:
        return self.promotions

    def get_promotion_lines(self, promotion_code: str) -> list[Any]:
        return self.lines[promotion_code]

    def get_discount_header(self, discount_code: str) -> None:
        return None

    def get_exception_header(self, client_code: str) -> None:
        return None


def bg4hs() -> Callable[[], int]:
    """The sum of the lines' final amounts, rounded to the cent a line."""
    from bg4h_discount_api import models  # pyright: ignore[reportMissingImports]
    from bg4h_discount_api.engine import DiscountCalculator  # pyright: ignore[reportMissingImports]

    calculator = DiscountCalculator(Families(models))
    articles = [{"reference": f"p{n}", "quantity": count} for n, count in enumerate(PIECES)]

    def total() -> int:
        priced = calculator.calculate(articles, "client", price_date=AT.date())
        return sum(int((one.final_amount * 100).quantize(Decimal(1))) for one in priced)

    return total


# --- the run -----------------------------------------------------------------------------------------------------


def in_own_environment(arguments: list[str]) -> int:
    """Make the environment (once), and run this file in it."""
    place = Path(tempfile.gettempdir()) / "regulars-bench-peers"
    python = place / "bin" / "python"
    if not (place / "ready").exists():
        venv.create(place, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", *PEERS], check=True)
        (place / "ready").touch()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([python, __file__, "--inside", *arguments], env=environment, check=False).returncode


def compare(seconds: float) -> None:
    """Print what each takes for the same rules, after seeing that they come to the same totals."""
    set_up_oscar()
    hundred = [twenty_percent(n) for n in range(CATEGORIES)]
    runs = {
        f"20 % on each of {CATEGORIES} categories": [
            ("Regulars", ours(hundred)), ("django-oscar", oscars(mix=False)), ("bg4h-discount-api", bg4hs()),
        ],
        "20 % on a category, 3 for 2, 3.00 off from 20.00": [
            ("Regulars", ours(MIX)), ("django-oscar", oscars(mix=True)),
        ],
    }  # fmt: skip
    print("| rules (10 lines) | engine | µs per basket | times ours | payable |\n|---|---|---:|---:|---:|")
    for rules, engines in runs.items():
        totals = {name: work() for name, work in engines}
        assert len(set(totals.values())) == 1, f"{rules}: {totals}"
        first = 0.0
        for name, work in engines:
            taken = per_basket_us(work, seconds)
            first = first or taken
            print(f"| {rules} | {name} | {taken:,.0f} | {taken / first:,.0f} × | {totals[name]} of {GROSS} |")
    print(CAN)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="time for each figure")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.inside:
        return in_own_environment(["--seconds", str(given.seconds)])
    compare(given.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the demo's members collect and pay for ahead: a stamp card for bread, ten coffees at the counter, and a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from regulars import ids
from regulars.assortment.model import Product
from regulars.cli.demo.holders import members_of, said
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.adjust_points import NewAdjustment, adjust_points
from regulars.flows.begin_membership import NewMembership, begin_membership
from regulars.flows.edit_assortment import upsert_products
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.membership_plans import put_plan
from regulars.flows.packs import NewPack, NewVisit, put_kind, sell_pack, use_visit
from regulars.flows.publish_promotion import create_promotion, publish_promotion
from regulars.flows.register_currency import NewCurrency, register_currency
from regulars.promotions.model import Document
from regulars.rewards.packs import PackDocument
from regulars.rewards.plans import PlanDocument

BY = "demo"
STAMPS = (9, 3, 6, 1, 8, 4)
"""What the first members have on their cards."""
USED = (4, 0, 7, 9)
"""Coffees that they have drunk of their packs."""
SUBSCRIBERS = 5
WARNINGS = ("unbounded", "unlimited_gain")
"""Of the linter, about the stamp card: whoever buys more bread has more stamps."""


CURRENCIES: tuple[dict[str, Any], ...] = (
    {
        "code": "STAMPS", "kind": "stamps", "worth": "0",
        "names": {
            "en": {"one": "stamp", "other": "stamps"},
            "lv": {"zero": "zīmodziņu", "one": "zīmodziņš", "other": "zīmodziņi"},
            "ru": {"one": "штамп", "few": "штампа", "many": "штампов", "other": "штампа"},
            "et": {"one": "tempel", "other": "templit"},
            "hu": {"one": "pecsét", "other": "pecsét"},
        },
    },
    {
        "code": "CUPS", "kind": "visits", "worth": "0",
        "names": {
            "en": {"one": "coffee", "other": "coffees"},
            "lv": {"zero": "kafiju", "one": "kafija", "other": "kafijas"},
            "ru": {"one": "кофе", "few": "кофе", "many": "кофе", "other": "кофе"},
            "et": {"one": "kohv", "other": "kohvi"},
            "hu": {"one": "kávé", "other": "kávé"},
        },
    },
)  # fmt: skip
_BREAD = {"categories": ["bakery/bread"], "label": said("bread", "maize", "хлеб", "leib", "kenyér")}
PROMOTIONS: dict[str, dict[str, Any]] = {
    "stamps": {
        "name": "A stamp for each loaf",
        "names": said(
            "A stamp for each loaf", "Zīmodziņš par katru maizi", "Штамп за каждый хлеб", "Tempel iga leiva eest",
            "Pecsét minden kenyérért",
        ),
        "group": "points",
        "conditions": [{"kind": "member"}],
        "benefits": [{"kind": "points_per_unit", "currency": "STAMPS", "points": 1, "goods": _BREAD}],
    },
    "tenth": {
        "name": "The tenth loaf is free",
        "names": said(
            "The tenth loaf is free", "Desmitā maize bez maksas", "Десятый хлеб бесплатно", "Kümnes leib tasuta",
            "A tizedik kenyér ingyen",
        ),
        "group": "items",
        "benefits": [{
            "kind": "points_price", "currency": "STAMPS", "points": 9, "price": 0, "pieces": 1, "automatic": True,
            "goods": _BREAD,
        }],
    },
}  # fmt: skip
PACK: dict[str, Any] = {
    "names": said(
        "Ten coffees at the counter", "Desmit kafijas pie letes", "Десять кофе у стойки", "Kümme kohvi letist",
        "Tíz kávé a pultnál",
    ),
    "currency": "CUPS", "visits": 10, "price": 1_800, "valid_days": 180, "sku": "ten-coffees",
}  # fmt: skip
ARTICLE = Product(
    "ten-coffees", "Ten coffees at the counter", PACK["price"], PACK["names"], "2099000000101",
    categories=("drinks/packs",), tax_rate="0.21",
)  # fmt: skip
"""By which tills sell the pack."""
PLAN = {
    "names": said("Dzintars Plus", "Dzintars Plus", "Dzintars Plus", "Dzintars Plus", "Dzintars Plus"),
    "texts": said(
        "Prices of the club in every shop, and a place at the head of the queue for deliveries.",
        "Kluba cenas katrā veikalā un vieta piegāžu rindas sākumā.",
        "Цены клуба в каждом магазине и место в начале очереди на доставку.",
        "Klubihinnad igas poes ja koht tarnejärjekorra alguses.",
        "Klubárak minden üzletben, és elsőbbség a kiszállításnál.",
    ),
    "price": 399, "period": "month", "club": "plus", "trial_days": 14, "sku": "dzintars-plus",
}  # fmt: skip
MONTH = Product(
    "dzintars-plus", "Dzintars Plus, a month", 399,
    said(
        "Dzintars Plus, a month", "Dzintars Plus, mēnesis", "Dzintars Plus, месяц", "Dzintars Plus, kuu",
        "Dzintars Plus, egy hónap",
    ),
    "2099000000118", categories=("services/memberships",), tax_rate="0.21",
)  # fmt: skip
"""By which tills sell it."""


async def load(database: Database, known: KnownPrograms, cards: Sequence[str], first: Request) -> None:
    """Make them, and let members have some; repeated, it changes nothing. `first`: as requests look."""
    program = (await known.fresh(first.program)).program

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    for content in CURRENCIES:
        new = msgspec.convert(content, NewCurrency)
        await register_currency(database, request(f"currency/{new.code}", new), new)
    for name, content in PROMOTIONS.items():
        document = msgspec.convert(content, Document)
        made = await create_promotion(database, request(f"prepaid/{name}", document), document, BY)
        promotion = ids.read("prm", msgspec.json.decode(made.body)["id"])
        await publish_promotion(
            database, known, request(f"prepaid/publish/{name}", name), promotion, BY, WARNINGS
        )
    await upsert_products(database, program.id, [ARTICLE, MONTH])
    await put_kind(database, program.id, "coffees", msgspec.convert(PACK, PackDocument), BY, first.at)
    await put_plan(database, program.id, "plus", msgspec.convert(PLAN, PlanDocument), BY, first.at)
    ready = (await known.fresh(program.id)).program
    members = await members_of(database, program.id, cards[: len(STAMPS)])
    for member, stamps in zip(members, STAMPS, strict=False):
        given = NewAdjustment("STAMPS", stamps, "from the paper card")
        await adjust_points(database, ready, request(f"stamps/{member}", given), BY, member, given)
    for member, used in zip(members, USED, strict=False):
        pack = NewPack("coffees", "receipt 104-22")
        await sell_pack(database, ready, request(f"pack/{member}", pack), BY, member, pack)
        if used:
            drunk = NewVisit("CUPS", used)
            await use_visit(database, ready, request(f"cups/{member}", drunk), BY, member, drunk)
    for n, member in enumerate(members[:SUBSCRIBERS]):
        begun = NewMembership("plus", None if n % 2 else "card payment 7731")
        await begin_membership(database, ready, request(f"plus/{member}", begun), BY, member, begun)

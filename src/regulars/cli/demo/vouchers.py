"""The demo's vouchers besides those for points: a free coffee, ten per cent by leaflet, gifts that firms bought."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars.assortment.model import Product
from regulars.cli.demo import goods
from regulars.cli.demo.holders import said
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.edit_assortment import upsert_products
from regulars.flows.issue_vouchers import NewVouchers, VoucherBatchView, create_vouchers
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.use_voucher import Blocking, Redeeming, block_voucher, redeem_voucher
from regulars.programs.model import Caller

FREE_COFFEE, TRIP, LEAFLET, GIFT = "free-coffee", "one-trip", "leaflet-december", "office-gifts"
CUP = Product(
    "counter-coffee", "Kafija pie letes", 190,
    said("A coffee at the counter", "Kafija pie letes", "Кофе у стойки", "Kohv letist", "Egy kávé a pultnál"),
    goods.barcode(9_900_000_012), categories=("drinks/counter",), tax_rate="0.21",
)  # fmt: skip
"""What the free coffee is."""
USED, LOST = 4, 1
"""Of the leaflet's codes: used at tills already, and lost with a shop's copies."""


def _batch(name: str, pattern: str, count: int, definition: dict[str, Any], *warnings: str) -> NewVouchers:
    content = {"name": name, "pattern": pattern, "count": count, "definition": definition}
    return msgspec.convert({**content, "accept_warnings": warnings}, NewVouchers)


BATCHES = (
    _batch(
        FREE_COFFEE, "CUP-####-####", 0,
        {
            "gives": {"kind": "product", "sku": CUP.sku},
            "names": said(
                "A free coffee", "Kafija bez maksas", "Кофе бесплатно", "Tasuta kohv", "Ingyenes kávé"
            ),
            "personal": True, "transferable": True, "valid_days": 30, "remind_days": 5,
        },
    ),
    _batch(
        TRIP, "TRIP-####-####", 0,
        {
            "gives": {"kind": "percent", "percent": "15"},
            "names": said(
                "15 % off one shopping trip", "−15 % vienam pirkumam", "−15 % на одну покупку",
                "−15 % ühelt ostult", "−15 % egy vásárlásra",
            ),
            "personal": True, "transferable": False, "valid_days": 45, "remind_days": 7,
        },
    ),
    _batch(
        LEAFLET, "DEC-####-####", 40,
        {
            "gives": {"kind": "percent", "percent": "10"},
            "names": said(
                "10 % off with the leaflet", "−10 % ar bukletu", "−10 % по буклету", "−10 % voldikuga",
                "−10 % a szórólappal",
            ),
        },
    ),
    _batch(
        GIFT, "GIFT-####-####", 12,
        {
            "gives": {"kind": "value", "amount": 1000},
            "names": said(
                "10 euros as a gift", "10 eiro dāvana", "Подарок на 10 евро", "10-eurone kingitus",
                "10 eurós ajándék",
            ),
            "purpose": "single", "tax_rate": "21", "sold": True,
        },
    ),
)  # fmt: skip
"""Of a product and of a part of the price, personal and for the bearer, given and sold, with both kinds of tax."""


async def load(database: Database, known: KnownPrograms, first: Request, caller: Caller) -> None:
    """Make the batches, and let some of the leaflet's codes be used; repeated, it changes nothing.

    `first`: as requests look.
    """

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    await upsert_products(database, first.program, [CUP])
    secret = (await known.of(first.program)).vault.keyring.secret
    codes: dict[str, tuple[str, ...]] = {}
    for batch in BATCHES:
        wish = request(f"vouchers/{batch.name}", batch)
        answer = await create_vouchers(database, known, secret, wish, batch, "demo")
        codes[batch.name] = msgspec.json.decode(answer.body, type=VoucherBatchView).batch.codes or ()
    ready = await known.fresh(first.program)
    for n, code in enumerate(codes[LEAFLET][:USED]):
        used = Redeeming(code, store="teika" if n % 2 else "centrs", till="2")
        await redeem_voucher(database, ready, request(f"leaflet/{n}", n), used, caller, "en")
    for code in codes[LEAFLET][USED : USED + LOST]:
        lost = Blocking(code, "The shop in Teika lost a bundle of leaflets")
        await block_voucher(database, ready, lost, "en", first.at, blocked=True)

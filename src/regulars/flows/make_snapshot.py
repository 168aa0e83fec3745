"""Makes what a till works with while the line is down: goods, promotions, and what members may spend, signed.

What it is made of is read at most once a minute for a store, its goods for a program, and what may be spent not from
before the device's own receipts; ids, tokens and signature are each device's own. A till that has it already hears that
nothing changed.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import gzip
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.assortment import reading as assortment
from regulars.assortment.model import Product
from regulars.db.pool import Database, Transaction
from regulars.errors import NotFound, StateConflict, WrongIdKind
from regulars.flows import spendable_offline
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.spendable_offline import Spender
from regulars.programs import signing
from regulars.programs.model import Store
from regulars.promotions import offline as carrying
from regulars.purchases.offline import allowance, devices
from regulars.purchases.offline.devices import Device

FORMAT = 1
PRODUCTS_MAX = 60_000
"""17 MB of JSON, 4 MB as sent; a till's browser has them ready in half a second and 150 MB."""
PRODUCTS_AT_ONCE = 5_000
"""So many are made at a time, that purchases need not wait for all of them."""
KEPT_SECONDS = 60
KEPT_MAX = 64
"""Stores whose snapshots' contents a process keeps."""
FAST = 1
"""Of the levels of gzip: six would make it a fifth smaller, and take three times as long."""
GOODS_KEPT_MAX = 8
"""Programs whose goods a process keeps."""
SIGNED = b"regulars.snapshot.1\0"
Key = TypeVar("Key")
Value = TypeVar("Value")


class Signed(Struct, frozen=True):
    """A snapshot: JSON as text, and the program's signature of it."""

    body: str
    signature: str
    """Ed25519 in base64, over `regulars.snapshot.1`, a zero byte, and the bytes of the body in UTF-8."""


class Made(Struct, frozen=True):
    """A snapshot, or None where the till's own still holds; and what it is told apart by."""

    signed: bytes | None
    """A `Signed` as JSON, compressed where that was asked for."""
    etag: str


class Goods(Struct, frozen=True):
    """What a program's stores sell, as JSON."""

    at: datetime
    products: msgspec.Raw
    digest: bytes
    left_out: int


class Content(Struct, frozen=True):
    """What the snapshots of a store's devices have in common."""

    at: datetime
    version: int
    digest: str
    rules: msgspec.Raw
    promotions: msgspec.Raw
    goods: Goods
    spenders: Sequence[Spender]


class Snapshots:
    """What a process makes snapshots with."""

    def __init__(self, database: Database, known: KnownPrograms, secret: bytes):
        self._database = database
        self._known = known
        self._secret = secret
        self._kept: dict[tuple[UUID, UUID], Content] = {}
        self._goods: dict[UUID, Goods] = {}
        self._reading = asyncio.Lock()

    async def make(
        self, program: UUID, store_code: str, device: UUID, etag: str, *, compressed: bool = False
    ) -> Made:
        """A snapshot for a device. `etag`: of the one it has, or empty. `compressed`: by gzip.

        Raises NotFound where the store has no such device, StateConflict where the program lets no till sell so.
        """
        known = await self._known.fresh(program)
        at = await self._known.now(program)
        store = known.program.stores[store_code]
        if not known.program.settings.offline.on:
            raise StateConflict("This program lets no till sell without the line.")

        async def work(tx: Transaction) -> Device | None:
            return await devices.see(tx, program, device, store.id, at)

        found = await self._database.run(program, work)
        if found is None:
            raise NotFound("This store has no such device; register it.")
        content = await self._content(known, store, found, at)
        if _still_holds(etag, content, found, known, at):
            return Made(None, etag)
        snapshot = allowance.snapshot_id(at, ids.new())
        body = functools.partial(self._body, known, store, found, content, snapshot, at)
        signed = await asyncio.to_thread(self._signed, program, body, compressed)
        return Made(signed, f'"{ids.show("snp", snapshot)}.{content.digest}"')

    def _signed(self, program: UUID, make: Callable[[], bytes], compressed: bool) -> bytes:
        body = make()
        signature = signing.signing_key(self._secret, program).sign(SIGNED + body)
        answer = msgspec.json.encode(Signed(body.decode(), base64.b64encode(signature).decode()))
        return gzip.compress(answer, FAST, mtime=0) if compressed else answer

    async def _content(self, known: Known, store: Store, device: Device, at: datetime) -> Content:
        key = (known.program.id, store.id)
        async with self._reading:  # a shop's tills that come at once wait for one reading
            kept = self._kept.get(key)
            if kept is not None and _serves(kept, known, device, at):
                return kept
            content = await self._read(known, store, at)
            _keep(self._kept, key, content, KEPT_MAX)
            return content

    async def _read(self, known: Known, store: Store, at: datetime) -> Content:
        program = known.program
        goods = self._goods.get(program.id)
        async with self._database.transaction(program.id) as tx:
            if goods is None or not _young(goods.at, at):
                goods = await _read_goods(tx, program.id, at)
                _keep(self._goods, program.id, goods, GOODS_KEPT_MAX)
            spenders = await spendable_offline.read(tx, known, store, at)
        partner = next((p.code for p in program.partners.values() if p.id == store.partner), "")
        parts = [
            msgspec.json.encode(carrying.snapshot_rules(known.rules)),
            msgspec.json.encode(
                carrying.carried(known.live, store=store.code, store_groups=store.groups, partner=partner)
            ),
        ]
        rest = [known.version, goods.left_out, [(s.card, s.amount, s.proved) for s in spenders]]
        digest = hashlib.sha256(b"\0".join([*parts, goods.digest, msgspec.json.encode(rest)])).hexdigest()[
            :16
        ]
        rules, promotions = (msgspec.Raw(part) for part in parts)
        return Content(at, known.version, digest, rules, promotions, goods, spenders)

    def _body(
        self, known: Known, store: Store, device: Device, content: Content, snapshot: UUID, at: datetime
    ) -> bytes:
        program = known.program
        until = at + timedelta(days=program.settings.offline.snapshot_days)
        return msgspec.json.encode(
            {
                "format": FORMAT,
                "id": ids.show("snp", snapshot),
                "program": str(program.id),
                "store": store.code,
                "device": ids.show("dev", device.id),
                "made_at": at,
                "good_until": until,
                "catalogue": content.version,
                "currency": program.base_currency,
                "time_zone": store.time_zone,
                "rules": content.rules,
                "promotions": content.promotions,
                "products": content.goods.products,
                "products_left_out": content.goods.left_out,
                "spending": self._spending(known, device, content, snapshot, until),
            }
        )

    def _spending(
        self, known: Known, device: Device, content: Content, snapshot: UUID, until: datetime
    ) -> dict[str, Any] | None:
        points = known.program.points
        if points is None or not spendable_offline.may_anything(known):
            return None
        key = allowance.key_of(self._secret, known.program.id)
        salt = allowance.salt_of(key, snapshot)
        allowed: list[dict[str, Any]] = []
        for one in content.spenders:
            card = allowance.card_hash(salt, one.card)
            token = allowance.seal(key, device.id, snapshot, card, one.amount, one.proved, until)
            allowed.append({"card": card.hex(), "token": token, "amount": one.amount, "proved": one.proved})
        return {
            "currency": points.code,
            "scale": points.scale,
            "worth": [points.worth.numerator, points.worth.denominator],
            "per_till": known.program.settings.offline.spend_per_till,
            "allowances": sorted(allowed, key=lambda one: one["card"]),
            "salt": salt.hex(),
        }


async def _read_goods(tx: Transaction, program: UUID, at: datetime) -> Goods:
    products: list[Product] = []
    left_out, more = 0, True
    while more and len(products) < PRODUCTS_MAX:
        wanted = min(PRODUCTS_AT_ONCE, PRODUCTS_MAX - len(products))
        part = await assortment.page(tx, program, products[-1].sku if products else "", wanted)
        products += part
        more = len(part) == wanted
    if len(products) == PRODUCTS_MAX:
        left_out = await assortment.count(tx, program) - PRODUCTS_MAX
    encoded = await asyncio.to_thread(msgspec.json.encode, products)
    digest = await asyncio.to_thread(hashlib.sha256, encoded)
    return Goods(at, msgspec.Raw(encoded), digest.digest(), left_out)


def _keep(kept: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keep one more, and let go of the one that was kept first where there are too many."""
    if key not in kept and len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = value


def _young(read_at: datetime, at: datetime) -> bool:
    return timedelta() <= at - read_at < timedelta(seconds=KEPT_SECONDS)


def _serves(kept: Content, known: Known, device: Device, at: datetime) -> bool:
    """Whether what was read before is of this version, young, and not from before the device's last receipts."""
    young = _young(kept.at, at) and _young(kept.goods.at, at)
    return young and kept.version == known.version and not (device.synced_at and device.synced_at >= kept.at)


def _still_holds(etag: str, content: Content, device: Device, known: Known, at: datetime) -> bool:
    """Whether the till's own snapshot is the same, not half through its time, and younger than its receipts."""
    name, _, digest = etag.strip().removeprefix("W/").strip('"').partition(".")
    if digest != content.digest:
        return False
    try:
        made_at = allowance.made_at(ids.read("snp", name))
    except WrongIdKind:
        return False
    half = timedelta(days=known.program.settings.offline.snapshot_days) / 2
    fresh = timedelta() <= at - made_at < half
    return fresh and (device.synced_at is None or device.synced_at < made_at)

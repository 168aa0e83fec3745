"""Makes what a till works with while the line is down: goods, promotions, and what members may spend, signed.

What it is made of is read at most once a minute for a store, and not while it is older than the device's own receipts;
ids, tokens and signature are each device's own. A till that has it already hears that nothing changed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.assortment import reading as assortment
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
PRODUCTS_MAX = 20_000
KEPT_SECONDS = 60
KEPT_MAX = 64
"""Stores whose snapshots' contents a process keeps."""
SIGNED = b"regulars.snapshot.1\0"


class Signed(Struct, frozen=True):
    """A snapshot: JSON as text, and the program's signature of it."""

    body: str
    signature: str
    """Ed25519 in base64, over `regulars.snapshot.1`, a zero byte, and the bytes of the body in UTF-8."""


class Made(Struct, frozen=True):
    """A snapshot, or None where the till's own still holds; and what it is told apart by."""

    signed: Signed | None
    etag: str


class Content(Struct, frozen=True):
    """What the snapshots of a store's devices have in common."""

    at: datetime
    version: int
    digest: str
    rules: msgspec.Raw
    promotions: msgspec.Raw
    products: msgspec.Raw
    left_out: int
    spenders: Sequence[Spender]


class Snapshots:
    """What a process makes snapshots with."""

    def __init__(self, database: Database, known: KnownPrograms, secret: bytes):
        self._database = database
        self._known = known
        self._secret = secret
        self._kept: dict[tuple[UUID, UUID], Content] = {}
        self._reading = asyncio.Lock()

    async def make(self, program: UUID, store_code: str, device: UUID, etag: str) -> Made:
        """A snapshot for a device. `etag`: of the one it has, or empty.

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
        body = await asyncio.to_thread(self._body, known, store, found, content, snapshot, at)
        key = signing.signing_key(self._secret, program)
        signature = base64.b64encode(key.sign(SIGNED + body)).decode()
        return Made(Signed(body.decode(), signature), f'"{ids.show("snp", snapshot)}.{content.digest}"')

    async def _content(self, known: Known, store: Store, device: Device, at: datetime) -> Content:
        key = (known.program.id, store.id)
        async with self._reading:  # a shop's tills that come at once wait for one reading
            kept = self._kept.get(key)
            if kept is not None and _serves(kept, known, device, at):
                return kept
            content = await self._read(known, store, at)
            if len(self._kept) >= KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = content
            return content

    async def _read(self, known: Known, store: Store, at: datetime) -> Content:
        program = known.program
        async with self._database.transaction(program.id) as tx:
            products = await assortment.page(tx, program.id, limit=PRODUCTS_MAX)
            left_out = 0
            if len(products) == PRODUCTS_MAX:
                left_out = await assortment.count(tx, program.id) - PRODUCTS_MAX
            spenders = await spendable_offline.read(tx, known, store, at)
        partner = next((p.code for p in program.partners.values() if p.id == store.partner), "")
        parts = [
            msgspec.json.encode(carrying.snapshot_rules(known.rules)),
            msgspec.json.encode(
                carrying.carried(known.live, store=store.code, store_groups=store.groups, partner=partner)
            ),
            msgspec.json.encode(products),
        ]
        rest = [known.version, left_out, [(s.card, s.amount, s.proved) for s in spenders]]
        digest = hashlib.sha256(b"\0".join([*parts, msgspec.json.encode(rest)])).hexdigest()[:16]
        rules, promotions, goods = (msgspec.Raw(part) for part in parts)
        return Content(at, known.version, digest, rules, promotions, goods, left_out, spenders)

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
                "products": content.products,
                "products_left_out": content.left_out,
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


def _serves(kept: Content, known: Known, device: Device, at: datetime) -> bool:
    """Whether what was read before is of this version, young, and not from before the device's last receipts."""
    young = timedelta() <= at - kept.at < timedelta(seconds=KEPT_SECONDS)
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

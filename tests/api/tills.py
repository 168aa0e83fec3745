"""A till that sells without the line, as the tests play one: its device, its snapshots, its receipts."""

from __future__ import annotations

import base64
import hashlib
import json
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from tests.api.conftest import Api
from tests.api.shop import buy, line, record

_NAMES = count(1)


class Till(Struct):
    """A device of riga-1 with the snapshot that it fetched last."""

    shop: Api
    device: str
    snapshot: dict[str, Any] = {}
    etag: str = ""
    counter: int = 0

    async def fetch(self, etag: str = "") -> int:
        """Fetch a snapshot and check its signature; the status."""
        answer = await self.shop.client.get(
            "/v1/till/snapshot",
            params={"store": "riga-1", "device": self.device},
            headers={"Authorization": f"Bearer {self.shop.keys['till']}", "If-None-Match": etag},
        )
        if answer.status_code == 200:
            signed = answer.json()
            await self._key(signed["body"].encode(), base64.b64decode(signed["signature"]))
            self.snapshot = json.loads(signed["body"])
            self.etag = answer.headers["etag"]
        return answer.status_code

    async def _key(self, body: bytes, signature: bytes) -> None:
        told = (await self.shop.get("/v1/program/signing-key", scope="till")).json()
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(told["public_key"]))
        key.verify(signature, b"regulars.snapshot.1\0" + body)

    def allowance(self, card: str) -> dict[str, Any] | None:
        """What the snapshot lets a card pay."""
        spending = self.snapshot["spending"]
        salt = bytes.fromhex(spending["salt"])
        named = hashlib.sha256(b"regulars.card.1\0" + salt + card.encode()).digest()[:16].hex()
        return next((one for one in spending["allowances"] if one["card"] == named), None)

    def sold(
        self, card: str | None, points: int = 0, *, counter: int | None = None, price: int = 1000, **more: Any
    ) -> dict[str, Any]:
        """A receipt of one line that was made without the line, some of it paid with points."""
        if counter is None:
            self.counter += 1
            counter = self.counter
        said: dict[str, Any] = {"device": self.device, "counter": counter}
        if self.snapshot:
            said["snapshot"] = self.snapshot["id"]
        if points and card is not None and self.snapshot:
            allowed = self.allowance(card)
            if allowed is not None:
                said["allowance"] = allowed["token"]
        said.update(more.pop("offline", {}))
        spend = [{"currency": "PTS", "amount": points}] if points else []
        return buy(
            f"off-{next(_NAMES)}", card, [line(1, price)], pricing="as_sold", spend=spend,
            offline={name: value for name, value in said.items() if value is not None}, **more,
        )  # fmt: skip


async def till_of(shop: Api, *, fetch: bool = True) -> Till:
    """A registered device, with a snapshot."""
    entered = await shop.post("/v1/stores", {"code": "riga-1", "name": "Riga 1"})
    assert entered.status_code == 201, entered.text
    made = await shop.post("/v1/till/devices", {"store": "riga-1", "till": "7"}, scope="till")
    assert made.status_code == 201, made.text
    till = Till(shop, made.json()["id"])
    if fetch:
        assert await till.fetch() == 200
    return till


async def seen_at_the_store(shop: Api, card: str) -> None:
    """Let a member have bought something at riga-1."""
    await record(shop, buy(f"seen-{next(_NAMES)}", card, [line(1, 100)]))


async def conflicts(shop: Api, **query: Any) -> list[tuple[str, int]]:
    """Kind and amount (or seconds, or how many are missing) of what did not agree, the latest first."""
    answer = (await shop.get("/v1/till/conflicts", scope="read", **query)).json()
    found = [(one["kind"], one["seconds"] or one["amount"]) for one in answer["items"]]
    return found + [(one["kind"], one["missing"]) for one in answer["gaps"]]

"""The sandbox in which a till is certified: what is sold in it, who buys, what happens meanwhile, and its books."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from regulars.certify.model import Good, Person

STORE = "certification"
TILL = "1"
CURRENCY = "EUR"
POINTS = "PTS"
FIRST_NAME = "Anna"
SECONDS_MAX = 60.0
GOODS = {
    good.sku: good
    for good in (
        Good("coffee", "4759000000018", "Coffee", 450, "drinks/coffee", "0.21"),
        Good("bread", "4759000000025", "Rye bread", 189, "bread", "0.12"),
        Good("apples", "4759000000032", "Apples, a kilogram", 199, "fruit", "0.12"),
        Good("fuel", "4759000000049", "Petrol 95, a litre", 165, "fuel", "0.21"),
    )
}
_EARNING = {
    "name": "Certification: a point for each euro",
    "group": "points",
    "base": True,
    "conditions": [{"kind": "member"}],
    "benefits": [{"kind": "points_per_spend", "currency": POINTS, "points": 1, "per": 100}],
}
_COFFEE_WEEK = {
    "name": "Certification: 15 % off coffee",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "15", "goods": {"categories": ["drinks/coffee"]}}],
}


class NotReady(Exception):
    """The sandbox cannot be certified in; the text says why."""


class Shop:
    """A sandbox program, reached over the API with a key of the scope `manage`."""

    def __init__(self, address: str, key: str):
        self._address = urlsplit(address)
        self.key = key
        self._run = secrets.token_hex(6)
        self._numbers = count(1)
        self._coffee_week = ""
        self._person: Person | None = None
        self._points = 0
        self._undo: list[Callable[[], Any]] = []
        self.events: dict[str, Callable[[], None]] = {
            "the coffee week ends": self._end_coffee_week,
            "the points are spent elsewhere": self._spend_elsewhere,
            "the card is blocked": self._block_card,
        }

    def call(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """A call that must succeed; its answer. Raises NotReady, OSError."""
        place = self._address
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=SECONDS_MAX)
        headers = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"}
        if method == "POST":
            headers["Idempotency-Key"] = f"certify-{self._run}-{next(self._numbers)}"
        content = None
        if body is not None:
            content, headers["Content-Type"] = json.dumps(body), "application/json"
        try:
            connection.request(method, f"{path}?{urlencode(query)}" if query else path, content, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        answer = json.loads(text) if text else None
        if response.status >= 400:
            raise NotReady(f"{method} {path}: {response.status} {(answer or {}).get('detail', text[:200])}")
        return answer

    def prepare(self) -> str:
        """Enter store, goods and promotions, unless they are there; a key for the till. Raises NotReady."""
        if not self.call("GET", "/v1/program")["sandbox"]:
            raise NotReady(
                "This key belongs to a live program. A till is certified in a sandbox: key test_…."
            )
        known = {one["code"] for one in self.call("GET", "/v1/currencies")["items"]}
        if POINTS not in known:
            self.call(
                "POST",
                "/v1/currencies",
                {"code": POINTS, "names": {"en": {"one": "point", "other": "points"}}},
            )
        if STORE not in {one["code"] for one in self.call("GET", "/v1/stores", limit="200")["items"]}:
            self.call("POST", "/v1/stores", {"code": STORE, "name": "Certification", "tills": [TILL]})
        self.call("POST", "/v1/products", {"products": [_product(good) for good in GOODS.values()]})
        self._promote()
        made = self.call("POST", "/v1/keys", {"scopes": ["till"], "store": STORE, "name": "Certification"})
        return made["key"]

    def _promote(self) -> None:
        live = self.call("GET", "/v1/promotions", limit="200")["items"]
        ours = {one["document"]["name"]: one["id"] for one in live if one["status"] == "live"}
        others = set(ours) - {_EARNING["name"], _COFFEE_WEEK["name"]}
        if others:
            names = ", ".join(sorted(others))
            raise NotReady(
                f"Other promotions are live in this sandbox, so its prices are not known here: {names}."
            )
        for document in (_EARNING, _COFFEE_WEEK):
            if document["name"] not in ours:
                made = self.call("POST", "/v1/promotions", document)["id"]
                self.call("POST", f"/v1/promotions/{made}/publish", {"accept_warnings": []})
                ours[document["name"]] = made
        self._coffee_week = ours[_COFFEE_WEEK["name"]]

    def enrol(self, points: int, *, known: bool = True) -> Person:
        """A new customer with so many points; not known: only a phone that nobody has, and no card."""
        phone = f"+3712{secrets.randbelow(10**7):07}"
        self._person, self._points = Person("", FIRST_NAME, "", phone), points
        if known:
            made = self.call(
                "POST", "/v1/members", {"phone": phone, "name": f"{FIRST_NAME} Kalniņa", "language": "en"}
            )
            self._person = Person(made["id"], FIRST_NAME, made["cards"][0]["number"], phone)
        if points:
            self._give(points)
        return self._person

    def restore(self) -> None:
        """Undo what happened meanwhile."""
        while self._undo:
            self._undo.pop()()

    def members(self, phone: str) -> list[str]:
        """The ids of those who are found by the phone: one, or nobody."""
        try:
            return [self.call("POST", "/v1/members/find", {"phone": phone})["id"]]
        except NotReady:
            return []

    def books(self, requests: Iterable[str]) -> list[dict[str, Any]]:
        """The purchases of these requests, as they stand now."""
        listed = [
            one for name in requests for one in self.call("GET", "/v1/purchases", request=name)["items"]
        ]
        return [
            self.call("GET", f"/v1/purchases/{quote(one['id'])}") | {"member": one["member"]}
            for one in listed
        ]

    def _give(self, points: int) -> None:
        assert self._person is not None
        body = {"currency": POINTS, "amount": points, "reason": "certification of a till"}
        self.call("POST", f"/v1/members/{self._person.id}/adjustments", body)

    def _end_coffee_week(self) -> None:
        self.call("POST", f"/v1/promotions/{self._coffee_week}/stop")
        self._undo.append(lambda: self.call("POST", f"/v1/promotions/{self._coffee_week}/resume"))

    def _spend_elsewhere(self) -> None:
        self._give(-self._points)

    def _block_card(self) -> None:
        assert self._person is not None
        self.call("POST", "/v1/cards/block", {"number": self._person.card})


def _product(good: Good) -> dict[str, Any]:
    return {"sku": good.sku, "barcode": good.barcode, "name": good.name, "price": good.unit_price,
            "categories": [good.category], "tax_rate": good.tax_rate}  # fmt: skip


def mistyped(card: str) -> str:
    """The number with its last digit wrong."""
    return card[:-1] + str((int(card[-1]) + 1) % 10)

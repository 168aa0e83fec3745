"""Reads what was seen: the sales of a situation, their names, what makes two requests the same. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from regulars.certify.model import Exchange, Seen

STANDING = ("recorded", "partly_returned", "returned")
"""How a purchase stands in the books that was sold."""


def numbers(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from numbers(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from numbers(inner, f"{pointer}/{place}")
    elif isinstance(value, int | float):
        yield pointer or "/", value


def sales(seen: Seen) -> list[Exchange]:
    """The purchases that were sent, those of batches each as one of their own."""
    found = []
    for one in seen.exchanges:
        if one.call == "record" and isinstance(one.body, dict):
            found.append(one)
        elif one.call == "batch" and isinstance(one.body, dict):
            for body in one.body.get("purchases", []):
                single = Exchange(one.number, "batch", one.method, one.path, one.headers, body, one.at)
                single.status, single.arrived = one.status, one.arrived
                found.append(single)
    return found


def first_of_each(seen: Seen) -> list[Exchange]:
    first: dict[str, Exchange] = {}
    for one in sales(seen):
        first.setdefault(str(one.body.get("id")), one)
    return list(first.values())


def last_sale(seen: Seen) -> Exchange | None:
    found = sales(seen)
    return found[-1] if found else (seen.exchanges[-1] if seen.exchanges else None)


def identity(one: Exchange) -> tuple[str, str | None, str]:
    key = None if one.call in ("record", "return", "batch") else one.headers.get("idempotency-key")
    return one.path, key, json.dumps(one.body, sort_keys=True)


def requests_of(one: Exchange) -> list[str]:
    """The till's own names of what this request makes, settles or gives up."""
    body = one.body if isinstance(one.body, dict) else {}
    if one.call in ("record", "return"):
        return [str(body.get("id"))]
    if one.call == "batch":
        return [str(purchase.get("id")) for purchase in body.get("purchases", [])]
    return [str(body["request"])] if one.call == "void" and "request" in body else []


def sums_of(amounts: Iterable[int | None]) -> str:
    return ", ".join("a receipt without a sum" if one is None else money(one) for one in amounts) or "nothing"


def money(amount: int) -> str:
    return f"{amount / 100:.2f}"

"""One call as the operations describe it, before it is sent."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Call(Struct, frozen=True):
    """Method, address, what is sent and what is answered."""

    method: str
    path: str
    places: tuple[str, ...]
    """What stands in the path's braces, in their order."""
    answer: Any
    """The type of the answer; bytes for what is not JSON."""
    body: Any = None
    query: dict[str, Any] = {}
    key: str | None = None
    named: bool = False
    """Whether the call carries an Idempotency-Key; one is made where none is given."""
    grant: str | None = None

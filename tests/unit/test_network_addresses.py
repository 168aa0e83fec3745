"""From which network address a request comes: nobody chooses by what he is counted."""

from __future__ import annotations

from typing import Any

import pytest
from litestar import Request

from regulars.web.addresses import address_of

PROXY = "10.0.0.2"


def request_from(peer: str, *forwarded: str) -> Request[Any, Any, Any]:
    """A request with as many headers `X-Forwarded-For`."""
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return Request({"type": "http", "client": (peer, 50000), "headers": headers, "state": {}})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ((), PROXY),
        (("203.0.113.7",), "203.0.113.7"),
        (("198.51.100.1, 203.0.113.7",), "203.0.113.7"),
        (("198.51.100.1", "203.0.113.7"), "203.0.113.7"),
        (("198.51.100.1, 198.51.100.2", "198.51.100.3, 203.0.113.7"), "203.0.113.7"),
        (("198.51.100.1", "who knows"), PROXY),
    ],
)
def test_behind_a_proxy_counts_what_the_proxy_said_last_also_in_a_header_of_its_own(
    forwarded: tuple[str, ...], address: str
) -> None:
    assert address_of(request_from(PROXY, *forwarded)) == address


def test_without_a_proxy_nobody_says_where_he_is() -> None:
    assert address_of(request_from("93.184.216.34", "198.51.100.1")) == "93.184.216.34"

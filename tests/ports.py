"""Ports for servers that tests start: each process of the tests has its own, and no connection borrows one."""

from __future__ import annotations

import os
import random
import socket

_FIRST = 10_000 + 2_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = iter(random.sample(range(_FIRST, _FIRST + 2_000), 2_000))
"""Below those that systems lend to outgoing connections, in an order that another run beside this one does not have."""


def free_port() -> int:
    """A port of 127.0.0.1 at which nothing listens, another one each time."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")

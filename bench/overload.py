"""Three times as many purchases as the server can record: what it records, what it refuses, how long each waits.

    .venv/bin/python bench/overload.py [--seconds 8] [--times 3] [--tills 3000]

First as many as 64 tills can send one after another, then many tills that send by their clocks whether or not the
server keeps up, then the 64 again. Server, PostgreSQL and load share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import time
from collections.abc import Iterable
from typing import Any

import record_purchase
import uvloop

import house

CLIENTS = 64


class Till(asyncio.Protocol):
    """A till that sends a purchase every so many seconds; told to come again, it counts that and goes on."""

    def __init__(self, run: Run):
        self._run = run
        self._buffer = b""
        self._waits = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        asyncio.get_running_loop().call_later(random.random() * self._run.every, self._send)

    def _send(self) -> None:
        run = self._run
        if run.over() or self._transport.is_closing():
            return
        asyncio.get_running_loop().call_later(run.every, self._send)
        if self._waits:
            run.skipped += 1
            return
        body = run.work.pop()
        self._waits, self._since = True, time.perf_counter()
        run.sent += 1
        self._transport.write(run.head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        (length,) = map(int, record_purchase.LENGTH.findall(head))
        if len(rest) < length:
            return
        self._buffer, self._waits = rest[length:], False
        status = int(head[9:12])
        self._run.times.setdefault(status, []).append(time.perf_counter() - self._since)
        if status == 503 and b"retry-after:" not in head.lower():
            self._run.unexplained += 1

    def connection_lost(self, _: Exception | None) -> None:
        self._run.lost += 1


class Run:
    """So many seconds of tills that send by their clocks."""

    def __init__(self, head: bytes, work: list[bytes], every: float, seconds: float):
        self.head, self.work, self.every = head, work, every
        self._until = time.perf_counter() + seconds
        self.times: dict[int, list[float]] = {}
        self.sent = self.skipped = self.lost = self.unexplained = 0

    def over(self) -> bool:
        """Whether no more is sent."""
        return time.perf_counter() >= self._until or not self.work


def main() -> None:
    parser = house.arguments(__doc__)
    parser.add_argument("--times", type=float, default=3.0, help="so many times the sustainable rate")
    parser.add_argument("--tills", type=int, default=3000)
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    with house.opened(options) as running:
        uvloop.run(measure(running, options))


async def measure(running: house.House, options: argparse.Namespace) -> None:
    """Before, during, after."""
    await record_purchase.ready(options.port)
    head, seconds = running.head, options.seconds
    await closed(running, options, "warm", 2.0)
    rate, p50, p99 = await closed(running, options, "before", seconds)
    print(
        f"{options.workers} processes, {options.promotions} live promotions, {os.cpu_count()} cores shared by all"
    )
    print(f"{'':>30} {'sent/s':>8} {'recorded/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'503/s':>8} {'p99 ms':>8}")
    show(f"before: {CLIENTS} tills in turn", rate, p50, p99)
    wanted = rate * options.times
    work = record_purchase.bodies(running.cards, int(wanted * seconds * 1.2), "over")
    run = Run(head, work, options.tills / wanted, seconds)
    loop = asyncio.get_running_loop()
    links = []
    for _ in range(options.tills):
        links.append((await loop.create_connection(lambda: Till(run), "127.0.0.1", options.port))[0])
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    elapsed = time.perf_counter() - started
    taken, told = run.times.get(201, []), run.times.get(503, [])
    recorded = len(taken) / elapsed
    print(
        f"{f'{options.times:g} × that by {options.tills} tills':>30} {run.sent / elapsed:>8.0f} {recorded:>11.0f}"
        f" {at(taken, 0.5):>8.0f} {at(taken, 0.99):>8.0f} {len(told) / elapsed:>8.0f} {at(told, 0.99):>8.0f}"
    )
    others = {status: len(times) for status, times in run.times.items() if status not in (201, 503)}
    lost = run.lost
    await asyncio.sleep(3)
    for link in links:
        link.close()
    after, p50, p99 = await closed(running, options, "after", seconds)
    show(f"after: {CLIENTS} tills in turn", after, p50, p99)
    print(
        f"throughput under overload: {recorded / rate:.2f} of that before; after it: {after / rate:.2f}. "
        f"Not sent because the till still waited: {run.skipped / elapsed:.0f}/s. Connections lost: {lost}. "
        f"503 without Retry-After: {run.unexplained}. Other answers: {others or 'none'}."
    )


def show(name: str, rate: float, p50: float, p99: float) -> None:
    """A row without overload."""
    print(f"{name:>30} {rate:>8.0f} {rate:>11.0f} {p50:>8.0f} {p99:>8.0f} {0:>8} {'–':>8}")


async def closed(
    running: house.House, options: argparse.Namespace, name: str, seconds: float
) -> tuple[float, float, float]:
    """Purchases a second, median and 99th percentile in ms, of 64 tills that wait for each answer."""
    work = record_purchase.bodies(running.cards, int(seconds * 4000), name)
    rate, p50, p99, failed, _ = await record_purchase.run(options, running.head, work, CLIENTS, seconds)
    if failed:
        raise SystemExit(f"{failed} purchases failed without overload.")
    return rate, p50, p99


def at(times: Iterable[float], share: float) -> float:
    """A percentile in ms."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


if __name__ == "__main__":
    main()

"""The real server on a database of its own, with members and promotions: what the benchmarks over HTTP start from."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import record_purchase

from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate


class House(NamedTuple):
    """A running server."""

    server: EmbeddedServer
    key: str
    cards: list[str]
    process: int
    environment: dict[str, str]

    @property
    def head(self) -> bytes:
        """What every purchase begins with."""
        return (
            f"POST /v1/purchases HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.key}\r\n"
            "Content-Type: application/json\r\n"
        ).encode()


def arguments(about: str | None) -> argparse.ArgumentParser:
    """What every one of these benchmarks may be told."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--promotions", type=int, default=100)
    parser.add_argument("--port", type=int, default=18_081)
    parser.add_argument("--workers", type=int, default=2, help="processes of the application")
    return parser


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[House]:
    """`regulars serve` with as many workers as the options say; ended with the block."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        data = Path(folder)
        with EmbeddedServer(data / "db", say=lambda _: None) as server:
            migrate(server.url)
            secret = data / "secret"
            secret.write_text("0" * 64)
            key, cards = asyncio.run(record_purchase.prepare(server.url, options.members, options.promotions))
            environment = {
                **os.environ,
                "REGULARS_DATABASE_URL": server.url,
                "REGULARS_SECRET_FILE": str(secret),
                "REGULARS_MASTER_KEY": record_purchase.MASTER_KEY,
            }
            command = [
                sys.executable, "-m", "regulars.cli.main", "serve",
                "--port", str(options.port), "--workers", str(options.workers),
            ]  # fmt: skip
            log = (data / "log").open("wb")
            app = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                yield House(server, key, cards, app.pid, environment)
            finally:
                app.terminate()
                app.wait()
                log.close()

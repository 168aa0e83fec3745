"""`./test simulate SEED=123 [DAYS=365]`: plays a coalition's year on a database of its own."""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
import time
from pathlib import Path

import structlog

from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate
from tests.simulation.conftest import open_town
from tests.simulation.year import command, simulate, told


def main(arguments: list[str]) -> int:
    """0 when the year went well. SEED and DAYS may be given; without a seed one is drawn, and said."""
    given = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    unknown = [a for a in arguments if "=" not in a] + sorted(given.keys() - {"SEED", "DAYS"})
    if unknown:
        print(f"What is {unknown[0]}? Say ./test simulate SEED=123 DAYS=365.", file=sys.stderr)
        return 2
    seed = int(given.get("SEED") or random.SystemRandom().randrange(1_000_000))
    days = int(given.get("DAYS", "365"))
    print(f"{command(seed, days)}", flush=True)
    # A till that hangs up and a database that is cut off are what is meant to happen; they need no lines.
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="regulars-year-") as folder:
        with EmbeddedServer(Path(folder), say=lambda _: None) as server:
            migrate(server.url)
            asyncio.run(_play(server, seed, days))
    print(f"All is in order after {time.monotonic() - started:.0f} s.")
    return 0


async def _play(server: EmbeddedServer, seed: int, days: int) -> None:
    async with open_town(server.url) as town:
        memory = await simulate(
            town, seed, days, server.administrator_url, lambda line: print(line, flush=True)
        )
    print(told(memory, days))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

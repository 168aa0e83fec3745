"""What the client's README says is done at a real server: its example, and the till in 30 lines."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

from regulars import settings as process_settings
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from tests.conftest import START
from tests.docs.markdown import ROOT, blocks
from tests.house import House

CLIENT = ROOT / "client"
TILL = CLIENT / "examples" / "till_in_30_lines.py"
README = (CLIENT / "README.md").read_text(encoding="utf-8")
AT = "http://127.0.0.1:8080"
"""Where the README says that the server is."""


async def a_key(url: str) -> str:
    """The key of a new shop."""
    async with Database(url, size=2) as database:
        new = NewProgram("Examples", "EUR", "Europe/Riga", ("lv", "en"), sandbox=True)
        program = (await create_program(database, new, at=START)).program
        _, key = await create_key(database, program.id, NewKey(("till", "read")), at=START)
    return key


def test_the_till_has_at_most_30_lines() -> None:
    assert len(TILL.read_text(encoding="utf-8").splitlines()) <= 30


def test_the_readmes_example_and_its_till_do_what_they_say(database_url: str, tmp_path: Path) -> None:
    example, till, shown = (
        next(block.text for block in blocks(README) if block.language == language and mark in block.text)
        for language, mark in (("python", "Regulars("), ("sh", "REGULARS_KEY"), ("text", "To pay"))
    )
    assert till.startswith("REGULARS_KEY=test_… python examples/till_in_30_lines.py ")
    secret = tmp_path / "secret"
    process_settings.make_secret(secret)
    house = House(database_url, secret)
    house.start()
    try:
        key = asyncio.run(a_key(database_url))
        address = f"http://127.0.0.1:{house.port}"

        def say(*command: str) -> str:
            variables = {**os.environ, "REGULARS_KEY": key, "PYTHONPATH": str(ROOT / "client" / "src")}
            return subprocess.run(
                [sys.executable, *command],
                env=variables,
                capture_output=True,
                text=True,
                check=True,
                cwd=CLIENT,
            ).stdout

        enrolled = say("-c", example.replace(AT, address).replace("test_…", key))
        again = say("-c", example.replace(AT, address).replace("test_…", key))
        said = say(*till.replace(AT, address).split()[2:])
        wrong = say("examples/till_in_30_lines.py", address, "riga-1", "card=9900", "bread=150")
    finally:
        house.kill()
    assert re.fullmatch(r"mem_\w+ \(.*currency='PTS'.*available=0.*\)\n", enrolled), enrolled
    assert again.startswith("member_exists "), again
    assert said == shown
    assert wrong.startswith("Not sold: ")

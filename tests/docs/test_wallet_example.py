"""The wallet of the examples against a real server: it says what is committed beside it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from regulars import settings as process_settings
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.aggregators import NewAggregator, let_in
from regulars.flows.create_program import NewProgram, create_program
from tests.conftest import START
from tests.docs.markdown import ROOT
from tests.house import House

PHONE = "+37120000001"


async def aggregators_key(url: str, secret: bytes) -> str:
    """The key of a wallet that a new program let in."""
    async with Database(url, size=2) as database:
        new = NewProgram("Examples", "EUR", "Europe/Riga", ("lv", "en"), sandbox=True)
        program = (await create_program(database, new, at=START)).program
        request = Request(program.id, program.id, "wallet", digest("wallet", None), START)
        answer = await let_in(database, program, secret, request, NewAggregator("Wallet W"))
    return json.loads(answer.body)["key"]["key"]


def sent(folder: Path) -> str:
    """The code of the message that came."""
    for _ in range(1000):
        for file in folder.glob("*.json"):
            return json.loads(file.read_text(encoding="utf-8"))["text"][:6]
        time.sleep(0.02)
    raise AssertionError("no message came")


def test_the_wallet_registers_a_member_and_shows_her_card(database_url: str, tmp_path: Path) -> None:
    secret, messages = tmp_path / "secret", tmp_path / "messages"
    process_settings.make_secret(secret)
    house = House(database_url, secret)
    house.start(REGULARS_MESSAGES_FOLDER=str(messages))
    try:
        key = asyncio.run(aggregators_key(database_url, process_settings.read_secret(secret)))
        client = ROOT / "examples" / "wallet" / "client.py"
        process = subprocess.Popen(
            [sys.executable, str(client), f"http://127.0.0.1:{house.port}", PHONE],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "WALLET_KEY": key},
        )  # fmt: skip
        code = sent(messages)
        wrong = f"{(int(code) + 1) % 10**6:06}"
        said, _ = process.communicate(f"{wrong}\n{code}\n", timeout=60)
    finally:
        house.kill()

    assert process.returncode == 0
    assert said == (ROOT / "examples" / "wallet" / "session.txt").read_text(encoding="utf-8")

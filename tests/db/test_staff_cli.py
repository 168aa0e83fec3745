"""`regulars staff`: the first owner of a program, links, a list, and leaving."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from tests.api.conftest import SECRET

from regulars import clock
from regulars.cli import main
from regulars.db.pool import Database
from regulars.flows.sign_in_staff import Browser, sign_in_by_password

HERE = Browser("a test", "192.0.2.1")


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command says."""
    assert main.run(["staff", *words]) == code
    said = capsys.readouterr()
    return said.out if code == 0 else said.err


def test_the_first_owner_of_a_program_comes_from_the_command_line(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--database", database_url, "--data", str(tmp_path)]
    made = [
        "program",
        "create",
        "Kafejnīca",
        "--currency",
        "EUR",
        "--time-zone",
        "Europe/Riga",
        "--languages",
        "lv",
    ]
    assert main.run([*made, *at]) == 0
    program = re.search(r"prg_\w{26}", capsys.readouterr().out)
    assert program
    at += ["--program", program[0]]

    said = run(capsys, "add", "Vija@Cafe.example", "--name", "Vija", *at)
    password = re.search(r"password  (\S+)", said)
    assert password
    assert "email     vija@cafe.example" in said

    async def sign_in() -> str:
        async with Database(database_url) as database:
            found = await sign_in_by_password(
                database, SECRET, "vija@cafe.example", password[1], browser=HERE, at=clock.world()
            )
            return found.outcome

    assert asyncio.run(sign_in()) == "in"
    assert "already" in run(capsys, "add", "vija@cafe.example", "--name", "Vija", *at, code=2)
    assert "There is no other owner" in run(capsys, "remove", "vija@cafe.example", *at, code=2)
    assert "choose at least one role" in run(
        capsys, "invite", "x@cafe.example", "--roles", "god", *at, code=2
    )

    link = run(capsys, "invite", "ilze@cafe.example", "--address", "https://club.example", *at)
    assert re.fullmatch(r"https://club\.example/backoffice/invitation/[\w-]{43}\n", link)
    reset = run(capsys, "invite", "vija@cafe.example", *at)
    assert reset.startswith("http://localhost:8080/backoffice/invitation/")
    listed = run(capsys, "list", *at)
    assert all(word in listed for word in ("Vija", "owner", "(invited)"))

    run(capsys, "add", "ilze@cafe.example", "--name", "Ilze", *at)
    assert "is out of Kafejnīca" in run(capsys, "remove", "vija@cafe.example", *at)
    assert "Nobody with this address" in run(capsys, "remove", "vija@cafe.example", *at, code=2)

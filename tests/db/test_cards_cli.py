"""`regulars cards issue` and `regulars cards sheet` on a database."""

from __future__ import annotations

import asyncio
import csv
import re
from pathlib import Path

import pytest
from tests.conftest import START
from tests.pdf_text import pages_of

from regulars import ids
from regulars.cli import main
from regulars.db.pool import Database
from regulars.flows.create_program import NewProgram, create_program


@pytest.fixture
def program(database_url: str) -> str:
    """A new program; its id."""

    async def make() -> str:
        new = NewProgram("Dzintars", "EUR", "Europe/Riga", ("lv", "en"))
        async with Database(database_url, size=1) as database:
            return ids.show("prg", (await create_program(database, new, at=START)).program.id)

    return asyncio.run(make())


def test_a_large_batch_is_made_at_once_with_its_numbers_in_a_file(
    program: str, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--database", database_url, "--data", str(tmp_path), "--program", program]
    file = tmp_path / "numbers.csv"
    assert main.run(["cards", "issue", "--count", "10500", "--csv", str(file), *at]) == 0
    assert re.search(r"10,500 cards in batch crb_\w{26}", capsys.readouterr().out)
    with file.open(newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == ["serial", "number", "printed", "status"]
    assert [int(row[0]) for row in rows[1:]] == list(range(1, 10_501))
    assert len({row[1] for row in rows[1:]}) == 10_500

    assert main.run(["cards", "issue", "--count", "1", "--csv", str(file), *at]) == 2
    assert "it is not overwritten" in capsys.readouterr().err
    assert main.run(["cards", "issue", "--count", "0", *at]) == 2
    assert main.run(["cards", "issue", "--count", "1000001", *at]) == 2


def test_a_batch_is_set_for_a_printer_in_files_of_a_thousand(
    program: str, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("typst")
    at = ["--database", database_url, "--data", str(tmp_path), "--program", program]
    assert main.run(["cards", "issue", "--count", "1003", *at]) == 0
    found = re.search(r"crb_\w{26}", capsys.readouterr().out)
    assert found
    batch = found[0]
    folder = tmp_path / "print"
    assert main.run(["cards", "sheet", batch, str(folder), "--layout", "single", "--no-back", *at]) == 0
    assert sorted(file.name for file in folder.iterdir()) == [
        f"{batch}-0000001-0001000.pdf",
        f"{batch}-0001001-0001003.pdf",
    ]
    assert pages_of((folder / f"{batch}-0000001-0001000.pdf").read_bytes()) == [(91.6, 60.0)] * 1000
    assert pages_of((folder / f"{batch}-0001001-0001003.pdf").read_bytes()) == [(91.6, 60.0)] * 3

"""`regulars promotions export`, `import` and `lint --online` on a database: what goes out comes in, once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from tests.conftest import START

from regulars import ids
from regulars.cli import main
from regulars.db.pool import Database
from regulars.flows.create_program import NewProgram, create_program
from regulars.promotions.template import templates

DOCUMENTS = [one.document for one in templates() if one.code in ("points-for-spending", "happy-hour", "code")]


def program(url: str) -> str:
    """A new program; its id."""

    async def make() -> str:
        async with Database(url, size=1) as database:
            made = await create_program(
                database, NewProgram("Here", "EUR", "Europe/Riga", ("en", "lv")), at=START
            )
        return ids.show("prg", made.program.id)

    return asyncio.run(make())


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_promotions_travel_from_one_program_to_another(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = program(database_url), program(database_url)
    file, out = tmp_path / "promotions.json", tmp_path / "export.json"
    file.write_text(json.dumps(DOCUMENTS), encoding="utf-8")
    at = ["--database", database_url, "--data", str(tmp_path), "--program"]

    assert main.run(["promotions", "import", str(file), *at, here]) == 0
    assert said(capsys) == "3 new drafts, 0 changed, 0 as they were. Nothing was published."
    assert main.run(["promotions", "import", str(file), *at, here]) == 0
    assert said(capsys).startswith("0 new drafts, 0 changed, 3 as they were.")

    assert main.run(["promotions", "export", str(out), *at, here]) == 0
    assert "3 promotions were written to" in said(capsys)
    content = json.loads(out.read_text(encoding="utf-8"))
    assert [one["document"]["name"] for one in content["promotions"]] == [one["name"] for one in DOCUMENTS]
    assert content["program"]["currencies"][0]["code"] == "PTS"
    assert main.run(["promotions", "lint", str(out)]) == 0

    capsys.readouterr()
    assert main.run(["promotions", "import", str(out), *at, there]) == 0
    assert said(capsys).startswith("3 new drafts")
    content["promotions"][1]["document"]["priority"] = 7
    out.write_text(json.dumps(content), encoding="utf-8")
    assert main.run(["promotions", "import", str(out), *at, here]) == 0
    assert said(capsys).startswith("0 new drafts, 1 changed, 2 as they were.")


def test_a_file_is_linted_beside_what_is_live_in_a_program(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, file = program(database_url), tmp_path / "promotions.json"
    file.write_text(json.dumps({**DOCUMENTS[0], "funder": "acme"}), encoding="utf-8")
    arguments = ["--database", database_url, "--data", str(tmp_path), "--program", here, "--language", "en"]
    assert main.run(["promotions", "lint", str(file), "--online", *arguments]) == 1
    assert "error There is no partner 'acme' to pay for it. (/funder)" in said(capsys)


def test_a_program_must_be_named_where_there_are_several(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(database_url)
    program(database_url)
    assert main.run(["promotions", "export", "--database", database_url, "--data", str(tmp_path)]) == 2
    assert "Say --program: there are prg_" in " ".join(capsys.readouterr().err.split())

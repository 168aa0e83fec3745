"""`regulars import members`: what it enters, what it says of faulty rows, and that it goes on where it stopped."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from tests.db.test_cli_installation import Shell, shell

__all__ = ["shell"]
HEADING = "external_id,phone,name,cards,balances,consents\n"


def members(count: int, **changed: str) -> str:
    """So many members; the row of a number may be another."""
    rows = [HEADING]
    for n in range(count):
        usual = f"crm-{n},+3712{n:07},Member {n},,{n + 1}@2037-12-31;10,sms/marketing@2024-05-01\n"
        rows.append(changed.get(f"row{n}", usual))
    return "".join(rows)


def count(url: str, program: str, table: str) -> int:
    """How many rows the table has of the program's operator."""
    with psycopg.connect(url) as owner:
        owner.execute("SELECT set_config('regulars.program', %s, false)", (_uuid(program),))
        row = owner.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone()
    assert row is not None
    return row[0]


def _uuid(program: str) -> str:
    from regulars import ids

    return str(ids.read("prg", program))


@pytest.mark.scenario("S17")
def test_members_are_entered_and_their_books_are_clean(
    shell: Shell, tmp_path: Path, database_url: str
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "members.csv"
    file.write_text(members(3000))

    code, out, _ = shell.run("import", "members", str(file), "--program", program)

    assert (code, "3000 members entered" in out, "0 were there already, 0 faulty" in out) == (
        0,
        True,
        True,
    ), out
    assert not (tmp_path / "members.csv.errors.csv").exists()
    assert count(database_url, program, "member") == 3000
    assert count(database_url, program, "lot") == 6000
    assert shell.run("ledger", "check", "--program", program)[0] == 0

    code, out, _ = shell.run("import", "members", str(file), "--program", program)
    assert (code, "0 members entered, 3000 were there already, 0 faulty" in out) == (0, True), out
    (tmp_path / "members.csv.cursor").unlink()
    code, out, _ = shell.run("import", "members", str(file), "--program", program)
    assert (code, "0 members entered, 3000 were there already, 0 faulty" in out) == (0, True), out
    assert count(database_url, program, "member") == 3000


def test_faulty_rows_are_listed_and_entered_once_they_are_mended(
    shell: Shell, tmp_path: Path, database_url: str
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "members.csv"
    file.write_text(members(30, row4="crm-4,12,Member 4,,,\n", row7="crm-7,+37120000001,Member 7,,x,\n"))
    ask = ("import", "members", str(file), "--program", program, "--batch", "5")

    code, out, _ = shell.run(*ask)

    assert (code, "28 members entered, 0 were there already, 2 faulty" in out) == (1, True), out
    listed = (tmp_path / "members.csv.errors.csv").read_text().splitlines()
    assert listed == [
        "row,column,code,detail",
        '6,phone,invalid_value,"is not a phone number; write it with its country code, as +44 …"',
        "9,balances,invalid_value,is not a whole number",
    ]

    file.write_text(members(30))
    code, out, _ = shell.run(*ask)

    assert (code, "2 members entered, 28 were there already, 0 faulty" in out) == (0, True), out
    assert not (tmp_path / "members.csv.errors.csv").exists()
    assert count(database_url, program, "member") == 30


def test_a_dry_run_says_the_same_and_writes_nothing(shell: Shell, tmp_path: Path, database_url: str) -> None:
    program = shell.program()["program"]
    file = tmp_path / "members.csv"
    file.write_text(members(20, row3="crm-3,+37120000002,Member 3,,,\n"))

    code, out, _ = shell.run("import", "members", str(file), "--program", program, "--dry-run")

    assert (code, "19 members would be entered, 0 were there already, 1 faulty" in out) == (1, True), out
    listed = (tmp_path / "members.csv.errors.csv").read_text().splitlines()
    assert listed[1:] == ["5,phone,member_exists,is another member's"]
    assert [count(database_url, program, table) for table in ("member", "pool", "imported_row")] == [0, 0, 0]
    assert not (tmp_path / "members.csv.cursor").exists()


def test_two_imports_of_one_file_at_once_enter_everybody_once(
    shell: Shell, tmp_path: Path, database_url: str
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "members.csv"
    file.write_text(members(600))
    ask = ["import", "members", str(file), "--program", program, "--batch", "5", *shell.where]
    command = [sys.executable, "-m", "regulars.cli.main", *ask]

    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=120)[0] for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    told = [
        re.search(r"(\d+) members entered.*, (\d+) were there already, 0 faulty", text.replace("\n", " "))
        for text in said
    ]
    entered = [int(one.group(1)) for one in told if one]
    assert (len(entered), sum(entered)) == (2, 600), said
    assert [count(database_url, program, table) for table in ("member", "lot", "card")] == [600, 1200, 600]
    assert shell.run("ledger", "check", "--program", program)[0] == 0
    assert sorted(path.name for path in tmp_path.glob("members.csv*")) == [
        "members.csv",
        "members.csv.cursor",
    ]


def test_columns_can_be_called_as_they_are(shell: Shell, tmp_path: Path, database_url: str) -> None:
    program = shell.program()["program"]
    file = tmp_path / "members.csv"
    file.write_text("Telefons;x,Punkti,Piezīmes\n20000001,12,vip\n", encoding="utf-8")
    ask = ("import", "members", str(file), "--program", program, "--mapping", "Telefons;x=phone")

    code, _, error = shell.run(*ask)
    assert (code, "not known: Punkti, Piezīmes" in error) == (2, True), error

    code, out, _ = shell.run(*ask, "--mapping", "Punkti=balances", "--mapping", "Piezīmes=")
    assert (code, "1 members entered" in out) == (0, True), out
    assert count(database_url, program, "lot") == 1

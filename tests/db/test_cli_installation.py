"""The commands on a real database: programs, keys, an import that can be repeated, the books, the secret."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from regulars.cli import main

RECEIPTS = """purchase,purchased_at,store,till,sku,name,quantity,unit_price,gross,discount,tax_rate
i-1,2026-01-05T10:00:00+02:00,teika,1,100,Maize,2,150,,,0.12
i-1,2026-01-05T10:00:00+02:00,teika,1,101,Piens,1,,129,29,0.12
i-2,2026-01-05T11:00:00+02:00,teika,1,100,Maize,1,150,,,0.12
i-3,2026-01-05T12:00:00+02:00,teika,1,100,Maize,none,150,,,0.12
"""


class Shell:
    """Runs commands on one database and data folder."""

    def __init__(self, url: str, data: Path, capsys: pytest.CaptureFixture[str]):
        self.where = ["--database", url, "--data", str(data)]
        self.capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output, error output."""
        self.capsys.readouterr()
        code = main.run([*arguments, *self.where])
        shown = self.capsys.readouterr()
        return code, shown.out, shown.err

    def program(self, *options: str) -> dict[str, str]:
        """A new program, as the command prints it."""
        place = ("--currency", "EUR", "--time-zone", "Europe/Riga", "--languages", "lv,en")
        code, out, error = self.run("program", "create", "Test", *place, "--json", *options)
        assert code == 0, error
        return json.loads(out)


@pytest.fixture
def shell(database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell for this test alone."""
    return Shell(database_url, tmp_path / "var", capsys)


def test_a_program_is_made_with_a_first_key_that_fits_it(shell: Shell) -> None:
    live, sandbox = shell.program(), shell.program("--sandbox")
    assert live["program"].startswith("prg_")
    assert live["key"].startswith("live_")
    assert (sandbox["sandbox"], sandbox["key"].split("_")[0]) == (True, "test")


def test_a_program_that_makes_no_sense_ends_with_2_and_every_fault(shell: Shell) -> None:
    code, _, error = shell.run(
        "program", "create", "X", "--currency", "EUX", "--time-zone", "Mars", "--languages", "lv,zz"
    )
    assert code == 2
    assert all(word in error for word in ("EUX", "Mars", "zz"))


def test_keys_are_made_for_a_program_a_store_and_an_operator(shell: Shell) -> None:
    program = shell.program()["program"]
    code, out, _ = shell.run("key", "create", program, "--scopes", "till,read", "--name", "Till 1", "--json")
    assert (code, json.loads(out)["scopes"]) == (0, ["till", "read"])
    code, out, _ = shell.run("key", "create", "--operator", "--json")
    assert json.loads(out)["key"].startswith("operator_")
    code, _, error = shell.run("key", "create", program, "--store", "nowhere")
    assert (code, "no store 'nowhere'" in error) == (2, True)
    code, _, error = shell.run("key", "create", "pur_x")
    assert (code, "begins with prg_" in error) == (2, True)


def test_migrating_again_changes_nothing(shell: Shell) -> None:
    code, out, _ = shell.run("migrate")
    assert (code, out.strip()) == (0, "The database is up to date.")


def test_an_import_can_be_tried_done_and_repeated(shell: Shell, tmp_path: Path, database_url: str) -> None:
    program = shell.program()["program"]
    file = tmp_path / "receipts.csv"
    file.write_text(RECEIPTS)
    ask = ("import", "purchases", str(file), "--program", program)

    code, out, _ = shell.run(*ask, "--dry-run")
    assert (code, "2 purchases would be recorded, 0 were there already, 1 faulty" in out) == (1, True)
    assert purchases(database_url) == 0

    code, out, _ = shell.run(*ask)
    assert (code, "2 purchases recorded, 0 were there already, 1 faulty" in out) == (1, True)
    listed = (tmp_path / "receipts.csv.errors.csv").read_text().splitlines()
    assert listed[0] == "row,purchase,code,detail"
    assert listed[1].startswith("5,i-3,invalid_value,")

    code, out, _ = shell.run(*ask)
    assert (code, "0 purchases recorded, 2 were there already, 1 faulty" in out) == (1, True)

    file.write_text(RECEIPTS.replace(",none,", ",1,"))
    code, out, _ = shell.run(*ask)
    assert (code, "1 purchases recorded, 2 were there already, 0 faulty" in out) == (0, True)
    assert not (tmp_path / "receipts.csv.errors.csv").exists()
    assert purchases(database_url) == 3

    code, out, _ = shell.run(*ask)
    assert (code, "0 purchases recorded, 3 were there already, 0 faulty" in out) == (0, True)

    for command in ("check", "verify"):
        code, out, _ = shell.run("ledger", command, "--program", program)
        assert code == 0, out


def test_a_receipt_changed_since_the_first_import_is_named_and_not_taken(
    shell: Shell, tmp_path: Path
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "receipts.csv"
    file.write_text("\n".join(RECEIPTS.splitlines()[:3]) + "\n")
    ask = ("import", "purchases", str(file), "--program", program)
    assert shell.run(*ask)[0] == 0
    file.write_text(file.read_text().replace(",150,", ",151,"))
    assert shell.run(*ask)[0] == 1
    assert "2,i-1,request_key_reused," in (tmp_path / "receipts.csv.errors.csv").read_text()


def test_books_that_were_tampered_with_end_with_1(
    shell: Shell, tmp_path: Path, administrator_url: str
) -> None:
    program = shell.program()["program"]
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO account (program, home, pool, currency, balance, debt)"
            " SELECT id, 0, gen_random_uuid(), 'PTS', 100, 0 FROM program"
        )
    code, out, _ = shell.run("ledger", "check", "--program", program)
    assert (code, "BROKEN account_balance" in out) == (1, True)


def purchases(url: str) -> int:
    with psycopg.connect(url) as connection:
        programs = connection.execute("SELECT id FROM program").fetchall()
        total = 0
        for (program,) in programs:
            connection.execute("SELECT set_config('regulars.program', %s, true)", (str(program),))
            row = connection.execute("SELECT count(*) FROM purchase").fetchone()
            assert row is not None
            total += row[0]
    return total

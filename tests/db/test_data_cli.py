"""`regulars import file`, `… undo`, `… list` and `regulars export`: what the pages do, from the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from tests.db.test_cli_installation import purchases
from tests.db.test_import_members import Shell, count, members, shell
from tests.db.test_import_processes import program_uuid, receipts

__all__ = ["shell"]


def newest(shell: Shell, program: str) -> list[str]:
    """The words of the newest import in the list: its id, its state, its kind, and what it did."""
    _, out, _ = shell.run("import", "list", "--program", program)
    return out.splitlines()[0].split()


def alive(database_url: str, program: str) -> list[tuple[str, int]]:
    """How many of the program's purchases stand, and how many were voided."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT set_config('regulars.program', %s, false)", (program_uuid(program),))
        return connection.execute(
            "SELECT CASE WHEN v.purchase IS NULL THEN 'stands' ELSE 'voided' END AS what, count(*) FROM purchase AS p"
            " LEFT JOIN voiding AS v ON v.program = p.program AND v.home = p.home AND v.purchase = p.id"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()


def test_the_quick_import_of_members_stands_in_the_list_and_can_be_taken_back(
    shell: Shell, tmp_path: Path, database_url: str
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "members.csv"
    file.write_text(members(30, row4="crm-4,12,Member 4,,,\n"))
    ask = ("import", "members", str(file), "--program", program, "--batch", "7")

    code, out, _ = shell.run(*ask)
    identifier, *words = newest(shell, program)
    assert (code, f"`regulars import undo {identifier}` takes it back." in out) == (1, True), out
    assert " ".join(words) == "done members 29 new, 0 changed, 0 there already, 1 faulty members.csv"

    code, out, _ = shell.run("import", "undo", identifier, "--program", program)
    assert (code, "29 rows taken back, 0 kept." in out) == (0, True), out
    assert count(database_url, program, "person") == 0
    assert shell.run("ledger", "check", "--program", program)[0] == 0
    code, out, _ = shell.run(*ask)
    assert "29 members entered, 0 were there already, 1 faulty" in out, "they can come again"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_quick_import_of_purchases_can_be_taken_back_whoever_recorded_them(
    shell: Shell, tmp_path: Path, database_url: str, workers: str
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "receipts.csv"
    file.write_text(receipts(60, faulty=20))
    ask = ("import", "purchases", str(file), "--program", program, "--workers", workers, "--batch", "16")

    assert shell.run(*ask)[0] == 1
    identifier, *words = newest(shell, program)
    assert " ".join(words) == "done purchases 59 new, 0 changed, 0 there already, 1 faulty receipts.csv"
    file.write_text(receipts(61))
    assert shell.run(*ask)[0] == 0
    assert newest(shell, program)[3:10] == ["2", "new,", "0", "changed,", "59", "there", "already,"]

    assert shell.run(*ask)[0] == 0, "and once more, from where it stopped: at the end"
    assert newest(shell, program)[3:10] == ["0", "new,", "0", "changed,", "61", "there", "already,"]

    code, out, _ = shell.run("import", "undo", identifier, "--program", program)
    assert (code, "59 rows taken back, 0 kept." in out) == (0, True), out
    assert alive(database_url, program) == [("stands", 2), ("voided", 59)], "what came by the other stays"


MANY = 2000
"""So many that a run can be killed in the middle of them."""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_run_that_was_killed_is_one_import_with_the_run_that_went_on(
    shell: Shell, tmp_path: Path, database_url: str
) -> None:
    program = shell.program()["program"]
    before = purchases(database_url)
    file = tmp_path / "receipts.csv"
    file.write_text(receipts(MANY))
    ask = ["import", "purchases", str(file), "--program", program, "--workers", "1", "--batch", "8"]
    command = [sys.executable, "-m", "regulars.cli.main", *ask, *shell.where]
    importing = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while purchases(database_url) - before < 50 and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(importing.pid, signal.SIGKILL)
    importing.wait(30)
    there = purchases(database_url) - before
    assert 50 <= there < MANY, "too late to be in the middle"
    identifier, state, *_ = newest(shell, program)
    code, _, error = shell.run("import", "undo", identifier, "--program", program)
    assert (state, code, "Only an import that is done" in error) == ("running", 2, True), error

    let_go(database_url, program)
    assert shell.run(*ask)[0] == 0
    assert newest(shell, program)[:4] == [identifier, "done", "purchases", str(MANY)]
    code, out, _ = shell.run("import", "undo", identifier, "--program", program)
    assert (code, f"{MANY} rows taken back, 0 kept." in out) == (0, True), out
    assert alive(database_url, program) == [("voided", MANY)]


def test_a_run_that_nobody_goes_on_with_can_be_taken_back_as_far_as_it_came(
    shell: Shell, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "members.csv"
    file.write_text(members(20))

    async def killed(*_: object) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr("regulars.flows.imports.runs.Run.end", killed)
        with pytest.raises(SystemExit):
            shell.run("import", "members", str(file), "--program", program)
    let_go(database_url, program)
    identifier = newest(shell, program)[0]
    code, out, _ = shell.run("import", "undo", identifier, "--program", program)
    assert (code, "20 rows taken back, 0 kept." in out) == (0, True), out
    assert newest(shell, program)[:2] == [identifier, "undone"]


def let_go(database_url: str, program: str) -> None:
    """As if the minute were over in which an import stays with whoever was killed."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT set_config('regulars.program', %s, false)", (program_uuid(program),))
        connection.execute("UPDATE data_import SET leased_until = leased_until - interval '2 minutes'")


def test_a_file_is_imported_listed_taken_back_and_what_is_there_exported(
    shell: Shell, tmp_path: Path, database_url: str
) -> None:
    program = shell.program()["program"]
    file = tmp_path / "klienti.csv"
    file.write_bytes(
        "Tālrunis;Dzimis;Punkti\n+37120000101;31.12.1980;12,5\n12;1.1.1990;\n".encode("windows-1257")
    )
    columns = (
        "--mapping",
        "Tālrunis=phone",
        "--mapping",
        "Dzimis=birthday|date:dmy",
        "--mapping",
        "Punkti=balances|points",
    )
    ask = ("import", "file", str(file), "--program", program, "--kind", "members", *columns)

    code, out, _ = shell.run(*ask, "--dry-run")
    assert (code, "1 would be new, 0 would be changed, 0 there already, 1 faulty." in out) == (1, True), out
    assert count(database_url, program, "member") == 0

    code, out, _ = shell.run(*ask)
    assert (code, "1 new, 0 changed, 0 there already, 1 faulty." in out) == (1, True), out
    assert (
        (tmp_path / "klienti.csv.errors.csv")
        .read_text()
        .splitlines()[1]
        .startswith("3,Tālrunis,invalid_value")
    )

    members = tmp_path / "members.csv"
    code, out, _ = shell.run("export", "members", "--program", program, "--output", str(members))
    assert (code, f"1 rows in {members}." in out.replace("\n", "")) == (0, True), out
    assert "'+37120000101" in members.read_text()

    _, out, _ = shell.run("import", "list", "--program", program)
    newest = out.split()[0]
    code, out, _ = shell.run("import", "undo", newest, "--program", program)
    assert (code, "1 rows taken back, 0 kept." in out) == (0, True), out


def test_what_cannot_be_is_said_in_a_sentence(shell: Shell, tmp_path: Path) -> None:
    program = shell.program()["program"]
    file = tmp_path / "a.csv"
    file.write_text("Telefons\n1\n")
    ask = ("import", "file", str(file), "--program", program, "--kind", "members")
    code, _, error = shell.run(*ask)
    assert (code, "is not known: say what it is, or leave it out" in error) == (2, True), error
    code, _, error = shell.run(*ask, "--preset", "loylapp")
    assert (code, "is one of loylap, magento.customers" in error) == (2, True), error
    code, _, error = shell.run("export", "everything", "--program", program)
    assert (code, "is one of members" in error) == (2, True), error

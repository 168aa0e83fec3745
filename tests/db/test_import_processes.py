"""An import by several processes: the same as by one, and after any death it goes on with nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from tests.db.test_cli_installation import Shell, purchases, shell

__all__ = ["shell"]
COUNT = 3000
HEADING = "purchase,purchased_at,store,till,card,sku,quantity,unit_price,discount,tax_rate\n"


def receipts(count: int, faulty: int | None = None) -> str:
    """So many receipts of two lines; one of them perhaps without a quantity."""
    rows = [HEADING]
    for n in range(count):
        at = f"2026-01-{n % 28 + 1:02}T10:{n % 60:02}:00+02:00"
        quantity = "" if n == faulty else "2"
        rows.append(f"i-{n},{at},teika,{n % 3},,100,{quantity},150,0,0.12\n")
        rows.append(f"i-{n},{at},teika,{n % 3},,101,1,{100 + n % 50},10,0.12\n")
    return "".join(rows)


def test_two_processes_record_what_one_would_and_list_what_is_wrong(
    shell: Shell, tmp_path: Path, database_url: str
) -> None:
    program, before = shell.program()["program"], purchases(database_url)
    file = tmp_path / "receipts.csv"
    file.write_text(receipts(700, faulty=450))
    ask = ("import", "purchases", str(file), "--program", program, "--workers", "2", "--batch", "50")

    code, out, _ = shell.run(*ask)
    assert (code, "699 purchases recorded, 0 were there already, 1 faulty" in out) == (1, True), out
    listed = (tmp_path / "receipts.csv.errors.csv").read_text().splitlines()
    assert listed[1:] == ["902,i-450,missing_field,quantity is empty"]

    file.write_text(receipts(700))
    code, out, _ = shell.run(*ask)
    assert (code, "1 purchases recorded, 699 were there already, 0 faulty" in out) == (0, True), out
    assert purchases(database_url) - before == 700
    assert shell.run("ledger", "check", "--program", program)[0] == 0


def test_the_number_of_processes_is_bounded(shell: Shell, tmp_path: Path) -> None:
    program = shell.program()["program"]
    file = tmp_path / "receipts.csv"
    file.write_text(receipts(1))
    code, _, error = shell.run("import", "purchases", str(file), "--program", program, "--workers", "99")
    assert (code, "--workers is 1 to 8" in error) == (2, True)


def children(process: int) -> list[int]:
    """Its processes that record."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True
    ).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "spawn_main" in line]


@pytest.mark.full
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("who", ["a process that records", "the import itself"])
def test_after_a_kill_an_import_goes_on_and_records_nothing_twice(
    shell: Shell, tmp_path: Path, database_url: str, who: str
) -> None:
    program, before = shell.program()["program"], purchases(database_url)
    file = tmp_path / "receipts.csv"
    file.write_text(receipts(COUNT))
    ask = ["import", "purchases", str(file), "--program", program, "--workers", "2", "--batch", "32"]
    command = [sys.executable, "-m", "regulars.cli.main", *ask, *shell.where]
    importing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    until = time.monotonic() + 60
    while purchases(database_url) - before < 200 and time.monotonic() < until:
        time.sleep(0.02)
    recording = children(importing.pid)
    os.kill(importing.pid if who == "the import itself" else recording[0], signal.SIGKILL)
    said, _ = importing.communicate(timeout=60)
    if who != "the import itself":
        assert (importing.returncode, "Run the import again" in said) == (1, True), said
    require_gone(recording)
    there = purchases(database_url) - before
    assert 200 <= there < COUNT, "too late to be in the middle"

    code, out, _ = shell.run(*ask)

    assert code == 0, out
    words = out[out.index("100 %") + 5 :].replace(",", "").split()
    recorded, repeated = (
        int(words[place]) for place in (words.index("purchases") - 1, words.index("were") - 1)
    )
    assert (recorded, repeated) == (COUNT - there, there)
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT set_config('regulars.program', %s, false)", (program_uuid(program),))
        rows = connection.execute("SELECT count(*), count(DISTINCT request) FROM purchase").fetchone()
    assert rows == (COUNT, COUNT)


def program_uuid(program: str) -> str:
    """As the database knows it."""
    from regulars import ids

    return str(ids.read("prg", program))


def require_gone(processes: list[int]) -> None:
    """They end by themselves when nobody hands them anything any more."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if not any(Path(f"/proc/{process}").exists() for process in processes):
            return
        time.sleep(0.05)
    raise AssertionError("a process of the import lives on")

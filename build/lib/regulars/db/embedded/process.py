"""Who a process is: the user it runs as, the parent it dies with, and whether a pid is still ours."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regulars.db.embedded.errors import DataFolderUnusable, NotTheMainThread

SHIM = Path(__file__).with_name("shim.py")
UNPRIVILEGED_USERS = ("nobody", "daemon")


@dataclass(frozen=True)
class Identity:
    """The user and group that a program is run as when root may not run it."""

    uid: int
    gid: int


def bound_command(
    argv: Sequence[str],
    *,
    death_signal: signal.Signals,
    identity: Identity | None = None,
) -> list[str]:
    """The command that runs `argv` (its first word an absolute path) as a child that ends with this process.

    On Linux the kernel sends `death_signal` to the child when the *thread* that started it ends: call it,
    and start the command, from the main thread. Elsewhere the child may outlive its parent.
    """
    if threading.current_thread() is not threading.main_thread():
        raise NotTheMainThread(
            f"{argv[0]} was to be started from the thread {threading.current_thread().name!r}, and was not: "
            "it would be ended together with that thread. Start it from the main thread."
        )
    uid, gid = (identity.uid, identity.gid) if identity else (-1, -1)
    words = [os.getpid(), int(death_signal), uid, gid, *argv]
    return [sys.executable, "-I", "-S", str(SHIM), *(str(word) for word in words)]


def server_identity(data: Path, cluster: Path) -> Identity | None:
    """As whom the server runs: None for ourselves; for root the data's owner, or an unprivileged user."""
    if os.geteuid() != 0:
        if cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise DataFolderUnusable(
                f"The database in {cluster} belongs to the user {user_name(cluster.stat().st_uid)}, so it "
                f"was not started by {user_name(os.geteuid())}. Start it as its owner or as root, "
                "or choose another data folder."
            )
        return None
    for folder in (cluster, data):
        if folder.exists() and folder.stat().st_uid != 0:
            return Identity(folder.stat().st_uid, folder.stat().st_gid)
    for name in UNPRIVILEGED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(entry.pw_uid, entry.pw_gid)
    raise DataFolderUnusable(
        "PostgreSQL refuses to run as root and this machine has no user named "
        f"{' or '.join(UNPRIVILEGED_USERS)}, so nothing was started and no user was created. "
        f"Give the folder {data} to an ordinary user, or run as one."
    )


def user_name(uid: int) -> str:
    """The login name of `uid`, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def may_pass(folder: Path, identity: Identity | None) -> bool:
    """Whether `identity` can walk to `folder` and through it, judged by the permission bits on the way."""
    if identity is None:
        return os.access(folder, os.X_OK)
    folder = folder.resolve()
    return all(_allowed(part, identity, 0o1) for part in (folder, *folder.parents))


def may_read(path: Path, identity: Identity | None) -> bool:
    """Whether `identity` can walk to `path` and also read it."""
    if identity is None:
        return os.access(path, os.R_OK | os.X_OK)
    return may_pass(path, identity) and _allowed(path.resolve(), identity, 0o5)


def _allowed(path: Path, identity: Identity, wanted: int) -> bool:
    status = path.stat()
    if status.st_uid == identity.uid:
        wanted <<= 6
    elif status.st_gid == identity.gid:
        wanted <<= 3
    return stat.S_IMODE(status.st_mode) & wanted == wanted


def is_postmaster_of(pid: int, cluster: Path) -> bool:
    """Whether `pid` is a living PostgreSQL server of this very `cluster`.

    The pid alone proves nothing: it may be a stranger's by now, or a zombie's that nobody reaps. A server
    works in its data folder, and a zombie has no folder.
    """
    if Path("/proc/self/cwd").exists():
        try:
            program = Path(os.readlink(f"/proc/{pid}/exe")).name
            same_folder = os.path.samestat(os.stat(f"/proc/{pid}/cwd"), cluster.stat())
        except OSError:
            return False
        # "postgres (deleted)" where the package was replaced while its server was running.
        return same_folder and program.split(" ")[0] == "postgres"
    answer = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(answer) and answer[0] != "Z" and "postgres" in answer and f"-D {cluster}" in answer

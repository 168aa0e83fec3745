"""The private folder of the server's socket: short, 0700, recorded beside the data, removed when stale."""

import os
import socket
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

from regulars.db.embedded.errors import DataFolderUnusable
from regulars.db.embedded.process import Identity, may_pass

PREFIX = "regulars-"
PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
# The address of a Unix socket holds 107 bytes on Linux and 103 on macOS.
PATH_BYTES_MAX = 103


def make_folder(identity: Identity | None) -> Path:
    """A new folder that only the server's user (and root) can enter, its path short enough for a socket."""
    # mkdtemp makes a name that nobody can foresee, so these public folders are safe.
    bases = [Path(tempfile.gettempdir()), *map(Path, ("/tmp", "/var/tmp", "/dev/shm"))]  # noqa: S108
    for base in bases:
        longest = base / f"{PREFIX}12345678" / f"{SOCKET}.lock"
        if len(os.fsencode(longest)) > PATH_BYTES_MAX or not base.is_dir() or not os.access(base, os.W_OK):
            continue
        if may_pass(base, identity):
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
            if identity is not None:
                os.chown(folder, identity.uid, identity.gid, follow_symlinks=False)
            return folder
    raise DataFolderUnusable(
        "The database needs a folder with a short path for its socket, and none of "
        f"{', '.join(map(str, bases))} can be written and read, so nothing was started. "
        "Set TMPDIR to a short path that everybody may enter."
    )


def clear(folder: Path) -> None:
    """Remove what a server that has ended left here: its lock would name a pid that others use by now."""
    for name in (SOCKET, f"{SOCKET}.lock"):
        (folder / name).unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a socket folder that one of us made; anything else that a damaged record may name stays."""
    try:
        status = folder.lstat()
        if (
            folder.name.startswith(PREFIX)
            and stat.S_ISDIR(status.st_mode)
            and status.st_mode & 0o777 == 0o700
        ):
            clear(folder)
            folder.rmdir()
    except OSError:
        # Gone already, or in use for something else: both are none of our business.
        return


def answers(folder: Path) -> bool:
    """Whether a server accepts connections in `folder`."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(folder / SOCKET))
        except OSError:
            return False
    return True


def url(folder: Path, role: str, database: str) -> str:
    """The address that psycopg, psql and pg_dump take."""
    return f"postgresql://{role}@/{database}?host={quote(str(folder), safe='')}&port={PORT}"

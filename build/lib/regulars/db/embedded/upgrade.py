"""Turns a database of an older major version into one of the installed version; the old one is kept.

    python -m regulars.db.embedded.upgrade DATA_FOLDER OLD_PROGRAMS_FOLDER

With pg_upgrade and not by a dump: it keeps transaction ids, on which the sealing of the ledger rests.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from regulars.db.embedded import cluster as clusters
from regulars.db.embedded import sockets
from regulars.db.embedded.binaries import find_binaries, readable_binaries
from regulars.db.embedded.cluster import ADMINISTRATOR_ROLE, Maker
from regulars.db.embedded.errors import DataFolderUnusable, InitialisationFailed, LauncherError
from regulars.db.embedded.process import server_identity
from regulars.db.embedded.server import EmbeddedServer


def upgrade(data: Path, old_programs: Path) -> Path:
    """Upgrade the database in `data`, written by `old_programs`, to the installed version.

    Returns the folder where the database of before is kept. Raises a LauncherError, and has changed nothing,
    when it cannot be done.
    """
    owner = EmbeddedServer(data, binaries=old_programs)
    owner.start()
    # A clean shutdown is what pg_upgrade asks for, and it also proves that the old programs fit.
    owner.stop()
    with owner.owned() as lock:
        data = data.absolute()
        cluster = data / "cluster"
        identity = server_identity(data, cluster)
        old = readable_binaries(find_binaries(old_programs), identity, data)
        new = readable_binaries(find_binaries(), identity, data)
        kept = data / f"cluster.postgresql-{old.major}"
        if kept.exists():
            raise DataFolderUnusable(
                f"{kept} is still there from an earlier upgrade, so the database was not upgraded. "
                "Move it away and try again."
            )
        maker = Maker(new, identity, lock)
        draft = maker.draft(cluster, print)
        # pg_upgrade writes a script where it stands, and needs a short path for its own sockets.
        room = sockets.make_folder(identity)
        try:
            options = ("--username", ADMINISTRATOR_ROLE, "--socketdir", str(room))
            folders = ("-b", old.folder, "-B", new.folder, "-d", cluster, "-D", draft)
            maker.run("pg_upgrade", *options, *folders, standing=room)
        except InitialisationFailed as error:
            reports = data / "upgrade.failed"
            shutil.rmtree(reports, ignore_errors=True)
            if (draft / "pg_upgrade_output.d").exists():
                (draft / "pg_upgrade_output.d").rename(reports)
            shutil.rmtree(draft)
            raise InitialisationFailed(
                f"The database in {cluster} was not upgraded and is as it was; go on with the old programs. "
                f"The reports of pg_upgrade are in {reports}. {error}"
            ) from error
        finally:
            shutil.rmtree(room)
        cluster.rename(kept)
        draft.rename(cluster)
        clusters.sync_folder(data)
    return kept


def main() -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m regulars.db.embedded.upgrade", description=__doc__)
    parser.add_argument("data", type=Path, help="the data folder, with `cluster` in it")
    parser.add_argument("old_programs", type=Path, help="the bin folder of the PostgreSQL that wrote it")
    arguments = parser.parse_args()
    try:
        kept = upgrade(arguments.data, arguments.old_programs)
    except LauncherError as error:
        print(error, file=sys.stderr)
        return os.EX_UNAVAILABLE
    print(f"The database is upgraded. The one of before is kept in {kept}; delete it when all is well.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

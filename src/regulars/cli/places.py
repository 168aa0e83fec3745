"""Decides where an installation lives: its data folder, its database, its secret, its master keys."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from regulars import settings

if TYPE_CHECKING:
    from regulars.members.vault import Keyring

SECRET = "secret"  # noqa: S105
MASTER_KEYS = "master.keys"
CREDENTIALS = "demo.json"
DATABASE_VARIABLE = "REGULARS_DATABASE_URL"
SECRET_VARIABLE = "REGULARS_SECRET_FILE"  # noqa: S105
MASTER_VARIABLE = "REGULARS_MASTER_KEY_FILE"


class Refused(Exception):
    """A command that cannot be done, in a sentence for the user; `code` is the exit code."""

    def __init__(self, sentence: str, code: int = 2):
        super().__init__(sentence)
        self.code = code


@Parameter(name="*")
@dataclass(frozen=True)
class Place:
    """Which installation a command means."""

    data: Annotated[
        Path, Parameter(help="Folder that holds the database, the secret and the demo's log-ins.")
    ] = Path("var")
    database: Annotated[
        str | None,
        Parameter(help="URL of a PostgreSQL of your own (15 to 18) instead of the one that comes along."),
    ] = None

    @property
    def url_given(self) -> str | None:
        """The database that was named, by option or environment."""
        return self.database or os.environ.get(DATABASE_VARIABLE)

    @property
    def secret_file(self) -> Path:
        """The installation's secret."""
        return Path(os.environ.get(SECRET_VARIABLE) or self.data / SECRET)

    @property
    def master_file(self) -> Path:
        """The master keys of its vault."""
        return Path(os.environ.get(MASTER_VARIABLE) or self.data / MASTER_KEYS)

    @property
    def credentials(self) -> Path:
        """The demo's log-ins."""
        return self.data / CREDENTIALS

    def secret(self) -> bytes:
        """The secret, made if there is none. Raises SettingsMissing."""
        settings.make_secret(self.secret_file)
        return settings.read_secret(self.secret_file)

    def keyring(self) -> Keyring:
        """The secret and the master keys, made where there are none. Raises SettingsMissing."""
        from regulars.members.vault import Keyring

        if os.environ.get(settings.MASTER_KEY):
            return Keyring(self.secret(), settings.master_keys(os.environ))
        settings.make_master_keys(self.master_file)
        read = partial(settings.read_master_keys, self.master_file)
        return Keyring(self.secret(), read(), read)

    @contextmanager
    def reached(self) -> Iterator[str]:
        """The URL of the database: the one named, else that of the data folder, started if need be.

        Raises Refused when there is nothing to reach, LauncherError when it cannot be started.
        """
        if self.url_given:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            yield self.url_given
            return
        from regulars.db.embedded.server import EmbeddedServer, running_server

        running = running_server(self.data)
        if running is not None:
            yield running.url
            return
        if not (self.data / "cluster").exists():
            raise Refused(
                f"There is no database in {self.data}. Start one with `regulars start`, "
                "name its folder with --data, or give the address of another with --database."
            )
        with EmbeddedServer(self.data, say=lambda _: None) as server:
            yield server.url

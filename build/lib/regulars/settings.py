"""The settings of the process, from the environment; read once, at an edge."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process must know before it can open a door."""

    database_url: str
    """libpq URL of the owner role (`REGULARS_DATABASE_URL`)."""
    secret: bytes
    """32 bytes from which the keys of blind indexes and sessions are derived (`REGULARS_SECRET_FILE`)."""
    pool_size: int = 8
    """Connections a process may open (`REGULARS_POOL_SIZE`)."""
    batch_connections: int = 1
    """Batches of purchases that a process writes side by side (`REGULARS_BATCH_CONNECTIONS`).

    One: the next batch grows while it is written. A second costs more than it saves (measured: 0.40 against 0.47 of
    the reference at 128 clients); more throughput comes from more processes.
    """
    requests_at_once: int = 1024
    """Requests that a process works on; what comes beyond is answered 503 (`REGULARS_REQUESTS_AT_ONCE`)."""
    host: str = "127.0.0.1"
    port: int = 8080
    insecure_cookies: bool = True
    """Cookies without `Secure`, for plain http on localhost (`REGULARS_TLS=1` turns it off)."""


class SettingsMissing(Exception):
    """A setting without which nothing can start, in a sentence."""


def load(environment: dict[str, str] | None = None) -> Settings:
    """Read the environment. Raises SettingsMissing with a sentence."""
    env = os.environ if environment is None else environment
    url = env.get("REGULARS_DATABASE_URL")
    if not url:
        raise SettingsMissing(
            "REGULARS_DATABASE_URL is not set. Start with `./run`, which brings its own PostgreSQL, "
            "or give the address of one: postgresql://owner@host/regulars"
        )
    secret_file = env.get("REGULARS_SECRET_FILE")
    if not secret_file:
        raise SettingsMissing(
            "REGULARS_SECRET_FILE is not set. Name a file with at least 32 random bytes, "
            "kept apart from the database's backups; `./run` makes one in its data folder."
        )
    return Settings(
        database_url=url,
        secret=read_secret(Path(secret_file)),
        pool_size=int(env.get("REGULARS_POOL_SIZE", "8")),
        batch_connections=int(env.get("REGULARS_BATCH_CONNECTIONS", "1")),
        requests_at_once=int(env.get("REGULARS_REQUESTS_AT_ONCE", "1024")),
        host=env.get("REGULARS_HOST", "127.0.0.1"),
        port=int(env.get("REGULARS_PORT", "8080")),
        insecure_cookies=env.get("REGULARS_TLS") != "1",
    )


def read_secret(path: Path) -> bytes:
    """The secret in a file. Raises SettingsMissing when it is not there or too short."""
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise SettingsMissing(f"The secret cannot be read from {path}: {error.strerror}.") from error
    if len(secret) < 32:
        raise SettingsMissing(f"The secret in {path} is shorter than 32 bytes.")
    return secret


def make_secret(path: Path) -> None:
    """Write a new secret, readable by the owner alone, unless there is one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))

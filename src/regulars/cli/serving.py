"""Runs one part of an installation in this process: the web server, or the worker."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

from regulars import settings
from regulars.cli.places import DATABASE_VARIABLE, MASTER_VARIABLE, SECRET_VARIABLE, Place

APPLICATION = "regulars.app:app"
WORKER = "regulars.jobs.worker"
BACKLOG = 2048
"""Connections that may wait in the kernel; beyond them a client is refused at once, not left hanging."""
CONNECTIONS_MAX = 16_384
"""Open connections of a process, most of them idle tills; the next ones wait in the backlog. How many requests are
worked on is bounded by `REGULARS_REQUESTS_AT_ONCE`: an idle or slow connection takes nobody's place."""
HEADER_SECONDS_MAX = 30
"""Within which the head of a request must come; an idle connection is closed after it."""
FILES_FOR_OURSELVES = 256
"""Of those that a process may open: database, log, translations."""
STOP_SECONDS_MAX = 8
"""For requests that were taken when the stop was asked for; the supervisor waits a little longer."""


def serve(place: Place, host: str, port: int, workers: int, tls: tuple[Path, Path] | None) -> None:
    """Serve until SIGINT or SIGTERM; what was taken is finished. Raises SettingsMissing, VaultLocked."""
    from regulars.cli.vault import require_right_keys

    prepare_environment(place, host, port, tls=tls is not None)
    require_right_keys(settings.load().database_url, place)
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    certificate, key = tls if tls else (None, None)
    Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop if os.name == "posix" else Loops.asyncio,
        http=HTTPModes.auto if tls else HTTPModes.http1,
        websockets=False,
        workers=workers,
        backlog=BACKLOG,
        backpressure=connections_max(),
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS_MAX * 1000),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS_MAX,
        log_level=LogLevels.warning,
        ssl_cert=certificate,
        ssl_key=key,
        factory=True,
    ).serve()


def connections_max() -> int:
    """As many connections as the system lets this process have, up to a bound; it is asked for all that it allows."""
    try:
        import resource
    except ImportError:  # not POSIX: there is no such limit
        return CONNECTIONS_MAX
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_MAX + FILES_FOR_OURSELVES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(128, min(CONNECTIONS_MAX, wanted - FILES_FOR_OURSELVES))


def work(place: Place) -> None:
    """Run the scheduled jobs until SIGINT or SIGTERM; a job that runs is finished. Raises SettingsMissing."""
    prepare_environment(place)
    settings.load()
    # By its name, like the application above: the rooms of the top floor do not import one another.
    runpy.run_module(WORKER, run_name="__main__", alter_sys=True)


def prepare_environment(
    place: Place, host: str | None = None, port: int | None = None, *, tls: bool = False
) -> None:
    """Say in the environment what the options say, for the processes that are started from here.

    Without the address of a database, the one that runs in the data folder is meant.
    """
    os.environ |= environment(place, host, port, tls=tls)
    if DATABASE_VARIABLE not in os.environ:
        from regulars.db.embedded.server import running_server

        running = running_server(place.data)
        if running is not None:
            os.environ[DATABASE_VARIABLE] = running.url


def environment(
    place: Place, host: str | None = None, port: int | None = None, *, tls: bool = False
) -> dict[str, str]:
    """The variables that `settings.load` reads."""
    found = {SECRET_VARIABLE: str(place.secret_file)}
    if not os.environ.get(settings.MASTER_KEY):
        found[MASTER_VARIABLE] = str(place.master_file)
    if place.url_given:
        found[DATABASE_VARIABLE] = place.url_given
    if host is not None:
        found["REGULARS_HOST"] = host
    if port is not None:
        found["REGULARS_PORT"] = str(port)
    if tls:
        found["REGULARS_TLS"] = "1"
    return found

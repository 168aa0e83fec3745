"""Starts a whole installation: database, demo, web server and worker; and says where it is."""

from __future__ import annotations

import asyncio
import http.client
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from regulars import settings
from regulars.cli import credentials
from regulars.cli.places import DATABASE_VARIABLE, Place, Refused
from regulars.cli.serving import environment

if TYPE_CHECKING:
    from regulars.db.embedded.server import EmbeddedServer

READY_SECONDS_MAX = 60.0
CHECK_SECONDS = 0.05


@dataclass(frozen=True)
class Start:
    """What `regulars start` was asked for."""

    place: Place
    host: str
    port: int
    reset: bool
    tls: bool
    demo: bool
    workers: int


def start(wanted: Start, console: Console) -> int:
    """Run everything until a signal; the exit code. Raises Refused, LauncherError, MigrationRefused."""
    begun = time.monotonic()
    require_free_port(wanted.host, wanted.port)
    place = wanted.place

    def say(sentence: str) -> None:
        console.print(sentence, markup=False, highlight=False)

    from regulars.db.embedded.server import EmbeddedServer

    if place.url_given:
        if wanted.reset:
            raise Refused(
                "--reset erases the database that comes along, not one of your own; nothing was erased. "
                "Empty that database yourself."
            )
        place.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _run(wanted, place.url_given, None, console, begun)
    server = EmbeddedServer(place.data, say=say)
    if wanted.reset:
        server.erase()
        place.credentials.unlink(missing_ok=True)
        say(f"The database in {place.data} was erased.")
    try:
        url = server.start().url
        return _run(wanted, url, server, console, begun)
    finally:
        server.stop()


def _run(wanted: Start, url: str, server: EmbeddedServer | None, console: Console, begun: float) -> int:
    from regulars.cli.certificates import certificate
    from regulars.cli.supervisor import Supervisor
    from regulars.cli.vault import require_right_keys, sealer
    from regulars.db.migrate import migrate

    place = wanted.place
    place.keyring()
    applied = migrate(url, seal=sealer(place, url))
    require_right_keys(url, place)
    if applied:
        console.print(f"The database is now at {applied[-1]}.", highlight=False)
    tls = certificate(place.data) if wanted.tls else None
    os.environ |= environment(place, wanted.host, wanted.port, tls=wanted.tls) | {DATABASE_VARIABLE: url}
    if settings.messaging(os.environ) == settings.Messaging():
        os.environ[settings.MESSAGES_FOLDER] = str((place.data / "messages").absolute())
    if wanted.demo and not demo_is_loaded(url, place):
        load_demo(place)
    me = [sys.executable, "-m", "regulars.cli.main"]
    serve = [*me, "serve", "--data", str(place.data), "--host", wanted.host, "--port", str(wanted.port)]
    serve += ["--workers", str(wanted.workers)] + (["--tls"] if tls else [])
    supervisor = Supervisor(
        {"server": serve, "worker": [*me, "worker", "--data", str(place.data)]},
        database=server,
        say=lambda sentence: console.print(sentence, markup=False, highlight=False),
    )
    supervisor.start()
    door = _first_door(url)
    announcer = threading.Thread(target=_announce, args=(wanted, tls, console, begun, door), daemon=True)
    announcer.start()
    return supervisor.wait()


def require_free_port(host: str, port: int) -> None:
    """Raises Refused when somebody listens at the port, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"The port {port} on {host} cannot be used ({error.strerror}), so nothing was started. "
                "Stop what listens there, or choose another with --port.",
                code=1,
            ) from error


def demo_is_loaded(url: str, place: Place) -> bool:
    """Whether the demo is whole in the database and its log-ins are at hand."""
    if credentials.read(place.credentials) is None:
        return False
    from regulars.cli.demo.progress import is_loaded

    return is_loaded(url)


def load_demo(place: Place) -> None:
    """Load the demo in a process of its own, which takes its memory with it; a failure is survived."""
    from regulars.db.embedded.process import bound_command

    me = [sys.executable, "-m", "regulars.cli.main", "demo", "--data", str(place.data)]
    try:
        subprocess.run(bound_command(me, death_signal=signal.SIGTERM), check=False)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("the loading of the demo goes on at the next start") from None


def _first_door(url: str) -> str | None:
    """The secret part of a one-time address for the first owner; None: somebody is there already."""
    from regulars import clock
    from regulars.db.pool import Database
    from regulars.flows.first_owner import first_door

    async def work() -> str | None:
        async with Database(url, size=1) as database:
            return await first_door(database, clock.world())

    return asyncio.run(work())


def _announce(
    wanted: Start, tls: tuple[Path, Path] | None, console: Console, begun: float, door: str | None
) -> None:
    if not _ready(wanted, tls is not None):
        console.print(
            f"The server did not become ready within {READY_SECONDS_MAX:g} s. What it wrote above says why.",
            highlight=False,
        )
        return
    logins = credentials.read(wanted.place.credentials) if wanted.demo else None
    text = banner(base_urls(wanted), logins, time.monotonic() - begun, door)
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _ready(wanted: Start, tls: bool) -> bool:
    host = "127.0.0.1" if wanted.host in ("0.0.0.0", "localhost") else wanted.host  # noqa: S104
    until = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < until:
        # Our own server with the certificate made a moment ago: who it is needs no proof.
        connection = (
            http.client.HTTPSConnection(
                host,
                wanted.port,
                timeout=5,
                context=ssl._create_unverified_context(),  # noqa: S323
            )
            if tls
            else http.client.HTTPConnection(host, wanted.port, timeout=5)
        )
        try:
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(CHECK_SECONDS)
    return False


def base_urls(wanted: Start) -> list[str]:
    """The addresses at which the installation is reached, this machine's own name first."""
    from regulars.cli.certificates import addresses

    scheme = "https" if wanted.tls else "http"
    if wanted.host == "0.0.0.0":  # noqa: S104
        hosts = ["localhost", *addresses()]
    else:
        hosts = ["localhost" if wanted.host == "127.0.0.1" else wanted.host]
    return [f"{scheme}://{host}:{wanted.port}" for host in hosts]


def banner(
    urls: list[str], logins: credentials.DemoLogins | None, seconds: float, door: str | None = None
) -> str:
    """What a start says when it is ready."""
    from regulars.cli.demo.chain import SLUG, STAFF

    base = urls[0]
    lines = ["", f"Regulars is ready ({seconds:.1f} s).", ""]
    lines += [f"  till         {url}/till" for url in urls]
    lines += [f"  back office  {base}/backoffice", f"  API          {base}/v1/openapi.json"]
    if folder := os.environ.get(settings.MESSAGES_FOLDER):
        lines.append(
            f"  messages     {folder} (codes and emails are written there; nothing leaves this machine)"
        )
    if door is not None:
        lines += [
            "",
            "  Nobody is here yet. Make your program, step by step (this address works once, for a day):",
            "",
        ]
        lines.append(f"    {base}/set-up/{door}")
    elif logins is None:
        lines += ["", "  No demo is loaded. A program of your own:", ""]
        lines.append(
            "    regulars program create NAME --currency EUR --time-zone Europe/Riga --languages lv,ru,en"
        )
        lines.append("    regulars staff add EMAIL --name NAME")
    else:
        lines += [
            "",
            "  The demo is Dzintars, an invented chain in Riga. Its owner, and with the same password its other staff:",
            f"  sign in as  {STAFF[0].email}, password {logins.staff_password}",
            *[f"              {one.email} ({one.role.replace('_', ' ')})" for one in STAFF[1:]],
            "",
            "  The till, and programs, sign in with a key:",
            f"  till key    {logins.till_key}",
            f"  manage key  {logins.manage_key}",
            f"  a customer  {logins.member}, phone {logins.phone}, card {logins.card}",
            "",
            "  A member's own pages, for a phone; log in as the customer above with her phone number.",
            "  The code that is sent to her arrives in the folder of messages:",
            *[f"  portal      {url}/portal/{SLUG}/" for url in urls],
            "",
            "  A purchase from the command line:",
            "",
            curl_line(base, logins),
        ]
    return "\n".join([*lines, "", "Ctrl-C stops everything."])


def curl_line(base: str, logins: credentials.DemoLogins) -> str:
    """A command that records a purchase when it is pasted into a shell."""
    body = (
        f'{{"id":"curl-\'$(date +%s)\'","store":"{logins.store}","till":"{logins.till}",'
        f'"card":"{logins.card}",'
        f'"purchased_at":"\'$(date -u +%Y-%m-%dT%H:%M:%SZ)\'","currency":"EUR","lines":[{{"line":1,'
        f'"sku":"{logins.sku}","quantity":"2","unit_price":{logins.price},'
        f'"categories":["{logins.category}"],"tax_rate":"{logins.tax_rate}"}}]}}'
    )
    insecure = "-k " if base.startswith("https") else ""
    return (
        f"curl {insecure}-sS {shlex.quote(base + '/v1/purchases')} "
        f"-H 'Authorization: Bearer {logins.till_key}' -H 'Content-Type: application/json' -d '{body}'"
    )

"""The real server as a process of its own, for tests that need one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.conftest import MASTER_KEY
from tests.ports import free_port

SECONDS_MAX = 60


class House:
    """The real server as a process, and the address it listens at."""

    def __init__(self, database_url: str, secret: Path):
        self.port = free_port()
        self._environment = {
            **os.environ,
            "REGULARS_DATABASE_URL": database_url,
            "REGULARS_SECRET_FILE": str(secret),
            "REGULARS_MASTER_KEY": MASTER_KEY,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str, **variables: str) -> None:
        """Start serving, with more options and variables of the environment, and wait until it answers."""
        command = [sys.executable, "-m", "regulars.cli.main", "serve", "--port", str(self.port), *options]
        environment = {**self._environment, **variables}
        self._process = subprocess.Popen(command, env=environment, start_new_session=True)
        until = time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                assert self._process.poll() is None, "the server ended by itself"
            time.sleep(0.1)
        raise AssertionError("the server did not become ready")

    def workers(self) -> list[int]:
        """The processes that serve: the children of the one that was started."""
        assert self._process is not None
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True
        )
        return [int(number) for number in listed.stdout.split()]

    def kill(self) -> None:
        """kill -9, with every process it has started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

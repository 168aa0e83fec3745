"""`regulars start` as a process: ready with all its parts, stopped cleanly, alone in its folder, recovered."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.ports import free_port

READY_SECONDS_MAX = 60
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@contextmanager
def started(data: Path, port: int, *options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The running installation and what it said until it was ready."""
    command = [sys.executable, "-m", "regulars.cli.main", "start", "--no-demo", "--data", str(data)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")}
    process = subprocess.Popen(
        [*command, "--port", str(port), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environment, "PYTHONUNBUFFERED": "1"},
    )
    said: list[str] = []
    assert process.stdout is not None
    until = time.monotonic() + READY_SECONDS_MAX
    try:
        for line in process.stdout:
            said.append(line.rstrip())
            if "Regulars is ready" in line or time.monotonic() > until:
                break
        yield process, said
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def ready(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_starts_stops_and_starts_again(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "var"
    with started(data, port) as (process, said):
        assert "Regulars is ready" in said[-1], said
        assert ready(port) == 200
        second = subprocess.run(
            [
                sys.executable,
                "-m",
                "regulars.cli.main",
                "start",
                "--data",
                str(data),
                "--port",
                str(free_port()),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert second.returncode == 1
        assert "is in use by the process" in second.stderr
    assert process.returncode == 0
    with pytest.raises(OSError, match="refused"):
        ready(port)

    with started(data, port) as (process, said):
        assert "Regulars is ready" in said[-1], said
        assert ready(port) == 200
    assert process.returncode == 0


def test_after_a_kill_nothing_is_left_and_the_next_start_recovers(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "var"
    with started(data, port) as (process, said):
        assert "Regulars is ready" in said[-1], said
        process.kill()
        process.wait()
        until = time.monotonic() + 15
        while time.monotonic() < until:
            try:
                ready(port)
            except OSError:
                break
            time.sleep(0.1)
        else:
            pytest.fail("the server outlived its supervisor")
    with started(data, port) as (process, said):
        assert "Regulars is ready" in said[-1], said
        assert ready(port) == 200
    assert process.returncode == 0

"""Keeps the processes of one installation running, and ends them with itself, in whatever way it ends."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from shutil import which
from types import FrameType
from typing import Protocol

from regulars.db.embedded.process import bound_command

STOP_SECONDS_MAX = 10.0
DEATHS_MAX = 5
DEATHS_WINDOW_SECONDS = 60.0
BACKOFF_SECONDS = (0.5, 1.0, 2.0, 4.0)
# Only a safety net: a signal or the death of a child wakes the loop at once.
LOOK_SECONDS = 1.0


class Database(Protocol):
    """What the supervisor needs of the embedded server; `start` also brings a dead one back, address kept."""

    @property
    def alive(self) -> bool: ...

    def start(self) -> object: ...

    def stop(self) -> None: ...


@dataclass
class _Watched:
    """A process that should run: its deaths of the last minute, and when it may be started again."""

    name: str
    argv: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    not_before: float = 0.0

    def died(self, now: float) -> bool:
        """Note a death; True when there were too many of them within a minute."""
        self.deaths = [moment for moment in self.deaths if now - moment < DEATHS_WINDOW_SECONDS] + [now]
        self.not_before = now + BACKOFF_SECONDS[min(len(self.deaths), len(BACKOFF_SECONDS)) - 1]
        return len(self.deaths) >= DEATHS_MAX


class Supervisor:
    """Runs `children` (name → argument list) beside an optional embedded `database`.

    A child that ends without being asked to is started again, after 0.5, 1, 2 and 4 seconds; the fifth death
    within a minute ends everything. SIGINT, SIGTERM and SIGHUP stop the children in reverse order (SIGTERM,
    and SIGKILL to the child's whole process group after `stop_seconds_max`), then the database; a second
    signal does not wait any more. On Linux a killed supervisor takes its children with it. To be used from
    the main thread only.
    """

    def __init__(
        self,
        children: dict[str, Sequence[str]],
        *,
        database: Database | None = None,
        say: Callable[[str], None] = print,
        stop_seconds_max: float = STOP_SECONDS_MAX,
    ) -> None:
        self._watched = [_Watched(name, _absolute(argv)) for name, argv in children.items()]
        self._database = database
        self._database_watch = _Watched("database", [])
        self._say = say
        self._stop_seconds_max = stop_seconds_max
        self._signals = 0
        self._reviving = False

    def start(self) -> None:
        """Start every child, in the order given."""
        for child in self._watched:
            self._spawn(child)

    def wait(self) -> int:
        """Look after the children until a signal comes or one dies too often; the exit code (0: a signal)."""
        with self._woken_by_signals() as wake:
            try:
                gave_up = self._look_after(wake)
            finally:
                killed = self._stop(wake)
        return 1 if gave_up or killed else 0

    def run(self) -> int:
        """`start` and `wait`."""
        self.start()
        return self.wait()

    def _spawn(self, child: _Watched) -> None:
        child.process = subprocess.Popen(
            bound_command(child.argv, death_signal=signal.SIGTERM),
            stdin=subprocess.DEVNULL,
            # A Ctrl-C in the terminal reaches only us, so that the order of the stop is ours; and a group of
            # its own lets us end the child's children with it.
            start_new_session=True,
        )

    def _look_after(self, wake: int) -> bool:
        """True when something died too often, False when a signal asked for the end."""
        while not self._signals:
            now = time.monotonic()
            if self._database is not None and not self._database.alive:
                self._say("The database ended unexpectedly and is started again.")
                if self._database_watch.died(now):
                    self._say(f"It ended {DEATHS_MAX} times within a minute: everything is stopped.")
                    return True
                if not self._revive(self._database):
                    return False
            for child in self._watched:
                if child.process is None and child.not_before <= now:
                    self._spawn(child)
                elif child.process is not None and _ended(child.process):
                    code = _bury(child.process)
                    child.process = None
                    if child.died(now):
                        self._say(
                            f"{child.name} ended {DEATHS_MAX} times within a minute (the last time it "
                            f"{_how(code)}), so it is not started again and everything is stopped. "
                            "What it wrote above says why."
                        )
                        return True
                    pause = child.not_before - now
                    self._say(f"{child.name} {_how(code)} and is started again in {pause:g} s.")
            self._sleep(wake, self._pause(time.monotonic()))
        return False

    def _revive(self, database: Database) -> bool:
        """Start the database again; False when a signal broke the wait, for its recovery may be long."""
        self._reviving = True
        try:
            database.start()
        except KeyboardInterrupt:
            return False
        finally:
            self._reviving = False
        return True

    def _pause(self, now: float) -> float:
        due = [child.not_before - now for child in self._watched if child.process is None]
        return max(0.0, min([LOOK_SECONDS, *due]))

    def _sleep(self, wake: int, seconds: float) -> None:
        if select.select([wake], [], [], seconds)[0]:
            os.read(wake, 4096)

    def _stop(self, wake: int) -> bool:
        """End the children, the last first, and then the database; True when one had to be killed."""
        killed = False
        # One signal brought us here, if any did; one more means "now".
        asked = min(self._signals, 1)
        for child in reversed(self._watched):
            if child.process is None:
                continue
            if not _ended(child.process):
                child.process.send_signal(signal.SIGTERM)
            until = time.monotonic() + self._stop_seconds_max
            while not _ended(child.process) and time.monotonic() < until and self._signals <= asked:
                self._sleep(wake, 0.1)
            if not _ended(child.process):
                limit = f" within {self._stop_seconds_max:g} s" if self._signals <= asked else ""
                self._say(f"{child.name} did not stop{limit} and was killed.")
                killed = True
            _bury(child.process)
            child.process = None
        if self._database is not None:
            self._database.stop()
        return killed

    @contextmanager
    def _woken_by_signals(self) -> Iterator[int]:
        """A pipe that becomes readable with every signal, so that waiting needs no polling and loses none."""

        def noted(number: int, frame: FrameType | None) -> None:
            if number == signal.SIGCHLD:
                return
            self._signals += 1
            if self._reviving:
                raise KeyboardInterrupt

        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        wanted = [signal.SIGINT, signal.SIGTERM, signal.SIGCHLD]
        # Ignored by `nohup`: then the closing of the terminal is meant to be survived.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            wanted.append(signal.SIGHUP)
        former = {number: signal.signal(number, noted) for number in wanted}
        former_wake = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        try:
            yield reading
        finally:
            signal.set_wakeup_fd(former_wake)
            for number, handler in former.items():
                signal.signal(number, handler)
            os.close(reading)
            os.close(writing)


def _absolute(argv: Sequence[str]) -> list[str]:
    program = which(argv[0])
    if program is None:
        raise FileNotFoundError(f"The program {argv[0]} was not found, so nothing was started.")
    return [os.path.abspath(program), *argv[1:]]


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process ended, without reaping it: while it is a zombie nobody else can get its number."""
    if process.returncode is not None:
        return True
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _bury(process: subprocess.Popen[bytes]) -> int:
    """Kill what is left of the process and its group (workers without a parent), and take its exit code."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _how(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with the code {code}"

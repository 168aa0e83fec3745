"""The supervisor: children are kept running, stopped in order, and never outlive it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from regulars.cli import supervisor
from regulars.cli.supervisor import Supervisor
from regulars.db.embedded.cluster import postmaster_file
from regulars.db.embedded.server import EmbeddedServer

SOURCE = Path(supervisor.__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])}

# Notes its start and its end in a file, so that the order of things can be read afterwards.
CHILD = """
import os, signal, sys, time
from pathlib import Path
notes, name, manner = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def note(what):
    with (notes / "order").open("a") as file:
        file.write(f"{name} {what}\\n")
def end(number, frame):
    note("stopped")
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if manner == "stubborn" else end)
if manner == "parent":
    grandchild = os.fork()
    if grandchild == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    (notes / f"{name}.grandchild").write_text(str(grandchild))
(notes / f"{name}.pid.new").write_text(str(os.getpid()))
(notes / f"{name}.pid.new").rename(notes / f"{name}.pid")
note("started")
if manner == "dying":
    sys.exit(3)
time.sleep(600)
"""

# Children are given as NAME=MANNER. A file `database.dead` says, once, that the database has died.
SUPERVISED = """
import signal
import sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a run under nohup would hand down that it is ignored
from pathlib import Path
from regulars.cli import supervisor
from regulars.cli.supervisor import Supervisor
notes, limit, child = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
supervisor.BACKOFF_SECONDS = (0.01, 0.02)
class Database:
    def start(self):
        with (notes / "order").open("a") as file:
            file.write("database started\\n")
    def stop(self):
        with (notes / "order").open("a") as file:
            file.write("database stopped\\n")
    @property
    def alive(self):
        return not (notes / "database.dead").exists() or bool((notes / "database.dead").unlink())
children = {}
for word in sys.argv[4:]:
    name, manner = word.split("=")
    children[name] = [sys.executable, "-c", child, str(notes), name, manner]
def say(text):
    print(text, flush=True)
class Watching(Supervisor):
    def _look_after(self, wake):
        (notes / "watching").touch()  # from here on signals are heard
        return super()._look_after(wake)
watch = Watching(children, database=Database(), stop_seconds_max=limit, say=say)
watch.start()
print("ready", flush=True)
sys.exit(watch.wait())
"""


class Run:
    """A supervisor in a process of its own, with its notes."""

    def __init__(self, notes: Path, limit: float, *children: str) -> None:
        self.notes = notes
        self.names = [child.split("=")[0] for child in children]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISED, str(notes), str(limit), CHILD, *children],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def pid(self, name: str) -> int:
        return int((self.notes / f"{name}.pid").read_text())

    def order(self) -> list[str]:
        """What was noted so far: nothing yet is an empty list, for a child writes its pid before its first note."""
        file = self.notes / "order"
        return file.read_text().splitlines() if file.exists() else []

    def wait_until_running(self) -> None:
        for name in self.names:
            wait_until(lambda path=self.notes / f"{name}.pid": path.exists())
        wait_until(lambda: len(self.order()) >= len(self.names))
        wait_until((self.notes / "watching").exists)

    def finish(self) -> tuple[int, list[str]]:
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said.splitlines()


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(*children: str, limit: float = 30) -> Run:
        runs.append(Run(tmp_path, limit, *children))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
        run.process.communicate()


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(3000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen within 30 s.")


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_children_in_reverse_order_and_the_database_last(
    supervised: Callable[..., Run], asked: signal.Signals
) -> None:
    run = supervised("serve=calm", "worker=calm")
    run.wait_until_running()
    started = run.order()
    run.process.send_signal(asked)
    assert run.finish() == (0, ["ready"])
    assert sorted(started) == ["serve started", "worker started"]
    assert run.order()[2:] == ["worker stopped", "serve stopped", "database stopped"]


def test_a_child_that_does_not_stop_is_killed_after_the_stated_limit(supervised: Callable[..., Run]) -> None:
    run = supervised("serve=calm", "worker=stubborn", limit=2)
    run.wait_until_running()
    run.process.terminate()
    assert run.finish() == (1, ["ready", "worker did not stop within 2 s and was killed."])
    assert run.order()[2:] == ["serve stopped", "database stopped"]
    assert not running(run.pid("worker"))


def test_a_second_signal_does_not_wait_for_the_limit(supervised: Callable[..., Run]) -> None:
    run = supervised("worker=stubborn", limit=600)
    run.wait_until_running()
    # Two signals of one kind may arrive as one; these two cannot.
    run.process.terminate()
    run.process.send_signal(signal.SIGINT)
    assert run.finish() == (1, ["ready", "worker did not stop and was killed."])
    assert run.order() == ["worker started", "database stopped"]


def test_a_child_that_dies_is_started_again_and_its_neighbour_goes_on(supervised: Callable[..., Run]) -> None:
    run = supervised("serve=calm", "worker=calm")
    run.wait_until_running()
    first, neighbour = run.pid("worker"), run.pid("serve")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: run.pid("worker") != first and run.order().count("worker started") == 2)
    assert run.pid("serve") == neighbour
    run.process.terminate()
    assert run.finish() == (0, ["ready", "worker was ended by SIGKILL and is started again in 0.01 s."])


def test_a_child_that_dies_five_times_in_a_minute_ends_everything(supervised: Callable[..., Run]) -> None:
    run = supervised("serve=calm", "worker=dying")
    assert run.finish() == (
        1,
        [
            "ready",
            "worker ended with the code 3 and is started again in 0.01 s.",
            *["worker ended with the code 3 and is started again in 0.02 s."] * 3,
            "worker ended 5 times within a minute (the last time it ended with the code 3), so it is not "
            "started again and everything is stopped. What it wrote above says why.",
        ],
    )
    assert run.order().count("worker started") == 5
    assert run.order()[-2:] == ["serve stopped", "database stopped"]


def test_a_dead_database_is_started_again_while_the_children_go_on(supervised: Callable[..., Run]) -> None:
    run = supervised("serve=calm")
    run.wait_until_running()
    serve = run.pid("serve")
    (run.notes / "database.dead").touch()
    wait_until(lambda: "database started" in run.order())
    assert run.pid("serve") == serve
    run.process.terminate()
    assert run.finish() == (0, ["ready", "The database ended unexpectedly and is started again."])


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux reports a parent's death.")
def test_a_killed_supervisor_takes_its_children_along(supervised: Callable[..., Run]) -> None:
    run = supervised("serve=calm", "worker=calm")
    run.wait_until_running()
    run.process.kill()
    wait_until(lambda: not running(run.pid("serve")) and not running(run.pid("worker")))
    assert sorted(run.order()[2:]) == ["serve stopped", "worker stopped"]


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux reports a parent's death.")
def test_the_embedded_server_is_revived_and_ends_with_a_killed_supervisor(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from regulars.cli.supervisor import Supervisor\n"
        "from regulars.db.embedded.server import EmbeddedServer\n"
        "owner = EmbeddedServer(Path(sys.argv[1]), say=lambda text: None)\n"
        "owner.start()\n"
        "watch = Supervisor({'sleep': ['sleep', '600']}, database=owner, say=lambda text: None)\n"
        "watch.start()\n"
        "print(owner.pid, flush=True)\n"
        "watch.wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "data")],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            first = int(process.stdout.readline())
            file = tmp_path / "data" / "cluster" / "postmaster.pid"
            os.kill(first, signal.SIGKILL)
            wait_until(lambda: ready_pid(file) not in (None, first))
            second = ready_pid(file)
            assert second is not None
        finally:
            process.kill()
    wait_until(lambda: not running(second))
    EmbeddedServer(tmp_path / "data", say=lambda text: None).erase()


def ready_pid(file: Path) -> int | None:
    written = postmaster_file(file.parent)
    return written.pid if written is not None and written.ready else None


@pytest.mark.parametrize("by_us", [True, False])
def test_the_children_of_a_child_do_not_outlive_it(supervised: Callable[..., Run], by_us: bool) -> None:
    run = supervised("serve=parent")
    run.wait_until_running()
    grandchild = int((run.notes / "serve.grandchild").read_text())
    assert running(grandchild)
    if by_us:
        run.process.terminate()
        run.finish()
    else:
        os.kill(run.pid("serve"), signal.SIGKILL)
    wait_until(lambda: not running(grandchild))


def test_a_program_that_does_not_exist_is_refused_before_anything_starts() -> None:
    with pytest.raises(FileNotFoundError) as refusal:
        Supervisor({"serve": ["no-such-program-anywhere"]})
    assert str(refusal.value) == "The program no-such-program-anywhere was not found, so nothing was started."

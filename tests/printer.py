"""A receipt printer for tests: a socket that answers as one does, keeps what came, and a reader of ESC/POS."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator

from msgspec import Struct, field

PAGES = {0: "cp437", 17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775"}
FINISHED = b"\x1dr\x01"
"""GS r: is there paper still? What was sent before it is printed when that is answered."""
READY = {1: 0x12, 2: 0x12, 4: 0x12}
"""What a printer that is well answers to DLE EOT 1, 2 and 4."""


class Paper(Struct):
    """What came out."""

    lines: list[str] = field(default_factory=list)
    bold: set[str] = field(default_factory=set)
    """Those of the lines that are bold."""
    codes: list[tuple[str, str]] = field(default_factory=list)
    """Symbol and text."""
    cuts: int = 0
    pulses: int = 0

    @property
    def text(self) -> str:
        """The lines, with one space where there are many."""
        return re.sub(r"\s+", " ", " ".join(self.lines))


def read(data: bytes) -> Paper:
    """What a printer would print of these bytes; fails at a command that it does not know."""
    paper, page, line, bold, at, qr = Paper(), "cp437", "", False, 0, ""
    while at < len(data):
        rest = data[at:]
        if rest[:1] == b"\n":
            paper.lines.append(line)
            if bold:
                paper.bold.add(line)
            line, step = "", 1
        elif rest[:2] == b"\x1bt":
            page, step = PAGES[rest[2]], 3
        elif rest[:2] == b"\x1bE":
            bold, step = rest[2] == 1, 3
        elif rest[:2] in (b"\x1b!", b"\x1ba", b"\x1bd", b"\x1dh", b"\x1dw", b"\x1df", b"\x1dH", b"\x1dr"):
            step = 3
        elif rest[:2] == b"\x1b@":
            step = 2
        elif rest[:3] == b"\x1dV\x00":
            paper.cuts, step = paper.cuts + 1, 3
        elif rest[:2] == b"\x1bp":
            paper.pulses, step = paper.pulses + 1, 5
        elif rest[:3] == b"\x1dkI":
            step = 4 + rest[3]
            paper.codes.append(("code128", _bars(rest[4:step])))
        elif rest[:3] == b"\x1d(k":
            step = 5 + rest[3] + 256 * rest[4]
            if rest[6:8] == b"P0":
                qr = rest[8:step].decode()
            elif rest[6:8] == b"Q0":
                paper.codes.append(("qr", qr))
        elif rest[:2] == b"\x10\x04":
            step = 3
        else:
            assert rest[0] >= 0x20, f"an unknown command: {rest[:6]!r}"
            line, step = line + rest[:1].decode(page), 1
        at += step
    assert line == "", "the last line does not end"
    return paper


def _bars(data: bytes) -> str:
    """The text of a Code 128 in the printer's own writing."""
    text, kind, at = "", "", 0
    while at < len(data):
        if data[at : at + 1] == b"{" and data[at + 1 : at + 2] in (b"B", b"C"):
            kind, at = chr(data[at + 1]), at + 2
        elif kind == "C":
            text, at = f"{text}{data[at]:02}", at + 1
        elif data[at : at + 2] == b"{{":
            text, at = text + "{", at + 2
        else:
            text, at = text + chr(data[at]), at + 1
    return text


class Printer:
    """Listens at a port of its own; each connection is a job."""

    def __init__(self) -> None:
        self.states = dict(READY)
        self.roll = 0x00
        """What it answers to GS r."""
        self.silent = False
        self.slow_seconds = 0.0
        """So long it takes over what it printed."""
        self.jobs: list[bytes] = []
        self.at_once = 0
        """Connections that are open."""
        self.working = 0
        """Jobs that it has not said to be done with (`GS r`)."""
        self.at_once_most = 0
        """The most jobs that were there together."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def papers(self) -> list[Paper]:
        """What came out, job by job; a connection without paper is none. Waits for who is there still."""
        until = time.monotonic() + 5
        while self.at_once and time.monotonic() < until:
            time.sleep(0.01)
        return [read(job) for job in self.jobs if job]

    def close(self) -> None:
        """Nobody is there any more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.at_once += 1
            self.working += 1
            self.at_once_most = max(self.at_once_most, self.working)
        printed, finished = b"", False
        with connection, contextlib.suppress(OSError):
            while heard := connection.recv(65_536):
                if self.silent:
                    continue
                if heard.endswith(FINISHED) and not finished:
                    finished = True
                    time.sleep(self.slow_seconds)
                    with self._lock:
                        self.working -= 1
                printed += self._answered(connection, heard)
        with self._lock:
            self.jobs.append(printed)
            self.working -= not finished
            self.at_once -= 1

    def _answered(self, connection: socket.socket, heard: bytes) -> bytes:
        """Answer the questions in it; the rest is printed."""
        for asked in re.findall(rb"\x10\x04([\x01-\x04])", heard):
            connection.sendall(bytes([self.states[asked[0]]]))
        rest = re.sub(rb"\x10\x04[\x01-\x04]", b"", heard)
        if rest.endswith(FINISHED):
            connection.sendall(bytes([self.roll]))
            rest = rest.removesuffix(FINISHED)
        return rest


@contextlib.contextmanager
def standing() -> Iterator[Printer]:
    """A printer that is switched on."""
    made = Printer()
    try:
        yield made
    finally:
        made.close()

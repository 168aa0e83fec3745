"""Speaks with receipt printers in the network: is there paper, here is the job, was it printed.

One job at a time for each printer; each has a connection of its own, and a printer serves one connection after the
other, so that jobs from two processes do not mix either. Sockets block, so they are in a few threads of their own.
The address is one of the program's settings, never of a request.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from regulars.programs.tills import Printer
from regulars.web.printing.problems import (
    PrinterBusy,
    PrinterFault,
    PrinterNoPaper,
    PrinterOpen,
    PrinterSilent,
    PrinterUnreachable,
)

SECONDS = 3.0
"""So long for a connection and for each answer."""
WAIT_SECONDS = 5.0
"""So long for the job before it."""
AT_ONCE = 8
_STATE, _CAUSE, _PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"
"""DLE EOT: answered at once, also when the printer is offline."""
_ROLL = b"\x1d\x72\x01"
"""GS r: answered when everything before it was printed."""


class Printers:
    """The printers of this process's programs."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="printer")
        self._turns: dict[tuple[str, int], asyncio.Lock] = {}
        self._jobs: set[asyncio.Task[None]] = set()

    async def send(self, printer: Printer, data: bytes) -> None:
        """Print it; it is on paper when this returns, if the printer says how it is.

        Raises PrinterBusy, PrinterUnreachable, PrinterSilent, PrinterNoPaper, PrinterOpen, PrinterFault (all 409).
        """
        turn = self._turns.setdefault((printer.host, printer.port), asyncio.Lock())
        try:
            await asyncio.wait_for(turn.acquire(), WAIT_SECONDS)
        except TimeoutError:
            raise PrinterBusy from None
        job = asyncio.create_task(self._work(turn, printer, data))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        await asyncio.shield(job)  # who asked may go; the printer's turn ends with the job

    async def close(self) -> None:
        """Wait for what is being printed."""
        await asyncio.gather(*self._jobs, return_exceptions=True)
        self._threads.shutdown(wait=False)

    async def _work(self, turn: asyncio.Lock, printer: Printer, data: bytes) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, _print, printer, data)
        finally:
            turn.release()


def _print(printer: Printer, data: bytes) -> None:
    """One connection, one job."""
    try:
        line = socket.create_connection((printer.host, printer.port), SECONDS)
    except OSError:
        raise PrinterUnreachable from None
    try:
        if printer.answers:
            _ready(line)
        line.sendall(data)
        if printer.answers:
            _done(line)
    except TimeoutError:
        raise PrinterSilent from None
    except OSError:
        raise PrinterUnreachable from None
    finally:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()


def _ready(line: socket.socket) -> None:
    """Raises what stands in the way of printing."""
    _paper_there(line)
    cause = _answer(line, _CAUSE, _at_once)
    if cause & 0x04:
        raise PrinterOpen
    if cause & 0x20:
        raise PrinterNoPaper
    if cause & 0x40 or _answer(line, _STATE, _at_once) & 0x08:
        raise PrinterFault


def _done(line: socket.socket) -> None:
    """Wait until all is printed. Raises what came in between; PrinterSilent where it cannot be known."""
    try:
        roll = _answer(line, _ROLL, _in_turn)
    except TimeoutError:
        _ready(line)
        raise
    if roll & 0x0C:
        raise PrinterNoPaper


def _paper_there(line: socket.socket) -> None:
    if _answer(line, _PAPER, _at_once) & 0x60:
        raise PrinterNoPaper


def _answer(line: socket.socket, question: bytes, ours: Callable[[int], bool]) -> int:
    """The byte that answers; others, that the printer says by itself, are passed over. Raises TimeoutError, OSError."""
    line.sendall(question)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        heard = line.recv(16)
        if not heard:
            raise ConnectionResetError
        for byte in reversed(heard):
            if ours(byte):
                return byte
    raise TimeoutError


def _at_once(byte: int) -> bool:
    """Whether it answers DLE EOT: bits 1 and 4 are set, 0 and 7 are not."""
    return byte & 0x93 == 0x12


def _in_turn(byte: int) -> bool:
    """Whether it answers GS r: bits 4 and 7 are not set."""
    return byte & 0x90 == 0

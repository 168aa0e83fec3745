"""The application with a sampler in it: says of which stage of a purchase its processor time is.

    granian … sampled:app     (bench/record_purchase.py --stages starts it so)

A timer of processor time interrupts the process; each sample is the time that the thread of the event loop has had
since the one before (so that the server's own threads are not counted as Python's), and belongs to the innermost frame
that STAGES knows. The interpreter notices a signal only between its instructions: what lasts microseconds is blurred,
what lasts is not. Asked by `SIGUSR1`, each process writes the seconds of its stages as JSON to the folder that
SAMPLES names, and begins anew.
"""

from __future__ import annotations

import json
import linecache
import os
import signal
import time
from collections import defaultdict
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from regulars import app as application

EVERY = 0.001
"""Seconds of processor time; the system's clock may allow no finer than 4 ms."""
STAGES = (
    ("standing: find, claim the key, lock, read", "flows/record_purchases.py", "PurchaseBook._read"),
    ("standing: find, claim the key, lock, read", "flows/batch_rows.py", ""),
    ("evaluate", "promotions/engine.py", "evaluate"),
    ("claim limits and codes", "flows/record_purchases.py", "_claim"),
    ("book the points", "flows/booking.py", ""),
    ("word the answer", "flows/answering.py", ""),
    ("pack the document", "purchases/documents.py", "pack"),
    ("decide, the rest", "flows/pricing.py", ""),
    ("decide, the rest", "flows/record_purchases.py", "_decide_one"),
    ("decide, the rest", "flows/record_purchases.py", "_decide"),
    ("write and commit", "flows/record_purchases.py", "_write"),
    ("decode: JSON, the request's digest", "web/bodies.py", ""),
    ("decode: JSON, the request's digest", "db/requests.py", ""),
    ("read the receipt", "flows/incoming.py", ""),
    ("queue, batches", "flows/queue_purchases.py", ""),
    ("queue, batches", "flows/record_purchases.py", ""),
    ("HTTP, authentication", "web/", ""),
)
"""What a stage is called, where its code lies, and (empty: anything there) which function it is."""
ENCODE = "encode the answer"
OTHERS = "event loop and the rest"


class Sampler:
    """Where the event loop's thread spends its processor time."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._stages: dict[CodeType, str | None] = {}
        self._last = time.thread_time()

    def start(self, folder: Path) -> None:
        """Sample from now on; write to `folder` whenever SIGUSR1 comes."""
        signal.signal(signal.SIGPROF, self._take)
        signal.signal(signal.SIGUSR1, lambda *_: self._write(folder))
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    def _take(self, _: int, frame: FrameType | None) -> None:
        now = time.thread_time()
        self._seconds[self._stage(frame)] += now - self._last
        self._last = now

    def _stage(self, frame: FrameType | None) -> str:
        while frame is not None:
            code = frame.f_code
            if code not in self._stages:
                self._stages[code] = _stage_of(code)
            stage = self._stages[code]
            if stage is not None:
                if "_ENCODE(" in linecache.getline(code.co_filename, frame.f_lineno):
                    return ENCODE
                return stage
            frame = frame.f_back
        return OTHERS

    def _write(self, folder: Path) -> None:
        (folder / f"{os.getpid()}.json").write_text(json.dumps(self._seconds))
        self._seconds.clear()
        self._last = time.thread_time()


def _stage_of(code: CodeType) -> str | None:
    return next(
        (
            stage
            for stage, place, function in STAGES
            if f"/regulars/{place}" in code.co_filename and function in ("", code.co_qualname)
        ),
        None,
    )


def app() -> Any:
    """The application, sampled."""
    Sampler().start(Path(os.environ["SAMPLES"]))
    return application.app()

"""Makes PDF files from our own Typst templates and data: in a process of its own, bounded in size and time.

What others typed reaches a template as data, never as source. The same data give the same bytes: fonts are those that
come with Typst, and the date in the file is the one in the data.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from regulars.errors import BodyTooLarge, NotInstalled, Overloaded
from regulars.web.paper.compiling import NOT_INSTALLED, TEMPLATES

SECONDS_MAX = 120.0
DATA_BYTES_MAX = 32 * 1024 * 1024
"""A thousand cards with their drawn codes are 5 MB of JSON."""
PDF_BYTES_MAX = 128 * 1024 * 1024
AT_ONCE = 2
"""PDFs that one process makes side by side; others wait for their turn."""
WAITING_MAX = 24
PROGRAM = Path(__file__).resolve().parent / "compiling.py"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)
_turns = threading.BoundedSemaphore(AT_ONCE)
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="paper")


def render(template: str, data: dict[str, Any], *, seconds_max: float = SECONDS_MAX) -> bytes:
    """The PDF of `templates/<template>.typ`, which reads `data` as JSON.

    `data["created_at"]`, an RFC 3339 instant with its offset, is the date in the file. Raises NotInstalled (503)
    without the extra `paper`, BodyTooLarge (413) for too much data, Overloaded (503) when it takes too long.
    """
    return _compile(template, data, "pdf", seconds_max)[0]


def pictures(template: str, data: dict[str, Any], *, ppi: int = 144) -> list[bytes]:
    """The same pages as PNG files, to be looked at. Raises as `render` does."""
    return _compile(template, data, "png", SECONDS_MAX, ppi)


async def render_later(template: str, data: dict[str, Any]) -> bytes:
    """`render` from a coroutine: the loop goes on meanwhile. Raises as `render` does, and Overloaded for a long queue.

    On threads of its own: who waits for a document keeps no thread from those who wait for something else.
    """
    _Queue.waiting += 1
    try:
        if _Queue.waiting > WAITING_MAX:
            raise Overloaded(30, "Many documents are being made; try again shortly.")
        return await asyncio.get_running_loop().run_in_executor(_threads, render, template, data)
    finally:
        _Queue.waiting -= 1


class _Queue:
    """How many coroutines of this process wait for a document, or have one made."""

    waiting = 0


def _compile(
    template: str, data: dict[str, Any], form: Literal["pdf", "png"], seconds_max: float, ppi: int = 144
) -> list[bytes]:
    assert _NAME.fullmatch(template), "templates are named by the code, never by a caller"
    assert (TEMPLATES / f"{template}.typ").is_file(), f"there is no template {template}"
    created_at = data["created_at"]
    instant = created_at if isinstance(created_at, datetime) else datetime.fromisoformat(created_at)
    request = msgspec.json.encode(
        {
            "template": template,
            "data": data,
            "created_at": int(instant.timestamp()),
            "format": form,
            "ppi": ppi,
        }
    )
    if len(request) > DATA_BYTES_MAX:
        raise BodyTooLarge("This is too much for one document: ask for less of it.")
    if not _turns.acquire(timeout=seconds_max):
        raise Overloaded(30, "Other documents are being made; try again shortly.")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM)],
            input=request,
            capture_output=True,
            timeout=seconds_max,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise Overloaded(30, "The document took too long to make; ask for less of it.") from error
    finally:
        _turns.release()
    if done.returncode == NOT_INSTALLED:
        raise NotInstalled("PDF files need the extra `paper`: pip install 'regulars[paper]'.")
    # What Typst says may quote the data, and those are personal: it is not passed on.
    assert done.returncode == 0, f"the template {template} cannot be set with these data"
    if len(done.stdout) > PDF_BYTES_MAX:
        raise BodyTooLarge("The document is larger than 128 MB: ask for less of it.")
    return _parts(done.stdout)


def _parts(output: bytes) -> list[bytes]:
    found: list[bytes] = []
    start = 0
    while start < len(output):
        length = int.from_bytes(output[start : start + 8], "big")
        found.append(output[start + 8 : start + 8 + length])
        start += 8 + length
    return found

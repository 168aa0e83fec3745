"""Keeps what an import notes beside its file: how far it came, and what is wrong with which rows.

How far it came only saves time: what was imported is known by its own id, or by what names it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs
from rich.console import Console

from regulars.web.tables import rows_as_csv


class Cursor(Struct, frozen=True):
    """How far an import came: in which program, of which file (its size and time of change), its columns called how."""

    program: str
    size: int
    changed: int
    mapping: tuple[str, ...]
    whole: int
    """So many from the beginning of the file are in the program."""
    run: str = ""
    """The import as which it is kept (imp_…)."""


def came(file: Path, program: str, mapping: tuple[str, ...] = ()) -> Cursor:
    """How far this very file came; nowhere, if it is another one or never was imported."""
    try:
        cursor = msgspec.json.decode(_beside(file).read_bytes(), type=Cursor)
    except (OSError, msgspec.MsgspecError):
        return _cursor(file, program, mapping)
    same = _cursor(file, program, mapping)
    return cursor if cursor == structs.replace(same, whole=cursor.whole, run=cursor.run) else same


def note(file: Path, program: str, run: str, whole: int = 0, mapping: tuple[str, ...] = ()) -> None:
    """Remember how far it came. Another process may import the same file at the same moment."""
    cursor = _beside(file)
    draft = cursor.with_name(f"{cursor.name}.{os.getpid()}")
    draft.write_bytes(
        msgspec.json.encode(structs.replace(_cursor(file, program, mapping), whole=whole, run=run))
    )
    draft.replace(cursor)


def write_faults(path: Path, heading: Sequence[str], faults: Sequence[tuple[int | str, ...]]) -> None:
    """The list of faulty rows; the one of an earlier run is taken away when there are none."""
    if faults:
        path.write_bytes(rows_as_csv([heading, *faults]))
    else:
        path.unlink(missing_ok=True)


def tell_undo(run: str, out: Console) -> None:
    """Say how what was imported is taken back."""
    out.print(f"`regulars import undo {run}` takes it back.", markup=False, highlight=False, soft_wrap=True)


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".cursor")


def _cursor(file: Path, program: str, mapping: tuple[str, ...]) -> Cursor:
    state = file.stat()
    return Cursor(program, state.st_size, state.st_mtime_ns, mapping, 0)

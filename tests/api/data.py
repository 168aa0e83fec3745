"""Data in and out, to test with: tables in every format, and a worker that does what was asked."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.flows.exports.work import ExportWorker
from regulars.flows.imports.work import ImportWorker
from regulars.flows.known_programs import KnownPrograms
from regulars.interchange.table import Format
from regulars.members.vault import Keyring
from tests.api.conftest import SECRET, Api
from tests.conftest import MASTER_KEYS

FORMATS: tuple[Format, ...] = ("csv", "xlsx", "parquet")


def table(format_: Format, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A file with these texts."""
    if format_ == "csv":
        return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in (columns, *rows)).encode()
    out = io.BytesIO()
    if format_ == "xlsx":
        import xlsxwriter

        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet()
        for place, row in enumerate((columns, *rows)):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)
        book.close()
        return out.getvalue()
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(
        pyarrow.table({name: [row[place] for row in rows] for place, name in enumerate(columns)}), out
    )
    return out.getvalue()


async def send(api: Api, content: bytes, name: str = "data", **query: Any) -> dict[str, Any]:
    """Send a file that must be taken; what is answered."""
    answer = await send_raw(api, content, name=name, **query)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def send_raw(api: Api, content: bytes, *, scope: str = "manage", **query: Any) -> Any:
    """Send a file."""
    headers = {"Authorization": f"Bearer {api.keys[scope]}", "Idempotency-Key": ids.new().hex}
    return await api.client.post("/v1/imports/files", content=content, headers=headers, params=query)


def worker(database: Database, world: Callable[[], datetime] = clock.world) -> ImportWorker:
    """What does imports."""
    return ImportWorker(database, KnownPrograms(database, Keyring(SECRET, MASTER_KEYS)), SECRET, world)


async def work(database: Database) -> None:
    """Do all that is to be done."""
    one = worker(database)
    await one.go_on()
    await one.close()
    await ExportWorker(database, KnownPrograms(database, Keyring(SECRET, MASTER_KEYS))).go_on()


async def bring_in(api: Api, database: Database, content: bytes, kind: str, **more: Any) -> dict[str, Any]:
    """Import a file to the end; the import as it is then."""
    file = await send(api, content)
    begun = await api.post("/v1/imports", {"file": file["id"], "kind": kind, **more})
    assert begun.status_code == 202, begun.text
    await work(database)
    return (await api.get(f"/v1/imports/{begun.json()['id']}")).json()


async def take_back(api: Api, database: Database, one: dict[str, Any]) -> dict[str, Any]:
    """Undo an import to the end; the import as it is then."""
    begun = await api.post(f"/v1/imports/{one['id']}/undo")
    assert begun.status_code == 202, begun.text
    await work(database)
    return (await api.get(f"/v1/imports/{one['id']}")).json()


async def report(api: Api, one: dict[str, Any]) -> list[str]:
    """The lines of an import's report."""
    answer = await api.get(f"/v1/imports/{one['id']}/report")
    assert answer.status_code == 200, answer.text
    return answer.text.splitlines()[1:]


def counts(one: dict[str, Any]) -> tuple[str, int, int, int, int]:
    """Status, and how many rows were made, changed, repeated, faulty."""
    return one["status"], one["made"], one["changed"], one["repeated"], one["faulty"]


async def take_out(api: Api, database: Database, kind: str, format_: Format = "csv", **filters: Any) -> bytes:
    """Export to the end; the file."""
    begun = await api.post("/v1/exports", {"kind": kind, "format": format_, "filter": filters})
    assert begun.status_code == 202, begun.text
    await work(database)
    shown = (await api.get(f"/v1/exports/{begun.json()['id']}")).json()
    assert shown["status"] == "done", shown
    answer = await api.get(shown["file"])
    assert answer.status_code == 200, answer.text
    return answer.content

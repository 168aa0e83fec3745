"""The pages of data: a file is sent, tried, imported, taken back; exports are asked for and downloaded."""

from __future__ import annotations

import re
from uuid import uuid4

import httpx
import pytest

from regulars.db.pool import Database
from regulars.programs.roles import Role
from tests.api.data import work
from tests.pages.conftest import Visitor, token

MEMBERS = "Tālrunis;Vārds;Uzvārds;Punkti;Piezīmes\n+37120000101;Anna;Kalniņa;120;vip\n12;Jānis;Bērziņš;;\n"


async def send(visitor: Visitor, content: bytes, name: str = "klienti.csv") -> httpx.Response:
    """Send a file with the form of the page; where it leads."""
    page = (await visitor.client.get("/backoffice/data/imports")).text
    fields = {"csrf": token(page), "request": uuid4().hex}
    return await visitor.client.post(
        "/backoffice/data/imports/files", data=fields, files={"file": (name, content)}
    )


def text(page: httpx.Response) -> str:
    """What stands on a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def chosen(page: str) -> dict[str, str]:
    """What the form of the columns would send as it is."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    for name, options in re.findall(
        r'<select class="input" name="((?:field|convert)-\d+)".*?>(.*?)</select>', page, re.S
    ):
        selected = re.search(r'<option value="([^"]*)" selected>', options)
        fields[name] = selected[1] if selected else ""
    return fields


async def test_a_file_is_sent_tried_imported_and_taken_back(visitor: Visitor, database: Database) -> None:
    await visitor.as_staff("owner")
    empty = await visitor.client.get("/backoffice/data/imports")
    assert "Nothing was imported yet" in empty.text

    sent = await send(visitor, MEMBERS.encode("windows-1257"))
    assert sent.status_code == 303, sent.text
    page = await visitor.client.get(sent.headers["location"])
    assert "read as windows-1257" in text(page)
    fields = chosen(page.text)
    assert [fields[f"field-{place}"] for place in range(5)] == ["phone", "name", "name", "balances", ""]
    assert "Anna Kalniņa" in text(page)

    tried = await visitor.client.post("/backoffice/data/imports", data={**fields, "act": "try"})
    assert tried.status_code == 303, tried.text
    waiting = await visitor.client.get(tried.headers["location"])
    assert 'hx-trigger="every 2s"' in waiting.text
    await work(database)
    done = await visitor.client.get(tried.headers["location"] + "/progress")
    assert "hx-trigger" not in done.text
    assert "Would be new" in done.text
    assert "is not a phone number" in done.text
    csv = await visitor.client.get(tried.headers["location"] + "/report.csv")
    assert csv.text.splitlines()[1].startswith("3,Tālrunis,invalid_value,")

    run = await visitor.act(tried.headers["location"] + "/run", tried.headers["location"])
    await work(database)
    imported = await visitor.client.get(run.headers["location"])
    assert "Take this import back?" in imported.text
    found = await visitor.api.post("/v1/members/find", {"phone": "+37120000101"})
    assert (found.status_code, found.json()["name"]) == (200, "Anna Kalniņa")

    undo = await visitor.act(run.headers["location"] + "/undo", run.headers["location"])
    assert undo.status_code == 303, undo.text
    await work(database)
    assert "Taken back" in (await visitor.client.get(run.headers["location"])).text
    assert (await visitor.api.post("/v1/members/find", {"phone": "+37120000101"})).status_code == 404


async def test_a_choice_that_cannot_be_is_told_beside_the_columns_as_they_were_chosen(
    visitor: Visitor,
) -> None:
    await visitor.as_staff("owner")
    page = await visitor.client.get((await send(visitor, MEMBERS.encode())).headers["location"])
    fields = chosen(page.text) | {"field-0": "", "field-4": "tag"}

    preview = await visitor.client.post("/backoffice/data/imports/preview", data=fields)
    assert "a column is needed that is phone or email" in preview.text
    again = await visitor.client.post("/backoffice/data/imports", data={**fields, "act": "import"})

    assert again.status_code == 422
    assert "a column is needed that is phone or email" in again.text
    assert chosen(again.text)["field-4"] == "tag"


async def test_what_is_no_table_is_refused_on_the_page_it_came_from(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    for content, sentence in ((b"", "The file is empty."), (b"\x00\x01\x02", "This is neither a CSV")):
        answer = await send(visitor, content)
        assert (answer.status_code, sentence in answer.text) == (422, True), answer.text[:2000]
        assert 'name="file"' in answer.text


async def test_an_export_is_asked_for_and_downloaded_by_whoever_may(
    visitor: Visitor, database: Database
) -> None:
    await visitor.as_staff("owner")
    await visitor.api.post("/v1/members", {"phone": "+37120000101", "name": "Anna"})
    asked = await visitor.act(
        "/backoffice/data/exports", "/backoffice/data/exports", kind="members", format="csv"
    )
    assert asked.status_code == 303, asked.text
    assert 'hx-trigger="every 2s"' in (await visitor.client.get("/backoffice/data/exports")).text
    await work(database)
    page = (await visitor.client.get("/backoffice/data/exports")).text
    address = re.search(r'href="(/backoffice/data/exports/exp_\w+/file)"', page)
    assert address, page
    file = await visitor.client.get(address[1])
    assert (file.status_code, "'+37120000101" in file.text) == (200, True)
    assert file.headers["cache-control"] == "private, no-store"

    await visitor.as_staff("finance")
    assert address[1] not in (await visitor.client.get("/backoffice/data/exports")).text
    assert (await visitor.client.get(address[1])).status_code == 403
    refused = await visitor.act(
        "/backoffice/data/exports", "/backoffice/data/exports", kind="members", format="csv"
    )
    assert refused.status_code == 403
    allowed = await visitor.act(
        "/backoffice/data/exports", "/backoffice/data/exports", kind="products", format="csv"
    )
    assert allowed.status_code == 303


@pytest.mark.parametrize("role", ["finance", "auditor"])
async def test_codes_leave_with_whoever_may_read_them_alone(
    visitor: Visitor, database: Database, role: Role
) -> None:
    await visitor.as_staff("owner")
    made = await visitor.api.post("/v1/code-batches", {"name": "spring", "pattern": "SPR-######", "count": 3})
    assert made.status_code == 201, made.text
    exports = "/backoffice/data/exports"
    asked = await visitor.act(exports, exports, kind="codes", format="csv")
    assert asked.status_code == 303, asked.text
    await work(database)
    address = re.search(
        r'href="(/backoffice/data/exports/exp_\w+/file)"', (await visitor.client.get(exports)).text
    )
    assert address
    assert "SPR-" in (await visitor.client.get(address[1])).text

    await visitor.as_staff(role)
    page = (await visitor.client.get(exports)).text
    assert 'value="codes"' not in page
    assert address[1] not in page
    file = await visitor.client.get(address[1])
    assert (file.status_code, "SPR-" in file.text) == (403, False)
    refused = await visitor.act(exports, exports, kind="codes", format="csv")
    assert refused.status_code == 403


@pytest.mark.parametrize("path", ["/backoffice/data/imports", "/backoffice/data/exports"])
async def test_who_may_not_is_told_so(visitor: Visitor, path: str) -> None:
    await visitor.as_staff("service")
    assert (await visitor.client.get(path)).status_code == 403

"""Large batches of cards: made by a job that may be killed, listed, exported, and set for a printer."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import random
import signal
import sys
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from regulars import ids
from regulars.db.pool import Database, fetch_all, fetch_one
from regulars.flows import issue_cards
from regulars.flows.issue_cards import continue_cards
from regulars.members import numbers
from tests.api.conftest import Api
from tests.api.shop import member_with_card, printed, refused
from tests.pdf_text import pages_of, text_of

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
WORKER = """
import asyncio, sys
from datetime import UTC, datetime
from regulars.db.pool import Database
from regulars.flows.issue_cards import continue_cards

async def main():
    async with Database(sys.argv[1], size=2) as database:
        await continue_cards(database, lambda: datetime(2026, 3, 1, 10, tzinfo=UTC))

asyncio.run(main())
"""


async def order(api: Api, count: int, **options: Any) -> dict[str, Any]:
    """Order a batch that is made by a job; the answer."""
    answer = await api.post("/v1/cards/batch", {"count": count}, scope="issuer", **options)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['job']}"
    return answer.json()


async def made(database: Database, api: Api, batch: str) -> int:
    """How many cards the batch says it has."""
    async with database.transaction(api.program.id) as tx:
        row = await fetch_one(tx, "SELECT made FROM card_batch WHERE id = %s", (ids.read("crb", batch),))
    assert row is not None
    return row[0]


async def assert_whole(database: Database, api: Api, batch: str, count: int) -> None:
    """Exactly `count` cards: serials without a gap, numbers, ids and accounts of their own, look-ups that lead back."""
    async with database.transaction(api.program.id) as tx:
        rows = await fetch_all(
            tx,
            "SELECT c.serial, c.number, c.id, c.pool FROM card c"
            " JOIN card_number n ON n.program = c.program AND n.number = c.number AND n.card = c.id"
            " JOIN pool p ON p.program = c.program AND p.home = c.home AND p.id = c.pool AND p.kind = 'card'"
            " WHERE c.batch = %s ORDER BY c.serial",
            (ids.read("crb", batch),),
        )
        pools = await fetch_one(tx, "SELECT count(*) FROM pool WHERE kind = 'card'")
        found = await fetch_one(tx, "SELECT count(*) FROM card_number")
    assert [row[0] for row in rows] == list(range(1, count + 1))
    assert [len({row[place] for row in rows}) for place in (1, 2, 3)] == [count] * 3
    assert all(numbers.valid(row[1], api.program.settings) for row in rows)
    assert all(ids.home(row[2]) == ids.home(row[3]) for row in rows)
    assert (pools, found) == ((count,), (count,)), "no account or number was left behind"


async def killed_half_way_and_resumed(database: Database, api: Api, url: str, count: int) -> None:
    """Order cards, kill the worker when it has made a part, and let two others finish side by side."""
    batch = (await order(api, count))["id"]
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, url)
    while await made(database, api, batch) < count // 2:  # noqa: ASYNC110 – another process makes them
        await asyncio.sleep(0.01)
    os.kill(worker.pid, signal.SIGKILL)
    assert await worker.wait() == -signal.SIGKILL
    at_death = await made(database, api, batch)
    assert count // 2 <= at_death < count
    await asyncio.gather(*(continue_cards(database, lambda: NOW) for _ in range(2)))
    await assert_whole(database, api, batch, count)


async def test_a_batch_beyond_ten_thousand_is_a_job_that_can_be_followed(
    api: Api, database: Database
) -> None:
    ordered = await order(api, 10_001, key="large")
    path = f"/v1/card-batches/{ordered['id']}"
    assert ordered.keys() == {"id", "count", "created_at", "job"}
    assert (await api.get(path)).json()["made"] == 0
    assert (await api.get(f"/v1/jobs/{ordered['job']}")).json()["status"] == "running"
    again = await api.post("/v1/cards/batch", {"count": 10_001}, scope="issuer", key="large")
    assert (again.status_code, again.json()) == (202, ordered)
    assert again.headers["idempotent-replayed"] == "true"
    assert (await api.get("/v1/card-batches")).json()["items"] == [(await api.get(path)).json()]

    assert await continue_cards(database, lambda: NOW) == 1
    assert await continue_cards(database, lambda: NOW) == 0
    job = (await api.get(f"/v1/jobs/{ordered['job']}")).json()
    assert (job["status"], job["done"], job["total"]) == ("done", 10_001, 10_001)
    assert job["result"] == {"card_batch": ordered["id"], "cards": f"{path}/cards"}
    assert (await api.get(path)).json()["made"] == 10_001
    await assert_whole(database, api, ordered["id"], 10_001)


async def test_twenty_thousand_cards_whose_worker_was_killed_are_made_once_each(
    api: Api, database: Database, database_url: str
) -> None:
    await killed_half_way_and_resumed(database, api, database_url, 20_000)


@pytest.mark.full
async def test_a_hundred_thousand_cards_whose_worker_was_killed_are_made_once_each(
    api: Api, database: Database, database_url: str
) -> None:
    await killed_half_way_and_resumed(database, api, database_url, 100_000)


async def test_batches_that_draw_the_same_numbers_at_once_share_none(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = numbers.generate(1500, api.program.settings)
    monkeypatch.setattr(numbers, "generate", lambda count, _: random.sample(few, count))
    answers = await asyncio.gather(*(api.post("/v1/cards/batch", {"count": 150}) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    drawn = [card["number"] for answer in answers for card in answer.json()["cards"]]
    assert (len(drawn), len(set(drawn))) == (600, 600)
    assert [card["serial"] for card in answers[0].json()["cards"]] == list(range(1, 151))


async def test_a_job_whose_numbers_ran_out_says_so_and_is_not_tried_for_ever(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = await order(api, 10_001)
    monkeypatch.setattr(numbers, "generate", lambda *_: [])
    assert await continue_cards(database, lambda: NOW) == 0
    job = (await api.get(f"/v1/jobs/{ordered['job']}")).json()
    assert (job["status"], job["done"]) == ("failed", 0)
    assert job["errors"] == [{"detail": issue_cards.USED_UP}]
    monkeypatch.undo()
    assert await continue_cards(database, lambda: NOW) == 0


async def test_the_cards_of_a_batch_are_paged_and_show_what_became_of_them(api: Api) -> None:
    batch = (await api.post("/v1/cards/batch", {"count": 5})).json()
    path = f"/v1/card-batches/{batch['id']}/cards"
    member, _ = await member_with_card(api)
    await api.post(f"/v1/members/{member}/cards", {"number": batch["cards"][1]["number"]})
    await api.post("/v1/cards/block", {"id": batch["cards"][2]["id"]})
    first = (await api.get(path, limit=3)).json()
    rest = (await api.get(path, limit=3, cursor=first["next"])).json()
    found = first["items"] + rest["items"]
    assert [card["number"] for card in found] == [card["number"] for card in batch["cards"]]
    assert [card["serial"] for card in found] == [1, 2, 3, 4, 5]
    states = [card.get("status", "issued") for card in found]
    assert states == ["issued", "replaced", "blocked", "issued", "issued"]
    assert (first["next"], rest["next"]) == ("3", None)
    assert refused(await api.get(path, cursor="9999999"))[:2] == (422, "invalid_value")
    assert refused(await api.get("/v1/card-batches/crb_" + "0" * 26 + "/cards"))[:2] == (404, "not_found")


async def test_a_batch_as_csv_has_every_card_and_numbers_that_a_spreadsheet_leaves_whole(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = (await api.post("/v1/cards/batch", {"count": 7})).json()
    monkeypatch.setattr("regulars.web.card_file.ROWS_AT_ONCE", 3)
    answer = await api.get(f"/v1/card-batches/{batch['id']}/cards.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="cards-{batch["id"]}.csv"'
    assert answer.headers["cache-control"] == "private, no-store"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["serial", "number", "printed", "status"]
    grouped = [printed(card["number"]) for card in batch["cards"]]
    assert rows[1:] == [
        [str(card["serial"]), card["number"], text, "issued"]
        for card, text in zip(batch["cards"], grouped, strict=True)
    ]
    assert refused(await api.get("/v1/card-batches/crb_" + "0" * 26 + "/cards.csv"))[:2] == (404, "not_found")
    assert refused(await api.get(f"/v1/card-batches/{batch['id']}/cards.csv", scope="read"))[0] == 403


# on paper --------------------------------------------------------------------------------------------------


async def sheet(api: Api, batch: str, **asked: Any) -> httpx.Response:
    """Ask for a sheet."""
    return await api.post(f"/v1/card-batches/{batch}/sheet", asked, scope="issuer")


async def test_twelve_cards_are_two_sheets_with_a_front_and_a_back_each(api: Api) -> None:
    pytest.importorskip("typst")
    batch = (await api.post("/v1/cards/batch", {"count": 12})).json()
    answer = await sheet(api, batch["id"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="cards-{batch["id"]}-1-12.pdf"'
    assert pages_of(answer.content) == [(210.0, 297.0)] * 4
    lines = text_of(answer.content).split("\n")
    for card in batch["cards"]:
        assert lines.count(printed(card["number"])) == 2
    assert (await sheet(api, batch["id"])).content == answer.content


async def test_a_card_printer_gets_a_page_for_each_side_with_its_bleed(api: Api) -> None:
    pytest.importorskip("typst")
    batch = (await api.post("/v1/cards/batch", {"count": 5})).json()["id"]
    answer = await sheet(api, batch, layout="single", first=4, count=10, code="qr")
    assert answer.headers["content-disposition"] == f'attachment; filename="cards-{batch}-4-5.pdf"'
    assert pages_of(answer.content) == [(91.6, 60.0)] * 4
    one_side = await sheet(api, batch, layout="single", first=1, count=1, code="aztec", back=False)
    assert pages_of(one_side.content) == [(91.6, 60.0)]


async def test_a_sheet_that_cannot_be_made_is_refused_with_the_field_at_fault(api: Api) -> None:
    batch = (await api.post("/v1/cards/batch", {"count": 2})).json()["id"]
    assert refused(await sheet(api, batch, first=3)) == (422, "invalid_value", "/first")
    assert refused(await sheet(api, batch, code="ean13")) == (422, "invalid_value", "/code")
    assert refused(await sheet(api, batch, count=1001))[::2] == (422, "/count")
    assert refused(await sheet(api, "crb_" + "0" * 26))[:2] == (404, "not_found")
    assert refused(await sheet(api, "cbt_" + "0" * 26))[:2] == (422, "wrong_id_kind")

"""Printing at the till: what the printer got, what is said when it does not print, and who opened the drawer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from regulars.web.printing import network
from tests.pages.conftest import Visitor, token
from tests.printer import Printer, standing

pytest.importorskip("escpos")
SETUP = "/backoffice/setup/printers"
RECEIPT = [
    {"kind": "text", "text": "Dzintars", "align": "center", "bold": True, "big": True},
    {"kind": "rule"},
    {"kind": "pair", "left": "Rudzu maize ar ķimenēm", "right": "1,89 €"},
    {"kind": "code", "code": "riga-1-7-261122023742dyy"},
]


@pytest.fixture
def printer() -> Iterator[Printer]:
    """A printer that is switched on."""
    with standing() as made:
        yield made


class Till:
    """The page of a till, as its scripts call the server."""

    def __init__(self, visitor: Visitor, csrf: str):
        self.visitor = visitor
        self.csrf = csrf

    async def post(self, path: str, body: Any, csrf: str | None = None) -> httpx.Response:
        headers = {"X-CSRF-Token": self.csrf if csrf is None else csrf}
        return await self.visitor.client.post(path, json=body, headers=headers)

    async def print(self, blocks: Any = RECEIPT, **more: Any) -> httpx.Response:
        return await self.post("/till/print", {"blocks": blocks, **more})


async def with_printer(visitor: Visitor, *printers: dict[str, Any]) -> Till:
    """A till whose program has these printers."""
    changed = await visitor.api.patch("/v1/program", {"settings": {"tills": {"printers": list(printers)}}})
    assert changed.status_code == 200, changed.text
    await visitor.at_till()
    return Till(visitor, token((await visitor.client.get("/till")).text))


def of(printer: Printer, **more: Any) -> dict[str, Any]:
    return {"store": "riga-1", "till": "7", "host": "127.0.0.1", "port": printer.port, **more}


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


async def test_the_receipt_comes_out_cut_and_the_drawer_opens_with_cash(
    visitor: Visitor, printer: Printer
) -> None:
    till = await with_printer(visitor, of(printer, drawer=True))
    answer = await till.print(drawer=True)
    assert (answer.status_code, answer.json()) == (200, {"printed": True, "opened": True})
    [paper] = printer.papers
    assert paper.lines == ["Dzintars", "-" * 48, "Rudzu maize ar ķimenēm                    1,89 €", ""]
    assert paper.bold == {"Dzintars"}
    assert paper.codes == [("code128", "riga-1-7-261122023742dyy")]
    assert (paper.cuts, paper.pulses) == (1, 1)


async def test_without_a_drawer_nothing_is_told_to_open(visitor: Visitor, printer: Printer) -> None:
    till = await with_printer(visitor, of(printer))
    assert (await till.print(drawer=True)).json() == {"printed": True, "opened": False}
    assert [paper.pulses for paper in printer.papers] == [0]
    assert (await till.print([], drawer=True)).json() == {"printed": False, "opened": False}
    assert said(await till.post("/till/drawer", {"reason": "change"})) == (409, "state_conflict")
    assert len(printer.papers) == 1


@pytest.mark.parametrize(
    ("question", "state", "code"),
    [
        (4, 0x72, "printer_no_paper"),
        (2, 0x16, "printer_open"),
        (2, 0x52, "printer_fault"),
        (1, 0x1A, "printer_fault"),
    ],
)
async def test_a_printer_that_cannot_says_why_and_prints_nothing(
    visitor: Visitor, printer: Printer, question: int, state: int, code: str
) -> None:
    till = await with_printer(visitor, of(printer))
    printer.states[question] = state
    assert said(await till.print()) == (409, code)
    printer.states[question] = 0x12
    assert (await till.print()).status_code == 200
    assert len(printer.papers) == 1


async def test_paper_that_ends_in_the_middle_is_said(visitor: Visitor, printer: Printer) -> None:
    till = await with_printer(visitor, of(printer))
    printer.roll = 0x0C
    assert said(await till.print()) == (409, "printer_no_paper")


async def test_a_printer_that_hangs_is_given_up_and_the_next_job_is_tried(
    visitor: Visitor, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "SECONDS", 0.3)
    till = await with_printer(visitor, of(printer))
    printer.silent = True
    assert said(await till.print()) == (409, "printer_silent")
    printer.silent = False
    assert (await till.print()).status_code == 200


async def test_a_printer_that_never_says_how_it_is_is_not_asked(visitor: Visitor, printer: Printer) -> None:
    till = await with_printer(visitor, of(printer, answers=False))
    printer.silent = True
    assert (await till.print()).json() == {"printed": True, "opened": False}


async def test_a_printer_that_is_switched_off_cannot_be_reached(visitor: Visitor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    till = await with_printer(visitor, {"store": "riga-1", "till": "7", "host": "127.0.0.1", "port": port})
    assert said(await till.print()) == (409, "printer_unreachable")


async def test_two_tills_at_one_printer_take_turns(visitor: Visitor, printer: Printer) -> None:
    till = await with_printer(visitor, of(printer, till=""))
    printer.slow_seconds = 0.1
    answers = await asyncio.gather(
        *(till.print([{"kind": "text", "text": f"receipt {n}"}]) for n in range(4))
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    assert sorted(paper.lines[0] for paper in printer.papers) == [f"receipt {n}" for n in range(4)]
    assert printer.at_once_most == 1


async def test_who_waits_too_long_is_told_that_it_is_busy(
    visitor: Visitor, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "WAIT_SECONDS", 0.2)
    till = await with_printer(visitor, of(printer))
    printer.slow_seconds = 1.0
    answers = await asyncio.gather(till.print(), till.print())
    assert sorted(said(answer)[0] for answer in answers) == [200, 409]
    assert {said(answer)[1] for answer in answers if answer.status_code == 409} == {"printer_busy"}
    assert len(printer.papers) == 1


async def test_a_till_prints_at_its_own_printer_or_its_stores_and_else_nowhere(
    visitor: Visitor, printer: Printer
) -> None:
    with standing() as stores:
        till = await with_printer(visitor, of(stores, till=""), of(printer))
        await till.print()
        assert (len(printer.papers), len(stores.papers)) == (1, 0)
        till = await with_printer(visitor, of(stores, till=""), of(printer, till="8"))
        await till.print()
        assert (len(printer.papers), len(stores.papers)) == (1, 1)
    till = await with_printer(visitor, of(printer, store="riga-2"))
    assert said(await till.print()) == (409, "printer_missing")


async def test_nothing_but_a_document_of_this_shape_is_printed(visitor: Visitor, printer: Printer) -> None:
    till = await with_printer(visitor, of(printer))
    for blocks in (
        [{"kind": "raw", "text": "x"}], [{"kind": "text", "text": "\x1b@"}], [{"kind": "text", "text": "x" * 401}],
        [{"kind": "code", "code": "ā"}], [{"kind": "rule"}] * 601, [{"kind": "text", "text": "x", "host": "10.0.0.1"}],
    ):  # fmt: skip
        assert (await till.print(blocks)).status_code in (400, 422), blocks
    assert (await till.post("/till/print", {"blocks": RECEIPT, "host": "10.0.0.1"})).status_code == 422
    assert said(await till.post("/till/print", {"blocks": RECEIPT}, csrf="0" * 64)) == (403, "forbidden")
    visitor.client.cookies.clear()
    assert said(await till.print()) == (401, "unauthenticated")
    assert printer.papers == []


async def test_the_drawer_opens_without_a_sale_and_the_trail_knows_who_and_why(
    visitor: Visitor, printer: Printer
) -> None:
    till = await with_printer(visitor, of(printer, drawer=True))
    assert (await till.post("/till/drawer", {"reason": "  "})).status_code == 422
    answer = await till.post("/till/drawer", {"reason": "Maiņas nauda"})
    assert (answer.status_code, answer.json()) == (200, {"printed": False, "opened": True})
    assert [(paper.pulses, paper.lines) for paper in printer.papers] == [(1, [])]
    entries = (await visitor.api.get("/v1/audit", action="drawer.opened")).json()["items"]
    assert [(e["subject"], e["after"], e["why"], e["actor"]["kind"]) for e in entries] == [
        ("riga-1/7", {"cashier": "c-12"}, "Maiņas nauda", "key")
    ]


async def test_a_drawer_that_could_not_be_opened_is_in_the_trail_all_the_same(
    visitor: Visitor, printer: Printer
) -> None:
    till = await with_printer(visitor, of(printer, drawer=True))
    printer.states[2] = 0x16
    assert said(await till.post("/till/drawer", {"reason": "change"})) == (409, "printer_open")
    assert len((await visitor.api.get("/v1/audit", action="drawer.opened")).json()["items"]) == 1


async def test_what_contradicts_itself_is_refused(visitor: Visitor, printer: Printer) -> None:
    twice = {"settings": {"tills": {"printers": [of(printer), of(printer, port=9101)]}}}
    refused = await visitor.api.patch("/v1/program", twice)
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        [{"pointer": "/settings/tills/printers/1", "code": "contradictory_configuration",
          "detail": "Two printers stand for the till '7' of the store 'riga-1'."}],
    )  # fmt: skip


async def test_a_till_in_training_prints_that_it_is_and_notes_no_drawer(
    visitor: Visitor, printer: Printer
) -> None:
    till = await with_printer(visitor, of(printer, drawer=True))
    began = await visitor.client.post("/till/training?lang=lv", data={"csrf": till.csrf, "training": "on"})
    assert began.status_code == 303
    assert (await till.print()).status_code == 200
    [paper] = printer.papers
    assert paper.lines[0] == paper.lines[-1] != "Dzintars"
    assert (await till.post("/till/drawer", {"reason": "practice"})).status_code == 200
    assert (await visitor.api.get("/v1/audit", action="drawer.opened")).json()["items"] == []


async def test_a_printer_is_entered_tried_changed_and_taken_out_in_the_set_up(
    visitor: Visitor, printer: Printer
) -> None:
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.as_staff("owner")
    sent = {"store": "riga-1", "till": "", "host": "127.0.0.1", "port": str(printer.port), "columns": "32",
            "drawer": "yes", "answers": "yes"}  # fmt: skip
    assert (await visitor.act(f"{SETUP}/edit", **sent)).status_code == 303
    place = {"of_store": "riga-1", "of_till": ""}
    tried = await visitor.act(f"{SETUP}/test", **place)
    assert tried.status_code == 303
    [paper] = printer.papers
    assert "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ" in paper.lines
    assert "Съешь же ещё этих мягких булок" in paper.lines
    assert paper.codes == [("code128", "12345678"), ("qr", "12345678")]
    assert paper.cuts == 1

    assert (
        await visitor.act(f"{SETUP}/edit", **sent | place | {"till": "7", "columns": "48"})
    ).status_code == 303
    found = (await visitor.api.get("/v1/program")).json()["settings"]["tills"]["printers"]
    assert [(one["till"], one["columns"], one["drawer"]) for one in found] == [("7", 48, True)]
    again = await visitor.act(f"{SETUP}/edit", **sent | {"till": "7"})
    assert again.status_code == 422
    assert "has another printer" in again.text or "Two printers stand for" in again.text
    assert (await visitor.act(f"{SETUP}/remove", **place | {"of_till": "7"})).status_code == 303
    gone = await visitor.act(f"{SETUP}/remove", **place | {"of_till": "7"})
    assert gone.status_code == 404
    assert (await visitor.api.get("/v1/program")).json()["settings"]["tills"]["printers"] == []
    told = (await visitor.api.get("/v1/audit", action="program.changed")).json()["items"]
    address = f"127.0.0.1:{printer.port}"
    assert [(one["before"], one["after"]) for one in reversed(told)] == [
        ({"printers": []}, {"printers": [f"riga-1/ {address}"]}),
        ({"printers": [f"riga-1/ {address}"]}, {"printers": [f"riga-1/7 {address}"]}),
        ({"printers": [f"riga-1/7 {address}"]}, {"printers": []}),
    ]


@pytest.mark.parametrize(
    ("state", "words"), [(0x72, "The printer is out of paper."), (None, "The printer cannot be reached")]
)
async def test_a_test_page_that_does_not_come_out_says_why(
    visitor: Visitor, printer: Printer, state: int | None, words: str
) -> None:
    await with_printer(visitor, of(printer))
    await visitor.as_staff("owner")
    if state is None:
        printer.close()
    else:
        printer.states[4] = state
    answer = await visitor.act(f"{SETUP}/test?lang=en", of_store="riga-1", of_till="7")
    assert answer.status_code == 409
    assert words in answer.text


async def test_a_printer_of_no_store_or_without_an_address_is_not_entered(visitor: Visitor) -> None:
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    await visitor.as_staff("owner")
    sent = {
        "store": "riga-1",
        "till": "",
        "host": "10.0.0.1",
        "port": "9100",
        "columns": "48",
        "drawer": "no",
        "answers": "yes",
    }
    for wrong in (
        {"store": "riga-9"},
        {"host": ""},
        {"host": "a b"},
        {"port": "0"},
        {"port": "x"},
        {"columns": "40"},
    ):
        assert (await visitor.act(f"{SETUP}/edit", **sent | wrong)).status_code == 422, wrong
    assert (await visitor.api.get("/v1/program")).json()["settings"]["tills"]["printers"] == []

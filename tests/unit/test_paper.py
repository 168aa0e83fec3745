"""PDF files: the same data give the same bytes, letters of all languages can be copied out, nothing typed is source."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.pdf_text import pages_of, text_of

from regulars.errors import BodyTooLarge, NotInstalled, Overloaded
from regulars.web.paper import pdf

pytest.importorskip("typst")
LINES = [
    "Glāžšķūņa rūķīši ņem ģitāru: ā č ē ģ ī ķ ļ ņ š ū ž",
    "Съешь ещё этих мягких французских булок, ы",
    "Árvíztűrő tükörfúrógép: ő ű",
    "Õhtul öö: õ ä ö ü",
    "10,50 € −5 №",
]


WORDS = """
#import "look.typ": *
#show: paper.with(title: data.title, foot: data.title)
= #data.title
#for line in data.lines [#line #parbreak()]
"""


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real program in a room of its own, with the template `words`: a title, and lines."""
    folder = tmp_path / "room"
    shutil.copytree(pdf.TEMPLATES, folder / "templates")
    (folder / "templates" / "words.typ").write_text(WORDS)
    monkeypatch.setattr(pdf, "PROGRAM", shutil.copy(pdf.PROGRAM, folder))
    monkeypatch.setattr(pdf, "TEMPLATES", folder / "templates")
    return folder


def data(**more: Any) -> dict[str, Any]:
    return {"created_at": "2026-03-01T09:00:00+02:00", "title": "Lapa", "lines": LINES, **more}


@pytest.mark.fast
def test_letters_of_every_language_can_be_copied_out_of_a_pdf() -> None:
    found = text_of(pdf.render("words", data())).replace("\n", "")
    for line in LINES:
        for word in line.split():
            assert word in found, word


def test_the_same_data_give_the_same_bytes_and_another_date_others() -> None:
    first = pdf.render("words", data())
    assert first == pdf.render("words", data())
    assert b"D:20260301070000" in first
    assert first != pdf.render("words", data(created_at="2026-03-02T09:00:00+02:00"))


def test_what_somebody_typed_stands_there_as_typed_and_is_not_run() -> None:
    typed = ['#panic("x") #read("look.typ")', "*bold* _it_ $x^2$ <a> @a", "\\ / // `raw`", '"]; #import "x"']
    found = text_of(pdf.render("words", data(lines=typed))).replace("\n", " ")
    for line in typed:
        assert "".join(line.split()) in "".join(found.split())


def test_a_page_is_a4() -> None:
    assert pages_of(pdf.render("words", data())) == [(210.0, 297.0)]


def test_too_much_data_and_too_little_time_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Overloaded):
        pdf.render("words", data(lines=["x y z " * 20] * 20_000), seconds_max=0.2)
    monkeypatch.setattr(pdf, "DATA_BYTES_MAX", 100)
    with pytest.raises(BodyTooLarge):
        pdf.render("words", data())
    monkeypatch.setattr(pdf, "DATA_BYTES_MAX", 10_000)
    monkeypatch.setattr(pdf, "PDF_BYTES_MAX", 100)
    with pytest.raises(BodyTooLarge):
        pdf.render("words", data())


def test_without_typst_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare = tmp_path / "compiling.py"
    bare.write_text("raise SystemExit(3)\n")
    monkeypatch.setattr(pdf, "PROGRAM", bare)
    with pytest.raises(NotInstalled, match=r"regulars\[paper\]"):
        pdf.render("words", data())


def test_the_process_that_knows_no_typst_ends_with_its_own_code(tmp_path: Path) -> None:
    blocked = tmp_path / "run.py"
    blocked.write_text(
        "import sys, runpy\nsys.modules['typst'] = None\n"
        f"runpy.run_path({str(pdf.PROGRAM)!r}, run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, str(blocked)], input=b"{}", capture_output=True, check=False)
    assert done.returncode == 3


def test_what_goes_wrong_in_a_template_does_not_quote_the_data() -> None:
    with pytest.raises(AssertionError) as fault:
        pdf.render("words", data(lines=7, title="Anna Kalniņa"))
    assert str(fault.value) == "the template words cannot be set with these data"


async def test_a_long_queue_is_refused_and_one_that_was_cut_short_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "WAITING_MAX", 3)
    answers = await asyncio.gather(
        *(pdf.render_later("words", data()) for _ in range(5)), return_exceptions=True
    )
    assert [isinstance(answer, Overloaded) for answer in answers] == [False, False, False, True, True]
    assert await pdf.render_later("words", data()) == answers[0]

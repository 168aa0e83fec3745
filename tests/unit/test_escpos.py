"""What goes to a receipt printer: every letter by a code page that has it, no line too wide, codes, cut and pulse."""

from __future__ import annotations

from typing import Any

import pytest
from tests.printer import Paper, read

from regulars.web.printing.document import Block, Code, Cut, Pair, Rule, Text
from regulars.web.printing.escpos import render

pytest.importorskip("escpos")
LATVIAN, RUSSIAN = "āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ", "Скидка: съешь ещё ЁЖИКОВ"
ESTONIAN, HUNGARIAN = "õäöüšž ÕÄÖÜŠŽ", "árvíztűrő ÁRVÍZTŰRŐ"


def printed(*blocks: Block, columns: int = 48, **how: Any) -> Paper:
    return read(render(blocks, columns, **how))


@pytest.mark.parametrize(
    "words", [LATVIAN, RUSSIAN, ESTONIAN, HUNGARIAN, "7,13 €", f"{LATVIAN[:9]} {RUSSIAN[:9]} €"]
)
def test_the_letters_of_every_language_come_out_as_they_are(words: str) -> None:
    assert printed(Text(words)).lines == [words]


def test_the_bytes_are_those_of_the_chosen_code_page() -> None:
    assert b"\x1bt\x21" + "ģūš".encode("cp775") in render([Text("ģūš")], 48)
    assert b"\x1bt\x11" + "Скидка".encode("cp866") in render([Text("Скидка")], 48)
    assert b"\x1bt\x12" + "őű".encode("cp852") in render([Text("őű")], 48)
    assert b"\x1bt\x13" + "€õ".encode("cp858") in render([Text("€õ")], 48)


def test_signs_that_no_code_page_has_are_replaced_and_stop_nothing() -> None:
    assert printed(Text("−1\u202f250,00 €: “café” … 2 × 中 🙂 ok")).lines == [
        '-1 250,00 €: "café" ... 2 x ? ? ok'
    ]


def test_a_name_that_is_too_long_is_broken_and_its_amount_stands_at_the_end() -> None:
    pair = Pair("Rye bread with caraway seeds, sliced, in paper", "1,89 €")
    assert printed(pair, columns=32).lines == ["Rye bread with caraway", "seeds, sliced, in paper   1,89 €"]
    assert all(len(line) <= 32 for line in printed(pair, columns=32).lines)


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_no_line_is_wider_than_the_paper(columns: int) -> None:
    words = "Sirsniņplāksterīši " * 12 + "x" * 100
    paper = printed(
        Text(words),
        Text(words, big=True),
        Text(words, small=True),
        Pair(words, words),
        Rule(),
        columns=columns,
    )
    assert max(len(line) for line in paper.lines) == columns


def test_a_sum_in_big_letters_takes_half_as_many() -> None:
    assert printed(Pair("To pay", "7,13 €", bold=True, big=True)).lines == ["To pay            7,13 €"]


def test_a_code_is_printed_in_bars_where_they_fit_and_as_a_square_where_not() -> None:
    receipt = "riga-1-261122023742dyy"
    assert printed(Code(receipt)).codes == [("code128", receipt)]
    assert printed(Code(receipt), columns=32).codes == [("qr", receipt)]
    assert printed(Code("A{B{C-12345")).codes == [("code128", "A{B{C-12345")]
    assert printed(Code("https://club.example/x", "qr")).codes == [("qr", "https://club.example/x")]


def test_each_slip_is_cut_and_says_that_it_is_training() -> None:
    paper = printed(Text("a receipt"), Cut(), Text("a voucher"), banner="TRAINING: not a receipt")
    assert paper.lines == [
        "TRAINING: not a receipt", "a receipt", "TRAINING: not a receipt",
        "TRAINING: not a receipt", "a voucher", "TRAINING: not a receipt",
    ]  # fmt: skip
    assert paper.cuts == 2


def test_the_drawer_opens_once_and_without_paper_nothing_is_cut() -> None:
    paper = printed(drawer=True)
    assert (paper.pulses, paper.cuts, paper.lines) == (1, 0, [])
    assert printed(Text("a receipt")).pulses == 0

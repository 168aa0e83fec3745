"""`regulars promotions lint` and `preview` on files alone: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from regulars.cli import main
from regulars.promotions.template import templates

RECEIPTS = """purchase,purchased_at,store,sku,quantity,unit_price,categories,card
a,2026-11-16T15:30:00,riga-1,water,2,180,drinks/water,A1
a,2026-11-16T15:30:00,riga-1,novel,1,1000,books,A1
b,2026-11-16T18:30:00,riga-1,water,1,180,drinks/water,
c,2026-11-17T18:30:00,riga-2,novel,2,1000,books,A1
"""


def template(code: str) -> dict[str, Any]:
    return next(one.document for one in templates() if one.code == code)


def written(folder: Path, content: Any, name: str = "promotions.json") -> str:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(file)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_receipts_are_priced_with_the_promotions_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = [
        template(code) for code in ("happy-hour", "second-half-price", "first-purchase", "three-for-two")
    ]
    file, receipts = written(tmp_path, documents), written(tmp_path, RECEIPTS, "receipts.csv")
    assert main.run(["promotions", "preview", file, "--receipts", receipts]) == 0
    shown = said(capsys)
    assert "Happy hour: drinks 20 % off 1 €0.72 –" in shown
    assert "The second at half price 1 €5.00 –" in shown
    assert "200 points for the first purchase 1 €0.00 200" in shown
    assert "3 for the price of 2 0 €0.00 –" in shown
    assert "All together 3 €5.72 200" in shown
    assert "3 receipts of €35.40: €5.72 off (16.16 %)." in shown


def test_what_a_customer_bought_before_is_what_the_file_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loyal = {
        "name": "Loyal",
        "group": "items",
        "conditions": [
            {"kind": "turnover", "minimum": 1000, "window": {"period": "days", "days": 30}},
            {"kind": "visits", "days": 30, "minimum": 1},
            {"kind": "last_purchase", "maximum": 1},
        ],
        "benefits": [{"kind": "line_percent", "percent": "10"}],
    }
    file, receipts = written(tmp_path, loyal), written(tmp_path, RECEIPTS, "receipts.csv")
    assert main.run(["promotions", "preview", file, "--receipts", receipts]) == 0
    assert "Loyal 1 €2.00 –" in said(capsys)


def test_faulty_receipts_are_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipts = written(tmp_path, RECEIPTS.replace("b,2026-11-16T18:30:00", "b,yesterday"), "receipts.csv")
    file = written(tmp_path, template("happy-hour"))
    assert main.run(["promotions", "preview", file, "--receipts", receipts]) == 1
    shown = said(capsys)
    assert "1 receipts are faulty and were left out" in shown
    assert "row 4: purchased_at is not an instant (RFC 3339)" in shown


def test_a_file_is_linted_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    free = {"name": "Free", "group": "items",
            "benefits": [{"kind": "line_percent", "percent": "100", "goods": {"skus": ["x"]}}]}  # fmt: skip
    assert main.run(["promotions", "lint", written(tmp_path, [template("happy-hour"), free])]) == 0
    shown = said(capsys)
    assert "Happy hour: drinks 20 % off nothing speaks against it" in shown
    assert "Free warning There is no cap, use limit or budget: whoever takes 100 × x" in shown


def test_the_promotions_of_a_file_are_looked_at_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = {"name": "Small", "group": "items", "benefits": [{"kind": "line_percent", "percent": "5"}]}
    large = {"name": "Large", "group": "items", "benefits": [{"kind": "line_percent", "percent": "9"}]}
    assert main.run(["promotions", "lint", written(tmp_path, [small, large]), "--language", "en"]) == 0
    assert "“Large” wins wherever this could apply, so nobody would ever get it: 1 × goods" in said(capsys)


def test_an_error_ends_with_1(tmp_path: Path) -> None:
    never = {"name": "Never", "group": "items", "benefits": [{"kind": "line_percent", "percent": "5"}],
             "conditions": [{"kind": "till", "tills": ["1"]}, {"kind": "till", "tills": ["2"]}]}  # fmt: skip
    assert main.run(["promotions", "lint", written(tmp_path, never)]) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON"),
        (
            [{"name": "x", "group": "items", "benefits": []}],
            "Promotion 1 of promotions.json ('x') is wrong: /benefits",
        ),
        ({"promotion": []}, "is no file of promotions"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Any, sentence: str
) -> None:
    assert main.run(["promotions", "lint", written(tmp_path, content)]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert main.run(["promotions", "lint", str(tmp_path / "none.json")]) == 2

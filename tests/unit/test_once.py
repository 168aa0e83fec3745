"""What takes long is made by who asks first, once, and not when the application is built."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.api.conftest import SECRET
from tests.conftest import MASTER_KEYS

from regulars.app import build
from regulars.settings import Settings
from regulars.web import openapi, reference
from regulars.web.once import Once


def test_of_many_threads_one_makes_it_and_all_get_the_same() -> None:
    makers: list[int] = []
    ready = threading.Barrier(8)

    def make() -> object:
        makers.append(threading.get_ident())
        time.sleep(0.05)
        return object()

    once = Once(make)

    def ask() -> object:
        ready.wait()
        return once.made()

    with ThreadPoolExecutor(8) as threads:
        got = {id(asked.result()) for asked in [threads.submit(ask) for _ in range(8)]}
    assert (len(makers), len(got)) == (1, 1)


async def test_the_loop_goes_on_while_it_is_made() -> None:
    going = threading.Event()
    once = Once(lambda: going.wait(10))
    waiting = [asyncio.create_task(once.later()) for _ in range(3)]
    await asyncio.sleep(0.05)
    going.set()
    assert await asyncio.gather(*waiting) == [True, True, True]


def test_what_failed_is_made_by_who_asks_next() -> None:
    tries = iter([ZeroDivisionError, None])

    def make() -> str:
        if wrong := next(tries):
            raise wrong
        return "made"

    once = Once(make)
    with pytest.raises(ZeroDivisionError):
        once.made()
    assert once.made() == "made"


def test_building_the_application_describes_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_early(*_: object) -> None:
        raise AssertionError("nobody has asked for it")

    monkeypatch.setattr(openapi, "document", too_early)
    monkeypatch.setattr(reference, "Reference", too_early)
    build(Settings("postgresql://nowhere", SECRET, MASTER_KEYS))

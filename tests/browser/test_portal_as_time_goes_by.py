"""What a member sees on her phone as a program's time goes by: a broker's cashback, and points for listening."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.api.activity import COMMISSION, LISTEN
from tests.browser.conftest import Shop
from tests.browser.sandbox import Sandbox, shown

EUROS = {"en": {"one": "euro", "other": "euros"}, "lv": {"zero": "eiro", "one": "eiro", "other": "eiro"}}


@pytest.fixture
def program(browser: Browser, shop: Shop, database_url: str) -> Iterator[Sandbox]:
    """A program of the test alone."""
    made = Sandbox(browser, shop, database_url)
    yield made
    made.close()


@pytest.mark.scenario("S15")
def test_the_brokers_cashback_and_its_correction_are_seen_to_the_cent(program: Sandbox) -> None:
    cash = {"code": "CASH", "kind": "money", "scale": 2, "names": EUROS}
    program.call("POST", "/v1/currencies", cash)
    program.call("PUT", "/v1/activity-kinds/commission", COMMISSION)
    number, _, member = program.member("Anna Kalniņa")

    def deal(request: str, happened_at: str, commission: int) -> None:
        body = {"id": request, "kind": "commission", "happened_at": happened_at}
        program.call("POST", f"/v1/members/{member}/events", body | {"data": {"commission": commission}})

    deal("march", "2026-03-01T10:00:00+02:00", 184_000)
    program.set_clock("2026-04-02T09:00:00+03:00")
    phone = program.phone(number)
    shown(phone, "", ".balance", en="184.00 euros", lv="184,00 eiro")
    deal("april", "2026-04-02T08:00:00+03:00", -84_000)
    program.set_clock("2026-05-01T09:00:00+03:00")
    closed = [program.call("POST", "/v1/activity-kinds/commission/close", {"month": "2026-04"}) for _ in "12"]
    assert closed[0] == closed[1]
    shown(phone, "", ".balance", en="100.00 euros", lv="100,00 eiro")
    shown(phone, "/points", ".row", en="Commission | +184.00 euros | −84.00 euros | 100.00 euros",
          lv="Komisija | +184,00 eiro | −84,00 eiro | 100,00 eiro")  # fmt: skip


@pytest.mark.scenario("S24")
def test_two_hundred_listens_are_a_point_that_she_sees_and_ten_a_day_are_the_most(program: Sandbox) -> None:
    program.call("PUT", "/v1/activity-kinds/listen", LISTEN)
    number, _, member = program.member("Anna Kalniņa")

    def listen(hour: int, listens: int) -> None:
        moment = f"2026-03-01T{hour:02}:00:00+02:00"
        body = {"id": f"l-{hour}", "kind": "listen", "happened_at": moment, "data": {"listens": listens}}
        program.call("POST", f"/v1/members/{member}/events", body)

    listen(7, 199)
    phone = program.phone(number)
    shown(phone, "", ".balance", en="0 points", lv="0 punktu")
    listen(8, 1)
    shown(phone, "", ".balance", en="1 point", lv="1 punkts")
    listen(9, 9_000)
    shown(phone, "", ".balance", en="10 points", lv="10 punktu")
    shown(phone, "/points", ".row", en="Song played | +1 point | +9 points",
          lv="Noklausīta dziesma | +1 punkts | +9 punkti")  # fmt: skip

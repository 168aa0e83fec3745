"""The pages of codes: a batch is made and followed, one code is looked up, voided, all are stopped and downloaded."""

from __future__ import annotations

import re
from typing import Any

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api import shop
from tests.api.shop import just_now
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

TEN_OFF: dict[str, Any] = {
    "name": "Ten off for a flyer",
    "group": "basket",
    "conditions": [{"kind": "code", "batch": "flyer"}],
    "benefits": [{"kind": "basket_percent", "percent": "10"}],
}


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def made(visitor: Visitor, **fields: Any) -> str:
    """The address of a new batch."""
    sent = {"name": "flyer", "pattern": "fly-####-####", "count": "3", "uses": "1", **fields}
    answer = await visitor.act(f"{OFFICE}/codes/new", f"{OFFICE}/codes/new", **sent)
    assert answer.status_code == 303, text(answer)
    return answer.headers["location"]


async def test_a_batch_is_made_listed_and_downloaded(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert "No codes yet" in text(await visitor.client.get(f"{OFFICE}/codes"))
    batch = await made(visitor)
    codes = (await visitor.client.get(f"{batch}/codes.csv")).text.split()
    assert len(codes) == 4
    assert all(re.fullmatch(r"FLY-\w{4}-\w{4}", code) for code in codes[1:]), codes
    assert codes[1] in (await visitor.client.get(batch)).text
    listed = text(await visitor.client.get(f"{OFFICE}/codes"))
    assert re.search(r"flyer Good 3 3 0 0 0", listed), listed


@pytest.mark.parametrize("kind", ["codes", "vouchers"])
async def test_who_makes_codes_says_why_and_the_trail_keeps_it(visitor: Visitor, kind: str) -> None:
    await visitor.as_staff("owner")
    page = f"{OFFICE}/{kind}/new"
    fields = {"name": "flyer", "pattern": "FLY-####-####", "count": "3", "uses": "1"}
    if kind == "vouchers":
        fields = {"name": "flyer", "pattern": "FLY-####-####", "kind": "value", "amount": "5", "count": "3",
                  "purpose": "multi", "whose": "bearer"}  # fmt: skip
    action = {"codes": "code_batch.created", "vouchers": "voucher_batch.created"}[kind]
    silent = await visitor.act(page, page, **fields, why=" ")
    assert (silent.status_code, "Say why: it stands in the audit trail." in text(silent)) == (422, True)
    assert (await visitor.api.get("/v1/audit", action=action)).json()["items"] == []
    refused = await visitor.act(page, page, **{**fields, "pattern": "FLY-##"}, why="the flyer")
    assert (refused.status_code, 'name="why" value="the flyer"' in refused.text) == (422, True)
    done = await visitor.act(page, page, **fields, why="the autumn flyer")
    assert done.status_code == 303, text(done)
    (entry,) = (await visitor.api.get("/v1/audit", action=action)).json()["items"]
    assert entry["why"] == "the autumn flyer"


async def test_a_pattern_that_can_be_guessed_is_refused_beside_its_field(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    answer = await visitor.act(
        f"{OFFICE}/codes/new", f"{OFFICE}/codes/new", name="flyer", pattern="FLY-##", count="3", uses="1"
    )
    assert answer.status_code == 422
    assert "At least 6 random characters" in text(answer)
    assert 'value="FLY-##"' in answer.text


async def test_a_voided_code_counts_no_more_and_the_others_do(visitor: Visitor) -> None:
    api = visitor.api
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    await visitor.as_staff("marketing")
    batch = await made(visitor)
    await shop.publish(api, TEN_OFF)
    first, second, _ = (await visitor.client.get(f"{batch}/codes.csv")).text.split()[1:]
    answer = await visitor.act(f"{OFFICE}/codes/void", f"{OFFICE}/codes", text=first.lower(), reason="lost")
    assert answer.status_code == 303, text(answer)
    refused = await shop.record(
        api, shop.buy("r-1", None, [shop.line(1, 1000)], codes=[first], purchased_at=just_now())
    )
    taken = await shop.record(
        api, shop.buy("r-2", None, [shop.line(1, 1000)], codes=[second], purchased_at=just_now())
    )
    assert (refused["discount"], taken["discount"]) == (0, 100)

    found = text(await visitor.act(f"{OFFICE}/codes/find", f"{OFFICE}/codes", text=first))
    assert f"{first} Voided" in found
    used = text(await visitor.act(f"{OFFICE}/codes/find", f"{OFFICE}/codes", text=second))
    assert f"{second} Used" in used
    again = await visitor.act(f"{OFFICE}/codes/void", f"{OFFICE}/codes", text=first, reason="lost")
    assert "This code was voided before." in text(again)
    stopped = await visitor.act(f"{batch}/stop", batch)
    assert stopped.status_code == 303
    assert "Its batch was stopped" in text(await visitor.client.get(batch))


async def test_a_large_batch_is_made_by_a_job_whose_progress_is_shown(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    batch = await made(visitor, count="10001", pattern="BIG-########")
    page = text(await visitor.client.get(batch))
    assert "Codes are being made." in page
    part = await visitor.client.get(f"{batch}/progress", headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.text


async def test_who_may_only_read_codes_neither_sees_nor_voids_them(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    batch = await made(visitor)
    code = (await visitor.client.get(f"{batch}/codes.csv")).text.split()[1]
    await visitor.as_staff("service")
    page = await visitor.client.get(batch)
    assert page.status_code == 200
    assert code not in page.text
    assert (await visitor.client.get(f"{batch}/codes.csv")).status_code == 403
    answer = await visitor.act(f"{OFFICE}/codes/void", f"{OFFICE}/codes", text=code, reason="x")
    assert answer.status_code == 403

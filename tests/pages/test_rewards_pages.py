"""The back office's rewards: built by a form, supplied and stopped; what was claimed is handed over or given back."""

from __future__ import annotations

import re

import pytest

from regulars import ids
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.prizes import claimed, offer
from tests.api.shop import balance, give, member_with_card
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_a_reward_is_built_supplied_revised_and_stopped(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    assert "No rewards yet" in text(await visitor.client.get(f"{OFFICE}/rewards"))
    form = {
        "kind": "good", "names-lv": "Krūze", "names-en": "Mug", "points0": "250", "currency0": "PTS",
        "money0": "1.50", "stock": "total", "most0": "1", "per0": "member", "period0": "month", "until": "2030-12-31",
    }  # fmt: skip
    made = await visitor.act(f"{OFFICE}/rewards/new", f"{OFFICE}/rewards/new", **form)
    assert made.status_code == 303, text(made)
    page = made.headers["location"]
    shown = text(await visitor.client.get(page))
    assert "Mug" in shown
    assert "1 a month, each member" in shown
    assert "Nothing was supplied yet" in shown
    supplied = await visitor.act(f"{page}/stock", page, add="5")
    assert supplied.status_code == 303, text(supplied)
    assert re.search(r"all stores 5 0 5", text(await visitor.client.get(page)))
    edited = (await visitor.client.get(f"{page}/edit")).text
    assert 'value="2030-12-31"' in edited
    assert 'value="1.50"' in edited
    changed = await visitor.act(f"{page}/edit", f"{page}/edit", **{**form, "points0": "300"})
    assert changed.status_code == 303, text(changed)
    assert "300" in text(await visitor.client.get(page))
    await visitor.act(f"{page}/stop", page)
    assert "stopped" in text(await visitor.client.get(page))


async def test_a_contradiction_is_said_beside_the_form_which_keeps_what_was_typed(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    answer = await visitor.act(
        f"{OFFICE}/rewards/new", f"{OFFICE}/rewards/new", kind="voucher",
        **{"names-lv": "Pieci", "points0": "500", "currency0": "PTS"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "needs the batch whose codes it hands out" in text(answer)
    assert 'value="Pieci"' in answer.text


async def test_service_makes_ready_hands_over_and_gives_back_and_the_member_s_page_shows_it(
    visitor: Visitor,
) -> None:
    await visitor.as_staff("service")
    api = visitor.api
    member, _ = await member_with_card(api)
    await give(api, member, 500)
    reward = await offer(api)
    one, other = await claimed(api, member, reward), await claimed(api, member, reward)
    listed = f"{OFFICE}/redemptions"
    name = (await api.get(f"/v1/members/{member}")).json()["name"]
    assert name in text(await visitor.client.get(listed))
    for what in ("ready", "handed_over"):
        done = await visitor.act(f"{listed}/{one['id']}", listed, act=what)
        assert done.status_code == 303, text(done)
    assert "handed over" in text(await visitor.client.get(f"{listed}?show=handed_over"))
    hers = f"{OFFICE}/members/{member}/rewards"
    back = await visitor.act(
        f"{listed}/{other['id']}", hers, act="cancel", reason="broken", back=f"/members/{member}/rewards"
    )
    assert (back.status_code, back.headers["location"]) == (303, hers)
    assert "given back" in text(await visitor.client.get(hers))
    assert (await balance(api, member))["available"] == 250


async def test_a_shop_manager_sees_and_hands_over_what_is_claimed_at_her_stores_only(
    visitor: Visitor,
) -> None:
    api = visitor.api
    stores = {}
    for code in ("riga-1", "riga-2"):
        made = await api.post("/v1/stores", {"code": code, "name": code})
        stores[code] = made.json()["id"]
    member, _ = await member_with_card(api)
    await give(api, member, 500)
    reward = await offer(api)
    here = await claimed(api, member, reward, store="riga-1")
    there = await claimed(api, member, reward, store="riga-2")
    await visitor.as_staff("shop_manager", stores=(ids.read("sto", stores["riga-1"]),))
    listed = f"{OFFICE}/redemptions"
    page = (await visitor.client.get(listed)).text
    assert (here["id"] in page, there["id"] in page) == (True, False)
    assert (await visitor.act(f"{listed}/{there['id']}", listed, act="ready")).status_code == 404
    assert (await visitor.act(f"{listed}/{here['id']}", listed, act="ready")).status_code == 303

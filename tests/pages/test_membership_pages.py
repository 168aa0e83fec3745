"""The back office's memberships and packs: plans and packs made by forms, and what service does for a member."""

from __future__ import annotations

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.shop import member_with_card, settle
from tests.api.test_memberships import begin, plan
from tests.api.test_packs import bought, left, on_sale
from tests.api.tiers import BY_SPENDING, put_ladder
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

LIST = f"{OFFICE}/engagement/memberships"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def test_a_plan_and_a_pack_are_made_and_changed_by_their_forms(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    await visitor.api.post("/v1/currencies", {"code": "MASSAGE", "kind": "visits", "worth": "0"})
    await put_ladder(visitor.api, BY_SPENDING)
    assert "Nothing is sold ahead yet" in text(await visitor.client.get(LIST))

    new = {
        "code": "beans", "names-lv": "Pupiņu klubs", "names-en": "Bean Club", "price": "30.00", "period": "month",
        "refund": "in_proportion", "club": "beans", "trial_days": "0", "grace_days": "5", "sku": "bean-club",
        "tier": "status/gold",
    }  # fmt: skip
    made = await visitor.act(f"{LIST}/plans/new", f"{LIST}/plans/new", **new)
    assert made.status_code == 303, text(made)
    edit = f"{LIST}/plans/beans/edit"
    shown_plan = (await visitor.client.get(edit)).text
    assert 'value="30.00"' in shown_plan
    assert 'value="bean-club"' in shown_plan
    assert '<option value="status/gold" selected>' in shown_plan
    assert (await visitor.act(edit, edit, **{**new, "price": "35.00", "stopped": "1"})).status_code == 303
    (plan_kept,) = (await visitor.api.get("/v1/membership-plans")).json()["items"]
    assert (plan_kept["document"]["sku"], plan_kept["document"]["tier"]) == ("bean-club", "status/gold")
    pack = {
        "code": "ten", "names-lv": "Desmit", "names-en": "Ten massages", "currency": "MASSAGE", "visits": "10",
        "price": "350", "valid_days": "365", "sku": "massages",
    }  # fmt: skip
    sold = await visitor.act(f"{LIST}/packs/new", f"{LIST}/packs/new", **pack)
    assert sold.status_code == 303, text(sold)
    packs = f"{LIST}/packs/ten/edit"
    assert 'value="massages"' in (await visitor.client.get(packs)).text
    (kept,) = (await visitor.api.get("/v1/packs")).json()["items"]
    assert kept["document"]["sku"] == "massages"
    second = await visitor.act(f"{LIST}/packs/new", f"{LIST}/packs/new", **{**pack, "code": "more"})
    assert (second.status_code, "is a gift card, a pack or a membership already" in text(second)) == (
        422,
        True,
    )

    shown = text(await visitor.client.get(LIST))

    assert "Bean Club €35.00 a month beans, gold stopped" in shown
    assert "Ten massages €350.00 10 0 0 €0.00 on sale" in shown


async def test_a_plan_that_gives_nothing_is_refused_beside_the_form(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    new = {"code": "empty", "names-lv": "Tukšs", "price": "1", "period": "month", "refund": "none"}

    answer = await visitor.act(f"{LIST}/plans/new", f"{LIST}/plans/new", **new)

    assert answer.status_code == 422
    assert "A membership that gives nothing is none" in text(answer)
    assert 'value="Tukšs"' in answer.text


async def test_service_renews_pauses_and_ends_a_membership_and_is_told_what_to_pay_back(
    visitor: Visitor,
) -> None:
    await visitor.as_staff("service")
    api = visitor.api
    await plan(api, refund="in_proportion", period="year", price=36_500)
    member, _ = await member_with_card(api)
    one = (await begin(api, member))["id"]
    page = f"{OFFICE}/members/{member}/memberships"

    before = text(await visitor.client.get(page))
    paused = await visitor.act(f"{page}/{one}", page, act="pause", reason="in hospital")
    resting = text(await visitor.client.get(page))
    await visitor.act(f"{page}/{one}", page, act="resume")
    ended = await visitor.act(f"{page}/{one}", page, act="now", reason="moves")
    after = text(await visitor.client.get(ended.headers["location"]))

    assert "No visit yet" in before
    assert "Bean Club Paid until" in before
    assert (paused.status_code, ended.status_code) == (303, 303)
    assert "Paused; the days that are paid stand still" in resting
    assert "Ended. Pay back €364.00." in after


async def test_service_takes_off_a_visit_and_pays_back_a_pack(visitor: Visitor) -> None:
    await visitor.as_staff("service")
    api = visitor.api
    await on_sale(api)
    member, _ = await member_with_card(api)
    pack = await bought(api, member)
    page = f"{OFFICE}/members/{member}/memberships"

    await visitor.act(f"{OFFICE}/members/{member}/packs", page, act="use", currency="MASSAGE")
    nine = text(await visitor.client.get(page))
    paid = await visitor.act(
        f"{OFFICE}/members/{member}/packs", page, act="refund", pack=pack, reason="moves"
    )

    assert "9 of 10" in nine
    assert paid.status_code == 303
    assert "€314.99 paid back" in text(await visitor.client.get(page))
    assert await left(api, member) == [0]


async def test_nobody_is_served_with_somebody_elses_membership(visitor: Visitor) -> None:
    await visitor.as_staff("service")
    api = visitor.api
    await plan(api)
    member, _ = await member_with_card(api)
    other, _ = await member_with_card(api)
    one = (await begin(api, member))["id"]
    page = f"{OFFICE}/members/{other}/memberships"

    answer = await visitor.act(f"{page}/{one}", page, act="now", reason="mistake")

    assert answer.status_code == 404


async def test_who_is_overdue_stands_on_a_page_and_in_a_table(visitor: Visitor) -> None:
    await visitor.as_staff("marketing")
    asleep = text(await visitor.client.get(f"{OFFICE}/engagement/overdue"))
    await settle(visitor.api, regularity={"on": True})
    awake = text(await visitor.client.get(f"{OFFICE}/engagement/overdue"))
    table = await visitor.client.get(f"{OFFICE}/engagement/overdue.csv")

    assert "Nobody is watched for" in asleep
    assert "Nobody is overdue" in awake
    assert table.text == "\ufeffmember,last_visit,median_days,overdue_on\r\n"

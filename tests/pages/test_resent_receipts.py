"""A receipt that is sent again or printed at the desk: its lines add up to what was paid, and it says its state."""

from __future__ import annotations

import re
from typing import Any

import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api import shop
from tests.api.conftest import Letters
from tests.api.tiers import BY_SPENDING, put_ladder
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, text

TENTH = {
    "name": "A tenth off",
    "group": "basket",
    "benefits": [{"kind": "basket_percent", "percent": "10"}],
}


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    """Pages speak English."""
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


async def paid_with_points(visitor: Visitor, **more: Any) -> dict[str, Any]:
    """A receipt of €9.00 less a tenth, of which 300 points pay €3.00; its member has an email."""
    api = visitor.api
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    await shop.publish(api, TENTH)
    member, card = await shop.member_with_card(api)
    await api.patch(f"/v1/members/{member}", {"email": "anna@post.example", "language": "en"})
    await shop.give(api, member, 300)
    spend = [{"currency": "PTS", "amount": 300}]
    lines = [shop.line(1, 900)]
    body = shop.buy("r-1", card, lines, spend=spend, purchased_at=shop.just_now(), **more)
    return await shop.record(api, body)


async def sent(visitor: Visitor, letters: Letters, receipt: str) -> list[str]:
    """The lines of the letter with the receipt, without the dots between a name and its amount."""
    await visitor.as_staff("service")
    page = f"{OFFICE}/purchases/{receipt}"
    answer = await visitor.act(f"{page}/send", page)
    assert answer.status_code == 303, text(answer)
    letter = (await letters.to("anna@post.example"))[-1]
    return [re.sub(r" \.{2,} ", " ", row) for row in letter["text"].split("\n")]


@pytest.mark.parametrize(
    ("points_as", "said"), [("payment", "Paid with points"), ("price_reduction", "Price reduced by points")]
)
async def test_the_lines_add_up_to_what_was_paid(
    visitor: Visitor, letters: Letters, points_as: str, said: str
) -> None:
    await shop.settle(visitor.api, points_as=points_as)
    bought = await paid_with_points(visitor)
    assert bought["payable"] == 510

    lines = await sent(visitor, letters, bought["id"])
    paper = text(await visitor.client.get(f"{OFFICE}/purchases/{bought['id']}/paper"))

    assert lines[lines.index("Goods €9.00") :][:4] == [
        "Goods €9.00",
        "Discounts −€0.90",
        f"{said} −€3.00",
        "Paid €5.10",
    ]
    assert f"Goods €9.00 Discounts −€0.90 {said} −€3.00 Paid €5.10" in " ".join(paper.split())
    assert not [one for one in lines if one.startswith("This receipt is")]
    assert "This receipt is" not in paper


async def test_delivery_is_told_beside_the_goods(visitor: Visitor, letters: Letters) -> None:
    bought = await paid_with_points(visitor, delivery=250)
    lines = await sent(visitor, letters, bought["id"])
    assert lines[lines.index("Goods €9.00") :][:5] == [
        "Goods €9.00",
        "Delivery €2.50",
        "Discounts −€0.90",
        "Paid with points −€3.00",
        "Paid €7.60",
    ]


@pytest.mark.parametrize("state", ["cancelled", "partly returned", "returned"])
async def test_a_receipt_that_is_not_as_it_was_says_so(
    visitor: Visitor, letters: Letters, state: str
) -> None:
    bought = await paid_with_points(visitor)
    if state == "cancelled":
        voided = await visitor.api.post(f"/v1/purchases/{bought['id']}/void", {"reason": "x"}, scope="till")
        assert voided.status_code == 200, voided.text
    else:
        await shop.take_back(
            visitor.api,
            bought["id"],
            "b-1",
            (1, "1" if state == "returned" else "0.5"),
            returned_at=shop.just_now(),
        )

    lines = await sent(visitor, letters, bought["id"])
    paper = text(await visitor.client.get(f"{OFFICE}/purchases/{bought['id']}/paper"))

    assert lines.count(f"This receipt is {state}.") == 1
    assert paper.count(f"This receipt is {state}.") == 1


async def test_a_receipt_that_is_sent_says_what_is_missing_for_the_next_tier_and_what_keeps_the_present_one(
    visitor: Visitor, letters: Letters
) -> None:
    await put_ladder(visitor.api, BY_SPENDING)
    bought = await paid_with_points(visitor)
    mark = {
        "kind": "tier", "code": "status/silver", "until": "2099-01-01T00:00:00+02:00", "reason": "elsewhere",
        "match": [[{"measure": "purchases", "at_least": 3}]],
    }  # fmt: skip
    member = bought["member"]["id"]
    assert (await visitor.api.call("PUT", f"/v1/members/{member}/marks", mark)).status_code == 200

    lines = await sent(visitor, letters, bought["id"])

    assert lines[-3:] == ["", "To gold: €294.90", "To keep silver, by 31 Dec 2098: 3 purchases"]

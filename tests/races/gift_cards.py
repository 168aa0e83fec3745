"""What callers do at once to a gift card, and what must come of it."""

from __future__ import annotations

from tests.api.shop import buy, line, record, settle
from tests.races.acts import Houses, at_once, outcomes


async def _sold(houses: Houses, amount: int) -> dict[str, str]:
    sold = await houses.at(0).post("/v1/gift-cards", {"amount": amount})
    assert sold.status_code == 201, sold.text
    return sold.json()


async def _available(houses: Houses, card: dict[str, str]) -> int:
    return (await houses.at(0).get(f"/v1/gift-cards/{card['id']}")).json()["available"]


async def pay_with_one_card(houses: Houses) -> None:
    """40 tills take 100 each of a card with 1,000 on it: ten of them get it."""
    card = await _sold(houses, 1000)
    paying = {"spend": [{"gift_card": card["code"], "amount": 100}]}

    answers = await at_once(
        [
            houses.at(n).post("/v1/purchases", buy(f"r-{n}", None, [line(1, 100)], **paying), scope="till")
            for n in range(40)
        ]
    )

    assert outcomes(answers) == {"201": 10, "409 insufficient_points": 30}
    assert await _available(houses, card) == 0
    await houses.require_good_books()


async def top_up_to_the_limit(houses: Houses) -> None:
    """20 tills put 100.00 each on a card that may hold 1,000.00 and has 500.00: five of them may."""
    card = await _sold(houses, 50_000)

    answers = await at_once(
        [
            houses.at(n).post("/v1/gift-cards/top-up", {"code": card["code"], "amount": 10_000})
            for n in range(20)
        ]
    )

    assert outcomes(answers) == {"200": 5, "422 invalid_value": 15}
    assert await _available(houses, card) == 100_000
    await houses.require_good_books()


async def renew_many_times(houses: Houses) -> None:
    """A card is given another code eight times at once: of all its codes one is good for something."""
    card = await _sold(houses, 1000)

    answers = await at_once(
        [houses.at(n).post("/v1/gift-cards/renew", {"gift_card": card["id"]}) for n in range(8)]
    )

    assert outcomes(answers) == {"200": 8}
    codes = [card["code"], *[answer.json()["code"] for answer in answers]]
    assert len(set(codes)) == 9
    found = [
        (await houses.at(0).post("/v1/gift-cards/find", {"code": code}, scope="till")).status_code
        for code in codes
    ]
    assert sorted(found) == [200] + [404] * 8
    assert await _available(houses, card) == 1000


async def sell_with_one_line(houses: Houses) -> None:
    """Eight tills want a card for the same line of a receipt: one is sold, with the money that was paid for it."""
    await settle(houses.at(0), gift_card_skus=["gift"])
    paid = await record(houses.at(0), buy("r-1", None, [line(1, 2500, sku="gift")]))
    body = {"amount": 2500, "purchase": paid["id"], "line": 1}

    answers = await at_once([houses.at(n).post("/v1/gift-cards", body, scope="till") for n in range(8)])

    assert outcomes(answers) == {"201": 1, "409 gift_card_sold": 7}
    listed = (await houses.at(0).get("/v1/gift-cards")).json()["items"]
    assert [one["balance"] for one in listed] == [2500]
    await houses.require_good_books()


async def sell_and_return_one_line(houses: Houses) -> None:
    """A card is sold with a line that comes back at the same time, eight times over: nobody has money and card both."""
    await settle(houses.at(0), gift_card_skus=["gift"])
    for n in range(8):
        paid = await record(houses.at(0), buy(f"r-{n}", None, [line(1, 2500, sku="gift")]))
        body = {"amount": 2500, "purchase": paid["id"], "line": 1}
        sold, back = await at_once(
            [
                houses.at(0).post("/v1/gift-cards", body, scope="till"),
                houses.at(1).post(f"/v1/purchases/{paid['id']}/void", {}, scope="till"),
            ]
        )
        assert back.status_code == 200, back.text
        assert sold.status_code in (201, 409), sold.text
    listed = (await houses.at(0).get("/v1/gift-cards")).json()["items"]
    assert [one["balance"] for one in listed] == [0] * len(listed)
    await houses.require_good_books()

"""Pieces of a line that cost differently come back dearest first, unless the return names them."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Api
from tests.api.shop import AT, buy, line, publish, record, refused, take_back

FIVE_ONCE: dict[str, Any] = {
    "name": "Five once",
    "group": "items",
    "benefits": [{"kind": "line_amount", "amount": 500, "each": "purchase"}],
}
TENTH: dict[str, Any] = {
    "name": "A tenth",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "10"}],
}


async def three_books(shop: Api) -> dict[str, Any]:
    """Three at 10.00: 5.00 off one of them, a tenth off the two others."""
    await publish(shop, FIVE_ONCE)
    await publish(shop, TENTH)
    return await record(shop, buy("r-1", None, [line(1, 1000, "3")]))


async def test_the_answer_names_the_pieces_and_the_dearest_comes_back_first(shop: Api) -> None:
    recorded = await three_books(shop)
    assert (recorded["discount"], recorded["payable"]) == (700, 2300)
    pieces = recorded["lines"][0]["pieces"]
    assert sorted((p["quantity"], p["gross"], p["net"]) for p in pieces) == [
        ("1", 1000, 500),
        ("2", 2000, 1800),
    ]
    dear = next(p["piece"] for p in pieces if p["net"] == 1800)

    first = await take_back(shop, recorded["id"], "b-1", (1, "1"))
    assert (first["money_back"], first["lines"][0]["pieces"]) == (900, [{"piece": dear, "quantity": "1"}])
    rest = await take_back(shop, recorded["id"], "b-2", (1, "2"))
    assert rest["money_back"] == 1400


async def test_a_return_may_name_its_pieces(shop: Api) -> None:
    recorded = await three_books(shop)
    cheap = next(p["piece"] for p in recorded["lines"][0]["pieces"] if p["net"] == 500)
    path = f"/v1/purchases/{recorded['id']}/returns"

    def naming(request: str, quantity: str, *pieces: tuple[int, str]) -> dict[str, Any]:
        named = [{"piece": piece, "quantity": part} for piece, part in pieces]
        return {
            "id": request,
            "lines": [{"line": 1, "quantity": quantity, "pieces": named}],
            "returned_at": AT,
        }

    first = await shop.post(path, naming("b-1", "1", (cheap, "1")), scope="till")
    assert (first.status_code, first.json()["money_back"]) == (201, 500)
    again = await shop.post(path, naming("b-2", "1", (cheap, "1")), scope="till")
    assert refused(again)[:2] == (409, "already_returned")
    unknown = await shop.post(path, naming("b-3", "1", (7, "1")), scope="till")
    assert refused(unknown)[0] == 422
    uneven = await shop.post(path, naming("b-4", "2", (3 - cheap, "1")), scope="till")
    assert refused(uneven)[2] == "/lines/0/pieces"
    rest = await take_back(shop, recorded["id"], "b-5", (1, "2"))
    assert rest["money_back"] == 1800

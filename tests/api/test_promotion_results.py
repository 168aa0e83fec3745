"""What a promotion has done, day by day and store by store."""

from __future__ import annotations

from typing import Any

from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.roll_figures import roll_figures
from tests.api.conftest import Api
from tests.api.shop import (
    MEMBER_POINTS,
    buy,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    take_back,
)

FIVE = {
    "name": "Five off bread",
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "5", "goods": {"categories": ["bread"]}}],
}


def bread(price: int) -> list[dict[str, Any]]:
    return [line(1, price, categories=["bread"]), line(2, 400)]


async def rolled(api: Api, database: Database) -> None:
    programs = KnownPrograms(database)
    await roll_figures(database, api.program.id, await programs.now(api.program.id))


async def test_times_cost_share_and_what_came_back(shop: Api, database: Database) -> None:
    five = await publish(shop, FIVE)
    points = await publish(shop, MEMBER_POINTS)
    _, card = await member_with_card(shop)
    sold = await record(shop, buy("r-1", card, bread(2000)))
    await record(shop, buy("r-2", None, bread(1000), store="riga-2"))
    await record(shop, buy("r-3", None, [line(1, 300)]))
    await set_clock(shop, "2026-03-02T11:00:00+02:00")
    await take_back(shop, sold["id"], "b-1", (1, "1"), returned_at="2026-03-02T11:00:00+02:00")
    await rolled(shop, database)
    answer = (
        await shop.get(f"/v1/promotions/{five}/results", **{"from": "2026-03-01", "to": "2026-03-02"})
    ).json()
    total = answer["total"]
    assert (total["times"], total["by_members"], total["purchases"]) == (2, 1, 3)
    assert (total["discount"], total["discount_back"], total["cost"]) == (150, 100, 50)
    assert total["net"] == 2300 + 1350
    assert [(one["day"], one["result"]["times"], one["result"]["cost"]) for one in answer["days"]] == [
        ("2026-03-01", 2, 150), ("2026-03-02", 0, -100),
    ]  # fmt: skip
    assert [(one["store"], one["result"]["cost"], one["result"]["purchases"]) for one in answer["stores"]] == [
        ("riga-2", 50, 1), ("riga-1", 0, 2),
    ]  # fmt: skip
    earned = (await shop.get(f"/v1/promotions/{points}/results")).json()["total"]
    assert (earned["points"], earned["points_back"], earned["cost"]) == ({"PTS": 23}, {"PTS": 19}, 4)
    only = (await shop.get(f"/v1/promotions/{five}/results", store="riga-2")).json()
    assert (only["total"]["discount"], len(only["days"]), len(only["stores"])) == (50, 30, 1)


async def test_a_promotion_that_gave_nothing_has_empty_days(shop: Api) -> None:
    five = await publish(shop, FIVE)
    answer = (await shop.get(f"/v1/promotions/{five}/results")).json()
    assert (answer["first"], answer["last"], len(answer["days"])) == ("2026-01-31", "2026-03-01", 30)
    assert (answer["total"]["times"], answer["total"]["cost"], answer["stores"]) == (0, 0, [])


async def test_a_period_and_a_store_must_make_sense(shop: Api) -> None:
    path = f"/v1/promotions/{await publish(shop, FIVE)}/results"
    long = {"from": "2025-01-01", "to": "2026-03-01"}
    assert refused(await shop.get(path, **long)) == (422, "invalid_value", "?from")
    assert refused(await shop.get(path, **{"from": "2026-03-02", "to": "2026-03-01"}))[2] == "?from"
    far = {"from": "9999-12-31", "to": "9999-12-31"}
    assert (await shop.get(path, **far)).json()["total"]["times"] == 0
    assert refused(await shop.get(path, store="nowhere")) == (422, "invalid_value", "?store")

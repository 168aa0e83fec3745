"""What the fuzz tests find: one thing of each kind that members take part in. Whatever has a code is called `known`."""

from __future__ import annotations

from typing import Any

from tests.api.activity import VISIT
from tests.api.conftest import Api
from tests.api.entitled import LOUNGE
from tests.api.games import DRAW, SURVEY, WHEEL
from tests.api.prizes import claimed, offer
from tests.api.quests import THREE_VISITS
from tests.api.seating import EVENING, TASTERS, booked
from tests.api.shop import give
from tests.api.test_memberships import BEANS
from tests.api.test_packs import TEN

CODE = "known"
NAMED = ("badge", "club", "draw", "entitlement", "game", "occasion", "pack", "plan", "survey")
"""Fields of bodies that name one of them."""
AFTER_ALL = {"entries_until": "2099-03-10T00:00:00+02:00", "draws_at": "2099-03-10T12:00:00+02:00"}
ONE_DAY = {"starts_at": "2099-03-20T18:00:00+02:00", "ends_at": "2099-03-20T21:00:00+02:00", "seats": 10_000}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "activity-kinds": VISIT,
    "badges": {"names": {"lv": "Zvaigzne"}},
    "challenges": THREE_VISITS,
    "clubs": TASTERS,
    "draws": {**DRAW, **AFTER_ALL},
    "entitlements": {**LOUNGE, "quotas": [{"uses": 100_000}]},
    "games": {**WHEEL, "free": {"most": 1000, "period": "day"}},
    "membership-plans": BEANS,
    "occasions": {**EVENING, **ONE_DAY},
    "packs": TEN,
    "surveys": SURVEY,
}


async def furnish(api: Api, member: str) -> dict[str, str]:
    """Make one of each, and let a member have something of what members have; the ids by kind."""
    await api.post("/v1/currencies", {"code": "MASSAGE", "kind": "visits", "worth": "0"})
    for kind, document in DOCUMENTS.items():
        made = await api.call("PUT", f"/v1/{kind}/{CODE}", document)
        assert made.status_code == 200, made.text
    await give(api, member, 5_000)
    reward = await offer(api)
    known = {"rewards": reward, "redemptions": (await claimed(api, member, reward))["id"]}
    known["bookings"] = (await booked(api, member, CODE))["id"]
    known["memberships"] = await had(api, member, "memberships", plan=CODE, reference="r-1")
    known["packs"] = await had(api, member, "packs", pack=CODE, reference="r-2")
    known["entitlement-uses"] = await had(api, member, f"entitlements/{CODE}/uses", store="riga-1")
    tickets = await api.post(f"/v1/members/{member}/tickets", {"draw": CODE})
    assert tickets.status_code == 201, tickets.text
    known["tickets"] = tickets.json()["items"][0]["id"]
    return known


async def had(api: Api, member: str, what: str, **body: Any) -> str:
    """Something that a member gets, which must succeed; its id."""
    made = await api.post(f"/v1/members/{member}/{what}", body)
    assert made.status_code == 201, made.text
    return made.json()["id"]

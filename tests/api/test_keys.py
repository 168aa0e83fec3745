"""Keys that are turned: the old one works for some hours beside the new one; and when a key was last used."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.web import callers
from tests.api.conftest import Api
from tests.api.shop import refused


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is looked up at every call: what has ended is refused at once, not within a second."""
    monkeypatch.setattr(callers, "CACHED_SECONDS", 0.0)


async def till_key(api: Api) -> dict[str, Any]:
    """A new key of a till."""
    made = await api.post("/v1/keys", {"scopes": ["till"], "name": "Till 1"})
    assert made.status_code == 201, made.text
    return made.json()


async def with_key(api: Api, text: str) -> httpx.Response:
    """A call with it."""
    return await api.client.get("/v1/program", headers={"Authorization": f"Bearer {text}"})


async def listed(api: Api) -> dict[str, dict[str, Any]]:
    """The keys in force, by id."""
    return {one["id"]: one for one in (await api.get("/v1/keys")).json()["items"]}


async def test_the_old_key_works_for_so_many_hours_and_then_no_longer(api: Api, database: Database) -> None:
    old = await till_key(api)
    before = clock.world()
    answer = await api.post(f"/v1/keys/{old['id']}/rotate", {"hours": 12})
    new = answer.json()
    assert answer.status_code == 201
    assert new["id"] != old["id"]
    assert new["key"] != old["key"]
    assert {name: new[name] for name in ("name", "scopes", "partner", "store")} == {
        name: old[name] for name in ("name", "scopes", "partner", "store")
    }
    for text in (old["key"], new["key"]):
        assert (await with_key(api, text)).status_code == 200
    keys = await listed(api)
    ends = datetime.fromisoformat(keys[old["id"]]["ends_at"])
    assert before + timedelta(hours=12) <= ends <= clock.world() + timedelta(hours=12)
    assert keys[new["id"]]["ends_at"] is None
    async with database.transaction(None) as tx:  # twelve hours later
        await tx.execute(
            "UPDATE api_key SET revoked_at = revoked_at - interval '12 hours' WHERE id = %s",
            (ids.read("key", old["id"]),),
        )
    assert (await with_key(api, old["key"])).status_code == 401
    assert (await with_key(api, new["key"])).status_code == 200
    assert old["id"] not in await listed(api)


async def test_with_no_hours_the_old_key_ends_at_once(api: Api) -> None:
    old = await till_key(api)
    new = (await api.post(f"/v1/keys/{old['id']}/rotate", {"hours": 0})).json()
    assert (await with_key(api, old["key"])).status_code == 401
    assert (await with_key(api, new["key"])).status_code == 200
    again = await api.post(f"/v1/keys/{old['id']}/rotate", {"hours": 0})
    assert refused(again) == (404, "not_found", None)


async def test_a_replay_repeats_the_new_key_and_makes_no_other(api: Api) -> None:
    old = await till_key(api)
    path, body = f"/v1/keys/{old['id']}/rotate", {"hours": 24}
    first = await api.post(path, body, key="turn-1")
    count = len(await listed(api))
    second = await api.post(path, body, key="turn-1")
    assert (second.status_code, second.json()) == (201, first.json())
    assert len(await listed(api)) == count
    assert refused(await api.post(path, {"hours": 0}, key="turn-1"))[:2] == (409, "request_key_reused")
    assert (await with_key(api, old["key"])).status_code == 200


@pytest.mark.parametrize("hours", [-1, 721, 10**12, "1", 1.5])
async def test_hours_are_bounded(api: Api, hours: Any) -> None:
    old = await till_key(api)
    answer = await api.post(f"/v1/keys/{old['id']}/rotate", {"hours": hours})
    assert answer.status_code == 422
    assert (await listed(api))[old["id"]]["ends_at"] is None


async def test_a_key_of_another_program_is_not_turned(api: Api, shop: Api) -> None:
    other = await till_key(shop)
    answer = await api.post(f"/v1/keys/{other['id']}/rotate", {"hours": 0})
    assert refused(answer) == (404, "not_found", None)
    assert (await with_key(api, other["key"])).status_code == 200


async def test_the_list_says_when_a_key_was_last_used_to_the_hour(api: Api, database: Database) -> None:
    made = await till_key(api)
    assert (await listed(api))[made["id"]]["used_at"] is None
    before = clock.world()
    await with_key(api, made["key"])
    used = datetime.fromisoformat((await listed(api))[made["id"]]["used_at"])
    assert before <= used <= clock.world()
    await with_key(api, made["key"])
    assert datetime.fromisoformat((await listed(api))[made["id"]]["used_at"]) == used, "once an hour"


async def test_a_new_key_was_never_used_and_the_trail_names_both(api: Api) -> None:
    old = await till_key(api)
    await with_key(api, old["key"])
    new = (await api.post(f"/v1/keys/{old['id']}/rotate", {"hours": 1})).json()
    assert (await listed(api))[new["id"]]["used_at"] is None
    (entry,) = (await api.get("/v1/audit", action="key.rotated")).json()["items"]
    assert (entry["subject"], entry["after"]["key"]) == (old["id"], new["id"])
    assert new["key"] not in str(entry)

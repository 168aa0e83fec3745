"""What a challenge would have come to on what members did lately, before it counts."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.flows import quest_preview
from tests.api.conftest import Api
from tests.api.quests import TASTE, THREE_VISITS, guest, put_badge, put_quest, reached, shopping
from tests.api.shop import buy, line, record, refused, set_clock, take_back

DAY = "2026-03-{:02}T11:00:00+02:00"


async def preview(api: Api, document: dict[str, Any], days: int = 30, /, **changed: Any) -> dict[str, Any]:
    """What it would have come to."""
    answer = await api.post("/v1/challenges/preview", {"document": {**document, **changed}, "days": days})
    assert answer.status_code == 200, answer.text
    return answer.json()


def figures(found: dict[str, Any]) -> tuple[int, ...]:
    """Who took part, did it, was near; how often it was won, and what it cost."""
    return tuple(found[name] for name in ("took_part", "completed", "near", "times", "cost"))


async def a_fortnight(api: Api) -> dict[str, str]:
    """Anna has three tastes in time, Berta two and a third that came back, Cilla one; Dace nothing. Their ids."""
    people = {name: await guest(api, name) for name in ("Anna", "Berta", "Cilla", "Dace")}
    await set_clock(api, "2026-03-20T12:00:00+02:00")
    bought: list[dict[str, Any]] = []
    for n, category in enumerate(("coffee", "tea", "cake")):
        await shopping(api, f"a-{n}", people["Anna"][1], DAY.format(3 + n), category)
        bought.append(await shopping(api, f"b-{n}", people["Berta"][1], DAY.format(5 + n), category))
    await take_back(api, bought[-1]["id"], "back", (1, "1"), returned_at=DAY.format(9))
    await shopping(api, "c-1", people["Cilla"][1], DAY.format(8), "tea")
    await record(api, buy("nobody", None, [line(1, 900, categories=["tea"])], purchased_at=DAY.format(8)))
    voided = await shopping(api, "c-2", people["Cilla"][1], DAY.format(9), "coffee", "cake")
    assert (await api.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")).status_code == 200
    return {name: member for name, (member, _) in people.items()}


async def test_it_says_who_would_have_done_it_who_was_near_and_what_it_would_have_cost(shop: Api) -> None:
    await a_fortnight(shop)
    await put_badge(shop)

    found = await preview(shop, TASTE, steps=[{"at": 2, "prizes": [{"badge": "explorer", "cost": 30}]}])

    # 150 points are worth 1.50; two members would have reached the step.
    assert figures(found) == (3, 1, 0, 1, 150 + 60)
    assert (found["members"], found["looked_at"], found["deeds"], found["estimated"]) == (4, 4, 7, False)
    assert [(one["at"], one["members"]) for one in found["milestones"]] == [(2, 2), (3, 1)]


async def test_what_comes_back_counts_where_the_challenge_keeps_it_and_near_is_three_quarters(
    shop: Api,
) -> None:
    await a_fortnight(shop)
    kept = await preview(shop, TASTE, returns="keep")
    four = await preview(shop, THREE_VISITS, goal={"kind": "count", "need": 4}, returns="keep")
    recent = await preview(shop, TASTE, 13)

    assert figures(kept)[:3] == (3, 2, 0)
    assert figures(four)[:3] == (3, 0, 2)
    assert figures(recent)[:3] == (1, 0, 0)  # from noon of the 7th on: only Cilla came


async def test_winners_and_whom_it_is_for_count_in_the_preview(shop: Api) -> None:
    people = await a_fortnight(shop)
    one: dict[str, Any] = {"goal": {"kind": "count", "need": 1}}
    mark = {"kind": "club", "code": "beans"}
    assert (await shop.call("PUT", f"/v1/members/{people['Berta']}/marks", mark)).status_code == 200

    everybody = await preview(shop, THREE_VISITS, **one)
    two = await preview(shop, THREE_VISITS, **one, winners=2)
    club = await preview(shop, THREE_VISITS, **one, clubs=["beans"])

    assert figures(everybody) == (3, 3, 0, 3, 450)
    assert figures(two) == (3, 2, 1, 2, 300)
    assert figures(club) == (1, 1, 0, 1, 150)


async def test_nothing_is_written_and_what_makes_no_sense_is_refused(shop: Api) -> None:
    people = await a_fortnight(shop)
    await preview(shop, TASTE)
    assert (await shop.get("/v1/challenges")).json()["items"] == []

    wrong = await shop.post("/v1/challenges/preview", {"document": {**TASTE, "days": 0}})
    by_till = await shop.post("/v1/challenges/preview", {"document": TASTE}, scope="till")
    assert refused(wrong) == (422, "contradictory_configuration", "/days")
    assert refused(by_till)[:2] == (403, "scope_missing")
    await put_quest(shop, "taste", TASTE)
    assert await reached(shop, people["Anna"], "taste") == (0, 3, "open")


async def test_of_a_large_program_some_are_looked_at_and_the_figures_are_reckoned_up(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_fortnight(shop)
    whole = await preview(shop, TASTE)
    monkeypatch.setattr(quest_preview, "SLICE", 1)
    monkeypatch.setattr(quest_preview, "DEEDS_MAX", 3)
    part = await preview(shop, TASTE)
    monkeypatch.setattr(quest_preview, "MEMBERS_MAX", 1)
    some = await preview(shop, TASTE)

    assert some["looked_at"] == 1
    assert some["members"] >= 1  # about: as many homes are without members as were seen
    assert whole["looked_at"] == 4
    assert part["members"] == 4
    assert 1 <= part["looked_at"] < 4
    assert part["estimated"] is True
    assert part["took_part"] <= 4

"""Paid memberships: begun, renewed, paused, changed, ended, and what is paid back to the cent."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.review_memberships import review_memberships
from tests.api.conftest import Api
from tests.api.shop import member_with_card, refused, set_clock

BEANS: dict[str, Any] = {
    "names": {"en": "Bean Club", "lv": "Pupiņu klubs"},
    "price": 3_000,
    "period": "month",
    "club": "beans",
    "grace_days": 5,
}
NOON = "2026-{}T12:00:00+03:00"


async def plan(api: Api, code: str = "beans", **more: Any) -> None:
    """Make a plan."""
    made = await api.call("PUT", f"/v1/membership-plans/{code}", {**BEANS, **more})
    assert made.status_code == 200, made.text


async def begin(api: Api, member: str, **more: Any) -> dict[str, Any]:
    """Begin a membership, which must succeed."""
    body = {"plan": "beans", "reference": "r-1", **more}
    made = await api.post(f"/v1/members/{member}/memberships", body)
    assert made.status_code == 201, made.text
    return made.json()


async def act(api: Api, membership: str, path: str, **body: Any) -> dict[str, Any]:
    """An act that must succeed."""
    done = await api.post(f"/v1/memberships/{membership}/{path}", body)
    assert done.status_code == 200, done.text
    return done.json()


async def clubs(api: Api, member: str) -> list[str]:
    """The clubs that she is in now."""
    found = (await api.get(f"/v1/members/{member}/marks")).json()["items"]
    return [one["code"] for one in found if one["kind"] == "club"]


async def standing(api: Api, membership: str) -> tuple[str, str]:
    """State, and the first day that is not paid."""
    found = (await api.get(f"/v1/memberships/{membership}")).json()["membership"]
    return found["state"], found["until_day"]


async def test_a_period_that_nobody_pays_becomes_due_and_ends_with_its_days_of_grace(shop: Api) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)

    made = await begin(shop, member)
    while_paid = await clubs(shop, member)
    await set_clock(shop, "2026-04-01T00:00:00+03:00")
    due = (*await standing(shop, made["id"]), await clubs(shop, member))
    await set_clock(shop, "2026-04-05T23:59:59+03:00")
    in_grace = (*await standing(shop, made["id"]), await clubs(shop, member))
    await set_clock(shop, "2026-04-06T00:00:00+03:00")
    ended = (*await standing(shop, made["id"]), await clubs(shop, member))

    assert (made["from_day"], made["until_day"], made["paid"]) == ("2026-03-01", "2026-04-01", 3_000)
    assert while_paid == ["beans"]
    assert due == in_grace == ("due", "2026-04-01", ["beans"])
    assert ended == ("ended", "2026-04-01", [])


async def test_a_renewal_in_the_days_of_grace_follows_without_a_gap_and_one_ahead_is_enough(
    shop: Api,
) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await set_clock(shop, NOON.format("04-03"))

    renewed = await act(shop, made["id"], "renewals", reference="r-2")
    ahead = await act(shop, made["id"], "renewals", reference="r-3")
    third = await shop.post(f"/v1/memberships/{made['id']}/renewals", {"reference": "r-4"})

    assert (renewed["state"], renewed["from_day"], renewed["until_day"]) == (
        "active", "2026-04-01", "2026-05-01")  # fmt: skip
    assert ahead["until_day"] == "2026-06-01"
    assert refused(third)[:2] == (409, "state_conflict")


async def test_periods_keep_the_day_of_the_first_one_over_short_months(shop: Api) -> None:
    await plan(shop)
    await set_clock(shop, "2026-08-31T12:00:00+03:00")
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    ends = [made["until_day"]]
    for number, now in enumerate(["2026-09-15", "2026-10-15", "2026-11-15", "2026-12-15"]):
        await set_clock(shop, f"{now}T12:00:00+03:00")
        ends.append((await act(shop, made["id"], "renewals", reference=f"n-{number}"))["until_day"])

    assert ends == ["2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31"]


async def test_ending_it_now_pays_back_the_days_after_today_of_every_paid_period(shop: Api) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await set_clock(shop, NOON.format("03-10"))
    await act(shop, made["id"], "renewals", reference="r-2")

    ended = await act(shop, made["id"], "cancellations", when="now", reason="she moves")

    # 21 of 31 days: 2032.258… → 2032; and April, which has not begun: 3000.
    assert (ended["state"], ended["refund"]) == ("ended", 2_032 + 3_000)
    assert await clubs(shop, member) == []
    again = await shop.post(f"/v1/memberships/{made['id']}/cancellations", {"when": "now"})
    assert refused(again)[:2] == (409, "state_conflict")


async def test_a_plan_that_pays_nothing_back_does_not(shop: Api) -> None:
    await plan(shop, refund="none")
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)

    ended = await act(shop, made["id"], "cancellations", when="now")

    assert (ended["state"], ended["refund"]) == ("ended", 0)


async def test_ending_it_with_the_period_keeps_it_to_its_last_day_without_grace(shop: Api) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)

    asked = await act(shop, made["id"], "cancellations", when="period_end")
    await set_clock(shop, "2026-03-31T23:59:59+03:00")
    last_day = (await standing(shop, made["id"]), await clubs(shop, member))
    await set_clock(shop, "2026-04-01T00:00:00+03:00")

    assert (asked["state"], asked["to_end"]) == ("active", True)
    assert last_day == (("active", "2026-04-01"), ["beans"])
    assert (await standing(shop, made["id"]), await clubs(shop, member)) == (("ended", "2026-04-01"), [])


async def test_a_pause_moves_the_end_by_its_days_and_the_club_rests(shop: Api) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await set_clock(shop, NOON.format("03-10"))

    await act(shop, made["id"], "pauses", reason="in hospital")
    resting = await clubs(shop, member)
    await set_clock(shop, NOON.format("05-20"))
    resumed = await act(shop, made["id"], "resumptions")
    ended = await act(shop, made["id"], "cancellations", when="now")

    assert resting == []
    assert (resumed["state"], resumed["until_day"]) == ("active", "2026-06-11")
    # Nine days before the pause and the day of the end were used, 21 of 31 are left.
    assert ended["refund"] == 2_032


async def test_days_on_trial_cost_nothing_once(shop: Api) -> None:
    await plan(shop, trial_days=14)
    member, _ = await member_with_card(shop)

    trial = await begin(shop, member, reference=None)
    ended = await act(shop, trial["id"], "cancellations", when="now")
    again = await shop.post(f"/v1/members/{member}/memberships", {"plan": "beans"})
    paid = await begin(shop, member)

    assert (trial["until_day"], trial["paid"], ended["refund"]) == ("2026-03-15", 0, 0)
    assert refused(again) == (422, "invalid_value", "/reference")
    assert paid["until_day"] == "2026-04-01"


async def test_a_greater_plan_is_paid_less_what_is_left_of_the_smaller_one(shop: Api) -> None:
    await plan(shop)
    await plan(shop, "roasters", price=9_900, period="quarter", club="roasters")
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await set_clock(shop, NOON.format("03-10"))

    changed = await act(shop, made["id"], "changes", plan="roasters", reference="r-2")
    in_clubs = await clubs(shop, member)
    back = await shop.post(f"/v1/memberships/{made['id']}/changes", {"plan": "beans", "reference": "r-3"})
    ended = await act(shop, made["id"], "cancellations", when="now")

    assert (changed["plan"], changed["paid"], changed["until_day"]) == (
        "roasters",
        9_900 - 2_032,
        "2026-06-10",
    )
    assert in_clubs == ["roasters"]
    assert refused(back)[:2] == (409, "state_conflict")
    assert ended["refund"] == 9_792  # 91 of 92 days: 9792.39…


async def test_a_new_price_counts_from_the_next_renewal(shop: Api) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await plan(shop, price=3_500)

    renewed = await act(shop, made["id"], "renewals", reference="r-2")
    acts = (await shop.get(f"/v1/memberships/{made['id']}")).json()["steps"]

    assert renewed["paid"] == 3_500
    assert [(one["act"], one["amount"], one["reference"]) for one in acts] == [
        ("started", 3_000, "r-1"), ("renewed", 3_500, "r-2")]  # fmt: skip


async def test_who_has_one_cannot_begin_another_of_the_plan_and_a_stopped_plan_is_not_begun(
    shop: Api,
) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    other, _ = await member_with_card(shop)
    await begin(shop, member)
    await plan(shop, stopped=True)

    second = await shop.post(f"/v1/members/{member}/memberships", {"plan": "beans", "reference": "r-2"})
    stopped = await shop.post(f"/v1/members/{other}/memberships", {"plan": "beans", "reference": "r-3"})

    assert refused(second)[1] in ("state_conflict", "invalid_value")
    assert refused(stopped) == (422, "invalid_value", "/plan")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"names": {"ru": "Бобы"}}, "/names"),
        ({"club": None}, "/club"),
        ({"kept_per_use": 100}, "/kept_per_use"),
        ({"rights": [{"code": "taste", "uses": 1}, {"code": "taste", "uses": 2}]}, "/rights"),
    ],
)
async def test_a_plan_that_contradicts_itself_is_refused_in_a_sentence(
    shop: Api, change: dict[str, Any], pointer: str
) -> None:
    answer = await shop.call("PUT", "/v1/membership-plans/beans", {**BEANS, **change})

    assert refused(answer) == (422, "contradictory_configuration", pointer)


async def test_looking_twice_at_what_is_due_is_looking_once(shop: Api, database: Database) -> None:
    await plan(shop)
    member, _ = await member_with_card(shop)
    made = await begin(shop, member)
    await set_clock(shop, "2026-04-01T00:00:00+03:00")
    programs = KnownPrograms(database)

    again = await review_memberships(database, programs, shop.program.id, await programs.now(shop.program.id))
    acts = (await shop.get(f"/v1/memberships/{made['id']}")).json()["steps"]

    assert again == 0
    assert [one["act"] for one in acts] == ["started", "due"]

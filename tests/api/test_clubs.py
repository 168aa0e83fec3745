"""Clubs over the API: joining, invitations, codes that let in, places, rules measured every night, and their prices."""

from __future__ import annotations

import pytest

from tests.api.conftest import Api
from tests.api.seating import booked, club, join, let_in, members, occasion
from tests.api.shop import buy, give, line, member_with_card, publish, record, refused, set_clock

CLUB_PRICE = {
    "name": "The club's price list",
    "group": "items",
    "conditions": [{"kind": "club", "clubs": ["tasters"]}],
    "benefits": [{"kind": "line_price", "price": 250, "goods": {"skus": ["sku-1"]}}],
}


async def standing(api: Api, member: str, code: str = "tasters") -> str | None:
    """How a member stands to a club; None: it does not concern her."""
    items = (await api.get(f"/v1/members/{member}/clubs")).json()["items"]
    return next((one["standing"] for one in items if one["club"] == code), None)


async def count(api: Api, code: str = "tasters") -> int:
    """How many are in a club."""
    return (await api.get(f"/v1/clubs/{code}")).json()["members"]


async def test_anybody_joins_an_open_club_once_and_leaves_it(shop: Api) -> None:
    await club(shop)
    (one,) = await members(shop, 1)
    assert await standing(shop, one) == "may_join"
    joined = await join(shop, one)
    assert (joined.json()["standing"], joined.json()["members"]) == ("in", 1)
    assert (await join(shop, one)).json()["members"] == 1
    shown = (await shop.get("/v1/clubs/tasters/members")).json()["items"]
    assert [(each["member"], each["way"]) for each in shown] == [(one, "open")]
    await set_clock(shop, "2026-03-02T11:00:00+02:00")
    assert (await shop.delete(f"/v1/members/{one}/clubs/tasters")).is_success
    assert (await standing(shop, one), await count(shop)) == ("may_join", 0)
    assert (await shop.delete(f"/v1/members/{one}/clubs/tasters")).is_success


async def test_a_club_by_invitation_asks_for_one_or_for_a_code(shop: Api) -> None:
    await club(shop, entry="invitation")
    invited, with_code, too_late, declining = await members(shop, 4)
    assert refused(await join(shop, invited)) == (409, "not_for_member", None)
    assert await standing(shop, invited) is None
    assert (await shop.post(f"/v1/members/{invited}/clubs/tasters/invite")).status_code == 201
    assert refused(await shop.post(f"/v1/members/{invited}/clubs/tasters/invite"))[1] == "state_conflict"
    assert await standing(shop, invited) == "invited"
    assert (await join(shop, invited)).json()["standing"] == "in"
    link = (await shop.post("/v1/clubs/tasters/links", {"uses": 1})).json()["code"]
    assert (await join(shop, with_code, link=link)).json()["standing"] == "in"
    assert refused(await join(shop, too_late, link=link)) == (409, "not_for_member", None)
    await shop.post(f"/v1/members/{declining}/clubs/tasters/invite")
    declined = await shop.post(f"/v1/members/{declining}/clubs/tasters/decline")
    assert declined.json()["answer"] == "declined"
    assert refused(await join(shop, declining)) == (409, "not_for_member", None)
    again = await shop.post(f"/v1/members/{declining}/clubs/tasters/invite")
    assert again.status_code == 201


async def test_a_link_is_told_again_after_its_end_to_whoever_asks_with_the_same_key(shop: Api) -> None:
    await club(shop)
    path, body = "/v1/clubs/tasters/links", {"until": "2026-03-05T00:00:00Z"}

    made = await shop.post(path, body, key="link")
    await set_clock(shop, "2026-03-10T10:00:00+02:00")
    again = await shop.post(path, body, key="link")

    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == made.json()
    assert refused(await shop.post(path, body)) == (422, "invalid_value", "/until")


async def test_a_full_club_takes_nobody_in_until_a_place_is_free(shop: Api) -> None:
    await club(shop, places=2)
    first, second, third = await members(shop, 3)
    await join(shop, first)
    await let_in(shop, second)
    assert refused(await join(shop, third)) == (409, "club_full", None)
    assert refused(await join(shop, third, by_hand=True)) == (409, "club_full", None)
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    await shop.delete(f"/v1/members/{first}/marks/club/tasters")
    assert (await join(shop, third)).json()["standing"] == "in"


@pytest.mark.scenario("S3")
async def test_a_club_opens_a_price_list_to_its_members(shop: Api) -> None:
    await club(shop)
    await publish(shop, CLUB_PRICE)
    (inside, her_card), (_, other_card) = await member_with_card(shop), await member_with_card(shop)
    await let_in(shop, inside)

    async def price(card: str) -> int:
        asked = await shop.post("/v1/purchases/preview", buy("p", card, [line(1, 400)]), scope="till")
        assert asked.status_code == 200, asked.text
        return asked.json()["payable"]

    assert (await price(her_card), await price(other_card)) == (250, 400)
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    await shop.delete(f"/v1/members/{inside}/clubs/tasters")
    asked = buy("p", her_card, [line(1, 400)], purchased_at="2026-03-01T12:00:00+02:00")
    after = await shop.post("/v1/purchases/preview", asked, scope="till")
    assert after.json()["payable"] == 400


async def test_a_club_by_rule_is_measured_every_night_and_twice_is_once(shop: Api) -> None:
    rule = {"turnover_at_least": 10_000, "turnover_days": 30}
    (buyer, card), (idle, _), (by_hand, _) = [await member_with_card(shop) for _ in range(3)]
    bought = await record(shop, buy("big", card, [line(1, 10_000)]))
    preview = await shop.post(
        "/v1/clubs/best/preview", {"names": {"en": "Best"}, "entry": "rule", "rule": rule}
    )
    assert preview.json() == {
        "judged": 3, "whole": True, "come": 1, "go": 0, "stay": 0, "examples": [buyer],
    }  # fmt: skip
    await club(shop, "best", entry="rule", rule=rule)
    await let_in(shop, by_hand, "best")
    assert refused(await join(shop, idle, "best")) == (409, "not_for_member", None)
    await set_clock(shop, "2026-03-02T00:00:00+02:00")
    assert [await standing(shop, one, "best") for one in (buyer, idle, by_hand)] == ["in", None, "in"]
    await set_clock(shop, "2026-03-03T12:00:00+02:00")
    assert await count(shop, "best") == 2
    shown = (await shop.get("/v1/clubs/best/members")).json()["items"]
    assert {one["member"]: one["way"] for one in shown} == {buyer: "rule", by_hand: "by_hand"}
    await set_clock(shop, "2026-04-02T00:00:00+03:00")
    assert [await standing(shop, one, "best") for one in (buyer, by_hand)] == [None, "in"]
    assert bought["payable"] == 10_000


async def test_a_rule_asks_for_age_attributes_and_audience(shop: Api) -> None:
    rule = {"age_from": 18, "age_to": 30, "audience": "coffee-lovers"}
    await club(shop, "young", entry="rule", rule=rule)
    made = []
    for n, birthday in enumerate(("2000-05-05", "1960-01-01", "2008-03-02", None)):
        body = {"phone": f"+3712660000{n}", "name": "Anna"} | ({"birthday": birthday} if birthday else {})
        member = (await shop.post("/v1/members", body)).json()["id"]
        mark = {"kind": "audience", "code": "coffee-lovers"}
        assert (await shop.call("PUT", f"/v1/members/{member}/marks", mark)).is_success
        made.append(member)
    await set_clock(shop, "2026-03-02T00:00:00+02:00")
    assert [await standing(shop, one, "young") for one in made] == ["in", None, "in", None]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"entry": "rule"}, "/rule"),
        ({"rule": {"audience": "x"}}, "/rule"),
        ({"entry": "rule", "rule": {}}, "/rule"),
        ({"entry": "rule", "rule": {"turnover_at_least": 1}}, "/rule/turnover_days"),
        ({"entry": "rule", "rule": {"attribute": "diet"}}, "/rule/value"),
        ({"entry": "rule", "rule": {"age_from": 30, "age_to": 20}}, "/rule/age_to"),
        ({"entry": "rule", "rule": {"tier": "none/gold"}}, "/rule/tier"),
    ],
)
async def test_contradictions_are_refused(shop: Api, changed: dict, pointer: str) -> None:
    answer = await shop.call("PUT", "/v1/clubs/odd", {"names": {"en": "Odd"}, **changed})
    assert refused(answer) == (422, "contradictory_configuration", pointer)
    assert (await shop.get("/v1/clubs")).json()["items"] == []


async def test_a_merged_member_brings_her_club_and_her_invitation(shop: Api) -> None:
    await club(shop, entry="invitation", places=1)
    await club(shop, "readers", entry="invitation")
    kept, twin = await members(shop, 2)
    await give(shop, kept, 5)
    await let_in(shop, twin)
    await shop.post(f"/v1/members/{twin}/clubs/readers/invite")
    assert (await shop.post(f"/v1/members/{kept}/merge", {"member": twin})).is_success
    assert [await standing(shop, kept, one) for one in ("tasters", "readers")] == ["in", "invited"]
    assert await count(shop) == 1


async def test_what_is_kept_of_her_is_in_her_export_and_gone_with_her_erasure(shop: Api) -> None:
    await club(shop, entry="invitation")
    await occasion(shop)
    (one,) = await members(shop, 1)
    await shop.post(f"/v1/members/{one}/clubs/tasters/invite")
    made = await booked(shop, one)
    kept = (await shop.get(f"/v1/members/{one}/export")).json()["clubs"]
    assert [(each["club"], each["answer"]) for each in kept["invitations"]] == [("tasters", None)]
    assert [each["id"] for each in kept["bookings"]] == [made["id"]]
    await shop.delete(f"/v1/members/{one}")
    removed = (await shop.get(f"/v1/members/{one}/erasure")).json()["certificate"]["removed"]
    assert (removed["club_invitations"], removed["booked_seats"]) == (1, 1)

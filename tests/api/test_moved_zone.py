"""What counted in a period comes back also when the program's time zone was changed since."""

from __future__ import annotations

from tests.api.conftest import Api
from tests.api.prizes import act, claimed, offer
from tests.api.referring import code_of, friend_by, put_program, shops
from tests.api.shop import balance, give, member_with_card, set_clock, take_back


async def move(api: Api, zone: str) -> None:
    """Let the program's days be those of another time zone."""
    changed = await api.patch("/v1/program", {"time_zone": zone})
    assert changed.status_code == 200, changed.text


async def test_claims_of_two_days_that_are_one_by_now_are_both_cancelled(shop: Api) -> None:
    reward = await offer(shop, limits=[{"per": "member", "most": 1, "period": "day"}])
    member, _ = await member_with_card(shop)
    await give(shop, member, 500)
    await set_clock(shop, "2026-03-02T23:30:00+02:00")
    first = await claimed(shop, member, reward)
    await set_clock(shop, "2026-03-03T00:30:00+02:00")
    second = await claimed(shop, member, reward)
    await move(shop, "Asia/Tokyo")

    ended = [await act(shop, one["id"], "cancel") for one in (first, second)]

    assert [one.status_code for one in ended] == [200, 200], [one.text for one in ended]
    assert (await balance(shop, member))["available"] == 500
    await claimed(shop, member, reward)  # on the day that both of them counted in


async def test_referrals_of_two_months_that_are_one_by_now_are_both_taken_back(shop: Api) -> None:
    await put_program(shop, return_days=0)
    anna, _ = await member_with_card(shop)
    code, bought = await code_of(shop, anna), []
    for number, at in enumerate(["2026-03-31T23:30:00+03:00", "2026-04-01T00:30:00+03:00"]):
        _, card = await friend_by(shop, code)
        await set_clock(shop, at)
        bought.append((await shops(shop, f"r-{number}", card, 2_500, at))["id"])
        await set_clock(shop, at.replace(":30:00", ":30:01"))
    rewarded = (await balance(shop, anna))["available"]
    await move(shop, "Asia/Tokyo")
    now = "2026-04-01T00:40:00+03:00"
    await set_clock(shop, now)

    for number, one in enumerate(bought):
        await take_back(shop, one, f"b-{number}", (1, "1"), returned_at=now)
    await set_clock(shop, "2026-04-01T00:50:00+03:00")

    assert rewarded == 1_000
    assert (await balance(shop, anna))["available"] == 0

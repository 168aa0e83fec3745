"""What keeps a tier is said in time: to the cashier with each preview, to the member by a message before its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.flows.known_programs import KnownPrograms
from regulars.flows.master_keys import keyring_of
from regulars.flows.messages import take_messages
from regulars.flows.remind_tiers import remind_tiers
from regulars.messages.model import Due
from regulars.settings import Settings
from tests.api.conftest import SECRET, Api
from tests.api.shop import buy, line, member_with_card, set_clock, settle
from tests.api.tiers import BY_SPENDING, put_ladder, spend, tier
from tests.conftest import MASTER_KEYS

NAMES = {"tier": {"status/gold": {"en": "Gold"}, "status/silver": {"en": "Silver"}}}
AGREED = {"channel": "sms", "purpose": "marketing", "granted": True, "source": "web"}
IN_2027 = {"purchased_at": "2027-11-20T11:00:00+02:00"}


async def gold_since_2026(api: Api, *, agreed: bool = True) -> tuple[str, str]:
    """A member who spoke English and reached gold in March 2026: it ends with 2027."""
    member, card = await member_with_card(api)
    assert (await api.patch(f"/v1/members/{member}", {"language": "en"})).status_code == 200
    if agreed:
        assert (await api.post(f"/v1/members/{member}/consents", AGREED)).status_code == 201
    await spend(api, f"first-{card}", card, 30_000)
    return member, card


async def cashier(api: Api, card: str, at: str) -> list[str]:
    """What a preview tells the cashier."""
    body = buy(f"p-{at}", card, [line(1, 500)], purchased_at=at)
    answer = await api.post("/v1/purchases/preview", body, scope="till")
    assert answer.status_code == 200, answer.text
    return answer.json()["messages"]["cashier"]


async def reminded(api: Api, database_url: str, *at: Any) -> list[str]:
    """What the reminders of an instant say."""
    assert api.database is not None
    now = datetime(*at, 12, tzinfo=UTC)
    programs = KnownPrograms(api.database, keyring_of(Settings(database_url, SECRET, MASTER_KEYS)))
    count = await remind_tiers(api.database, programs, api.program.id, now)
    taken = await take_messages(api.database, api.program.id, SECRET, now)
    told = [one.message.text for one in taken if isinstance(one, Due) and one.purpose == "tier_ends"]
    assert len(told) == count
    return told


@pytest.fixture
async def ladder(shop: Api) -> None:
    """Silver from €100, gold from €300, by calendar years."""
    await settle(shop, names=NAMES)
    await put_ladder(shop, BY_SPENDING)


async def test_the_till_says_what_keeps_the_tier_once_its_last_year_has_begun(
    shop: Api, ladder: None
) -> None:
    _, card = await gold_since_2026(shop)

    in_its_first_year = await cashier(shop, card, "2026-03-01T11:00:00+02:00")
    await set_clock(shop, "2027-11-20T12:00:00+02:00")
    await spend(shop, "r-2027", card, 12_000, **IN_2027)
    short = await cashier(shop, card, "2027-11-20T12:00:00+02:00")
    await spend(shop, "r-more", card, 18_000, **IN_2027)
    kept = await cashier(shop, card, "2027-11-20T12:00:00+02:00")

    assert in_its_first_year == []
    assert short == ["To keep Gold, by 31 Dec 2027: €180.00"]
    assert kept == []


async def test_what_is_missing_for_the_next_stands_beside_what_keeps_the_tier_and_a_till_finds_neither(
    shop: Api, ladder: None
) -> None:
    member, card = await gold_since_2026(shop)
    mark = {
        "kind": "tier", "code": "status/silver", "until": "2026-09-01T00:00:00+03:00",
        "match": [[{"measure": "purchases", "at_least": 4}]], "reason": "silver elsewhere",
    }  # fmt: skip
    other, others_card = await member_with_card(shop)
    assert (await shop.patch(f"/v1/members/{other}", {"language": "en"})).status_code == 200
    assert (await shop.call("PUT", f"/v1/members/{other}/marks", mark)).status_code == 200
    await spend(shop, "o-1", others_card, 500)

    told = await cashier(shop, others_card, "2026-03-01T11:00:00+02:00")
    found = await shop.post("/v1/members/find", {"card": others_card}, scope="till")

    assert told == ["To Gold: €295.00", "To keep Silver, by 31 Aug 2026: 3 purchases"]
    assert found.json().keys() & {"tiers", "keep", "next", "messages"} == set()
    assert await cashier(shop, card, "2026-03-01T11:00:00+02:00") == []
    assert (await tier(shop, member))[0] == "gold"


async def test_who_agreed_is_reminded_once_of_what_keeps_her_tier_and_of_its_next_end_anew(
    shop: Api, ladder: None, database_url: str
) -> None:
    _, short = await gold_since_2026(shop)
    _, kept = await gold_since_2026(shop)
    silent, _ = await gold_since_2026(shop, agreed=False)
    await set_clock(shop, "2027-11-20T12:00:00+02:00")
    await spend(shop, "short", short, 12_000, **IN_2027)
    await spend(shop, "kept", kept, 30_000, **IN_2027)

    too_early = await reminded(shop, database_url, 2027, 12, 1)
    first = await reminded(shop, database_url, 2027, 12, 2)
    assert (await shop.post(f"/v1/members/{silent}/consents", AGREED)).status_code == 201
    again = await reminded(shop, database_url, 2027, 12, 3)
    await spend(shop, "at-last", short, 18_000, **IN_2027)
    await set_clock(shop, "2028-01-01T12:00:00+02:00")
    next_end = await reminded(shop, database_url, 2028, 12, 20)

    assert (too_early, again) == ([], [])
    assert first == ["Test: to keep Gold you need €180.00 more by 31 Dec 2027."]
    assert next_end == ["Test: to keep Gold you need €300.00 more by 31 Dec 2028."] * 2


async def test_where_no_days_are_set_and_where_nothing_can_be_done_for_it_nobody_is_reminded(
    shop: Api, ladder: None, database_url: str
) -> None:
    await gold_since_2026(shop)
    given, _ = await member_with_card(shop)
    assert (await shop.post(f"/v1/members/{given}/consents", AGREED)).status_code == 201
    mark = {"kind": "tier", "code": "status/gold", "until": "2026-04-01T00:00:00+03:00", "reason": "a friend"}
    assert (await shop.call("PUT", f"/v1/members/{given}/marks", mark)).status_code == 200

    assert await reminded(shop, database_url, 2026, 3, 20) == []
    await settle(shop, tier_remind_days=0)
    assert await reminded(shop, database_url, 2027, 12, 20) == []
    await settle(shop, tier_remind_days=365)
    assert len(await reminded(shop, database_url, 2027, 12, 20)) == 1

"""Rewards of every kind: reserved, claimed, made ready, sent, handed over, and at which partner points are redeemed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from regulars.db.pool import Database, fetch_all
from regulars.flows.check_ledger import check_ledger
from tests.api.conftest import Api
from tests.api.data import take_out
from tests.api.prizes import MUG, act, claimed, offer, voucher_batch
from tests.api.shop import balance, buy, give, line, member_with_card, record, refused, set_clock
from tests.api.test_exports import rows

FETCHED = ("good", "service", "upgrade", "partner_good", "charity")
"""Kinds that are handed over; the others hand out codes."""
PRICE = [{"currency": "PTS", "points": 300, "money": 150}]
Lots = list[tuple[int, int, int]]


async def with_two_lots(api: Api) -> str:
    """A member with 200 points of 1 March and 250 of today, the 3rd; somebody listens to what becomes of rewards."""
    listener = {"address": "https://crm.example.com/hooks", "events": ["reward.*"]}
    assert (await api.post("/v1/webhooks", listener)).status_code == 201
    member, _ = await member_with_card(api)
    await give(api, member, 200)
    await set_clock(api, "2026-03-03T11:00:00+02:00")
    await give(api, member, 250)
    return member


async def lots(api: Api, database: Database) -> Lots:
    """Amount, drawn and reserved of each lot, in the order of drawing."""
    async with database.transaction(api.program.id) as tx:
        return await fetch_all(tx, "SELECT amount, drawn, reserved FROM lot ORDER BY earned_at, id")


async def told(api: Api, database: Database) -> list[tuple[str, str, int, int, int]]:
    """The events about rewards: type, state, quantity, points and money, in the order they were noted."""
    async with database.transaction(api.program.id) as tx:
        found = await fetch_all(tx, "SELECT type, data FROM outbox WHERE type LIKE 'reward.%%' ORDER BY id")
    return [(name, one["state"], one["quantity"], one["points"], one["money"]) for name, one in found]


async def moved(api: Api, database: Database) -> list[tuple[str, str, str, int]]:
    """What rewards moved in the books: kind of posting, from, to, amount; with the books in order."""
    assert await check_ledger(database, api.program.id) == ()
    found = rows(await take_out(api, database, "postings"))
    kinds = ("redemption", "cancellation")
    return [
        (one["kind"], one["source"], one["target"], int(one["amount"]))
        for one in sorted(found, key=lambda one: one["posting"])
        if one["kind"] in kinds
    ]


async def redeemed_at(api: Api, database: Database) -> dict[str, int]:
    """Code of a partner → points that were redeemed there, less those that were given back."""
    found: Counter[str] = Counter()
    for one in rows(await take_out(api, database, "postings")):
        if "redeemed" in (one["source"], one["target"]):
            found[one["partner"]] += (
                int(one["amount"]) if one["target"] == "redeemed" else -int(one["amount"])
            )
    return dict(found)


def states(redemption: dict[str, Any]) -> list[str]:
    return [step["state"] for step in redemption["steps"]]


@pytest.mark.parametrize("kind", FETCHED)
async def test_what_is_fetched_is_reserved_claimed_made_ready_sent_and_arrives_and_is_charged_once(
    shop: Api, database: Database, kind: str
) -> None:
    reward = await offer(shop, 3, kind=kind, prices=PRICE)
    member = await with_two_lots(shop)
    held = await claimed(shop, member, reward, hold=True)
    assert (held["kind"], held["state"], held["points"], held["money"], held["vouchers"]) == (
        kind, "held", 300, 150, [],
    )  # fmt: skip
    assert await balance(shop, member) == {"available": 150, "pending": 0, "held": 300, "debt": 0}
    assert await lots(shop, database) == [(200, 0, 200), (250, 0, 100)]
    assert await moved(shop, database) == []

    for what, body in (
        ("confirm", {}),
        ("fulfil", {"state": "ready", "note": "shelf 4"}),
        ("fulfil", {"state": "shipped", "note": "parcel 7"}),
    ):
        answer = await act(shop, held["id"], what, **body)
        assert answer.status_code == 200, answer.text
    shipped = (await shop.get(f"/v1/redemptions/{held['id']}")).json()
    assert (shipped["state"], shipped["lapses_at"], shipped["returnable"]) == ("shipped", None, False)
    back = await act(shop, held["id"], "cancel")
    assert refused(back) == (409, "state_conflict", None)
    assert back.json()["detail"] == "What is shipped cannot become cancelled."
    assert refused(await act(shop, held["id"], "fulfil", state="ready"))[:2] == (409, "state_conflict")
    assert (await act(shop, held["id"], "fulfil", state="handed_over")).status_code == 200

    done = (await shop.get(f"/v1/redemptions/{held['id']}")).json()
    assert states(done) == ["held", "claimed", "ready", "shipped", "handed_over"]
    assert [step["reason"] for step in done["steps"]] == ["", "", "shelf 4", "parcel 7", ""]
    assert await balance(shop, member) == {"available": 150, "pending": 0, "held": 0, "debt": 0}
    assert await lots(shop, database) == [(200, 200, 0), (250, 100, 0)]
    assert await moved(shop, database) == [("redemption", "points", "redeemed", 300)]
    assert await told(shop, database) == [
        ("reward.held", "held", 1, 300, 150),
        ("reward.claimed", "claimed", 1, 300, 150),
        ("reward.fulfilled", "ready", 1, 300, 150),
        ("reward.fulfilled", "shipped", 1, 300, 150),
        ("reward.fulfilled", "handed_over", 1, 300, 150),
    ]


@pytest.mark.parametrize("before", ["held", "claimed", "ready"])
@pytest.mark.parametrize("kind", FETCHED)
async def test_given_back_before_it_left_the_very_lots_are_as_they_were(
    shop: Api, database: Database, kind: str, before: str
) -> None:
    reward = await offer(shop, 1, kind=kind, prices=PRICE)
    member = await with_two_lots(shop)
    had = (await shop.get(f"/v1/members/{member}/balance")).json()
    one = await claimed(shop, member, reward, hold=before == "held")
    if before == "ready":
        assert (await act(shop, one["id"], "fulfil", state="ready")).json()["state"] == "ready"

    back = await act(shop, one["id"], "cancel", reason="changed her mind")

    assert (back.status_code, back.json()["state"]) == (200, "cancelled")
    assert (await shop.get(f"/v1/members/{member}/balance")).json() == had
    assert await lots(shop, database) == [(200, 0, 0), (250, 0, 0)]
    both = [("redemption", "points", "redeemed", 300), ("cancellation", "redeemed", "points", 300)]
    assert await moved(shop, database) == ([] if before == "held" else both)
    assert (await told(shop, database))[-1] == ("reward.cancelled", "cancelled", 1, 300, 150)
    for what, body in (("cancel", {}), ("confirm", {}), ("fulfil", {"state": "shipped"})):
        assert refused(await act(shop, one["id"], what, **body))[:2] == (409, "state_conflict")
    assert (await claimed(shop, member, reward))["state"] == "claimed"


async def test_a_discount_is_a_code_that_takes_its_part_off_and_is_void_when_it_is_given_back(
    shop: Api, database: Database
) -> None:
    await voucher_batch(
        shop,
        name="tenth",
        pattern="TENTH-####-####",
        definition={"gives": {"kind": "percent", "percent": "10"}, "valid_days": 30},
    )
    prices = [{"currency": "PTS", "points": 150}]
    reward = await offer(shop, kind="discount", names={"lv": "Desmitā daļa"}, prices=prices, batch="tenth")
    member = await with_two_lots(shop)
    held = await claimed(shop, member, reward, hold=True)
    assert (held["state"], held["vouchers"]) == ("held", [])
    confirmed = (await act(shop, held["id"], "confirm")).json()
    assert (confirmed["state"], len(confirmed["vouchers"])) == ("claimed", 1)
    used, spare = (
        (await shop.get(f"/v1/redemptions/{held['id']}")).json(),
        await claimed(shop, member, reward),
    )
    codes = [one["vouchers"][0]["code"] for one in (used, spare)]
    for state in ("ready", "shipped", "handed_over"):
        answer = await act(shop, spare["id"], "fulfil", state=state)
        assert refused(answer)[:2] == (409, "state_conflict")
        assert answer.json()["detail"] == "A code is not handed over: it is used."

    sold = await record(shop, buy("r-1", None, [line(1, 4990)], codes=codes[:1]))
    assert (sold["discount"], sold["payable"]) == (499, 4491)
    assert refused(await act(shop, used["id"], "cancel"))[:2] == (409, "voucher_used")
    assert (await act(shop, spare["id"], "cancel")).json()["vouchers"][0]["state"] == "void"
    after = await record(shop, buy("r-2", None, [line(1, 4990)], codes=codes[1:]))

    assert (after["discount"], after["payable"]) == (0, 4990)
    # 150 of the 200 that were there first are gone; the others came back to where they were.
    assert await lots(shop, database) == [(200, 150, 0), (250, 0, 0)]
    assert await moved(shop, database) == [
        ("redemption", "points", "redeemed", 150),
        ("redemption", "points", "redeemed", 150),
        ("cancellation", "redeemed", "points", 150),
    ]
    # What a percentage will be worth nobody knows: no money is owed for it.
    assert (await shop.get("/v1/liabilities")).json()["vouchers"] == 0


async def coalition(api: Api) -> None:
    """A cinema, a florist who has a shop, and a shop of the operator's."""
    for code in ("cinema", "florist"):
        assert (await api.post("/v1/partners", {"code": code, "name": code.title()})).status_code == 201
    for code, partner in (("flowers-1", "florist"), ("riga-1", "operator")):
        body = {"code": code, "name": code, "partner": partner}
        assert (await api.post("/v1/stores", body)).status_code == 201


@pytest.mark.parametrize("hold", [False, True])
@pytest.mark.parametrize(
    ("store", "funder", "expected"),
    [
        ("flowers-1", "cinema", "florist"),
        ("riga-1", "cinema", "operator"),
        (None, "cinema", "cinema"),
        (None, None, "operator"),
    ],
)
async def test_points_for_a_partner_s_goods_are_redeemed_at_the_store_s_partner_else_at_the_funder_else_at_the_operator(
    shop: Api, database: Database, store: str | None, funder: str | None, expected: str, hold: bool
) -> None:
    await coalition(shop)
    document: dict[str, Any] = {"kind": "partner_good", "prices": [{"currency": "PTS", "points": 300}]}
    if funder:
        document["funder"] = funder
    reward = await offer(shop, **document)
    member = await with_two_lots(shop)
    where = {"store": store} if store else {}
    one = await claimed(shop, member, reward, hold=hold, **where)
    if hold:
        assert await redeemed_at(shop, database) == {}
        # Who pays for the next ones does not pay for one that was reserved before.
        revised = await shop.call(
            "PUT", f"/v1/rewards/{reward}", {**MUG, **document, "funder": "florist"}
        )  # fmt: skip
        assert revised.status_code == 200, revised.text
        assert (await act(shop, one["id"], "confirm")).status_code == 200
    assert (one["store"], await redeemed_at(shop, database)) == (store, {expected: 300})

    assert (await act(shop, one["id"], "cancel")).status_code == 200

    assert await redeemed_at(shop, database) == {expected: 0}
    assert await lots(shop, database) == [(200, 0, 0), (250, 0, 0)]
    assert await check_ledger(database, shop.program.id) == ()


async def test_a_gift_to_a_good_cause_is_redeemed_at_it(shop: Api, database: Database) -> None:
    assert (await shop.post("/v1/partners", {"code": "shelter", "name": "Ulubele"})).status_code == 201
    reward = await offer(shop, kind="charity", names={"lv": "Patversmei"}, funder="shelter")
    member = await with_two_lots(shop)
    one = await claimed(shop, member, reward, hand_over=True)
    assert (one["kind"], states(one)) == ("charity", ["claimed", "handed_over"])
    assert await redeemed_at(shop, database) == {"shelter": 250}
    assert refused(await act(shop, one["id"], "cancel"))[:2] == (409, "state_conflict")
    assert (await balance(shop, member))["available"] == 200

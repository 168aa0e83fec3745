"""Vouchers: what a code is worth and whose it is, used outside a purchase, blocked when it was lost, given away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.flows.check_ledger import check_ledger
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.master_keys import keyring_of
from regulars.flows.remind_vouchers import remind_vouchers
from regulars.settings import Settings
from tests.api.conftest import SECRET, Api
from tests.api.prizes import FIVE, claimed, sold_voucher, voucher_batch
from tests.api.shop import buy, give, line, member_with_card, record, refused, set_clock, settle
from tests.conftest import MASTER_KEYS


async def bought(api: Api, **definition: Any) -> tuple[str, str, str]:
    """A member with a voucher of 5.00: her id, her card, the code."""
    reward = await sold_voucher(api, **definition)
    member, card = await member_with_card(api)
    await give(api, member, 500)
    return member, card, (await claimed(api, member, reward))["vouchers"][0]["code"]


async def test_a_code_says_what_it_is_worth_until_when_and_whose_it_is(shop: Api) -> None:
    member, _, code = await bought(shop, personal=True, purpose="single", tax_rate="21")
    found = (
        await shop.post("/v1/vouchers/find", {"code": code.lower().replace("-", " ")}, scope="till")
    ).json()
    told = {name: found[name] for name in ("state", "member", "purpose", "tax_rate", "personal", "uses_left")}
    assert told == {
        "state": "good", "member": member, "purpose": "single", "tax_rate": "21", "personal": True, "uses_left": 1,
    }  # fmt: skip
    assert found["gives"]["amount"] == 500
    assert found["code"] is None


async def test_a_personal_voucher_counts_for_its_owner_only_in_a_purchase_and_outside(shop: Api) -> None:
    member, card, code = await bought(shop, personal=True)
    other, foreign = await member_with_card(shop)
    sold = await record(shop, buy("r-1", foreign, [line(1, 2000)], codes=[code]))
    assert (sold["discount"], [one["code"] for one in sold["refusals"]]) == (0, ["code_of_another"])
    for who in ({}, {"member": other}):
        answer = await shop.post("/v1/vouchers/redeem", {"code": code, **who})
        assert refused(answer)[:2] == (409, "voucher_of_another")
    hers = await record(shop, buy("r-2", card, [line(1, 2000)], codes=[code]))
    assert hers["discount"] == 500
    assert member


async def test_a_voucher_is_redeemed_once_outside_a_purchase_and_a_replay_says_so_again(shop: Api) -> None:
    _, _, code = await bought(shop)
    first = await shop.post("/v1/vouchers/redeem", {"code": code}, key="door")
    again = await shop.post("/v1/vouchers/redeem", {"code": code}, key="door")
    assert (first.status_code, again.json()) == (200, first.json())
    assert first.json()["voucher"]["state"] == "used"
    assert refused(await shop.post("/v1/vouchers/redeem", {"code": code}))[:2] == (409, "voucher_used")
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code]))
    assert sold["discount"] == 0
    assert shop.database is not None
    assert await check_ledger(shop.database, shop.program.id) == ()


async def test_a_lost_voucher_is_blocked_until_it_is_found(shop: Api) -> None:
    _, _, code = await bought(shop)
    body = {"code": code, "reason": "lost her purse"}
    assert (await shop.post("/v1/vouchers/block", body)).json()["state"] == "blocked"
    assert (await shop.post("/v1/vouchers/block", body)).json()["state"] == "blocked"
    assert refused(await shop.post("/v1/vouchers/redeem", {"code": code}))[:2] == (409, "voucher_blocked")
    assert (await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code])))["discount"] == 0
    assert (await shop.post("/v1/vouchers/unblock", body)).json()["state"] == "good"
    assert (await record(shop, buy("r-2", None, [line(1, 2000)], codes=[code])))["discount"] == 500


async def test_a_lapsed_hold_does_not_take_a_voucher_that_was_blocked_since(shop: Api) -> None:
    _, card, code = await bought(shop)
    lost = {"code": code, "reason": "lost her purse"}
    held = await record(shop, buy("h-1", card, [line(1, 2000)], codes=[code], hold=True))
    assert (await shop.post("/v1/vouchers/block", lost)).status_code == 200
    await set_clock(shop, "2026-03-01T12:00:00+02:00")
    confirming = f"/v1/purchases/{held['id']}/confirm"
    assert refused(await shop.post(confirming, {}, scope="till")) == (409, "hold_lapsed", None)
    assert (await shop.post("/v1/vouchers/unblock", lost)).json()["state"] == "good"
    assert (await shop.post(confirming, {}, scope="till")).json()["discount"] == 500


@pytest.mark.parametrize(("transferable", "status"), [(True, 200), (False, 409)])
async def test_a_personal_voucher_is_given_to_another_member_where_that_is_allowed(
    shop: Api, transferable: bool, status: int
) -> None:
    member, _, code = await bought(shop, personal=True, transferable=transferable)
    other, card = await member_with_card(shop)
    body = {"code": code, "to": other}
    given = await shop.post(f"/v1/members/{member}/vouchers/transfer", body)
    assert given.status_code == status
    assert (await record(shop, buy("r-1", card, [line(1, 2000)], codes=[code])))["discount"] == (
        500 if transferable else 0
    )


async def test_whoever_guesses_codes_has_to_wait(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=3)
    answers = [
        await shop.post("/v1/vouchers/find", {"code": f"FIVE-{n}", "till": "7"}, scope="till")
        for n in range(4)
    ]
    assert [refused(one)[:2] for one in answers] == [(404, "voucher_unknown")] * 3 + [
        (429, "too_many_requests")
    ]
    other = await shop.post("/v1/vouchers/find", {"code": "FIVE-5", "till": "8"}, scope="till")
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("gives", "discount"),
    [
        ({"kind": "value", "amount": 500}, 500),
        ({"kind": "percent", "percent": "10"}, 400),
        ({"kind": "product", "sku": "sku-1"}, 1000),
    ],
)
async def test_a_voucher_takes_off_a_value_a_percentage_or_the_price_of_one_product(
    shop: Api, gives: dict[str, Any], discount: int
) -> None:
    made = await voucher_batch(shop, definition={"gives": gives}, count=3)
    assert (made["live"], len(made["batch"]["codes"])) == (True, 3)
    lines = [line(1, 1000, "2"), line(2, 2000)]
    code = made["batch"]["codes"][0]
    sold = await record(shop, buy("r-1", None, lines, codes=[code]))
    assert sold["discount"] == discount
    assert [one["name"] for one in [(await shop.get("/v1/voucher-batches")).json()["items"][0]["batch"]]] == [
        "five"
    ]


@pytest.mark.parametrize(
    ("definition", "pointer"),
    [
        ({"gives": {"kind": "value"}}, "/definition/gives/amount"),
        ({"gives": {"kind": "value", "amount": 1, "sku": "a"}}, "/definition/gives/sku"),
        ({"gives": {"kind": "percent", "percent": "101"}}, "/definition/gives/percent"),
        ({"gives": {"kind": "value", "amount": 1}, "purpose": "single"}, "/definition/tax_rate"),
        ({"gives": {"kind": "value", "amount": 1}, "tax_rate": "21"}, "/definition/tax_rate"),
        ({"gives": {"kind": "value", "amount": 1}, "transferable": True}, "/definition/transferable"),
        ({"gives": {"kind": "value", "amount": 1}, "remind_days": 7}, "/definition/remind_days"),
    ],
)
async def test_a_voucher_that_contradicts_itself_is_refused(
    shop: Api, definition: dict[str, Any], pointer: str
) -> None:
    answer = await shop.post("/v1/voucher-batches", {**FIVE, "definition": definition})
    assert refused(answer) == (422, "contradictory_configuration", pointer)


async def test_many_vouchers_are_made_by_a_job(shop: Api) -> None:
    made = await shop.post("/v1/voucher-batches", {**FIVE, "count": 10_001})
    assert (made.status_code, made.json()["batch"].get("codes")) == (202, None)
    assert made.headers["location"] == f"/v1/jobs/{made.json()['job']}"


async def test_who_agreed_is_reminded_once_of_a_voucher_that_ends_soon(shop: Api, database_url: str) -> None:
    assert shop.database is not None
    programs = KnownPrograms(shop.database, keyring_of(Settings(database_url, SECRET, MASTER_KEYS)))
    agreeing, _, _ = await bought(shop, personal=True, remind_days=7, valid_days=60)
    silent, _ = await member_with_card(shop)
    await give(shop, silent, 500)
    reward = (await shop.get("/v1/rewards", member=silent)).json()["items"][0]["id"]
    await claimed(shop, silent, reward)
    said = {"consents": [{"channel": "sms", "purpose": "marketing", "granted": True, "source": "web"}]}
    answer = await shop.post(f"/v1/members/{agreeing}/consents", said["consents"][0])
    assert answer.status_code == 201, answer.text
    told = []
    for day in (22, 24, 25):
        at = datetime(2026, 4, day, 12, tzinfo=UTC)
        looked = await remind_vouchers(shop.database, programs, shop.program.id, at)
        async with shop.database.transaction(shop.program.id) as tx:
            row = await (
                await tx.execute("SELECT count(*) FROM message_outgoing WHERE purpose = 'voucher_ends'")
            ).fetchone()
        assert row is not None
        told.append((looked, row[0]))
    assert told == [(0, 0), (2, 1), (0, 1)]

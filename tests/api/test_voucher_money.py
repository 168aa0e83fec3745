"""Vouchers that were paid for are owed: from the day they are given out until used, ended, given back or void."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg

from regulars import ids
from regulars.flows.check_ledger import check_ledger
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.voucher_money import book_vouchers
from regulars.ledger.check import check
from regulars.promotions import code_counts, code_text
from tests.api.conftest import SECRET, Api
from tests.api.prizes import FIVE, act, claimed, sold_voucher, voucher_batch
from tests.api.shop import buy, give, line, member_with_card, publish, record, refused, set_clock, take_back
from tests.conftest import START

SOLD = {**FIVE["definition"], "personal": False, "sold": True, "purpose": "single", "tax_rate": "21"}


async def bought(api: Api, quantity: int = 1, **definition: Any) -> dict[str, Any]:
    """A claim of so many vouchers of 5.00 for 500 points each."""
    reward = await sold_voucher(api, **definition)
    member, _ = await member_with_card(api)
    await give(api, member, 500 * quantity)
    return await claimed(api, member, reward, quantity=quantity)


async def owed(api: Api) -> int:
    """What is owed for vouchers, once the round has booked their uses; the books must be in order."""
    assert api.database is not None
    program = api.program.id
    await book_uses(api, (await api.get("/v1/sandbox/clock")).json()["now"])
    async with api.database.transaction(program) as tx:
        assert await check(tx, program) == ()
    assert await check_ledger(api.database, program) == ()
    found = (await api.get("/v1/liabilities")).json()
    assert found["vouchers"] == sum(one["amount"] for one in found["parts"] if one["kind"] == "voucher")
    return found["vouchers"]


async def book_uses(api: Api, at: str) -> None:
    """The round that books uses, at an instant."""
    assert api.database is not None
    await book_vouchers(api.database, KnownPrograms(api.database), api.program.id, datetime.fromisoformat(at))


async def void(api: Api, code: str) -> None:
    """One code of a batch counts no more."""
    assert api.database is not None
    async with api.database.transaction(api.program.id) as tx:
        identifier = code_text.id_of(code_text.key_of(SECRET, api.program.id), code)
        assert await code_counts.void(tx, api.program.id, identifier, "printed twice", START)


async def two_partners(api: Api) -> None:
    """A café and a bookshop, each with a store."""
    for partner in ("cafe", "books"):
        assert (await api.post("/v1/partners", {"code": partner, "name": partner})).status_code == 201
        store = {"code": f"{partner}-1", "name": partner, "partner": partner}
        assert (await api.post("/v1/stores", store)).status_code == 201


async def last_booked(api: Api) -> tuple[str, str, str]:
    """The kind of what was booked last, when it counts and when it was booked."""
    assert api.database is not None
    async with api.database.transaction(api.program.id) as tx:
        rows = await tx.execute(
            "SELECT p.kind, p.effective_at, p.recorded_at FROM posting p"
            " WHERE EXISTS (SELECT FROM entry e WHERE e.posting = p.id AND e.currency = 'VOUCHER_EUR')"
            " ORDER BY p.id DESC LIMIT 1"
        )
        ((kind, effective, recorded),) = await rows.fetchall()
        return kind, effective.astimezone(UTC).isoformat(), recorded.astimezone(UTC).isoformat()


async def entries(api: Api) -> list[tuple[str, str, str, int]]:
    """What the books of vouchers hold: kind of posting, from, to, amount."""
    assert api.database is not None
    async with api.database.transaction(api.program.id) as tx:
        rows = await tx.execute(
            "SELECT p.kind, e.source, e.target, e.amount FROM entry e JOIN posting p ON p.id = e.posting"
            " WHERE e.currency = 'VOUCHER_EUR' ORDER BY p.id, e.n"
        )
        return await rows.fetchall()


async def test_a_voucher_that_points_paid_for_is_owed_until_a_purchase_uses_it(shop: Api) -> None:
    codes = [one["code"] for one in (await bought(shop, 2))["vouchers"]]
    before = await owed(shop)
    await record(shop, buy("r-1", None, [line(1, 2000)], codes=codes[:1]))
    after = await owed(shop)

    assert (before, after, await owed(shop)) == (1000, 500, 500)
    assert await entries(shop) == [
        ("top_up", "issued", "points", 1000), ("redemption", "points", "redeemed", 500),
    ]  # fmt: skip
    found = (await shop.get("/v1/liabilities")).json()
    assert found["parts"] == [
        {
            "kind": "voucher", "currency": "EUR", "purpose": "multi", "tax_rate": None, "from_days": 0,
            "to_days": 90, "amount": 500, "held": 0, "pieces": 1,
        }
    ]  # fmt: skip


async def test_one_that_is_used_outside_a_purchase_is_settled_too(shop: Api) -> None:
    code = (await bought(shop))["vouchers"][0]["code"]
    assert (await shop.post("/v1/vouchers/redeem", {"code": code})).status_code == 200
    assert await owed(shop) == 0


async def test_a_held_purchase_settles_it_when_it_is_confirmed_and_not_when_it_is_voided(shop: Api) -> None:
    codes = [one["code"] for one in (await bought(shop, 2))["vouchers"]]
    first, second = [
        await record(shop, buy(f"r-{n}", None, [line(1, 2000)], codes=[code], hold=True))
        for n, code in enumerate(codes)
    ]
    held = await owed(shop)
    assert (await shop.post(f"/v1/purchases/{first['id']}/confirm", {})).status_code == 200
    confirmed = await owed(shop)
    assert (await shop.post("/v1/purchases/void", {"request": second["request"]})).status_code == 200
    assert (held, confirmed, await owed(shop)) == (1000, 500, 500)


async def test_a_code_that_comes_back_with_the_goods_is_owed_again(shop: Api) -> None:
    code = (await bought(shop))["vouchers"][0]["code"]
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code]))
    used = await owed(shop)
    await take_back(shop, sold["id"], "b-1", (1, "1"))
    again = await owed(shop)
    await record(shop, buy("r-2", None, [line(1, 2000)], codes=[code]))

    assert (used, again, await owed(shop)) == (0, 500, 0)


async def test_a_claim_that_is_given_back_owes_nothing_even_right_after_its_use_was_undone(shop: Api) -> None:
    redemption = await bought(shop)
    code = redemption["vouchers"][0]["code"]
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code]))
    used = await owed(shop)
    await take_back(shop, sold["id"], "b-1", (1, "1"))
    assert (await act(shop, redemption["id"], "cancel")).status_code == 200

    assert (used, await owed(shop)) == (0, 0)
    assert [(kind, target) for kind, _, target, _ in await entries(shop)] == [
        ("top_up", "points"), ("redemption", "redeemed"), ("return", "points"), ("cancellation", "issued"),
    ]  # fmt: skip


async def test_what_nobody_used_in_time_expires_in_the_books_a_week_after_its_end(shop: Api) -> None:
    await bought(shop, valid_days=10, remind_days=None)
    await set_clock(shop, "2026-03-18T10:00:00+02:00")
    ended = await owed(shop)
    await set_clock(shop, "2026-03-20T10:00:00+02:00")

    assert (ended, await owed(shop)) == (500, 0)
    assert (await entries(shop))[-1] == ("expiry", "points", "expired", 500)


async def test_a_free_voucher_is_a_discount_and_nothing_is_owed_for_it(shop: Api) -> None:
    await voucher_batch(shop)
    benefit = {"kind": "voucher", "voucher": "five", "cost": 500}
    await publish(
        shop, {"name": "A voucher with it", "group": "basket", "conditions": [], "benefits": [benefit]}
    )
    (issued,) = (await record(shop, buy("r-1", None, [line(1, 4000)])))["issued"]
    free = await owed(shop)
    used = await record(shop, buy("r-2", None, [line(1, 2000)], codes=[issued["code"]]))

    assert (free, used["discount"], await owed(shop), await entries(shop)) == (0, 500, 0, [])


async def test_a_batch_that_is_sold_is_owed_from_the_start_and_a_voided_code_of_it_no_more(shop: Api) -> None:
    made = await voucher_batch(shop, definition=SOLD, count=3)
    before = await owed(shop)
    await record(shop, buy("r-1", None, [line(1, 2000)], codes=[made["batch"]["codes"][0]]))
    used = await owed(shop)
    await void(shop, made["batch"]["codes"][1])

    assert (before, used, await owed(shop)) == (1500, 1000, 500)
    assert await entries(shop) == [
        ("top_up", "issued", "points", 1500),
        ("redemption", "points", "redeemed", 500),
        ("cancellation", "points", "issued", 500),
    ]
    (part,) = (await shop.get("/v1/liabilities")).json()["parts"]
    assert (part["purpose"], part["tax_rate"], part["amount"]) == ("single", "0.21", 500)


async def test_a_code_of_a_batch_that_is_sold_which_a_purchase_gave_for_nothing_takes_none_of_its_money(
    shop: Api,
) -> None:
    await voucher_batch(shop, definition=SOLD, count=1)
    benefit = {"kind": "voucher", "voucher": "five", "cost": 500}
    await publish(
        shop, {"name": "A voucher with it", "group": "basket", "conditions": [], "benefits": [benefit]}
    )
    (issued,) = (await record(shop, buy("r-1", None, [line(1, 4000)])))["issued"]
    used = await record(shop, buy("r-2", None, [line(1, 2000)], codes=[issued["code"]]))

    assert (used["discount"], await owed(shop)) == (500, 500)
    assert await entries(shop) == [("top_up", "issued", "points", 500)]


async def test_a_voided_code_that_a_till_takes_all_the_same_draws_no_money_of_the_others(shop: Api) -> None:
    made = await voucher_batch(shop, definition=SOLD, count=3)
    code = made["batch"]["codes"][0]
    await void(shop, code)
    voided = await owed(shop)
    goods = [line(1, 2000, discount=500, discounts=[{"promotion": made["promotion"], "amount": 500}])]
    taken = await record(shop, buy("s-1", None, goods, pricing="as_sold", codes=[code]))

    assert (voided, taken["discount"], await owed(shop)) == (1000, 500, 1000)
    assert await entries(shop) == [
        ("top_up", "issued", "points", 1500),
        ("cancellation", "points", "issued", 500),
        ("redemption", "issued", "redeemed", 500),
    ]


async def test_what_was_used_in_time_is_settled_from_what_is_owed_however_late_it_is_booked(
    shop: Api,
) -> None:
    code = (await bought(shop, valid_days=10, remind_days=None))["vouchers"][0]["code"]
    await set_clock(shop, "2026-03-11T10:00:00+02:00")
    await record(
        shop,
        buy("r-1", None, [line(1, 2000)], codes=[code], purchased_at="2026-03-11T09:59:00+02:00"),
    )
    await book_uses(shop, "2026-03-19T12:00:00+02:00")

    assert await entries(shop) == [
        ("top_up", "issued", "points", 500), ("redemption", "points", "redeemed", 500),
    ]  # fmt: skip


async def test_a_round_whose_clock_is_behind_books_a_use_no_earlier_than_it_was(shop: Api) -> None:
    code = (await bought(shop))["vouchers"][0]["code"]
    await set_clock(shop, "2026-03-02T12:00:00+00:00")
    await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code]))
    await book_uses(shop, "2026-03-02T10:00:00+00:00")

    assert await last_booked(shop) == ("redemption", *["2026-03-02T12:00:00+00:00"] * 2)


async def test_a_voided_code_is_taken_back_no_earlier_than_it_was_given_out(shop: Api) -> None:
    made = await voucher_batch(shop, definition=SOLD, count=2)
    _, given_out, _ = await last_booked(shop)
    await void(shop, made["batch"]["codes"][0])
    await book_uses(shop, "2026-02-01T10:00:00+00:00")

    assert await last_booked(shop) == ("cancellation", given_out, given_out)


async def test_a_process_whose_clock_is_behind_uses_a_voucher_no_earlier_than_it_was_given_out(
    shop: Api, administrator_url: str
) -> None:
    code = (await bought(shop))["vouchers"][0]["code"]
    _, given_out, _ = await last_booked(shop)
    await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code]))
    with psycopg.connect(administrator_url) as administrator:
        behind = "UPDATE claim SET claimed_at = claimed_at - interval '1 minute' WHERE program = %s"
        assert administrator.execute(behind, (shop.program.id,)).rowcount == 1

    assert (await owed(shop), (await last_booked(shop))[:2]) == (0, ("redemption", given_out))
    assert await entries(shop) == [
        ("top_up", "issued", "points", 500), ("redemption", "points", "redeemed", 500),
    ]  # fmt: skip


async def test_one_that_came_back_and_was_used_elsewhere_in_time_is_settled_however_late_it_is_booked(
    shop: Api,
) -> None:
    code = (await bought(shop, valid_days=10, remind_days=None))["vouchers"][0]["code"]
    await two_partners(shop)
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code], store="cafe-1"))
    await book_uses(shop, START.isoformat())
    await take_back(shop, sold["id"], "b-1", (1, "1"))
    await record(shop, buy("r-2", None, [line(1, 2000)], codes=[code], store="books-1"))
    await book_uses(shop, "2026-03-19T12:00:00+02:00")

    assert await entries(shop) == [
        ("top_up", "issued", "points", 500), ("redemption", "points", "redeemed", 500),
        ("return", "redeemed", "points", 500), ("redemption", "points", "redeemed", 500),
    ]  # fmt: skip


async def test_one_that_came_back_and_was_used_elsewhere_between_two_rounds_is_the_other_partners(
    shop: Api,
) -> None:
    code = (await bought(shop))["vouchers"][0]["code"]
    await two_partners(shop)
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code], store="cafe-1"))
    first = await owed(shop)
    await take_back(shop, sold["id"], "b-1", (1, "1"))
    await record(shop, buy("r-2", None, [line(1, 2000)], codes=[code], store="books-1"))
    second = await owed(shop)

    assert (first, second, await owed(shop)) == (0, 0, 0)
    assert await entries(shop) == [
        ("top_up", "issued", "points", 500), ("redemption", "points", "redeemed", 500),
        ("return", "redeemed", "points", 500), ("redemption", "points", "redeemed", 500),
    ]  # fmt: skip
    assert await redeemed_at(shop) == ["cafe", "cafe", "books"]


async def redeemed_at(api: Api) -> list[str]:
    """At whose stores vouchers were redeemed or came back, in the order of the books."""
    assert api.database is not None
    async with api.database.transaction(api.program.id) as tx:
        rows = await tx.execute(
            "SELECT r.code FROM entry e JOIN posting p ON p.id = e.posting JOIN partner r ON r.id = e.partner"
            " WHERE e.currency = 'VOUCHER_EUR' AND p.kind <> 'top_up' ORDER BY p.id, e.n"
        )
        return [row[0] for row in await rows.fetchall()]


async def test_the_check_finds_a_use_of_which_neither_the_books_know_nor_a_round_will(
    shop: Api, administrator_url: str
) -> None:
    used, _ = (await bought(shop, 2))["vouchers"]
    await record(shop, buy("r-1", None, [line(1, 2000)], codes=[used["code"]]))
    assert shop.database is not None
    noted = await check_ledger(shop.database, shop.program.id)
    with psycopg.connect(administrator_url) as administrator:
        administrator.execute("DELETE FROM code_touched WHERE program = %s", (shop.program.id,))
    (found,) = await check_ledger(shop.database, shop.program.id)

    assert noted == ()
    assert (found.check, [ids.show("vch", row["code"]) for row in found.rows]) == (
        "unbooked_vouchers", [used["id"]],
    )  # fmt: skip


async def test_what_is_sold_says_how_many_and_how_much(shop: Api) -> None:
    none = await shop.post("/v1/voucher-batches", {**FIVE, "definition": SOLD})
    percent = {**SOLD, "gives": {"kind": "percent", "percent": "10"}}
    multi = {key: value for key, value in SOLD.items() if key != "tax_rate"} | {"purpose": "multi"}
    money = await shop.post("/v1/voucher-batches", {**FIVE, "definition": multi, "count": 3})
    part = await shop.post("/v1/voucher-batches", {**FIVE, "definition": percent, "count": 3})
    assert refused(none) == (422, "invalid_value", "/count")
    assert refused(money)[2] == "/definition/purpose"
    assert refused(part)[2] == "/definition/sold"
    assert await owed(shop) == 0


async def test_a_purchase_tells_the_tax_that_was_due_when_a_single_purpose_voucher_was_given_out(
    shop: Api,
) -> None:
    code = (await bought(shop, purpose="single", tax_rate="21"))["vouchers"][0]
    body = buy("r-1", None, [line(1, 2000, tax_rate="0.21")], codes=[code["code"]])
    shown = (await shop.post("/v1/purchases/preview", body, scope="till")).json()
    sold = await record(shop, body)

    assert sold["vouchers"] == [{"voucher": code["id"], "amount": 500, "tax_rate": "0.21", "tax_within": 87}]
    assert shown["vouchers"] == sold["vouchers"]
    assert [tax for tax in sold["taxes"] if tax["tax"]] == [{"rate": "0.21", "base": 1240, "tax": 260}]


async def test_of_a_multi_purpose_voucher_nothing_was_due_before(shop: Api) -> None:
    code = (await bought(shop))["vouchers"][0]["code"]
    sold = await record(shop, buy("r-1", None, [line(1, 2000)], codes=[code]))
    assert (sold["discount"], "vouchers" in sold) == (500, False)

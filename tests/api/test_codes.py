"""Unique codes: batches small and large, presented, held, used up, guessed; and vouchers that come with a purchase."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from psycopg import DataError

from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows.check_ledger import check_ledger
from regulars.flows.issue_codes import continue_jobs
from regulars.ids import read
from regulars.promotions import codes
from tests.api.conftest import SECRET, Api
from tests.api.shop import (
    buy,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)

SUMMER = {"name": "summer", "count": 3, "pattern": "SUMMER-####-####"}
TENTH: dict[str, Any] = {
    "name": "A tenth with a code",
    "group": "items",
    "conditions": [{"kind": "code", "batch": "summer"}],
    "benefits": [{"kind": "line_percent", "percent": "10"}],
}


async def issue(api: Api, **fields: Any) -> dict[str, Any]:
    """Make a batch, which must succeed; the answer."""
    made = await api.post("/v1/code-batches", {**SUMMER, **fields})
    assert made.status_code == 201, made.text
    return made.json()


async def summer(api: Api, **fields: Any) -> list[str]:
    """Three codes and the promotion that they are for."""
    codes = (await issue(api, **fields))["codes"]
    await publish(api, TENTH)
    return codes


async def present(
    api: Api, name: str, *codes: str, card: str | None = None, **more: Any
) -> tuple[int, list[str]]:
    """Buy for 10.00 with codes; the discount, and the codes of the refusals."""
    answer = await record(api, buy(name, card, [line(1, 1_000)], codes=list(codes), **more))
    return answer["discount"], [one["code"] for one in answer["refusals"]]


async def require_order(api: Api, database: Database) -> None:
    assert await check_ledger(database, api.program.id) == ()


async def finish_jobs(database: Database) -> int:
    """What the worker does in its next round."""
    return await continue_jobs(database, lambda: SECRET, lambda: datetime(2026, 3, 1, 9, tzinfo=UTC))


async def test_a_small_batch_comes_with_its_codes_and_can_be_read_again(shop: Api) -> None:
    made = await issue(shop, uses=2, member_uses=1)

    batch = made["id"]
    shown = (await shop.get(f"/v1/code-batches/{batch}")).json()
    listed = (await shop.get(f"/v1/code-batches/{batch}/codes")).json()

    assert len(set(made["codes"])) == 3
    assert all(re.fullmatch("SUMMER-[2-9A-Z]{4}-[2-9A-Z]{4}", code) for code in made["codes"])
    assert listed == {"items": made["codes"], "next": None}
    assert (shown["name"], shown["count"], shown["made"], shown["used"]) == ("summer", 3, 3, 0)
    assert (shown["uses"], shown["member_uses"]) == (2, 1)
    assert [b["id"] for b in (await shop.get("/v1/code-batches")).json()["items"]] == [batch]


async def test_a_batch_as_csv_has_every_code_in_the_order_of_the_list(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await issue(shop, count=5)
    path = f"/v1/code-batches/{made['id']}/codes.csv"
    monkeypatch.setattr("regulars.api.codes.ROWS_AT_ONCE", 2)

    answer = await shop.get(path)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="codes-{made["id"]}.csv"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.text == "".join(f"{text}\r\n" for text in ["code", *made["codes"]])
    unknown = await shop.get("/v1/code-batches/cbt_" + "0" * 26 + "/codes.csv")
    assert refused(unknown)[:2] == (404, "not_found")
    assert refused(await shop.get(path, scope="read"))[:2] == (403, "scope_missing")


async def test_the_same_request_again_gets_the_same_codes_and_makes_none(
    shop: Api, database: Database
) -> None:
    first = await shop.post("/v1/code-batches", SUMMER, key="codes-1")
    again = await shop.post("/v1/code-batches", SUMMER, key="codes-1")

    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    async with database.transaction(shop.program.id) as tx:
        assert await fetch_all(tx, "SELECT count(*) FROM code") == [(3,)]


async def test_codes_stand_nowhere_in_the_database(shop: Api, database: Database) -> None:
    codes = (await issue(shop))["codes"]

    async with database.transaction(shop.program.id) as tx:
        rows = await fetch_all(tx, "SELECT row_to_json(c)::text FROM code c")
        kept = await fetch_all(
            tx, "SELECT convert_from(body, 'UTF8') FROM request_key WHERE body IS NOT NULL"
        )

    for code in codes:
        assert not any(code in text or code.replace("-", "") in text for (text,) in (*rows, *kept))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"pattern": "SUMMER-##"}, (422, "invalid_value", "/pattern")),
        ({"pattern": "######", "count": 100_000}, (422, "invalid_value", "/pattern")),
        ({"count": 1_000_001}, (422, "invalid_value", "/count")),
        ({"uses": 0}, (422, "invalid_value", "/uses")),
        ({"from": "2026-03-02T00:00:00Z", "until": "2026-03-02T00:00:00Z"}, (422, "invalid_value", "/until")),
        ({"colour": "red"}, (422, "unknown_field", "/colour")),
    ],
)
async def test_a_batch_that_makes_no_sense_is_refused(
    shop: Api, fields: dict[str, Any], problem: tuple[int, str, str]
) -> None:
    assert refused(await shop.post("/v1/code-batches", {**SUMMER, **fields})) == problem


async def test_a_name_stands_for_one_batch(shop: Api) -> None:
    await issue(shop)

    assert refused(await shop.post("/v1/code-batches", SUMMER))[:2] == (409, "state_conflict")


async def test_only_those_who_manage_see_codes(shop: Api) -> None:
    batch = (await issue(shop))["id"]

    statuses = [
        (await shop.get(f"/v1/code-batches/{batch}/codes", scope=scope)).status_code
        for scope in ("read", "till", "issuer")
    ]

    assert statuses == [403, 403, 403]
    assert (await shop.post("/v1/code-batches", SUMMER, scope="till")).status_code == 403


async def test_a_large_batch_is_a_job_that_goes_on_where_it_stopped(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.flows.issue_codes.AT_ONCE", 40)
    made = await shop.post("/v1/code-batches", {**SUMMER, "count": 100})
    job = made.headers["Location"]
    before = (await shop.get(job)).json()

    honest = asyncio.to_thread
    steps: list[int] = []

    async def killed(work: Callable[..., Any], *arguments: Any) -> Any:
        steps.append(1)
        if len(steps) == 2:
            raise ConnectionError("the worker was killed")
        return await honest(work, *arguments)

    monkeypatch.setattr(asyncio, "to_thread", killed)
    with pytest.raises(ConnectionError):
        await finish_jobs(database)
    half = (await shop.get(job)).json()
    assert await finish_jobs(database) == 1
    after = (await shop.get(job)).json()

    assert (made.status_code, "codes" in made.json()) == (202, False)
    assert job == f"/v1/jobs/{made.json()['job']}"
    assert [(j["status"], j["done"], j["total"]) for j in (before, half, after)] == [
        ("running", 0, 100),
        ("running", 40, 100),
        ("done", 100, 100),
    ]
    first = (await shop.get(after["result"]["codes"], limit=60)).json()
    rest = (await shop.get(after["result"]["codes"], limit=60, cursor=first["next"])).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (60, 40, None)
    assert len({*first["items"], *rest["items"]}) == 100
    assert await finish_jobs(database) == 0


async def test_a_batch_that_cannot_be_made_does_not_keep_the_others_waiting(
    shop: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.flows.issue_codes.AT_ONCE", 40)
    broken = await shop.post("/v1/code-batches", {**SUMMER, "count": 100})
    made = await shop.post("/v1/code-batches", {**SUMMER, "name": "autumn", "count": 100})
    honest = codes.find

    async def found(tx: Transaction, program: UUID, batch: UUID) -> codes.Batch | None:
        if batch == read("cbt", broken.json()["id"]):
            raise DataError("timestamp too large (after year 10K)")
        return await honest(tx, program, batch)

    monkeypatch.setattr(codes, "find", found)
    with pytest.raises(DataError):
        await finish_jobs(database)
    jobs = [(await shop.get(one.headers["Location"])).json() for one in (broken, made)]
    monkeypatch.undo()
    later = await finish_jobs(database)

    assert [(one["status"], one["done"]) for one in jobs] == [("running", 0), ("done", 100)]
    assert later == 1


@pytest.mark.full
async def test_a_million_codes_are_made_and_all_are_different(shop: Api, database: Database) -> None:
    made = await shop.post("/v1/code-batches", {**SUMMER, "count": 1_000_000, "pattern": "M-####-####-##"})
    await finish_jobs(database)

    shown = (await shop.get(f"/v1/code-batches/{made.json()['id']}")).json()
    async with database.transaction(shop.program.id, analytical=True) as tx:
        rows = await fetch_all(tx, "SELECT count(*), count(DISTINCT id) FROM code")

    assert (shown["made"], rows) == (1_000_000, [(1_000_000, 1_000_000)])


async def test_two_batches_of_one_pattern_never_share_a_code(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A pattern with room for 36 codes only: nearly all of the second batch's first tries are taken already.
    monkeypatch.setattr("regulars.promotions.code_text.ALPHABET", "ABCDEF")
    monkeypatch.setattr("regulars.promotions.code_text.PLACES_MIN", 2)
    monkeypatch.setattr("regulars.promotions.code_text.ROOM", 1)
    first = await issue(shop, pattern="##", count=20)
    second = await issue(shop, pattern="##", count=16, name="winter")

    assert len({*first["codes"], *second["codes"]}) == 36


async def test_a_code_is_used_once_however_it_is_typed(shop: Api, database: Database) -> None:
    first, second, _ = await summer(shop)

    assert await present(shop, "r-1", first.lower().replace("-", " ")) == (100, [])
    assert await present(shop, "r-2", first) == (0, ["code_used"])
    assert await present(shop, "r-3", second) == (100, [])
    await require_order(shop, database)


async def test_a_code_of_many_uses_and_a_limit_for_each_member(shop: Api, database: Database) -> None:
    first, second, _ = await summer(shop, uses=3, member_uses=1)
    (_, anna), (_, berta) = await member_with_card(shop), await member_with_card(shop, "Berta Liepa")

    found = [
        await present(shop, "r-1", first, card=anna),
        await present(shop, "r-2", second, card=anna),
        await present(shop, "r-3", first, card=berta),
        await present(shop, "r-4", first),
    ]

    assert found == [(100, []), (0, ["limit_reached"]), (100, []), (0, ["member_required"])]
    await require_order(shop, database)


async def test_a_code_is_not_used_where_its_promotion_does_not_apply(shop: Api) -> None:
    codes = (await issue(shop))["codes"]
    minimum = {"kind": "basket_amount", "minimum": 2_000}
    await publish(shop, {**TENTH, "conditions": [*TENTH["conditions"], minimum]})

    small = await present(shop, "r-1", codes[0])
    large = await record(shop, buy("r-2", None, [line(1, 3_000)], codes=[codes[0]]))

    assert small == (0, ["basket_below_minimum"])
    assert large["discount"] == 300


async def test_one_code_pays_for_one_purchase_though_two_promotions_ask_for_it(shop: Api) -> None:
    first, second, _ = await summer(shop)
    await publish(
        shop, {**TENTH, "group": "basket", "benefits": [{"kind": "basket_percent", "percent": "50"}]}
    )

    both = await present(shop, "r-1", first, second)

    assert both == (550, [])
    assert await present(shop, "r-2", first) == (0, ["code_used"])
    assert await present(shop, "r-3", second) == (550, [])


async def test_codes_have_their_time_and_a_late_receipt_the_time_of_its_own(shop: Api) -> None:
    first, second, third = await summer(
        shop, **{"from": "2026-03-01T12:00:00+02:00", "until": "2026-03-02T00:00:00+02:00"}
    )
    early = await present(shop, "r-1", first)
    await set_clock(shop, "2026-03-02T00:00:00+02:00")

    late = await present(shop, "r-2", first, purchased_at="2026-03-01T23:59:59+02:00")
    over = await present(shop, "r-3", second, purchased_at="2026-03-02T00:00:00+02:00")

    assert (early, late, over) == ((0, ["code_not_yet_valid"]), (100, []), (0, ["code_expired"]))
    assert third


async def test_a_stopped_batch_gives_nothing_more_and_what_is_held_stands(shop: Api) -> None:
    made = await issue(shop)
    await publish(shop, TENTH)
    hold = await record(shop, buy("h-1", None, [line(1, 1_000)], codes=[made["codes"][0]], hold=True))

    stopped = await shop.post(f"/v1/code-batches/{made['id']}/stop")

    assert stopped.json()["stopped_at"] == "2026-03-01T09:00:00Z"
    assert await present(shop, "r-1", made["codes"][1]) == (0, ["code_expired"])
    confirmed = await shop.post(f"/v1/purchases/{hold['id']}/confirm", {}, scope="till")
    assert confirmed.json()["discount"] == 100


async def test_an_unknown_code_and_one_without_a_promotion_are_said(shop: Api) -> None:
    codes = (await issue(shop))["codes"]

    answer = await record(shop, buy("r-1", None, [line(1, 1_000)], codes=[codes[0], "NO-SUCH-CODE"]))

    assert [(r["promotion"], r["name"], r["code"]) for r in answer["refusals"]] == [
        (None, codes[0], "code_without_offer"),
        (None, "NO-SUCH-CODE", "code_unknown"),
    ]


async def test_one_code_for_all_has_the_limits_of_its_promotion(shop: Api, database: Database) -> None:
    welcome = {"kind": "code", "codes": ["WELCOME-10"]}
    await publish(shop, {**TENTH, "conditions": [welcome], "limits": [{"per": "member", "uses": 1}]})
    (_, anna), (_, berta) = await member_with_card(shop), await member_with_card(shop, "Berta Liepa")

    found = [
        await present(shop, "r-1", "welcome10", card=anna),
        await present(shop, "r-2", "WELCOME-10", card=anna),
        await present(shop, "r-3", "Welcome 10", card=berta),
    ]

    assert found == [(100, []), (0, ["limit_reached"]), (100, [])]
    await require_order(shop, database)


async def test_a_hold_reserves_a_code_and_its_end_gives_it_back_once(shop: Api, database: Database) -> None:
    code, *_ = await summer(shop)
    hold = await record(shop, buy("h-1", None, [line(1, 1_000)], codes=[code], hold=True, hold_seconds=60))
    while_held = await present(shop, "r-1", code)
    await set_clock(shop, "2026-03-01T11:01:00+02:00")
    await shop.post(f"/v1/purchases/{hold['id']}/void", {}, scope="till")

    assert (hold["discount"], while_held) == (100, (0, ["code_used"]))
    assert await present(shop, "r-2", code) == (100, [])
    assert await present(shop, "r-3", code) == (0, ["code_used"])
    await require_order(shop, database)


async def test_a_confirmation_without_the_goods_of_the_code_gives_the_code_back(
    shop: Api, database: Database
) -> None:
    code, *_ = await summer(shop)
    only_first = {"kind": "line_percent", "percent": "10", "goods": {"skus": ["sku-1"]}}
    promotions = (await shop.get("/v1/promotions")).json()["items"]
    await shop.post(f"/v1/promotions/{promotions[0]['id']}/stop")
    await publish(shop, {**TENTH, "benefits": [only_first]})
    goods = [line(1, 1_000, "2"), line(2, 1_000)]
    first = await record(shop, buy("h-1", None, goods, codes=[code], hold=True))

    kept = await shop.post(
        f"/v1/purchases/{first['id']}/confirm", {"lines": [line(1, 1_000, "1")]}, scope="till"
    )
    used = await present(shop, "r-1", code)
    await shop.post(f"/v1/purchases/{first['id']}/void", {}, scope="till")
    second = await record(shop, buy("h-2", None, goods, codes=[code], hold=True))
    without = await shop.post(
        f"/v1/purchases/{second['id']}/confirm", {"lines": [line(2, 1_000)]}, scope="till"
    )

    assert (kept.json()["discount"], used) == (100, (0, ["code_used"]))
    assert (without.status_code, without.json()["discount"]) == (200, 0)
    assert await present(shop, "r-2", code) == (100, [])
    await require_order(shop, database)


async def test_a_code_comes_back_with_the_last_piece_or_a_void(shop: Api, database: Database) -> None:
    first, second, _ = await summer(shop)
    bought = await record(shop, buy("r-1", None, [line(1, 1_000, "2"), line(2, 100)], codes=[first]))
    voided = await record(shop, buy("r-2", None, [line(1, 1_000)], codes=[second]))

    backs = [
        await take_back(shop, bought["id"], "b-1", (1, "2")),
        await take_back(shop, bought["id"], "b-2", (2, "1")),
    ]
    await shop.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")

    assert [[b["per"] for b in back["limits_back"]] for back in backs] == [[], ["code"]]
    assert await present(shop, "r-3", first) == (100, [])
    assert await present(shop, "r-4", second) == (100, [])
    await require_order(shop, database)


async def test_as_sold_takes_a_used_code_with_a_warning_and_counts_it(shop: Api, database: Database) -> None:
    made = await issue(shop)
    code = made["codes"][0]
    promotion = await publish(shop, TENTH)
    await present(shop, "r-1", code)
    discounts = [{"promotion": promotion, "amount": 100}]
    goods = [line(1, 1_000, discount=100, discounts=discounts)]

    answer = await record(shop, buy("s-1", None, goods, pricing="as_sold", codes=[code, "NONSENSE"]))

    assert (answer["discount"], answer["refusals"]) == (100, [])
    assert [w["code"] for w in answer["warnings"]] == ["code_used", "code_unknown"]
    assert (await shop.get(f"/v1/code-batches/{made['id']}")).json()["used"] == 2
    await require_order(shop, database)


async def test_a_promotion_that_names_a_batch_that_is_not_there_is_not_published(shop: Api) -> None:
    made = await shop.post("/v1/promotions", TENTH)

    answer = await shop.post(f"/v1/promotions/{made.json()['id']}/publish")

    assert (answer.status_code, answer.json()["problems"]) == (422, ["Nav kodu partijas 'summer'."])


async def test_guessing_is_slowed_for_that_till_and_reported_without_the_code(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=3)
    code, *_ = await summer(shop)

    with structlog.testing.capture_logs() as logs:
        tried = [
            await shop.post(
                "/v1/purchases/preview", buy("p", None, [line(1, 100)], codes=[f"GUESS-{n}"]), scope="till"
            )
            for n in range(4)
        ]
    good = await shop.post("/v1/purchases", buy("r-1", None, [line(1, 100)], codes=[code]), scope="till")
    without = await shop.post("/v1/purchases", buy("r-2", None, [line(1, 100)]), scope="till")
    other = buy("r-3", None, [line(1, 1_000)], codes=[code], till="8")
    sold = buy("s-1", None, [line(1, 100)], codes=["GUESS"], pricing="as_sold")

    assert [t.status_code for t in tried] == [200, 200, 200, 429]
    assert (good.status_code, good.json()["code"], int(good.headers["Retry-After"]) > 0) == (
        429,
        "too_many_requests",
        True,
    )
    assert without.status_code == 201
    assert (await record(shop, other))["discount"] == 100
    assert (await record(shop, sold))["warnings"][0]["code"] == "code_unknown"
    events = [entry["event"] for entry in logs]
    assert (events.count("unknown_codes"), events.count("codes_refused_for_a_while")) == (3, 1)
    assert not any("GUESS" in str(entry) for entry in logs)


async def test_many_guesses_at_once_are_no_more_than_one_after_another(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=3)
    code, *_ = await summer(shop)

    def presenting(shown: str, till: str) -> Awaitable[httpx.Response]:
        sent = buy("p", None, [line(1, 1_000)], codes=[shown], till=till)
        return shop.post("/v1/purchases/preview", sent, scope="till")

    guesses = await asyncio.gather(*(presenting(f"GUESS-{n}", "7") for n in range(12)))
    good = await asyncio.gather(*(presenting(code, "8") for _ in range(12)))

    assert sorted(answer.status_code for answer in guesses) == [200] * 3 + [429] * 9
    assert [answer.json()["discount"] for answer in good] == [100] * 12


async def test_a_batch_of_guesses_is_no_more_than_one_after_another(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=2)
    batch = [buy(f"b-{n}", None, [line(1, 100)], codes=[f"GUESS-{n}"]) for n in range(6)]
    batch.insert(3, buy("without", None, [line(1, 100)]))

    answer, other = await asyncio.gather(
        *(
            shop.post("/v1/purchases/batch", {"purchases": sent}, scope="till")
            for sent in (batch, [{**one, "id": f"other-{n}", "till": "8"} for n, one in enumerate(batch)])
        )
    )

    for answered in (answer, other):
        statuses = [item["status"] for item in answered.json()["items"]]
        assert statuses == [201, 201, 429, 201, 429, 429, 429]


async def test_guessing_in_a_batch_is_slowed_too(shop: Api) -> None:
    await settle(shop, wrong_codes_a_minute=1)
    await record(shop, buy("r-1", None, [line(1, 100)], codes=["GUESS-1"]))
    batch = [buy("b-1", None, [line(1, 100)], codes=["GUESS-2"]), buy("b-2", None, [line(1, 100)])]

    answer = await shop.post("/v1/purchases/batch", {"purchases": batch}, scope="till")

    assert [item["status"] for item in answer.json()["items"]] == [429, 201]


# vouchers --------------------------------------------------------------------------------------------------

FIVER: dict[str, Any] = {
    "name": "A fiver for the next time",
    "group": "basket",
    "conditions": [{"kind": "basket_amount", "minimum": 5_000}],
    "benefits": [{"kind": "voucher", "voucher": "fivers", "count": 2, "cost": 500}],
}
SPENT: dict[str, Any] = {
    "name": "Five off",
    "group": "basket",
    "joint": True,
    "conditions": [{"kind": "code", "batch": "fivers"}],
    "benefits": [{"kind": "basket_amount_off", "amount": 500}],
}


async def fivers(api: Api) -> None:
    await issue(api, name="fivers", count=0, pattern="V-########")
    await publish(api, FIVER)
    await publish(api, SPENT)


async def test_a_purchase_brings_vouchers_that_are_good_from_the_next_on(
    shop: Api, database: Database
) -> None:
    await fivers(shop)

    bought = await record(shop, buy("r-1", None, [line(1, 5_000)]))
    again = await record(shop, buy("r-1", None, [line(1, 5_000)]))

    codes = [one["code"] for one in bought["issued"]]
    assert again["issued"] == bought["issued"]
    assert [re.fullmatch("V-[2-9A-Z]{8}", code) is not None for code in codes] == [True, True]
    assert read("vch", bought["issued"][0]["voucher"])
    assert await present(shop, "r-2", codes[0]) == (500, ["basket_below_minimum"])
    assert (await present(shop, "r-3", codes[0]))[1] == ["basket_below_minimum", "code_used"]
    await require_order(shop, database)


async def test_a_preview_and_a_hold_bring_no_voucher_and_the_confirmation_does(shop: Api) -> None:
    await fivers(shop)
    body = buy("h-1", None, [line(1, 5_000)], hold=True)
    preview = await shop.post("/v1/purchases/preview", body, scope="till")
    hold = await record(shop, body)

    confirmed = (await shop.post(f"/v1/purchases/{hold['id']}/confirm", {}, scope="till")).json()

    assert (preview.json()["issued"], hold["issued"], len(confirmed["issued"])) == ([], [], 2)
    assert (await present(shop, "r-1", confirmed["issued"][0]["code"]))[0] == 500


async def test_vouchers_are_void_with_the_purchase_unless_they_were_used(
    shop: Api, database: Database
) -> None:
    await fivers(shop)
    voided = await record(shop, buy("r-1", None, [line(1, 5_000)]))
    returned = await record(shop, buy("r-2", None, [line(1, 5_000)]))
    used = voided["issued"][0]["code"]
    assert (await present(shop, "r-3", used))[0] == 500

    await shop.post(f"/v1/purchases/{voided['id']}/void", {}, scope="till")
    await take_back(shop, returned["id"], "b-1", (1, "1"))

    left = [voided["issued"][1]["code"], *(one["code"] for one in returned["issued"])]
    for number, code in enumerate(left):
        assert (await present(shop, f"r-{number + 4}", code))[1][-1] == "code_used"
    await require_order(shop, database)


# S4 --------------------------------------------------------------------------------------------------------


@pytest.mark.scenario("S4")
async def test_one_click_stops_an_offer_with_a_budget_and_honoured_ones_stand(
    shop: Api, database: Database
) -> None:
    offer = {
        "name": "A fifth off for 48 hours",
        "group": "items",
        "from": "2026-03-01T00:00:00",
        "until": "2026-03-03T00:00:00",
        "conditions": [{"kind": "offer"}],
        "benefits": [{"kind": "line_percent", "percent": "20"}],
        "limits": [{"per": "total", "amount": 150_000}, {"per": "member", "uses": 1}],
    }
    promotion = await publish(shop, offer)
    identifier = "off_" + promotion.removeprefix("prm_")
    people = [await member_with_card(shop, f"Anna {n}") for n in range(3)]
    for member, _ in people:
        activated = await shop.post(f"/v1/members/{member}/offers", {"offer": identifier})
        assert activated.status_code == 201, activated.text
    (_, anna), (_, berta), (_, carla) = people

    honoured = await record(shop, buy("r-1", anna, [line(1, 100_000)]))
    held = await record(shop, buy("h-1", berta, [line(1, 200_000)], hold=True))
    before = (
        await shop.post("/v1/purchases/preview", buy("p", carla, [line(1, 1_000)]), scope="till")
    ).json()
    stopped = await shop.post(f"/v1/promotions/{promotion}/stop")
    after = (await shop.post("/v1/purchases/preview", buy("p", carla, [line(1, 1_000)]), scope="till")).json()
    unused = await record(shop, buy("r-2", carla, [line(1, 1_000)]))
    confirmed = (await shop.post(f"/v1/purchases/{held['id']}/confirm", {}, scope="till")).json()

    assert stopped.json()["status"] == "stopped"
    assert (honoured["discount"], before["discount"], after["discount"]) == (20_000, 200, 0)
    assert (unused["discount"], confirmed["discount"]) == (0, 40_000)
    assert (await shop.get(f"/v1/purchases/{honoured['id']}")).json()["answer"]["discount"] == 20_000
    cost = (await shop.get(f"/v1/promotions/{promotion}/usage")).json()
    assert [(c["measure"], c["used"], c["left"], c["holders"]) for c in cost["limits"]] == [
        ("amount", 60_000, 90_000, 1),
        ("uses", 2, None, 2),
    ]
    await require_order(shop, database)

"""What members do besides buying: recorded once, counted in its periods, flagged where there is too much of it."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from tests.api.activity import COMMISSION, LISTEN, VISIT, cashback, declare, did, happen, has
from tests.api.conftest import Api
from tests.api.quests import THREE_VISITS, put_quest
from tests.api.shop import member_with_card, refused, set_clock
from tests.api.tiers import put_ladder, tier
from tests.conftest import START
from tests.pdf_text import text_of

AT = "2026-03-01T10:00:00+02:00"


async def close(api: Api, month: str) -> dict[str, Any]:
    answer = await api.post("/v1/activity-kinds/commission/close", {"month": month})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.scenario("S15")
async def test_a_broker_gives_ten_per_cent_of_the_months_commission(shop: Api) -> None:
    await cashback(shop)
    await declare(shop, "commission", COMMISSION)
    anna, _ = await member_with_card(shop)
    berta, _ = await member_with_card(shop)
    first = await happen(shop, anna, did("deal-1", "commission", AT, commission=100_000))
    assert (first["status"], first["earned"]) == (
        "counted",
        [{"currency": "CASH", "amount": 0, "due_on": "2026-04-01"}],
    )
    await happen(shop, anna, did("deal-2", "commission", AT, commission=84_000))
    await happen(shop, berta, did("deal-3", "commission", AT, commission=12_000_000))
    assert await has(shop, anna, "CASH") == (0, 0)
    early = await shop.post("/v1/activity-kinds/commission/close", {"month": "2026-03"})
    assert refused(early) == (409, "state_conflict", None)

    await set_clock(shop, "2026-04-02T09:00:00+03:00")
    assert await has(shop, anna, "CASH") == (18_400, 0)
    assert await has(shop, berta, "CASH") == (1_000_000, 0)
    march = {
        "kind": "commission",
        "month": "2026-03",
        "currencies": [{"currency": "CASH", "members": 2, "given": 1_018_400}],
    }
    assert await close(shop, "2026-03") == march
    assert await close(shop, "2026-03") == march
    assert await has(shop, anna, "CASH") == (18_400, 0)

    await happen(shop, anna, did("deal-4", "commission", "2026-04-02T08:00:00+03:00", commission=-84_000))
    late = await happen(
        shop, berta, did("deal-5", "commission", "2026-03-20T08:00:00+03:00", commission=50_000)
    )
    assert late["earned"][0]["due_on"] == "2026-05-01"
    await set_clock(shop, "2026-05-01T09:00:00+03:00")
    assert await has(shop, anna, "CASH") == (10_000, 0)
    assert await has(shop, berta, "CASH") == (1_005_000, 0)
    april = await close(shop, "2026-04")
    assert april["currencies"] == [{"currency": "CASH", "members": 2, "given": -3_400}]
    assert await has(shop, anna, "CASH") == (10_000, 0)


@pytest.mark.scenario("S24")
async def test_two_hundred_listens_are_a_point_and_ten_a_day_are_the_most(
    shop: Api, database: Database
) -> None:
    await declare(shop, "listen", LISTEN, flood={"most": 3, "seconds": 60})
    anna, _ = await member_with_card(shop)
    assert (await happen(shop, anna, did("l-1", "listen", "2026-03-01T09:00:00+02:00", listens=199)))[
        "earned"
    ] == [{"currency": "PTS", "amount": 0}]
    second = await happen(shop, anna, did("l-2", "listen", "2026-03-01T09:10:00+02:00", listens=1))
    assert second["earned"] == [{"currency": "PTS", "amount": 1}]
    third = await happen(shop, anna, did("l-3", "listen", "2026-03-01T09:20:00+02:00", listens=9000))
    assert third["earned"] == [{"currency": "PTS", "amount": 9, "limited": "day"}]

    robot = {
        "activities": [
            {"member": anna, **did(f"bot-{n}", "listen", f"2026-03-01T10:00:0{n}+02:00", listens=200)}
            for n in range(6)
        ]
    }
    items = (await shop.post("/v1/activities/batch", robot, scope="issuer")).json()["items"]
    assert [item["answer"]["status"] for item in items] == ["counted"] * 3 + ["waiting"] * 3
    assert [item["answer"]["flag"] for item in items] == [None] * 3 + ["flood"] * 3
    assert await has(shop, anna) == (10, 0)
    queue = (await shop.get("/v1/activities", flagged="true")).json()["items"]
    assert [one["request"] for one in queue] == ["bot-3", "bot-4", "bot-5"]
    accepted = await shop.post(
        f"/v1/activities/{queue[0]['id']}/review", {"accept": True, "reason": "a concert"}
    )
    assert accepted.json()["earned"] == [{"currency": "PTS", "amount": 0, "limited": "day"}]
    await shop.post(f"/v1/activities/{queue[1]['id']}/review", {"accept": False, "reason": "a robot"})
    again = await shop.post(f"/v1/activities/{queue[1]['id']}/review", {"accept": True, "reason": "no robot"})
    assert refused(again) == (409, "state_conflict", None)
    assert await has(shop, anna) == (10, 0)

    await set_clock(shop, "2026-03-02T09:00:00+02:00")
    next_day = await happen(shop, anna, did("l-9", "listen", "2026-03-02T09:00:00+02:00", listens=400))
    assert next_day["earned"] == [{"currency": "PTS", "amount": 2}]

    live = await create_program(
        database, NewProgram("Live", "EUR", "Europe/Riga", ("en",), {}, sandbox=False), at=START
    )
    _, key = await create_key(database, live.program.id, NewKey(("manage",)), at=START)
    shop.keys["live"] = key
    await shop.call("PUT", "/v1/activity-kinds/listen", LISTEN, scope="live")
    made = await shop.client.post(
        "/v1/members",
        json={"phone": "+37129999999"},
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "live-1"},
    )
    theirs = made.json()["id"]
    touched = await shop.post(
        f"/v1/members/{theirs}/events", did("x-1", "listen", "2026-03-02T09:00:00+02:00", listens=400)
    )
    assert refused(touched) == (404, "not_found", None)
    assert await has(Api(shop.client, live.program, {"manage": key}), theirs) == (0, 0)


async def test_the_same_id_with_the_same_body_is_one_activity_and_with_another_it_is_refused(
    shop: Api,
) -> None:
    await declare(shop, "visit", VISIT)
    anna, _ = await member_with_card(shop)
    berta, _ = await member_with_card(shop)
    first = await shop.post(f"/v1/members/{anna}/events", did("v-1", "visit", AT))
    again = await shop.post(f"/v1/members/{anna}/events", did("v-1", "visit", AT))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    other = await shop.post(f"/v1/members/{anna}/events", did("v-1", "visit", "2026-03-01T10:30:00+02:00"))
    assert refused(other) == (409, "request_key_reused", None)
    elsewhere = await shop.post(f"/v1/members/{berta}/events", did("v-1", "visit", AT))
    assert refused(elsewhere) == (409, "request_key_reused", None)
    by_another_source = await happen(shop, anna, did("v-1", "visit", AT), "till")
    assert by_another_source["id"] != first.json()["id"]
    assert await has(shop, anna) == (10, 0)
    batch = {
        "activities": [
            {"member": anna, **did("v-1", "visit", AT)},
            {"member": anna, **did("v-2", "visit", AT)},
            {"member": anna, **did("v-2", "visit", AT)},
        ]
    }
    items = (await shop.post("/v1/activities/batch", batch)).json()["items"]
    assert [(item["status"], item["replayed"]) for item in items] == [
        (201, True),
        (201, False),
        (201, True),
    ]
    assert await has(shop, anna) == (15, 0)
    listed = (await shop.get(f"/v1/members/{anna}/events")).json()["items"]
    assert [one["request"] for one in listed] == ["v-2", "v-1", "v-1"]


async def test_an_idempotency_key_that_is_sent_with_an_activity_is_kept_to(shop: Api) -> None:
    await declare(shop, "visit", VISIT)
    anna, _ = await member_with_card(shop)
    events = f"/v1/members/{anna}/events"

    missed = await shop.post(events, did("v-0", "unheard_of", AT), key="app-1")
    first = await shop.post(events, did("v-1", "visit", AT), key="app-1")
    again = await shop.post(events, did("v-1", "visit", AT), key="app-1")
    other = await shop.post(events, did("v-2", "visit", AT), key="app-1")
    by_its_id = await shop.post(events, did("v-1", "visit", AT), key="app-2")

    assert (missed.status_code, first.status_code) == (422, 201)
    assert [(one.status_code, one.content) for one in (again, by_its_id)] == [(201, first.content)] * 2
    assert again.headers["idempotent-replayed"] == by_its_id.headers["idempotent-replayed"] == "true"
    assert refused(other) == (409, "request_key_reused", None)
    assert refused(await shop.post(events, did("v-3", "visit", AT), key="a b"))[:2] == (400, "bad_request")
    headers = {"Authorization": f"Bearer {shop.keys['manage']}"}
    without = await shop.client.post(events, json=did("v-1", "visit", AT), headers=headers)
    assert (without.status_code, without.content) == (201, first.content)
    assert await has(shop, anna) == (5, 0)


async def test_a_correction_takes_back_by_the_same_rule_and_may_leave_a_debt(shop: Api) -> None:
    await declare(shop, "listen", LISTEN)
    anna, _ = await member_with_card(shop)
    at = "2026-03-01T09:00:00+02:00"
    await happen(shop, anna, did("l-1", "listen", at, listens=1000))
    await happen(shop, anna, did("l-2", "listen", at, listens=150))
    await shop.post(f"/v1/members/{anna}/adjustments", {"currency": "PTS", "amount": -4, "reason": "spent"})
    part = await happen(shop, anna, {**did("c-1", "listen", at, listens=-300), "corrects": "l-1"})
    assert (part["quantity"], part["earned"]) == ("-300", [{"currency": "PTS", "amount": -1}])
    assert await has(shop, anna) == (0, 0)
    more = await shop.post(
        f"/v1/members/{anna}/events",
        {**did("c-2", "listen", at, listens=-701), "corrects": "l-1"},
        scope="issuer",
    )
    assert refused(more) == (409, "state_conflict", None)
    whole = await happen(shop, anna, {**did("c-3", "listen", at), "corrects": "l-1"})
    assert (whole["quantity"], whole["earned"]) == ("-700", [{"currency": "PTS", "amount": -4}])
    assert await has(shop, anna) == (0, 4)
    again = await shop.post(
        f"/v1/members/{anna}/events", {**did("c-4", "listen", at), "corrects": "l-1"}, scope="issuer"
    )
    assert refused(again) == (409, "state_conflict", None)
    listed = (await shop.get(f"/v1/members/{anna}/events")).json()["items"]
    assert [(one["request"], one["quantity"]) for one in listed] == [
        ("c-3", "-700"),
        ("c-1", "-300"),
        ("l-2", "150"),
        ("l-1", "1000"),
    ]


async def test_what_was_cut_by_the_days_limit_is_not_taken_back_by_a_correction(shop: Api) -> None:
    await declare(shop, "listen", LISTEN)
    anna, _ = await member_with_card(shop)
    at = "2026-03-01T09:00:00+02:00"
    for n in range(3):
        await happen(shop, anna, did(f"l-{n}", "listen", at, listens=1000))
    await set_clock(shop, "2026-03-02T09:00:00+02:00")
    taken = await happen(shop, anna, {**did("c-1", "listen", "2026-03-02T08:00:00+02:00"), "corrects": "l-2"})
    assert taken["earned"] == [{"currency": "PTS", "amount": 0}]
    assert await has(shop, anna) == (10, 0)


async def test_a_meter_counts_what_it_moved_on_and_never_falls(shop: Api) -> None:
    meter: dict[str, Any] = {
        "names": {"en": "Meter reading"},
        "fields": [
            {"name": "kwh", "type": "decimal", "unit": "kWh", "required": True, "least": "0"},
            {"name": "meter", "type": "choice", "choices": ["day", "night"], "required": True},
        ],
        "measure": "reading",
        "quantity": "kwh",
        "series": "meter",
        "rules": [{"currency": "PTS", "gives": "per", "points": 1, "per": "10"}],
    }
    await declare(shop, "meter", meter)
    anna, _ = await member_with_card(shop)
    at = "2026-03-01T09:00:00+02:00"

    async def read(request: str, kwh: str, which: str = "day") -> tuple[str, int]:
        answer = await happen(shop, anna, did(request, "meter", at, kwh=kwh, meter=which))
        return answer["quantity"], answer["earned"][0]["amount"]

    assert await read("r-1", "1200.5") == ("0", 0)
    assert await read("r-2", "1225.125") == ("24.625", 2)
    assert await read("r-3", "40", "night") == ("0", 0)
    assert await read("r-4", "1230.5") == ("5.375", 1)
    fell = await shop.post(
        f"/v1/members/{anna}/events", did("r-5", "meter", at, kwh="1230.499", meter="day"), scope="issuer"
    )
    assert refused(fell) == (422, "invalid_value", "/data/kwh")
    older = await shop.post(
        f"/v1/members/{anna}/events",
        {**did("c-1", "meter", at, meter="day"), "corrects": "r-2"},
        scope="issuer",
    )
    assert refused(older) == (409, "state_conflict", None)
    back = await happen(shop, anna, {**did("c-2", "meter", at, meter="day"), "corrects": "r-4"})
    assert (back["quantity"], back["earned"][0]["amount"]) == ("-5.375", -1)
    assert await read("r-6", "1226.125") == ("1", 0)


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (did("a", "sail", AT), (422, "invalid_value", "/kind")),
        (did("a", "listen", AT), (422, "invalid_value", "/data/listens")),
        (did("a", "listen", AT, listens="7"), (422, "invalid_value", "/data/listens")),
        (did("a", "listen", AT, listens=0), (422, "invalid_value", "/data/listens")),
        (did("a", "listen", AT, listens=10_001), (422, "invalid_value", "/data/listens")),
        (did("a", "listen", AT, listens=True), (422, "invalid_value", "/data/listens")),
        (did("a", "listen", AT, listens=1, song="x"), (422, "invalid_value", "/data/song")),
        (did("a", "listen", "2026-02-21T23:59:59+02:00", listens=1), (422, "invalid_value", "/happened_at")),
        (did("a", "listen", "2026-03-01T11:10:01+02:00", listens=1), (422, "invalid_value", "/happened_at")),
        ({**did("a", "listen", AT), "corrects": "b"}, (422, "invalid_value", "/corrects")),
    ],
)
async def test_what_does_not_fit_its_kind_is_refused_and_leaves_no_trace(
    shop: Api, sent: dict[str, Any], outcome: tuple[int, str, str]
) -> None:
    await declare(shop, "listen", LISTEN)
    anna, _ = await member_with_card(shop)
    answer = await shop.post(f"/v1/members/{anna}/events", sent, scope="issuer")
    assert refused(answer) == outcome
    assert (await shop.get(f"/v1/members/{anna}/events")).json() == {"items": [], "next": None}
    good = await happen(shop, anna, did("a", "listen", AT, listens=1))
    assert good["status"] == "counted"


async def test_one_bad_activity_of_a_batch_spoils_none_of_the_others(shop: Api) -> None:
    await declare(shop, "visit", VISIT)
    anna, _ = await member_with_card(shop)
    batch = {
        "activities": [
            {"member": anna, **did("v-1", "visit", AT)},
            {"member": anna, **did("v-2", "visit", AT, colour="red")},
            {"member": anna, "id": "v-3"},
            {"member": "mem_01m829n839e009jjahgpeb9d88", **did("v-4", "visit", AT)},
            {"member": anna, **did("v-5", "visit", AT)},
        ]
    }
    items = (await shop.post("/v1/activities/batch", batch, scope="till")).json()["items"]
    assert [(item["request"], item["status"]) for item in items] == [
        ("v-1", 201),
        ("v-2", 422),
        ("v-3", 422),
        ("v-4", 404),
        ("v-5", 201),
    ]
    assert await has(shop, anna) == (10, 0)


async def test_a_kind_comes_only_from_its_sources_and_a_stopped_one_from_nobody(shop: Api) -> None:
    keys = (await shop.get("/v1/keys")).json()["items"]
    issuer = next(one["id"] for one in keys if one["scopes"] == ["issuer"])
    await declare(shop, "visit", VISIT, sources=[issuer])
    anna, _ = await member_with_card(shop)
    other = await shop.post(f"/v1/members/{anna}/events", did("v-1", "visit", AT), scope="till")
    assert refused(other) == (403, "forbidden", None)
    first = await happen(shop, anna, did("v-1", "visit", AT))
    await declare(shop, "visit", VISIT, sources=[issuer], stopped=True)
    stopped = await shop.post(f"/v1/members/{anna}/events", did("v-2", "visit", AT), scope="issuer")
    assert refused(stopped) == (409, "state_conflict", None)
    assert await happen(shop, anna, did("v-1", "visit", AT)) == first
    assert await has(shop, anna) == (5, 0)


async def test_what_is_accepted_later_earns_as_of_its_day_within_its_limits(shop: Api) -> None:
    limited = {**VISIT, "rules": [{"currency": "PTS", "points": 5, "limits": {"day": 5}}]}
    await declare(shop, "visit", limited, review="always")
    anna, _ = await member_with_card(shop)
    sent = [await happen(shop, anna, did(f"v-{n}", "visit", AT)) for n in range(2)]
    assert [one["status"] for one in sent] == ["waiting", "waiting"]
    await set_clock(shop, "2026-03-05T09:00:00+02:00")
    later = await happen(shop, anna, did("v-9", "visit", "2026-03-05T08:00:00+02:00"))
    for one in (*sent, later):
        answer = await shop.post(
            f"/v1/activities/{one['id']}/review", {"accept": True, "reason": "seen at the door"}
        )
        assert answer.status_code == 200, answer.text
    assert await has(shop, anna) == (10, 0)
    movements = (await shop.get(f"/v1/members/{anna}/statement")).json()["items"]
    assert [(one["kind"], one["change"], one["effective_at"]) for one in movements] == [
        ("bonus", 5, "2026-03-05T06:00:00Z"),
        ("bonus", 5, "2026-03-01T08:00:00Z"),
    ]
    assert (await shop.get("/v1/activities")).json()["items"] == []


async def test_what_contradicts_itself_is_refused_in_a_sentence(shop: Api) -> None:
    wrong = {
        **COMMISSION,
        "fields": [{"name": "commission", "type": "decimal", "unit": "USD", "required": True}],
        "rules": [
            {"currency": "PTS", "gives": "percent", "rate": "1.5", "limits": {"month": 10, "year": 5}},
            {"currency": "PTS", "gives": "per", "points": 1},
            {"currency": "NIL", "points": 1, "close_after_days": 3},
        ],
    }
    answer = await shop.call("PUT", "/v1/activity-kinds/commission", wrong)
    assert answer.status_code == 422
    body = answer.json()
    assert body["code"] == "contradictory_configuration"
    assert sorted((one["pointer"], one["detail"]) for one in body["errors"]) == [
        ("/rules/0/gives", "A share is of money: sum up an integer field with the unit EUR, in minor units."),
        ("/rules/0/limits/year", "The limit of the year is below that of the month."),
        ("/rules/0/rate", "A rate is a decimal above 0 and at most 1, as 0.10 for ten per cent."),
        ("/rules/1/currency", "Two rules earn PTS: one is enough."),
        ("/rules/1/per", "So many per unit needs the units; the others have none."),
        ("/rules/2/close_after_days", "Only what is given once a month is closed later."),
        ("/rules/2/currency", "There is no currency NIL in this program."),
    ]
    assert (await shop.get("/v1/activity-kinds")).json() == {"items": [], "next": None}
    first = await declare(shop, "visit", VISIT)
    assert (first["revision"], (await declare(shop, "visit", VISIT))["revision"]) == (1, 1)
    summed = {**LISTEN, "rules": []}
    changed = await shop.call("PUT", "/v1/activity-kinds/visit", summed)
    assert refused(changed) == (422, "contradictory_configuration", "/measure")


async def test_an_erasure_forgets_what_was_written_and_keeps_what_was_done(shop: Api) -> None:
    review = {
        "names": {"en": "Review"},
        "fields": [
            {"name": "stars", "type": "integer", "least": "1", "most": "5", "required": True},
            {"name": "text", "type": "text"},
        ],
    }
    await declare(shop, "review", review)
    anna, _ = await member_with_card(shop)
    sent = await happen(shop, anna, did("r-1", "review", AT, stars=5, text="Anna was here"))
    record = (await shop.get(f"/v1/activities/{sent['id']}")).json()
    assert record["data"] == {"stars": 5, "text": "Anna was here"}
    exported = (await shop.get(f"/v1/members/{anna}/export")).json()
    assert [one["data"] for one in exported["activity"]] == [{"stars": 5, "text": "Anna was here"}]
    assert (await shop.delete(f"/v1/members/{anna}")).is_success
    record = (await shop.get(f"/v1/activities/{sent['id']}")).json()
    assert record["data"] == {"stars": 5}
    later = await shop.post(f"/v1/members/{anna}/events", did("r-2", "review", AT, stars=1), scope="issuer")
    assert refused(later) == (409, "state_conflict", None)


async def test_flight_segments_count_towards_a_tier_and_a_correction_undoes_it(shop: Api) -> None:
    made = await shop.post("/v1/currencies", {"code": "SEG", "kind": "qualifying", "worth": "0"})
    assert made.status_code == 201, made.text
    gold = {"code": "gold", "ways": [[{"measure": "currency", "currency": "SEG", "at_least": 2}]]}
    await put_ladder(shop, {"tiers": [{"code": "blue"}, gold]})
    await declare(shop, "flight", {"names": {"en": "Flight"}, "rules": [{"currency": "SEG", "points": 1}]})
    anna, _ = await member_with_card(shop)
    await happen(shop, anna, did("f-1", "flight", AT))
    assert (await tier(shop, anna))[0] == "blue"
    await happen(shop, anna, did("f-2", "flight", AT))
    assert (await tier(shop, anna))[0] == "gold"
    await happen(shop, anna, {**did("c-1", "flight", AT), "corrects": "f-1"})
    assert (await tier(shop, anna))[0] == "blue"


async def test_a_challenge_counts_visits_and_forgets_one_that_was_corrected(shop: Api) -> None:
    await declare(
        shop, "visit", {"names": {"en": "Visit"}}, review="flagged", flood={"most": 2, "seconds": 600}
    )
    goal = {"kind": "count", "need": 2, "activity": "visit"}
    await put_quest(shop, "two", THREE_VISITS, goal=goal)
    anna, _ = await member_with_card(shop)
    early, later = "2026-03-01T09:00:00+02:00", "2026-03-01T10:00:00+02:00"
    await happen(shop, anna, did("v-1", "visit", early))
    assert await has(shop, anna) == (0, 0)
    await happen(shop, anna, did("v-2", "visit", later))
    assert await has(shop, anna) == (150, 0)
    await happen(shop, anna, {**did("c-1", "visit", later), "corrects": "v-1"})
    assert await has(shop, anna) == (0, 0)
    await happen(shop, anna, did("v-3", "visit", later))
    assert await has(shop, anna) == (150, 0)
    flagged = await happen(shop, anna, did("v-4", "visit", later))
    assert (flagged["status"], await has(shop, anna)) == ("waiting", (150, 0))


async def test_a_statement_on_paper_calls_what_was_earned_by_its_name(shop: Api) -> None:
    await declare(shop, "listen", LISTEN)
    anna, _ = await member_with_card(shop)
    await happen(shop, anna, did("l-1", "listen", AT, listens=400))
    await happen(shop, anna, {**did("c-1", "listen", AT, listens=-200), "corrects": "l-1"})
    paper = await shop.get(f"/v1/members/{anna}/statement.pdf", language="lv")
    said = text_of(paper.content)
    assert "Noklausīta dziesma" in said
    assert "Labojums: Noklausīta dziesma" in said

"""Webhooks: subscribers are told of what happened, signed, in order per member, at least once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from psycopg.sql import SQL, Identifier
from standardwebhooks.webhooks import WebhookVerificationError

from regulars import clock
from regulars.db.pool import Database
from regulars.flows import webhook_deliveries
from regulars.flows.tell_events import tell_events
from regulars.messaging.courier import asked_for
from regulars.programs import registry
from regulars.settings import Messaging
from tests.api.activity import cashback
from tests.api.conftest import Api, new_api, serving
from tests.api.receivers import (
    ACCEPTED,
    Receiver,
    courier,
    due_now,
    receiver,
    subscribe,
    tell,
    told,
)
from tests.api.shop import (
    MEMBER_POINTS,
    buy,
    give,
    line,
    member_with_card,
    publish,
    record,
    refused,
    set_clock,
    settle,
    take_back,
)
from tests.conftest import START

FAILED = b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nboom"


@pytest.fixture
async def hooked(database_url: str, database: Database, tmp_path: Any) -> AsyncIterator[Api]:
    """A sandbox program of this test alone, whose events may be sent to this machine; 11:00 on 1 March 2026."""
    messaging = Messaging(folder=str(tmp_path / "messages"), to_localhost=True)
    async with serving(database_url, messaging=messaging) as client:
        made = await new_api(client, database)
        async with database.transaction(made.program.id) as tx:
            await registry.move_clock(tx, made.program.id, START)
        yield made


@pytest.fixture
async def shop_system() -> AsyncIterator[Receiver]:
    """The server of somebody who listens."""
    async with receiver() as made:
        yield made


def of(seen: Receiver, kind: str) -> list[dict[str, Any]]:
    """The data of the events of a type, in the order they came."""
    return [one.event["data"] for one in seen.seen if one.event["type"] == kind]


async def test_a_members_day_is_told_in_order_signed_and_numbered(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await publish(hooked, MEMBER_POINTS)
    made = await subscribe(hooked, shop_system)
    member, card = await member_with_card(hooked)
    bought = await record(hooked, buy("r-1", card, [line(1, 1000)]))
    await take_back(hooked, bought["id"], "ret-1", (1, "1"))
    assert await tell(hooked, database) == 6
    assert shop_system.types == [
        "member.enrolled", "card.issued", "purchase.recorded", "points.earned", "return.recorded", "points.returned",
    ]  # fmt: skip
    events = [one.verified(made["secret"]) for one in shop_system.seen]
    assert [event["sequence"] for event in events] == [1, 2, 3, 4, 5, 6]
    assert {event["member"] for event in events} == {member}
    assert all(one.headers["webhook-id"] == one.event["id"] for one in shop_system.seen)
    assert of(shop_system, "purchase.recorded") == [
        {
            "purchase": bought["id"], "card": of(shop_system, "card.issued")[0]["card"], "store": "riga-1",
            "partner": "operator", "till": "7", "receipt_number": "", "purchased_at": "2026-03-01T09:00:00Z",
            "currency": "EUR", "gross": 1000, "discount": 0, "paid_with_points": 0, "payable": 1000, "earned": 10,
            "spent": 0,
        }
    ]  # fmt: skip
    earned, returned = of(shop_system, "points.earned")[0], of(shop_system, "points.returned")[0]
    assert (earned["amount"], earned["debt"], earned["kind"]) == (10, 0, "purchase")
    assert (returned["amount"], returned["debt"], returned["purchase"]) == (-10, 0, bought["id"])
    assert await tell(hooked, database) == 0


async def test_a_return_of_what_was_paid_in_two_currencies_is_told_once_for_each(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    """Its entries come back to the points: what was paid with them, the money, and then what was earned."""
    await publish(hooked, MEMBER_POINTS)
    await cashback(hooked)
    await subscribe(hooked, shop_system, events=["points.*"])
    member, card = await member_with_card(hooked)
    for currency, amount in (("PTS", 300), ("CASH", 200)):
        given = {"currency": currency, "amount": amount, "reason": "to test with"}
        assert (await hooked.post(f"/v1/members/{member}/adjustments", given)).status_code == 201
    spend = [{"currency": "PTS", "amount": 100}, {"currency": "CASH", "amount": 50}]
    bought = await record(hooked, buy("r-1", card, [line(1, 1000)], spend=spend))
    await take_back(hooked, bought["id"], "ret-1", (1, "1"))
    await tell(hooked, database)
    back = {one["currency"]: one["amount"] for one in of(shop_system, "points.returned")}
    assert len(of(shop_system, "points.returned")) == 2
    assert back == {"PTS": 100 - bought["earned"][0]["amount"], "CASH": 50}
    await give(hooked, member, 5)
    assert await tell(hooked, database) == 1


async def test_every_kind_of_act_is_told_with_its_own_type(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await publish(hooked, MEMBER_POINTS)
    await subscribe(hooked, shop_system)
    member, card = await member_with_card(hooked)
    other, _ = await member_with_card(hooked, "Jānis Ozols")
    await give(hooked, member, 500)
    await hooked.patch(f"/v1/members/{member}", {"language": "en"})
    await hooked.post(f"/v1/members/{member}/transfers", {"to": other, "currency": "PTS", "amount": 100})
    await hooked.call(
        "PUT", f"/v1/members/{member}/marks", {"kind": "tier", "code": "main/gold"}, scope="manage"
    )
    replaced = await hooked.post(f"/v1/members/{member}/cards", {"replaces": card})
    await hooked.post("/v1/cards/block", {"number": replaced.json()["number"]})
    await hooked.post("/v1/cards/unblock", {"number": replaced.json()["number"]})
    held = await record(hooked, buy("h-1", replaced.json()["number"], [line(1, 700)], hold=True))
    await hooked.post(f"/v1/purchases/{held['id']}/confirm", {}, scope="till")
    voided = await record(hooked, buy("h-2", None, [line(1, 300)]))
    await hooked.post(f"/v1/purchases/{voided['id']}/void", {"reason": "a mistake"}, scope="till")
    await hooked.post(f"/v1/members/{other}/merge", {"member": member})
    await hooked.delete(f"/v1/members/{other}")
    await tell(hooked, database)
    assert set(shop_system.types) >= {
        "member.enrolled", "member.changed", "member.merged", "member.erased", "card.issued", "card.replaced",
        "card.blocked", "card.unblocked", "points.adjusted", "points.transferred", "tier.changed", "purchase.held",
        "purchase.confirmed", "purchase.recorded", "purchase.voided", "points.earned",
    }  # fmt: skip
    assert of(shop_system, "tier.changed")[0] == {"ladder": "main", "tier": "gold", "until": None}
    assert of(shop_system, "member.merged") == [{"into": other}]
    moved = {(data["kind"], data["amount"]) for data in of(shop_system, "points.transferred")}
    assert moved >= {("transfer_out", -100), ("transfer_in", 100)}
    sent = b"".join(one.body for one in shop_system.seen).decode()
    for personal in ("Anna", "Jānis", "Ozols", "+371", "a mistake", card):
        assert personal not in sent


async def test_a_promotion_that_is_published_stopped_and_resumed_is_told_so(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await subscribe(hooked, shop_system, "promotion.*")
    promotion = await publish(hooked, MEMBER_POINTS)
    await hooked.post(f"/v1/promotions/{promotion}/stop")
    await hooked.post(f"/v1/promotions/{promotion}/resume")
    await member_with_card(hooked)
    assert await tell(hooked, database) == 3
    assert shop_system.types == ["promotion.published", "promotion.stopped", "promotion.resumed"]
    assert [one.event["member"] for one in shop_system.seen] == [None, None, None]
    assert [one.event["sequence"] for one in shop_system.seen] == [1, 2, 3]


async def test_a_subscriber_hears_only_what_it_asked_for_of_the_stores_it_named(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await record(hooked, buy("before", None, [line(1, 100)]))
    await record(hooked, buy("elsewhere", None, [line(1, 100)], store="riga-2"))
    await subscribe(hooked, shop_system, "purchase.*", stores=["riga-2"])
    await record(hooked, buy("here", None, [line(1, 100)]))
    there = await record(hooked, buy("there", None, [line(1, 100)], store="riga-2"))
    await member_with_card(hooked)
    assert await tell(hooked, database) == 1
    assert [data["purchase"] for data in of(shop_system, "purchase.recorded")] == [there["id"]]


async def test_what_failed_holds_back_that_members_later_events_and_nobody_elses(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await subscribe(hooked, shop_system, "purchase.*")
    _, mine = await member_with_card(hooked)
    _, hers = await member_with_card(hooked, "Jānis Ozols")
    first = await record(hooked, buy("a-1", mine, [line(1, 100)]))
    await record(hooked, buy("a-2", mine, [line(1, 200)]))
    await record(hooked, buy("b-1", hers, [line(1, 300)]))
    shop_system.answer = lambda event: FAILED if event["data"]["purchase"] == first["id"] else ACCEPTED
    assert await tell(hooked, database) == 1
    assert sorted(data["gross"] for data in of(shop_system, "purchase.recorded")) == [100, 300]
    assert await tell(hooked, database) == 0, "it waits its time"
    shop_system.answer = lambda _: ACCEPTED
    await due_now(database, hooked.program.id)
    assert await tell(hooked, database) == 2
    assert [data["gross"] for data in of(shop_system, "purchase.recorded")][2:] == [100, 200]
    again = [one.event for one in shop_system.seen if one.event["data"]["gross"] == 100]
    assert again[0] == again[1], "what is sent again has the same id, sequence and body"


async def test_what_is_given_up_lets_the_later_ones_go_and_can_be_replayed(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await settle(hooked, webhook_retry_seconds=[1])
    made = await subscribe(hooked, shop_system, "purchase.*")
    _, card = await member_with_card(hooked)
    first = await record(hooked, buy("a-1", card, [line(1, 100)]))
    await record(hooked, buy("a-2", card, [line(1, 200)]))
    shop_system.answer = lambda event: FAILED if event["data"]["purchase"] == first["id"] else ACCEPTED
    await tell(hooked, database)
    await due_now(database, hooked.program.id)
    assert await tell(hooked, database) == 0
    assert await tell(hooked, database) == 1, "the later one goes in the round after it was given up"
    assert [data["gross"] for data in of(shop_system, "purchase.recorded")] == [100, 100, 200]
    dead = (await hooked.get(f"/v1/webhooks/{made['id']}/deliveries", state="dead")).json()["items"]
    assert [(one["attempts"], one["status"], one["answer"], one["failure"]) for one in dead] == [
        (2, 500, "boom", "HTTP 500")
    ]
    assert dead[0]["body"]["data"]["purchase"] == first["id"]
    shop_system.answer = lambda _: ACCEPTED
    again = await hooked.post(f"/v1/webhooks/deliveries/{dead[0]['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert await tell(hooked, database) == 1
    assert shop_system.seen[-1].event == shop_system.seen[0].event
    assert (await hooked.get(f"/v1/webhooks/deliveries/{dead[0]['id']}")).json()["state"] == "delivered"


async def test_a_time_is_replayed_in_the_same_order(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    made = await subscribe(hooked, shop_system, "purchase.*")
    _, card = await member_with_card(hooked)
    for number in (1, 2, 3):
        await record(hooked, buy(f"a-{number}", card, [line(1, number * 100)]))
    await tell(hooked, database)
    before = list(shop_system.ids)
    now = clock.world()
    span = {
        "from": (now - timedelta(minutes=5)).isoformat(),
        "to": (now + timedelta(minutes=5)).isoformat(),
    }
    again = await hooked.post(f"/v1/webhooks/{made['id']}/replay", span)
    assert (again.status_code, again.json()) == (200, {"replayed": 3})
    assert await tell(hooked, database) == 3
    assert shop_system.ids == before * 2


async def test_for_a_day_after_a_rotation_both_secrets_sign(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    made = await subscribe(hooked, shop_system, "member.*")
    turned = await hooked.post(f"/v1/webhooks/{made['id']}/rotate", key="turn-1")
    assert turned.status_code == 200
    assert turned.json()["secret"] != made["secret"]
    repeated = await hooked.post(f"/v1/webhooks/{made['id']}/rotate", key="turn-1")
    assert repeated.json() == turned.json()
    await member_with_card(hooked)
    await tell(hooked, database)
    (received,) = shop_system.seen
    assert received.verified(made["secret"]) == received.verified(turned.json()["secret"])
    async with database.transaction(hooked.program.id) as tx:
        await tx.execute("UPDATE webhook_subscription SET previous_until = now() - interval '1 second'")
    await member_with_card(hooked)
    await tell(hooked, database)
    last = shop_system.seen[-1]
    assert last.verified(turned.json()["secret"])["type"] == "member.enrolled"
    with pytest.raises(WebhookVerificationError):
        last.verified(made["secret"])


async def test_a_replayed_request_repeats_the_secret_which_is_kept_nowhere(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    body = {"address": shop_system.address}
    first = await hooked.post("/v1/webhooks", body, key="hook-1")
    second = await hooked.post("/v1/webhooks", body, key="hook-1")
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (await hooked.get(f"/v1/webhooks/{first.json()['id']}")).json()["secret"] is None
    async with database.transaction(hooked.program.id) as tx:
        rows = await (await tx.execute("SELECT body FROM request_key WHERE body IS NOT NULL")).fetchall()
    assert rows
    assert not any(b"whsec_" in bytes(row[0]) for row in rows)


async def test_a_courier_that_dies_after_sending_leaves_the_event_to_the_next_with_the_same_id(
    hooked: Api, shop_system: Receiver, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(hooked, shop_system, "member.*")
    await member_with_card(hooked)
    await told(hooked, database)

    async def die(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr("regulars.messaging.courier.note_attempt", die)
        with pytest.raises(asyncio.CancelledError):
            await courier(database).deliver(hooked.program.id)
    assert await courier(database).deliver(hooked.program.id) == 0, "for a minute it is the first one's"
    await due_now(database, hooked.program.id)
    assert await courier(database).deliver(hooked.program.id) == 1
    assert len(shop_system.ids) == 2
    assert len(set(shop_system.ids)) == 1


async def test_couriers_at_work_at_once_send_each_event_once(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await subscribe(hooked, shop_system, "purchase.*")
    cards = [(await member_with_card(hooked))[1] for _ in range(6)]
    for number in range(24):
        await record(hooked, buy(f"p-{number}", cards[number % 6], [line(1, 100)]))
    await told(hooked, database)
    done = await asyncio.gather(*[courier(database).deliver(hooked.program.id) for _ in range(4)])
    assert sum(done) == 24
    assert len(shop_system.ids) == len(set(shop_system.ids)) == 24
    for member in {one.event["member"] for one in shop_system.seen}:
        mine = [one.event["sequence"] for one in shop_system.seen if one.event["member"] == member]
        assert mine == [1, 2, 3, 4]


async def test_tellers_at_work_at_once_tell_each_event_once(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await subscribe(hooked, shop_system, "purchase.*")
    _, card = await member_with_card(hooked)

    async def sell(number: int) -> None:
        await record(hooked, buy(f"p-{number}", card, [line(1, 100)]))
        await told(hooked, database)

    await asyncio.gather(*[sell(number) for number in range(12)])
    await told(hooked, database)
    assert await courier(database).deliver(hooked.program.id) == 12
    assert [one.event["sequence"] for one in shop_system.seen] == list(range(1, 13))
    assert len({one.event["data"]["purchase"] for one in shop_system.seen}) == 12


async def test_what_an_open_transaction_wrote_is_told_when_it_has_ended(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await subscribe(hooked, shop_system, "purchase.*", "promotion.*")
    async with database.transaction(hooked.program.id) as tx:
        await tx.execute("SELECT pg_current_xact_id()")
        await record(hooked, buy("later", None, [line(1, 100)]))
        await publish(hooked, MEMBER_POINTS)
        assert await tell(hooked, database) == 0, "an older transaction might still write"
    assert await tell(hooked, database) == 2
    assert sorted(shop_system.types) == ["promotion.published", "purchase.recorded"]


async def test_a_silent_subscriber_is_sent_nothing_any_more_and_catches_up_when_it_is_enabled(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await settle(hooked, webhook_retry_seconds=[1] * 20)
    made = await subscribe(hooked, shop_system, "member.*")
    await member_with_card(hooked)
    shop_system.answer = lambda _: FAILED
    await tell(hooked, database)
    seen = (await hooked.get(f"/v1/webhooks/{made['id']}")).json()
    assert (seen["enabled"], seen["last_failure"]) == (True, "HTTP 500")
    async with database.transaction(hooked.program.id) as tx:
        await tx.execute("UPDATE webhook_subscription SET failing_since = now() - interval '5 days'")
    await due_now(database, hooked.program.id)
    await tell(hooked, database)
    seen = (await hooked.get(f"/v1/webhooks/{made['id']}")).json()
    assert (seen["enabled"], seen["disabled_why"]) == (False, "failing")
    await member_with_card(hooked)
    await due_now(database, hooked.program.id)
    count = len(shop_system.seen)
    assert await tell(hooked, database) == 0
    assert len(shop_system.seen) == count
    shop_system.answer = lambda _: ACCEPTED
    enabled = await hooked.patch(f"/v1/webhooks/{made['id']}", {"enabled": True})
    assert (enabled.json()["disabled_why"], enabled.json()["failing_since"]) == (None, None)
    assert await tell(hooked, database) == 2


async def test_an_answer_of_410_ends_it_at_once(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    made = await subscribe(hooked, shop_system, "member.*")
    shop_system.answer = lambda _: b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
    await member_with_card(hooked)
    await tell(hooked, database)
    assert (await hooked.get(f"/v1/webhooks/{made['id']}")).json()["disabled_why"] == "gone"
    noted = (await hooked.get("/v1/audit", action="webhook.disabled")).json()["items"]
    assert [(one["subject"], one["why"]) for one in noted] == [(made["id"], "gone")]


@pytest.mark.parametrize("dated", [False, True], ids=["seconds", "date"])
async def test_a_subscriber_that_asks_to_wait_is_left_alone_until_then_with_everything(
    hooked: Api, shop_system: Receiver, database: Database, monkeypatch: pytest.MonkeyPatch, dated: bool
) -> None:
    made = await subscribe(hooked, shop_system, "member.enrolled")
    until = clock.world() + timedelta(seconds=600)
    asked = format_datetime(until, usegmt=True) if dated else "600"
    busy = f"HTTP/1.1 503 Busy\r\nRetry-After: {asked}\r\nContent-Length: 0\r\n\r\n".encode()
    shop_system.answer = lambda _: busy
    await member_with_card(hooked)
    await told(hooked, database)
    one = courier(database)
    assert await one.deliver(hooked.program.id) == 0
    (noted,) = (await hooked.get(f"/v1/webhooks/{made['id']}/deliveries")).json()["items"]
    waits = datetime.fromisoformat(noted["next_at"]) - until
    assert timedelta(seconds=-2) < waits < timedelta(seconds=30), "five seconds would have been our own wait"

    shop_system.answer = lambda _: ACCEPTED
    await member_with_card(hooked, "Jānis Ozols")
    await told(hooked, database)
    assert await one.deliver(hooked.program.id) == 0, "nor is it sent what happened to others"
    assert len(shop_system.seen) == 1
    later = until + timedelta(seconds=40)
    monkeypatch.setattr(clock, "world", lambda: later)
    assert await one.deliver(hooked.program.id) == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("99999999999999999999", 86_400),
        ("604800", 86_400),
        ("Sun, 01 Mar 2026 00:02:00 GMT", 120),
        ("Sun, 01 Mar 2026 00:02:00 -0000", 120),
        ("Mon, 01 Mar 2027 00:00:00 GMT", 86_400),
        ("Sat, 28 Feb 2026 23:59:59 GMT", None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Fri, 31 Dec 99999999999999999999 00:00:00 GMT", None),
        ("", None),
    ],
)
def test_how_long_a_subscriber_may_ask_to_be_left_alone(header: str, seconds: int | None) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert asked_for(header, at) == (None if seconds is None else at + timedelta(seconds=seconds))


async def test_who_asks_to_wait_less_than_we_do_does_not_use_up_its_attempts(hooked: Api) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    settings = hooked.program.settings
    soon = webhook_deliveries.next_attempt(settings, 3, at, at + timedelta(seconds=1))
    assert soon is not None
    assert soon - at >= timedelta(seconds=1800)
    assert webhook_deliveries.next_attempt(settings, 10, at, at + timedelta(seconds=1)) is None


async def test_when_a_subscriber_answers_again_what_waits_need_not_wait_longer(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await settle(hooked, webhook_retry_seconds=[86_400] * 9)
    await subscribe(hooked, shop_system, "member.*")
    await member_with_card(hooked)
    shop_system.answer = lambda _: FAILED
    await tell(hooked, database)
    async with database.transaction(hooked.program.id) as tx:
        await tx.execute("UPDATE webhook_subscription SET failing_since = now() - interval '6 minutes'")
    shop_system.answer = lambda _: ACCEPTED
    await member_with_card(hooked)
    assert await tell(hooked, database) == 2


@pytest.mark.parametrize(
    ("answer", "failure", "kept"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "HTTP 302", ""),
        (b"HTTP/1.1 503 No\r\n\r\n" + b"x" * 100_000, "HTTP 503", "x" * 4096),
        (
            b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nboo\r\n2\r\nm!\r\n0\r\n\r\n",
            "HTTP 500",
            "boom!",
        ),
        (b"HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\nb\0\xffom", "HTTP 500", "b��om"),
        (b"SSH-2.0-OpenSSH\r\n", "the answer is not HTTP", ""),
        (None, "no answer in time", ""),
    ],
    ids=["redirect", "huge", "chunked", "binary", "not http", "silence"],
)
async def test_whatever_a_subscriber_answers_is_noted_and_no_more_of_it_than_4_kb(
    hooked: Api,
    shop_system: Receiver,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes | None,
    failure: str,
    kept: str,
) -> None:
    monkeypatch.setattr("regulars.messaging.outgoing.SECONDS_MAX", 0.5)
    made = await subscribe(hooked, shop_system, "member.enrolled")
    shop_system.answer = lambda _: answer
    await member_with_card(hooked)
    assert await tell(hooked, database) == 0
    (noted,) = (await hooked.get(f"/v1/webhooks/{made['id']}/deliveries")).json()["items"]
    assert (noted["state"], noted["failure"], noted["answer"]) == ("waiting", failure, kept)
    assert noted["next_at"] > noted["tried_at"]
    assert len(shop_system.seen) == 1


async def test_the_waits_are_those_of_the_scheme_a_little_longer_each_and_then_it_is_given_up(
    hooked: Api,
) -> None:
    waits = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    settings = hooked.program.settings
    for attempts, wait in enumerate(waits, 1):
        when = webhook_deliveries.next_attempt(settings, attempts, at)
        assert when is not None
        assert timedelta(seconds=wait) <= when - at <= timedelta(seconds=wait * 1.2)
    assert webhook_deliveries.next_attempt(settings, 10, at) is None


async def test_a_test_event_is_sent_to_the_one_that_asked(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    made = await subscribe(hooked, shop_system, "tier.changed")
    asked = await hooked.post(f"/v1/webhooks/{made['id']}/test")
    assert (asked.status_code, asked.json()["type"], asked.json()["state"]) == (
        200,
        "webhook.test",
        "waiting",
    )
    assert await tell(hooked, database) == 1
    assert shop_system.seen[0].verified(made["secret"])["type"] == "webhook.test"
    assert (await hooked.get(f"/v1/webhooks/deliveries/{asked.json()['id']}")).json()["state"] == "delivered"


async def test_nothing_is_noted_or_told_while_nobody_listens(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await member_with_card(hooked)
    made = await subscribe(hooked, shop_system)
    await member_with_card(hooked)
    assert (await hooked.delete(f"/v1/webhooks/{made['id']}")).json() == {"id": made["id"]}
    await member_with_card(hooked)
    await record(hooked, buy("unheard", None, [line(1, 100)]))
    await subscribe(hooked, shop_system)
    assert await tell(hooked, database) == 0
    assert refused(await hooked.delete(f"/v1/webhooks/{made['id']}")) == (404, "not_found", None)


async def test_a_purchase_of_long_ago_is_history_and_is_not_told(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    await subscribe(hooked, shop_system, "purchase.*")
    await set_clock(hooked, "2026-06-01T12:00:00+03:00")
    late = await record(hooked, buy("late", None, [line(1, 100)], purchased_at="2026-05-20T12:00:00+03:00"))
    await record(hooked, buy("history", None, [line(1, 100)], purchased_at="2026-04-20T12:00:00+03:00"))
    await tell(hooked, database)
    assert [data["purchase"] for data in of(shop_system, "purchase.recorded")] == [late["id"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"address": "ftp://example.com/"}, "/address"),
        ({"address": "https://user:secret@example.com/"}, "/address"),
        ({"address": "https://10.0.0.1/"}, "/address"),
        ({"address": "https://[::ffff:169.254.169.254]/"}, "/address"),
        ({"address": "https://example.com:99999/"}, "/address"),
        ({"address": "https://example.com/", "events": ["purchase.eaten"]}, "/events/0"),
        ({"address": "https://example.com/", "events": []}, "/events"),
        ({"address": "https://example.com/", "stores": ["nowhere"]}, "/stores/0"),
        ({"address": "https://example.com/", "partners": ["nobody"]}, "/partners/0"),
        ({"address": "https://example.com/", "secret": "mine"}, "/secret"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused_at_its_field(
    api: Api, body: dict[str, Any], pointer: str
) -> None:
    answer = await api.post("/v1/webhooks", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_only_the_manager_has_to_do_with_webhooks(api: Api) -> None:
    for scope in ("till", "issuer", "read"):
        assert refused(await api.get("/v1/webhooks", scope=scope)) == (403, "scope_missing", None)


async def test_after_a_restore_nothing_is_told_twice_and_new_events_are(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    from regulars.flows.seal_ledger import seal_ledger

    program = hooked.program.id
    await subscribe(hooked, shop_system, "purchase.*")
    await record(hooked, buy("before", None, [line(1, 100)]))
    assert await tell(hooked, database) == 1
    await seal_ledger(database, program, START)
    async with database.transaction(program) as tx:
        await tx.execute("UPDATE webhook_cursor SET xid = 2^60")
        await tx.execute("UPDATE webhook_subscription SET xid = 2^60")
        await tx.execute("DELETE FROM webhook_event")
    await tell_events(database, program, clock.world())
    async with database.transaction(program) as tx:
        await tx.execute(
            "UPDATE webhook_cursor SET xid = 1"
        )  # as numbers begin anew, below those of old facts
    new = await record(hooked, buy("after", None, [line(1, 100)]))
    assert await tell(hooked, database) == 1
    assert shop_system.seen[-1].event["data"]["purchase"] == new["id"]


async def test_what_is_older_than_the_program_keeps_it_is_forgotten(
    hooked: Api, shop_system: Receiver, database: Database
) -> None:
    made = await subscribe(hooked, shop_system, "member.*")
    await member_with_card(hooked)
    await tell(hooked, database)
    await hooked.delete(f"/v1/webhooks/{made['id']}")
    later = clock.world() + timedelta(days=29)
    assert await webhook_deliveries.prune_webhooks(database, hooked.program.id, later) == 0
    assert (
        await webhook_deliveries.prune_webhooks(database, hooked.program.id, later + timedelta(days=2)) == 1
    )
    async with database.transaction(hooked.program.id) as tx:
        for table in ("webhook_subscription", "webhook_event", "webhook_lane", "webhook_delivery", "outbox"):
            counted = SQL("SELECT count(*) FROM {}").format(Identifier(table))
            row = await (await tx.execute(counted)).fetchone()
            assert row == (0,), table

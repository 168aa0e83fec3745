"""Events before they are sent: signatures of the scheme, secrets, patterns, ids."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from standardwebhooks import Webhook

from regulars import ids
from regulars.messaging.courier import signed
from regulars.programs import events, webhooks
from regulars.programs.webhooks import Subscription

SECRET = b"a secret of at least 32 bytes for tests"
PROGRAM, HOOK = UUID(int=1), UUID(int=2)
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def subscription(**changes: object) -> Subscription:
    """A subscription to everything."""
    plain = Subscription(
        HOOK, "https://a.example/", "", ("*",), (), (), 3, None, True, None, None, "", 100, AT
    )
    return msgspec.structs.replace(plain, **changes)


def event(**changes: object) -> events.Event:
    """A purchase at store 7 of partner 8."""
    plain = events.Event(
        ids.new(5), "purchase.recorded", ids.new(5), None, AT, b"{}", 101, UUID(int=7), UUID(int=8)
    )
    return msgspec.structs.replace(plain, **changes)


def test_the_signature_is_that_of_the_schemes_own_example() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    signature = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}'
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_headers_name_event_second_and_one_signature_per_secret() -> None:
    one, two = [webhooks.secret_of(SECRET, PROGRAM, HOOK, generation) for generation in (3, 2)]
    headers = signed([one, two], HOOK, b"{}", AT + timedelta(milliseconds=900))
    shown = ids.show("evt", HOOK)
    assert headers["Webhook-Id"] == shown
    assert headers["Webhook-Timestamp"] == str(int(AT.timestamp()))
    assert headers["Webhook-Signature"].split(" ") == [
        Webhook(secret).sign(shown, AT, "{}") for secret in (one, two)
    ]


def test_a_secret_has_32_bytes_and_is_another_for_each_program_webhook_and_generation() -> None:
    places = [(PROGRAM, HOOK, 1), (PROGRAM, HOOK, 2), (PROGRAM, PROGRAM, 1), (HOOK, HOOK, 1)]
    secrets = {webhooks.secret_of(SECRET, *place) for place in places}
    assert len(secrets) == 4
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}


def test_the_secret_before_signs_until_its_day_is_over() -> None:
    turned = subscription(previous_until=AT)
    now, before = [webhooks.secret_of(SECRET, PROGRAM, HOOK, generation) for generation in (3, 2)]
    earlier = AT - timedelta(microseconds=1)
    assert webhooks.secrets_of(SECRET, PROGRAM, turned, earlier) == [now, before]
    assert webhooks.secrets_of(SECRET, PROGRAM, turned, AT) == [now]


@pytest.mark.parametrize(
    ("pattern", "kind", "taken"),
    [
        ("*", "purchase.recorded", True),
        ("purchase.*", "purchase.recorded", True),
        ("purchase.recorded", "purchase.recorded", True),
        ("purchase.*", "points.earned", False),
        ("purchase.recorded", "purchase.voided", False),
        ("purchase", "purchase.recorded", False),
        ("p*", "purchase.recorded", False),
        (".*", "purchase.recorded", False),
    ],
)
def test_a_pattern_takes_in_a_type_a_family_or_everything(pattern: str, kind: str, taken: bool) -> None:
    assert events.takes(pattern, kind) is taken


def test_a_subscription_wants_what_came_after_it_at_its_stores_and_partners() -> None:
    assert subscription().wants(event())
    assert not subscription().wants(event(xid=100))
    assert not subscription(events=("points.*",)).wants(event())
    assert subscription(stores=(UUID(int=7),), partners=(UUID(int=8),)).wants(event())
    assert not subscription(stores=(UUID(int=9),)).wants(event())
    assert not subscription(partners=(UUID(int=9),)).wants(event())
    assert not subscription(stores=(UUID(int=7),)).wants(event(store=None))


def test_the_id_of_an_event_follows_from_its_fact_and_carries_its_time_and_home() -> None:
    fact, subject = ids.new(3), ids.new(9)
    first = events.event_id(fact, "points.earned", "PTS", subject=subject)
    assert first == events.event_id(fact, "points.earned", "PTS", subject=subject)
    assert first != events.event_id(fact, "points.earned", "STAMPS", subject=subject)
    assert first != events.event_id(fact, "points.spent", "PTS", subject=subject)
    assert first.int >> 80 == fact.int >> 80
    assert ids.home(first) == 9
    assert first.version == 7


def test_no_event_has_a_place_for_anything_personal() -> None:
    fields = {
        name
        for shape, _ in events.TYPES.values()
        for name in [field.encode_name for field in msgspec.structs.fields(shape)]
    }
    assert fields.isdisjoint(
        {"name", "phone", "email", "number", "birthday", "code", "text", "reason", "actor"}
    )

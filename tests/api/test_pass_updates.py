"""A pass in a phone's wallet hears that it is out of date, and is fetched anew: Apple's web service for passes."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
import structlog

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.messages import take_messages
from regulars.flows.wallet_passes import EVERY, look_at_passes
from regulars.members import passes
from regulars.messages.model import Due, Message
from regulars.messaging.post_office import PostOffice
from regulars.portal import pass_service
from regulars.web.limits import Counter
from tests.api.conftest import SECRET, Api, new_api, serving
from tests.api.shop import give, member_with_card, settle
from tests.api.test_wallets import Operator, operator

__all__ = ["operator"]
TOPIC = "pass.lv.dzintars.card"
PUSH = "a1b2c3" * 10
PHONE = "b8c1f0" * 6


class Held(NamedTuple):
    """A pass as a phone holds it."""

    api: Api
    member: str
    serial: str
    service: str
    token: str

    def at(self, phone: str = PHONE, kind: str = TOPIC) -> str:
        """Where a phone registers it."""
        return f"{self.service}/v1/devices/{phone}/registrations/{kind}/{self.serial}"

    async def ask(
        self, method: str, path: str, *, token: str | None = None, **options: Any
    ) -> httpx.Response:
        """A call as a phone makes it."""
        shown = self.token if token is None else token
        headers: dict[str, Any] = {"Authorization": b"ApplePass " + shown.encode()}
        headers |= options.pop("headers", {})
        return await self.api.client.request(method, path, headers=headers, **options)

    async def register(self, phone: str = PHONE, push: str = PUSH, **options: Any) -> httpx.Response:
        """The phone was given the pass."""
        return await self.ask("POST", self.at(phone), json={"pushToken": push}, **options)

    async def news(self, phone: str = PHONE, since: str = "") -> httpx.Response:
        """Which passes are newer: asked without a token, as phones do."""
        path = f"{self.service}/v1/devices/{phone}/registrations/{TOPIC}"
        return await self.api.client.get(path, params={"passesUpdatedSince": since} if since else None)

    async def fetch(self, **headers: str) -> httpx.Response:
        """The pass itself."""
        return await self.ask("GET", f"{self.service}/v1/passes/{TOPIC}/{self.serial}", headers=headers)


def inside(body: bytes) -> dict[str, Any]:
    """The document of a pass."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return json.loads(archive.read("pass.json"))


def strings(body: bytes) -> str:
    """Its English words."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return archive.read("en.lproj/pass.strings").decode("utf-16")


@pytest.fixture(autouse=True)
def counters(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked before does not count."""
    monkeypatch.setattr(pass_service, "_asked", Counter())
    monkeypatch.setattr(pass_service, "_wrong", Counter())


@pytest.fixture
async def house(database: Database, database_url: str, operator: Operator) -> AsyncIterator[Api]:
    """A program whose operator makes passes."""
    async with serving(database_url, wallets=operator.wallets) as opened:
        api = await new_api(opened, database)
        await settle(api, public_address="https://club.example")
        yield api


async def held_by(api: Api, points: int = 100, kind: str = "qr") -> Held:
    """A new member's pass, as it was downloaded."""
    member, _ = await member_with_card(api)
    await give(api, member, points)
    card = (await api.get(f"/v1/members/{member}/cards")).json()["items"][0]
    body = (await api.get(f"/v1/cards/{card['id']}/pass.pkpass", kind=kind)).content
    document = inside(body)
    service = document["webServiceURL"].removeprefix("https://club.example")
    return Held(api, member, document["serialNumber"], service, document["authenticationToken"])


@pytest.fixture
async def held(house: Api) -> Held:
    """One with a hundred points."""
    return await held_by(house)


async def look(held: Held, database: Database, minutes: int = 6, topic: str | None = TOPIC) -> int:
    """A round of the worker, so many minutes from now."""
    known = KnownPrograms(database)
    program = (await known.fresh(held.api.program.id)).program
    at = clock.world() + timedelta(minutes=minutes)
    return await look_at_passes(database, program, SECRET, topic, await known.now(program.id), at)


async def pushed(held: Held, database: Database) -> list[Message]:
    """What waits to be sent to phones; it is taken."""
    known = KnownPrograms(database)
    at = await known.now(held.api.program.id)
    taken = await take_messages(database, held.api.program.id, SECRET, at)
    return [one.message for one in taken if isinstance(one, Due) and one.channel == "pass"]


async def test_a_pass_names_where_it_is_renewed_only_where_the_pages_have_an_https_address(
    house: Api,
) -> None:
    held = await held_by(house, kind="aztec")
    assert held.service == f"/passes/{ids.show('prg', house.program.id)}/aztec"
    assert len(held.token) == 64
    await settle(house, public_address="")
    document = inside((await house.get(f"/v1/cards/{held.serial}/pass.pkpass")).content)
    assert {"webServiceURL", "authenticationToken"} & set(document) == set()


async def test_a_balance_that_changed_is_pushed_once_listed_and_fetched(
    held: Held, database: Database
) -> None:
    assert (await held.register()).status_code == 201
    assert (await held.register()).status_code == 200
    assert await look(held, database) == 1  # what the phone shows is not known: it is told once
    assert [(one.to, one.subject, one.text) for one in await pushed(held, database)] == [(PUSH, TOPIC, "{}")]
    first = (await held.news()).json()
    assert first["serialNumbers"] == [held.serial]

    assert await look(held, database, minutes=12) == 0
    assert (await held.news(since=first["lastUpdated"])).status_code == 204
    await give(held.api, held.member, 23)
    assert await look(held, database, minutes=18) == 1
    assert len(await pushed(held, database)) == 1
    second = (await held.news(since=first["lastUpdated"])).json()
    assert second["serialNumbers"] == [held.serial]
    assert int(second["lastUpdated"]) > int(first["lastUpdated"])

    fetched = await held.fetch()
    assert (fetched.status_code, fetched.headers["content-type"]) == (200, "application/vnd.apple.pkpass")
    assert '"BALANCE" = "123' in strings(fetched.content)
    same = await held.fetch(**{"If-Modified-Since": fetched.headers["last-modified"]})
    assert (same.status_code, same.content) == (304, b"")
    older = await held.fetch(**{"If-Modified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"})
    assert older.status_code == 200


async def test_what_was_looked_at_is_left_alone_for_five_minutes(held: Held, database: Database) -> None:
    await held.register()
    assert await look(held, database, minutes=6) == 1
    await give(held.api, held.member, 1)
    assert await look(held, database, minutes=8) == 0
    assert await look(held, database, minutes=8 + EVERY.seconds // 60) == 1


async def test_a_blocked_card_s_pass_becomes_void_and_shows_neither_code_nor_balance(
    held: Held, database: Database
) -> None:
    await held.register()
    await look(held, database)
    await held.api.post("/v1/cards/block", {"id": held.serial})
    assert await look(held, database, minutes=12) == 1
    document = inside((await held.fetch()).content)
    assert (document["voided"], document["barcodes"]) == (True, [])
    assert "barcode" not in document
    assert document["storeCard"]["primaryFields"] == []


async def test_without_the_pass_s_own_token_nothing_is_told_or_changed(
    held: Held, database: Database
) -> None:
    other = await held_by(held.api)
    for token in ("", "0" * 64, other.token, held.token[:-1], held.token + "0", "ā" * 4):
        assert (await held.register(token=token)).status_code == 401, token
        assert (await held.ask("DELETE", held.at(), token=token)).status_code == 401
        refused = await held.ask("GET", f"{held.service}/v1/passes/{TOPIC}/{held.serial}", token=token)
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    bearer = {"Authorization": f"Bearer {held.token}"}
    assert (await held.register(headers=bearer)).status_code == 401
    assert await kept(database, held) == (0, 0)


async def test_the_twentieth_wrong_token_of_an_address_is_the_last_that_is_looked_at(held: Held) -> None:
    for _ in range(pass_service.WRONG_A_MINUTE):
        assert (await held.register(token="wrong")).status_code == 401
    refused = await held.register()
    assert (refused.status_code, int(refused.headers["retry-after"]) <= 60) == (429, True)


async def test_a_phone_and_a_pass_may_ask_sixty_times_a_minute(held: Held) -> None:
    for _ in range(pass_service.ASKED_A_MINUTE):
        assert (await held.news()).status_code == 204
    assert (await held.news()).status_code == 429
    assert (await held.news(phone="another")).status_code == 204
    for _ in range(pass_service.ASKED_A_MINUTE):
        assert (await held.fetch()).status_code == 200
    assert (await held.fetch()).status_code == 429


async def test_another_program_knows_neither_the_token_nor_the_phone(held: Held, database: Database) -> None:
    await held.register()
    await look(held, database)
    other = await new_api(held.api.client, database)
    await settle(other, public_address="https://other.example")
    there = held._replace(service=f"/passes/{ids.show('prg', other.program.id)}/qr")
    assert (await there.news()).status_code == 204
    assert (await there.register()).status_code == 401
    assert (await there.fetch()).status_code == 401
    secret, card = SECRET, ids.read("crd", held.serial)
    forged = there._replace(token=passes.token_of(secret, other.program.id, card))
    assert (await forged.register()).status_code == 404
    assert (await forged.fetch()).status_code == 404
    assert await kept(database, held) == (1, 1)


async def test_what_leads_nowhere_is_not_found(held: Held) -> None:
    for service in (
        "/passes/prg_nonsense/qr",
        f"/passes/{ids.show('prg', ids.new())}/qr",
        held.service + "x",
    ):
        lost = held._replace(service=service)
        assert [(await lost.register()).status_code, (await lost.news()).status_code] == [404, 404], service
    assert (await held.ask("POST", held.at(kind="pass.other"), json={"pushToken": PUSH})).status_code == 404
    assert (await held.ask("POST", held.at("x" * 129), json={"pushToken": PUSH})).status_code == 404
    strange = held._replace(serial="mem_01")
    assert (await strange.register()).status_code == 401


async def test_a_registration_says_a_push_token_and_is_small(held: Held, database: Database) -> None:
    for body in ({}, {"pushToken": ""}, {"pushToken": "a b"}, {"pushToken": "a" * 201}, {"pushToken": 7}):
        assert (await held.ask("POST", held.at(), json=body)).status_code == 422, body
    assert (await held.ask("POST", held.at(), content=b"{")).status_code == 400
    assert (await held.ask("POST", held.at(), content=b" " * 70_000)).status_code == 413
    assert await kept(database, held) == (0, 0)
    more = {"pushToken": PUSH, "unheardOf": 1}
    assert (await held.ask("POST", held.at(), json=more)).status_code == 201


async def test_a_tag_that_is_not_ours_is_as_none(held: Held, database: Database) -> None:
    await held.register()
    await look(held, database)
    for tag in ("yesterday", "-1", "9" * 30, "١٢"):
        assert (await held.news(since=tag)).json()["serialNumbers"] == [held.serial], tag


async def test_the_last_phone_that_throws_the_pass_away_takes_along_what_was_kept(
    held: Held, database: Database
) -> None:
    await held.register()
    await held.register("other-phone", "ffff")
    assert await kept(database, held) == (1, 2)
    for phone, left in (("other-phone", (1, 1)), (PHONE, (0, 0))):
        assert (await held.ask("DELETE", held.at(phone))).status_code == 200
        assert await kept(database, held) == left
    assert (await held.ask("DELETE", held.at())).status_code == 200
    assert await look(held, database) == 0


async def test_the_twenty_first_phone_of_a_card_is_refused_and_a_known_one_may_change_its_token(
    held: Held, database: Database
) -> None:
    for number in range(passes.PHONES_MAX):
        assert (await held.register(f"phone-{number}")).status_code == 201
    assert (await held.register("one-more")).status_code == 409
    assert (await held.register("phone-0", "beef")).status_code == 200
    await look(held, database)
    assert sorted({one.to for one in await pushed(held, database)}) == sorted({PUSH, "beef"})


async def test_where_no_push_can_be_sent_a_phone_still_hears_when_it_asks(
    held: Held, database: Database
) -> None:
    await held.register()
    assert await look(held, database, topic=None) == 1
    assert await pushed(held, database) == []
    assert (await held.news()).json()["serialNumbers"] == [held.serial]


async def test_a_push_leaves_through_the_sender_for_passes_with_nothing_of_the_member_in_it(
    held: Held, database: Database
) -> None:
    await held.register()
    await look(held, database)
    seen: list[Message] = []

    class Fake:
        async def send(self, identifier: UUID, message: Message) -> None:
            seen.append(message)

    async def now(program: UUID) -> datetime:
        return await KnownPrograms(database).now(program)

    office = PostOffice(database, SECRET, {"pass": Fake()}, now)
    assert await office.deliver(held.api.program.id) == 1
    assert await office.deliver(held.api.program.id) == 0
    assert seen == [Message("pass", PUSH, "{}", TOPIC)]


async def test_neither_the_phone_s_name_nor_its_push_token_can_be_read_from_the_database(
    held: Held, database: Database
) -> None:
    await held.register()
    async with database.transaction(held.api.program.id) as tx:
        rows = await (await tx.execute("SELECT device, push FROM wallet_phone")).fetchall()
    ((device, push),) = rows
    assert len(device) == 32
    assert PHONE.encode() not in device + push
    assert PUSH.encode() not in push
    elsewhere = passes.device_of(SECRET, ids.new(), PHONE)
    assert elsewhere != device


async def test_an_erasure_takes_the_phones_along_and_says_so(held: Held, database: Database) -> None:
    await held.register()
    erased = await held.api.call("DELETE", f"/v1/members/{held.member}")
    assert erased.status_code == 200, erased.text
    assert await kept(database, held) == (0, 0)
    certificate = (await held.api.get(f"/v1/members/{held.member}/erasure")).json()["certificate"]
    assert certificate["removed"]["wallet_phones"] == 1
    assert inside((await held.fetch()).content)["voided"] is True


async def test_a_phone_s_complaints_are_counted_and_their_words_kept_out_of_the_log(held: Held) -> None:
    with structlog.testing.capture_logs() as logs:
        said = await held.api.client.post(
            f"{held.service}/v1/log", json={"logs": [f"device {PHONE} failed", "x"]}
        )
    assert said.status_code == 200
    assert [(one["event"], one["lines"]) for one in logs if one["event"] == "phones_complain"] == [
        ("phones_complain", 2)
    ]
    assert PHONE not in repr(logs)


async def kept(database: Database, held: Held) -> tuple[int, int]:
    """How many passes and phones there are in the program."""
    async with database.transaction(held.api.program.id) as tx:
        counted = "SELECT (SELECT count(*) FROM wallet_pass), (SELECT count(*) FROM wallet_phone)"
        row = await (await tx.execute(counted)).fetchone()
    assert row is not None
    return row[0], row[1]


def test_the_instant_of_a_tag_is_exact_to_the_microsecond() -> None:
    at = datetime(2026, 11, 22, 15, 4, 5, 678901, tzinfo=UTC)
    tag = str((at - pass_service.EPOCH) // timedelta(microseconds=1))
    assert pass_service._since(tag) == at

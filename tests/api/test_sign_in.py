"""Logging in to the member's pages: codes, sessions, passkeys, and what is refused."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import Any

import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.desk.log_ins import end_log_ins
from regulars.members.access import sessions
from regulars.members.access.sessions import Ended
from tests.api.conftest import Api, Letters
from tests.api.shop import buy, give, line, refused, set_clock, settle
from tests.api.test_access import PHONE, known_by_phone
from tests.api.test_devices import Phone
from tests.conftest import START

ORIGIN = "http://regulars.test"
ANDROID = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0"


class Browser:
    """A member's browser: it keeps cookies, and knows the token of its session once it has one."""

    def __init__(self, api: Api):
        self.client = api.client
        self.root = f"/portal/{api.program.slug}/api"
        self.cookie = ""
        self.csrf = ""

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {"User-Agent": ANDROID}
        if self.cookie:
            sent |= {"Cookie": f"regulars_member={self.cookie}", "X-CSRF-Token": self.csrf}
        self.client.cookies.clear()
        answer = await self.client.request(method, self.root + path, json=body, headers=sent | headers)
        self.client.cookies.clear()
        if "regulars_member" in answer.cookies:
            self.cookie = answer.cookies["regulars_member"]
            self.csrf = _csrf(self.cookie)
        return answer

    async def enter(
        self, letters: Letters, phone: str = PHONE, count: int = 1, agent: str = ANDROID, **more: Any
    ) -> httpx.Response:
        """Ask for a code and log in with it."""
        sent = await self.call("POST", "/log-in/code", {"phone": phone})
        assert sent.status_code == 201, sent.text
        given = {
            "challenge": sent.json()["challenge"],
            "code": await letters.code(phone, count),
            "phone": phone,
        }
        return await self.call("POST", "/log-in/verify", given | more, **{"User-Agent": agent})


@pytest.fixture
def phone(shop: Api) -> Browser:
    return Browser(shop)


async def test_a_member_logs_in_by_a_code_sees_her_sessions_and_ends_them(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    member, _ = await known_by_phone(shop)
    entered = await phone.enter(letters)
    assert (entered.status_code, entered.json()) == (200, {"member": member, "new": False})
    cookie = entered.headers["set-cookie"]
    assert f"Path=/portal/{shop.program.slug}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie

    other = Browser(shop)
    await other.enter(letters, count=2)
    seen = (await phone.call("GET", "/sessions")).json()["items"]
    assert [(one["label"], one["current"]) for one in seen] == [
        ("Chrome · Android", False),
        ("Chrome · Android", True),
    ]
    ended = await phone.call("DELETE", f"/sessions/{seen[0]['id']}")
    assert ended.status_code == 200
    assert refused(await other.call("GET", "/sessions")) == (401, "unauthenticated", None)
    assert (await phone.call("DELETE", f"/sessions/{seen[0]['id']}")).status_code == 404

    token = phone.cookie
    assert (await phone.call("POST", "/log-out")).status_code == 200
    phone.cookie = token
    assert (await phone.call("GET", "/sessions")).status_code == 401


async def test_a_session_ends_after_ninety_days_and_with_the_member(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    member, _ = await known_by_phone(shop)
    await phone.enter(letters)
    await set_clock(shop, "2026-05-30T11:59:00+03:00")
    assert (await phone.call("GET", "/sessions")).status_code == 200
    await set_clock(shop, "2026-05-30T12:00:00+03:00")
    assert (await phone.call("GET", "/sessions")).status_code == 401
    await phone.enter(letters, count=2)
    assert (await shop.delete(f"/v1/members/{member}")).status_code == 200
    assert (await phone.call("GET", "/sessions")).status_code == 401


async def test_asking_for_a_code_says_the_same_of_members_and_of_strangers(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    answers = [await phone.call("POST", "/log-in/code", {"phone": p}) for p in (PHONE, "+37126999999")]
    assert [answer.status_code for answer in answers] == [201, 201]
    first, second = (answer.json() for answer in answers)
    assert first.keys() == second.keys() == {"challenge", "channel", "expires_at"}
    assert (first["channel"], first["expires_at"]) == (second["channel"], second["expires_at"])
    texts = [(await letters.to(p))[0]["text"][6:] for p in (PHONE, "+37126999999")]
    assert texts[0] == texts[1]


async def test_a_phone_that_nobody_has_becomes_a_member_when_she_agrees(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    new = "+37126999999"
    asked = await phone.enter(letters, new)
    assert (asked.status_code, asked.json()) == (200, {"member": None, "new": True})
    assert "set-cookie" not in asked.headers
    sent = await phone.call("POST", "/log-in/code", {"phone": new})
    given = {
        "challenge": sent.json()["challenge"], "code": await letters.code(new, 2), "phone": new, "agreed": True,
        "consents": [{"channel": "sms", "purpose": "marketing", "granted": True}],
    }  # fmt: skip
    entered = await phone.call("POST", "/log-in/verify", given)
    assert entered.json()["new"] is True
    member = (await shop.get(f"/v1/members/{entered.json()['member']}")).json()
    assert (member["phone"], member["source"]) == (new, "web")
    said = (await shop.get(f"/v1/members/{member['id']}/consents")).json()["now"]
    assert [(one["channel"], one["state"]) for one in said] == [("sms", "granted")]
    assert (await phone.call("GET", "/sessions")).status_code == 200
    again = await phone.call("POST", "/log-in/verify", given)
    assert refused(again) == (403, "code_wrong", None)


async def test_a_program_may_keep_strangers_out(shop: Api, letters: Letters, phone: Browser) -> None:
    await settle(shop, log_in_enrols=False)
    assert refused(await phone.enter(letters, "+37126999999")) == (404, "not_found", None)


async def test_five_wrong_codes_end_a_challenge(shop: Api, letters: Letters, phone: Browser) -> None:
    await known_by_phone(shop)
    sent = (await phone.call("POST", "/log-in/code", {"phone": PHONE})).json()
    code = await letters.code(PHONE)
    given = {"challenge": sent["challenge"], "phone": PHONE}
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    guesses = [phone.call("POST", "/log-in/verify", {**given, "code": wrong}) for _ in range(8)]
    assert [refused(answer) for answer in await asyncio.gather(*guesses)] == [(403, "code_wrong", None)] * 8
    right = await phone.call("POST", "/log-in/verify", {**given, "code": code})
    assert refused(right) == (403, "code_wrong", None)
    other = await phone.call("POST", "/log-in/verify", {**given, "phone": "+37126000009", "code": code})
    assert refused(other) == (403, "code_wrong", None)


async def test_codes_to_one_phone_and_from_one_address_are_counted(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await settle(shop, codes_a_quarter_hour=2, codes_of_a_source=4)
    answers = [await phone.call("POST", "/log-in/code", {"phone": PHONE}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    others = [await phone.call("POST", "/log-in/code", {"phone": f"+3712600001{n}"}) for n in range(3)]
    assert [answer.status_code for answer in others] == [201, 201, 429]
    assert others[2].headers["retry-after"] == "900"


async def test_writes_need_the_pages_token_and_other_sites_may_not_ask(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    asked = await phone.call("POST", "/log-in/code", {"phone": PHONE}, **elsewhere)
    assert refused(asked) == (403, "forbidden", None)
    await phone.enter(letters)
    for method, path, body in (
        ("POST", "/log-out", None),
        ("POST", "/passkeys/options", None),
    ):
        answer = await phone.call(method, path, body, **{"X-CSRF-Token": "0" * 64})
        assert refused(answer) == (403, "forbidden", None)
    assert (await phone.call("POST", "/passkeys/options")).status_code == 200
    token = phone.cookie
    phone.cookie = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert (await phone.call("GET", "/sessions")).status_code == 401


async def test_a_session_of_one_program_is_none_of_another(
    shop: Api, api: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    await phone.enter(letters)
    elsewhere = Browser(api)
    elsewhere.cookie = phone.cookie
    assert (await elsewhere.call("GET", "/sessions")).status_code == 401


async def test_pages_speak_her_language_from_the_log_in_on_unless_she_chose_another(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    made = await shop.post("/v1/members", {"phone": PHONE, "name": "Anna", "language": "lv"})
    assert made.status_code == 201, made.text
    entered = await phone.enter(letters, language="en")
    assert entered.cookies["regulars_language"] == "lv"
    key = Authenticator()
    offer = (await phone.call("POST", "/passkeys/options")).json()
    assert (await phone.call("POST", "/passkeys/verify", key.register(offer))).status_code == 201
    for chosen, spoken in (("", "lv"), ("regulars_language=hu", None), ("regulars_language=xx", "lv")):
        other = Browser(shop)
        offer = (await other.call("POST", "/log-in/passkey/options")).json()
        entered = await other.call("POST", "/log-in/passkey/verify", key.sign(offer), Cookie=chosen)
        assert entered.status_code == 200, entered.text
        assert entered.cookies.get("regulars_language") == spoken


async def test_whoever_ends_the_log_in_of_a_lost_phone_ends_its_codes_too(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    member, _ = await known_by_phone(shop)
    await give(shop, member, 1000)
    await settle(shop, proof_above_a_day=0)
    agents = {"lost": "Mozilla/5.0 (iPhone) Safari/600", "kept": ANDROID}
    keys = {name: Phone() for name in agents}
    for count, (name, agent) in enumerate(agents.items(), 1):
        entered = await phone.enter(letters, count=count, agent=agent)
        assert entered.status_code == 200, entered.text
        made = await phone.call(
            "POST", "/devices", {"public_key": keys[name].public_key}, **{"User-Agent": agent}
        )
        assert made.status_code == 201, made.text
        keys[name].keep(made.json())

    listed = (await phone.call("GET", "/sessions")).json()["items"]
    (lost,) = [one["id"] for one in listed if not one["current"]]
    assert (await phone.call("DELETE", f"/sessions/{lost}")).status_code == 200

    lines, spend = [line(1, 900)], [{"currency": "PTS", "amount": 300}]
    stolen = buy("a", keys["lost"].code(), lines, spend=spend)
    assert refused(await shop.post("/v1/purchases", stolen, scope="till")) == (403, "proof_wrong", None)
    hers = buy("b", keys["kept"].code(), lines, spend=spend)
    assert (await shop.post("/v1/purchases", hers, scope="till")).status_code == 201
    (left,) = (await phone.call("GET", "/devices")).json()["items"]
    assert left["label"] == "Chrome · Android"
    events = (await shop.get("/v1/audit", action="device.revoked")).json()["items"]
    assert len(events) == 1


async def two_phones_alike(phone: Browser, letters: Letters) -> tuple[str, str]:
    """Two phones of one kind, each certified in a log-in of its own; this browser stays in the second. Their ids."""
    ids_of_phones = []
    for count in (1, 2):
        entered = await phone.enter(letters, count=count)
        assert entered.status_code == 200, entered.text
        made = await phone.call("POST", "/devices", {"public_key": Phone().public_key})
        assert made.status_code == 201, made.text
        ids_of_phones.append(made.json()["id"])
    return ids_of_phones[0], ids_of_phones[1]


async def end_the_other(phone: Browser) -> None:
    listed = (await phone.call("GET", "/sessions")).json()["items"]
    (other,) = [one["id"] for one in listed if not one["current"]]
    assert (await phone.call("DELETE", f"/sessions/{other}")).status_code == 200


async def test_of_two_phones_alike_only_that_of_the_ended_log_in_ends(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    _, second = await two_phones_alike(phone, letters)
    await end_the_other(phone)
    left = (await phone.call("GET", "/devices")).json()["items"]
    assert [(one["id"], one["label"]) for one in left] == [(second, "Chrome · Android")]


async def test_with_all_other_log_ins_a_phone_alike_ends_and_that_of_the_one_that_stays_does_not(
    shop: Api, database: Database, letters: Letters, phone: Browser
) -> None:
    member, _ = await known_by_phone(shop)
    first, second = await two_phones_alike(phone, letters)
    listed = (await phone.call("GET", "/sessions")).json()["items"]
    (here,) = [ids.read("ses", one["id"]) for one in listed if one["current"]]
    async with database.transaction(shop.program.id) as tx:
        ended = await sessions.end_others(tx, shop.program.id, ids.read("mem", member), here, START)
    assert ended == Ended(1, (ids.read("dev", first),))
    left = (await phone.call("GET", "/devices")).json()["items"]
    assert [one["id"] for one in left] == [second]


async def test_a_phone_that_was_certified_again_ends_with_the_log_in_that_did_it_last(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    key = Phone().public_key
    for count in (1, 2):
        await phone.enter(letters, count=count)
        assert (await phone.call("POST", "/devices", {"public_key": key})).status_code == 201
    await end_the_other(phone)
    assert len((await phone.call("GET", "/devices")).json()["items"]) == 1


async def test_phones_of_before_log_ins_were_noted_end_by_their_kind(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    await two_phones_alike(phone, letters)
    assert shop.database is not None
    async with shop.database.transaction(shop.program.id) as tx:
        await tx.execute("UPDATE device SET session = NULL")
    await end_the_other(phone)
    assert (await phone.call("GET", "/devices")).json()["items"] == []


async def test_a_phone_ends_with_a_later_log_in_of_its_kind_once_its_own_is_over(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    await phone.enter(letters)
    await set_clock(shop, "2026-05-20T12:00:00+03:00")
    assert (await phone.call("POST", "/devices", {"public_key": Phone().public_key})).status_code == 201
    await set_clock(shop, "2026-05-31T12:00:00+03:00")
    await phone.enter(letters, count=2)
    assert len((await phone.call("GET", "/devices")).json()["items"]) == 1
    assert (await phone.call("POST", "/log-out")).status_code == 200
    await phone.enter(letters, count=3)
    assert (await phone.call("GET", "/devices")).json()["items"] == []


async def test_the_desk_that_ends_every_log_in_ends_every_phones_codes(
    shop: Api, database: Database, letters: Letters, phone: Browser
) -> None:
    member, _ = await known_by_phone(shop)
    await phone.enter(letters)
    assert (await phone.call("POST", "/devices", {"public_key": Phone().public_key})).status_code == 201

    ended = await end_log_ins(database, shop.program.id, ids.read("mem", member), None, START)

    assert ended == 1
    assert (await phone.call("GET", "/sessions")).status_code == 401
    assert (await shop.get(f"/v1/members/{member}/devices")).json()["items"] == []


async def test_a_passkey_logs_in_without_saying_who_one_is(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    member, _ = await known_by_phone(shop)
    await phone.enter(letters)
    offer = (await phone.call("POST", "/passkeys/options")).json()
    assert offer["options"]["authenticatorSelection"]["residentKey"] == "required"
    key = Authenticator()
    made = await phone.call("POST", "/passkeys/verify", key.register(offer))
    assert made.status_code == 201, made.text

    other = Browser(shop)
    offer = (await other.call("POST", "/log-in/passkey/options")).json()
    signed = key.sign(offer)
    entered = await other.call("POST", "/log-in/passkey/verify", signed)
    assert (entered.status_code, entered.json()) == (200, {"member": member, "new": False})
    again = await other.call("POST", "/log-in/passkey/verify", signed)
    assert refused(again) == (403, "code_wrong", None)
    methods = [one["method"] for one in (await other.call("GET", "/sessions")).json()["items"]]
    assert sorted(methods) == ["code", "passkey"]

    offer = (await other.call("POST", "/log-in/passkey/options")).json()
    copied = await other.call("POST", "/log-in/passkey/verify", key.sign(offer, count=1))
    assert refused(copied) == (403, "code_wrong", None)
    listed = (await other.call("GET", "/passkeys")).json()["items"]
    assert [one["label"] for one in listed] == ["Chrome · Android"]
    assert (await other.call("DELETE", f"/passkeys/{listed[0]['id']}")).status_code == 200
    offer = (await phone.call("POST", "/log-in/passkey/options")).json()
    removed = await phone.call("POST", "/log-in/passkey/verify", key.sign(offer))
    assert refused(removed) == (403, "code_wrong", None)


async def test_whatever_let_a_duplicate_in_is_seen_and_ended_by_the_member_she_was_merged_into(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    twin, _ = await known_by_phone(shop)
    await phone.enter(letters)
    key = Authenticator()
    offer = (await phone.call("POST", "/passkeys/options")).json()
    assert (await phone.call("POST", "/passkeys/verify", key.register(offer))).status_code == 201
    anna = (await shop.post("/v1/members", {"source": "api", "phone": "+37120000077"})).json()["id"]
    merged = await shop.post(f"/v1/members/{anna}/merge", {"member": twin})
    assert merged.status_code == 200, merged.text

    other = Browser(shop)
    offer = (await other.call("POST", "/log-in/passkey/options")).json()
    assert (await other.call("POST", "/log-in/passkey/verify", key.sign(offer))).status_code == 200
    seen = (await other.call("GET", "/sessions")).json()["items"]
    assert sorted(one["method"] for one in seen) == ["code", "passkey"]
    before = next(one["id"] for one in seen if not one["current"])
    assert (await other.call("DELETE", f"/sessions/{before}")).status_code == 200
    assert (await phone.call("GET", "/sessions")).status_code == 401

    (listed,) = (await other.call("GET", "/passkeys")).json()["items"]
    assert (await other.call("DELETE", f"/passkeys/{listed['id']}")).status_code == 200
    offer = (await phone.call("POST", "/log-in/passkey/options")).json()
    removed = await phone.call("POST", "/log-in/passkey/verify", key.sign(offer))
    assert refused(removed) == (403, "code_wrong", None)
    token = other.cookie
    assert (await other.call("POST", "/log-out")).status_code == 200
    other.cookie = token
    assert (await other.call("GET", "/sessions")).status_code == 401


async def test_a_passkey_that_no_browser_would_send_is_refused_and_its_challenge_still_serves(
    shop: Api, letters: Letters, phone: Browser
) -> None:
    await known_by_phone(shop)
    await phone.enter(letters)
    offer = (await phone.call("POST", "/passkeys/options")).json()
    broken = Authenticator()
    broken.half = True
    answer = await phone.call("POST", "/passkeys/verify", broken.register(offer))
    assert refused(answer) == (422, "invalid_value", "/credential")
    made = await phone.call("POST", "/passkeys/verify", Authenticator().register(offer))
    assert made.status_code == 201


class Authenticator:
    """A software key, as the browser's interface gives it to a page."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential = b"credential of a test"
        self.count = 1
        self.user = b""
        self.half = False
        """Whether the key that it makes lacks a coordinate."""

    def register(self, offer: dict[str, Any]) -> dict[str, Any]:
        options = offer["options"]
        self.user = _bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        if self.half:
            del cose[-2]
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(cose)
        data = self._authenticator_data(options["rp"]["id"], 0x45) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("webauthn.create", options["challenge"])
        response = {"clientDataJSON": _text(client), "attestationObject": _text(statement)}
        return self._credential(offer, response)

    def sign(self, offer: dict[str, Any], count: int | None = None) -> dict[str, Any]:
        options = offer["options"]
        self.count = count if count is not None else self.count + 1
        data = self._authenticator_data(options["rpId"], 0x05)
        client = self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": _text(self.user),
        }
        return self._credential(offer, response)

    def _authenticator_data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN}).encode()

    def _credential(self, offer: dict[str, Any], response: dict[str, str]) -> dict[str, Any]:
        name = _text(self.credential)
        credential = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return {"challenge": offer["challenge"], "credential": credential}


def _csrf(cookie: str) -> str:
    from regulars.members.access import sessions
    from regulars.web import member_sessions
    from tests.api.conftest import SECRET

    return member_sessions.csrf_token(SECRET, sessions.digest(cookie))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

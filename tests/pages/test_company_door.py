"""The company's own sign-in: a provider of the test's own, who it lets in, and everything that is not believed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.programs.staff import factors, people
from regulars.programs.staff.factors import SealedSecret, StaffPasskey
from regulars.settings import Company, Messaging, SettingsMissing, company
from tests.api.conftest import PASSWORD, Api, Letters, new_api, serving
from tests.pages.conftest import Visitor

CLIENT, CLIENT_SECRET = "regulars", "between us"
HERE = "http://regulars.test"
NONE = b'{"alg":"none"}'


class Provider:
    """An OpenID provider on this machine: discovery, keys and tokens, as honest as the test wants it."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "first"})
        self.published: list[Key] = [self.key]
        self.port = 0
        self.named = ""
        """The issuer it says it is; empty: itself."""
        self.claims: dict[str, Any] = {}
        """What stands in the token otherwise than it should."""
        self.algorithm = "ES256"
        self.signs: Any = None
        self.person = {"sub": uuid4().hex, "email": "", "email_verified": True, "name": "Ilze"}
        self.asked: dict[str, str] = {}
        self.exchanged = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head, re.I)
        body = (await reader.readexactly(int(length[1]) if length else 0)).decode()
        path = head.split(" ")[1]
        status, answer = self.answer(path, head, body)
        text = json.dumps(answer).encode()
        writer.write(f"HTTP/1.1 {status} x\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
        await writer.drain()
        writer.close()

    def answer(self, path: str, head: str, body: str) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.named or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        if path == "/keys":
            return 200, KeySet(self.published).as_dict(private=False)
        sent = dict(parse_qsl(body))
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=")
        basic = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET.replace(' ', '%20')}".encode()).decode()
        right = (
            path == "/token"
            and sent["code"] == "the code"
            and proof.decode() == self.asked["code_challenge"]
            and f"Basic {basic}" in head
            and sent["redirect_uri"] == self.asked["redirect_uri"]
        )
        self.exchanged += 1
        return (
            (200, {"id_token": self.token(), "token_type": "Bearer"})
            if right
            else (400, {"error": "invalid_grant"})
        )

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": self.asked["nonce"],
            **self.person, **self.claims,
        }  # fmt: skip
        if self.algorithm == "none":
            return f"{_text(NONE)}.{_text(json.dumps(claims).encode())}."
        if self.algorithm == "HS256":
            text = ".".join(
                _text(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "first"}, claims)
            )
            return f"{text}.{_text(hmac.digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, claims, self.signs or self.key, algorithms=[self.algorithm])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    made = Provider()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
async def office(
    database_url: str, database: Database, letters: Letters, provider: Provider
) -> AsyncIterator[Visitor]:
    """A program whose staff may come by the provider; whoever is of `club.example` becomes an analyst."""
    settings = Company(
        provider.issuer,
        CLIENT,
        CLIENT_SECRET,
        "The Club",
        HERE,
        ("club.example",),
        "analyst",
        "",
        to_localhost=True,
    )
    async with serving(
        database_url, company=settings, messaging=Messaging(folder=str(letters.folder))
    ) as client:
        api = await new_api(client, database)
        object.__setattr__(settings, "program", ids.show("prg", api.program.id))
        yield Visitor(api)


async def come_back(
    office: Visitor, provider: Provider, *, browser: httpx.AsyncClient | None = None, **query: str
) -> httpx.Response:
    """Go to the provider and come back from it."""
    client = browser or office.client
    sent = await client.get("/backoffice/company", params={"next": "/backoffice/me"})
    assert sent.status_code == 303, sent.text
    provider.asked = {
        name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()
    }
    answer = {"code": "the code", "state": provider.asked["state"], **query}
    return await client.get("/backoffice/company/back", params=answer)


async def invited(office: Visitor, email: str) -> None:
    """By an owner, in another browser."""
    owner = Visitor(Api(httpx.AsyncClient(transport=office.client._transport, base_url=HERE), office.api.program,
                        office.api.keys, office.api.database))  # fmt: skip
    await owner.as_staff("owner")
    page = "/backoffice/team/invite"
    assert (await owner.act(page, page=page, email=email, roles="service")).status_code == 200


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "sign-in did not let you in" in answer.text


async def test_an_invited_person_comes_by_the_company_and_is_known_again_by_its_subject(
    office: Visitor, provider: Provider
) -> None:
    provider.person["email"] = email = f"{uuid4().hex}@shop.example"
    assert refused(await come_back(office, provider))
    await invited(office, email)
    assert "Sign in with The Club" in (await office.client.get("/backoffice/sign-in")).text
    arrived = await come_back(office, provider)
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/backoffice/me")
    assert "the company&#39;s sign-in" in (await office.client.get("/backoffice/me")).text
    provider.person["email"] = "new-name@elsewhere.example"
    office.client.cookies.clear()
    assert (await come_back(office, provider)).status_code == 303
    assert email in (await office.client.get("/backoffice/me")).text


async def test_an_allowed_domain_gets_its_role_and_an_unverified_address_nothing(
    office: Visitor, provider: Provider
) -> None:
    provider.person["email"] = f"{uuid4().hex}@club.example"
    for verified in (False, "true", 1, None):
        provider.person["email_verified"] = verified
        assert refused(await come_back(office, provider))
    provider.person["email_verified"] = True
    for email in ("x@evilclub.example", "x@club.example.evil.example", "x@club.example@evil.example"):
        provider.person["email"] = email
        assert refused(await come_back(office, provider)), email
    provider.person["email"] = f"{uuid4().hex}@Club.Example"
    assert (await come_back(office, provider)).status_code == 303
    assert (await office.client.get("/backoffice/me")).status_code == 200
    assert (await office.client.get("/backoffice/team")).status_code == 403


@pytest.mark.parametrize("wrong", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": [CLIENT, "another"]}, {"azp": "another"},
    {"iss": "http://evil.example"}, {"exp": 1_000_000}, {"exp": "tomorrow"}, {"exp": None}, {"iat": 32_503_680_000},
    {"sub": ""}, {"sub": None}, {"sub": 7},
], ids=str)  # fmt: skip
async def test_a_token_that_is_not_meant_for_this_sign_in_lets_nobody_in(
    office: Visitor, provider: Provider, wrong: dict[str, Any]
) -> None:
    provider.person["email"] = f"{uuid4().hex}@club.example"
    provider.claims = wrong
    answer = await come_back(office, provider)
    assert refused(answer)
    assert "regulars_staff" not in office.client.cookies


async def test_a_token_that_is_unsigned_or_signed_by_another_lets_nobody_in(
    office: Visitor, provider: Provider
) -> None:
    provider.person["email"] = f"{uuid4().hex}@club.example"
    provider.algorithm = "none"
    assert refused(await come_back(office, provider))
    provider.algorithm, provider.signs = "ES256", ECKey.generate_key("P-256", {"kid": "first"})
    assert refused(await come_back(office, provider))
    # The public key as the secret of an HMAC: the oldest trick with tokens.
    provider.algorithm = "HS256"
    assert refused(await come_back(office, provider))
    provider.algorithm, provider.signs = "ES256", None
    assert (await come_back(office, provider)).status_code == 303


async def test_a_new_key_of_the_provider_is_fetched_when_a_token_needs_it(
    office: Visitor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.person["email"] = f"{uuid4().hex}@club.example"
    assert (await come_back(office, provider)).status_code == 303
    provider.key = ECKey.generate_key("P-256", {"kid": "second"})
    provider.published = [provider.key]
    assert refused(await come_back(office, provider))  # asked for them just now
    monkeypatch.setattr("regulars.messaging.identity_provider.KEYS_AGAIN_SECONDS", 0.0)
    assert (await come_back(office, provider)).status_code == 303


async def test_an_answer_counts_once_and_only_in_the_browser_that_was_sent(
    office: Visitor, provider: Provider
) -> None:
    provider.person["email"] = f"{uuid4().hex}@club.example"
    stranger = httpx.AsyncClient(transport=office.client._transport, base_url=HERE)
    assert refused(await come_back(office, provider, state="made up"))
    sent = await office.client.get("/backoffice/company")
    provider.asked = {n: v[0] for n, v in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    back = {"code": "the code", "state": provider.asked["state"]}
    before = provider.exchanged
    assert refused(await stranger.get("/backoffice/company/back", params=back))
    assert refused(
        await office.client.get("/backoffice/company/back", params={**back, "iss": "http://evil.example"})
    )
    assert refused(await office.client.get("/backoffice/company/back", params=back))  # it was used up
    assert provider.exchanged == before
    assert refused(await come_back(office, provider, code="another"))


async def test_an_account_that_somebody_made_with_her_address_is_hers_alone_once_it_is_proven(
    office: Visitor, provider: Provider
) -> None:
    provider.person["email"] = email = f"{uuid4().hex}@shop.example"
    await office.api.add_staff("owner", email=email)  # with a password that somebody else knows
    squatter = httpx.AsyncClient(transport=office.client._transport, base_url=HERE)
    await squatter.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert (await come_back(office, provider)).status_code == 303
    assert (await squatter.get("/backoffice/me")).status_code == 303
    again = await squatter.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert again.status_code == 403
    provider.person["sub"] = "another at the same address"
    assert refused(await come_back(office, provider))


@pytest.mark.parametrize("kind", ["passkey", "app"])
async def test_a_password_by_mail_proves_nothing_of_what_stood_beside_it(
    office: Visitor, provider: Provider, letters: Letters, database: Database, kind: str
) -> None:
    """Somebody made the account with her address and put a way in of his own there before she asked for a password."""
    provider.person["email"] = email = f"{uuid4().hex}@shop.example"
    staff = ids.read("stf", await office.api.add_staff("owner", email=email))
    async with database.transaction(None) as tx:
        if kind == "passkey":
            his = StaffPasskey(ids.new(), staff, staff.bytes, b"key", 0, "his", clock.world(), None)
            assert await factors.add_passkey(tx, his)
        else:
            assert await factors.set_totp(tx, staff, SealedSecret(1, b"key", b"sealed"), 1)
    guest = httpx.AsyncClient(transport=office.client._transport, base_url="http://localhost")
    await guest.post("/backoffice/forgotten", data={"email": email})
    link = re.search(r"/backoffice/invitation/[\w-]{43}", (await letters.to(email))[0]["text"])
    assert link
    new = "a walnut in the third drawer"
    assert (await guest.post(link[0], data={"password": new, "again": new})).status_code == 200

    assert (await come_back(office, provider)).status_code == 303

    async with database.transaction(None) as tx:
        person = await people.by_id(tx, staff)
        assert person is not None
        assert (await factors.passkeys_of(tx, staff), person.totp, person.password) == ([], None, "")
        assert person.proven_at is not None


async def test_a_provider_that_says_it_is_another_is_not_believed(
    office: Visitor, provider: Provider
) -> None:
    provider.named = "http://evil.example"
    assert refused(await office.client.get("/backoffice/company"))


async def test_without_a_provider_there_is_no_such_door(visitor: Visitor) -> None:
    for path in ("/backoffice/company", "/backoffice/company/back?code=x&state=y"):
        assert (await visitor.client.get(path)).status_code == 404
    assert "/backoffice/company" not in (await visitor.client.get("/backoffice/sign-in")).text


def test_half_a_setting_is_refused_in_a_sentence() -> None:
    whole = {
        "REGULARS_OIDC_ISSUER": "https://id.example", "REGULARS_OIDC_CLIENT_ID": "x",
        "REGULARS_OIDC_ADDRESS": "https://club.example/",
    }  # fmt: skip
    assert company({}) == Company()
    assert (company(whole).name, company(whole).address) == ("id.example", "https://club.example")
    for missing in list(whole)[1:]:
        with pytest.raises(SettingsMissing, match="needs all three"):
            company({name: value for name, value in whole.items() if name != missing})
    with pytest.raises(SettingsMissing, match="REGULARS_OIDC_ROLE"):
        company({**whole, "REGULARS_OIDC_DOMAINS": "club.example"})

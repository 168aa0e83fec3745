"""Every page with every role, every endpoint with every scope: what is open, what is shut, and to whom."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from regulars.app import ENDPOINTS, OFFICE
from regulars.backoffice.office import Again, Page
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key, create_operator_key
from regulars.programs import roles
from tests.api.conftest import Api, new_api
from tests.conftest import START
from tests.pages import permissions
from tests.pages.conftest import Visitor, token
from tests.pages.permissions import ANYBODY

MADE_UP = "x_00000000000000000000000000"
LIMITS = {"shop_manager": {"stores": [UUID(int=1)]}, "partner_user": {"partner": UUID(int=1)}}
DOORS = ("/backoffice/programs", "/backoffice/second-factor", "/backoffice/second-factor/app")
SCOPES = ("till", "issuer", "manage", "read", "partner", "aggregator", "operator")
SCOPES_OF = {
    call.strip(): set(scopes.split())
    for scopes, calls in permissions.ENDPOINTS.items()
    for call in calls.strip().splitlines()
}


def at(path: str) -> str:
    """An address with made-up ids."""
    return re.sub(r"\{\w+\}", MADE_UP, path)


def needed(needs: str) -> frozenset[str]:
    """What a row of the table asks for; all of it."""
    return frozenset() if needs == ANYBODY else frozenset(needs.split())


async def asked(client: httpx.AsyncClient, page: str, csrf: str) -> httpx.Response:
    """A page as a browser asks for it; an act with nothing in its form but the token."""
    method, _, path = page.partition(" ")
    address = f"/backoffice{at(path)}"
    if method == "GET":
        return await client.get(address)
    return await client.post(address, data={"csrf": csrf, "request": uuid4().hex})


def test_the_tables_of_the_tests_name_what_there_is_and_nothing_else() -> None:
    assert {role: set(may.split()) for role, may in permissions.ROLES.items()} == {
        role: set(roles.permissions([role])) for role in roles.ROLES
    }
    assert {f"{page.method} {page.path}": page.needs for page in OFFICE} == {
        page: needed(needs) for page, needs in permissions.PAGES.items()
    }
    assert {f"{call.method} {call.path}": set(call.scopes) for call in ENDPOINTS} == SCOPES_OF
    assert set().union(*SCOPES_OF.values()) <= set(SCOPES)


@pytest.mark.parametrize("role", roles.ROLES)
async def test_a_role_opens_its_pages_and_no_other(visitor: Visitor, role: roles.Role) -> None:
    store = await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga"})
    assert store.status_code == 201
    await visitor.as_staff(role, **LIMITS.get(role, {}))
    csrf = token((await visitor.client.get("/backoffice/me")).text)
    may = set(permissions.ROLES[role].split())
    wrong = []
    for page, needs in permissions.PAGES.items():
        answer = await asked(visitor.client, page, csrf)
        opens = needed(needs) <= may
        if page == "GET " and not opens:  # the beginning leads everybody to a page of her own
            assert answer.status_code == 303
            assert (await visitor.client.get(answer.headers["location"])).status_code == 200
            continue
        if (answer.status_code != 403) != opens or answer.status_code == 401 or answer.status_code >= 500:
            wrong.append((page, needs, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", roles.ROLES)
async def test_what_a_role_may_not_do_is_refused_before_its_form_is_read(
    visitor: Visitor, role: roles.Role
) -> None:
    await visitor.as_staff(role, **LIMITS.get(role, {}))
    may = set(permissions.ROLES[role].split())
    wrong = []
    for page in OFFICE:
        if page.method == "GET" or page.needs <= may:
            continue
        address, too_large = at(page.address), {"content-length": str(page.bytes_max + 1)}
        told = await visitor.client.post(address, content=b"name=x", headers=too_large)
        untold = await visitor.client.post(address, content=chunks())
        if (told.status_code, untold.status_code) != (403, 403):
            wrong.append((page.path, told.status_code, untold.status_code))
    assert wrong == []


async def chunks() -> AsyncIterator[bytes]:
    """A body whose size nobody told."""
    yield b"name=x"


def test_whoever_may_do_something_may_see_the_page_on_which_its_refusal_is_told() -> None:
    looks: dict[Again | None, Page] = {page.handler: page for page in OFFICE if page.method == "GET"}
    acts = [page for page in OFFICE if page.again is not None]
    assert [page.path for page in acts if page.again not in looks] == ["/data/imports"]  # its second step
    unseen = [
        (role, page.path, looks[page.again].path)
        for role in roles.ROLES
        for page in acts
        if page.again in looks
        and page.needs <= roles.permissions([role])
        and not looks[page.again].needs <= roles.permissions([role])
    ]
    assert unseen == []


@pytest.mark.parametrize("role", roles.ROLES)
async def test_what_a_role_may_not_do_is_not_offered_to_it(visitor: Visitor, role: roles.Role) -> None:
    await visitor.as_staff(role, **LIMITS.get(role, {}))
    page = (await visitor.client.get("/backoffice", follow_redirects=True)).text
    links = set(re.findall(r'(?:href|data-address)="(/backoffice[^"#]*)"', page))
    assert "/backoffice/purchases" in links
    assert ("/backoffice/points" in links) == ("books.read" in permissions.ROLES[role].split())
    for link in links - {"/backoffice/programs"}:
        answer = await visitor.client.get(link)
        assert answer.status_code != 403, link


async def test_nobody_who_is_not_signed_in_sees_or_does_anything(visitor: Visitor) -> None:
    for page in permissions.PAGES:
        answer = await asked(visitor.client, page, "0" * 64)
        if page.startswith("GET"):
            assert answer.status_code == 303, page
            assert answer.headers["location"].startswith("/backoffice/sign-in?next=%2Fbackoffice"), page
        else:
            assert answer.status_code == 401, page
    for door in DOORS:
        assert (await visitor.client.get(door)).headers["location"] == "/backoffice/sign-in", door


async def test_half_a_sign_in_opens_nothing(visitor: Visitor, database: Database) -> None:
    await visitor.as_staff("owner")
    csrf = token((await visitor.client.get("/backoffice/me")).text)
    async with database.transaction(None) as tx:
        await tx.execute("UPDATE staff_session SET stage = 'second_factor'")
    for page in permissions.PAGES:
        answer = await asked(visitor.client, page, csrf)
        assert answer.status_code == (303 if page.startswith("GET") else 401), page
    assert (await visitor.client.get("/backoffice/programs")).headers["location"] == "/backoffice/sign-in"
    assert (await visitor.client.get("/backoffice/second-factor/app")).status_code == 303


async def test_who_has_to_set_up_a_second_factor_sees_nothing_before(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    csrf = token((await visitor.client.get("/backoffice/me")).text)
    assert (
        await visitor.api.patch("/v1/program", {"settings": {"second_factor": "required"}})
    ).status_code == 200
    for page in permissions.PAGES:
        answer = await asked(visitor.client, page, csrf)
        assert answer.headers["location"] == "/backoffice/second-factor/app", page


async def test_a_person_of_one_program_sees_nothing_of_another(
    visitor: Visitor, client: httpx.AsyncClient, database: Database
) -> None:
    other = await new_api(client, database)
    stranger = await other.add_staff("owner", email=f"{uuid4().hex}@other.example")
    await other.post("/v1/stores", {"code": "other-store", "name": "The other store"})
    await visitor.as_staff("owner")
    csrf = token((await visitor.client.get("/backoffice/me")).text)
    program = f"prg_{stranger[4:]}"
    for page in permissions.PAGES:
        if "{" not in page:
            answer = await asked(visitor.client, page, csrf)
            assert "The other store" not in answer.text, page
    for act in ("", "/remove", "/password"):
        answer = await visitor.act(
            f"/backoffice/team/{stranger}{act}", page="/backoffice/me", roles=["owner"]
        )
        assert answer.status_code == 404, act
    chosen = await visitor.act("/backoffice/programs", page="/backoffice/me", program=program)
    assert chosen.status_code == 403


@pytest.fixture
async def keys(api: Api, database: Database) -> dict[str, str]:
    """A key of each scope."""
    made = dict(api.keys)
    partners = NewKey(("partner",), partner="operator")
    _, made["partner"] = await create_key(database, api.program.id, partners, at=START)
    made["aggregator"] = (await api.post("/v1/aggregators", {"name": "Stocard"})).json()["key"]["key"]
    _, made["operator"] = await create_operator_key(database, "operator", at=START)
    return made


@pytest.mark.parametrize("scope", [*SCOPES, ""])
async def test_a_scope_opens_its_calls_and_no_other(api: Api, keys: dict[str, str], scope: str) -> None:
    wrong = []
    for call, scopes in SCOPES_OF.items():
        method, _, path = call.partition(" ")
        headers = {"Idempotency-Key": uuid4().hex}
        if scope:
            headers["Authorization"] = f"Bearer {keys[scope]}"
        answer = await api.client.request(method, at(path), json={}, headers=headers)
        if not scope:
            right = answer.status_code == 401
        else:
            shut = answer.status_code == 403 and answer.json()["code"] == "scope_missing"
            right = shut == (scope not in scopes) and answer.status_code not in (401, 500)
        if not right:
            wrong.append((call, answer.status_code, answer.text[:100]))
    assert wrong == []

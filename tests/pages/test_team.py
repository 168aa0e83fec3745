"""Inviting, accepting, roles, leaving: who runs a program, and that there is always an owner."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from regulars.db.pool import Database
from tests.api.conftest import PASSWORD, SECRET, Letters, new_api
from tests.pages.conftest import Visitor, token

OTHER = "copper kettles under Gauja"
INVITED = {"email": "Ilze@Shop.example", "roles": "service"}


@pytest.fixture
def guest(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Another browser."""
    return httpx.AsyncClient(transport=client._transport, base_url="http://localhost")


async def link(visitor: Visitor, **fields: Any) -> str:
    """The path of an invitation's link, as the page shows it."""
    made = await visitor.act(
        "/backoffice/team/invite", page="/backoffice/team/invite", **{**INVITED, **fields}
    )
    assert made.status_code == 200, made.text
    found = re.search(r'value="http://regulars\.test(/backoffice/invitation/[\w-]{43})"', made.text)
    assert found, made.text
    return found[1]


async def accept(guest: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    return await guest.post(path, data={"name": "Ilze", "password": PASSWORD, "again": PASSWORD, **fields})


async def test_an_invited_person_sets_a_password_and_is_in_with_her_role_alone(
    visitor: Visitor, guest: httpx.AsyncClient, letters: Letters
) -> None:
    await visitor.as_staff("owner")
    path = await link(visitor)
    mail = (await letters.to("ilze@shop.example"))[0]
    assert f"http://regulars.test{path}" in mail["text"]
    shown = await guest.get(path)
    assert (shown.status_code, "ilze@shop.example" in shown.text) == (200, True)
    arrived = await accept(guest, path)
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/backoffice")
    assert (await guest.get("/backoffice/me")).status_code == 200
    assert (await guest.get("/backoffice/team")).status_code == 403
    page = (await visitor.client.get("/backoffice/team")).text
    assert "ilze@shop.example" in page
    assert "Invited" not in page
    again = await accept(guest, path)
    assert (again.status_code, "This link has ended" in again.text) == (404, True)


@pytest.mark.parametrize(("fields", "said"), [
    ({"password": "short", "again": "short"}, "is too short: at least 10 characters"),
    ({"password": "password1234", "again": "password1234"}, "is easily guessed"),
    ({"again": OTHER}, "is not the same as the password above"),
    ({"name": " "}, "is not a name of 1 to 120 characters"),
])  # fmt: skip
async def test_what_is_typed_wrong_is_said_and_the_link_still_works(
    visitor: Visitor, guest: httpx.AsyncClient, fields: dict[str, str], said: str
) -> None:
    await visitor.as_staff("owner")
    path = await link(visitor, email=f"{uuid4().hex}@shop.example")
    refused = await accept(guest, path, **fields)
    assert (refused.status_code, said in refused.text, "set-cookie" in refused.headers) == (422, True, False)
    assert (await accept(guest, path)).status_code == 303


async def test_a_withdrawn_replaced_or_old_link_lets_nobody_in(
    visitor: Visitor, guest: httpx.AsyncClient, database: Database
) -> None:
    await visitor.as_staff("owner")
    email = f"{uuid4().hex}@shop.example"
    first = await link(visitor, email=email)
    second = await link(visitor, email=email)
    assert (await accept(guest, first)).status_code == 404
    async with database.transaction(None) as tx:
        await tx.execute("UPDATE staff_invitation SET expires_at = created_at WHERE email = %s", (email,))
    assert (await accept(guest, second)).status_code == 404
    third = await link(visitor, email=email)
    page = (await visitor.client.get("/backoffice/team")).text
    act = re.findall(r'action="(/backoffice/team/invitations/\w+/withdraw)"', page)
    assert len(act) == 1
    assert (await visitor.act(act[0])).status_code == 303
    assert (await accept(guest, third)).status_code == 404


async def test_an_existing_person_accepts_by_signing_in_and_sees_both_programs(
    visitor: Visitor, guest: httpx.AsyncClient, client: httpx.AsyncClient, database: Database
) -> None:
    other = await new_api(client, database)
    email = f"{uuid4().hex}@shop.example"
    await other.add_staff("auditor", email=email)
    await visitor.as_staff("owner")
    path = await link(visitor, email=email)
    assert "Sign in to accept" in (await guest.get(path)).text
    assert (await accept(guest, path)).headers["location"].startswith("/backoffice/sign-in?next=")
    await guest.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    bare = await guest.post(path)
    assert bare.status_code == 403
    csrf = token((await guest.get(path)).text)
    assert (await guest.post(path, data={"csrf": csrf})).headers["location"] == "/backoffice"
    programs = (await guest.get("/backoffice/programs")).text
    assert programs.count('name="program"') == 2


async def test_an_invitation_is_for_its_address_and_not_for_whoever_is_signed_in(
    visitor: Visitor, guest: httpx.AsyncClient, database: Database
) -> None:
    await visitor.as_staff("owner")
    known, email = f"{uuid4().hex}@shop.example", f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("analyst", email=known)
    other = await new_api(visitor.client, database)
    await other.add_staff("analyst", email=email)
    path = await link(visitor, email=email)
    await guest.post("/backoffice/sign-in", data={"email": known, "password": PASSWORD})
    csrf = token((await guest.get("/backoffice/me")).text)
    assert (await guest.post(path, data={"csrf": csrf})).status_code == 403
    assert (await guest.get(path)).status_code == 200  # not used up by the refusal


@pytest.mark.parametrize(("fields", "said"), [
    ({"roles": []}, "choose at least one role"),
    ({"roles": ["god"]}, "choose at least one role"),
    ({"roles": ["shop_manager"]}, "choose the stores that a shop manager sees"),
    ({"roles": ["shop_manager"], "stores": ["moon"]}, "choose the stores that a shop manager sees"),
    ({"roles": ["partner_user"]}, "choose the partner whose figures are seen"),
    ({"email": "nobody"}, "is not an email address"),
])  # fmt: skip
async def test_an_invitation_that_contradicts_itself_is_refused_beside_its_field(
    visitor: Visitor, fields: dict[str, Any], said: str
) -> None:
    await visitor.as_staff("owner")
    data = {"email": "x@shop.example", "roles": ["service"], **fields}
    refused = await visitor.act("/backoffice/team/invite", page="/backoffice/team/invite", **data)
    assert (refused.status_code, said in refused.text) == (422, True)
    assert "Invited" not in (await visitor.client.get("/backoffice/team")).text


async def test_whoever_is_among_the_staff_cannot_be_invited_again(visitor: Visitor) -> None:
    email = f"{uuid4().hex}@shop.example"
    await visitor.as_staff("owner", email=email)
    page = "/backoffice/team/invite"
    refused = await visitor.act(page, page=page, **{**INVITED, "email": email})
    assert (refused.status_code, "already" in refused.text) == (409, True)


async def test_other_roles_count_from_the_next_page_and_leaving_ends_the_sessions(
    visitor: Visitor, guest: httpx.AsyncClient
) -> None:
    await visitor.as_staff("owner")
    email = f"{uuid4().hex}@shop.example"
    staff = await visitor.api.add_staff("auditor", email=email)
    await guest.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    assert (await guest.get("/backoffice/team")).status_code == 200
    assert (await visitor.act(f"/backoffice/team/{staff}", roles=["service"])).status_code == 303
    assert (await guest.get("/backoffice/team")).status_code == 403
    assert (await visitor.act(f"/backoffice/team/{staff}/remove")).status_code == 303
    gone = await guest.get("/backoffice/me")
    assert gone.headers["location"].startswith("/backoffice/sign-in")
    assert (await visitor.act(f"/backoffice/team/{staff}/remove")).status_code == 404


async def test_the_last_owner_stays_and_nobody_takes_herself_out(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    page = (await visitor.client.get("/backoffice/team")).text
    found = re.search(r"/backoffice/team/(stf_\w+)", page)
    assert found
    refused = await visitor.act(f"/backoffice/team/{found[1]}", roles=["service"])
    assert (refused.status_code, "There is no other owner" in refused.text) == (409, True)
    refused = await visitor.act(f"/backoffice/team/{found[1]}/remove")
    assert (refused.status_code, "You cannot take yourself out" in refused.text) == (409, True)
    assert (await visitor.client.get("/backoffice/team")).status_code == 200


async def test_a_colleague_gets_a_link_for_a_new_password_and_every_session_ends(
    visitor: Visitor, guest: httpx.AsyncClient
) -> None:
    await visitor.as_staff("owner")
    email = f"{uuid4().hex}@shop.example"
    staff = await visitor.api.add_staff("service", email=email)
    await guest.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    made = await visitor.act(f"/backoffice/team/{staff}/password")
    found = re.search(r'(/backoffice/invitation/[\w-]{43})"', made.text)
    assert found
    done = await guest.post(found[1], data={"password": OTHER, "again": OTHER})
    assert (done.status_code, "The new password is set." in done.text) == (200, True)
    assert (await guest.get("/backoffice/me")).status_code == 303
    old = await guest.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    new = await guest.post("/backoffice/sign-in", data={"email": email, "password": OTHER})
    assert (old.status_code, new.status_code) == (403, 303)
    assert (await guest.post(found[1], data={"password": OTHER, "again": OTHER})).status_code == 404


async def test_an_owner_sets_no_password_of_somebody_who_works_elsewhere_too(
    visitor: Visitor, client: httpx.AsyncClient, database: Database
) -> None:
    other = await new_api(client, database)
    email = f"{uuid4().hex}@shop.example"
    staff = await other.add_staff("owner", email=email)
    await visitor.as_staff("owner")
    path = await link(visitor, email=email)
    guest = httpx.AsyncClient(transport=client._transport, base_url="http://regulars.test")
    await guest.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    await guest.post(path, data={"csrf": token((await guest.get(path)).text)})
    refused = await visitor.act(f"/backoffice/team/{staff}/password")
    assert (refused.status_code, "/backoffice/invitation/" in refused.text) == (403, False)


async def test_a_forgotten_password_is_set_by_mail_and_nobody_learns_who_exists(
    visitor: Visitor, guest: httpx.AsyncClient, letters: Letters, database: Database
) -> None:
    email, nobody = f"{uuid4().hex}@shop.example", f"{uuid4().hex}@shop.example"
    await visitor.api.add_staff("service", email=email)
    answers = [await guest.post("/backoffice/forgotten", data={"email": one}) for one in (email, nobody, "x")]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    mail = (await letters.to(email))[0]["text"]
    found = re.search(r"http://localhost(/backoffice/invitation/[\w-]{43})", mail)
    assert found
    assert (await guest.post(found[1], data={"password": OTHER, "again": OTHER})).status_code == 200
    assert [letter["to"] for letter in letters.all()] == [email]
    # A link never leads to where a stranger's request says we are.
    elsewhere = httpx.AsyncClient(transport=guest._transport, base_url="http://evil.example")
    assert (await elsewhere.post("/backoffice/forgotten", data={"email": email})).status_code == 200
    assert len(letters.all()) == 1


async def test_links_are_kept_as_digests_and_mails_sealed(visitor: Visitor, database: Database) -> None:
    await visitor.as_staff("owner")
    path = await link(visitor, email=f"{uuid4().hex}@shop.example")
    text = path.rpartition("/")[2]
    async with database.transaction(None) as tx:
        rows = await (await tx.execute("SELECT i::text FROM staff_invitation i")).fetchall()
    assert rows
    assert all(text not in row[0] for row in rows)
    assert SECRET.decode() not in str(rows)

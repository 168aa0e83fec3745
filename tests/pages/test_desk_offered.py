"""What the pages of a member and of a receipt offer to each role: the acts it may, and no other."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.programs import roles
from regulars.web import member_sessions
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api import shop
from tests.pages import permissions
from tests.pages.conftest import Visitor
from tests.pages.test_desk import OFFICE, enrolled

EVERYBODY = " ".join(roles.ROLES)
AT_DESK = "owner service"
MEMBER = {
    "GET /members/{id}/merge": AT_DESK,
    "POST /members/{id}/unmerge/{id}": AT_DESK,
    "GET /members/{id}/export": AT_DESK,
    "POST /members/{id}/erase": AT_DESK,
    "POST /members/{id}/cards": AT_DESK,
    "POST /members/{id}/cards/{id}/block": AT_DESK,
    "POST /members/{id}/cards/{id}/unblock": AT_DESK,
    "POST /members/{id}/cards/{id}/close": AT_DESK,
    "POST /members/{id}/points": "owner service finance",
    "POST /members/{id}/person": AT_DESK,
    "POST /members/{id}/notes": AT_DESK,
    "POST /members/{id}/notes/{id}/remove": AT_DESK,
    "POST /members/{id}/consents": AT_DESK,
    "POST /members/{id}/sessions/end": AT_DESK,
    "POST /members/{id}/devices/{id}/revoke": AT_DESK,
    "POST /members/{id}/passkeys/{id}/remove": AT_DESK,
    "GET /review/audit": "owner finance auditor",
}
"""Each act of a member's pages, and who finds it there."""
RECEIPT = {
    "GET /purchases/{id}/paper": EVERYBODY,
    "POST /purchases/{id}/send": "owner service shop_manager",
    "POST /purchases/{id}/void": "owner service shop_manager",
    "POST /purchases/{id}/returns/preview": "owner service shop_manager",
    "POST /purchases/{id}/claim": AT_DESK,
    "GET /members/{id}": "owner marketing service finance auditor",
    "GET /promotions/{id}": EVERYBODY,
}
"""Each act of a receipt's page, of one with its member and of one that is nobody's."""
TABS = {
    f"GET /members/{{id}}{tab}"
    for tab in (
        "",
        "/history",
        "/receipts",
        "/rewards",
        "/consents",
        "/access",
        "/clubs",
        "/challenges",
        "/games",
        "/referrals",
        "/memberships",
        "/entitlements",
        "/activity",
    )
}
LISTS = {"GET /members", "GET /purchases"}
ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}")
FORM = re.compile(r'<form[^>]* method="post"[^>]* action="/backoffice([^"?#]*)')
LINK = re.compile(r'<a [^>]*href="/backoffice(/[^"?#]*)')
PHONE = """
INSERT INTO device (program, home, id, member, card, public_key, label, certified_at, expires_at)
SELECT program, home, gen_random_uuid(), id, '1', decode(repeat('02', 33), 'hex'), 'Her phone', now(), now() + '1 day'
FROM member WHERE id = %s
"""
PASSKEY = """
INSERT INTO passkey (program, home, id, member, credential, public_key, sign_count, label, created_at)
SELECT program, home, gen_random_uuid(), id, '1', '1', 0, 'Her laptop', now() FROM member WHERE id = %s
"""


@pytest.fixture
async def desk(visitor: Visitor, database: Database, administrator_url: str) -> dict[str, list[str]]:
    """A shop in which everything that can be done waits to be done; the pages of a member, and of two receipts."""
    api = visitor.api
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")
    await api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    member, card = await shop.earning_member(api)
    other = await enrolled(api, phone="+37120000999", name="Anna Kalniņa")
    hers = await shop.record(api, shop.buy("r-1", card, [shop.line(1, 500)]))
    nobodys = await shop.record(api, shop.buy("r-2", None, [shop.line(1, 500)]))
    await visitor.as_staff("owner")
    page = f"/members/{member}"
    lost = (await api.post(f"/v1/members/{member}/cards", {})).json()["id"]
    for path, fields in [
        (f"{page}/cards/{lost}/block", {}),
        (f"{page}/notes", {"text": "Prefers to be called after six."}),
        (f"{page}/consents", {"granted": "1", "channel": "sms", "purpose": "news", "evidence": "a call"}),
        (f"{page}/merge", {"member": other}),
    ]:
        done = await visitor.act(OFFICE + path, OFFICE + page, **fields)
        assert done.status_code == 303, done.text
    one = ids.read("mem", member)
    await member_sessions.open_member_session(database, api.program.id, one, label="Chrome", at=clock.world())
    with psycopg.connect(administrator_url) as connection:
        connection.execute(PHONE, (one,))
        connection.execute(PASSKEY, (one,))
    await visitor.act("/backoffice/sign-out", OFFICE + page)
    return {
        "member": [page, f"{page}/consents", f"{page}/access"],
        "receipt": [f"/purchases/{hers['id']}", f"/purchases/{nobodys['id']}"],
    }


async def limits(visitor: Visitor, role: roles.Role) -> dict[str, Any]:
    """The store of a shop manager, the partner of a partner's person: those of the receipts."""
    (store,) = (await visitor.api.get("/v1/stores")).json()["items"]
    return {
        "shop_manager": {"stores": (ids.read("sto", store["id"]),)},
        "partner_user": {"partner": visitor.api.program.operator},
    }.get(role, {})


async def offered(visitor: Visitor, pages: list[str], opens: bool) -> set[str]:
    """The forms and links in the middle of these pages."""
    found: set[str] = set()
    for path in pages:
        answer = await visitor.client.get(OFFICE + path)
        assert answer.status_code == (200 if opens else 403), (path, answer.status_code)
        if opens:
            main = re.split(r"</?main\b", answer.text)[1]
            found |= {f"POST {ID.sub('{id}', act)}" for act in FORM.findall(main)}
            found |= {f"GET {ID.sub('{id}', link)}" for link in LINK.findall(main)}
    return found


@pytest.mark.parametrize("role", roles.ROLES)
async def test_the_desk_offers_a_role_the_acts_that_it_may_and_no_other(
    visitor: Visitor, desk: dict[str, list[str]], role: roles.Role
) -> None:
    may = permissions.ROLES[role].split()
    await visitor.as_staff(role, **await limits(visitor, role))
    of_member = await offered(visitor, desk["member"], "members.read" in may) - TABS - LISTS
    # A member's page leads to the receipts and the rewards that its rows are about.
    of_member -= {"GET /purchases/{id}"}
    of_receipt = await offered(visitor, desk["receipt"], "purchases.read" in may) - LISTS
    wrong = [
        (act, "is missing" if role in who.split() else "is offered")
        for table, there in ((MEMBER, of_member), (RECEIPT, of_receipt))
        for act, who in table.items()
        if (act in there) != (role in who.split())
    ]
    assert wrong == []
    assert of_member <= set(MEMBER)
    assert of_receipt <= set(RECEIPT)

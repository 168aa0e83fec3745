"""Pages are asked for as a browser does: with the cookie of a sign-in."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from regulars.programs.roles import Role
from tests.api.conftest import PASSWORD, Api, api, client, letters

__all__ = ["Visitor", "api", "client", "letters", "visitor"]


class Visitor:
    """Somebody at a browser."""

    def __init__(self, api: Api):
        self.api = api
        self.client: httpx.AsyncClient = api.client

    async def sign_in(self, scope: str, after: str = "") -> httpx.Response:
        """With a key of that scope."""
        return await self.client.post("/sign-in", data={"key": self.api.keys[scope], "next": after})

    async def as_staff(self, *roles: Role, email: str = "", **limits: Any) -> httpx.Response:
        """Signed in to the back office as a new member of staff with these roles."""
        email = email or f"vija-{uuid4().hex}@shop.example"
        await self.api.add_staff(*roles, email=email, **limits)
        return await self.client.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})

    async def act(self, path: str, page: str = "/backoffice/day", **fields: Any) -> httpx.Response:
        """Send a form of the back office with the token of a page, and why."""
        csrf = token((await self.client.get(page)).text)
        data = {"csrf": csrf, "request": uuid4().hex, "why": "for a test", **fields}
        return await self.client.post(path, data=data)

    async def at_till(self, till: str = "7", store: str = "riga-1") -> None:
        """Signed in, at a till of a store that there is."""
        await self.api.post("/v1/stores", {"code": store, "name": "Rīga, Teika"})
        await self.sign_in("till")
        page = await self.client.get("/till")
        answer = await self.client.post(
            "/till/place", data={"csrf": token(page.text), "store": store, "till": till, "cashier": "c-12"}
        )
        assert answer.status_code == 303, answer.text


def token(page: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'<meta name="csrf-token" content="([0-9a-f]{64})">', page)
    assert found, page[:500]
    return found[1]


@pytest.fixture
async def visitor(api: Api) -> Visitor:
    """Nobody yet."""
    return Visitor(api)

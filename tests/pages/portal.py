"""A member at her portal, as a browser asks for its pages: with the cookie of a log-in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import httpx
import psycopg
import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.web import member_sessions
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, buy, line, member_with_card, publish, record
from tests.conftest import START

HTML = {"Accept": "text/html", "Accept-Language": "en"}


class Portal:
    """A member's pages."""

    def __init__(self, api: Api, member: str, card: str, token: str):
        self.api = api
        self.member = member
        self.card = card
        self.home = f"/portal/{api.program.slug}"
        self.cookies = {"Cookie": f"{member_sessions.COOKIE}={token}"}

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return await self.api.client.get(self.home + path, headers={**HTML, **self.cookies, **headers})

    async def post(self, path: str, page: str | None = None, **fields: str) -> httpx.Response:
        """A form of a page (by default of where it is sent to), with the page's token."""
        form = await self.get(page or path)
        return await self.api.client.post(
            self.home + path, data={"csrf": csrf(form.text), **fields}, headers={**HTML, **self.cookies}
        )


def csrf(page: str) -> str:
    """The page's token."""
    found = re.search(r'<meta name="csrf-token" content="([0-9a-f]{64})">', page)
    assert found, page[:300]
    return found[1]


def words(page: str) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"<(script|style|template).*?</\1>", "", page.partition("<body")[2], flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", body).replace("&nbsp;", " ")
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


async def portal_of(api: Api, database: Database, name: str = "Anna Kalniņa", at: datetime = START) -> Portal:
    """A new member, logged in."""
    member, card = await member_with_card(api, name)
    token = await member_sessions.open_member_session(
        database, api.program.id, ids.read("mem", member), label="Chrome · Android", at=at
    )
    return Portal(api, member, card, token)


async def furnish(shop: Api) -> None:
    """Points and a discount, so that receipts have something to explain."""
    names = {"en": {"one": "point", "other": "points"}}
    made = await shop.post("/v1/currencies", {"code": "PTS", "names": names})
    assert made.status_code in (200, 201), made.text
    await publish(shop, MEMBER_POINTS)
    coffee = {"kind": "line_percent", "percent": "10", "goods": {"skus": ["sku-1"]}}
    await publish(shop, {"name": "Coffee week", "group": "items", "benefits": [coffee]})


async def bought(portal: Portal, request: str = "r1", **more: Any) -> dict[str, Any]:
    """A receipt of hers: two lines, 30.00 in all."""
    lines = [line(1, 1000, "2", name="Coffee"), line(2, 1000, name="Bread")]
    return await record(portal.api, buy(request, portal.card, lines, **more))


class Statements:
    """Counts the statements that are sent to the database, and the rows that they bring."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.sent: list[str] = []
        self.rows = 0
        plain = psycopg.AsyncCursor.execute

        async def counted(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
            answer = await plain(cursor, query, *arguments, **options)
            text = (
                query
                if isinstance(query, str)
                else bytes(query).decode()
                if isinstance(query, bytes)
                else str(query)
            )
            if "set_config" not in text:
                self.sent.append(text)
                self.rows += max(answer.rowcount, 0)
            return answer

        monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)

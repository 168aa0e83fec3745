"""A desk to keep books at in tests: pools of one program, each act in a transaction of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars import ids
from regulars.db.pool import Database
from regulars.ledger import book
from regulars.ledger.check import check
from regulars.ledger.model import Balance, PostingKind
from regulars.ledger.page import Page

PTS = "PTS"


class Desk:
    """Pages of one program; `at` is the instant of every act unless one is given."""

    def __init__(self, database: Database, program: UUID, at: datetime, *, grace_days: int = 0):
        self.database = database
        self.program = program
        self.at = at
        self.grace_days = grace_days

    async def open(self, home: int = 7) -> UUID:
        """A new pool, living at a home."""
        pool = ids.new(home)
        async with self.database.transaction(self.program) as tx:
            await book.open_pools(tx, self.program, [pool], [home], "person", self.at)
        return pool

    @asynccontextmanager
    async def pages(self, *pools: UUID) -> AsyncIterator[list[Page]]:
        """Locked pages that are written when the block ends."""
        async with self.database.transaction(self.program) as tx:
            homes = [ids.home(pool) for pool in pools]
            await book.lock(tx, self.program, homes, pools)
            found = await (await book.ask(tx, self.program, homes, pools, grace_days=self.grace_days)).pages()
            self.tx = tx
            yield [found[pool] for pool in pools]
            await book.write(tx, self.program, found.values())

    @asynccontextmanager
    async def page(self, pool: UUID) -> AsyncIterator[Page]:
        """One locked page that is written when the block ends."""
        async with self.pages(pool) as (page,):
            yield page

    def begin(self, page: Page, kind: PostingKind = "purchase", **given: Any) -> UUID:
        """Open a posting now."""
        given = {"effective_at": self.at, "recorded_at": self.at, "actor": "test", **given}
        return page.begin(kind, **given)

    def earn(
        self,
        page: Page,
        amount: int,
        *,
        active: datetime | None = None,
        expires: datetime | None = None,
        purchase: UUID | None = None,
        earned: datetime | None = None,
        partner: UUID | None = None,
    ) -> UUID:
        """A lot of points, usable now unless said otherwise."""
        return page.earn(
            PTS,
            amount,
            earned_at=earned or self.at,
            active_at=active or self.at,
            expires_at=expires,
            issuer=partner,
            funder=partner,
            purchase=purchase,
        )

    async def give(self, pool: UUID, amount: int, **given: Any) -> UUID:
        """Earn points in a transaction of their own; the lot."""
        async with self.page(pool) as page:
            self.begin(page, purchase=given.get("purchase"))
            return self.earn(page, amount, **given)

    async def balance(self, pool: UUID, at: datetime | None = None) -> Balance:
        """What a reader sees, without a lock."""
        async with self.database.transaction(self.program) as tx:
            asked = await book.ask(tx, self.program, [ids.home(pool)], [pool], grace_days=self.grace_days)
            return (await asked.pages())[pool].balance(PTS, at or self.at)

    async def figures(self, pool: UUID, at: datetime | None = None) -> tuple[int, int, int, int]:
        """Available, pending, held, debt."""
        balance = await self.balance(pool, at)
        return balance.available, balance.pending, balance.held, balance.debt

    async def in_order(self) -> bool:
        """Whether every rule of `ledger check` holds; the broken ones are shown by the failing test."""
        async with self.database.transaction(self.program) as tx:
            findings = await check(tx, self.program)
        assert findings == ()
        return True

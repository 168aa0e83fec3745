"""The pool of connections: one that the server has ended is not given out."""

from __future__ import annotations

import psycopg

from regulars.db.pool import Database, fetch_one


async def test_after_every_connection_was_cut_the_next_transactions_succeed(
    database_url: str, administrator_url: str
) -> None:
    async with Database(database_url, size=4) as database:
        for _ in range(2):
            async with database.transaction(None), database.transaction(None), database.connection():
                pass
            with psycopg.connect(administrator_url, autocommit=True) as administrator:
                administrator.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

            for _ in range(4):
                async with database.transaction(None) as tx:
                    assert await fetch_one(tx, "SELECT 1") == (1,)
                async with database.connection() as connection:
                    assert await fetch_one(connection, "SELECT 1") == (1,)

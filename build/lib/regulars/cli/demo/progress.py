"""Says quickly whether the demo is in a database, for a start that must not wait."""

from __future__ import annotations

import psycopg

from regulars.cli.demo.chain import TASK


def is_loaded(url: str) -> bool:
    """Whether the demo was loaded to its end."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT status = 'done' FROM job WHERE id = %s", (TASK,)).fetchone()
    return bool(row and row[0])

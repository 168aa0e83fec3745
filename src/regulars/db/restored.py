"""Brings transaction numbers of before a restore into order: a dump keeps them, and the new server begins anew.

Facts name the transaction that wrote them only so that jobs miss none; it is no part of what is sealed. What was
written before the restore is of transaction 0 from then on: below every number that there will be.
"""

from __future__ import annotations

from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

NUMBERED = (
    ("purchase", "xid"),
    ("confirmation", "xid"),
    ("purchase_claim", "xid"),
    ("voiding", "xid"),
    ("goods_return", "xid"),
    ("posting", "xid"),
    ("member", "xid"),
    ("erasure", "xid"),
    ("member_merge", "xid"),
    ("member_merge", "undone_xid"),
)
"""What `flows.roll_figures` goes by: table and column."""


def renumber(url: str, program: UUID) -> int:
    """Number anew what a program's facts have from before a restore; how many rows that were. `url`: the owner's."""
    changed = 0
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('regulars.program', %s, true)", (str(program),))
        row = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
        assert row is not None
        for table, column in NUMBERED:
            statement = SQL("UPDATE {} SET {} = 0 WHERE program = %s AND {} >= %s").format(
                Identifier(table), Identifier(column), Identifier(column)
            )
            changed += connection.execute(statement, (program, row[0])).rowcount
    return changed

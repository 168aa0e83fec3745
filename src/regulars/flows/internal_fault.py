"""What one purchase is told of a mistake of ours; where it happened goes into the log, what the row said does not."""

from __future__ import annotations

import traceback

import psycopg
import structlog

from regulars.errors import Problem

log = structlog.get_logger("regulars.purchases")


class InternalFault(Problem):
    """This very purchase cannot be decided or written, for a reason we did not foresee."""

    status, code, title = 500, "internal_error", "Regulars made a mistake; nothing was written."


def fault(error: Exception) -> Problem:
    """What the one purchase is told that brought the error to light."""
    if isinstance(error, Problem):
        return error
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    # Its text may quote the row; where it happened says enough.
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.name}:{place.lineno}"
    log.error("purchase_refused_by_fault", error=type(error).__name__, state=state, where=where)
    return InternalFault()

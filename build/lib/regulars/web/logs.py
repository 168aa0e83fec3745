"""How every process of Regulars logs: one JSON object a line on the error output, never personal data."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs() -> None:
    """Names of events, routes and jobs, ids of programs and requests; no bodies, queries, names or numbers."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

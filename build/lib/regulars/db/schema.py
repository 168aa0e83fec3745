"""The schema as one text, so that a reviewer sees what a migration comes to."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from regulars.db.embedded.binaries import find_binaries

SNAPSHOT = Path(__file__).with_name("schema.sql")
_OBJECT = re.compile(
    r"^--\n-- (?:Data for )?Name: (?P<name>[^;]*); Type: (?P<type>[^;]*);.*\n--\n", re.MULTILINE
)


def dump(url: str) -> str:
    """Tables, constraints, indexes, privileges and policies of a database, without what differs between servers.

    `url` must be a superuser's: the owner may not dump tables under forced row-level security. What procrastinate
    keeps for itself is left out: its package owns it.
    """
    command = [
        find_binaries().program("pg_dump"), "--schema-only", "--no-owner", "--dbname", url,
        "--exclude-table=procrastinate_*",
    ]  # fmt: skip
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    parts = _OBJECT.split(text)
    objects = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    kept = [_body(body) for name, _, body in objects if "procrastinate" not in name + body]
    return "\n\n".join(body for body in kept if body) + "\n"


def _body(text: str) -> str:
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(
        line for line in lines if line and not line.startswith(("--", "SET ", "\\restrict", "\\unrestrict"))
    )

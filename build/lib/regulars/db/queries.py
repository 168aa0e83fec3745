"""Loads the named blocks of a `.sql` file: `-- name: words_of_the_block`, then one statement until the next name."""

from __future__ import annotations

import re
from importlib import resources
from types import SimpleNamespace
from typing import LiteralString, cast

from psycopg.sql import SQL

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


class Queries(SimpleNamespace):
    """The blocks of one file as attributes; an unknown name is an AttributeError at once."""

    def __getattr__(self, name: str) -> SQL:  # only for the type checker: blocks are set by `load`
        raise AttributeError(f"no query is named {name}")


def blocks(text: str) -> dict[str, str]:
    """Name → statement. Raises ValueError when a name stands twice."""
    parts = _NAME.split(text)
    found: dict[str, str] = {}
    for name, statement in zip(parts[1::2], parts[2::2], strict=True):
        if name in found:
            raise ValueError(f"the query {name} is defined twice")
        found[name] = statement.strip().removesuffix(";")
    return found


def load(package: str, file: str = "queries.sql") -> Queries:
    """The blocks of `file` beside the module `package`."""
    text = resources.files(package).joinpath(file).read_text(encoding="utf-8")
    return Queries(**{name: SQL(cast(LiteralString, statement)) for name, statement in blocks(text).items()})

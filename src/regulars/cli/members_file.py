"""A file of members of another system, one a row: CSV, Excel or Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from regulars.cli.table_file import TableFile
from regulars.flows.imports import member_rows


class MembersFile(TableFile):
    """A file of members."""

    def __init__(self, path: Path, names: Mapping[str, str] | None = None):
        super().__init__(path, known=member_rows.known, names=names)

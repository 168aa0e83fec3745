"""Keeps the demo's log-ins in the data folder, for their owner only; every start can show them again."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct


class DemoLogins(Struct, frozen=True):
    """What a newcomer needs to try the demo."""

    program: str
    till_key: str
    manage_key: str
    store: str
    till: str
    member: str
    phone: str
    card: str
    sku: str
    product: str
    price: int
    category: str
    tax_rate: str
    staff_password: str
    """Of everybody in `chain.STAFF`."""


def read(path: Path) -> DemoLogins | None:
    """The log-ins as written; None when there are none, or an older version wrote them."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=DemoLogins)
    except (OSError, msgspec.MsgspecError):
        return None


def write(path: Path, logins: DemoLogins) -> None:
    """Write them whole or not at all, readable by the owner alone."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(logins)) + b"\n")
    draft.replace(path)

"""Reads a row of a file as a member of another system: as the API takes her, or what is wrong.

Nothing here knows the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from regulars import clock
from regulars.errors import Fault
from regulars.flows.imported_members import ImportedMember
from regulars.interchange.table import Row

PLAIN = ("phone", "email", "external_id", "name", "birthday", "language", "tag", "store")
LISTS = ("cards", "balances", "consents")
OTHERS = ("enrolled_at", "evidence")
COLUMNS = frozenset((*PLAIN, *LISTS, *OTHERS))
ATTRIBUTE = "attribute."
NEVER = "never"
WITHDRAWN = "!"
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


class MemberFault(NamedTuple):
    """What is wrong with a row; without what stands in it, for that is personal."""

    row: int
    column: str
    code: str
    detail: str


class ReadMember(NamedTuple):
    """A row: the member, or the faults that keep it from being one."""

    row: int
    member: ImportedMember | None
    faults: tuple[MemberFault, ...]


def read(row: Row, zone: str, kinds: Mapping[str, str]) -> ReadMember:
    """One member. `zone`: of dates and instants without an offset; `kinds`: attribute → kind of its question."""
    faults: list[MemberFault] = []
    document: dict[str, Any] = {name: row.cells[name] for name in PLAIN if name in row.cells}
    attributes: dict[str, Any] = {}
    for column, text in row.cells.items():
        try:
            if column.startswith(ATTRIBUTE):
                name = column.removeprefix(ATTRIBUTE)
                attributes[name] = _answer(text, kinds.get(name))
            elif column == "enrolled_at":
                document[column] = _instant(text, zone)
            elif column in LISTS:
                parts = [part.strip() for part in text.split(";") if part.strip()]
                document[column] = _LIST[column](parts, zone, row.cells.get("evidence", ""))
        except ValueError as error:
            faults.append(MemberFault(row.number, column, "invalid_value", str(error)))
    if attributes:
        document["attributes"] = attributes
    if not faults:
        try:
            return ReadMember(row.number, msgspec.convert(document, ImportedMember), ())
        except msgspec.ValidationError as error:
            sentence, _, path = str(error).partition(" - at `$.")
            faults.append(MemberFault(row.number, path.rstrip("`"), "invalid_value", sentence))
    return ReadMember(row.number, None, tuple(faults))


def fault_of(row: int, fault: Fault) -> MemberFault:
    """A fault of the flow, with the column that its pointer leads to."""
    parts = [part for part in fault.pointer.split("/") if part]
    column = parts[0] if parts else ""
    if column == "attributes" and len(parts) > 1:
        column = ATTRIBUTE + parts[1]
    return MemberFault(row, column, fault.code, fault.detail)


def known(column: str) -> bool:
    """Whether a row of a member may have this column."""
    return column in COLUMNS or (column.startswith(ATTRIBUTE) and len(column) > len(ATTRIBUTE))


def _answer(text: str, kind: str | None) -> Any:
    if kind == "number":
        return _whole(text)
    if kind == "yes_no":
        if text.lower() not in (*_YES, *_NO):
            raise ValueError("is yes or no")
        return text.lower() in _YES
    return text


def _cards(parts: list[str], zone: str, evidence: str) -> list[str]:
    return parts


def _balances(parts: list[str], zone: str, evidence: str) -> list[dict[str, Any]]:
    return [_balance(part) for part in parts]


def _balance(text: str) -> dict[str, Any]:
    """`120`, `120@2027-01-31`, `MILES:120@never`."""
    amount, _, until = text.partition("@")
    currency, colon, points = amount.rpartition(":")
    found: dict[str, Any] = {"points": _whole(points)}
    if colon:
        found["currency"] = currency.strip()
    if until.strip() == NEVER:
        found["expires"] = None
    elif until.strip():
        found["expires"] = _date(until.strip())
    return found


def _consents(parts: list[str], zone: str, evidence: str) -> list[dict[str, Any]]:
    return [_consent(part, zone, evidence) for part in parts]


def _consent(text: str, zone: str, evidence: str) -> dict[str, Any]:
    """`email/marketing`, `email/marketing@2024-05-01`; with `!` in front: withdrawn."""
    granted = not text.startswith(WITHDRAWN)
    said, _, since = text.removeprefix(WITHDRAWN).partition("@")
    channel, slash, purpose = said.strip().partition("/")
    if not slash:
        raise ValueError("a consent is a channel and a purpose, as email/marketing")
    found: dict[str, Any] = {"channel": channel, "purpose": purpose, "granted": granted}
    if since.strip():
        found["given_at"] = _instant(since.strip(), zone)
    return found | {"evidence": evidence} if evidence else found


_LIST = {"cards": _cards, "balances": _balances, "consents": _consents}


def _whole(text: str) -> int:
    text = text.strip()
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 18:
        raise ValueError("is not a whole number")
    return int(text)


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("is not a date, as 2027-01-31") from None


def _instant(text: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not clock.reaches(found):
        raise ValueError("is not a date or an instant, as 2024-05-01 or 2024-05-01T10:00:00+02:00")
    return found if found.tzinfo else found.replace(tzinfo=clock.zone(zone))

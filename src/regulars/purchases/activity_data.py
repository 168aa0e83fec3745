"""Reads what was sent of an activity by its kind: its data, how much it was, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from regulars.errors import Fault
from regulars.purchases.activity import ActivityKind, DataField, Value, thousandths
from regulars.units import ONE, QUANTITY_SCALE


class Measured(Struct, frozen=True):
    """What was sent of an activity, read by its kind."""

    quantity: int
    """Thousandths; of a reading what the meter showed."""
    series: str = ""
    values: dict[str, Value] = {}
    """Without what somebody wrote in her own words."""
    texts: dict[str, str] = {}


def faults_of_time(
    kind: ActivityKind, happened_at: datetime, earliest: datetime, latest: datetime
) -> list[Fault]:
    """Whether it lies too far back, or too far ahead. The bounds are inclusive."""
    if happened_at < earliest:
        wrong = f"lies further back than the {kind.late_days} days that this kind allows"
        return [Fault("/happened_at", wrong)]
    if happened_at > latest:
        wrong = "lies in the future" if kind.not_in_future else "lies too far in the future"
        return [Fault("/happened_at", wrong)]
    return []


def measure(
    kind: ActivityKind, data: Mapping[str, Value], *, correcting: bool = False
) -> Measured | list[Fault]:
    """What was sent, or what is wrong with it.

    `correcting`: it corrects another one. Its quantity is the difference then, below zero; without it, all is taken
    back (0 is told). What else is required need not be sent again.
    """
    faults = [
        Fault(f"/data/{name}", "is no field of this kind", "unknown_field")
        for name in data
        if kind.field(name) is None
    ]
    values: dict[str, Value] = {}
    texts: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for one in kind.fields:
        value = data.get(one.name)
        if value is None:
            if one.required and (not correcting or one.name == kind.series):
                faults.append(Fault(f"/data/{one.name}", "is needed"))
            continue
        wrong = _wrong(one, value, bounded=not (correcting and one.name == kind.quantity))
        if wrong is not None:
            faults.append(Fault(f"/data/{one.name}", wrong))
        elif one.type == "text":
            texts[one.name] = str(value)
        else:
            values[one.name] = value
            if one.type in ("integer", "decimal"):
                numbers[one.name] = thousandths(str(value))
    if correcting and kind.measure == "reading" and kind.quantity in numbers:
        faults.append(Fault(f"/data/{kind.quantity}", "a reading is taken back as a whole"))
    elif correcting and numbers.get(kind.quantity or "", -1) >= 0:
        faults.append(Fault(f"/data/{kind.quantity}", "is the difference to what is corrected, below zero"))
    if faults:
        return faults
    quantity = ONE if kind.measure == "count" else numbers.get(kind.quantity or "", 0)
    if correcting and kind.measure == "count":
        quantity = 0
    told = "" if kind.series is None else str(data.get(kind.series, ""))
    return Measured(quantity, told, values, texts)


def _wrong(one: DataField, value: Value, *, bounded: bool) -> str | None:
    """What is wrong with the value of a field; None: nothing."""
    if one.type == "boolean":
        return None if isinstance(value, bool) else "is true or false"
    if one.type == "integer":
        if isinstance(value, bool) or not isinstance(value, int):
            return "is a whole number"
        return _out_of_bounds(one, thousandths(str(value))) if bounded else None
    if not isinstance(value, str):
        return "is a decimal in quotes" if one.type == "decimal" else "is a text"
    if one.type == "decimal":
        if not _is_decimal(value):
            return "is a decimal of at most three places"
        return _out_of_bounds(one, thousandths(value)) if bounded else None
    if one.type == "choice":
        return None if value in one.choices else f"is one of {', '.join(one.choices)}"
    return "may not hold this character" if "\x00" in value else None


def _is_decimal(text: str) -> bool:
    whole, point, rest = text.removeprefix("-").partition(".")
    digits = text.isascii() and whole.isdigit() and (rest.isdigit() if point else not rest)
    return digits and len(whole) <= 12 and len(rest) <= QUANTITY_SCALE


def _out_of_bounds(one: DataField, number: int) -> str | None:
    if one.least is not None and number < thousandths(one.least):
        return f"is at least {one.least}"
    if one.most is not None and number > thousandths(one.most):
        return f"is at most {one.most}"
    return None

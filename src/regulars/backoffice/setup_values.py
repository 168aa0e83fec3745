"""Settings as a form shows and sends them: texts of fields from values, and values from texts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from regulars.backoffice.words_of_setup import Switch
from regulars.errors import InvalidValue
from regulars.units import money_scale, units_of

NOT_POSSIBLE = "is not possible here"
LINES_MAX = 10_000


def shown(switch: Switch, value: Any, currency: str) -> str:
    """The text of a field: `yes`, `20.00`, `2650, 88`, lines of two words each. `value` as JSON has it."""
    if value is None:
        return ""
    match switch.kind:
        case "yes_no":
            return "yes" if value else "no"
        case "money":
            scale = money_scale(currency)
            return f"{Decimal(value).scaleb(-scale):.{scale}f}"
        case "list" | "numbers":
            return ", ".join(str(one) for one in value)
        case "pairs":
            return "\n".join(f"{key} {one}" for key, one in value.items())
        case "months":
            return "\n".join(f"{country} {one['months']}" for country, one in value.items())
        case "gift":
            return f"{value['currency']} {value['points']}"
        case _:
            return str(value)


def pointer_of(field: str) -> str:
    """Where the API points at a field: `/settings/watch/returns_a_day`."""
    return f"/settings/{field.replace('.', '/')}"


def value_of(settings: Mapping[str, Any], field: str) -> Any:
    """The value of a field, also of one within another."""
    outer, _, inner = field.partition(".")
    return value_of(settings[outer], inner) if inner else settings[outer]


def change_of(settings: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings to send for these values: each that is given replaces the whole one that was."""
    changes: dict[str, Any] = {}
    for field, value in values.items():
        outer, _, inner = field.partition(".")
        was = changes.get(outer, settings[outer])
        changes[outer] = {**was, **change_of(was, {inner: value})} if inner else value
    return changes


def read(switch: Switch, text: str, currency: str) -> Any:
    """What a field says, as JSON has it. Raises InvalidValue with the field's pointer."""
    pointer = pointer_of(switch.field)
    try:
        return _read(switch, text.strip(), currency)
    except ValueError:
        raise InvalidValue(pointer, NOT_POSSIBLE) from None


def _read(switch: Switch, text: str, currency: str) -> Any:
    if not text and switch.may_be_empty:
        return {"list": [], "pairs": {}, "months": {}, "text": ""}.get(switch.kind)
    match switch.kind:
        case "yes_no":
            return {"yes": True, "no": False}.get(text, text)
        case "number":
            return _whole(text)
        case "money":
            return minor(text, currency)
        case "list":
            return [part.strip() for part in text.split(",") if part.strip()]
        case "numbers":
            return [_whole(part) for part in text.split(",") if part.strip()]
        case "pairs":
            return dict(_pair(line) for line in _lines(text))
        case "months":
            return {country: {"months": _whole(months)} for country, months in map(_pair, _lines(text))}
        case "gift":
            name, points = _pair(text)
            return {"currency": name, "points": _whole(points)}
        case _:
            return text


def minor(text: str, currency: str) -> int:
    """`20.00` or `20,00` as minor units. Raises ValueError for what is no such amount."""
    return units_of(text.replace(" ", "").replace(",", "."), money_scale(currency))


def _whole(text: str) -> int:
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 13:
        raise ValueError(text)
    return int(text)


def _pair(line: str) -> tuple[str, str]:
    key, value = line.split()
    return key, value


def _lines(text: str) -> list[str]:
    found = [line for line in text.splitlines() if line.strip()]
    if len(found) > LINES_MAX:
        raise ValueError("too many lines")
    return found

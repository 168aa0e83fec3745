"""What the buttons of the builder do to a document: add a part, take one out, move it, add a row. Pure.

A document is as the form made it, and need not be right: `document.parse` says so when it is saved.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

from msgspec import Struct

from regulars.errors import InvalidValue, Unprocessable
from regulars.flows.known_programs import Known
from regulars.promotions import forms
from regulars.promotions.forms import Field, Side
from regulars.promotions.kinds import KINDS
from regulars.units import whole_of

Raw = dict[str, Any]
SIDES: dict[str, Side] = {"conditions": "condition", "of": "condition", "benefits": "benefit"}
STAMPS = 16
"""Letters of a moment without its seconds, as browsers send it: 2026-12-23T00:00."""


class Act(Struct, frozen=True):
    """What a button asks for: `add|conditions|hours`, `remove|benefits.1`."""

    verb: str
    name: str = ""
    more: str = ""


def read(text: str) -> Act:
    """The act that a button names."""
    verb, _, rest = text.partition("|")
    name, _, more = rest.partition("|")
    return Act(verb, name, more)


def begin(known: Known, name: str) -> Raw:
    """An empty promotion: ten per cent off everything, for everybody."""
    group = next((one.name for one in known.program.settings.groups if one.stage == "item"), "")
    return {"name": name, "group": group, "benefits": [{"kind": "line_percent", "percent": "10"}]}


def done(raw: Raw, act: Act, known: Known, today: date) -> Raw:
    """The document after an act. Raises InvalidValue where it names what is not there."""
    changed = copy.deepcopy(raw)
    if act.verb == "add":
        _add(changed, act, known)
    elif act.verb == "row":
        _add_row(changed, act, today)
    elif act.verb in ("remove", "up", "down", "copy"):
        parts, place = _of_list(changed, act.name)
        if act.verb == "remove":
            del parts[place]
        elif act.verb == "copy":
            parts.insert(place + 1, copy.deepcopy(parts[place]))
        else:
            other = place + (1 if act.verb == "down" else -1)
            if 0 <= other < len(parts):
                parts[place], parts[other] = parts[other], parts[place]
    return changed


def tidy(values: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What a browser sent, moments with their seconds."""
    return {name: [_moment(text) for text in texts] for name, texts in values.items()}


def starting(kind: str, side: Side, known: Known) -> Raw:
    """A new condition or benefit: its kind's example, in the program's own points and stores, for all goods."""
    form = forms.of(kind, side)
    raw = cast(Raw, copy.deepcopy(form.example))
    program = known.program
    if "currency" in raw and raw["currency"] not in program.currencies and program.points is not None:
        raw["currency"] = program.points.code
    if kind == "store" and program.stores:
        raw["stores"] = [next(iter(program.stores))]
    if "goods" in raw:
        without = {name: value for name, value in raw.items() if name != "goods"}
        try:
            KINDS.condition(without, "") if side == "condition" else KINDS.benefit(without, "")
            raw = without
        except Unprocessable:
            pass
    return raw


def _add(raw: Raw, act: Act, known: Known) -> None:
    list_name = act.name.rpartition(".")[2]
    side = SIDES.get(list_name)
    if side is None:
        raise InvalidValue("/do", "There is no such list")
    try:
        new = starting(act.more, side, known)
    except KeyError:
        raise InvalidValue("/do", "There is no such kind") from None
    owner = _owner(raw, act.name)
    owner.setdefault(list_name, []).append(new)
    if act.name == "benefits" and len(raw["benefits"]) == 1:
        _fit_group(raw, act.more, known)


def _fit_group(raw: Raw, kind: str, known: Known) -> None:
    """The only benefit chooses the group: one of its stage."""
    stages = forms.of(kind, "benefit").stages
    groups = {group.name: group.stage for group in known.program.settings.groups}
    if groups.get(str(raw.get("group"))) not in stages:
        raw["group"] = next((name for name, stage in groups.items() if stage in stages), raw.get("group"))


def _add_row(raw: Raw, act: Act, today: date) -> None:
    list_name = act.name.rpartition(".")[2]
    owner = _owner(raw, act.name)
    rows: Any = owner.setdefault(list_name, [])
    if not isinstance(rows, list):
        raise InvalidValue("/do", "There is no such list")
    if list_name == "limits":
        rows.append(
            {"per": "total", "amount": 100_000}
            if act.more == "budget"
            else {"per": "member", "period": "day", "uses": 1}
        )
    elif list_name == "windows":
        rows.append({"from": f"{today}T00:00:00", "until": f"{today + timedelta(days=7)}T00:00:00"})
    elif rows:
        rows.append(copy.deepcopy(rows[-1]))
    else:
        rows.append(_example(owner, list_name))


def _example(owner: Raw, list_name: str) -> Raw:
    for side in ("condition", "benefit"):
        try:
            fields: tuple[Field, ...] = forms.of(str(owner.get("kind")), side).fields
        except KeyError:
            continue
        for field in fields:
            if field.name == list_name and field.example:
                return copy.deepcopy(field.example[0])
    raise InvalidValue("/do", "There is no such list")


def _owner(raw: Raw, name: str) -> Raw:
    """The object that holds the last step of a name."""
    node: Any = raw
    for step in name.split(".")[:-1]:
        try:
            node = node[int(step)] if isinstance(node, list) else node[step]
        except (KeyError, IndexError, ValueError):
            raise InvalidValue("/do", "This part is no longer there") from None
    if not isinstance(node, dict):
        raise InvalidValue("/do", "This part is no longer there")
    return cast(Raw, node)


def _of_list(raw: Raw, name: str) -> tuple[list[Any], int]:
    """The list that a part stands in, and its place there."""
    outer, _, place = name.rpartition(".")
    parts = _owner(raw, outer).get(outer.rpartition(".")[2])
    at = whole_of(place)
    if not isinstance(parts, list) or at is None or at >= len(cast(list[Any], parts)):
        raise InvalidValue("/do", "This part is no longer there")
    return cast(list[Any], parts), at


def _moment(text: str) -> str:
    return f"{text}:00" if len(text) == STAMPS and text[10:11] == "T" and text[13:14] == ":" else text

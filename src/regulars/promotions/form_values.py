"""Promotion documents as the inputs of a form hold them, and back to documents. Pure.

Names of inputs are paths with points: `conditions.0.minimum`, `benefits.1.goods.skus`, `names.lv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from regulars.promotions import forms
from regulars.promotions.forms import Field
from regulars.units import money_scale

Values = dict[str, list[str]]
Tree = dict[str, Any]

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


def pointer(name: str) -> str:
    """The JSON pointer of an input: conditions.0.minimum → /conditions/0/minimum."""
    return "".join(f"/{step}" for step in name.split("."))


def name_of(pointer: str) -> str:
    """The input that a pointer of a document leads to; empty for the whole document."""
    return pointer.lstrip("/").replace("/", ".")


def to_values(raw: Mapping[str, Any], currency: str) -> Values:
    """What the inputs hold of a raw document. `currency`: the base money, for its decimals."""
    values: Values = {}
    _put(values, "", forms.document().fields, raw, currency)
    return values


def to_document(values: Mapping[str, Sequence[str]], currency: str) -> dict[str, Any]:
    """The raw document that inputs make; what is empty is left out, places close up in their order.

    What is no number stays as it was typed, so that `document.parse` refuses it with the pointer of its field.
    """
    return _read(forms.document().fields, _tree(values), currency)


def part_values(prefix: str, side: forms.Side, raw: Mapping[str, Any], currency: str) -> Values:
    """What the inputs of one condition or benefit hold, their names beginning with `prefix`."""
    values: Values = {}
    _put_kind(values, prefix, side, raw, currency)
    return values


# document → inputs -------------------------------------------------------------------------------------------


def _put(values: Values, prefix: str, fields: Sequence[Field], raw: Mapping[str, Any], currency: str) -> None:
    for field in fields:
        name = f"{prefix}.{field.name}" if prefix else field.name
        value = raw.get(field.name)
        if field.input == "flag":
            if value is True or (value is None and field.default):
                values[name] = ["true"]
        elif value is None:
            continue
        elif field.input in ("conditions", "benefits"):
            side: forms.Side = "condition" if field.input == "conditions" else "benefit"
            for place, inner in enumerate(value):
                _put_kind(values, f"{name}.{place}", side, inner, currency)
        elif field.input == "parts":
            for place, inner in enumerate(value):
                _put(values, f"{name}.{place}", field.of, inner, currency)
        elif field.input == "object":
            _put(values, name, field.of, value, currency)
        elif field.input == "texts":
            values |= {f"{name}.{language}": [text] for language, text in value.items()}
        else:
            values[name] = _shown(field, value, currency)


def _put_kind(values: Values, prefix: str, side: forms.Side, raw: Mapping[str, Any], currency: str) -> None:
    kind = str(raw["kind"])
    values[f"{prefix}.kind"] = [kind]
    _put(values, prefix, forms.of(kind, side).fields, raw, currency)


def _shown(field: Field, value: Any, currency: str) -> list[str]:
    if field.input == "attributes":
        return [f"{name}={one}" for name, several in value.items() for one in several]
    if field.input in ("list", "numbers", "choices"):
        return [str(one) for one in value]
    if isinstance(value, int) and field.input in ("money", "step"):
        return [shown_money(value, currency)]
    return [str(value)]


def shown_money(amount: int, currency: str) -> str:
    """Minor units as an input shows them: 3050 → 30.50."""
    scale = money_scale(currency)
    whole, rest = divmod(amount, 10**scale)
    return f"{whole}.{rest:0{scale}d}" if scale else str(whole)


# inputs → document -------------------------------------------------------------------------------------------


def _tree(values: Mapping[str, Sequence[str]]) -> Tree:
    """The inputs by the steps of their names; inputs that hold nothing are not there."""
    root: Tree = {}
    for name, texts in values.items():
        given = [text.strip() for text in texts if text.strip()]
        *steps, last = name.split(".")
        node: Tree | None = root
        for step in steps:
            inner = node.setdefault(step, {}) if node is not None else None
            node = cast(Tree, inner) if isinstance(inner, dict) else None
        if given and node is not None:
            node[last] = given
    return root


def _read(
    fields: Sequence[Field], tree: Tree, currency: str, *, steps_in_money: bool = False
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        given = tree.get(field.name)
        if field.input == "flag":
            checked = given in (["true"], ["on"], ["1"])
            if checked != bool(field.default):
                found[field.name] = checked
        elif given:
            value = _value(field, given, currency, steps_in_money)
            if value not in (None, {}, []):
                found[field.name] = value
    return found


def _value(field: Field, given: Any, currency: str, steps_in_money: bool) -> Any:
    if isinstance(given, dict):
        tree = cast(Tree, given)
        if field.input == "texts":
            return {
                language: cast(str, texts[0]) for language, texts in tree.items() if isinstance(texts, list)
            }
        if field.input == "object":
            return _read(field.of, tree, currency)
        if field.input == "parts":
            read = [_read(field.of, part, currency, steps_in_money=steps_in_money) for part in _places(tree)]
            return [part for part in read if part]
        side: forms.Side = "condition" if field.input == "conditions" else "benefit"
        return [_kind(side, part, currency) for part in _places(tree) if "kind" in part]
    texts = cast(list[str], given)
    if field.input in ("list", "numbers", "choices", "attributes"):
        return _several(field, texts)
    return _one(field, texts[0], currency, steps_in_money)


def _kind(side: forms.Side, tree: Tree, currency: str) -> dict[str, Any]:
    kind = cast(str, tree["kind"][0]) if isinstance(tree["kind"], list) else ""
    try:
        form = forms.of(kind, side)
    except KeyError:
        return {"kind": kind}
    in_money = bool(kind == "turnover_ladder" or tree.get("by") == ["amount"])
    return {"kind": kind, **_read(form.fields, tree, currency, steps_in_money=in_money)}


def _places(tree: Tree) -> Iterator[Tree]:
    for place in sorted((key for key in tree if key.isdigit()), key=int):
        if isinstance(tree[place], dict):
            yield tree[place]


def _several(field: Field, texts: Sequence[str]) -> Any:
    """Codes come as several inputs, one a line, or both."""
    items = [item.strip() for text in texts for item in text.splitlines() if item.strip()]
    if field.input == "attributes":
        by_name: dict[str, list[str]] = {}
        for item in items:
            name, _, value = item.partition("=")
            by_name.setdefault(name.strip(), []).append(value.strip())
        return by_name
    numbers = field.input == "numbers" or (
        field.input == "choices" and all(_NUMBER.fullmatch(i) for i in items)
    )
    if field.input == "numbers":
        items = [item for one in items for item in re.split(r"[,;\s]+", one) if item]
    return [int(item) if numbers and _NUMBER.fullmatch(item) else item for item in dict.fromkeys(items)]


def _one(field: Field, text: str, currency: str, steps_in_money: bool) -> Any:
    if field.input == "money" or (field.input == "step" and steps_in_money):
        return _money(text, currency)
    if field.input in ("percent", "decimal", "step"):
        return _point(text.rstrip("%"))
    if field.input in ("integer", "points"):
        plain = _SPACES.sub("", text)
        return int(plain) if _NUMBER.fullmatch(plain) else text
    return text


def _money(text: str, currency: str) -> int | str:
    """30 · 30,00 · 30.00 → 3000; what is no amount, or has more decimals than its money, as it was typed."""
    plain, scale = _point(text), money_scale(currency)
    if not _DECIMAL.fullmatch(plain):
        return text
    whole, _, rest = plain.partition(".")
    rest = rest.rstrip("0")
    return text if len(rest) > scale else int(whole) * 10**scale + int(rest.ljust(scale, "0") or "0")


def _point(text: str) -> str:
    """Without spaces, with a point for decimals."""
    return _SPACES.sub("", text).replace(",", ".")

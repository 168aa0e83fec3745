"""Says in sentences what differs between two documents of a promotion, in the wording of its kinds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast

import msgspec
from msgspec import Struct

from regulars.promotions import form_values, forms
from regulars.promotions.document import build
from regulars.promotions.forms import Field, Form
from regulars.promotions.kinds import KINDS
from regulars.promotions.model import Document, Limit
from regulars.promotions.words import N_, Words

NOTHING = "–"
SHOWN_MAX = 200
"""Letters of a value that are shown."""


class FieldChange(Struct, frozen=True):
    """One field of a condition or a benefit, as a form shows it."""

    name: str
    label: str
    before: str
    after: str


class Difference(Struct, frozen=True):
    """One thing that differs."""

    change: Literal["added", "removed", "changed"]
    pointer: str
    """The field of the newer document; of what is gone, of the older one."""
    sentence: str
    before: str = ""
    after: str = ""
    fields: tuple[FieldChange, ...] = ()
    """Of a condition or a benefit that changed: every field that differs."""


def differences(before: Document | None, after: Document, words: Words, currency: str) -> list[Difference]:
    """Everything that differs, conditions and benefits first; `before` None: everything is new.

    `currency`: the base money. Raises Unprocessable as `document.build`.
    """
    old = before if before is not None else Document("", after.group, ())
    found = _parts("condition", old, after, words, currency)
    found += _parts("benefit", old, after, words, currency)
    found += _limits(old, after, words, currency)
    for field in forms.document().fields:
        if field.name in ("conditions", "benefits", "limits"):
            continue
        raw_old, raw_new = _raw(old).get(field.name), _raw(after).get(field.name)
        if field.input == "texts":
            found += _texts(field, raw_old or {}, raw_new or {}, words)
        elif raw_old != raw_new:
            found.append(_plain(field, raw_old, raw_new, words))
    return found


def _raw(document: Document) -> dict[str, Any]:
    return cast(dict[str, Any], msgspec.to_builtins(document))


# conditions and benefits -------------------------------------------------------------------------------------


class _Part(Struct, frozen=True):
    """A condition or a benefit, where it stands, and how it is said."""

    place: int
    raw: Mapping[str, Any]
    text: str

    @property
    def kind(self) -> str:
        return str(self.raw.get("kind", ""))


def _parts(
    side: Literal["condition", "benefit"], before: Document, after: Document, words: Words, currency: str
) -> list[Difference]:
    old, new = _said(side, before, words, currency), _said(side, after, words, currency)
    for one in list(new):
        same = next((other for other in old if other.raw == one.raw), None)
        if same is not None:
            old.remove(same)
            new.remove(one)
    found: list[Difference] = []
    for one in new:
        was = next((other for other in old if other.kind == one.kind), None)
        pointer = f"/{side}s/{one.place}"
        if was is None:
            sentence = words.gettext(_ADDED[side]).format(after=one.text)
            found.append(Difference("added", pointer, sentence, "", one.text))
        else:
            old.remove(was)
            found.append(_changed(side, pointer, was, one, words, currency))
    for gone in old:
        sentence = words.gettext(_REMOVED[side]).format(before=gone.text)
        found.append(Difference("removed", f"/{side}s/{gone.place}", sentence, gone.text, ""))
    return found


def _said(
    side: Literal["condition", "benefit"], document: Document, words: Words, currency: str
) -> list[_Part]:
    build(document)
    if side == "condition":
        return [
            _Part(n, raw, KINDS.condition(raw, f"/conditions/{n}").describe(words, currency))
            for n, raw in enumerate(document.conditions)
        ]
    return [
        _Part(n, raw, KINDS.benefit(raw, f"/benefits/{n}").describe(words, currency))
        for n, raw in enumerate(document.benefits)
    ]


def _changed(
    side: Literal["condition", "benefit"], pointer: str, was: _Part, now: _Part, words: Words, currency: str
) -> Difference:
    form = forms.said(forms.of(now.kind, side), words)
    fields = _fields(form, side, was.raw, now.raw, currency)
    if was.text != now.text:
        sentence = words.gettext(_CHANGED[side]).format(before=was.text, after=now.text)
    else:
        labels = words.joined([field.label for field in fields])
        sentence = words.gettext("{title}: {fields} changed.").format(title=form.title, fields=labels)
    return Difference("changed", pointer, sentence, was.text, now.text, fields)


def _fields(
    form: Form, side: forms.Side, was: Mapping[str, Any], now: Mapping[str, Any], currency: str
) -> tuple[FieldChange, ...]:
    old = form_values.part_values("part", side, was, currency)
    new = form_values.part_values("part", side, now, currency)
    return tuple(
        FieldChange(
            name.removeprefix("part."),
            _label(form.fields, name.split(".")[1:]),
            _few(old.get(name)),
            _few(new.get(name)),
        )
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    )


def _label(fields: Sequence[Field], steps: Sequence[str]) -> str:
    """The labels on the way to a field; of parts with their number, of what is inside conditions the outermost."""
    field = next((one for one in fields if one.name == steps[0]), None)
    if field is None:
        return steps[0]
    rest = steps[1:]
    if not rest or field.input in ("conditions", "texts"):
        return f"{field.label} ({rest[0]})" if rest and field.input == "texts" else field.label
    if rest[0].isdigit():
        return f"{field.label} {int(rest[0]) + 1} · {_label(field.of, rest[1:])}"
    return f"{field.label} · {_label(field.of, rest)}"


def _few(texts: Sequence[str] | None) -> str:
    whole = ", ".join(texts or ()) or NOTHING
    return whole if len(whole) <= SHOWN_MAX else f"{whole[: SHOWN_MAX - 1]}…"


_ADDED = {"condition": N_("New condition: {after}."), "benefit": N_("It also gives {after}.")}
_REMOVED = {
    "condition": N_("This condition is gone: {before}."),
    "benefit": N_("It no longer gives {before}."),
}
_CHANGED = {
    "condition": N_("This condition changes: {before} → {after}."),
    "benefit": N_("It gives something else: {before} → {after}."),
}


# limits and the document itself ------------------------------------------------------------------------------


def limit_text(limit: Limit, words: Words, currency: str) -> str:
    """A use limit or a budget in words: each member, each day: 2 times."""
    form = {field.name: field for field in forms.document().fields}["limits"].of
    labels = {field.name: {choice.value: choice.label for choice in field.choices} for field in form}
    if limit.uses is not None:
        most = words.ngettext("{n} time", "{n} times", limit.uses).format(n=limit.uses)
    elif limit.points is not None:
        most = words.ngettext("{n} point", "{n} points", limit.points).format(n=limit.points)
    else:
        most = words.money(limit.amount or 0, currency)
    text = words.gettext("{whom}, {period}: {most}")
    of_whom, of_period = labels["per"][limit.per], labels["period"][limit.period]
    whom, period = words.gettext(of_whom), words.gettext(of_period)
    return text.format(whom=whom, period=period[:1].lower() + period[1:], most=most)


def _limits(before: Document, after: Document, words: Words, currency: str) -> list[Difference]:
    old = {(limit.per, limit.period, _measure(limit)): limit for limit in before.limits}
    found: list[Difference] = []
    for place, limit in enumerate(after.limits):
        was = old.pop((limit.per, limit.period, _measure(limit)), None)
        if was == limit:
            continue
        now, pointer = limit_text(limit, words, currency), f"/limits/{place}"
        if was is None:
            sentence = words.gettext("New limit: {after}.").format(after=now)
            found.append(Difference("added", pointer, sentence, "", now))
        elif (said := limit_text(was, words, currency)) != now:
            sentence = words.gettext("This limit changes: {before} → {after}.").format(before=said, after=now)
            found.append(Difference("changed", pointer, sentence, said, now))
        else:
            sentence = words.gettext("This limit is counted in {n} parts: {after}.").format(
                n=limit.slices, after=now
            )
            found.append(Difference("changed", f"{pointer}/slices", sentence, said, now))
    for limit in old.values():
        said = limit_text(limit, words, currency)
        sentence = words.gettext("This limit is gone: {before}.").format(before=said)
        found.append(Difference("removed", f"/limits/{before.limits.index(limit)}", sentence, said, ""))
    return found


def _measure(limit: Limit) -> str:
    return "uses" if limit.uses is not None else "points" if limit.points is not None else "amount"


def _texts(field: Field, old: Mapping[str, str], new: Mapping[str, str], words: Words) -> list[Difference]:
    """Texts by language, each by itself."""
    found: list[Difference] = []
    for code in dict.fromkeys([*old, *new]):
        before, after = old.get(code, ""), new.get(code, "")
        if before != after:
            label = f"{words.gettext(field.label)} ({words.language_name(code)})"
            found.append(_line(f"/{field.name}/{code}", label, before, after, words))
    return found


def _plain(field: Field, before: Any, after: Any, words: Words) -> Difference:
    old, new = _value(field, before, words), _value(field, after, words)
    return _line(f"/{field.name}", words.gettext(field.label), old, new, words)


def _line(pointer: str, label: str, before: str, after: str, words: Words) -> Difference:
    change = "added" if not before else "removed" if not after else "changed"
    text = words.gettext("{label}: {before} → {after}.")
    sentence = text.format(label=label, before=before or NOTHING, after=after or NOTHING)
    return Difference(change, pointer, sentence, before, after)


def _value(field: Field, value: Any, words: Words) -> str:
    """A plain field as people say it; empty where it is not given."""
    if field.input == "flag":
        return words.gettext("yes") if value else words.gettext("no")
    if value is None:
        return field.default if field.input == "integer" else ""
    if field.input == "moment":
        return words.moment(datetime.fromisoformat(value) if isinstance(value, str) else value)
    for choice in field.choices:
        if choice.value == value:
            return words.gettext(choice.label)
    return str(value)

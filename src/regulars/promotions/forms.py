"""What a form must know to ask for a promotion: every kind with its fields, drawn from the classes themselves. Pure.

`form_values` turns a document into what the inputs hold, and back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Literal

import msgspec.inspect as types
from msgspec import NODEFAULT, Struct, structs

from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import Composite
from regulars.promotions.document import BENEFITS_MAX, CONDITIONS_MAX
from regulars.promotions.kinds import KINDS, Kinds, tag_of
from regulars.promotions.limits import LIMITS_MAX
from regulars.promotions.model import Document, Limit
from regulars.promotions.outcome import Option, Validity
from regulars.promotions.words import N_, Words
from regulars.units import AMOUNT_MAX

Input = Literal[
    "money", "points", "percent", "decimal", "integer", "text", "choice", "choices", "flag", "date", "moment", "time",
    "texts", "list", "numbers", "object", "parts", "attributes", "conditions", "benefits", "step",
]  # fmt: skip
"""What stands in a field: `parts` is a list of objects, `texts` one text per language, `step` an amount of money or a
number of units, as its ladder counts."""
Side = Literal["condition", "benefit", "document"]


class Choice(Struct, frozen=True):
    """One of the few values that a field may have."""

    value: str
    label: str


class Field(Struct, frozen=True, omit_defaults=True):
    """One field of a form."""

    name: str
    label: str
    input: Input
    source: str = ""
    """Where to pick from: products, stores, tiers, …; empty: it is typed."""
    required: bool = False
    default: str = ""
    """What an empty field means, as the input would show it."""
    minimum: int | None = None
    maximum: int | None = None
    """Bounds of a number: minor units, points, or the number itself."""
    length_max: int | None = None
    unit: str = ""
    """money: in the program's base money; points; percent."""
    choices: tuple[Choice, ...] = ()
    of: tuple[Field, ...] = ()
    """The fields of an object, or of each of the parts."""
    items_min: int = 0
    items_max: int | None = None
    example: Any = None
    """As in the kind's example document."""


class Form(Struct, frozen=True):
    """A kind of condition or benefit, or the document around them."""

    kind: str
    side: Side
    title: str
    help: str
    """What it is good for, in a sentence."""
    menu: str
    """The heading under which it is offered."""
    fields: tuple[Field, ...]
    stages: tuple[str, ...] = ()
    """Of a benefit: in which stages it may stand; the group that is chosen must be of one of them."""
    example: dict[str, Any] = {}


_PARTS: dict[type, tuple[dict[str, str], dict[str, str], dict[str, dict[Any, str]]]] = {
    Option: (
        {"sku": N_("Product"), "name": N_("Called"), "quantity": N_("Pieces")},
        {"sku": "products"},
        {},
    ),
    Validity: (
        {
            "active_after_days": N_("Usable after so many days"),
            "expires_after_days": N_("Expire after so many days"),
            "expires_after_months": N_("Expire after so many months"),
        },
        {},
        {},
    ),
    Limit: (
        {
            "per": N_("For whom"), "period": N_("In which time"), "uses": N_("So many times"), "points": N_("Points"),
            "amount": N_("Money off"), "slices": N_("Counters"),
        },
        {"points": "points", "uses": "integer"},
        {
            "per": {
                "total": N_("All together"), "member": N_("Each member"), "household": N_("Each household"),
                "card": N_("Each card"), "store": N_("Each store"), "partner": N_("Each partner"),
            },
            "period": {
                "day": N_("Each day"), "week": N_("Each week"), "month": N_("Each month"),
                "quarter": N_("Each quarter"), "year": N_("Each year"), "lifetime": N_("In all"),
            },
        },
    ),
    Document: (
        {
            "name": N_("Name of the promotion"), "names": N_("Name in each language"), "group": N_("Group"),
            "conditions": N_("Conditions"), "benefits": N_("What it gives"), "priority": N_("Place in its group"),
            "joint": N_("Stands beside all others"), "from": N_("From"), "until": N_("Until"),
            "funder": N_("Who pays for it"), "base": N_("Base earning, also for late receipts"),
            "message": N_("Line on the receipt"), "recheck": N_("Asked again when goods come back"),
            "limits": N_("Limits and budgets"), "on_last": N_("On the last bit of a budget"),
        },
        {"group": "groups", "funder": "partners", "priority": "integer"},
        {"on_last": {"reduce": N_("Give what is left"), "refuse": N_("Give nothing")}},
    ),
}  # fmt: skip
"""Labels, inputs and choices of parts that are plain data, and so have none of their own."""

_MENUS = {
    "basket": N_("What is bought"), "bundle": N_("What is bought"), "place": N_("Where"), "hours": N_("When"),
    "dates": N_("When"), "history": N_("What was bought before"),
    "streak": N_("What was bought before"), "customer": N_("Who buys"), "person": N_("Who buys"),
    "presented": N_("What is shown or chosen"), "logic": N_("Several conditions"), "discounts": N_("Discounts"),
    "ladders": N_("Discounts"), "multibuy": N_("Several pieces"), "points_price": N_("Points"),
    "handing": N_("Gifts and extras"), "earning": N_("Points"),
}  # fmt: skip
"""By the module that a kind stands in."""
_COUNTS = {"conditions": (0, CONDITIONS_MAX), "benefits": (1, BENEFITS_MAX), "limits": (0, LIMITS_MAX)}
_NOT_EXCEPTED = frozenset({"except", "reduced", "label"})
"""What goods that are excepted from others have not."""
_SCALARS = frozenset({"decimal", "points", "integer", "step"})


@cache
def conditions(kinds: Kinds = KINDS) -> tuple[Form, ...]:
    """A form of every kind of condition, in English; see `said`."""
    return tuple(_form(kind, "condition") for kind in kinds.conditions.values())


@cache
def benefits(kinds: Kinds = KINDS) -> tuple[Form, ...]:
    """A form of every kind of benefit, in English; see `said`."""
    return tuple(_form(kind, "benefit") for kind in kinds.benefits.values())


@cache
def document() -> Form:
    """The form around them: name, group, window, texts, limits."""
    return Form("document", "document", N_("Promotion"), "", "", _fields(Document, {}))


def of(tag: str, side: Side, kinds: Kinds = KINDS) -> Form:
    """The form of one kind. Raises KeyError where there is none."""
    forms = conditions(kinds) if side == "condition" else benefits(kinds)
    return {form.kind: form for form in forms}[tag]


def said(form: Form, words: Words) -> Form:
    """The form in the language of `words`."""
    help_text = words.gettext(form.help) if form.help else ""
    return structs.replace(
        form,
        title=words.gettext(form.title),
        menu=words.gettext(form.menu) if form.menu else "",
        help=help_text,
        fields=tuple(_field_said(field, words) for field in form.fields),
    )


def texts_of(form: Form) -> Iterator[str]:
    """Every text of a form that is to be translated."""
    yield from (text for text in (form.title, form.help, form.menu) if text)
    yield from _texts(form.fields)


def _texts(fields: Sequence[Field]) -> Iterator[str]:
    for field in fields:
        yield field.label
        yield from (choice.label for choice in field.choices if not choice.label.isdigit())
        yield from _texts(field.of)


def _field_said(field: Field, words: Words) -> Field:
    weekdays = field.input == "choices" and field.choices and field.choices[0].label.isdigit()
    return structs.replace(
        field,
        label=words.gettext(field.label),
        choices=tuple(
            Choice(c.value, words.weekday(int(c.value)) if weekdays else words.gettext(c.label))
            for c in field.choices
        ),
        of=tuple(_field_said(inner, words) for inner in field.of),
    )


def _form(kind: type[Condition] | type[Benefit], side: Side) -> Form:
    benefit = kind if issubclass(kind, Benefit) else None
    return Form(
        tag_of(kind),
        side,
        kind.title,
        kind.help,
        _MENUS[kind.__module__.rpartition(".")[2]],
        _fields(kind, kind.example),
        (benefit.stage, *benefit.also) if benefit is not None else (),
        kind.example,
    )


def _fields(
    kind: type[Struct], example: dict[str, Any], leave_out: frozenset[str] = frozenset()
) -> tuple[Field, ...]:
    info = types.type_info(kind)
    assert isinstance(info, types.StructType), "kinds and their parts are structs"
    parts = [part for part in info.fields if part.encode_name not in leave_out]
    labels, inputs, choices = _PARTS.get(kind) or (
        getattr(kind, "labels", {}),
        getattr(kind, "inputs", {}),
        getattr(kind, "choices", {}),
    )
    needed = frozenset(example) - {"kind"} if issubclass(kind, Benefit) else frozenset[str]()
    found: list[Field] = []
    for part in parts:
        name = part.encode_name
        plain, optional = _unwrapped(part.type)
        field = _field(name, plain, inputs.get(name, ""), choices.get(name, {}), kind)
        empty = not optional and name in needed and name != "goods" and _nothing(part)
        found.append(
            structs.replace(
                field,
                label=labels[name],
                required=part.required or empty,
                default="" if optional or field.input in ("object", "parts") else _default(part.default),
                example=example.get(name),
            )
        )
    order = list(labels)
    return tuple(sorted(found, key=lambda field: order.index(field.name)))


def _nothing(part: types.Field) -> bool:
    """Whether a part's default is nothing at all, which its kind then refuses."""
    return part.default in ("", ()) or part.default_factory is not NODEFAULT


def _field(name: str, plain: types.Type, hint: str, choices: dict[Any, str], kind: type[Struct]) -> Field:
    """A field by its type, and what its class says beside it."""
    if name in _COUNTS and kind is Document:
        least, most = _COUNTS[name]
        of = _fields(Limit, {}) if name == "limits" else ()
        many: Input = "parts" if name == "limits" else "conditions" if name == "conditions" else "benefits"
        return Field(name, "", many, of=of, items_min=least, items_max=most)
    if name == "of" and issubclass(kind, Composite):
        return Field(name, "", "conditions", items_min=1, items_max=50)
    if isinstance(plain, types.VarTupleType):
        return _several(name, plain, hint, choices)
    if isinstance(plain, types.StructType):
        # What is excepted from goods is goods again, but not endlessly.
        inner = _fields(plain.cls, {}) if kind is not plain.cls else _fields(plain.cls, {}, _NOT_EXCEPTED)
        return Field(name, "", "object", of=inner)
    if isinstance(plain, types.LiteralType):
        return Field(name, "", "choice", choices=_choices(plain.values, choices))
    if isinstance(plain, types.DictType):
        return Field(name, "", "attributes" if isinstance(plain.value_type, types.VarTupleType) else "texts")
    if isinstance(plain, types.IntType) or hint in _SCALARS:
        return _number(name, plain, hint)
    if isinstance(plain, types.BoolType):
        return Field(name, "", "flag")
    if isinstance(plain, types.DateTimeType | types.DateType):
        return Field(name, "", "moment" if isinstance(plain, types.DateTimeType) else "date")
    assert isinstance(plain, types.StrType), (
        f"{kind.__name__}.{name}: a form does not know how to ask for this"
    )
    if name == "percent":
        return Field(name, "", "percent", unit="percent")
    if plain.pattern is not None and "24:00" in plain.pattern:
        return Field(name, "", "time")
    return Field(name, "", "text", hint, length_max=plain.max_length)


def _several(name: str, plain: types.VarTupleType, hint: str, choices: dict[Any, str]) -> Field:
    item, _ = _unwrapped(plain.item_type)
    least, most = plain.min_length or 0, plain.max_length
    if isinstance(item, types.StructType):
        return Field(name, "", "parts", of=_fields(item.cls, {}), items_min=least, items_max=most)
    if isinstance(item, types.LiteralType):
        return Field(name, "", "choices", choices=_choices(item.values, choices), items_min=least)
    if isinstance(item, types.IntType) and item.le == 7:
        days = tuple(Choice(str(day), str(day)) for day in range(1, 8))
        return Field(name, "", "choices", choices=days, items_min=least)
    if isinstance(item, types.IntType):
        return Field(name, "", "numbers", minimum=item.ge, maximum=item.le, items_min=least, items_max=most)
    assert isinstance(item, types.StrType), "lists are of codes, numbers, choices or parts"
    return Field(name, "", "list", hint, length_max=item.max_length, items_min=least, items_max=most)


def _number(name: str, plain: types.Type, hint: str) -> Field:
    least, most = (plain.ge, plain.le) if isinstance(plain, types.IntType) else (None, None)
    if hint == "step" or hint == "decimal":
        return Field(name, "", hint)
    if hint == "points":
        return Field(name, "", "points", minimum=least, maximum=most, unit="points")
    if most == AMOUNT_MAX and hint != "integer":
        return Field(name, "", "money", minimum=least, maximum=most, unit="money")
    return Field(name, "", "integer", minimum=least, maximum=most)


def _choices(values: Sequence[Any], labels: dict[Any, str]) -> tuple[Choice, ...]:
    """In the order in which the class names them."""
    assert set(labels) == set(values), f"every value of {values} needs a label"
    return tuple(Choice(str(value), label) for value, label in labels.items())


def _unwrapped(plain: types.Type) -> tuple[types.Type, bool]:
    """The type without its notes, and whether it may be None. Of several types (`Rung.from`) the first."""
    if isinstance(plain, types.Metadata):
        return _unwrapped(plain.type)
    if isinstance(plain, types.UnionType):
        kept = [one for one in plain.types if not isinstance(one, types.NoneType)]
        return _unwrapped(kept[0])[0], len(kept) < len(plain.types)
    return plain, False


def _default(value: Any) -> str:
    if value is NODEFAULT or value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value)

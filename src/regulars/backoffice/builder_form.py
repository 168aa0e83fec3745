"""The builder's form as a tree: every input with what it holds and what is wrong with it; every part as a sentence.

Made of a raw document and the metadata of `promotions.forms`; nothing here asks the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec
from msgspec import Struct

from regulars.backoffice import refusals
from regulars.backoffice.words_of_promotions import GROUPS
from regulars.errors import Problem, Unprocessable
from regulars.flows.known_programs import Known
from regulars.programs.model import CurrencySpec
from regulars.programs.naming import NamedKind
from regulars.promotions import form_values, forms
from regulars.promotions.differing import limit_text
from regulars.promotions.form_values import Values
from regulars.promotions.forms import Choice, Field, Form, Side
from regulars.promotions.kinds import KINDS
from regulars.promotions.linter import Finding
from regulars.promotions.model import Limit
from regulars.promotions.words import N_, Words

RARE = frozenset(
    {
        "attributes", "cap_per_line", "except", "groups", "label", "match", "price_kind", "reduced", "round_to",
        "rounding", "slices", "unit", "validity", "counting",
    }
)  # fmt: skip
"""Fields that few promotions need: they stand behind "More"."""
NEVER_RARE = frozenset({"store.groups", "membership_age.unit"})


class Node(Struct):
    """Something that faults and findings may stand beside."""

    name: str
    """Of its inputs: `conditions.0.minimum`; empty: the whole document."""
    faults: list[str] = []
    findings: list[Finding] = []


class Control(Node, kw_only=True):
    """A field of the form."""

    field: Field
    values: list[str]
    children: list[Control] = []
    """Of an object."""
    rows: list[Row] = []
    """Of parts."""
    cards: list[Card] = []
    """Of conditions and benefits."""
    choices: tuple[Choice, ...] = ()
    """What may be chosen; empty: it is typed, or picked from a search."""
    names: dict[str, str] = {}
    """What the codes it holds are called."""
    rare: bool = False

    @property
    def value(self) -> str:
        """The single value."""
        return self.values[0] if self.values else ""

    @property
    def holds(self) -> bool:
        """Whether anything is given."""
        return bool(self.values or self.rows or self.cards or any(child.holds for child in self.children))


class Row(Node, kw_only=True):
    """One of several parts of a field."""

    controls: list[Control]
    said: str = ""


class Card(Node, kw_only=True):
    """A condition or a benefit: its sentence, and the form behind it."""

    form: Form
    said: str
    controls: list[Control]


class Sheet(Struct):
    """The whole form."""

    controls: dict[str, Control]
    """By the field's name in the document."""
    rest: Node
    """What is said of the document as a whole."""
    by_name: dict[str, Node]

    def faults(self) -> list[str]:
        """Everything that is wrong, in the order of the form."""
        return [fault for node in self.by_name.values() for fault in node.faults]

    def findings(self) -> list[Finding]:
        """Everything that the linter said, once each."""
        return list({id(one): one for node in self.by_name.values() for one in node.findings}.values())


class Maker:
    """Makes sheets for one program in one language."""

    def __init__(self, known: Known, words: Words):
        self.known = known
        self.words = words
        self.currency = known.program.base_currency

    def sheet(
        self, raw: Mapping[str, Any], problem: Problem | None = None, found: Sequence[Finding] = ()
    ) -> Sheet:
        """The form of a raw document, with what is wrong with it and what the linter said."""
        values = form_values.to_values(raw, self.currency)
        form = forms.said(forms.document(), self.words)
        controls = {
            field.name: self._control(field, field.name, raw, values, "document") for field in form.fields
        }
        rest = Node("")
        by_name = {"": rest, **{node.name: node for control in controls.values() for node in _walk(control)}}
        sheet = Sheet(controls, rest, by_name)
        if problem is not None:
            for fault in problem.errors:
                node = _typed_wrong(_nearest(by_name, form_values.name_of(fault.pointer)))
                node.faults = [*node.faults, self._fault_text(node, fault.detail)]
            if not problem.errors:
                rest.faults = [refusals.sentence(problem.detail, self.words)]
        for one in found:
            for pointer in dict.fromkeys((one.pointer, *one.also[:1])):
                node = _nearest(by_name, form_values.name_of(pointer))
                node.findings = [*node.findings, one]
        return sheet

    def said(self, raw: Mapping[str, Any], side: Side) -> str:
        """A condition or benefit as a sentence; where it is not complete, what its kind is called."""
        try:
            part = KINDS.condition(raw, "") if side == "condition" else KINDS.benefit(raw, "")
            text = part.describe(self.words, self.currency)
        except Unprocessable:
            text = self.words.gettext(forms.of(str(raw.get("kind")), side).title)
        return text[:1].upper() + text[1:]

    def _fault_text(self, node: Node, detail: str) -> str:
        """What is wrong, as somebody who fills in a form understands it."""
        asked = NEEDED.get(node.field.input) if isinstance(node, Control) else None
        if (
            isinstance(node, Control) and node.field.required and not node.holds
        ) or "required field" in detail:
            asked = NEEDED[""]
        return self.words.gettext(asked) if asked is not None else refusals.sentence(detail, self.words)

    # the parts of the tree ---------------------------------------------------------------------------------

    def _control(self, field: Field, name: str, raw: Mapping[str, Any], values: Values, kind: str) -> Control:
        value = raw.get(field.name)
        made = Control(
            name,
            field=field,
            values=values.get(name, []),
            rare=field.name in RARE and f"{kind}.{field.name}" not in NEVER_RARE,
        )
        if field.input == "object":
            inner = cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}
            made.children = self._controls(field.of, name, inner, values, field.name)
        elif field.input == "parts":
            made.rows = [
                self._row(field, f"{name}.{n}", part, values) for n, part in enumerate(_parts(value))
            ]
        elif field.input in ("conditions", "benefits"):
            side: Side = "condition" if field.input == "conditions" else "benefit"
            made.cards = [
                self._card(side, f"{name}.{n}", part, values) for n, part in enumerate(_parts(value))
            ]
        elif field.input == "texts":
            made.values = []
            made.children = [
                Control(
                    f"{name}.{code}",
                    field=Field(code, self.words.language_name(code), "text", length_max=200),
                    values=values.get(f"{name}.{code}", []),
                )
                for code in _languages(self.known.program.languages, value)
            ]
        else:
            self._choosing(made)
        return made

    def _controls(
        self, fields: Iterable[Field], name: str, raw: Mapping[str, Any], values: Values, kind: str
    ) -> list[Control]:
        return [self._control(field, f"{name}.{field.name}", raw, values, kind) for field in fields]

    def _row(self, field: Field, name: str, raw: Mapping[str, Any], values: Values) -> Row:
        said = ""
        if field.name == "limits":
            try:
                said = limit_text(msgspec.convert(raw, Limit), self.words, self.currency)
            except msgspec.ValidationError:
                said = field.label
        return Row(name, controls=self._controls(field.of, name, raw, values, field.name), said=said)

    def _card(self, side: Side, name: str, raw: Mapping[str, Any], values: Values) -> Card:
        kind = str(raw["kind"])
        form = forms.said(forms.of(kind, side), self.words)
        controls = self._controls(form.fields, name, raw, values, kind)
        return Card(name, form=form, said=self.said(raw, side), controls=controls)

    def _choosing(self, control: Control) -> None:
        """What a field may be picked from, where that is few; what its codes are called."""
        field, program = control.field, self.known.program
        if field.choices:
            control.choices = field.choices
            return
        found = self.offered(field.source)
        held = [Choice(value, value) for value in control.values if value not in {one.value for one in found}]
        if field.input == "text" and field.source in FEW:
            control.choices = (*found, *held)
        names = {one.value: one.label for one in found}
        control.names = {
            value: names.get(value) or self.words.goods(FACETS.get(field.source, ""), value)
            if field.source in FACETS
            else names.get(value, value)
            for value in control.values
        }
        if field.source == "partners" and field.name == "funder":
            own = next((p.name for p in program.partners.values() if p.id == program.operator), program.name)
            control.choices = (Choice("", own), *[one for one in control.choices if one.value != "operator"])

    def offered(self, source: str) -> tuple[Choice, ...]:
        """What the program itself has of a source: stores, tiers, currencies …; goods are searched elsewhere."""
        program, words = self.known.program, self.words
        if source == "groups":
            return tuple(Choice(one.name, self.group(one.name)) for one in program.settings.groups)
        if source == "stores":
            return tuple(Choice(s.code, s.name) for s in program.stores.values())
        if source == "store_groups":
            codes = sorted({group for store in program.stores.values() for group in store.groups})
            return tuple(Choice(code, words.named("group", code)) for code in codes)
        if source == "partners":
            return tuple(Choice(p.code, p.name) for p in program.partners.values())
        if source == "currencies":
            return tuple(Choice(c.code, self._currency_name(c)) for c in program.currencies.values())
        if source == "languages":
            return tuple(Choice(code, words.language_name(code)) for code in program.languages)
        if source in ("ladders", "tiers"):
            own = [f"{one.code}/{tier.code}" for one in self.known.ladders.values() for tier in one.tiers]
            paths = [
                path.partition("/") for path in dict.fromkeys([*own, *program.settings.names.get("tier", {})])
            ]
            if source == "ladders":
                return tuple(
                    Choice(ladder, words.named("ladder", ladder))
                    for ladder in dict.fromkeys(p[0] for p in paths)
                )
            return tuple(Choice(tier, words.named("tier", f"{ladder}/{tier}")) for ladder, _, tier in paths)
        kind = _NAMED.get(source)
        if kind is None:
            return ()
        return tuple(Choice(code, words.named(kind, code)) for code in program.settings.names.get(kind, {}))

    def _currency_name(self, currency: CurrencySpec) -> str:
        many = currency.names.get(self.words.language) or next(iter(currency.names.values()), {})
        return many.get("other", currency.code)

    def group(self, name: str) -> str:
        """What a group of promotions is called; the usual ones in the reader's language."""
        return self.words.gettext(GROUPS[name]) if name in GROUPS else name


FEW = frozenset({"groups", "partners", "currencies", "languages", "ladders", "code_batches"})
"""Sources of which all are offered in a list."""
FACETS = {"products": "sku", "categories": "category", "tags": "tag", "brands": "brand"}
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
NEEDED = {
    "": N_("This is needed."),
    "money": N_("An amount is needed, such as 12.50."),
    "points": N_("A whole number is needed."),
    "integer": N_("A whole number is needed."),
    "numbers": N_("Whole numbers are needed, with commas between them."),
    "percent": N_("A number above 0 and up to 100 is needed."),
    "decimal": N_("A number is needed, such as 1.5."),
    "step": N_("A number is needed, such as 1.5."),
    "time": N_("A time is needed, such as 18:30."),
    "date": N_("A day is needed."),
    "moment": N_("A day and a time are needed."),
    "list": N_("At least one is needed."),
    "choices": N_("At least one is needed."),
}
"""What an input asks for, by its kind; empty: anything at all."""
_NAMED: dict[str, NamedKind] = {
    "clubs": "club", "audiences": "audience", "channels": "channel", "payment_methods": "payment",
}  # fmt: skip


def _languages(own: Sequence[str], texts: object) -> list[str]:
    """The program's languages, then others in which there is a text already."""
    others = [str(code) for code in cast(Mapping[str, Any], texts)] if isinstance(texts, Mapping) else []
    return list(dict.fromkeys([*own, *others]))


def _typed_wrong(node: Node) -> Node:
    """Of a part that is at fault as a whole, the field in which no number stands where one should."""
    if not isinstance(node, Card | Row):
        return node
    inside = [one for control in node.controls for one in _walk(control) if isinstance(one, Control)]
    for one in inside:
        if (
            one.field.input in ("percent", "decimal", "step")
            and one.value
            and not _DECIMAL.fullmatch(one.value)
        ):
            return one
    return node


def _parts(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list | tuple):
        return []
    return [cast(dict[str, Any], one) for one in cast(Sequence[object], value) if isinstance(one, dict)]


def _walk(control: Control) -> Iterator[Node]:
    yield control
    for child in control.children:
        yield from _walk(child)
    for part in (*control.rows, *control.cards):
        yield part
        for child in part.controls:
            yield from _walk(child)


def _nearest(by_name: Mapping[str, Node], name: str) -> Node:
    while name not in by_name:
        name = name.rpartition(".")[0]
    return by_name[name]

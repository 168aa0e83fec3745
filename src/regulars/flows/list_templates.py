"""Shows the ready promotions as they would be in a program: in its points, and said in the caller's language."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from regulars.flows import words
from regulars.flows.known_programs import Known
from regulars.promotions import document
from regulars.promotions.template import LABELS, templates
from regulars.promotions.wording import benefits_text, conditions_text


class ParameterView(Struct, frozen=True):
    """A field of the document that one would change first."""

    pointer: str
    label: str


class TemplateView(Struct, frozen=True):
    """A ready promotion: what it is called and gives, when, its document, and its parameters."""

    code: str
    name: str
    gives: str
    when: str
    """Empty: always."""
    parameters: tuple[ParameterView, ...]
    document: dict[str, Any]


class Templates(Struct, frozen=True):
    """All ready promotions, the price benefits first."""

    items: tuple[TemplateView, ...]
    next: str | None = None


def list_templates(known: Known, language: str | None) -> Templates:
    """All of them, for this program."""
    program = known.program
    spoken = known.words[words.chosen(program.languages, language, "")]
    points = program.points.code if program.points is not None else None
    found: list[TemplateView] = []
    for template in templates():
        raw = template.in_currency(points)
        parsed = document.parse(raw)
        terms = document.build(parsed)
        labels = [(p.pointer, spoken.gettext(LABELS[p.label])) for p in template.parameters]
        found.append(
            TemplateView(
                template.code,
                parsed.names.get(spoken.language, parsed.name),
                benefits_text(terms.benefits, spoken, program.base_currency),
                conditions_text(terms.conditions, spoken, program.base_currency),
                tuple(ParameterView(*label) for label in labels),
                raw,
            )
        )
    return Templates(tuple(found))

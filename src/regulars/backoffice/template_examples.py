"""Shows what ready promotions do: for each a basket that wins it, priced by the engine of purchases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from regulars.flows.known_programs import Known
from regulars.promotions import document
from regulars.promotions.index import Live
from regulars.promotions.linter import Example, Surroundings
from regulars.promotions.linting.cases import UNNAMED, Cases, example, subject
from regulars.promotions.linting.finding import Place
from regulars.promotions.model import Revision
from regulars.promotions.words import Words


def examples(
    documents: Iterable[tuple[str, dict[str, Any]]], known: Known, now: datetime, words: Words
) -> dict[str, Example]:
    """By the name that comes with a document; `now`: wall time. One without an example is left out."""
    program = known.program
    partners = {partner.id: partner.code for partner in program.partners.values()}
    # What multiplies points needs some that give them.
    base = [
        Revision(one.id, one.revision, one.document) for one in known.live.promotions if one.document.base
    ]
    around = Surroundings(
        live=Live.build(base, known.live.groups),
        rules=known.rules,
        now=now,
        languages=program.languages,
        partners=frozenset(program.partners),
        stores={s.code: Place(partners.get(s.partner, ""), s.groups) for s in program.stores.values()},
    )
    found: dict[str, Example] = {}
    for name, raw in documents:
        case = Cases(subject(document.parse(raw), UNNAMED), around).case()
        if case is not None:
            found[name] = example(case, words)
    return found

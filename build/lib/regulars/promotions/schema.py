"""The JSON Schema of promotion documents, generated from the classes of all kinds."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars.promotions.conditions.logic import Composite
from regulars.promotions.document import BENEFITS_MAX, CONDITIONS_MAX
from regulars.promotions.kinds import KINDS, Kinds
from regulars.promotions.limits import LIMITS_MAX
from regulars.promotions.model import Document

_REF = "#/$defs/{name}"


def schema(kinds: Kinds = KINDS) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a document; unknown fields are refused everywhere."""
    conditions, benefits = list(kinds.conditions.values()), list(kinds.benefits.values())
    plain = [kind for kind in conditions if not issubclass(kind, Composite)]
    (top, *_), definitions = msgspec.json.schema_components([Document, *plain, *benefits], ref_template=_REF)
    del top
    for tag, kind in kinds.conditions.items():
        if issubclass(kind, Composite):
            definitions[kind.__name__] = _composite(kind, tag)
    definitions["Condition"] = _one_of({tag: kind.__name__ for tag, kind in kinds.conditions.items()})
    definitions["Benefit"] = _one_of({tag: kind.__name__ for tag, kind in kinds.benefits.items()})
    for tag, kind in [*kinds.conditions.items(), *kinds.benefits.items()]:
        definitions[kind.__name__]["title"] = kind.title
        definitions[kind.__name__]["examples"] = [kind.example]
        assert definitions[kind.__name__]["properties"]["kind"]["enum"] == [tag]
    document = definitions.pop("Document")
    for name, item, least, most in (
        ("conditions", "Condition", 0, CONDITIONS_MAX),
        ("benefits", "Benefit", 1, BENEFITS_MAX),
    ):
        document["properties"][name] |= {
            "items": {"$ref": f"#/$defs/{item}"},
            "minItems": least,
            "maxItems": most,
        }
    document["properties"]["limits"] |= {"maxItems": LIMITS_MAX}
    definitions["Limit"]["oneOf"] = [{"required": [measure]} for measure in ("uses", "points", "amount")]
    document |= {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Promotion"}
    return {**document, "$defs": dict(sorted(definitions.items()))}


def _one_of(names: dict[str, str]) -> dict[str, Any]:
    references = {tag: f"#/$defs/{name}" for tag, name in names.items()}
    return {
        "oneOf": [{"$ref": reference} for reference in references.values()],
        "discriminator": {"propertyName": "kind", "mapping": references},
    }


def _composite(kind: type[Composite], tag: str) -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": "#/$defs/Condition"}, "minItems": 1, "maxItems": 50}
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip(),
        "properties": {"kind": {"enum": [tag]}, "of": items},
        "required": ["kind", "of"],
        "additionalProperties": False,
    }

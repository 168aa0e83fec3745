"""The page of all kinds is what the classes say, and its examples are documents."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jsonschema_rs
import pytest

from regulars.promotions.document import parse
from regulars.promotions.kinds import BENEFITS, CONDITIONS, KINDS, tag_of
from regulars.promotions.schema import schema
from regulars.promotions.template import templates
from tests.docs.markdown import ROOT, blocks, headings, read_json

pytestmark = pytest.mark.fast

TEXT = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
EXAMPLES = [read_json(block.text) for block in blocks(TEXT) if block.language == "json"]
SCHEMA = schema()
GROUPS = {"item": "items", "basket": "basket", "earning": "points"}


def whole(part: dict[str, Any]) -> dict[str, Any]:
    """A document with this condition or benefit."""
    kind = KINDS.benefits.get(part["kind"])
    if kind is not None:
        return {"name": "A promotion", "group": GROUPS[kind.stage], "benefits": [part]}
    benefit = {"kind": "line_percent", "percent": "5"}
    return {"name": "A promotion", "group": "items", "conditions": [part], "benefits": [benefit]}


def test_the_page_is_new() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "reference"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "docs/kinds.md is up to date.\n"), ran.stderr


def test_every_kind_has_a_section_and_one_example_there() -> None:
    tags = [tag_of(kind) for kind in (*CONDITIONS, *BENEFITS)]
    assert [example["kind"] for example in EXAMPLES] == tags
    assert set(tags) <= set(headings(TEXT))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["kind"])
def test_an_example_is_part_of_a_document_that_the_schema_and_the_classes_take(
    example: dict[str, Any],
) -> None:
    document = whole(example)
    jsonschema_rs.validate(SCHEMA, document)
    assert parse(document).benefits


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.code)
def test_the_schema_takes_every_template(template: Any) -> None:
    jsonschema_rs.validate(SCHEMA, template.document)


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"benefits": []},
        {"benefits": [{"kind": "line_percent", "percent": "5", "colour": "red"}]},
        {"benefits": [{"kind": "free_beer"}]},
        {"conditions": [{"kind": "not", "of": [{"kind": "free_beer"}]}]},
        {"conditions": [{"kind": "basket_amount", "minimum": -1}]},
        {"limits": [{"per": "member"}]},
        {"limits": [{"per": "member", "uses": 1, "points": 5}]},
    ],
)
def test_the_schema_refuses_what_the_classes_refuse(change: dict[str, Any]) -> None:
    good = {"name": "Ten off", "group": "items", "benefits": [{"kind": "line_percent", "percent": "10"}]}
    jsonschema_rs.validate(SCHEMA, good)
    assert not jsonschema_rs.is_valid(SCHEMA, {**good, **change})

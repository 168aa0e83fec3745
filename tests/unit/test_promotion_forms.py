"""The forms of every kind: drawn from the classes, said in every language, and back to the same document."""

from __future__ import annotations

from typing import Any

import pytest
from tests.promotions_kit import promotion

from regulars.i18n import COMPLETE, SOURCE, language
from regulars.promotions import document, form_values, forms
from regulars.promotions.document import parse
from regulars.promotions.forms import Field, Form
from regulars.promotions.kinds import KINDS
from regulars.promotions.template import templates
from regulars.promotions.wording import English

ALL = (*forms.conditions(), *forms.benefits(), forms.document())
GROUPS = {"item": "items", "basket": "basket", "earning": "points"}


def field(tag: str, name: str) -> Field:
    side = "condition" if tag in KINDS.conditions else "benefit"
    return next(one for one in forms.of(tag, side).fields if one.name == name)


def document_with(form: Form) -> dict[str, Any]:
    """A document with the kind's example in it."""
    if form.side == "benefit":
        return promotion(GROUPS[form.stages[0]], form.example)
    return promotion("items", {"kind": "line_percent", "percent": "10"}, conditions=[form.example])


@pytest.mark.parametrize("form", ALL[:-1], ids=lambda form: form.kind)
def test_the_example_of_a_kind_comes_back_from_its_form(form: Form) -> None:
    raw = document_with(form)
    values = form_values.to_values(raw, "EUR")
    again = form_values.to_document(values, "EUR")
    assert document.build(parse(again)) == document.build(parse(raw))
    assert document.canonical(parse(again)) == document.canonical(parse(raw))


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.code)
def test_every_template_comes_back_from_its_form(template: Any) -> None:
    values = form_values.to_values(template.document, "EUR")
    again = parse(form_values.to_document(values, "EUR"))
    assert document.canonical(again) == document.canonical(parse(template.document))


def test_every_kind_has_a_form_and_every_form_a_sentence_that_helps() -> None:
    assert {form.kind for form in forms.conditions()} == set(KINDS.conditions)
    assert {form.kind for form in forms.benefits()} == set(KINDS.benefits)
    assert [form.kind for form in ALL[:-1] if not form.help.endswith(".")] == []


@pytest.mark.parametrize("code", [code for code in COMPLETE if code != SOURCE])
def test_every_text_of_every_form_is_translated(code: str) -> None:
    words = language(code)
    texts = {text for form in ALL for text in forms.texts_of(form)}
    catalogue = words.translations._catalog  # type: ignore[attr-defined] - what has an entry of its own
    assert sorted(text for text in texts if text not in catalogue) == []


def test_fields_know_their_units_and_where_to_pick_from() -> None:
    assert (field("basket_amount", "minimum").input, field("basket_amount", "minimum").unit) == (
        "money",
        "money",
    )
    assert (field("points_per_spend", "points").input, field("points_per_spend", "per").input) == (
        "points",
        "money",
    )
    assert (field("tier", "tiers").source, field("store", "groups").source) == ("tiers", "store_groups")
    assert field("nth_purchase", "number").minimum == 2
    assert [choice.value for choice in field("hours", "weekdays").choices] == list("1234567")
    goods = field("line_percent", "goods")
    assert [one.name for one in goods.of] == [
        "skus", "categories", "tags", "brands", "attributes", "except", "reduced", "label",
    ]  # fmt: skip
    excepted = next(one for one in goods.of if one.name == "except")
    assert [one.name for one in excepted.of] == ["skus", "categories", "tags", "brands", "attributes"]


def test_weekdays_and_choices_are_said_in_the_language() -> None:
    said = forms.said(forms.of("hours", "condition"), English())
    assert [choice.label for choice in said.fields[0].choices][:2] == ["Monday", "Tuesday"]


def test_people_type_money_as_they_write_it() -> None:
    def minimum(text: str, currency: str = "EUR") -> object:
        values = {"conditions.0.kind": ["basket_amount"], "conditions.0.minimum": [text]}
        return form_values.to_document(values, currency)["conditions"][0]["minimum"]

    assert [minimum(text) for text in ("30", "30,5", " 30.00 ", "1 250,00", "30.005", "much")] == [
        3000, 3050, 3000, 125_000, "30.005", "much",
    ]  # fmt: skip
    assert minimum("30", "JPY") == 30


def test_gaps_close_empty_inputs_are_left_out_and_an_unchecked_box_is_false() -> None:
    values = {
        "name": ["Tenth"], "group": ["items"], "funder": [" "], "names.lv": ["Desmitais"], "names.ru": [""],
        "conditions.3.kind": ["nth_purchase"], "conditions.3.number": ["10"],
        "conditions.1.kind": ["member"],
        "benefits.0.kind": ["line_percent"], "benefits.0.percent": ["12,5 %"],
        "benefits.0.goods.skus": ["a\nb", "c"], "benefits.0.goods.attributes": ["colour=red\ncolour=blue"],
    }  # fmt: skip
    assert form_values.to_document(values, "EUR") == {
        "name": "Tenth",
        "group": "items",
        "names": {"lv": "Desmitais"},
        "conditions": [{"kind": "member"}, {"kind": "nth_purchase", "number": 10, "every": False}],
        "benefits": [
            {
                "kind": "line_percent",
                "percent": "12.5",
                "goods": {"skus": ["a", "b", "c"], "attributes": {"colour": ["red", "blue"]}},
            }
        ],
    }


def test_an_unknown_kind_is_left_to_the_document_to_refuse() -> None:
    assert form_values.to_document({"conditions.0.kind": ["magic"]}, "EUR") == {
        "conditions": [{"kind": "magic"}]
    }


def test_a_name_and_a_pointer_say_the_same() -> None:
    assert form_values.pointer("conditions.0.of.1.minimum") == "/conditions/0/of/1/minimum"
    assert form_values.name_of("/benefits/0/steps/1/from") == "benefits.0.steps.1.from"

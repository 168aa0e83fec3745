"""Documents: what is refused and where, bytes, differences, contradictions, schema, and how a kind is added."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
import pytest
from tests.promotions_kit import CURRENCIES, basket, line, live_of, percent, price, promotion

from regulars.errors import MalformedJson, UnknownField, Unprocessable
from regulars.promotions.conditions.kind import Condition, Failure
from regulars.promotions.document import Change, build, canonical, check, diff, parse
from regulars.promotions.kinds import BENEFITS, CONDITIONS, KINDS, Kinds, tag_of
from regulars.promotions.model import DEFAULT_GROUPS
from regulars.promotions.outcome import Refusal
from regulars.promotions.scene import Scene
from regulars.promotions.schema import schema
from regulars.promotions.wording import English, refusal_text
from regulars.promotions.words import Words

GOOD = promotion(
    "items",
    percent("15", goods={"categories": ["books"], "label": {"en": "books"}}),
    conditions=[{"kind": "basket_amount", "minimum": 3000}, {"kind": "member"}],
)


@pytest.mark.parametrize(
    ("change", "pointer", "unknown"),
    [
        ({"nmae": "x"}, "/nmae", True),
        ({"name": " "}, "/name", False),
        ({"benefits": []}, "/benefits", False),
        ({"from": "2026-01-01T00:00:00+02:00"}, "/from", False),
        ({"benefits": [{"kind": "free_beer"}]}, "/benefits/0/kind", False),
        ({"benefits": [{"percent": "5"}]}, "/benefits/0/kind", False),
        ({"benefits": [percent("0")]}, "/benefits/0", False),
        ({"benefits": [percent("100.1")]}, "/benefits/0", False),
        ({"benefits": [{"kind": "line_percent", "percent": 15}]}, "/benefits/0/percent", False),
        ({"benefits": [percent("5", goods={"skus": ["a", 7]})]}, "/benefits/0/goods/skus/1", False),
        ({"benefits": [percent("5", colour="red")]}, "/benefits/0/colour", True),
        ({"conditions": [{"kind": "basket_amount", "minimum": 0}]}, "/conditions/0/minimum", False),
        ({"conditions": [{"kind": "basket_amount", "minimum": 12.5}]}, "/conditions/0/minimum", False),
        ({"conditions": [{"kind": "basket_amount"}]}, "/conditions/0", False),
        ({"conditions": [{"kind": "hours", "from": "25:00"}]}, "/conditions/0/from", False),
        ({"conditions": [{"kind": "and", "of": []}]}, "/conditions/0/of", False),
        (
            {"conditions": [{"kind": "and", "of": [{"kind": "store", "stores": ["a"], "floor": 2}]}]},
            "/conditions/0/of/0/floor",
            True,
        ),
    ],
)
def test_what_is_wrong_is_refused_with_the_place_of_it(
    change: dict[str, Any], pointer: str, unknown: bool
) -> None:
    with pytest.raises(Unprocessable) as caught:
        parse({**GOOD, **change})
    assert [fault.pointer for fault in caught.value.errors] == [pointer]
    assert isinstance(caught.value, UnknownField) == unknown


def test_all_parts_at_fault_are_named_at_once() -> None:
    with pytest.raises(Unprocessable) as caught:
        parse({**GOOD, "benefits": [percent("0"), percent("5"), percent("x")]})
    assert [fault.pointer for fault in caught.value.errors] == ["/benefits/0", "/benefits/2"]


def test_conditions_nested_too_deep_are_refused() -> None:
    nested: dict[str, Any] = {"kind": "member"}
    for _ in range(12):
        nested = {"kind": "not", "of": [nested]}
    with pytest.raises(Unprocessable):
        parse({**GOOD, "conditions": [nested]})


def test_broken_json_is_malformed() -> None:
    with pytest.raises(MalformedJson):
        parse(b'{"name": ')


@pytest.mark.fast
def test_the_bytes_of_a_document_do_not_depend_on_the_order_of_its_members() -> None:
    backwards = {name: GOOD[name] for name in reversed(GOOD)}
    assert canonical(parse(GOOD)) == canonical(parse(msgspec.json.encode(backwards)))
    assert parse(canonical(parse(GOOD))) == parse(GOOD)


def test_a_diff_names_the_place_and_both_values() -> None:
    after = {**GOOD, "name": "Books", "conditions": [{"kind": "basket_amount", "minimum": 2500}]}
    assert diff(parse(GOOD), parse(after)) == [
        Change("/conditions/0/minimum", 3000, 2500),
        Change("/conditions/1", {"kind": "member"}, None),
        Change("/name", "A promotion", "Books"),
    ]
    assert diff(parse(GOOD), parse(GOOD)) == []


CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"group": "nowhere"}, "There is no group 'nowhere'; there are basket, items, points."),
    ({"group": "basket"}, "line_percent belongs to the item stage, but the group 'basket' is of the basket stage."),
    ({"from": "2026-02-01T00:00:00", "until": "2026-02-01T00:00:00"},
     "It ends at 2026-02-01T00:00:00, which is not after its beginning at 2026-02-01T00:00:00."),
    ({"funder": "acme"}, "There is no partner 'acme' to pay for it."),
    ({"conditions": [{"kind": "basket_amount", "minimum": 3, "maximum": 2}]},
     "A basket of at least 3 and at most 2 does not exist."),
    ({"conditions": [{"kind": "quantity", "minimum": "3", "maximum": "2.5"}]},
     "There is no quantity of at least 3 and at most 2.5."),
    ({"conditions": [{"kind": "hours", "from": "10:00", "until": "10:00"}]},
     "The hours from 10:00 until 10:00 are empty."),
    ({"conditions": [{"kind": "member"}, {"kind": "not", "of": [{"kind": "member"}]}]},
     "member is asked for and ruled out at once."),
    ({"group": "points", "benefits": [{"kind": "points_fixed", "currency": "GOLD", "points": 5}]},
     "The program has no currency 'GOLD'."),
    ({"group": "points", "benefits": [{"kind": "points_multiplier", "currency": "PTS", "factor": "25"}]},
     "Points times 25 need a cap."),
    ({"group": "points",
      "benefits": [{"kind": "points_multiplier", "currency": "PTS", "factor": "2", "groups": ["bonus"]}]},
     "There is no group 'bonus' to multiply the points of."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), CONTRADICTIONS)
def test_a_contradiction_is_refused_in_a_sentence(change: dict[str, Any], sentence: str) -> None:
    assert check(parse({**GOOD, **change}), DEFAULT_GROUPS, CURRENCIES) == [sentence]


def test_a_good_document_has_no_contradiction() -> None:
    assert check(parse({**GOOD, "funder": "acme"}), DEFAULT_GROUPS, CURRENCIES, ["acme"]) == []


@pytest.mark.parametrize("kind", [*CONDITIONS, *BENEFITS], ids=tag_of)
def test_every_kind_has_an_example_labels_and_a_sentence(kind: type[Any]) -> None:
    if issubclass(kind, Condition):
        made: Any = KINDS.condition(kind.example, "")
    else:
        made = KINDS.benefit(kind.example, "")
    assert type(made) is kind
    assert made.describe(English(), "EUR")
    assert kind.title
    assert set(kind.labels) <= set(kind.__struct_encode_fields__)
    assert (kind.__doc__ or "").strip()
    assert set(kind.__struct_encode_fields__) <= set(kind.labels), "a field without a label in the form"


def test_the_schema_knows_every_kind_and_no_other_field() -> None:
    generated = schema()
    definitions = generated["$defs"]
    assert generated["additionalProperties"] is False
    for kind in (*CONDITIONS, *BENEFITS):
        assert definitions[kind.__name__]["additionalProperties"] is False
        assert definitions[kind.__name__]["properties"]["kind"]["enum"] == [tag_of(kind)]
    assert len(definitions["Condition"]["oneOf"]) == len(CONDITIONS)
    assert definitions["And"]["properties"]["of"]["items"] == {"$ref": "#/$defs/Condition"}
    assert generated["properties"]["benefits"]["items"] == {"$ref": "#/$defs/Benefit"}
    references = {
        part.split('"')[0] for part in msgspec.json.encode(generated).decode().split("#/$defs/")[1:]
    }
    assert references <= set(definitions)


# --- adding a kind is adding one class ---------------------------------------------------------------------------


class EvenLines(Condition, frozen=True, tag="even_lines"):
    """The receipt has an even number of lines."""

    title: ClassVar[str] = "Even number of lines"
    example: ClassVar[dict[str, Any]] = {"kind": "even_lines"}
    hard: ClassVar[bool] = False

    def decide(self, scene: Scene) -> Failure | None:
        return Failure("odd_lines", near=True) if len(scene.basket.lines) % 2 else None

    def describe(self, words: Words, currency: str) -> str:
        return words.gettext("for an even number of lines")

    @staticmethod
    def refusal_text(refusal: Refusal, give: str, words: Words) -> str | None:
        return f"Buy one thing more to get {give}" if refusal.code == "odd_lines" else None


@pytest.mark.fast
def test_a_new_condition_is_one_class() -> None:
    kinds = Kinds((*CONDITIONS, EvenLines))
    document = promotion("items", percent("10"), conditions=[{"kind": "not", "of": [{"kind": "even_lines"}]}])
    live = live_of(document, kinds=kinds)
    assert price(live, basket(line(1, 100)))[0].discount == 10
    live = live_of({**document, "conditions": [{"kind": "even_lines"}]}, kinds=kinds)
    assert price(live, basket(line(1, 100), line(2, 100)))[0].discount == 20
    outcome, _ = price(live, basket(line(1, 100)))
    benefits = live.promotions[0].benefits
    text = refusal_text(outcome.refusals[0], "A promotion", benefits, English(), "EUR", kinds)
    assert text == "Buy one thing more to get 10 % off"
    assert "EvenLines" in schema(kinds)["$defs"]
    with pytest.raises(Unprocessable):
        parse({**document, "conditions": [{"kind": "even_lines"}]})


def test_build_asks_first_what_no_change_of_the_basket_could_meet() -> None:
    raw = {
        **GOOD,
        "conditions": [{"kind": "basket_amount", "minimum": 1}, {"kind": "store", "stores": ["a"]}],
    }
    assert [tag_of(type(condition)) for condition in build(parse(raw)).conditions] == [
        "store",
        "basket_amount",
    ]

"""Every sentence of the linter stands beside the fields that it is about: one document for each of its rules."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct, structs
from tests.promotions_kit import percent, promotion
from tests.unit.test_promotions_linter import POINT_A_EURO, RULES_HERE, around, conditioned, lint, ware

from regulars.promotions import form_values
from regulars.promotions.document import parse
from regulars.promotions.linter import Finding, Surroundings
from regulars.promotions.linting.finding import Place

CASHBACK = {"kind": "cashback", "currency": "BACK", "percent": "100"}
MULTIPLIER = {"kind": "points_multiplier", "currency": "PTS", "factor": "3"}
RYE, COFFEE = {"categories": ["bread/rye"]}, {"skus": ["coffee"]}
FIRST = percent("1", goods={"skus": ["other"]})
"""A benefit before the one that a rule is about."""


class Rule(Struct, frozen=True):
    """A rule, a document that it finds something in, and where."""

    name: str
    document: dict[str, Any]
    code: str
    pointer: str
    also: tuple[str, ...] = ()
    surroundings: Surroundings | None = None


def hours(since: str, until: str) -> dict[str, Any]:
    return {"kind": "hours", "from": since, "until": until}


OUTBID = ("/priority", "/joint", "/benefits")
RULES = [
    Rule("unknown group", promotion("nowhere", percent("10")), "contradiction", "/group"),
    Rule("unfit group", promotion("points", percent("10")), "contradiction", "/benefits/0"),
    Rule("unknown currency", promotion("points", {**CASHBACK, "currency": "GOLD", "percent": "1"}), "contradiction",
         "/benefits/0/currency"),
    Rule("unknown group of a multiplier", promotion("points", {**MULTIPLIER, "groups": ["points", "gone"]}),
         "contradiction", "/benefits/0/groups"),
    Rule("a benefit against itself", promotion("points", {**MULTIPLIER, "factor": "21"}), "contradiction",
         "/benefits/0"),
    Rule("a condition against itself",
         conditioned({"kind": "member"}, {"kind": "basket_amount", "minimum": 2, "maximum": 1}), "contradiction",
         "/conditions/1"),
    Rule("asked for and ruled out", conditioned({"kind": "member"}, {"kind": "not", "of": [{"kind": "member"}]}),
         "contradiction", "/conditions/1"),
    Rule("limits against the stage", promotion("items", percent("10"), limits=[{"per": "total", "points": 5}]),
         "contradiction", "/limits"),
    Rule("an end before its beginning",
         promotion("items", percent("10"), **{"from": "2026-12-02T00:00:00", "until": "2026-12-01T00:00:00"}),
         "contradiction", "/until"),
    Rule("nobody to pay", promotion("items", percent("10"), funder="acme"), "contradiction", "/funder"),
    Rule("two conditions that leave nothing",
         conditioned({"kind": "store", "stores": ["a"]}, {"kind": "store", "stores": ["b"]}), "contradiction",
         "/conditions/1", ("/conditions/0",)),
    Rule("no such time", conditioned({"kind": "member"}, hours("08:00", "10:00"), hours("12:00", "13:00")),
         "no_such_time", "/conditions/1", ("/conditions/2",)),
    Rule("no such time in its window",
         conditioned({"kind": "hours", "weekdays": [1]},
                     **{"from": "2026-12-01T00:00:00", "until": "2026-12-05T00:00:00"}),
         "no_such_time", "/conditions/0", ("/from", "/until")),
    Rule("over", promotion("items", percent("10"), until="2026-11-01T00:00:00"), "window_over", "/until"),
    Rule("unknown store", conditioned({"kind": "member"}, {"kind": "store", "stores": ["x"]}), "unknown_store",
         "/conditions/1/stores", surroundings=around(stores={"a": Place()}, new_stores=False)),
    Rule("unknown group of stores", conditioned({"kind": "store", "groups": ["x"]}), "unknown_store_group",
         "/conditions/0/groups", surroundings=around(stores={"a": Place()})),
    Rule("unknown partner", conditioned({"kind": "partner", "partners": ["x"]}), "unknown_partner",
         "/conditions/0/partners"),
    Rule("unknown goods of a condition", conditioned({"kind": "products", "goods": RYE}), "unknown_goods",
         "/conditions/0/goods", surroundings=around(goods_known=frozenset())),
    Rule("unknown goods of a benefit", promotion("items", FIRST, percent("5", goods=COFFEE)), "unknown_goods",
         "/benefits/1/goods", surroundings=around(goods_known=frozenset({"s:other"}))),
    Rule("unknown goods of a part",
         promotion("items", {"kind": "bundle_price", "price": 100, "components": [{"goods": COFFEE}, {"goods": RYE}]}),
         "unknown_goods", "/benefits/0/components/1/goods", surroundings=around(goods_known=frozenset({"s:coffee"}))),
    Rule("unknown goods of an exception", promotion("items", percent("5", goods={**COFFEE, "except": RYE})),
         "unknown_goods", "/benefits/0/goods/except", surroundings=around(goods_known=frozenset({"s:coffee"}))),
    Rule("unknown batch", conditioned({"kind": "code", "batch": "X"}), "unknown_code_batch", "/conditions/0/batch",
         surroundings=around(code_batches=frozenset())),
    Rule("unknown batch to issue from", promotion("basket", {"kind": "voucher", "voucher": "X"}), "unknown_code_batch",
         "/benefits/0/voucher", surroundings=around(code_batches=frozenset())),
    Rule("text missing", promotion("items", percent("5", goods={**COFFEE, "label": {"en": "coffee"}})),
         "text_missing", "/benefits/0/goods/label", surroundings=around(languages=("en", "lv"))),
    Rule("shadowed", promotion("items", percent("5", goods=COFFEE)), "shadowed", "/group", OUTBID,
         around(promotion("items", percent("10")))),
    Rule("shadows", promotion("items", percent("10")), "shadows", "/group", OUTBID,
         around(promotion("items", percent("5", goods=COFFEE)))),
    Rule("overlaps", promotion("points", {"kind": "points_fixed", "currency": "PTS", "points": 1},
                               {"kind": "points_per_spend", "currency": "PTS"}), "overlaps", "/benefits/1/goods",
         ("/group",), around(POINT_A_EURO)),
    Rule("below cost", promotion("items", percent("10")), "below_cost", "/benefits/0",
         surroundings=around(wares=(ware("milk", 100, 95),))),
    Rule("goods for nothing", promotion("items", percent("100")), "unbounded", "/benefits/0", ("/limits",)),
    Rule("handed out", promotion("basket", {"kind": "basket_percent", "percent": "1"},
                                 {"kind": "gift", "options": [{"sku": "cup"}], "cost": 5000}), "unbounded",
         "/benefits/1", ("/limits",)),
    Rule("points worth more", promotion("points", CASHBACK), "earn_burn_loop", "/benefits/0", ("/limits",)),
    Rule("gift cards", POINT_A_EURO, "earn_burn_loop", "/benefits/0",
         surroundings=around(wares=(ware("card", 5000, tags=("gift-card",)),),
                             rules=structs.replace(RULES_HERE, earn_on_points_part=True))),
    Rule("multipliers that stack", promotion("points", MULTIPLIER), "multipliers_stack", "/benefits/0/cap",
         ("/limits",), around(POINT_A_EURO, promotion("points", MULTIPLIER))),
    Rule("very many points", promotion("points", {**MULTIPLIER, "factor": "6"}), "unbounded", "/benefits/0/cap",
         ("/limits",), around(POINT_A_EURO)),
    Rule("nothing to multiply", promotion("points", MULTIPLIER), "nothing_to_multiply", "/benefits/0"),
]  # fmt: skip


def found(rule: Rule) -> Finding:
    findings = lint(rule.document, rule.surroundings)
    (one,) = [one for one in findings if one.code == rule.code and one.pointer == rule.pointer] or findings
    return one


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_points_to_its_fields(rule: Rule) -> None:
    one = found(rule)
    assert (one.code, one.pointer, one.also) == (rule.code, rule.pointer, rule.also)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_pointer_leads_to_a_field_of_the_form(rule: Rule) -> None:
    """A part of it that is filled in, or an empty field of the document or of a benefit."""
    one = found(rule)
    filled = form_values.to_values(rule.document, "EUR")
    empty = {"group", "priority", "joint", "limits", "from", "until", "funder", "conditions", "benefits"}
    parse(rule.document)
    for pointer in (one.pointer, *one.also):
        name = form_values.name_of(pointer)
        held = any(value == name or value.startswith(f"{name}.") for value in filled)
        part = name.rpartition(".")[0]
        assert held or name in empty or any(value.startswith(f"{part}.") for value in filled), pointer

"""What a till calculates without the line: which promotions it is given, in what form, and what the vectors say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.offline_kit import (
    PARTNER,
    RULES,
    STORE,
    STORE_GROUPS,
    answered,
    basket_of,
    excluding,
    not_for_points,
    promotion,
)
from tests.promotions_kit import live_of, percent

from regulars import ids
from regulars.promotions import offline
from regulars.promotions.document import parse
from regulars.promotions.goods import Goods
from regulars.promotions.index import Live
from regulars.promotions.kinds import BENEFITS, CONDITIONS, tag_of
from regulars.promotions.model import Excluded, GroupRule, Revision, Rules
from regulars.promotions.words import English

ROOT = Path(__file__).parents[2]
VECTORS = sorted((ROOT / "tests" / "vectors" / "offline").glob("*.json"))
GROUPS = (GroupRule("items", "item"), GroupRule("basket", "basket"), GroupRule("points", "earning"))


def test_the_vectors_are_what_is_written_anew() -> None:
    ran = subprocess.run([sys.executable, str(ROOT / "scripts" / "vectors"), "--check"], check=False)
    assert ran.returncode == 0, "run scripts/vectors"


@pytest.mark.parametrize("file", VECTORS, ids=lambda file: file.stem)
def test_the_servers_engine_says_what_the_vectors_say(file: Path) -> None:
    """Read back from what the till gets alone: nothing that decides is left on the way."""
    cases = json.loads(file.read_text(encoding="utf-8"))
    assert [case["what"] for case in cases if _said_again(case) != case["expected"]] == []


def test_there_are_enough_vectors_and_no_two_have_one_name() -> None:
    names = [case["what"] for file in VECTORS for case in json.loads(file.read_text(encoding="utf-8"))]
    assert len(names) >= 400
    assert len(set(names)) == len(names)


def _said_again(case: dict[str, Any]) -> dict[str, Any]:
    """The server's answer to a vector, from its snapshot."""
    snapshot = case["snapshot"]
    groups: dict[str, GroupRule] = {}
    revisions: list[Revision] = []
    for carried in snapshot["promotions"]:
        group = carried["group"]
        groups[group["name"]] = GroupRule(**{**group, "excludes": tuple(group["excludes"])})
        document = {
            name: carried[name] for name in ("name", "names", "message", "joint", "from", "until", "benefits")
        }
        conditions = [_condition(one) for one in carried["conditions"]]
        place = {"group": group["name"], "conditions": conditions, "priority": len(revisions)}
        promotion = ids.read("prm", carried["id"])
        revisions.append(Revision(promotion, carried["revision"], parse({**document, **place})))
    points = snapshot["rules"]["points"]
    rules = Rules(
        snapshot["rules"]["currency"],
        {},
        discount_on=snapshot["rules"]["discount_on"],
        line_floor=snapshot["rules"]["line_floor"],
        prices_include_tax=snapshot["rules"]["prices_include_tax"],
        excluded=Excluded(_goods(snapshot["rules"]["excluded"]), spending=_goods(points["excluded"])),
        points_share_max=points["share_max"],
        points_share_line_max=points["share_line_max"],
    )
    live = Live.build(revisions, tuple(groups.values()))
    return answered(live, basket_of(case["basket"], snapshot["currency"]), rules)


def _condition(carried: dict[str, Any]) -> dict[str, Any]:
    """A condition as people write it; one that is decided, as one that decides alike."""
    if carried["kind"] == "known":
        return {"kind": "store", "stores": [STORE if carried["holds"] else "elsewhere"]}
    inner = {"of": [_condition(part) for part in carried["of"]]} if "of" in carried else {}
    return {**carried, **inner}


def _goods(lists: dict[str, Any] | None) -> Goods | None:
    return None if lists is None else msgspec.convert(lists, Goods)


def test_these_kinds_work_without_the_line_and_no_others() -> None:
    assert [tag_of(kind) for kind in CONDITIONS if kind.offline] == [
        "basket_amount", "quantity", "products", "bundle", "reduced_goods", "store", "partner", "channel", "till",
        "hours", "dates", "monthly", "every_weeks", "payment_method", "and", "or", "not",
    ]  # fmt: skip
    assert [tag_of(kind) for kind in BENEFITS if kind.offline] == [
        "line_percent", "line_amount", "line_price", "ladder", "n_for_m", "every_nth", "buy_get", "bundle_price",
        "basket_percent", "basket_amount_off", "basket_price", "message",
    ]  # fmt: skip
    assert not [kind for kind in CONDITIONS if kind.offline and kind.personal], "nobody is known there"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (promotion("items", percent("10")), "It works there too."),
        (
            promotion("items", percent("10"), conditions=[{"kind": "or", "of": [{"kind": "member"}]}]),
            "No: “Member present” cannot be told there.",
        ),
        (
            promotion("items", percent("10"), limits=[{"per": "total", "uses": 5}]),
            "No: its limits are counted for all tills together.",
        ),
        (
            promotion("points", {"kind": "points_fixed", "currency": "PTS", "points": 1}),
            "No: what is earned is calculated once the receipt is sent.",
        ),
        (
            promotion("points", {"kind": "message", "text": {"en": "Hello."}}),
            "No: what is earned is calculated once the receipt is sent.",
        ),
        (
            promotion("basket", {"kind": "delivery", "price": 0}),
            "No: “Delivery” needs it.",
        ),
        (
            promotion("items", percent("10"), conditions=[{"kind": "code", "codes": ["SPRING"]}]),
            "No: “Code presented” cannot be told there.",
        ),
    ],
    ids=["a tenth off", "members", "limits", "points", "a message beside points", "delivery", "a code"],
)
def test_a_promotion_says_whether_it_works_without_the_line(document: dict[str, Any], sentence: str) -> None:
    assert offline.said(parse(document), GROUPS, English()) == sentence


def test_a_till_is_given_what_may_apply_at_its_store() -> None:
    """In the order of groups and priorities; what the place decides is decided, what never applies is left out."""
    live = live_of(
        promotion("basket", {"kind": "basket_percent", "percent": "5"}),
        promotion("items", percent("10"), conditions=[{"kind": "store", "stores": ["riga-2"]}]),
        promotion(
            "items",
            percent("15"),
            conditions=[{"kind": "not", "of": [{"kind": "store", "stores": ["riga-2"]}]}],
        ),
        promotion("items", percent("20"), conditions=[{"kind": "member"}]),
        promotion("items", percent("25", goods={"skus": ["a"], "label": {"en": "these"}}), priority=1),
    )
    found = offline.carried(live, store=STORE, store_groups=STORE_GROUPS, partner=PARTNER)
    assert [one["id"] for one in found] == [ids.show("prm", UUID(int=n)) for n in (5, 3, 1)]
    assert found[0]["benefits"] == [{"kind": "line_percent", "goods": {"skus": ["a"]}, "percent": "25"}]
    assert found[0]["sought"] == [{"skus": ["a"]}]
    assert found[1]["conditions"] == [{"kind": "not", "of": [{"kind": "known", "holds": False}]}]
    assert found[2]["group"] == {"name": "basket", "stage": "basket", "rule": "best", "excludes": []}
    assert json.loads(json.dumps(found)) == found


def test_a_condition_on_goods_finds_a_promotion_by_itself() -> None:
    bread = {"kind": "products", "goods": {"skus": ["bread"]}}
    live = live_of(promotion("items", percent("10", goods={"skus": ["milk"]}), conditions=[bread]))
    assert offline.carried(live)[0]["sought"] == []


def test_the_rules_that_a_till_is_given() -> None:
    rules = Rules(
        "EUR", {}, line_floor="cost", discount_on="original_price", excluded=excluding(tags=("tobacco",))
    )
    assert offline.snapshot_rules(RULES)["excluded"] is None
    assert offline.snapshot_rules(rules) == {
        "currency": "EUR",
        "prices_include_tax": True,
        "discount_on": "original_price",
        "line_floor": "cost",
        "excluded": {"tags": ["tobacco"]},
        "points": {"share_max": 1_000_000, "share_line_max": 1_000_000, "excluded": None},
    }


def test_the_rules_of_points_that_a_till_is_given() -> None:
    rules = Rules(
        "EUR", {}, excluded=not_for_points(skus=("gift-card",)), points_share_max=500_000,
        points_share_line_max=125_000,
    )  # fmt: skip
    assert offline.snapshot_rules(rules)["points"] == {
        "share_max": 500_000, "share_line_max": 125_000, "excluded": {"skus": ["gift-card"]},
    }  # fmt: skip

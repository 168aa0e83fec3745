"""Settings of a program: their defaults agree, what contradicts is refused in a sentence; keys look as they should."""

from __future__ import annotations

from gettext import NullTranslations
from uuid import UUID

import msgspec
import pytest
from babel import Locale

from regulars.backoffice import refusals
from regulars.errors import Contradiction, InvalidValue, UnknownField
from regulars.flows.change_program import merged
from regulars.flows.create_program import named_program
from regulars.flows.known_programs import group_rules
from regulars.i18n import Language
from regulars.programs import keys
from regulars.programs.calculation import GroupSetting
from regulars.programs.consistency import contradictions, require_consistent
from regulars.programs.settings import ProgramSettings
from regulars.promotions.model import DEFAULT_GROUPS

SECRET = b"s" * 32


def changed(**settings: object) -> ProgramSettings:
    return msgspec.structs.replace(ProgramSettings(), **settings)


def pointers(settings: ProgramSettings) -> list[str]:
    return [fault.pointer for fault in contradictions(settings)]


def test_the_defaults_do_not_contradict_one_another() -> None:
    assert contradictions(ProgramSettings()) == []


def test_the_default_groups_are_those_of_the_promotions() -> None:
    assert group_rules(ProgramSettings()) == DEFAULT_GROUPS


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"hold_seconds": 901, "hold_seconds_max": 900}, "/settings/hold_seconds"),
        ({"grace_days": 0}, "/settings/grace_days"),
        (
            {"return_at_other_stores": False, "return_at_other_partners": True},
            "/settings/return_at_other_partners",
        ),
        ({"card_prefix": "99001234", "card_digits": 12}, "/settings/card_digits"),
        ({"foreign_card_prefixes": ("990",)}, "/settings/foreign_card_prefixes"),
        ({"foreign_card_prefixes": ("99001",)}, "/settings/foreign_card_prefixes"),
    ],
)
def test_a_contradiction_is_named_with_its_setting(settings: dict[str, object], pointer: str) -> None:
    assert pointers(changed(**settings)) == [pointer]
    with pytest.raises(Contradiction) as refused:
        require_consistent(changed(**settings))
    assert refused.value.detail.endswith(".")


def test_groups_stand_in_the_order_of_the_calculation_and_exclude_only_earlier_ones() -> None:
    groups = (
        GroupSetting("points", "earning"),
        GroupSetting("items", "item", "best", ("basket",)),
        GroupSetting("items", "item"),
    )
    assert pointers(changed(groups=groups)) == [
        "/settings/groups/1/stage",
        "/settings/groups/1/excludes",
        "/settings/groups/2/name",
        "/settings/groups/2/stage",
    ]


def test_a_change_replaces_what_is_given_and_keeps_the_rest() -> None:
    after = merged(changed(grace_days=7), {"hold_seconds": 60, "proof_above_a_day": None})
    assert after == changed(grace_days=7, hold_seconds=60, proof_above_a_day=None)


def test_an_unknown_setting_is_refused_by_its_name() -> None:
    with pytest.raises(UnknownField) as refused:
        merged(ProgramSettings(), {"hold_secnods": 60})
    assert refused.value.errors[0].pointer == "/settings/hold_secnods"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"hold_seconds": 0}, "/settings/hold_seconds"),
        ({"points_as": "gold"}, "/settings/points_as"),
        ({"groups": [{"name": "a", "stage": "never"}]}, "/settings/groups/0/stage"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(changes: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        merged(ProgramSettings(), changes)
    assert refused.value.errors[0].pointer == pointer


def test_a_key_has_its_kind_and_160_bits() -> None:
    texts = {keys.make("live") for _ in range(100)}
    assert len(texts) == 100
    assert all(text.startswith("live_") and len(text) == 5 + 160 // 5 for text in texts)


def test_a_derived_key_is_the_same_again_and_only_for_the_same_secret_and_id() -> None:
    one, two = UUID(int=1), UUID(int=2)
    assert keys.derive("test", SECRET, one) == keys.derive("test", SECRET, one)
    assert len({keys.derive("test", s, k) for s in (SECRET, b"t" * 32) for k in (one, two)}) == 4
    assert len(keys.derive("test", SECRET, one)) == 37


def test_a_retry_of_a_new_program_asks_for_the_same_id() -> None:
    maker = UUID(int=7)
    assert named_program(maker, "a") == named_program(maker, "a") != named_program(maker, "b")
    assert named_program(maker, "a").version == 8


class Brackets(NullTranslations):
    """A catalogue in which every message stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"


SPOKEN = Language("lv", Locale("lv"), Brackets())


def test_a_contradiction_is_said_in_the_readers_language_with_what_stands_in_it() -> None:
    groups = (GroupSetting("a {b}", "item"), GroupSetting("a {b}", "item"))
    with pytest.raises(Contradiction) as refused:
        require_consistent(changed(hold_seconds=901, hold_seconds_max=900, groups=groups))
    said = refusals.lines(refused.value, SPOKEN)
    assert said == [
        "settings › hold_seconds: [A hold would last 901 s by default, but hold_seconds_max allows 900 s at the most.]",
        "settings › groups › 1 › name: [Two groups are named 'a {b}'.]",
    ]
    beside = refusals.of_field(refused.value, "/settings/hold_seconds", SPOKEN)
    assert beside.startswith("[A hold would last 901 s")
    assert refused.value.errors[0].detail.startswith("A hold would last 901 s"), "the API says it in English"

"""What contradicts itself in a reward is said in a sentence that can be said in every language."""

from __future__ import annotations

import msgspec
import pytest

from regulars.contradictions import refuse
from regulars.errors import Contradiction
from regulars.rewards import contradictions
from regulars.rewards.contradictions import Surroundings
from regulars.rewards.model import Definition, Reward

AROUND = Surroundings({"PTS": "points", "QP": "qualifying"}, frozenset(), ("lv", "en"), {})


def test_every_sentence_of_a_problem_can_be_said_anew_from_its_message_and_values() -> None:
    reward = msgspec.convert(
        {
            "kind": "voucher",
            "names": {"en": "Five"},
            "prices": [{"currency": "QP", "points": 5}, {"currency": "XYZ", "points": 5}],
            "limits": [
                {"per": "member", "most": 3, "period": "day"},
                {"per": "total", "most": 2, "period": "day"},
            ],
            "batch": "five",
        },
        Reward,
    )
    found = contradictions.of_reward(reward, AROUND)
    assert [(one.pointer, one.sentence) for one in found] == [
        ("/names", "A name in lv is needed: it stands in for languages that have none."),
        ("/prices/0/currency", "QP counts for tiers only and cannot be spent."),
        ("/prices/1/currency", "The program has no currency XYZ."),
        ("/limits", "One member may claim 3, but all together only 2, per day."),
        ("/batch", "There is no voucher batch five."),
    ]
    with pytest.raises(Contradiction) as refused:
        refuse(found)
    problem = refused.value
    assert [one.detail for one in problem.errors] == list(problem.spoken)
    assert problem.spoken["QP counts for tiers only and cannot be spent."] == (
        "{currency} counts for tiers only and cannot be spent.",
        {"currency": "QP"},
    )


def test_a_voucher_says_what_is_missing_and_what_does_not_belong_to_it() -> None:
    gives = {"kind": "value", "percent": "150"}
    definition = msgspec.convert({"gives": gives, "transferable": True, "remind_days": 7}, Definition)
    assert [(one.pointer, one.sentence) for one in contradictions.of_definition(definition)] == [
        ("/definition/gives/amount", "A voucher of the kind value needs amount."),
        ("/definition/gives/percent", "percent does not belong to a voucher of the kind value."),
        ("/definition/gives/percent", "A percentage lies above 0 and is 100 at the most."),
        ("/definition/transferable", "Whoever brings a bearer voucher may use it: nothing is transferred."),
        ("/definition/remind_days", "Nobody can be reminded of a voucher that belongs to nobody."),
    ]

"""What every document has in common: texts by language, whom it is for, and what contradicts itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from regulars import contradictions
from regulars.audience import EVERYBODY, Audience, belongs, marked
from regulars.errors import Contradiction
from regulars.texts import said

pytestmark = pytest.mark.fast

BASES = {"status": "bronze"}
TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("texts", "heard"),
    [
        ({"lv": "Krūze", "en": "Mug"}, "Krūze"),
        ({"en": "Mug", "ru": "Кружка"}, "Mug"),
        ({"ru": "Кружка"}, "Кружка"),
        ({"lv": "", "en": "Mug"}, "Mug"),
        ({}, ""),
    ],
)
def test_a_text_is_read_in_the_readers_language_else_in_the_first_else_in_any(
    texts: dict[str, str], heard: str
) -> None:
    assert said(texts, "lv", "en") == heard


@pytest.mark.parametrize(
    ("audience", "marks", "birthday", "hers"),
    [
        (EVERYBODY, [], None, True),
        (Audience(tiers=("status/bronze",)), [], None, True),
        (Audience(tiers=("status/bronze",)), [("tier", "status/gold")], None, False),
        (Audience(tiers=("status/gold", "status/silver")), [("tier", "status/gold")], None, True),
        (Audience(tiers=("status/bronze",), clubs=("wine",)), [], None, False),
        (Audience(tiers=("status/bronze",), clubs=("wine",)), [("club", "wine")], None, True),
        (Audience(audiences=("wine",)), [("club", "wine")], None, False),
        (Audience(age_from=18), [], None, False),
        (Audience(age_from=18), [], date(2008, 3, 2), False),
        (Audience(age_from=18), [], date(2008, 3, 1), True),
    ],
)
def test_an_audience_wants_one_of_each_kind_that_it_names(
    audience: Audience, marks: list[tuple[str, str]], birthday: date | None, hers: bool
) -> None:
    assert belongs(audience, marked(marks, BASES, birthday), TODAY) is hers


def test_what_contradicts_itself_is_refused_with_every_sentence_and_what_it_was_made_of() -> None:
    begin, end = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(Contradiction) as refused:
        contradictions.refuse(
            [
                *contradictions.of_name({"en": "Mug"}, "lv"),
                *contradictions.of_text({}, "lv", "/texts"),
                *contradictions.of_price("VISITS", {"VISITS": "visits"}, "/price"),
                *contradictions.of_partner(None, ()),
                *contradictions.of_partner("acme", ()),
                *contradictions.of_times(begin, end),
            ]
        )
    assert [(one.pointer, one.detail, one.code) for one in refused.value.errors] == [
        (pointer, sentence, "contradictory_configuration")
        for pointer, sentence in (
            ("/names", "A name in lv is needed: it stands in for languages that have none."),
            ("/price", "VISITS counts visits that were paid for; they buy nothing else."),
            ("/funder", "There is no partner acme."),
            ("/until", "It ends before it begins."),
        )
    ]
    assert refused.value.spoken["There is no partner acme."] == (
        "There is no partner {partner}.",
        {"partner": "acme"},
    )


def test_where_nothing_contradicts_itself_nothing_is_refused() -> None:
    contradictions.refuse(contradictions.of_name({"lv": "Krūze"}, "lv"))

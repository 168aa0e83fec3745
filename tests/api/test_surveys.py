"""Quizzes and surveys over the API: answered once, rewarded once, anonymous where they say so, summed up."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from regulars.db.pool import fetch_all
from regulars.flows import own_words
from tests.api.conftest import Api
from tests.api.games import GOOD, QUIZ, SURVEY, TEN
from tests.api.shop import balance, member_with_card, refused
from tests.api.test_merging import merge, unmerge


async def put_survey(api: Api, code: str = "visit", **changes: Any) -> None:
    answer = await api.call("PUT", f"/v1/surveys/{code}", {**SURVEY, **changes})
    assert answer.status_code == 200, answer.text


async def answers(api: Api, member: str, given: dict[str, Any], survey: str = "visit", **options: Any) -> Any:
    return await api.post(f"/v1/members/{member}/answers", {"survey": survey, "answers": given}, **options)


async def test_a_survey_is_answered_and_rewarded_once(shop: Api) -> None:
    await put_survey(shop)
    member, _ = await member_with_card(shop)
    first = await answers(shop, member, GOOD, key="once")
    assert first.status_code == 201, first.text
    assert first.json()["prize"] == TEN
    assert (await answers(shop, member, GOOD, key="once")).json() == first.json()
    assert refused(await answers(shop, member, GOOD)) == (409, "already_answered", None)
    assert (await balance(shop, member))["available"] == 10
    (listed,) = (await shop.get(f"/v1/members/{member}/surveys")).json()["items"]
    assert listed["answered_at"] is not None


async def test_an_answer_that_was_given_for_a_duplicate_is_told_again_after_they_were_parted(
    shop: Api,
) -> None:
    await put_survey(shop)
    (anna, _), (twin, _) = await member_with_card(shop), await member_with_card(shop)
    await merge(shop, anna, twin)
    first = await answers(shop, twin, GOOD, key="once")
    await unmerge(shop, anna, twin)

    again = await answers(shop, twin, GOOD, key="once")

    assert first.status_code == again.status_code == 201, again.text
    assert again.json() == first.json()


async def test_results_are_counted_and_texts_do_not_run_in_a_spreadsheet(shop: Api) -> None:
    await put_survey(shop)
    for given in (GOOD, {"again": 9, "what": ["bread"]}, {"again": 3, "what": ["bread"], "word": "too loud"}):
        member, _ = await member_with_card(shop)
        assert (await answers(shop, member, given)).status_code == 201
    results = (await shop.get("/v1/surveys/visit/results")).json()
    assert results["survey"]["answers"] == 3
    assert results["counts"] == {"again": {"9": 2, "3": 1}, "what": {"bread": 3, "people": 1}}
    assert sorted(one["text"] for one in results["texts"]) == ["=2+2", "too loud"]
    lines = (await shop.get("/v1/surveys/visit/results.csv")).text.lstrip("\ufeff").splitlines()
    assert lines[0] == "day,again,what,word"
    assert sorted(lines[1:]) == [
        "2026-03-01,3,bread,too loud",
        "2026-03-01,9,bread people,'=2+2",
        "2026-03-01,9,bread,",
    ]


async def test_a_file_of_answers_is_opened_while_others_are_served(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_survey(shop)
    member, _ = await member_with_card(shop)
    assert (await answers(shop, member, GOOD)).status_code == 201
    opened, threads = own_words.open_reply, []

    def noted(*given: Any) -> dict[str, str]:
        threads.append(threading.get_ident())
        return opened(*given)

    monkeypatch.setattr(own_words, "open_reply", noted)
    assert (await shop.get("/v1/surveys/visit/results.csv")).status_code == 200
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


async def test_an_anonymous_answer_is_kept_without_whose_it_is(shop: Api) -> None:
    await put_survey(shop, anonymous=True)
    member, _ = await member_with_card(shop)
    assert (await answers(shop, member, GOOD)).status_code == 201
    assert refused(await answers(shop, member, GOOD)) == (409, "already_answered", None)
    assert shop.database is not None
    async with shop.database.transaction(shop.program.id) as tx:
        kept = await fetch_all(tx, "SELECT member, day::text FROM survey_reply", ())
    assert kept == [(None, "2026-03-01")]


async def test_an_erasure_takes_the_texts_and_what_was_chosen_still_counts(shop: Api) -> None:
    await put_survey(shop)
    member, _ = await member_with_card(shop)
    await answers(shop, member, GOOD)
    assert (await shop.delete(f"/v1/members/{member}")).status_code == 200
    certificate = (await shop.get(f"/v1/members/{member}/erasure")).json()["certificate"]
    assert certificate["removed"]["survey_answers"] == 1
    results = (await shop.get("/v1/surveys/visit/results")).json()
    assert (results["counts"]["again"], results["texts"]) == ({"9": 1}, [])


async def test_a_quiz_counts_what_is_right_and_rewards_enough_of_it(shop: Api) -> None:
    assert (await shop.call("PUT", "/v1/surveys/quiz", QUIZ)).status_code == 200
    member, _ = await member_with_card(shop)
    good = (await answers(shop, member, {"q1": "yes", "q2": "no"}, "quiz")).json()
    assert (good["score"], good["of"], good["prize"]) == (1, 2, TEN)
    other, _ = await member_with_card(shop)
    bad = (await answers(shop, other, {"q1": "no", "q2": "no"}, "quiz")).json()
    assert (bad["score"], bad["prize"]) == (0, {"nothing": True})
    assert [(await balance(shop, one))["available"] for one in (member, other)] == [10, 0]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"what": ["bread"]}, "/answers/again"),
        ({"again": 11, "what": ["bread"]}, "/answers/again"),
        ({"again": "9", "what": ["bread"]}, "/answers/again"),
        ({"again": 9, "what": ["cake"]}, "/answers/what"),
        ({"again": 9, "what": ["bread"], "when": "now"}, "/answers/when"),
        ({"again": 9, "what": ["bread"], "word": 5}, "/answers/word"),
    ],
)
async def test_an_answer_that_is_none_is_refused_and_nothing_is_written(
    shop: Api, given: dict[str, Any], pointer: str
) -> None:
    await put_survey(shop)
    member, _ = await member_with_card(shop)
    status, code, place = refused(await answers(shop, member, given))
    assert (status, code, place) == (422, "invalid_value", pointer)
    assert (await answers(shop, member, GOOD)).status_code == 201


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"questions": [{"code": "q", "kind": "choice", "texts": {"lv": "?"}}]}, "/questions/0/options"),
        ({"kind": "quiz"}, "/questions"),
        ({"least_right": 1}, "/least_right"),
        ({"names": {"en": "How?"}}, "/names"),
        ({"questions": [SURVEY["questions"][0]] * 2}, "/questions/1/code"),
    ],
)
async def test_a_survey_that_contradicts_itself_is_refused(
    shop: Api, changes: dict[str, Any], pointer: str
) -> None:
    answer = await shop.call("PUT", "/v1/surveys/visit", {**SURVEY, **changes})
    assert refused(answer) == (422, "contradictory_configuration", pointer)

"""What a certification tells a person, hears from one, and takes a request for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from regulars.certify.drivers import Asked, sentence
from regulars.certify.line import call_of
from regulars.certify.model import Exchange, Person, Reply, Seen, Step
from regulars.certify.running import act_of
from regulars.certify.shop import mistyped

pytestmark = pytest.mark.fast

ANNA = Person("mem_1", "Anna", "9900596178434410", "+37120000001")


def person(*answers: str) -> tuple[Asked, list[str]]:
    """Somebody who answers that, and what she was told."""
    told: list[str] = []
    waiting: Iterator[str] = iter(answers)
    return Asked(lambda _: next(waiting), told.append), told


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step("find", customer="phone"), "Find the customer: phone +37120000001."),
        (Step("enrol", customer="phone"),
         "Enrol a new customer with the phone +37120000001; her name is Anna."),
        (Step("sell", customer="card", goods="2 coffee, 0.735 apples", spend=300, if_no_answer="insist"),
         "Sell 2 × Coffee (coffee, 4759000000018) at 4.50, 0.735 × Apples, a kilogram (apples, 4759000000032) at 1.99 "
         "to the card 9900596178434410, and take the money. 300 points pay. "
         "If there is no answer, try again until there is one."),
        (Step("sell", goods="1 bread", if_no_answer="give_up"),
         "Sell 1 × Rye bread (bread, 4759000000025) at 1.89, and take the money. "
         "If there is no answer, give the sale up: the customer leaves."),
        (Step("sell", goods="1 bread", customer="unknown phone", if_price_changed="decline"),
         "Sell 1 × Rye bread (bread, 4759000000025) at 1.89 to the phone +37120000008, and take the money. "
         "If the price changed, the customer does not want it any more."),
        (Step("confirm", lines=((1, "36.21"),)), "Confirm what was put aside, but only 36.21 of line 1."),
        (Step("return", lines=((1, "1"),)), "Take goods back from the last receipt: 1 of line 1."),
        (Step("send"), "The line is back. Wait until the till has sent its receipts."),
    ],
)  # fmt: skip
def test_a_step_is_said_in_plain_words(step: Step, said: str) -> None:
    assert act_of(step, ANNA).say == said == sentence(act_of(step, ANNA))


@pytest.mark.parametrize(
    ("answers", "reply"),
    [
        (("y", "7.65"), Reply(done=True, amount=765)),
        (("yes", "7,6"), Reply(done=True, amount=760)),
        (("y", "seven", "1.234", "7"), Reply(done=True, amount=700)),
        (("y", ""), Reply(done=True)),
        (("n",), Reply()),
    ],
)
def test_a_person_says_what_the_till_shows(answers: tuple[str, ...], reply: Reply) -> None:
    asked, told = person(*answers)
    act = act_of(Step("sell", goods="1 bread"), ANNA)
    assert asked.do(act) == reply
    assert told == [act.say]


def test_a_person_says_whose_name_the_till_shows() -> None:
    asked, _ = person("y", "Anna")
    assert asked.do(act_of(Step("find", customer="card"), ANNA)) == Reply(done=True, customer="Anna")


@pytest.mark.parametrize(
    ("request_line", "call"),
    [
        ("POST /v1/members/find", "find"),
        ("POST /v1/members", "enrol"),
        ("POST /v1/members/mem_1/challenges", "challenge"),
        ("POST /v1/purchases", "record"),
        ("POST /v1/purchases/preview", "price"),
        ("POST /v1/purchases/batch", "batch"),
        ("POST /v1/purchases/void", "void"),
        ("POST /v1/purchases/pur_1/void", "void"),
        ("POST /v1/purchases/pur_1/confirm", "confirm"),
        ("POST /v1/purchases/pur_1/returns", "return"),
        ("POST /v1/purchases/pur_1/returns/preview", "return_price"),
        ("GET /v1/purchases/pur_1", "read"),
        ("DELETE /v1/purchases/pur_1", "other"),
    ],
)
def test_a_request_is_taken_for_the_call_that_it_is(request_line: str, call: str) -> None:
    assert call_of(*request_line.split()) == call


def test_a_mistyped_card_is_wrong_in_its_last_digit() -> None:
    assert (mistyped("9900596178434410"), mistyped("9900596178434419")) == (
        "9900596178434411",
        "9900596178434410",
    )


def test_what_is_shown_of_a_request_has_its_key_but_not_the_tills() -> None:
    headers = {"authorization": "Bearer test_secret", "idempotency-key": "void-1"}
    one = Exchange(1, "void", "POST", "/v1/purchases/void", headers, {"request": "a"}, 0.0, status=200)
    seen = Seen([one], (), [], [], [], [], ANNA)
    assert seen.of("void") == [one]
    assert one.excerpt() == {
        "method": "POST", "path": "/v1/purchases/void", "body": {"request": "a"}, "status": 200, "code": "",
        "idempotency_key": "void-1",
    }  # fmt: skip

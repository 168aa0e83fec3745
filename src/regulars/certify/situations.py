"""The situations, by the parts of a till's day: what is done at the till, what happens on the line, what must be so.

One declaration each. The sums follow from the goods and promotions of `shop`: two coffees are 7.65, bread is 1.89.
"""

from __future__ import annotations

from typing import Literal, TypedDict, Unpack

from regulars.certify.checks import (
    as_sold,
    at_its_own_time,
    at_most,
    bought,
    bought_by,
    came_again,
    counted,
    done,
    in_their_order,
    made,
    named_by_a_key,
    paid_with_points,
    recorded,
    said,
    says_what_was_shown,
    shows_the_name,
    stands_as,
)
from regulars.certify.model import Customer, Fault, Situation, Step

FIND, ENROL, SPEND, PROOF = (frozenset({one}) for one in ("find", "enrol", "spend", "proof"))
VOID, HOLD, RETURNS, OFFLINE = (frozenset({one}) for one in ("void", "hold", "returns", "offline"))
RIGHT_CODE, WRONG_CODE = "482913", "111222"


def _lost(on: str, times: int = 1) -> tuple[Fault, ...]:
    return (Fault(on, "lose answer", times),)


def _answered(on: str, status: int, code: str, retry_after: int = 0) -> tuple[Fault, ...]:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return (Fault(on, "answer", status=status, code=code, headers=headers),)


class _More(TypedDict, total=False):
    sale: str
    spend: int | Literal["max"]
    code: str
    if_price_changed: Literal["agree", "decline"]
    if_no_answer: Literal["insist", "give_up"]
    line_down: bool


def _sell(goods: str, customer: Customer = "", *faults: Fault, **more: Unpack[_More]) -> Step:
    return Step("sell", customer=customer, goods=goods, faults=faults, **more)


_CUSTOMERS = (
    Situation("find-card", "A card is scanned, and the till greets the customer by name",
              (Step("find", customer="card"),), (made("find"), done(True), shows_the_name), FIND),
    Situation("find-mistyped", "A card number is mistyped; the sale goes on without it",
              (Step("find", customer="mistyped card"), _sell("1 bread")),
              (done(False, True), at_most(1, "find"), recorded(1), bought_by("nobody")), FIND),
    Situation("find-unknown", "Nobody has that phone; the sale goes on without a customer",
              (Step("find", customer="unknown phone"), _sell("1 bread")),
              (done(False, True), at_most(1, "find"), recorded(1), bought_by("nobody")), FIND),
    Situation("find-busy", "The look-up is asked to come again in a second",
              (Step("find", customer="card", faults=_answered("find", 429, "too_many_requests", 1)),),
              (done(True), shows_the_name), FIND),
    Situation("enrol", "A new customer is enrolled by phone and buys at once",
              (Step("enrol", customer="phone"), _sell("1 bread", "phone")),
              (named_by_a_key("enrol"), done(True, True), recorded(1), bought_by("the customer")), ENROL, known=False),
    Situation("enrol-lost", "The answer to an enrolment is lost",
              (Step("enrol", customer="phone", faults=_lost("enrol")),),
              (named_by_a_key("enrol"), came_again("enrol"), done(True)), ENROL, known=False),
    Situation("enrol-known", "Whoever wants to enrol is a member already, and buys as one",
              (Step("enrol", customer="phone"), _sell("1 bread", "phone")),
              (at_most(1, "enrol"), recorded(1), bought_by("the customer")), ENROL),
)  # fmt: skip

_PRICES = (
    Situation("price", "What would it cost? Asking books nothing",
              (Step("price", customer="card", goods="2 coffee"),), (said(765), recorded(0))),
    Situation("price-discount", "Coffee is cheaper this week: the receipt has the server's sum",
              (_sell("2 coffee, 1 bread", "card"),), (said(954), recorded(1), says_what_was_shown)),
    Situation("price-weighed", "Apples are weighed: 0.735 kg",
              (_sell("0.735 apples"),), (said(146), recorded(1), bought(apples="0.735"))),
    Situation("price-changed", "The price changes between the screen and the money; the customer agrees",
              (_sell("2 coffee", "card", Fault("record", "event", event="the coffee week ends"),
                     if_price_changed="agree"),),
              (says_what_was_shown, done(True), said(900), recorded(1))),
    Situation("price-declined", "The price changes between the screen and the money; the customer declines",
              (_sell("2 coffee", "card", Fault("record", "event", event="the coffee week ends"),
                     if_price_changed="decline"),),
              (made("record"), says_what_was_shown, done(False), recorded(0))),
    Situation("price-busy", "The server is busy when the price is asked",
              (_sell("1 bread", "", *_answered("price", 503, "overloaded", 1)),), (done(True), said(189), recorded(1))),
)  # fmt: skip

_SALES = (
    Situation("sell-nobody", "A sale without a customer",
              (_sell("1 bread"),), (done(True), said(189), recorded(1), bought_by("nobody"))),
    Situation("sell-card", "A sale to a card",
              (_sell("2 bread", "card"),), (done(True), said(378), recorded(1), bought_by("the customer"))),
    Situation("sell-phone", "A sale to a phone number",
              (_sell("1 bread", "phone"),), (done(True), recorded(1), bought_by("the customer"))),
    Situation("sell-alike", "Two sales in a row that are alike are two",
              (_sell("1 bread", "card"), _sell("1 bread", "card", sale="b")), (done(True, True), recorded(2))),
    Situation("sell-time", "A receipt has the time of its sale, with an offset",
              (_sell("1 bread"),), (recorded(1), at_its_own_time)),
    Situation("sell-much", "A long receipt, the same goods twice among them",
              (_sell("2 coffee, 1 bread, 0.735 apples, 3 bread", "card"),),
              (done(True), said(1667), recorded(1), bought(coffee="2", bread="4", apples="0.735"))),
    Situation("sell-slow", "The answer to a sale is very late",
              (_sell("1 bread", "card", Fault("record", "slow"), if_no_answer="insist"),), (done(True), recorded(1))),
    Situation("sell-twice", "The line delivers a sale twice",
              (_sell("1 bread", "card", Fault("record", "twice")),), (done(True), recorded(1))),
    Situation("sell-later-version", "The server has learned new fields, and answers with them",
              (_sell("2 coffee", "card", Fault("price record", "add fields", 9)),),
              (done(True), said(765), recorded(1))),
)  # fmt: skip

_NO_ANSWER = (
    Situation("lost-answer", "The sale is recorded, its answer is lost",
              (_sell("1 bread", "card", *_lost("record"), if_no_answer="insist"),),
              (came_again("record", "batch"), done(True), recorded(1))),
    Situation("lost-request", "The sale itself is lost on the way",
              (_sell("1 bread", "card", Fault("record", "lose request"), if_no_answer="insist"),),
              (came_again("record", "batch"), done(True), recorded(1))),
    Situation("lost-twice", "The answer is lost twice",
              (_sell("1 bread", "card", *_lost("record", 2), if_no_answer="insist"),),
              (came_again("record", "batch", times=3), done(True), recorded(1))),
    Situation("cut-answer", "The line breaks in the middle of the answer",
              (_sell("1 bread", "card", Fault("record", "cut answer"), if_no_answer="insist"),),
              (came_again("record", "batch"), done(True), recorded(1))),
    Situation("gateway", "Something in between says 504: nobody knows what the server did",
              (_sell("1 bread", "card", *_answered("record", 504, "gateway_timeout"), if_no_answer="insist"),),
              (came_again("record", "batch"), done(True), recorded(1))),
    Situation("give-up", "The answer is lost and the customer leaves: the sale is given up",
              (_sell("1 bread", "card", *_lost("record", 9), if_no_answer="give_up"),),
              (made("void"), done(False), recorded(0), stands_as("voided")), VOID),
    Situation("give-up-late", "A sale is given up, and its lost request arrives after that",
              (_sell("1 bread", "card", Fault("record", "deliver late", 9), if_no_answer="give_up"),),
              (made("void"), done(False), recorded(0)), VOID),
)  # fmt: skip

_LATER = (
    Situation("void", "The last receipt is taken back whole",
              (_sell("1 bread", "card"), Step("void")), (done(True, True), recorded(0), stands_as("voided")), VOID),
    Situation("void-lost", "The answer to taking back is lost",
              (_sell("1 bread", "card"), Step("void", faults=_lost("void"))),
              (came_again("void"), done(True, True), recorded(0), stands_as("voided")), VOID),
    Situation("hold", "A sale waits for the card terminal, and is confirmed",
              (Step("hold", customer="card", goods="40 fuel"), Step("confirm")),
              (named_by_a_key("confirm"), done(True, True), said(None, 6600), recorded(1)), HOLD),
    Situation("hold-less", "Less was tanked than was held for",
              (Step("hold", customer="card", goods="40 fuel"), Step("confirm", lines=((1, "36.21"),))),
              (done(True, True), said(None, 5975), recorded(1)), HOLD),
    Situation("hold-void", "The customer walks away from what is held",
              (Step("hold", customer="card", goods="40 fuel"), Step("void")),
              (done(True, True), recorded(0), stands_as("voided")), HOLD),
    Situation("hold-lost", "The answer to a confirmation is lost",
              (Step("hold", customer="card", goods="40 fuel"), Step("confirm", faults=_lost("confirm"))),
              (named_by_a_key("confirm"), came_again("confirm"), done(True, True), recorded(1)), HOLD),
    Situation("hold-lapsed", "A hold has lapsed and its points are gone; the goods have left",
              (Step("hold", customer="card", goods="40 fuel"),
               Step("confirm", faults=_answered("confirm", 409, "hold_lapsed"))),
              (done(True, True), recorded(1), stands_as("held"), at_most(1, "confirm")), HOLD),
    Situation("return", "One of two comes back",
              (_sell("2 bread", "card"), Step("return", lines=((1, "1"),))),
              (done(True, True), said(378, 189), stands_as("partly_returned")), RETURNS),
    Situation("return-steps", "Two come back, one after the other",
              (_sell("2 bread", "card"), Step("return", lines=((1, "1"),)), Step("return", lines=((1, "1"),))),
              (done(True, True, True), said(378, 189, 189), stands_as("returned")), RETURNS),
    Situation("return-lost", "The answer to a return is lost",
              (_sell("2 bread", "card"), Step("return", lines=((1, "1"),), faults=_lost("return"))),
              (came_again("return"), done(True, True), said(378, 189), stands_as("partly_returned")), RETURNS),
    Situation("return-too-much", "What came back already comes back once more",
              (_sell("1 bread", "card"), Step("return", lines=((1, "1"),)), Step("return", lines=((1, "1"),))),
              (done(True, True, False), stands_as("returned")), RETURNS),
    Situation("return-discounted", "What was sold at a discount comes back for what it cost",
              (_sell("2 coffee", "card"), Step("return", lines=((1, "2"),))),
              (done(True, True), said(765, 765), stands_as("returned")), RETURNS),
    Situation("return-points", "What points paid comes back as points",
              (_sell("2 coffee", "card", spend=300), Step("return", lines=((1, "2"),))),
              (done(True, True), said(465, 465), stands_as("returned")), RETURNS | SPEND, points=300),
)  # fmt: skip

_ASK = Fault("price record challenge", "ask for proof", 99, code=RIGHT_CODE)
_POINTS = (
    Situation("spend", "Points pay a part",
              (_sell("2 coffee", "card", spend=300),),
              (done(True), said(465), paid_with_points(300), says_what_was_shown), SPEND, points=300),
    Situation("spend-max", "As many points as may be",
              (_sell("2 coffee", "card", spend="max"),),
              (done(True), said(565), paid_with_points(200)), SPEND, points=200),
    Situation("spend-gone", "The points are spent elsewhere in the same minute; the customer pays with money",
              (_sell("2 coffee", "card", Fault("record", "event", event="the points are spent elsewhere"), spend=300),),
              (done(True), said(765), recorded(1), paid_with_points(0)), SPEND, points=300),
    Situation("spend-unproved", "Spending needs a code that the customer does not have; she pays with money",
              (_sell("2 coffee", "phone", spend=300),),
              (done(True), said(765), paid_with_points(0)), SPEND, points=300),
    Situation("spend-proved", "Spending needs a code, and the customer says it",
              (_sell("2 coffee", "card", _ASK, spend=300, code=RIGHT_CODE),),
              (made("challenge"), done(True), said(465), paid_with_points(300)), PROOF, points=300),
    Situation("spend-wrong-code", "The code is wrong; the customer pays with money",
              (_sell("2 coffee", "card", _ASK, spend=300, code=WRONG_CODE),),
              (done(True), said(765), paid_with_points(0)), PROOF, points=300),
)  # fmt: skip

_ERRORS = (
    Situation("busy", "The server is busy and says when to come again",
              (_sell("1 bread", "card", *_answered("record", 503, "overloaded", 2), if_no_answer="insist"),),
              (done(True), recorded(1))),
    Situation("too-many", "Too many requests: the till waits as long as it is told",
              (_sell("1 bread", "card", *_answered("record", 429, "too_many_requests", 2), if_no_answer="insist"),),
              (done(True), recorded(1))),
    Situation("internal-error", "The server fails; nothing was written, and the same goes through later",
              (_sell("1 bread", "card", *_answered("record", 500, "internal_error"), if_no_answer="insist"),),
              (came_again("record", "batch"), done(True), recorded(1))),
    Situation("key-ended", "The till's key was ended: it says so, and does not go on asking",
              (_sell("1 bread", "card", Fault("price record batch find", "answer", 99, 401, "unauthenticated")),),
              (made("find", "price", "record"), done(False), at_most(2, "record"), recorded(0))),
    Situation("card-blocked", "The card was blocked a moment ago; the sale goes on without it",
              (_sell("1 bread", "card", Fault("record", "event", event="the card is blocked")),),
              (done(True), said(189), recorded(1), bought_by("nobody"))),
)  # fmt: skip


def _off(goods: str, sale: str, customer: Customer = "card") -> Step:
    return _sell(goods, customer, sale=sale, line_down=True)


_SENT = Step("send", before="time passes")
_DAY = tuple(_off("1 bread", sale) for sale in "abcde")
_OFFLINE = (
    Situation("offline", "The line is down; the shop sells, and sends the receipt when it is back",
              (_off("2 bread", "a"), _SENT),
              (done(True, True), recorded(1), as_sold, at_its_own_time, bought_by("the customer")), OFFLINE),
    Situation("offline-five", "Five receipts without the line arrive once, in their order",
              (*_DAY, _SENT), (recorded(5), as_sold, at_its_own_time, in_their_order), OFFLINE),
    Situation("offline-lost", "The answer to the receipts is lost",
              (_off("1 bread", "a"), _off("2 bread", "b"),
               Step("send", before="time passes", faults=_lost("batch record"))),
              (came_again("batch", "record"), recorded(2), as_sold), OFFLINE),
    Situation("offline-busy", "The server is busy when the receipts are sent",
              (_off("1 bread", "a"),
               Step("send", before="time passes", faults=_answered("batch record", 503, "overloaded", 1))),
              (recorded(1), as_sold), OFFLINE),
    Situation("offline-mistyped", "A card was mistyped while the line was down: the receipt is a fact all the same",
              (_off("1 bread", "a", "mistyped card"), _off("2 bread", "b"), _SENT),
              (recorded(2), as_sold), OFFLINE),
    Situation("offline-counted", "The till counts its offline receipts",
              (*_DAY[:3], _SENT), (recorded(3), as_sold, counted), OFFLINE | {"counter"}),
)  # fmt: skip

PARTS: dict[str, tuple[Situation, ...]] = {
    "Customers": _CUSTOMERS,
    "Prices": _PRICES,
    "Sales": _SALES,
    "No answer": _NO_ANSWER,
    "Void, hold, return": _LATER,
    "Points": _POINTS,
    "Errors": _ERRORS,
    "Offline": _OFFLINE,
}
SITUATIONS: tuple[Situation, ...] = tuple(one for part in PARTS.values() for one in part)

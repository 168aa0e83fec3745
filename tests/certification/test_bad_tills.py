"""Bad tills are caught, each by the situation that was made for it, with the reason in a sentence."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.certify.model import Act, Reply
from tests.certification.conftest import Room
from tests.certification.model_till import NoAnswer, Refused, Till, new_id

PATIENT = 30.0
"""For tills of which each attempt counts: a slow machine is not a lost answer, and a line that hangs up is at once."""


class NewIdAtEachTry(Till):
    timeout_seconds = PATIENT

    def once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        return super().once(path, {**body, "id": new_id()} if path == "/v1/purchases" else body, key)


class NeverTriesAgain(Till):
    timeout_seconds = PATIENT

    def post(self, path: str, body: dict[str, Any], key: str | None = None, attempts: int = 1) -> Any:
        return super().post(path, body, key, 1)

    def give_up(self, body: dict[str, Any]) -> None:
        pass


class NeverVoids(Till):
    def give_up(self, body: dict[str, Any]) -> None:
        pass


class PrintsBeforeTheAnswer(Till):
    def record(self, act: Act, body: dict[str, Any]) -> Reply:
        try:
            return super().record(act, body)
        except NoAnswer:
            return Reply(done=True, amount=body["expect"]["payable"])


class DoesNotLookAtConflicts(Till):
    def otherwise(self, act: Act, body: dict[str, Any], refusal: Refused) -> Reply:
        return Reply(done=True, amount=body["expect"]["payable"])


class SaysNothingOfWhatWasShown(Till):
    def expected(self, shown: dict[str, Any]) -> dict[str, Any]:
        return {}


class PrintsItsOwnSum(Till):
    def record(self, act: Act, body: dict[str, Any]) -> Reply:
        own = round(sum(float(good.quantity) * good.unit_price for good in act.goods))
        return Reply(done=super().record(act, body).done, amount=own)


class CountsInFloats(Till):
    def body(self, act: Act, **more: Any) -> dict[str, Any]:
        body = super().body(act, **more)
        return {**body, "lines": [{**line, "quantity": float(line["quantity"])} for line in body["lines"]]}


class NamesSalesByTheirGoods(Till):
    def body(self, act: Act, **more: Any) -> dict[str, Any]:
        goods = "-".join(f"{good.sku}x{good.quantity}" for good in act.goods)
        return super().body(act, **more) | {"id": f"{self.settings['key'][:12]}-{goods}"}


class KnowsNoOffset(Till):
    def body(self, act: Act, **more: Any) -> dict[str, Any]:
        return super().body(act, **more) | {
            "purchased_at": datetime.now(UTC).replace(tzinfo=None).isoformat()
        }


class ReadsOnlyWhatItKnows(Till):
    def once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        response = super().once(path, body, key)
        if "new_in_a_later_version" in response.text:
            raise ValueError("unknown field")
        return response


class CannotWait(Till):
    def asked(self, response: httpx.Response) -> float:
        return 0


class AsksForEver(Till):
    timeout_seconds = PATIENT

    def post(self, path: str, body: dict[str, Any], key: str | None = None, attempts: int = 9) -> Any:
        for _ in range(3):
            try:
                return super().post(path, body, key)
            except Refused as refusal:
                if refusal.code != "unauthenticated":
                    raise
        raise NoAnswer

    def sell(self, act: Act, **more: Any) -> Reply:
        body = self.body(act, **more)
        return self.record(act, body)

    def give_up(self, body: dict[str, Any]) -> None:
        pass


class DropsTheSaleWithTheCard(Till):
    def otherwise(self, act: Act, body: dict[str, Any], refusal: Refused) -> Reply:
        raise refusal


class FindsByAddress(Till):
    def find(self, act: Act) -> Reply:
        httpx.get(
            f"{self.settings['url']}/v1/members",
            params=act.customer,
            headers={"Authorization": f"Bearer {self.settings['key']}"},
        )
        return super().find(act)


class EnrolsAnew(Till):
    def once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        return super().once(path, body, new_id() if path == "/v1/members" else key)


class ReturnsAnew(Till):
    def once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        return super().once(path, {**body, "id": new_id()} if path.endswith("/returns") else body, key)


class ConfirmsAnew(Till):
    def once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        return super().once(path, body, new_id() if path.endswith("/confirm") else key)


class ForgetsTheHold(Till):
    def confirm(self, act: Act) -> Reply:
        try:
            return super().confirm(act)
        except Refused:
            return Reply()

    def post(self, path: str, body: dict[str, Any], key: str | None = None, attempts: int = 6) -> Any:
        if body.get("pricing") == "as_sold":
            raise Refused({"code": "hold_lapsed"})
        return super().post(path, body, key, attempts)


class TypesTheWrongCodeAgain(Till):
    def otherwise(self, act: Act, body: dict[str, Any], refusal: Refused) -> Reply:
        if refusal.code == "proof_wrong" and not body.get("channel"):
            return self.again(act, {**body, "channel": "again"})
        return super().otherwise(act, body, refusal)


class LogsCodes(Till):
    log = Path()

    def do(self, act: Act) -> Reply:
        with self.log.open("a") as file:
            file.write(f"{act.act} {act.code}\n")
        return super().do(act)


class StampsWhenItSends(Till):
    def send(self, act: Act) -> Reply:
        self.queue = [one | {"purchased_at": datetime.now(UTC).isoformat()} for one in self.queue]
        return super().send(act)


class DecidesPricesAnew(Till):
    def send(self, act: Act) -> Reply:
        offline = ("pricing", "offline")
        self.queue = [
            {name: value for name, value in one.items() if name not in offline} for one in self.queue
        ]
        return super().send(act)


class CountsWhatItDoesNotSayIsSold(Till):
    def send(self, act: Act) -> Reply:
        self.queue = [one | {"pricing": "quote"} for one in self.queue]
        return super().send(act)


class SendsTheLastFirst(Till):
    def send(self, act: Act) -> Reply:
        self.queue.reverse()
        return super().send(act)


class SendsOfflineReceiptsAnew(Till):
    def once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        if path.endswith("/batch"):
            body = {"purchases": [{**one, "id": new_id()} for one in body["purchases"]]}
        return super().once(path, body, key)


class LosesCount(Till):
    def counted(self) -> int:
        self.counter += 1
        return super().counted()


class FallsSilent(Till):
    def do(self, act: Act) -> Reply:
        if act.act == "sell":
            return Reply(said="A screen that nobody knows.")
        return super().do(act)


BAD = [
    (NewIdAtEachTry, "lost-answer", "It was sent again, but not as it was: id, key or content differ."),
    (NewIdAtEachTry, "give-up", "The books have 6 purchases; there should be 0."),
    (NeverTriesAgain, "lost-answer", "After no answer it was not sent again (1 of 2)."),
    (NeverTriesAgain, "internal-error", "After no answer it was not sent again (1 of 2)."),
    (NeverVoids, "give-up", "The till never sent void."),
    (NeverVoids, "give-up-late", "The till never sent void."),
    (PrintsBeforeTheAnswer, "give-up", "Step 1 should not be done at the till."),
    (DoesNotLookAtConflicts, "price-declined", "Step 1 should not be done at the till."),
    (DoesNotLookAtConflicts, "price-changed", "Step 1: the till shows 7.65, the server says 9.00."),
    (DoesNotLookAtConflicts, "spend-gone", "Step 1: the till shows 4.65, the server says 7.65."),
    (SaysNothingOfWhatWasShown, "price-discount",
     "The purchase has no expect: another price than the one shown would be recorded."),
    (PrintsItsOwnSum, "price-discount", "Step 1: the till shows 10.89, the server says 9.54."),
    (CountsInFloats, "price-weighed", "/lines/0/quantity is 0.735: amounts are whole numbers"),
    (CountsInFloats, "sell-time", "/lines/0/quantity is 1.0: amounts are whole numbers"),
    (NamesSalesByTheirGoods, "sell-alike", "The server refused the request with request_key_reused: "),
    (KnowsNoOffset, "sell-time", "The server refused the request with invalid_value: "),
    (ReadsOnlyWhatItKnows, "sell-later-version", "Step 1: the till shows 9.00, the server says 7.65."),
    (CannotWait, "busy", "It came again after"),
    (CannotWait, "too-many", "It came again after"),
    (AsksForEver, "key-ended", "It asked 3 times what 2 would have told."),
    (DropsTheSaleWithTheCard, "card-blocked", "Step 1 should be done at the till. It said: card_blocked"),
    (FindsByAddress, "find-card", "A card, phone or code stands in the address, where logs keep it."),
    (EnrolsAnew, "enrol-lost", "enrol should carry one Idempotency-Key each time."),
    (ReturnsAnew, "return-lost", "It was sent again, but not as it was: id, key or content differ."),
    (ConfirmsAnew, "hold-lost", "confirm should carry one Idempotency-Key each time."),
    (ForgetsTheHold, "hold-lapsed", "Step 2 should be done at the till."),
    (TypesTheWrongCodeAgain, "spend-wrong-code",
     "A code that had been refused was sent again: too many lock spending."),
    (StampsWhenItSends, "offline", "purchased_at is not when it was sold."),
    (DecidesPricesAnew, "offline", "A receipt of goods that are gone has to say pricing as_sold."),
    (CountsWhatItDoesNotSayIsSold, "offline", "The server refused the request with invalid_value: "),
    (SendsTheLastFirst, "offline-five", "purchased_at is not when it was sold."),
    (SendsOfflineReceiptsAnew, "offline-lost", "It was sent again, but not as it was: id, key or content differ."),
    (LosesCount, "offline-counted", "The counter of the offline receipts has a gap: [2, 4, 6]."),
    (FallsSilent, "sell-nobody", "Step 1 should be done at the till. It said: A screen that nobody knows."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "situation", "reason"), BAD, ids=[f"{bad.__name__}-{name}" for bad, name, _ in BAD]
)
def test_a_bad_till_is_caught_by_the_situation_that_was_made_for_it(
    room: Room, bad: type[Till], situation: str, reason: str
) -> None:
    verdict = room.certified(bad(), situation)[situation]
    assert (verdict.result, verdict.reason[: len(reason)]) == ("failed", reason)


def test_a_code_in_the_tills_own_log_is_found(room: Room, tmp_path: Path) -> None:
    till = LogsCodes()
    till.log = tmp_path / "till.log"
    verdict = room.certified(till, "spend-proved", log=till.log)["spend-proved"]
    assert (verdict.result, verdict.reason) == ("failed", "The customer's code stands in the till's log.")


def test_a_verdict_shows_the_request_and_never_the_key(room: Room) -> None:
    verdict = room.certified(NewIdAtEachTry(), "lost-answer")["lost-answer"]
    assert verdict.request is not None
    assert (verdict.request["method"], verdict.request["path"]) == ("POST", "/v1/purchases")
    assert room.key not in json.dumps(verdict.request)


def test_what_a_till_does_not_claim_is_not_played(room: Room) -> None:
    began = time.monotonic()
    verdict = room.certified(Till(), "hold", can=frozenset({"void"}))["hold"]
    assert (verdict.result, verdict.reason) == ("not claimed", "needs hold")
    assert time.monotonic() - began < 1

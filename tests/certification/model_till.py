"""A till that can everything and does it right; the bad tills of the tests are this one with one thing wrong."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

from regulars.certify.model import Act, Reply

ATTEMPTS = 6
TIMEOUT_SECONDS = 0.5
WITHOUT_CUSTOMER = ("card_blocked", "card_unassigned", "invalid_card_number", "not_found")
WITHOUT_POINTS = ("insufficient_points", "proof_wrong", "spending_locked")
_NUMBERS = count(1)


class Refused(Exception):
    """The server said no."""

    def __init__(self, answer: dict[str, Any]):
        super().__init__(answer.get("code"))
        self.code = str(answer.get("code"))
        self.answer = answer


class NoAnswer(Exception):
    """Nobody knows what the server did."""


class Till:
    """Does the acts of a certification in this process; a defect is a method that a subclass does worse."""

    timeout_seconds = TIMEOUT_SECONDS

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.purchases: dict[str, str] = {}
        self.held: dict[str, dict[str, Any]] = {}
        self.queue: list[dict[str, Any]] = []
        self.counter = 0
        self.device = ""

    def do(self, act: Act) -> Reply:
        """An act; a refusal of the server is said."""
        if act.act == "begin":
            self.settings, self.purchases, self.held, self.queue = act.settings, {}, {}, []
            self.device = self.device or self.registered()
            return Reply(done=True)
        try:
            return getattr(self, act.act if act.act != "return" else "take_back")(act)
        except Refused as refusal:
            return Reply(said=refusal.code)
        except NoAnswer:
            return Reply(said="no answer")

    def registered(self) -> str:
        """The id of a new device."""
        place = {"store": self.settings["store"], "till": self.settings["till"]}
        return self.post("/v1/till/devices", place)["id"]

    def counted(self) -> int:
        """The number of an offline receipt."""
        self.counter += 1
        return self.counter

    # The line ------------------------------------------------------------------------------------------------

    def once(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        """One attempt. Raises httpx.TransportError, ValueError."""
        headers = {"Authorization": f"Bearer {self.settings['key']}", "Idempotency-Key": key}
        response = httpx.post(
            self.settings["url"] + path, json=body, headers=headers, timeout=self.timeout_seconds
        )
        response.json()
        return response

    def post(self, path: str, body: dict[str, Any], key: str | None = None, attempts: int = ATTEMPTS) -> Any:
        """The answer, however often it takes. Raises Refused, NoAnswer."""
        name = key or new_id()
        for attempt in range(attempts):
            wait = 0.02 * 2**attempt
            try:
                response = self.once(path, body, name)
            except (httpx.TransportError, ValueError):
                time.sleep(wait)
                continue
            if response.status_code < 400:
                return response.json()
            if response.status_code < 500 and response.status_code != 429:
                raise Refused(response.json())
            time.sleep(max(wait, self.asked(response)))
        raise NoAnswer

    def asked(self, response: httpx.Response) -> float:
        """Seconds that the server asks to wait."""
        return float(response.headers.get("retry-after", 0))

    # Customers -----------------------------------------------------------------------------------------------

    def find(self, act: Act) -> Reply:
        found = self.post("/v1/members/find", act.customer)
        return Reply(done=True, customer=found["name"])

    def enrol(self, act: Act) -> Reply:
        try:
            made = self.post("/v1/members", {**act.customer, "name": "Anna", "source": "till"}, new_id())
        except Refused as refusal:
            if refusal.code != "member_exists":
                raise
            return Reply(done=True, said="She is a member already.")
        return Reply(done=True, customer=made.get("name") or "")

    # Sales ---------------------------------------------------------------------------------------------------

    def body(self, act: Act, **more: Any) -> dict[str, Any]:
        """The purchase of an act."""
        kept = {name: self.settings[name] for name in ("store", "till", "currency")}
        lines = [
            {"line": number, "sku": good.sku, "name": good.name, "quantity": good.quantity,
             "unit_price": good.unit_price, "categories": [good.category], "tax_rate": good.tax_rate}
            for number, good in enumerate(act.goods, 1)
        ]  # fmt: skip
        body = {
            "id": new_id(),
            **kept,
            "purchased_at": datetime.now(UTC).isoformat(),
            "lines": lines,
            **act.customer,
        }
        if act.spend:
            body["spend"] = [{"currency": "PTS", "amount": act.spend}]
        return {**body, **more}

    def price(self, act: Act) -> Reply:
        return Reply(done=True, amount=self.preview(self.body(act))["payable"])

    def preview(self, body: dict[str, Any]) -> Any:
        return self.post("/v1/purchases/preview", body)

    def expected(self, shown: dict[str, Any]) -> dict[str, Any]:
        """What the customer was shown."""
        return {"expect": {"payable": shown["payable"], "spent": sum(one["worth"] for one in shown["spent"])}}

    def sell(self, act: Act, **more: Any) -> Reply:
        body = self.body(act, **more)
        try:
            shown = self.preview(body)
        except Refused as refusal:
            return self.otherwise(act, body, refusal)
        except NoAnswer:
            return self.sell_offline(act, body)
        return self.record(act, {**body, **self.expected(shown)})

    def record(self, act: Act, body: dict[str, Any]) -> Reply:
        try:
            answer = self.post("/v1/purchases", body)
        except Refused as refusal:
            return self.otherwise(act, body, refusal)
        except NoAnswer:
            self.give_up(body)
            raise
        self.purchases[act.sale] = answer["id"]
        return Reply(done=True, amount=answer["payable"])

    def give_up(self, body: dict[str, Any]) -> None:
        """Nobody knows: the sale is voided by its own id."""
        self.post("/v1/purchases/void", {"request": body["id"]}, f"void-{body['id']}")

    def otherwise(self, act: Act, body: dict[str, Any], refusal: Refused) -> Reply:
        """How the sale goes on after a no."""
        if refusal.code == "price_changed" and act.if_price_changed == "agree":
            return self.record(act, {**body, **self.expected(refusal.answer["quote"])})
        if refusal.code in WITHOUT_CUSTOMER:
            return self.again(
                act, {name: value for name, value in body.items() if name not in ("card", "phone")}
            )
        if refusal.code == "proof_required" and act.code:
            self.post("/v1/members/mem_1/challenges", {"purpose": "spend", "till": self.settings["till"]})
            return self.again(act, {**body, "proof": {"kind": "otp", "value": act.code}})
        if refusal.code in (*WITHOUT_POINTS, "proof_required"):
            return self.again(
                act, {name: value for name, value in body.items() if name not in ("spend", "proof")}
            )
        raise refusal

    def again(self, act: Act, body: dict[str, Any]) -> Reply:
        """The sale with another body."""
        bare = {name: value for name, value in body.items() if name != "expect"}
        try:
            return self.record(act, {**bare, **self.expected(self.preview(bare))})
        except Refused as refusal:
            return self.otherwise(act, bare, refusal)

    # Later ---------------------------------------------------------------------------------------------------

    def void(self, act: Act) -> Reply:
        self.post(f"/v1/purchases/{self.purchases[act.sale]}/void", {"reason": "a mistake"}, new_id())
        return Reply(done=True)

    def hold(self, act: Act) -> Reply:
        self.held[act.sale] = self.body(act)
        return Reply(done=self.sell(act, hold=True).done)

    def confirm(self, act: Act) -> Reply:
        body = self.held[act.sale]
        lines = [line | {"quantity": quantity} for number, quantity in act.lines for line in body["lines"]
                 if line["line"] == number]  # fmt: skip
        try:
            answer = self.post(
                f"/v1/purchases/{self.purchases[act.sale]}/confirm",
                {"lines": lines} if lines else {},
                new_id(),
            )
        except Refused as refusal:
            if refusal.code != "hold_lapsed":
                raise
            answer = self.post("/v1/purchases", {**as_sold(body), "id": new_id()})
        return Reply(done=True, amount=answer["payable"])

    def take_back(self, act: Act) -> Reply:
        lines = [{"line": line, "quantity": quantity} for line, quantity in act.lines]
        body = {"id": new_id(), "lines": lines, "returned_at": datetime.now(UTC).isoformat()}
        return Reply(
            done=True,
            amount=self.post(f"/v1/purchases/{self.purchases[act.sale]}/returns", body)["money_back"],
        )

    # Offline -------------------------------------------------------------------------------------------------

    def sell_offline(self, act: Act, body: dict[str, Any]) -> Reply:
        sold = as_sold(body) | {"offline": {"device": self.device, "counter": self.counted()}}
        self.queue.append(sold)
        return Reply(done=True, amount=sum(line["gross"] for line in sold["lines"]))

    def send(self, act: Act) -> Reply:
        self.post("/v1/purchases/batch", {"purchases": self.queue})
        self.queue = []
        return Reply(done=True)


def as_sold(body: dict[str, Any]) -> dict[str, Any]:
    """The receipt of goods that are gone, at the prices of the shelf."""
    lines: list[dict[str, Any]] = []
    for line in body["lines"]:
        thousandths = round(float(line["quantity"]) * 1000)
        gross = (line["unit_price"] * thousandths + 500) // 1000
        lines.append({name: value for name, value in line.items() if name != "unit_price"} | {"gross": gross})
    return {name: value for name, value in body.items() if name != "hold"} | {
        "lines": lines,
        "pricing": "as_sold",
    }


def new_id() -> str:
    """A name that no other request of this run has."""
    return f"model-{next(_NUMBERS)}-{time.time_ns()}"

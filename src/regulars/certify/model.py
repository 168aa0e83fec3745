"""What a certification is made of: acts that a till is told, what was seen on the line, and what is said in the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct, field

Customer = Literal["", "card", "phone", "mistyped card", "unknown phone"]
"""How somebody shows who she is at the till; empty: nobody does."""

CAPABILITIES = {
    "find": "looks a customer up before the sale",
    "enrol": "enrols new customers",
    "spend": "lets points pay",
    "proof": "passes a code on that shows who spends",
    "void": "takes a sale back whole, and gives up one without an answer",
    "hold": "holds a sale, and confirms or voids it later",
    "returns": "takes goods back",
    "offline": "sells without the line and sends the receipts later",
    "counter": "counts its offline receipts (see offline work)",
}
"""What an integration may claim beyond pricing and recording a sale."""


class Good(Struct, frozen=True):
    """Something that is sold, and how much of it."""

    sku: str
    barcode: str
    name: str
    unit_price: int
    """Minor units, with tax."""
    category: str
    tax_rate: str
    quantity: str = "1"
    """Decimal string of at most 3 decimals."""


class Act(Struct, frozen=True, omit_defaults=True):
    """One thing that a till is told to do. A driver reads it as a line of JSON."""

    act: Literal["begin", "find", "enrol", "price", "sell", "hold", "confirm", "void", "return", "send"]
    say: str = ""
    """The same for a person."""
    sale: str = ""
    """Which sale of the situation is meant; a till's driver remembers what it needs of it."""
    customer: dict[str, str] = {}
    """`card` or `phone`; empty: nobody."""
    goods: tuple[Good, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()
    """Line number and quantity that come back, or that are confirmed."""
    spend: int | Literal["max"] | None = None
    code: str = ""
    """What the customer says when the till asks for a code."""
    if_price_changed: Literal["", "agree", "decline"] = ""
    if_no_answer: Literal["", "insist", "give_up"] = ""
    settings: dict[str, str] = {}
    """With `begin`: `url`, `key`, `store`, `till`, `currency` and `situation`."""


class Reply(Struct, frozen=True):
    """What the till did, as its driver or the person at it says. A driver writes it as a line of JSON."""

    done: bool = False
    """The till says that it is done: a receipt was printed, the customer found, the money given back."""
    amount: int | None = None
    """Minor units on the receipt, to pay or paid back."""
    customer: str = ""
    """The name that the till shows, if it shows one."""
    said: str = ""
    """What else it said."""


class Fault(Struct, frozen=True):
    """What happens on the line to a call, once or several times."""

    on: str
    """The calls, separated by spaces: see `line.call_of`."""
    do: Literal["lose answer", "lose request", "deliver late", "cut answer", "twice", "slow", "answer", "event",
                "add fields", "ask for proof"]  # fmt: skip
    times: int = 1
    status: int = 0
    code: str = ""
    """Of an error that the stand-in answers itself, or the right code of a proof."""
    headers: dict[str, str] = {}
    event: str = ""
    """What happens in the shop meanwhile: a key of `shop.EVENTS`."""


class Step(Struct, frozen=True):
    """An act and the line on which it is done."""

    act: Literal["find", "enrol", "price", "sell", "hold", "confirm", "void", "return", "send"]
    sale: str = "a"
    customer: Customer = ""
    goods: str = ""
    """As `2 coffee, 0.735 apples`."""
    lines: tuple[tuple[int, str], ...] = ()
    spend: int | Literal["max"] | None = None
    code: str = ""
    if_price_changed: Literal["", "agree", "decline"] = ""
    if_no_answer: Literal["", "insist", "give_up"] = ""
    faults: tuple[Fault, ...] = ()
    line_down: bool = False
    before: str = ""
    """What happens in the shop before: a key of `shop.EVENTS`."""


class Exchange(Struct):
    """One request of the till, and what became of it."""

    number: int
    call: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    """Parsed JSON; None where there was none."""
    at: float
    """Seconds of the machine's clock when it arrived, since 1970."""
    status: int | None = None
    """Of the answer that the till got; None: it got none."""
    answer: Any = None
    code: str = ""
    """Of the problem, if it was one."""
    arrived: bool = False
    """Whether the server got it."""
    retry_after: float = 0.0
    """Seconds that the answer asked to wait."""
    until: float = 0.0
    """When the till had its answer, or was left without one."""

    def excerpt(self) -> dict[str, Any]:
        """What a report shows of it; never the key."""
        body = self.body if self.body is not None else {}
        shown = {
            "method": self.method,
            "path": self.path,
            "body": body,
            "status": self.status,
            "code": self.code,
        }
        key = self.headers.get("idempotency-key")
        return {**shown, "idempotency_key": key} if key else shown


class Person(Struct, frozen=True):
    """The customer of one situation, enrolled for it."""

    id: str
    name: str
    card: str
    phone: str


class Seen(Struct):
    """All that a check may look at."""

    exchanges: list[Exchange]
    steps: tuple[Step, ...]
    acts: list[Act]
    replies: list[Reply]
    times: list[tuple[float, float]]
    """When each act began and ended, seconds since 1970."""
    books: list[dict[str, Any]]
    """The purchases that the till's requests made, as `GET /v1/purchases/{id}` shows them, in their order."""
    person: Person
    members: list[str] = field(default_factory=list)
    """The ids that belong to the phones and cards of the acts."""
    log: str = ""
    """What the till's own log has gained, where the maker names it."""

    def of(self, *calls: str) -> list[Exchange]:
        """The requests of these calls, in their order."""
        return [one for one in self.exchanges if one.call in calls]


class Finding(Struct, frozen=True):
    """What is wrong, in a sentence, and the request that shows it."""

    sentence: str
    exchange: Exchange | None = None


Check = Callable[[Seen], Finding | None]


class Situation(Struct, frozen=True):
    """Something that happens in every shop, and how a good till stands it."""

    name: str
    title: str
    steps: tuple[Step, ...]
    checks: tuple[Check, ...]
    needs: frozenset[str] = frozenset()
    points: int = 0
    """What the customer has to begin with."""
    known: bool = True
    """Whether the customer is enrolled before."""


class Verdict(Struct, frozen=True):
    """How a till stood a situation."""

    situation: str
    title: str
    result: Literal["passed", "failed", "not claimed"]
    reason: str = ""
    request: dict[str, Any] | None = None

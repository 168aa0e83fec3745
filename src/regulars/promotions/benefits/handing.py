"""Benefits that fall on no line: vouchers, gifts, entitlements, messages, and less to pay for the delivery."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, field

from regulars.promotions.benefits.discounts import Amount, NewPrice, Percent, parse_percent, require_percent
from regulars.promotions.benefits.kind import Apart, Handed, Stage
from regulars.promotions.outcome import Grant, Option
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Words
from regulars.texts import said
from regulars.units import PPM, divide_half_up

Code = Annotated[str, Meta(min_length=1, max_length=64)]
Count = Annotated[int, Meta(ge=1, le=100)]
Text = Annotated[str, Meta(min_length=1, max_length=500)]
OPTIONS_MAX = 50
_GOODS = {"goods": N_("When these goods are bought")}
_COST = {"cost": N_("Cost of one")}


class Voucher(Handed, frozen=True, tag="voucher"):
    """Codes of a batch are issued with the purchase."""

    voucher: Code = ""
    """The name of the batch of codes."""
    count: Count = 1

    title: ClassVar[str] = N_("Voucher issued")
    help: ClassVar[str] = N_("A voucher comes with the purchase, to be used another time.")
    inputs: ClassVar[dict[str, str]] = {"voucher": "code_batches"}
    labels: ClassVar[dict[str, str]] = {**_GOODS, "voucher": N_("Voucher"), "count": N_("So many"), **_COST}
    example: ClassVar[dict[str, Any]] = {"kind": "voucher", "voucher": "FIVE", "cost": 500}

    def __post_init__(self) -> None:
        if not self.voucher:
            raise ValueError("the vouchers must be named")

    def worth(self, scene: Scene) -> int:
        return self.cost * self.count

    def grant(self, scene: Scene, promotion: UUID, revision: int) -> Grant | None:
        return Grant(promotion, revision, "voucher", self.voucher, self.count, cost=self.cost)

    def describe(self, words: Words, currency: str) -> str:
        text = words.ngettext("a voucher {name}", "{n} vouchers {name}", self.count)
        return text.format(n=self.count, name=self.voucher)


class Gift(Handed, frozen=True, tag="gift"):
    """A gift, or one of several by the customer's choice: until the till names it, the answer lists them all."""

    options: Annotated[tuple[Option, ...], Meta(min_length=1, max_length=OPTIONS_MAX)] = ()

    title: ClassVar[str] = N_("Gift")
    help: ClassVar[str] = N_("Something is given away, or one of several things.")
    labels: ClassVar[dict[str, str]] = {**_GOODS, "options": N_("Gifts to choose from"), **_COST}
    example: ClassVar[dict[str, Any]] = {
        "kind": "gift",
        "options": [{"sku": "4759001", "name": "Cup"}, {"sku": "4759002", "name": "Bag"}],
        "cost": 150,
    }

    def __post_init__(self) -> None:
        if not self.options:
            raise ValueError("a gift is needed")

    def grant(self, scene: Scene, promotion: UUID, revision: int) -> Grant | None:
        if scene.basket.as_sold:
            return None
        chosen = scene.basket.choices.get(promotion)
        options = tuple([option for option in self.options if option.sku == chosen]) or self.options
        return Grant(promotion, revision, "gift", options=options)

    def describe(self, words: Words, currency: str) -> str:
        names = [option.name or words.goods("sku", option.sku) for option in self.options]
        return words.gettext("a gift: {goods}").format(goods=words.joined(names, either=True))


class Entitlement(Handed, frozen=True, tag="entitlement"):
    """A right that the member may use so many times, for so many days."""

    code: Code = ""
    count: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    days: Annotated[int, Meta(ge=1, le=36_600)] | None = None

    title: ClassVar[str] = N_("Entitlement")
    help: ClassVar[str] = N_("The right to something, so many times: a visit to the lounge, a free wash.")
    labels: ClassVar[dict[str, str]] = {
        **_GOODS,
        "code": N_("Entitlement"),
        "count": N_("So many times"),
        "days": N_("For so many days"),
        **_COST,
    }
    example: ClassVar[dict[str, Any]] = {"kind": "entitlement", "code": "lounge", "count": 2, "days": 90}
    needs_member: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not self.code:
            raise ValueError("the entitlement must be named")

    def worth(self, scene: Scene) -> int:
        return self.cost * self.count

    def grant(self, scene: Scene, promotion: UUID, revision: int) -> Grant | None:
        return Grant(promotion, revision, "entitlement", self.code, self.count, self.days)

    def describe(self, words: Words, currency: str) -> str:
        text = words.ngettext("{name} once", "{name} {n} times", self.count)
        return text.format(n=self.count, name=self.code)


class Message(Apart, frozen=True, tag="message"):
    """A line on the receipt, or for the cashier, and nothing else."""

    text: Annotated[dict[str, Text], Meta(max_length=50)] = field(default_factory=dict[str, str])
    """By language."""
    to: Literal["receipt", "cashier"] = "receipt"

    title: ClassVar[str] = N_("Message")
    offline: ClassVar[bool] = True
    help: ClassVar[str] = N_("Something is said on the receipt or to the cashier; nothing is given.")
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "to": {"receipt": N_("On the receipt"), "cashier": N_("For the cashier")}
    }
    labels: ClassVar[dict[str, str]] = {**_GOODS, "text": N_("Text"), "to": N_("For whom")}
    example: ClassVar[dict[str, Any]] = {
        "kind": "message",
        "text": {"en": "Taste our new bread!"},
        "to": "cashier",
    }

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("a text is needed")

    def grant(self, scene: Scene, promotion: UUID, revision: int) -> Grant | None:
        return Grant(promotion, revision, "message", text=self.text, to=self.to)

    def describe(self, words: Words, currency: str) -> str:
        text = said(self.text, words.language, "en")
        return words.gettext("a message: {text}").format(text=text)


class Delivery(Apart, frozen=True, tag="delivery"):
    """The charge for delivery is less by a percentage or an amount, or becomes a price: 0 is free."""

    percent: Percent | None = None
    amount: Amount | None = None
    price: NewPrice | None = None

    title: ClassVar[str] = N_("Delivery")
    help: ClassVar[str] = N_("Delivery is free, or costs less.")
    labels: ClassVar[dict[str, str]] = {
        **_GOODS,
        "percent": N_("Per cent"),
        "amount": N_("Amount off"),
        "price": N_("Price"),
    }
    example: ClassVar[dict[str, Any]] = {"kind": "delivery", "price": 0}
    also: ClassVar[tuple[Stage, ...]] = ()
    worth_min: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if [self.percent, self.amount, self.price].count(None) != 2:
            raise ValueError("one of percent, amount and price is needed")
        if self.percent is not None:
            require_percent(self.ppm)

    @cached_property
    def ppm(self) -> int:
        return parse_percent(self.percent or "0")

    def worth(self, scene: Scene) -> int:
        return scene.to_base(self.off_delivery(scene))

    def off_delivery(self, scene: Scene) -> int:
        charge = scene.delivery
        if self.percent is not None:
            return divide_half_up(charge * self.ppm, PPM)
        if self.amount is not None:
            return min(charge, scene.money(self.amount))
        return max(0, charge - scene.money(self.price or 0))

    def describe(self, words: Words, currency: str) -> str:
        if self.percent is not None:
            return words.gettext("{percent} off the delivery").format(percent=words.percent(self.percent))
        if self.amount is not None:
            return words.gettext("{amount} off the delivery").format(
                amount=words.money(self.amount, currency)
            )
        if not self.price:
            return words.gettext("free delivery")
        return words.gettext("delivery for {amount}").format(amount=words.money(self.price, currency))

"""A purchase as a till sends it, and as it is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.units import AMOUNT_MAX

Amount = Annotated[int, Meta(ge=0, le=AMOUNT_MAX)]
"""Minor units of a currency, or units of a points currency."""
Text = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
LongText = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00]*$")]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
CardText = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
"""The number of a card, or the dynamic code that a member's phone shows instead."""
Instrument = Annotated[
    str, Meta(min_length=8, max_length=200, pattern=r"^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$(?!\n)")
]
"""Long enough that the last digits of a number do not pass for a card: thousands of people share them."""
RequestName = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$(?!\n)")]
CurrencyCode = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{1,15}$")]
DecimalString = Annotated[
    str, Meta(min_length=1, max_length=24, extra_json_schema={"pattern": r"^[0-9]{1,10}(\.[0-9]{1,12})?$"})
]
Quantity = Annotated[
    str, Meta(min_length=1, max_length=24, extra_json_schema={"pattern": r"^[0-9]{1,7}(\.[0-9]{1,3})?$"})
]
Instant = Annotated[datetime, Meta(tz=True)]
WholeNumber = Annotated[int, Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
LINES_MAX = 1000
BATCH_MAX = 5000


class SoldDiscount(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A discount that the till gave: by a promotion of ours, or for a reason of its own."""

    amount: Amount
    promotion: Text | None = None
    reason: Text | None = None


class PurchaseLine(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One line of a receipt."""

    line: Annotated[int, Meta(ge=1, le=1_000_000)]
    sku: Code
    quantity: Quantity
    """Decimal string of at most 3 decimals, above 0."""
    unit_price: Amount | None = None
    """Minor units, with tax unless the program says otherwise."""
    gross: Amount | None = None
    """The till's own line total, taken as it is instead of quantity × unit price."""
    name: LongText = ""
    categories: Annotated[tuple[Text, ...], Meta(max_length=20)] = ()
    tags: Annotated[tuple[Text, ...], Meta(max_length=50)] = ()
    brand: LongText = ""
    unit: Annotated[str, Meta(max_length=20, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    tax_rate: DecimalString = "0"
    minimum_price: Amount | None = None
    """The least that one unit may cost by law, minor units."""
    cost: Amount | None = None
    """Cost of the whole line's one unit, minor units."""
    regular_price: Amount | None = None
    discount: Amount = 0
    """The till's own mark-down, before ours; with `as_sold` all that was taken off."""
    discounts: Annotated[tuple[SoldDiscount, ...], Meta(max_length=50)] = ()
    attributes: Annotated[dict[Text, LongText | WholeNumber | bool], Meta(max_length=50)] = {}


class SpendRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Points to pay with; `max`: as many as may be."""

    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)] | Literal["max"]
    currency: CurrencyCode | None = None
    gift_card: Code | None = None


class Proof(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Shows that it is the member who spends."""

    kind: Literal["otp", "dynamic", "pin"]
    value: CardText
    """The code that was sent, the dynamic code, or the PIN."""


class Payment(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """How a part of the receipt was paid."""

    method: Code
    amount: Amount
    instrument: Instrument | None = None
    """What the terminal calls the payment card: a token or a fingerprint, the same for the same card; never its number.

    It is not kept: only a keyed hash is, for referrals, and no answer shows it.
    """


class Expect(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What the customer was shown; if the outcome would differ, nothing is written."""

    payable: Amount | None = None
    spent: Amount | None = None


class SoldOffline(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """That a receipt was made without the line, and by which device (`POST /v1/till/devices`)."""

    device: Code
    counter: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """Of the device's receipts: 1, 2, 3 …, each once."""
    snapshot: Code | None = None
    """By which it was calculated."""
    allowance: (
        Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")] | None
    ) = None
    """The token of the customer's card, where points pay."""
    clock_skew_seconds: Annotated[int, Meta(ge=-(10**9), le=10**9)] = 0
    """How far the device's clock is ahead of the server's; `purchased_at` is by the device's."""


class Choice(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Which of a promotion's gifts the customer takes."""

    promotion: Code
    sku: Code


class PurchaseRequest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """`POST /v1/purchases` and its preview."""

    id: RequestName
    """The till's own name for this purchase; sent again, it gets the first answer."""
    purchased_at: Instant
    currency: CurrencyCode
    lines: Annotated[tuple[PurchaseLine, ...], Meta(min_length=1, max_length=LINES_MAX)]
    store: Code | None = None
    till: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    cashier: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    card: CardText | None = None
    """A number; or a dynamic code, which is card and proof at once."""
    phone: Code | None = None
    email: Text | None = None
    member: Code | None = None
    codes: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    offers: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    spend: Annotated[tuple[SpendRequest, ...], Meta(max_length=10)] = ()
    proof: Proof | None = None
    hold: bool = False
    hold_seconds: Annotated[int, Meta(ge=1, le=30 * 86400)] | None = None
    pricing: Literal["quote", "as_sold"] = "quote"
    expect: Expect | None = None
    channel: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    delivery: Amount = 0
    """The charge for delivery, with its tax, which is not among the answer's `taxes`."""
    choices: Annotated[tuple[Choice, ...], Meta(max_length=20)] = ()
    payments: Annotated[tuple[Payment, ...], Meta(max_length=20)] = ()
    receipt_number: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")] = ""
    offline: SoldOffline | None = None
    """A receipt that was made without the line; only with `as_sold`."""


# What is answered ------------------------------------------------------------------------------------------


class AwardView(Struct, frozen=True, gc=False):
    """What one promotion gave on one line."""

    promotion: str
    revision: int
    kind: str
    amount: int


class PieceView(Struct, frozen=True, gc=False):
    """Pieces of a line that cost the same; a return may name them by their number."""

    piece: int
    quantity: str
    gross: int
    net: int


class LineView(Struct, frozen=True, gc=False):
    """gross − discount = net. `pieces` are there where some of the line were sold at other prices than others."""

    line: int
    gross: int
    discount: int
    net: int
    awards: tuple[AwardView, ...] = ()
    pieces: tuple[PieceView, ...] | UnsetType = UNSET


class TaxView(Struct, frozen=True, gc=False):
    """Tax of one rate, minor units."""

    rate: str
    base: int
    tax: int


class EarnedView(Struct, frozen=True, gc=False):
    """Points that one promotion gave on one line."""

    currency: str
    amount: int
    promotion: str
    line: int
    active_at: datetime
    expires_at: datetime | None


class SpentView(Struct, frozen=True, gc=False):
    """Points that paid, and the minor units of money they were worth; or money of a gift card.

    With a `promotion` they are its price: what they brought is its discount, and `worth` is 0. Of a `gift_card` the end
    of its code is shown, and what is `left` on it.
    """

    currency: str
    amount: int
    worth: int
    promotion: str | UnsetType = UNSET
    gift_card: str | UnsetType = UNSET
    left: int | UnsetType = UNSET
    tax_within: int | UnsetType = UNSET
    """Of a single-purpose gift card: the tax in the amount, which was due when the card was sold."""


class RefusalView(Struct, frozen=True, gc=False):
    """A promotion that did not apply, why, and the distance to it."""

    promotion: str | None
    """None: what was refused is a code or an offer that leads to no promotion."""
    name: str
    code: str
    missing: dict[str, Any]
    text: str


class Messages(Struct, frozen=True, gc=False):
    """Lines for the cashier and for the receipt, in the customer's language."""

    cashier: tuple[str, ...] = ()
    receipt: tuple[str, ...] = ()


class ExpiringView(Struct, frozen=True, gc=False):
    """Points that expire at one instant."""

    amount: int
    at: datetime


class MemberView(Struct, frozen=True, gc=False):
    """The customer after this purchase. `name` is filled in at reading, so that an erasure reaches it."""

    id: str | None
    name: str
    tier: str | None
    """The code of her tier, of several ladders on the first by its code."""
    available: int
    expiring: tuple[ExpiringView, ...] = ()
    tier_name: str | UnsetType = UNSET
    """What that tier is called."""


class Warned(Struct, frozen=True, gc=False):
    """Something that an as-sold receipt could not be refused for, booked as over-use."""

    code: str
    detail: str
    amount: int = 0


class Difference(Struct, frozen=True, gc=False):
    """What Regulars would have given on a line of an as-sold receipt."""

    line: int
    discount: int
    would_have_been: int


class IssuedView(Struct, frozen=True, gc=False):
    """A voucher that came with the purchase."""

    voucher: str
    code: str


class GiftOption(Struct, frozen=True, gc=False, omit_defaults=True):
    """So many pieces of something."""

    sku: str
    name: str = ""
    quantity: int = 1


class GiftView(Struct, frozen=True, gc=False):
    """A gift of a promotion. Not `chosen`: one of the options, as soon as the till names it in `choices`."""

    promotion: str
    chosen: bool
    options: tuple[GiftOption, ...]


class VoucherTaxView(Struct, frozen=True, gc=False):
    """A single-purpose voucher that a purchase used: its tax was due when it was given out, and is not due now."""

    voucher: str
    amount: int
    """What it took off."""
    tax_rate: str
    tax_within: int
    """How much tax is within that."""


class EntitlementView(Struct, frozen=True, gc=False):
    """A right that came with the purchase: so many uses within so many days (null: without end)."""

    promotion: str
    code: str
    count: int
    days: int | None


class DeliveryView(Struct, frozen=True, gc=False):
    """charge − discount = net; `gross`, `discount` and `payable` of the purchase contain them."""

    charge: int
    discount: int
    net: int
    awards: tuple[AwardView, ...] = ()


class PurchaseAnswer(Struct, frozen=True, gc=False):
    """The answer to a preview, a record and a confirm.

    gross − discount − points_reduction − paid_with_points − paid_with_gift_cards = payable; where prices are without
    tax, the sum of the taxes is added to it.
    """

    status: Literal["previewed", "held", "recorded"]
    request: str
    currency: str
    gross: int
    discount: int
    paid_with_points: int
    payable: int
    taxes: tuple[TaxView, ...]
    lines: tuple[LineView, ...]
    earned: tuple[EarnedView, ...]
    spent: tuple[SpentView, ...]
    issued: tuple[IssuedView, ...]
    refusals: tuple[RefusalView, ...]
    messages: Messages
    member: MemberView | None
    id: str | UnsetType = UNSET
    points_reduction: int = 0
    """Points as price reduction (a program setting): a part of what was taken off before tax."""
    warnings: tuple[Warned, ...] = ()
    differences: tuple[Difference, ...] = ()
    held_until: datetime | UnsetType = UNSET
    claim_code: str | UnsetType = UNSET
    delivery: DeliveryView | UnsetType = UNSET
    gifts: tuple[GiftView, ...] | UnsetType = UNSET
    entitlements: tuple[EntitlementView, ...] | UnsetType = UNSET
    paid_with_gift_cards: int | UnsetType = UNSET
    vouchers: tuple[VoucherTaxView, ...] | UnsetType = UNSET
    """Single-purpose vouchers that it used, with the tax that was due when they were given out."""

    @property
    def by_points(self) -> tuple[SpentView, ...]:
        """What points paid."""
        return tuple([one for one in self.spent if not one.gift_card])

    @property
    def tax_before(self) -> int:
        """Of what single-purpose vouchers took off and such gift cards paid: the tax that was due before."""
        by_card = sum([one.tax_within for one in self.spent if isinstance(one.tax_within, int)])
        return by_card + sum([one.tax_within for one in self.vouchers or ()])

    @property
    def by_gift_card(self) -> tuple[SpentView, ...]:
        """What gift cards paid."""
        return tuple([one for one in self.spent if one.gift_card])

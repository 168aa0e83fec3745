"""Decides what a kind of activity may say, and what contradicts itself in it. Pure.

An activity is what a member does besides buying: a visit, a flight, a song that she heard, a broker's commission. Kinds
are documents; what contradicts itself is refused in a sentence before it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.contradictions import Contradicting, of_partner
from regulars.i18n import N_
from regulars.units import AMOUNT_MAX, ONE, PPM, QUANTITY_SCALE, parse_rate

CODE_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)"
ActivityCode = Annotated[str, Meta(pattern=CODE_PATTERN)]
FieldName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}$(?!\n)")]
Text = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Texts = Annotated[dict[Annotated[str, Meta(min_length=2, max_length=3)], Text], Meta(max_length=20)]
DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$(?!\n)")]
"""A decimal of at most three places, as text: it is exact."""
Points = Annotated[int, Meta(ge=1, le=10**9)]
Most = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
FieldType = Literal["integer", "decimal", "text", "choice", "boolean"]
Span = Literal["day", "month", "year"]
Value = Annotated[int, Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)] | Annotated[str, Meta(max_length=2000)] | bool
SPANS: tuple[Span, ...] = ("day", "month", "year")
ANY = "any"


class DataField(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field of an activity's `data`."""

    name: FieldName
    type: FieldType = "text"
    """An integer is a JSON number, a decimal a string of at most three places; a choice is one of `choices`."""
    names: Texts = {}
    unit: Annotated[str, Meta(max_length=16)] = ""
    """As kWh or km; the code of the base currency where it is money, in minor units."""
    required: bool = False
    least: DecimalText | None = None
    most: DecimalText | None = None
    choices: Annotated[tuple[Text, ...], Meta(max_length=50)] = ()


class Flood(Struct, frozen=True, forbid_unknown_fields=True):
    """More than so many of a member and source in so many seconds are kept and earn nothing until they are accepted."""

    most: Annotated[int, Meta(ge=1, le=100_000)]
    seconds: Annotated[int, Meta(ge=1, le=31 * 86_400)]


class Limits(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The most that a member earns in a day, a month and a year of the program, in the currency's unit."""

    day: Most | None = None
    month: Most | None = None
    year: Most | None = None

    def of(self, span: Span) -> int | None:
        """That of a span."""
        return {"day": self.day, "month": self.month, "year": self.year}[span]


class EarningRule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an activity earns in one currency."""

    currency: Annotated[str, Meta(min_length=1, max_length=16)]
    gives: Literal["fixed", "per", "percent"] = "fixed"
    """So many points each time; so many per so many units; or a share of money, at the currency's worth, half up."""
    points: Points | None = None
    per: DecimalText | None = None
    rate: Annotated[str, Meta(max_length=24)] | None = None
    """A decimal, as 0.10 for ten per cent."""
    minimum: DecimalText | None = None
    """Less than that earns nothing: of one activity, or (monthly) of the month's sum."""
    limits: Limits = Limits()
    when: Literal["at_once", "monthly"] = "at_once"
    """Monthly: what the whole month came to is given when the month is closed."""
    carry: Span = "month"
    """In which span what is left over from `per` (or from rounding) is carried on."""
    close_after_days: Annotated[int, Meta(ge=0, le=28)] = 0
    """So many days after its end a month is closed; what comes later counts in the month in which it is recorded."""
    expires_after_days: Annotated[int, Meta(ge=1, le=36_500)] | None = None
    """Otherwise as the currency says."""

    @property
    def ppm(self) -> int:
        """The rate in parts per million."""
        return parse_rate(self.rate or "0")

    @property
    def unit(self) -> int:
        """Thousandths of the kind's unit for which the points are given."""
        return thousandths(self.per) if self.per is not None else ONE


class ActivityKind(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A kind of activity."""

    names: Texts
    """By language, as members read it."""
    fields: Annotated[tuple[DataField, ...], Meta(max_length=20)] = ()
    measure: Literal["count", "sum", "reading"] = "count"
    """Each counts one; or as much as its `quantity` says; or what a meter has moved on since the last reading."""
    quantity: FieldName | None = None
    """The field that is summed up or read."""
    series: FieldName | None = None
    """The field that tells a member's meters apart."""
    sources: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(min_length=1, max_length=50)] = (
        ANY,
    )
    """Ids of API keys; `any` for all of them."""
    late_days: Annotated[int, Meta(ge=0, le=366)] = 7
    """How far back it may lie."""
    not_in_future: bool = True
    flood: Flood | None = None
    review: Literal["never", "flagged", "always"] = "flagged"
    """What somebody looks at before it earns: nothing (a flood earns nothing then), a flood, or each."""
    rules: Annotated[tuple[EarningRule, ...], Meta(max_length=5)] = ()
    """At most one for each currency."""
    funder: Annotated[str, Meta(max_length=64)] | None = None
    """The partner that pays for it, by code; otherwise the operator."""
    stopped: bool = False
    """It takes no more; what was recorded stands, and months are closed."""

    def field(self, name: str | None) -> DataField | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)

    def rule(self, currency: str) -> EarningRule | None:
        """What it earns in a currency."""
        return next((one for one in self.rules if one.currency == currency), None)


class Currency(Struct, frozen=True):
    """What a kind must know of a currency of the program."""

    spendable: bool
    worth_numerator: int


class Around(Struct, frozen=True):
    """What a kind meets in its program."""

    base_currency: str
    currencies: Mapping[str, Currency]
    partners: frozenset[str]
    before: ActivityKind | None = None
    """As it was until now."""


_Refuse = Callable[..., None]
_BELOW: dict[tuple[str, str], str] = {
    ("day", "month"): N_("The limit of the month is below that of the day."),
    ("day", "year"): N_("The limit of the year is below that of the day."),
    ("month", "year"): N_("The limit of the year is below that of the month."),
}


def thousandths(text: str) -> int:
    """A decimal of at most three places in thousandths; the text must fit `DecimalText`."""
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.lstrip("-").partition(".")
    return sign * (int(whole) * ONE + int(rest.ljust(QUANTITY_SCALE, "0") or "0"))


def shown(quantity: int) -> str:
    """Thousandths as the shortest decimal."""
    whole, rest = divmod(abs(quantity), ONE)
    text = f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)
    return f"-{text}" if quantity < 0 else text


def contradictions(kind: ActivityKind, around: Around) -> list[Contradicting]:
    """Every contradiction of a kind; empty when there is none."""
    found: list[Contradicting] = []

    def refuse(pointer: str, message: str, **values: str) -> None:
        found.append(Contradicting(pointer, message, values))

    _fields(kind, refuse)
    _measure(kind, refuse)
    found += of_partner(kind.funder, around.partners)
    seen: set[str] = set()
    for place, rule in enumerate(kind.rules):
        pointer = f"/rules/{place}"
        if rule.currency in seen:
            refuse(
                f"{pointer}/currency", N_("Two rules earn {currency}: one is enough."), currency=rule.currency
            )
        seen.add(rule.currency)
        _rule(kind, rule, pointer, around, refuse)
    if around.before is not None:
        _unchanged(kind, around.before, refuse)
    return found


def _fields(kind: ActivityKind, refuse: _Refuse) -> None:
    seen: set[str] = set()
    for place, one in enumerate(kind.fields):
        pointer = f"/fields/{place}"
        if one.name in seen:
            refuse(f"{pointer}/name", N_("Two fields are named {field}."), field=one.name)
        seen.add(one.name)
        if (one.type == "choice") != bool(one.choices):
            refuse(
                f"{pointer}/choices", N_("A choice needs its choices; the other types of field have none.")
            )
        bounded = one.least is not None or one.most is not None
        if bounded and one.type not in ("integer", "decimal"):
            refuse(pointer, N_("Only a number can have a least and a most: {field} is none."), field=one.name)
        elif (
            one.least is not None and one.most is not None and thousandths(one.least) > thousandths(one.most)
        ):
            refuse(f"{pointer}/most", N_("The most of {field} is below its least."), field=one.name)


def _measure(kind: ActivityKind, refuse: _Refuse) -> None:
    measured = kind.field(kind.quantity)
    if kind.measure == "count" and kind.quantity is not None:
        refuse("/quantity", N_("Each counts one: there is no field to be summed up."))
    if kind.measure != "count":
        if measured is None:
            refuse("/quantity", N_("A field has to say how much it was."))
        elif measured.type not in ("integer", "decimal") or not measured.required:
            text = N_("{field} says how much it was: it has to be a number, and required.")
            refuse("/quantity", text, field=measured.name)
    if kind.series is not None:
        series = kind.field(kind.series)
        if kind.measure != "reading":
            refuse("/series", N_("Only readings have several meters."))
        elif series is None or series.type not in ("text", "choice", "integer") or not series.required:
            refuse("/series", N_("What tells meters apart has to be a required field: a text or a number."))


def _rule(kind: ActivityKind, rule: EarningRule, pointer: str, around: Around, refuse: _Refuse) -> None:
    currency = around.currencies.get(rule.currency)
    if currency is None:
        text = N_("There is no currency {currency} in this program.")
        refuse(f"{pointer}/currency", text, currency=rule.currency)
    if (rule.gives in ("fixed", "per")) != (rule.points is not None):
        refuse(f"{pointer}/points", N_("Points go with a fixed number and with so many per unit."))
    if (rule.gives == "per") != (rule.per is not None):
        refuse(f"{pointer}/per", N_("So many per unit needs the units; the others have none."))
    elif rule.per is not None and thousandths(rule.per) <= 0:
        refuse(f"{pointer}/per", N_("Points are given for more than nothing."))
    if (rule.gives == "percent") != (rule.rate is not None):
        refuse(f"{pointer}/rate", N_("A share of money needs its rate; the others have none."))
    elif rule.gives == "percent":
        _percent(kind, rule, pointer, around, refuse)
    if rule.minimum is not None and thousandths(rule.minimum) <= 0:
        refuse(f"{pointer}/minimum", N_("A minimum is above zero."))
    if rule.when == "monthly":
        if rule.limits.day is not None:
            refuse(f"{pointer}/limits/day", N_("What is given once a month has no limit per day."))
        if rule.carry != "month":
            refuse(f"{pointer}/carry", N_("What is given once a month is carried within the month."))
    elif rule.close_after_days:
        refuse(f"{pointer}/close_after_days", N_("Only what is given once a month is closed later."))
    _limits(rule, pointer, refuse)


def _percent(kind: ActivityKind, rule: EarningRule, pointer: str, around: Around, refuse: _Refuse) -> None:
    measured, currency = kind.field(kind.quantity), around.currencies.get(rule.currency)
    try:
        if not 0 < rule.ppm <= PPM:
            raise ValueError
    except ValueError:
        refuse(f"{pointer}/rate", N_("A rate is a decimal above 0 and at most 1, as 0.10 for ten per cent."))
    money = measured is not None and measured.type == "integer" and measured.unit == around.base_currency
    if kind.measure != "sum" or not money:
        text = N_("A share is of money: sum up an integer field with the unit {currency}, in minor units.")
        refuse(f"{pointer}/gives", text, currency=around.base_currency)
    if currency is not None and (not currency.spendable or currency.worth_numerator <= 0):
        text = N_("{currency} is worth no money: give so many per unit.")
        refuse(f"{pointer}/currency", text, currency=rule.currency)


def _limits(rule: EarningRule, pointer: str, refuse: _Refuse) -> None:
    wider = [(span, most) for span in SPANS if (most := rule.limits.of(span)) is not None]
    for (shorter, less), (longer, more) in pairwise(wider):
        if more < less:
            refuse(f"{pointer}/limits/{longer}", _BELOW[shorter, longer])


def _unchanged(kind: ActivityKind, before: ActivityKind, refuse: _Refuse) -> None:
    """What counts on from before must mean what it meant."""
    if (kind.measure, kind.quantity, kind.series) != (before.measure, before.quantity, before.series):
        text = N_("What is measured stays as it was, for it counts on: declare another kind.")
        refuse("/measure", text)
    for place, rule in enumerate(kind.rules):
        was = before.rule(rule.currency)
        if was is not None and (was.when, was.carry) != (rule.when, rule.carry):
            text = N_("{currency} is earned as it was, at once or monthly: declare another kind.")
            refuse(f"/rules/{place}/when", text, currency=rule.currency)

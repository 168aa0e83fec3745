"""Cases for the engine without the line: a program's promotions and a basket, as the till has them, and what the
server's engine says of them. `scripts/vectors` writes them down, tests compare the till's engine with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, field, structs

from regulars import ids
from regulars.promotions import engine, offline
from regulars.promotions.document import parse
from regulars.promotions.goods import Goods
from regulars.promotions.index import Live
from regulars.promotions.model import (
    DEFAULT_GROUPS,
    Basket,
    Currency,
    Excluded,
    GroupRule,
    Line,
    Revision,
    Rules,
    Spend,
    Standing,
)
from regulars.promotions.outcome import Outcome
from regulars.units import ONE, divide_half_up, format_rate, parse_quantity, parse_rate

STORE, STORE_GROUPS, PARTNER = "riga-1", ("centre", "large"), "bakery"
RULES = Rules("EUR", {})
AT = "2026-11-21T10:03:00+02:00"
"""A Saturday."""


class Case(Struct, frozen=True):
    """One basket at one till of a program."""

    what: str
    documents: list[dict[str, Any]]
    basket: dict[str, Any]
    groups: tuple[GroupRule, ...] = DEFAULT_GROUPS
    rules: Rules = field(default_factory=lambda: RULES)
    currency: str = "EUR"

    def live(self) -> Live:
        """Those of the documents that a till without the line calculates."""
        parsed = [Revision(UUID(int=n), 1, parse(document)) for n, document in enumerate(self.documents, 1)]
        return Live.build(
            [one for one in parsed if offline.why_not(one.document, self.groups) is None], self.groups
        )

    def snapshot(self) -> dict[str, Any]:
        """What the till has of it, of a snapshot's fields those that its engine reads."""
        promotions = offline.carried(self.live(), store=STORE, store_groups=STORE_GROUPS, partner=PARTNER)
        return {
            "currency": self.currency,
            "rules": offline.snapshot_rules(self.rules),
            "promotions": promotions,
        }

    def vector(self) -> dict[str, Any]:
        """The whole case with the server's answer."""
        return {
            "what": self.what,
            "snapshot": self.snapshot(),
            "basket": self.basket,
            "expected": answered(self.live(), basket_of(self.basket, self.currency), self.rules),
        }


def answered(live: Live, bought: Basket, rules: Rules) -> dict[str, Any]:
    """What the server's engine says of a basket, in the shape of the till's."""
    outcome = engine.evaluate(live, bought, Standing(), rules)
    rich = Standing(member=True, may_spend=True, available={"PTS": 10**12})
    spending = structs.replace(bought, spend=(Spend("PTS", None),))
    priced = structs.replace(rules, currencies={"PTS": Currency("PTS")})
    points_max = engine.evaluate(live, spending, rich, priced).paid_with_points
    return expected(live, outcome, points_max, outside=not rules.prices_include_tax)


def basket_of(sent: dict[str, Any], currency: str = "EUR") -> Basket:
    """A basket as the till's engine gets it, as the server's gets it."""
    at = datetime.fromisoformat(sent["at"])
    return Basket(
        currency=currency,
        lines=tuple(_line(one) for one in sent["lines"]),
        at=at,
        local=at,
        store=STORE,
        store_groups=STORE_GROUPS,
        partner=PARTNER,
        till=sent["till"],
        channel=sent["channel"] or "",
        payment_methods=tuple(payment["method"] for payment in sent["payments"]),
    )


def _line(sent: dict[str, Any]) -> Line:
    quantity = parse_quantity(sent["quantity"])
    gross = sent.get("gross")
    if gross is None:
        gross = divide_half_up(quantity * sent["unit_price"], ONE)
    each = sent.get("unit_price")
    return Line(
        number=sent["line"],
        sku=sent["sku"],
        quantity=quantity,
        gross=gross - sent.get("discount", 0),
        unit_price=divide_half_up(gross * ONE, quantity) if each is None else each,
        categories=tuple(sent.get("categories", ())),
        tags=tuple(sent.get("tags", ())),
        brand=sent.get("brand", ""),
        attributes=sent.get("attributes", {}),
        regular_price=sent.get("regular_price", 0),
        cost=sent.get("cost"),
        tax_rate=parse_rate(sent.get("tax_rate", "0")),
        minimum_price=sent.get("minimum_price"),
        unit=sent.get("unit", ""),
    )


def expected(live: Live, outcome: Outcome, points_max: int, *, outside: bool) -> dict[str, Any]:
    """An outcome of the server's engine in the shape of the till's. `points_max`: what points paid where there were
    more than enough of them. `outside`: prices are without tax."""
    assert outcome.payable == sum(line.net for line in outcome.lines) + (
        sum(tax.tax for tax in outcome.taxes) if outside else 0
    )
    return {
        "gross": outcome.gross,
        "discount": outcome.discount,
        "payable": outcome.payable,
        "points_max": points_max,
        "lines": [
            {
                "line": line.number,
                "gross": line.gross,
                "discount": line.discount,
                "net": line.net,
                "awards": [
                    {
                        "promotion": ids.show("prm", award.promotion),
                        "revision": award.revision,
                        "amount": award.amount,
                        "name": live.by_id[award.promotion].document.name,
                        "names": live.by_id[award.promotion].document.names,
                    }
                    for award in line.awards
                ],
            }
            for line in outcome.lines
        ],
        "taxes": [{"rate": format_rate(tax.rate), "base": tax.base, "tax": tax.tax} for tax in outcome.taxes],
        "messages": _messages(live, outcome),
        "skipped": [],
    }


def _messages(live: Live, outcome: Outcome) -> list[dict[str, Any]]:
    applied = dict.fromkeys(
        [award.promotion for line in outcome.lines for award in line.awards]
        + [grant.promotion for grant in outcome.grants]
    )
    own = [
        {"promotion": ids.show("prm", one), "to": "receipt", "text": live.messages[one]}
        for one in applied
        if one in live.messages
    ]
    said = [
        {"promotion": ids.show("prm", grant.promotion), "to": grant.to, "text": grant.text}
        for grant in outcome.grants
    ]
    return own + said


# short ways to write cases ------------------------------------------------------------------------------------


def basket(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A basket of these lines, numbered from 1."""
    numbered = [{"line": number, **line} for number, line in enumerate(lines, 1)]
    return {"lines": numbered, "at": AT, "till": "1", "channel": "", "payments": [], **fields}


def goods(sku: str, unit_price: int, quantity: str = "1", **fields: Any) -> dict[str, Any]:
    """A line: `unit_price` in minor units, `quantity` a decimal string."""
    return {"sku": sku, "quantity": quantity, "unit_price": unit_price, "tax_rate": "0.21", **fields}


def promotion(
    group: str, *benefits: dict[str, Any], name: str = "A promotion", **fields: Any
) -> dict[str, Any]:
    """A document."""
    return {"name": name, "group": group, "benefits": list(benefits), **fields}


def percent(percent: str, **fields: Any) -> dict[str, Any]:
    """A percentage off lines."""
    return {"kind": "line_percent", "percent": percent, **fields}


def excluding(skus: tuple[str, ...] = (), tags: tuple[str, ...] = ()) -> Excluded:
    """Goods that get no discount."""
    return Excluded(discount=Goods(skus=skus, tags=tags))


def not_for_points(**lists: tuple[str, ...]) -> Excluded:
    """Goods that points do not pay for."""
    return Excluded(spending=msgspec.convert(lists, Goods))

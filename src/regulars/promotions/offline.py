"""What of the live promotions a till calculates without the line: which, in what form, and why not the others. Pure.

The till's own engine (`web/static/till/offline/engine.js`) reads what is made here, and nothing else does. It decides
what it is given exactly as `engine` would decide it alone; whatever it could not is not given to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from regulars import ids
from regulars.promotions.benefits.kind import Benefit
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import Composite
from regulars.promotions.conditions.place import Partner, Store
from regulars.promotions.document import build
from regulars.promotions.goods import Goods
from regulars.promotions.index import Live, Promotion, sought
from regulars.promotions.kinds import KINDS, Kinds
from regulars.promotions.model import Basket, Document, GroupRule, Rules, Standing
from regulars.promotions.scene import Scene
from regulars.promotions.words import N_, Sentence, Words

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
STANDS_IN = "known"
"""The kind of a condition that is decided already: on the store, its groups and its partner, which a till never
leaves."""


def snapshot_rules(rules: Rules) -> dict[str, Any]:
    """The program's settings that change what a till without the line calculates, ready for JSON."""
    return {
        "currency": rules.base_currency,
        "prices_include_tax": rules.prices_include_tax,
        "discount_on": rules.discount_on,
        "line_floor": rules.line_floor,
        "excluded": _plain(rules.excluded.discount),
        "points": {
            "share_max": rules.points_share_max,
            "share_line_max": rules.points_share_line_max,
            "excluded": _plain(rules.excluded.spending),
        },
    }


def carried(
    live: Live, *, store: str = "", store_groups: tuple[str, ...] = (), partner: str = ""
) -> list[dict[str, Any]]:
    """The live promotions that a till of this store calculates without the line, in their order, ready for JSON.

    Each has `id`, `revision`, `name`, `names`, `message`, its `group` with the rule, `joint`, `from`, `until`,
    `conditions` and `benefits`; with `sought` it takes part only where a line of one of these goods is there. Those of
    other stores are left out, for they never apply at this one.
    """
    empty = Basket("", (), NO_TIME, NO_TIME, store, store_groups, partner)
    here = Scene(empty, Standing(), Rules("", {}), ())
    found: list[dict[str, Any]] = []
    for promotion in live.promotions:
        if _reason(promotion.document, promotion.group, promotion.conditions, promotion.benefits) is None:
            conditions = [_decided(condition, here) for condition in promotion.conditions]
            if {"kind": STANDS_IN, "holds": False} not in conditions:
                found.append(_shown(promotion, conditions))
    return found


def why_not(document: Document, groups: Iterable[GroupRule], kinds: Kinds = KINDS) -> Sentence | None:
    """Why a till without the line does not calculate this promotion; None: it does.

    Raises Unprocessable where the document is none (as `build` does).
    """
    group = next((group for group in groups if group.name == document.group), None)
    terms = build(document, kinds)
    return _reason(document, group, terms.conditions, terms.benefits)


def said(document: Document, groups: Iterable[GroupRule], words: Words) -> str:
    """Whether it works at a till without the line, in a sentence for whoever looks after promotions."""
    reason = why_not(document, groups)
    return words.gettext("It works there too.") if reason is None else _said(reason, words)


def _said(reason: Sentence, words: Words) -> str:
    """A reason in a language; the names of kinds in it are messages themselves."""
    named = {name: words.gettext(value) for name, value in reason.values.items()}
    return words.gettext(reason.message).format_map(named)


def _reason(
    document: Document,
    group: GroupRule | None,
    conditions: Iterable[Condition],
    benefits: Iterable[Benefit],
) -> Sentence | None:
    if group is not None and group.stage == "earning":
        return Sentence(N_("No: what is earned is calculated once the receipt is sent."))
    if document.limits:
        return Sentence(N_("No: its limits are counted for all tills together."))
    for benefit in benefits:
        if not benefit.offline:
            return Sentence(N_("No: “{benefit}” needs it."), benefit=benefit.title)
    for condition in _single(conditions):
        if not condition.offline:
            text = N_("No: “{condition}” cannot be told there.")
            return Sentence(text, condition=condition.title)
    return None


def _single(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """The conditions, those within others too."""
    for condition in conditions:
        yield condition
        if isinstance(condition, Composite):
            yield from _single(condition.of)


def _decided(condition: Condition, here: Scene) -> dict[str, Any]:
    """A condition as JSON, with what the place decides decided."""
    if isinstance(condition, Store | Partner):
        return {"kind": STANDS_IN, "holds": condition.decide(here) is None}
    fields = _lean(msgspec.to_builtins(condition))
    if isinstance(condition, Composite):
        fields["of"] = [_decided(part, here) for part in condition.of]
    return fields


def _shown(promotion: Promotion, conditions: list[dict[str, Any]]) -> dict[str, Any]:
    document = promotion.document
    return {
        "id": ids.show("prm", promotion.id),
        "revision": promotion.revision,
        "name": document.name,
        "names": document.names,
        "message": document.message,
        "group": _lean(msgspec.to_builtins(promotion.group)),
        "joint": promotion.joint,
        "from": promotion.since.isoformat() if promotion.since else None,
        "until": promotion.until.isoformat() if promotion.until else None,
        "conditions": conditions,
        "benefits": [_lean(msgspec.to_builtins(benefit)) for benefit in promotion.benefits],
        "sought": [_plain(goods) for goods in _sought(promotion)],
    }


def _sought(promotion: Promotion) -> tuple[Goods, ...]:
    """The goods by which alone `Live.candidates` finds it; where a condition asks for goods too, these find it."""
    needs = [need for condition in promotion.conditions for need in condition.needs()]
    if any(isinstance(atom, Goods) for need in needs for atom in need):
        return ()
    return sought(promotion.benefits)


def _plain(goods: Goods | None) -> dict[str, Any] | None:
    return None if goods is None else _lean(msgspec.to_builtins(goods))


def _lean(value: Any) -> Any:
    """JSON without what goods are called: nothing is calculated by that."""
    if isinstance(value, dict):
        fields = cast(dict[str, Any], value)
        named = {"label"} if isinstance(fields.get("label"), dict) else set[str]()
        return {name: _lean(inner) for name, inner in fields.items() if name not in named}
    return [_lean(inner) for inner in cast(list[Any], value)] if isinstance(value, list | tuple) else value

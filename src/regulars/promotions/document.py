"""Promotion documents: what people write, checked and turned into conditions and benefits; bytes, schema and diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import msgspec

from regulars.errors import InvalidValue, MalformedJson, Unprocessable
from regulars.promotions.benefits.kind import Benefit, EarningBenefit
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import Composite
from regulars.promotions.kinds import KINDS, Kinds, convert
from regulars.promotions.model import Currency, Document, GroupRule

BENEFITS_MAX = 20
CONDITIONS_MAX = 50


class Terms(NamedTuple):
    """A document's conditions (those that no change of the basket could meet first) and benefits."""

    conditions: tuple[Condition, ...]
    benefits: tuple[Benefit, ...]


class Change(NamedTuple):
    """One difference between two documents: a JSON pointer, and the values before and after (None: not there)."""

    pointer: str
    before: Any
    after: Any


def parse(raw: bytes | str | Mapping[str, Any], kinds: Kinds = KINDS) -> Document:
    """A document, every condition and benefit of it validated by its kind.

    Raises MalformedJson (400), UnknownField or Unprocessable (422) with a JSON pointer for each field at fault.
    """
    value: object = raw
    if isinstance(raw, bytes | str):
        try:
            value = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise MalformedJson from None
    document = convert(value, Document)
    _meaning(document)
    build(document, kinds)
    return document


def build(document: Document, kinds: Kinds = KINDS) -> Terms:
    """The document's conditions and benefits. Raises Unprocessable naming every part that is at fault."""
    problems: list[Unprocessable] = []
    conditions: list[Condition] = []
    benefits: list[Benefit] = []
    for place, raw in enumerate(document.conditions):
        try:
            conditions.append(kinds.condition(raw, f"/conditions/{place}"))
        except Unprocessable as problem:
            problems.append(problem)
    for place, raw in enumerate(document.benefits):
        try:
            benefits.append(kinds.benefit(raw, f"/benefits/{place}"))
        except Unprocessable as problem:
            problems.append(problem)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise Unprocessable(problems[0].detail, errors=[f for problem in problems for f in problem.errors])
    conditions.sort(key=lambda condition: not condition.hard)
    return Terms(tuple(conditions), tuple(benefits))


def _meaning(document: Document) -> None:
    """What the shape of a document cannot say. Raises InvalidValue."""
    if not document.name.strip() or len(document.name) > 200:
        raise InvalidValue("/name", "A name of 1 to 200 characters is needed")
    if not 1 <= len(document.benefits) <= BENEFITS_MAX:
        raise InvalidValue("/benefits", f"1 to {BENEFITS_MAX} benefits are needed")
    if len(document.conditions) > CONDITIONS_MAX:
        raise InvalidValue("/conditions", f"At most {CONDITIONS_MAX} conditions may be given")
    if not 0 <= document.priority <= 1_000_000:
        raise InvalidValue("/priority", "A priority from 0 to 1000000 is needed")
    for name, instant in (("from", document.valid_from), ("until", document.valid_until)):
        if instant is not None and instant.tzinfo is not None:
            raise InvalidValue(f"/{name}", "A store's wall time without an offset is needed")


def canonical(document: Document) -> bytes:
    """Stable bytes of a document: members sorted, defaults left out, two spaces of indentation."""
    packed = msgspec.json.encode(msgspec.to_builtins(document), order="sorted")
    return msgspec.json.format(packed, indent=2)


def diff(before: Document | None, after: Document) -> list[Change]:
    """What changed between two documents, in the order of their canonical form."""
    old = cast(object, {} if before is None else msgspec.to_builtins(before))
    return list(_changes(old, cast(object, msgspec.to_builtins(after)), ""))


def _changes(before: object, after: object, pointer: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast(dict[str, object], before), cast(dict[str, object], after)
        for name in sorted({*old, *new}):
            step = name.replace("~", "~0").replace("/", "~1")
            yield from _changes(old.get(name), new.get(name), f"{pointer}/{step}")
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        first, second = list(cast(Iterable[object], before)), list(cast(Iterable[object], after))
        for place in range(max(len(first), len(second))):
            old_item = first[place] if place < len(first) else None
            new_item = second[place] if place < len(second) else None
            yield from _changes(old_item, new_item, f"{pointer}/{place}")
    elif before != after:
        yield Change(pointer, before, after)


def check(
    document: Document,
    groups: Iterable[GroupRule],
    currencies: Mapping[str, Currency] | Iterable[str],
    partners: Iterable[str] = (),
    kinds: Kinds = KINDS,
) -> list[str]:
    """Sentences that say why this promotion may not be published; empty when it may.

    It answers contradictions only; what is merely unwise is for the linter. Raises Unprocessable like `build`.
    """
    terms = build(document, kinds)
    found: list[str] = []
    rules = {group.name: group for group in groups}
    known = set(currencies)
    group = rules.get(document.group)
    if group is None:
        found.append(f"There is no group {document.group!r}; there are {', '.join(sorted(rules)) or 'none'}.")
    for benefit in terms.benefits:
        if group is not None and benefit.stage != group.stage:
            kind = benefit.__struct_config__.tag
            found.append(
                f"{kind} belongs to the {benefit.stage} stage,"
                f" but the group {group.name!r} is of the {group.stage} stage."
            )
        if isinstance(benefit, EarningBenefit) and benefit.currency not in known:
            found.append(f"The program has no currency {benefit.currency!r}.")
        named: tuple[str, ...] = getattr(benefit, "groups", ())
        found += [
            f"There is no group {name!r} to multiply the points of." for name in named if name not in rules
        ]
        found += benefit.contradictions()
    for condition in terms.conditions:
        found += condition.contradictions()
    found += _opposed(terms.conditions)
    start, end = document.valid_from, document.valid_until
    if start is not None and end is not None and start >= end:
        found.append(
            f"It ends at {end.isoformat()}, which is not after its beginning at {start.isoformat()}."
        )
    if document.funder is not None and document.funder not in set(partners):
        found.append(f"There is no partner {document.funder!r} to pay for it.")
    return found


def _opposed(conditions: Iterable[Condition]) -> Iterator[str]:
    """Conditions that a `not` beside them rules out word for word."""
    flat = list(conditions)
    for condition in flat:
        if condition.__struct_config__.tag == "not" and isinstance(condition, Composite):
            for inner in condition.of:
                if inner in flat:
                    yield f"{inner.__struct_config__.tag} is asked for and ruled out at once."

"""Promotion documents: what people write, checked and turned into conditions and benefits; bytes, schema and diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import msgspec

from regulars.errors import InvalidValue, MalformedJson, Unprocessable
from regulars.promotions import limits
from regulars.promotions.benefits.kind import Benefit, EarningBenefit
from regulars.promotions.conditions.kind import Condition
from regulars.promotions.conditions.logic import Composite
from regulars.promotions.kinds import KINDS, Kinds, convert
from regulars.promotions.model import Currency, Document, GroupRule
from regulars.promotions.words import N_, Sentence

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
    limits.require_sense(document.limits)


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


class Contradicted(NamedTuple):
    """One reason why a promotion may not be published, and the field of its document where it lies."""

    pointer: str
    sentence: Sentence


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
    return [found.sentence for found in faults(document, groups, currencies, partners, kinds)]


def faults(
    document: Document,
    groups: Iterable[GroupRule],
    currencies: Mapping[str, Currency] | Iterable[str],
    partners: Iterable[str] = (),
    kinds: Kinds = KINDS,
) -> list[Contradicted]:
    """The same, each with the field that it is about, to be said in any language."""
    conditions = [kinds.condition(raw, f"/conditions/{n}") for n, raw in enumerate(document.conditions)]
    benefits = [kinds.benefit(raw, f"/benefits/{n}") for n, raw in enumerate(document.benefits)]
    rules = {group.name: group for group in groups}
    group = rules.get(document.group)
    found: list[Contradicted] = []
    if group is None:
        there = ", ".join(sorted(rules)) or "none"
        sentence = Sentence(
            N_("There is no group {name!r}; there are {others}."), name=document.group, others=there
        )
        found.append(Contradicted("/group", sentence))
    for place, benefit in enumerate(benefits):
        pointer = f"/benefits/{place}"
        unfit = _unfit(benefit, group, rules, set(currencies))
        found += [Contradicted(f"{pointer}{field}", sentence) for field, sentence in unfit]
        found += [Contradicted(pointer, as_sentence(text)) for text in benefit.contradictions()]
    for place, condition in enumerate(conditions):
        found += [Contradicted(f"/conditions/{place}", as_sentence(t)) for t in condition.contradictions()]
    found += [Contradicted(f"/conditions/{place}", sentence) for place, sentence in _opposed(conditions)]
    if group is not None:
        earned = {benefit.currency for benefit in benefits if isinstance(benefit, EarningBenefit)}
        said = limits.contradictions(document.limits, group.stage, earned, document.on_last)
        found += [Contradicted("/limits", as_sentence(text)) for text in said]
    start, end = document.valid_from, document.valid_until
    if start is not None and end is not None and start >= end:
        text = N_("It ends at {end}, which is not after its beginning at {start}.")
        found.append(Contradicted("/until", Sentence(text, end=end.isoformat(), start=start.isoformat())))
    if document.funder is not None and document.funder not in set(partners):
        text = N_("There is no partner {name!r} to pay for it.")
        found.append(Contradicted("/funder", Sentence(text, name=document.funder)))
    return found


def as_sentence(text: str) -> Sentence:
    """What a kind says of itself; a plain string is said as it is."""
    return text if isinstance(text, Sentence) else Sentence("{text}", text=text)


def _unfit(
    benefit: Benefit, group: GroupRule | None, rules: Mapping[str, GroupRule], currencies: set[str]
) -> Iterator[tuple[str, Sentence]]:
    """Why a benefit cannot stand in its group, or names what is not there, and in which field."""
    if group is not None and not benefit.fits(group.stage):
        text = N_("{kind} belongs to the {stage} stage, but the group {group!r} is of the {other} stage.")
        kind = benefit.__struct_config__.tag
        yield "", Sentence(text, kind=kind, stage=benefit.stage, group=group.name, other=group.stage)
    code: str | None = getattr(benefit, "currency", None)
    if code is not None and code not in currencies:
        yield "/currency", Sentence(N_("The program has no currency {code!r}."), code=code)
    named: tuple[str, ...] = getattr(benefit, "groups", ())
    for name in named:
        if name not in rules:
            text = N_("There is no group {name!r} to multiply the points of.")
            yield "/groups", Sentence(text, name=name)


def _opposed(conditions: Iterable[Condition]) -> Iterator[tuple[int, Sentence]]:
    """Conditions that a `not` beside them rules out word for word, and where that stands."""
    flat = list(conditions)
    for place, condition in enumerate(flat):
        if condition.__struct_config__.tag == "not" and isinstance(condition, Composite):
            for inner in condition.of:
                if inner in flat:
                    text = N_("{kind} is asked for and ruled out at once.")
                    yield place, Sentence(text, kind=inner.__struct_config__.tag)

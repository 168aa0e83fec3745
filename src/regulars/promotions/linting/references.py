"""Is everything there that it names: stores, partners, goods, batches of codes, and texts in all languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from regulars.promotions.benefits.handing import Voucher
from regulars.promotions.benefits.points_price import PointsPrice
from regulars.promotions.conditions.place import Partner, Store
from regulars.promotions.conditions.presented import Code
from regulars.promotions.goods import Entry, Goods, goods_within
from regulars.promotions.linting.cases import Cases
from regulars.promotions.linting.finding import Finding, Surroundings
from regulars.promotions.linting.where import goods_at
from regulars.promotions.words import Words

NAMED_MAX = 5
"""Of what does not exist so many are named."""
TEXTS = frozenset({"label", "text", "names", "message"})
"""Fields that hold texts by language."""


def places(cases: Cases, words: Words) -> Iterator[Finding]:
    """Stores, groups of stores and partners that the program does not have."""
    for way in cases.mine.ways[:1]:
        for leaf in (*way.must, *way.must_not):
            if isinstance(leaf.condition, Store):
                yield from _stores(leaf.condition, leaf.pointer, cases.around, words)
            elif isinstance(leaf.condition, Partner):
                unknown = [code for code in leaf.condition.partners if code not in cases.around.partners]
                if unknown:
                    text = words.gettext("The program has no partner {names}.").format(
                        names=_few(unknown, words)
                    )
                    yield Finding("warning", "unknown_partner", text, f"{leaf.pointer}/partners")


def _stores(condition: Store, pointer: str, around: Surroundings, words: Words) -> Iterator[Finding]:
    if around.stores is None:
        return
    unknown = [code for code in condition.stores if code not in around.stores]
    if unknown:
        typed = len(unknown) == len(condition.stores) or not around.new_stores
        expected = not typed or not around.stores
        text = words.gettext("The program has no store {names} yet.").format(names=_few(unknown, words))
        yield Finding("note" if expected else "warning", "unknown_store", text, f"{pointer}/stores")
    groups = {group for place in around.stores.values() for group in place.groups}
    unknown = [code for code in condition.groups if code not in groups]
    if unknown:
        text = words.gettext("No store belongs to the group {names}.").format(names=_few(unknown, words))
        yield Finding("warning", "unknown_store_group", text, f"{pointer}/groups")


def goods(cases: Cases, words: Words) -> Iterator[Finding]:
    """Goods of which the assortment has nothing: none of a list, or some of it."""
    known = cases.around.goods_known
    if known is None:
        return
    mine = cases.mine
    parts = [
        *[(f"/conditions/{place}", part) for place, part in enumerate(mine.conditions)],
        *[(f"/benefits/{place}", part) for place, part in enumerate(mine.benefits)],
    ]
    for whole, part in parts:
        for pointer, one in goods_at(part, whole):
            listed = [entry for entry in one.entries if entry.facet != "attribute"]
            unknown = [entry for entry in listed if entry.key not in known]
            if not unknown:
                continue
            text = words.gettext("No product of the assortment has {names}.")
            said = text.format(names=_few([_said(entry, words) for entry in unknown], words))
            nothing = len(unknown) == len(one.entries) and one not in _exceptions(part)
            yield Finding("warning" if nothing else "note", "unknown_goods", said, pointer)


def _exceptions(part: object) -> list[Goods]:
    return [one.excluded for one in goods_within(part) if one.excluded is not None]


def _said(entry: Entry, words: Words) -> str:
    text = {
        "sku": words.gettext("the SKU {name}"),
        "category": words.gettext("the category {name}"),
        "tag": words.gettext("the tag {name}"),
        "brand": words.gettext("the brand {name}"),
    }[entry.facet]
    return text.format(name=entry.name)


def code_batches(cases: Cases, words: Words) -> Iterator[Finding]:
    """Batches of codes that nobody made yet, to be presented or to be issued from."""
    known = cases.around.code_batches
    if known is None:
        return
    text = words.gettext("There is no batch of codes {name!r}.")
    for way in cases.mine.ways:
        for leaf in way.must:
            batch = leaf.condition.batch if isinstance(leaf.condition, Code) else None
            if batch is not None and batch not in known:
                yield Finding("error", "unknown_code_batch", text.format(name=batch), f"{leaf.pointer}/batch")
    for place, benefit in enumerate(cases.mine.benefits):
        if isinstance(benefit, Voucher) and benefit.voucher not in known:
            said = words.gettext("There is no batch of codes {name!r} to issue vouchers from.")
            pointer = f"/benefits/{place}/voucher"
            yield Finding("error", "unknown_code_batch", said.format(name=benefit.voucher), pointer)


def stamps(cases: Cases, words: Words) -> Iterator[Finding]:
    """Prices that nobody chooses, in a currency that is none of stamps: they would never be paid."""
    text = words.gettext("Only stamps are taken without being asked for, and {currency} are none.")
    for place, benefit in enumerate(cases.mine.benefits):
        if isinstance(benefit, PointsPrice) and benefit.automatic:
            currency = cases.around.rules.currencies.get(benefit.currency)
            if currency is not None and not currency.stamps:
                said = text.format(currency=benefit.currency)
                yield Finding("error", "automatic_without_stamps", said, f"/benefits/{place}/automatic")


def texts(cases: Cases, words: Words) -> Iterator[Finding]:
    """Names, labels and messages that lack one of the program's languages."""
    document, languages = cases.mine.document, cases.around.languages
    if len(languages) < 2:
        return
    whole = {
        "names": document.names,
        "message": document.message,
        "conditions": document.conditions,
        "benefits": document.benefits,
    }
    for pointer, by_language in _texts(whole, ""):
        missing = [code for code in languages if code not in by_language]
        if missing and (by_language or pointer == "/names"):
            names = words.joined([words.language_name(code) for code in missing])
            text = words.gettext("This is not said in {languages}.").format(languages=names)
            yield Finding("note", "text_missing", text, pointer)


def _texts(value: object, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        for name, inner in cast(Mapping[str, object], value).items():
            if name in TEXTS and isinstance(inner, Mapping):
                yield f"{pointer}/{name}", cast(Mapping[str, Any], inner)
            else:
                yield from _texts(inner, f"{pointer}/{name}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(cast(Iterable[object], value)):
            yield from _texts(inner, f"{pointer}/{place}")


def _few(names: list[str], words: Words) -> str:
    more = len(names) - NAMED_MAX
    shown = names[:NAMED_MAX]
    if more > 0:
        shown.append(words.ngettext("{n} more", "{n} more", more).format(n=more))
    return words.joined(shown)

"""Looks at a promotion before it is published: what it would meet in its program, and what the linter says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from regulars import clock
from regulars.assortment import reading as shelves
from regulars.assortment.model import Product
from regulars.db.pool import Database, Transaction
from regulars.errors import Contradiction, NotFound, WarningsNotAccepted
from regulars.flows import promotion_limits, words
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.programs import reading
from regulars.promotions import catalogue, codes, document, linter
from regulars.promotions.goods import Goods, goods_within
from regulars.promotions.linter import Finding, Surroundings
from regulars.promotions.linting.finding import Place
from regulars.promotions.linting.money import GIFT_CARDS
from regulars.promotions.model import Document, Line
from regulars.promotions.references import code_batches
from regulars.units import ONE, parse_rate

WARES_MAX = 200
"""Products that examples may be made of."""
LISTED_MAX = 2000
"""SKUs of a document that are looked up."""


class Lint(Struct, frozen=True):
    """What the linter found, errors first; empty: nothing speaks against publishing."""

    findings: tuple[Finding, ...]


class Consent(Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever publishes accepts."""

    accept_warnings: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=100)
    ] = ()
    """Codes of the linter's warnings."""


async def lint_promotion(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    promotion: UUID,
    at: datetime,
    language: str | None,
) -> Lint:
    """What the linter says of the draft, or of the published document. Raises NotFound."""
    async with database.transaction(program) as tx:
        found = await catalogue.find(tx, program, promotion)
        if found is None:
            raise NotFound("There is no such promotion in this program.")
        if found.draft is not None:
            parsed = document.parse(found.draft)
        else:
            (revision,) = await catalogue.frozen(tx, program, [(promotion, found.revision)])
            parsed = revision.document
        return Lint(tuple(await findings(tx, programs, program, promotion, parsed, at, language)))


async def lint_document(
    database: Database,
    programs: KnownPrograms,
    program: UUID,
    draft: Document,
    at: datetime,
    language: str | None,
    promotion: UUID | None = None,
) -> Lint:
    """What the linter says of a document that is no promotion yet, or that `promotion` may become.

    Raises Unprocessable.
    """
    document.build(draft)
    async with database.transaction(program) as tx:
        return Lint(tuple(await findings(tx, programs, program, promotion, draft, at, language)))


async def findings(
    tx: Transaction,
    programs: KnownPrograms,
    program: UUID,
    promotion: UUID | None,
    parsed: Document,
    at: datetime,
    language: str | None,
) -> list[Finding]:
    """Everything that the linter says of a document in its program, errors first."""
    version = (await reading.load(tx, program)).version
    known = await programs.within(tx, program, version)
    around = await surroundings(tx, known, promotion, parsed, at)
    spoken = known.words[words.chosen(known.program.languages, language, "")]
    # Hundreds of baskets may be priced: in a thread, so that the tills of this process are served meanwhile.
    found = await asyncio.to_thread(linter.lint, parsed, around, spoken)
    if promotion is not None:
        said = await promotion_limits.contradictions(tx, program, promotion, parsed)
        found = [
            Finding("error", "contradiction", sentence.said(spoken), "/limits") for sentence in said
        ] + found
    return found


def require_consent(found: Sequence[Finding], accepted: Iterable[str]) -> tuple[str, ...]:
    """The codes of the warnings there are, all of which are accepted. Raises Contradiction, WarningsNotAccepted."""
    errors = linter.errors(found)
    if errors:
        sentences = [finding.sentence for finding in errors]
        raise Contradiction(" ".join(sentences), extra={"problems": sentences, "findings": errors})
    warnings = linter.warnings(found)
    missing = [finding for finding in warnings if finding.code not in set(accepted)]
    if missing:
        sentences = " ".join(finding.sentence for finding in missing)
        raise WarningsNotAccepted(sentences, extra={"warnings": missing})
    return tuple(dict.fromkeys(finding.code for finding in warnings))


async def surroundings(
    tx: Transaction, known: Known, promotion: UUID | None, parsed: Document, at: datetime
) -> Surroundings:
    """What a document would meet in its program at an instant."""
    program = known.program
    partners = {partner.id: partner.code for partner in program.partners.values()}
    goods = _goods(parsed)
    products = await _products(tx, program.id, goods)
    language = program.languages[0]
    return Surroundings(
        live=known.live,
        rules=known.rules,
        now=at.astimezone(clock.zone(program.time_zone)).replace(tzinfo=None),
        promotion=promotion,
        languages=program.languages,
        partners=frozenset(program.partners),
        stores={s.code: Place(partners.get(s.partner, ""), s.groups) for s in program.stores.values()},
        new_stores=program.settings.unknown_stores == "register",
        late_days=program.settings.late_days,
        wares=tuple(_line(product) for product in products),
        goods_known=await _goods_known(tx, program.id, goods),
        names={product.sku: product.name_in(language) for product in products},
        code_batches=await _batches(tx, program.id, parsed),
    )


def _goods(parsed: Document) -> list[Goods]:
    """All goods that a document means, and those that it leaves out."""
    terms = document.build(parsed)
    found = [goods for part in (*terms.conditions, *terms.benefits) for goods in goods_within(part)]
    return [*found, *[goods.excluded for goods in found if goods.excluded is not None]]


async def _products(tx: Transaction, program: UUID, goods: Sequence[Goods]) -> list[Product]:
    """Products that examples may be made of: what is meant, the smallest margins first, and gift cards."""
    found = await shelves.meant(
        tx,
        program,
        skus=[sku for one in goods for sku in one.skus],
        categories=[path for one in goods for path in one.categories],
        tags=[tag for one in goods for tag in one.tags],
        brands=[brand for one in goods for brand in one.brands],
        everything=any(not one.keys for one in goods),
        limit=WARES_MAX,
    )
    cards = await shelves.meant(tx, program, tags=sorted(GIFT_CARDS), categories=sorted(GIFT_CARDS), limit=1)
    return list({product.sku: product for product in (*found, *cards)}.values())


async def _goods_known(tx: Transaction, program: UUID, goods: Sequence[Goods]) -> frozenset[str] | None:
    """The keys of goods that products have; None where the program has no assortment."""
    there = await shelves.facets(tx, program)
    if not there:
        return None
    keys = {f"{facet[0]}:{name.strip('/')}" for facet, name in there}
    for facet, name in there:
        parts = name.strip("/").split("/") if facet == "category" else []
        keys.update("c:" + "/".join(parts[:length]) for length in range(1, len(parts)))
    listed = [sku for one in goods for sku in one.skus]
    if len(listed) > LISTED_MAX:
        return frozenset(keys.union(f"s:{sku}" for sku in listed))
    return frozenset(keys.union(f"s:{sku}" for sku in await shelves.by_skus(tx, program, listed)))


async def _batches(tx: Transaction, program: UUID, parsed: Document) -> frozenset[str]:
    wanted = code_batches(parsed)
    return frozenset(wanted & (await codes.named(tx, program)).keys()) if wanted else frozenset()


def _line(product: Product) -> Line:
    """A product as a line of one piece."""
    return Line(
        1,
        product.sku,
        ONE,
        product.price,
        product.price,
        categories=product.categories,
        tags=product.tags,
        brand=product.brand,
        cost=product.cost,
        tax_rate=parse_rate(product.tax_rate),
        unit=product.unit,
    )

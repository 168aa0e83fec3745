"""Copies what a program is into its sandbox: settings, register, goods, promotions, empty batches of codes; nobody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from regulars import ids
from regulars.assortment import reading as shelves
from regulars.assortment import shelf
from regulars.db.pool import Database, Transaction
from regulars.errors import StateConflict
from regulars.flows import promotion_limits
from regulars.games import badges, quest_book
from regulars.games.badges import Badge
from regulars.members import tier_marks
from regulars.members.tier_marks import Begun
from regulars.programs import reading, registry
from regulars.programs.model import Program
from regulars.programs.reading import OPERATOR_CODE
from regulars.programs.settings import ProgramSettings
from regulars.promotions import catalogue, codes
from regulars.promotions.codes import Batch
from regulars.promotions.model import Revision

NAME_MAX = 188
PRODUCTS_AT_ONCE = 2_000
BY = "sandbox"


class Source(Struct, frozen=True):
    """What is copied of a live program."""

    program: Program
    promotions: list[Revision]
    batches: dict[str, Batch]
    ladders: tuple[Begun, ...]
    quests: tuple[quest_book.Begun, ...]
    badges: dict[str, Badge]


async def read_source(database: Database, live: UUID) -> Source:
    """A live program as it is. Raises StateConflict for a sandbox, NotFound."""
    async with database.transaction(live) as tx:
        source = Source(
            await reading.load(tx, live),
            await catalogue.live(tx, live),
            await codes.named(tx, live),
            await tier_marks.newest(tx, live),
            await quest_book.newest(tx, live),
            await badges.newest(tx, live),
        )
    if source.program.sandbox:
        raise StateConflict("This is a sandbox already.")
    return source


async def create(tx: Transaction, original: Program, sandbox: UUID, at: datetime) -> bool:
    """Enter the sandbox; False: it is there."""
    return await registry.create(
        tx,
        sandbox,
        name=f"{original.name[:NAME_MAX]} (sandbox)",
        base_currency=original.base_currency,
        time_zone=original.time_zone,
        languages=original.languages,
        sandbox=True,
        settings=_settings(original),
        at=at,
    )


def _settings(original: Program) -> ProgramSettings:
    """Members are not taken over, so no cashier is one; nor is the logo's picture."""
    return structs.replace(original.settings, cashier_members={}, logo="")


async def resettle(tx: Transaction, original: Program, sandbox: UUID) -> None:
    """The settings as they are now; the sandbox keeps its name and address. Whoever comes next waits here."""
    slug, name, *_ = await registry.current(tx, sandbox)
    await registry.change(
        tx,
        sandbox,
        slug=slug,
        name=name,
        time_zone=original.time_zone,
        languages=original.languages,
        settings=_settings(original),
    )


async def fill(tx: Transaction, source: Source, sandbox: UUID, at: datetime) -> None:
    """All but the goods, in one transaction of the sandbox. `at`: by its clock."""
    await _register(tx, source.program, sandbox)
    for batch in source.batches.values():
        empty = structs.replace(batch, id=ids.new(), wanted=0, job=None, created_at=at, created_by=BY)
        await codes.create(tx, sandbox, empty)
    await _copy_promotions(tx, source.promotions, sandbox, at)
    there = {one.ladder.code: one.ladder.document for one in await tier_marks.newest(tx, sandbox)}
    for one in source.ladders:
        if there.get(one.ladder.code) != one.ladder.document:
            await tier_marks.add(tx, sandbox, one.ladder.code, one.ladder.document, at, BY)
    await _copy_challenges(tx, source, sandbox, at)


async def _copy_challenges(tx: Transaction, source: Source, sandbox: UUID, at: datetime) -> None:
    drawn = await badges.newest(tx, sandbox)
    for code, badge in source.badges.items():
        if code not in drawn or drawn[code].document != badge.document:
            await badges.add(tx, sandbox, code, badge.document, at, BY)
    there = {one.quest.code: one.quest.document for one in await quest_book.newest(tx, sandbox)}
    for begun in source.quests:
        if there.get(begun.quest.code) != begun.quest.document:
            await quest_book.add(tx, sandbox, begun.quest.code, begun.quest.document, at, BY)
            await registry.bump(tx, sandbox)


async def _copy_promotions(tx: Transaction, wanted: list[Revision], sandbox: UUID, at: datetime) -> None:
    """Copies that are live as they should be stay; others of ours are stopped, what is missing is published."""
    missing = [msgspec.json.encode(one.document) for one in wanted]
    for copy in await catalogue.live(tx, sandbox):
        document = msgspec.json.encode(copy.document)
        published = await catalogue.revisions(tx, sandbox, copy.promotion)
        if any(one.published_by != BY for one in published if one.revision == copy.number):
            continue
        if document in missing:
            missing.remove(document)
        elif (
            revision := await catalogue.set_status(tx, sandbox, copy.promotion, "live", "stopped")
        ) is not None:
            version = await registry.bump(tx, sandbox)
            await catalogue.note(tx, sandbox, copy.promotion, ids.new(), "stopped", revision, version, at, BY)
    for original in wanted:
        document = msgspec.json.encode(original.document)
        if document in missing:
            missing.remove(document)
            await _publish(tx, sandbox, original, at)


async def copy_goods(database: Database, live: UUID, sandbox: UUID) -> None:
    """The assortment, page by page, each in transactions of its own: it may be large. Done again, it is the same."""
    after = ""
    while True:
        async with database.transaction(live) as tx:
            products = await shelves.page(tx, live, after, PRODUCTS_AT_ONCE)
        if not products:
            return
        await database.run(sandbox, lambda tx, some=products: shelf.upsert(tx, sandbox, some))
        after = products[-1].sku


async def _register(tx: Transaction, original: Program, sandbox: UUID) -> None:
    partners: dict[UUID, UUID] = {}
    for partner in original.partners.values():
        name = partner.name if partner.code != OPERATOR_CODE else f"{original.name[:NAME_MAX]} (sandbox)"
        partners[partner.id] = (await registry.upsert_partner(tx, sandbox, partner.code, name)).id
    for currency in original.currencies.values():
        await registry.upsert_currency(tx, sandbox, currency)
    for store in original.stores.values():
        await registry.upsert_store(
            tx,
            sandbox,
            code=store.code,
            name=store.name,
            partner=partners[store.partner],
            time_zone=store.time_zone,
            groups=store.groups,
        )


async def _publish(tx: Transaction, sandbox: UUID, original: Revision, at: datetime) -> None:
    """A promotion as it is live, as the first revision of a promotion of the sandbox's own."""
    promotion, plain = ids.new(), msgspec.to_builtins(original.document)
    await catalogue.create(tx, sandbox, promotion, plain, BY, at)
    revision = await catalogue.publish(tx, sandbox, promotion, plain, [], BY, at)
    await promotion_limits.spread(tx, sandbox, promotion, original.document)
    version = await registry.bump(tx, sandbox)
    await catalogue.note(tx, sandbox, promotion, ids.new(), "published", revision, version, at, BY)

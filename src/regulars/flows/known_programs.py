"""What a process remembers of each program: settings, stores, currencies and the compiled live promotions.

Remembered until the program's version moves on; every standing read carries the version, so that a published or
stopped promotion counts from the next purchase on, in every process, without a push.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock
from regulars.db.pool import Database, Transaction, fetch_one
from regulars.errors import NotFound
from regulars.flows import earning_cap, words
from regulars.flows.register_store import ensure_tills
from regulars.games import quest_book
from regulars.games.quests import Quest
from regulars.i18n import ProgramWords
from regulars.members import tier_marks, vault
from regulars.members.ladders import Ladder
from regulars.members.vault import NO_KEYS, Keyring, Vault
from regulars.programs import reading
from regulars.programs.calculation import ExcludedGoods, GoodsSetting
from regulars.programs.model import Program
from regulars.programs.settings import ProgramSettings
from regulars.promotions import catalogue
from regulars.promotions.benefits.discounts import parse_percent
from regulars.promotions.goods import Goods
from regulars.promotions.index import Live, Promotion
from regulars.promotions.model import Currency, Excluded, GroupRule, Revision, Rules

TILLS_MAX = 100_000


class Known(Struct, frozen=True):
    """One version of a program, ready to price with."""

    program: Program
    live: Live
    base_live: Live
    """Base earning only, for receipts that are too late for the offers of their time."""
    rules: Rules
    words: dict[str, ProgramWords]
    vault: Vault
    """What finds, seals and opens the program's persons."""
    ladders: dict[str, Ladder] = {}
    """By code, as they count now; without any nobody's sums are read."""
    quests: dict[str, Quest] = {}
    """Challenges by code, as they count now, stopped ones too; without any nothing is counted."""

    @property
    def bases(self) -> dict[str, str]:
        """Ladder → the tier that every member has without having gained it."""
        return {code: ladder.base for code, ladder in self.ladders.items() if ladder.base is not None}

    @property
    def version(self) -> int:
        """Of settings, stores, currencies and live promotions together."""
        return self.program.version

    def promotion(self, promotion: UUID) -> Promotion | None:
        """A live promotion."""
        return self.live.by_id.get(promotion)

    def funder(self, promotion: Promotion | None) -> UUID:
        """The partner that pays for what this promotion gives."""
        code = promotion.document.funder if promotion else None
        partner = self.program.partners.get(code) if code else None
        return partner.id if partner else self.program.operator


class KnownPrograms:
    """The cache of one process."""

    def __init__(self, database: Database, keyring: Keyring = NO_KEYS):
        """Without the keyring nobody's name is read and nobody is found by a phone: for looking at promotions."""
        self._database = database
        self._keyring = keyring
        self._known: dict[UUID, Known] = {}
        self._tills: dict[tuple[UUID, str, str], UUID] = {}

    async def of(self, program: UUID, *, at_least: int = 0) -> Known:
        """The program as remembered, loaded anew when older than the version `at_least`. Raises NotFound."""
        known = self._known.get(program)
        if known is None or known.version < at_least:
            known = await self.load(program)
        return known

    async def load(self, program: UUID) -> Known:
        """The program as it stands in the database. Raises NotFound."""
        async with self._database.transaction(program) as tx:
            known = await load(tx, program, self._keyring)
        remembered = self._known.get(program)
        if remembered is None or remembered.version < known.version:
            self._known[program] = known
        return self._known[program]

    async def within(self, tx: Transaction, program: UUID, at_least: int) -> Known:
        """As `of`, loaded on a transaction's own connection: a flow that holds one must not wait for a second."""
        known = self._known.get(program)
        if known is None or known.version < at_least:
            known = await load(tx, program, self._keyring)
            self._known[program] = known
        return known

    async def fresh(self, program: UUID) -> Known:
        """As `of`, after asking the database for the version. Raises NotFound."""
        async with self._database.transaction(None) as tx:
            row = await fetch_one(tx, "SELECT version FROM program WHERE id = %s", (program,))
        if row is None:
            raise NotFound("There is no such program.")
        return await self.of(program, at_least=row[0])

    async def of_slug(self, slug: str) -> Known:
        """The program of that short name, as it is now. Raises NotFound."""
        async with self._database.transaction(None) as tx:
            found = await reading.of_slug(tx, slug)
        if found is None:
            raise NotFound("There is no such program.")
        return await self.of(found[0], at_least=found[1])

    def remembered(self, slug: str) -> Known | None:
        """The program of that short name as it was last seen here, without asking the database."""
        return next((known for known in self._known.values() if known.program.slug == slug), None)

    async def now(self, program: UUID) -> datetime:
        """The present instant by the program's clock: asked of the database for a sandbox, whose user sets it."""
        if not (await self.of(program)).program.sandbox:
            return clock.world()
        async with self._database.transaction(None) as tx:
            row = await fetch_one(tx, "SELECT clock_at FROM program WHERE id = %s", (program,))
        return clock.now(row[0] if row else None)

    async def tills(
        self, program: UUID, wanted: Iterable[tuple[str, str]], at: datetime
    ) -> dict[tuple[str, str], UUID]:
        """The pools of tills (store's code, till's code); what is new is registered, if the settings allow it.

        Raises InvalidValue where they do not.
        """
        wanted = set(wanted)
        unknown = [pair for pair in wanted if (program, *pair) not in self._tills]
        if unknown:
            known = await self.fresh(program)
            made = await ensure_tills(self._database, known.program, sorted(unknown), at)
            if len(self._tills) + len(made) > TILLS_MAX:
                self._tills.clear()
            for (store, till), row in made.items():
                self._tills[program, store, till] = row.pool
            if any(store not in known.program.stores for store, _ in unknown):
                await self.fresh(program)
        return {pair: self._tills[program, *pair] for pair in wanted}


async def load(tx: Transaction, program: UUID, keyring: Keyring = NO_KEYS) -> Known:
    """The program within a transaction that sees it. Raises NotFound."""
    found = await reading.load(tx, program)
    ladders = {one.ladder.code: one.ladder for one in await tier_marks.newest(tx, program)}
    known = compiled(found, await catalogue.live(tx, program), keyring, ladders)
    return structs.replace(
        known, quests={one.quest.code: one.quest for one in await quest_book.newest(tx, program)}
    )


def compiled(
    program: Program,
    revisions: list[Revision],
    keyring: Keyring = NO_KEYS,
    ladders: dict[str, Ladder] | None = None,
) -> Known:
    """A program with promotions, ready to price with."""
    groups = group_rules(program.settings)
    return Known(
        program,
        earning_cap.counting(Live.build(revisions, groups), program.settings),
        earning_cap.counting(
            Live.build([revision for revision in revisions if revision.document.base], groups),
            program.settings,
        ),
        rules_of(program),
        words.speakers(program),
        vault.of(keyring, program.id),
        ladders or {},
    )


async def as_decided(tx: Transaction, known: Known, version: int) -> Known:
    """The program as it calculated at an earlier version: its settings, currencies and live promotions of then."""
    if known.version == version:
        return known
    program = await reading.at_version(tx, known.program, version)
    live = await catalogue.live_at(tx, program.id, version)
    return compiled(program, live, known.vault.keyring, known.ladders)


def group_rules(settings: ProgramSettings) -> tuple[GroupRule, ...]:
    """The program's groups of promotions, in their order."""
    return tuple(GroupRule(g.name, g.stage, g.rule, g.excludes) for g in settings.groups)


def rules_of(program: Program) -> Rules:
    """What the engine must know of a program."""
    settings = program.settings
    return Rules(
        base_currency=program.base_currency,
        currencies={
            c.code: Currency(
                c.code, c.scale, c.worth, spendable=c.kind in ("points", "money"), stamps=c.kind == "stamps"
            )
            for c in program.currencies.values()
        },
        points_as=settings.points_as,
        earn_on_points_part=settings.earn_on_points_part,
        earn_on=settings.earn_on,
        discount_on=settings.discount_on,
        prices_include_tax=settings.prices_include_tax,
        line_floor=settings.line_floor,
        excluded=_excluded(settings.excluded_goods, settings.gift_card_skus),
        points_share_max=parse_percent(settings.points_share_max),
        points_share_line_max=parse_percent(settings.points_share_line_max),
    )


def _excluded(goods: ExcludedGoods, gift_cards: tuple[str, ...]) -> Excluded:
    """The goods that the engine leaves alone; gift cards, which are money, always."""
    return Excluded(*[_goods(lists, gift_cards) for lists in (goods.discount, goods.earning, goods.spending)])


def _goods(lists: GoodsSetting, gift_cards: tuple[str, ...]) -> Goods | None:
    skus = tuple(dict.fromkeys((*lists.skus, *gift_cards)))
    goods = Goods(skus=skus, categories=lists.categories, tags=lists.tags, brands=lists.brands)
    return None if goods.everything else goods

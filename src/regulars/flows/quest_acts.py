"""Counts single things for challenges: a purchase that was confirmed or claimed, what came back, an activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from regulars import clock
from regulars.db.pool import Transaction
from regulars.flows import answering, questing, sharing
from regulars.flows.grace import open_pages
from regulars.flows.incoming import Incoming
from regulars.flows.known_programs import Known
from regulars.flows.pricing import Decision
from regulars.flows.questing import Change, Tally
from regulars.games import progress, quest_book
from regulars.games.progress import Act, Item
from regulars.games.quest_book import Counted
from regulars.games.quests import Quest
from regulars.i18n import N_, ProgramWords
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import reading
from regulars.members.model import Customer
from regulars.prizes import Prize
from regulars.programs.model import Program, Store
from regulars.purchases.kept import Document
from regulars.purchases.model import PurchaseAnswer
from regulars.units import Ratio, given_back

SYSTEM = "program"
ABOUT_THERE = N_("{reached} of {need} – {challenge}")
DONE = N_("Challenge completed: {challenge}")
DONE_WITH = N_("Challenge completed: {challenge}, {prize}")
STEP = N_("{challenge}: {prize} on the way")
EXHAUSTED = N_("{challenge} is done, but all prizes are gone")


class Activity(Struct, frozen=True):
    """Something that a member did beside buying."""

    source: UUID
    kind: str
    happened_at: datetime
    quantity: int = 1000
    """Thousandths; below zero takes back."""
    store: str | None = None
    corrects: UUID | None = None
    """The activity that this one corrects."""
    left: int = 0
    """Thousandths that are left of the corrected one."""


def act_of(
    program: Program, document: Document, store: Store, at: datetime, back: Mapping[int, int] = {}
) -> Act:
    """A purchase as challenges see it; `back`: line → thousandths of it that came back."""
    rate = Ratio(*document.rate) if document.rate else None
    earned: dict[int, dict[str, int]] = {}
    for earning in document.earned:
        for line, amount in zip(earning.lines, earning.amounts, strict=True):
            of_line = earned.setdefault(line, {})
            of_line[earning.currency] = of_line.get(earning.currency, 0) + amount
    items: list[Item] = []
    for sent, line in zip(document.request.lines, document.lines, strict=True):
        came = min(back.get(line.line, 0), line.quantity)
        net = line.net - given_back(line.net, came, line.quantity) if came else line.net
        points = {
            currency: amount - given_back(amount, came, line.quantity) if came else amount
            for currency, amount in earned.get(line.line, {}).items()
        }
        items.append(
            Item(
                sent.sku, tuple(sent.categories), tuple(sent.tags), sent.brand, line.quantity - came,
                rate.half_up(net) if rate else net, points,
            )
        )  # fmt: skip
    partner = next((one.code for one in program.partners.values() if one.id == store.partner), None)
    return Act(at, store.code, partner, tuple(items))


class BatchTally:
    """The challenges of a batch of purchases."""

    def __init__(self, known: Known, rows: Sequence[questing.Row]) -> None:
        self._known = known
        self.tally = Tally(known, rows)

    @staticmethod
    def wanted(
        known: Known, batch: Sequence[Incoming], customers: Mapping[int, Customer], at: datetime
    ) -> list[questing.Wanted]:
        """What to ask for a batch; nothing without a challenge that is open."""
        found: list[questing.Wanted] = []
        for place, customer in customers.items():
            when = min(batch[place].sent.purchased_at, at)
            if customer.member is not None and not batch[place].sent.hold:
                found += questing.wanted(
                    known, place, customer.member, questing.open_quests(known, when), when
                )
        return found

    async def settle(self, tx: Transaction, at: datetime) -> None:
        """Write the steps that were reached, with their prizes but for the points. Raises WinnersGone."""
        if self.tally.gives:
            await self.tally.settle(tx, {}, at, SYSTEM)

    def follow(
        self, place: int, incoming: Incoming, customer: Customer | None, page: Page | None, decision: Decision,
        answer: PurchaseAnswer, purchase: UUID, at: datetime,
    ) -> PurchaseAnswer:  # fmt: skip
        """The answer with what the purchase does for challenges; one that is only held does nothing yet."""
        if incoming.sent.hold or customer is None or customer.member is None or page is None:
            return answer
        act = act_of(
            self._known.program, decision.document, incoming.store, min(incoming.sent.purchased_at, at)
        )
        changes = self.tally.add(
            place, customer.member, page, purchase, act, at, SYSTEM, incoming.store.partner
        )
        return told(self._known, answer, changes, decision.document.language, customer, page, at)


async def followed(
    tx: Transaction, known: Known, customer: Customer | None, document: Document, answer: PurchaseAnswer,
    store: UUID, purchased_at: datetime, purchase: UUID, at: datetime,
) -> PurchaseAnswer:  # fmt: skip
    """The answer of a purchase that was written otherwise than in a batch; the pool is locked, its page written."""
    when = min(purchased_at, at)
    quests = questing.open_quests(known, when) if known.quests else []
    if not quests or customer is None or customer.member is None:
        return answer
    rows = await questing.answered(
        await questing.ask(tx, known, questing.wanted(known, 0, customer.member, quests, when))
    )
    page = (await open_pages(tx, known.program, [customer.pool]))[customer.pool]
    place = next(one for one in known.program.stores.values() if one.id == store)
    tally = Tally(known, rows)
    act = act_of(known.program, document, place, when)
    changes = tally.add(0, customer.member, page, purchase, act, at, SYSTEM, place.partner)
    await _finish(tx, known, tally, {customer.member: page}, purchase, at)
    return told(known, answer, changes, document.language, customer, page, at)


async def taken_off(
    tx: Transaction, known: Known, document: Document, store: UUID, purchased_at: datetime, purchase: UUID,
    back: Mapping[int, int], act: UUID, at: datetime,
) -> bool:  # fmt: skip
    """Something of a purchase came back, or all of it was voided; everything else of that is written already.

    Whether a challenge counts less by it.
    """
    if not known.quests:
        return False
    place = next(one for one in known.program.stores.values() if one.id == store)
    left = act_of(known.program, document, place, purchased_at, back)
    return await _take_back(tx, known, purchase, left, act, at, kept=True)


async def count_activity(
    tx: Transaction, known: Known, member: UUID, pool: UUID, activity: Activity, at: datetime
) -> list[Change]:
    """Count an activity, or a correction of one: her pool is locked, and what was done to it is written already.

    No statement where no challenge of the program counts this kind.
    """
    if known.quests and activity.corrects is not None:
        left = Act(activity.happened_at, activity.store, activity=activity.kind, quantity=activity.left)
        await _take_back(tx, known, activity.corrects, left, activity.source, at)
        return []
    when = min(activity.happened_at, at)
    quests = questing.open_quests(known, when, activity.kind) if known.quests else []
    if not quests:
        return []
    rows = await questing.answered(
        await questing.ask(tx, known, questing.wanted(known, 0, member, quests, when))
    )
    page = (await open_pages(tx, known.program, [pool]))[pool]
    tally = Tally(known, rows)
    act = Act(when, activity.store, activity=activity.kind, quantity=activity.quantity)
    changes = tally.add(0, member, page, activity.source, act, at, SYSTEM)
    await _finish(tx, known, tally, {member: page}, activity.source, at)
    return changes


async def _take_back(
    tx: Transaction, known: Known, source: UUID, left: Act, act: UUID, at: datetime, *, kept: bool = False
) -> bool:
    """Count of a thing only what is left of it, in the windows in which it counted, though they be over by now.

    `kept`: not for challenges that go on counting what came back. Whether a challenge counts it otherwise than before.
    """
    changed = False
    zone = clock.zone(known.program.time_zone)
    grouped: dict[tuple[UUID, str, int], list[Counted]] = {}
    for one in await quest_book.counted_of(tx, known.program.id, source):
        grouped.setdefault((one.member, one.quest, one.round), []).append(one)
    # Whoever was merged comes before the one who has her steps since: what she gives back is nobody's then.
    merged = await _merged(tx, known, {member for member, _, _ in grouped})
    for (member, code, window), counted in sorted(
        grouped.items(), key=lambda group: (len(merged[group[0][0]]), group[0])
    ):
        quest = known.quests.get(code)
        if quest is None or (kept and quest.document.returns == "keep"):
            continue
        now = progress.counted(quest, structs.replace(left, at=counted[0].at), zone)
        less = progress.added(now, {one.key: -one.amount for one in counted})
        if less:
            whose = [member, *merged[member]]
            await _take_off(tx, known, quest, whose, window, less, source, act, counted[0].at, at)
            changed = True
    return changed


async def _merged(tx: Transaction, known: Known, members: set[UUID]) -> dict[UUID, list[UUID]]:
    """Member → whoever was merged into her; a thing that counts for one alone was merged nowhere."""
    if len(members) < 2:
        return {member: [] for member in members}
    return {member: await reading.alias_ids(tx, known.program.id, member) for member in sorted(members)}


async def _take_off(
    tx: Transaction, known: Known, quest: Quest, whose: Sequence[UUID], window: int, less: Mapping[str, int],
    purchase: UUID, act: UUID, happened_at: datetime, at: datetime,
) -> None:  # fmt: skip
    """`whose`: the member, and whoever was merged into her."""
    member = whose[0]
    found = await sharing.locked_member(tx, known.program, member, erased=True)
    wanted = [questing.Wanted(0, member, quest, happened_at, window)]
    rows = await questing.answered(await questing.ask(tx, known, wanted))
    page = (await open_pages(tx, known.program, [found.pool]))[found.pool]
    tally = Tally(known, rows)
    stand: set[int] | None = None
    if len(whose) > 1:
        taken = [step for row in rows for step in row.steps or ()]
        turns = [
            await quest_book.last_turns(tx, known.program.id, one, quest.code, window, taken) for one in whose
        ]
        stand = {step for of_one in turns for step, _, _, _ in of_one}
    tally.take_off(member, page, quest, rows, less, purchase, act, happened_at, at, SYSTEM, stand)
    await _finish(tx, known, tally, {member: page}, act, at)


async def _finish(
    tx: Transaction, known: Known, tally: Tally, pages: Mapping[UUID, Page], act: UUID, at: datetime
) -> None:
    if tally.gives:
        await tally.settle(tx, pages, at, SYSTEM)
        await book.write(tx, known.program.id, pages.values())
    await tally.write(tx, at)


def told(
    known: Known, answer: PurchaseAnswer, changes: Sequence[Change], language: str, customer: Customer, page: Page,
    at: datetime,
) -> PurchaseAnswer:  # fmt: skip
    """The answer with what is said of challenges, and the balance with their prizes."""
    if not changes:
        return answer
    words = known.words[language]
    lines = tuple(line for change in changes for line in _said(known, words, change))
    messages = structs.replace(
        answer.messages,
        cashier=(*answer.messages.cashier, *lines),
        receipt=(*answer.messages.receipt, *lines),
    )
    if any(change.given for change in changes):
        answer = structs.replace(answer, member=answering.member_view(known, customer, page, at))
    return structs.replace(answer, messages=messages)


def _said(known: Known, words: ProgramWords, change: Change) -> list[str]:
    quest = change.quest
    name = quest.name(words.language, known.program.languages[0])
    given = ", ".join(filter(None, [prize_words(words, prize) for prize in change.given]))
    if change.whole:
        text = words.gettext(DONE_WITH if given else DONE)
        return [text.format(challenge=name, prize=given)]
    if change.exhausted:
        return [words.gettext(EXHAUSTED).format(challenge=name)]
    found = [words.gettext(STEP).format(challenge=name, prize=given)] if given else []
    need = quest.milestones[-1][0]
    if change.shown < need:
        reached, whole = amounts(words, known.program, quest, change.shown)
        found.append(words.gettext(ABOUT_THERE).format(reached=reached, need=whole, challenge=name))
    return found


def amounts(words: ProgramWords, program: Program, quest: Quest, reached: int) -> tuple[str, str]:
    """How far, and how much in all, as people write it."""
    goal = quest.document.goal
    if goal.kind == "sum" and goal.measure == "spend":
        base = program.base_currency
        return words.money(reached, base), words.money(goal.need, base)
    if goal.kind == "sum" and goal.measure == "points" and goal.currency is not None:
        return words.spoken.number(reached), words.points(goal.need, goal.currency)
    return words.spoken.number(reached // quest.scale), words.spoken.number(goal.need)


def prize_words(words: ProgramWords, prize: Prize) -> str:
    """A prize in a few words: `+150 points`, a voucher, a badge."""
    if prize.points is not None:
        return "+" + words.points(prize.points.amount, prize.points.currency)
    if prize.voucher is not None:
        return words.gettext("a voucher")
    if prize.badge is not None:
        return words.gettext("a badge")
    if prize.tickets is not None:
        count = prize.tickets.count
        text = words.ngettext("{n} ticket of the draw", "{n} tickets of the draw", count)
        return text.format(n=words.spoken.number(count))
    return words.gettext("a privilege") if prize.entitlement is not None else ""

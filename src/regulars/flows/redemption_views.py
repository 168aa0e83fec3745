"""How redemptions and the codes that came with them are answered. Codes are stored nowhere: they are made anew here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db.pool import Transaction
from regulars.flows.known_programs import Known
from regulars.programs.model import Caller, Program
from regulars.promotions import code_text, codes, vouchers
from regulars.promotions.codes import Batch
from regulars.promotions.vouchers import Given
from regulars.rewards import catalogue, definitions, redemptions
from regulars.rewards.model import Definition, Redemption, Revision, Step
from regulars.texts import said


class GivesView(Struct, frozen=True):
    """What a voucher takes off: `amount` in minor units of base money, `percent`, or the price of the product `sku`."""

    kind: str
    amount: int | None
    percent: str | None
    sku: str | None


class VoucherView(Struct, frozen=True):
    """A voucher's code as it stands."""

    id: str
    state: str
    """good, used, ended, not_yet, blocked or void."""
    batch: str
    name: str
    gives: GivesView | None
    """Null: a code of a promotion, which nobody said the worth of."""
    purpose: str | None
    """For VAT: single or multi."""
    tax_rate: str | None
    """Per cent, of a single-purpose voucher."""
    personal: bool
    transferable: bool
    member: str | None
    """The only one who may use it."""
    valid_from: datetime | None
    valid_until: datetime | None
    uses_left: int
    code: str | None = None
    """Its text, for whoever may read it."""


class StepView(Struct, frozen=True):
    """A step of a redemption."""

    state: str
    at: datetime
    by: str
    reason: str


class RedemptionView(Struct, frozen=True):
    """A reward that a member claimed, and how that stands."""

    id: str
    reward: str
    revision: int
    name: str
    kind: str
    member: str
    state: str
    """held, claimed, ready, shipped, handed_over, cancelled or lapsed."""
    quantity: int
    currency: str
    points: int
    """In all."""
    money: int
    """To be paid beside, in all, minor units of base money."""
    store: str | None
    redeemed_at: datetime
    valid_until: datetime | None
    """Until when what was claimed can be fetched or used."""
    lapses_at: datetime | None
    """When it lapses unless something is done."""
    steps: tuple[StepView, ...]
    vouchers: tuple[VoucherView, ...]
    returnable: bool
    """Whether the member may still give it back, as far as nobody has used it."""


class Shown(Struct, frozen=True):
    """A redemption with all that its view says."""

    redemption: Redemption
    revision: Revision
    steps: tuple[Step, ...]
    lapses_at: datetime | None
    given: tuple[Given, ...]


def seen_by(program: Program, caller: Caller, one: Redemption) -> bool:
    """Whether a key may see it and deal with it: one of a store or partner only what was claimed there, or nowhere."""
    if one.store is None:
        return True
    store = next((each for each in program.stores.values() if each.id == one.store), None)
    assert store is not None, "stores are never taken away"
    return caller.serves(store)


async def shown(tx: Transaction, program: UUID, found: Sequence[Redemption]) -> list[Shown]:
    """All that is known of these redemptions."""
    if not found:
        return []
    identifiers = [one.id for one in found]
    standings = await redemptions.standings(tx, program, identifiers)
    steps = await redemptions.steps_of(tx, program, identifiers)
    given = await vouchers.of_redemptions(tx, program, identifiers)
    revisions = await catalogue.revisions(tx, program, [(one.reward, one.revision) for one in found])
    return [
        Shown(
            one,
            revisions[one.reward, one.revision],
            tuple(steps[one.id]),
            standings[one.id].due_at,
            tuple(given.get(one.id, ())),
        )
        for one in found
    ]


async def views(
    tx: Transaction, known: Known, found: Sequence[Redemption], language: str, at: datetime, *, codes: bool
) -> list[RedemptionView]:
    """As they are answered; `codes`: with the texts of their codes."""
    program = known.program.id
    listed = await shown(tx, program, found)
    batches = await batches_of(tx, program, {given.batch for one in listed for given in one.given})
    return [_view(known, one, batches, language, at, codes=codes) for one in listed]


Batches = dict[UUID, tuple[Batch, Definition | None]]


async def batches_of(tx: Transaction, program: UUID, wanted: set[UUID]) -> Batches:
    """These batches of codes, and what is said of those that are vouchers."""
    defined = await definitions.of(tx, program, sorted(wanted)) if wanted else {}
    found: Batches = {}
    for one in sorted(wanted):
        batch = await codes.find(tx, program, one)
        assert batch is not None, "batches are never taken away"
        found[one] = (batch, defined[one].document if one in defined else None)
    return found


def voucher_state(
    used: int, uses: int, stopped: datetime | None, voided: datetime | None, blocked: datetime | None,
    window: tuple[datetime | None, datetime | None], at: datetime,
) -> str:  # fmt: skip
    """good, used, ended, not_yet, blocked or void; of several the first that nothing mends."""
    since, until = window
    if voided is not None:
        return "void"
    if used >= uses:
        return "used"
    if stopped is not None or (until is not None and at >= until):
        return "ended"
    if blocked is not None:
        return "blocked"
    return "not_yet" if since is not None and at < since else "good"


def voucher_view(
    code: UUID,
    batch: Batch,
    definition: Definition | None,
    state: str,
    owner: UUID | None,
    until: datetime | None,
    used: int,
    language: str,
    text: str | None,
) -> VoucherView:
    """A code as it is answered."""
    gives = definition.gives if definition else None
    return VoucherView(
        id=ids.show("vch", code),
        state=state,
        batch=batch.name,
        name=said(definition.names, language) if definition and definition.names else batch.name,
        gives=GivesView(gives.kind, gives.amount, gives.percent, gives.sku) if gives else None,
        purpose=definition.purpose if definition else None,
        tax_rate=definition.tax_rate if definition else None,
        personal=owner is not None,
        transferable=bool(definition and definition.transferable and owner is not None),
        member=ids.show("mem", owner) if owner else None,
        valid_from=batch.valid_from,
        valid_until=until,
        uses_left=max(0, batch.uses - used),
        code=text,
    )


def texts_of(known: Known, redemption: Redemption, pattern: str) -> dict[UUID, str]:
    """The codes that came with a redemption, by their ids, in their order."""
    key = code_text.key_of(known.vault.keyring.secret, known.program.id)
    texts = [code_text.claimed(key, redemption.id, pattern, n) for n in range(redemption.quantity)]
    return {code_text.id_of(key, text): text for text in texts}


def _view(
    known: Known, one: Shown, batches: Batches, language: str, at: datetime, *, codes: bool
) -> RedemptionView:
    redemption, document = one.redemption, one.revision.document
    last = one.steps[-1]
    stores = {store.id: store.code for store in known.program.stores.values()}
    return RedemptionView(
        id=ids.show("rdm", redemption.id),
        reward=ids.show("rwd", redemption.reward),
        revision=redemption.revision,
        name=said(document.names, language),
        kind=document.kind,
        member=ids.show("mem", redemption.member),
        state=last.state,
        quantity=redemption.quantity,
        currency=redemption.currency,
        points=redemption.points,
        money=redemption.money,
        store=stores.get(redemption.store) if redemption.store else None,
        redeemed_at=redemption.redeemed_at,
        valid_until=redemption.valid_until,
        lapses_at=one.lapses_at,
        steps=tuple(StepView(step.state, step.at, step.by, step.reason) for step in one.steps),
        vouchers=tuple(_given_views(known, one, batches, language, at, codes=codes)),
        returnable=last.state == "held"
        or (document.returns != "never" and last.state in ("claimed", "ready")),
    )


def _given_views(
    known: Known, one: Shown, batches: Batches, language: str, at: datetime, *, codes: bool
) -> list[VoucherView]:
    found: list[VoucherView] = []
    over = one.steps[-1].state in ("cancelled", "lapsed")
    given = {code.id: code for code in one.given}
    if not given:
        return found
    batch, definition = batches[one.given[0].batch]
    for identifier, text in texts_of(known, one.redemption, batch.pattern).items():
        code = given[identifier]
        voided = one.steps[-1].at if over else None
        window = (batch.valid_from, code.valid_until)
        state = voucher_state(code.used, batch.uses, batch.stopped_at, voided, code.blocked_at, window, at)
        shown = text if codes and not over else None
        found.append(
            voucher_view(
                identifier, batch, definition, state, code.owner, code.valid_until, code.used, language, shown
            )
        )
    return found

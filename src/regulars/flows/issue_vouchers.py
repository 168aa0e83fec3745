"""Makes batches of vouchers: codes, what they are worth, and the promotion by which they count in a purchase."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.contradictions import refuse
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue
from regulars.flows import issue_codes, voucher_money
from regulars.flows.issue_codes import COUNT_MAX, CodeBatchView, NewCodes, batch_view
from regulars.flows.known_programs import KnownPrograms, rules_of
from regulars.flows.publish_promotion import publish_draft
from regulars.programs import approvals, reading
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import Program
from regulars.promotions import catalogue, code_text, codes, document, reviewing, vouchers
from regulars.promotions.codes import Batch
from regulars.rewards import contradictions, definitions
from regulars.rewards.model import Definition


class NewVouchers(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/voucher-batches`."""

    name: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
    """By which rewards and promotions name the batch."""
    pattern: Annotated[str, Meta(min_length=1, max_length=40)]
    """`FIVE-####-####`: each # becomes a random character."""
    definition: Definition
    count: Annotated[int, Meta(ge=0, le=COUNT_MAX)] = 0
    """How many to make now, for whoever brings them; those that rewards hand out are made then."""
    from_: Annotated[datetime, Meta(tz=True)] | None = msgspec.field(default=None, name="from")
    until: Annotated[datetime, Meta(tz=True)] | None = None
    group: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The group of the promotion; left out: the program's first of the right stage."""
    accept_warnings: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=50)] = ()
    """Codes of the linter's warnings about the promotion that are accepted."""


class VoucherBatchView(Struct, frozen=True):
    """A batch of vouchers."""

    batch: CodeBatchView
    definition: dict[str, Any]
    promotion: str | None
    """By which its codes count in a purchase."""
    live: bool
    """False: publishing it waits for a second person, by the program's setting; it is a draft."""
    job: str | None = None
    """The work that makes the codes, where they are many."""


class VoucherBatches(Struct, frozen=True):
    """The program's voucher batches, the latest first."""

    items: tuple[VoucherBatchView, ...]
    next: str | None = None


async def create_vouchers(
    database: Database, programs: KnownPrograms, secret: bytes, request: Request, new: NewVouchers, by: str
) -> Answer:
    """201 with the codes, or (beyond 10,000) 202 with the job.

    Raises InvalidValue, StateConflict, Contradiction, WarningsNotAccepted.
    """
    asked = NewCodes(new.name, new.pattern, new.count, 1, None, new.from_, new.until)
    issue_codes.require_sense(asked)
    refuse(contradictions.of_definition(new.definition))
    if new.definition.personal and new.count:
        raise InvalidValue("/count", "a personal voucher is made for somebody: by a reward")
    if new.definition.sold and not new.count:
        raise InvalidValue("/count", "says how many are sold; those of a reward are paid with points")
    key = code_text.key_of(secret, request.program)

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return await _with_codes(tx, request.program, key, first)
        program = await reading.load(tx, request.program)
        batch = await issue_codes.make_batch(tx, program.id, key, asked, by, request.at)
        promotion, live = await _promote(tx, programs, program, request, new, by)
        await definitions.define(tx, program.id, batch.id, new.definition, promotion, request.at)
        if new.definition.tax_rate is not None:
            await vouchers.tax(tx, program.id, batch.id, new.definition.tax_rate)
        if new.definition.sold:
            await voucher_money.owe(
                tx, program, batch.id, batch, new.definition, new.count, None, program.operator, request.at, by,
            )  # fmt: skip
        view = _view(batch, new.definition, promotion, live)
        await trail.record(
            tx, program.id, Change("voucher_batch.created", view.batch.id, after=view), request.at
        )
        answer = await requests.keep(tx, request, 202 if batch.job else 201, msgspec.json.encode(view))
        return await _with_codes(tx, program.id, key, answer)

    return await database.run(request.program, work)


async def list_vouchers(database: Database, program: UUID) -> VoucherBatches:
    """The latest 500 batches."""
    async with database.transaction(program) as tx:
        found = await definitions.latest(tx, program)
        items: list[VoucherBatchView] = []
        for identifier, defined in found.items():
            batch = await codes.find(tx, program, identifier)
            assert batch is not None, "batches are never taken away"
            kept = await catalogue.find(tx, program, defined.promotion) if defined.promotion else None
            live = kept is not None and kept.status == "live"
            items.append(_view(batch, defined.document, defined.promotion, live))
    return VoucherBatches(tuple(items))


async def _promote(
    tx: Transaction, programs: KnownPrograms, program: Program, request: Request, new: NewVouchers, by: str
) -> tuple[UUID, bool]:
    """Make the promotion by which the codes count, and publish it unless that needs a second person."""
    plain = promotion_of(program, new)
    parsed = document.parse(plain)
    promotion = ids.new()
    await catalogue.create(tx, program.id, promotion, plain, by, request.at)
    shown = ids.show("prm", promotion)
    await trail.record(tx, program.id, Change("promotion.created", shown, after=plain), request.at)
    dear = reviewing.needs_second_person(parsed, program.settings, rules_of(program).currencies)
    if dear and await approvals.publishing_waits(tx, program):
        return promotion, False
    await publish_draft(tx, programs, request, promotion, by, new.accept_warnings, None)
    return promotion, True


def promotion_of(program: Program, new: NewVouchers) -> dict[str, Any]:
    """The document of that promotion. Raises InvalidValue where the program has no group for it."""
    gives = new.definition.gives
    stage = "item" if gives.kind == "product" else "basket"
    groups = [group for group in program.settings.groups if group.stage == stage]
    group = next((one.name for one in groups if new.group in (None, one.name)), None)
    if group is None:
        raise InvalidValue("/group", f"a group of the stage {stage} is needed")
    benefits: dict[str, dict[str, Any]] = {
        "value": {"kind": "basket_amount_off", "amount": gives.amount},
        "percent": {"kind": "basket_percent", "percent": gives.percent},
        "product": {
            "kind": "every_nth",
            "every": 1,
            "percent": "100",
            "limit": 1,
            "goods": {"skus": [gives.sku]},
        },
    }
    written: dict[str, Any] = {
        "name": new.name,
        "group": group,
        "conditions": [{"kind": "code", "batch": new.name}],
        "benefits": [benefits[gives.kind]],
    }
    return written | ({"names": new.definition.names} if new.definition.names else {})


async def _with_codes(tx: Transaction, program: UUID, key: bytes, answer: Answer) -> Answer:
    """The kept answer with its codes, which are not kept."""
    if answer.status != 201:
        return answer
    view = msgspec.json.decode(answer.body, type=VoucherBatchView)
    batch = await codes.find(tx, program, ids.read("cbt", view.batch.id))
    assert batch is not None, "batches are never taken away"
    listed = msgspec.structs.replace(view.batch, codes=await issue_codes.listed_codes(tx, key, batch))
    return msgspec.structs.replace(
        answer, body=msgspec.json.encode(msgspec.structs.replace(view, batch=listed))
    )


def _view(batch: Batch, definition: Definition, promotion: UUID | None, live: bool) -> VoucherBatchView:
    view = batch_view(batch)
    shown = ids.show("prm", promotion) if promotion else None
    return VoucherBatchView(view, msgspec.to_builtins(definition), shown, live, view.job)

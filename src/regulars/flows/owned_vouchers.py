"""The vouchers that are a member's own, wherever they came from: claimed, won, or handed on to her. Only reads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars import ids
from regulars.db import queries
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.errors import NotFound
from regulars.flows import redemption_views
from regulars.flows.known_programs import Known
from regulars.flows.redemption_views import VoucherView
from regulars.promotions import code_text
from regulars.rewards import redemptions

SQL = queries.load("regulars.flows", "owned_vouchers.sql")
OWNED_MAX = 200
OF_ONE_MAX = 1000
"""As many codes come with one redemption at the most."""


class OwnVoucher(Struct, frozen=True):
    """A voucher of a member's."""

    view: VoucherView
    claimed: bool
    """She claimed it herself: it stands with her reward."""


async def owned_vouchers(
    database: Database, known: Known, member: UUID, language: str, at: datetime
) -> tuple[OwnVoucher, ...]:
    """All that are hers, with their codes, the one that ends first before the others."""
    async with database.transaction(known.program.id) as tx:
        return await _owned(tx, known, member, language, at)


async def owned_voucher(
    database: Database, known: Known, member: UUID, voucher: UUID, language: str, at: datetime
) -> OwnVoucher:
    """One of hers. Raises NotFound."""
    shown = ids.show("vch", voucher)
    for one in await owned_vouchers(database, known, member, language, at):
        if one.view.id == shown:
            return one
    raise NotFound("There is no such voucher of yours.")


async def _owned(
    tx: Transaction, known: Known, member: UUID, language: str, at: datetime
) -> tuple[OwnVoucher, ...]:
    program = known.program.id
    rows = await fetch_all(tx, SQL.of_owner, (member, program, OWNED_MAX))
    if not rows:
        return ()
    batches = await redemption_views.batches_of(tx, program, {row[1] for row in rows})
    hers = set(await redemptions.ids_of(tx, program, member))
    found: list[OwnVoucher] = []
    for code, batch_id, redemption, since, until, uses, stopped, voided, blocked, used in rows:
        batch, definition = batches[batch_id]
        state = redemption_views.voucher_state(used, uses, stopped, voided, blocked, (since, until), at)
        text = None if voided is not None else _text(known, redemption, batch.pattern, code)
        view = redemption_views.voucher_view(
            code, batch, definition, state, member, until, used, language, text
        )
        found.append(OwnVoucher(view, redemption in hers))
    return tuple(found)


def _text(known: Known, redemption: UUID, pattern: str, code: UUID) -> str | None:
    """The code's text: of those that came with a redemption the one with this id."""
    key = code_text.key_of(known.vault.keyring.secret, known.program.id)
    for n in range(OF_ONE_MAX):
        text = code_text.claimed(key, redemption, pattern, n)
        if code_text.id_of(key, text) == code:
            return text
    return None

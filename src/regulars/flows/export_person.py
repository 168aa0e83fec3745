"""All that a program holds of one person, for her to take along. Read in parts: a long history fills no memory.

The parts are transactions of their own: what is written meanwhile may be in a later part already.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows.enrol import store_codes
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.member_purchases import SQL as PURCHASES
from regulars.flows.member_purchases import purchases_of
from regulars.flows.open_purchase import open_purchase
from regulars.flows.read_member import BalanceView, balance_of, profile_of
from regulars.flows.read_statement import BEGINNING, END, MovementView, movement_view
from regulars.flows.record_consent import SaidView, said_view
from regulars.flows.show_purchase import PurchaseShown, purchase_shown
from regulars.ledger import statement
from regulars.members import accounts, consents, marks, offers, reading, views, wallet
from regulars.members.access import devices, passkeys, sessions
from regulars.members.marks import MarkView
from regulars.members.views import MemberView
from regulars.partners import aggregators
from regulars.purchases.journal import Listed

VERSION = "regulars.person.1"
PURCHASES_AT_ONCE = 50
MOVEMENTS_AT_ONCE = 500


class ExportedOffer(Struct, frozen=True):
    """An offer that she opted into."""

    promotion: str
    name: str
    """Empty: it is not live any more."""
    activated_at: datetime


class ExportedAccount(Struct, frozen=True):
    """An account that she shares with others, and what she is in it."""

    id: str
    kind: str
    name: str
    role: str
    daily_limit: int | None


class ExportedLogIn(Struct, frozen=True):
    """A way in: a session, a passkey, or a phone that makes codes. Secrets are not kept, or not told."""

    kind: str
    label: str
    since: datetime
    last_used_at: datetime | None
    until: datetime | None


class ExportedForeignCard(Struct, frozen=True):
    """A card of somebody else that she keeps in her wallet."""

    name: str
    kind: str
    text: str
    added_at: datetime


class ExportedGrant(Struct, frozen=True):
    """What she allowed a wallet of somebody else."""

    id: str
    aggregator: str
    granted_at: datetime
    revoked_at: datetime | None


class ExportedMovement(MovementView, frozen=True, kw_only=True):
    """A posting in one of her accounts."""

    account: str


class Everything(Struct, frozen=True):
    """What is held of her, but for the history."""

    version: str
    created_at: datetime
    program: str
    program_name: str
    profile: MemberView
    tag: str
    """What brought her, as it was entered at the enrolment."""
    merged: tuple[str, ...]
    """Members who were found to be the same person."""
    consents: tuple[SaidView, ...]
    """All that she said, the newest first."""
    balance: BalanceView
    account: ExportedAccount | None
    marks: tuple[MarkView, ...]
    offers: tuple[ExportedOffer, ...]
    log_ins: tuple[ExportedLogIn, ...]
    foreign_cards: tuple[ExportedForeignCard, ...]
    grants: tuple[ExportedGrant, ...]


class PersonExport(Everything, frozen=True):
    """All that a program holds of one person."""

    statement: tuple[ExportedMovement, ...]
    """Every movement of her own accounts, the newest first."""
    purchases: tuple[PurchaseShown, ...]
    """Everything that she bought, the latest first, with its lines and what came back."""


class Export:
    """An export that was begun; `begin` makes it."""

    def __init__(
        self, database: Database, programs: KnownPrograms, known: Known, everything: Everything, whose: _Whose,
        at: datetime,
    ):  # fmt: skip
        self._database = database
        self._programs = programs
        self._known = known
        self._whose = whose
        self._at = at
        self.everything = everything

    async def json(self) -> AsyncIterator[bytes]:
        """The whole as JSON, piece by piece: a PersonExport."""
        yield msgspec.json.encode(self.everything)[:-1]
        for name, items in (("statement", self.movements()), ("purchases", self.purchases())):
            yield f',"{name}":['.encode()
            first = True
            async for item in items:
                yield (b"" if first else b",") + msgspec.json.encode(item)
                first = False
            yield b"]"
        yield b"}"

    async def movements(self) -> AsyncIterator[ExportedMovement]:
        """Every movement of her own accounts, account by account, the newest first."""
        for pool in self._whose.pools:
            cursor: statement.Cursor | None = None
            while True:
                async with self._database.transaction(self._known.program.id) as tx:
                    part = await statement.statement(
                        tx, self._known.program.id, ids.home(pool), pool,
                        since=BEGINNING, until=END, cursor=cursor, limit=MOVEMENTS_AT_ONCE,
                    )  # fmt: skip
                for movement in part.items:
                    view = msgspec.structs.asdict(movement_view(movement))
                    yield ExportedMovement(**view, account=ids.show("acc", pool))
                cursor = part.next
                if cursor is None:
                    break

    async def purchases(self) -> AsyncIterator[PurchaseShown]:
        """Everything that she bought, the latest first."""
        filters: dict[str, tuple[Any, ...]] = {}
        while True:
            page, shown = await self._page(filters)
            for one in shown:
                yield one
            if len(page) < PURCHASES_AT_ONCE:
                break
            filters = {"after": (page[-1].purchased_at, page[-1].id)}

    async def _page(self, filters: dict[str, tuple[Any, ...]]) -> tuple[list[Listed], list[PurchaseShown]]:
        program, whose = self._known.program.id, self._whose
        async with self._database.transaction(program) as tx:
            page = await purchases_of(tx, program, whose.member, self._at, filters, PURCHASES_AT_ONCE)
            shown = []
            for one in page:
                if (
                    one.member is None or one.member in whose.members
                ):  # not what others bought on a shared account
                    opened = await open_purchase(tx, self._programs, program, one.id, lock=False)
                    shown.append(purchase_shown(opened, self._at))
        return page, shown


class _Whose(Struct, frozen=True):
    member: UUID
    members: frozenset[UUID]
    """She, and those who were merged into her."""
    pools: tuple[UUID, ...]
    """Her own, and an account that she owns."""


async def begin(
    database: Database, programs: KnownPrograms, program: UUID, member: UUID, at: datetime
) -> Export:
    """Begin to export a person: everything but the history is read now. Raises NotFound."""
    known = await programs.of(program)
    async with database.transaction(program) as tx:
        profile = await profile_of(tx, known.program, known.vault, member)
        rows = await fetch_all(
            tx, PURCHASES.pools_of_member, {"program": program, "home": profile.home, "member": profile.id}
        )
        own = [pool for kind, _, pool in rows if kind in ("own", "owned")]
        whose = _Whose(
            profile.id, frozenset(of for kind, of, _ in rows if kind == "own"), tuple(dict.fromkeys(own))
        )
        everything = Everything(
            version=VERSION,
            created_at=at.astimezone(UTC),
            program=ids.show("prg", program),
            program_name=known.program.name,
            profile=views.member_view(
                profile, await reading.cards_of(tx, program, profile.id), store_codes(known.program)
            ),
            tag=profile.tag,
            merged=tuple(ids.show("mem", one) for one in sorted(whose.members) if one != profile.id),
            consents=tuple(said_view(one) for one in await consents.history(tx, program, profile.id)),
            balance=await balance_of(tx, known.program, profile.pool, at),
            account=await _account(tx, known, profile),
            marks=tuple(await marks.of(tx, program, profile.id, at)),
            offers=await _offers(tx, known, profile.id),
            log_ins=await _log_ins(tx, program, profile.id, at),
            foreign_cards=tuple(
                ExportedForeignCard(one.printed.name, one.printed.kind, one.printed.text, one.added_at)
                for one in await wallet.all_of(tx, program, known.vault, profile.id)
            ),
            grants=tuple(
                ExportedGrant(ids.show("grt", one.id), one.name, one.granted_at, one.revoked_at)
                for one in await aggregators.grants_of(tx, program, profile.id)
            ),
        )
    return Export(database, programs, known, everything, whose, at)


async def _account(tx: Transaction, known: Known, profile: reading.Profile) -> ExportedAccount | None:
    if profile.own_pool is None:
        return None
    account = await accounts.read(tx, known.program.id, profile.pool)
    assert account is not None, "an account is never taken away"
    return ExportedAccount(
        ids.show("acc", account.id), account.kind, account.name, profile.role or "", profile.spend_limit
    )


async def _offers(tx: Transaction, known: Known, member: UUID) -> tuple[ExportedOffer, ...]:
    spoken = known.program.languages[0]
    activated = await offers.activated(tx, known.program.id, member)
    exported = []
    for promotion, at in sorted(activated.items(), key=lambda item: item[1]):
        live = known.promotion(promotion)
        name = live.name(spoken) if live else ""
        exported.append(ExportedOffer(ids.show_promotion(promotion), name, at))
    return tuple(exported)


async def _log_ins(tx: Transaction, program: UUID, member: UUID, at: datetime) -> tuple[ExportedLogIn, ...]:
    return (
        *[
            ExportedLogIn("session", one.label, one.created_at, one.seen_at, one.expires_at)
            for one in await sessions.of_member(tx, program, member, at)
        ],
        *[
            ExportedLogIn("passkey", one.label, one.created_at, one.used_at, None)
            for one in await passkeys.of_member(tx, program, member)
        ],
        *[
            ExportedLogIn("device", one.label, one.certified_at, None, one.expires_at)
            for one in await devices.of_member(tx, program, member, at)
        ],
    )

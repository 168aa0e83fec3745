"""All that a program holds of one person, for her to take along. Read in parts: a long history fills no memory.

The parts are transactions of their own: what is written meanwhile may be in a later part already.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars import ids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows import (
    activity_views,
    export_challenges,
    export_games,
    exported_names,
    exported_prepaid,
    exported_referrals,
    keep_gift_card,
    member_entitlements,
    redemption_views,
)
from regulars.flows.activity_views import ActivityRecord
from regulars.flows.enrol import codes_of
from regulars.flows.exported_person import (
    Everything,
    ExportedAccount,
    ExportedConsent,
    ExportedForeignCard,
    ExportedGiftCard,
    ExportedGrant,
    ExportedLogIn,
    ExportedMovement,
    ExportedNote,
    ExportedOffer,
)
from regulars.flows.guest_list import exported_clubs
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.list_activity import LAST
from regulars.flows.member_purchases import SQL as PURCHASES
from regulars.flows.member_purchases import purchases_of
from regulars.flows.member_tiers import changes_of
from regulars.flows.open_purchase import open_purchase
from regulars.flows.read_member import balance_of, profile_of
from regulars.flows.read_statement import BEGINNING, END, movement_view
from regulars.flows.record_consent import said_view
from regulars.flows.redemption_views import RedemptionView
from regulars.flows.show_purchase import PurchaseShown, purchase_shown
from regulars.i18n import ProgramWords
from regulars.ledger import statement
from regulars.members import accounts, consents, marks, notes, offers, reading, views, wallet
from regulars.members.access import devices, passkeys, sessions
from regulars.partners import aggregators
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.purchases import activity_reads
from regulars.purchases.journal import Listed
from regulars.rewards import redemptions

VERSION = "regulars.person.1"
PURCHASES_AT_ONCE = 50
REDEMPTIONS_AT_ONCE = 200
MOVEMENTS_AT_ONCE = 500
ACTIVITIES_AT_ONCE = 500


class Export:
    """An export that was begun; `begin` makes it."""

    def __init__(
        self, database: Database, programs: KnownPrograms, known: Known, everything: Everything, whose: _Whose,
        at: datetime,
    ):  # fmt: skip
        self._database = database
        self._programs = programs
        self._known = self.known = known
        self._whose = whose
        self._at = at
        self.everything = everything

    async def json(self) -> AsyncIterator[bytes]:
        """The whole as JSON, piece by piece: a PersonExport."""
        yield msgspec.json.encode(self.everything)[:-1]
        for name, items in (
            ("statement", self.movements()),
            ("purchases", self.purchases()),
            ("activity", self.activity()),
        ):
            yield f',"{name}":['.encode()
            first = True
            async for item in items:
                yield (b"" if first else b",") + msgspec.json.encode(item)
                first = False
            yield b"]"
        yield b"}"

    async def words(self, language: str) -> ProgramWords:
        """How the program speaks in a language, with names for all that the export names by codes."""
        program = self._known.program.id
        async with self._database.transaction(program) as tx:
            names = await exported_names.named(tx, program)
        return exported_names.spoken(self._known, language, names)

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

    async def activity(self) -> AsyncIterator[ActivityRecord]:
        """What she did besides buying, the latest recorded first."""
        before, members = LAST, sorted(self._whose.members)
        while True:
            async with self._database.transaction(self._known.program.id) as tx:
                page = await activity_reads.of_members(
                    tx, self._known.program.id, members, before, ACTIVITIES_AT_ONCE
                )
            for one in page:
                yield activity_views.record(self._known.vault, one)
            if len(page) < ACTIVITIES_AT_ONCE:
                break
            before = page[-1].id

    async def _page(self, filters: dict[str, tuple[Any, ...]]) -> tuple[list[Listed], list[PurchaseShown]]:
        program, whose = self._known.program.id, self._whose
        async with self._database.transaction(program) as tx:
            page = await purchases_of(
                tx, self._known.program, whose.member, self._at, filters, PURCHASES_AT_ONCE
            )
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
        exported = Change("member.exported", ids.show("mem", profile.id))
        await trail.record(tx, program, exported, at)
        rows = await fetch_all(
            tx, PURCHASES.pools_of_member, {"program": program, "home": profile.home, "member": profile.id}
        )
        own = [pool for kind, _, pool in rows if kind in ("own", "owned")]
        whose = _Whose(
            profile.id, frozenset(of for kind, of, _ in rows if kind == "own"), tuple(dict.fromkeys(own))
        )
        everybody = [profile.id, *sorted(whose.members - {profile.id})]
        everything = Everything(
            version=VERSION,
            created_at=at.astimezone(UTC),
            program=ids.show("prg", program),
            program_name=known.program.name,
            profile=views.member_view(
                profile, await reading.cards_of(tx, program, profile.id), codes_of(known.program)
            ),
            tag=profile.tag,
            merged=tuple(ids.show("mem", one) for one in everybody[1:]),
            consents=await _consents(tx, program, everybody),
            balance=await balance_of(tx, known.program, profile.pool, at),
            account=await _account(tx, known, profile),
            marks=tuple(await marks.of(tx, program, profile.id, at)),
            tier_changes=await changes_of(tx, program, sorted(whose.members)),
            offers=await _offers(tx, known, everybody),
            log_ins=await _log_ins(tx, program, everybody, at),
            foreign_cards=await _foreign_cards(tx, known, everybody),
            gift_cards=tuple(
                ExportedGiftCard(one.id, one.shown, one.available, one.status)
                for one in await keep_gift_card.kept_views(tx, known, profile.id, at)
            ),
            grants=tuple(
                ExportedGrant(ids.show("grt", one.id), one.name, one.granted_at, one.revoked_at)
                for one in await aggregators.grants_of(tx, program, sorted(whose.members))
            ),
            notes=tuple(
                ExportedNote(one.text, one.written_at)
                for one in await notes.of(tx, program, known.vault, profile.id)
            ),
            clubs=await exported_clubs(tx, program, sorted(whose.members), known.program.languages[0]),
            redemptions=await _redemptions(tx, known, profile.id, at),
            entitlements=await member_entitlements.exported(tx, known, everybody),
            paid_ahead=await exported_prepaid.exported(tx, program, everybody, at),
            brought_and_passed_on=await exported_referrals.exported(tx, program, everybody),
            games=await export_games.exported(tx, known.vault, everybody),
            challenges=await export_challenges.exported(tx, program, everybody),
        )
    return Export(database, programs, known, everything, whose, at)


async def _account(tx: Transaction, known: Known, profile: reading.Profile) -> ExportedAccount | None:
    if profile.own_pool is None:
        return None
    account = await accounts.read(tx, known.program.id, profile.pool)
    assert account is not None, "an account is never taken away"
    return ExportedAccount(
        ids.show("acc", account.id),
        account.kind,
        accounts.called(known.vault, account).name,
        profile.role or "",
        profile.spend_limit,
    )


async def _consents(tx: Transaction, program: UUID, everybody: Sequence[UUID]) -> tuple[ExportedConsent, ...]:
    said = [
        ExportedConsent(**msgspec.structs.asdict(said_view(one)), member=ids.show("mem", member))
        for member in everybody
        for one in await consents.history(tx, program, member)
    ]
    return tuple(sorted(said, key=lambda one: one.recorded_at, reverse=True))


async def _foreign_cards(
    tx: Transaction, known: Known, everybody: Sequence[UUID]
) -> tuple[ExportedForeignCard, ...]:
    kept = [
        one for member in everybody for one in await wallet.all_of(tx, known.program.id, known.vault, member)
    ]
    return tuple(
        ExportedForeignCard(one.printed.name, one.printed.kind, one.printed.text, one.added_at)
        for one in kept
    )


async def _offers(tx: Transaction, known: Known, everybody: Sequence[UUID]) -> tuple[ExportedOffer, ...]:
    spoken = known.program.languages[0]
    activated = [
        one for member in everybody for one in (await offers.activated(tx, known.program.id, member)).items()
    ]
    exported = []
    for promotion, at in sorted(activated, key=lambda item: item[1]):
        live = known.promotion(promotion)
        name = live.name(spoken) if live else ""
        exported.append(ExportedOffer(ids.show_promotion(promotion), name, at))
    return tuple(exported)


async def _redemptions(
    tx: Transaction, known: Known, member: UUID, at: datetime
) -> tuple[RedemptionView, ...]:
    program, spoken = known.program.id, known.program.languages[0]
    whose = [member, *await reading.alias_ids(tx, program, member)]
    found: list[RedemptionView] = []
    before: UUID | None = None
    while True:
        part = await redemptions.of_members(tx, program, whose, before, REDEMPTIONS_AT_ONCE)
        found += await redemption_views.views(tx, known, part, spoken, at, codes=True)
        if len(part) < REDEMPTIONS_AT_ONCE:
            return tuple(found)
        before = part[-1].id


async def _log_ins(
    tx: Transaction, program: UUID, everybody: Sequence[UUID], at: datetime
) -> tuple[ExportedLogIn, ...]:
    member = everybody[
        0
    ]  # what leads to her, of those who were merged into her too, is told of sessions and passkeys
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
            for owner in everybody
            for one in await devices.of_member(tx, program, owner, at)
        ],
    )

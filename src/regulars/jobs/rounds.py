"""What the worker does on its rounds; how a round goes: `visiting`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog

from regulars import clock, settings
from regulars.db.pool import Database
from regulars.errors import NotConfigured
from regulars.flows import draws_due
from regulars.flows.aggregators import forget_registrations
from regulars.flows.close_months import close_months
from regulars.flows.expire_points import expire_points
from regulars.flows.exports.work import ExportWorker
from regulars.flows.imports.data_files import forget_files
from regulars.flows.imports.work import ImportWorker
from regulars.flows.index_names import index_names as index_names_of
from regulars.flows.issue_cards import continue_cards
from regulars.flows.issue_codes import continue_jobs
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.lapse_holds import lapse_holds
from regulars.flows.master_keys import keyring_of
from regulars.flows.measure_clubs import measure_clubs
from regulars.flows.messages import prune_messages
from regulars.flows.notice_absences import notice_absences
from regulars.flows.occasions import end_due_bookings
from regulars.flows.prune_codes import prune_codes
from regulars.flows.prune_instruments import prune_instruments
from regulars.flows.prune_requests import prune_requests, prune_sessions
from regulars.flows.read_audit import check_audit, witness_audit
from regulars.flows.remind_gift_cards import remind_gift_cards
from regulars.flows.remind_tiers import remind_tiers
from regulars.flows.remind_vouchers import remind_vouchers
from regulars.flows.retention import propose_erasures
from regulars.flows.review_memberships import review_memberships
from regulars.flows.review_tiers import level_accounts, review_tiers
from regulars.flows.reward_referrals import reward_referrals
from regulars.flows.roll_figures import Restored, roll_figures
from regulars.flows.seal_ledger import seal_ledger
from regulars.flows.staff_account import prune_staff
from regulars.flows.tell_events import tell_events
from regulars.flows.voucher_money import book_vouchers
from regulars.flows.wallet_passes import look_at_passes
from regulars.flows.watch_tills import watch_tills
from regulars.flows.webhook_deliveries import prune_webhooks
from regulars.jobs.visiting import known_round, last_midnight, round_of
from regulars.messaging.courier import Courier
from regulars.messaging.post_office import PostOffice, senders_of
from regulars.web.wallets import apple

log = structlog.get_logger("regulars.jobs")

review = known_round("review_tiers", review_tiers, by_its_clock=True)
"""Look at the tiers that have ended, and at everybody where a ladder is new."""

close_up = known_round("close_months", close_months, by_its_clock=True)
"""Close months of activity that is paid monthly."""

bring = known_round("reward_referrals", reward_referrals, people=True, by_its_clock=True)
"""Reward friends' purchases whose return window is over, and take back what a refund has undone."""

settle = known_round("book_vouchers", book_vouchers, by_its_clock=True)
"""Book the uses of vouchers that are owed."""

seat = known_round("end_bookings", end_due_bookings, people=True, by_its_clock=True)
"""End bookings whose time is over, and let the waiting list move up."""

measure = known_round("measure_clubs", measure_clubs, people=True, by_its_clock=True)
"""Measure who belongs to clubs by rule."""

level = known_round("level_accounts", level_accounts, by_its_clock=True)
"""Let the members of shared accounts have the tiers that their account has reached."""

remind = known_round("remind_vouchers", remind_vouchers, people=True)
"""Remind the owners of personal vouchers that end soon."""

draw = known_round("hold_draws", draws_due.do_due, people=True, by_its_clock=True)
"""Hold the draws whose time has come, bring tickets for purchases, reveal the seeds of days that are over."""

remind_of_gift_cards = known_round("remind_gift_cards", remind_gift_cards, people=True)
"""Remind members of money that ends soon on the gift cards that they keep."""

remind_of_tiers = known_round("remind_tiers", remind_tiers, people=True)
"""Remind members of what is still to be reached before their tier ends."""

review_paid = known_round("review_memberships", review_memberships, by_its_clock=True)
"""Look at the paid memberships whose paid days are over."""

miss = known_round("notice_absences", notice_absences, people=True, by_its_clock=True)
"""Notice members who used to come regularly and are overdue, each absence once."""


async def lapse(database: Database) -> None:
    """Let the holds lapse whose time is over."""
    await round_of(database, "lapse_holds", lapse_holds, by_its_clock=True)


async def expire(database: Database) -> None:
    """Post the points that had expired by each program's last midnight; a missed night is caught up."""
    await round_of(database, "expire_points", expire_points, by_its_clock=True, at=last_midnight)


async def seal(database: Database) -> None:
    """Seal what was committed since the last block; a transaction that stays open too long is reported."""

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        sealed = await seal_ledger(database, program, at)
        if sealed.held_up is not None:
            log.warning(
                "sealing_held_up",
                program=str(program),
                since=sealed.held_up.since.isoformat(),
                process=sealed.held_up.process,
            )
        return sealed.facts

    await round_of(database, "seal_ledger", visit)


async def roll(database: Database) -> None:
    """Sum up what was written since the last time, for the figures of the back office."""

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        try:
            return await roll_figures(database, program, at)
        except Restored:
            log.warning("figures_of_a_restored_database", program=str(program), do="regulars figures rebuild")
            return 0

    await round_of(database, "roll_figures", visit)


async def carry(imports: ImportWorker, exports: ExportWorker) -> None:
    """Go on with imports, what is undone of them, and exports."""
    done = await imports.go_on() + await exports.go_on()
    if done:
        log.info("data_carried", count=done)


async def forget_data(database: Database) -> None:
    """Delete what stands in imported files and exports whose time is over."""
    known = KnownPrograms(database)

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        return await forget_files(database, (await known.fresh(program)).program, at)

    await round_of(database, "forget_data", visit)


async def prune(database: Database) -> None:
    """Forget old request keys, ended sessions, and what the doors of the back office noted."""
    await round_of(database, "prune_requests", prune_requests)
    await prune_staff(database, clock.world())
    forgotten = await prune_sessions(database, clock.world())
    if forgotten:
        log.info("sessions_pruned", count=forgotten)


async def index_names(database: Database) -> None:
    """Let members who came before there was an index of names be found by theirs; once for each program."""

    async def visit(database: Database, program: UUID, _: datetime) -> int:
        return await index_names_of(database, lambda: keyring_of(settings.load()), program, clock.world())

    await round_of(database, "index_names", visit)


async def propose(database: Database) -> None:
    """Propose the erasure of members who were not seen for as long as their program's rule says."""
    known = KnownPrograms(database, keyring_of(settings.load()))

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        return await propose_erasures(database, await known.fresh(program), at)

    await round_of(database, "propose_erasures", visit)


async def make_codes(database: Database) -> None:
    """Make the codes of large batches, where some are wanted; a batch that was stopped half-way goes on."""
    done = await continue_jobs(database, lambda: settings.load().secret, clock.world)
    if done:
        log.info("codes_made", batches=done)


async def make_cards(database: Database) -> None:
    """Make the cards of large batches; a batch that was stopped half-way goes on where it was."""
    done = await continue_cards(database, clock.world)
    if done:
        log.info("cards_made", batches=done)


async def send_messages(database: Database) -> None:
    """Send the messages that the process which wrote them did not send."""
    read = settings.load()
    clocks: dict[UUID, datetime] = {}

    async def now(program: UUID) -> datetime:
        return clocks[program]

    office = PostOffice(database, read.secret, senders_of(read.messaging), now)

    async def visit(_: Database, program: UUID, at: datetime) -> int:
        clocks[program] = at
        return await office.deliver(program)

    await round_of(database, "send_messages", visit)


async def look_at_wallets(database: Database) -> None:
    """Look whether passes in phones' wallets show something new, and write to their phones."""
    read = settings.load()
    try:
        topic = apple.signer_of(read.wallets).pass_type
    except NotConfigured:
        return  # no pass was ever made
    told = topic if "pass" in senders_of(read.messaging) else None
    known = KnownPrograms(database)

    async def visit(database: Database, program: UUID, at: datetime) -> int:
        found = (await known.fresh(program)).program
        return await look_at_passes(database, found, read.secret, told, at, clock.world())

    await round_of(database, "look_at_wallets", visit)


async def tell(database: Database, courier: Courier) -> None:
    """Make events of what happened, and deliver what is due to those who subscribed.

    Subscribers live in the world's time, whatever a sandbox's clock says.
    """

    async def visit(database: Database, program: UUID, _: datetime) -> int:
        await tell_events(database, program, clock.world())
        return await courier.deliver(program)

    await round_of(database, "tell", visit)


async def watch(database: Database) -> None:
    """Look for what is unusual at the tills among what is new."""
    await round_of(database, "watch_tills", watch_tills)


async def witness(database: Database) -> None:
    """Note where each audit trail ends: the ledger's next block seals it, and an end that is cut off is missed."""
    await round_of(database, "witness_audit", witness_audit)


async def tell_audit(database: Database) -> None:
    """Say in the log where each audit trail ends: whoever keeps the log elsewhere sees one that was cut off."""

    async def visit(database: Database, program: UUID, _: datetime) -> int:
        chain = await check_audit(database, program)
        tell = log.info if chain.whole else log.error
        tell(
            "audit_trail", program=str(program), entries=chain.entries, digest=chain.digest,
            broken=list(chain.broken), contradicted=list(chain.contradicted), whole=chain.whole,
        )  # fmt: skip
        return 0

    await round_of(database, "tell_audit", visit)


async def prune_told(database: Database) -> None:
    """Forget events and deliveries that are older than their program keeps them."""

    async def visit(database: Database, program: UUID, _: datetime) -> int:
        return await prune_webhooks(database, program, clock.world())

    await round_of(database, "prune_webhooks", visit)


async def prune_access(database: Database) -> None:
    """Forget codes and sessions that ended long ago, that messages were sent, and what was paid with long ago."""
    await round_of(database, "prune_codes", prune_codes)
    await round_of(database, "prune_messages", prune_messages)
    await round_of(database, "prune_instruments", prune_instruments, by_its_clock=True)
    await round_of(database, "forget_registrations", forget_registrations)

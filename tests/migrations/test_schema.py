"""The schema: as its snapshot says, ready to be sharded, closed to what the application may not do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from psycopg.sql import SQL, Identifier

import regulars
from regulars.db.migrate import migrate, migrations, pending
from regulars.db.pool import Database
from regulars.db.schema import SNAPSHOT, dump
from tests.conftest import insert_program

SOURCE = Path(regulars.__file__).parent

LOOK_UP_TABLES = {
    "request_key", "card_number", "identifier", "code", "welcome", "imported_row", "gift_card_code", "invitation",
    "referral_code", "activity_key",
}  # fmt: skip
"""Of the five of ENGINES.md those that there are: a slice of a budget lives at its holder's home like any counter."""

OUTSIDE_ROW_LEVEL_SECURITY = {
    "program",
    "api_key",
    "session",
    "job",
    "migration",
    "master_key",
    "staff",
    "staff_role",
    "staff_session",
    "staff_attempt",
    "staff_recovery_code",
    "staff_passkey",
    "staff_question",
    "staff_invitation",
    "first_door",
    "program_plan",
}

OF_A_PROGRAM = {
    "program_version", "partner", "store", "till", "currency", "exchange_rate", "product", "product_word",
    "promotion", "promotion_revision", "promotion_event", "promotion_review", "block",
    "data_file", "data_file_part", "data_import", "data_import_row", "data_claim", "data_mapping", "data_export",
    "code_batch", "card_batch", "consent_wording", "handover", "questionnaire", "aggregator", "aggregator_day",
    "webhook_subscription", "webhook_cursor",
    "figures_roll", "store_day", "promotion_day", "promotion_day_given", "visit_gap", "enrolment_day", "ledger_day",
    "expiry_day",
    "referral_program", "points_rate",
    "club", "club_revision", "club_link", "occasion", "occasion_revision",
    "ladder", "ladder_pass", "entitlement", "entitlement_slot",
    "quest", "quest_budget", "badge",
    "audit", "audit_head", "trail_witness", "approval", "finding", "watch_mark", "missed_guess",
    "program_logo",
    "reward", "reward_revision", "reward_stock", "voucher_definition",
    "game", "game_revision", "game_seed", "game_stock", "survey", "survey_revision",
    "lottery", "lottery_revision", "lottery_beacon", "lottery_drawing", "lottery_winner", "lottery_given",
    "activity_kind", "rhythm_basis", "pack_kind", "membership_plan",
    "till_device", "offline_receipt",
}  # fmt: skip
"""Small, or of the whole program: tables that every shard could hold."""

FACTS = {
    "audit", "trail_witness", "erasure",
    "promotion_revision", "promotion_event", "promotion_review", "consent", "posting", "entry", "draw", "reservation",
    "resolution",
    "purchase", "confirmation", "voiding", "goods_return", "block", "block_member", "program_version",
    "offer_activation", "claim", "code", "purchase_claim", "card_copy", "ladder", "entitlement", "tier_change",
    "referral_program", "referral", "referral_step", "referral_milestone", "referral_back", "passing", "passing_back",
    "points_rate",
    "club_revision", "occasion_revision", "booking", "booking_step",
    "prize", "prize_taken", "badge", "quest", "quest_count", "quest_step", "quest_step_undone",
    "reward_revision", "redemption", "redemption_state", "voucher_definition", "voucher_money", "code_use",
    "gift_card_sale", "prepaid_sale",
    "pack_kind", "pack", "pack_refund", "membership_plan", "membership_step",
    "game_revision", "game_credit", "play", "lottery_revision", "ticket", "ticket_void", "ticket_purchase",
    "lottery_drawing", "lottery_winner", "lottery_given", "survey_revision", "survey_part",
    "activity_kind", "activity", "activity_key", "activity_review",
    "offline_receipt", "offline_conflict",
}  # fmt: skip

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'procrastinate%'
"""
UNIQUE_KEYS = """
SELECT c.relname, i.indexrelid::regclass::text,
    ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k (attnum, n)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum ORDER BY k.n)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisunique AND n.nspname = 'public' AND c.relname NOT LIKE 'procrastinate%'
"""


@pytest.fixture
def administrator(administrator_url: str):
    """A connection that nothing stops."""
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        yield connection


def names(connection: psycopg.Connection, query: LiteralString) -> set[str]:
    return {row[0] for row in connection.execute(query)}


def test_the_snapshot_is_what_the_migrations_come_to(administrator_url: str) -> None:
    assert dump(administrator_url) == SNAPSHOT.read_text(encoding="utf-8"), "run scripts/snapshot"


def test_migrations_are_numbered_without_gaps_and_run_once(database_url: str) -> None:
    assert [m.number for m in migrations()] == list(range(1, len(migrations()) + 1))
    assert pending(database_url) == 0
    assert migrate(database_url) == []


def test_every_key_begins_with_the_program_and_with_the_home_for_what_belongs_to_an_account(
    administrator: psycopg.Connection,
) -> None:
    wrong = []
    for table, index, columns in administrator.execute(UNIQUE_KEYS):
        if table in OUTSIDE_ROW_LEVEL_SECURITY:
            continue
        if columns[0] != "program" or (table not in LOOK_UP_TABLES | OF_A_PROGRAM and columns[1] != "home"):
            wrong.append((index, columns))
    assert wrong == []


def test_look_up_tables_carry_the_home(administrator: psycopg.Connection) -> None:
    carrying = names(
        administrator, "SELECT table_name FROM information_schema.columns WHERE column_name = 'home'"
    )
    assert carrying >= LOOK_UP_TABLES


def test_no_table_computes_by_trigger_exclusion_or_sequence(administrator: psycopg.Connection) -> None:
    ours = "relname NOT LIKE 'procrastinate%'"
    triggers = f"SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND {ours}"
    assert names(administrator, triggers) == set()
    assert names(administrator, "SELECT conname FROM pg_constraint WHERE contype = 'x'") == set()
    assert names(administrator, f"SELECT relname FROM pg_class WHERE relkind = 'S' AND {ours}") == set()


def test_row_level_security_is_forced_everywhere_but_on_the_named_tables(
    administrator: psycopg.Connection,
) -> None:
    outside = names(administrator, TABLES + " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)")
    assert outside == OUTSIDE_ROW_LEVEL_SECURITY


def test_the_application_owns_nothing_and_cannot_pass_row_level_security(
    administrator: psycopg.Connection,
) -> None:
    row = administrator.execute(
        "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'regulars_app'"
    ).fetchone()
    assert row == (False, False, False)
    owned = (
        "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE rolname = 'regulars_app'"
    )
    assert names(administrator, owned) == set()


@pytest.mark.parametrize("table", sorted(FACTS))
async def test_facts_can_neither_be_changed_nor_deleted(database: Database, table: str) -> None:
    for act in ("UPDATE {} SET program = program", "DELETE FROM {}", "TRUNCATE {}"):
        with pytest.raises(errors.InsufficientPrivilege):
            async with database.transaction(uuid4()) as tx:
                await tx.execute(SQL(act).format(Identifier(table)))


async def test_a_forgotten_filter_shows_nothing_of_another_program(database: Database) -> None:
    mine, other = await insert_program(database), await insert_program(database)
    async with database.transaction(other) as tx:
        await tx.execute("INSERT INTO exchange_rate VALUES (%s, 'USD', now(), 1, 1)", (other,))
    for program, expected in ((mine, 0), (other, 1), (None, 0)):
        async with database.transaction(program) as tx:
            row = await (await tx.execute("SELECT count(*) FROM exchange_rate")).fetchone()
            assert row == (expected,)


async def test_a_row_of_another_program_cannot_be_written(database: Database) -> None:
    mine, other = await insert_program(database), await insert_program(database)
    with pytest.raises(errors.InsufficientPrivilege):
        async with database.transaction(mine) as tx:
            await tx.execute("INSERT INTO partner VALUES (%s, %s, 'b', 'B')", (other, uuid4()))


KEPT_AFTER_AN_ERASURE = {
    "account_member",  # who was in an account, by id
    "member_visit",  # when somebody bought where, by id: as the purchases themselves
    "consent", "consent_confirmation",  # prove what was agreed
    "erasure", "erasure_proposal",  # what was done, and by whom
    "finding",  # what was seen at a till, by id
    "identifier",  # let go by its digest, which no index finds by the member
    "imported_row",  # a keyed hash: the same file does not bring her back
    "member_merge",  # by ids
    "offer_activation", "purchase", "purchase_claim",  # facts, by ids
    "outbox", "webhook_event",  # by ids, and forgotten by their age
    "tier_change",  # facts, by ids: what was reached, as the purchases themselves say
    "redemption", "code_use",  # facts, by ids
    "entitlement_grant",  # ended, and the uses stand in the books, by ids
    "prize", "member_badge", "quest_count", "quest_standing", "quest_step", "quest_step_undone",  # by ids
    "booking", "booking_now",  # by ids: which seats she had; those still to come are given back
    "game_use", "play", "ticket", "ticket_count", "lottery_winner", "survey_part",  # by ids: what was played and won
    "activity", "activity_count",  # by ids: what was done and earned; what somebody wrote is forgotten
    "pack", "membership",  # what was paid for, by ids
}  # fmt: skip


def test_every_table_with_rows_of_a_member_is_counted_by_her_erasure_or_named_as_kept(
    administrator: psycopg.Connection,
) -> None:
    holding = names(
        administrator,
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'member'",
    )
    counted = set(
        re.findall(r"FROM (\w+) WHERE", (SOURCE / "flows" / "erasure.sql").read_text(encoding="utf-8"))
    )
    assert holding - counted == KEPT_AFTER_AN_ERASURE

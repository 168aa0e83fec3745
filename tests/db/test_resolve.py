"""Who the customers of a batch are: every kind of identifier, every state of a member and a card, by index alone."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import psycopg
import pytest
from msgspec import structs
from tests.conftest import MASTER_KEYS, START

from regulars import ids
from regulars.db.pool import Database, Transaction
from regulars.members import directory, reading, vault
from regulars.members.model import Card, CardStatus, Identifier, Member, Newcomer, Person
from regulars.members.vault import Keyring
from regulars.programs.settings import ProgramSettings

VAULT = vault.of(Keyring(b"0" * 32, MASTER_KEYS), UUID(int=1))
SETTINGS = ProgramSettings()


def newcomer(number: int) -> Newcomer:
    home = number % ids.HOMES
    member = Member(ids.new(home), home, ids.new(home), "lv", "api", None, START)
    return Newcomer(
        member, Person(f"Member {number}", f"+3712000{number:04}", f"{number}@example.lv", f"crm-{number}")
    )


async def enrolled(tx: Transaction, program: UUID, number: int) -> tuple[Member, Card]:
    new = newcomer(number)
    member = new.member
    assert await directory.enrol(tx, program, VAULT, [new]) == {}
    cards = await directory.issue(tx, program, SETTINGS, [(member.pool, member.id)], "active", START)
    return member, cards[0]


async def found(
    tx: Transaction, program: UUID, kind: Literal["card", "phone", "member"], value: str
) -> tuple[UUID | None, ...] | None:
    customer = (await reading.find(tx, program, VAULT, [Identifier(kind, value)])).get(0)
    return customer and (customer.pool, customer.member, customer.card)


async def test_every_kind_of_identifier_leads_to_the_same_member(database: Database, program: UUID) -> None:
    async with database.transaction(program) as tx:
        member, card = await enrolled(tx, program, 1)
        await enrolled(tx, program, 2)
        asked = [
            Identifier("card", card.number),
            Identifier("phone", "+37120009999"),
            Identifier("phone", "+37120000001"),
            Identifier("email", "1@EXAMPLE.lv"),
            Identifier("external_id", "crm-1"),
            Identifier("member", ids.show("mem", member.id)),
            Identifier("member", ids.show("mem", ids.new(5))),
            Identifier("card", "9900000000000010"),
        ]
        customers = await reading.find(tx, program, VAULT, asked)
    assert sorted(customers) == [0, 2, 3, 4, 5]
    for position, customer in customers.items():
        assert (customer.pool, customer.home, customer.member) == (member.pool, 1, member.id)
        assert (customer.name, customer.language, customer.enrolled_at) == ("Member 1", "lv", START)
        assert (customer.card, customer.card_status) == (
            (card.id, "active") if position == 0 else (None, None)
        )
        assert not customer.erased


async def test_two_newcomers_of_one_batch_may_not_share_an_identifier(
    database: Database, program: UUID
) -> None:
    one, other = newcomer(1), newcomer(2)
    other = structs.replace(other, person=structs.replace(other.person, email="1@EXAMPLE.lv"))
    async with database.transaction(program) as tx:
        taken = await directory.enrol(tx, program, VAULT, [one, other])
        assert taken == {other.member.id: [("email", one.member.id)]}
        raise psycopg.Rollback


async def test_one_customer_may_stand_at_many_positions(database: Database, program: UUID) -> None:
    async with database.transaction(program) as tx:
        member, card = await enrolled(tx, program, 1)
        asked = [Identifier("card", card.number), Identifier("phone", "+37120000001")] * 64
        customers = await reading.find(tx, program, VAULT, asked)
    assert sorted(customers) == list(range(128))
    assert {customer.member for customer in customers.values()} == {member.id}


async def test_an_unassigned_card_leads_to_its_pool_and_to_nobody(database: Database, program: UUID) -> None:
    async with database.transaction(program) as tx:
        pool = ids.new(9)
        (card,) = await directory.issue(tx, program, SETTINGS, [(pool, None)], "issued", START)
        customer = (await reading.find(tx, program, VAULT, [Identifier("card", card.number)]))[0]
    assert (customer.pool, customer.home, customer.member, customer.card_status) == (pool, 9, None, "issued")
    assert (customer.name, customer.language, customer.enrolled_at) == ("", "", None)


@pytest.mark.parametrize("status", ["blocked", "replaced", "closed"])
async def test_a_card_out_of_use_is_recognised_with_its_status(
    database: Database, program: UUID, status: CardStatus
) -> None:
    async with database.transaction(program) as tx:
        member, card = await enrolled(tx, program, 1)
        assert await directory.change_status(tx, program, card.id, status, ["active"], at=START)
        customer = (await reading.find(tx, program, VAULT, [Identifier("card", card.number)]))[0]
    assert (customer.member, customer.card_status) == (member.id, status)


async def test_an_erased_member_is_told_apart_by_id_and_card(database: Database, program: UUID) -> None:
    async with database.transaction(program) as tx:
        member, card = await enrolled(tx, program, 1)
        profile = await reading.profile(tx, program, VAULT, member.id)
        assert profile is not None
        assert await directory.erase(tx, program, VAULT, member.id, profile.person, START)
        assert not await directory.erase(tx, program, VAULT, member.id, Person(), START)
        asked = [
            Identifier("card", card.number),
            Identifier("member", ids.show("mem", member.id)),
            Identifier("phone", "+37120000001"),
        ]
        customers = await reading.find(tx, program, VAULT, asked)
    assert {position: (c.erased, c.card_status, c.name) for position, c in customers.items()} == {
        0: (True, "closed", ""),
        1: (True, None, ""),
    }


async def test_an_alias_leads_to_the_member_it_was_merged_into(database: Database, program: UUID) -> None:
    async with database.transaction(program) as tx:
        one, card = await enrolled(tx, program, 1)
        other, _ = await enrolled(tx, program, 700)
        await tx.execute("UPDATE member SET merged_into = %s WHERE id = %s", (other.id, one.id))
        assert await found(tx, program, "member", ids.show("mem", one.id)) == (other.pool, other.id, None)
        assert await found(tx, program, "phone", "+37120000001") == (other.pool, other.id, None)
        assert await found(tx, program, "card", card.number) == (other.pool, other.id, card.id)
        profile = await reading.profile(tx, program, VAULT, one.id)
    assert profile is not None
    assert (profile.id, profile.person.name) == (other.id, "Member 700")


async def test_every_table_is_read_by_its_whole_key_under_row_level_security(
    database: Database, program: UUID, administrator_url: str
) -> None:
    async with database.transaction(program) as tx:
        newcomers = [newcomer(number) for number in range(3000)]
        assert await directory.enrol(tx, program, VAULT, newcomers) == {}
        owners = [(n.member.pool, n.member.id) for n in newcomers]
        cards = await directory.issue(tx, program, SETTINGS, owners, "active", START)
    with psycopg.connect(administrator_url, autocommit=True) as connection:
        connection.execute("ANALYZE member, person, card, card_number, identifier")
    async with database.transaction(program) as tx:
        parameters = reading.asked(program, VAULT, [0], [Identifier("card", cards[0].number)])
        statement = "EXPLAIN " + reading.RESOLVE.as_string(tx)
        plan = [row[0] for row in await (await tx.execute(statement.encode(), parameters)).fetchall()]
    conditions = [line for line in plan if "Index Cond" in line]
    assert not any("Seq Scan" in line for line in plan)
    assert sum("(home = " in line and "(id = " in line for line in conditions) == 3  # card, member twice
    assert sum("(home = " in line and "(member = " in line for line in conditions) == 1  # person
    assert sum("(number = " in line for line in conditions) == 1
    assert sum("(digest = " in line for line in conditions) == 1

"""Messages: written with what they are about, sent once, sealed while they wait, forgotten afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from regulars.db.pool import Database, Transaction, fetch_all
from regulars.flows.messages import queue_message, take_messages
from regulars.messages.model import Due, Message
from regulars.messages.outbox import TAKEN_MAX
from regulars.messaging.post_office import PostOffice, senders_of
from regulars.messaging.senders import FolderSender, Refused
from regulars.settings import Gateway, Messaging
from tests.api.conftest import SECRET, Letters
from tests.conftest import START

CODE = Message("sms", "+37126000001", "123456 is your code")


class Provider:
    """A provider that refuses the first messages, and remembers what it accepted."""

    def __init__(self, *refusals: Refused):
        self.refusals = list(refusals)
        self.accepted: list[tuple[UUID, str]] = []

    async def send(self, identifier: UUID, message: Message) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.accepted.append((identifier, message.text))


class Office:
    """A post office with a clock that the test moves."""

    def __init__(self, database: Database, program: UUID, provider: Provider):
        self.at = START
        self.program = program
        self.database = database
        self.office = PostOffice(database, SECRET, {"sms": provider}, self.now)

    async def now(self, _: UUID) -> datetime:
        return self.at

    async def write(self, keep: timedelta = timedelta(minutes=5)) -> UUID:
        async with self.database.transaction(self.program) as tx:
            return await queue_message(
                tx, self.program, SECRET, CODE, purpose="code_spend", at=self.at, keep=keep
            )

    async def deliver(self, seconds: float = 0) -> int:
        self.at += timedelta(seconds=seconds)
        return await self.office.deliver(self.program)

    async def rows(self) -> list[tuple[str, int, bool]]:
        """State, attempts, and whether anything of the message is left."""
        query = "SELECT state, attempts, sealed IS NOT NULL FROM message_outgoing ORDER BY created_at"
        async with self.database.transaction(self.program) as tx:
            return [(row[0], row[1], row[2]) for row in await fetch_all(tx, query)]


async def test_a_message_that_was_accepted_is_forgotten_and_never_sent_again(
    database: Database, program: UUID
) -> None:
    provider = Provider()
    office = Office(database, program, provider)
    identifier = await office.write()
    assert await office.deliver() == 1
    assert provider.accepted == [(identifier, CODE.text)]
    assert await office.rows() == [("sent", 1, False)]
    assert await office.deliver(3600) == 0
    assert len(provider.accepted) == 1


async def test_a_refused_message_is_tried_again_after_five_ten_and_twenty_seconds(
    database: Database, program: UUID
) -> None:
    provider = Provider(*[Refused("HTTP 503")] * 3)
    office = Office(database, program, provider)
    await office.write()
    for wait, accepted in ((0, 0), (4.9, 0), (0.1, 0), (9.9, 0), (0.1, 0), (20, 1)):
        assert await office.deliver(wait) == accepted
    assert await office.rows() == [("sent", 4, False)]


@pytest.mark.parametrize("refusal", [Refused("HTTP 400", for_good=True)])
async def test_a_message_that_is_refused_for_good_is_given_up_and_forgotten(
    database: Database, program: UUID, refusal: Refused
) -> None:
    office = Office(database, program, Provider(refusal))
    await office.write()
    assert await office.deliver() == 0
    assert await office.rows() == [("failed", 1, False)]


async def test_a_message_that_came_too_late_is_not_sent(database: Database, program: UUID) -> None:
    provider = Provider()
    office = Office(database, program, provider)
    await office.write()
    assert await office.deliver(300) == 0
    assert provider.accepted == []
    assert await office.rows() == [("failed", 0, False)]


async def test_a_message_whose_sender_vanished_is_given_up_because_it_may_have_been_sent(
    database: Database, program: UUID
) -> None:
    provider = Provider()
    office = Office(database, program, provider)
    await office.write()
    taken = await take_messages(database, program, SECRET, office.at)
    assert [due.message for due in taken if isinstance(due, Due)] == [CODE]
    assert await office.deliver(59) == 0
    assert await office.deliver(1) == 0
    assert provider.accepted == []
    assert await office.rows() == [("failed", 1, False)]


OTHERS_SECRET = b"the secret of another installation, perhaps restored"


async def _sealed_by_another(office: Office) -> None:
    async with office.database.transaction(office.program) as tx:
        await queue_message(tx, office.program, OTHERS_SECRET, CODE, purpose="code_spend", at=office.at)


async def _cut_short(office: Office) -> None:
    async with office.database.transaction(office.program) as tx:
        made = await queue_message(tx, office.program, SECRET, CODE, purpose="code_spend", at=office.at)
        await tx.execute(
            "UPDATE message_outgoing SET sealed = substring(sealed FROM 1 FOR 5) WHERE id = %s", (made,)
        )


@pytest.mark.parametrize("spoil", [_sealed_by_another, _cut_short], ids=["another secret", "cut short"])
async def test_a_message_that_cannot_be_opened_is_put_aside_and_the_others_go(
    database: Database,
    program: UUID,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Office], Awaitable[None]],
) -> None:
    provider = Provider()
    office = Office(database, program, provider)
    for _ in range(TAKEN_MAX):
        await spoil(office)
    identifier = await office.write()
    assert await office.deliver() == 1
    assert provider.accepted == [(identifier, CODE.text)]
    assert sorted(await office.rows()) == [("sent", 1, False), *[("waiting", 1, True)] * TAKEN_MAX]
    for wait in (5, 10, 20, 40, 80):  # whoever has the right secret may still send them
        assert await office.deliver(wait) == 0
    assert sorted(await office.rows()) == [*[("failed", 6, False)] * TAKEN_MAX, ("sent", 1, False)]
    said = capsys.readouterr()
    assert "message_unreadable" in said.out + said.err
    assert CODE.to not in said.out + said.err


async def test_two_senders_at_once_send_each_message_once(database: Database, program: UUID) -> None:
    provider = Provider()
    office, other = Office(database, program, provider), Office(database, program, provider)
    for _ in range(30):
        await office.write()
    await asyncio.gather(office.deliver(), other.deliver())
    assert len(provider.accepted) == len({identifier for identifier, _ in provider.accepted}) == 30


async def test_recipient_and_text_are_sealed_while_they_wait(database: Database, program: UUID) -> None:
    office = Office(database, program, Provider())
    await office.write()
    async with database.transaction(program) as tx:
        ((row,),) = await fetch_all(tx, "SELECT to_jsonb(m)::text FROM message_outgoing m")
    for canary in ("26000001", "123456", CODE.text.encode().hex(), CODE.to.encode().hex()):
        assert canary not in row


async def test_a_message_rolled_back_with_its_flow_never_was(database: Database, program: UUID) -> None:
    office = Office(database, program, Provider())

    async def fail_afterwards(tx: Transaction) -> None:
        await queue_message(tx, program, SECRET, CODE, purpose="code_spend", at=START)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.run(program, fail_afterwards)
    assert await office.rows() == []


async def test_the_folder_keeps_messages_for_its_owner_alone(letters: Letters) -> None:
    await FolderSender(letters.folder).send(UUID(int=1), CODE)
    (file,) = letters.folder.glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    assert letters.all() == [{"channel": "sms", "to": CODE.to, "subject": "", "text": CODE.text}]


def test_a_channel_has_the_sender_that_the_settings_name(letters: Letters) -> None:
    gateway = Gateway("https://sms.example/send", '{"to": "{to}"}')
    senders = senders_of(Messaging(folder=str(letters.folder), sms=gateway))
    assert {channel: type(sender).__name__ for channel, sender in senders.items()} == {
        "sms": "GatewaySender",
        "email": "FolderSender",
        "push": "FolderSender",
        "pass": "FolderSender",
    }
    assert senders_of(Messaging()) == {}

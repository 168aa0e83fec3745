"""The demo's shared accounts: a family that saves together, and a café whose people buy for it. Both are invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from regulars import clock, ids
from regulars.cli.demo import chain
from regulars.cli.demo.holders import member_of
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows.account_members import (
    Listed,
    NewInvitation,
    NewSharers,
    enter_list,
    invite,
)
from regulars.flows.accounts import AccountView, NewAccount, open_account
from regulars.flows.known_programs import KnownPrograms
from regulars.members.model import AccountRole

BY = "demo"
FAMILY = NewAccount("household", "Eglīšu ģimene (izdomāta)")
CAFE = NewAccount(
    "company",
    "SIA “Kafejnīca Vēja roze” (izdomāta)",
    registration_number="40000000000",
    attributes={"billing_address": "Izdomātā iela 12, Rīga", "invoice_email": "gramatvede@veja-roze.example"},
)


class Sharing(NamedTuple):
    """Who is let into an account: by the place, as what, and up to how many cents a day."""

    place: int
    role: AccountRole
    daily_limit: int | None = None


ACCOUNTS: dict[str, tuple[NewAccount, int, tuple[Sharing, ...]]] = {
    "family": (FAMILY, 20, (Sharing(52, "spender", 3000), Sharing(136, "earner"))),
    "cafe": (CAFE, 30, (Sharing(24, "spender", 5000), Sharing(26, "earner"), Sharing(28, "earner"))),
}
"""Each with the place of its owner and those who share with her; of one lane, so that their receipts stay in order."""


async def load(
    database: Database,
    known: KnownPrograms,
    cards: Sequence[str],
    enrolled_at: Sequence[datetime],
    request: Callable[[str, Any, datetime], Request],
) -> None:
    """Open them as soon as all who share one are members, before the receipts; repeated, it changes nothing.

    An invitation of each waits for whoever gets its link.
    """
    ready = await known.fresh(chain.PROGRAM)
    program, vault = ready.program, ready.vault
    for name, (account, place, others) in ACCOUNTS.items():
        together = max(enrolled_at[one] for one in (place, *(other.place for other in others)))
        since = together.astimezone(UTC) + timedelta(minutes=5)
        owner = await member_of(database, program.id, cards[place])
        new = msgspec.structs.replace(account, owner=ids.show("mem", owner))
        answer = await open_account(
            database, program, vault, request(f"account/{name}", msgspec.to_builtins(new), since), BY, new
        )
        opened = ids.read("acc", msgspec.json.decode(answer.body, type=AccountView).id)
        members = [await member_of(database, program.id, cards[one.place]) for one in others]
        entered = NewSharers(
            tuple(
                Listed(ids.show("mem", member), one.role, one.daily_limit)
                for member, one in zip(members, others, strict=True)
            )
        )
        await enter_list(
            database,
            program,
            request(f"sharers/{name}", msgspec.to_builtins(entered), since),
            BY,
            opened,
            entered,
        )
        another = NewInvitation("earner")
        await invite(
            database, program, vault, request(f"invitation/{name}", "", clock.world()), opened, another, owner
        )

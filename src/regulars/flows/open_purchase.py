"""Opens a recorded purchase to do something to it: finds it, locks its pool, reads what became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from regulars import ids
from regulars.db.pool import Transaction, fetch_one
from regulars.db.requests import Answer
from regulars.errors import NotFound
from regulars.flows import answering, standing
from regulars.flows.grace import held_grace_days
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.ledger import book, succession
from regulars.ledger.page import Page
from regulars.members import reading
from regulars.members.model import Customer
from regulars.members.vault import Vault
from regulars.programs.model import Caller
from regulars.purchases import claiming, journal
from regulars.purchases.journal import Purchase, Returned
from regulars.purchases.plan import Back, back_of
from regulars.purchases.withdrawals import Layer, layers_of


class Opened(Struct, frozen=True):
    """A purchase under the lock of its pool (and of the one that its points went to since)."""

    known: Known
    purchase: Purchase
    returns: list[Returned]
    customer: Customer | None
    """Whose it is; None for an anonymous purchase."""
    page: Page
    """Of the pool that the purchase's points are in: the member's, the card's, or (with nothing on it) the till's."""
    paid_from: Page | None = None
    """Of the pool whose lots paid, where the points have moved since: what comes back comes back there."""
    follows: bool = True
    """Whether it goes on to `page`: not where the member has left that account again."""
    cards: dict[UUID, Page] = {}
    """Of the gift cards that paid, by their ids."""

    @property
    def pages(self) -> list[Page]:
        """What a return or a voiding may have written on."""
        found = [self.page, *self.cards.values()]
        if self.paid_from is not None and self.paid_from is not self.page:
            found.append(self.paid_from)
        return found

    @property
    def returned(self) -> Back:
        """What came back already, by line and piece."""
        return back_of(line for one in self.returns for line in one.answer.lines)

    @property
    def layers(self) -> list[Layer]:
        """What earlier returns withdrew."""
        return layers_of(one.answer for one in self.returns)

    def state(self, at: datetime) -> str:
        """`held`, `recorded`, `partly_returned`, `returned` or `voided`."""
        return state(self.purchase, self.returns, at)


def state(purchase: Purchase, returned: list[Returned], at: datetime) -> str:
    """What a purchase has come to."""
    found = purchase.state(at)
    if found != "recorded" or not returned:
        return found
    whole = journal.wholly_back(purchase.document, [one.answer for one in returned])
    return "returned" if whole else "partly_returned"


async def open_purchase(
    tx: Transaction, programs: KnownPrograms, program: UUID, purchase: UUID, *, lock: bool = True
) -> Opened:
    """A purchase, its pool locked unless it is only looked at. Raises NotFound."""
    found = await journal.find(tx, program, purchase)
    if found is None:
        raise NotFound("There is no such purchase in this program.")
    pool, member = await _account_now(tx, program, found)
    cards = {spend.gift_card for spend in found.document.spent if spend.gift_card is not None}
    if lock:
        pools = {found.pool, pool, *cards}
        await book.lock(tx, program, [ids.home(one) for one in pools], list(pools))
        found = await journal.find(tx, program, purchase)  # as it stands now that nobody else can change it
        assert found is not None
        pool, member = await _account_now(tx, program, found)
        while pool not in pools:
            pools.add(pool)
            await book.lock(tx, program, [ids.home(pool)], [pool])
            pool, member = await _account_now(tx, program, found)
    version = await (await standing.version(tx, program)).fetchone()
    assert version is not None
    known = await programs.within(tx, program, version[0])
    grace = held_grace_days(known.program.settings)
    asked = sorted({pool, found.pool, *cards} if found.document.spent else {pool})
    pending = await book.ask(tx, program, [ids.home(one) for one in asked], asked, grace_days=grace)
    pages = await pending.pages()
    customer, follows = None, True
    if member is not None or found.card is not None:
        row = await fetch_one(
            tx,
            standing.SQL.customer_of_purchase,
            (
                program,
                member and ids.home(member),
                member,
                program,
                found.card and ids.home(found.card),
                found.card,
            ),
        )
        assert row is not None
        card_status, language, enrolled_at, buys_on, merged_into, role, spend_limit, *sealed = row
        follows = merged_into is not None or buys_on == pool
        name = ""
        if member is not None and sealed[-1] is not None:
            name = known.vault.open(member, *sealed).name
        customer = Customer(
            pool, ids.home(pool), member, found.card, card_status, name, language, enrolled_at
        )
        if buys_on == pool:
            customer = structs.replace(customer, role=role, spend_limit=spend_limit)
    returned = await journal.returns(tx, program, purchase)
    of_cards = {card: pages[card] for card in sorted(cards)}
    return Opened(known, found, returned, customer, pages[pool], pages.get(found.pool), follows, of_cards)


async def _account_now(tx: Transaction, program: UUID, purchase: Purchase) -> tuple[UUID, UUID | None]:
    """The pool that a purchase's points are in, and whose it is: an unassigned card may have gone to a member since, an
    anonymous purchase may have been claimed, the member may have been merged into another or have brought her points
    into a shared account.

    A hold stays where it was made.
    """
    if purchase.held and not purchase.confirmed:
        return purchase.pool, purchase.member
    if purchase.claimed is not None:
        claimed = purchase.claimed
        return await succession.follow(tx, program, claimed.pool, claimed.at), claimed.member
    if purchase.card is None or purchase.member is not None:
        return await succession.follow(tx, program, purchase.pool, purchase.booked_at), purchase.member
    pool, member = await _owner_of_card(tx, program, purchase.card)
    if member is not None:
        pool = await succession.follow(tx, program, pool, purchase.booked_at)
    return pool, member


async def buys_elsewhere(tx: Transaction, program: UUID, purchase: Purchase) -> bool:
    """Whether whoever made a purchase buys on another account by now: she was merged, joined a shared account or left
    one, or the card went to a member. The purchase's pool must be locked for it to stay true."""
    pool, member = purchase.pool, purchase.member
    if member is None and purchase.card is not None:
        pool, member = await _owner_of_card(tx, program, purchase.card)
    if member is not None:
        her = await reading.member(tx, program, member)
        assert her is not None, "a member is never deleted"
        pool = her.pool
    return pool != purchase.pool


async def _owner_of_card(tx: Transaction, program: UUID, card: UUID) -> tuple[UUID, UUID | None]:
    """The pool of a card, or of the one that replaced it, and the member that it belongs to, if any."""
    while True:
        row = await fetch_one(tx, standing.SQL.owner_of_card, (program, ids.home(card), card))
        assert row is not None, "cards are never taken away"
        pool, member, replaced_by = row
        if member is not None or replaced_by is None:
            return pool, member
        card = replaced_by


async def told_again(tx: Transaction, vault: Vault, first: Answer) -> Answer:
    """The stored answer of a confirmation or return, with the member's name as it is now (none once erased)."""
    body = msgspec.json.decode(first.body)
    shown = body["member"]
    if shown is not None and shown["id"] is not None:
        member = ids.read("mem", shown["id"])
        profile = await reading.profile(tx, vault.program, vault, member)
        known = profile is not None and profile.id == member
        shown["name"] = answering.short_name(profile.person.name) if profile and known else ""
    elif shown is None and str(body.get("id", "")).startswith("pur_"):
        purchase = ids.read("pur", body["id"])
        body["claim_code"] = claiming.code_of(answering.claim_key(vault), purchase)
    return structs.replace(first, body=msgspec.json.encode(body))


def require_place(caller: Caller, purchase: Purchase) -> None:
    """A key of one store or partner deals with the purchases made there only. Raises NotFound."""
    if caller.store not in (None, purchase.store) or caller.partner not in (None, purchase.partner):
        raise NotFound("There is no such purchase at this key's store.")


def purchase_id(text: str) -> UUID:
    """The id in an address. Raises WrongIdKind."""
    return ids.read("pur", text, "/id")

"""A recorded purchase as it was decided: its promotions, its standing, its basket, for whoever decides it once more."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct, structs

from regulars.db.pool import Transaction
from regulars.flows import earning_cap, incoming
from regulars.flows.incoming import ANONYMOUS, Incoming
from regulars.flows.known_programs import Known, as_decided, group_rules
from regulars.flows.open_purchase import Opened
from regulars.programs.model import Caller, Store
from regulars.promotions import catalogue
from regulars.promotions.index import Live
from regulars.promotions.model import Basket, Standing
from regulars.purchases import receipt
from regulars.purchases.kept import Document
from regulars.units import Ratio, given_back


class Then(Struct, frozen=True):
    """What a purchase was decided with."""

    opened: Opened
    document: Document
    known: Known
    """The program as it calculated then."""
    live: Live
    standing: Standing

    def basket(self, caller: Caller) -> Basket:
        """What was bought, as the engine saw it."""
        store = next(s for s in self.known.program.stores.values() if s.id == self.opened.purchase.store)
        return basket_of(self.document, store, self.known, caller)

    def kept(self, caller: Caller, returned: Mapping[int, int]) -> Basket | None:
        """What is left of it after so much (thousandths by line) came back, nothing paid with points; None: nothing."""
        whole = self.basket(caller)
        lines = []
        sold = []
        for place, line in enumerate(whole.lines):
            back = returned.get(line.number, 0)
            left = line.quantity - back
            if left > 0:
                gross = line.gross - given_back(line.gross, back, line.quantity)
                lines.append(structs.replace(line, quantity=left, gross=gross))
                if whole.sold_discounts:
                    discount = whole.sold_discounts[place]
                    sold.append(discount - given_back(discount, back, line.quantity))
        if not lines:
            return None
        return structs.replace(whole, lines=tuple(lines), sold_discounts=tuple(sold), spend=())


def basket_of(document: Document, store: Store, known: Known, caller: Caller) -> Basket:
    """What was bought by a kept document, as the engine sees it."""
    was = Incoming(
        sent=document.request,
        request=None,
        caller=caller,
        language=document.language,
        key=ANONYMOUS,
        store=store,
        lines=receipt.lines(document.request, anonymous_may_spend=True),
        rate=Ratio(*document.rate) if document.rate else None,
        late=document.late,
    )
    return incoming.basket(was, known)


async def then(tx: Transaction, opened: Opened) -> Then:
    """Read what a purchase was decided with."""
    document = opened.purchase.document
    known = await as_decided(tx, opened.known, document.version)
    live = known.base_live if document.late else known.live
    if document.promotions is not None:
        priced_with = await catalogue.frozen(tx, known.program.id, document.promotions)
        live = Live.build(priced_with, group_rules(known.program.settings))
    standing = msgspec.convert(document.standing, Standing) if document.standing else Standing()
    rules = earning_cap.rules_for(known.rules, known.program.settings, standing)
    return Then(opened, document, structs.replace(known, rules=rules), live, standing)

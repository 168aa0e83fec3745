"""Slows down whoever tries codes: unknown ones are counted per key and till, and reported without the code."""

from __future__ import annotations

import structlog
from prometheus_client import Counter as Metric

from regulars.errors import GiftCardUnusable, Problem, TooManyRequests
from regulars.flows.known_programs import KnownPrograms
from regulars.programs.model import Caller
from regulars.purchases.model import PurchaseAnswer, PurchaseRequest
from regulars.web.health import REGISTRY
from regulars.web.limits import Counter

log = structlog.get_logger("regulars.codes")
UNKNOWN = Metric("regulars_unknown_codes", "Codes presented that are none.", registry=REGISTRY)
REFUSED = Metric(
    "regulars_code_attempts_refused", "Requests with codes refused for a while.", registry=REGISTRY
)
OF_A_KEY = 10
"""One key may try so many times what one of its tills may, however many tills it names."""


class Guesses:
    """The unknown codes of a minute, as one process saw them."""

    def __init__(self, known: KnownPrograms):
        self._known = known
        self._wrong = Counter()

    async def require_patience(self, caller: Caller, sent: PurchaseRequest) -> None:
        """Let a request with codes pass. Raises TooManyRequests after too many unknown ones.

        A receipt as sold always passes: its goods have left the shop.
        """
        if not (sent.codes or _gift_cards(sent)) or sent.pricing == "as_sold":
            return
        await self.require_patience_at(caller, sent.store, sent.till)

    async def require_patience_at(self, caller: Caller, store: str | None, till: str) -> None:
        """Let whoever presents a code at a till pass. Raises TooManyRequests after too many unknown ones."""
        key = caller.key
        limit = (await self._known.of(caller.program)).program.settings.wrong_codes_a_minute
        try:
            self._wrong.require_room(key, limit * OF_A_KEY)
            self._wrong.require_room((key, till), limit)
        except TooManyRequests:
            REFUSED.inc()
            log.warning("codes_refused_for_a_while", key=str(key), store=store, till=till)
            raise

    def note(
        self,
        caller: Caller,
        sent: PurchaseRequest,
        answer: PurchaseAnswer | None,
        problem: Problem | None = None,
    ) -> None:
        """Count the unknown codes of an answer, or of the problem that it was refused with."""
        unknown = 0
        if sent.codes and answer is not None:
            unknown = sum(refusal.code == "code_unknown" for refusal in answer.refusals)
        if isinstance(problem, GiftCardUnusable):
            unknown += sum(fault.code == "gift_card_unknown" for fault in problem.errors)
        if unknown:
            self.note_unknown(caller, sent.store, sent.till, unknown)

    def note_unknown(self, caller: Caller, store: str | None, till: str, unknown: int = 1) -> None:
        """Count codes that are none."""
        key = caller.key
        UNKNOWN.inc(unknown)
        log.info("unknown_codes", key=str(key), store=store, till=till, count=unknown)
        for _ in range(unknown):
            self._wrong.count(key)
            self._wrong.count((key, till))


def _gift_cards(sent: PurchaseRequest) -> bool:
    return any(spend.gift_card is not None for spend in sent.spend)

"""Slows down whoever tries codes: unknown ones are counted per key and till, and reported without the code."""

from __future__ import annotations

import structlog
from prometheus_client import Counter as Metric

from regulars.errors import TooManyRequests
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
        if not sent.codes or sent.pricing == "as_sold":
            return
        key = caller.key
        limit = (await self._known.of(caller.program)).program.settings.wrong_codes_a_minute
        try:
            self._wrong.require_room(key, limit * OF_A_KEY)
            self._wrong.require_room((key, sent.till), limit)
        except TooManyRequests:
            REFUSED.inc()
            log.warning("codes_refused_for_a_while", key=str(key), store=sent.store, till=sent.till)
            raise

    def note(self, caller: Caller, sent: PurchaseRequest, answer: PurchaseAnswer | None) -> None:
        """Count the unknown codes of an answer."""
        if not sent.codes or answer is None:
            return
        key = caller.key
        unknown = sum(refusal.code == "code_unknown" for refusal in answer.refusals)
        if not unknown:
            return
        UNKNOWN.inc(unknown)
        log.info("unknown_codes", key=str(key), store=sent.store, till=sent.till, count=unknown)
        for _ in range(unknown):
            self._wrong.count(key)
            self._wrong.count((key, sent.till))

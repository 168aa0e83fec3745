"""Slows down whoever tries codes: unknown ones are counted per key and till, and reported without the code."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager

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


class Try:
    """A request with codes, from before it is answered until what it got is known."""

    def __init__(self, caller: Caller, store: str | None, till: str, codes: int):
        self.caller = caller
        self.store = store
        self.till = till
        self.codes = codes
        self.keys: tuple[Hashable, Hashable] = (caller.key, (caller.key, till))
        self.open = False
        """It is being answered, and its codes may be unknown."""
        self.unknown = 0

    def note(self, answer: PurchaseAnswer | None, problem: Problem | None = None) -> None:
        """The unknown codes of an answer, or of the problem that it was refused with."""
        if answer is not None:
            self.unknown = sum(refusal.code == "code_unknown" for refusal in answer.refusals)
        if isinstance(problem, GiftCardUnusable):
            self.unknown += sum(fault.code == "gift_card_unknown" for fault in problem.errors)


class Guesses:
    """The unknown codes of a minute, as one process saw them, and the requests with codes that it is answering.

    A request that is being answered may turn out to be a guess: while there would be no room for it then, the next
    one waits until it is known. So neither many requests at once guess more than one after another, nor is anybody
    refused for codes that are good.
    """

    def __init__(self, known: KnownPrograms):
        self._known = known
        self._wrong = Counter()
        self._open: defaultdict[Hashable, int] = defaultdict(int)
        self._ended = asyncio.Event()

    @asynccontextmanager
    async def purchase(self, caller: Caller, sent: PurchaseRequest) -> AsyncIterator[Try]:
        """Answer a purchase; what it is answered with must be noted. Raises TooManyRequests after too many unknown."""
        tried = await self.begin(caller, sent)
        try:
            yield tried
        finally:
            self.end(tried)

    @asynccontextmanager
    async def code(
        self, caller: Caller, store: str | None, till: str, wrong: type[Problem]
    ) -> AsyncIterator[None]:
        """Look at a code at a till, which is none when that ends as `wrong`. Raises TooManyRequests after too many."""
        tried = Try(caller, store, till, 1)
        await self._wait(tried)
        try:
            yield
        except wrong:
            tried.unknown = 1
            raise
        finally:
            self.end(tried)

    async def begin(
        self,
        caller: Caller,
        sent: PurchaseRequest,
        before_waiting: Callable[[], Awaitable[None]] | None = None,
    ) -> Try:
        """Let a purchase pass; it must be ended. Raises TooManyRequests after too many unknown codes.

        A receipt as sold passes at once: its goods have left the shop. Whoever has begun others must end them
        `before_waiting`, or two that do so would wait for each other.
        """
        codes = len(sent.codes) + sum(spend.gift_card is not None for spend in sent.spend)
        tried = Try(caller, sent.store, sent.till, codes)
        if codes and sent.pricing != "as_sold":
            await self._wait(tried, before_waiting)
        return tried

    def end(self, tried: Try) -> None:
        """It is answered: count the unknown codes that were noted, and let the next ones look whether there is room.

        Most purchases present none, and cost nothing here.
        """
        if not (tried.open or tried.unknown):
            return
        for name in tried.keys:
            for _ in range(tried.unknown):
                self._wrong.count(name)
            if tried.open:
                self._open[name] -= tried.codes
                if not self._open[name]:
                    del self._open[name]
        if tried.unknown:
            UNKNOWN.inc(tried.unknown)
            shown = {"key": str(tried.caller.key), "store": tried.store, "till": tried.till}
            log.info("unknown_codes", **shown, count=tried.unknown)
        tried.open, tried.unknown = False, 0
        self._ended.set()
        self._ended = asyncio.Event()

    async def _wait(self, tried: Try, before_waiting: Callable[[], Awaitable[None]] | None = None) -> None:
        """Until there is room for it, should it be a guess. Raises TooManyRequests where there is none for a while."""
        limit = (await self._known.of(tried.caller.program)).program.settings.wrong_codes_a_minute
        while not self._take(tried, limit):
            if before_waiting is not None:
                await before_waiting()
                before_waiting = None
            else:
                await self._ended.wait()

    def _take(self, tried: Try, limit: int) -> bool:
        """False where the requests that are being answered may use up the room. Raises TooManyRequests."""
        limits = tuple(zip(tried.keys, (limit * OF_A_KEY, limit), strict=True))
        try:
            for name, most in limits:
                self._wrong.require_room(name, most)
        except TooManyRequests:
            REFUSED.inc()
            shown = {"key": str(tried.caller.key), "store": tried.store, "till": tried.till}
            log.warning("codes_refused_for_a_while", **shown)
            raise
        if any(not self._wrong.has_room(name, most, self._open.get(name, 0)) for name, most in limits):
            return False
        for name in tried.keys:
            self._open[name] += tried.codes
        tried.open = True
        return True

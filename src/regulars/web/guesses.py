"""Slows down whoever tries codes: unknown ones are counted per key and till, and reported without the code.

What was tried in vain and stands on no receipt, in a preview or a look-up, is noted for the watch of tills.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager

import psycopg
import structlog
from prometheus_client import Counter as Metric

from regulars.db.pool import Database
from regulars.errors import GiftCardUnusable, NotFound, Problem, ProofWrong, TooManyRequests
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.note_misses import forget_misses, note_misses
from regulars.programs.misses import GUESS_BYTES, What
from regulars.programs.model import Caller
from regulars.promotions import code_text
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


PHONE_DIGITS = 8
"""A phone with and without its country is the same guess."""
_CUSTOMERS = {f"unknown_{kind}" for kind in ("card", "phone", "email", "member")}


class Try:
    """A request with codes, from before it is answered until what it got is known."""

    def __init__(self, caller: Caller, store: str | None, till: str, codes: int, cashier: str = ""):
        self.caller = caller
        self.store = store
        self.till = till
        self.cashier = cashier
        self.codes = codes
        self.keys: tuple[Hashable, Hashable] = (caller.key, (caller.key, till))
        self.open = False
        """It is being answered, and its codes may be unknown."""
        self.unknown = 0
        self.missed: list[tuple[What, str]] = []
        """What was tried in vain, as it was typed; kept nowhere."""

    @property
    def at_till(self) -> bool:
        """Somebody stands at a till; a system that looks for many members, one by one, is none."""
        return bool(self.till) or "till" in self.caller.scopes

    def note(
        self,
        answer: PurchaseAnswer | None,
        problem: Problem | None = None,
        sent: PurchaseRequest | None = None,
    ) -> None:
        """The unknown codes of an answer, or of the problem that it was refused with; `sent`: what was asked."""
        if answer is not None:
            unknown = [refusal.name for refusal in answer.refusals if refusal.code == "code_unknown"]
            self.unknown = len(unknown)
            self.missed.extend(("code", code) for code in unknown)
        if isinstance(problem, GiftCardUnusable):
            self.unknown += sum(fault.code == "gift_card_unknown" for fault in problem.errors)
        if problem is not None and sent is not None:
            self.missed += _missed(problem, sent)


class Guesses:
    """The unknown codes of a minute, as one process saw them, and the requests with codes that it is answering.

    A request that is being answered may turn out to be a guess: while there would be no room for it then, the next
    one waits until it is known. So neither many requests at once guess more than one after another, nor is anybody
    refused for codes that are good.
    """

    def __init__(self, database: Database, known: KnownPrograms, secret: bytes):
        self._database = database
        self._known = known
        self._secret = secret
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
            await self.keep([tried])

    @asynccontextmanager
    async def code(
        self,
        caller: Caller,
        store: str | None,
        till: str,
        wrong: type[Problem],
        *,
        code: str,
        cashier: str = "",
    ) -> AsyncIterator[None]:
        """Look at a code at a till, which is none when that ends as `wrong`. Raises TooManyRequests after too many."""
        tried = Try(caller, store, till, 1, cashier)
        await self._wait(tried)
        try:
            yield
        except wrong:
            tried.unknown = 1
            tried.missed.append(("code", code))
            raise
        finally:
            self.end(tried)
            await self.keep([tried])

    @asynccontextmanager
    async def lookup(
        self, caller: Caller, store: str | None, till: str, cashier: str, typed: str, *wrong: type[Problem]
    ) -> AsyncIterator[None]:
        """Look for a member at a till, who is none when that ends as `wrong`; it is noted, and slows nobody down."""
        tried = Try(caller, store, till, 0, cashier)
        try:
            yield
        except wrong:
            tried.missed.append(("member", typed))
            raise
        finally:
            await self.keep([tried])

    async def keep(self, tries: Sequence[Try]) -> None:
        """Note what was tried in vain, for the watch of tills; a till is answered all the same where that fails.

        What several tried with one key at one till as one cashier is noted together: a batch may hold a thousand.
        """
        gathered: dict[tuple[Hashable, ...], tuple[Try, list[tuple[What, bytes]]]] = {}
        for tried in tries:
            guesses: list[tuple[What, bytes]] = [
                (what, self._hash(tried.caller, what, text))
                for what, text in tried.missed
                if what == "code" or tried.at_till
            ]
            tried.missed = []
            if guesses:
                where = (tried.caller.key, tried.store, tried.till, tried.cashier)
                gathered.setdefault(where, (tried, []))[1].extend(guesses)
        for tried, guesses in gathered.values():
            try:
                await note_misses(
                    self._database, self._known, tried.caller, tried.store, tried.till, tried.cashier, guesses
                )
            except (psycopg.Error, Problem):  # a sale is worth more than a note of it
                log.exception("guesses_not_noted", key=str(tried.caller.key), till=tried.till)

    async def refused(self, caller: Caller, sent: PurchaseRequest, problem: Problem) -> None:
        """Note whom a purchase without codes named in vain, where that is why it was refused."""
        tried = Try(caller, sent.store, sent.till, 0, sent.cashier)
        tried.note(None, problem, sent)
        await self.keep([tried])

    async def enrolled(self, caller: Caller, *known_by: str | None) -> None:
        """Who was looked for in vain by these, and was enrolled at a till then, was no guess."""
        hashes = [self._hash(caller, "member", text) for text in known_by if text]
        if not hashes or "till" not in caller.scopes:
            return
        try:
            await forget_misses(self._database, caller.program, hashes)
        except (psycopg.Error, Problem):  # she is a member already, whatever is still noted
            log.exception("guesses_not_forgotten", key=str(caller.key))

    def _hash(self, caller: Caller, what: What, text: str) -> bytes:
        """By which the same guess is known again: nobody learns from it what was typed."""
        typed = code_text.normalise(text)
        if what == "member" and re.fullmatch(r"\+?[0-9()./]+", typed):
            typed = re.sub(r"\D", "", typed)[-PHONE_DIGITS:]
        named = b"regulars.guess" + caller.program.bytes + f"{what}/{typed}".encode()
        return hmac.digest(self._secret, named, hashlib.sha256)[:GUESS_BYTES]

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
        tried = Try(caller, sent.store, sent.till, codes, sent.cashier)
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


def _missed(problem: Problem, sent: PurchaseRequest) -> list[tuple[What, str]]:
    """What a purchase named that is none: gift cards, the customer, her proof."""
    found: list[tuple[What, str]] = []
    for fault in problem.errors:
        if isinstance(problem, GiftCardUnusable) and fault.code == "gift_card_unknown":
            place = int(fault.pointer.split("/")[2])
            found.append(("code", sent.spend[place].gift_card or ""))
        elif isinstance(problem, NotFound) and fault.code in _CUSTOMERS:
            found.append(("member", sent.card or sent.phone or sent.email or sent.member or ""))
    if isinstance(problem, ProofWrong) and sent.proof is not None and problem.extra.get("reason") == "wrong":
        found.append(("code", sent.proof.value))
    return found

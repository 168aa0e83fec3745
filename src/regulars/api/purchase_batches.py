"""What a batch of purchases is answered with, and how it is worked through."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from regulars.db.requests import secret_digest
from regulars.errors import Problem, TooManyRequests
from regulars.purchases.model import PurchaseAnswer, PurchaseRequest
from regulars.web.endpoints import Call
from regulars.web.guesses import Try
from regulars.web.problems import problem_document


class BatchItem(Struct, frozen=True):
    """What became of one purchase of a batch: its status, and the answer or the problem."""

    request: str | None
    status: int
    answer: PurchaseAnswer | None = None
    problem: dict[str, Any] | None = None
    replayed: bool = False


class BatchAnswer(Struct, frozen=True):
    """One item for each purchase, in their order."""

    items: tuple[BatchItem, ...]


class Batch:
    """The purchases of one call: read one by one, recorded together, but where unknown codes may become too many.

    Then those before are recorded first, for a batch guesses no more than so many calls one after another.
    """

    def __init__(self, call: Call[Any, Any], path: str):
        self._call = call
        self._path = path
        self._items: dict[int, BatchItem] = {}
        self._read: list[tuple[int, PurchaseRequest, bytes, Try]] = []

    async def record(self, purchases: tuple[msgspec.Raw, ...]) -> BatchAnswer:
        """Each is answered by itself."""
        try:
            for place, raw in enumerate(purchases):
                await self._add(place, bytes(raw))
            await self._record_read()
        finally:
            for _, _, _, tried in self._read:
                self._call.state.guesses.end(tried)
        return BatchAnswer(tuple(self._items[place] for place in range(len(purchases))))

    async def _add(self, place: int, raw: bytes) -> None:
        value = msgspec.json.decode(raw)
        try:
            sent = self._call.decode(raw, PurchaseRequest)
        except Problem as problem:
            name = value.get("id") if isinstance(value, dict) else None
            self._items[place] = _failed(name if isinstance(name, str) else None, problem)
            return
        try:
            tried = await self._call.state.guesses.begin(self._call.caller, sent, self._record_read)
        except (
            TooManyRequests
        ) as problem:  # whatever keeps those before it from being recorded is of the whole call
            self._items[place] = _failed(sent.id, problem)
            return
        digest = secret_digest(self._call.state.settings.secret, self._path, value)
        self._read.append((place, sent, digest, tried))

    async def _record_read(self) -> None:
        """Record what was read and not recorded yet."""
        call = self._call
        read = [(sent, digest) for _, sent, digest, _ in self._read]
        answers = await call.state.recorder.record_all(call.caller, read, call.language)
        for (place, sent, _, tried), result in zip(self._read, answers, strict=True):
            tried.note(result.answer, result.problem, sent)
            call.state.guesses.end(tried)
            self._items[place] = (
                _failed(sent.id, result.problem)
                if result.problem is not None
                else BatchItem(sent.id, 201, answer=result.answer, replayed=result.replayed)
            )
        await call.state.guesses.keep([tried for _, _, _, tried in self._read])
        self._read = []


def _failed(request: str | None, problem: Problem) -> BatchItem:
    return BatchItem(request, problem.status, problem=problem_document(problem))

"""How tills talk to Regulars: they send twice, hang up and come again, lose answers, and meet a server in trouble."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx

from tests.simulation.town import Town, patient

TWICE, HANGS_UP, LOSES_THE_ANSWER = 0.06, 0.06, 0.06


class Till:
    """One till; what it does comes out of its own random numbers."""

    def __init__(self, town: Town, chance: random.Random):
        self._apps = town.apps
        self._chance = chance
        self._count = 0

    async def post(self, path: str, body: Any, scope: str = "till") -> httpx.Response:
        """The answer that stands in the end. Whatever was answered twice was answered alike."""
        self._count += 1
        key = f"till-{self._chance.getrandbits(64):x}-{self._count}"
        how = self._chance.random()
        if how < TWICE:
            found = await asyncio.gather(*(self._once(n, path, body, scope, key) for n in range(2)))
        elif how < TWICE + HANGS_UP:
            sending = asyncio.create_task(self._once(0, path, body, scope, key))
            await asyncio.wait([sending], timeout=self._chance.random() * 0.02)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            found = [await self._once(1, path, body, scope, key)]
        elif how < TWICE + HANGS_UP + LOSES_THE_ANSWER:
            found = [await self._once(n, path, body, scope, key) for n in range(2)]
        else:
            found = [await self._once(self._chance.randrange(2), path, body, scope, key)]
        good = [answer for answer in found if answer.status_code < 300]
        assert len({_said(answer) for answer in good}) <= 1, [answer.text for answer in good]
        return good[0] if good else found[-1]

    async def get(self, path: str, **query: Any) -> Any:
        """The body of a read, which succeeds."""
        answer = await patient(lambda: self._apps[0].get(path, **query))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def preview(self, path: str, body: Any) -> Any:
        """What would be answered now; asked twice it may differ, for others move points meanwhile."""
        answer = await patient(lambda: self._apps[0].post(path, body, scope="till"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def hang_up(self, path: str, body: Any) -> None:
        """Send, and do not wait for the answer."""
        sending = asyncio.create_task(self._apps[0].post(path, body, scope="till"))
        await asyncio.wait([sending], timeout=self._chance.random() * 0.02)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    async def _once(self, at: int, path: str, body: Any, scope: str, key: str) -> httpx.Response:
        return await patient(lambda: self._apps[at].post(path, body, scope=scope, key=key))


def _said(answer: httpx.Response) -> str:
    """The answer, but for the word that it was given before."""
    return answer.text.replace('"replayed":true', '"replayed":false')

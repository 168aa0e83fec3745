"""Members join, leave, merge, part, buy, return, claim, transfer and close accounts in any order: the books balance."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from tests.api.conftest import Api, client, letters, shop
from tests.api.shop import MEMBER_POINTS, buy, give, giving_back, line, member_with_card, publish, settle
from tests.api.test_accounts import company

from regulars.db.pool import Database, fetch_one
from regulars.ledger.check import check

__all__ = ["client", "letters", "shop"]
STEPS = 70


class Play:
    """A program that things happen to by chance, and what its pools must have after each."""

    def __init__(self, api: Api, database: Database, seed: int):
        self.api, self.database, self.chance = api, database, Random(seed)
        self.people: list[tuple[str, str]] = []
        self.accounts: list[str] = []
        self.bought: list[dict[str, Any]] = []
        self.anonymous: list[dict[str, Any]] = []
        self.merged: list[tuple[str, str]] = []
        self.expected = 0
        self.done: dict[str, int] = {}

    async def begin(self) -> None:
        await publish(self.api, MEMBER_POINTS)
        await settle(self.api, proof_above_a_day=None, claims_a_week=1000)
        self.people = [await member_with_card(self.api) for _ in range(5)]
        self.accounts = [await company(self.api) for _ in range(2)]
        for member, _ in self.people:
            await give(self.api, member, 100)
            self.expected += 100

    async def step(self, n: int) -> None:
        acts = (self.buy, self.buy, self.buy, self.back, self.join, self.leave, self.merge, self.part,
                self.transfer, self.claim, self.void, self.close)  # fmt: skip
        act = self.chance.choice(acts)
        if await act(n):
            self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    async def buy(self, n: int) -> bool:
        card = self.chance.choice([*[card for _, card in self.people], None])
        lines = [line(1, self.chance.randint(1, 30) * 100, "2"), line(2, 500)]
        spend = (
            {"spend": [{"currency": "PTS", "amount": "max"}]} if card and self.chance.random() < 0.4 else {}
        )
        answer = await self.api.post("/v1/purchases", buy(f"r-{n}", card, lines, **spend), scope="till")
        if answer.status_code != 201:
            assert answer.json()["code"] == "spending_not_allowed", answer.text
            return False
        body = answer.json()
        (self.bought if card else self.anonymous).append(body)
        self.expected += sum(one["amount"] for one in body["earned"])
        self.expected -= sum(one["amount"] for one in body["spent"])
        return True

    async def back(self, n: int) -> bool:
        if not self.bought:
            return False
        bought = self.chance.choice(self.bought)
        what = self.chance.choice([(1, "1"), (2, "1")])
        path = f"/v1/purchases/{bought['id']}/returns"
        answer = await self.api.post(path, giving_back(f"b-{n}", what), scope="till")
        if answer.status_code != 201:
            assert answer.json()["code"] in ("already_returned", "state_conflict"), answer.text
            return False
        body = answer.json()
        self.expected += sum(one["amount"] for one in body["points_back"])
        self.expected -= sum(one["amount"] - one["forgone"] for one in body["taken_back"])
        return True

    async def void(self, n: int) -> bool:
        if not self.bought:
            return False
        before = await self.worth()
        bought = self.chance.choice(self.bought)
        answer = await self.api.post(f"/v1/purchases/{bought['id']}/void", {}, scope="till")
        if answer.status_code != 200:
            return False
        # What a voiding takes and gives is not in its answer: read what it came to.
        self.expected += await self.worth() - before
        return True

    async def claim(self, n: int) -> bool:
        if not self.anonymous:
            return False
        bought = self.anonymous.pop()
        body = {"card": self.chance.choice(self.people)[1], "claim_code": bought["claim_code"]}
        answer = await self.api.post(f"/v1/purchases/{bought['id']}/claim", body, scope="till")
        assert answer.status_code == 201, answer.text
        self.expected += sum(one["amount"] for one in answer.json()["earned"])
        self.bought.append(bought)
        return True

    async def join(self, n: int) -> bool:
        listed = {
            "member": self.chance.choice(self.people)[0],
            "role": self.chance.choice(["owner", "spender", "earner"]),
            "bring_points": self.chance.random() < 0.5,
        }
        account = self.chance.choice(self.accounts)
        answer = await self.api.post(f"/v1/accounts/{account}/members", {"members": [listed]})
        assert answer.status_code in (200, 409), answer.text
        return answer.status_code == 200 and answer.json()["items"][0]["status"] == 200

    async def leave(self, n: int) -> bool:
        member = self.chance.choice(self.people)[0]
        own = (await self.api.get(f"/v1/members/{member}/account")).json()
        if own["account"] is None:
            return False
        answer = await self.api.delete(f"/v1/accounts/{own['account']['id']}/members/{member}")
        return answer.status_code == 200

    async def close(self, n: int) -> bool:
        account, (member, _) = self.chance.choice(self.accounts), self.chance.choice(self.people)
        answer = await self.api.post(f"/v1/accounts/{account}/close", {"points_to": member})
        assert answer.status_code == 200, answer.text
        if self.chance.random() < 0.7:  # else others try to join it, and goods bought on it come back
            self.accounts.remove(account)
            self.accounts.append(await company(self.api))
        return True

    async def merge(self, n: int) -> bool:
        one, other = self.chance.sample(self.people, 2)
        answer = await self.api.post(f"/v1/members/{one[0]}/merge", {"member": other[0]})
        assert answer.status_code in (200, 409, 422), answer.text
        if answer.status_code == 200:
            self.merged.append((answer.json()["member"], other[0]))
        return answer.status_code == 200

    async def part(self, n: int) -> bool:
        for one, other in reversed(self.merged):
            answer = await self.api.post(f"/v1/members/{one}/unmerge", {"member": other})
            if answer.status_code == 200:
                self.merged.remove((one, other))
                return True
            assert answer.status_code == 409, answer.text
        return False

    async def transfer(self, n: int) -> bool:
        one, other = self.chance.sample(self.people, 2)
        body = {"to": other[0], "currency": "PTS", "amount": self.chance.randint(1, 60)}
        answer = await self.api.post(f"/v1/members/{one[0]}/transfers", body)
        assert answer.status_code in (201, 403, 409, 422), answer.text
        return answer.status_code == 201

    async def worth(self) -> int:
        """What all pools have, less what they owe."""
        async with self.database.transaction(self.api.program.id) as tx:
            row = await fetch_one(tx, "SELECT coalesce(sum(balance) - sum(debt), 0)::bigint FROM account")
        assert row is not None
        return row[0]

    async def require_balance(self) -> None:
        async with self.database.transaction(self.api.program.id) as tx:
            assert await check(tx, self.api.program.id) == ()
        assert await self.worth() == self.expected


@pytest.mark.parametrize(
    "seed", [1, 2, *[pytest.param(seed, marks=pytest.mark.full) for seed in range(3, 23)]]
)
async def test_the_books_balance_whatever_is_shared_merged_and_parted(
    shop: Api, database: Database, seed: int
) -> None:
    play = Play(shop, database, seed)
    await play.begin()
    for n in range(STEPS):
        await play.step(n)
        await play.require_balance()
    assert len(play.done) >= 6, play.done

"""The demo's rewards: what a neighbourhood shop gives for points, some of it claimed by its members already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from regulars import ids
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import Conflict, StateConflict
from regulars.flows import standing
from regulars.flows.end_redemption import Actor, Fulfilment, fulfil_redemption
from regulars.flows.incoming import Key
from regulars.flows.issue_vouchers import NewVouchers, create_vouchers
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.publish_reward import RewardView, StockChange, create_reward, supply_reward
from regulars.flows.redeem_reward import NewRedemption, redeem_reward
from regulars.flows.redemption_views import RedemptionView
from regulars.flows.spender_proof import Spender
from regulars.programs.model import Caller
from regulars.rewards.model import Reward

POINTS = "PTS"
BATCH = "five-euros"
CLAIMS = 18
SUPPLY = 40


def _names(en: str, lv: str, ru: str, et: str, hu: str) -> dict[str, str]:
    return {"en": en, "lv": lv, "ru": ru, "et": et, "hu": hu}


def _reward(kind: str, names: dict[str, str], points: int, **more: Any) -> Reward:
    price = {"currency": POINTS, "points": points, "money": more.pop("money", 0)}
    return msgspec.convert({"kind": kind, "names": names, "prices": [price], **more}, Reward)


VOUCHERS = msgspec.convert(
    {
        "name": BATCH,
        "pattern": "DZ5-####-####",
        "definition": {
            "gives": {"kind": "value", "amount": 500},
            "names": _names(
                "5 euros off", "5 eiro atlaide", "Скидка 5 евро", "5 eurot soodsamalt", "5 euró kedvezmény"
            ),
            "personal": True,
            "transferable": True,
            "valid_days": 60,
            "remind_days": 7,
        },
    },
    NewVouchers,
)
REWARDS: dict[str, Reward] = {
    "voucher": _reward(
        "voucher",
        _names("5 euros off", "5 eiro atlaide", "Скидка 5 евро", "5 eurot soodsamalt", "5 euró kedvezmény"),
        500,
        batch=BATCH,
        limits=[{"per": "member", "most": 2, "period": "month"}],
    ),
    "coffee": _reward(
        "good",
        _names(
            "A coffee at the counter",
            "Kafija pie letes",
            "Кофе у стойки",
            "Kohv letist",
            "Egy kávé a pultnál",
        ),
        120,
        unit_cost=45,
    ),
    "bag": _reward(
        "good",
        _names("Linen shopping bag", "Lina iepirkumu soma", "Льняная сумка", "Linane poekott", "Vászontáska"),
        400,
        stock="total",
        valid_days=30,
        unit_cost=280,
        limits=[{"per": "member", "most": 1}],
    ),
    "mug": _reward(
        "good",
        _names("Amber mug", "Dzintara krūze", "Янтарная кружка", "Merevaigukruus", "Borostyán bögre"),
        350,
        money=200,
        stock="total",
        valid_days=30,
        unit_cost=310,
    ),
    "delivery": _reward(
        "service",
        _names(
            "Delivery to your door",
            "Piegāde līdz durvīm",
            "Доставка до двери",
            "Kojuvedu",
            "Házhoz szállítás",
        ),
        250,
        unit_cost=300,
        valid_days=30,
    ),
    "shelter": _reward(
        "charity",
        _names(
            "A meal for the animal shelter",
            "Maltīte dzīvnieku patversmei",
            "Обед для приюта животных",
            "Toidukord loomade varjupaigale",
            "Egy étkezés az állatmenhelynek",
        ),
        100,
        unit_cost=100,
        returns="never",
    ),
}
"""By the name under which each is entered once."""


async def load(
    database: Database, known: KnownPrograms, cards: Sequence[str], first: Request, caller: Caller
) -> None:
    """Enter the rewards and let some members claim; repeated, it changes nothing. `first`: as what requests look."""

    def request(name: str, content: Any) -> Request:
        key = f"demo/{name}"
        return msgspec.structs.replace(first, key=key, digest=digest(key, msgspec.to_builtins(content)))

    program = (await known.fresh(first.program)).program.id
    secret = (await known.of(program)).vault.keyring.secret
    await create_vouchers(database, known, secret, request("voucher-batch", VOUCHERS), VOUCHERS, "demo")
    made: list[RewardView] = []
    for name, reward in REWARDS.items():
        answer = await create_reward(database, request(f"reward/{name}", reward), reward, "demo")
        view = msgspec.json.decode(answer.body, type=RewardView)
        made.append(view)
        if reward.stock == "total":
            change = StockChange(SUPPLY)
            await supply_reward(database, request(f"stock/{name}", change), ids.read("rwd", view.id), change)
    ready = await known.fresh(program)
    for n, card in enumerate(cards[:CLAIMS]):
        async with database.transaction(program) as tx:
            customer = await standing.customer_of(tx, program, Key("card", number=card))
        assert customer is not None, "the demo's cards are its members'"
        assert customer.member is not None, "the demo's cards are its members'"
        reward = made[n % len(made)]
        new = NewRedemption(reward.id)
        spender = Spender(caller, "demo", vouched=True)
        try:
            answer = await redeem_reward(
                database, ready, request(f"claim/{n}", new), spender, customer.member, new, "en"
            )
        except Conflict:  # she has not that many points
            continue
        claimed = msgspec.json.decode(answer.body, type=RedemptionView)
        if claimed.vouchers or n % 3:
            continue
        done = Fulfilment("handed_over")
        try:
            await fulfil_redemption(
                database,
                ready,
                request(f"given/{n}", done),
                Actor("demo"),
                ids.read("rdm", claimed.id),
                done,
                "en",
            )
        except StateConflict:
            continue

"""The demo's rewards: what a neighbourhood shop gives for points, some of it claimed by its members already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from regulars import ids
from regulars.cli.demo import vouchers
from regulars.cli.demo.holders import member_of
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.errors import Conflict, StateConflict
from regulars.flows.end_redemption import Actor, Fulfilment, cancel_redemption, fulfil_redemption
from regulars.flows.issue_vouchers import NewVouchers, create_vouchers
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.publish_reward import RewardView, StockChange, create_reward, supply_reward
from regulars.flows.redeem_reward import NewRedemption, redeem_reward
from regulars.flows.redemption_views import RedemptionView
from regulars.flows.register_store import NewPartner, register_partner
from regulars.flows.spender_proof import Spender
from regulars.programs.model import Caller
from regulars.rewards.model import Reward

POINTS = "PTS"
BATCH = "five-euros"
CLAIMS = 20
CINEMA = NewPartner("kino-saulriets", "Kino “Saulriets” (izdomāts)")
FLOWER_SHOPS = {"agenskalns": 12, "centrs": 20, "mezaparks": 8}
"""Where bunches are handed out, and how many there are."""
SUPPLY = 40
BECOME: tuple[Literal["handed_over", "claimed", "shipped", "ready", "cancelled"], ...] = (
    "handed_over", "claimed", "shipped", "ready", "cancelled", "handed_over", "claimed",
)  # fmt: skip
"""What becomes of what is claimed, in turn."""


def _names(en: str, lv: str, ru: str, et: str, hu: str) -> dict[str, str]:
    return {"en": en, "lv": lv, "ru": ru, "et": et, "hu": hu}


def _reward(kind: str, names: dict[str, str], points: int, **more: Any) -> Reward:
    prices: list[dict[str, Any]] = [{"currency": POINTS, "points": points, "money": more.pop("money", 0)}]
    if "cheaper" in more:
        tier, points = more.pop("cheaper")
        prices.append({"currency": POINTS, "points": points, "tier": tier})
    return msgspec.convert({"kind": kind, "names": names, "prices": prices, **more}, Reward)


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
        cheaper=("status/gold", 90),
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
    "trip": _reward(
        "discount",
        _names(
            "15 % off one shopping trip",
            "−15 % vienam pirkumam",
            "−15 % на одну покупку",
            "−15 % ühelt ostult",
            "−15 % egy vásárlásra",
        ),
        450,
        batch=vouchers.TRIP,
        limits=[{"per": "member", "most": 1, "period": "quarter"}],
    ),
    "within-the-hour": _reward(
        "upgrade",
        _names(
            "Delivery within the hour",
            "Piegāde stundas laikā",
            "Доставка в течение часа",
            "Kojuvedu tunni jooksul",
            "Kiszállítás egy órán belül",
        ),
        180,
        descriptions=_names(
            "Your next delivery goes ahead of the queue.",
            "Jūsu nākamā piegāde brauc ārpus rindas.",
            "Ваша следующая доставка поедет вне очереди.",
            "Teie järgmine saadetis sõidab järjekorrast mööda.",
            "A következő kiszállítása soron kívül indul.",
        ),
        unit_cost=350,
        valid_days=60,
    ),
    "flowers": _reward(
        "good",
        _names(
            "A bunch from the flower stand",
            "Pušķis no ziedu stenda",
            "Букет с цветочной стойки",
            "Kimp lilleletist",
            "Egy csokor a virágpultról",
        ),
        300,
        stock="by_store",
        valid_days=7,
        unit_cost=260,
        tiers=["status/silver", "status/gold", "status/amber"],
    ),
    "cinema": _reward(
        "partner_good",
        _names(
            "A cinema ticket at Saulriets",
            "Kinobiļete kinoteātrī “Saulriets”",
            "Билет в кинотеатр «Саулриетс»",
            "Kinopilet kinno Saulriets",
            "Mozijegy a Saulrietsbe",
        ),
        700,
        stock="total",
        valid_days=60,
        unit_cost=550,
        funder=CINEMA.code,
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
    await register_partner(database, request(f"partner/{CINEMA.code}", CINEMA), CINEMA)
    made: list[tuple[str, Reward]] = []
    for name, reward in REWARDS.items():
        answer = await create_reward(database, request(f"reward/{name}", reward), reward, "demo")
        view = msgspec.json.decode(answer.body, type=RewardView)
        made.append((view.id, reward))
        supplies = {"total": {None: SUPPLY}, "by_store": FLOWER_SHOPS}.get(reward.stock, {})
        for store, count in supplies.items():
            change = StockChange(count, store)
            step = request(f"stock/{name}/{store}" if store else f"stock/{name}", change)
            await supply_reward(database, step, ids.read("rwd", view.id), change)
    ready = await known.fresh(program)
    spender, desk = Spender(caller, "demo", vouched=True), Actor("demo")
    for n, card in enumerate(cards[:CLAIMS]):
        member = await member_of(database, program, card)
        shown, reward = made[n % len(made)]
        new = NewRedemption(shown, store="centrs" if reward.stock == "by_store" else None)
        try:
            answer = await redeem_reward(
                database, ready, request(f"claim/{n}", new), spender, member, new, "en"
            )
        except Conflict:  # she has not that many points, or not that tier
            continue
        claimed = msgspec.json.decode(answer.body, type=RedemptionView)
        state = BECOME[n % len(BECOME)]
        if state == "claimed" or (claimed.vouchers and state != "cancelled"):
            continue
        redemption, step = ids.read("rdm", claimed.id), request(f"given/{n}", state)
        try:
            if state == "cancelled":
                await cancel_redemption(database, ready, step, desk, redemption, "changed her mind", "en")
            else:
                await fulfil_redemption(database, ready, step, desk, redemption, Fulfilment(state), "en")
        except StateConflict:
            continue

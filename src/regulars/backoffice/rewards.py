"""The pages of rewards: the catalogue, a form that builds one, its stock by store, and when it is stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.issue_vouchers import list_vouchers
from regulars.flows.publish_reward import (
    RewardView,
    StockChange,
    create_reward,
    page_of_rewards,
    read_reward,
    resume_reward,
    revise_reward,
    stop_reward,
    supply_reward,
)
from regulars.i18n import N_, OWN_NAMES
from regulars.rewards.model import KINDS, WITH_CODES, Reward
from regulars.units import money_scale
from regulars.web import reward_words

pages = Pages()
AT_ONCE = 50
SPARE_ROWS = 2
PERIODS = (
    ("lifetime", N_("ever")),
    ("day", N_("a day")),
    ("week", N_("a week")),
    ("month", N_("a month")),
    ("quarter", N_("a quarter")),
    ("year", N_("a year")),
)
STOCKS = (
    ("unlimited", N_("not counted")),
    ("total", N_("one stock for all stores")),
    ("by_store", N_("each store has its own")),
)
RETURNS = (("until_handed_over", N_("until it is used or handed over")), ("never", N_("not at all")))
UNCLAIMED = (("give_back", N_("they come back")), ("keep", N_("they are spent")))


@pages.get("/rewards", needs="rewards.read")
async def rewards(visit: Visit) -> Response[Any]:
    """The catalogue, in the order it was made."""
    cursor = visit.query.get("cursor")
    after = ids.read("rwd", cursor, "?cursor") if cursor else None
    found = await page_of_rewards(visit.database, visit.program.id, after, AT_ONCE)
    return visit.page(
        "rewards", items=[_line(visit, one) for one in found.items], next=found.next, first=cursor is None
    )


@pages.get("/rewards/new", needs="rewards.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new reward."""
    return await _form(visit, None)


@pages.post("/rewards/new", needs="rewards.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Publish it."""
    sent = visit.read(Reward, _sent(visit))
    answer = await create_reward(visit.database, await visit.once(), sent, visit.by)
    made = msgspec.json.decode(answer.body, type=RewardView)
    return visit.to(f"/rewards/{made.id}", done=visit.language.gettext("The reward can be claimed now."))


@pages.get("/rewards/{id}", needs="rewards.read")
async def reward(visit: Visit) -> Response[Any]:
    """One reward: what it is, what it costs, what is left of it."""
    found = await read_reward(visit.database, visit.program.id, desk.read_id(visit, "rwd"))
    document = msgspec.convert(found.document, Reward)
    points = desk.pointing(visit)
    return visit.page(
        "reward",
        one=found,
        line=_line(visit, found),
        document=document,
        points=points,
        money=lambda amount: visit.language.money(amount, visit.program.base_currency),
        text=lambda texts: visit.said(texts),
        stores=visit.program.stores,
        periods=dict(PERIODS),
        name_of_stock=dict(STOCKS)[document.stock],
        shops=[(store.code, store.name) for store in visit.program.stores.values()],
    )


@pages.get("/rewards/{id}/edit", needs="rewards.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a reward that is there."""
    found = await read_reward(visit.database, visit.program.id, desk.read_id(visit, "rwd"))
    return await _form(visit, found)


@pages.post("/rewards/{id}/edit", needs="rewards.write", again=edit)
async def revise(visit: Visit) -> Response[Any]:
    """Publish its next revision; what was claimed stays as it was claimed."""
    sent = visit.read(Reward, _sent(visit))
    await revise_reward(
        visit.database, visit.program.id, desk.read_id(visit, "rwd"), sent, visit.by, await visit.now()
    )
    said = visit.language.gettext("It counts from the next claim on; what was claimed stays as it was.")
    return visit.to(f"/rewards/{visit.path['id']}", done=said)


@pages.post("/rewards/{id}/stop", needs="rewards.write", again=reward)
async def stop(visit: Visit) -> Response[Any]:
    """Nobody claims it any more, or again."""
    turn = resume_reward if visit.form("resume") else stop_reward
    turned = await turn(visit.database, visit.program.id, desk.read_id(visit, "rwd"), await visit.now())
    said = N_("It can be claimed again.") if turned.status == "live" else N_("Nobody can claim it any more.")
    return visit.to(f"/rewards/{turned.id}", done=visit.language.gettext(said))


@pages.post("/rewards/{id}/stock", needs="rewards.write", again=reward)
async def supply(visit: Visit) -> Response[Any]:
    """So many more are there, or so many fewer."""
    change = visit.read(
        StockChange,
        {"add": desk.amount(visit.form("add"), 0, "/add"), "store": visit.form("store") or None},
    )
    await supply_reward(visit.database, await visit.once(), desk.read_id(visit, "rwd"), change)
    return visit.to(f"/rewards/{visit.path['id']}", done=visit.language.gettext("The stock is changed."))


def _line(visit: Visit, one: RewardView) -> dict[str, Any]:
    document = msgspec.convert(one.document, Reward)
    points = desk.pointing(visit)
    price = document.prices[0]
    return {
        "id": one.id,
        "name": visit.said(document.names),
        "kind": reward_words.kind(visit.language, document.kind),
        "price": points(price.currency, price.points)
        + (f" + {visit.language.money(price.money, visit.program.base_currency)}" if price.money else ""),
        "more_prices": len(document.prices) - 1,
        "live": one.status == "live",
        "left": None if document.stock == "unlimited" else sum(stock.remaining for stock in one.stock),
        "until": document.valid_until,
    }


async def _form(visit: Visit, found: RewardView | None) -> Response[Any]:
    document = msgspec.convert(found.document, Reward) if found is not None else None
    scale = money_scale(visit.program.base_currency)
    batches = await list_vouchers(visit.database, visit.program.id)
    spendable = [code for code, one in visit.program.currencies.items() if one.kind != "qualifying"]
    return visit.page(
        "reward_form",
        one=found,
        shown=_shown(visit, document, scale, spendable) | (visit.form_fields() if visit.problem else {}),
        rows=len(document.prices if document else ()) + SPARE_ROWS,
        limits=len(document.limits if document else ()) + SPARE_ROWS,
        languages=[(code, OWN_NAMES.get(code, code)) for code in visit.program.languages],
        kinds=[(code, visit.language.gettext(reward_words.KINDS[code])) for code in KINDS],
        currencies=[(code, code) for code in spendable],
        periods=_said(visit, PERIODS),
        stocks=_said(visit, STOCKS),
        returns=_said(visit, RETURNS),
        unclaimed=_said(visit, UNCLAIMED),
        partners=[("", visit.language.gettext("the program itself"))]
        + [(one.code, one.name) for one in visit.program.partners.values() if one.code != "operator"],
        batches=[("", "–")] + [(one.batch.name, one.batch.name) for one in batches.items],
    )


def _said(visit: Visit, options: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(code, visit.language.gettext(name)) for code, name in options]


def _shown(visit: Visit, document: Reward | None, scale: int, spendable: list[str]) -> dict[str, str]:
    """The fields of the form, filled with what the reward says."""
    shown: dict[str, str] = {"kind": "good", "stock": "unlimited", "returns": "until_handed_over"}
    shown |= {"unclaimed": "give_back", "currency0": spendable[0] if spendable else ""}
    if document is None:
        return shown
    plain = msgspec.to_builtins(document)
    shown |= {name: str(plain[name]) for name in ("kind", "stock", "returns", "unclaimed") if name in plain}
    shown |= {name: str(plain[name]) for name in ("valid_days", "funder", "batch") if name in plain}
    shown["unit_cost"] = _decimal(document.unit_cost, scale)
    for field in ("names", "descriptions", "pictures"):
        shown |= {f"{field}-{code}": text for code, text in plain.get(field, {}).items()}
    for field in ("tiers", "audiences", "clubs"):
        shown[field] = ", ".join(plain.get(field, ()))
    zone = visit.zone
    if document.valid_from is not None:
        shown["from"] = document.valid_from.astimezone(zone).date().isoformat()
    if document.valid_until is not None:
        last = document.valid_until - timedelta(microseconds=1)
        shown["until"] = last.astimezone(zone).date().isoformat()
    for n, price in enumerate(document.prices):
        shown |= {
            f"currency{n}": price.currency,
            f"points{n}": str(price.points),
            f"money{n}": _decimal(price.money, scale) if price.money else "",
            f"tier{n}": price.tier or "",
        }
    for n, limit in enumerate(document.limits):
        shown |= {f"most{n}": str(limit.most), f"per{n}": limit.per, f"period{n}": limit.period}
    return shown


def _sent(visit: Visit) -> dict[str, Any]:
    """What the form says, as a document."""
    scale, languages = money_scale(visit.program.base_currency), visit.program.languages
    sent: dict[str, Any] = {
        name: visit.form(name) for name in ("kind", "stock", "returns", "unclaimed") if visit.form(name)
    }
    sent |= {name: visit.form(name) for name in ("funder",) if visit.form(name)}
    if visit.form("kind") in WITH_CODES and visit.form("batch"):
        sent["batch"] = visit.form("batch")
    for field in ("names", "descriptions", "pictures"):
        texts = {code: visit.form(f"{field}-{code}") for code in languages}
        sent[field] = {code: text for code, text in texts.items() if text}
    for field in ("tiers", "audiences", "clubs"):
        sent[field] = [part.strip() for part in visit.form(field).split(",") if part.strip()]
    if visit.form("valid_days"):
        sent["valid_days"] = desk.whole(visit.form("valid_days"), "/valid_days")
    if visit.form("unit_cost"):
        sent["unit_cost"] = desk.amount(visit.form("unit_cost"), scale, "/unit_cost")
    since = desk.moment(visit, visit.form("from"), "/from")
    until = desk.moment(visit, visit.form("until"), "/until", end=True)
    sent |= {name: at.isoformat() for name, at in (("from", since), ("until", until)) if at is not None}
    sent["prices"] = _prices(visit, scale)
    sent["limits"] = _limits(visit)
    return sent


def _prices(visit: Visit, scale: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for n in range(20):
        if not visit.form(f"points{n}"):
            continue
        price: dict[str, Any] = {
            "currency": visit.form(f"currency{n}"),
            "points": desk.whole(visit.form(f"points{n}"), f"/points{n}"),
        }
        if visit.form(f"money{n}"):
            price["money"] = desk.amount(visit.form(f"money{n}"), scale, f"/money{n}")
        if visit.form(f"tier{n}"):
            price["tier"] = visit.form(f"tier{n}")
        found.append(price)
    return found


def _limits(visit: Visit) -> list[dict[str, Any]]:
    return [
        {
            "per": visit.form(f"per{n}") or "member",
            "most": desk.whole(visit.form(f"most{n}"), f"/most{n}"),
            "period": visit.form(f"period{n}") or "lifetime",
        }
        for n in range(20)
        if visit.form(f"most{n}")
    ]


def _decimal(amount: int, scale: int) -> str:
    whole, rest = divmod(amount, 10**scale)
    return f"{whole}.{rest:0{scale}d}" if scale else str(whole)

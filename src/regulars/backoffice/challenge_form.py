"""A challenge as the fields of a form, and the fields as a document again: nothing that it says is lost. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from regulars.backoffice import desk
from regulars.games.quests import Goal, QuestDocument
from regulars.prizes import Prize
from regulars.units import money_scale

PRIZES_MAX = 20
LISTS = ("goods_skus", "goods_categories", "goods_tags", "goods_brands", "among", "stores")
MARKS = ("tiers", "audiences", "clubs")


def amount_scale(goal: Mapping[str, Any], currency: str, scales: Mapping[str, int]) -> int:
    """How many decimals an amount has that is asked for."""
    if goal.get("kind") != "sum" or goal.get("measure") == "units":
        return 0
    if goal.get("measure") == "points":
        return scales.get(goal.get("currency") or "", 0)
    return money_scale(currency)


def fields_of(
    document: QuestDocument | None, currency: str, scales: Mapping[str, int], zone: ZoneInfo
) -> dict[str, str]:
    """What the form shows."""
    if document is None:
        return {"kind": "count", "need": "3", "icon": "star", "repeat": "1", "level": "1"}
    goal = document.goal
    scale = amount_scale(
        {"kind": goal.kind, "measure": goal.measure, "currency": goal.currency}, currency, scales
    )
    shown = _of_goal(goal, currency, scale)
    for field in ("names", "texts"):
        shown |= {f"{field}-{code}": text for code, text in getattr(document, field).items()}
    shown |= {name: ", ".join(getattr(document, name)) for name in MARKS}
    shown |= {name: getattr(document, name) for name in ("window", "begins", "join", "returns", "icon")}
    shown |= {
        "days": str(document.days or ""),
        "repeat": str(document.repeat),
        "funder": document.funder or "",
    }
    shown |= {"winners": str(document.winners or ""), "leaderboard": "yes" if document.leaderboard else ""}
    if document.valid_from is not None:
        shown["from"] = document.valid_from.astimezone(zone).date().isoformat()
    if document.valid_until is not None:
        last = document.valid_until - timedelta(microseconds=1)
        shown["until"] = last.astimezone(zone).date().isoformat()
    prizes = [(_decimal(step.at, scale), prize) for step in document.steps for prize in step.prizes]
    prizes += [("", prize) for prize in document.prizes]
    for n, (at, prize) in enumerate(prizes):
        shown |= {f"at{n}": at} | {
            f"{name}{n}": text for name, text in _of_prize(prize, currency, scales).items()
        }
    return shown


def document_of(
    form: Mapping[str, str], currency: str, scales: Mapping[str, int], visit: Any, languages: tuple[str, ...],
    before: QuestDocument | None,
) -> dict[str, Any]:  # fmt: skip
    """The document that the form says. Raises InvalidValue."""
    goal = _goal(form, currency, scales)
    scale = amount_scale(goal, currency, scales)
    sent: dict[str, Any] = {"goal": goal, "stopped": before.stopped if before else False}
    for field in ("names", "texts"):
        kept = dict(getattr(before, field)) if before else {}
        for code in languages:
            kept.pop(code, None)
        texts = {code: form.get(f"{field}-{code}", "") for code in languages}
        sent[field] = kept | {code: text for code, text in texts.items() if text}
    sent |= {name: _parts(form.get(name, "")) for name in MARKS}
    sent |= {
        name: form[name]
        for name in ("window", "begins", "join", "returns", "icon", "funder")
        if form.get(name)
    }
    sent |= {
        name: desk.whole(form[name], f"/{name}") for name in ("days", "repeat", "winners") if form.get(name)
    }
    sent["leaderboard"] = form.get("leaderboard") == "yes"
    since = desk.moment(visit, form.get("from", ""), "/from")
    until = desk.moment(visit, form.get("until", ""), "/until", end=True)
    sent |= {name: at.isoformat() for name, at in (("from", since), ("until", until)) if at is not None}
    steps: dict[int, list[dict[str, Any]]] = {}
    whole: list[dict[str, Any]] = []
    for n in range(PRIZES_MAX):
        if not form.get(f"prize{n}"):
            continue
        prize = _prize(form, n, currency, scales)
        if form.get(f"at{n}"):
            steps.setdefault(desk.amount(form[f"at{n}"], scale, f"/at{n}"), []).append(prize)
        else:
            whole.append(prize)
    sent["steps"] = [{"at": at, "prizes": prizes} for at, prizes in sorted(steps.items())]
    sent["prizes"] = whole
    return sent


def _of_goal(goal: Goal, currency: str, scale: int) -> dict[str, str]:
    shown = {name: getattr(goal, name) for name in ("kind", "measure", "each")}
    shown |= {name: getattr(goal, name) or "" for name in ("of", "currency", "activity")}
    shown |= {
        "need": _decimal(goal.need, scale),
        "level": str(goal.level),
        "freezes": str(goal.freezes or ""),
    }
    shown |= {"among": ", ".join(goal.among), "stores": ", ".join(goal.stores)}
    shown |= {
        f"goods_{name}": ", ".join(getattr(goal.goods, name))
        for name in ("skus", "categories", "tags", "brands")
    }
    if goal.least_amount:
        shown["least_amount"] = _decimal(goal.least_amount, money_scale(currency))
    return shown


def _goal(form: Mapping[str, str], currency: str, scales: Mapping[str, int]) -> dict[str, Any]:
    kind = form.get("kind", "count")
    goal: dict[str, Any] = {"kind": kind}
    if kind == "set":
        goal |= {"of": form.get("of") or None, "among": _parts(form.get("among", ""))}
        if form.get("level"):
            goal["level"] = desk.whole(form["level"], "/goal/level")
    elif kind == "sum":
        goal["measure"] = form.get("measure") or "spend"
        if goal["measure"] == "points":
            goal["currency"] = form.get("currency") or None
    elif kind == "streak":
        goal["each"] = form.get("each") or "week"
        if form.get("freezes"):
            goal["freezes"] = desk.whole(form["freezes"], "/goal/freezes")
    goal["need"] = desk.amount(form.get("need", ""), amount_scale(goal, currency, scales), "/goal/need")
    if form.get("activity"):
        goal["activity"] = form["activity"]
    if form.get("least_amount"):
        goal["least_amount"] = desk.amount(form["least_amount"], money_scale(currency), "/goal/least_amount")
    goal["stores"] = _parts(form.get("stores", ""))
    goal["goods"] = {
        name: _parts(form.get(f"goods_{name}", "")) for name in ("skus", "categories", "tags", "brands")
    }
    return goal


def _of_prize(prize: Prize, currency: str, scales: Mapping[str, int]) -> dict[str, str]:
    shown = {"prize": prize.kind, "what": "", "amount": "", "for": ""}
    if prize.points is not None:
        points = prize.points
        shown |= {"what": points.currency, "amount": _decimal(points.amount, scales.get(points.currency, 0))}
        shown["for"] = str(points.expires_after_days or "")
    elif prize.voucher is not None:
        shown |= {"what": prize.voucher.batch, "for": str(prize.voucher.valid_days or "")}
    elif prize.badge is not None:
        shown["what"] = prize.badge
    elif prize.entitlement is not None:
        right = prize.entitlement
        shown |= {"what": right.code, "amount": str(right.uses), "for": str(right.days or "")}
    elif prize.tickets is not None:
        shown |= {"what": prize.tickets.draw, "amount": str(prize.tickets.count)}
    if prize.cost is not None:
        shown["cost"] = _decimal(prize.cost, money_scale(currency))
    return shown


def _prize(form: Mapping[str, str], n: int, currency: str, scales: Mapping[str, int]) -> dict[str, Any]:
    kind, what = form[f"prize{n}"], form.get(f"what{n}", "")
    days = desk.whole(form[f"for{n}"], f"/for{n}") if form.get(f"for{n}") else None
    prize: dict[str, Any] = {}
    if form.get(f"cost{n}"):
        prize["cost"] = desk.amount(form[f"cost{n}"], money_scale(currency), f"/cost{n}")
    if kind == "points":
        amount = desk.amount(form.get(f"amount{n}", ""), scales.get(what, 0), f"/amount{n}")
        return prize | {"points": {"currency": what, "amount": amount, "expires_after_days": days}}
    if kind == "voucher":
        return prize | {"voucher": {"batch": what, "valid_days": days}}
    if kind == "badge":
        return prize | {"badge": what}
    uses = desk.whole(form.get(f"amount{n}") or "1", f"/amount{n}")
    if kind == "tickets":
        return prize | {"tickets": {"draw": what, "count": uses}}
    return prize | {"entitlement": {"code": what, "uses": uses, "days": days}}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _decimal(amount: int, scale: int) -> str:
    return f"{Decimal(amount).scaleb(-scale):.{scale}f}"

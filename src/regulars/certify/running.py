"""Plays the situations one after the other, and judges each by its requests, its replies and the books."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, structs

from regulars.certify.drivers import Driver, DriverFailed, sentence
from regulars.certify.house_rules import HOUSE_RULES, MISTAKES_OF_MAKERS
from regulars.certify.line import Line
from regulars.certify.model import Act, Finding, Person, Reply, Seen, Situation, Step, Verdict
from regulars.certify.seeing import sales
from regulars.certify.shop import CURRENCY, GOODS, STORE, TILL, Shop, mistyped

TIME_PASSES_SECONDS = 5.0
"""Between a sale without the line and the line's return: so that the time of the one is not that of the other."""


class Desk(Struct, frozen=True):
    """Where a certification takes place."""

    shop: Shop
    line: Line
    driver: Driver
    key: str
    """For the till."""
    log: Path | None = None
    """The till's own log, if it is to be looked through."""
    time_passes_seconds: float = TIME_PASSES_SECONDS


def certify(desk: Desk, situations: tuple[Situation, ...], can: frozenset[str]) -> Iterator[Verdict]:
    """A verdict for each situation. Raises NotReady, OSError when the server cannot be asked."""
    desk.line.events = desk.shop.events
    for one in situations:
        if one.needs - can:
            yield Verdict(one.name, one.title, "not claimed", f"needs {', '.join(sorted(one.needs - can))}")
        else:
            yield _played(desk, one)


def judge(situation: Situation, seen: Seen) -> Verdict:
    """What is to be said of what was seen. Pure."""
    for check in (*MISTAKES_OF_MAKERS, *situation.checks, *HOUSE_RULES):
        finding = check(seen)
        if finding is not None:
            return _failed(situation, finding)
    return Verdict(situation.name, situation.title, "passed")


def _failed(situation: Situation, finding: Finding) -> Verdict:
    shown = finding.exchange.excerpt() if finding.exchange else None
    return Verdict(situation.name, situation.title, "failed", finding.sentence, shown)


def _played(desk: Desk, situation: Situation) -> Verdict:
    person = desk.shop.enrol(situation.points, known=situation.known)
    desk.line.clear()
    before = desk.log.stat().st_size if desk.log and desk.log.exists() else 0
    acts: list[Act] = []
    replies: list[Reply] = []
    times: list[tuple[float, float]] = []
    try:
        desk.driver.do(_beginning(desk, situation))
        for step in situation.steps:
            if step.before == "time passes":
                time.sleep(desk.time_passes_seconds)
            desk.line.arrange(step.faults, down=step.line_down)
            acts.append(act_of(step, person))
            began = time.time()
            replies.append(desk.driver.do(acts[-1]))
            times.append((began, time.time()))
    except DriverFailed as failure:
        return _failed(situation, Finding(str(failure)))
    finally:
        desk.line.arrange(())
        desk.line.deliver_late()
        desk.shop.restore()
    seen = Seen(list(desk.line.exchanges), situation.steps, acts, replies, times, [], person)
    seen.books = desk.shop.books(dict.fromkeys(str(one.body.get("id")) for one in sales(seen)))
    seen.members = desk.shop.members(person.phone)
    seen.log = _gained(desk.log, before)
    return judge(situation, seen)


def act_of(step: Step, person: Person) -> Act:
    """The step as the till is told it."""
    customer = {
        "": {},
        "card": {"card": person.card},
        "phone": {"phone": person.phone},
        "mistyped card": {"card": mistyped(person.card) if person.card else ""},
        "unknown phone": {"phone": person.phone[:-1] + str(9 - int(person.phone[-1]))},
    }[step.customer]
    goods = []
    for words in filter(None, step.goods.split(", ")):
        quantity, sku = words.split()
        goods.append(structs.replace(GOODS[sku], quantity=quantity))
    act = Act(step.act, "", step.sale, customer, tuple(goods), step.lines, step.spend, step.code,
              step.if_price_changed, step.if_no_answer)  # fmt: skip
    return structs.replace(act, say=sentence(act))


def _beginning(desk: Desk, situation: Situation) -> Act:
    settings = {"url": desk.line.address, "key": desk.key, "store": STORE, "till": TILL, "currency": CURRENCY,
                "situation": situation.name}  # fmt: skip
    return Act("begin", f"\n{situation.name}: {situation.title}.", settings=settings)


def _gained(log: Path | None, before: int) -> str:
    if log is None or not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(before)
        return file.read().decode(errors="replace")

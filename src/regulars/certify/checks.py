"""What a good till does in single situations: each check answers what was seen with nothing or with a finding. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from regulars.certify.model import Check, Finding, Seen
from regulars.certify.seeing import STANDING, first_of_each, identity, last_sale, money, sales

CLOCKS_SECONDS = 2.0
"""How much the clocks of the till and of this machine may differ."""


def recorded(times: int) -> Check:
    """So many purchases stand in the books."""

    def check(seen: Seen) -> Finding | None:
        found = [book for book in seen.books if book["status"] in STANDING]
        if len(found) == times:
            return None
        return Finding(f"The books have {len(found)} purchases; there should be {times}.", last_sale(seen))

    return check


def stands_as(status: str, times: int = 1) -> Check:
    """So many purchases are in that state."""

    def check(seen: Seen) -> Finding | None:
        found = [book["status"] for book in seen.books]
        if found.count(status) == times:
            return None
        states = ", ".join(found) or "no purchase"
        return Finding(f"There should be {times} {status}; the books have: {states}.", last_sale(seen))

    return check


def done(*expected: bool) -> Check:
    """What the till says of each act: that it is done, or that it is not."""

    def check(seen: Seen) -> Finding | None:
        for number, (wanted, reply) in enumerate(zip(expected, seen.replies, strict=True), 1):
            if reply.done != wanted:
                said = f" It said: {reply.said}" if reply.said else ""
                return Finding(f"Step {number} should {'' if wanted else 'not '}be done at the till.{said}",
                               seen.exchanges[-1] if seen.exchanges else None)  # fmt: skip
        return None

    return check


def said(*amounts: int | None) -> Check:
    """The sums that the till shows, act by act; None: whatever."""

    def check(seen: Seen) -> Finding | None:
        for number, (wanted, reply) in enumerate(zip(amounts, seen.replies, strict=True), 1):
            if wanted is not None and reply.amount != wanted:
                shown = money(reply.amount) if reply.amount is not None else "no sum"
                last = seen.exchanges[-1] if seen.exchanges else None
                return Finding(
                    f"Step {number}: the till shows {shown}, the server says {money(wanted)}.", last
                )
        return None

    return check


def shows_the_name(seen: Seen) -> Finding | None:
    """The till shows who was found."""
    if seen.replies[0].customer.startswith(seen.person.name):
        return None
    found = seen.of("find")
    return Finding(f"The till does not show that {seen.person.name} was found.", found[-1] if found else None)


def bought_by(who: str) -> Check:
    """The purchase is the customer's, or nobody's."""

    def check(seen: Seen) -> Finding | None:
        owners = {book["member"] for book in seen.books if book["status"] in STANDING}
        wanted = {seen.members[0] if seen.members else seen.person.id} if who == "the customer" else {None}
        return None if owners == wanted else Finding(f"The purchase should belong to {who}.", last_sale(seen))

    return check


def paid_with_points(points: int) -> Check:
    """So many points paid."""

    def check(seen: Seen) -> Finding | None:
        found = sum(book["answer"]["paid_with_points"] for book in seen.books if book["status"] in STANDING)
        if found == points:
            return None
        return Finding(f"{found} was paid with points; it should be {points}.", last_sale(seen))

    return check


def came_again(*calls: str, times: int = 2) -> Check:
    """The call came again as it was: same address, same id or key, same content."""

    def check(seen: Seen) -> Finding | None:
        found = [one for one in seen.exchanges if one.call in calls]
        if len(found) < times:
            return Finding(f"After no answer it was not sent again ({len(found)} of {times}).",
                           found[-1] if found else None)  # fmt: skip
        same = [one for one in found if identity(one) == identity(found[0])]
        if len(same) < times:
            return Finding("It was sent again, but not as it was: id, key or content differ.", found[1])
        return None

    return check


def named_by_a_key(call: str) -> Check:
    """The call carries an Idempotency-Key, the same each time."""

    def check(seen: Seen) -> Finding | None:
        keys = {one.headers.get("idempotency-key") for one in seen.of(call)}
        if len(keys) == 1 and None not in keys:
            return None
        found = seen.of(call)
        return Finding(f"{call} should carry one Idempotency-Key each time.", found[-1] if found else None)

    return check


def at_most(times: int, *calls: str) -> Check:
    """No more than so many of these calls: what will not change is not asked again."""

    def check(seen: Seen) -> Finding | None:
        found = seen.of(*calls)
        if len(found) <= times:
            return None
        return Finding(f"It asked {len(found)} times what {times} would have told.", found[times])

    return check


def made(*calls: str) -> Check:
    """The till made at least one of these calls."""

    def check(seen: Seen) -> Finding | None:
        last = seen.exchanges[-1] if seen.exchanges else None
        return None if seen.of(*calls) else Finding(f"The till never sent {' or '.join(calls)}.", last)

    return check


def says_what_was_shown(seen: Seen) -> Finding | None:
    """`expect` has what the customer was shown, so that no other price is recorded."""
    for one in seen.of("record"):
        if one.body.get("pricing") != "as_sold" and "payable" not in (one.body.get("expect") or {}):
            return Finding(
                "The purchase has no expect: another price than the one shown would be recorded.", one
            )
    return None


def line_has(**fields: Any) -> Check:
    """Some line of the sale says that."""

    def check(seen: Seen) -> Finding | None:
        for one in sales(seen):
            if any(all(line.get(n) == v for n, v in fields.items()) for line in one.body.get("lines", [])):
                return None
        wanted = ", ".join(f"{name} {value!r}" for name, value in fields.items())
        return Finding(f"No line of the sale has {wanted}.", last_sale(seen))

    return check


def bought(**quantities: str) -> Check:
    """The lines of a sale make up these quantities of each article."""

    def check(seen: Seen) -> Finding | None:
        for one in sales(seen):
            sums: dict[str, Decimal] = {}
            for line in one.body.get("lines", []):
                sku = str(line.get("sku"))
                sums[sku] = sums.get(sku, Decimal(0)) + Decimal(str(line.get("quantity", 0)))
            if sums == {sku: Decimal(quantity) for sku, quantity in quantities.items()}:
                return None
        return Finding(f"The goods of the sale are not {quantities}.", last_sale(seen))

    return check


def at_its_own_time(seen: Seen) -> Finding | None:
    """Each receipt has the moment of its sale, with an offset; not the moment at which it was sent."""
    sold = [span for step, span in zip(seen.steps, seen.times, strict=True) if step.act in ("sell", "hold")]
    for one, (began, ended) in zip(first_of_each(seen), sold, strict=False):
        try:
            at = datetime.fromisoformat(str(one.body.get("purchased_at")))
        except ValueError:
            return Finding("purchased_at is no instant.", one)
        if at.tzinfo is None:
            return Finding("purchased_at has no offset.", one)
        if not began - CLOCKS_SECONDS <= at.timestamp() <= ended + CLOCKS_SECONDS:
            return Finding("purchased_at is not when it was sold.", one)
    return None


def as_sold(seen: Seen) -> Finding | None:
    """What was sold without the server is a fact: its prices are not decided anew."""
    for one in sales(seen):
        if one.arrived and one.body.get("pricing") != "as_sold":
            return Finding("A receipt of goods that are gone has to say pricing as_sold.", one)
    return None


def in_their_order(seen: Seen) -> Finding | None:
    """Offline receipts arrive in the order in which they were sold."""
    times = [one["purchased_at"] for exchange in seen.of("batch") if exchange.arrived
             for one in exchange.body.get("purchases", [])]  # fmt: skip
    first = list(dict.fromkeys(times))
    return (
        None if first == sorted(first) else Finding("The receipts are not in their order.", last_sale(seen))
    )


def counted(seen: Seen) -> Finding | None:
    """Offline receipts are counted by their device without a gap."""
    found = {one["id"]: (one.get("offline") or {}).get("counter") for exchange in seen.of("batch")
             for one in exchange.body.get("purchases", [])}  # fmt: skip
    numbers = list(found.values())
    if None in numbers or numbers != list(range(numbers[0] or 0, (numbers[0] or 0) + len(numbers))):
        return Finding(f"The counter of the offline receipts has a gap: {numbers}.", last_sale(seen))
    return None

"""What holds of a till in every situation: each rule answers what was seen with nothing or with a finding. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from regulars.certify.model import Check, Exchange, Finding, Seen
from regulars.certify.seeing import STANDING, identity, last_sale, numbers, requests_of, sums_of

UNSURE = (502, 504)
"""Answers of something in between: what the server did is not known."""
EARLY_SECONDS = 0.1
"""By how much a wait may be shorter than what the server asked for."""
MISTAKES = ("malformed_json", "unknown_field", "invalid_value", "wrong_id_kind", "idempotency_key_missing",
            "request_key_reused", "scope_missing", "forbidden", "method_not_allowed",
            "purchased_in_the_future", "currency_unknown", "bad_request", "unprocessable")  # fmt: skip
"""Errors that only a mistake in the integration brings about; a look-up that finds nobody is none."""


def whole_amounts(seen: Seen) -> Finding | None:
    """No number of a request is a fraction: amounts are integers, quantities are strings."""
    for one in seen.exchanges:
        for pointer, value in numbers(one.body, ""):
            if isinstance(value, float):
                return Finding(
                    f"{pointer} is {value}: amounts are whole numbers, quantities decimal strings.", one
                )
    return None


def nothing_personal_in_addresses(seen: Seen) -> Finding | None:
    """Who somebody is stands in bodies: addresses are kept by logs."""
    told = [seen.person.card, seen.person.phone.lstrip("+"), *[act.code for act in seen.acts]]
    for one in seen.exchanges:
        plain = one.path.replace("%20", "").replace("-", "")
        if any(text and text in plain for text in told):
            return Finding("A card, phone or code stands in the address, where logs keep it.", one)
    return None


def no_mistakes(seen: Seen) -> Finding | None:
    """The server found no fault with a request that the till's maker could have avoided."""
    for one in seen.exchanges:
        for problem in _problems(one):
            code = problem.get("code")
            if code in MISTAKES or (code == "not_found" and one.call in ("confirm", "void", "return")):
                said = " ".join(
                    [problem.get("detail", ""), *[e.get("pointer", "") for e in problem.get("errors", [])]]
                )
                return Finding(f"The server refused the request with {code}: {said}", one)
    return None


def _problems(one: Exchange) -> list[dict[str, Any]]:
    """What the server found wrong with the request, or with purchases of a batch."""
    answer = one.answer if isinstance(one.answer, dict) else {}
    if one.code:
        return [answer]
    if one.call != "batch":
        return []
    return [item["problem"] for item in answer.get("items", []) if item.get("problem")]


def nothing_is_left_open(seen: Seen) -> Finding | None:
    """A purchase or return without an answer is sent again until there is one, or given up by its id."""
    open_now: dict[str, Exchange] = {}
    for one in seen.exchanges:
        for request in requests_of(one):
            if one.status is None or one.status in UNSURE:
                open_now[request] = one
            else:
                open_now.pop(request, None)
    for request, one in open_now.items():
        return Finding(f"{request} got no answer, and was neither sent again as it was nor given up.", one)
    return None


def printed_is_booked(seen: Seen) -> Finding | None:
    """What the receipts say is what the books say: as many, and the same sums."""
    printed = [
        reply.amount
        for step, reply in zip(seen.steps, seen.replies, strict=True)
        if step.act in ("sell", "confirm") and reply.done
    ]
    standing = [book["answer"]["payable"] for book in seen.books if book["status"] in STANDING]
    taken_back = any(step.act == "void" for step in seen.steps)
    voided = [book["answer"]["payable"] for book in seen.books if book["status"] == "voided" and taken_back]
    if Counter(printed) - Counter(standing + voided):
        return Finding(
            f"The till printed {sums_of(printed)}; the books have {sums_of(standing)}.", last_sale(seen)
        )
    if len(printed) < len(standing):
        return Finding(
            f"The books have {sums_of(standing)}; the till printed {sums_of(printed)}.", last_sale(seen)
        )
    return None


def keeps_to_retry_after(seen: Seen) -> Finding | None:
    """The same request does not come again before the seconds of `Retry-After`."""
    for place, one in enumerate(seen.exchanges):
        for later in seen.exchanges[place + 1 :]:
            waited = later.at - one.until
            if waited < one.retry_after - EARLY_SECONDS and identity(later) == identity(one):
                return Finding(
                    f"It came again after {waited:.1f} s; Retry-After said {one.retry_after:.0f}.", later
                )
    return None


def a_wrong_code_is_not_sent_again(seen: Seen) -> Finding | None:
    """A code that was refused goes nowhere again: each time counts towards the lock."""
    refused: list[str] = []
    for one in seen.of("price", "record"):
        value = ((one.body or {}).get("proof") or {}).get("value")
        if value in refused:
            return Finding("A code that had been refused was sent again: too many lock spending.", one)
        if one.code == "proof_wrong":
            refused.append(str(value))
    return None


def nothing_personal_in_the_log(seen: Seen) -> Finding | None:
    """The till's own log, where the maker named it, has no codes and no phones."""
    if any(act.code and act.code in seen.log for act in seen.acts):
        return Finding("The customer's code stands in the till's log.")
    return (
        Finding("The customer's phone stands in the till's log.") if seen.person.phone in seen.log else None
    )


MISTAKES_OF_MAKERS: tuple[Check, ...] = (whole_amounts, nothing_personal_in_addresses, no_mistakes)
"""Asked before what a situation asks: they are the cause of much that follows."""
HOUSE_RULES: tuple[Check, ...] = (
    nothing_is_left_open,
    printed_is_booked,
    keeps_to_retry_after,
    a_wrong_code_is_not_sent_again,
    nothing_personal_in_the_log,
)

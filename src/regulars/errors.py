"""Every way in which a caller can be wrong: one short class per error, with its HTTP status and its stable code.

    Problem
    ├── BadRequest 400            MalformedJson, IdempotencyKeyMissing
    ├── Unauthenticated 401
    ├── Forbidden 403             ScopeMissing, ProofRequired, ProofWrong, SpendingLocked (SpendingInDoubt), CodeWrong,
    │                             GrantRefused, SpendingNotAllowed, SpenderLimit, ClaimCodeWrong, ClaimByCashier,
    │                             SecondPersonNeeded, TrainingMode
    ├── NotFound 404              VoucherUnknown
    ├── MethodNotAllowed 405
    ├── Conflict 409              StateConflict, RequestKeyReused, RequestVoided, PriceChanged, InsufficientPoints,
    │                             GiftCardUnusable, GiftCardSold, GiftCardSpent, AlreadyClaimed, NotClaimable,
    │                             ClaimLimit, WarningsNotAccepted,
    │                             HoldLapsed, AlreadyReturned, OutOfStock, LimitReached, NotForMember, RewardEnded,
    │                             QuotaUsedUp, NotEntitled, NotUsableHere, SlotFull, TooManyGuests, TooLateToCancel,
    │                             VoucherUsed, VoucherEnded, VoucherBlocked, VoucherOfAnother, MemberExists,
    │                             CardBlocked, CardUnassigned, SlugTaken, ChannelUnavailable, NotConfigured,
    │                             DraftChanged, ClubFull, NoSeatsLeft, BookingClosed, AlreadyBooked,
    │                             GameClosed, NoPlayLeft, AlreadyAnswered, CoolingOff, PassingLimit,
    │                             PrinterMissing, PrinterUnreachable, PrinterSilent, PrinterNoPaper, PrinterOpen,
    │                             PrinterFault, PrinterBusy
    ├── BodyTooSlow 408
    ├── BodyTooLarge 413
    ├── Unprocessable 422         UnknownField, InvalidValue, WrongIdKind, InvalidCardNumber, CurrencyUnknown,
    │                             PurchasedInTheFuture, Contradiction, ReferralUnknown
    ├── TooManyRequests 429
    ├── Overloaded 503
    └── NotInstalled 503

What one area alone raises stands beside it, in the `problems` of `rewards`, `games`, `occasions` and `web.printing`.

What we expect is a value (a refusal); what the caller got wrong is one of these; what we got wrong is an assertion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from msgspec import Struct

Read = TypeVar("Read")


class Fault(Struct, frozen=True):
    """One field at fault: a JSON pointer (RFC 6901) into the request's body, and what is wrong there."""

    pointer: str
    detail: str
    code: str = "invalid_value"


class Problem(Exception):
    """A request that cannot be done, and why. Rendered as RFC 9457 by the edges."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "The request cannot be done."

    def __init__(
        self, detail: str = "", *, errors: Sequence[Fault] = (), extra: dict[str, Any] | None = None
    ):
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.extra = extra or {}
        self.headers: dict[str, str] = {}
        self.spoken: dict[str, tuple[str, dict[str, Any]]] = {}
        """Of a detail what it was made of, so that a page can say it in another language: its message and values."""


class BadRequest(Problem):
    status, code, title = 400, "bad_request", "The request cannot be read."


class MalformedJson(BadRequest):
    code, title = "malformed_json", "The body is not JSON."


class IdempotencyKeyMissing(BadRequest):
    code, title = "idempotency_key_missing", "This request needs an Idempotency-Key header."


class Unauthenticated(Problem):
    status, code, title = 401, "unauthenticated", "No valid key was given."


class Forbidden(Problem):
    status, code, title = 403, "forbidden", "This key may not do that."


class ScopeMissing(Forbidden):
    code, title = "scope_missing", "This key does not have the scope that the call needs."


class SecondPersonNeeded(Forbidden):
    code, title = "second_person_needed", "Somebody else has to decide this."


class ProofRequired(Forbidden):
    code, title = "proof_required", "Spending needs a proof of who the member is."


class ProofWrong(Forbidden):
    code, title = "proof_wrong", "This proof is not right; nothing was written."


class SpendingLocked(Forbidden):
    code, title = "spending_locked", "After too many wrong codes this member cannot spend here for a while."

    def __init__(self, retry_after_seconds: int):
        super().__init__(extra={"retry_after_seconds": retry_after_seconds})
        self.headers = {"Retry-After": str(retry_after_seconds)}


class SpendingInDoubt(SpendingLocked):
    """There is a lock of this member's spending somewhere; whether it counts here has to be looked up."""


class CodeWrong(Forbidden):
    code, title = "code_wrong", "This code is not right, not the latest one, or too old."


class GrantRefused(Forbidden):
    code, title = "grant_refused", "The member does not allow this wallet that, or no longer does."


class TrainingMode(Forbidden):
    code, title = "training_mode", "This till is in training: nothing was written."


class SpendingNotAllowed(Forbidden):
    code, title = "spending_not_allowed", "This member earns for her account, but may not spend of it."


class SpenderLimit(Forbidden):
    code, title = (
        "spender_limit",
        "More than this member may spend of her account on one day; nothing was written.",
    )


class ClaimCodeWrong(Forbidden):
    code, title = "claim_code_wrong", "The code is not the one of this receipt."


class ClaimByCashier(Forbidden):
    code, title = "claim_by_cashier", "Whoever rang up a receipt cannot claim it."


class NotFound(Problem):
    status, code, title = 404, "not_found", "There is no such thing in this program."


class VoucherUnknown(NotFound):
    code, title = "voucher_unknown", "This is not a voucher of this program: mistyped or misread."


class MethodNotAllowed(Problem):
    status, code, title = 405, "method_not_allowed", "This address does not take that method."


class Conflict(Problem):
    status, code, title = 409, "conflict", "The state of things does not allow that."


class StateConflict(Conflict):
    code, title = "state_conflict", "This was already resolved in another way."


class RequestKeyReused(Conflict):
    code, title = "request_key_reused", "This request id was used before with another body."


class RequestVoided(Conflict):
    code, title = "request_voided", "This request was voided before it arrived."


class PriceChanged(Conflict):
    code, title = (
        "price_changed",
        "The outcome differs from what the customer was shown; nothing was written.",
    )


class InsufficientPoints(Conflict):
    code, title = "insufficient_points", "The member does not have that many points; nothing was written."


class GiftCardUnusable(Conflict):
    code, title = "gift_card_unusable", "No gift card can be paid with by this code; nothing was written."


class GiftCardSold(Conflict):
    code, title = "gift_card_sold", "This line has paid for a gift card already."


class GiftCardSpent(Conflict):
    code = "gift_card_spent"
    title = "The gift card that was sold with this receipt was used: less is on it than would come back."


class AlreadyClaimed(Conflict):
    code, title = "already_claimed", "This purchase was claimed before."


class NotClaimable(Conflict):
    code, title = "not_claimable", "This purchase cannot be claimed."


class ClaimLimit(Conflict):
    code, title = (
        "claim_limit",
        "This member has claimed as many purchases in the last seven days as she may.",
    )


class DraftChanged(Conflict):
    code, title = "draft_changed", "Somebody else has changed this draft meanwhile."


class WarningsNotAccepted(Conflict):
    code, title = "warnings_not_accepted", "There are warnings that were not accepted; nothing was published."


class HoldLapsed(Conflict):
    code, title = "hold_lapsed", "The hold has lapsed and could not be taken again."


class AlreadyReturned(Conflict):
    code, title = "already_returned", "More would be returned than is left of this purchase."


class NotForMember(Conflict):
    code, title = "not_for_member", "This reward is not for this member."


class ClubFull(Conflict):
    code, title = "club_full", "There is no place left in this club."


class VoucherUsed(Conflict):
    code, title = "voucher_used", "This voucher was used before."


class VoucherEnded(Conflict):
    code, title = "voucher_ended", "This voucher is not good now: it has ended, or has not begun."


class VoucherBlocked(Conflict):
    code, title = "voucher_blocked", "This voucher is blocked."


class VoucherOfAnother(Conflict):
    code, title = "voucher_of_another", "Only the member to whom this voucher belongs may use it."


class PassingLimit(Conflict):
    code, title = "passing_limit", "More than a member may pass on in this time; nothing was written."


class CoolingOff(Conflict):
    code, title = "cooling_off", "These points cannot be passed on yet; nothing was written."


class MemberExists(Conflict):
    code, title = "member_exists", "A member with this phone, email, card or external id exists already."


class CardBlocked(Conflict):
    code, title = "card_blocked", "This card is blocked; nothing was written."


class CardUnassigned(Conflict):
    code, title = "card_unassigned", "This card belongs to nobody yet."


class SlugTaken(Conflict):
    code, title = "slug_taken", "Another program has this short name."


class ChannelUnavailable(Conflict):
    code, title = "channel_unavailable", "The member cannot be reached on this channel."


class NotConfigured(Conflict):
    code, title = "not_configured", "The operator has not set up what the request needs."


class BodyTooSlow(Problem):
    status, code, title = 408, "body_too_slow", "The body did not arrive in time."


class BodyTooLarge(Problem):
    status, code, title = 413, "body_too_large", "The body is larger than 8 MB."


class Unprocessable(Problem):
    status, code, title = 422, "invalid_value", "The request was read but makes no sense."


def found_by(read: Callable[..., Read], *sent: Any, among: list[Unprocessable]) -> Read | None:
    """What a reading of a request finds; where it finds a fault this is kept `among` others, and there is nothing."""
    try:
        return read(*sent)
    except Unprocessable as problem:
        among.append(problem)
        return None


def refuse_together(found: Sequence[Unprocessable]) -> None:
    """Raises Unprocessable when a request has faults: one as it is, several in one problem with all their fields."""
    if not found:
        return
    first = found[0]
    faults = [fault for problem in found for fault in problem.errors]
    if any(type(problem) is not type(first) for problem in found):
        raise Unprocessable(first.detail, errors=faults)
    first.errors = tuple(faults)
    raise first


class InvalidValue(Unprocessable):
    def __init__(self, pointer: str, detail: str):
        super().__init__(detail, errors=[Fault(pointer, detail)])


class UnknownField(Unprocessable):
    code, title = "unknown_field", "The request has a field that this call does not know."

    def __init__(self, pointer: str):
        super().__init__(f"Unknown field {pointer}", errors=[Fault(pointer, "Unknown field", self.code)])


class WrongIdKind(Unprocessable):
    code, title = "wrong_id_kind", "This is not an id of the kind that is needed here."

    def __init__(self, prefix: str, text: str, pointer: str = ""):
        detail = f"An id that begins with {prefix}_ is needed"
        super().__init__(detail, errors=[Fault(pointer, detail, self.code)])
        self.text = text


class InvalidCardNumber(Unprocessable):
    code, title = "invalid_card_number", "This is not a card number of this program: mistyped or misread."

    def __init__(self, pointer: str = "/card"):
        super().__init__(errors=[Fault(pointer, self.title, self.code)])


class ReferralUnknown(Unprocessable):
    code, title = "referral_unknown", "This code of a referral is nobody's: mistyped, or its owner has left."

    def __init__(self) -> None:
        super().__init__(errors=[Fault("/referral_code", self.title, self.code)])


class CurrencyUnknown(Unprocessable):
    code, title = "currency_unknown", "The program does not have this currency."

    def __init__(self, pointer: str, currency: str):
        detail = f"The program has no currency {currency!r}, nor a rate for it at this time"
        super().__init__(detail, errors=[Fault(pointer, detail, self.code)])


class PurchasedInTheFuture(Unprocessable):
    code, title = "purchased_in_the_future", "The purchase lies more than 10 minutes in the future."

    def __init__(self) -> None:
        super().__init__(errors=[Fault("/purchased_at", self.title, self.code)])


class Contradiction(Unprocessable):
    code, title = "contradictory_configuration", "The configuration contradicts itself; nothing was changed."


class TooManyRequests(Problem):
    status, code, title = 429, "too_many_requests", "Too many requests; try again later."

    def __init__(self, retry_after_seconds: int, detail: str = ""):
        super().__init__(detail)
        self.headers = {"Retry-After": str(retry_after_seconds)}


class Overloaded(Problem):
    status, code, title = 503, "overloaded", "The server has more to do than it can; try again shortly."

    def __init__(self, retry_after_seconds: int = 1, detail: str = ""):
        super().__init__(detail)
        self.headers = {"Retry-After": str(retry_after_seconds)}


class NotInstalled(Problem):
    status, code, title = 503, "not_installed", "This installation lacks a part that the request needs."

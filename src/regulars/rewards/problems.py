"""Why a reward or an entitlement cannot be had: of the tree in `errors` what their flows alone raise."""

from __future__ import annotations

from regulars.errors import Conflict


class OutOfStock(Conflict):
    code, title = "out_of_stock", "There are not that many left of this reward; nothing was written."


class LimitReached(Conflict):
    code, title = (
        "limit_reached",
        "More of this reward than may be claimed in this time; nothing was written.",
    )


class RewardEnded(Conflict):
    code, title = "reward_ended", "This reward cannot be claimed now."


class QuotaUsedUp(Conflict):
    """Its extra says `left` and `next_free_at`."""

    code, title = "quota_used_up", "There are not that many uses left; nothing was written."


class NotEntitled(Conflict):
    code, title = "not_entitled", "This member does not have this entitlement."


class NotUsableHere(Conflict):
    code, title = "not_usable_here", "This entitlement cannot be used at this place."


class SlotFull(Conflict):
    code, title = "slot_full", "There is no room at that time any more; nothing was written."


class TooManyGuests(Conflict):
    code, title = "too_many_guests", "More guests than she may bring."


class TooLateToCancel(Conflict):
    code, title = "too_late_to_cancel", "It is too late to cancel this booking."

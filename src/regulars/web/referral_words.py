"""Says what a referral program gives and what became of a referral, in a language."""

from __future__ import annotations

from regulars.flows.quest_acts import prize_words
from regulars.flows.read_referrals import State
from regulars.i18n import N_, ProgramWords
from regulars.members.referrals import Reason, ReferralDocument, Withheld
from regulars.prizes import Prize

STATES: dict[State, str] = {
    "waiting": N_("has joined"),
    "rewarded": N_("rewarded"),
    "capped": N_("rewarded in part"),
    "taken_back": N_("taken back"),
    "refused": N_("refused"),
    "ended": N_("did not buy in time"),
}
REASONS: dict[Reason, str] = {
    "self": N_("her own code"),
    "same_contact": N_("the same phone or email"),
    "same_device": N_("the same device"),
    "same_account": N_("one household or company"),
    "same_instrument": N_("the same payment card"),
    "member_before": N_("was a member before"),
    "circle": N_("has brought the other herself"),
}
WITHHELD: dict[Withheld, str] = {
    "cap": N_("the referrer has had as much as she may"),
    "budget": N_("the budget is used up"),
    "gone": N_("the referrer has left"),
    "same_account": N_("they share an account"),
    "same_instrument": N_("the same payment card"),
}


def prize(words: ProgramWords, given: Prize) -> str:
    """A prize in a few words."""
    if given.points is not None:
        return words.points(given.points.amount, given.points.currency)
    return prize_words(words, given)


def for_friend(words: ProgramWords, document: ReferralDocument) -> str:
    """What a friend gets for her first purchases, joined; empty: nothing."""
    return words.spoken.joined(
        [said for step in document.steps if step.friend and (said := prize(words, step.friend))]
    )


def for_referrer(words: ProgramWords, document: ReferralDocument) -> str:
    """What a referrer gets for each friend, joined; empty: nothing."""
    return words.spoken.joined(
        [said for step in document.steps if step.referrer and (said := prize(words, step.referrer))]
    )

"""Says in a language what kind of reward it is, what became of a claim, how a voucher stands, and why not."""

from __future__ import annotations

from regulars.i18n import N_, Language

KINDS = {
    "good": N_("Goods"),
    "service": N_("Service"),
    "discount": N_("Discount"),
    "voucher": N_("Voucher"),
    "upgrade": N_("Upgrade"),
    "partner_good": N_("Goods of a partner"),
    "charity": N_("Donation"),
}
STATES = {
    "held": N_("reserved"),
    "claimed": N_("claimed"),
    "ready": N_("ready to fetch"),
    "shipped": N_("on its way"),
    "handed_over": N_("handed over to the member"),
    "cancelled": N_("given back"),
    "lapsed": N_("lapsed"),
}
VOUCHERS = {
    "good": N_("good"),
    "used": N_("used"),
    "ended": N_("ended"),
    "not_yet": N_("not good yet"),
    "blocked": N_("blocked"),
    "void": N_("void"),
}
REASONS = {
    "insufficient_points": N_("Not enough points yet"),
    "out_of_stock": N_("None left"),
    "limit_reached": N_("You have had as many as there are for each"),
    "not_yet": N_("Not yet"),
}


def kind(language: Language, code: str) -> str:
    """What kind of reward it is."""
    return language.gettext(KINDS[code])


def state(language: Language, code: str) -> str:
    """What became of a claim."""
    return language.gettext(STATES[code])


def voucher(language: Language, code: str) -> str:
    """How a voucher stands."""
    return language.gettext(VOUCHERS[code])


def reason(language: Language, code: str | None) -> str:
    """Why a reward cannot be claimed; nothing where it can."""
    return language.gettext(REASONS[code]) if code else ""

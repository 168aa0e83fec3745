"""What the pages of promotions call things: states, groups, rules, steps of a review."""

from __future__ import annotations

from regulars.i18n import N_, Language

STATES: dict[str, tuple[str, str]] = {
    "draft": (N_("draft"), ""),
    "in_review": (N_("in review"), "information"),
    "approved": (N_("approved"), "information"),
    "returned": (N_("sent back"), "warning"),
    "live": (N_("running"), "good"),
    "planned": (N_("planned"), "information"),
    "ended": (N_("ended"), ""),
    "stopped": (N_("stopped"), "bad"),
}
"""State → its word and tone."""

GROUPS = {
    "items": N_("Discounts on goods"),
    "basket": N_("Discounts on the basket"),
    "points": N_("Points"),
}
"""The groups that a program begins with."""

RULES = {
    "all": N_("All of them apply, one after the other."),
    "first": N_("The first that fits applies, and no other."),
    "best": N_("For each purchase the one that is best for the customer applies."),
    "worst": N_("For each purchase the one that costs least applies."),
}
"""What a group does with several promotions that fit."""

SAID = {
    "asked": N_("asked for a review"),
    "approved": N_("approved it"),
    "returned": N_("sent it back"),
    "withdrawn": N_("took the review back"),
}
"""Steps of a review."""

SEVERITIES = {
    "error": (N_("Must be changed"), "bad"),
    "warning": (N_("Look at this"), "warning"),
    "note": (N_("Good to know"), "information"),
}
"""How serious what the linter says is → its word and tone."""

HAPPENED = {
    "published": N_("published revision %(revision)s"),
    "stopped": N_("stopped it"),
    "resumed": N_("let it run again"),
    **SAID,
}
"""What happens to a promotion."""

MEASURES = {
    "amount": N_("Money off, %(whom)s"),
    "points": N_("Points, %(whom)s"),
    "uses": N_("Times, %(whom)s"),
}
"""What a limit counts."""

WHOM = {
    "total": N_("all together"),
    "member": N_("by member"),
    "household": N_("by household"),
    "card": N_("by card"),
    "store": N_("by store"),
    "partner": N_("by partner"),
}
"""For whom a limit counts."""

DONE = {
    "ask": N_("Somebody else is asked to look at it."),
    "approve": N_("You have approved it; it can be published."),
    "return": N_("It went back with your word."),
    "withdraw": N_("The review is taken back."),
}
"""What is said after a step of a review."""


def who(by: str, language: Language) -> str:
    """An author: the name of a colleague; of others what they are."""
    if by.startswith("key_"):
        return language.gettext("A program with a key")
    return language.gettext("A former colleague") if by.startswith("stf_") else by

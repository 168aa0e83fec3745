"""Words for clubs and for events with seats, as the back office says them."""

from __future__ import annotations

from regulars.i18n import N_, Language
from regulars.members.club_rules import ClubDocument
from regulars.programs.model import Program

ENTRIES: dict[str, str] = {
    "open": N_("anybody joins"),
    "invitation": N_("by invitation"),
    "rule": N_("by a rule, measured every night"),
}
WAYS: dict[str, str] = {
    "open": N_("joined"),
    "invitation": N_("was invited"),
    "link": N_("by a code"),
    "rule": N_("by the rule"),
    "by_hand": N_("put in by hand"),
}
STATES: dict[str, str] = {
    "waiting": N_("waits"),
    "offered": N_("asked to say yes"),
    "booked": N_("has a seat"),
    "attended": N_("came"),
    "cancelled": N_("given back"),
    "lapsed": N_("did not say yes"),
}
TONES: dict[str, str] = {
    "waiting": "information",
    "offered": "warning",
    "booked": "good",
    "attended": "good",
    "cancelled": "",
    "lapsed": "",
}
LATE: dict[str, str] = {
    "refused": N_("it cannot be given back"),
    "kept": N_("it can, without the points"),
    "refunded": N_("it can, with the points"),
}


def rule_lines(language: Language, program: Program, document: ClubDocument) -> list[str]:
    """What a club's rule asks for, a sentence for each part."""
    rule, found = document.rule, list[str]()
    if rule is None:
        return found
    if rule.tier is not None:
        found.append(language.gettext("has the tier {tier} or a higher one").format(tier=rule.tier))
    if rule.turnover_at_least is not None and rule.turnover_days is not None:
        said = language.ngettext(
            "bought for {money} in the last {n} day",
            "bought for {money} in the last {n} days",
            rule.turnover_days,
        )
        money = language.money(rule.turnover_at_least, program.base_currency)
        found.append(said.format(money=money, n=language.number(rule.turnover_days)))
    if rule.age_from is not None:
        found.append(language.gettext("is {n} years old or older").format(n=rule.age_from))
    if rule.age_to is not None:
        found.append(language.gettext("is {n} years old or younger").format(n=rule.age_to))
    if rule.attribute is not None:
        said = language.gettext("answered {question} with {answer}")
        found.append(said.format(question=rule.attribute, answer=rule.value))
    if rule.audience is not None:
        found.append(language.gettext("is in the audience {audience}").format(audience=rule.audience))
    return found

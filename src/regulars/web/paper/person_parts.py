"""Lays out what a person has with a program besides buying: the rows of each part of her data, to be read on paper."""

from __future__ import annotations

from regulars.flows.activity_views import ActivityRecord
from regulars.flows.export_games import ExportedAnswers
from regulars.flows.exported_person import Everything
from regulars.flows.quest_acts import amounts, prize_words
from regulars.i18n import N_
from regulars.ledger.model import PostingKind
from regulars.ledger.passing import Kind, PassedBy
from regulars.members.referral_book import Told
from regulars.purchases.activity import Value
from regulars.web import entitlement_words, prepaid_words, seat_words
from regulars.web.movements import kind_words
from regulars.web.paper.person_profile import Rows
from regulars.web.paper.person_words import Paper
from regulars.web.referral_words import REASONS as REFERRAL_REASONS
from regulars.web.tier_words import REASONS as TIER_REASONS

BROUGHT = {
    "code": N_("Your code"),
    "was_brought": N_("Brought by a friend"),
    "brought": N_("Brought a friend"),
}
POSTINGS: dict[Kind, PostingKind] = {
    "transfer": "transfer_out",
    "donation": "donation",
    "exchange": "exchange_out",
    "sharing": "transfer_out",
}
CAUSES = {
    "challenge": N_("Challenge"),
    "game": N_("Game"),
    "survey": N_("Survey"),
    "draw": N_("Draw"),
    "referral": N_("Bringing friends"),
}
"""What a prize came of."""


def tiers(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.moment(one.at),
            paper.named("tier", f"{one.ladder}/{one.tier}") if one.tier is not None else "–",
            paper.last_day(one.until),
            paper.say(TIER_REASONS[one.reason]) if one.reason in TIER_REASONS else one.reason,
        ]
        for one in everything.tier_changes
    ]


def gift_cards(everything: Everything, paper: Paper) -> Rows:
    return [[one.shown, paper.state(one.status), paper.money(one.available)] for one in everything.gift_cards]


def apps(everything: Everything, paper: Paper) -> Rows:
    return [
        [one.aggregator, paper.moment(one.granted_at), paper.moment(one.revoked_at)]
        for one in everything.grants
    ]


def invitations(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.named("club", one.club),
            paper.moment(one.invited_at),
            paper.state(one.answer or "waiting"),
            paper.moment(one.answered_at),
        ]
        for one in everything.clubs.invitations
    ]


def events(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            one.name,
            paper.moment(one.starts_at),
            paper.say(seat_words.STATES[one.state]),
            paper.number(one.seats),
            paper.points(-one.points, one.currency, signed=True) if one.points and one.currency else "",
        ]
        for one in everything.clubs.bookings
    ]


def entitlements(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.named("entitlement", one.entitlement),
            paper.day(one.since),
            paper.last_day(one.until),
            paper.number(one.uses),
        ]
        for one in everything.entitlements.given
    ]


def visits(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            one.name,
            paper.moment(one.at),
            paper.of_program.store(one.store),
            entitlement_words.state(paper.words, one.state),
            paper.number(one.guests),
        ]
        for one in everything.entitlements.visits
    ]


def memberships(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.moment(step.at),
            paper.named("plan", step.plan),
            paper.say(prepaid_words.ACTS[step.act]) if step.act in prepaid_words.ACTS else step.act,
            f"{paper.day(step.from_day)} – {paper.last_day(step.until_day)}",
            paper.money(step.amount) if step.amount else "",
        ]
        for one in everything.paid_ahead.memberships
        for step in one.steps
    ]


def packs(everything: Everything, paper: Paper) -> Rows:
    say = paper.say
    return [
        [
            paper.named("pack", one.code),
            paper.moment(one.sold_at),
            say("{reached} of {need}").format(reached=paper.number(one.left), need=paper.number(one.visits)),
            paper.money(one.price),
            f"{say('paid back')} {paper.money(one.refunded)}" if one.refunded is not None else "",
        ]
        for one in everything.paid_ahead.packs
    ]


def absences(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.day(one.since),
            paper.day(one.overdue_on),
            paper.moment(one.noticed_at),
            paper.channel(one.channel),
        ]
        for one in everything.paid_ahead.absences
    ]


def friends(everything: Everything, paper: Paper) -> Rows:
    return [
        [paper.moment(one.at), paper.say(BROUGHT[one.kind]), one.code, _why_not(one, paper)]
        for one in everything.brought_and_passed_on.referrals
    ]


def _why_not(one: Told, paper: Paper) -> str:
    said = {str(reason): text for reason, text in REFERRAL_REASONS.items()}.get(one.refused or "")
    return paper.say(said) if said is not None else one.refused or ""


def passed_on(everything: Everything, paper: Paper) -> Rows:
    return [_passed(one, paper) for one in everything.brought_and_passed_on.passed_on]


def _passed(one: PassedBy, paper: Paper) -> list[str]:
    what = [kind_words(paper.words, POSTINGS[one.kind])]
    if one.charity:
        what.append(paper.named("partner", one.charity))
    if one.target is not None and one.received is not None:
        what.append(paper.points(one.received, one.target, signed=True))
    back = paper.say("taken back") if one.taken_back_at is not None else ""
    taken = paper.points(-one.amount - one.fee, one.currency, signed=True)
    return [paper.moment(one.passed_at), ": ".join(what), back, taken]


def plays(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.moment(one.played_at),
            paper.named("game", one.game),
            paper.named("play", f"{one.game}/{one.given}"),
            paper.number(-one.points) if one.points else "",
        ]
        for one in everything.games.plays
    ]


def tickets(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.moment(one.given_at),
            paper.named("draw", one.draw),
            str(one.number),
            paper.points(-one.points, one.currency, signed=True) if one.points and one.currency else "",
            paper.say("void") if one.void else "",
        ]
        for one in everything.games.tickets
    ]


def surveys(everything: Everything, paper: Paper) -> Rows:
    return [
        [paper.moment(one.at), paper.named("survey", one.survey), paper.number(one.score)]
        for one in everything.games.surveys
    ]


def answers(everything: Everything, paper: Paper) -> Rows:
    return [row for one in everything.games.answers for row in _answered(one, paper)]


def _answered(one: ExportedAnswers, paper: Paper) -> Rows:
    given = {
        question: paper.words.joined(
            [paper.named("option", f"{one.survey}/{question}/{option}") for option in chosen]
        )
        for question, chosen in one.choices.items()
    } | one.texts
    head = [paper.day(one.day), paper.named("survey", one.survey)]
    return [
        [*head, paper.named("question", f"{one.survey}/{question}"), answer]
        for question, answer in given.items()
    ]


def joined(everything: Everything, paper: Paper) -> Rows:
    return [
        [paper.named("challenge", code), paper.moment(at)]
        for code, at in sorted(everything.challenges.joined.items(), key=lambda one: one[1], reverse=True)
    ]


def progress(everything: Everything, paper: Paper) -> Rows:
    found = list[list[str]]()
    for one in everything.challenges.progress:
        quest = paper.known.quests.get(one.challenge)
        here = paper.number(one.reached)
        if quest is not None:
            reached, need = amounts(paper.of_program, paper.known.program, quest, one.reached)
            here = paper.say("{reached} of {need}").format(reached=reached, need=need)
        name = paper.named("challenge", one.challenge)
        found.append([name, paper.day(one.since), paper.last_day(one.until), here])
    return found


def badges(everything: Everything, paper: Paper) -> Rows:
    return [
        [paper.named("badge", one.badge), paper.moment(one.given_at)] for one in everything.challenges.badges
    ]


def prizes(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.moment(one.given_at),
            prize_words(paper.of_program, one.prize),
            paper.say(CAUSES[one.cause]) if one.cause in CAUSES else one.cause,
            paper.say("taken back") if one.taken_at is not None else "",
        ]
        for one in everything.challenges.prizes
    ]


def activity(one: ActivityRecord, paper: Paper) -> list[str]:
    """A row of what she did besides buying."""
    told = [
        f"{paper.named('field', f'{one.kind}/{name}')}: {_value(value, paper)}"
        for name, value in one.data.items()
    ]
    earned = [paper.points(part.amount, part.currency, signed=True) for part in one.earned if part.amount]
    return [
        paper.moment(one.happened_at),
        paper.named("activity", one.kind),
        "; ".join(told),
        paper.of_program.number(one.quantity),
        paper.words.joined(earned) if earned else paper.state(one.status),
    ]


def _value(value: Value, paper: Paper) -> str:
    if isinstance(value, bool):
        return paper.say("yes") if value else paper.say("no")
    return paper.number(value) if isinstance(value, int) else value

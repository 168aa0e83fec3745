"""Lays out who a person is to a program: her cards, balance, consents and log-ins, the rows of her data on paper."""

from __future__ import annotations

from regulars.flows.exported_person import Everything
from regulars.i18n import language
from regulars.programs.branding import grouped
from regulars.web import reward_words
from regulars.web.paper.person_words import Paper

Rows = list[list[str]]


def rewards(everything: Everything, paper: Paper) -> Rows:
    return [
        [
            paper.moment(one.redeemed_at),
            one.name,
            paper.points(one.points, one.currency),
            reward_words.state(paper.words, one.state),
        ]
        for one in everything.redemptions
    ]


def who(everything: Everything, paper: Paper) -> Rows:
    profile, _ = everything.profile, paper.say
    rows = [
        [_("Name"), profile.name],
        [_("Phone"), profile.phone or ""],
        [_("Email"), profile.email or ""],
        [_("Birthday"), paper.words.date(profile.birthday) if profile.birthday else ""],
        [_("Number in other systems"), profile.external_id or ""],
        [_("Language"), language(profile.language).locale.get_display_name(paper.words.locale) or ""],
        [_("Member since"), paper.moment(profile.enrolled_at)],
        [_("Joined at"), paper.of_program.store(profile.store) if profile.store else ""],
        [_("What brought you"), everything.tag],
        [_("Enrolled by"), paper.named("partner", profile.partner) if profile.partner else ""],
        [_("Member number"), profile.id],
        [_("Merged with"), ", ".join(everything.merged)],
        [_("Name on the leaderboard"), everything.challenges.nickname or ""],
        *[[name, str(value)] for name, value in sorted(profile.attributes.items())],
    ]
    if everything.account is not None:
        account = everything.account
        roles = {"owner": _("Owner"), "spender": _("Earns and spends"), "earner": _("Earns only")}
        rows.append([_("Shared account"), f"{account.name} · {roles.get(account.role, account.role)}"])
        rows.append([_("To spend a day at most"), paper.money(account.daily_limit)])
    return [row for row in rows if row[1]]


def cards(everything: Everything, paper: Paper) -> Rows:
    return [
        [grouped(card.number), paper.state(card.status), paper.day(card.issued_at)]
        for card in everything.profile.cards
    ]


def balance(everything: Everything, paper: Paper) -> Rows:
    _, rows = paper.say, []
    for one in everything.balance.currencies:
        rows.append([_("Available"), paper.points(one.available, one.currency)])
        for name, amount in (
            (_("Pending"), one.pending),
            (_("Reserved"), one.held),
            (_("Owed"), one.debt),
        ):
            if amount:
                rows.append([name, paper.points(amount, one.currency)])
        rows += [
            [_("Expires on {day}").format(day=paper.day(part.at)), paper.points(part.amount, one.currency)]
            for part in one.expiring
        ]
    return rows


def consents(everything: Everything, paper: Paper) -> Rows:
    rows = []
    for one in everything.consents:
        channel = paper.channel(one.channel)
        wording = f"{one.wording} {one.wording_version}" if one.wording else ""
        rows.append(
            [
                f"{channel}: {one.purpose}",
                paper.state(one.state),
                wording,
                one.source,
                paper.moment(one.recorded_at),
            ]
        )
    return rows


def groups(everything: Everything, paper: Paper) -> Rows:
    marks = [[paper.named(one.kind, one.code), paper.moment(one.since)] for one in everything.marks]
    return marks + [[one.name or one.promotion, paper.moment(one.activated_at)] for one in everything.offers]


def log_ins(everything: Everything, paper: Paper) -> Rows:
    _ = paper.say
    kinds = {"session": _("Logged in"), "passkey": _("Passkey"), "device": _("Phone")}
    return [
        [
            " · ".join(part for part in (kinds[one.kind], one.label) if part),
            paper.moment(one.since),
            paper.moment(one.last_used_at),
            paper.day(one.until),
        ]
        for one in everything.log_ins
    ]


def notes(everything: Everything, paper: Paper) -> Rows:
    return [[paper.moment(one.written_at), one.text] for one in everything.notes]


def foreign(everything: Everything, paper: Paper) -> Rows:
    return [[one.name, one.text, paper.moment(one.added_at)] for one in everything.foreign_cards]

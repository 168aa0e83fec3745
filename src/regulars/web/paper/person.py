"""Lays out all that a program holds of a person, to be read on paper: in her language, the latest of a long history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

from regulars import clock
from regulars.flows.export_person import Export
from regulars.flows.exported_person import Everything, ExportedMovement
from regulars.flows.show_purchase import PurchaseShown
from regulars.i18n import N_, Language, language
from regulars.programs.branding import grouped
from regulars.programs.model import Program
from regulars.web import reward_words
from regulars.web.movements import kind_words

TEMPLATE = "person"
PURCHASES_MAX = 300
MOVEMENTS_MAX = 500
Item = TypeVar("Item")
Rows = list[list[str]]

STATES = {
    "issued": N_("not in use yet"),
    "active": N_("in use"),
    "blocked": N_("blocked"),
    "replaced": N_("replaced"),
    "closed": N_("closed"),
    "granted": N_("agreed"),
    "pending": N_("not confirmed yet"),
    "withdrawn": N_("withdrawn"),
    "held": N_("not confirmed yet"),
    "recorded": N_("bought"),
    "voided": N_("cancelled"),
    "partly_returned": N_("partly returned"),
    "returned": N_("returned"),
}
CHANNELS = {
    "email": N_("Email"),
    "sms": N_("SMS"),
    "phone": N_("Phone call"),
    "post": N_("Post"),
    "push": N_("Notification"),
}


class _Paper:
    """How values are written in one language and time zone."""

    def __init__(self, words: Language, program: Program, zone: tzinfo):
        self.words = words
        self.say = words.gettext
        self._program = program
        self._zone = zone

    def moment(self, at: datetime | None) -> str:
        return self.words.moment(at, self._zone) if at is not None else ""

    def day(self, at: datetime) -> str:
        return self.words.short_date(at, self._zone)

    def points(self, amount: int, code: str, *, signed: bool = False) -> str:
        found = self._program.currencies.get(code)
        if found is None:
            return self.words.number(amount, signed=signed)
        return self.words.points(amount, found.names, scale=found.scale, signed=signed)

    def state(self, name: str) -> str:
        return self.say(STATES[name]) if name in STATES else name


async def sheet(export: Export, program: Program, asked: str | None) -> dict[str, Any]:
    """What the template sets; `asked`: the language, else the member's own."""
    everything = export.everything
    words = language(asked or everything.profile.language)
    paper = _Paper(words, program, clock.zone(program.time_zone))
    movements, more_movements = await _first(export.movements(), MOVEMENTS_MAX)
    purchases, more_purchases = await _first(export.purchases(), PURCHASES_MAX)
    say = words.gettext
    sections = [
        _section(say("Who you are"), [], _who(everything, paper)),
        _section(say("Cards"), [], _cards(everything, paper)),
        _section(say("Balance"), [], _balance(everything, paper)),
        _section(say("What you agreed to"), [], _consents(everything, paper)),
        _section(say("Groups and offers"), [], _groups(everything, paper)),
        _section(say("Where you are logged in"), [], _log_ins(everything, paper)),
        _section(say("Cards of others"), [], _foreign(everything, paper)),
        _section(
            say("What staff noted"),
            [],
            [[paper.moment(one.written_at), one.text] for one in everything.notes],
        ),
        _section(say("Rewards"), [], _rewards(everything, paper)),
        _section(
            say("Movements"),
            [say("Date"), say("What"), say("Plus or minus"), say("Balance")],
            [_movement(one, paper) for one in movements],
            say("Earlier ones are in the file with all data.") if more_movements else "",
        ),
    ]
    return {
        "created_at": everything.created_at.isoformat(),
        "author": program.name,
        "title": say("Your data at {program}").format(program=program.name),
        "language": words.code,
        "made": say("All that the program held of you at {moment}.").format(
            moment=paper.moment(everything.created_at)
        ),
        "sections": [section for section in sections if section["rows"]],
        "purchases_title": say("Purchases"),
        "purchases": [_purchase(one, paper) for one in purchases],
        "more": say("Earlier ones are in the file with all data.") if more_purchases else "",
    }


async def _first(items: AsyncIterator[Item], most: int) -> tuple[list[Item], bool]:
    """The first items, and whether there are more."""
    found: list[Item] = []
    async for item in items:
        if len(found) == most:
            return found, True
        found.append(item)
    return found, False


def _section(title: str, head: list[str], rows: Rows, note: str = "") -> dict[str, Any]:
    return {"title": title, "head": head, "rows": rows, "note": note}


def _rewards(everything: Everything, paper: _Paper) -> Rows:
    return [
        [
            paper.moment(one.redeemed_at),
            one.name,
            paper.points(one.points, one.currency),
            reward_words.state(paper.words, one.state),
        ]
        for one in everything.redemptions
    ]


def _who(everything: Everything, paper: _Paper) -> Rows:
    profile, say = everything.profile, paper.say
    rows = [
        [say("Name"), profile.name],
        [say("Phone"), profile.phone or ""],
        [say("Email"), profile.email or ""],
        [say("Birthday"), paper.words.date(profile.birthday) if profile.birthday else ""],
        [say("Number in other systems"), profile.external_id or ""],
        [say("Language"), language(profile.language).locale.get_display_name(paper.words.locale) or ""],
        [say("Member since"), paper.moment(profile.enrolled_at)],
        [say("Joined at"), profile.store or ""],
        [say("Member number"), profile.id],
        *[[name, str(value)] for name, value in sorted(profile.attributes.items())],
    ]
    if everything.account is not None:
        rows.append([say("Shared account"), everything.account.name])
    return [row for row in rows if row[1]]


def _cards(everything: Everything, paper: _Paper) -> Rows:
    return [
        [grouped(card.number), paper.state(card.status), paper.day(card.issued_at)]
        for card in everything.profile.cards
    ]


def _balance(everything: Everything, paper: _Paper) -> Rows:
    say, rows = paper.say, []
    for one in everything.balance.currencies:
        rows.append([say("Available"), paper.points(one.available, one.currency)])
        for name, amount in (
            (say("Pending"), one.pending),
            (say("Reserved"), one.held),
            (say("Owed"), one.debt),
        ):
            if amount:
                rows.append([name, paper.points(amount, one.currency)])
        rows += [
            [say("Expires on {day}").format(day=paper.day(part.at)), paper.points(part.amount, one.currency)]
            for part in one.expiring
        ]
    return rows


def _consents(everything: Everything, paper: _Paper) -> Rows:
    rows = []
    for one in everything.consents:
        channel = paper.say(CHANNELS[one.channel]) if one.channel in CHANNELS else one.channel
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


def _groups(everything: Everything, paper: _Paper) -> Rows:
    marks = [[one.code, paper.moment(one.since)] for one in everything.marks]
    return marks + [[one.name or one.promotion, paper.moment(one.activated_at)] for one in everything.offers]


def _log_ins(everything: Everything, paper: _Paper) -> Rows:
    return [[one.label or one.kind, paper.moment(one.since)] for one in everything.log_ins]


def _foreign(everything: Everything, paper: _Paper) -> Rows:
    return [[one.name, one.text, paper.moment(one.added_at)] for one in everything.foreign_cards]


def _movement(one: ExportedMovement, paper: _Paper) -> list[str]:
    change = paper.points(one.change, one.currency, signed=True)
    what = kind_words(paper.words, one.kind) + (f" ({one.reason})" if one.reason else "")
    return [paper.moment(one.effective_at), what, change, paper.points(one.balance, one.currency)]


def _purchase(one: PurchaseShown, paper: _Paper) -> dict[str, Any]:
    money, answer = paper.words.money, one.answer
    points = [paper.points(sum(e.amount for e in answer.earned if e.currency == code), code, signed=True)
              for code in sorted({e.currency for e in answer.earned})]  # fmt: skip
    points += [paper.points(-part.amount, part.currency, signed=True) for part in answer.by_points]
    return {
        "title": f"{paper.moment(one.purchased_at)} · {one.store}",
        "state": "" if one.status == "recorded" else paper.state(one.status),
        "receipt": one.receipt_number,
        "payable": money(answer.payable, answer.currency),
        "points": paper.words.joined(points) if points else "",
        "lines": [
            [
                line.name or line.sku,
                paper.words.quantity(int(Decimal(line.quantity) * 1000)),
                money(line.gross, answer.currency),
                money(-line.discount, answer.currency) if line.discount else "",
                money(line.net, answer.currency),
            ]
            for line in one.lines
        ],
    }

"""Lays out all that a program holds of a person, to be read on paper: in her language, the latest of a long history."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from regulars.flows.export_person import Export
from regulars.flows.exported_person import Everything, ExportedMovement
from regulars.flows.show_purchase import PurchaseShown
from regulars.i18n import N_, language
from regulars.web.movements import kind_words
from regulars.web.paper import person_parts as parts
from regulars.web.paper import person_profile as profile
from regulars.web.paper.person_profile import Rows
from regulars.web.paper.person_words import Paper

TEMPLATE = "person"
PURCHASES_MAX = 300
MOVEMENTS_MAX = 500
ROWS_MAX = 300
"""Of what else she did; any other part has as many rows as there may be movements."""
EARLIER = N_("Earlier ones are in the file with all data.")
Item = TypeVar("Item")


class Part(NamedTuple):
    """A section of the paper: a table."""

    holds: tuple[str, ...]
    """Which parts of the file with all data it shows, by their names there."""
    title: str
    head: tuple[str, ...]
    """What stands above the columns; none: the rows say it themselves."""
    rows: Callable[[Everything, Paper], Rows]
    numbers: int = 0
    """So many of the last columns are amounts."""


def _sections() -> tuple[Part, ...]:
    """Every section of rows, as they follow one another; movements, activity and purchases come after them."""
    date, what, state, points = N_("Date"), N_("What"), N_("State"), N_("Points")
    since, until, number, store = N_("Since"), N_("Until"), N_("Number"), N_("Store")
    survey, challenge, answer = N_("Survey"), N_("Challenge"), N_("Answer")
    return (
        Part(("profile", "tag", "merged", "account", "challenges.nickname"), N_("Who you are"), (), profile.who),
        Part(("profile",), N_("Cards"), (), profile.cards),
        Part(("balance",), N_("Balance"), (), profile.balance),
        Part(("consents",), N_("What you agreed to"), (), profile.consents),
        Part(("marks", "offers"), N_("Groups and offers"), (), profile.groups),
        Part(("tier_changes",), N_("Tiers"), (date, N_("Tier"), until, N_("Why")), parts.tiers),
        Part(("log_ins",), N_("Where you are logged in"), (what, since, N_("Last used"), until), profile.log_ins),
        Part(("foreign_cards",), N_("Cards of others"), (), profile.foreign),
        Part(("gift_cards",), N_("Gift cards"), (number, state, N_("Left")), parts.gift_cards, 1),
        Part(("grants",), N_("Wallet apps"), (what, since, N_("Taken back")), parts.apps),
        Part(("notes",), N_("What staff noted"), (), profile.notes),
        Part(("redemptions",), N_("Rewards"), (), profile.rewards),
        Part(("clubs.invitations",), N_("Clubs"), (N_("Club"), date, state, N_("Answered")), parts.invitations),
        Part(
            ("clubs.bookings",), N_("Events"), (N_("Event"), N_("When"), state, N_("Seats"), points), parts.events, 2
        ),
        Part(("entitlements.given",), N_("Entitlements"), (what, since, until, number), parts.entitlements, 1),
        Part(
            ("entitlements.visits",), N_("Visits"), (what, N_("When"), store, state, N_("Guests")), parts.visits, 1
        ),
        Part(
            ("paid_ahead.memberships",), N_("Memberships"), (date, N_("Membership"), what, N_("Period"), N_("Amount")),
            parts.memberships, 1,
        ),
        Part(("paid_ahead.packs",), N_("Packs"), (what, date, N_("Left"), N_("Paid"), ""), parts.packs, 2),
        Part(
            ("paid_ahead.absences",), N_("When you were missed"),
            (N_("Last visit"), N_("Expected by"), N_("Noticed"), N_("Written to you by")), parts.absences,
        ),
        Part(
            ("brought_and_passed_on.referrals",), N_("Bringing friends"), (date, what, N_("Code"), N_("Why not")),
            parts.friends,
        ),
        Part(
            ("brought_and_passed_on.passed_on",), N_("What you passed on"), (date, what, "", points), parts.passed_on, 1
        ),
        Part(("games.plays",), N_("Games"), (date, N_("Game"), N_("Prize"), points), parts.plays, 1),
        Part(("games.tickets",), N_("Tickets"), (date, N_("Draw"), number, points, ""), parts.tickets, 2),
        Part(("games.surveys",), N_("Surveys"), (date, survey, N_("Right answers")), parts.surveys, 1),
        Part(("games.answers",), N_("What you answered"), (date, survey, N_("Question"), answer), parts.answers),
        Part(("challenges.joined",), N_("Challenges that you joined"), (challenge, since), parts.joined),
        Part(
            ("challenges.progress",), N_("Challenges"), (challenge, since, until, N_("How far")), parts.progress, 1
        ),
        Part(("challenges.badges",), N_("Badges"), (N_("Badge"), since), parts.badges),
        Part(("challenges.prizes",), N_("Prizes"), (date, N_("Prize"), N_("From"), ""), parts.prizes),
    )  # fmt: skip


SECTIONS = _sections()
HISTORY = ("statement", "activity", "purchases")
"""What is read piece by piece, and stands at the end."""
HEADING = ("created_at", "program_name")
"""What the head of the paper says."""


async def sheet(export: Export, asked: str | None) -> dict[str, Any]:
    """What the template sets; `asked`: the language, else the member's own."""
    everything = export.everything
    words = language(asked or everything.profile.language)
    paper = Paper(await export.words(words.code), export.known)
    movements, more_movements = await _first(export.movements(), MOVEMENTS_MAX)
    purchases, more_purchases = await _first(export.purchases(), PURCHASES_MAX)
    done, more_done = await _first(export.activity(), ROWS_MAX)
    say, program = words.gettext, everything.program_name
    laid_out = [
        *[_section(part, part.rows(everything, paper), paper) for part in SECTIONS],
        _section(
            Part(
                ("activity",), N_("What else you did"), (N_("Date"), N_("What"), "", N_("Quantity"), N_("Points")),
                lambda *_: [], 2,
            ),
            [parts.activity(one, paper) for one in done],
            paper,
            more=more_done,
        ),
        _section(
            Part(
                ("statement",), N_("Movements"), (N_("Date"), N_("What"), N_("Plus or minus"), N_("Balance")),
                lambda *_: [], 2,
            ),
            [_movement(one, paper) for one in movements],
            paper,
            more=more_movements,
        ),
    ]  # fmt: skip
    made = say(N_("All that the program held of you at {moment}."))
    return {
        "created_at": everything.created_at.isoformat(),
        "author": program,
        "title": say(N_("Your data at {program}")).format(program=program),
        "language": words.code,
        "made": made.format(moment=paper.moment(everything.created_at)),
        "sections": [section for section in laid_out if section["rows"]],
        "purchases_title": say(N_("Purchases")),
        "purchases": [_purchase(one, paper) for one in purchases],
        "more": say(EARLIER) if more_purchases else "",
    }


async def _first(items: AsyncIterator[Item], most: int) -> tuple[list[Item], bool]:
    """The first items, and whether there are more."""
    found: list[Item] = []
    async for item in items:
        if len(found) == most:
            return found, True
        found.append(item)
    return found, False


def _section(part: Part, rows: Rows, paper: Paper, *, more: bool = False) -> dict[str, Any]:
    return {
        "title": paper.say(part.title),
        "head": [paper.say(name) if name else "" for name in part.head],
        "rows": rows[:MOVEMENTS_MAX],
        "numbers": part.numbers,
        "note": paper.say(EARLIER) if more or len(rows) > MOVEMENTS_MAX else "",
    }


def _movement(one: ExportedMovement, paper: Paper) -> list[str]:
    change = paper.points(one.change, one.currency, signed=True)
    what = kind_words(paper.words, one.kind) + (f" ({one.reason})" if one.reason else "")
    return [paper.moment(one.effective_at), what, change, paper.points(one.balance, one.currency)]


def _purchase(one: PurchaseShown, paper: Paper) -> dict[str, Any]:
    money, answer = paper.words.money, one.answer
    points = [paper.points(sum(e.amount for e in answer.earned if e.currency == code), code, signed=True)
              for code in sorted({e.currency for e in answer.earned})]  # fmt: skip
    points += [paper.points(-part.amount, part.currency, signed=True) for part in answer.by_points]
    return {
        "title": f"{paper.moment(one.purchased_at)} · {paper.of_program.store(one.store)}",
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

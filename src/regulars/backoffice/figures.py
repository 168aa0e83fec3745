"""Says the figures of Home: each with its name, what it means in a sentence, how it changed, and where its rows are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from regulars.analytics.days import Figures
from regulars.analytics.home import EXPIRING_DAYS, Home, worth
from regulars.i18n import Language
from regulars.programs.model import Program


class Figure(Struct, frozen=True):
    """One figure as the page shows it."""

    code: str
    """Its name in the file."""
    name: str
    value: str
    why: str
    change: str | None = None
    """Against the period before, with its sign; None: there is nothing to compare with."""
    href: str | None = None
    plain: float | int | None = None
    """As the file has it; None: there is none."""
    plain_before: float | int | None = None


class Bucket(Struct, frozen=True):
    """A day of the charts, or a week where the days would be too many."""

    first: date
    last: date
    figures: Figures
    active: int
    joined: int


MEMBERS = "/members/list"
"""The page of the members behind a figure."""
MOVEMENTS = "/points/movements"
"""The page of what moved points, and of what will expire."""
THE_BEGINNING = date(1970, 1, 1)
DAYS_SHOWN_MAX = 100
"""A longer period is drawn by weeks."""


@dataclass(frozen=True)
class Words:
    """How this program's amounts are said in one language."""

    program: Program
    language: Language

    def money(self, amount: int) -> str:
        """Minor units of the base money."""
        return self.language.money(amount, self.program.base_currency)

    def points(self, amount: int) -> str:
        """Of the first points currency."""
        points = self.program.points
        if points is None:
            return self.language.number(amount)
        text = self.language.points(amount, points.names, scale=points.scale)
        return text.replace("\u00a0", " ")  # large amounts may take two lines

    def share(self, share: float | None) -> str:
        """A part of a whole; a dash where there is none."""
        return "–" if share is None else self.language.percent(share, decimals=1)

    def change(self, now: float | int | None, before: float | int | None) -> str | None:
        """By how many per cent; None: from nothing."""
        if not before or now is None:
            return None
        return self._signed((now - before) / abs(before))

    def change_of_share(self, now: float | None, before: float | None) -> str | None:
        """By how many percentage points."""
        if now is None or before is None:
            return None
        number = self.language.number(_decimal((now - before) * 100), decimals=1, signed=True)
        return self.language.gettext("%(number)s pp") % {"number": number}

    def _signed(self, share: float) -> str:
        text = self.language.percent(round(share, 3), decimals=1)
        return f"+{text}" if round(share, 3) > 0 else text


def cost(program: Program, figures: Figures) -> int:
    """What the program cost: discounts and points at their worth, less what returns took back; minor units."""
    points = program.points
    given = worth(program, {points.code: figures.earned - figures.points_taken}) if points else 0
    return figures.discount - figures.discount_back + given


def cost_share(program: Program, figures: Figures) -> float | None:
    """The cost as a part of the sales; None where there were none."""
    return cost(program, figures) / figures.kept if figures.kept > 0 else None


def of_sales(home: Home, words: Words, link: Callable[..., str | None]) -> list[Figure]:
    """Sales, purchases, the part with a card, returns."""
    now, before, _ = home.total, home.total_before, words.language.gettext
    money, number = words.money, words.language.number
    return [
        _amount("sales", _("Sales"), now.net, before.net, money, words,
                _("What the goods came to after discounts, with tax: paid in money and with points."), link("/day")),
        _amount("purchases", _("Purchases"), now.purchases, before.purchases, number, words,
                _("Receipts that were recorded and not undone; held ones count once they are confirmed."),
                link("/purchases", state="recorded")),
        _share("card_share", _("Sales with a card"), now.card_share, before.card_share, words,
               _("The part of the sales in which a member or a card was recognised."), link("/day")),
        _amount("returns", _("Returns"), now.money_back, before.money_back, money, words,
                _("Money paid back on goods that came back in this period, whenever they were bought."),
                link("/day")),
    ]  # fmt: skip


def of_members(home: Home, words: Words, link: Callable[..., str | None]) -> list[Figure]:
    """Who there is, who joined, who is active, who comes again."""
    asked, _, number = home.asked, words.language.gettext, words.language.number
    now, before = home.reach, home.reach_before
    where = "" if asked.stores is None else " " + _("Counted is who joined in these stores.")
    return [
        _amount("members", _("Members"), home.members_at(asked.last), home.members_at(asked.before[1]), number, words,
                _("Who had joined by the end of the period and was neither erased nor merged into another.") + where,
                link(MEMBERS, present_on=asked.last.isoformat())),
        _amount("joined", _("Joined"), home.joined(asked.first, asked.last), home.joined(*asked.before), number, words,
                _("Who joined in this period, at a till, on the web, or by an import.") + where,
                link(MEMBERS, joined_from=asked.first.isoformat(), joined_to=asked.last.isoformat())),
        _amount("active_30", _("Active, 30 days"), now.active_30, before.active_30, number, words,
                _("Members who bought something in the 30 days up to the end of the period."),
                active_link(link, asked.last, 30)),
        _amount("active_90", _("Active, 90 days"), now.active_90, before.active_90, number, words,
                _("Members who bought something in the 90 days up to the end of the period."),
                active_link(link, asked.last, 90)),
        _share("again_share", _("Came again"), now.again_share, before.again_share, words,
               _("Of the members whose 90 days since their first purchase ended in this period: the part that "
                   "bought again, on another day, within these 90 days."), link(MEMBERS, bought="again"),
               of=(now.again, now.cohort)),
        _share("known_share", _("Knew us before"), now.known_share, before.known_share, words,
               _("Of the members who bought in this period: the part that had bought before it."),
               link(MEMBERS, bought="known"), of=(now.buyers - now.new, now.buyers)),
    ]  # fmt: skip


def of_points(home: Home, words: Words, link: Callable[..., str | None]) -> list[Figure]:
    """What the program gives, what it owes, and what that costs."""
    now, before, _ = home.total, home.total_before, words.language.gettext
    program = words.program
    costs, costs_before = cost(program, now), cost(program, before)
    found = [
        _amount("discounts", _("Discounts"), now.discount, before.discount, words.money, words,
                _("What promotions took off the goods, before any came back."), link("/day")),
        _amount("points_given", _("Points given"), now.earned, before.earned, words.points, words,
                _("Points that purchases earned, before any were taken back by returns."),
                link("/purchases", state="recorded")),
        _amount("points_spent", _("Points spent"), now.spent, before.spent, words.points, words,
                _("Points that were paid with in purchases; what rewards took stands on the page of points."),
                link("/purchases", state="recorded")),
        _amount("cost", _("Costs"), costs, costs_before, words.money, words,
                _("Discounts, and points given at what they are worth when they pay, less what returns took back."),
                link("/figures/promotions.csv")),
        _share("cost_share", _("Cost of sales"), cost_share(program, now), cost_share(program, before), words,
               _("The cost as a part of the sales that were not returned."), link("/figures/promotions.csv")),
    ]  # fmt: skip
    if home.asked.whole and home.books:
        found += _owed(home, words, link)
    return found


def _owed(home: Home, words: Words, link: Callable[..., str | None]) -> list[Figure]:
    """Of the whole program's books, whichever stores are looked at."""
    _, asked, program = words.language.gettext, home.asked, words.program
    ends = (asked.last, asked.before[1])
    now, before = [
        worth(program, {code: one.at_end_of(day) for code, one in home.books.items()}) for day in ends
    ]
    main = program.points
    found = [
        _amount("liability", _("Points outstanding"), now, before, words.money, words,
                _("What all members' points were worth at the end of the period, by the books of the whole program: "
                    "what it owes."), link(MOVEMENTS, store="", first=THE_BEGINNING)),
    ]  # fmt: skip
    if main is not None:
        expiring = sum(home.books[main.code].expiring.values())
        found.append(Figure(
            "expiring_30", _("Expiring soon"), words.points(expiring),
            _("Points of the whole program that expire in the 30 days from today, if nobody spends them."),
            None, link(MOVEMENTS, store="", first=asked.today, last=asked.today + timedelta(days=EXPIRING_DAYS - 1),
                       kind="expiring", currency=main.code),
            expiring,
        ))  # fmt: skip
    return found


def active_link(link: Callable[..., str | None], last: date, days: int) -> str | None:
    """Who bought in so many days up to `last`."""
    return link(MEMBERS, first=last - timedelta(days=days - 1), last=last, bought="any")


def buckets(home: Home) -> list[Bucket]:
    """The period by days, or by weeks that begin on Monday where it is long."""
    asked = home.asked
    figures = {row.day: row.figures for row in home.daily.rows}
    by_week = len(home.active) > DAYS_SHOWN_MAX
    found: list[Bucket] = []
    for day, active in home.active:
        one = Bucket(day, day, figures.get(day, Figures()), active, home.joined(day, day))
        if by_week and found and day.isoweekday() != 1:
            before = found.pop()
            one = Bucket(before.first, day, before.figures + one.figures, active, before.joined + one.joined)
        found.append(one)
    assert not found or found[-1].last == asked.last
    return found


def greatest(values: Sequence[int]) -> int:
    """The greatest, or 1: what bars are drawn against."""
    return max([1, *values])


def _amount(
    code: str,
    name: str,
    now: int,
    before: int,
    say: Callable[[int], str],
    words: Words,
    why: str,
    href: str | None = None,
) -> Figure:
    told = words.language.gettext("In the period before: %(value)s.") % {"value": say(before)}
    return Figure(code, name, say(now), f"{why} {told}", words.change(now, before), href, now, before)


def _share(
    code: str,
    name: str,
    now: float | None,
    before: float | None,
    words: Words,
    why: str,
    href: str | None = None,
    of: tuple[int, int] | None = None,
) -> Figure:
    """`of`: how many of how many it is."""
    _, number = words.language.gettext, words.language.number
    told = _("In the period before: %(value)s.") % {"value": words.share(before)}
    if of is not None and of[1]:
        told = (
            _("Here: %(part)s of %(whole)s.") % {"part": number(of[0]), "whole": number(of[1])} + " " + told
        )
    change = words.change_of_share(now, before)
    return Figure(code, name, words.share(now), f"{why} {told}", change, href, now, before)


def _decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 1) + 0.0))  # no minus zero

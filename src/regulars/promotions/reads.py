"""What conditions and benefits must know of a customer: declared by them, so that a flow reads exactly that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct

from regulars.promotions.words import N_

DAYS_MAX = 3660
Period = Literal["lifetime", "calendar_year", "calendar_month", "days"]


class Window(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """A span of a customer's past that ends with the purchase; its days are days of the program's time zone."""

    period: Period = "lifetime"
    days: Annotated[int, Meta(ge=0, le=DAYS_MAX)] = 0
    """Of a rolling window (`days`): so many days, the day of the purchase being the last of them."""

    labels: ClassVar[dict[str, str]] = {"period": N_("Which time"), "days": N_("Days")}
    choices: ClassVar[dict[str, dict[Any, str]]] = {
        "period": {
            "lifetime": N_("Since joining"), "calendar_year": N_("This year"), "calendar_month": N_("This month"),
            "days": N_("The last days"),
        }
    }  # fmt: skip

    def __post_init__(self) -> None:
        if (self.period == "days") != (self.days > 0):
            raise ValueError("`days` goes with the period `days`")

    @cached_property
    def key(self) -> str:
        """How a standing names it: lifetime, calendar_year, calendar_month, days_365."""
        return f"days_{self.days}" if self.period == "days" else self.period

    def first_day(self, day: date) -> date | None:
        """Its first day for a purchase of that day; None: it has no beginning."""
        if self.period == "days":
            reach = min(self.days - 1, day.toordinal() - 1)
            return day - timedelta(days=reach)
        if self.period == "calendar_year":
            return day.replace(month=1, day=1)
        if self.period == "calendar_month":
            return day.replace(day=1)
        return None


class Read(Struct, frozen=True):
    """One thing that must be known before a purchase is decided."""


class PurchaseCount(Read, frozen=True):
    """How many purchases were recorded before this one, counted up to `limit`."""

    limit: int


class Turnover(Read, frozen=True):
    """What the customer spent in a window before this purchase, in minor units of base money."""

    window: Window


class Visits(Read, frozen=True):
    """Purchases, and days with a purchase, in the last `days` days before this purchase."""

    days: int


class Streak(Read, frozen=True):
    """How many visits in a row there were before, each at most `within_days` days after the one before."""

    visits: int
    """Of which the next one begins a new row."""
    within_days: int
    freezes: int
    """Missed periods that do not end a row."""

    @property
    def key(self) -> str:
        """How a standing names it, among its visits: streak_4_30_0."""
        return f"streak_{self.visits}_{self.within_days}_{self.freezes}"


class LastPurchase(Read, frozen=True):
    """How many days ago the purchase before this one was made."""


class Birthday(Read, frozen=True):
    """Whether the day lies from `before` days before the customer's birthday until `after` days after it."""

    before: int
    after: int


class Age(Read, frozen=True):
    """Whether the customer has completed so many years."""

    years: int


class Profile(Read, frozen=True):
    """One of the few things about a customer that are not personal data."""

    field: Literal["language", "enrolled", "account"]


class Consents(Read, frozen=True):
    """What the customer agrees to."""


class Marks(Read, frozen=True):
    """Audiences, clubs and tiers of the customer."""


class Activations(Read, frozen=True):
    """Offers that the customer activated."""


class CodeBatches(Read, frozen=True):
    """To which batches the unique codes belong that were presented, where they are free."""


class Needs(Struct, frozen=True):
    """All that the live promotions of a program must know, each thing once."""

    purchases: int = 0
    """Count them up to this number."""
    turnover: tuple[Window, ...] = ()
    visits: tuple[int, ...] = ()
    """Windows of so many days."""
    streaks: tuple[Streak, ...] = ()
    last_purchase: bool = False
    birthdays: tuple[Birthday, ...] = ()
    ages: tuple[int, ...] = ()
    profile: frozenset[str] = frozenset()
    consents: bool = False
    marks: bool = False
    activations: bool = False
    code_batches: bool = False

    @property
    def visit_windows(self) -> tuple[int, ...]:
        """The windows, in days, of which the days with a purchase must be known; a row may be of any length."""
        return tuple(dict.fromkeys((*self.visits, DAYS_MAX))) if self.streaks else self.visits

    @property
    def more(self) -> bool:
        """Whether anything is needed beyond the count of purchases and the codes."""
        return bool(
            self.turnover or self.visits or self.streaks or self.last_purchase or self.birthdays or self.ages
            or self.profile or self.consents or self.marks or self.activations
        )  # fmt: skip


NOTHING = Needs()


def needs_of(reads: Iterable[Read]) -> Needs:
    """The declarations of many conditions and benefits as one."""
    found = dict.fromkeys(reads)
    return Needs(
        purchases=max([read.limit for read in found if isinstance(read, PurchaseCount)], default=0),
        turnover=tuple(read.window for read in found if isinstance(read, Turnover)),
        visits=tuple(read.days for read in found if isinstance(read, Visits)),
        streaks=tuple(read for read in found if isinstance(read, Streak)),
        last_purchase=LastPurchase() in found,
        birthdays=tuple(read for read in found if isinstance(read, Birthday)),
        ages=tuple(read.years for read in found if isinstance(read, Age)),
        profile=frozenset(read.field for read in found if isinstance(read, Profile)),
        consents=Consents() in found,
        marks=Marks() in found,
        activations=Activations() in found,
        code_batches=CodeBatches() in found,
    )

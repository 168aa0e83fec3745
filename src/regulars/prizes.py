"""Decides what a prize may be: what challenges, games of chance, surveys, referrals and draws give. Pure.

A prize is one thing: points, a voucher, a badge, an entitlement, tickets of a lottery, or nothing at all (the blank
of a wheel).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.contradictions import Contradicting
from regulars.i18n import N_
from regulars.units import AMOUNT_MAX

PrizeKind = Literal["points", "voucher", "badge", "entitlement", "tickets", "nothing"]
GameCode = Annotated[str, Meta(min_length=1, max_length=63, pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$(?!\n)")]
"""How a challenge, a badge, a game or an entitlement is named by whoever sets it up."""
Days = Annotated[int, Meta(ge=1, le=3660)]


class PointsPrize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Points, to be used at once."""

    currency: Annotated[str, Meta(min_length=1, max_length=16)]
    amount: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    expires_after_days: Days | None = None
    """To the end of so many days; left out: as the currency says."""


class VoucherPrize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A code of a voucher batch, made for her."""

    batch: Annotated[str, Meta(min_length=1, max_length=64)]
    valid_days: Days | None = None
    """To the end of so many days; left out: as the batch's definition says."""


class EntitlementPrize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Uses of an entitlement."""

    code: GameCode
    uses: Annotated[int, Meta(ge=1, le=1000)] = 1
    days: Days | None = None
    """Within so many days; left out: without an end."""


class TicketsPrize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Tickets of a lottery, while it has tickets and as far as she may have more."""

    draw: GameCode
    count: Annotated[int, Meta(ge=1, le=100)] = 1


class Prize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that is given: exactly one of the fields, `cost` aside."""

    points: PointsPrize | None = None
    voucher: VoucherPrize | None = None
    badge: GameCode | None = None
    entitlement: EntitlementPrize | None = None
    tickets: TicketsPrize | None = None
    nothing: bool = False
    cost: Annotated[int, Meta(ge=0, le=AMOUNT_MAX)] | None = None
    """What it costs whoever pays for it, minor units of base money; left out: of points their worth, else nothing."""

    @property
    def kinds(self) -> tuple[PrizeKind, ...]:
        """Which of them it says: one, where it makes sense."""
        said: dict[PrizeKind, bool] = {
            "points": self.points is not None,
            "voucher": self.voucher is not None,
            "badge": self.badge is not None,
            "entitlement": self.entitlement is not None,
            "tickets": self.tickets is not None,
            "nothing": self.nothing,
        }
        return tuple(kind for kind, there in said.items() if there)

    @property
    def kind(self) -> PrizeKind:
        """What it is."""
        return self.kinds[0]


class PrizeSurroundings(Struct, frozen=True):
    """What a prize meets in its program."""

    currencies: Mapping[str, str]
    """Code → kind."""
    batches: frozenset[str] = frozenset()
    """Names of voucher batches that are not stopped."""
    badges: frozenset[str] = frozenset()
    entitlements: frozenset[str] = frozenset()
    draws: frozenset[str] = frozenset()
    """Codes of lotteries that were neither drawn nor called off."""


def contradictions(prize: Prize, around: PrizeSurroundings, pointer: str = "") -> Iterator[Contradicting]:
    """What contradicts itself, or names what there is not; `pointer`: where the prize stands in its document."""
    if len(prize.kinds) != 1:
        text = N_("A prize is exactly one of points, voucher, badge, entitlement, tickets and nothing.")
        yield Contradicting(pointer, text)
        return
    if prize.points is not None and prize.points.currency not in around.currencies:
        text = N_("The program has no currency {currency}.")
        yield Contradicting(f"{pointer}/points/currency", text, {"currency": prize.points.currency})
    if prize.voucher is not None and prize.voucher.batch not in around.batches:
        text = N_("There is no voucher batch {batch}, or it was stopped.")
        yield Contradicting(f"{pointer}/voucher/batch", text, {"batch": prize.voucher.batch})
    if prize.badge is not None and prize.badge not in around.badges:
        yield Contradicting(f"{pointer}/badge", N_("There is no badge {badge}."), {"badge": prize.badge})
    if prize.entitlement is not None and prize.entitlement.code not in around.entitlements:
        text = N_("There is no entitlement {entitlement}.")
        yield Contradicting(f"{pointer}/entitlement/code", text, {"entitlement": prize.entitlement.code})
    if prize.tickets is not None and prize.tickets.draw not in around.draws:
        text = N_("There is no draw {draw}, or it is over.")
        yield Contradicting(f"{pointer}/tickets/draw", text, {"draw": prize.tickets.draw})
    if prize.nothing and prize.cost:
        yield Contradicting(f"{pointer}/cost", N_("Nothing costs nothing."))

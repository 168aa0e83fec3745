"""Says in a language what a card in a wallet shows: the balance and its day, the number, what the card is for."""

from __future__ import annotations

from msgspec import Struct

from regulars import clock
from regulars.flows.read_wallet_card import WalletCard
from regulars.i18n import Language
from regulars.programs.model import Program


class Words(Struct, frozen=True):
    """The texts of one card in one language."""

    description: str
    balance_label: str
    balance: str
    """With the points' name; empty for a program without points."""
    number_label: str
    number: str
    about: str
    show: str
    more: str


def words_of(program: Program, card: WalletCard, spoken: Language) -> Words:
    """The texts of a card. The balance is that of its day: a pass in a wallet does not follow it."""
    _ = spoken.gettext
    points = program.points
    balance = ""
    if points is not None:
        available = next(c.available for c in card.balance.currencies if c.currency == points.code)
        balance = spoken.points(available, points.names, scale=points.scale)
    day = spoken.short_date(card.at, clock.zone(program.time_zone))
    return Words(
        description=_("Customer card of {program}").format(program=program.name),
        balance_label=_("Balance on {day}").format(day=day),
        balance=balance,
        number_label=_("Card number"),
        number=program.settings.branding.printed(card.card.number),
        about=program.name,
        show=_("Show this card at the till, and every purchase counts."),
        more=_("Balance and offers"),
    )

"""The corners of the portal beside card, receipts and wallet: one list, which the page of offers ends with."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

from regulars.i18n import N_, Language


class Corner(Struct, frozen=True):
    """Where it leads, the picture beside it, what it is called and what is there."""

    name: str
    """As `flows/corners.sql` knows it."""
    path: str
    """Below the program's pages."""
    icon: str
    title: str
    about: str


CORNERS: tuple[Corner, ...] = (
    Corner("rewards", "/rewards", "gift", N_("Rewards"), N_("What your points buy")),
    Corner("challenges", "/challenges", "flag", N_("Challenges"), N_("What to do, and what it brings")),
    Corner("clubs", "/clubs", "people", N_("Clubs and events"), N_("Join in, and book a seat")),
    Corner("games", "/games", "dice", N_("Games"), N_("Wheels, draws and questions")),
    Corner("referrals", "/invite", "people", N_("Invite friends"), N_("A gift for both of you")),
    Corner("passing", "/pass-on", "out", N_("Give and exchange points"), N_("To a friend or a good cause")),
    Corner("memberships", "/memberships", "seal", N_("Memberships and packs"), N_("Stamps and paid visits")),
    Corner(
        "entitlements", "/privileges", "key", N_("Your privileges"), N_("What you may use, and how often")
    ),
)


def shown(opened: Set[str], language: Language) -> list[Corner]:
    """Those that are open, in their order and in words."""
    return [
        Corner(one.name, one.path, one.icon, language.gettext(one.title), language.gettext(one.about))
        for one in CORNERS
        if one.name in opened
    ]

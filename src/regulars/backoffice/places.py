"""The places of the back office: the navigation on the left, and what the command palette offers."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

from regulars.backoffice.words_of_setup import HEADINGS
from regulars.i18n import N_, Language
from regulars.programs.roles import Permission

ROOT = "/backoffice"


class Below(Struct, frozen=True):
    """A page that belongs to an entry."""

    path: str
    name: str
    needs: Permission
    keys: str = ""
    """What leads there besides; empty for most."""
    also: tuple[Permission, ...] = ()
    """Any of these shows it too."""
    listed: bool = True
    """In the navigation; what is not is found by the palette alone."""


class Place(Struct, frozen=True):
    """An entry: where it leads, what it is called, the picture beside it, and the keys that lead there."""

    path: str
    name: str
    icon: str
    keys: str
    needs: tuple[Permission, ...]
    """Any of these shows it."""
    below: tuple[Below, ...] = ()


class Line(Struct, frozen=True):
    """A page below an entry as somebody sees it."""

    address: str
    name: str
    keys: str
    open: bool
    listed: bool


class Shown(Struct, frozen=True):
    """An entry as somebody sees it."""

    address: str
    name: str
    icon: str
    keys: str
    here: bool
    below: tuple[Line, ...]


ASKING: tuple[Permission, ...] = ("members.adjust", "members.erase", "promotions.publish", "keys.write")
"""What may have to wait for a second person."""

PLACES: tuple[Place, ...] = (
    Place("", N_("Home"), "home", "g h", ("home.read",), (
        Below("", N_("Figures"), "home.read"),
        Below("/day", N_("Day view"), "home.read"),
        Below("/points", N_("Points"), "books.read"),
        Below("/prepaid", N_("Owed in advance"), "books.read"),
    )),
    Place("/members", N_("Members"), "members", "g m", ("members.read",), (
        Below("/members", N_("Find a member"), "members.read"),
        Below("/accounts", N_("Companies and households"), "members.read"),
        Below("/members/marks", N_("Mark many members"), "members.change", listed=False),
    )),
    Place("/purchases", N_("Purchases"), "purchases", "g p", ("purchases.read",)),
    Place("/promotions", N_("Promotions"), "promotions", "g r", ("promotions.read", "codes.read"), (
        Below("/promotions", N_("All promotions"), "promotions.read"),
        Below("/promotions/calendar", N_("Calendar"), "promotions.read"),
        Below("/codes", N_("Unique codes"), "codes.read", "g c"),
    )),
    Place("/rewards", N_("Rewards"), "rewards", "g w", ("rewards.read", "codes.read"), (
        Below("/rewards", N_("Catalogue"), "rewards.read"),
        Below("/redemptions", N_("Claimed rewards"), "rewards.read"),
        Below("/vouchers", N_("Vouchers"), "codes.read"),
        Below("/gift-cards", N_("Gift cards"), "codes.read"),
    )),
    Place("/engagement", N_("Engagement"), "engagement", "g e", ("engagement.read",), (
        Below("/engagement/challenges", N_("Challenges"), "engagement.read"),
        Below("/engagement/games", N_("Games"), "engagement.read"),
        Below("/engagement/surveys", N_("Surveys"), "engagement.read"),
        Below("/engagement/clubs", N_("Clubs"), "engagement.read"),
        Below("/engagement/events", N_("Events with seats"), "engagement.read"),
        Below("/engagement/referrals", N_("Referrals"), "engagement.read"),
        Below("/engagement/entitlements", N_("Entitlements"), "engagement.read"),
        Below("/engagement/memberships", N_("Memberships and packs"), "engagement.read"),
        Below("/engagement/activity", N_("Activity"), "engagement.read"),
    )),
    Place("/review", N_("Review"), "review", "g v", ("review.read", "approvals.decide", "audit.read", *ASKING), (
        Below("/review", N_("Approvals"), "approvals.decide"),
        Below("/review/asked", N_("What you asked for"), ASKING[0], also=ASKING[1:]),
        Below("/review/watch", N_("Unusual at tills"), "review.read"),
        Below("/review/offline", N_("Tills offline"), "review.read"),
        Below("/review/erasures", N_("Proposed erasures"), "members.erase"),
        Below("/review/certificates", N_("Certificates of erasures"), "members.read"),
        Below("/review/audit", N_("Audit trail"), "audit.read", "g a"),
    )),
    Place("/data", N_("Data"), "data", "g d", ("data.import", "data.export", "webhooks.write"), (
        Below("/data/imports", N_("Imports"), "data.import"),
        Below("/data/exports", N_("Exports"), "data.export"),
        Below("/data/webhooks", N_("Webhooks"), "webhooks.write"),
    )),
    Place("/setup", N_("Set-up"), "setup", "g s", ("setup.read", "staff.read"), (
        Below("/setup", N_("Program"), "setup.read"),
        Below("/setup/currencies", N_("Points and money"), "setup.read"),
        Below("/setup/stores", N_("Stores and tills"), "setup.read"),
        Below("/setup/printers", N_("Receipt printers"), "setup.read"),
        Below("/setup/keys", N_("Keys"), "keys.write"),
        Below("/setup/wallets", N_("Wallet apps"), "keys.write"),
        Below("/setup/tiers", N_("Tiers"), "setup.read"),
        Below("/setup/texts", N_("Texts"), "setup.read"),
        Below("/setup/branding", N_("Branding"), "setup.read"),
        Below("/setup/exclusions", N_("Exclusions"), "setup.read"),
        Below("/team", N_("Team"), "staff.read", "g t"),
        *(Below(f"/setup/rules/{one.code}", one.name, "setup.read", listed=False) for one in HEADINGS),
        Below("/setup/order", N_("Order of calculation"), "setup.read", listed=False),
        Below("/setup/sandbox", N_("Sandbox"), "keys.write", listed=False),
    )),
)  # fmt: skip
"""At most nine: what somebody looks for is found by looking once."""


def places(permissions: Set[Permission], path: str, language: Language) -> list[Shown]:
    """The entries that somebody with these permissions sees on the page at `path`."""
    return [_shown(place, permissions, path, language) for place in PLACES if permissions & set(place.needs)]


def _shown(place: Place, permissions: Set[Permission], path: str, language: Language) -> Shown:
    below = [(ROOT + one.path, one) for one in place.below if permissions & {one.needs, *one.also}]
    address = below[0][0] if below else ROOT + place.path
    inside = [ROOT + place.path, *(there for there, _ in below)]
    here = any(_is_below(path, there) for there in inside)
    open_one = max(
        (there for there, one in below if one.listed and _is_below(path, there)), key=len, default=""
    )
    lines = tuple(
        Line(there, language.gettext(one.name), one.keys, there == open_one, one.listed)
        for there, one in below
    )
    return Shown(address, language.gettext(place.name), place.icon, place.keys, here, lines)


def _is_below(path: str, address: str) -> bool:
    return path == address or (address != ROOT and path.startswith(address + "/"))

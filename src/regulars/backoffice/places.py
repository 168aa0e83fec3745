"""The places of the back office: the navigation on the left, and what the command palette offers."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

from regulars.i18n import N_, Language
from regulars.programs.roles import Permission

ROOT = "/backoffice"


class Place(Struct, frozen=True):
    """An entry: where it leads, what it is called, the picture beside it, and the keys that lead there."""

    path: str
    name: str
    icon: str
    keys: str
    needs: tuple[Permission, ...]
    """Any of these shows it."""
    below: tuple[tuple[str, str, Permission], ...] = ()
    """The pages that belong to it: address, name, what each needs."""


class Shown(Struct, frozen=True):
    """An entry as somebody sees it."""

    address: str
    name: str
    icon: str
    keys: str
    here: bool
    below: tuple[tuple[str, str, bool], ...]
    """Address, name, and whether it is the open one."""


PLACES: tuple[Place, ...] = (
    Place("", N_("Home"), "home", "g h", ("home.read",), (
        ("", N_("Figures"), "home.read"),
        ("/day", N_("Day view"), "home.read"),
        ("/points", N_("Points"), "books.read"),
    )),
    Place("/members", N_("Members"), "members", "g m", ("members.read",)),
    Place("/purchases", N_("Purchases"), "purchases", "g p", ("purchases.read",)),
    Place("/promotions", N_("Promotions"), "promotions", "g r", ("promotions.read",), (
        ("/promotions", N_("All promotions"), "promotions.read"),
        ("/promotions/calendar", N_("Calendar"), "promotions.read"),
    )),
    Place("/codes", N_("Codes"), "codes", "g c", ("codes.read",), (
        ("/codes", N_("Unique codes"), "codes.read"),
        ("/vouchers", N_("Vouchers"), "codes.read"),
        ("/gift-cards", N_("Gift cards"), "codes.read"),
    )),
    Place("/rewards", N_("Rewards"), "rewards", "g w", ("rewards.read",), (
        ("/rewards", N_("Catalogue"), "rewards.read"),
        ("/redemptions", N_("Claimed rewards"), "rewards.read"),
    )),
    Place("/engagement", N_("Engagement"), "engagement", "g e", ("engagement.read",), (
        ("/engagement/challenges", N_("Challenges"), "engagement.read"),
        ("/engagement/games", N_("Games"), "engagement.read"),
        ("/engagement/surveys", N_("Surveys"), "engagement.read"),
        ("/engagement/clubs", N_("Clubs"), "engagement.read"),
        ("/engagement/events", N_("Events with seats"), "engagement.read"),
        ("/engagement/referrals", N_("Referrals"), "engagement.read"),
        ("/engagement/entitlements", N_("Entitlements"), "engagement.read"),
        ("/engagement/memberships", N_("Memberships and packs"), "engagement.read"),
        ("/engagement/activity", N_("Activity"), "engagement.read"),
    )),
    Place("/review", N_("Review"), "review", "g v", ("review.read", "approvals.decide", "audit.read"), (
        ("/review", N_("Approvals"), "approvals.decide"),
        ("/review/watch", N_("Unusual at tills"), "review.read"),
        ("/review/offline", N_("Tills offline"), "review.read"),
        ("/review/audit", N_("Audit trail"), "audit.read"),
    )),
    Place("/data", N_("Data"), "data", "g d", ("data.import", "data.export", "webhooks.write"), (
        ("/data/imports", N_("Imports"), "data.import"),
        ("/data/exports", N_("Exports"), "data.export"),
        ("/data/webhooks", N_("Webhooks"), "webhooks.write"),
    )),
    Place("/setup", N_("Set-up"), "setup", "g s", ("setup.read",), (
        ("/setup", N_("Program"), "setup.read"),
        ("/setup/currencies", N_("Points and money"), "setup.read"),
        ("/setup/stores", N_("Stores and tills"), "setup.read"),
        ("/setup/printers", N_("Receipt printers"), "setup.read"),
        ("/setup/keys", N_("Keys"), "keys.write"),
        ("/setup/tiers", N_("Tiers"), "setup.read"),
        ("/setup/texts", N_("Texts"), "setup.read"),
        ("/setup/branding", N_("Branding"), "setup.read"),
        ("/setup/exclusions", N_("Exclusions"), "setup.read"),
    )),
    Place("/team", N_("Team"), "team", "g t", ("staff.read",)),
)  # fmt: skip


def places(permissions: Set[Permission], path: str, language: Language) -> list[Shown]:
    """The entries that somebody with these permissions sees on the page at `path`."""
    return [_shown(place, permissions, path, language) for place in PLACES if permissions & set(place.needs)]


def _shown(place: Place, permissions: Set[Permission], path: str, language: Language) -> Shown:
    below = [(ROOT + address, name) for address, name, needs in place.below if needs in permissions]
    address = below[0][0] if below else ROOT + place.path
    inside = [ROOT + place.path, *(one for one, _ in below)]
    here = any(_is_below(path, one) for one in inside)
    open_one = max((one for one, _ in below if _is_below(path, one)), key=len, default="")
    texts = tuple((one, language.gettext(name), one == open_one) for one, name in below)
    return Shown(address, language.gettext(place.name), place.icon, place.keys, here, texts)


def _is_below(path: str, address: str) -> bool:
    return path == address or (address != ROOT and path.startswith(address + "/"))

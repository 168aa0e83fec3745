"""Says what each role may do in the back office: one table, which the pages ask and a test reads cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal[
    "owner",
    "marketing",
    "service",
    "finance",
    "shop_manager",
    "partner_user",
    "analyst",
    "auditor",
]
Permission = Literal[
    "home.read",
    "books.read",
    "members.read",
    "members.change",
    "members.adjust",
    "members.merge",
    "members.export",
    "members.erase",
    "purchases.read",
    "purchases.return",
    "promotions.read",
    "promotions.write",
    "promotions.publish",
    "promotions.stop",
    "codes.read",
    "codes.write",
    "rewards.read",
    "rewards.write",
    "rewards.fulfil",
    "engagement.read",
    "engagement.write",
    "engagement.serve",
    "data.import",
    "data.export",
    "webhooks.write",
    "review.read",
    "review.decide",
    "approvals.decide",
    "audit.read",
    "setup.read",
    "setup.write",
    "keys.write",
    "staff.read",
    "staff.write",
]
"""`books.read`: figures that belong to no store. Roles that are limited to stores lack it.

`engagement.…`: challenges, games, clubs, events with seats, referrals, entitlements, memberships; `serve`: what is done
for a member who stands at the desk (check her in, book a seat)."""
ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_MAY: dict[Role, frozenset[Permission]] = {
    "owner": frozenset(PERMISSIONS),
    "marketing": frozenset(
        {
            "home.read", "books.read", "members.read", "purchases.read", "promotions.read", "promotions.write",
            "promotions.publish", "promotions.stop", "codes.read", "codes.write", "setup.read", "rewards.read",
            "rewards.write", "engagement.read", "engagement.write",
        }
    ),
    "service": frozenset(
        {
            "members.read", "members.change", "members.adjust", "members.merge", "members.export", "members.erase",
            "purchases.read", "purchases.return", "promotions.read", "codes.read", "rewards.read", "rewards.fulfil",
            "engagement.read", "engagement.serve",
        }
    ),
    "finance": frozenset(
        {
            "home.read", "books.read", "members.read", "members.adjust", "purchases.read", "promotions.read",
            "promotions.stop", "codes.read", "data.export", "review.read", "approvals.decide", "audit.read",
            "setup.read", "rewards.read", "engagement.read",
        }
    ),
    "shop_manager": frozenset(
        {
            "home.read", "purchases.read", "purchases.return", "promotions.read", "review.read", "review.decide",
            "rewards.read", "rewards.fulfil", "engagement.read", "engagement.serve",
        }
    ),
    "partner_user": frozenset({"home.read", "purchases.read", "promotions.read"}),
    "analyst": frozenset(
        {
            "home.read", "books.read", "purchases.read", "promotions.read", "codes.read", "rewards.read",
            "engagement.read",
        }
    ),
    "auditor": frozenset(
        {
            "home.read", "books.read", "members.read", "purchases.read", "promotions.read", "codes.read", "review.read",
            "audit.read", "setup.read", "staff.read", "data.export", "rewards.read", "engagement.read",
        }
    ),
}  # fmt: skip

LIMITED_TO_STORES: Role = "shop_manager"
LIMITED_TO_A_PARTNER: Role = "partner_user"


def permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    """What somebody with these roles may do: all that any of them may."""
    return frozenset().union(*(_MAY[role] for role in roles))

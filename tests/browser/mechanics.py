"""Everything that makes people come back, in one shop: so that every page of it can be walked over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from regulars import clock
from tests.api.games import DRAW, SURVEY, wheel
from tests.api.quests import TASTE, THREE_VISITS
from tests.api.referring import BOTH
from tests.api.test_memberships import BEANS
from tests.api.test_packs import TEN
from tests.api.tiers import BY_SPENDING
from tests.browser.conftest import Shop
from tests.browser.test_entitlements import LOUNGE
from tests.browser.test_rewards import FIVE, MUG, OFF

PAGES = {
    "portal-tier": "/tier",
    "portal-rewards": "/rewards",
    "portal-challenges": "/challenges",
    "portal-board": "/challenges/visits/board",
    "portal-games": "/games",
    "portal-wheel": "/games/wheel",
    "portal-scratch": "/games/lucky",
    "portal-draw": "/draws/spring",
    "portal-survey": "/surveys/visit",
    "portal-clubs": "/clubs",
    "portal-club": "/clubs/tasters",
    "portal-event": "/events/evening",
    "portal-privileges": "/privileges",
    "portal-privilege": "/privileges/lounge",
    "portal-invite": "/invite",
    "portal-memberships": "/memberships",
    "portal-pass-on": "/pass-on",
}
"""Of the portal, of what `furnish_mechanics` makes."""


def furnish_mechanics(shop: Shop, member: str) -> None:
    """One of everything, once for a module, and where the member stands in it."""
    put = {
        "/v1/ladders/status": BY_SPENDING,
        "/v1/badges/explorer": {"names": {"lv": "Pētnieks", "en": "Explorer"}, "icon": "map"},
        "/v1/challenges/tastes": TASTE,
        "/v1/challenges/visits": {**THREE_VISITS, "leaderboard": True},
        "/v1/entitlements/lounge": LOUNGE,
    }
    for path, document in put.items():
        shop.call("PUT", path, document)
    shop.call("POST", "/v1/voucher-batches", FIVE)
    mug = shop.call("POST", "/v1/rewards", MUG)["id"]
    shop.call("POST", f"/v1/rewards/{mug}/stock", {"add": 50})
    shop.call("POST", "/v1/rewards", OFF)
    shop.call("PATCH", "/v1/program", {"settings": {"passing": {"members": True}}})
    invite_and_play(shop, member)


def invite_and_play(shop: Shop, member: str) -> None:
    """Games, a lottery, a survey, a club, an event, a plan, a pack, friends; and what the member has done with them."""
    now = clock.world()
    put = {
        "/v1/games/wheel": wheel(),
        "/v1/games/lucky": wheel(face="scratch"),
        "/v1/draws/spring": {
            **DRAW,
            "entries_until": (now + timedelta(days=9)).isoformat(),
            "draws_at": (now + timedelta(days=10)).isoformat(),
        },
        "/v1/surveys/visit": SURVEY,
        "/v1/clubs/tasters": {
            "names": {"en": "Tasters", "lv": "Jaunās garšas degustētāji"},
            "texts": {"lv": "Katru mēnesi kaut kas, ko citi vēl nav garšojuši."},
        },
        "/v1/occasions/evening": {
            "names": {"en": "Coffee evening", "lv": "Kafijas vakars ar grauzdētāju no Cēsīm"},
            "place": "Miera iela 3",
            "starts_at": (now + timedelta(days=20)).isoformat(),
            "ends_at": (now + timedelta(days=20, hours=2)).isoformat(),
            "seats": 12,
            "seats_per_booking": 2,
        },
        "/v1/referral-programs/default": BOTH,
        "/v1/membership-plans/beans": BEANS,
    }
    for path, document in put.items():
        shop.call("PUT", path, document)
    shop.call("POST", "/v1/currencies", {"code": "MASSAGE", "kind": "visits", "worth": "0"})
    shop.call("PUT", "/v1/packs/ten", TEN)
    _take_part(shop, member)


MADE = {
    "/engagement/games/{code}": "wheel",
    "/engagement/draws/{code}": "spring",
    "/engagement/surveys/{code}": "visit",
    "/engagement/clubs/{code}": "tasters",
    "/engagement/events/{code}": "evening",
    "/engagement/memberships/plans/{code}": "beans",
    "/engagement/memberships/packs/{code}": "ten",
}
"""What stands for `{…}` in the back office's addresses of these."""


def _take_part(shop: Shop, member: str) -> None:
    """She has joined, booked, played and waits for what comes of it."""
    acts: dict[str, Any] = {
        "clubs/tasters": {},
        "bookings": {"occasion": "evening", "seats": 2},
        "plays": {"game": "wheel"},
    }
    for path, body in acts.items():
        shop.call("POST", f"/v1/members/{member}/{path}", body)

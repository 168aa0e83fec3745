"""The pages of wallets of other makers: let in, used, given another key, ended; alone or by two."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import PASSWORD, Api, Letters
from tests.api.shop import settle
from tests.api.test_aggregators import let_in, registered, seen
from tests.pages.conftest import Visitor

WALLETS = "/backoffice/setup/wallets"
KEYS = "/backoffice/setup/keys"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


@pytest.fixture
async def owner(visitor: Visitor) -> Visitor:
    """An owner of a program where one person may make a key."""
    await settle(visitor.api, four_eyes_keys=False)
    await visitor.as_staff("owner")
    return visitor


def words(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


async def act(visitor: Visitor, path: str = "", **fields: Any) -> httpx.Response:
    return await visitor.act(WALLETS + path, page=WALLETS, **fields)


async def row(visitor: Visitor) -> str:
    """What the first row says of a wallet."""
    page = (await visitor.client.get(WALLETS)).text
    found = re.search(r"<tbody>(.*?)<dialog", page, re.S)
    assert found, page
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found[1]))).strip()


def key_in(answer: httpx.Response) -> str:
    found = re.search(r'value="((?:live|test)_[0-9a-z]{32})"', answer.text)
    assert found, words(answer)
    return found[1]


def with_key(api: Api, key: str) -> Api:
    return replace(api, keys={**api.keys, "aggregator": key})


async def asks(api: Api, key: str) -> int:
    """The status that a call with this key gets: 403 for a token that is none, 401 or 403 for a key that is none."""
    answer = await seen(with_key(api, key), None)
    return answer.status_code


async def test_a_wallet_is_let_in_and_its_key_shown_once(owner: Visitor, letters: Letters) -> None:
    assert "No wallet yet" in words(await owner.client.get(WALLETS))
    made = await act(owner, name="Stocard", calls_a_day="5000")
    key = key_in(made)
    assert made.headers["cache-control"] == "no-store"
    assert key not in (await owner.client.get(WALLETS)).text
    assert await row(owner) == "Stocard 0 0 5 000 Never Change the quota"
    member = await registered(with_key(owner.api, key), letters)
    assert member["new"]
    assert re.match(r"Stocard 1 2 5.000 ", await row(owner)), "one member, two calls"


@pytest.mark.parametrize("fields", [{"name": "", "calls_a_day": "5"}, {"name": "W", "calls_a_day": "0"},
                                    {"name": "W", "calls_a_day": "many"}])  # fmt: skip
async def test_a_wallet_that_cannot_be_is_refused_and_nothing_made(
    owner: Visitor, fields: dict[str, str]
) -> None:
    refused = await act(owner, **fields)
    assert refused.status_code == 422
    assert (await owner.api.get("/v1/aggregators")).json()["items"] == []


async def test_a_quota_is_changed_and_says_when_it_is_used_up(owner: Visitor, letters: Letters) -> None:
    aggregator, wallet = await let_in(owner.api)
    await registered(wallet, letters)
    changed = await act(owner, f"/{aggregator}/quota", calls_a_day="2")
    assert changed.status_code == 303, words(changed)
    assert "used up" in await row(owner)
    assert (await seen(wallet, None)).status_code == 429
    none = await act(owner, f"/{aggregator}/quota", calls_a_day="0")
    assert none.status_code == 422
    assert (await owner.api.get("/v1/aggregators")).json()["items"][0]["calls_a_day"] == 2


async def test_with_a_new_key_it_is_the_same_wallet_and_the_old_key_works_beside_it(
    owner: Visitor, letters: Letters
) -> None:
    aggregator, wallet = await let_in(owner.api)
    member = await registered(wallet, letters)
    first = wallet.keys["aggregator"]
    second = key_in(await act(owner, f"/{aggregator}/rotate", hours="12"))
    assert second != first
    for key in (first, second):
        assert (await seen(with_key(owner.api, key), member["token"])).status_code == 200
    third = key_in(await act(owner, f"/{aggregator}/rotate", hours="12"))
    assert (await seen(with_key(owner.api, third), member["token"])).status_code == 200
    keys = (await owner.api.get("/v1/keys")).json()["items"]
    assert len([one for one in keys if one["scopes"] == ["aggregator"]]) == 2, "never more than two count"


async def test_a_key_that_is_turned_among_the_keys_stays_the_wallet_s(
    owner: Visitor, letters: Letters
) -> None:
    _, wallet = await let_in(owner.api)
    member = await registered(wallet, letters)
    (key,) = [
        one for one in (await owner.api.get("/v1/keys")).json()["items"] if one["scopes"] == ["aggregator"]
    ]
    turned = await owner.api.post(f"/v1/keys/{key['id']}/rotate", {"hours": 1})
    assert turned.status_code == 201, turned.text
    shown = await seen(with_key(owner.api, turned.json()["key"]), member["token"])
    assert shown.status_code == 200, shown.text


@pytest.mark.parametrize("four_eyes", [True, False])
async def test_the_page_of_keys_leads_to_the_wallets_and_makes_no_key_that_is_no_wallet_s(
    visitor: Visitor, four_eyes: bool
) -> None:
    await settle(visitor.api, four_eyes_keys=four_eyes)
    await let_in(visitor.api)
    (key,) = [
        one for one in (await visitor.api.get("/v1/keys")).json()["items"] if one["scopes"] == ["aggregator"]
    ]
    await visitor.as_staff("owner")
    page = (await visitor.client.get(KEYS)).text
    assert (f"{key['id']}/rotate" in page, f'class="button" href="{WALLETS}"' in page) == (False, True)
    refused = await visitor.act(f"{KEYS}/{key['id']}/rotate", page=KEYS, hours="1")
    assert (refused.status_code, "is turned on the page Wallet apps" in words(refused)) == (409, True)
    assert (await visitor.api.get("/v1/approvals")).json()["items"] == []
    assert 'value="aggregator"' not in (await visitor.client.get(f"{KEYS}/new")).text
    keys = (await visitor.api.get("/v1/keys")).json()["items"]
    by_hand = await visitor.act(KEYS, page=f"{KEYS}/new", name="ERP", scopes=["read", "aggregator"])
    said = "A wallet app's key comes with the wallet: let it in, and it gets one."
    assert (by_hand.status_code, said in words(by_hand)) == (422, True)
    assert [one["id"] for one in (await visitor.api.get("/v1/keys")).json()["items"]] == [
        one["id"] for one in keys
    ]
    assert (await visitor.api.get("/v1/approvals")).json()["items"] == []


@pytest.mark.parametrize("path", ["", "/{}/rotate", "/{}/end"])
async def test_who_lets_a_wallet_in_or_ends_it_says_why(owner: Visitor, path: str) -> None:
    aggregator, _ = await let_in(owner.api)
    before = (await owner.api.get("/v1/aggregators")).json()
    fields = {"name": "Stocard", "calls_a_day": "5", "hours": "1"}
    silent = await act(owner, path.format(aggregator), **fields, why=" ")
    assert (silent.status_code, "Say why" in words(silent)) == (422, True)
    assert (await owner.api.get("/v1/aggregators")).json() == before


async def test_a_wallet_whose_key_was_ended_can_be_ended_itself(owner: Visitor, letters: Letters) -> None:
    aggregator, wallet = await let_in(owner.api)
    member = await registered(wallet, letters)
    (key,) = [
        one for one in (await owner.api.get("/v1/keys")).json()["items"] if one["scopes"] == ["aggregator"]
    ]
    assert (await owner.api.delete(f"/v1/keys/{key['id']}")).status_code == 200
    assert "its key was ended" in await row(owner)
    ended = await act(owner, f"/{aggregator}/end")
    assert ended.status_code == 303, words(ended)
    assert "Ended before" in words(await owner.client.get(WALLETS))
    grants = (await owner.api.get(f"/v1/members/{member['member']}/grants")).json()["items"]
    assert [one["revoked_at"] is not None for one in grants] == [True]
    cards = (await owner.api.get(f"/v1/members/{member['member']}")).json()["cards"]
    assert [card["status"] for card in cards] == ["active"]
    again = await act(owner, f"/{aggregator}/end")
    assert again.status_code == 404


async def test_with_four_eyes_a_wallet_comes_in_once_a_colleague_agreed(
    visitor: Visitor, letters: Letters
) -> None:
    await visitor.as_staff("owner", email="vija@wallets.example")
    asked = await act(visitor, name="Stocard", calls_a_day="5000", why="they asked us")
    assert (asked.status_code, asked.headers["location"]) == (303, "/backoffice/review/asked")
    assert (await visitor.api.get("/v1/aggregators")).json()["items"] == []
    await visitor.as_staff("finance")
    told = await waiting(visitor)
    assert re.search("“Stocard” is let in with a key of its own; calls a day, at most: 5.000[.]", told), told
    await agreed(visitor)
    (wallet,) = (await visitor.api.get("/v1/aggregators")).json()["items"]
    assert (wallet["name"], wallet["calls_a_day"]) == ("Stocard", 5000)
    key = await taken(visitor, "vija@wallets.example")
    member = await registered(with_key(visitor.api, key), letters)

    turned = await act(visitor, f"/{wallet['id']}/rotate", hours="3", why="it leaked")
    assert turned.status_code == 303, words(turned)
    await visitor.as_staff("finance")
    assert "“Stocard” gets another key; its old one works 3 h longer." in await waiting(visitor)
    await agreed(visitor)
    other = await taken(visitor, "vija@wallets.example")
    assert other != key
    assert (await seen(with_key(visitor.api, other), member["token"])).status_code == 200


async def waiting(visitor: Visitor) -> str:
    """What the page says to whoever decides."""
    return words(await visitor.client.get("/backoffice/review"))


async def agreed(visitor: Visitor) -> None:
    """A second person agrees to what waits."""
    page = (await visitor.client.get("/backoffice/review")).text
    approval = re.search(r"/review/(apr_\w+)/approve", page)
    assert approval, page
    done = await visitor.act(f"/backoffice/review/{approval[1]}/approve", page="/backoffice/review")
    assert done.status_code == 303, words(done)


async def taken(visitor: Visitor, email: str) -> str:
    """Who asked for a key signs in and takes it."""
    await visitor.client.post("/backoffice/sign-in", data={"email": email, "password": PASSWORD})
    page = (await visitor.client.get("/backoffice/review/asked")).text
    approval = re.search(r"/review/(apr_\w+)/key", page)
    assert approval, page
    shown = await visitor.act(f"/backoffice/review/{approval[1]}/key", page="/backoffice/review/asked")
    found = re.search(r"(?:live|test)_[0-9a-z]{32}", shown.text)
    assert found, words(shown)
    return found[0]

"""The pages of companies and households: found, opened, people in them and their roles, invitations, closed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest

from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.shop import balance, give, member_with_card, settle
from tests.api.test_accounts import account_points, company, put_in
from tests.pages.conftest import Visitor

ACCOUNTS = "/backoffice/accounts"


@pytest.fixture(autouse=True)
def in_english(visitor: Visitor) -> None:
    visitor.client.cookies.set(LANGUAGE_COOKIE, "en")


def words(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


async def page(visitor: Visitor, path: str = "") -> str:
    return words(await visitor.client.get(ACCOUNTS + path))


async def act(visitor: Visitor, path: str, **fields: Any) -> httpx.Response:
    return await visitor.act(ACCOUNTS + path, page=ACCOUNTS, **fields)


async def people(visitor: Visitor, account: str) -> list[tuple[str, str, int | None]]:
    """(name, role, limit) of who is in it."""
    items = (await visitor.api.get(f"/v1/accounts/{account}/members")).json()["items"]
    return sorted((one["name"], one["role"], one["daily_limit"]) for one in items)


async def test_accounts_are_listed_by_kind_and_state(visitor: Visitor) -> None:
    await visitor.as_staff("service")
    assert "Nobody shares an account yet" in await page(visitor)
    await company(visitor.api)
    await visitor.api.post("/v1/accounts", {"kind": "household", "name": "Kalniņi"})
    listed = await page(visitor)
    assert "Bebru koks Company 40003000001 0 open" in listed
    assert "Kalniņi Household – 0 open" in listed
    only = await page(visitor, "?kind=household")
    assert ("Kalniņi" in only, "Bebru koks" in only) == (True, False)
    assert "No account is like this." in await page(visitor, "?state=closed")


async def test_an_account_is_found_by_the_beginning_of_its_name_or_number(visitor: Visitor) -> None:
    account = await company(visitor.api)
    await company(visitor.api, name="Ziedu nams", registration_number="50103000002")
    await visitor.as_staff("service")
    for text in ("bebr", "KOKS beb", "4000 3000"):
        found = await act(visitor, "/find", text=text)
        assert re.findall(rf'href="{ACCOUNTS}/(acc_\w+)"', found.text) == [account], text
    nothing = words(await act(visitor, "/find", text="Liepa"))
    assert "No account is like this." in nothing
    empty = await act(visitor, "/find", text="")
    assert empty.status_code == 422


async def test_a_search_goes_on_where_it_ended(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.flows.desk.find_accounts.AT_ONCE", 2)
    monkeypatch.setattr("regulars.flows.desk.find_accounts.PAGE", 3)
    made = {await company(visitor.api, name=f"Koks {n}") for n in range(7)}
    await visitor.as_staff("service")
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        found = (await act(visitor, "/find", text="koks", **cursor)).text
        seen += re.findall(rf'href="{ACCOUNTS}/(acc_\w+)"', found)
        further = re.search(r'name="cursor" value="(acc_\w+)"', found)
        if not further:
            break
        cursor = {"cursor": further[1]}
    assert (set(seen), len(seen)) == (made, 7)


async def test_a_company_is_opened_with_its_owner_and_the_points_that_come_along(visitor: Visitor) -> None:
    member, card = await member_with_card(visitor.api)
    await give(visitor.api, member, 300)
    await visitor.as_staff("service")
    opened = await act(
        visitor,
        "",
        kind="company",
        name="Bebru koks",
        registration_number="4000",
        owner=card,
        bring_points="1",
    )
    assert opened.status_code == 303, words(opened)
    account = opened.headers["location"].rsplit("/", 1)[1]
    assert await people(visitor, account) == [("Anna Kalniņa", "owner", None)]
    assert await account_points(visitor.api, account) == 300
    assert "Anna Kalniņa owner" in await page(visitor, f"/{account}")


async def test_an_account_without_a_name_or_with_an_unknown_owner_is_refused(visitor: Visitor) -> None:
    await visitor.as_staff("service")
    unnamed = await act(visitor, "", kind="company", name="")
    unknown = await act(visitor, "", kind="company", name="Bebru koks", owner="nobody@shop.example")
    assert (unnamed.status_code, unknown.status_code) == (422, 422)
    assert "nobody has this card, phone, email or id" in words(unknown)
    assert 'value="Bebru koks"' in unknown.text, "what was typed stays"
    assert (await visitor.api.get("/v1/accounts")).json()["items"] == []


async def test_employees_are_put_in_line_by_line_and_each_line_is_answered(visitor: Visitor) -> None:
    account = await company(visitor.api)
    anna, card = await member_with_card(visitor.api)
    peter, _ = await member_with_card(visitor.api, name="Peter Ozols")
    other, _ = await member_with_card(visitor.api, name="Ilze Liepa")
    await put_in(visitor.api, await company(visitor.api, name="Ziedu nams"), {"member": other})
    await visitor.as_staff("service")
    lines = f"{card}\r\n{peter}\r\n\r\n{other}\r\nnobody@shop.example\r\nmem_nonsense"
    done = await act(visitor, f"/{account}/members", members=lines, role="spender", daily_limit="12,50")
    assert done.status_code == 200
    report = re.findall(
        r'<tr><th scope="row" class="mono">(.*?)</th><td>(.*?)</td><td><span class="status (\w+)', done.text
    )
    assert report == [
        (card, "Anna Kalniņa", "good"), (peter, "Peter Ozols", "good"), (other, "Ilze Liepa", "bad"),
        ("nobody@shop.example", "–", "bad"), ("mem_nonsense", "–", "bad"),
    ]  # fmt: skip
    assert "in an account already" in words(done)
    assert await people(visitor, account) == [
        ("Anna Kalniņa", "spender", 1250), ("Peter Ozols", "spender", 1250)
    ]  # fmt: skip
    earner = await act(visitor, f"/{account}/members", members=anna, role="earner", daily_limit="5")
    assert "a limit is for spenders and owners" in words(earner)
    none = await act(visitor, f"/{account}/members", members=" \r\n ", role="earner")
    assert none.status_code == 422


async def test_a_list_that_is_sent_again_is_answered_as_the_first_time_for_each_of_its_members(
    visitor: Visitor,
) -> None:
    """By now a line may name a member who was none then; and two lines the same one."""
    account = await company(visitor.api)
    anna, card = await member_with_card(visitor.api)
    await visitor.as_staff("service")
    peter = "peter@shop.example"
    fields = {"members": f"{peter}\r\n{anna}\r\n{card}", "role": "earner", "request": "list-0001"}
    first = await act(visitor, f"/{account}/members", **fields)
    assert (first.status_code, lines(first)) == (200, [(peter, "–", "bad"), (anna, "Anna Kalniņa", "good"),
                                                       (card, "Anna Kalniņa", "good")])  # fmt: skip
    made = await visitor.api.post("/v1/members", {"email": peter, "name": "Peter Ozols"})
    assert made.status_code == 201, made.text
    again = await act(visitor, f"/{account}/members", **fields)
    assert (again.status_code, lines(again)) == (200, [(peter, "Peter Ozols", "bad"), (anna, "Anna Kalniņa", "good"),
                                                       (card, "Anna Kalniņa", "good")])  # fmt: skip
    assert "was not known when this form was sent" in words(again)
    assert await people(visitor, account) == [("Anna Kalniņa", "earner", None)]


@pytest.mark.parametrize(("language", "button"), [("ru", "Изменить"), ("lv", "Mainīt"), ("hu", "Módosítás")])
async def test_what_changes_a_role_is_not_named_as_the_change_that_a_cashier_gives_back(
    visitor: Visitor, language: str, button: str
) -> None:
    account = await company(visitor.api)
    member, _ = await member_with_card(visitor.api)
    await visitor.as_staff("service")
    added = await act(visitor, f"/{account}/members", members=member, role="earner")
    assert added.status_code in (200, 303), words(added)
    page = (await visitor.client.get(f"/backoffice/accounts/{account}?lang={language}")).text
    assert re.findall(r'data-opens="role-1">([^<]+)<', page) == [button]


def lines(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """(as typed, name, tone) of each line of a report."""
    row = r'<tr><th scope="row" class="mono">(.*?)</th><td>(.*?)</td><td><span class="status (\w+)'
    return re.findall(row, answer.text)


@pytest.mark.parametrize("path", ["", "/{}/members", "/{}/invitations"])
async def test_who_opens_an_account_or_lets_somebody_in_says_why(visitor: Visitor, path: str) -> None:
    account = await company(visitor.api)
    member, _ = await member_with_card(visitor.api)
    await visitor.as_staff("service")
    fields = {"kind": "company", "name": "Ziedu nams", "members": member, "role": "earner"}
    silent = await act(visitor, path.format(account), **fields, why=" ")
    assert (silent.status_code, "Say why" in words(silent)) == (422, True)
    assert len((await visitor.api.get("/v1/accounts")).json()["items"]) == 1
    assert await people(visitor, account) == []
    told = await act(visitor, path.format(account), **fields, why="their office asked")
    assert told.status_code in (200, 303), words(told)
    whys = {one["why"] for one in (await visitor.api.get("/v1/audit")).json()["items"]}
    assert "their office asked" in whys


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"a_day": 50}, "Tas ir vairāk, nekā dalībnieks šajā laikā drīkst nodot tālāk"),
        ({"cooling_hours": 24}, "Šos punktus vēl nevar nodot tālāk"),
        ({"member_days": 2}, "Kas tikko kļuvis par dalībnieku, vēl neko nenodod tālāk"),
    ],
)
async def test_why_points_do_not_come_along_is_said_in_the_reader_s_language(
    visitor: Visitor, rules: dict[str, int], said: str
) -> None:
    await settle(visitor.api, passing=rules)
    member, _ = await member_with_card(visitor.api)
    await give(visitor.api, member, 100)
    await visitor.as_staff("service")
    visitor.client.cookies.set(LANGUAGE_COOKIE, "lv")
    fields = {"kind": "household", "name": "Kalniņi", "owner": member, "bring_points": "1"}
    refused = await act(visitor, "", **fields)
    assert (refused.status_code, said in words(refused)) == (409, True), words(refused)
    assert "nothing was written" not in refused.text


async def test_a_role_and_a_limit_are_changed_and_somebody_is_taken_out(visitor: Visitor) -> None:
    account = await company(visitor.api)
    anna, _ = await member_with_card(visitor.api)
    await put_in(visitor.api, account, {"member": anna, "role": "spender", "daily_limit": 500})
    await visitor.as_staff("service")
    assert 'value="5.00"' in (await visitor.client.get(f"{ACCOUNTS}/{account}")).text
    changed = await act(visitor, f"/{account}/members/{anna}/role", role="spender", daily_limit="80")
    assert changed.status_code == 303, words(changed)
    assert await people(visitor, account) == [("Anna Kalniņa", "spender", 8000)]
    await act(visitor, f"/{account}/members/{anna}/role", role="owner", daily_limit="")
    assert await people(visitor, account) == [("Anna Kalniņa", "owner", None)]
    last = await act(visitor, f"/{account}/members/{anna}/remove")
    assert (last.status_code, "She is the last owner" in words(last)) == (409, True)
    await act(visitor, f"/{account}/members/{anna}/role", role="earner", daily_limit="")
    assert await people(visitor, account) == [("Anna Kalniņa", "owner", None)], (
        "nor does the last owner step down"
    )


async def test_a_spender_is_taken_out_and_collects_alone_again(visitor: Visitor) -> None:
    account = await company(visitor.api)
    anna, _ = await member_with_card(visitor.api)
    await put_in(visitor.api, account, {"member": anna, "role": "earner"})
    await visitor.as_staff("service")
    out = await act(visitor, f"/{account}/members/{anna}/remove")
    assert out.status_code == 303, words(out)
    assert await people(visitor, account) == []
    assert (await visitor.api.get(f"/v1/members/{anna}/account")).json()["account"] is None


async def test_an_invitation_s_code_is_shown_once_and_lets_one_member_in(visitor: Visitor) -> None:
    account = await company(visitor.api)
    anna, _ = await member_with_card(visitor.api)
    await visitor.as_staff("service")
    made = await act(visitor, f"/{account}/invitations", role="spender", daily_limit="20")
    code = re.search(r'<p class="mono">([0-9A-Z]{5}-[0-9A-Z]{5})</p>', made.text)
    assert code, words(made)
    waiting = await visitor.client.get(f"{ACCOUNTS}/{account}")
    assert ("Invited, and not come yet" in words(waiting), code[1] in waiting.text) == (True, False)
    joined = await visitor.api.post("/v1/invitations/accept", {"code": code[1], "member": anna})
    assert joined.status_code == 200, joined.text
    after = await page(visitor, f"/{account}")
    assert "Invited, and not come yet" not in after
    assert await people(visitor, account) == [("Anna Kalniņa", "spender", 2000)]


async def test_an_account_with_points_is_closed_only_if_somebody_gets_them(visitor: Visitor) -> None:
    anna, card = await member_with_card(visitor.api)
    await give(visitor.api, anna, 300)
    account = await company(visitor.api, owner=anna, bring_points=True)
    await visitor.as_staff("service")
    refused = await act(visitor, f"/{account}/close")
    assert (refused.status_code, await people(visitor, account)) == (409, [("Anna Kalniņa", "owner", None)])
    closed = await act(visitor, f"/{account}/close", points_to=card)
    assert closed.status_code == 303, words(closed)
    after = await page(visitor, f"/{account}")
    assert "nobody is in it any more" in after
    assert "Put members in" not in after
    assert (await balance(visitor.api, anna))["available"] == 300


async def test_who_only_reads_is_offered_no_act(visitor: Visitor) -> None:
    account = await company(visitor.api)
    await visitor.as_staff("auditor")
    shown = await visitor.client.get(f"{ACCOUNTS}/{account}")
    assert (shown.status_code, "data-opens" in shown.text) == (200, False)
    renamed = await act(visitor, f"/{account}/name", name="Mine")
    assert renamed.status_code == 403
    assert (await visitor.api.get(f"/v1/accounts/{account}")).json()["name"] == "Bebru koks"


async def test_an_account_is_renamed(visitor: Visitor) -> None:
    account = await company(visitor.api)
    await visitor.as_staff("service")
    renamed = await act(visitor, f"/{account}/name", name="Bebru koks un dēli", registration_number="4000")
    assert renamed.status_code == 303, words(renamed)
    view = (await visitor.api.get(f"/v1/accounts/{account}")).json()
    assert (view["name"], view["registration_number"]) == ("Bebru koks un dēli", "4000")

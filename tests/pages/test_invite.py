"""Inviting friends in the portal: her code and link, what became of her friends, and where a friend arrives."""

from __future__ import annotations

from regulars import clock
from regulars.db.pool import Database
from tests.api.conftest import Api
from tests.api.referring import code_of, friend_by, put_program, states
from tests.pages.portal import HTML, portal_of, words


async def test_she_sees_her_code_what_both_get_and_her_friends_by_a_letter(
    api: Api, database: Database
) -> None:
    portal = await portal_of(api, database, at=clock.world())
    assert (await portal.get("/invite")).status_code == 404
    assert "Invite friends" not in words((await portal.get("/offers")).text)
    milestone = {"friends": 3, "prize": {"points": {"currency": "PTS", "amount": 1000}}}
    await put_program(api, milestones=[milestone])
    code = await code_of(api, portal.member)
    await friend_by(api, code, device="her-own-browser")
    await friend_by(api, code, device="her-own-browser")

    page = await portal.get("/invite")
    said = words(page.text)

    assert "Invite friends" in words((await portal.get("/offers")).text)
    assert code in said
    assert f"/portal/{api.program.slug}/join?ref={code}" in page.text
    said_of = said.partition("Invite friends For you")[2][:79]
    assert (
        said_of
        == ": 500 points For your friend: 300 points For 3 friends: 1 000 points When your friend has "[
            : len(said_of)
        ]
    ), said_of
    assert "When your friend has bought for €20.00 or more" in said
    assert said.count("Z. ") == 1
    assert "Zane" not in page.text
    assert "Z. Today" in said
    assert "has joined" in said
    assert "regulars_installation=" in page.headers["set-cookie"]


async def test_a_friend_arrives_is_told_her_gift_and_joins_by_the_code(api: Api, database: Database) -> None:
    await put_program(api)
    portal = await portal_of(api, database, at=clock.world())
    code = await code_of(api, portal.member)

    page = await api.client.get(f"{portal.home}/join?ref={code}", headers=HTML)
    said = words(page.text)

    assert (page.status_code, "A friend invites you" in said) == (200, True)
    assert "Your gift: 300 points For your first purchase of €20.00 or more" in said
    assert f'href="{portal.home}/sign-in?ref={code}"' in page.text
    door = await api.client.get(f"{portal.home}/sign-in?ref={code}", headers=HTML)
    assert f'data-referral="{code}"' in door.text


async def test_an_invitation_that_is_nobodys_says_so_and_lets_her_join_without_it(
    api: Api, database: Database
) -> None:
    await put_program(api)
    portal = await portal_of(api, database, at=clock.world())
    for ref in ("NOBODYS2", "%22%3E%3Cscript%3E", ""):
        page = await api.client.get(f"{portal.home}/join?ref={ref}", headers=HTML)
        assert "This invitation is not known here" in words(page.text)
        assert f'href="{portal.home}/sign-in"' in page.text
    already = await portal.get(f"/join?ref={await code_of(api, portal.member)}")
    assert already.headers["location"] == f"{portal.home}/invite"
    assert await states(api, portal.member) == []

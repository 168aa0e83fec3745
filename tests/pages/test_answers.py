"""What a member answered: on her profile, where she joins on the web, and on her page in the back office."""

from __future__ import annotations

from typing import Any

from regulars.db.pool import Database
from regulars.web.pages import LANGUAGE_COOKIE
from tests.api.conftest import Api, api, client, letters, new_api, shop
from tests.api.games import choices
from tests.pages.conftest import Visitor
from tests.pages.portal import HTML, portal_of, words

__all__ = ["api", "client", "letters", "new_api", "shop"]

ASKED: dict[str, Any] = {
    "questions": [
        {
            "code": "drink",
            "kind": "one_of",
            "required": True,
            "asked_at": ["web", "till"],
            "labels": {"lv": "Ko dzerat?", "en": "What do you drink?"},
            "choices": choices("labels", ("tea", "Tēju", "Tea"), ("coffee", "Kafiju", "Coffee")),
        },
        {
            "code": "likes",
            "kind": "several_of",
            "labels": {"lv": "Kas patīk?", "en": "What do you like?"},
            "choices": choices("labels", ("cake", "Kūka", "Cake"), ("bread", "Maize", "Bread")),
        },
        {
            "code": "people",
            "kind": "number",
            "least": 1,
            "most": 12,
            "labels": {"lv": "Cik?", "en": "How many?"},
        },
        {"code": "pet", "kind": "yes_no", "asked_at": ["till"], "labels": {"lv": "Suns?", "en": "A dog?"}},
    ]
}


async def attributes(api: Api, member: str) -> dict[str, Any]:
    return (await api.get(f"/v1/members/{member}")).json()["attributes"]


async def test_a_member_sees_and_changes_on_her_profile_what_she_answered(
    shop: Api, database: Database
) -> None:
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)
    portal = await portal_of(shop, database)
    told = {"drink": "tea", "likes": "cake;bread", "pet": True, "vip": "gold"}
    await shop.patch(f"/v1/members/{portal.member}", {"attributes": told})

    page = (await portal.get("/me/profile")).text
    assert '<option value="tea" selected>' in page
    assert 'value="cake" checked' in page
    assert '<option value="1" selected>' in page  # asked at a till, but she answered it
    saved = await portal.post(
        "/me/profile", name="Anna", **{"q-drink": "coffee", "q-likes": "bread", "q-people": "3", "q-pet": ""}
    )

    assert saved.headers["location"] == f"{portal.home}/me/profile?said=saved"
    assert await attributes(shop, portal.member) == {
        "drink": "coffee",
        "likes": "bread",
        "people": 3,
        "vip": "gold",
    }


async def test_an_answer_that_cannot_be_changes_nothing_and_is_marked(shop: Api, database: Database) -> None:
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)
    portal = await portal_of(shop, database)
    await shop.patch(f"/v1/members/{portal.member}", {"attributes": {"drink": "tea"}})

    for answers in (
        {"q-drink": ""},
        {"q-drink": "tea", "q-people": "13"},
        {"q-drink": "tea", "q-people": "x1"},
    ):
        refused = await portal.post("/me/profile", name="Cita", **answers)
        assert (refused.status_code, refused.text.count('<label class="field faulty">')) == (422, 1), answers
    member = (await shop.get(f"/v1/members/{portal.member}")).json()
    assert (member["name"], member["attributes"]) == ("Anna Kalniņa", {"drink": "tea"})


async def test_what_was_never_answered_does_not_stand_in_the_way_of_another_change(
    shop: Api, database: Database
) -> None:
    portal = await portal_of(shop, database)
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)

    saved = await portal.post("/me/profile", name="Anna", **{"q-drink": ""})

    assert saved.status_code == 303
    member = (await shop.get(f"/v1/members/{portal.member}")).json()
    assert (member["name"], member["attributes"]) == ("Anna", {})


async def test_the_log_in_asks_whoever_joins_what_must_be_answered(shop: Api) -> None:
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)
    page = (await shop.client.get(f"/portal/{shop.program.slug}/sign-in", headers=HTML)).text
    assert 'data-question="drink" data-kind="one_of"' in page
    assert 'data-question="likes"' not in page


async def test_the_office_reads_the_answers_in_words_and_changes_them(shop: Api, database: Database) -> None:
    await shop.call("PUT", "/v1/program/questionnaire", ASKED)
    made = await shop.post(
        "/v1/members",
        {
            "phone": "+37120000001",
            "attributes": {"drink": "tea", "likes": "cake;bread", "pet": False, "vip": "gold"},
        },
    )
    member = made.json()["id"]
    visitor = Visitor(shop)
    shop.client.cookies.set(LANGUAGE_COOKIE, "en")
    await visitor.as_staff("owner")
    path = f"/backoffice/members/{member}"

    page = words((await visitor.client.get(path)).text)
    fields = {"q-drink": "coffee", "q-likes": "bread", "q-people": "2", "q-pet": "1"}
    done = await visitor.act(f"{path}/person", path, asked="1", why="she called", **fields)

    assert "What do you drink? Tea What do you like? Cake and Bread A dog? No vip gold" in page
    assert done.status_code == 303, done.text
    assert await attributes(shop, member) == {
        "drink": "coffee",
        "likes": "bread",
        "people": 2,
        "pet": True,
        "vip": "gold",
    }
    taken = await visitor.act(
        f"{path}/person", path, asked="1", why="she called", **{**fields, "q-drink": ""}
    )
    assert taken.status_code == 422
    assert (await attributes(shop, member))["drink"] == "coffee"

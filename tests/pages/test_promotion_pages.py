"""The pages of promotions: the list, the builder, review and publication, previews, results and the calendar."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from regulars.backoffice import promotions_publishing
from regulars.flows.publish_promotion import publish_promotion
from tests.api.shop import publish, settle
from tests.pages.conftest import Visitor, token
from tests.pages.portal import Statements

STATEMENTS_MAX = 12
WARNINGS = ("below_cost",)
"""What the linter may say of the promotions here."""


async def shop(visitor: Visitor) -> None:
    """A program with a store and a few products, looked at in English."""
    visitor.client.cookies.set("regulars_language", "en")
    await visitor.api.post("/v1/stores", {"code": "riga-1", "name": "Rīga, Teika"})
    await visitor.api.post(
        "/v1/products",
        {
            "products": [
                {"sku": "coffee", "name": "Coffee beans", "price": 700, "categories": ["drinks/coffee"]},
                {"sku": "bread", "name": "Rye bread", "price": 200, "categories": ["bread"]},
            ]
        },
    )


async def made(visitor: Visitor, **fields: Any) -> str:
    """A new draft; the address of its builder."""
    answer = await visitor.act("/backoffice/promotions/new", page="/backoffice/promotions/new", **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def sent(page: str) -> dict[str, Any]:
    """What the builder's form holds, as a browser would send it."""
    form = page[page.index('<form id="builder"') :]
    form = form[: form.index("</form>")]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r' name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and not ('type="checkbox"' in tag and " checked" not in tag):
            fields.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen
        fields[name] = [chosen[1]]
    return fields


async def change(visitor: Visitor, address: str, act: str = "save", **fields: Any) -> httpx.Response:
    """Send the builder's form as it stands, with some fields changed."""
    page = (await visitor.client.get(address)).text
    held = {**sent(page), **{name.replace("__", "."): value for name, value in fields.items()}, "do": act}
    return await visitor.client.post(
        address, data={**held, "csrf": token(page)}, headers={"HX-Request": "true"}
    )


async def test_a_marketer_begins_with_nothing_and_adds_a_condition(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    answer = await change(visitor, address, "add|conditions|hours")
    assert answer.status_code == 200, answer.text
    assert "Saved" in answer.text
    assert "22:00" in answer.text


async def test_every_page_of_a_promotion_opens(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("owner")
    empty = await visitor.client.get("/backoffice/promotions")
    assert "There are no promotions yet" in empty.text
    ready = (await visitor.client.get("/backoffice/promotions/new")).text
    assert len(re.findall('name="template"', ready)) == 30
    assert len(re.findall("For instance:", ready)) >= 28
    assert "3 × shampoo for €30.00 → €20.00" in " ".join(ready.replace("\u00a0", " ").split())
    address = await made(visitor, template="three-for-two")
    home = address.removesuffix("/edit")
    opened = {
        home,
        f"{home}/publish",
        f"{home}/diff",
        "/backoffice/promotions",
        "/backoffice/promotions/calendar?drafts=1",
    }
    for path in sorted(opened):
        page = await visitor.client.get(path)
        assert page.status_code == 200, page.text
        assert "3 for the price of 2" in page.text, path


async def test_a_draft_is_published_stopped_and_resumed(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    home = address.removesuffix("/edit")
    published = await visitor.act(f"{home}/publish", page=f"{home}/publish")
    assert published.status_code == 303, published.text
    basket = {"sku": ["coffee"], "quantity": ["2"], "who": "nobody"}
    tried = await visitor.act(f"{home}/try", page=home, **basket)
    assert tried.status_code == 200, tried.text
    assert "It applies." in tried.text
    assert "€12.60" in tried.text
    for path in (
        home,
        f"{home}/results.csv",
        f"{home}/diff?to=1",
        "/backoffice/promotions.csv",
        "/backoffice/promotions",
    ):
        page = await visitor.client.get(path)
        assert page.status_code == 200, page.text
    replayed = await visitor.act(f"{home}/replay", page=home)
    assert "There are no receipts yet" in replayed.text
    stopped = await visitor.act(f"{home}/stop", page=home)
    assert stopped.status_code == 303
    assert "stopped" in (await visitor.client.get("/backoffice/promotions?state=stopped")).text
    assert (await visitor.act(f"{home}/stop", page=home)).status_code == 409
    assert (await visitor.act(f"{home}/resume", page=home)).status_code == 303


async def test_who_publishes_stops_or_resumes_says_why_and_the_trail_keeps_it(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    home = (await made(visitor)).removesuffix("/edit")
    for act, page in (("publish", f"{home}/publish"), ("stop", home), ("resume", home)):
        silent = await visitor.act(f"{home}/{act}", page=page, why=" ")
        told = "Say why: it stands in the audit trail." in silent.text
        assert (act, silent.status_code, told) == (act, 422, True)
        assert await whys(visitor, act) == []
        done = await visitor.act(f"{home}/{act}", page=page, why=f"the board: {act}")
        assert done.status_code == 303, done.text
        assert await whys(visitor, act) == [f"the board: {act}"]


async def test_why_a_publication_is_asked_for_is_told_to_the_second_person_and_stands_in_the_trail(
    visitor: Visitor,
) -> None:
    await shop(visitor)
    await settle(visitor.api, publish_budget_limit=1000)
    await visitor.as_staff("marketing")
    home = (await made(visitor)).removesuffix("/edit")
    await visitor.act(f"{home}/publish", page=f"{home}/publish", why="for the anniversary")
    (waits,) = (await visitor.api.get("/v1/approvals")).json()["items"]
    assert waits["why"] == "for the anniversary"
    await visitor.as_staff("owner")
    page = f"/backoffice/review/{waits['id']}"
    assert "for the anniversary" in (await visitor.client.get(page)).text
    agreed = await visitor.act(f"{page}/approve", page=page, why="")
    assert agreed.status_code == 303, agreed.text
    assert await whys(visitor, "publish") == ["for the anniversary"]


async def whys(visitor: Visitor, act: str) -> list[str]:
    """The reasons that the trail has for an act."""
    action = {"publish": "published", "stop": "stopped", "resume": "resumed"}[act]
    found = await visitor.api.get("/v1/audit", action=f"promotion.{action}")
    return [one["why"] for one in found.json()["items"]]


async def test_goods_are_picked_and_counted(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    found = await visitor.client.get("/backoffice/promotions/pick?source=products&q=bread")
    assert 'data-code="bread"' in found.text
    above = await visitor.client.get("/backoffice/promotions/pick?source=categories&q=drink")
    assert 'data-code="drinks"' in above.text
    counted = await visitor.act(
        "/backoffice/promotions/goods", page="/backoffice/promotions", categories="drinks"
    )
    assert counted.text.split() == ["1", "product", "is", "meant:", "Coffee", "beans"]


async def test_the_second_of_two_editors_is_told_and_keeps_hers(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    first = (await visitor.client.get(address)).text
    assert (await change(visitor, address, benefits__0__percent="20")).status_code == 200
    late = {**sent(first), "benefits.0.percent": ["30"], "csrf": token(first)}
    refused = await visitor.client.post(address, data={**late, "do": "save"}, headers={"HX-Request": "true"})
    assert refused.status_code == 200
    assert "has changed this draft meanwhile" in refused.text
    theirs = re.search(r'name="their_version" value="(\d+)"', refused.text)
    assert theirs
    mine = {**late, "do": "mine", "their_version": theirs[1]}
    kept = await visitor.client.post(address, data=mine, headers={"HX-Request": "true"})
    assert kept.status_code == 200
    assert "30% off" in kept.text.replace("\u00a0", " ")


async def test_what_is_not_right_is_told_beside_the_field_and_not_saved(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    wrong = await change(visitor, address, benefits__0__percent="many")
    assert "Not saved" in wrong.text
    beside = wrong.text[wrong.text.index('id="notes-benefits.0.percent"') :][:200]
    assert 'class="fault"' in beside
    assert "10% off" in (await visitor.client.get(address)).text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "path", ["", "/calendar", "/new", "/{id}", "/{id}/edit", "/{id}/publish", "/{id}/diff"]
)
async def test_a_page_asks_little_however_many_promotions_there_are(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await shop(visitor)
    await visitor.as_staff("owner")
    ids = [(await made(visitor, template="three-for-two")).split("/")[3] for _ in range(3)]
    budget = {"group": "items", "benefits": [{"kind": "line_percent", "percent": "5"}]}
    budget["limits"] = [{"per": "total", "amount": 5000}]
    await publish(visitor.api, {"name": "Five off", **budget}, *WARNINGS)
    await visitor.act(
        f"/backoffice/promotions/{ids[0]}/publish", accept=["unknown_goods", "unknown_category"]
    )
    address = f"/backoffice/promotions{path.format(id=ids[0])}"
    await change(visitor, f"/backoffice/promotions/{ids[0]}/edit", benefits__0__pieces="4")
    statements = Statements(monkeypatch)
    page = await visitor.client.get(address)
    monkeypatch.undo()
    assert page.status_code == 200, page.text
    sent = [text for text in statements.sent if "SET LOCAL" not in text]
    assert 3 <= len(sent) <= STATEMENTS_MAX, sent
    if not path:
        assert "€50.00" in page.text  # what is left of the budget


async def test_above_the_budget_of_one_person_a_second_is_asked(visitor: Visitor) -> None:
    await shop(visitor)
    await settle(visitor.api, publish_budget_limit=1000)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    home = address.removesuffix("/edit")
    before = await visitor.client.get(f"{home}/publish")
    assert "Ask a second person to publish it" in before.text
    assert "because no budget ends what it may cost" in before.text
    asked = await visitor.act(f"{home}/publish", page=f"{home}/publish")
    assert asked.status_code == 303, asked.text
    after = (await visitor.client.get(home)).text
    assert "A second person is asked" in after
    assert '<span class="status ">draft</span>' in after
    for page in (after, (await visitor.client.get(f"{home}/publish")).text):
        assert "It waits for a second person, and nobody else may decide" in page
    assert "Ask a second person to publish it" not in (await visitor.client.get(f"{home}/publish")).text

    await visitor.api.add_staff("finance", email="fiona@shop.example")
    await visitor.api.add_staff("owner", email="olga@shop.example")
    waits = (await visitor.client.get(home)).text
    assert "It goes live once Fiona or Olga agrees, until " in waits
    approval = re.search(r'href="(/backoffice/review/apr_\w+)">Open the approval', waits)
    assert approval
    assert (await visitor.client.get(approval[1])).status_code == 200

    assert (await change(visitor, address, benefits__0__percent="25")).status_code == 200
    for path in (home, f"{home}/publish"):
        assert "but the draft was changed since" in (await visitor.client.get(path)).text, path
    assert "Ask a second person to publish it" in (await visitor.client.get(f"{home}/publish")).text


async def test_a_review_tells_whom_it_waits_for(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    home = (await made(visitor)).removesuffix("/edit")
    fields = {"act": "ask", "version": "1", "comment": "Is ten enough?"}
    assert (await visitor.act(f"{home}/review", page=f"{home}/publish", **fields)).status_code == 303
    alone = (await visitor.client.get(home)).text
    assert "It waits for a review, and nobody else may write it" in alone
    await visitor.api.add_staff("marketing", email="mara@shop.example")
    await visitor.api.add_staff("analyst", email="kristaps@shop.example")
    waits = (await visitor.client.get(home)).text
    assert "It waits for a review by Mara." in waits
    assert f'href="{home}/publish#s-review">Open the review' in waits
    assert (await visitor.act(f"{home}/review", page=home, act="withdraw", version="1")).status_code == 303
    assert "It waits for a review" not in (await visitor.client.get(home)).text


async def test_a_draft_that_was_sent_back_is_not_offered_to_be_published(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    home = (await made(visitor)).removesuffix("/edit")
    review = f"/v1/promotions/{home.rpartition('/')[2]}/review"
    before = (await visitor.client.get(f"{home}/publish")).text
    assert ("Publish now" in before, "You may also publish without it" in before) == (True, True)
    await visitor.act(f"{home}/review", page=f"{home}/publish", act="ask", version="1")
    assert "Publish now" not in (await visitor.client.get(f"{home}/publish")).text
    await visitor.api.post(review, {"act": "return", "comment": "Ten is too much."})
    back = (await visitor.client.get(f"{home}/publish")).text
    assert "Ten is too much." in back
    assert ("Publish now" in back, "You may also publish without it" in back) == (False, False)
    refused = await visitor.act(f"{home}/publish", page=f"{home}/publish", version="1")
    assert refused.status_code == 409
    assert "This draft was sent back" in refused.text


async def test_a_draft_that_was_changed_since_it_was_read_is_not_published(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    home = address.removesuffix("/edit")
    assert (await change(visitor, address, benefits__0__percent="25")).status_code == 200
    refused = await visitor.act(f"{home}/publish", page=f"{home}/publish", version="1")
    assert refused.status_code == 409
    assert "The draft was changed after you opened this page" in refused.text


async def test_what_a_colleague_saves_at_the_last_moment_is_not_published_unseen(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    home = address.removesuffix("/edit")

    async def after_the_colleague(*args: Any, **named: Any) -> Any:
        assert (await change(visitor, address, benefits__0__percent="25")).status_code == 200
        return await publish_promotion(*args, **named)

    monkeypatch.setattr(promotions_publishing, "publish_promotion", after_the_colleague)
    refused = await visitor.act(f"{home}/publish", page=f"{home}/publish", version="1")
    assert refused.status_code == 409, refused.headers
    assert "The draft was changed after you opened this page" in refused.text
    found = (await visitor.api.get(f"/v1/promotions/{home.rpartition('/')[2]}")).json()
    assert (found["revision"], found["draft_version"]) == (0, 2)


async def test_nobody_but_who_may_write_opens_the_builder(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("owner")
    address = await made(visitor)
    await visitor.client.post(
        "/backoffice/sign-out", data={"csrf": token((await visitor.client.get(address)).text)}
    )
    await visitor.as_staff("analyst")
    assert (await visitor.client.get(address)).status_code == 403
    assert (await visitor.client.get(address.removesuffix("/edit"))).status_code == 200
    listed = (await visitor.client.get("/backoffice/promotions")).text
    assert 'href="/backoffice/promotions/new"' not in listed
    assert ">Stop</button>" not in listed


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("save", {"names": ["x"]}),
        ("save", {"conditions.0.kind": ["no such kind"]}),
        ("save", {"conditions": ["x"], "limits.0.per": ["total"]}),
        ("save", {"version": ["first"], "priority": ["5"]}),
        ("remove|conditions.9", {}),
        ("up|name.0", {}),
        ("add|benefits|no such kind", {}),
        ("add|name|hours", {}),
        ("row|benefits.7.steps", {}),
        ("row|name", {}),
        ("document", {"document": ["{"]}),
        ("document", {"document": ['{"name": "x", "group": "items", "benefits": "all"}']}),
        ("document", {"document": ['{"name": "x", "group": "items", "benefits": [{"kind": "none"}]}']}),
    ],
)
async def test_a_form_that_was_tampered_with_changes_nothing(
    visitor: Visitor, act: str, fields: dict[str, Any]
) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    before = sent((await visitor.client.get(address)).text)
    data = {**before, **fields, "do": act, "csrf": token((await visitor.client.get(address)).text)}
    answer = await visitor.client.post(address, data=data, headers={"HX-Request": "true"})
    assert answer.status_code < 500, answer.text
    after = sent((await visitor.client.get(address)).text)
    assert [after["version"], after["benefits.0.percent"]] == [["1"], ["10"]]


@pytest.mark.parametrize("act", ["save", "add|benefits|line_percent", "document"])
@pytest.mark.parametrize("left_out", ["", "name", "group"])
async def test_a_form_that_lacks_a_part_changes_nothing(visitor: Visitor, act: str, left_out: str) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    page = (await visitor.client.get(address)).text
    before = sent(page)
    kept = {name: values for name, values in before.items() if left_out and not name.startswith(left_out)}
    data = {**kept, "do": act, "csrf": token(page)}
    answer = await visitor.client.post(address, data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 400, answer.text
    assert "The form could not be read." in answer.text
    assert sent((await visitor.client.get(address)).text) == before


async def test_the_document_can_be_written_by_hand(visitor: Visitor) -> None:
    await shop(visitor)
    await visitor.as_staff("marketing")
    address = await made(visitor)
    plain = '{"name": "By hand", "group": "items", "benefits": [{"kind": "line_amount", "amount": 50}]}'
    answer = await change(visitor, address, "document", document=plain)
    assert answer.status_code == 200, answer.text
    assert "€0.50 off each" in answer.text
    assert 'value="By hand"' in (await visitor.client.get(address)).text

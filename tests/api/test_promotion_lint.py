"""The linter at publishing: errors block, warnings need a consent that is kept; ready promotions and the schema."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from regulars.promotions.template import templates
from tests.api.conftest import Api
from tests.api.shop import MEMBER_POINTS, publish, refused

FREE = {
    "name": "Coffee for nothing",
    "names": {"lv": "Kafija bez maksas", "en": "Coffee for nothing"},
    "group": "items",
    "benefits": [{"kind": "line_percent", "percent": "100", "goods": {"skus": ["coffee"]}}],
}
PRODUCTS = [
    {
        "sku": "milk",
        "name": "Milk",
        "price": 100,
        "cost": 95,
        "categories": ["dairy/milk"],
        "tags": ["local"],
    },
    {
        "sku": "coffee",
        "name": "Coffee",
        "price": 900,
        "cost": 300,
        "categories": ["drinks/coffee"],
        "brand": "Rio",
    },
]


async def drafted(api: Api, document: dict[str, Any]) -> str:
    """A draft; its id."""
    made = await api.post("/v1/promotions", document)
    assert made.status_code == 201, made.text
    return made.json()["id"]


async def spoken(api: Api, path: str, body: Any, language: str = "en") -> httpx.Response:
    """A POST of somebody who reads this language."""
    headers = {"Authorization": f"Bearer {api.keys['manage']}", "Accept-Language": language}
    return await api.client.post(path, json=body, headers={**headers, "Idempotency-Key": path})


async def linted(api: Api, document: dict[str, Any], language: str = "en") -> list[dict[str, Any]]:
    """What is said of a document that is not kept."""
    answer = await spoken(api, "/v1/promotions/lint", document, language)
    assert answer.status_code == 200, answer.text
    return answer.json()["findings"]


async def with_products(api: Api) -> None:
    answer = await api.post("/v1/products", {"products": PRODUCTS})
    assert answer.status_code == 200, answer.text


async def test_an_error_is_not_published_and_leaves_no_trace(shop: Api) -> None:
    wrong = {**FREE, "conditions": [{"kind": "store", "stores": ["a"]}, {"kind": "store", "stores": ["b"]}]}
    promotion = await drafted(shop, wrong)
    body = {"accept_warnings": ["contradiction"]}
    answer = await spoken(shop, f"/v1/promotions/{promotion}/publish", body)
    assert refused(answer) == (422, "contradictory_configuration", None)
    assert answer.json()["problems"] == ["“in a” and “in b” cannot hold together."]
    assert [finding["pointer"] for finding in answer.json()["findings"]] == ["/conditions/1"]
    assert (await shop.get(f"/v1/promotions/{promotion}")).json()["status"] == "draft"


async def test_a_warning_needs_a_consent_which_is_kept_with_the_revision(shop: Api) -> None:
    promotion = await drafted(shop, FREE)
    answer = await shop.post(f"/v1/promotions/{promotion}/publish")
    assert refused(answer) == (409, "warnings_not_accepted", None)
    (warning,) = answer.json()["warnings"]
    assert (warning["code"], warning["severity"]) == ("unbounded", "warning")
    assert warning["example"]["gross"] == 100_000
    assert warning["example"]["discount"] == 100_000
    assert (await shop.get(f"/v1/promotions/{promotion}")).json()["status"] == "draft"

    other = await shop.post(f"/v1/promotions/{promotion}/publish", {"accept_warnings": ["shadowed"]})
    assert other.status_code == 409
    published = await shop.post(
        f"/v1/promotions/{promotion}/publish", {"accept_warnings": ["shadowed", "unbounded"]}
    )
    assert published.status_code == 200
    (revision,) = (await shop.get(f"/v1/promotions/{promotion}/revisions")).json()["items"]
    assert revision["accepted_warnings"] == ["unbounded"]


async def test_a_publication_without_warnings_keeps_none(shop: Api) -> None:
    promotion = await publish(shop, MEMBER_POINTS)
    (revision,) = (await shop.get(f"/v1/promotions/{promotion}/revisions")).json()["items"]
    assert revision["accepted_warnings"] == []


async def test_a_replayed_publication_is_answered_as_the_first(shop: Api) -> None:
    promotion = await drafted(shop, FREE)
    body = {"accept_warnings": ["unbounded"]}
    first = await shop.post(f"/v1/promotions/{promotion}/publish", body, key="once")
    again = await shop.post(f"/v1/promotions/{promotion}/publish", body, key="once")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content


async def test_the_draft_is_linted_and_without_one_what_is_published(shop: Api) -> None:
    promotion = await publish(shop, FREE, "unbounded")
    found = (await shop.post(f"/v1/promotions/{promotion}/lint")).json()["findings"]
    assert [finding["code"] for finding in found] == ["unbounded"]
    edited = {**FREE, "benefits": [{"kind": "line_percent", "percent": "10"}]}
    assert (await shop.call("PUT", f"/v1/promotions/{promotion}/draft", edited)).status_code == 200
    assert (await shop.post(f"/v1/promotions/{promotion}/lint")).json()["findings"] == []


async def test_a_document_is_linted_without_being_kept_in_the_callers_language(shop: Api) -> None:
    (finding,) = await linted(shop, FREE, "lv")
    assert finding["sentence"] == (
        "Nav ne griestu, ne lietošanas limita, ne budžeta: kas ņem 100 × coffee par 1\u202f000,00\u00a0€, "
        "maksā 0,00\u00a0€, atdots tiek 1\u202f000,00\u00a0€."
    )
    assert (await shop.get("/v1/promotions")).json()["items"] == []


async def test_products_with_known_costs_show_a_price_below_cost(shop: Api) -> None:
    await with_products(shop)
    names = {"lv": "Desmit", "en": "Ten"}
    ten = {
        "name": "Ten",
        "names": names,
        "group": "items",
        "benefits": [{"kind": "line_percent", "percent": "10"}],
    }
    (finding,) = await linted(shop, ten)
    assert finding["code"] == "below_cost"
    assert finding["sentence"].startswith("“Milk”")
    (line,) = finding["example"]["lines"]
    assert line == {"sku": "milk", "quantity": "1", "gross": 100, "discount": 10, "cost": 95}
    coffee = {**ten, "benefits": [{"kind": "line_percent", "percent": "10", "goods": {"brands": ["Rio"]}}]}
    assert await linted(shop, coffee) == []


@pytest.mark.parametrize(
    ("goods", "severity"),
    [
        ({"categories": ["drinks"]}, None),
        ({"categories": ["drinks/coffee"], "tags": ["local"], "skus": ["coffee"]}, None),
        ({"categories": ["drink"]}, "warning"),
        ({"skus": ["coffee", "tea"]}, "note"),
        ({"tags": ["import"], "brands": ["Rio"]}, "note"),
    ],
)
async def test_goods_are_looked_for_in_the_assortment(
    shop: Api, goods: dict[str, Any], severity: str | None
) -> None:
    await with_products(shop)
    one = {**FREE, "benefits": [{"kind": "line_percent", "percent": "1", "goods": goods}]}
    found = [finding["severity"] for finding in await linted(shop, one) if finding["code"] == "unknown_goods"]
    assert found == ([severity] if severity else [])


async def test_a_batch_of_codes_that_is_not_there_cannot_be_published(shop: Api) -> None:
    coded = {**MEMBER_POINTS, "conditions": [{"kind": "code", "batch": "SUMMER"}]}
    promotion = await drafted(shop, coded)
    answer = await spoken(shop, f"/v1/promotions/{promotion}/publish", None)
    assert answer.json()["problems"] == ["There is no batch of codes 'SUMMER'."]
    made = await shop.post("/v1/code-batches", {"name": "SUMMER", "pattern": "SUMMER-####-####", "count": 1})
    assert made.status_code == 201, made.text
    assert (await shop.post(f"/v1/promotions/{promotion}/publish")).status_code == 200


async def test_templates_come_in_the_programs_points_and_the_callers_language(shop: Api) -> None:
    items = (await shop.get("/v1/promotions/templates", scope="read")).json()["items"]
    assert [item["code"] for item in items] == [template.code for template in templates()]
    first = items[0]
    assert (first["name"], first["parameters"][0]["pointer"]) == (
        "Vairāk pērc, mazāk maksā",
        "/benefits/0/goods",
    )
    for item in items:
        made = await shop.post("/v1/promotions", item["document"])
        assert made.status_code == 201, made.text

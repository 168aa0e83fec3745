"""Marks of members (audiences, clubs, tiers), and offers that they activate."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.shop import AT, buy, line, member_with_card, publish, record, refused, set_clock
from tests.api.test_conditions import discount, preview, tenth

LATER = "2026-03-02T11:00:00+02:00"


async def mark(api: Api, member: str, kind: str, code: str, **more: Any) -> dict[str, Any]:
    answer = await api.call("PUT", f"/v1/members/{member}/marks", {"kind": kind, "code": code, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def marks(api: Api, member: str) -> list[tuple[str, str]]:
    answer = await api.get(f"/v1/members/{member}/marks")
    return [(one["kind"], one["code"]) for one in answer.json()["items"]]


def offer_of(promotion: str) -> str:
    """The offer of a promotion: the same id, said otherwise."""
    return promotion.replace("prm_", "off_")


@pytest.mark.fast
@pytest.mark.parametrize(
    ("kind", "code", "condition"),
    [
        ("audience", "young-families", {"kind": "audience", "audiences": ["young-families"]}),
        ("club", "wine", {"kind": "club", "clubs": ["beer", "wine"]}),
        ("tier", "status/gold", {"kind": "tier", "ladder": "status", "tiers": ["gold"]}),
    ],
)
async def test_a_marked_member_gets_what_is_for_her_until_the_mark_is_taken_away(
    shop: Api, kind: str, code: str, condition: dict[str, Any]
) -> None:
    await publish(shop, tenth(condition))
    member, card = await member_with_card(shop)
    _, other = await member_with_card(shop)

    made = await mark(shop, member, kind, code)
    while_marked = [await discount(shop, card), await discount(shop, other), await discount(shop, None)]
    bought = await record(shop, buy("r-1", card, [line(1, 1_000)]))
    await set_clock(shop, LATER)
    left = await shop.delete(f"/v1/members/{member}/marks/{kind}/{code.partition('/')[0]}")
    again = await shop.delete(f"/v1/members/{member}/marks/{kind}/{code.partition('/')[0]}")
    late = await discount(shop, card)  # a receipt of the day before
    now = await discount(shop, card, purchased_at=LATER)

    assert made == {"kind": kind, "code": code, "since": "2026-03-01T09:00:00Z", "until": None}
    assert (while_marked, bought["discount"]) == ([100, 0, 0], 100)
    assert (left.json(), again.status_code, again.json()) == (
        {"items": [], "next": None},
        200,
        {"items": [], "next": None},
    )
    assert (late, now) == (100, 0)


async def test_a_mark_ends_by_itself_at_its_end(shop: Api) -> None:
    await publish(shop, tenth({"kind": "audience", "audiences": ["lapsed"]}))
    member, card = await member_with_card(shop)
    await mark(shop, member, "audience", "lapsed", until=LATER)

    await set_clock(shop, "2026-03-02T10:59:59+02:00")
    before = await discount(shop, card, purchased_at="2026-03-02T10:59:59+02:00")
    await set_clock(shop, LATER)

    assert (before, await discount(shop, card, purchased_at=LATER)) == (100, 0)
    assert await marks(shop, member) == []


async def test_a_member_has_one_tier_of_a_ladder_and_a_late_receipt_that_of_its_time(shop: Api) -> None:
    await publish(shop, tenth({"kind": "tier", "ladder": "status", "tiers": ["silver"]}))
    member, card = await member_with_card(shop)
    await mark(shop, member, "tier", "status/silver")
    await mark(shop, member, "tier", "pilots/captain")
    await set_clock(shop, LATER)
    await mark(shop, member, "tier", "status/gold")

    assert await marks(shop, member) == [("tier", "pilots/captain"), ("tier", "status/gold")]
    assert [await discount(shop, card), await discount(shop, card, purchased_at=LATER)] == [100, 0]


async def test_a_mark_that_is_there_keeps_its_beginning_and_gets_the_new_end(shop: Api) -> None:
    member, _ = await member_with_card(shop)
    first = await mark(shop, member, "club", "wine")
    await set_clock(shop, LATER)
    second = await mark(shop, member, "club", "wine", until="2026-04-01T00:00:00+03:00")

    assert (first["since"], second["since"], second["until"]) == (
        "2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z", "2026-03-31T21:00:00Z",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "hat", "code": "blue"}, "/kind"),
        ({"kind": "club", "code": "Wine"}, "/code"),
        ({"kind": "club", "code": "wine/red"}, "/code"),
        ({"kind": "tier", "code": "gold"}, "/code"),
        ({"kind": "club", "code": "wine", "until": AT}, "/until"),
        ({"kind": "club", "code": "wine", "until": "2026-03-02T00:00:00"}, "/until"),
    ],
)
async def test_a_mark_that_makes_no_sense_is_refused_and_leaves_no_trace(
    shop: Api, body: dict[str, Any], pointer: str
) -> None:
    member, _ = await member_with_card(shop)
    answer = await shop.call("PUT", f"/v1/members/{member}/marks", body)

    assert (answer.status_code, refused(answer)[2]) == (422, pointer)
    assert await marks(shop, member) == []


async def test_an_erasure_forgets_the_marks(shop: Api) -> None:
    member, _ = await member_with_card(shop)
    await mark(shop, member, "audience", "expecting")
    await shop.delete(f"/v1/members/{member}")

    again = await shop.call("PUT", f"/v1/members/{member}/marks", {"kind": "club", "code": "wine"})

    assert await marks(shop, member) == []
    assert refused(again)[:2] == (409, "state_conflict")


async def test_a_till_may_not_mark(shop: Api) -> None:
    member, _ = await member_with_card(shop)
    body = {"kind": "club", "code": "wine"}
    answer = await shop.call("PUT", f"/v1/members/{member}/marks", body, scope="till")

    assert refused(answer)[:2] == (403, "scope_missing")


@pytest.mark.fast
async def test_an_offer_applies_once_it_is_activated_and_is_void_when_it_is_stopped(shop: Api) -> None:
    promotion = await publish(shop, tenth({"kind": "offer"}, name="Coffee for you"))
    member, card = await member_with_card(shop)
    before = await discount(shop, card)
    body = {"offer": offer_of(promotion)}

    made = await shop.post(f"/v1/members/{member}/offers", body, key="once", scope="till")
    replay = await shop.post(f"/v1/members/{member}/offers", body, key="once", scope="till")
    await set_clock(shop, LATER)
    twice = await shop.post(f"/v1/members/{member}/offers", body, key="twice", scope="till")
    after = await discount(shop, card)
    listed = (await shop.get(f"/v1/members/{member}/offers", scope="till")).json()["items"]
    await shop.post(f"/v1/promotions/{promotion}/stop")
    stopped = await preview(shop, card, offers=[offer_of(promotion)])

    assert (made.status_code, made.json()["activated_at"]) == (201, "2026-03-01T09:00:00Z")
    assert (replay.json(), replay.headers["idempotent-replayed"]) == (made.json(), "true")
    assert (twice.status_code, twice.json()["activated_at"]) == (201, "2026-03-01T09:00:00Z")
    assert (before, after) == (0, 100)
    assert [(o["id"], o["name"], o["activated_at"]) for o in listed] == [
        (offer_of(promotion), "Coffee for you", "2026-03-01T09:00:00Z"),
    ]  # fmt: skip
    assert (stopped["discount"], [r["code"] for r in stopped["refusals"]]) == (0, ["offer_unknown"])
    assert (await shop.get(f"/v1/members/{member}/offers")).json()["items"] == []


async def test_an_offer_that_is_chosen_at_the_till_applies_at_once_and_stays_activated(shop: Api) -> None:
    promotion = await publish(shop, tenth({"kind": "offer"}))
    member, card = await member_with_card(shop)
    chosen = {"offers": [offer_of(promotion)]}

    seen = await discount(shop, card, **chosen)
    still = (await shop.get(f"/v1/members/{member}/offers")).json()["items"][0]["activated_at"]
    first = await record(shop, buy("r-1", card, [line(1, 1_000)], **chosen))
    second = await record(shop, buy("r-2", card, [line(1, 1_000)]))
    anonymous = await preview(shop, None, **chosen)
    explained = (await shop.get(f"/v1/purchases/{second['id']}/explanation")).json()["promotions"][0]

    assert (seen, still) == (100, None)
    assert (first["discount"], second["discount"], anonymous["discount"]) == (100, 100, 0)
    assert explained["status"] == "applied"


async def test_an_offer_of_a_batch_counts_for_what_the_member_buys_later_in_it(shop: Api) -> None:
    promotion = await publish(shop, tenth({"kind": "offer"}))
    _, card = await member_with_card(shop)
    batch = [buy(f"r-{n}", card, [line(1, 1_000)]) for n in range(3)]
    batch[1]["offers"] = [offer_of(promotion)]

    items = (await shop.post("/v1/purchases/batch", {"purchases": batch})).json()["items"]

    assert [item["answer"]["discount"] for item in items] == [0, 100, 100]


async def test_only_the_offers_that_are_meant_for_a_member_are_shown_to_her(shop: Api) -> None:
    for_all = await publish(shop, tenth({"kind": "offer"}, {"kind": "basket_amount", "minimum": 5_000}))
    families = await publish(shop, tenth({"kind": "offer"}, {"kind": "audience", "audiences": ["families"]}))
    either = {
        "kind": "or",
        "of": [{"kind": "club", "clubs": ["wine"]}, {"kind": "store", "stores": ["riga-1"]}],
    }
    somewhere = await publish(shop, tenth({"kind": "offer"}, either))
    stranger = {"kind": "not", "of": [{"kind": "language", "languages": ["lv"]}]}
    await publish(shop, tenth({"kind": "offer"}, stranger))
    await publish(shop, tenth({"kind": "offer"}, until="2026-03-01T11:00:00"))
    await publish(shop, tenth())
    member, _ = await member_with_card(shop)
    parent, _ = await member_with_card(shop)
    await mark(shop, parent, "audience", "families")

    shown = [
        [one["id"] for one in (await shop.get(f"/v1/members/{who}/offers")).json()["items"]]
        for who in (member, parent)
    ]
    body = {"offer": offer_of(families)}
    foreign = await shop.post(f"/v1/members/{member}/offers", body)

    expected = [offer_of(one) for one in (for_all, families, somewhere)]
    assert shown == [[expected[0], expected[2]], expected]
    assert refused(foreign)[:2] == (409, "state_conflict")


async def test_what_is_no_offer_cannot_be_activated(shop: Api) -> None:
    plain = await publish(shop, tenth())
    member, card = await member_with_card(shop)

    wrong_kind = await shop.post(f"/v1/members/{member}/offers", {"offer": plain})
    no_offer = await shop.post(f"/v1/members/{member}/offers", {"offer": offer_of(plain)})
    at_the_till = await preview(shop, card, offers=[offer_of(plain), "nonsense"])
    mixed = buy("other-kind", card, [line(1, 100)], offers=["nonsense", plain])
    another_kind = await shop.post("/v1/purchases", mixed)

    assert refused(wrong_kind) == (422, "wrong_id_kind", "/offer")
    assert refused(no_offer)[:2] == (404, "not_found")
    assert refused(another_kind) == (422, "wrong_id_kind", "/offers/1")
    assert [(r["code"], r["name"]) for r in at_the_till["refusals"]] == [
        ("offer_unknown", offer_of(plain)), ("offer_unknown", "nonsense"),
    ]  # fmt: skip

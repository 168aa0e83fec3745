"""What stands in a member's accounts: adjustments, balance, statement, transfers; and her consents."""

from __future__ import annotations

from tests.api.conftest import Api
from tests.api.test_members import ANNA, enrolled, problem


async def test_adjustments_show_in_balance_and_statement(api: Api) -> None:
    path = f"/v1/members/{(await enrolled(api, **ANNA))['id']}"
    for amount in (500, -120):
        body = {"currency": "PTS", "amount": amount, "reason": "a complaint"}
        assert (await api.post(f"{path}/adjustments", body)).status_code == 201
    (points,) = (await api.get(f"{path}/balance")).json()["currencies"]
    assert (points["available"], points["worth"]) == (380, {"amount": 380, "currency": "EUR"})
    assert [part["amount"] for part in points["expiring"]] == [380]
    statement = (await api.get(f"{path}/statement")).json()
    assert [(item["change"], item["balance"]) for item in statement["items"]] == [(-120, 380), (500, 500)]
    assert statement["items"][0]["reason"] == "a complaint"
    assert statement["items"][0]["by"].startswith("key_")
    assert statement["next"] is None


async def test_a_statement_is_paged_and_filtered(api: Api) -> None:
    path = f"/v1/members/{(await enrolled(api, **ANNA))['id']}"
    for amount in (1, 2, 3):
        await api.post(f"{path}/adjustments", {"currency": "PTS", "amount": amount, "reason": "x"})
    first = (await api.get(f"{path}/statement", limit=2)).json()
    second = (await api.get(f"{path}/statement", limit=2, cursor=first["next"])).json()
    assert [item["change"] for item in first["items"] + second["items"]] == [3, 2, 1]
    assert second["next"] is None
    for query, count in (
        ({"from": "2026-01-01"}, 3),
        ({"to": "2026-01-01"}, 0),
        ({"from": "2999-01-01T00:00:00+02:00"}, 0),
        ({"currency": "PTS"}, 3),
    ):
        assert len((await api.get(f"{path}/statement", **query)).json()["items"]) == count
    for query, code in (
        ({"from": "yesterday"}, "invalid_value"),
        ({"from": "2026-01-01T00:00:00"}, "invalid_value"),
        ({"to": "0001-01-01"}, "invalid_value"),
        ({"currency": "ABC"}, "currency_unknown"),
        ({"cursor": "abc"}, "invalid_value"),
        ({"limit": 501}, "invalid_value"),
        ({"form": "2026-01-01"}, "unknown_field"),
    ):
        assert problem(await api.get(f"{path}/statement", **query))[:2] == (422, code)


async def test_points_go_to_another_member(api: Api) -> None:
    anna, zane = await enrolled(api, **ANNA), await enrolled(api, phone="20000002")
    path = f"/v1/members/{anna['id']}"
    await api.post(f"{path}/adjustments", {"currency": "PTS", "amount": 100, "reason": "x"})
    body = {"to": zane["id"], "currency": "PTS", "amount": 60}
    assert (await api.post(f"{path}/transfers", body)).status_code == 201
    assert (await api.get(f"{path}/balance")).json()["currencies"][0]["available"] == 40
    found = await api.post("/v1/members/find", {"phone": "20000002"}, scope="till")
    assert found.json()["balance"]["currencies"][0]["available"] == 60
    assert problem(await api.post(f"{path}/transfers", body))[:2] == (409, "insufficient_points")


async def test_a_consent_is_recorded_and_answered_once(api: Api) -> None:
    path = f"/v1/members/{(await enrolled(api))['id']}/consents"
    body = {"channel": "sms", "purpose": "marketing", "granted": False, "source": "till"}
    first = await api.post(path, body, scope="till", key="c1")
    again = await api.post(path, body, scope="till", key="c1")
    assert first.status_code == 201
    assert {name: first.json()[name] for name in body} == body
    assert (first.json()["state"], first.json()["recorded_by"][:4]) == ("withdrawn", "key_")
    assert again.json() == first.json()
    assert problem(await api.post(path, {**body, "channel": "pigeon"}))[:2] == (422, "invalid_value")

"""A retailer's program from a template: up at once, with members of the old system and a list of who agreed (S17)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.db.pool import Database
from regulars.flows.create_key import NewKey, create_key
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.found_program import fill_program, template_of
from regulars.flows.known_programs import KnownPrograms
from regulars.programs.template import program_templates
from tests.api.conftest import SCOPES, Api
from tests.api.shop import balance, buy, line, record
from tests.conftest import START
from tests.db.test_cli_installation import Shell, shell

__all__ = ["shell"]
ALL_LANGUAGES = ("lv", "ru", "en", "et", "hu")


async def from_template(
    client: httpx.AsyncClient, database: Database, code: str, languages: tuple[str, ...] = ("lv", "en")
) -> Api:
    """A sandbox program from a template, with a key for every scope."""
    template = template_of(code)
    new = NewProgram("Retailer", "EUR", "Europe/Riga", languages, template.settings, sandbox=True)
    made = (await create_program(database, new, at=START)).program
    await fill_program(database, KnownPrograms(database), made, template, at=START)
    keys = {}
    for scope in SCOPES:
        _, keys[scope] = await create_key(database, made.id, NewKey((scope,)), at=START)
    return Api(client, made, keys)


@pytest.mark.parametrize("code", sorted(program_templates()))
@pytest.mark.parametrize("languages", [("lv",), ("hu", "et"), ALL_LANGUAGES], ids="-".join)
async def test_every_template_makes_a_program_in_every_language(
    client: httpx.AsyncClient, database: Database, code: str, languages: tuple[str, ...]
) -> None:
    api = await from_template(client, database, code, languages)

    live = (await api.get("/v1/promotions")).json()["items"]
    assert [one["status"] for one in live] == ["live"] * len(template_of(code).promotions)
    asked = (await api.get("/v1/program/questionnaire")).json()
    assert {frozenset(question["labels"]) for question in asked["questions"]} == {frozenset(languages)}
    (wording,) = (await api.get("/v1/consent-wordings")).json()["items"]
    assert set(wording["texts"]) == set(languages)


@pytest.mark.parametrize("code", sorted(program_templates()))
async def test_a_dear_promotion_of_a_template_program_waits_once_two_may_decide_and_not_before(
    client: httpx.AsyncClient, database: Database, code: str
) -> None:
    api = await from_template(client, database, code)
    api.database = database
    settings = (await api.get("/v1/program")).json()["settings"]
    limit = settings["publish_budget_limit"]
    assert (limit > 0, settings["publish_limit_rests_alone"]) == (True, True)

    async def published(budget: int) -> int:
        made = await api.post("/v1/promotions", costing(settings, budget))
        assert made.status_code == 201, made.text
        path = f"/v1/promotions/{made.json()['id']}"
        lint = (await api.post(f"{path}/lint")).json()["findings"]
        warned = [one["code"] for one in lint if one["severity"] == "warning"]
        return (await api.post(f"{path}/publish", {"accept_warnings": warned})).status_code

    assert await published(limit + 1) == 200, "nobody of the staff could agree"
    await api.add_staff("owner", email=f"owner-{code}@shop.example")
    assert await published(limit + 1) == 200, "she is alone"
    await api.add_staff("marketing", email=f"marketing-{code}@shop.example")
    assert await published(limit + 1) == 200, "marketing does not decide"
    await api.add_staff("finance", email=f"finance-{code}@shop.example")
    assert [await published(limit), await published(limit + 1)] == [200, 202]


def costing(settings: dict[str, Any], budget: int) -> dict[str, Any]:
    """A promotion that costs so much in all."""
    group = next(one["name"] for one in settings["groups"] if one["stage"] == "basket")
    return {
        "name": "Five percent", "group": group, "benefits": [{"kind": "basket_percent", "percent": "5"}],
        "limits": [{"per": "total", "amount": budget}],
    }  # fmt: skip


@pytest.mark.scenario("S17")
async def test_a_retailers_program_takes_over_its_members_and_hands_over_who_agreed(
    client: httpx.AsyncClient, database: Database
) -> None:
    api = await from_template(client, database, "grocery")
    sent: list[dict[str, Any]] = []
    for n in range(3000):
        consent = {"channel": "sms", "purpose": "marketing", "granted": n % 3 == 0, "wording": "marketing"}
        sent.append(
            {
                "external_id": f"crm-{n}",
                "phone": f"+3712{n:07}",
                "name": f"Member {n}",
                "balances": [{"points": n + 1}],
                "consents": [consent] if n % 3 < 2 else [],
            }
        )

    answer = await api.post("/v1/members/batch", {"members": sent})

    items = answer.json()["items"]
    assert [item["status"] for item in items] == [201] * 3000
    listed = await api.get("/v1/members/handover", purpose="marketing", channel="sms")
    rows = list(csv.DictReader(io.StringIO(listed.text)))
    assert {row["contact"] for row in rows} == {f"'+3712{n:07}" for n in range(0, 3000, 3)}
    assert {(row["wording"], row["wording_version"]) for row in rows} == {("marketing", "1")}
    by_mail = await api.get("/v1/members/handover", purpose="marketing", channel="email")
    assert len(list(csv.DictReader(io.StringIO(by_mail.text)))) == 0
    given = (await api.get("/v1/handovers")).json()["items"]
    assert [(one["channel"], one["members"]) for one in given] == [("email", 0), ("sms", 1000)]
    sources = (await api.get("/v1/members/sources", to="2036-01-01T00:00:00Z")).json()
    assert [(one["source"], one["members"]) for one in sources["items"]] == [("import", 3000)]


async def test_a_newcomer_is_welcomed_and_earns(client: httpx.AsyncClient, database: Database) -> None:
    api = await from_template(client, database, "grocery")
    member = (await api.post("/v1/members", {"phone": "+37120000001"})).json()
    assert (await balance(api, member["id"]))["available"] == 100

    at = "2026-03-02T11:00:00+02:00"
    await api.post("/v1/sandbox/clock", {"now": at})
    bought = await record(api, buy("r-1", member["cards"][0]["number"], [line(1, 1000)], purchased_at=at))

    assert sum(earning["amount"] for earning in bought["earned"]) == 10


def test_the_command_line_makes_one(shell: Shell, tmp_path: Path) -> None:
    made = shell.program("--template", "cafe")
    assert (made["template"], made["promotions"]) == ("cafe", 3)
    code, out, error = shell.run("promotions", "export", "--program", made["program"])
    assert code == 0, error
    assert len(json.loads(out)["promotions"]) == 3

    place = ("--currency", "EUR", "--time-zone", "Europe/Riga", "--languages", "lv,en")
    code, _, error = shell.run("program", "create", "Test", *place, "--template", "bank")
    all_of_them = "grocery, cafe, restaurant, salon, fuel, pharmacy, airline, b2b"
    assert (code, f"There is no template 'bank'; there are {all_of_them}." in error) == (2, True), error

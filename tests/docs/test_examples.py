"""The examples of the documents do what they say: each curl call answers the status that stands above it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars import ids
from regulars.db.pool import Database
from regulars.flows.create_program import NewProgram, create_program
from tests.api.conftest import Api
from tests.api.shop import earning_member, member_with_card
from tests.conftest import MASTER_KEY
from tests.docs.markdown import ROOT, Assignment, Curl, blocks, filled, read_json, steps

URL = "http://regulars.test"


def examples(document: str) -> list[Curl | Assignment]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [step for block in blocks(text) if block.language == "sh" for step in steps(block.text)]


@pytest.mark.parametrize(
    ("document", "calls"),
    [
        ("README.md", 2),
        ("docs/integrating-a-till.md", 21),
        ("docs/enrolment.md", 11),
        ("docs/aggregators.md", 2),
        ("docs/accounts.md", 13),
        ("docs/referrals.md", 1),
        ("docs/activity.md", 4),
        ("docs/challenges.md", 1),
        ("docs/entitlements.md", 5),
        ("docs/offline.md", 6),
    ],
    ids=[
        "readme",
        "till",
        "enrolment",
        "aggregators",
        "accounts",
        "referrals",
        "activity",
        "challenges",
        "entitlements",
        "offline",
    ],
)
async def test_every_curl_call_of_a_document_answers_the_status_above_it(
    api: Api, document: str, calls: int
) -> None:
    member, card = await earning_member(api)
    given = {"currency": "PTS", "amount": 2000, "reason": "to have something to spend"}
    assert (await api.post(f"/v1/members/{member}/adjustments", given)).status_code == 201
    known = {
        "URL": URL,
        "KEY": api.keys["till"],
        "MANAGE_KEY": api.keys["manage"],
        "CARD": card,
        "NOW": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    last = ""
    stated: list[tuple[str, int]] = []
    found: list[tuple[str, int]] = []

    for step in examples(document):
        if isinstance(step, Assignment):
            if step.name not in known:
                prefix, _, rest = step.value.partition("_")
                assert rest == "…", f"{step.name} is neither known nor taken from an answer"
                assert last.startswith(prefix + "_")
                known[step.name] = last
            continue
        body = read_json(filled(step.body, known)) if step.body is not None else None
        headers = {field: filled(value, known) for field, value in step.headers.items()}
        answer = await api.client.request(
            step.method, filled(step.address, known), json=body, headers=headers
        )
        stated.append((f"{step.method} {step.address}", step.status))
        found.append((f"{step.method} {step.address}", answer.status_code))
        last = str(answer.json().get("id", "")) if answer.status_code < 300 else ""

    assert found == stated
    assert len(found) == calls


async def test_the_as_sold_example_is_recorded_with_the_warning_that_the_document_names(api: Api) -> None:
    _, card = await member_with_card(api)
    batch = next(
        step
        for step in examples("docs/integrating-a-till.md")
        if isinstance(step, Curl) and step.address.endswith("/batch")
    )
    assert batch.body is not None
    now = datetime.now(UTC).isoformat(timespec="seconds")

    answer = await api.post(
        "/v1/purchases/batch", read_json(filled(batch.body, {"CARD": card, "NOW": now})), scope="till"
    )

    items = answer.json()["items"]
    assert [item["status"] for item in items] == [201, 201]
    assert [[w["code"] for w in item["answer"]["warnings"]] for item in items] == [
        [],
        ["invalid_card_number"],
    ]
    assert [item["answer"]["payable"] for item in items] == [810, 146]


def test_the_runbooks_script_begins_an_epoch_for_every_program(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def made() -> str:
        async with Database(database_url) as database:
            new = NewProgram("Restored", "EUR", "Europe/Riga", ("lv",))
            return ids.show("prg", (await create_program(database, new, at=datetime.now(UTC))).program.id)

    program = asyncio.run(made())
    secret = tmp_path / "secret"
    secret.write_text("a secret of at least 32 bytes for tests")
    monkeypatch.setenv("REGULARS_DATABASE_URL", database_url)
    monkeypatch.setenv("REGULARS_SECRET_FILE", str(secret))
    monkeypatch.setenv("REGULARS_MASTER_KEY", MASTER_KEY)
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    script = re.search(r"<<'PYTHON'\n(.*?)\nPYTHON", text, re.DOTALL)
    assert script is not None

    exec(script[1], {})

    assert f"{program} epoch 2" in capsys.readouterr().out.splitlines()

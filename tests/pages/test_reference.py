"""The reference of the API: a page for every call, made of its declaration, loading nothing from elsewhere."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from regulars.app import ENDPOINTS
from regulars.web import openapi, reference
from regulars.web.pages import SECURITY_HEADERS

REFERENCE = reference.Reference(ENDPOINTS, openapi.document(ENDPOINTS))


async def test_the_first_page_lists_every_call_in_its_group(client: httpx.AsyncClient) -> None:
    page = (await client.get("/reference")).text
    for one in REFERENCE.operations.values():
        assert f'<a href="/reference/{one.id}"><code>{one.path}</code></a>' in page
    assert len(REFERENCE.operations) == len(ENDPOINTS), "no two calls have the same id"


async def test_every_call_has_a_page_with_what_it_takes_and_answers(client: httpx.AsyncClient) -> None:
    for one in REFERENCE.operations.values():
        answer = await client.get(f"/reference/{one.id}")
        assert answer.status_code == 200, one.id
        assert answer.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]
        for field in [*one.places, *one.queries, *(one.body.fields if one.body else ())]:
            assert f"<td><code>{field.name}</code>" in answer.text, f"{one.id} {field.name}"
        for target in re.findall(r'href="#([^"]+)"', answer.text):
            assert f'id="{target}"' in answer.text, f"{one.id} leads to {target}"


async def test_a_page_of_the_reference_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = (await client.get("/reference/purchases_record")).text
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page) == []
    assert "<style" not in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"\son[a-z]+=|\sstyle=", page) == []


@pytest.mark.parametrize("path", ["/reference", "/reference/purchases_record"])
async def test_a_page_of_the_reference_is_sent_compressed_to_whom_takes_that(
    client: httpx.AsyncClient, path: str
) -> None:
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    small = await client.get(f"{path}?lang=en", headers={"Accept-Encoding": "gzip"})
    assert ("content-encoding" in plain.headers, small.headers["content-encoding"]) == (False, "gzip")
    assert small.text == plain.text
    assert int(small.headers["content-length"]) < 60_000
    assert small.headers["set-cookie"].startswith("regulars_language=en")
    for answer in (plain, small):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]


async def test_an_unknown_call_leads_to_the_list(client: httpx.AsyncClient) -> None:
    answer = await client.get("/reference/nonsense")
    assert (answer.status_code, answer.headers["location"]) == (303, "/reference")


@pytest.mark.parametrize(
    ("code", "word"), [("lv", "Atbilde"), ("ru", "Ответ"), ("et", "Vastus"), ("hu", "Válasz")]
)
async def test_what_is_around_the_calls_speaks_the_readers_language(
    client: httpx.AsyncClient, code: str, word: str
) -> None:
    page = (await client.get(f"/reference/purchases_record?lang={code}")).text
    assert f"<h2>{word} <code>201</code></h2>" in page
    assert "Record a purchase" in page, "what the API says stays English"


def test_examples_are_json_with_everything_that_is_needed() -> None:
    for one in REFERENCE.operations.values():
        if one.body is not None and one.example:
            needed = {field.name for field in one.body.fields if field.required}
            assert needed <= set(json.loads(one.example)), one.id
        assert one.answered == "" or json.loads(one.answered) is not None


def test_the_snippets_name_the_call_its_key_and_its_method_of_the_client() -> None:
    one = REFERENCE.operations["members_adjust"]
    command = reference.curl_of(one, "http://here")
    assert command.startswith("curl -sS -X POST http://here/v1/members/{id}/adjustments \\\n")
    assert '-H "Idempotency-Key: $(uuidgen)"' in command
    code = reference.python_of(one, "http://here")
    compile(code, "snippet", "exec")
    assert 'regulars.members.adjust("id_…", body)' in code

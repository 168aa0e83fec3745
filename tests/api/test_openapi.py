"""The published document: valid OpenAPI 3.1, with every declared call, and strict about requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs
import msgspec
import pytest

from regulars.app import ENDPOINTS
from regulars.web import openapi

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as the code makes it and JSON carries it."""
    return msgspec.json.decode(msgspec.json.encode(openapi.document(ENDPOINTS)))


@pytest.mark.fast
async def test_the_server_publishes_it_without_a_key(
    client: httpx.AsyncClient, document: dict[str, Any]
) -> None:
    answer = await client.get("/v1/openapi.json")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == document


def test_it_is_openapi_3_1_and_every_call_that_is_declared_is_in_it(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert set(document) <= {"openapi", "info", "servers", "security", "paths", "components", "tags"}
    assert {"title", "version"} <= set(document["info"])
    found = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert found == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}


def test_every_call_has_a_name_of_its_own_and_the_parameters_of_its_address(document: dict[str, Any]) -> None:
    names: list[str] = []
    for path, method, operation in operations(document):
        names.append(operation["operationId"])
        parameters = operation["parameters"]
        in_path = [p["name"] for p in parameters if p["in"] == "path"]
        assert in_path == re.findall(r"\{(\w+)\}", path)
        assert all(p["required"] for p in parameters if p["in"] == "path")
        assert len({(p["in"], p["name"]) for p in parameters}) == len(parameters)
        assert all(p["in"] in ("path", "query", "header") and "schema" in p for p in parameters)
        assert all("description" in response for response in operation["responses"].values())
        assert operation["summary"]
        assert method in METHODS
    assert len(set(names)) == len(names)


def test_every_schema_is_a_json_schema_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in schemas:
        whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        jsonschema_rs.validator_for(whole)
    for reference in references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step.replace("~1", "/").replace("~0", "~")]


def test_no_request_takes_a_field_that_it_does_not_name(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    loose: set[str] = set()
    for _, _, operation in operations(document):
        if "requestBody" in operation:
            for content in operation["requestBody"]["content"].values():
                loose |= open_objects(content["schema"], schemas, set())

    assert loose == set()


def test_a_post_that_makes_something_names_its_idempotency_key(document: dict[str, Any]) -> None:
    without = {
        path
        for path, method, operation in operations(document)
        if method == "post"
        and not any(p["name"] == "Idempotency-Key" and p["required"] for p in operation["parameters"])
    }

    assert without >= {"/v1/purchases", "/v1/purchases/preview", "/v1/purchases/batch"}
    named = {endpoint.path for endpoint in ENDPOINTS if endpoint.idempotent}
    assert not without & named


def test_errors_are_problems(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method, operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    """Every `$ref` in a JSON value."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def open_objects(schema: Any, schemas: dict[str, Any], seen: set[str], name: str = "body") -> set[str]:
    """Structs in a schema (objects with named properties) that take more than they name."""
    if isinstance(schema, list):
        return {found for part in schema for found in open_objects(part, schemas, seen, name)}
    if not isinstance(schema, dict):
        return set()
    found: set[str] = set()
    reference = schema.get("$ref")
    if reference is not None:
        target = reference.rpartition("/")[2]
        if target in seen:
            return set()
        seen.add(target)
        return open_objects(schemas[target], schemas, seen, target)
    if (
        schema.get("type") == "object"
        and "properties" in schema
        and schema.get("additionalProperties") is not False
    ):
        found.add(name)
    for key, part in schema.items():
        if key == "properties":
            for field, of_field in part.items():
                found |= open_objects(of_field, schemas, seen, f"{name}.{field}")
        elif key != "default":
            found |= open_objects(part, schemas, seen, name)
    return found

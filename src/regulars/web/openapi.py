"""The OpenAPI document, built from the declared calls and the structs themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from regulars import __version__
from regulars.web import field_notes
from regulars.web.endpoints import REASON_MAX, Endpoint, NoQuery

_REFERENCE = "#/components/schemas/{name}"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457, with a stable `code` and a JSON pointer for every field at fault.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
        "request_id": {"type": "string"},
    },
}
PROBLEM_STATUSES = ("400", "401", "403", "404", "409", "413", "422", "429", "503")


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The whole document (OpenAPI 3.1)."""
    endpoints = list(endpoints)
    shapes: dict[str, Any] = {}
    for endpoint in endpoints:
        for shape in (endpoint.body, endpoint.answer, endpoint.waits):
            if shape is not None:
                shapes[repr(shape)] = shape
    schemas, components = msgspec.json.schema_components(list(shapes.values()), ref_template=_REFERENCE)
    _add_notes(components, shapes.values())
    by_shape = dict(zip(shapes, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, by_shape)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Regulars",
            "version": __version__,
            "description": "Amounts are integers in the minor unit of their currency; instants are RFC 3339 with an "
            "offset; answers may gain fields at any time.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _add_notes(components: dict[str, Any], shapes: Iterable[Any]) -> None:
    """Let each field be described by what stands below it in the code."""
    for name, shape in field_notes.structs_within(shapes).items():
        schema = components.get(name) or components.get(shape.__name__, {})
        for field, text in field_notes.notes(shape).items():
            schema.get("properties", {}).get(field, {}).setdefault("description", text)


def _operation(endpoint: Endpoint, by_shape: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__module__.rpartition(".")[2] + "_" + endpoint.handler.__name__,
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": endpoint.description + f"\n\nScopes: {', '.join(sorted(endpoint.scopes))}.",
        "parameters": list(_parameters(endpoint)),
        "responses": _responses(endpoint, by_shape),
    }
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": by_shape[repr(endpoint.body)]}},
        }
    if endpoint.upload:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    return operation


def _parameters(endpoint: Endpoint) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", endpoint.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if endpoint.query is not NoQuery:
        yield from _query_parameters(endpoint.query)
    if endpoint.grant:
        yield _grant_parameter()
    if endpoint.idempotent or endpoint.heeds_key:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": endpoint.idempotent,
            "description": "The caller's name for this write; sent again, it gets the first answer.",
            "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
        }
    if endpoint.method != "GET":
        yield _reason_parameter()


def _reason_parameter() -> dict[str, Any]:
    return {
        "name": "Regulars-Reason",
        "in": "header",
        "required": False,
        "description": "Why: it stands with the change in the audit trail. Other letters than ASCII percent-encoded.",
        "schema": {"type": "string", "maxLength": REASON_MAX},
    }


def _grant_parameter() -> dict[str, Any]:
    return {
        "name": "Regulars-Grant",
        "in": "header",
        "required": False,
        "description": "The token of the member's grant, in whose name the wallet asks.",
        "schema": {"type": "string", "maxLength": 200},
    }


def _query_parameters(shape: type[Struct]) -> Iterable[dict[str, Any]]:
    schema = msgspec.json.schema(shape)
    definition = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    required = definition.get("required", [])
    for name, value in definition["properties"].items():
        yield {"name": name, "in": "query", "required": name in required, "schema": value}


def _responses(endpoint: Endpoint, by_shape: dict[str, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done."}
    if endpoint.answer is not None:
        success["content"] = {endpoint.media_type: {"schema": by_shape[repr(endpoint.answer)]}}
    elif endpoint.media_type != "application/json":
        text = endpoint.media_type.startswith("text/") or endpoint.media_type.endswith("+xml")
        schema = {"type": "string"} if text else {"type": "string", "format": "binary"}
        success["content"] = {endpoint.media_type: {"schema": schema}}
    responses = {str(endpoint.status): success}
    if endpoint.accepts_later:
        responses["202"] = success | {
            "description": "It is done by a job; `Location` says where to follow it."
        }
    if endpoint.waits is not None:
        responses["202"] = {
            "description": "A second person has to agree first; `Location` says where to follow it.",
            "content": {"application/json": {"schema": by_shape[repr(endpoint.waits)]}},
        }
    problem = {
        "description": "A problem; see its `code`.",
        "content": {"application/problem+json": {"schema": {"$ref": _REFERENCE.format(name="Problem")}}},
    }
    for status in PROBLEM_STATUSES:
        responses[status] = problem
    return responses

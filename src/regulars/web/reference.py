"""The reference of the API as pages: every call with its fields, examples, and a form to try it. Made of the declared
calls, served by the process itself; nothing is loaded from elsewhere."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect
from markupsafe import Markup, escape
from msgspec import Struct

from regulars.web import pages
from regulars.web.endpoints import Endpoint
from regulars.web.once import Once

HttpRequest = Request[Any, Any, Any]
ROOT = "/reference"
DEEP_MAX = 5
"""How far an example goes into shapes within shapes."""
_SAMPLES = (
    ("purchased_at", "2026-03-01T11:00:00+02:00"),
    ("_at", "2026-03-01T11:00:00+02:00"),
    ("currency", "EUR"),
    ("phone", "+37126000001"),
    ("email", "anna@example.com"),
    ("address", "https://crm.example/hooks"),
    ("quantity", "1"),
    ("store", "riga-1"),
    ("sku", "bread"),
    ("language", "lv"),
    ("name", "Anna"),
)


_BOUNDS = (
    ("minimum", "≥ {}"),
    ("maximum", "≤ {}"),
    ("maxLength", "at most {} characters"),
    ("maxItems", "at most {}"),
)


class Field(Struct, frozen=True):
    """One field of a body, an answer or an address."""

    name: str
    kind: str
    shape: str
    """The shape that it is of, or its items are; empty: none with a name."""
    required: bool
    about: str


class Shape(Struct, frozen=True):
    """A struct by name, with its fields."""

    name: str
    about: str
    fields: tuple[Field, ...]


class Operation(Struct, frozen=True):
    """A call as its page shows it."""

    id: str
    group: str
    method: str
    path: str
    summary: str
    description: str
    scopes: tuple[str, ...]
    places: tuple[Field, ...]
    queries: tuple[Field, ...]
    body: Shape | None
    answer: Shape | None
    shapes: tuple[Shape, ...]
    """Those that body and answer are made of."""
    media_type: str
    status: int
    idempotent: bool
    example: str
    """Of the body, as JSON."""
    answered: str
    """Of the answer."""
    client: str
    """The method of the Python client."""


class Reference:
    """The pages' content, made of an OpenAPI document and the calls it was made of."""

    def __init__(self, endpoints: Sequence[Endpoint], document: dict[str, Any]):
        self._document = document
        self._schemas: dict[str, Any] = document["components"]["schemas"]
        made = [self._operation(endpoint) for endpoint in endpoints]
        self.operations = {one.id: one for one in made}
        """Every call, by its id."""
        groups: dict[str, list[Operation]] = {}
        for one in made:
            groups.setdefault(one.group, []).append(one)
        self.groups = list(groups.items())
        """The calls by group, in the order in which they are declared."""

    def _operation(self, endpoint: Endpoint) -> Operation:
        described = self._document["paths"][endpoint.path][endpoint.method.lower()]
        success = described["responses"][str(endpoint.status)].get("content", {})
        sent = _json_schema(described.get("requestBody", {}).get("content", {}))
        got = _json_schema(success)
        body, answer = self._shape(sent), self._shape(got)
        module = endpoint.handler.__module__.rpartition(".")[2]
        parameters = described["parameters"]
        return Operation(
            id=described["operationId"],
            group=endpoint.tag[:1].upper() + endpoint.tag[1:],
            method=endpoint.method,
            path=endpoint.path,
            summary=endpoint.summary,
            description=endpoint.description.partition("\n")[2].strip(),
            scopes=tuple(sorted(endpoint.scopes)),
            places=tuple(self._parameter(one) for one in parameters if one["in"] == "path"),
            queries=tuple(self._parameter(one) for one in parameters if one["in"] == "query"),
            body=body,
            answer=answer,
            shapes=tuple(self._within([shape for shape in (body, answer) if shape])),
            media_type=next(iter(success), ""),
            status=endpoint.status,
            idempotent=endpoint.idempotent,
            example=_pretty(self._sample(sent, "", 0)) if sent is not None else "",
            answered=_pretty(self._sample(got, "", 0, whole=True)) if got is not None else "",
            client=f"{module}.{endpoint.handler.__name__}",
        )

    def _parameter(self, described: dict[str, Any]) -> Field:
        return self._field(described["name"], described["schema"], required=described["required"])

    def _field(self, name: str, schema: dict[str, Any], *, required: bool) -> Field:
        kind, shape = self._kind(schema)
        return Field(name, kind, shape, required, _about(schema))

    def _shape(self, schema: dict[str, Any] | None) -> Shape | None:
        name = _named(schema) if schema else ""
        found = self._schemas.get(name)
        if found is None or "properties" not in found:
            return None
        required = set(found.get("required", ()))
        fields = [
            self._field(field, value, required=field in required)
            for field, value in found["properties"].items()
        ]
        return Shape(plain_name(name), found.get("description", ""), tuple(fields))

    def _within(self, shapes: list[Shape]) -> Iterable[Shape]:
        """The shapes that these are made of, each once, as they are met."""
        met = {shape.name for shape in shapes}
        waiting = [field.shape for shape in shapes for field in shape.fields if field.shape]
        by_plain = {plain_name(name): name for name in self._schemas}
        while waiting:
            name = waiting.pop(0)
            if name in met:
                continue
            met.add(name)
            shape = self._shape({"$ref": by_plain[name]})
            if shape is not None:
                yield shape
                waiting += [field.shape for field in shape.fields if field.shape]

    def _kind(self, schema: dict[str, Any]) -> tuple[str, str]:
        """How a field's type is said, and the shape it names."""
        if "$ref" in schema:
            name = _named(schema)
            if "properties" in self._schemas[name]:
                return plain_name(name), plain_name(name)
            return self._kind(self._schemas[name])
        if "anyOf" in schema:
            parts = [self._kind(part) for part in schema["anyOf"]]
            said = " | ".join(dict.fromkeys(kind for kind, _ in parts))
            return said, next((shape for _, shape in parts if shape), "")
        if "enum" in schema:
            return " | ".join(json.dumps(value) for value in schema["enum"]), ""
        if schema.get("type") == "array":
            kind, shape = self._kind(schema.get("items", {}))
            return f"[{kind}]", shape
        if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
            kind, shape = self._kind(schema["additionalProperties"])
            return f"{{name: {kind}}}", shape
        return str(schema.get("format") or schema.get("type") or "any"), ""

    def _sample(self, schema: dict[str, Any], name: str, deep: int, *, whole: bool = False) -> Any:
        """An example of a schema: of a body what is required, of an answer everything."""
        if "$ref" in schema:
            return self._sample(self._schemas[_named(schema)], name, deep, whole=whole)
        if "default" in schema:
            return schema["default"]
        if "anyOf" in schema:
            parts = [part for part in schema["anyOf"] if part.get("type") != "null"]
            return self._sample(parts[0], name, deep, whole=whole) if parts else None
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            return self._sample_of_fields(schema, deep, whole=whole)
        if kind == "array":
            return (
                []
                if deep >= DEEP_MAX
                else [self._sample(schema.get("items", {}), name, deep + 1, whole=whole)]
            )
        if kind in ("integer", "number"):
            return max(schema.get("minimum", 0), 1)
        return {"boolean": False, "object": {}, "string": _text(schema, name)}.get(str(kind))

    def _sample_of_fields(self, schema: dict[str, Any], deep: int, *, whole: bool) -> Any:
        if deep >= DEEP_MAX:
            return {}
        wanted = schema["properties"] if whole else schema.get("required", ())
        return {
            field: self._sample(schema["properties"][field], field, deep + 1, whole=whole) for field in wanted
        }


def routes(described: Once[Reference]) -> list[Any]:
    """The handlers of the pages."""

    @get(ROOT, include_in_schema=False)
    async def index(request: HttpRequest) -> Response[Any]:
        """All calls, by group."""
        reference = await described.later()
        return _small(
            request,
            pages.page(request, "reference/index.html", groups=reference.groups, marked=marked, here=None),
        )

    @get(ROOT + "/{operation:str}", include_in_schema=False)
    async def operation(request: HttpRequest) -> Response[Any]:
        """One call."""
        reference = await described.later()
        found = reference.operations.get(str(request.path_params["operation"]))
        if found is None:
            return Redirect(ROOT, status_code=303, headers=dict(pages.SECURITY_HEADERS))
        address = str(request.base_url).rstrip("/")
        return _small(request, pages.page(
            request, "reference/operation.html", groups=reference.groups, marked=marked, here=found,
            curl=curl_of(found, address), python=python_of(found, address),
        ))  # fmt: skip

    return [index, operation]


def _small(request: HttpRequest, page: Response[str]) -> Response[Any]:
    """The page by gzip where the browser takes that: it keeps no secret that its size could tell."""
    page.headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return page
    return Response(
        gzip.compress(page.content.encode(), 6, mtime=0),
        media_type=page.media_type,
        headers={**page.headers, "Content-Encoding": "gzip"},
        cookies=page.cookies,
    )


def curl_of(operation: Operation, address: str) -> str:
    """The call as a command line."""
    lines = [f"curl -sS -X {operation.method} {address}{operation.path}"]
    lines.append('-H "Authorization: Bearer $REGULARS_KEY"')
    if operation.idempotent:
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    command = " \\\n  ".join(lines)
    return f"{command} \\\n  --json @- <<'JSON'\n{operation.example}\nJSON" if operation.example else command


def python_of(operation: Operation, address: str) -> str:
    """The call with the Python client."""
    given = [f'"{place.name}_…"' for place in operation.places] + (["body"] if operation.example else [])
    begin = (
        f"body = msgspec.convert({operation.example}, models.{operation.body.name})\n"
        if operation.body
        else ""
    )
    if operation.example and not operation.body:
        begin = f"body = {operation.example}\n"
    begin = re.sub(
        r"\b(false|true|null)\b", lambda word: {"null": "None"}.get(word[0], word[0].title()), begin
    )
    imports = "import msgspec\n" if operation.body else ""
    models = ", models" if operation.body else ""
    return (
        f"import os\n\n{imports}from regulars_client import Regulars{models}\n\n{begin}"
        f'with Regulars("{address}", os.environ["REGULARS_KEY"]) as regulars:\n'
        f"    print(regulars.{operation.client}({', '.join(given)}))"
    )


def marked(text: str) -> Markup:
    """A docstring's paragraphs, with what stands between backticks as code."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    coded = [re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(part))) for part in paragraphs]
    return Markup("".join(f"<p>{part}</p>" for part in coded))  # noqa: S704


def plain_name(name: str) -> str:
    """The name of a shape without its modules, unless another one is called so too."""
    *modules, plain = name.split(".")
    return (
        f"{modules[-2] if modules[-1] in ('model', 'views') else modules[-1]}.{plain}" if modules else plain
    )


def _named(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _json_schema(content: dict[str, Any]) -> dict[str, Any] | None:
    return content["application/json"]["schema"] if "application/json" in content else None


def _about(schema: dict[str, Any]) -> str:
    said = [schema.get("description", "")]
    said += [text.format(schema[name]) for name, text in _BOUNDS if name in schema]
    if schema.get("default") not in (None, "", [], (), {}, False):
        said.append(f"= {json.dumps(schema['default'], ensure_ascii=False)}")
    return " · ".join(part for part in said if part)


def _text(schema: dict[str, Any], name: str) -> str:
    return next((sample for ending, sample in _SAMPLES if name.endswith(ending)), name or "…")


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)

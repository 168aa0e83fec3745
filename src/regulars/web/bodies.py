"""Turns bytes, query strings and path segments into validated structs, or into a Problem with JSON pointers."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
from litestar.connection import Request
from msgspec import Struct, structs

from regulars import clock
from regulars.errors import (
    BadRequest,
    BodyTooLarge,
    BodyTooSlow,
    Fault,
    InvalidValue,
    MalformedJson,
    Problem,
    UnknownField,
    Unprocessable,
)

BODY_BYTES_MAX = 8 * 1024 * 1024
BODY_SECONDS_MAX = 20.0
FILE_SECONDS_MAX = 600.0
"""From when it is waited for until all of it is there."""
NAMED_BYTES_MAX = 65_536
NAMED_MAX = 100
"""Up to these a member at fault, of an object whose names the sender chose, is looked for by its name."""
ANY = "..."
Shape = TypeVar("Shape", bound=Struct)

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>.*)`", re.DOTALL)
_PATH = re.compile(r" - at `(?P<path>.*?)`$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_LONG_AGO = re.compile(rb'"[01]\d{3}-')
_OF_RECEIPTS = frozenset({"purchased_at", "returned_at"})
"""Instants that are judged by the program's clock, with sentences of their own; a till's clock may be far off."""


async def read_bytes(
    request: Request[Any, Any, Any], most: int = BODY_BYTES_MAX, seconds: float = BODY_SECONDS_MAX
) -> bytes:
    """The whole body. Raises BodyTooLarge (413) as soon as it is seen to be too large, BodyTooSlow (408)."""
    declared = request.headers.get("content-length")
    if declared is not None and declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    try:
        async with asyncio.timeout(seconds):
            return await _gather(request, most)
    except TimeoutError as error:
        raise BodyTooSlow from error


async def _gather(request: Request[Any, Any, Any], most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message: Any = await request.receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("The connection ended before the body did.")
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(most: int) -> BodyTooLarge:
    return (
        BodyTooLarge() if most == BODY_BYTES_MAX else BodyTooLarge(f"The body is larger than {most} bytes.")
    )


def decode(raw: bytes, decoder: msgspec.json.Decoder[Shape]) -> Shape:
    """The struct in `raw`. Raises MalformedJson, UnknownField or Unprocessable (InvalidValue)."""
    if b"\\u0000" in raw:
        _refuse_nul(raw)
    try:
        decoded = decoder.decode(raw)
    except msgspec.ValidationError as error:
        _refuse_broken(raw)
        named = partial(_named, message=str(error), raw=raw, decoder=decoder)
        raise shape_problem(error, named=named) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJson(str(error)) from error
    if _may_be_far(raw):
        _refuse_far(decoded)
    return decoded


def _refuse_broken(raw: bytes) -> None:
    """Raises MalformedJson where a body of the wrong shape breaks further on: a broken one has no shape.

    Whole, but nested deeper than anything that is asked for, it keeps the fault of shape that was seen first.
    """
    with suppress(RecursionError):
        try:
            msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MalformedJson(str(error)) from error


def _may_be_far(raw: bytes) -> bool:
    """Whether a text begins as an instant of another age does, or hides digits behind escapes: most bodies do not."""
    return b'"9999-' in raw or b"\\u00" in raw or _LONG_AGO.search(raw) is not None


def _refuse_far(decoded: Any) -> None:
    """Raises InvalidValue when an instant lies beyond what calendars reach: it could be kept, and never be read."""

    def walk(value: Any, steps: list[str]) -> list[str] | None:
        if isinstance(value, datetime):
            return None if value.tzinfo is None or clock.reaches(value) else steps
        if isinstance(value, Struct):
            fields = structs.fields(value)
            parts = [
                (one.encode_name, getattr(value, one.name)) for one in fields if one.name not in _OF_RECEIPTS
            ]
        elif isinstance(value, dict):
            parts = list(value.items())
        elif isinstance(value, list | tuple):
            parts = list(enumerate(value))
        else:
            return None
        return _first(walk(part, [*steps, str(name)]) for name, part in parts)

    found = walk(decoded, [])
    if found is not None:
        first, beyond = clock.YEARS
        raise InvalidValue(pointer(found), f"An instant from {first} to {beyond - 1} is needed.")


def _refuse_nul(raw: bytes) -> None:
    """Raises Unprocessable when a text has a NUL character: no database text can hold one."""

    def walk(value: Any, steps: list[str]) -> list[str] | None:
        if isinstance(value, str):
            return steps if "\x00" in value else None
        if isinstance(value, dict):
            named = any("\x00" in name for name in value)
            parts = [(name, part) for name, part in value.items()]
            return steps if named else _first(walk(part, [*steps, name]) for name, part in parts)
        if isinstance(value, list):
            return _first(walk(part, [*steps, str(place)]) for place, part in enumerate(value))
        return None

    found = walk(parse(raw), [])
    if found is not None:
        where = pointer(found)
        raise Unprocessable(f"{where} has a NUL character", errors=[Fault(where, "has a NUL character")])


def _first(found: Iterable[list[str] | None]) -> list[str] | None:
    return next((steps for steps in found if steps is not None), None)


def parse(raw: bytes) -> Any:
    """The JSON value in `raw`, as it stands. Raises MalformedJson."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJson(str(error)) from error


def query(parameters: Mapping[str, Sequence[str]], shape: type[Shape]) -> Shape:
    """The query string's parameters, each with all its values. Raises UnknownField or Unprocessable with its name."""
    given: dict[str, str] = {}
    for name, values in parameters.items():
        if len(values) != 1:
            raise Unprocessable(
                "A parameter is given twice", errors=[Fault(f"?{name}", "given twice", "given_twice")]
            )
        if "\x00" in values[0]:
            raise Unprocessable(
                "A parameter cannot be read", errors=[Fault(f"?{name}", "has a NUL character")]
            )
        given[name] = values[0]
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as error:
        raise shape_problem(error, root="?") from error


def shape_problem(
    error: msgspec.ValidationError, root: str = "/", named: Callable[[list[str]], list[str]] = list
) -> Problem:
    """msgspec's sentence as a Problem: its path as a JSON pointer, an unknown field by its own code.

    msgspec says `...` for the name of a member that the sender chose (an attribute, a language); `named` finds it.
    """
    message = str(error)
    found = _PATH.search(message)
    path = found["path"] if found else "$"
    sentence = message[: found.start()] if found else message
    steps = named([name or index for name, index in _STEP.findall(path)])
    unknown = _UNKNOWN.search(sentence)
    if unknown:
        return UnknownField(pointer([*steps, unknown["field"]], root))
    where = pointer(steps, root)
    missing = re.search(r"missing required field `(.*)`", sentence)
    if missing:
        where = pointer([*steps, missing[1]], root)
        return Unprocessable(f"{where} is required", errors=[Fault(where, "is required", "missing_field")])
    detail = f"{where}: {sentence}" if where else sentence
    return Unprocessable(detail, errors=[Fault(where, sentence)])


def _named(steps: list[str], message: str, raw: bytes, decoder: msgspec.json.Decoder[Any]) -> list[str]:
    """`steps` with the names that stand for `...`; where one is not found, as far as the object that has it.

    The name is that of the first member which alone causes the same message. A large body is not tried through.
    """
    if ANY not in steps:
        return steps
    body = parse(raw)
    here: Any = body
    found: list[str] = []
    for step in steps:
        name: str | int | None = int(step) if isinstance(here, list) and step.isdigit() else step
        if step == ANY:
            name = _culprit(here, message, body, decoder) if len(raw) <= NAMED_BYTES_MAX else None
        if name is None:
            break
        found.append(str(name))
        here = _part(here, name)
    return found


def _part(value: Any, name: str | int) -> Any:
    """None where it is missing, or hidden by a second member of the same name."""
    try:
        return value[name]
    except (LookupError, TypeError):
        return None


def _culprit(members: Any, message: str, body: Any, decoder: msgspec.json.Decoder[Any]) -> str | None:
    """The first member that alone causes `message`; `members`, a part of `body`, is left with it only."""
    if not isinstance(members, dict) or len(members) > NAMED_MAX:
        return None
    for name, value in list(members.items()):
        members.clear()
        members[name] = value
        if _fails_with(message, body, decoder):
            return name
    return None


def _fails_with(message: str, body: Any, decoder: msgspec.json.Decoder[Any]) -> bool:
    try:
        decoder.decode(json.dumps(body))
    except (msgspec.ValidationError, RecursionError) as error:
        return str(error) == message
    return False


def pointer(steps: list[str], root: str = "/") -> str:
    """A JSON pointer (RFC 6901); for query parameters `?name`."""
    if root == "?":
        return "?" + ".".join(steps)
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)

"""What the tests read of a Markdown file: headings, links, blocks of code, and the curl calls in them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^(```+)(\w*)[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"(?<!\\)\[[^\[\]]*\]\(([^()\s]+)\)")
_STATUS = re.compile(r"^# (\d{3})\b")
_ASSIGNMENT = re.compile(r"^([A-Z_]+)=(\S+)")
_VARIABLE = re.compile(r"\$([A-Z_]+)")


class Block(NamedTuple):
    """A block of code and the language it says."""

    language: str
    text: str


class Curl(NamedTuple):
    """One curl call of an example, with the status that stands above it; variables are not filled in."""

    status: int
    method: str
    address: str
    headers: dict[str, str]
    body: str | None


class Assignment(NamedTuple):
    """`NAME=value`."""

    name: str
    value: str


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").rglob("*.md"),
                   *(ROOT / "client").glob("*.md"),
                   *(ROOT / "examples").rglob("*.md"), *(ROOT / "src").rglob("*.md")])  # fmt: skip


def name(path: Path) -> str:
    """The path from the project's folder on, for messages."""
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> list[Block]:
    """The fenced blocks of code."""
    return [Block(found[2], found[3]) for found in _FENCE.finditer(text)]


def prose(text: str) -> str:
    """The text without code."""
    return _SPAN.sub("", _FENCE.sub("", text))


def spans(text: str) -> list[str]:
    """What stands between backticks in the running text."""
    return [" ".join(found[0].strip("`").split()) for found in _SPAN.finditer(_FENCE.sub("", text))]


def headings(text: str) -> list[str]:
    """The headings, without their marks."""
    return _HEADING.findall(_FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """The fragments that a page of these headings has."""
    found: dict[str, int] = {}
    every: set[str] = set()
    for heading in headings(text):
        plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = found.get(plain, 0)
        every.add(f"{plain}-{count}" if count else plain)
        found[plain] = count + 1
    return every


def links(text: str) -> list[str]:
    """The targets of inline links."""
    return _LINK.findall(prose(text))


def steps(block: str) -> Iterator[Curl | Assignment]:
    """The assignments and curl calls of a shell example, in their order; other commands are left out."""
    lines = iter(block.splitlines())
    status = None
    for line in lines:
        marked, assigned = _STATUS.match(line), _ASSIGNMENT.match(line)
        if marked:
            status = int(marked[1])
        elif assigned:
            yield Assignment(assigned[1], assigned[2])
        elif line.startswith("curl "):
            assert status is not None, f"no status stands above: {line}"
            command = line.removesuffix("<<JSON")
            body = "\n".join(iter(lambda: next(lines), "JSON")) if command != line else None
            yield _curl(status, command, body)
            status = None


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its shell variables replaced. Raises KeyError for one without a value."""
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def _curl(status: int, command: str, body: str | None) -> Curl:
    address, headers, method = "", {}, None
    words = iter(shlex.split(command)[1:])
    for word in words:
        if word == "-H":
            field, _, value = next(words).partition(": ")
            headers[field] = value
        elif word == "-X":
            method = next(words)
        elif word == "--json":
            assert next(words) == "@-", "the body of an example stands below its command"
        elif word != "-sS":
            assert not address, f"{word} is not understood"
            address = word
    return Curl(status, method or ("GET" if body is None else "POST"), address, headers, body)


def read_json(text: str) -> Any:
    """The value in a body of an example."""
    return json.loads(text)

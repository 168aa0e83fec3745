"""Reads what a JavaScript module imports and exports; a form that it does not know is refused, never guessed at.

It reads our own modules, in the house's style: imports and exports begin a line, an import names a file by a relative
path, and `export` stands before the one thing that is declared. The rest of the language is only told apart as far as
is needed to know what is code: strings, templates, comments, patterns, which bracket closes which, and what stands
inside a function.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["function", "class", "const", "let"]
OURS = "module$"
"""How the names begin that are made where modules are joined; no module has such."""

_NAME = r"[A-Za-z_$][\w$]*"
_RENAMED = rf"{_NAME}(?: as {_NAME})?"
_IMPORT = re.compile(
    rf"import (?:(?:\* as (?P<whole>{_NAME})|\{{\s*(?P<names>{_RENAMED}(?:,\s*{_RENAMED})*),?\s*\}}) from )?"
    r'"(?P<file>\.\.?/[\w./-]+\.js)";'
)
_EXPORT = re.compile(
    rf"export (?:(?:async )?(?P<function>function)\*? (?P<called>{_NAME})\(|(?P<class>class) (?P<classed>{_NAME})\b"
    rf"|(?P<held>const|let) (?:(?P<one>{_NAME})|\{{ (?P<some>{_NAME}(?:, {_NAME})*) \}})(?= =|;))"
)
_FUNCTION = re.compile(rf"^(?:export )?(?:async )?function\*? ({_NAME})", re.MULTILINE)
_TOKEN = re.compile(
    r"(?P<gap>\s+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<value>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\.?\d[\w.]*)"
    r"|(?P<word>[#A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)"
    r"|(?P<mark>\+\+|--|=>|===?|!==?|<=|>=|\.\.\.|.)",
    re.DOTALL,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/[a-z]*")
_OPENED_BY = {")": "(", "]": "[", "}": "{"}
_BEFORE_CONDITIONS = {"catch", "for", "if", "switch", "while", "with"}
_ONLY_IN_FUNCTIONS = {"await", "return", "yield"}
_BEFORE_VALUES = _ONLY_IN_FUNCTIONS | {
    "case", "delete", "do", "else", "in", "instanceof", "new", "of", "throw", "typeof", "void"
}  # fmt: skip
_DECLARING = {"const", "let", "var", ",", "{", "(", "[", "."}
_UNTOLD = {"}", "++", "--"}
_BEGINNING = {"{", "!", "~", "++", "--"}
"""Behind a value and a line's end these begin something new, as words and values do; other marks go on."""
_KEY = re.compile(r"\s*:")


class UnknownForm(Exception):
    """A module is written in a way that cannot be joined with others without a guess."""

    def __init__(self, path: str, line: int, why: str):
        super().__init__(f"{path}:{line}: {why}")


@dataclass(frozen=True, slots=True)
class Import:
    """One import: of everything under one name, of some names (ours → theirs), or of neither."""

    path: str
    line: int
    whole: str | None
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Module:
    """One module, and its code without its imports and without the word `export`."""

    path: str
    imports: tuple[Import, ...]
    exports: dict[str, Kind]
    code: str


@dataclass(frozen=True, slots=True)
class _Token:
    """One piece of code; `depth` is the number of brackets that are open around it. Inner is what a function runs."""

    text: str
    at: int
    depth: int
    is_word: bool
    is_inner: bool


@dataclass(slots=True)
class _Bracket:
    """A bracket that is open, and the arrow functions directly in it that have no braces and have not ended: for each
    how many `?` of it wait for their `:`."""

    text: str
    at: int
    is_condition: bool
    in_function: bool
    arrows: list[int] = field(default_factory=list[int])

    @property
    def is_inner(self) -> bool:
        return self.in_function or bool(self.arrows)

    def opened(self, text: str, at: int, before: str, ends_parameters: bool) -> _Bracket:
        """One that is opened directly in this one, behind `before`, which may end the parameters of a function."""
        is_condition = text == "(" and before in _BEFORE_CONDITIONS
        if text == "{" and before == "=>":
            self.arrows.pop()
            return _Bracket(text, at, is_condition, in_function=True)
        return _Bracket(text, at, is_condition, self.is_inner or (text == "{" and ends_parameters))

    def pass_by(self, mark: str) -> None:
        """A mark stands directly in this bracket: an arrow function may begin or end by it."""
        if mark == "=>":
            self.arrows.append(0)
        elif mark in (",", ";"):
            self.arrows.clear()
        elif mark == "?" and self.arrows:
            self.arrows[-1] += 1
        elif mark == ":":
            while self.arrows and not self.arrows[-1]:
                self.arrows.pop()
            if self.arrows:
                self.arrows[-1] -= 1


def read(path: str, source: str) -> Module:
    """The module that stands at `path` below the static files.

    Raises UnknownForm, with the line, for what it cannot tell apart for sure.
    """
    return _Reader(path, source).module()


class _Reader:
    """Goes through one file once."""

    def __init__(self, path: str, source: str):
        self.path, self.source = path, source
        self.imports: list[Import] = []
        self.exports: dict[str, Kind] = {}
        self.cuts: list[tuple[int, int]] = []

    def refusal(self, at: int, why: str) -> UnknownForm:
        return UnknownForm(self.path, self._line(at), why)

    def _line(self, at: int) -> int:
        return self.source.count("\n", 0, at) + 1

    def module(self) -> Module:
        """Raises UnknownForm."""
        declaring, resumed = -1, 0
        before, two_before = _Token("", 0, 0, False, False), ""
        assigned: dict[str, int] = {}
        for token in self._tokens():
            if token.at < resumed:
                continue
            if token.is_word and token.text in ("import", "export") and before.text != ".":
                if declaring >= 0:
                    raise self.refusal(declaring, "what is exported ends with a semicolon")
                resumed, is_held = self._statement(token)
                declaring = token.at if is_held else -1
            elif token.is_word:
                self._judge_word(token, before.text)
            elif token.text == "=" and before.is_word and two_before not in _DECLARING:
                assigned.setdefault(before.text, before.at)
            elif token.depth == 0 and token.text == "," and declaring >= 0:
                raise self.refusal(token.at, "an export declares one thing")
            elif token.depth == 0 and token.text == ";":
                declaring = -1
            before, two_before = token, before.text
        if declaring >= 0:
            raise self.refusal(declaring, "what is exported ends with a semicolon")
        self._judge_functions(assigned)
        return Module(self.path, tuple(self.imports), self.exports, self._code())

    def _statement(self, token: _Token) -> tuple[int, bool]:
        """Notes an import or export: where reading goes on, and whether a semicolon must end it. Raises UnknownForm."""
        at, begins_line = token.at, token.at == 0 or self.source[token.at - 1] == "\n"
        if not begins_line or token.depth:
            raise self.refusal(
                at, f"{token.text} begins a line outside of everything else, and is not dynamic"
            )
        if token.text == "import":
            found = _IMPORT.match(self.source, at)
            if found is None:
                raise self.refusal(at, "this form of import is not known")
            pairs = [one.split(" as ") for one in re.split(r",\s*", (found["names"] or "").strip()) if one]
            file = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), found["file"]))
            names = {pair[-1]: pair[0] for pair in pairs}
            self.imports.append(Import(file, self._line(at), found["whole"], names))
            self.cuts.append((at, found.end()))
            return found.end(), False
        found = _EXPORT.match(self.source, at)
        if found is None:
            raise self.refusal(at, "this form of export is not known")
        kinds: dict[str | None, Kind] = {
            "function": "function",
            "class": "class",
            "const": "const",
            "let": "let",
        }
        kind = kinds[found["function"] or found["class"] or found["held"]]
        names = (found["called"] or found["classed"] or found["one"] or found["some"]).split(", ")
        for name in names:
            if name in self.exports:
                raise self.refusal(at, f"{name} is exported twice")
            self.exports[name] = kind
        self.cuts.append((at, at + len("export ")))
        return at + len("export "), kind in ("const", "let")

    def _judge_word(self, token: _Token, before: str) -> None:
        """Raises UnknownForm for what a module may not say, or what would mean something else among others."""
        if token.text in _ONLY_IN_FUNCTIONS and not token.is_inner and before != ".":
            is_key = (
                token.depth and before in ("{", ",") and _KEY.match(self.source, token.at + len(token.text))
            )
            if not is_key:
                raise self.refusal(token.at, f"{token.text} stands inside a function")
        if token.text.startswith(OURS):
            raise self.refusal(token.at, f"names that begin with {OURS} are made when modules are joined")

    def _judge_functions(self, assigned: dict[str, int]) -> None:
        """Raises UnknownForm for functions that are there twice, and for exported ones that are another thing later."""
        names = _FUNCTION.findall(self.source)
        for name in names:
            if names.count(name) > 1:
                raise self.refusal(0, f"there are two functions {name}")
        for name, kind in self.exports.items():
            if kind in ("function", "class") and name in assigned:
                raise self.refusal(assigned[name], f"{name} is exported as a {kind}, and assigned anew")

    def _code(self) -> str:
        kept, end = list[str](), 0
        for start, stop in self.cuts:
            kept.append(self.source[end:start])
            end = stop
        return "".join([*kept, self.source[end:]]).strip()

    def _tokens(self) -> Iterator[_Token]:
        """What is code, without strings, templates and patterns, which are one token `""` each. Raises UnknownForm."""
        source, at = self.source, 0
        open_ones = [_Bracket("", 0, is_condition=False, in_function=False)]
        before, is_value, ends_condition, is_new_line = "", False, False, False
        while at < len(source):
            found = _TOKEN.match(source, at)
            assert found is not None, "any character is a mark"
            text, kind, start, at = found[0], found.lastgroup, at, found.end()
            if kind == "gap":
                is_new_line = is_new_line or "\n" in text
                continue
            within = open_ones[-1]
            if is_new_line and (is_value or before in _UNTOLD) and _begins(text, kind):
                within.arrows.clear()
            if kind == "value":
                text, is_value = '""', True
            elif kind == "word":
                is_value = text not in _BEFORE_VALUES or before == "."
            elif text == "/" and not is_value:
                pattern = None if before in _UNTOLD else _PATTERN.match(source, start)
                if pattern is None:
                    raise self.refusal(
                        start, "whether a pattern begins here or something is divided is not known"
                    )
                text, at, is_value = '""', pattern.end(), True
            elif text == "`" or (text == "}" and within.text == "${"):
                if text == "}":
                    open_ones.pop()
                template = _TEMPLATE.match(source, at)
                if template is None:
                    raise self.refusal(start, "a template is not closed")
                at, is_value = template.end(), template[0].endswith("`")
                text = '""' if is_value else "${"
                if not is_value:
                    open_ones.append(_Bracket("${", start, False, open_ones[-1].is_inner))
            elif text in _OPENED_BY:
                if within.text != _OPENED_BY[text]:
                    raise self.refusal(start, f"{text} closes nothing")
                ends_condition = open_ones.pop().is_condition
                is_value = text != "}" and not ends_condition
            elif text in "([{":
                ends_parameters = before == ")" and not ends_condition and not is_new_line
                open_ones.append(within.opened(text, start, before, ends_parameters))
                is_value = False
            elif text in "\"'":
                raise self.refusal(start, "a text is not closed")
            else:
                is_value = False
                if text != "?" or (before != "?" and source[at : at + 1] not in ("?", ".")):
                    within.pass_by(text)
            opens = text in "([{" or text == "${"
            yield _Token(text, start, len(open_ones) - 1 - opens, kind == "word", open_ones[-1].is_inner)
            before, is_new_line = f".{text}" if before == "." else text, False
        if len(open_ones) > 1:
            raise self.refusal(open_ones[-1].at, f"{open_ones[-1].text} is not closed")


def _begins(text: str, kind: str | None) -> bool:
    """Whether what stands behind a value, on a new line, begins another statement."""
    if kind == "word":
        return text not in ("in", "instanceof")
    return kind == "value" or text in _BEGINNING

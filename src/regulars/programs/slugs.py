"""Decides how a program's short name in addresses looks: small Latin letters, digits, hyphens, made from its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LENGTH_MAX = 63
PATTERN = rf"^[a-z0-9]([a-z0-9-]{{0,{LENGTH_MAX - 2}}}[a-z0-9])?$(?!\n)"
NAMELESS = "program"
NUMBERED_MAX = 1000
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхцыэ",
        ("a", "b", "v", "g", "d", "e", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
         "kh", "ts", "y", "e"),
        strict=True,
    )
) | {"ё": "yo", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"}  # fmt: skip
_OTHER = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"}
_LETTERS = str.maketrans(_CYRILLIC | _OTHER)


def slug_of(name: str) -> str:
    """The short name of a program of this name; `program` where nothing of it can be written in Latin letters."""
    composed = unicodedata.normalize("NFC", name.lower()).translate(_LETTERS)
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(letter)
    )
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LENGTH_MAX].strip("-")
    return slug or NAMELESS


def candidates(name: str) -> Iterator[str]:
    """Short names to try for it, the plain one first."""
    slug = slug_of(name)
    yield slug
    for number in range(2, NUMBERED_MAX):
        ending = f"-{number}"
        yield slug[: LENGTH_MAX - len(ending)].rstrip("-") + ending

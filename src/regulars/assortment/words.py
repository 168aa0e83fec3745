"""Decides which words a product is found by: lower case, without accents, each word of each of its names."""

from __future__ import annotations

import re
import unicodedata

from regulars.assortment.model import Product

_WORD = re.compile(r"[^\W_]+")
WORD_LENGTH_MAX = 64
TERMS_MAX = 8
_MARKS_FROM = "\u0300"
"""Before it no character is a mark that is put on the letter before it."""
LAST = "\U0010ffff"
"""Sorts after every character: what begins with `term` lies from `term` up to `term` and this."""


def words(text: str) -> set[str]:
    """The words of a text, folded so that `Āboli`, `aboli` and `ABOLI` are one."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = [letter for letter in decomposed if letter < _MARKS_FROM or not unicodedata.combining(letter)]
    return {word[:WORD_LENGTH_MAX] for word in _WORD.findall("".join(kept).casefold())}


def words_of(product: Product) -> set[str]:
    """Every word by which the product is found: of its names in all languages, its brand, and its SKU."""
    return words(" ".join((product.name, product.brand, product.sku, *product.names.values())))


def terms(query: str) -> list[str]:
    """What is searched for: each word of the query as a beginning, the longest first, eight at the most."""
    return sorted(words(query), key=lambda word: (-len(word), word))[:TERMS_MAX]

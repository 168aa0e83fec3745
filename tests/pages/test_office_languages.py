"""Each page of the back office in each language: it says which, leaves nothing in English, and counts as that one does.

A shop in which something happened is served once, and its pages are asked for without a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from babel import Locale
from babel.messages.pofile import read_po
from playwright.sync_api import sync_playwright

import regulars
from regulars.i18n import COMPLETE, SOURCE
from tests.api.conftest import PASSWORD
from tests.browser.conftest import NAMES, Shop, shop
from tests.browser.desk import add_staff
from tests.browser.office import Office, furnish
from tests.browser.test_data import office as with_worker
from tests.browser.test_office_walk import GAP, THE_SHOPS_OWN, concrete, pages
from tests.browser.watching import WAIT_SECONDS

__all__ = ["shop", "with_worker"]

UNSAID = {"script", "style", "code", "pre", "textarea", "kbd"}
"""What stands in these was written by machines or by whoever runs the shop."""
SPOKEN = ("aria-label", "aria-description", "title", "placeholder", "alt")
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path",
    "circle", "rect", "line", "use",
}  # fmt: skip
NUMBER = r"\d[\d\s.,]*"
"""What stands in the gap of a text that has a plural."""
LETTERS_MIN = 8
"""What stands around the gaps of a sentence, so that it is known again with anything in them."""
FIRST_WORDS = re.compile(r"<h1[^>]*>(.*?</h1>\s*(?:<p[^>]*>.*?</p>)?)", re.DOTALL)
"""A page's heading, and what stands under it."""
SENTENCE = re.compile(r"[^\s<>][.?!](\s|<|$)")
ENGLISH_MONEY = re.compile(r"€\d")
OTHER_MONEY = re.compile(r"\d,\d\d\s?€")
LATVIAN_POINTS = re.compile(r"(?<![\d.,\s])(\d{1,3}(?:\s\d{3})*) (punkt[usi]+)\b")


class Said(HTMLParser):
    """What a page says to whoever reads it in the language of the page, each text by itself, and that language."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.language: str | None = None
        self.texts: set[str] = set()
        self._open: list[tuple[str, bool]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what it is named and shown as; what is inside may be of no interest."""
        has = dict(attrs)
        if tag == "html":
            self.language = has.get("lang")
        foreign = has.get("lang", self.language) != self.language
        quiet = tag in UNSAID or foreign or (bool(self._open) and self._open[-1][1])
        if not quiet:
            self._say(*(has.get(one) for one in SPOKEN))
        if tag not in VOID:
            self._open.append((tag, quiet))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """It has no inside."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Whatever was left open inside ends with it, as a paragraph or a row may."""
        if any(one == tag for one, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """A text, where it is one for people."""
        if not (self._open and self._open[-1][1]):
            self._say(data)

    def _say(self, *texts: str | None) -> None:
        self.texts |= {" ".join(one.split()) for one in texts if one and one.strip()}


class English(NamedTuple):
    """What the code says in English and another language otherwise."""

    whole: frozenset[str]
    gapped: re.Pattern[str]
    """Sentences with anything in their gaps."""

    def among(self, texts: set[str]) -> list[str]:
        """Those that were left in English."""
        return sorted(one for one in texts if one in self.whole or self.gapped.fullmatch(one))


def english(language: str) -> English:
    """What must not be read where this language was asked for."""
    source = Path(regulars.__file__).parent / "locale" / language / "LC_MESSAGES" / "regulars.po"
    with source.open("rb") as file:
        catalogue = [one for one in read_po(file) if one.id]
    said = {text for one in catalogue for text in _forms(one.string)} | THE_SHOPS_OWN
    originals = {
        text: len(_forms(one.id)) > 1 for one in catalogue for text in _forms(one.id) if text not in said
    }
    patterns: list[str] = []
    for text, counts in originals.items():
        parts = GAP.split(text)
        if THE_SHOPS_OWN & {part.strip() for part in parts}:
            continue
        if counts and len(parts) == 2:
            patterns.append(NUMBER.join(map(re.escape, parts)))
        elif len(parts) > 1 and sum(map(str.isalpha, "".join(parts))) >= LETTERS_MIN:
            patterns.append(".+".join(map(re.escape, parts)))
    whole = frozenset(one for one in originals if not GAP.search(one))
    return English(whole, re.compile("|".join(sorted(patterns))))


def _forms(text: str | Sequence[str] | None) -> list[str]:
    """All forms of what one entry of a catalogue says, as a browser shows their spaces."""
    forms = [text] if isinstance(text, str) else text or []
    return [" ".join(one.split()) for one in forms]


def miswritten(language: str, texts: set[str]) -> Iterator[str]:
    """Money as another language writes it, and points in a form that does not go with their number."""
    other = OTHER_MONEY if language == SOURCE else ENGLISH_MONEY
    yield from sorted(one for one in texts if other.search(one))
    if language == "lv":
        plural = Locale("lv").plural_form
        for one in sorted(texts):
            for number, name in LATVIAN_POINTS.findall(one):
                if (plural(int("".join(number.split()))) == "one") != (name == NAMES["lv"]["one"]):
                    yield one


class Reader(NamedTuple):
    """The owner of a shop in which something happened."""

    client: httpx.Client
    found: dict[str, str]
    """What stands for `{…}` in the addresses."""


@pytest.fixture(scope="module")
def reader(shop: Shop, database_url: str, with_worker: Shop) -> Iterator[Reader]:
    """Signed in."""
    email = add_staff(shop, database_url, "owner", name="Vija")
    with sync_playwright() as playwright:
        request = playwright.request.new_context(timeout=WAIT_SECONDS * 1000)
        signed = request.post(
            f"{shop.address}/backoffice/sign-in", form={"email": email, "password": PASSWORD}
        )
        assert signed.status == 200, signed.text()
        found = furnish(Office(shop, request), database_url)
        cookies = {one["name"]: one["value"] for one in request.storage_state()["cookies"]}  # pyright: ignore[reportTypedDictNotRequiredAccess]
    root = f"{shop.address}/backoffice"
    with httpx.Client(base_url=root, cookies=cookies, timeout=WAIT_SECONDS) as client:
        yield Reader(client, found)


@pytest.mark.full
@pytest.mark.parametrize("language", COMPLETE)
def test_every_page_speaks_the_language_that_was_asked_for(reader: Reader, language: str) -> None:
    left = english(language) if language != SOURCE else None
    faults: list[tuple[str, str]] = []
    for path in pages():
        address = concrete(path, reader.found)
        answer = reader.client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
        said = Said(answer.text)
        if (answer.status_code, said.language) != (200, language):
            faults.append((path, f"{answer.status_code} {said.language}"))
        faults += [(path, one) for one in left.among(said.texts)] if left else []
        faults += [(path, one) for one in miswritten(language, said.texts)]
    assert faults == [], "\n".join(f"{path}: {one}" for path, one in faults)


@pytest.mark.full
def test_every_page_explains_itself_in_a_sentence(reader: Reader) -> None:
    said = {
        path: FIRST_WORDS.search(
            reader.client.get(concrete(path, reader.found), params={"lang": SOURCE}).text
        )
        for path in pages()
    }
    assert [path for path, found in said.items() if not (found and SENTENCE.search(found[1]))] == []


def test_what_was_left_in_english_is_found_with_and_without_gaps_and_what_is_data_is_not() -> None:
    page = Said(
        '<html lang="lv"><body><p>Save</p><input placeholder="Name of the promotion"><code>Save</code>'
        '<a lang="en" href="">Delete</a><p>Saglabāt<br>Rye bread</p><td>3 receipts<td>no receipts</body></html>'
    )
    assert page.language == "lv"
    assert page.texts == {
        "Save",
        "Name of the promotion",
        "Saglabāt",
        "Rye bread",
        "3 receipts",
        "no receipts",
    }
    assert english("lv").among(page.texts) == ["3 receipts", "Name of the promotion", "Save"]


@pytest.mark.parametrize(
    ("language", "text", "faults"),
    [
        ("lv", "€10.50", ["€10.50"]),
        ("lv", "10,50 €", []),
        ("en", "10,50 €", ["10,50 €"]),
        ("en", "€10.50", []),
        ("lv", "1 punkti", ["1 punkti"]),
        ("lv", "21 punkts", []),
        ("lv", "11 punktu", []),
        ("lv", "1 000 punkts", ["1 000 punkts"]),
    ],
)
def test_money_and_points_of_another_language_are_found(language: str, text: str, faults: list[str]) -> None:
    assert [*miswritten(language, {text})] == faults

"""Invents the members of the demo: names in five languages, each marked as invented, and phone numbers.

The phone numbers are +371 2000 0001 and the following: a run without gaps that stands for "nobody" in this demo.
No message is ever sent to them: the demo has no sender.
"""

from __future__ import annotations

from typing import NamedTuple

PHONE_FIRST = 20_000_001


class Tongue(NamedTuple):
    """How people of a language are called: women and men, surnames for each, and the mark."""

    language: str
    share: int
    """Of a hundred members."""
    women: tuple[str, ...]
    women_surnames: tuple[str, ...]
    women_mark: str
    men: tuple[str, ...]
    men_surnames: tuple[str, ...]
    men_mark: str


class Person(NamedTuple):
    """An invented member."""

    name: str
    phone: str
    language: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TONGUES = (
    Tongue(
        "lv",
        46,
        _words("Anna Līga Ilze Kristīne Inese Dace Zane Laura Elīna Marta Baiba Agnese Ieva Sandra Evija"),
        _words("Kalniņa Bērziņa Ozola Liepiņa Krūmiņa Zariņa Balode Eglīte Vītola Saulīte Rozīte Upīte"),
        "izdomāta",
        _words("Jānis Andris Juris Mārtiņš Edgars Kārlis Artūrs Roberts Toms Raivis Gatis Oskars Uldis"),
        _words("Kalniņš Bērziņš Ozols Liepiņš Krūmiņš Zariņš Balodis Eglītis Vītols Saulītis Upītis"),
        "izdomāts",
    ),
    Tongue(
        "ru",
        32,
        _words("Анна Ольга Елена Наталья Татьяна Ирина Светлана Мария Екатерина Юлия Вера Дарья"),
        _words("Соколова Лебедева Зимина Морозова Рябинина Волкова Орлова Берёзкина Снегирёва Полякова"),
        "вымышленная",
        _words("Сергей Андрей Алексей Дмитрий Николай Павел Михаил Виктор Олег Роман Илья"),
        _words("Соколов Лебедев Зимин Морозов Рябинин Волков Орлов Берёзкин Снегирёв Поляков"),
        "вымышленный",
    ),
    Tongue(
        "en",
        8,
        _words("Emma Grace Olivia Hannah Lucy Alice Ruby Clara"),
        _words("Maplewood Brookfield Ashdown Larkin Winterley Meadows Fairhill"),
        "invented",
        _words("Oliver Jack Henry Samuel George Arthur Thomas Leo"),
        _words("Maplewood Brookfield Ashdown Larkin Winterley Meadows Fairhill"),
        "invented",
    ),
    Tongue(
        "et",
        8,
        _words("Liis Kadri Maarja Piret Triin Anu Kersti Mari"),
        _words("Kask Tamm Saar Lepik Mägi Rebane Nurm Ilves"),
        "väljamõeldud",
        _words("Jaan Toomas Margus Priit Rein Tanel Kalle Urmas"),
        _words("Kask Tamm Saar Lepik Mägi Rebane Nurm Ilves"),
        "väljamõeldud",
    ),
    Tongue(
        "hu",
        6,
        _words("Katalin Zsófia Eszter Ágnes Réka Judit Nóra"),
        _words("Erdős Tölgyesi Virágh Patakfalvi Szellő Hegyesi"),
        "kitalált",
        _words("Gábor László Péter Zoltán Balázs Márton Bence"),
        _words("Erdős Tölgyesi Virágh Patakfalvi Szellő Hegyesi"),
        "kitalált",
    ),
)


def person(number: int) -> Person:
    """The member with this number, from 0; always the same one."""
    # Steps that share no factor with the lengths: languages and names alternate without a random generator.
    tongue = _tongue(number * 37 % 100)
    woman = number * 7 % 12 < 7
    given = tongue.women if woman else tongue.men
    surnames = tongue.women_surnames if woman else tongue.men_surnames
    first = given[(number * 5 + number // 13) % len(given)]
    last = surnames[(number * 3 + number // 7) % len(surnames)]
    mark = tongue.women_mark if woman else tongue.men_mark
    # In Hungarian the family name stands first.
    name = f"{last} {first}" if tongue.language == "hu" else f"{first} {last}"
    return Person(f"{name} ({mark})", f"+371{PHONE_FIRST + number}", tongue.language)


def _tongue(place: int) -> Tongue:
    for tongue in TONGUES:
        if place < tongue.share:
            return tongue
        place -= tongue.share
    raise AssertionError("the shares add up to a hundred")

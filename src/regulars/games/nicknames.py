"""Decides which names members may be shown under on boards, and makes neutral ones. Pure."""

from __future__ import annotations

import re
import unicodedata

NICKNAME_MIN, NICKNAME_MAX = 2, 20
_SHAPE = re.compile(r"[\w][\w .'-]*", re.UNICODE)
_PHONE = re.compile(r"(?:\d[ .-]?){5,}")
_REFUSED = frozenset(
    {
        "admin",
        "administrator",
        "moderator",
        "support",
        "staff",
        "official",
        "fuck",
        "shit",
        "bitch",
        "cunt",
        "nazi",
        "hitler",
        "nigger",
        "faggot",
        "whore",
        "сука",
        "хуй",
        "хуйня",
        "пизда",
        "блядь",
        "бляд",
        "ебать",
        "мудак",
        "гитлер",
        "pimpis",
        "kuce",
        "mauka",
        "huilis",
        "pizda",
        "vittu",
        "perse",
        "munn",
        "kurat",
        "litapoiss",
        "kurva",
        "geci",
        "fasz",
        "picsa",
        "buzi",
    }
)
"""Few, and whole words: what else people think of is for the program to take away."""
_STARS = (
        "Altair", "Antares", "Arcturus", "Bellatrix", "Capella", "Deneb", "Lyra", "Mira", "Orion",
        "Polaris", "Rigel",
    "Sirius", "Spica", "Vega",
)  # fmt: skip


def fault(nickname: str) -> str | None:
    """What is wrong with a name: `length`, `letters`, `contact` or `word`; None: nothing."""
    if not NICKNAME_MIN <= len(nickname) <= NICKNAME_MAX:
        return "length"
    if "@" in nickname or "www." in nickname.lower() or _PHONE.search(nickname):
        return "contact"
    if not _SHAPE.fullmatch(nickname) or nickname != nickname.strip():
        return "letters"
    plain = unicodedata.normalize("NFKC", nickname).casefold()
    if any(word in _REFUSED for word in re.split(r"[\W\d_]+", plain)):
        return "word"
    return None


def neutral(seed: int) -> str:
    """A name that says nothing of whoever has it: a star and a number. `seed`: any number."""
    return f"{_STARS[seed % len(_STARS)]} {10 + seed // len(_STARS) % 990}"

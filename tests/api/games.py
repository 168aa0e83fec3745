"""A wheel, a lottery and a survey to test with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from regulars.games import plays
from tests.api.conftest import Api

WHEEL: dict[str, Any] = {
    "names": {"lv": "Veiksmes rats", "en": "Wheel of fortune"},
    "fields": [
        {
            "code": "nothing",
            "weight": 70,
            "names": {"lv": "Nekas", "en": "Nothing"},
            "prize": {"nothing": True},
        },
        {
            "code": "ten",
            "weight": 25,
            "names": {"lv": "10 punkti", "en": "10 points"},
            "prize": {"points": {"currency": "PTS", "amount": 10}},
        },
        {
            "code": "hundred",
            "weight": 5,
            "names": {"lv": "100 punkti", "en": "100 points"},
            "prize": {"points": {"currency": "PTS", "amount": 100}},
        },
    ],
    "consolation": "nothing",
    "free": {"most": 1, "period": "day"},
    "points": {"currency": "PTS", "amount": 20},
}


VERIFY = Path(__file__).parents[2] / "examples" / "verify_draw.py"
DRAW: dict[str, Any] = {
    "names": {"lv": "Pavasara izloze", "en": "Spring draw"},
    "entries_until": "2026-03-10T00:00:00+02:00",
    "draws_at": "2026-03-10T12:00:00+02:00",
    "price": {"currency": "PTS", "amount": 10},
    "ranks": [
        {"names": {"lv": "Galvenā", "en": "First"}, "prize": {"points": {"currency": "PTS", "amount": 1000}}},
        {
            "names": {"lv": "Otrā", "en": "Second"},
            "prize": {"points": {"currency": "PTS", "amount": 100}},
            "count": 2,
        },
    ],
}
NOON = "2026-03-10T12:00:00+02:00"


def choices(texts: str, *ones: tuple[str, str, str]) -> list[dict[str, Any]]:
    """What a question lets choose from: (code, Latvian, English); `texts`: what its document calls the words."""
    return [{"code": code, texts: {"lv": latvian, "en": english}} for code, latvian, english in ones]


TEN = {"points": {"currency": "PTS", "amount": 10}}
SURVEY: dict[str, Any] = {
    "names": {"lv": "Kā jums patika?", "en": "How was it?"},
    "questions": [
        {
            "code": "again",
            "kind": "number",
            "texts": {"lv": "Vai ieteiktu?", "en": "Would you recommend us?"},
        },
        {
            "code": "what",
            "kind": "several",
            "texts": {"lv": "Kas patika?", "en": "What did you like?"},
            "options": choices("names", ("bread", "Maize", "Bread"), ("people", "Cilvēki", "People")),
        },
        {
            "code": "word",
            "kind": "text",
            "texts": {"lv": "Vēl kas?", "en": "Anything else?"},
            "required": False,
        },
    ],
    "prize": TEN,
}
QUIZ: dict[str, Any] = {
    "names": {"lv": "Cik labi zini?", "en": "How well do you know?"},
    "kind": "quiz",
    "least_right": 1,
    "prize": TEN,
    "questions": [
        {
            "code": f"q{n}",
            "kind": "choice",
            "texts": {"lv": "?"},
            "options": [{"code": "yes", "names": {"lv": "Jā"}, "right": True}, {"code": "no", "names": {"lv": "Nē"}}],
        }
        for n in (1, 2)
    ],
}  # fmt: skip
GOOD: dict[str, Any] = {"again": 9, "what": ["people", "bread"], "word": "=2+2"}


def wheel(**changes: Any) -> dict[str, Any]:
    """The wheel, with some of it changed."""
    return {**WHEEL, **changes}


def all_on(code: str, **field: Any) -> list[dict[str, Any]]:
    """Fields of which one is all but sure: 10^9 to 1 that a play lands on it."""
    fields = [{**one, "weight": 10**9 if one["code"] == code else 1} for one in WHEEL["fields"]]
    return [{**one, **field} if one["code"] == code else one for one in fields][-3:]


async def put_wheel(api: Api, code: str = "wheel", **changes: Any) -> dict[str, Any]:
    """Make or change the wheel, which must succeed."""
    answer = await api.call("PUT", f"/v1/games/{code}", wheel(**changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def spin(api: Api, member: str, *, pay: str | None = None, game: str = "wheel", **options: Any) -> Any:
    """A play."""
    body = {"game": game, **({"pay": pay} if pay else {})}
    return await api.post(f"/v1/members/{member}/plays", body, **options)


async def spun(api: Api, member: str, **options: Any) -> dict[str, Any]:
    """A play that must succeed."""
    answer = await spin(api, member, **options)
    assert answer.status_code == 201, answer.text
    return answer.json()


def fix_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the seed of a name is the same in every run: its 32 bytes are the name, filled up."""

    def derived(secret: bytes, program: object, name: str, nonce: bytes) -> bytes:
        return name.encode().ljust(32, b".")[:32]

    monkeypatch.setattr(plays, "derived", derived)

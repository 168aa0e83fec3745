"""Lays out plastic cards of 85.6 × 54 mm (ISO/IEC 7810 ID-1) for a printer: their texts, colours and drawn codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from regulars.errors import InvalidValue
from regulars.i18n import language
from regulars.programs.logos import Logo
from regulars.programs.model import Program
from regulars.web import drawing
from regulars.web.colours import palette
from regulars.web.drawing import Kind

Layout = Literal["a4", "single"]
TEMPLATE = "plastic"
SHEET_CARDS_MAX = 1_000
LANGUAGES_MAX = 3
"""More lines do not fit under a code."""
_MODULE_MM: dict[Kind, float] = {"qr": 1.0, "code128": 0.5, "ean13": 0.5, "pdf417": 0.62, "aztec": 1.25}
"""The largest module; a code that would be wider than the card's white field gets smaller ones."""
FIELD_MM = (72.0, 30.0)
_FORMATS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def sheet(
    program: Program,
    cards: Sequence[tuple[int, str]],
    created_at: datetime,
    layout: Layout,
    code: Kind,
    *,
    back: bool = True,
    logo: Logo | None = None,
) -> dict[str, Any]:
    """What the template sets: (serial, number) of each card. Raises InvalidValue where the code cannot carry one."""
    colours, branding = palette(program.settings.accent), program.settings.branding
    return {
        "created_at": created_at.isoformat(),
        "author": program.name,
        "title": program.name,
        "layout": layout,
        "back": back,
        "ground": colours.card,
        "ink": colours.on_card,
        "logo": picture(logo),
        "logo_place": branding.logo_place,
        "lines": [_line(code) for code in program.languages[:LANGUAGES_MAX]],
        "cards": [
            {"serial": serial, "printed": branding.printed(number), **_drawn(code, number)}
            for serial, number in cards
        ],
    }


def picture(logo: Logo | None) -> dict[str, Any] | None:
    """A logo as a template sets it: its kind and its bytes."""
    return None if logo is None else {"format": _FORMATS[logo.media_type], "bytes": list(logo.body)}


def _line(code: str) -> dict[str, str]:
    """What the back says in one language."""
    words = language(code)
    return {
        "language": words.code,
        "show": words.gettext("Show this card at the till, and every purchase counts."),
        "found": words.gettext("Found it? Please hand it in at any of our shops."),
    }


def _drawn(code: Kind, number: str) -> dict[str, Any]:
    """The code as SVG, and how large it is on the card, in millimetres."""
    try:
        drawn = drawing.draw(code, number)
    except InvalidValue as error:
        raise InvalidValue("/code", f"the number of a card {error.detail}") from error
    module = min(_MODULE_MM[code], FIELD_MM[0] / drawn.width, FIELD_MM[1] / drawn.height)
    height = drawn.height * module
    if code in ("code128", "ean13"):
        height = 17.0
    return {"svg": _stretched(drawn), "width": round(drawn.width * module, 3), "height": round(height, 3)}


def _stretched(drawn: drawing.Drawn) -> str:
    """The dark modules alone, in a box that the template may stretch."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}"'
        f' preserveAspectRatio="none"><path d="{drawn.path}"/></svg>'
    )

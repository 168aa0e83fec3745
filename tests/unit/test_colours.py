"""Whatever colour a program chooses, everything on its pages can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.web import colours

WHITE, CANVAS, RAISED_DARK = "#fefdfc", "#eeece8", "#241f1a"
pytestmark = pytest.mark.fast


def between(one: str, other: str) -> float:
    """The contrast of two colours."""
    return colours.contrast(colours.rgb(one), colours.rgb(other))


@given(st.integers(0, 0xFFFFFF))
def test_every_text_of_a_palette_reads(number: int) -> None:
    palette = colours.palette(f"#{number:06x}")
    assert between(palette.card, palette.on_card) >= 4.5
    assert between(palette.accent_light, palette.on_accent_light) >= 4.5
    assert between(palette.accent_dark, palette.on_accent_dark) >= 4.5
    assert between(palette.accent_light, CANVAS) >= 4.4
    assert between(palette.text_light, WHITE) >= 5.6
    assert between(palette.text_dark, RAISED_DARK) >= 5.4


def test_a_colour_that_reads_already_is_taken_as_it_is() -> None:
    palette = colours.palette("#1f5c47")
    assert (palette.card, palette.accent_light, palette.on_card) == ("#1f5c47", "#1f5c47", "#ffffff")


def test_a_bright_card_gets_dark_letters_and_a_middling_one_is_darkened_for_white_ones() -> None:
    yellow, amber = colours.palette("#ffd400"), colours.palette("#b8660a")
    assert (yellow.card, yellow.on_card) == ("#ffd400", "#17130f")
    assert (amber.card, amber.on_card) == ("#b2620b", "#ffffff")


def test_contrast_is_that_of_wcag() -> None:
    assert between("#000000", "#ffffff") == pytest.approx(21)
    assert between("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)

"""Derives a program's colours from its one accent: what reads on it and what it reads on, in light and in dark.

Colours are mixed in OKLCH (Ottosson, "A perceptual color space for image processing", 2020), in which a change of
lightness leaves the hue alone; contrast is that of WCAG 2.1 (relative luminance of sRGB).
"""

from __future__ import annotations

import math
from functools import lru_cache

from msgspec import Struct

TEXT_CONTRAST = 4.5
"""WCAG 2.1 AA for text."""
TINTED_CONTRAST = 5.6
PARTS_CONTRAST = 3.0
_STEP = 0.005
_WHITE, _INK = (0.995, 0.002, 85.0), (0.19, 0.01, 70.0)
_LIGHT, _DARK = (0.945, 0.006, 85.0), (0.255, 0.01, 70.0)
"""The least friendly surfaces of tokens.css that the accent has to read on: the canvas, and what is raised."""

Lch = tuple[float, float, float]
Rgb = tuple[float, float, float]
PURE_WHITE: Rgb = (1.0, 1.0, 1.0)


class Palette(Struct, frozen=True):
    """CSS colours, each as near to the program's accent as reading allows."""

    card: str
    on_card: str
    accent_light: str
    accent_dark: str
    text_light: str
    """For words in the accent's colour, also on a tint of it."""
    text_dark: str
    on_accent_light: str
    on_accent_dark: str


@lru_cache(maxsize=1024)
def palette(accent: str) -> Palette:
    """The colours of an accent, `#rrggbb`: every text of them reads with a contrast of 4.5 or more."""
    chosen = _lch(rgb(accent))
    on_light, on_dark = _rgb(_LIGHT), _rgb(_DARK)
    white_card = contrast(rgb(accent), PURE_WHITE) >= PARTS_CONTRAST
    card = _until(chosen, -_STEP, PURE_WHITE, TEXT_CONTRAST) if white_card else rgb(accent)
    return Palette(
        card=hexadecimal(card),
        on_card=hexadecimal(PURE_WHITE if white_card else _rgb(_INK)),
        accent_light=hexadecimal(_until(chosen, -_STEP, on_light, TEXT_CONTRAST)),
        accent_dark=hexadecimal(_until(chosen, +_STEP, on_dark, TEXT_CONTRAST)),
        text_light=hexadecimal(_until(chosen, -_STEP, on_light, TINTED_CONTRAST)),
        text_dark=hexadecimal(_until(chosen, +_STEP, on_dark, TINTED_CONTRAST)),
        on_accent_light=hexadecimal(_rgb(_WHITE)),
        on_accent_dark=hexadecimal(_rgb(_INK)),
    )


def rgb(text: str) -> Rgb:
    """`#rrggbb` as shares of one."""
    return int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255


def hexadecimal(colour: Rgb) -> str:
    """Shares of one as `#rrggbb`."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)


def contrast(one: Rgb, other: Rgb) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _until(colour: Lch, step: float, behind: Rgb, least: float) -> Rgb:
    """The nearest lightness in that direction at which the colour stands out; black and white always do."""
    lightness, chroma, hue = colour
    while True:
        found = rgb(hexadecimal(_rgb((lightness, chroma, hue))))
        if contrast(found, behind) >= least:
            return found
        lightness = min(1.0, max(0.0, lightness + step))


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _companded(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _lch(colour: Rgb) -> Lch:
    red, green, blue = (_linear(part) for part in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _rgb(colour: Lch) -> Rgb:
    """sRGB; where the screen has no such colour, with as much less chroma as it needs."""
    lightness, chroma, hue = colour
    found = _unclipped(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0005 <= part <= 1.0005 for part in found):
        chroma = max(0.0, chroma - 0.004)
        found = _unclipped(lightness, chroma, hue)
    red, green, blue = (_companded(part) for part in found)
    return red, green, blue


def _unclipped(lightness: float, chroma: float, hue: float) -> Rgb:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )

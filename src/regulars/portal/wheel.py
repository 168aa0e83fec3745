"""Draws a wheel of fortune: its fields as wide as they are likely, turned so that one stands at the top. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import cos, pi, sin

from msgspec import Struct

RADIUS = 100
SHADES = 6
"""So many colours; fields beside one another never have the same."""


class Segment(Struct, frozen=True):
    """A field of the wheel."""

    path: str
    """Of an SVG, the middle being 0, 0."""
    shade: int


def segments(odds: Sequence[Fraction]) -> list[Segment]:
    """The fields clockwise from the top."""
    found: list[Segment] = []
    begin = Fraction(0)
    for place, share in enumerate(odds):
        found.append(Segment(_path(begin, begin + share), shade_of(place, len(odds))))
        begin += share
    return found


def shade_of(place: int, count: int) -> int:
    """Which of the colours a field has: the last one never that of the first."""
    last = place == count - 1 and place and place % SHADES == 0
    return 1 if last else place % SHADES


def turned(odds: Sequence[Fraction], landed: int) -> int:
    """By how many degrees the wheel stands when the middle of a field is at the top."""
    middle = sum(odds[:landed], Fraction(0)) + odds[landed] / 2
    return -round(middle * 360)


def _path(begin: Fraction, end: Fraction) -> str:
    if end - begin == 1:
        return f"M0 -{RADIUS}A{RADIUS} {RADIUS} 0 1 1 0 {RADIUS}A{RADIUS} {RADIUS} 0 1 1 0 -{RADIUS}Z"
    (x1, y1), (x2, y2) = _point(begin), _point(end)
    large = 1 if end - begin > Fraction(1, 2) else 0
    return f"M0 0L{x1} {y1}A{RADIUS} {RADIUS} 0 {large} 1 {x2} {y2}Z"


def _point(part: Fraction) -> tuple[str, str]:
    angle = float(part) * 2 * pi
    return f"{RADIUS * sin(angle):.2f}", f"{-RADIUS * cos(angle):.2f}"

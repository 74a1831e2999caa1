"""Test the colours of stances: legible on the page, and distinct in colour blindness.

Colour blindness is simulated as by Machado, Oliveira and Fernandes (2009), severity 1, in linear
RGB; distances are CIE76 in Lab, contrast is that of WCAG. Every colour has a word and a shape, so
the required distance is that of adjacent colours.
"""

import re
from itertools import combinations
from math import dist
from typing import NamedTuple

import pytest

from tests.services import ROOT

TOKENS = (ROOT / "site/static/css/tokens.css").read_text()
COLOURS = ("blue", "orange", "green", "plum", "slate")
CONTRAST = 4.5
# Just noticeable is 2.3.
DISTANCE = 10.0
SIGHTS = {
    "all": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


class Rgb(NamedTuple):
    """A colour in linear RGB, each from 0 to 1."""

    red: float
    green: float
    blue: float


def linear(written: str) -> Rgb:
    """Return the colour written as six digits."""
    parts = [int(written[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    return Rgb(*(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts))


def times(rows: tuple[tuple[float, ...], ...], colour: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, colour, strict=True)) for row in rows)


def luminance(colour: Rgb) -> float:
    return times(_XYZ, colour)[1]


def contrast(one: Rgb, other: Rgb) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(colour: tuple[float, ...]) -> tuple[float, float, float]:
    def root(part: float) -> float:
        return float(part ** (1 / 3)) if part > 0.008856 else 7.787 * part + 16 / 116

    x, y, z = (root(max(p, 0.0) / w) for p, w in zip(times(_XYZ, colour), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: Rgb, other: Rgb, sight: str) -> float:
    """Return the distance of two colours under one kind of colour blindness."""
    return dist(*(lab(times(SIGHTS[sight], colour)) for colour in (one, other)))


def themes() -> dict[str, dict[str, Rgb]]:
    """Return the tokens of both themes."""
    day, night = TOKENS.split("@media (prefers-color-scheme: dark)", 1)
    pattern = re.compile(r"--([\w-]+): #([0-9a-f]{6});")
    return {
        name: {token: linear(code) for token, code in pattern.findall(css)}
        for name, css in (("light", day), ("dark", night))
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", COLOURS)
def test_each_colour_can_be_read_on_paper(theme: str, colour: str) -> None:
    tokens = themes()[theme]
    for paper in ("paper", f"{colour}-wash"):
        assert contrast(tokens[colour], tokens[paper]) >= CONTRAST, paper


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_are_told_apart(theme: str, sight: str) -> None:
    tokens = themes()[theme]
    pairs = combinations(COLOURS, 2)
    near = {(one, two): distance(tokens[one], tokens[two], sight) for one, two in pairs}
    assert min(near.values()) >= DISTANCE, sorted(near.items(), key=lambda item: item[1])[:3]

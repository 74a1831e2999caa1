"""Judge a palette: words must be legible, and answers distinct whatever colours a reader sees.

Contrast is that of WCAG 2. Distances are ΔE2000 of the colours as people see them who lack one
kind of cone, simulated by coloraide: Viénot for red and green, Brettel for blue.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .look import ANSWERS, COLOURS, SCHEMES, Tokens, shipped, wash_of

# WCAG 2.2, 1.4.3: words of usual size.
CONTRAST = 4.5
# Differences below 2.3 are hardly noticed; 12 are seen at a glance, in small shapes too.
DISTANCE = 12.0
# Steps in which a nearby colour is looked for, of the lightness from 0 to 1.
STEP = 0.01
SIGHTS = {
    "protan": gettext_lazy("who cannot see red"),
    "deutan": gettext_lazy("who cannot see green"),
    "tritan": gettext_lazy("who cannot see blue"),
}
NAMES = {
    "accent": gettext_lazy("Accent"),
    "blue": gettext_lazy("Blue"),
    "orange": gettext_lazy("Orange"),
    "green": gettext_lazy("Green"),
    "plum": gettext_lazy("Plum"),
    "slate": gettext_lazy("Slate"),
}
WHEN = {"day": gettext_lazy("In light mode"), "night": gettext_lazy("In dark mode")}


class Problem(NamedTuple):
    """What is wrong with one colour, for the person who chose it."""

    scheme: str
    name: str
    sentence: str


def problems_of(palette: dict[str, Tokens]) -> list[Problem]:
    """Return what is wrong with the colours of `palette`, by scheme and name of `COLOURS`."""
    found: list[Problem] = []
    for scheme in SCHEMES:
        found += _faint(palette[scheme], scheme)
        found += _alike(palette[scheme], scheme)
    return found


def contrast_of(colour: str, scheme: str) -> float:
    """Return the contrast of words in `colour` to the paper and to their wash, the lower."""
    # Here, since it takes 0.1 s that only admins need.
    from coloraide import Color

    behind = (shipped()[scheme]["paper"], wash_of(colour, scheme))
    return min(Color(colour).contrast(Color(each), method="wcag21") for each in behind)


def _faint(colours: Tokens, scheme: str) -> Iterator[Problem]:
    for name in COLOURS:
        reached = contrast_of(colours[name], scheme)
        if reached < CONTRAST:
            sentence = _(
                "%(when)s, words in this colour are hard to read: their contrast is "
                "%(reached).1f to 1, and %(needed).1f is needed. The nearest colour that "
                "works is %(nearest)s."
            ) % {
                "when": WHEN[scheme],
                "reached": reached,
                "needed": CONTRAST,
                "nearest": nearest_legible(colours[name], scheme),
            }
            yield Problem(scheme, name, sentence)


def nearest_legible(colour: str, scheme: str) -> str:
    """Return the nearest colour of one hue that holds `CONTRAST`: darker by day, else lighter."""
    from coloraide import Color

    tried = Color(colour).convert("oklch")
    step = -STEP if scheme == "day" else STEP
    written = colour
    while contrast_of(written, scheme) < CONTRAST and 0 < tried["lightness"] + step < 1:
        tried["lightness"] += step
        written = tried.convert("srgb").fit("srgb").to_string(hex=True)
    return written


def _alike(colours: Tokens, scheme: str) -> Iterator[Problem]:
    from coloraide import Color

    for sight, people in SIGHTS.items():
        seen = {name: Color(colours[name]).filter(sight) for name in ANSWERS}
        for one, other in combinations(ANSWERS, 2):
            if seen[one].delta_e(seen[other], method="2000") < DISTANCE:
                sentence = _(
                    "%(when)s, readers %(people)s cannot tell it from %(other)s. Make one of "
                    "the two lighter or darker."
                ) % {"when": WHEN[scheme], "people": people, "other": NAMES[one]}
                yield Problem(scheme, other, sentence)

"""Make the style sheet of a site profile: its colours and typefaces, where they are not ours.

Colours that ship are read from the style sheet `tokens.css`, which stays their only home.
"""

import re
from functools import cache
from hashlib import sha256

from django.conf import settings

from .models import SiteProfile, Typefaces

SCHEMES = ("day", "night")
# The accent, and the colours of answers.
ANSWERS = ("blue", "orange", "green", "plum", "slate")
COLOURS = ("accent", *ANSWERS)
# How much of a colour is in the area behind words of that colour: as in those that ship.
WASH = {"day": 0.13, "night": 0.18}
_TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
_NIGHT = "@media (prefers-color-scheme: dark)"
_FACES = {
    Typefaces.PLAIN: "--serif: var(--sans);",
    Typefaces.DEVICE: "--serif: Charter, Georgia, serif; --sans: system-ui, sans-serif;",
}
# Characters of the digest in an address.
DIGEST_LENGTH = 16

Tokens = dict[str, str]


@cache
def shipped() -> dict[str, Tokens]:
    """Return the colours that ship, by scheme and token."""
    path = settings.BASE_DIR / "site/static/css/tokens.css"
    day, _media, night = path.read_text(encoding="utf-8").partition(_NIGHT)
    return {"day": dict(_TOKEN.findall(day)), "night": dict(_TOKEN.findall(night))}


def palette_of(profile: SiteProfile) -> dict[str, Tokens]:
    """Return the colours of `profile` by scheme and name of `COLOURS`."""
    return {
        scheme: {
            name: profile.palette.get(scheme, {}).get(name, shipped()[scheme][name])
            for name in COLOURS
        }
        for scheme in SCHEMES
    }


def wash_of(colour: str, scheme: str) -> str:
    """Return the colour of the area behind words of `colour`, mixed with the paper."""
    share, paper = WASH[scheme], shipped()[scheme]["paper"]
    parts = zip(_parts(colour), _parts(paper), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * two):02x}" for one, two in parts)


def sheet_of(profile: SiteProfile) -> str:
    """Return the style sheet of `profile`, empty where everything is as shipped."""
    day, night = (_declared(profile, scheme) for scheme in SCHEMES)
    faces = _FACES.get(Typefaces(profile.typefaces), "")
    rules = [f":root {{ {day} {faces} }}\n"] if day or faces else []
    return "".join(rules + ([f"{_NIGHT} {{ :root {{ {night} }} }}\n"] if night else []))


def both_schemes(profile: SiteProfile) -> str:
    """Return a style sheet in which `.look--day` and `.look--night` show `profile` side by side."""
    rules = []
    for scheme, browser in zip(SCHEMES, ("light", "dark"), strict=True):
        tokens = " ".join(f"--{name}: {value};" for name, value in shipped()[scheme].items())
        own = f"{_declared(profile, scheme)} {_FACES.get(Typefaces(profile.typefaces), '')}"
        rules.append(f".look--{scheme} {{ color-scheme: {browser}; {tokens} {own} }}\n")
    return "".join(rules)


def digest_of(sheet: str) -> str:
    """Return what names a style sheet in its address, empty for an empty one."""
    return sha256(sheet.encode()).hexdigest()[:DIGEST_LENGTH] if sheet else ""


def _declared(profile: SiteProfile, scheme: str) -> str:
    """Return the declarations of the colours that `profile` has instead of ours."""
    own = profile.palette.get(scheme, {})
    each = [f"--{name}: {own[name]};" for name in COLOURS if name in own]
    each += [f"--{name}-wash: {wash_of(own[name], scheme)};" for name in ANSWERS if name in own]
    return " ".join(each)


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]

"""How long the worst texts take from Markdown to HTML; run as `python -m bench.markup FILE…`.

A file is a JSON list of cases with a `name` and `parts`, pairs of a text and how often it comes;
each is grown or cut to `LENGTH` characters. Prints JSON: for each case and profile, milliseconds
and why it was refused, or "". What takes too long is tried again, since other programs run, too.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

LENGTH = 10_000
SLOWEST = 250  # milliseconds
TRIES = 3


def main(files: list[str]) -> None:
    """Time every case of all `files`, in both profiles."""
    import django

    django.setup()
    from core.markup import Profile, render

    render("Ready?", Profile.COMMENT)
    render("Ready?", Profile.POST)
    cases = [case for file in files for case in json.loads(Path(file).read_text())]
    print(json.dumps([timed(case, profile) for case in cases for profile in Profile]))


def timed(case: dict[str, Any], profile: Any) -> dict[str, Any]:
    """Return the time of a case, of a slow one the best, and what came of it."""
    text = grown(case["parts"])
    milliseconds, refused = attempt(text, profile)
    for _again in range(TRIES - 1):
        if milliseconds > SLOWEST:
            milliseconds, refused = min((milliseconds, refused), attempt(text, profile))
    return {
        "name": case["name"],
        "profile": profile.value,
        "milliseconds": round(milliseconds, 1),
        "refused": refused,
    }


def attempt(text: str, profile: Any) -> tuple[float, str]:
    """Return the milliseconds that `text` took and why it was refused, or ""."""
    from core.markup import MarkupRefused, render

    started, refused = time.perf_counter(), ""
    try:
        render(text, profile)
    except MarkupRefused as error:
        refused = error.reason.value
    return (time.perf_counter() - started) * 1000, refused


def grown(parts: list[tuple[str, int]]) -> str:
    """Return the text of `parts`, repeated so that it has `LENGTH` characters."""
    factor = LENGTH / sum(len(part) * count for part, count in parts)
    return "".join(part * max(1, round(count * factor)) for part, count in parts)[:LENGTH]


if __name__ == "__main__":
    main(sys.argv[1:])

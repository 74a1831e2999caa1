"""Time pathological texts from Markdown to HTML: `python -m bench.markdown.hard_texts FILE…`.

A file is a JSON list of cases with a `name` and `parts`, pairs of a text and its repetitions; each
is extended or cut to `LENGTH` characters. A case without parts is generated here by its name.
Prints JSON: for each case and profile, milliseconds and the reason of a refusal, or "". A slow text
is timed again, since other programs may have disturbed it.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from ..report.table import table

TEXTS = Path(__file__).parents[2] / "tests/data/pathological.json"
LENGTH = 10_000  # characters, the longest text that a comment may have
SLOWEST = 250  # milliseconds that a text may take
TRIES = 3  # of a slow text, whose fastest time counts
# Public lists give these as program text, which must not be executed from a file.
GROWING = {
    "backticks": "".join("e" + "`" * n for n in range(1, 150)),
    "deeply nested lists": "".join("  " * n + "* a\n" for n in range(100)),
    "reference collisions": "".join(f"[x{n}]: /url\n\n[x0]\n\n" for n in range(600)),
}


class BadList(Exception):
    """Report a file of texts that cannot be used; the message says why."""


def main(files: list[str]) -> None:
    """Print the times of every case of all `files`, in both profiles."""
    import django

    django.setup()
    from core.markdown.html import Profile, render

    render("Ready?", Profile.COMMENT)
    render("Ready?", Profile.POST)
    texts = [text for file in files for text in texts_in(Path(file))]
    print(json.dumps([timed(name, text, profile) for name, text in texts for profile in Profile]))


def texts_in(file: Path) -> list[tuple[str, str]]:
    """Return the name and the text of every case in `file`; raise BadList."""
    try:
        return [(case["name"], _text(case)) for case in json.loads(file.read_text())]
    except (OSError, ValueError, TypeError, ArithmeticError) as error:
        raise BadList(f"{file} is no list of texts: {error}") from error
    except KeyError as error:
        raise BadList(f"{file}: a case lacks {error}, and is not known by its name") from error


def _text(case: dict[str, Any]) -> str:
    if "parts" not in case and case["name"] in GROWING:
        return GROWING[case["name"]][:LENGTH]
    return grown(case["parts"])


def timed(name: str, text: str, profile: Any) -> dict[str, Any]:
    """Return the time of a text, of a slow one the fastest, and whether it was refused."""
    milliseconds, refused = attempt(text, profile)
    for _again in range(TRIES - 1):
        if milliseconds > SLOWEST:
            milliseconds, refused = min((milliseconds, refused), attempt(text, profile))
    return {
        "name": name,
        "profile": profile.value,
        "milliseconds": round(milliseconds, 1),
        "refused": refused,
    }


def attempt(text: str, profile: Any) -> tuple[float, str]:
    """Return the milliseconds of rendering `text`, and the reason of a refusal or ""."""
    from core.markdown.html import MarkupRefused, render

    started, refused = time.perf_counter(), ""
    try:
        render(text, profile)
    except MarkupRefused as error:
        refused = error.reason.value
    return (time.perf_counter() - started) * 1000, refused


def grown(parts: list[tuple[str, int]]) -> str:
    """Return the text of `parts`, repeated until it has `LENGTH` characters."""
    factor = LENGTH / sum(len(part) * count for part, count in parts)
    return "".join(part * max(1, round(count * factor)) for part, count in parts)[:LENGTH]


def slow_texts(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the texts that took longer than `SLOWEST`."""
    return [text for text in texts if text["milliseconds"] > SLOWEST]


def report(texts: list[dict[str, Any]]) -> str:
    """Return a table of all texts, the slowest first."""
    refused = sum(bool(text["refused"]) for text in texts)
    rows = [
        (
            text["name"][:60],
            text["profile"],
            f"{text['milliseconds']:.0f}",
            f"refused: {text['refused']}" if text["refused"] else "rendered",
            "TOO SLOW" if text["milliseconds"] > SLOWEST else "",
        )
        for text in sorted(texts, key=lambda text: -text["milliseconds"])
    ]
    return (
        f"\nHard Markdown of {LENGTH:,} characters: {len(texts)} renders, "
        f"{refused} refused, {len(slow_texts(texts))} above {SLOWEST} ms\n\n"
        + table(("text", "profile", "ms", "outcome", ""), rows)
    )


if __name__ == "__main__":
    main(sys.argv[1:])

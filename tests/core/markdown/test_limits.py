"""Test that any 10,000 characters are rendered or refused in bounded time."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench.markdown.hard_texts import grown
from core.markdown import html as markup
from core.markdown import rules
from core.markdown.pipeline import MAX_OPEN_BRACKETS, Pipeline
from core.markdown.policy import Profile
from core.markdown.refusal import MarkdownRefused, RefusalReason

CASES = json.loads((Path(__file__).parents[2] / "data" / "pathological.json").read_text())
PROFILES = pytest.mark.parametrize("profile", list(Profile))

pipeline = cache(Pipeline)


@PROFILES
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_no_text_runs_away(
    case: dict[str, Any], profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is rendered, or refused for what it is; the clock never has to stop it.

    `make bench` has the milliseconds, which say little on a slow machine.
    """
    monkeypatch.setitem(markup.RENDER_LIMIT, profile, 30.0)
    assert ending(grown(case["parts"]), profile) not in {RefusalReason.TIME, RefusalReason.BROKEN}


def ending(text: str, profile: Profile) -> RefusalReason | None:
    """Return why the door refuses a text, or nothing."""
    try:
        markup.render(text, profile)
    except markup.MarkupRefused as refused:
        return refused.reason
    return None


def refusal(text: str, profile: Profile = Profile.COMMENT) -> RefusalReason | None:
    """Return why `text` is refused, or nothing."""
    try:
        pipeline(profile).html(text)
    except MarkdownRefused as refused:
        return refused.reason
    return None


@PROFILES
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("> " * rules.MAX_DEPTH + "x", RefusalReason.NESTING),
        ("- " * (rules.MAX_DEPTH // 2) + "x", RefusalReason.NESTING),
        ("*x _y " * 11 + "y_ x*" * 11, RefusalReason.NESTING),
        ("[" * (MAX_OPEN_BRACKETS + 1), RefusalReason.BRACKETS),
        ("|x" * 100 + "|\n" + "|-" * 100 + "|\n" + "|x\n" * 100, RefusalReason.SIZE),
        ("x\n\n" * 3000, RefusalReason.SIZE),
        ("[x]: /" + "y" * 2000 + "\n\n" + "[x] " * 200, RefusalReason.SIZE),
        ("[x]: /y", RefusalReason.NOTHING),
        ("&nbsp;", RefusalReason.NOTHING),
        ("> ", RefusalReason.NOTHING),
    ],
)
def test_what_cannot_be_shown_whole_is_refused(
    text: str, reason: RefusalReason, profile: Profile
) -> None:
    assert refusal(text, profile) == reason


@PROFILES
@pytest.mark.parametrize(
    "text",
    [
        "> " * (rules.MAX_DEPTH - 1) + "word",
        "- " * (rules.MAX_DEPTH // 2 - 1) + "word",
        "[" * MAX_OPEN_BRACKETS + "word",
        r"\[" * 1000 + "word",
        "[\n\n" * 200 + "word",
        "|word" * 30 + "|\n" + "|-" * 30 + "|\n" + "|x" * 30 + "|",
        "word\n\n" * 500,
        "",
        "   \n",
    ],
)
def test_what_people_may_well_write_is_shown(text: str, profile: Profile) -> None:
    assert refusal(text, profile) is None
    if "word" in text:
        html = pipeline(profile).html(text)
        assert html.count("word") == text.count("word")


def test_every_reason_has_a_sentence() -> None:
    for reason in RefusalReason:
        sentence = str(markup.MarkupRefused(reason).message)
        assert sentence[0].isupper()
        assert sentence.endswith(".")

"""Test that every message is found, and that none contains a word that docs/words.md refuses."""

import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "docs"))
list_messages: Any = import_module("list_messages")

# The last table of docs/words.md as patterns: what no message may contain, and the reason.
REFUSED = {
    r"\bstances?\b": "a word of the code: say answer",
    r"\bflag(?:s|ged|ging)?\b": "a word of the code: say report",
    r"\bsteelm[ae]n\b": "known to few: say best reason",
    r"\bcit(?:e|es|ed|ing)\b|\bverdicts?\b": "words of a court: say quote, judge",
    r"\banew\b": "nobody says it: say again",
    r"\bmeanwhile[,.]|^meanwhile\b.*changed": "a riddle: leave it out",
    r"\b(?:is|are|was|be|came|come|comes|coming) out\b(?! of)": "say published",
    r"\bnobody (?:else )?(?:sees|knows) it but\b|\bnobody but\b": "a double negative: say only",
    r"\bby (?:a )?code\b": "one signs in with something",
    r"(?<!-)\bmails?\b|\bemails?\b": "say e-mail",
    r"\bslip in it\b": "a picture: say mistyped",
    r"\bwhom\b|\bwho(?:so)?ever\b": "inverted sentences follow",
    r"\bnot there any more\b|\bcannot \w+ \w+ any more\b": "say can no longer, is no longer there",
    r"\blog(?:ged)? (?:in|on|out)\b|\blogin\b": "say sign in, sign out",
    r"\bplease note\b|\bjust click\b": "noise",
    r"\b(?:a|an|the|this|these|your|its|other|another) posts?\b(?! it)": "say article",
    r"\banswers? to me\b": "say replies",
}


@cache
def every() -> list[Any]:
    """Return every message."""
    return list(list_messages.messages())


def found(pattern: str) -> list[str]:
    """Return the messages that match `pattern`, each with where it stands."""
    wrong = re.compile(pattern, re.IGNORECASE)
    plain = ((one, re.sub(r"%\(\w+\)[sd]|<[^>]*>", "", " ".join(one.forms))) for one in every())
    return [str(one) for one, words in plain if wrong.search(words)]


def test_every_kind_of_file_has_messages() -> None:
    kinds = {one.path.rpartition(".")[2] for one in every()}
    assert kinds == {"py", "html", "txt", "md"}
    wanted = {"Skip to the content", "%(number)s new notification", "%(n)s comment"}
    assert wanted <= {form for one in list_messages.messages() for form in one.forms}
    assert max(one.line for one in every()) > 100


def test_no_message_is_cut_off() -> None:
    """Django's extraction ends at an escaped quotation mark, so templates use “these”."""
    assert [str(one) for one in list_messages.messages() if one.forms[0].endswith("\\")] == []


@pytest.mark.parametrize(("pattern", "reason"), REFUSED.items())
def test_no_message_contains(pattern: str, reason: str) -> None:
    assert found(pattern) == [], reason

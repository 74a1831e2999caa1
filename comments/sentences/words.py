"""Join words and phrases for a sentence."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def words_of(stances: Sequence[Any]) -> str:
    """Return the words of `stances` joined for a sentence."""
    return joined([str(stance.word) for stance in stances])


def joined(words: Sequence[str]) -> str:
    """Return `words` with commas between them, and "and" before the last."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}

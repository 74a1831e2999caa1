"""Sentences about the status of a closing and the verdicts of its readers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models.closing_status import ClosingStatus
from ..rendering.reaction_summary import words_of
from .status import ClosingOutcome, Judged


def status_sentence(outcome: ClosingOutcome, stances: Mapping[int, Any]) -> str:
    """Return the sentence about `outcome`; `stances`, by id, give the answers' words and order."""
    contested_by, waits_for = (
        words_of([stance for key, stance in stances.items() if key in keys])
        for keys in (outcome.contested_by, outcome.waits_for)
    )
    if outcome.status == ClosingStatus.FINAL:
        return _("Final: readers of every answer find it fair.")
    if outcome.status == ClosingStatus.CONTESTED:
        return _("Draft, contested by %(words)s.") % {"words": contested_by}
    return _("Draft: it waits for the readers of %(words)s.") % {"words": waits_for}


def side_sentence(stance: Any, judged: Judged) -> str:
    """Return how many readers of `stance` find the closing fair, or how many have yet to judge."""
    if judged.still_needed:
        return ngettext(
            "%(n)d more reader who answers %(word)s has to say.",
            "%(n)d more readers who answer %(word)s have to say.",
            judged.still_needed,
        ) % {"n": judged.still_needed, "word": stance.word}
    return ngettext(
        "%(fair)d of %(judges)d reader who answers %(word)s finds it fair.",
        "%(fair)d of %(judges)d readers who answer %(word)s find it fair.",
        judged.judges,
    ) % {"fair": judged.fair, "judges": judged.judges, "word": stance.word}

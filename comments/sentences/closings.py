"""The sentences about the closing summary of a discussion, and the verdicts on it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models.closing_status import ClosingStatus
from ..ranking import constants
from .words import joined, words_of

if TYPE_CHECKING:
    from ..closings.status import ClosingOutcome, Judged


def closing_status(
    outcome: "ClosingOutcome",
    stances: Mapping[int, Any],
    judged: "Mapping[int, Judged] | None" = None,
) -> str:
    """Say how a closing stands; `stances`, by id, give the answers' words and order.

    With the verdicts of each side in `judged` it says how many are still needed.
    """
    if outcome.status == ClosingStatus.FINAL:
        return _("Final: for each answer it speaks of, most readers who judged it find it fair.")
    draft = _draft(outcome, stances, judged or {})
    said = (draft, _uncited(outcome, stances), _asked_again(outcome, stances))
    return " ".join(filter(None, said))


def _draft(
    outcome: "ClosingOutcome", stances: Mapping[int, Any], judged: "Mapping[int, Judged]"
) -> str:
    contested_by, waits_for = (
        words_of([stance for key, stance in stances.items() if key in keys])
        for keys in (outcome.contested_by, outcome.waits_for)
    )
    if outcome.status == ClosingStatus.CONTESTED:
        return _("Draft, contested by %(words)s.") % {"words": contested_by}
    if not waits_for:
        return _("Draft.")
    needed = [
        (stance, judged[key].still_needed)
        for key, stance in stances.items()
        if key in outcome.waits_for and key in judged
    ]
    if not needed:
        return _("Draft: more readers who answered %(words)s have to judge it.") % {
            "words": waits_for
        }
    return ngettext(
        "Draft: %(readers)s has to judge it.",
        "Draft: %(readers)s have to judge it.",
        sum(number for _stance, number in needed),
    ) % {"readers": joined([_more_readers(stance, number) for stance, number in needed])}


def _more_readers(stance: Any, number: int) -> str:
    return ngettext(
        "%(n)d more reader who answered %(word)s",
        "%(n)d more readers who answered %(word)s",
        number,
    ) % {"n": number, "word": stance.word}


def _uncited(outcome: "ClosingOutcome", stances: Mapping[int, Any]) -> str:
    uncited = words_of([stance for key, stance in stances.items() if key in outcome.uncited])
    if not uncited:
        return ""
    return _(
        "It no longer quotes anybody for %(words)s: the comment is gone. It can be final "
        "once it quotes somebody again."
    ) % {"words": uncited}


def _asked_again(outcome: "ClosingOutcome", stances: Mapping[int, Any]) -> str:
    words = words_of([stance for key, stance in stances.items() if key in outcome.asked_again])
    if not words:
        return ""
    return _("Before its last change it was contested by %(words)s; they are asked again.") % {
        "words": words
    }


def closing_side(stance: Any, judged: "Judged") -> str:
    """Say how many readers of `stance` find a closing fair, or how many have yet to judge."""
    if not stance.answer_count:
        return _("Nobody answers %(word)s now.") % {"word": stance.word}
    if not judged.is_given:
        return _(
            "No reader who counts answers %(word)s now, so the summary does not wait for them."
        ) % {"word": stance.word}
    if judged.still_needed:
        return ngettext(
            "%(n)d more reader who answered %(word)s has to judge it.",
            "%(n)d more readers who answered %(word)s have to judge it.",
            judged.still_needed,
        ) % {"n": judged.still_needed, "word": stance.word}
    return ngettext(
        "%(fair)d of %(judges)d reader who answers %(word)s finds it fair.",
        "%(fair)d of %(judges)d readers who answer %(word)s find it fair.",
        judged.judges,
    ) % {"fair": judged.fair, "judges": judged.judges, "word": stance.word}


def about_closing() -> str:
    """Say who judges a closing, and when it is final."""
    return ngettext(
        "Readers of each answer judge whether the summary is fair to them. It is final once "
        "%(n)d of each answer here has judged it, and clearly more than half find it fair. "
        "With fewer judgements you see only how many more it takes.",
        "Readers of each answer judge whether the summary is fair to them. It is final once %(n)d "
        "of each answer here have judged it and clearly more than half of those find it fair. "
        "With fewer judgements of an answer you see only how many more it takes.",
        constants.CLOSING_JUDGES,
    ) % {"n": constants.CLOSING_JUDGES}

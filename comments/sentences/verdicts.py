"""The sentences about verdicts on the best reason for an answer."""

from django.utils.translation import ngettext

from ..ranking import constants
from ..ranking.stored_columns import VerdictCount


def fairness(tally: VerdictCount) -> str:
    """Say how many readers of an answer call its best reason fair, or that too few have judged."""
    if tally.speaks:
        sentence = ngettext(
            "%(fair)d of %(judges)d reader calls it fair.",
            "%(fair)d of %(judges)d readers call it fair.",
            tally.judges,
        )
        return sentence % {"fair": tally.fair, "judges": tally.judges}
    return ngettext(
        "Nobody whose verdict counts has said so yet.",
        "Fewer than %(n)d whose verdict counts have said so far. What they say shows from then on.",
        constants.FAIR_JUDGES,
    ) % {"n": constants.FAIR_JUDGES}


def dropped(verdicts: int) -> str:
    """Say that readers judged earlier words of a text."""
    return ngettext(
        "What %(n)d reader had said of the earlier ones counts no longer.",
        "What %(n)d readers had said of the earlier ones counts no longer.",
        verdicts,
    ) % {"n": verdicts}

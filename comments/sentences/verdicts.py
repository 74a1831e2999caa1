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
        "No reader whose judgement counts has judged it yet.",
        "Fewer than %(n)d readers whose judgement counts have judged it so far. From %(n)d on you "
        "see what they say.",
        constants.FAIR_JUDGES,
    ) % {"n": constants.FAIR_JUDGES}


def dropped(verdicts: int) -> str:
    """Say that readers judged earlier words of a text."""
    return ngettext(
        "%(n)d reader had judged the earlier words, which no longer counts.",
        "%(n)d readers had judged the earlier words, which no longer counts.",
        verdicts,
    ) % {"n": verdicts}

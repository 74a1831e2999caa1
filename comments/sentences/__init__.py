"""Every sentence of the stance, rank, closing and verdict pages, beside its condition.

Each function returns a sentence that is true of its arguments, or an empty string where there is
nothing true to say. Counts are of readers; the thresholds are those of `analytics.minimums`,
`ranking.constants` and `core.limits`. A module holds the sentences of one page; the template tag
`say` finds each by its name here.
"""

from .closings import about_closing, closing_side, closing_status
from .places import (
    OF_ANSWER,
    despite,
    often,
    place,
    place_after_first,
    place_after_last,
    place_in_time,
    place_number,
    place_of_reply,
    rule,
)
from .ranks import (
    across,
    averaged,
    badges,
    evidence,
    example,
    marked,
    percent,
    pull,
    rank,
)
from .stances import (
    about_cases,
    about_crossings,
    about_drawing,
    about_moves,
    about_ranges,
    answered,
    case_for,
    counts_from,
    crossings_example,
    left,
    left_out,
    moves,
    respect,
    shares_from,
    sides_from,
    spread,
    trend,
)
from .verdicts import dropped, fairness
from .words import words_of

__all__ = [
    "OF_ANSWER",
    "about_cases",
    "about_closing",
    "about_crossings",
    "about_drawing",
    "about_moves",
    "about_ranges",
    "across",
    "answered",
    "averaged",
    "badges",
    "case_for",
    "closing_side",
    "closing_status",
    "counts_from",
    "crossings_example",
    "despite",
    "dropped",
    "evidence",
    "example",
    "fairness",
    "left",
    "left_out",
    "marked",
    "moves",
    "often",
    "percent",
    "place",
    "place_after_first",
    "place_after_last",
    "place_in_time",
    "place_number",
    "place_of_reply",
    "pull",
    "rank",
    "respect",
    "rule",
    "shares_from",
    "sides_from",
    "spread",
    "trend",
    "words_of",
]

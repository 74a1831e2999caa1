"""Decide which figures of answers may be shown: of enough that stand now, or not at all. Pure.

The page, its drawings, JSON, CSV and the data for researchers all ask here. An answer that was
withdrawn is in no figure: with it a page may go back below a minimum.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from core import limits

from ..ranking.audience import HeldAnswer

# Changes: fewer in the table would identify people, fewer in the drawing show nothing.
MOVES_FROM = 5
_MOVES_DRAWN_FROM = 10
# Readers in a cell of the table. Fewer who say so nowhere else would be identified by it.
CELL_FROM = 3
# Readers: a share of fewer is mostly chance.
_SHARE_FROM = 10
# Readers of an answer who marked anything. Fewer would be people one knows.
_CROSSINGS_FROM = 5
# Readers: of fewer the range of a share may be wider than a tenth.
_FEW_BELOW = 160
# The trend is shown from so many answers over so long.
_TREND_FROM = 20
_TREND_AFTER = timedelta(weeks=3)


def standing(journeys: Mapping[int, Sequence[HeldAnswer]]) -> dict[int, Sequence[HeldAnswer]]:
    """Return those of the answer histories, by reader, that end with an answer."""
    return {reader: held for reader, held in journeys.items() if held and held[-1].stance}


def show_counts(answers: int) -> bool:
    """Return whether so many answers are enough to tell anything by answer.

    Fewer are people one knows: of them there is one number, on cards and all pages and in files.
    """
    return answers >= limits.TOTALS_DOTS_FROM


def follows_from_others(parts: Iterable[int]) -> bool:
    """Return whether what the total leaves of the `parts` that are shown is of too few answers.

    Each of `parts` is a number of answers; those too small to be shown follow by subtraction.
    """
    hidden = sum(part for part in parts if not show_counts(part))
    return hidden > 0 and not show_counts(hidden)


def show_shares(answers: int) -> bool:
    """Return whether so many answers are enough for shares, their ranges, and a bar."""
    return answers >= limits.TOTALS_BAR_FROM


def are_few(answers: int) -> bool:
    """Return whether so few answers leave much to chance."""
    return answers < _FEW_BELOW


def show_moves(changes: int) -> bool:
    """Return whether so many changes are enough to tell from where to where."""
    return changes >= MOVES_FROM


def draw_moves(changes: int) -> bool:
    """Return whether so many changes are enough to draw."""
    return changes >= _MOVES_DRAWN_FROM


def hide_cell(readers: int, commenting: int = 0) -> bool:
    """Return whether so many readers are hidden, of whom so many have written a comment."""
    return 0 < readers < CELL_FROM and not commenting


def share_of(part: int, readers: int) -> str:
    """Return a share of `readers` in a hundred, rounded; empty for too few readers."""
    return f"{100 * part / readers:.0f}" if readers >= _SHARE_FROM else ""


def show_crossings(readers: int) -> bool:
    """Return whether so many readers of an answer are enough to tell what else they marked."""
    return readers >= _CROSSINGS_FROM


def show_trend(answers: int, seconds: float) -> bool:
    """Return whether so many answers over so many seconds are enough for a trend."""
    return answers >= _TREND_FROM and seconds >= _TREND_AFTER.total_seconds()

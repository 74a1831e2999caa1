"""Count how many comments from other answers a reader finds well argued. Pure.

Readers are told about themselves alone, from the rows that their page has loaded anyway.
"""

from collections.abc import Iterable

from django.utils.translation import ngettext

from core import limits

from ..listing.rows import CommentRow
from ..ranking import constants


def nudge(rows: Iterable[CommentRow], own: int, reader: int | None) -> str:
    """Return the nudge for a reader with the answer `own` about `rows`, or an empty string.

    It is empty for few comments, and for readers who mark as many as others do.
    """
    others = [
        row
        for row in rows
        if row.is_readable
        and row.author_id != reader
        and row.stance_id is not None
        and row.stance_id != own
    ]
    marked = sum(row.has_pressed for row in others)
    if len(others) < limits.NUDGE_FROM or marked >= constants.BASE_RATE * len(others):
        return ""
    return ngettext(
        "You have marked %(marked)d of the %(n)d comment from other answers on this page "
        "as well argued.",
        "You have marked %(marked)d of the %(n)d comments from other answers on this page "
        "as well argued.",
        len(others),
    ) % {"marked": marked, "n": len(others)}

"""The private nudge: how many comments from other answers a reader finds well argued. Pure.

It is said to readers about themselves alone, from what their page has loaded anyway.
"""

from collections.abc import Iterable

from django.utils.translation import ngettext

from core import limits

from ..listing.rows import CommentRow
from ..ranking import constants


def nudge(entries: Iterable[CommentRow], own: int, reader: int | None) -> str:
    """Return what a reader with the answer `own` is told about `entries`, or an empty string.

    Nothing is said about few comments, or to who marks as many as readers do.
    """
    others = [
        entry
        for entry in entries
        if entry.is_readable
        and entry.author_id != reader
        and entry.stance_id is not None
        and entry.stance_id != own
    ]
    marked = sum(bool(entry.has_pressed) for entry in others)
    if len(others) < limits.NUDGE_FROM or marked >= constants.BASE_RATE * len(others):
        return ""
    return ngettext(
        "You have marked %(marked)d of the %(n)d comment from other answers on this page "
        "as well argued.",
        "You have marked %(marked)d of the %(n)d comments from other answers on this page "
        "as well argued.",
        len(others),
    ) % {"marked": marked, "n": len(others)}

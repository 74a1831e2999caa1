"""The texts that readers reported before their writer edited them, for the case on the desk."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Comment, CommentRevision
from ..models.moderation import Flag
from .word_diff import TextPiece, compare


@dataclass(frozen=True)
class ReportedText:
    """A text that `reports` open flags are about and that is not the present one."""

    revision: CommentRevision
    reports: int
    # What became of it, word by word.
    changes: list[TextPiece]


def earlier_texts(comment: Comment, flags: Iterable[Flag]) -> list[ReportedText]:
    """Return the texts that `flags` are about, the oldest first, without the present one.

    Texts of erased accounts are not kept. For moderators only: readers never learn of flags.
    """
    reports = Counter(flag.text_number for flag in flags)
    replaced = comment.revisions.filter(number__in=reports).order_by("number")
    return [
        ReportedText(revision, reports[revision.number], compare(revision.body, comment.body))
        for revision in replaced
    ]

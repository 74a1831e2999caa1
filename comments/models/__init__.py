"""The discussion. Each module holds one subject; import the classes from here."""

from ..moderation.models import Decision, DecisionNote, Flag
from .branch_move import BranchMove
from .comment import Comment, CommentKind, CommentState, SeenTotals
from .revision import CommentRevision
from .stance import CurrentStance, StanceRecord, StanceSource
from .standing import MAX_DEPTH, Standing

__all__ = [
    "MAX_DEPTH",
    "BranchMove",
    "Comment",
    "CommentKind",
    "CommentRevision",
    "CommentState",
    "CurrentStance",
    "Decision",
    "DecisionNote",
    "Flag",
    "SeenTotals",
    "StanceRecord",
    "StanceSource",
    "Standing",
]

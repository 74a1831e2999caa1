"""The tables of the discussion, one subject per module; import the classes from here."""

from ..choices import CommentKind, CommentState, SeenTotals
from .branch_move import BranchMove
from .change import ChangeKind, ChangeOfMind
from .closing import Citation, Closing, ClosingSide, ClosingVerdict
from .comment import Comment
from .comment_status import MAX_DEPTH, CommentStatus
from .moderation import Decision, DecisionNote, Flag, SentenceToReaders
from .rank import Appraisal, BadgeChange, Ranking
from .reaction import Reaction, TakenBack
from .revision import CommentRevision
from .stance import CurrentStance, StanceRecord, StanceSource
from .steelman import SteelmanVerdict
from .verdict import Verdict

__all__ = [
    "MAX_DEPTH",
    "Appraisal",
    "BadgeChange",
    "BranchMove",
    "ChangeKind",
    "ChangeOfMind",
    "Citation",
    "Closing",
    "ClosingSide",
    "ClosingVerdict",
    "Comment",
    "CommentKind",
    "CommentRevision",
    "CommentState",
    "CommentStatus",
    "CurrentStance",
    "Decision",
    "DecisionNote",
    "Flag",
    "Ranking",
    "Reaction",
    "SeenTotals",
    "SentenceToReaders",
    "StanceRecord",
    "StanceSource",
    "SteelmanVerdict",
    "TakenBack",
    "Verdict",
]

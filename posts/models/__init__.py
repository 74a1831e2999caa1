"""Export the models of posts, series, promises and questions; import them from here."""

from .announcement import Announcement
from .edition import Edition
from .picture import PostPicture
from .post import Authorship, Post, PostState, Revision
from .promise import Promise, PromiseState
from .question import Question, QuestionVersion, Stance, StanceColour, StanceShape, StanceWording
from .saved import SavedItem, SavedKind
from .sealed_answer import LateSealing, SealedAnswer
from .series import Part, Series
from .visit import Visit

__all__ = [
    "Announcement",
    "Authorship",
    "Edition",
    "LateSealing",
    "Part",
    "Post",
    "PostPicture",
    "PostState",
    "Promise",
    "PromiseState",
    "Question",
    "QuestionVersion",
    "Revision",
    "SavedItem",
    "SavedKind",
    "SealedAnswer",
    "Series",
    "Stance",
    "StanceColour",
    "StanceShape",
    "StanceWording",
    "Visit",
]

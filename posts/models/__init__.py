"""Export the models of posts, series, promises and questions; import them from here."""

from .edition import Edition
from .post import Authorship, Post, PostState, Revision
from .promise import Promise, PromiseState
from .question import Question, QuestionVersion, Stance, StanceColour, StanceShape, StanceWording
from .sealed_answer import LateSealing, SealedAnswer
from .series import Part, Series

__all__ = [
    "Authorship",
    "Edition",
    "LateSealing",
    "Part",
    "Post",
    "PostState",
    "Promise",
    "PromiseState",
    "Question",
    "QuestionVersion",
    "Revision",
    "SealedAnswer",
    "Series",
    "Stance",
    "StanceColour",
    "StanceShape",
    "StanceWording",
]

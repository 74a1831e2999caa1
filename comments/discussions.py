"""What one request sees of the discussion of a post, loaded once for all parts of the page."""

from typing import Any

from django.db.models import Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.addresses import address
from core.prepared import Prepared
from posts.models import Post, Question, Stance

from . import reading
from .asked import Asked
from .cards import Deck
from .entries import question_id
from .models import CurrentStance
from .nudges import nudge
from .permissions import Reader
from .threads import Node
from .totals import HIDDEN, Totals


class Discussion:
    """The page of the discussion that the address asks for, as its reader sees it."""

    def __init__(self, request: HttpRequest, post: Post) -> None:
        self.request = request
        self.post = post
        self.asked = Asked(request, post)
        self.reader = Reader.of(request.user, post)
        self.page = self.asked.page(self.reader.id or 0)
        held = reading.held_by(post, request.user) if self.reader.id else []
        self.held = reading.place_held(self.page, held) if held else held
        question = getattr(post, "question", None)
        stances = list(question.stances.all()) if question else []
        counts, own = standing(post, self.reader.id or 0)
        self.own: Stance | None = next((stance for stance in stances if stance.pk == own), None)
        self.shows_totals = shows_totals(
            post, self.own, asked=self.reader.id is not None and self.asked.wants_totals
        )
        self.totals = Totals.of(stances, counts) if self.shows_totals else HIDDEN
        self.deck = Deck.of(
            post,
            self.reader,
            address("comments:answer", post.slug),
            own=self.own,
            is_flat=self.asked.is_flat,
            shows_totals=self.shows_totals,
        )

    @classmethod
    def of(cls, request: HttpRequest, post: Post) -> "Discussion":
        """Return the discussion of `post` for `request`; the second time it is the same one."""
        seen: dict[int | None, Discussion] = request.__dict__.setdefault("_discussions", {})
        if post.pk not in seen:
            seen[post.pk] = cls(request, post)
        return seen[post.pk]

    def draw_held(self) -> SafeString:
        """Draw what the reader wrote and still waits, but what stands under its parent."""
        entries = [] if self.asked.after else self.held
        return self.deck.draw([Node(entry, indent=0) for entry in entries])

    def nudge(self) -> str:
        """Return what the reader is told of how they mark other answers, if they want to hear it.

        Only somebody with an answer who may write is told; nobody else ever.
        """
        user = self.request.user
        if not user.is_authenticated or user.nudge_dismissed_at or not self.reader.may_write:
            return ""
        if self.own is None:
            return ""
        return nudge(self.page.comments, self.own.pk, self.reader.id)


def shows_totals(post: Post, own: Stance | None, *, asked: bool = False) -> bool:
    """Return whether the totals of the question of `post` are shown to who gave the answer `own`.

    Who asked to see them first is shown them, where an answer would show them anyway.
    """
    question: Question | None = getattr(post, "question", None)
    return question is None or question.shows_totals(has_answered=own is not None or asked)


def standing(post: Post, reader: int) -> tuple[dict[int, int], int | None]:
    """Return how many readers take each stance, by id, and which one `reader`, an id, takes."""
    rows = _STANDING.rows(question=question_id(post), reader=reader)
    return {pk: count for pk, count, _own in rows}, rows[0][2] if rows else None


def _standing(question: int, reader: int) -> Any:
    own = CurrentStance.objects.filter(question=question, reader=reader).values("stance_id")
    stances = Stance.objects.filter(question=question).order_by()
    return stances.values_list("id", "answer_count", Subquery(own))


_STANDING = Prepared(_standing, question=int, reader=int)

"""What one request sees of the discussion of a post, loaded once for all parts of the page."""

from typing import Any, NamedTuple

from django.db.models import Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.caching.reverse import cached_reverse
from core.db.prepared import Prepared
from posts.carried_questions import ASKED_BEFORE_MAX
from posts.models import Part, Post, Stance

from ..analytics.totals import HIDDEN, Totals
from ..listing import chronological
from ..listing.params import ListingParams
from ..listing.rows import question_id
from ..models import CurrentStance
from ..permissions import Reader
from ..tree.nesting import Node
from .cards import CardRenderer
from .nudge import nudge


class Before(NamedTuple):
    """What a reader answers to the same question in an earlier part."""

    word: str
    shape: str
    colour: str
    part: Part


class StanceSummary(NamedTuple):
    """How many readers take each stance, by id; which one this reader takes, here and before."""

    counts: dict[int, int]
    own: int | None
    before: Before | None


class DiscussionContext:
    """The page of the discussion that the address asks for, as its reader sees it."""

    def __init__(self, request: HttpRequest, post: Post) -> None:
        self.request = request
        self.post = post
        self.asked = ListingParams(request, post)
        self.reader = Reader.of(request.user, post)
        self.page = self.asked.page(self.reader.id or 0)
        held = chronological.held_by(post, request.user) if self.reader.id else []
        self.held = chronological.place_held(self.page, held) if held else held
        question = post.question_or_none
        stances = list(question.stances.all()) if question else []
        stand = stance_summary(post, self.reader.id or 0)
        self.own: Stance | None = next(
            (stance for stance in stances if stance.pk == stand.own), None
        )
        self.before = stand.before
        self.shows_totals = shows_totals(
            post, self.own, asked=self.reader.id is not None and self.asked.wants_totals
        )
        self.totals = Totals.of(stances, stand.counts) if self.shows_totals else HIDDEN
        self.deck = CardRenderer.of(
            post,
            self.reader,
            cached_reverse("comments:answer", post.slug),
            own=self.own,
            is_flat=self.asked.is_flat,
            shows_totals=self.shows_totals,
            whole=self.page.branch.pk if self.page.branch else None,
        )

    @classmethod
    def of(cls, request: HttpRequest, post: Post) -> "DiscussionContext":
        """Return the discussion of `post` for `request`; the second time it is the same one."""
        seen: dict[int | None, DiscussionContext] = request.__dict__.setdefault("_discussions", {})
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
    question = post.question_or_none
    return question is None or question.shows_totals(has_answered=own is not None or asked)


def stance_summary(post: Post, reader: int) -> StanceSummary:
    """Return where readers of `post` stand, and `reader`, an id, here and in an earlier part."""
    asked = {"question": question_id(post), "reader": reader}
    if reader and post.asked_before:
        rows = _STANDING_AND_BEFORE.rows(**asked, **_places(post))
    else:
        rows = _STANDING.rows(**asked)
    counts = {row[0]: row[1] for row in rows}
    return StanceSummary(
        counts, rows[0][2] if rows else None, _before(post, rows[0][3:] if rows else ())
    )


def _before(post: Post, found: tuple[Any, ...]) -> Before | None:
    """Return the answer that a query `found`, in the part whose question it names."""
    if not found or found[0] is None:
        return None
    word, shape, colour, question = found
    parts = (part for part in post.asked_before if part.post and part.post.question.pk == question)
    return Before(word, shape, colour, next(parts))


def _standing(question: int, reader: int, *more: Subquery) -> Any:
    own = CurrentStance.objects.filter(question=question, reader=reader).values("stance_id")
    stances = Stance.objects.filter(question=question).order_by()
    return stances.values_list("id", "answer_count", Subquery(own), *more)


def _standing_and_before(question: int, reader: int, **places: int) -> Any:
    """Return the same with what the reader answers in the last part of `places`, questions."""
    theirs = CurrentStance.objects.filter(
        question__in=list(places.values()), reader=reader, stance__isnull=False
    ).order_by("-question__post__part__position")
    names = ("stance__word", "stance__shape", "stance__colour", "question_id")
    return _standing(question, reader, *(Subquery(theirs.values(name)[:1]) for name in names))


def _places(post: Post) -> dict[str, int]:
    """Return the questions asked before, filled up: the query is the same for all numbers."""
    ids = [part.post.question.pk for part in post.asked_before if part.post]
    return dict(zip(_PLACES, ids + [0] * ASKED_BEFORE_MAX, strict=False))


_PLACES = [f"place{number}" for number in range(ASKED_BEFORE_MAX)]
_STANDING = Prepared(_standing, question=int, reader=int)
_STANDING_AND_BEFORE = Prepared(
    _standing_and_before, question=int, reader=int, **dict.fromkeys(_PLACES, int)
)

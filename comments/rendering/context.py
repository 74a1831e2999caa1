"""Load the discussion of a post for one request, once for all parts of the page."""

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
from ..listing.params import ListingParams, wants_totals
from ..listing.rows import question_id
from ..models import CurrentStance
from ..permissions import Reader
from ..tree.nesting import Node
from .cards import CardRenderer
from .nudge import nudge


class EarlierAnswer(NamedTuple):
    """A reader's answer to the same question in an earlier part."""

    word: str
    shape: str
    colour: str
    part: Part


class StanceSummary(NamedTuple):
    """The number of readers by stance id, and this reader's own stance, here and earlier."""

    counts: dict[int, int]
    own: int | None
    before: EarlierAnswer | None


class DiscussionContext:
    """The page of the discussion that an address names, for its reader."""

    def __init__(self, request: HttpRequest, post: Post) -> None:
        self.request = request
        self.post = post
        self.reader = Reader.of(request.user, post)
        question = post.question_or_none
        stances = list(question.stances.all()) if question else []
        summary = stance_summary(post, self.reader.id or 0)
        self.own: Stance | None = next(
            (stance for stance in stances if stance.pk == summary.own), None
        )
        self.before = summary.before
        asked = self.reader.id is not None and wants_totals(request)
        self.shows_totals = shows_totals(post, self.own, asked=asked)
        self.params = ListingParams(request, post, shows_totals=self.shows_totals)
        self.page = self.params.page(self.reader.id or 0)
        held = chronological.held_by(post, request.user) if self.reader.id else []
        self.held = chronological.place_held(self.page, held) if held else held
        self.totals = Totals.of(stances, summary.counts) if self.shows_totals else HIDDEN
        self.cards = CardRenderer.of(
            post,
            self.reader,
            cached_reverse("comments:answer", post.slug),
            own=self.own,
            is_flat=self.params.is_flat,
            shows_totals=self.shows_totals,
            whole=self.page.branch.pk if self.page.branch else None,
        )

    @classmethod
    def of(cls, request: HttpRequest, post: Post) -> "DiscussionContext":
        """Return the discussion of `post` for `request`, the same object at every call."""
        seen: dict[int | None, DiscussionContext] = request.__dict__.setdefault("_discussions", {})
        if post.pk not in seen:
            seen[post.pk] = cls(request, post)
        return seen[post.pk]

    def render_held(self) -> SafeString:
        """Render the reader's held comments whose parents are not on the page."""
        rows = [] if self.params.after else self.held
        nodes = [Node(row, indent=0, is_orphan=row.parent_id is not None) for row in rows]
        return self.cards.render(nodes)

    def nudge(self) -> str:
        """Return the private nudge, or an empty string.

        It is for readers with an answer who may write and have not dismissed it.
        """
        user = self.request.user
        if not user.is_authenticated or user.nudge_dismissed_at or not self.reader.may_write:
            return ""
        if self.own is None:
            return ""
        return nudge(self.page.comments, self.own.pk, self.reader.id)


def shows_totals(post: Post, own: Stance | None, *, asked: bool = False) -> bool:
    """Return whether the totals of the question of `post` are shown to a reader who answers `own`.

    A reader who `asked` to see them first sees them, where an answer would show them too.
    """
    question = post.question_or_none
    return question is None or question.shows_totals(has_answered=own is not None or asked)


def stance_summary(post: Post, reader: int) -> StanceSummary:
    """Return the stances of readers of `post`, and those of `reader`, an id, here and earlier."""
    values = {"question": question_id(post), "reader": reader}
    if reader and post.asked_before:
        rows = _STANCES_AND_EARLIER.rows(**values, **_earlier_questions(post))
    else:
        rows = _STANCES.rows(**values)
    counts = {row[0]: row[1] for row in rows}
    return StanceSummary(
        counts, rows[0][2] if rows else None, _earlier_answer(post, rows[0][3:] if rows else ())
    )


def _earlier_answer(post: Post, found: tuple[Any, ...]) -> EarlierAnswer | None:
    """Return the answer in the row `found`, with the part whose question it names."""
    if not found or found[0] is None:
        return None
    word, shape, colour, question = found
    parts = (part for part in post.asked_before if part.post and part.post.question.pk == question)
    return EarlierAnswer(word, shape, colour, next(parts))


def _stances(question: int, reader: int, *more: Subquery) -> Any:
    own = CurrentStance.objects.filter(question=question, reader=reader).values("stance_id")
    stances = Stance.objects.filter(question=question).order_by()
    return stances.values_list("id", "answer_count", Subquery(own), *more)


def _stances_and_earlier(question: int, reader: int, **earlier: int) -> Any:
    """Return the same query, with the reader's answer in the latest of the `earlier` questions."""
    answers = CurrentStance.objects.filter(
        question__in=list(earlier.values()), reader=reader, stance__isnull=False
    ).order_by("-question__post__part__position")
    names = ("stance__word", "stance__shape", "stance__colour", "question_id")
    return _stances(question, reader, *(Subquery(answers.values(name)[:1]) for name in names))


def _earlier_questions(post: Post) -> dict[str, int]:
    """Return the ids of earlier questions, filled up: one query serves any number of them."""
    ids = [part.post.question.pk for part in post.asked_before if part.post]
    return dict(zip(_EARLIER, ids + [0] * ASKED_BEFORE_MAX, strict=False))


_EARLIER = [f"earlier{number}" for number in range(ASKED_BEFORE_MAX)]
_STANCES = Prepared(_stances, question=int, reader=int)
_STANCES_AND_EARLIER = Prepared(
    _stances_and_earlier, question=int, reader=int, **dict.fromkeys(_EARLIER, int)
)

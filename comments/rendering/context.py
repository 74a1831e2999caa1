"""Load the discussion of a post for one request, once for all parts of the page."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts import drafts
from core import limits
from core.caching.reverse import cached_reverse
from core.db.counted import CountUpTo
from core.db.joined import JoinedTexts, texts_of
from core.db.prepared import Prepared
from notifications.following import buttons
from posts.carried_questions import ASKED_BEFORE_MAX
from posts.models import Part, Post, Stance

from ..analytics.totals import HIDDEN, Totals
from ..draft_places import is_of_page
from ..listing import chronological
from ..listing.params import ListingParams, wants_totals
from ..listing.rows import question_id
from ..models import Comment, CurrentStance
from ..permissions import Reader
from ..reading import state
from ..reading.state import NOTHING, ReadingState
from ..tree.nesting import Node
from .cards import CardRenderer
from .nudge import nudge

# The comments in the list of an answer are counted up to here, so that more cost no page more.
LISTED_TO = 1_000


class EarlierAnswer(NamedTuple):
    """A reader's answer to the same question in an earlier part."""

    word: str
    shape: str
    colour: str
    part: Part


class StanceSummary(NamedTuple):
    """The number of readers by stance id, and this reader's own stance, here and earlier.

    `listed` is the number of readable comments with the stance that was asked for, up to one more
    than `LISTED_TO`. `drafts` are the paths of the forms that this reader has begun, anywhere.
    `reading` is what they have read of the discussion and saved of its page.
    """

    counts: dict[int, int]
    own: int | None
    before: EarlierAnswer | None
    listed: int | None
    drafts: tuple[str, ...] = ()
    reading: ReadingState = NOTHING


class DiscussionContext:
    """The page of the discussion that an address names, for its reader."""

    def __init__(self, request: HttpRequest, post: Post) -> None:
        self.request = request
        self.post = post
        self.reader = Reader.of(request.user, post)
        question = post.question_or_none
        stances = list(question.stances.all()) if question else []
        named = request.GET.get("stance")
        listed = next((stance.key for stance in stances if stance.key == named), "")
        summary = stance_summary(post, self.reader.id or 0, listed=listed)
        self.own: Stance | None = next(
            (stance for stance in stances if stance.pk == summary.own), None
        )
        self.before = summary.before
        self._listed = summary.listed
        asked = self.reader.id is not None and wants_totals(request)
        self.shows_totals = shows_totals(post, self.own, asked=asked)
        self.params = ListingParams(request, post, shows_totals=self.shows_totals)
        self.page = self.params.page(self.reader.id or 0)
        held = chronological.held_by(post, request.user) if self.reader.id else []
        self.waits = bool(held)
        shown = {row.id for row in (*self.page.comments, *held)} if summary.drafts else set()
        self.has_kept_words = any(is_of_page(path, post, shown) for path in summary.drafts)
        if self.params.stance:
            held = [row for row in held if row.stance_id == self.params.stance.pk]
        self.held = chronological.place_held(self.page, held) if held else held
        self.totals = Totals.of(stances, summary.counts) if self.shows_totals else HIDDEN
        self.cards = CardRenderer.of(
            post,
            self.reader,
            cached_reverse("comments:answer", post.slug),
            answers=sum(summary.counts.values()),
            own=self.own,
            is_flat=self.params.is_flat,
            shows_totals=self.shows_totals,
            whole=self.page.branch.pk if self.page.branch else None,
            reading=summary.reading,
            followed=buttons.known_ids(request, "thread"),
        )
        self.cards.leading = self.params.leading
        self.reading = summary.reading
        self.new = self._new_on_page()
        self.cards.new = dict(zip(self.new, [*self.new[1:], None], strict=False))
        self.shows_sides = self.cards.shows_sides

    @classmethod
    def of(cls, request: HttpRequest, post: Post) -> "DiscussionContext":
        """Return the discussion of `post` for `request`, the same object at every call."""
        seen: dict[int | None, DiscussionContext] = request.__dict__.setdefault("_discussions", {})
        if post.pk not in seen:
            seen[post.pk] = cls(request, post)
        return seen[post.pk]

    @property
    def listed(self) -> int | None:
        """The number of comments in the list shown; None for threads, and where it is unknown.

        For more than `LISTED_TO` with one stance it is one more.
        """
        params = self.params
        if not params.is_flat:
            return None
        if params.since is None and params.stance:
            return self._listed
        is_whole = not params.after and not self.page.next
        return len(self.page.nodes) if is_whole else None

    def _new_on_page(self) -> list[int]:
        """Return the ids of the comments that are new to the reader, in the order of the page.

        None in a list of what is new: there everything is.
        """
        if self.reading.known is None or self.params.since is not None:
            return []
        return [
            row.id
            for row in self.page.comments
            if row.author_id != self.reader.id
            and row.is_readable
            and self.reading.is_new(row.arrival)
        ]

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


def stance_summary(post: Post, reader: int, *, listed: str = "") -> StanceSummary:
    """Return the stances of readers of `post`, and those of `reader`, an id, here and earlier.

    With the key of a stance, `listed`, also how many comments everyone may read have it. One query;
    for a reader of a post without a question another one.
    """
    asks_earlier = bool(reader and post.asked_before)
    values: dict[str, Any] = _earlier_questions(post) if asks_earlier else {}
    if reader:
        values |= _about_reader(post)
    if listed:
        values["listed"] = listed
    query = _stances(bool(reader), asks_earlier, bool(listed))
    rows = query.rows(question=question_id(post), reader=reader, **values)
    if not rows:
        return _without_question(post, reader)
    own, *more = rows[0][2:]
    about_reader, more = more[:_ABOUT_READER], more[_ABOUT_READER:]
    return StanceSummary(
        counts={row[0]: row[1] for row in rows},
        own=own,
        before=_earlier_answer(post, more[:4]) if asks_earlier else None,
        listed=max(row[-1] for row in rows) if listed else None,
        drafts=tuple(texts_of(about_reader[0])) if reader else (),
        reading=ReadingState.of(about_reader[1:]) if reader else NOTHING,
    )


# Columns about the reader: what they have begun to write, and the state of their reading.
_ABOUT_READER = 1 + state.COLUMNS


def _about_reader(post: Post) -> dict[str, Any]:
    """Return the values for the columns about the reader of `post`."""
    return {
        "post": post.pk,
        "ended": state.visit_ended(timezone.now()),
    }


def _reader_columns(reader: int, post: int, ended: datetime) -> list[Any]:
    paths = drafts.drafts_of(reader).order_by().values(joined=F("path"))[: limits.DRAFTS]
    return [JoinedTexts(paths), *state.columns(reader, post, ended)]


def _without_question(post: Post, reader: int) -> StanceSummary:
    """Return the summary of a post without a question: what is kept and read alone."""
    if not reader:
        return StanceSummary({}, None, None, None)
    [(paths, *read)] = _NO_STANCES.rows(reader=reader, **_about_reader(post))
    kept = tuple(texts_of(paths))
    return StanceSummary({}, None, None, None, kept, ReadingState.of(read))


_NO_STANCES = Prepared(
    lambda reader, post, ended: (
        Post.objects.filter(pk=post).order_by().values_list(*_reader_columns(reader, post, ended))
    ),
    reader=int,
    post=int,
    ended=datetime,
)


def _earlier_answer(post: Post, found: Sequence[Any]) -> EarlierAnswer | None:
    """Return the answer in the columns `found`, with the part whose question it names."""
    word, shape, colour, question = found
    if word is None:
        return None
    parts = (part for part in post.asked_before if part.post and part.post.question.pk == question)
    return EarlierAnswer(word, shape, colour, next(parts))


@lru_cache(maxsize=8)
def _stances(is_person: bool, asks_earlier: bool, counts_listed: bool) -> Prepared:
    """Return the query for the stances of a question, with the columns that were asked for."""

    def rows(question: int, reader: int, listed: str = "", **more: Any) -> Any:
        own = CurrentStance.objects.filter(question=question, reader=reader).values("stance_id")
        columns: list[Any] = [Subquery(own)]
        if is_person:
            about_reader = {name: more.pop(name) for name in _ABOUT_READER_KINDS}
            columns += _reader_columns(reader, **about_reader)
        if asks_earlier:
            columns += _in_earlier_questions(reader, list(more.values()))
        if counts_listed:
            columns.append(_number_listed(listed))
        stances = Stance.objects.filter(question=question).order_by()
        return stances.values_list("id", "answer_count", *columns)

    kinds: dict[str, type] = dict.fromkeys(_EARLIER, int) if asks_earlier else {}
    if is_person:
        kinds |= _ABOUT_READER_KINDS
    if counts_listed:
        kinds["listed"] = str
    return Prepared(rows, question=int, reader=int, **kinds)


def _in_earlier_questions(reader: int, questions: list[int]) -> list[Subquery]:
    """Return columns with the answer of `reader` to the latest of `questions`."""
    answers = CurrentStance.objects.filter(
        question__in=questions, reader=reader, stance__isnull=False
    ).order_by("-question__post__part__position")
    names = ("stance__word", "stance__shape", "stance__colour", "question_id")
    return [Subquery(answers.values(name)[:1]) for name in names]


def _number_listed(key: str) -> Case:
    """Return a column with the number of comments in the list of the stance `key`; else 0."""
    found = Comment.objects.filter(post=OuterRef("question__post"), stance=OuterRef("pk"))
    # In the order of publication: rows written together are read together.
    oldest = found.readable().order_by("published_at", "id").values("pk")
    counted = CountUpTo(oldest[: LISTED_TO + 1])
    return Case(When(key=key, then=counted), default=Value(0))


def _earlier_questions(post: Post) -> dict[str, int]:
    """Return the ids of earlier questions, filled up: one query serves any number of them."""
    ids = [part.post.question.pk for part in post.asked_before if part.post]
    return dict(zip(_EARLIER, ids + [0] * ASKED_BEFORE_MAX, strict=False))


_ABOUT_READER_KINDS: dict[str, type] = {"post": int, "ended": datetime}
_EARLIER = [f"earlier{number}" for number in range(ASKED_BEFORE_MAX)]

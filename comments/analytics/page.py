"""Load the figures of the stance page of a post: totals, how answers moved, the best cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, When
from django.utils import timezone
from django.utils.timezone import localtime

from core import limits
from core.markdown.html import plain
from posts.models import Post, Question, Stance

from ..models import Comment, CommentState, CurrentStance, Reaction, SeenTotals, StanceRecord
from ..models.counted import COUNTED
from ..ranking.answer_history import answers_by_reader
from ..ranking.audience import HeldAnswer
from ..ranking.first_screen import FirstScreenPlace, Why
from ..ranking.stored_columns import FrontPage, SidesByAnswer
from . import charts, minimums
from .cross_reactions import Openness
from .flow import Flow
from .totals import Totals
from .trend import Point, trend

# Characters of the strongest case for an answer that are shown.
CASE_LENGTH = 250


class Strongest(NamedTuple):
    """The strongest case for an answer: the comment, and how it begins.

    Unless it `is_firm`, too few readers of its answer approve of it to call it the strongest.
    """

    comment: Comment
    beginning: str
    is_firm: bool

    @classmethod
    def of(cls, comment: Comment, place: FirstScreenPlace) -> "Strongest | None":
        """Return `comment`, which is loaded with its appraisal, as the case at `place`.

        None if no reader of its answer approves of it.
        """
        appraisal = getattr(comment, "appraisal", None)
        why = place.shown_why(SidesByAnswer.parse(appraisal.sides if appraisal else ""))
        if why == Why.BALANCE:
            return None
        beginning = plain(comment.body_html, CASE_LENGTH)
        return cls(comment, beginning, is_firm=why == Why.STRONGEST)


@dataclass(frozen=True)
class StancePage:
    """The figures of the stance page of `post`."""

    post: Post
    stances: list[Stance]
    totals: Totals
    flow: Flow
    points: list[Point]
    best: list[Strongest]
    openness: Openness
    # When marks on a young comment begin to count; None for none.
    next_tally: datetime | None = None
    # Of a question that hides its totals at first: answers given before and after seeing them.
    unseen: Totals | None = None
    seen: Totals | None = None

    @classmethod
    def of(cls, post: Post) -> "StancePage":
        """Return the page of `post`, which asks a question."""
        stances = list(post.question.stances.all())
        journeys = _journeys(post)
        commenting = _commenting(post)
        totals = Totals.of(stances)
        shown = [tally.stance for tally in totals.tallies]
        flow = Flow.of(stances, journeys, commenting)
        # Who answered anew had seen the totals: by answer, these are the readers who came to it.
        tells_moves = flow.changes and flow.is_withheld
        unseen, seen = (None, None) if tells_moves else _by_sight(post, shown)
        openness, next_tally = _openness(post, shown, timezone.now())
        return cls(
            post,
            shown,
            totals,
            flow=flow,
            points=trend(shown, journeys.values()),
            best=_best(post) if minimums.show_counts(totals.count) else [],
            openness=openness,
            next_tally=next_tally,
            unseen=unseen,
            seen=seen,
        )

    @property
    def drawn_flow(self) -> charts.FlowDrawing | None:
        """The drawing of the flow, once there are enough changes."""
        return charts.draw_flow(self.flow) if self.flow.is_drawn else None

    @property
    def drawn_trend(self) -> charts.TrendDrawing | None:
        """The drawing of the trend, once there is one."""
        return charts.draw_trend(self.stances, self.points) if self.points else None

    @property
    def shows_counts(self) -> bool:
        """Whether counts by answer are shown: fewer answers would identify people."""
        return minimums.show_counts(self.totals.count)

    def data(self) -> dict[str, Any]:
        """Return the figures as plain data, under the same thresholds as the page."""
        closed_at = self.post.closed_at
        return {
            "question": str(self.post.question),
            # Since when the discussion takes no comments; answers may still change.
            "closed_at": closed_at.isoformat(timespec="seconds") if closed_at else None,
            "answers": self.totals.count,
            "stances": self._stances() if self.shows_counts else [],
            "changes": self.flow.told_changes,
            "moves": list(self._moves()) if self.flow.shows_table else [],
            "marks": [
                {"from": row.of.key, "for": row.other.key, "readers": row.readers, "of": row.base}
                for row in self.openness.crossings
            ],
            "weeks": [
                {"until": localtime(point.at).date().isoformat(), **self._by_key(point)}
                for point in self.points
            ],
        }

    def _stances(self) -> list[dict[str, Any]]:
        """Return the readers of each answer, and the range of its share if there are enough."""
        ranges = {share.stance.pk: share.range for share in self.totals.shares}
        found = []
        for tally in self.totals.tallies:
            row = {"key": tally.stance.key, "word": tally.stance.word, "answers": tally.count}
            if between := ranges.get(tally.stance.pk):
                row |= {"share_from": round(between.low, 4), "share_to": round(between.high, 4)}
            found.append(row)
        return found

    def _moves(self) -> Iterator[dict[str, Any]]:
        """Yield the cells of the table; the number of readers is None where it is hidden."""
        keys = {stance.pk: stance.key for stance in self.flow.stances}
        for (first, now), readers in self.flow.shown_cells:
            yield {"from": keys[first], "to": keys[now], "readers": readers}

    def _by_key(self, point: Point) -> dict[str, int]:
        return {stance.key: count for stance, count in zip(self.stances, point.counts, strict=True)}


def _journeys(post: Post) -> dict[int, Sequence[HeldAnswer]]:
    """Return the answer history of each reader who answers now, neither banned nor erased."""
    records = StanceRecord.objects.filter(
        question__post=post, reader__banned_at__isnull=True, reader__erased_at__isnull=True
    )
    return minimums.standing(answers_by_reader(records))


def _commenting(post: Post) -> set[int]:
    """Return the readers whose answer a comment that everybody can read shows."""
    comments = Comment.objects.for_post(post).readable().filter(stance__isnull=False)
    return set(comments.order_by().values_list("author_id", flat=True).distinct())


def _by_sight(post: Post, stances: list[Stance]) -> tuple[Totals | None, Totals | None]:
    """Return the answers given before and after seeing totals, each where there are enough."""
    if post.question.reveal == Question.Reveal.ALWAYS:
        return None, None
    rows = CurrentStance.objects.filter(
        question=post.question, reader__banned_at__isnull=True, reader__erased_at__isnull=True
    ).order_by()
    grouped = rows.values_list("stance_id", "record__seen_totals").annotate(number=Count("pk"))
    counts: dict[str, dict[int, int]] = {SeenTotals.NO: {}, SeenTotals.YES: {}}
    for stance, seen, number in grouped:
        counts.setdefault(seen, {})[stance] = number
    groups = {sight: Totals.of(stances, each) for sight, each in counts.items()}
    if minimums.follows_from_others(group.count for group in groups.values()):
        return None, None
    found = (groups[SeenTotals.NO], groups[SeenTotals.YES])
    unseen, seen = (each if minimums.show_counts(each.count) else None for each in found)
    return unseen, seen


def _openness(post: Post, stances: list[Stance], now: datetime) -> tuple[Openness, datetime | None]:
    """Return reactions across answers, and when those to a young comment begin to count.

    Only readers who count and still give the answer they gave are in it, so that none of its bases
    is larger than a total, and comments whose own tally is shown.
    """
    rows = Reaction.objects.filter(
        COUNTED,
        reader__current_stances__question=post.question,
        reader__current_stances__stance=F("stance"),
        post=post,
        stance__isnull=False,
        comment__stance__isnull=False,
        comment__state=CommentState.PUBLISHED,
        comment__deleted_at__isnull=True,
    ).order_by()
    after = timedelta(seconds=limits.TALLY_AFTER)
    written = F("comment__created_at")
    young = Case(When(comment__created_at__gt=now - after, then=written))
    marks = rows.values_list("stance", "comment__stance", "reader", young).distinct()
    found = list(marks.iterator())
    counted = [(answer, other, reader) for answer, other, reader, at in found if at is None]
    coming = min((at for *_mark, at in found if at is not None), default=None)
    return Openness.of(stances, counted), coming + after if coming else None


def _best(post: Post) -> list[Strongest]:
    """Return the strongest case for each answer from the newest ranking."""
    front = FrontPage.parse(post.front)
    places = front.places.values() if front else ()
    ids = [place.id for place in places if place.why == Why.STRONGEST]
    rows = Comment.objects.readable().filter(pk__in=ids).with_people().select_related("appraisal")
    found = rows.in_bulk()
    cases = [Strongest.of(found[place.id], place) for place in places if place.id in found]
    return [case for case in cases if case is not None]

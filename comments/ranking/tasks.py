"""Rank a discussion in the background: appraise its comments and store a new generation.

A ranking follows from rows and may be computed again at any time. It reads with one query for each
table, whatever the size, and writes changed rows only.
"""

from datetime import UTC, datetime, timedelta
from math import inf

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django_tasks import task

from core import limits
from core.db.transactions import retried
from posts.models import Post

from ..models import Ranking, Reaction
from . import appraisals, constants, inputs
from .first_screen import Candidate, first_screen
from .lift import NOBODY, live
from .order_cache import LONGEST
from .stored_columns import (
    FirstScreenPlaces,
    FrontPage,
    RatesByAnswer,
    SidesByAnswer,
    ThreadIds,
)
from .weights import Weighed, Written, weigh

# Seconds that a replaced generation is stored for cursors that name it.
KEPT_SECONDS = 60 * 60


def due(now: datetime | None = None) -> "QuerySet[Post]":
    """Return the published posts whose inputs have changed since their last ranking."""
    now = now or timezone.now()
    newest = Ranking.objects.filter(post=OuterRef("pk")).order_by("-number")
    posts = Post.objects.published(now).filter(question__isnull=False, comment_count__gt=0)
    posts = posts.annotate(
        ranked_version=Subquery(newest.values("page_version")[:1]),
        ranked_reaction=Subquery(newest.values("reaction_id")[:1]),
        ranked_rates=Subquery(newest.values("rates")[:1]),
        ranked_totals=Subquery(newest.values("totals")[:1]),
        ranking_due=Subquery(newest.values("due_at")[:1]),
    )
    later = Reaction.objects.filter(post=OuterRef("pk"), pk__gt=OuterRef("ranked_reaction"))
    return posts.filter(
        Q(ranked_version__isnull=True)
        | ~Q(ranked_version=F("page_version"))
        | Q(ranking_due__lte=now)
        | Exists(later)
        # Ranked by the release before: its badges have to be earned anew.
        | Q(ranked_totals="") & ~Q(ranked_rates="")
    ).order_by("pk")


def enqueue_due() -> None:
    """Enqueue the ranking of every post that is due; called once a minute."""
    for pk in due().values_list("pk", flat=True):
        rank_post.enqueue(pk)


@task()
def rank_post(pk: int) -> None:
    """Rank the discussion of a post, unless another job has done it."""
    post = due().filter(pk=pk).first()
    if post is not None:
        rank(post)


def rank(post: Post, now: datetime | None = None) -> Ranking:
    """Appraise the comments of `post`, order its threads, and return the generation."""
    now = now or timezone.now()
    version = Post.objects.values_list("page_version", flat=True).get(pk=post.pk)
    reaction = Reaction.objects.filter(post=post).aggregate(last=Max("pk"))["last"] or 0
    loaded = inputs.load_inputs(post)
    weighed = weigh(
        loaded.comments, loaded.reactions, loaded.readers, loaded.stances, now.timestamp()
    )
    appraised = appraisals.appraise(post, loaded.comments, weighed, now)
    made = Ranking(
        post=post,
        number=int(now.timestamp() * 1_000_000),
        made_at=now,
        rates=str(RatesByAnswer(weighed.rates)),
        totals=str(SidesByAnswer(weighed.totals)),
        page_version=version,
        reaction_id=reaction,
        due_at=_due_at(weighed),
    )
    _order(made, loaded, weighed, appraised.lifts)
    return _store(made, has_news=appraised.has_news, has_sides=_has_sides(weighed))


def _due_at(weighed: Weighed) -> datetime | None:
    """Return when the ranking changes without a write, because a reader begins to count."""
    if weighed.due_at == inf:
        return None
    return datetime.fromtimestamp(weighed.due_at, UTC) + timedelta(seconds=1)


def _order(
    made: Ranking, loaded: inputs.RankingInputs, weighed: Weighed, lifts: dict[int, float]
) -> None:
    """Set the order of threads: the first screen, then by lift, the oldest of equals first."""
    roots = sorted(
        (comment for comment in loaded.comments if comment.is_root),
        key=lambda comment: (-round(lifts[comment.id], 6), comment.at, comment.id),
    )
    candidates = [
        Candidate(
            id=root.id,
            # The strongest thread for an answer is by a writer who gives it.
            stance=None if root.is_steelman else root.stance,
            lift=lifts[root.id],
            own=weighed.sides[root.id].get(root.stance or 0, NOBODY),
            rate=weighed.rates.get(root.stance or 0, constants.BASE_RATE),
            live=len(live(weighed.sides[root.id])),
            readers=sum(side.chances for side in weighed.sides[root.id].values()),
            replies=root.replies,
            approvers=frozenset(weighed.approvers.get(root.id, ())),
        )
        for root in roots
    ]
    if not _is_worth_ranking(roots, weighed):
        return
    places = FirstScreenPlaces(first_screen(candidates, loaded.stances, made.number))
    first = [place.id for place in places]
    others = [root.id for root in roots if root.id not in first]
    made.threads = str(ThreadIds([*first, *others, *loaded.tombstones][:LONGEST]))
    made.opening = str(places)


def _is_worth_ranking(roots: list[Written], weighed: Weighed) -> bool:
    """Return whether there are reactions enough, or answers to balance on a first screen."""
    if _has_sides(weighed):
        return True
    answers = {root.stance for root in roots if root.stance and not root.is_steelman}
    return len(roots) > constants.FIRST_SCREEN and (len(answers) > 1 or bool(weighed.approvers))


def _has_sides(weighed: Weighed) -> bool:
    """Return whether there is a comment that the readers of two live answers know."""
    return any(len(live(sides)) > 1 for sides in weighed.sides.values())


@retried
def _store(made: Ranking, *, has_news: bool, has_sides: bool) -> Ranking:
    """Store a generation if it differs from the last, and change the version of the page.

    The version stays while answers are hidden: no public page shows a ranking then, and when one
    changes would follow from answers.
    """
    post = Post.objects.select_for_update(no_key=True).get(pk=made.post_id)
    last = Ranking.objects.filter(post=post).first()
    front = FrontPage.parse(post.front)
    same = last is not None and (last.threads, last.opening) == (made.threads, made.opening)
    same = same and (front is None or front.has_sides == has_sides)
    if last is not None and same and not has_news:
        last.page_version, last.reaction_id = made.page_version, made.reaction_id
        last.due_at, last.rates, last.totals = made.due_at, made.rates, made.totals
        last.save(update_fields=["page_version", "reaction_id", "due_at", "rates", "totals"])
        return last
    if last is not None:
        made.number = max(made.number, last.number + 1)
    arrived = made.page_version
    is_shown = post.question.shows_totals_to_all
    made.page_version += is_shown
    made.save()
    post.set_front_page(_front_page(made, arrived, has_sides=has_sides), is_shown=is_shown)
    _forget_old(made)
    return made


def _forget_old(made: Ranking) -> None:
    """Delete the generations that were replaced more than `KEPT_SECONDS` before `made`.

    The newest one that is older than that was replaced later, so it stays.
    """
    kept_from = made.made_at - timedelta(seconds=KEPT_SECONDS)
    old = Ranking.objects.filter(post=made.post_id, made_at__lt=kept_from).exclude(pk=made.pk)
    still_read = old.order_by("-number").first()
    if still_read is not None:
        old.exclude(pk=still_read.pk).delete()


def _front_page(made: Ranking, version: int, *, has_sides: bool) -> str:
    """Return the value of `Post.front` for a generation made at a version of the page."""
    if not made.threads:
        return ""
    threads, places = ThreadIds.parse(made.threads), FirstScreenPlaces.parse(made.opening)
    size = limits.THREADS_PER_PAGE
    return str(FrontPage.of(made.number, version, threads, places, size, has_sides=has_sides))

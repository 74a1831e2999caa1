"""Ranking a discussion off the request: appraisals of its comments, and a new generation.

Everything here follows from rows and may be done again at any time. One ranking reads with one
query for each table, whatever the size, and writes what has changed.
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
from .stored_columns import FirstScreenPlaces, FrontPage, RatesByAnswer, ThreadIds
from .weights import Weighed, Written, weigh

# Generations that a cursor may still name: read on within the hour.
KEPT_SECONDS = 60 * 60


def due(now: datetime | None = None) -> "QuerySet[Post]":
    """Return the published posts whose ranking is older than what it was made from."""
    now = now or timezone.now()
    newest = Ranking.objects.filter(post=OuterRef("pk")).order_by("-number")
    posts = Post.objects.published(now).filter(question__isnull=False, comment_count__gt=0)
    posts = posts.annotate(
        ranked_version=Subquery(newest.values("page_version")[:1]),
        ranked_reaction=Subquery(newest.values("reaction_id")[:1]),
        ranking_due=Subquery(newest.values("due_at")[:1]),
    )
    later = Reaction.objects.filter(post=OuterRef("pk"), pk__gt=OuterRef("ranked_reaction"))
    return posts.filter(
        Q(ranked_version__isnull=True)
        | ~Q(ranked_version=F("page_version"))
        | Q(ranking_due__lte=now)
        | Exists(later)
    ).order_by("pk")


def enqueue_due() -> None:
    """Have every post ranked that is due; called each minute, so a burst is ranked once."""
    for pk in due().values_list("pk", flat=True):
        rank_post.enqueue(pk)


@task()
def rank_post(pk: int) -> None:
    """Rank the discussion of a post, unless another job has done so already."""
    post = due().filter(pk=pk).first()
    if post is not None:
        rank(post)


def rank(post: Post, now: datetime | None = None) -> Ranking:
    """Appraise the comments of `post` and put its threads in order; return the generation."""
    now = now or timezone.now()
    version = Post.objects.values_list("page_version", flat=True).get(pk=post.pk)
    reaction = Reaction.objects.filter(post=post).aggregate(last=Max("pk"))["last"] or 0
    heard = inputs.load_inputs(post)
    weighed = weigh(heard.comments, heard.reactions, heard.readers, heard.stances, now.timestamp())
    appraised = appraisals.appraise(post, heard.comments, weighed, now)
    made = Ranking(
        post=post,
        number=int(now.timestamp() * 1_000_000),
        made_at=now,
        rates=str(RatesByAnswer(weighed.rates)),
        page_version=version,
        reaction_id=reaction,
        due_at=_due_at(weighed, appraised.waits_until),
    )
    _order(made, heard, weighed, appraised.lifts)
    return _store(made, has_news=appraised.has_news)


def _due_at(weighed: Weighed, badges: datetime | None) -> datetime | None:
    """Return when time alone changes something: somebody counts, or a badge has waited."""
    moments = [badges] if badges else []
    if weighed.due_at < inf:
        moments.append(datetime.fromtimestamp(weighed.due_at, UTC) + timedelta(seconds=1))
    return min(moments, default=None)


def _order(
    made: Ranking, heard: inputs.RankingInputs, weighed: Weighed, lifts: dict[int, float]
) -> None:
    """Put the threads in order: the first screen, then by lift, the oldest of equals first."""
    roots = sorted(
        (comment for comment in heard.comments if comment.is_root),
        key=lambda comment: (-round(lifts[comment.id], 6), comment.at, comment.id),
    )
    candidates = [
        Candidate(
            id=root.id,
            # The strongest case for an answer is one of those who hold it.
            stance=None if root.is_steelman else root.stance,
            lift=lifts[root.id],
            own=weighed.sides[root.id].get(root.stance or 0, NOBODY),
            readers=sum(side.chances for side in weighed.sides[root.id].values()),
            replies=root.replies,
            approvers=frozenset(weighed.approvers.get(root.id, ())),
        )
        for root in roots
    ]
    if not _says_something(roots, weighed):
        return
    places = FirstScreenPlaces(first_screen(candidates, heard.stances, made.number))
    first = [place.id for place in places]
    others = [root.id for root in roots if root.id not in first]
    made.threads = str(ThreadIds([*first, *others, *heard.tombstones][:LONGEST]))
    made.opening = str(places)


def _says_something(roots: list[Written], weighed: Weighed) -> bool:
    """Return whether readers have said enough, or there are sides to balance on a first screen."""
    if any(len(live(sides)) > 1 for sides in weighed.sides.values()):
        return True
    answers = {root.stance for root in roots if root.stance and not root.is_steelman}
    return len(roots) > constants.FIRST_SCREEN and (len(answers) > 1 or bool(weighed.approvers))


@retried
def _store(made: Ranking, *, has_news: bool) -> Ranking:
    """Store a generation if it differs from the last; the page moves with what it shows."""
    post = Post.objects.select_for_update(no_key=True).get(pk=made.post_id)
    last = Ranking.objects.filter(post=post).first()
    same = last is not None and (last.threads, last.opening) == (made.threads, made.opening)
    if last is not None and same and not has_news:
        last.page_version, last.reaction_id = made.page_version, made.reaction_id
        last.due_at, last.rates = made.due_at, made.rates
        last.save(update_fields=["page_version", "reaction_id", "due_at", "rates"])
        return last
    if last is not None:
        made.number = max(made.number, last.number + 1)
    arrived = made.page_version
    made.page_version += 1
    made.save()
    post.set_front_page(_front_page(made, arrived))
    _forget_old(made)
    return made


def _forget_old(made: Ranking) -> None:
    """Delete the generations that `made` and others took the place of more than an hour ago.

    The last of those made before then was the order until later: somebody may have just read it.
    """
    kept_from = made.made_at - timedelta(seconds=KEPT_SECONDS)
    old = Ranking.objects.filter(post=made.post_id, made_at__lt=kept_from).exclude(pk=made.pk)
    still_read = old.order_by("-number").first()
    if still_read is not None:
        old.exclude(pk=still_read.pk).delete()


def _front_page(made: Ranking, version: int) -> str:
    """Return the value of `Post.front` for a generation made at a version of the page."""
    if not made.threads:
        return ""
    threads, places = ThreadIds.parse(made.threads), FirstScreenPlaces.parse(made.opening)
    return str(FrontPage.of(made.number, version, threads, places, limits.THREADS_PER_PAGE))

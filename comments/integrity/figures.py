"""Checks of stored counts of comments, replies and answers, and of what is shown."""

from collections.abc import Iterator

from django.db.models import F, Model, Q

from posts.models import Post, Stance

from ..models import Comment, CommentState, CurrentStance
from . import repairs
from .faults import Fault, Repair
from .queries import Window, miscounts

READABLE = Q(state=CommentState.PUBLISHED, deleted_at__isnull=True)
NEVER_PUBLISHED = (
    "look at the root of its thread: if readers have seen it, set its published_at to when; "
    "if not, this comment cannot have been published either"
)


def wrongly_shown(window: Window) -> Iterator[Fault]:
    """Yield the comments whose `is_shown` is wrong.

    A comment is shown if it is readable or has a reply that is shown. Reply counts are checked
    separately, so by induction from the leaves no result rests on a stored figure alone.
    """
    reason = READABLE | Q(reply_count__gt=0)
    wrong = Comment.objects.filter(reason & Q(is_shown=False) | ~reason & Q(is_shown=True))
    for pk, is_shown in window.read(wrong, "pk", "is_shown"):
        message = (
            "it is shown, but neither it nor any of its replies is readable"
            if is_shown
            else "it is not shown, but it or one of its replies is readable"
        )
        yield Fault(f"comment {pk}: {message}", repairs.COMMENTS, pk)
    lost = Comment.objects.filter(is_shown=True, thread_published_at__isnull=True)
    for (pk,) in window.read(lost, "pk"):
        message = "it is shown in a thread that was never published"
        yield Fault(f"comment {pk}: {message}", advice=NEVER_PUBLISHED)


def miscounted_replies(window: Window) -> Iterator[Fault]:
    """Yield the comments whose `reply_count` or `thread_size` is wrong."""
    comments = Comment.objects.all()
    # The condition is inside COUNT, not in WHERE: else PostgreSQL may scan an index of all shown
    # comments instead of fetching the few replies of one comment.
    found = miscounts(window, comments, "reply_count", comments, "parent", Q(is_shown=True))
    yield from _faults(Comment, "reply_count", found, repairs.COMMENTS)
    roots, replies = comments.filter(depth=0), READABLE & Q(depth__gt=0)
    found = miscounts(window, roots, "thread_size", comments, "thread", replies)
    yield from _faults(Comment, "thread_size", found, repairs.THREADS)
    others = comments.filter(depth__gt=0, thread_size__gt=0)
    found = [(pk, size, 0) for pk, size in window.read(others, "pk", "thread_size")]
    yield from _faults(Comment, "thread_size", found, repairs.THREADS)


def lost_arrivals(window: Window) -> Iterator[Fault]:
    """Yield the readable comments that returning readers would never see marked as new.

    They have no arrival, or one later than the page version of their post.
    """
    lost = Q(arrival__isnull=True) | Q(arrival__gt=F("post__page_version"))
    for pk, arrival in window.read(Comment.objects.readable().filter(lost), "pk", "arrival"):
        yield Fault(f"comment {pk}: its arrival is {arrival}", repairs.ARRIVALS, pk)


def miscounted_posts(window: Window) -> Iterator[Fault]:
    """Yield the posts whose `comment_count` is wrong."""
    readable = Comment.objects.readable()
    found = miscounts(window, Post.objects.all(), "comment_count", readable, "post")
    yield from _faults(Post, "comment_count", found, repairs.POSTS)


def miscounted_answers(window: Window) -> Iterator[Fault]:
    """Yield the stances whose `answer_count` is wrong."""
    counted = CurrentStance.objects.filter(
        reader__banned_at__isnull=True, reader__erased_at__isnull=True
    )
    found = miscounts(window, Stance.objects.all(), "answer_count", counted, "stance")
    yield from _faults(Stance, "answer_count", found, repairs.STANCES)


def _faults(
    model: type[Model], field: str, found: list[tuple[int, ...]], repair: Repair
) -> Iterator[Fault]:
    for pk, stored, counted in found:
        message = f"{model._meta.verbose_name} {pk}: its {field} is {stored}, counted are {counted}"
        yield Fault(message, repair, pk)

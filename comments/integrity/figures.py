"""Whether the stored counts are what a count finds."""

from collections.abc import Iterator

from django.db.models import F, Model, Q

from posts.models import Post, Stance

from ..models import Comment, CommentState, CurrentStance
from . import repairs
from .faults import Fault, Repair
from .queries import Window, miscounts

STANDING = Q(state=CommentState.PUBLISHED, deleted_at__isnull=True)
NEVER_PUBLISHED = (
    "look at the root of its thread: if readers have seen it, set its published_at to when; "
    "if not, this comment cannot have been published either"
)


def wrongly_shown(window: Window) -> Iterator[Fault]:
    """Yield the comments that are shown without a reason, or hidden without one.

    A comment is shown while it stands or has replies that are shown. The replies are recounted
    themselves, so from the leaves up to the roots nothing rests on a stored figure alone.
    """
    reason = STANDING | Q(reply_count__gt=0)
    wrong = Comment.objects.filter(reason & Q(is_shown=False) | ~reason & Q(is_shown=True))
    for pk, is_shown in window.read(wrong, "pk", "is_shown"):
        says = (
            "it is shown, but neither it nor a reply of it stands"
            if is_shown
            else "it is not shown, but it or a reply of it stands"
        )
        yield Fault(f"comment {pk}: {says}", repairs.COMMENTS, pk)
    lost = Comment.objects.filter(is_shown=True, thread_published_at__isnull=True)
    for (pk,) in window.read(lost, "pk"):
        says = "it is shown in a thread that was never published"
        yield Fault(f"comment {pk}: {says}", advice=NEVER_PUBLISHED)


def miscounted_replies(window: Window) -> Iterator[Fault]:
    """Yield the comments whose number of replies is wrong, and those of threads."""
    comments = Comment.objects.all()
    # What counts is said inside the count, not about the rows: else PostgreSQL may take an index
    # of all that is shown for the shortest way to the few replies of one comment.
    found = miscounts(window, comments, "reply_count", comments, "parent", Q(is_shown=True))
    yield from _faults(Comment, "reply_count", found, repairs.COMMENTS)
    roots, replies = comments.filter(depth=0), STANDING & Q(depth__gt=0)
    found = miscounts(window, roots, "thread_size", comments, "thread", replies)
    yield from _faults(Comment, "thread_size", found, repairs.THREADS)
    others = comments.filter(depth__gt=0, thread_size__gt=0)
    found = [(pk, size, 0) for pk, size in window.read(others, "pk", "thread_size")]
    yield from _faults(Comment, "thread_size", found, repairs.THREADS)


def lost_arrivals(window: Window) -> Iterator[Fault]:
    """Yield the standing comments that nobody who returns would be shown as new.

    Either they never arrived, or at a version that the page of their post has not reached.
    """
    lost = Q(arrival__isnull=True) | Q(arrival__gt=F("post__page_version"))
    for pk, arrival in window.read(Comment.objects.readable().filter(lost), "pk", "arrival"):
        yield Fault(f"comment {pk}: its arrival is {arrival}", repairs.ARRIVALS, pk)


def miscounted_posts(window: Window) -> Iterator[Fault]:
    """Yield the posts whose number of comments is wrong."""
    standing = Comment.objects.readable()
    found = miscounts(window, Post.objects.all(), "comment_count", standing, "post")
    yield from _faults(Post, "comment_count", found, repairs.POSTS)


def miscounted_answers(window: Window) -> Iterator[Fault]:
    """Yield the stances whose number of readers is wrong."""
    counted = CurrentStance.objects.filter(
        reader__banned_at__isnull=True, reader__erased_at__isnull=True
    )
    found = miscounts(window, Stance.objects.all(), "answer_count", counted, "stance")
    yield from _faults(Stance, "answer_count", found, repairs.STANCES)


def _faults(
    model: type[Model], field: str, found: list[tuple[int, ...]], repair: Repair
) -> Iterator[Fault]:
    for pk, stored, counted in found:
        says = f"{model._meta.verbose_name} {pk}: its {field} is {stored}, counted are {counted}"
        yield Fault(says, repair, pk)

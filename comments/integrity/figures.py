"""Whether the stored counts are what a count finds."""

from collections.abc import Iterator

from django.db.models import Q

from posts.models import Post, Stance

from ..models import Comment, CurrentStance
from .queries import miscounts, stream


def wrongly_shown() -> Iterator[str]:
    """Yield the comments that are shown without a reason, or hidden without one.

    A comment is shown while it stands or has replies that are shown. The replies are recounted
    themselves, so from the leaves up to the roots nothing rests on a stored figure alone.
    """
    standing = Q(state="published", deleted_at__isnull=True)
    reason = standing | Q(reply_count__gt=0)
    for (pk,) in stream(Comment.objects.filter(~reason, is_shown=True), "pk"):
        yield f"comment {pk}: it is shown, but neither it nor a reply of it stands"
    for (pk,) in stream(Comment.objects.filter(reason, is_shown=False), "pk"):
        yield f"comment {pk}: it is not shown, but it or a reply of it stands"
    lost = Comment.objects.filter(is_shown=True, thread_published_at__isnull=True)
    for (pk,) in stream(lost, "pk"):
        yield f"comment {pk}: it is shown in a thread that was never published"


def miscounted() -> Iterator[str]:
    """Yield the comments, posts and stances whose stored count is wrong."""
    comments = Comment.objects.all()
    standing = comments.standing()
    readers = CurrentStance.objects.filter(
        reader__banned_at__isnull=True, reader__erased_at__isnull=True
    )
    yield from _lines(
        "comment", "reply_count", miscounts(comments, "reply_count", comments.shown(), "parent")
    )
    yield from _lines(
        "comment",
        "thread_size",
        miscounts(comments, "thread_size", standing.filter(depth__gt=0), "thread"),
    )
    yield from _lines(
        "post", "comment_count", miscounts(Post.objects.all(), "comment_count", standing, "post")
    )
    yield from _lines(
        "stance", "answer_count", miscounts(Stance.objects.all(), "answer_count", readers, "stance")
    )


def _lines(what: str, field: str, wrong: Iterator[tuple[int, int, int]]) -> Iterator[str]:
    for pk, stored, found in wrong:
        yield f"{what} {pk}: its {field} is {stored}, counted are {found}"

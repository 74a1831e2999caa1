"""Whether the stored counts are what a count finds."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Model, Q

from posts.models import Post, Stance

from ..models import Comment
from .queries import miscounts, stream


def wrongly_shown() -> Iterator[str]:
    """Yield the comments that are shown without a reason, or hidden without one.

    A comment is shown while it stands or has replies that are shown. The replies are recounted
    themselves, so from the leaves up to the roots nothing rests on a stored figure alone.
    """
    reason = _standing() | Q(reply_count__gt=0)
    for (pk,) in stream(Comment.objects.filter(~reason, is_shown=True), "pk"):
        yield f"comment {pk}: it is shown, but neither it nor a reply of it stands"
    for (pk,) in stream(Comment.objects.filter(reason, is_shown=False), "pk"):
        yield f"comment {pk}: it is not shown, but it or a reply of it stands"
    lost = Comment.objects.filter(is_shown=True, thread_published_at__isnull=True)
    for (pk,) in stream(lost, "pk"):
        yield f"comment {pk}: it is shown in a thread that was never published"


def miscounted() -> Iterator[str]:
    """Yield the comments, posts and stances whose stored count is wrong."""
    shown = Q(replies__is_shown=True)
    yield from _lines(Comment, "reply_count", "replies", shown)
    yield from _wrong_sizes()
    yield from _lines(Post, "comment_count", "comments", _standing("comments__"))
    counted = Q(
        current_readers__reader__banned_at__isnull=True,
        current_readers__reader__erased_at__isnull=True,
    )
    yield from _lines(Stance, "answer_count", "current_readers", counted)


def _wrong_sizes() -> Iterator[str]:
    replies = Count("pk", filter=_standing() & Q(depth__gt=0))
    stored = Max("thread_size", filter=Q(depth=0))
    threads = Comment.objects.order_by().values("thread").annotate(found=replies, stored=stored)
    for pk, size, found in stream(threads.exclude(stored=F("found")), "thread", "stored", "found"):
        yield _line("comment", pk, "thread_size", size, found)
    for pk, size in stream(
        Comment.objects.filter(depth__gt=0, thread_size__gt=0), "pk", "thread_size"
    ):
        yield _line("comment", pk, "thread_size", size, 0)


def _standing(prefix: str = "") -> Q:
    return Q(**{f"{prefix}state": "published", f"{prefix}deleted_at__isnull": True})


def _lines(model: type[Model], field: str, counted: str, only: Q) -> Iterator[str]:
    for pk, stored, found in miscounts(model._default_manager.all(), field, counted, only):
        yield _line(str(model._meta.verbose_name), pk, field, stored, found)


def _line(what: str, pk: int, field: str, stored: int, found: int) -> str:
    return f"{what} {pk}: its {field} is {stored}, counted are {found}"

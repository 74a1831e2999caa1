"""Tell followers of publications: ten minutes after, so that an author can take one back.

The audience and the reasons to tell it are frozen when telling begins. Who follows later hears of
the next article, and a series that changes between two batches leaves nobody out.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from core import limits
from core.db.transactions import retried
from core.exceptions import ActionRefused
from notifications.following.telling import (
    BatchStart,
    FollowAudience,
    FollowReason,
    FrozenReason,
    followers_of,
    freeze,
    tell_some,
    thaw,
)
from notifications.targets import Key

from ..followed import AUTHOR, PROMISE, SERIES, SITE, THE_SITE
from ..models import Announcement, Part, Post, Promise, PromiseState
from ..notifications import AUTHOR_PUBLISHED, NEXT_PART, PROMISE_KEPT, SITE_PUBLISHED

# Announcements begun in one call: more than are published in a minute.
AT_ONCE = 100


def plan(post: Post, *, was_out: bool, now: datetime) -> None:
    """Let followers be told of `post`, which is published, unless they were before.

    It counts from its publication, or from `now` if that is past. `was_out` says that readers could
    see it before: then one that was taken back before anybody was told is planned again, and of an
    older article nobody is told.
    """
    assert post.published_at is not None
    due_at = max(post.published_at, now) + timedelta(seconds=limits.TELL_AFTER)
    planned = Announcement.objects.filter(post=post, told_at__isnull=True)
    if was_out:
        planned.filter(due_at__isnull=True).update(due_at=due_at)
    elif not planned.update(due_at=due_at):
        Announcement.objects.get_or_create(post=post, defaults={"due_at": due_at})


def call_off(post: Post) -> None:
    """Let nobody be told of `post`, which is taken back; it may be planned again."""
    Announcement.objects.filter(post=post, told_at__isnull=True).update(due_at=None)


def tell_due(now: datetime | None = None) -> int:
    """Begin to tell of all publications that are due, and return how many."""
    due = Announcement.objects.due(now).values_list("pk", "post")[:AT_ONCE]
    return sum(_begin(pk, post, now or timezone.now()) for pk, post in list(due))


@retried
def _begin(pk: int, post: int, now: datetime) -> bool:
    """Enqueue the job for one announcement; False if it was called off or begun by another."""
    if not Announcement.objects.due(now).filter(pk=pk).update(told_at=now):
        return False
    told = Post.objects.filter(pk=post).first()
    tell_followers.enqueue(post, reasons=freeze(reasons_of(told)) if told else None)
    return True


@task()
def tell_followers(
    pk: int, reason: int = 0, after: int = 0, reasons: list[FrozenReason] | None = None
) -> None:
    """Tell a batch of the followers of the published post `pk`, and enqueue the next batch.

    `reasons` are those of the moment at which telling began; a job of an earlier version has none.
    """
    _tell_some(pk, BatchStart(reason, after), reasons)


@retried
def _tell_some(pk: int, start: BatchStart, frozen: list[FrozenReason] | None) -> None:
    post = Post.objects.published().filter(pk=pk).first()
    if post is None:
        return
    reasons = reasons_of(post) if frozen is None else thaw(frozen)
    since = Announcement.objects.filter(post=post).values_list("told_at", flat=True).first()
    audience = FollowAudience(since, post.author_ids, by_mail=_is_mailed(post))
    onwards = tell_some(reasons, pk, start, cause=post.announced_by, audience=audience)
    if onwards is not None:
        tell_followers.enqueue(pk, *onwards, reasons=freeze(reasons))


def due_of(post: Post) -> datetime | None:
    """Return when the published `post` goes out by e-mail, None if it did or does not.

    The choice of the author is read again: a page may be kept for longer.
    """
    now = timezone.now()
    waiting = Announcement.objects.filter(post=post.pk, told_at__isnull=True, due_at__gt=now)
    mailed = waiting.filter(post__published_at__lte=now)
    mailed = mailed.exclude(post__mailed_as=Post.MailedAs.NONE)
    return mailed.values_list("due_at", flat=True).first()


def is_begun(post: Post) -> bool:
    """Return whether the followers of `post` are told, or were, so that no choice counts now."""
    return Announcement.objects.filter(post=post, told_at__isnull=False).exists()


@retried
def choose_mail(post: Post, way: str) -> None:
    """Store how followers are mailed `post`: a `Post.MailedAs`; as it is, it changes nothing.

    Raises `ActionRefused` once sending has begun.
    """
    # Locked, so that sending does not begin in between.
    planned = Announcement.objects.select_for_update().filter(post=post).first()
    if way == post.mailed_as:
        return
    if planned is not None and planned.told_at is not None:
        raise ActionRefused(
            _("This article has been sent already, so this choice can no longer change."),
            field="mailed_as",
        )
    post.mailed_as = way
    post.save(update_fields=["mailed_as"])


def reasons_of(post: Post, *, as_published: bool = False) -> list[FollowReason]:
    """Return why followers are notified of `post`, the strongest reason first.

    With `as_published` a promise counts that `post` keeps once it is published.
    """
    part = Part.objects.filter(post=post).first()
    is_kept = partial(_is_kept_with, post) if as_published else _is_kept
    reasons = [_kept(promise) for promise in _promises(part) if is_kept(promise)]
    if part is not None:
        reasons.append(FollowReason(NEXT_PART, SERIES, Key(part.series_id), post.pk))
    authors = sorted(post.author_ids)
    reasons += (FollowReason(AUTHOR_PUBLISHED, AUTHOR, Key(pk), post.pk) for pk in authors)
    return [*reasons, FollowReason(SITE_PUBLISHED, SITE, THE_SITE, post.pk)]


def kept_since(promises: Iterable[Promise], *, now: datetime | None = None) -> None:
    """Tell of those of `promises` that are kept by articles whose followers were told before.

    An author has named the parts that keep a promise after their publication. The others are told
    of with the publication.
    """
    for promise in promises:
        if _is_kept(promise) and followers_of([_kept(promise)]).exists():
            due_at = (now or timezone.now()) + timedelta(seconds=limits.TELL_AFTER)
            tell_kept.using(run_after=due_at).enqueue(promise.pk)


@task()
def tell_kept(pk: int, reason: int = 0, after: int = 0) -> None:
    """Tell a batch of the followers of the promise `pk` that it is kept, and enqueue the next."""
    _tell_some_of_kept(pk, BatchStart(reason, after))


@retried
def _tell_some_of_kept(pk: int, start: BatchStart) -> None:
    promise = Promise.objects.prefetch_related("parts__post").filter(pk=pk).first()
    if promise is None or not _is_kept(promise) or not promise.post.is_published():
        return
    posts = [part.post for part in promise.parts.all() if part.post]
    newest = max(posts, key=lambda post: (post.published_at, post.pk))
    if Announcement.objects.filter(post=newest, told_at__isnull=True).exists():
        return
    cause, reasons = newest.announced_by, [_kept(promise)]
    audience = FollowAudience(but=newest.author_ids, by_mail=_is_mailed(newest))
    onwards = tell_some(reasons, newest.pk, start, cause=cause, audience=audience)
    if onwards is not None:
        tell_kept.enqueue(pk, *onwards)


def kept(promises: Iterable[Promise]) -> set[int]:
    """Return the ids of those of `promises` that are kept now."""
    return {promise.pk for promise in promises if _is_kept(promise)}


def _is_mailed(post: Post) -> bool:
    return post.mailed_as != Post.MailedAs.NONE


def _promises(part: Part | None) -> list[Promise]:
    """Return the promises that `part` is to keep, of published posts."""
    if part is None:
        return []
    made = part.promises.filter(post__in=Post.objects.published())
    return list(made.prefetch_related("parts__post").order_by("pk"))


def _is_kept(promise: Promise) -> bool:
    return promise.state() == PromiseState.KEPT


def _is_kept_with(post: Post, promise: Promise) -> bool:
    parts = promise.parts.all()
    return promise.withdrawn_at is None and all(
        part.post_id == post.pk or part.published_post() for part in parts
    )


def _kept(promise: Promise) -> FollowReason:
    return FollowReason(PROMISE_KEPT, PROMISE, Key(promise.pk), promise.pk)

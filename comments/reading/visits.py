"""Store up to where a reader has read a discussion. Each call is one transaction.

The page of a post is read without any write: a small request follows once its discussion was seen.
The later visit wins, on whichever device: versions only grow, and none is beyond the page of today.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from core import limits
from core.db.prepared import PreparedInsert
from core.db.transactions import retried
from posts.models import Post, Visit

from .state import visit_ended

# Rows that the worker deletes in an hour, so that it does not stop for them.
FORGOTTEN_AT_ONCE = 5_000


@retried
def read_up_to(post: Post, version: int, *, by: User, now: datetime | None = None) -> None:
    """Store that `by` was shown the discussion of `post` at its page `version`."""
    now = now or timezone.now()
    version = min(version, post.page_version)
    visit, _is_first = _visit(by, post, version, now)
    visit.read_up_to(version, now, begins=visit.seen_at <= visit_ended(now))
    visit.save(update_fields=["before", "seen", "seen_at"])


@retried
def mark_all_read(post: Post, version: int, *, by: User, now: datetime | None = None) -> None:
    """End the marks of what `by` was shown by the page `version`; what came after stays new."""
    now = now or timezone.now()
    version = min(version, post.page_version)
    visit, _is_first = _visit(by, post, version, now)
    visit.join(version)
    visit.seen_at = max(visit.seen_at, now)
    visit.save(update_fields=["before", "seen", "seen_at"])


@retried
def join(versions: Mapping[Post, int], *, by: User, now: datetime | None = None) -> list[Post]:
    """Take over what a browser remembers of visits without the account; return what that changed.

    `versions` has the newest page version that the browser was shown, of each post. When that was
    is not known, so it counts as a visit that has ended.
    """
    ended = visit_ended(now or timezone.now())
    changed = []
    for post in sorted(versions, key=lambda post: post.pk):
        version = min(versions[post], post.page_version)
        visit, is_first = _visit(by, post, version, ended)
        if is_first or version > visit.before:
            changed.append(post)
        visit.join(version)
        visit.save(update_fields=["before", "seen", "seen_at"])
    return changed


def _visit(reader: User, post: Post, version: int, now: datetime) -> tuple[Visit, bool]:
    """Return the locked row of `reader` and `post`, and whether it is the first one, just made."""
    first = Visit(reader=reader, post=post, before=version, seen=version, seen_at=now)
    is_first = _NEW.run(first)
    return Visit.objects.select_for_update().get(reader=reader, post=post), is_first


_NEW = PreparedInsert(Visit, ignore_conflicts=True)


def forget_old() -> None:
    """Delete visits of more than `VISIT_KEPT_DAYS` ago; called each hour."""
    kept_from = timezone.now() - timedelta(days=limits.VISIT_KEPT_DAYS)
    old = Visit.objects.filter(seen_at__lt=kept_from).order_by("seen_at")
    Visit.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()


def forget_reader(reader: User) -> None:
    """Delete all visits of `reader`."""
    Visit.objects.filter(reader=reader).delete()

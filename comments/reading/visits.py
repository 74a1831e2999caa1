"""Store up to where a reader has read a discussion. Each call is one transaction.

The page of a post is read without any write: a small request follows once its discussion was seen.
The later visit wins, on whichever device: versions only grow, and none is beyond the page of today.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from core import limits
from core.db.prepared import PreparedInsert
from core.db.transactions import retried
from core.numbers import number
from posts.models import Post, Visit

from .state import visit_ended

# Rows that the worker deletes in an hour, so that it does not stop for them.
FORGOTTEN_AT_ONCE = 5_000


class MarkedRead(NamedTuple):
    """What the undo of a marking restores: up to where nothing was new, and what was shown."""

    known: int
    seen: int

    @classmethod
    def of(cls, text: str) -> "MarkedRead | None":
        """Return the one that `str` made `text` of, None for any other text."""
        known, seen = map(number, text.split("-", 1)) if "-" in text else (None, None)
        return None if known is None or seen is None or known > seen else cls(known, seen)

    def __str__(self) -> str:
        return f"{self.known}-{self.seen}"


@retried
def read_up_to(post: Post, version: int, *, by: User, now: datetime | None = None) -> None:
    """Store that `by` was shown the discussion of `post` at its page `version`."""
    now = now or timezone.now()
    version = min(version, post.page_version)
    visit, _is_first = _visit(by, post, version, now)
    visit.read_up_to(version, now, begins=visit.seen_at <= visit_ended(now))
    visit.save(update_fields=["before", "seen", "seen_at"])


@retried
def mark_all_read(
    post: Post, version: int, *, by: User, now: datetime | None = None
) -> MarkedRead | None:
    """End the marks of what `by` was shown by the page `version`; what came after stays new.

    Return what the undo needs, None where nothing was new.
    """
    now = now or timezone.now()
    version = min(version, post.page_version)
    visit, _is_first = _visit(by, post, version, now)
    known = visit.before if visit.seen_at > visit_ended(now) else visit.seen
    marked = MarkedRead(known, visit.seen) if known < version else None
    visit.join(version)
    visit.seen_at = max(visit.seen_at, now)
    visit.save(update_fields=["before", "seen", "seen_at"])
    return marked


@retried
def mark_unread(post: Post, marked: MarkedRead, *, by: User, now: datetime | None = None) -> None:
    """Undo the marking that returned `marked`: what was new then is new again."""
    visit = Visit.objects.select_for_update().filter(reader=by, post=post).first()
    if visit is None:
        return
    visit.seen = min(visit.seen, marked.seen)
    visit.before = min(visit.before, marked.known)
    visit.seen_at = max(visit.seen_at, now or timezone.now())
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

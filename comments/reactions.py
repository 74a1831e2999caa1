"""Pressing "well argued", and taking it back. Each is one transaction.

The tally by answer stands in the comment's row, recounted under its lock: simultaneous presses
leave one row each and the right tally. Ranks are another matter, and wait for nobody here.
"""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import limits
from core.transactions import retried

from . import recounts, stances
from .figures import NO_ANSWER, write_counts
from .models import Comment, Reaction
from .refusal import Refused
from .rows import lock_alone

# Of readers who count.
COUNTED = Q(reader__banned_at__isnull=True, reader__erased_at__isnull=True)


@retried
def press(comment: Comment, *, by: User, now: datetime | None = None) -> bool:
    """Note that `by` finds `comment` well argued; return False if that was noted before.

    Whether `by` may write is for the caller to have asked. Raises `Refused` for one's own comment
    (403) and for one that does not stand any more (404).
    """
    now = now or timezone.now()
    comment = lock_alone(comment)
    if comment.author_id == by.pk:
        raise Refused(_("This is your own comment. Others say whether it is well argued."))
    if not comment.is_standing:
        raise Refused(_("This comment is not there any more."), status=404)
    if has_pressed(comment, by):
        return False
    question = getattr(comment.post, "question", None)
    current = stances.current_stance(by, question) if question else None
    Reaction.objects.create(
        post=comment.post,
        comment=comment,
        reader=by,
        stance=current.stance if current else None,
        created_at=now,
    )
    _store_tally(comment)
    if shows_tally(comment, now):
        comment.post.move_page()
    return True


@retried
def take_back(comment: Comment, *, by: User, now: datetime | None = None) -> bool:
    """Forget that `by` finds `comment` well argued; return False if nothing was noted."""
    comment = lock_alone(comment)
    if not Reaction.objects.filter(comment=comment, reader=by).delete()[0]:
        return False
    _store_tally(comment)
    comment.post.move_page()  # in any case: a row that is gone would not be missed
    return True


def _store_tally(comment: Comment) -> None:
    comment.well_argued = recount(comment)
    comment.save(update_fields=["well_argued"])


def recount(comment: Comment) -> str:
    """Return the tally of `comment` as its rows have it, of readers who count."""
    rows = Reaction.objects.filter(COUNTED, comment=comment).order_by()
    counts = rows.values_list(Coalesce("stance_id", NO_ANSWER)).annotate(number=Count("pk"))
    return write_counts(dict(counts))


def shows_tally(comment: Comment, now: datetime) -> bool:
    """Return whether `comment` is old enough for its tally to be shown."""
    return now - comment.created_at >= timedelta(seconds=limits.TALLY_AFTER)


def recount_reader(reader: User) -> None:
    """Recount what `reader` pressed, after a ban or its end."""
    recounts.recount(Reaction.objects.filter(reader=reader), _store_tally)


def forget_reader(reader: User) -> None:
    """Delete what `reader` pressed, and recount what it stood in."""
    recounts.forget(Reaction.objects.filter(reader=reader), _store_tally)


def has_pressed(comment: Comment, reader: User) -> bool:
    """Return whether `reader` finds `comment` well argued."""
    return Reaction.objects.filter(comment=comment, reader=reader).exists()

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

from . import stances
from .figures import NO_ANSWER, write_counts
from .models import Comment, Reaction
from .refusal import Refused

# Comments recounted in one transaction.
BATCH = 50
# Of readers who count.
COUNTED = Q(reader__banned_at__isnull=True, reader__erased_at__isnull=True)


@retried
def press(comment: Comment, *, by: User, now: datetime | None = None) -> bool:
    """Note that `by` finds `comment` well argued; return False if that was noted before.

    Whether `by` may write is for the caller to have asked. Raises `Refused` for one's own comment
    (403) and for one that does not stand any more (404).
    """
    now = now or timezone.now()
    comment = _locked(comment)
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
    comment = _locked(comment)
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
    """Recount what `reader` pressed, after a ban, its end, or an erasure, a batch at a time."""
    pressed = Reaction.objects.filter(reader=reader).order_by("comment_id")
    while batch := list(pressed.values_list("comment_id", flat=True)[:BATCH]):
        _recount_some(batch)
        pressed = pressed.filter(comment__gt=batch[-1])


def forget_reader(reader: User) -> None:
    """Delete what `reader` pressed, a batch at a time, and recount what it stood in."""
    pressed = Reaction.objects.filter(reader=reader).order_by("comment_id")
    while batch := list(pressed.values_list("comment_id", flat=True)[:BATCH]):
        _forget_some(reader, batch)


@retried
def _forget_some(reader: User, ids: list[int]) -> None:
    comments = _locked_in_order(ids)
    Reaction.objects.filter(reader=reader, comment__in=ids).delete()
    _recount_all(comments)


@retried
def _recount_some(ids: list[int]) -> None:
    _recount_all(_locked_in_order(ids))


def _locked_in_order(ids: list[int]) -> list[Comment]:
    rows = Comment.objects.filter(pk__in=ids).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)).select_related("post"))


def _recount_all(comments: list[Comment]) -> None:
    for comment in comments:
        _store_tally(comment)
    for post in sorted({comment.post for comment in comments}, key=lambda post: post.pk):
        post.move_page()


def has_pressed(comment: Comment, reader: User) -> bool:
    """Return whether `reader` finds `comment` well argued."""
    return Reaction.objects.filter(comment=comment, reader=reader).exists()


def _locked(comment: Comment) -> Comment:
    fresh = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    fresh.post = comment.post
    return fresh

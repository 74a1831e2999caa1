"""Throw drafts away, bring them back from the bin, and delete them after 30 days there.

In the bin a post keeps its text, its question and its address, and is nowhere else
(`PostQuerySet.kept`). It leaves its place in a series free, and takes it again if nothing else has.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.db.transactions import retried
from core.exceptions import ActionRefused

from ..models import Part, Post, Question, SealedAnswer, StanceWording
from ..querysets import PostQuerySet
from .locking import locked_in_bin_too

logger = logging.getLogger(__name__)

# Long enough to come back from a holiday and miss a draft.
TIME_IN_BIN = timedelta(days=30)
# Posts deleted by one round of the worker, each in a transaction; a round is a minute.
BATCH = 20


@retried
def throw_away(post: Post, *, by: User, now: datetime | None = None) -> Post:
    """Put a draft into the bin, and return it; a scheduled one does not come out any more.

    Raises `ActionRefused` for a published post.
    """
    now = now or timezone.now()
    post = locked_in_bin_too(post)
    if post.is_published(now):
        raise ActionRefused(_("This article is published. Unpublish it first."))
    if post.binned_at is not None:
        return post
    post.binned_at, post.binned_from = now, Part.objects.filter(post=post).first()
    post.published_at, post.live_revision = None, None
    post.save(update_fields=["binned_at", "binned_from", "published_at", "live_revision"])
    Part.objects.filter(post=post).update(post=None)
    logger.info("post %s: thrown away by %s", post.pk, by.pk)
    return post


@retried
def bring_back(post: Post, *, by: User) -> Post:
    """Take `post` out of the bin, and return it as a draft; any other post stays as it is."""
    post = locked_in_bin_too(post)
    if post.binned_at is None:
        return post
    Part.objects.filter(pk=post.binned_from_id or 0, post__isnull=True).update(post=post)
    post.binned_at, post.binned_from = None, None
    post.save(update_fields=["binned_at", "binned_from"])
    logger.info("post %s: brought back by %s", post.pk, by.pk)
    return post


def remove_due(now: datetime | None = None) -> int:
    """Delete posts that have been in the bin for `TIME_IN_BIN`, and return how many.

    Those that readers have written under stay, until somebody brings them back.
    """
    due = Post.objects.filter(binned_at__lte=(now or timezone.now()) - TIME_IN_BIN)
    due, removed = due.filter(comment_count=0), 0
    for pk in due.order_by("binned_at").values_list("pk", flat=True):
        removed += _remove(due, pk)
        if removed >= BATCH:
            break
    return removed


@retried
def _remove(due: PostQuerySet, pk: int) -> bool:
    """Delete the post `pk` if it is still among the `due` ones; return whether it is gone."""
    post = due.select_for_update().filter(pk=pk).first()
    return post is not None and delete_post(post)


def delete_post(post: Post) -> bool:
    """Delete a post that nobody else saw; return False if rows of others refer to it."""
    try:
        with transaction.atomic():
            Post.objects.filter(pk=post.pk).update(
                published_at=None, live_revision=None, newest_revision=None
            )
            SealedAnswer.objects.filter(question__post=post, opened_at__isnull=True).delete()
            delete_wordings(post)
            Post.objects.filter(pk=post.pk).delete()
    except ProtectedError:
        return False
    return True


def delete_wordings(post: Post) -> None:
    """Delete the wordings, which protect the question and its stances."""
    Question.objects.filter(post=post).update(version=None)
    StanceWording.objects.filter(version__question__post=post).delete()

"""Recount the comments whose figures include certain reactions or verdicts, in batches.

`rows` are those, and `store` recounts a locked comment.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from core.db.transactions import retried

from ..models import Comment
from .settling import Acts

Store = Callable[[Comment], None]

# Comments recounted in one transaction.
BATCH = 50
# Batches that one round settles; the next one goes on.
BATCHES_AT_ONCE = 50


def recount(rows: "QuerySet[Any]", store: Store) -> None:
    """Recount the comments that `rows` are about, after a ban or its end."""
    for batch in _batches(rows):
        _recount_some(batch, store)


def forget(rows: "QuerySet[Any]", store: Store) -> None:
    """Delete `rows`, and recount the comments that they were about."""
    for batch in _batches(rows):
        _forget_some(rows, batch, store)


def settle(acts: Acts, rows: "QuerySet[Any]", store: Store, now: datetime) -> None:
    """Settle the `acts` on the comments that `rows`, some of them, are about, and recount these."""
    for batch in islice(_batches(rows), BATCHES_AT_ONCE):
        _settle_some(acts, batch, store, now)


def _batches(rows: "QuerySet[Any]") -> Iterator[list[int]]:
    rows = rows.order_by("comment_id")
    while batch := list(rows.values_list("comment_id", flat=True).distinct()[:BATCH]):
        yield batch
        rows = rows.filter(comment__gt=batch[-1])


@retried
def _recount_some(ids: list[int], store: Store) -> None:
    _recount_all(_locked_in_order(ids), store)


@retried
def _forget_some(rows: "QuerySet[Any]", ids: list[int], store: Store) -> None:
    comments = _locked_in_order(ids)
    rows.filter(comment__in=ids).delete()
    _recount_all(comments, store)


@retried
def _settle_some(acts: Acts, ids: list[int], store: Store, now: datetime) -> None:
    comments = _locked_in_order(ids)
    acts.settle(acts.all().filter(comment__in=ids), now)
    _recount_all(comments, store)


def _locked_in_order(ids: list[int]) -> list[Comment]:
    rows = Comment.objects.without_text().filter(pk__in=ids).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)).select_related("post"))


def _recount_all(comments: list[Comment], store: Store) -> None:
    for comment in comments:
        store(comment)
    for post in sorted({comment.post for comment in comments}, key=lambda post: post.pk):
        post.bump_page_version()

"""The ids of threads, or of the comments with a stance, by a stored figure, highest first.

Each function is read off an index of its figure, and returns `order_cache.LONGEST` ids at most.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from core.db.prepared import Prepared
from posts.models import Post

from ..models import Appraisal, Comment, CommentState
from ..querysets import CommentQuerySet
from ..ranking import order_cache
from ..ranking.stored_columns import FrontPage
from .page import on


def common_ground(post: Post) -> list[int]:
    """Return threads by lift, those that are not ranked yet where unread ones stand."""
    rows = _by_lift(order_cache.LONGEST).rows(post=post.pk)
    readable = Comment.objects.for_post(post).readable()
    return _with_new(post, rows, readable.filter(parent__isnull=True))


def common_ground_with_stance(post: Post, stance: int) -> list[int]:
    """Return the comments with a stance by lift, those not ranked yet where unread ones stand."""
    rows = _by_lift_with_stance(order_cache.LONGEST).rows(post=post.pk, stance=stance)
    return _with_new(post, rows, Comment.objects.for_post(post).readable().filter(stance=stance))


def most_replied(post: Post) -> list[int]:
    """Return threads by their number of comments."""
    return _ids(_by_thread_size(order_cache.LONGEST).rows(post=post.pk))


def most_replied_with_stance(post: Post, stance: int) -> list[int]:
    """Return the comments with a stance by their number of replies."""
    return _ids(_by_reply_count(order_cache.LONGEST).rows(post=post.pk, stance=stance))


def most_divisive(post: Post) -> list[int]:
    """Return the threads that enough readers know, the answers furthest apart first."""
    return _ids(_by_spread(order_cache.LONGEST).rows(post=post.pk))


def most_divisive_with_stance(post: Post, stance: int) -> list[int]:
    """Return the comments with a stance that enough readers know, the most divisive first."""
    return _ids(_by_spread_with_stance(order_cache.LONGEST).rows(post=post.pk, stance=stance))


@cache
def _by_lift(longest: int) -> Prepared:
    """Return the query for the ids and lifts of `longest` threads of a post."""

    def rows(post: int) -> Any:
        found = _appraised_threads(post).order_by("-lift", "comment")
        return found.values_list("comment_id", "lift")[:longest]

    return Prepared(rows, post=int)


@cache
def _by_lift_with_stance(longest: int) -> Prepared:
    """Return the query for the ids and lifts of `longest` comments with a stance."""

    def rows(post: int, stance: int) -> Any:
        found = _appraised_with_stance(post, stance).order_by("-lift", "comment")
        return found.values_list("comment_id", "lift")[:longest]

    return Prepared(rows, post=int, stance=int)


@cache
def _by_thread_size(longest: int) -> Prepared:
    """Return the query for `longest` threads of a post."""

    def rows(post: Any) -> Any:
        found = on(post).filter(parent__isnull=True).order_by("-thread_size", "id")
        return found.values_list("pk")[:longest]

    return Prepared(rows, post=int)


@cache
def _by_reply_count(longest: int) -> Prepared:
    """Return the query for `longest` comments of a post with a stance."""

    def rows(post: int, stance: int) -> Any:
        found = Comment.objects.for_post(post).readable().filter(stance=stance)
        return found.order_by("-reply_count", "id").values_list("pk")[:longest]

    return Prepared(rows, post=int, stance=int)


@cache
def _by_spread(longest: int) -> Prepared:
    """Return the query for `longest` threads of a post."""

    def rows(post: int) -> Any:
        found = _appraised_threads(post).filter(spread__isnull=False)
        return found.order_by("-spread", "comment").values_list("comment_id")[:longest]

    return Prepared(rows, post=int)


@cache
def _by_spread_with_stance(longest: int) -> Prepared:
    """Return the query for `longest` comments of a post with a stance."""

    def rows(post: int, stance: int) -> Any:
        found = _appraised_with_stance(post, stance).filter(spread__isnull=False)
        return found.order_by("-spread", "comment").values_list("comment_id")[:longest]

    return Prepared(rows, post=int, stance=int)


def _appraised_threads(post: int) -> Any:
    found = Appraisal.objects.filter(post=post)
    return found.filter(comment__parent__isnull=True, comment__is_shown=True)


def _appraised_with_stance(post: int, stance: int) -> Any:
    found = Appraisal.objects.filter(post=post, comment__stance=stance)
    return found.filter(comment__state=CommentState.PUBLISHED, comment__deleted_at__isnull=True)


def _ids(rows: Iterable[tuple[Any, ...]]) -> list[int]:
    return [pk for (pk,) in rows]


def _with_new(post: Post, by_lift: list[Any], comments: CommentQuerySet) -> list[int]:
    """Return ids by lift; those of `comments` that came since the ranking have a lift of 1."""
    front = FrontPage.parse(post.front)
    arrived = comments.filter(arrival__gt=front.version if front else 0).order_by("arrival", "id")
    known = {pk for pk, _lift in by_lift}
    new = list(arrived.values_list("pk", flat=True)[: order_cache.LONGEST])
    above = [pk for pk, lift in by_lift if lift >= 1]
    below = [pk for pk, lift in by_lift if lift < 1]
    return [*above, *(pk for pk in new if pk not in known), *below][: order_cache.LONGEST]

"""What pages load: posts and series with everything said of them, in a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from ..models import Authorship, Part, Post, Promise, SealedAnswer, Series
from ..querysets import PostQuerySet, SeriesQuerySet

# Pages that list posts need titles, not words.
UNREAD = ("live_revision__body", "live_revision__body_html")
UNREAD_OF_POST = tuple(f"post__{field}" for field in UNREAD)


def with_page(posts: PostQuerySet, now: datetime | None = None) -> PostQuerySet:
    """Return `posts` with all that the page of a post says but promises; 5 queries in all.

    Of sealed answers only what may be told at `now` is read.
    """
    return posts.select_related(
        "live_revision", "part__series", "question__version"
    ).prefetch_related(
        _authors(),
        "question__stances",
        Prefetch("question__sealed_answers", SealedAnswer.objects.told(now)),
        _parts("part__series__parts"),
    )


def with_titles(posts: PostQuerySet) -> PostQuerySet:
    """Return `posts` with all that a list of posts says; 3 queries in all."""
    return (
        posts.select_related("live_revision", "part__series", "question__version")
        .defer(*UNREAD)
        .prefetch_related(_authors(), "question__stances")
    )


def with_text(posts: PostQuerySet) -> PostQuerySet:
    """Return `posts` with their live words and their authors; 2 queries in all."""
    return posts.select_related("live_revision").prefetch_related(_authors())


def with_parts(series: SeriesQuerySet) -> SeriesQuerySet:
    """Return `series` with their parts; 2 queries in all."""
    return series.select_related("owner").prefetch_related(_parts("parts"))


def promises_about(post: Post) -> list[Promise]:
    """Return the promises `post` makes and those it is to keep, with their parts; 2 queries."""
    kept = Promise.parts.through._default_manager.filter(part__post=post).values("promise_id")
    about = _promises().filter(Q(post=post) | Q(pk__in=kept))
    return list(about.prefetch_related(_parts("parts")).order_by("id"))


def promises_in(series: Series) -> list[Promise]:
    """Return the promises that posts of `series` make, in order, with the parts that keep them."""
    made = _promises().filter(post__part__series=series).select_related("post__part")
    return list(made.prefetch_related(_parts("parts")).order_by("post__part__position", "id"))


def _authors() -> "Prefetch[Any]":
    return Prefetch("authorships", Authorship.objects.select_related("user"))


def _parts(lookup: str) -> "Prefetch[Any]":
    parts = Part.objects.select_related("post__live_revision", "series").defer(*UNREAD_OF_POST)
    return Prefetch(lookup, parts)


def _promises() -> "QuerySet[Promise]":
    return Promise.objects.select_related("post__live_revision").defer(*UNREAD_OF_POST)

"""Load posts and series with everything a page shows of them, in a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from ..models import Authorship, Part, Post, Promise, SealedAnswer, Series
from ..querysets import PostQuerySet, SeriesQuerySet

# Columns of full text. Pages that list posts defer them, since they show titles only.
FULL_TEXT = ("live_revision__body", "live_revision__body_html")
FULL_TEXT_OF_POST = tuple(f"post__{field}" for field in FULL_TEXT)


def with_page(posts: PostQuerySet, now: datetime | None = None) -> PostQuerySet:
    """Load everything the page of a post shows except promises; 5 queries in all.

    Closed sealed answers are loaded without their stances, as of `now`.
    """
    return posts.select_related(
        "live_revision", "part__series", "question__version"
    ).prefetch_related(
        _authors(),
        "question__stances",
        Prefetch("question__sealed_answers", SealedAnswer.objects.for_readers(now)),
        _parts("part__series__parts"),
    )


def with_titles(posts: PostQuerySet) -> PostQuerySet:
    """Load everything a list of posts shows, without their texts; 3 queries in all."""
    return (
        posts.select_related("live_revision", "part__series", "question__version")
        .defer(*FULL_TEXT)
        .prefetch_related(_authors(), "question__stances")
    )


def with_text(posts: PostQuerySet) -> PostQuerySet:
    """Load the live revisions and the authors of `posts`; 2 queries in all."""
    return posts.select_related("live_revision").prefetch_related(_authors())


def with_bylines(posts: PostQuerySet) -> PostQuerySet:
    """Load the titles and the authors of `posts`, without their texts; 2 queries in all."""
    return with_text(posts).defer(*FULL_TEXT)


def with_parts(series: SeriesQuerySet) -> SeriesQuerySet:
    """Load the owners and the parts of `series`; 2 queries in all."""
    return series.select_related("owner").prefetch_related(_parts("parts"))


def promises_about(post: Post) -> list[Promise]:
    """Return the promises that `post` makes or is to keep, with their parts; 2 queries."""
    kept = Promise.parts.through._default_manager.filter(part__post=post).values("promise_id")
    about = _promises().filter(Q(post=post) | Q(pk__in=kept))
    return list(about.prefetch_related(_parts("parts")).order_by("id"))


def promises_in(series: Series) -> list[Promise]:
    """Return the promises that posts of `series` make, in the order of parts, with their parts."""
    made = _promises().filter(post__part__series=series).select_related("post__part")
    return list(made.prefetch_related(_parts("parts")).order_by("post__part__position", "id"))


def _authors() -> "Prefetch[Any]":
    return Prefetch("authorships", Authorship.objects.select_related("user"))


def _parts(lookup: str) -> "Prefetch[Any]":
    parts = Part.objects.select_related("post__live_revision", "series").defer(*FULL_TEXT_OF_POST)
    return Prefetch(lookup, parts)


def _promises() -> "QuerySet[Promise]":
    return Promise.objects.select_related("post__live_revision").defer(*FULL_TEXT_OF_POST)

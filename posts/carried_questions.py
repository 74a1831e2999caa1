"""A question that returns in a later part of its series: where it was asked before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from .models import Part, Post, Question, Series

# Where somebody who answers a question for the seventh time stood before the last five is history.
BEFORE_MOST = 5


def asked_before(post: Post, now: datetime | None = None) -> tuple[Part, ...]:
    """Return the parts in which the question of `post` was asked before, the nearest first.

    Only parts of the same series that are out at `now` are among them; one query, and none for a
    question that is asked for the first time.
    """
    question = post.question_or_none
    if question is None or question.carried_from_id is None:
        return ()
    part: Part | None = getattr(post, "part", None)
    if part is None:
        return ()
    asking = Part.objects.filter(series=part.series_id).select_related("series", "post__question")
    by_question = {
        each.post.question.pk: each
        for each in asking.filter(post__question__isnull=False)
        if each.post is not None
    }
    found: list[Part] = []
    source: int | None = question.carried_from_id
    while source in by_question:
        before = by_question.pop(source)  # taken out, so that no ring is gone round twice
        assert before.post is not None
        found += [before] if before.published_post(now) else []
        source = before.post.question.carried_from_id
    return tuple(found[:BEFORE_MOST])


def askable_again(post: Post, now: datetime | None = None) -> list[Part]:
    """Return the earlier parts of the series of `post` whose questions can be asked again."""
    part: Part | None = getattr(post, "part", None)
    if part is None:
        return []
    earlier = Part.objects.filter(
        series=part.series_id, position__lt=part.position, post__question__version__isnull=False
    )
    related = earlier.select_related("series", "post__question__version")
    return [each for each in related if each.published_post(now)]


def carried_in(series: Series, now: datetime) -> list[Question]:
    """Return the questions that parts of `series` out at `now` carry from others, in order.

    They come with their stances, with what they are carried from, and with both parts.
    """
    out = {"post__part__series": series, "post__published_at__lte": now}
    source: dict[str, Any] = {f"carried_from__{name}": value for name, value in out.items()}
    carried: QuerySet[Question] = Question.objects.filter(**out, **source)
    return list(
        carried.select_related("version", "post__part", "carried_from__post__part")
        .prefetch_related("stances", "carried_from__stances")
        .order_by("post__part__position")
    )


def posts_of(carried: Iterable[Question]) -> list[Post]:
    """Return the posts that ask `carried` questions, and those that asked them before."""
    pairs = ((question.post, question.carried_from) for question in carried)
    return [post for new, old in pairs if old is not None for post in (new, old.post)]

"""Find carried questions: questions of earlier parts that a later part of a series asks again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from .models import Part, Post, Question, Series

# Parts. An answer given more than five parts ago says little about the answer of today.
ASKED_BEFORE_MAX = 5


def asked_before(post: Post, now: datetime | None = None) -> tuple[Part, ...]:
    """Return the parts that asked the question of `post` before, the latest first.

    They are at most `ASKED_BEFORE_MAX` parts of the same series, all published at `now`. Runs one
    query, none for a question that is not carried.
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
        before = by_question.pop(source)  # removed, so that a cycle ends the loop
        assert before.post is not None
        found += [before] if before.published_post(now) else []
        source = before.post.question.carried_from_id
    return tuple(found[:ASKED_BEFORE_MAX])


def askable_again(post: Post, now: datetime | None = None) -> list[Part]:
    """Return the earlier published parts of the series of `post` whose questions it can carry."""
    part: Part | None = getattr(post, "part", None)
    if part is None:
        return []
    earlier = Part.objects.filter(
        series=part.series_id, position__lt=part.position, post__question__version__isnull=False
    )
    related = earlier.select_related("series", "post__question__version")
    return [each for each in related if each.published_post(now)]


def carried_in(series: Series, now: datetime) -> list[Question]:
    """Return the carried questions of `series`, in the order of their parts.

    Both parts, the asking one and the one carried from, are published at `now`. Loads the stances,
    the part and the question carried from with each.
    """
    published = {"post__part__series": series, "post__published_at__lte": now}
    source: dict[str, Any] = {f"carried_from__{name}": value for name, value in published.items()}
    carried: QuerySet[Question] = Question.objects.filter(**published, **source)
    return list(
        carried.select_related("version", "post__part", "carried_from__post__part")
        .prefetch_related("stances", "carried_from__stances")
        .order_by("post__part__position")
    )


def posts_of(carried: Iterable[Question]) -> list[Post]:
    """Return the posts of `carried` questions, each followed by the post it is carried from."""
    pairs = ((question.post, question.carried_from) for question in carried)
    return [post for new, old in pairs if old is not None for post in (new, old.post)]

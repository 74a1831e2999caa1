"""Store the appraisal of each comment of a ranking; only changed rows are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posts.models import Post

from ..models import Appraisal
from . import constants
from .badges import Merit
from .lift import evidence, is_divisive, lift, speaks_for, spread
from .stored_columns import SidesByAnswer
from .weights import Weighed, Written

# Rows written in one statement.
BATCH = 500
# Decimals of stored figures; pages show two, and integrity checks compare five.
DIGITS = 6
_COMPARED = (
    "lift",
    "spread",
    "sides",
    "speaks_for_id",
    "is_divisive",
    "has_badge",
    "passing_since",
    "earned_at",
    "is_failing",
    "is_doubtful",
)


@dataclass(frozen=True)
class Appraised:
    """The lift of each comment, whether any row changed, and when the next badge is due."""

    lifts: dict[int, float]
    has_news: bool
    waits_until: datetime | None


def appraise(post: Post, comments: Sequence[Written], weighed: Weighed, now: datetime) -> Appraised:
    """Compute the appraisals of `comments` of `post` from `weighed`, and store changed ones."""
    before = {row.comment_id: row for row in Appraisal.objects.filter(post=post)}
    made = {
        comment.id: _appraisal(post, comment, weighed, before.get(comment.id), now)
        for comment in comments
    }
    _give_badges(made.values())
    changed = [row for pk, row in made.items() if _compared(row) != _compared(before.get(pk))]
    _write(changed)
    waits = [_merit(row).waits_until for row in made.values() if row.passing_since]
    return Appraised(
        lifts={pk: row.lift for pk, row in made.items()},
        has_news=bool(changed),
        waits_until=min((when for when in waits if when), default=None),
    )


def _appraisal(
    post: Post, comment: Written, weighed: Weighed, before: Appraisal | None, now: datetime
) -> Appraisal:
    sides, rates = weighed.sides[comment.id], weighed.rates
    seen = evidence(sides, rates, comment.stance)
    doubtful = comment.id in weighed.doubtful
    merit = _merit(before).after(seen, now, is_doubtful=doubtful)
    apart = spread(sides, rates)
    return Appraisal(
        comment_id=comment.id,
        post=post,
        lift=round(lift(sides, rates), DIGITS),
        spread=None if apart is None else round(apart, DIGITS),
        sides=str(SidesByAnswer(sides)),
        speaks_for_id=speaks_for(sides, rates),
        is_divisive=is_divisive(sides, rates),
        passing_since=merit.passing_since,
        earned_at=merit.earned_at,
        is_failing=merit.is_failing,
        is_doubtful=doubtful and seen.earns,
    )


def _merit(row: Appraisal | None) -> Merit:
    return Merit(row.passing_since, row.earned_at, row.is_failing) if row else Merit()


def _give_badges(rows: Iterable[Appraisal]) -> None:
    """Give the badge to the best rows that earned it, as many as an article may have."""
    earned = [row for row in rows if row.earned_at is not None]
    best = sorted(earned, key=lambda row: (-row.lift, row.comment_id))
    for row in best[: constants.BADGES_MOST]:
        row.has_badge = True


def _compared(row: Appraisal | None) -> Mapping[str, Any] | None:
    return {name: getattr(row, name) for name in _COMPARED} if row else None


def _write(rows: Sequence[Appraisal]) -> None:
    names = [name.removesuffix("_id") for name in _COMPARED]
    for batch in _batches(rows):
        Appraisal.objects.bulk_create(
            batch, update_conflicts=True, unique_fields=["comment"], update_fields=names
        )


def _batches(rows: Sequence[Appraisal]) -> Iterable[list[Appraisal]]:
    return (list(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))

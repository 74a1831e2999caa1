"""Store the appraisal of each comment of a ranking; only changed rows are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from posts.models import Post

from ..models import Appraisal, BadgeChange
from . import constants
from .badges import Merit
from .evidence import careful_rates, evidence
from .lift import is_divisive, lift, speaks_for, spread
from .stored_columns import SidesByAnswer
from .weights import Weighed, Written

# Rows written in one statement.
BATCH = 500
# Decimals of stored figures, and digits of evidence; integrity checks compare five.
DIGITS = 6
_COMPARED = (
    "lift",
    "spread",
    "sides",
    "badge_sides",
    "evidence",
    "speaks_for_id",
    "is_divisive",
    "has_badge",
    "earned_at",
    "is_failing",
    "is_doubtful",
)


@dataclass(frozen=True)
class Appraised:
    """The lift of each comment, and whether any row changed."""

    lifts: dict[int, float]
    has_news: bool


def appraise(post: Post, comments: Sequence[Written], weighed: Weighed, now: datetime) -> Appraised:
    """Compute the appraisals of `comments` of `post` from `weighed`, and store changed ones."""
    before = {row.comment_id: row for row in Appraisal.objects.filter(post=post)}
    made = {
        comment.id: _appraisal(post, comment, weighed, before.get(comment.id), now)
        for comment in comments
    }
    _give_badges(made.values())
    changed = [row for pk, row in made.items() if _compared(row) != _compared(before.get(pk))]
    _write(changed, {pk for pk, row in before.items() if row.has_badge}, now)
    return Appraised(lifts={pk: row.lift for pk, row in made.items()}, has_news=bool(changed))


def _appraisal(
    post: Post, comment: Written, weighed: Weighed, before: Appraisal | None, now: datetime
) -> Appraisal:
    sides, rates = weighed.sides[comment.id], weighed.rates
    badge_sides = weighed.badge_sides.get(comment.id)
    careful = careful_rates(rates, weighed.totals, sides)
    seen = evidence(badge_sides or sides, rates, careful, comment.stance)
    doubtful = comment.id in weighed.doubtful
    suspect = comment.id in weighed.suspect and evidence(sides, rates, careful, comment.stance)
    merit = _merit(before).after(seen, now, is_doubtful=doubtful)
    apart = spread(sides, rates)
    return Appraisal(
        comment_id=comment.id,
        post=post,
        lift=round(lift(sides, rates), DIGITS),
        spread=None if apart is None else round(apart, DIGITS),
        sides=str(SidesByAnswer(sides)),
        badge_sides=str(SidesByAnswer(badge_sides or {})),
        evidence=float(f"{seen.product:.{DIGITS}g}"),
        speaks_for_id=speaks_for(sides, rates),
        is_divisive=is_divisive(sides, rates),
        earned_at=merit.earned_at,
        is_failing=merit.is_failing,
        is_doubtful=(doubtful and seen.earns) or bool(suspect and suspect.earns),
    )


def _merit(row: Appraisal | None) -> Merit:
    """Return the merit of a stored row; none by figures of a release before, without evidence."""
    return Merit() if row is None or row.evidence is None else Merit(row.earned_at, row.is_failing)


def _give_badges(rows: Iterable[Appraisal]) -> None:
    """Give the badge to the best rows that earned it, as many as an article may have."""
    earned = [row for row in rows if row.earned_at is not None]
    best = sorted(earned, key=lambda row: (-row.lift, row.comment_id))
    for row in best[: constants.BADGES_MOST]:
        row.has_badge = True


def _compared(row: Appraisal | None) -> Mapping[str, Any] | None:
    return {name: getattr(row, name) for name in _COMPARED} if row else None


def _write(rows: Sequence[Appraisal], had_badge: set[int], now: datetime) -> None:
    """Store `rows` in batches, each with the badges that its comments earned or lost."""
    names = [name.removesuffix("_id") for name in _COMPARED]
    for batch in _batches(rows):
        changes = [
            BadgeChange(comment_id=row.comment_id, at=now, is_earned=row.has_badge)
            for row in batch
            if row.has_badge != (row.comment_id in had_badge)
        ]
        with transaction.atomic():
            Appraisal.objects.bulk_create(
                batch, update_conflicts=True, unique_fields=["comment"], update_fields=names
            )
            BadgeChange.objects.bulk_create(changes)


def _batches(rows: Sequence[Appraisal]) -> Iterable[list[Appraisal]]:
    return (list(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))

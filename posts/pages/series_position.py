"""Describe the position of a post in its series: its part, neighbours and promises to keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..models import Part, Post, Promise, Series


@dataclass(frozen=True)
class SeriesPosition:
    """Hold a part, the parts of its series, its published neighbours, and the promises it keeps."""

    part: Part
    series: Series
    parts: list[Part]
    before: Part | None
    after: Part | None
    promises: list[Promise]

    @property
    def announced(self) -> int:
        """Return the number of all parts, announced or published."""
        return len(self.parts)

    @property
    def others(self) -> list[Part]:
        """Return all parts except this one."""
        return [part for part in self.parts if part != self.part]


def series_position_of(
    post: Post, promises: Iterable[Promise], now: datetime
) -> SeriesPosition | None:
    """Return the position of `post` in its series at `now`, None if it is in no series.

    `promises` are those of `loading.promises_about`; the post keeps those made by other posts.
    """
    part: Part | None = getattr(post, "part", None)
    if part is None:
        return None
    parts = list(part.series.parts.all())
    published = [other for other in parts if other != part and other.published_post(now)]
    earlier = [other for other in published if other.position < part.position]
    later = [other for other in published if other.position > part.position]
    return SeriesPosition(
        part=part,
        series=part.series,
        parts=parts,
        before=max(earlier, key=_number, default=None),
        after=min(later, key=_number, default=None),
        promises=[
            made for made in promises if made.post_id != post.pk and made.post.is_published(now)
        ],
    )


def _number(part: Part) -> int:
    return part.position

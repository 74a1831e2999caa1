"""Where a post stands in its series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..models import Part, Post, Promise, Series


@dataclass(frozen=True)
class SeriesPosition:
    """A part of a series, its neighbours that are out, and the promises it keeps or will keep."""

    part: Part
    series: Series
    parts: list[Part]
    before: Part | None
    after: Part | None
    promises: list[Promise]

    @property
    def announced(self) -> int:
        """How many parts are announced, the ones that are out among them."""
        return len(self.parts)

    @property
    def others(self) -> list[Part]:
        """All parts but this one."""
        return [part for part in self.parts if part != self.part]


def place_of(post: Post, promises: Iterable[Promise], now: datetime) -> SeriesPosition | None:
    """Return where `post` stands in its series at `now`, or None outside of any.

    `promises` are those about the post; the ones other posts made are the ones it keeps.
    """
    part: Part | None = getattr(post, "part", None)
    if part is None:
        return None
    parts = list(part.series.parts.all())
    out = [other for other in parts if other != part and other.published_post(now)]
    return SeriesPosition(
        part=part,
        series=part.series,
        parts=parts,
        before=max((p for p in out if p.position < part.position), key=_number, default=None),
        after=min((p for p in out if p.position > part.position), key=_number, default=None),
        promises=[
            made for made in promises if made.post_id != post.pk and made.post.is_published(now)
        ],
    )


def _number(part: Part) -> int:
    return part.position

"""Group the posts of the archive by year and by series."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.utils.timezone import localtime

from ..models import Part, Post, Series


class ArchiveLine(NamedTuple):
    """A line of the archive: a published post, with its part if it is one, or a planned part."""

    post: Post | None
    part: Part | None = None


@dataclass(frozen=True)
class ArchiveGroup:
    """The lines of a year or of a series, or of the posts outside all series (neither)."""

    lines: list[ArchiveLine]
    year: int | None = None
    series: Series | None = None

    @property
    def published(self) -> int:
        """Return the number of published posts."""
        return sum(line.post is not None for line in self.lines)


def by_year(posts: Iterable[Post]) -> list[ArchiveGroup]:
    """Return `posts`, the newest first, in a group for each year."""
    return [
        ArchiveGroup([ArchiveLine(post, getattr(post, "part", None)) for post in found], year=year)
        for year, found in groupby(posts, _year)
    ]


def by_series(series: Iterable[Series], posts: Mapping[int, Post]) -> list[ArchiveGroup]:
    """Return a group for each of `series`, planned parts too; `posts` are the published, by id."""
    found = [
        ArchiveGroup(
            [ArchiveLine(posts.get(part.post_id or 0), part) for part in each.parts.all()],
            series=each,
        )
        for each in series
    ]
    alone = [ArchiveLine(post) for post in posts.values() if getattr(post, "part", None) is None]
    return [*found, ArchiveGroup(alone)] if alone else found


def _year(post: Post) -> int:
    assert post.published_at is not None
    return localtime(post.published_at).year

"""The shape of a generated discussion: the parent of each comment. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, Optional

from ..tree import paths

# Probability that a comment starts a thread.
ROOT_SHARE = 0.3
# Probability that a reply is to one of the newest comments; these replies make threads deep.
REPLIES_TO_THE_NEWEST = 0.65
# Comments that count as newest.
NEWEST = 8


@dataclass(slots=True)
class GeneratedPlace:
    """The position of a comment in the tree.

    `replies` and `size` are the direct replies and the descendants that this batch adds to it.
    """

    pk: int
    path: str
    depth: int
    written_at: Any
    parent: Optional["GeneratedPlace"]
    root: "GeneratedPlace | None"  # None for a root itself
    replies: int = 0
    size: int = 0

    @property
    def thread(self) -> "GeneratedPlace":
        """The root of its thread, possibly itself."""
        return self.root or self


class GeneratedTree:
    """Grow threads: many short ones, and the long one whose comments are in `long`."""

    def __init__(
        self, random: Random, long: list[GeneratedPlace], share: float, deepest: int
    ) -> None:
        """Prepare to add the `share` (0 to 1) of comments to the long thread, so far `long`.

        If `long` is empty, the first comment begins it. No comment is deeper than `deepest`.
        """
        self.random = random
        self.long = long
        self.share = share
        self.deepest = deepest
        self.places: list[GeneratedPlace] = []

    def grow(self, comments: Iterable[tuple[int, Any]]) -> list[GeneratedPlace]:
        """Return a place for each of `comments`, given as (id, time), in the same order."""
        for pk, written_at in comments:
            self._add(self._child(pk, written_at, self._parent()))
        return self.places

    def _add(self, place: GeneratedPlace) -> None:
        """Record `place`, also in the long thread if it belongs there."""
        self.places.append(place)
        if not self.long or place.root is self.long[0]:
            self.long.append(place)

    def _parent(self) -> GeneratedPlace | None:
        """Choose the parent of the next comment; None for a root."""
        roll = self.random.random()
        if not self.places or roll < ROOT_SHARE:
            return None
        candidates = self.long if roll > 1 - self.share else self.places
        is_recent = self.random.random() < REPLIES_TO_THE_NEWEST
        first = max(0, len(candidates) - NEWEST) if is_recent else 0
        parent = candidates[self.random.randrange(first, len(candidates))]
        return parent if parent.depth < self.deepest else None

    def _child(self, pk: int, written_at: Any, parent: GeneratedPlace | None) -> GeneratedPlace:
        """Return the place of a new comment under `parent`, and count it there."""
        if parent is None:
            return GeneratedPlace(pk, paths.child("", pk), 0, written_at, None, None)
        parent.replies += 1
        parent.thread.size += 1
        path = paths.child(parent.path, pk)
        return GeneratedPlace(pk, path, parent.depth + 1, written_at, parent, parent.thread)

"""The shape of a generated discussion: who answers what. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, Optional

from ..tree import paths

ROOT_SHARE = 0.3
# Of every ten replies, so many go on with what was just said; they are what makes threads deep.
REPLIES_TO_THE_NEWEST = 0.65
NEWEST = 8


@dataclass(slots=True)
class GeneratedPlace:
    """Where a comment stands, and how many answers this batch adds to it and under it."""

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
        """The root of its thread, which may be itself."""
        return self.root or self


class GeneratedTree:
    """Grows threads: many short ones, and the long one whose comments are in `long`."""

    def __init__(
        self, random: Random, long: list[GeneratedPlace], share: float, deepest: int
    ) -> None:
        """Prepare to add to `long`, the long thread so far, `share` of all replies to it.

        It begins with the first comment where it is empty. Nothing grows below `deepest`.
        """
        self.random = random
        self.long = long
        self.share = share
        self.deepest = deepest
        self.places: list[GeneratedPlace] = []

    def grow(self, comments: Iterable[tuple[int, Any]]) -> list[GeneratedPlace]:
        """Find a place for each of `comments`, ids with their times; return them in that order."""
        for pk, written_at in comments:
            self._add(self._child(pk, written_at, self._parent()))
        return self.places

    def _add(self, place: GeneratedPlace) -> None:
        self.places.append(place)
        if not self.long or place.root is self.long[0]:
            self.long.append(place)

    def _parent(self) -> GeneratedPlace | None:
        roll = self.random.random()
        if not self.places or roll < ROOT_SHARE:
            return None
        among = self.long if roll > 1 - self.share else self.places
        near = self.random.random() < REPLIES_TO_THE_NEWEST
        first = max(0, len(among) - NEWEST) if near else 0
        parent = among[self.random.randrange(first, len(among))]
        return parent if parent.depth < self.deepest else None

    def _child(self, pk: int, written_at: Any, parent: GeneratedPlace | None) -> GeneratedPlace:
        if parent is None:
            return GeneratedPlace(pk, paths.child("", pk), 0, written_at, None, None)
        parent.replies += 1
        parent.thread.size += 1
        path = paths.child(parent.path, pk)
        return GeneratedPlace(pk, path, parent.depth + 1, written_at, parent, parent.thread)

"""Cursors: the place at which a page of a discussion begins, as text in an address.

A cursor holds the values that order the last row of the page before, so that it means the same
place after others have written.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from ..tree import paths

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class BadCursor(ValueError):
    """A text that is no cursor of the expected kind."""


class Cursor:
    """A place at which a page begins; the text of each kind has a `PREFIX` of its own."""

    PREFIX: ClassVar[str]


@dataclass(frozen=True)
class TreeCursor(Cursor):
    """A place in threads ordered by publication: after the comment at `path` in its thread."""

    published_at: datetime
    thread_id: int
    path: str

    PREFIX = "t"
    _PATTERN = re.compile(PREFIX + r"(\d{1,17})-(\d{1,10})-([0-9a-z]{7,133}~?)")

    def __str__(self) -> str:
        return f"{self.PREFIX}{_micros(self.published_at)}-{self.thread_id}-{self.path}"

    @classmethod
    def parse(cls, text: str) -> "TreeCursor":
        """Return the cursor written as `text`; raises BadCursor."""
        micros, thread_id, path = _match(cls._PATTERN, text)
        return cls(_time(micros), int(thread_id), path)

    def behind_thread(self) -> "TreeCursor":
        """Return the place behind the last comment of the same thread."""
        return TreeCursor(self.published_at, self.thread_id, self.path[: paths.WIDTH] + paths.LAST)


@dataclass(frozen=True)
class FlatCursor(Cursor):
    """A place in comments ordered by publication: after the comment `row_id`."""

    published_at: datetime
    row_id: int

    PREFIX = "f"
    _PATTERN = re.compile(PREFIX + r"(\d{1,17})-(\d{1,10})")

    def __str__(self) -> str:
        return f"{self.PREFIX}{_micros(self.published_at)}-{self.row_id}"

    @classmethod
    def parse(cls, text: str) -> "FlatCursor":
        """Return the cursor written as `text`; raises BadCursor."""
        micros, row_id = _match(cls._PATTERN, text)
        return cls(_time(micros), int(row_id))


@dataclass(frozen=True)
class RankCursor(Cursor):
    """A place in a ranking: after `position` rows of the generation `generation`."""

    generation: int
    position: int

    PREFIX = "r"
    _PATTERN = re.compile(PREFIX + r"(\d{1,17})-(\d{1,9})")

    def __str__(self) -> str:
        return f"{self.PREFIX}{self.generation}-{self.position}"

    @classmethod
    def parse(cls, text: str) -> "RankCursor":
        """Return the cursor written as `text`; raises BadCursor."""
        generation, position = _match(cls._PATTERN, text)
        return cls(int(generation), int(position))


@dataclass(frozen=True)
class ArrivalCursor(Cursor):
    """A place in comments ordered by arrival: after the comment `row_id` that came at `arrival`."""

    arrival: int
    row_id: int

    PREFIX = "n"
    _PATTERN = re.compile(PREFIX + r"(\d{1,18})-(\d{1,10})")

    def __str__(self) -> str:
        return f"{self.PREFIX}{self.arrival}-{self.row_id}"

    @classmethod
    def parse(cls, text: str) -> "ArrivalCursor":
        """Return the cursor written as `text`; raises BadCursor."""
        arrival, row_id = _match(cls._PATTERN, text)
        return cls(int(arrival), int(row_id))


@dataclass(frozen=True)
class BranchCursor(Cursor):
    """A place in one branch: after the comment at `path`."""

    path: str

    PREFIX = "b"
    _PATTERN = re.compile(PREFIX + r"([0-9a-z]{7,133})")

    def __str__(self) -> str:
        return f"{self.PREFIX}{self.path}"

    @classmethod
    def parse(cls, text: str) -> "BranchCursor":
        """Return the cursor written as `text`; raises BadCursor."""
        return cls(_match(cls._PATTERN, text)[0])


def _match(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = pattern.fullmatch(text)
    if found is None or not text.isascii():
        raise BadCursor(text)
    return found.groups()


def _micros(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


def _time(micros: str) -> datetime:
    try:
        return _EPOCH + int(micros) * _MICROSECOND
    except OverflowError as error:
        raise BadCursor(micros) from error

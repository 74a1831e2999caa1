"""What a process remembers, up to a size: the least recently used goes first."""

import threading
from contextlib import suppress
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from cachetools import LRUCache


class Sized(Protocol):
    """A value that says about how many bytes of memory it takes."""

    @property
    def size(self) -> int:
        """Return the number of bytes; it is asked for when the value is put in place."""


Value = TypeVar("Value", bound=Sized)


class Memory(Generic[Value]):
    """Values by key, of `limit` bytes together at the most. Safe between threads."""

    def __init__(self, limit: int) -> None:
        self._kept: LRUCache[object, Value] = LRUCache(limit, getsizeof=attrgetter("size"))
        self._lock = threading.Lock()

    def get(self, key: object) -> Value | None:
        """Return what is kept under `key`, or None."""
        with self._lock:
            try:  # a quarter faster than to look whether it is there
                return self._kept[key]
            except KeyError:
                return None

    def put(self, key: object, value: Value) -> None:
        """Keep `value` under `key`, in place of what was there, unless it is above the limit."""
        with self._lock:
            self._kept.pop(key, None)
            with suppress(ValueError):
                self._kept[key] = value

    def forget(self, key: object) -> None:
        """Drop what is kept under `key`, if anything is."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()

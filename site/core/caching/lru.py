"""Keep values in memory up to a number of bytes, dropping the least recently used first."""

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
    """Values by key, at most `limit` bytes in total. Safe for use by several threads."""

    def __init__(self, limit: int) -> None:
        self._values: LRUCache[object, Value] = LRUCache(limit, getsizeof=attrgetter("size"))
        self._lock = threading.Lock()

    def get(self, key: object) -> Value | None:
        """Return the value of `key`, or None, and mark it as used."""
        with self._lock:
            try:  # a quarter faster than to look whether it is there
                return self._values[key]
            except KeyError:
                return None

    def put(self, key: object, value: Value) -> None:
        """Store `value` under `key` unless it exceeds the limit, replacing the old one."""
        with self._lock:
            self._values.pop(key, None)
            with suppress(ValueError):
                self._values[key] = value

    def forget(self, key: object) -> None:
        """Drop the value of `key`, if there is one."""
        with self._lock:
            self._values.pop(key, None)

    def clear(self) -> None:
        """Drop all values."""
        with self._lock:
            self._values.clear()

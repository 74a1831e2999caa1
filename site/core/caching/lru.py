"""What a process remembers, up to a size: the least recently used goes first."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Values by key, of `limit` bytes together at the most. Safe between threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[object, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Value | None:
        """Return what is kept under `key`, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: object, value: Value, size: int) -> None:
        """Keep `value`, of about `size` bytes, under `key`, in place of what was there."""
        with self._lock:
            self._forget(key)
            self._kept[key] = value, size
            self.size += size
            while self.size > self.limit:
                self._forget(next(iter(self._kept)))

    def forget(self, key: object) -> None:
        """Drop what is kept under `key`, if anything is."""
        with self._lock:
            self._forget(key)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
            self.size = 0

    def _forget(self, key: object) -> None:
        _value, size = self._kept.pop(key, (None, 0))
        self.size -= size

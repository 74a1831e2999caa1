"""Keep values in memory up to a number of bytes, dropping the least recently used first."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Values by key, at most `limit` bytes in total. Safe for use by several threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._values: OrderedDict[object, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Value | None:
        """Return the value of `key`, or None, and mark it as used."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: object, value: Value, size: int) -> None:
        """Store `value`, of about `size` bytes, under `key`, replacing the previous value."""
        with self._lock:
            self._forget(key)
            self._values[key] = value, size
            self.size += size
            while self.size > self.limit:
                self._forget(next(iter(self._values)))

    def forget(self, key: object) -> None:
        """Drop the value of `key`, if there is one."""
        with self._lock:
            self._forget(key)

    def clear(self) -> None:
        """Drop all values."""
        with self._lock:
            self._values.clear()
            self.size = 0

    def _forget(self, key: object) -> None:
        _value, size = self._values.pop(key, (None, 0))
        self.size -= size

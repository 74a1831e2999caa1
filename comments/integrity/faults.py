"""The faults that checks report, and the repairs for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Repair:
    """A way to correct derived figures, a batch of faults in one transaction.

    `will` completes the sentence "would …". `do` takes the keys of a batch of faults and returns a
    line for each change made.
    """

    will: str
    do: Callable[[Sequence[Any]], Iterable[str]]


@dataclass(frozen=True)
class Fault:
    """One fault: its description, and its repair with a key, or else advice to the operator."""

    message: str
    repair: Repair | None = None
    key: Any = None
    advice: str = "restore it from a backup, or correct it by hand in the database"

    def __str__(self) -> str:
        return self.message

"""What a check finds, and what can be done about it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Repair:
    """A way to make derived figures right again, a batch in one transaction.

    `will` says what happens, after the word "would". `do` takes the keys of some faults and returns
    a line for each change it made.
    """

    will: str
    do: Callable[[Sequence[Any]], Iterable[str]]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: what it is, and its repair, or advice to the person it needs."""

    says: str
    repair: Repair | None = None
    key: Any = None
    advice: str = "restore it from a backup, or correct it by hand in the database"

    def __str__(self) -> str:
        return self.says

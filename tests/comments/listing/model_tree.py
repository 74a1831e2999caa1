"""A discussion as a plain tree in memory, and what each slice of it should show."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from core import limits


class Fact(NamedTuple):
    """The independent facts of a comment, from which all others follow."""

    id: int
    parent: int | None
    stance: int | None
    state: str
    deleted_at: datetime | None
    published_at: datetime | None

    @property
    def stands(self) -> bool:
        return self.state == "published" and self.deleted_at is None


class ModelTree:
    """A discussion at one time, computed from facts alone."""

    def __init__(self, facts: list[Fact]) -> None:
        self.by_id = {fact.id: fact for fact in facts}
        self.children: dict[int | None, list[int]] = {}
        for fact in facts:
            self.children.setdefault(fact.parent, []).append(fact.id)

    def depth(self, pk: int) -> int:
        parent = self.by_id[pk].parent
        return 0 if parent is None else self.depth(parent) + 1

    def is_shown(self, pk: int) -> bool:
        return self.by_id[pk].stands or self.replies(pk) > 0

    def replies(self, pk: int) -> int:
        return sum(self.is_shown(child) for child in self.children.get(pk, []))

    def below(self, pk: int) -> Iterator[int]:
        """Yield a comment and all under it, in tree order."""
        yield pk
        for child in self.children.get(pk, []):
            yield from self.below(child)

    def branch(self, pk: int) -> list[int]:
        deepest = self.depth(pk) + limits.INDENT_WIDE
        return [c for c in self.below(pk) if self.is_shown(c) and self.depth(c) <= deepest]

    def roots(self, *, newest: bool = False) -> list[int]:
        shown = [pk for pk in self.children.get(None, []) if self.is_shown(pk)]
        return sorted(shown, key=self.published, reverse=newest)

    def threads(self, *, newest: bool = False) -> list[int]:
        return [pk for root in self.roots(newest=newest) for pk in self.branch(root)]

    def published(self, pk: int) -> tuple[Any, int]:
        return self.by_id[pk].published_at, pk

    def size(self, root: int) -> int:
        return sum(self.by_id[pk].stands for pk in self.below(root)) - self.by_id[root].stands

    def most_replied(self) -> list[int]:
        return sorted(self.roots(), key=lambda pk: (-self.size(pk), pk))

    def of_stance(self, stance: int) -> list[int]:
        found = [fact.id for fact in self.by_id.values() if fact.stands and fact.stance == stance]
        return sorted(found, key=self.published)

    def of_stance_most_replied(self, stance: int) -> list[int]:
        return sorted(self.of_stance(stance), key=lambda pk: (-self.replies(pk), pk))

"""What the page of a post says of its closing, as the post keeps it. Pure.

Written as "status answer answer …", a line further its first words. The answers are those that
contest the closing, or else those it waits for.
"""

from dataclasses import dataclass

from ..models.closing_status import Status
from .status import Standing


@dataclass(frozen=True)
class Summary:
    """How a closing stands, and how it begins."""

    standing: Standing
    beginning: str

    @classmethod
    def parse(cls, stored: str) -> "Summary | None":
        """Return what is `stored` with a post, None where nothing is."""
        if not stored:
            return None
        head, _end, beginning = stored.partition("\n")
        status, *answers = head.split()
        named = tuple(map(int, answers))
        contested = status == Status.CONTESTED
        standing = Standing(Status(status), *((named, ()) if contested else ((), named)))
        return cls(standing, beginning)

    def __str__(self) -> str:
        named = self.standing.contested_by or self.standing.waits_for
        return f"{' '.join([self.standing.status, *map(str, named)])}\n{self.beginning}"

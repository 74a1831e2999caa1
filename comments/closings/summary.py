"""What the page of a post says of its closing, as the post keeps it. Pure.

Written as "status answer answer …", a line further its first words. The answers are those that
contest the closing, or else those it waits for.
"""

from dataclasses import dataclass

from ..models.closing_status import ClosingStatus
from .status import ClosingOutcome


@dataclass(frozen=True)
class Summary:
    """How a closing stands, and how it begins."""

    outcome: ClosingOutcome
    beginning: str

    @classmethod
    def parse(cls, stored: str) -> "Summary | None":
        """Return what is `stored` with a post, None where nothing is."""
        if not stored:
            return None
        head, _end, beginning = stored.partition("\n")
        status, *answers = head.split()
        named = tuple(map(int, answers))
        contested = status == ClosingStatus.CONTESTED
        outcome = ClosingOutcome(
            ClosingStatus(status), *((named, ()) if contested else ((), named))
        )
        return cls(outcome, beginning)

    def __str__(self) -> str:
        named = self.outcome.contested_by or self.outcome.waits_for
        return f"{' '.join([self.outcome.status, *map(str, named)])}\n{self.beginning}"

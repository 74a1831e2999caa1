"""The text format of `Post.closing`: the status of a closing and how it begins. Pure.

The first line is "status stance-id stance-id …", the second the beginning of the text. The ids are
of the answers that contest the closing, or else of those that have yet to judge it.
"""

from dataclasses import dataclass

from ..models.closing_status import ClosingStatus
from .status import ClosingOutcome


@dataclass(frozen=True)
class Summary:
    """The outcome of a closing, and the beginning of its text."""

    outcome: ClosingOutcome
    beginning: str

    @classmethod
    def parse(cls, stored: str) -> "Summary | None":
        """Parse `Post.closing`; return None if it is empty."""
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

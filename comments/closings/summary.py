"""The text format of `Post.closing`: the status of a closing and how it begins. Pure.

The first line is "status stance-id stance-id …", the second the beginning of the text. The ids are
of the answers that contest the closing, or else of those that have yet to judge it: with a plus if
they contested it before its last change. Those with a minus are of answers that it no longer cites.
The release before reads the signs as parts of the numbers, and so knows no answer with a minus.
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
        gone, here = _ids(answers, "-"), [word for word in answers if not word.startswith("-")]
        asked, every = _ids(here, "+"), tuple(map(int, here))
        if status == ClosingStatus.CONTESTED:
            contested_by = tuple(key for key in every if key not in asked)
            outcome = ClosingOutcome(ClosingStatus(status), contested_by, asked, gone, asked)
        else:
            outcome = ClosingOutcome(ClosingStatus(status), (), every, gone, asked)
        return cls(outcome, beginning)

    def __str__(self) -> str:
        outcome = self.outcome
        signs = dict.fromkeys(outcome.asked_again, "+")
        waits = outcome.asked_again if outcome.contested_by else outcome.waits_for
        named = (f"{signs.get(key, '')}{key}" for key in (*outcome.contested_by, *waits))
        words = [outcome.status, *named, *(f"-{key}" for key in outcome.uncited)]
        return f"{' '.join(words)}\n{self.beginning}"


def _ids(words: list[str], sign: str) -> tuple[int, ...]:
    """Return the ids of those of `words` that begin with `sign`."""
    return tuple(int(word.removeprefix(sign)) for word in words if word.startswith(sign))

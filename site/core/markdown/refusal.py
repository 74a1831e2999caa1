"""Why a text is not shown."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """What is wrong with a text; `core.markdown.html` has a sentence for each."""

    NESTING = "nesting"
    BRACKETS = "brackets"
    SIZE = "size"
    NOTHING = "nothing"
    TIME = "time"
    BROKEN = "broken"


class MarkdownRefused(Exception):
    """A text that cannot be shown whole, in time: shown in part, it would say something else."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason

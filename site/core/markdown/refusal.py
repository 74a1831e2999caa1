"""The exception for a text that cannot be rendered, with its reasons."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """The reason for refusing a text; `core.markdown.html` has a sentence for each."""

    NESTING = "nesting"
    BRACKETS = "brackets"
    SIZE = "size"
    NOTHING = "nothing"
    TIME = "time"
    BROKEN = "broken"


class MarkdownRefused(Exception):
    """A text cannot be rendered as a whole in time; a part of it could be misleading."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason

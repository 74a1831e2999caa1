"""The status of a closing summary. Pure."""

from enum import StrEnum


class ClosingStatus(StrEnum):
    """The status of a closing, derived from readers' verdicts (`comments.closings.status`)."""

    DRAFT = "draft"
    CONTESTED = "contested"
    FINAL = "final"

"""How far a closing summary has come. Pure."""

from enum import StrEnum


class ClosingStatus(StrEnum):
    """How far a closing has come with the readers it speaks of."""

    DRAFT = "draft"
    CONTESTED = "contested"
    FINAL = "final"

"""The exception for a picture that is not taken, with its reasons."""

from enum import StrEnum


class PictureFault(StrEnum):
    """The reason for refusing a picture; `core.images.cleaning` has a sentence for each."""

    EMPTY = "empty"
    BYTES = "bytes"
    DRAWING = "drawing"
    KIND = "kind"
    SIDES = "sides"
    SMALL = "small"
    MOVING = "moving"
    DAMAGED = "damaged"
    COSTLY = "costly"
    BROKEN = "broken"
    UNUSED = "unused"


class PictureRefused(Exception):
    """A picture is not taken, and nothing of it is stored."""

    def __init__(self, reason: PictureFault) -> None:
        super().__init__(reason.value)
        self.reason = reason

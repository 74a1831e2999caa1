"""What goes to the picture process and comes back; without Pillow, which no page loads."""

from typing import NamedTuple


class Limits(NamedTuple):
    """What is taken: pixels of a side, and of the whole; a larger picture is shrunk to `shown`."""

    side: int
    pixels: int
    shown: int


class Encoded(NamedTuple):
    """A picture encoded anew: its kind ("png", "jpg", "webp"), its size in pixels, its bytes."""

    kind: str
    width: int
    height: int
    content: bytes

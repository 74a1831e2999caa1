"""What goes to the picture process and comes back; without Pillow, which no page loads."""

from typing import NamedTuple


class Frame(NamedTuple):
    """The size in pixels to which a picture is shrunk, keeping its proportions.

    With `is_filled` it becomes exactly that size, enlarged if need be, in the middle of an area
    with `margin` pixels at each side: transparent, or of one colour if `is_opaque`.
    """

    width: int
    height: int
    is_filled: bool = False
    is_opaque: bool = False
    margin: int = 0


class Limits(NamedTuple):
    """What is taken: pixels of a side at most, of the whole, of a side at least; and its frame."""

    side: int
    pixels: int
    least: int
    frame: Frame


class Encoded(NamedTuple):
    """A picture encoded anew: its kind ("png", "jpg", "webp"), its size in pixels, its bytes."""

    kind: str
    width: int
    height: int
    content: bytes

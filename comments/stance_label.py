"""The label of a stance: its key, word, shape and colour."""

from typing import NamedTuple

from posts.models import Stance


class StanceLabel(NamedTuple):
    """The label of a stance, without its row."""

    key: str
    word: str
    shape: str
    colour: str

    @classmethod
    def of(cls, stance: Stance) -> "StanceLabel":
        """Return the label of `stance`."""
        return cls(stance.key, stance.word, stance.shape, stance.colour)

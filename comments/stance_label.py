"""How a stance is shown: its word, shape and colour."""

from typing import NamedTuple

from posts.models import Stance


class StanceLabel(NamedTuple):
    """How a stance is drawn."""

    key: str
    word: str
    shape: str
    colour: str

    @classmethod
    def of(cls, stance: Stance) -> "StanceLabel":
        """Return how `stance` is drawn."""
        return cls(stance.key, stance.word, stance.shape, stance.colour)

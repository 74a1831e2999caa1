"""Compare the wording that a comment answered with the present one of its question."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from posts.models import StanceWording


@dataclass(frozen=True)
class Wordings:
    """The words of answers by version of a question and answer, and all that each version says."""

    words: Mapping[tuple[int | None, int | None], str] = field(default_factory=dict)
    _says: Mapping[int | None, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, **which: Any) -> "Wordings":
        """Return those that match the lookups `which`, in one query."""
        words: dict[tuple[int | None, int | None], str] = {}
        says: dict[int | None, set[tuple[Any, ...]]] = defaultdict(set)
        columns = ("version_id", "version__text", "stance_id", "word", "meaning")
        for version, *said in StanceWording.objects.filter(**which).values_list(*columns):
            _text, stance, word, _meaning = said
            words[version, stance] = word
            says[version].add(tuple(said))
        return cls(words, dict(says))

    def differ(self, version: int | None, present: int | None) -> bool:
        """Return whether `version` says something else than the `present` one; False for none.

        An author may have gone back to a wording: its versions are two that say the same.
        """
        if version is None or version == present:
            return False
        return bool(self._says.get(version, version) != self._says.get(present, present))


NO_OTHERS = Wordings()

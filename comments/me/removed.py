"""What one said changed one's mind and a moderator removed, with the reason."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User

from ..models import ChangeOfMind
from ..models.moderation import Action, Decision
from ..moderation import words
from ..querysets import TEXTS

# The newest; whoever has more removed has read the reasons of these.
SHOWN = 20


@dataclass(frozen=True)
class RemovedChange:
    """A change of mind that is gone, why in a sentence, and what the moderator noted."""

    change: ChangeOfMind
    sentence: str
    note: str


def removed_by(decisions: list[int]) -> list[RemovedChange]:
    """Return the changes of mind that are gone by `decisions`, ids, the newest first."""
    return _still_removed(Decision.objects.filter(pk__in=decisions))


def removed_of(person: User) -> list[RemovedChange]:
    """Return the changes of mind of `person` that are gone, the newest first."""
    return _still_removed(Decision.objects.filter(change__giver=person))


def _still_removed(decisions: Any) -> list[RemovedChange]:
    rows = decisions.filter(
        action=Action.REMOVE_CHANGE, change__removed_at__isnull=False, change__revoked_at=None
    )
    related = rows.select_related("change__comment", "change__post__live_revision", "note")
    related = related.defer(*(f"change__comment__{column}" for column in TEXTS))
    newest: dict[int, RemovedChange] = {}
    for row in related.order_by("-id")[:SHOWN]:
        sentence = words.change_removal_sentence(row.reason)
        found = RemovedChange(row.change, sentence, str(getattr(row, "note", "")))
        newest.setdefault(row.change_id, found)
    return list(newest.values())

"""A person's changes of mind that a moderator removed, with the reasons."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User

from ..models import ChangeOfMind
from ..models.moderation import Action, Decision
from ..moderation import sentences
from ..querysets import TEXTS

# Removals shown, the newest first: the person was notified of each when it was removed.
SHOWN = 20


@dataclass(frozen=True)
class RemovedChange:
    """A removed change of mind, the reason as a sentence, and the moderator's note."""

    change: ChangeOfMind
    sentence: str
    note: str


def removed_of(person: User) -> list[RemovedChange]:
    """Return the removed changes of mind of `person`, the newest first."""
    return _still_removed(Decision.objects.filter(change__giver=person))


def _still_removed(decisions: Any) -> list[RemovedChange]:
    """Return the changes of mind that `decisions` removed and that are not restored since."""
    rows = decisions.filter(
        action=Action.REMOVE_CHANGE, change__removed_at__isnull=False, change__revoked_at=None
    )
    related = rows.select_related("change__comment", "change__post__live_revision", "note")
    texts = (f"change__comment__{column}" for column in TEXTS)
    related = related.defer(*texts, "change__dispute")
    newest: dict[int, RemovedChange] = {}
    for row in related.order_by("-id")[:SHOWN]:
        sentence = sentences.change_removal_sentence(row.reason)
        found = RemovedChange(row.change, sentence, str(getattr(row, "note", "")))
        newest.setdefault(row.change_id, found)
    return list(newest.values())
